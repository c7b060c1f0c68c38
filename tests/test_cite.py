"""Markers become exact quotations; what is not borne out says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from answer_samples import article, quotations

from rag.answer.cite import check_answer, check_sentence, citations, with_markers
from rag.answer.text.markers import split_markers
from rag.types import Verdict

DOCUMENT = article(
    "海安集团去年营收413亿元，税收8.5亿元。集团总部位于南通。今年，集团将冲刺营收500亿元。", title="海安集团：再上台阶"
)
EVIDENCE = quotations(DOCUMENT)


def test_markers_belong_to_their_sentence() -> None:
    assert split_markers("甲是一。[1]乙是二[2][3]。丙是三【4】；丁") == [
        ("甲是一。", (1,)),
        ("乙是二。", (2, 3)),
        ("丙是三；丁", (4,)),
    ]
    assert split_markers("甲[1,2]。") == [("甲。", (1, 2))]
    assert split_markers("[1]") == []


def test_spans_are_exact() -> None:
    checked = check_answer("海安集团2023年营收413亿元[1]。今年将冲刺500亿元[3]。", EVIDENCE, "", 2024)
    found = citations(checked, {DOCUMENT.id: DOCUMENT})
    assert [c.marker for c in found] == [1, 3]
    for citation in found:
        assert DOCUMENT.text[citation.start : citation.end] == citation.quote
        assert DOCUMENT.source[citation.source.start : citation.source.end] == citation.quote


def test_unknown_marker_is_dropped() -> None:
    (only,) = check_answer("海安集团总部位于南通[9]。", EVIDENCE, "", 2024)
    assert only.sentence.markers == (2,)
    assert only.sentence.verdict is Verdict.SUPPORTED


def test_missing_and_wrong_markers_are_mended() -> None:
    (bare,) = check_answer("海安集团今年将冲刺营收500亿元。", EVIDENCE, "", 2024)
    assert bare.sentence.markers == (3,)
    (wrong,) = check_answer("海安集团今年将冲刺营收500亿元[2]。", EVIDENCE, "", 2024)
    assert wrong.sentence.markers == (3,)


def test_what_the_evidence_does_not_say_is_marked() -> None:
    (only,) = check_answer("海安集团今年将冲刺营收600亿元[3]。", EVIDENCE, "", 2024)
    assert only.sentence.verdict is Verdict.DIFFERS


def test_markers_stand_before_the_stop() -> None:
    checked = check_answer("海安集团总部位于南通[2]。", EVIDENCE, "", 2024)
    assert with_markers([item.sentence for item in checked]) == "海安集团总部位于南通[2]。"


def test_the_askers_relative_times_are_checked_as_the_days_they_mean() -> None:
    evidence = quotations(article("2019年5月16日，海安集团面临销量腰斩的困境。三年来，公司销量持续下滑。", year=None))
    question, today = "五年前海安集团面临什么困境？", date(2024, 11, 12)
    said = "五年前（2019年）海安集团面临销量腰斩的困境[1]。"
    (checked,) = check_answer(said, evidence, question, today.year, today)
    assert checked.sentence.verdict is Verdict.SUPPORTED
    assert checked.sentence.text.startswith("五年前（2019年）")  # shown as it was said
    later = date(2026, 11, 12)
    (checked,) = check_answer(said, evidence, question, later.year, later)
    assert checked.sentence.verdict is not Verdict.SUPPORTED


def test_a_time_that_the_program_put_in_for_the_model_is_not_held_against_it() -> None:
    (item,) = quotations(article("海安集团本季度营收231亿元。"))
    shown = replace(item, shown="海安集团本季度（2024年1—3月）营收231亿元。")
    said = "海安集团本季度（2024年1—3月）营收231亿元[1]。"
    assert check_answer(said, [shown], "营收多少？", 2024)[0].sentence.verdict is Verdict.SUPPORTED
    invented = said.replace("1—3月", "7—9月")
    assert check_answer(invented, [shown], "营收多少？", 2024)[0].sentence.verdict is not Verdict.SUPPORTED


@pytest.mark.parametrize(
    ("said", "marker"),
    [
        ("语音转账尚未开通。", 2),
        ("老年模式已经开放。", 1),
        ("跨行转账每笔收费2元。", 3),
    ],
)
@pytest.mark.parametrize("named", [1, 2, 3])
def test_a_marker_that_slipped_is_put_where_the_words_stand(said: str, marker: int, named: int) -> None:
    evidence = quotations(article("老年模式已经开放。语音转账尚未开通。余额查询免费，跨行转账每笔收费2元。"))
    checked = check_sentence(said, (named,), evidence, "手机银行有哪些变化", None)
    assert checked.sentence.markers == (marker,)


LIST = quotations(
    article(
        "一是景点实行预约，每日限3万人。二是茶室加价实行备案，加价不得超过20%。三是湖滨路增设临时车位900个。"
        "四是开通码头至老街的夜间渡船，末班船为22时40分。五是设立投诉电话，接诉后3小时内答复。"
    )
)
SAID = (
    "景点实行预约，每日限3万人；茶室加价实行备案，加价不得超过20%；湖滨路增设临时车位900个；"
    "开通码头至老街的夜间渡船，末班船为22时40分；设立投诉电话，接诉后3小时内答复"
)


@pytest.mark.parametrize("marks", ["[1][2][3][4][5]", "[1][2][3][5]", "[2][4]", ""])
def test_a_list_in_one_sentence_cites_each_of_its_things(marks: str) -> None:
    (checked,) = check_answer(f"{SAID}{marks}。", LIST, "有哪些措施？", 2024)
    assert checked.sentence.verdict is Verdict.SUPPORTED
    assert checked.sentence.markers == (1, 2, 3, 4, 5)


def test_what_a_quotation_says_already_is_not_cited_twice() -> None:
    again = quotations(article("海安集团去年营收413亿元，税收8.5亿元。", name="b.txt"), 4)
    (checked,) = check_answer("海安集团2023年营收413亿元，税收8.5亿元[1]。", [*EVIDENCE, *again], "", 2024)
    assert checked.sentence.markers == (1,)
