"""Near misses: the right words, and yet not what was asked."""

from __future__ import annotations

from datetime import date

import pytest
from answer_samples import article, quotations

from rag.answer.answering import adds_nothing, figure_fits, lists_enough
from rag.answer.bearing import objections, speaks_plainly, wanted
from rag.answer.claims.verify import verify
from rag.types import Query, Verdict

EVIDENCE = quotations(
    article(
        "镇江紧盯2025年外贸过万亿目标，今年外贸将冲刺9000亿元，新招引科技型企业700家。"
        "镇江市委书记李明说，南湖产业园二期总投资30亿元。"
        "2023年，海安集团实现营收413亿元。"
        "1—2月，镇江签约重大项目208个。"
    )
)
GOALS, PARK, GROUP, MONTHS = EVIDENCE


def query(text: str) -> Query:
    return Query(text, text, date(2024, 3, 20))


@pytest.mark.parametrize(
    ("question", "item"),
    [
        ("镇江2025年外贸目标是多少", GOALS),
        ("镇江今年外贸目标是多少亿元", GOALS),
        ("镇江2024年要新招引多少家科技型企业", GOALS),
        ("南湖产业园二期总投资多少", PARK),
        ("镇江市委书记是谁", PARK),
        ("海安集团2023年营收多少", GROUP),
        ("镇江1—2月签约多少个重大项目", MONTHS),
        ("镇江2024年1—2月签约多少个重大项目", MONTHS),
    ],
)
def test_bears(question: str, item) -> None:
    assert objections(wanted(query(question)), item) == []


@pytest.mark.parametrize(
    ("question", "item"),
    [
        ("镇江2023年外贸是多少", GOALS),  # another year
        ("无锡2025年外贸目标是多少", GOALS),  # another city
        ("镇江2025年要新招引多少家科技型企业", GOALS),  # the figure is of this year
        ("南湖产业园一期总投资多少", PARK),  # another phase
        ("镇江市长是谁", PARK),  # another office
        ("海安集团2022年营收多少", GROUP),
        ("海安集团2023年有多少家门店", GROUP),  # another thing
        ("镇江2023年1—2月签约多少个重大项目", MONTHS),  # a month without a year is of the article's own
    ],
)
def test_near_miss(question: str, item) -> None:
    assert objections(wanted(query(question)), item)


def test_a_rank_in_the_province_is_not_one_in_the_country() -> None:
    (item,) = quotations(article("镇江算力在全国排名第六，在全省排名第一。"))
    want = wanted(query("镇江的算力在全省排第几"))
    assert figure_fits(want, "镇江的算力在全省排名第一。", item)
    assert not figure_fits(want, "镇江的算力在全省排名第六。", item)


def test_a_clusters_figure_is_not_the_citys() -> None:
    (item,) = quotations(article("到2025年，镇江全市新能源产业集群预计实现营收1850亿元。"))
    assert verify("镇江2025年全市工业营收目标是1850亿元。", [item]).verdict is not Verdict.SUPPORTED
    assert verify("镇江2025年新能源产业集群预计实现营收1850亿元。", [item]).verdict is Verdict.SUPPORTED


def test_only_a_plain_quotation_answers_by_itself() -> None:
    assert speaks_plainly(wanted(query("镇江2025年外贸目标是多少")), GOALS)
    assert not speaks_plainly(wanted(query("镇江2025年地区生产总值目标是多少")), GOALS)


def test_an_answer_that_repeats_the_question() -> None:
    assert adds_nothing("海安公司的负责人叫什么名字", "海安公司的负责人叫海安公司负责人。")
    assert not adds_nothing("海安公司的负责人叫什么名字", "海安公司的负责人叫王芳。")


def test_a_list_asked_for_is_a_list() -> None:
    asked = query("方案提出的五个方面分别是什么")
    assert not lists_enough(asked, "方案从五个方面培育企业。", quoted=True)
    assert lists_enough(asked, "五个方面是人才、资金、土地、技术和市场。", quoted=True)
    assert not lists_enough(asked, "是资金、资金、资金、资金、资金。", quoted=False)
    assert lists_enough(query("镇江市委书记是谁"), "镇江市委书记是李明。", quoted=False)


def test_a_thing_has_a_name_too() -> None:
    spark, plain = quotations(article("该工具最初被称为Spark，现已可用。该工具现已可用，深受欢迎。"))
    want = wanted(query("该设计工具最早叫什么名字？"))
    assert not objections(want, spark)
    assert objections(want, plain)
