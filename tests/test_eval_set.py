"""The question set on the two seed pages is whole: its form, its balance, and its gold against the pages' own words.

How a gold answer is read. ``must`` is a list of groups; of each group at least one alternative must appear in the
answer. ``must_not`` lists strings that make it wrong. Both sides are normalised first (``normalise``), and a digit at
the edge of an alternative may not touch another digit: "12" is not in "2012", nor "0亿" in "150亿".
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import opencc
import pytest

ROOT = Path(__file__).resolve().parent.parent
QUESTIONS = ROOT / "eval" / "seeds.jsonl"
PAGES = ("000_2a9a80530772cd84.txt", "004_f8ec59bd59ec0566.txt")
UNANSWERABLE = {"unanswerable", "near_miss"}
AT_LEAST = {
    "fact": 20,
    "number": 25,
    "list": 10,
    "date": 12,
    "comparison": 6,
    "cross_page": 5,
    "followup": 10,
    "traditional": 6,
    "english": 6,
    "colloquial": 12,
    "near_miss": 18,
    "unanswerable": 1,
}
KEYS: dict[str, type | tuple[type, ...]] = {
    "id": str,
    "question": str,
    "history": list,
    "today": (str, type(None)),
    "type": str,
    "answerable": bool,
    "must": list,
    "must_not": list,
    "evidence": list,
    "evidence_any": bool,  # any one of the evidence texts is enough; else all are needed
    "derived": bool,  # the answer is computed, or not in the page's words
}
RELATIVE = re.compile(r"今年|去年|明年|前年|上个?月|本月|下个?月|今天|昨天")

Row = dict[str, Any]
ROWS: list[Row] = [json.loads(line) for line in QUESTIONS.read_text("utf-8").splitlines()]
ANSWERABLE = [row for row in ROWS if row["answerable"]]


@cache
def _simplify() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


@cache
def normalise(text: str) -> str:
    """NFKC, simplified characters, lower case, no white space, no thousands commas."""
    text = re.sub(r"\s", "", _simplify().convert(unicodedata.normalize("NFKC", text))).lower()
    return re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", text)


def appears(alternative: str, text: str) -> bool:
    wanted = normalise(alternative)
    before = r"(?<!\d)(?<!\d\.)" if wanted[0].isdigit() else ""
    after = r"(?!\d)(?!\.\d)" if wanted[-1].isdigit() else ""
    return re.search(before + re.escape(wanted) + after, normalise(text)) is not None


def answers(row: Row, text: str) -> bool:
    return all(any(appears(alternative, text) for alternative in group) for group in row["must"])


@cache
def page(name: str) -> str:
    return re.sub(r"\s", "", (ROOT / "seeds" / name).read_text("utf-8"))


def bare(text: str) -> str:
    return re.sub(r"\s", "", text)


def by_id(row: Row) -> str:
    return str(row["id"])


def test_the_balance_is_kept() -> None:
    assert len(ROWS) >= 130
    counts = Counter(row["type"] for row in ROWS)
    assert set(counts) == set(AT_LEAST)
    assert {kind: counts[kind] for kind in AT_LEAST if counts[kind] < AT_LEAST[kind]} == {}
    assert len(ROWS) - len(ANSWERABLE) >= 32


def test_ids_count_up_and_no_question_is_asked_twice() -> None:
    assert [row["id"] for row in ROWS] == [f"s{n:03d}" for n in range(1, len(ROWS) + 1)]
    asked = Counter((normalise(row["question"]), tuple(row["history"]), row["today"], row["type"]) for row in ROWS)
    assert [key for key, times in asked.items() if times > 1] == []


def test_the_headline_question_is_asked_in_six_ways() -> None:
    goal = ["万亿", "1万亿", "10000亿", "一万亿"]
    same = [
        row
        for row in ROWS
        if row["type"] in {"number", "colloquial"} and row["must"] == [goal] and row["must_not"] == ["9000"]
    ]
    assert len(same) >= 6
    assert "扬州2025年工业开票目标是多少" in {row["question"] for row in same}


@pytest.mark.parametrize("row", ROWS, ids=by_id)
def test_a_row_has_the_right_form(row: Row) -> None:
    assert set(row) - {"note"} == set(KEYS)
    for key, kind in KEYS.items():
        assert isinstance(row[key], kind), key
    assert row["question"].strip() == row["question"] != ""
    assert all(isinstance(earlier, str) and earlier for earlier in row["history"])
    assert row["answerable"] == (row["type"] not in UNANSWERABLE)
    assert row["type"] != "followup" or row["history"]
    assert row["type"] not in {"english", "cross_page"} or not row["history"]
    if row["today"] is not None:
        assert date.fromisoformat(row["today"]).isoformat() == row["today"]
    assert all(isinstance(group, list) and group for group in row["must"])
    strings = [alternative for group in row["must"] for alternative in group] + row["must_not"]
    assert all(isinstance(item, str) and normalise(item) for item in strings)
    assert all(set(item) == {"document", "text"} for item in row["evidence"])
    assert isinstance(row.get("note", ""), str)


@pytest.mark.parametrize("row", ROWS, ids=by_id)
def test_a_question_that_counts_from_today_says_which_day_that_is(row: Row) -> None:
    if any(RELATIVE.search(asked) for asked in [row["question"], *row["history"]]):
        assert row["today"] is not None


@pytest.mark.parametrize("row", ANSWERABLE, ids=by_id)
def test_evidence_stands_on_its_page_and_proves_the_answer(row: Row) -> None:
    texts = [item["text"] for item in row["evidence"]]
    assert texts
    for item in row["evidence"]:
        assert item["document"] in PAGES
        assert bare(item["text"]) in page(item["document"])
    if not row["derived"]:
        for proof in texts if row["evidence_any"] else ["\n".join(texts)]:
            assert answers(row, proof), proof
    if row["type"] == "cross_page":
        assert {item["document"] for item in row["evidence"]} == set(PAGES)


@pytest.mark.parametrize("row", ANSWERABLE, ids=by_id)
def test_a_question_does_not_give_its_own_answer_away(row: Row) -> None:
    assert row["must"]
    assert not answers(row, "\n".join([row["question"], *row["history"]]))


@pytest.mark.parametrize("row", [row for row in ROWS if not row["answerable"]], ids=by_id)
def test_an_unanswerable_question_has_no_gold(row: Row) -> None:
    assert (row["must"], row["must_not"], row["evidence"]) == ([], [], [])
    assert row["evidence_any"] is row["derived"] is False
    assert row["type"] != "near_miss" or row["note"]


@pytest.mark.parametrize("name", PAGES)
def test_every_eighth_of_a_page_is_asked_about(name: str) -> None:
    text = page(name)
    asked: Counter[int] = Counter()
    for row in ANSWERABLE:
        starts = {text.find(bare(item["text"])) for item in row["evidence"] if item["document"] == name}
        asked.update({start * 8 // len(text) for start in starts})
    assert min(asked[part] for part in range(8)) >= 4


def test_digits_at_the_edge_of_an_alternative_do_not_match_inside_a_longer_number() -> None:
    assert appears("12", "已开工１２个")
    assert not appears("12", "2012年")
    assert not appears("20%", "0.20%")
    assert appears("10000亿", "揚州目標為10,000 億元")
    assert appears("万亿", "突破萬億大關")
