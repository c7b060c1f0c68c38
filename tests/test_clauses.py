"""Long sentences are cut to what bears on the question, and say so."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from rag.answer.find.clauses import clauses, relevant, shortened
from rag.types import Query

LONG = (
    "镇江紧盯2025年外贸过万亿目标，今年外贸将冲刺9000亿元，六大产业集群营收突破7000亿元，营收过百亿的企业扩大10家，"
    "高新技术产业产值占比超过50%，战略性新兴产业占比赶上全省平均水平，城乡居民收入增长与经济增长同步，生态环境质量持续改善。"
)


def asked(text: str) -> Query:
    return Query(text, text, date(2024, 3, 20))


def test_short_sentences_are_whole() -> None:
    text = "镇江市委书记李明说，南湖产业园总投资30亿元，年底建成。"
    assert shortened(text, relevant(text, asked("投资多少"), 2024)) == text


def test_what_bears_on_the_question_stays_and_other_years_go() -> None:
    shown = shortened(LONG, relevant(LONG, asked("镇江2025年外贸目标是多少"), 2024))
    assert "2025年外贸过万亿目标" in shown
    assert "9000" not in shown
    assert "…" in shown
    assert len(shown) < len(LONG)
    assert "50%" in shortened(LONG, relevant(LONG, asked("高新技术产业产值占比多少"), 2024))


ENDS = (
    "法院查明，李明利用担任海安银行南湖分行风险总监、海安银行南湖分行纪委书记等职务上的便利或者利用本人职权形成的便利条件，通过其他工作人员职务上的行为，"
    "为相关单位和个人在额度审批、项目承揽、贷款发放、工程验收等方面提供帮助，先后多次非法收受财物，共计折合人民币836万元。"
)


def test_what_is_asked_for_is_put_back() -> None:
    shown = shortened(ENDS, relevant(ENDS, asked("海安银行南湖分行的李明一共收了多少黑钱"), 2024))
    assert "836万元" in shown
    assert "…" in shown


def test_where_no_figure_is_asked_for_longer_sentences_are_whole() -> None:
    text = (
        "1998年8月，19岁的李明还是一名军人，他走上了抗洪第一线，用血肉之躯保卫人民群众的生命安全，参加抗洪归来在北京疗养期间，"
        "他第一次目睹了患病儿童所经受的痛苦，便默默在心里做了一个决定，用献血的方式让生命得以延续。"
    )
    assert shortened(text, relevant(text, asked("李明是见了什么才决定长期献血的"), 2024)) == text


@given(st.text("甲乙，；：。”1年", max_size=300))
def test_clauses_are_the_whole_text(text: str) -> None:
    assert "".join(text[c.start : c.end] for c in clauses(text)) == text
    kept = relevant(text, asked("甲1年多少"), None)
    assert kept == sorted(set(kept))
    assert shortened(text, kept).replace("…", "") == "".join(text[c.start : c.end] for c in kept)


def test_a_clause_is_not_punished_for_the_other_year_before_it() -> None:
    text = (
        "紧紧围绕“百亿企业引领、千亿产业支撑”的目标，海城不断推动资源要素、政策措施向产业发展集聚，紧盯2025年全市外贸过万亿目标，"
        "今年外贸将冲刺9000亿元，六大口岸外贸突破7000亿元，外贸过百亿的企业扩大10家，高新技术产品占比超过50%。"
    )
    query = Query("海城今年外贸的目标是多少", "海城今年外贸的目标是多少", date(2024, 3, 18))
    shown = shortened(text, relevant(text, query, 2024))
    assert "今年外贸将冲刺9000亿元" in shown
    assert "2025年" not in shown
