"""What kind of thing is asked for, also where no question word says so."""

from __future__ import annotations

import pytest
from answer_samples import article, quotations

from rag.answer.answering import names_nobody, of_other_unit
from rag.answer.bearing import Objection, objections, wanted
from rag.answer.question.kind import HOUR, kind_asked, unit_asked
from rag.types import Query


@pytest.mark.parametrize(
    ("question", "number", "unit", "time"),
    [
        ("2022年全国棉花产量", True, "", False),
        ("2022年全国电影总票房收入是？", True, "元", False),
        ("2022年高考报名人数", True, "", False),
        ("哪家银行调整了存款利率", False, "", False),
        ("公布了什么利率", False, "", False),
        ("第28届电影节的颁奖时间", False, "", True),
        ("大会开幕日期？", False, "", True),
        ("52路末班车几点发", False, "", True),
        ("协会提了几点建议", True, "点", False),
        ("双方达成几点共识", True, "点", False),
        ("指数涨了几点", True, "点", False),
        ("工程用了多长时间", False, "", False),
        ("时间管理是谁写的", False, "", False),
        ("手机续航时间", False, "", False),
        ("博物馆开放时间", False, "", False),
        ("谁占用了孩子的睡眠时间", False, "", False),
        ("介绍一下空气质量", False, "", False),
        ("提升治理效率", False, "", False),
    ],
)
def test_a_question_that_ends_in_what_it_asks(question: str, number: bool, unit: str, time: bool) -> None:
    kind = kind_asked(question)
    assert (kind.number, unit_asked(question), kind.time) == (number, unit, time)


def test_a_thing_has_a_name_too() -> None:
    station = Query("以前叫南湖站的那个车站现在叫啥名字？", "以前叫南湖站的那个车站现在叫啥名字？", None)
    assert not names_nobody(wanted(station), station, "东湖站")
    head = Query("车站的站长叫什么名字？", "车站的站长叫什么名字？", None)
    assert names_nobody(wanted(head), head, "车站的一名站长")
    winner = Query("昨晚获奖的叫什么名字？", "昨晚获奖的叫什么名字？", None)
    assert names_nobody(wanted(winner), winner, "昨晚获奖的是一名教师。")


def test_fields_are_no_harvest() -> None:
    asked = Query("2022年全国棉花产量", "2022年全国棉花产量", None)
    assert of_other_unit(wanted(asked), asked, "2022年全国棉花产量为4500.4万亩。")
    assert not of_other_unit(wanted(asked), asked, "2022年全国棉花产量为597.7万吨。")
    for text in ("今年种了多少小麦", "有多少水稻受灾", "大火烧毁了多少森林"):
        other = Query(text, text, None)
        assert not of_other_unit(wanted(other), other, "36万亩")
    area = Query("2022年全国棉花播种面积", "2022年全国棉花播种面积", None)
    assert not of_other_unit(wanted(area), area, "4500.4万亩")


def test_a_quotation_without_a_time_does_not_say_when() -> None:
    asked = Query("大会开幕时间", "大会开幕时间", None)
    without, with_time = quotations(article("大会开幕式吸引了众多观众。大会于5月6日开幕。", year=None))
    assert Objection.OTHER_KIND in objections(wanted(asked), without)
    assert Objection.OTHER_KIND not in objections(wanted(asked), with_time)


def test_what_a_thing_was_called_is_a_name() -> None:
    asked = Query("Express最早叫什么名字", "Express最早叫什么名字", None)
    assert not names_nobody(wanted(asked), asked, "Express最早叫Spark。")
    assert names_nobody(wanted(asked), asked, "Express最早叫这个名字。")


@pytest.mark.parametrize(
    ("question", "elsewhere"),
    [
        ("来苏州的陈教授吃多了什么", False),
        ("苏州的书记是谁", True),
        ("苏州走访了多少家企业", True),
        ("无锡的陈教授吃多了什么", True),
    ],
)
def test_another_city_of_the_title_is_not_yet_elsewhere(question: str, elsewhere: bool) -> None:
    asked = Query(question, question, None)
    text = "有位教授来苏州访问。南通派了车，也派了人。来访的陈教授见到书记，吃了较多西瓜，走访了3家企业。"
    item = quotations(article(text, title="南通救人"))[-1]
    assert (Objection.ELSEWHERE in objections(wanted(asked), item)) is elsewhere


def test_the_hour_of_a_dateline_is_no_time_asked_for() -> None:
    assert HOUR.search("末班车18:20发出")
    assert not HOUR.search("2023-08-17 20:57:30，正文")
    assert not HOUR.search("2023-08-17 20:57，正文")
