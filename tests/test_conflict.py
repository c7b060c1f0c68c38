"""What articles say differently of the same thing is shown side by side; what is said of different things is left alone."""

from __future__ import annotations

from datetime import date

import pytest

from rag.answer.conflict.find import conflicts
from rag.answer.conflict.said import Conflict, Statement
from rag.types import ArticleDate

QUESTION = "镇江2023年外贸总额是多少？"
FIRST = ("2023年，镇江外贸总额达到930亿元，增长3%。", "2024-02-01")


def told(*rows: tuple[str, str | None], question: str = QUESTION) -> tuple[list[Conflict], list[Statement]]:
    statements = [
        Statement(text, f"d{number}", ArticleDate(date.fromisoformat(day), "day", "") if day else None)
        for number, (text, day) in enumerate(rows)
    ]
    return conflicts(question, statements), statements


def test_the_newest_stands_first_and_offsets_are_exact() -> None:
    found, statements = told(FIRST, ("会议透露，去年，镇江市外贸总额为950亿元。", "2024-03-01"))
    assert len(found) == 1
    figures = found[0].sides
    assert [f.statement for f in figures] == [1, 0]
    for figure in figures:
        text = statements[figure.statement].text
        assert text[figure.start : figure.end] == figure.text
    assert [f.text for f in figures] == ["950亿元", "930亿元"]


@pytest.mark.parametrize(
    "other",
    [
        ("今年，镇江外贸总额为950亿元。", "2024-12-01"),  # told anew for another year
        ("2023年1—6月，镇江外贸总额为450亿元。", "2023-07-10"),
        ("2023年，镇江外贸总额目标为950亿元。", "2023-02-01"),
        ("2023年，镇江外贸总额超900亿元。", "2024-02-02"),  # could both be true
        ("2023年，镇江外贸总额约950亿元。", "2024-02-02"),
        ("2023年，镇江外贸总额930.4亿元。", "2024-02-02"),
        ("2023年，扬州外贸总额为950亿元。", "2024-02-02"),
        ("2023年，镇江外贸总额中，出口额为650亿元。", "2024-02-02"),
        ("2023年，镇江外贸总额同比增长4%。", "2024-02-02"),
        ("2023年，镇江外贸总额为930亿元。", "2024-03-02"),
        ("镇江外贸总额为950亿元。", "2024-03-02"),  # of which time, nobody says
    ],
)
def test_what_contradicts_nobody(other: tuple[str, str]) -> None:
    assert told(FIRST, other)[0] == []


def test_one_article_does_not_contradict_itself() -> None:
    statement = Statement(FIRST[0], "d", None)
    assert conflicts(QUESTION, [statement, Statement("2023年，镇江外贸总额为950亿元。", "d", None)]) == []


def test_those_that_agree_are_shown_with_those_that_do_not() -> None:
    question = "南湖产业园总投资多少"
    found, _ = told(
        ("南湖产业园项目总投资30亿元，年底建成。", "2024-03-01"),
        ("南湖产业园项目总投资35亿元，占地300亩。", "2024-03-12"),
        ("南湖产业园项目总投资30亿元。", "2024-03-14"),
        ("南湖产业园项目一期总投资12亿元。", "2024-03-14"),
        question=question,
    )
    assert [[f.text for f in each.sides] for each in found] == [["30亿元", "35亿元", "30亿元"]]


def test_without_any_time_articles_must_be_near_in_time() -> None:
    question = "南湖产业园总投资多少"
    old, new = ("南湖产业园总投资30亿元。", "2022-03-01"), ("南湖产业园总投资35亿元。", "2024-03-12")
    assert told(old, new, question=question)[0] == []
    undated = [(text, None) for text, _ in (old, new)]
    assert len(told(*undated, question=question)[0]) == 1


def test_figures_that_do_not_answer_are_left_alone() -> None:
    assert told(FIRST, ("2023年，镇江外贸总额为950亿元。", "2024-03-01"), question="谁是镇江的市长")[0] == []


OPENED = ("临江大桥由青峰设计院张建国主持设计，2023年5月6日正式通车。", "2023-05-07")


@pytest.mark.parametrize(
    ("question", "other", "values"),
    [
        ("临江大桥是谁设计的", "临江大桥由青峰设计院李卫东主持设计，2023年5月6日正式通车。", ["张建国", "李卫东"]),
        (
            "临江大桥什么时候通车",
            "临江大桥由青峰设计院张建国主持设计，2023年6月5日正式通车。",
            ["2023年5月6日", "2023年6月5日"],
        ),
    ],
)
def test_names_and_days_that_differ_between_the_same_words(question: str, other: str, values: list[str]) -> None:
    found, statements = told(OPENED, (other, "2023-05-07"), question=question)
    assert [[side.text for side in each.sides] for each in found] == [values]
    for side in found[0].sides:
        assert statements[side.statement].text[side.start : side.end] == side.text


@pytest.mark.parametrize(
    ("question", "other"),
    [
        ("临江大桥是谁设计的", "东湖大桥由青峰设计院李卫东主持设计，2023年5月6日正式通车。"),  # another bridge
        ("临江大桥是谁设计的", "临江大桥由青峰设计院李卫东主持设计，2024年8月9日正式通车。"),  # two things differ
        ("临江大桥什么时候通车", "临江大桥由青峰设计院张建国主持设计，2023年5月正式通车。"),  # less exact
        ("临江大桥什么时候通车", "临江大桥由青峰设计院张建国主持设计，2023年5月6日至7日正式通车。"),  # may be the same
        ("临江大桥是谁设计的", "临江大桥是李卫东一生中最得意的作品。"),  # other words
        ("临江大桥和东湖大桥是谁设计的", "东湖大桥由青峰设计院张建国主持设计，2023年5月6日正式通车。"),  # asked about
    ],
)
def test_names_and_days_that_contradict_nobody(question: str, other: str) -> None:
    assert told(OPENED, (other, "2023-05-07"), question=question)[0] == []


BRIDGE = "临江大桥由青峰设计院{}主持设计，2023年5月6日正式通车。"
DAY = "临江大桥于{}正式通车，全长12公里。"


@pytest.mark.parametrize(
    ("question", "text", "one", "other"),
    [
        ("临江大桥是谁设计的", BRIDGE, "张建国", "他"),
        ("临江大桥是谁设计的", BRIDGE, "张建国", "张工"),
        ("临江大桥是谁设计的", BRIDGE, "泽连斯基", "泽伦斯基"),
        ("临江大桥有几条车道", BRIDGE, "张建国", "李卫东"),
        ("临江大桥什么时候通车", DAY, "今年5月6日", "2023年5月6日"),
        ("临江大桥什么时候通车", DAY, "5月6日至8日", "5月7日"),
        ("临江大桥什么时候通车", DAY, "当地时间5月6日", "北京时间5月7日"),
        ("临江大桥什么时候通车", "临江大桥报名时间为{}。", "5月6日起", "5月10日止"),
        ("哪些城市入选国家创新型城市", "{}入选国家创新型城市名单。", "苏州", "无锡"),
        ("大桥在哪里建成", "大桥在{}正式建成，全长12公里。", "陕西", "西安"),
        ("如何看待大桥质量", "{}在接受记者采访时表示，大桥质量过硬。", "张建国", "李卫东"),
    ],
)
def test_what_may_be_said_in_two_ways_contradicts_nobody(question: str, text: str, one: str, other: str) -> None:
    assert told((text.format(one), "2023-05-07"), (text.format(other), "2023-05-07"), question=question)[0] == []


def test_a_name_is_shown_whole() -> None:
    found, _ = told((BRIDGE.format("李卫东"), None), (BRIDGE.format("李卫国"), None), question="临江大桥是谁设计的")
    assert sorted(side.text for each in found for side in each.sides) == ["李卫东", "李卫国"]


def test_an_article_that_says_both_contradicts_nobody() -> None:
    other = "临江大桥由青峰设计院李卫东主持设计，2023年5月6日正式通车。"
    both = told(OPENED, (other, "2023-05-07"), question="临江大桥是谁设计的")[1]
    more = Statement("设计者张建国和李卫东都到了场。", both[0].document_id, both[0].date)
    assert conflicts("临江大桥是谁设计的", [*both, more]) == []


def test_all_that_say_either_stand_in_one_conflict() -> None:
    other = "临江大桥由青峰设计院李卫东主持设计，2023年5月6日正式通车。"
    found, _ = told(OPENED, (other, "2023-05-07"), OPENED, (other, "2023-05-08"), question="临江大桥是谁设计的")
    assert len(found) == 1
    assert sorted(side.text for side in found[0].sides) == ["张建国", "张建国", "李卫东", "李卫东"]
    assert found[0].sides[0].statement == 3  # the newest
