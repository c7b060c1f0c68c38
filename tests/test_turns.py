"""Questions and answers set line by line: an answer goes with its question, and a question by itself states nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_kept import Counting
from test_tables import article, hits

from rag.answer.cite import check_answer, citations
from rag.answer.extract import quoted
from rag.answer.figures import figures
from rag.answer.find.evidence import pack, rank_sentences
from rag.indexing import window_vectors
from rag.ingest import split
from rag.ingest.sentences import sentences
from rag.ingest.turns import exchanges
from rag.types import Document, Evidence, Query, Verdict

LABELS = [
    ("Q：", "A："),
    ("问：", "答："),
    ("问:", "答:"),
    ("Q1：", "A1："),
    ("【问】：", "【答】："),
    ("记者：", "罗平："),
    ("采访人：", "罗平："),
]
STALLS = [
    ("市场里的摊位一年租金多少？", "靠门的每年8600元，里面的每年5200元。"),
    ("听说去年关了40个摊位？", "没有的事，去年只关了3个。"),
    ("夜市几点收摊？", "夏天到23点，冬天早一个小时。"),
]


def interview(labels: tuple[str, str], between: str = "\n") -> str:
    said = [f"{labels[0]}{question}\n{labels[1]}{answer}" for question, answer in STALLS]
    return f"南门菜市场答问\n\n{between.join(said)}\n"


def evidence(document: Document, question: str) -> list[Evidence]:
    query, found, embedder = Query(question, question), hits(document), Counting()
    windows = [window_vectors([hit.passage], embedder) for hit in found]
    ranked = rank_sentences(query, found, embedder.embed_query("x"), windows)
    return pack(ranked, query, budget=600, count_tokens=len)


def about(document: Document, question: str, words: str) -> Evidence:
    return next(item for item in evidence(document, question) if words in item.quote)


@pytest.mark.parametrize("labels", LABELS)
@pytest.mark.parametrize("between", ["\n", "\n\n"])
def test_an_answer_goes_with_its_question(tmp_path: Path, labels: tuple[str, str], between: str) -> None:
    document = article(tmp_path, interview(labels, between))
    for question, answer in STALLS:
        for item in evidence(document, question):
            assert item.quote == document.text[item.start : item.end]
            if question in item.quote or answer in item.quote:
                assert item.quote == f"{labels[0]}{question}\n{labels[1]}{answer}"
        assert quoted(about(document, question, answer), Query(question, question)).sentence.text == answer
    inside = [passage.read(window) for passage in split(document) for window in passage.windows]
    assert [f"{labels[0]}{question}\n{labels[1]}{answer}" for question, answer in STALLS] == inside[-3:]


@pytest.mark.parametrize("labels", LABELS)
def test_a_citation_holds_both(tmp_path: Path, labels: tuple[str, str]) -> None:
    document = article(tmp_path, interview(labels))
    question, answer = STALLS[2]
    found = evidence(document, question)
    checked = check_answer("夏天到23点收摊。", found, question, None)
    (citation,) = citations(checked, {document.id: document})
    assert citation.verdict is Verdict.SUPPORTED
    assert citation.quote == f"{labels[0]}{question}\n{labels[1]}{answer}"


@pytest.mark.parametrize("labels", LABELS)
def test_a_label_is_no_part_of_an_answer(tmp_path: Path, labels: tuple[str, str]) -> None:
    document = article(tmp_path, interview(labels))
    question, answer = STALLS[0]
    found = evidence(document, question)
    for raw in (f"{labels[1]}{answer}", f"{labels[1].rstrip('：:')}。{answer}", answer):
        assert [item.sentence.text for item in check_answer(raw, found, question, None)] == [answer]


@pytest.mark.parametrize("labels", LABELS)
def test_what_is_asked_is_not_said(tmp_path: Path, labels: tuple[str, str]) -> None:
    document = article(tmp_path, interview(labels))
    question, _ = STALLS[1]
    item = about(document, question, "只关了3个")
    assert [figure.quantity.text for figure in figures(item)] == ["3个"]
    assert "摊位" in figures(item)[0].words, "the question says what the figure counts"
    for said, right in (("去年关了40个摊位。", False), ("去年只关了3个。", True)):
        (checked,) = check_answer(said, [item], "去年关了几个摊位", None)
        assert (checked.sentence.verdict is Verdict.SUPPORTED) == right


def test_a_question_without_its_answer_is_no_evidence(tmp_path: Path) -> None:
    document = article(tmp_path, "南门菜市场答问\n\n问：夜市几点收摊？\n\n市场在南门外，有三排棚子。\n")
    assert not any("几点收摊" in item.quote for item in evidence(document, "夜市几点收摊"))


def test_a_long_answer_stays_apart_from_a_question_far_before(tmp_path: Path) -> None:
    answer = "".join(f"第{n}条街的路灯都换过了，晚上比从前亮得多，走路不怕。" for n in range(1, 16))
    document = article(tmp_path, f"路灯答问\n\n问：路灯换了没有？\n答：{answer}\n")
    for item in evidence(document, "第12条街的路灯换了没有"):
        assert len(item.quote) < 260
        assert item.quote == document.text[item.start : item.end]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("问：几时开门？\n答：八点。", 1),
        ("Q：请讲讲开门的时间。\nA：八点。", 1),
        ("罗平：几时开门？\n严冬：八点。\n罗平：几时关门？\n严冬：六点。", 2),
        ("问：几时开门？\n问：几时关门？\n答：六点。", 1),
        ("地点：南门外\n时间：八点到六点", 0),
        ("他问：几时开门？没有人答。", 0),
        ("罗平：八点开门。\n严冬：六点关门。", 0),
        ("几时开门？八点。", 0),
    ],
)
def test_what_is_a_question_with_its_answer(text: str, found: int) -> None:
    assert len(exchanges(text, sentences(text, 0, len(text)))) == found
