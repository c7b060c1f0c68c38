"""Articles of something else: another company's, or the opposite of what is asked."""

from __future__ import annotations

from datetime import date

import pytest
from answer_samples import article, quotations

from rag.answer.bearing import objections, wanted
from rag.answer.subject import of_another_subject, of_its_counterpart
from rag.answer.text.cities import cities, owners
from rag.types import Query

OPENING = article("南湖运动会开幕式昨晚举行，总导演是李明。南湖市今年上半年进口增长5%。", name="a.txt")
MINES = article("上半年，公司房产营业收入为8.12亿元，矿产营业收入为24.72亿元。", name="b.txt", title="金川控股半年报")
TRADES = article("百奥生物股东拟减持百奥生物股份。", name="c.txt", title="百奥生物股东减持")


def query(text: str) -> Query:
    return Query(text, text, date(2024, 7, 20))


@pytest.mark.parametrize(
    ("question", "other"),
    [
        ("南湖运动会闭幕式的总导演是谁？", True),
        ("南湖运动会开幕式的总导演是谁？", False),
        ("南湖市今年上半年出口增长多少？", True),
        ("南湖市今年上半年进口增长多少？", False),
        ("南湖市出口和进口各增长多少？", False),
        ("运动会的总导演叫什么？", False),
    ],
)
def test_a_word_turned_round_is_another_question(question: str, other: bool) -> None:
    found = quotations(OPENING)
    assert of_its_counterpart(question, found, found) is other


@pytest.mark.parametrize(
    ("question", "other"),
    [
        ("第九届科普大赛有多少人参赛？", True),
        ("第10届科普大赛有多少人参赛？", False),
        ("科普大赛有多少人参赛？", False),
        ("52路在大赛那天停运吗？", False),  # no other bus is named
        ("九届科普大赛有多少人参赛？", True),
        ("首届科普大赛有多少人参赛？", True),
    ],
)
def test_the_ninth_is_not_the_tenth(question: str, other: bool) -> None:
    found = quotations(article("第十届科普大赛昨天举行。共有4899人参赛。"))
    assert of_its_counterpart(question, found[1:], found) is other


def test_a_word_that_the_article_has_elsewhere_is_not_turned_round() -> None:
    found = quotations(article("开幕式总导演是李明。闭幕式也由他执导。"))
    assert not of_its_counterpart("闭幕式的总导演是谁？", found[:1], found)


@pytest.mark.parametrize(
    ("question", "other"),
    [
        ("李明受贿案二审是怎么判的？", True),
        ("李明受贿案一审是怎么判的？", False),
        ("李明受贿案的再审是怎么判的？", True),
        ("李明为何不再审理此案？", False),
        ("李明受贿案是怎么判的？", False),
    ],
)
def test_one_instance_is_not_another(question: str, other: bool) -> None:
    found = quotations(article("南湖中院一审宣判李明受贿案。以受贿罪判处有期徒刑十一年。"))
    assert of_its_counterpart(question, found[1:], found) is other


def test_a_company_that_another_article_is_about_is_not_the_one_of_this() -> None:
    mines, trades = quotations(MINES), quotations(TRADES, 2)
    asked = wanted(query("“百奥生物”上半年营业收入是多少？"))
    assert of_another_subject(asked, mines, [*mines, *trades])
    assert not of_another_subject(asked, trades, [*mines, *trades])
    assert not of_another_subject(asked, mines, mines)  # nothing says that it is not meant
    assert not of_another_subject(wanted(query("金川控股矿产营业收入是多少？")), mines, [*mines, *trades])


def test_a_record_since_a_year_is_not_of_that_year() -> None:
    (item,) = quotations(article("与上一季度相比，破产数量增加8.4%，达到2015年开始收集数据以来的最高水平。", year=None))
    assert not objections(wanted(query("2024年第二季度破产数量比上季度多了百分之几？")), item)
    (item,) = quotations(article("与上一季度相比，2015年破产数量增加8.4%。", year=None))
    assert objections(wanted(query("2024年第二季度破产数量比上季度多了百分之几？")), item)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("益阳市资阳区的窝点", {"益阳"}),
        ("南京东路站、四平路站", set()),
        ("上海地铁10号线停靠南京西路站", {"上海"}),
        ("扬州区域中心", {"扬州"}),
        ("南京路上好八连", {"南京"}),
    ],
)
def test_districts_and_streets_are_no_cities(text: str, named: set[str]) -> None:
    assert cities(text) == named


def test_where_it_takes_place_is_not_whom_it_is_about() -> None:
    scene = "7月11日，抓捕小组在长沙、广州、佛山等地同时收网，查扣成品17万余瓶。"
    assert owners(scene) == set()
    assert owners("长沙、广州、佛山分别查扣成品17万瓶。") == {"长沙", "广州", "佛山"}
    assert owners("扬州警方在长沙、广州、佛山等地收网。") == {"扬州"}
