"""What kind of thing is asked for, also where no question word says so."""

from __future__ import annotations

import pytest
from answer_samples import article, quotations

from rag.answer.answering import of_other_unit
from rag.answer.bearing import Objection, objections, wanted
from rag.answer.question.kind import kind_asked, unit_asked
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
        ("工程用了多长时间", False, "", False),
        ("时间管理是谁写的", False, "", False),
    ],
)
def test_a_question_that_ends_in_what_it_asks(question: str, number: bool, unit: str, time: bool) -> None:
    kind = kind_asked(question)
    assert (kind.number, unit_asked(question), kind.time) == (number, unit, time)


def test_fields_are_no_harvest() -> None:
    asked = Query("2022年全国棉花产量", "2022年全国棉花产量", None)
    assert of_other_unit(wanted(asked), asked, "2022年全国棉花产量为4500.4万亩。")
    assert not of_other_unit(wanted(asked), asked, "2022年全国棉花产量为597.7万吨。")
    area = Query("2022年全国棉花播种面积", "2022年全国棉花播种面积", None)
    assert not of_other_unit(wanted(area), area, "4500.4万亩")


def test_a_quotation_without_a_time_does_not_say_when() -> None:
    asked = Query("大会开幕时间", "大会开幕时间", None)
    without, with_time = quotations(article("大会开幕式吸引了众多观众。大会于5月6日开幕。", year=None))
    assert Objection.OTHER_KIND in objections(wanted(asked), without)
    assert Objection.OTHER_KIND not in objections(wanted(asked), with_time)
