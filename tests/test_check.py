"""Answers that others wrote, checked against their evidence: without an index, a model or markers."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from rag.answer import verify_answer
from rag.answer.claims.check import document_source, verify_sources
from rag.ingest import load_document
from rag.types import Verdict

ROOT = Path(__file__).resolve().parent.parent
DAY = date(2024, 3, 18)
TEXT = (
    "2023年，东湖市外贸进出口8074.1亿元，同比增长10.5%，关税收入512亿元。"
    "东湖市委书记李明远表示，今年外贸将冲刺9000亿元，力争2025年过万亿元。"
    "3月5日，市长王若芳率队赴宁波考察。“双链”工程尚未进入验收阶段。"
)


@pytest.mark.parametrize(
    "answer",
    [
        "东湖市2023年外贸进出口为0.80741万亿元，比上年增长10.5％。",
        "去年东湖的关税收入为0.0512万亿元。",
        "2024年，东湖外贸要冲刺9000亿元[1]。",
        "根据资料，东湖市委书记是李明远。王若芳是市长。",
        "东湖外贸2025年的目标是1万亿元。",
        "去年东湖外贸超过8000亿元。",
        "去年东湖外贸约8074亿元。",
        "2024年3月5日，王若芳前往宁波考察。",
        "“双链”工程还没有进入验收阶段。",
    ],
)
def test_true_in_other_words(answer: str) -> None:
    checked = verify_answer(answer, [TEXT], date=DAY)
    assert checked.verdict is Verdict.SUPPORTED, checked


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        ("东湖市2023年外贸进出口8047.1亿元。", "8074.1亿元"),
        ("东湖市2023年关税收入8074.1亿元。", "512亿元"),  # the neighbour's figure
        ("2025年，东湖外贸的目标是9000亿元。", None),  # this year's figure for the next
        ("2023年东湖外贸下降10.5%。", "增长10.5%"),
        ("去年东湖外贸超过9000亿元。", None),
        ("东湖市委书记是王若芳。", None),
        ("3月15日，王若芳赴宁波考察。", "3月5日"),
        ("王若芳赴温州考察。", "宁波"),
        ("“双链”工程已经进入验收阶段。", None),
    ],
)
def test_false_and_what_the_evidence_has(answer: str, found: str | None) -> None:
    checked = verify_answer(answer, [TEXT], date=DAY)
    assert checked.verdict is Verdict.DIFFERS, checked
    if found:
        wrong = [c.found for s in checked.sentences for c in s.claims if c.verdict is Verdict.DIFFERS]
        assert found in wrong


def test_what_is_said_nowhere() -> None:
    checked = verify_answer("当地博物馆每周一闭馆，游客需要提前预约。", [TEXT])
    assert checked.verdict is Verdict.NOT_FOUND


def test_a_marker_binds_its_sentence_to_one_text() -> None:
    other = "宁波港去年吞吐量13.2亿吨。"
    assert verify_answer("宁波港吞吐量13.2亿吨[2]。", [TEXT, other], date=DAY).verdict is Verdict.SUPPORTED
    assert verify_answer("宁波港吞吐量13.2亿吨[1]。", [TEXT, other], date=DAY).verdict is not Verdict.SUPPORTED


def test_a_marker_of_nothing_supports_nothing() -> None:
    checked = verify_answer("东湖市委书记是李明远[7]。", [TEXT], date=DAY)
    assert checked.verdict is Verdict.NOT_FOUND
    assert [c.claimed for c in checked.sentences[0].claims if c.kind == "marker"] == ["[7]"]


def test_the_worst_sentence_decides() -> None:
    checked = verify_answer("东湖市委书记是李明远。今年外贸将冲刺9500亿元。", [TEXT], date=DAY)
    assert [s.verdict for s in checked.sentences] == [Verdict.SUPPORTED, Verdict.DIFFERS]
    assert checked.verdict is Verdict.DIFFERS


def test_nothing_said_and_nothing_to_check_against() -> None:
    assert verify_answer("", [TEXT]).verdict is Verdict.NOT_FOUND
    assert verify_answer("东湖外贸9000亿元。", []).verdict is Verdict.NOT_FOUND


def test_both_names_in_one_sentence_do_not_make_an_office() -> None:
    text = "3月14日，长宁市委书记赵一凡、市长钱多闻赴合肥考察。"
    assert verify_answer("长宁市委书记是赵一凡。", [text]).verdict is Verdict.SUPPORTED
    assert verify_answer("长宁市长是钱多闻。", [text]).verdict is Verdict.SUPPORTED
    for wrong in ("合肥市委书记是钱多闻。", "长宁市委书记是钱多闻。", "长宁市长是赵一凡。", "合肥市长是钱多闻。"):
        assert verify_answer(wrong, [text]).verdict is not Verdict.SUPPORTED, wrong


def test_hand_written_paraphrases() -> None:
    """At most 2 in 100 true ones are doubted, and at most 7 in 100 altered ones pass (whole articles as evidence)."""
    doubted, passed, true, false = [], [], 0, 0
    for line in (ROOT / "tests" / "paraphrases.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        day = date.fromisoformat(row["date"])
        if "article" in row:
            said = verify_sources(row["answer"], [document_source(load_document(ROOT / "seeds" / row["article"]), day)])
        else:
            said = verify_answer(row["answer"], row["evidence"], date=day)
        supported = said.verdict is Verdict.SUPPORTED
        true, false = true + row["true"], false + (not row["true"])
        if supported != row["true"]:
            (doubted if row["true"] else passed).append(row["answer"])
    assert true >= 60 and false >= 60
    assert len(doubted) <= 0.02 * true, doubted
    assert len(passed) <= 0.07 * false, passed
