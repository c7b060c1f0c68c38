"""A result without its words: ids, values and spans, small enough to be committed with every evaluation.

The questions stand in their set, the articles in the index; a span says where in them. The words of an answer are kept
only in the whole result, beside the index (``kept.KEPT``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from rag.errors import EvaluationError
from rag.evaluate.plain import plain
from rag.evaluate.questions import Question, load_questions
from rag.evaluate.result import EvaluationResult, Row
from rag.evaluate.score import Score
from rag.types import Timings

LAYOUT = "spans"
_DIGITS = 3  # of seconds


def to_spans(result: EvaluationResult) -> dict[str, Any]:
    """As JSON types. ``hits`` are places in ``passages_found``; ``evidence`` a place there, start and end; ``citations`` a
    place in ``documents_found``, start, end, and whether it is right and exact. Of a score, what is not said is its default.
    """
    passages = list(dict.fromkeys(hit.passage.id for row in result.rows for hit in row.hits))
    at = {key: place for place, key in enumerate(passages)}
    found = {hit.passage.id: hit for row in result.rows for hit in row.hits}
    cited = (c for row in result.rows if row.answer for c in row.answer.citations)
    documents = {h.passage.document_id: h.document for h in found.values()} | {c.document_id: c.document for c in cited}
    document_at = {key: place for place, key in enumerate(documents)}
    head = {f.name: plain(getattr(result, f.name)) for f in fields(result) if f.name != "rows"}
    return {
        "layout": LAYOUT,
        **head,
        "documents_found": [[key, name] for key, name in documents.items()],
        "passages_found": [[key, found[key].passage.start, found[key].passage.end] for key in passages],
        "rows": [_row(row, at, document_at) for row in result.rows],
    }


def from_spans(read: dict[str, Any], path: Path) -> dict[str, Any]:
    """What ``EvaluationResult`` is made of; without hits, evidence and answers, whose words are not there.

    The questions are those of the set of that name beside the result or one folder up, where it is the one that was asked;
    else they are shown by their ids.
    """
    asked = _questions(path, str(read["question_set"]), str(read["question_set_sha256"]))
    return {**read, "rows": [_full(row, asked) for row in read["rows"]]}


def _row(row: Row, at: Mapping[str, int], document_at: Mapping[str, int]) -> dict[str, Any]:
    said = row.answer.citations if row.answer else ()
    kept: dict[str, Any] = {
        "question": {"id": row.question.id, "type": row.question.type, "answerable": row.question.answerable},
        "score": _score(row.score),
        "hits": [at[hit.passage.id] for hit in row.hits],
        "evidence": [[at[e.hit.passage.id], e.start, e.end] for e in row.evidence if e.hit.passage.id in at],
        "citations": [
            [document_at[c.document_id], c.start, c.end, int(judged.right), int(judged.exact)]
            for c, judged in zip(said, row.score.citations, strict=True)
        ],
    }
    if row.error:
        kept["error"] = list(row.error)
    if row.lost:
        kept["lost"] = True
    return kept


def _score(score: Score) -> dict[str, Any]:
    said = {
        f.name: plain(getattr(score, f.name))
        for f in fields(score)
        if f.name not in ("citations", "timings") and getattr(score, f.name) != f.default
    }
    if score.timings is not None:
        seconds = (score.timings.retrieve_s, score.timings.first_token_s, score.timings.total_s)
        said["timings"] = [None if each is None else round(each, _DIGITS) for each in seconds]
    return said


def _full(row: dict[str, Any], asked: Mapping[str, Question]) -> dict[str, Any]:
    brief, score = row["question"], row["score"]
    known = asked.get(brief["id"]) or Question(brief["id"], brief["id"], brief["type"], brief["answerable"])
    timings = score.get("timings")
    return {
        "question": asdict(known),
        "rewritten": known.question,
        "hits": (),
        "evidence": (),
        "answer": None,
        "error": row.get("error"),
        "lost": row.get("lost", False),
        "score": {
            **score,
            "citations": [{"right": bool(right), "exact": bool(exact)} for *_, right, exact in row["citations"]],
            "timings": asdict(Timings(*timings)) if timings else None,
        },
    }


def _questions(path: Path, name: str, sha256: str) -> dict[str, Question]:
    for folder in (path.parent, path.parent.parent):
        try:
            found = load_questions(folder / Path(name).name)
        except EvaluationError:
            continue
        if found.sha256 == sha256:
            return {question.id: question for question in found.questions}
    return {}
