"""Question sets: one JSON object a line.

::

    {"id": "q1", "question": "…", "history": ["an earlier question"], "today": "2025-03-20", "type": "number",
     "answerable": true, "must": [["9000亿", "9,000亿元"]], "must_not": ["8000亿"],
     "evidence": [{"document": "page.txt", "text": "words of the file, white space aside"}],
     "evidence_any": false, "derived": false, "note": ""}
"""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from rag.errors import EvaluationError
from rag.evaluate.days import written_day

NEWLINE = b"\n"
_SEED = 20  # of the sample


@dataclass(frozen=True, slots=True)
class Gold:
    """Words that hold the answer: exact words of a file, white space aside."""

    document: str  # a file name
    text: str


@dataclass(frozen=True, slots=True)
class Question:
    """One line of a question set."""

    id: str
    question: str
    type: str
    answerable: bool  # from the articles of the set
    history: tuple[str, ...] = ()  # earlier questions of the same conversation, oldest first
    today: date | None = None  # the asker's day; None: the real one
    must: tuple[tuple[str, ...], ...] = ()  # every group needs one of its alternatives in the answer
    must_not: tuple[str, ...] = ()  # none may be in the answer
    evidence: tuple[Gold, ...] = ()
    evidence_any: bool = False  # one of ``evidence`` is enough; else all are needed
    derived: bool = False  # the answer is worked out from the evidence and does not stand in it
    note: str = ""


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """A file of questions, and the sum that tells which version of it was asked."""

    name: str  # file name
    sha256: str
    questions: tuple[Question, ...]
    left_out: tuple[EvaluationError, ...] = ()  # lines that could not be used, each with its place

    def sample(self, count: int | None) -> QuestionSet:
        """``count`` of the questions in their order, the same every time; all of them with None, or fewer than that.

        Drawn, not the first ones: a set is often written in the order of its kinds.
        """
        if count is None or count >= len(self.questions):
            return self
        kept = sorted(random.Random(_SEED).sample(range(len(self.questions)), count))
        return replace(self, questions=tuple(self.questions[i] for i in kept))


def load_questions(path: Path) -> QuestionSet:
    """Read a question set (UTF-8, blank lines allowed).

    ``left_out`` names, with file, line and key, a line that is no JSON object, a key that is missing, unknown or of the
    wrong kind, an id given twice, and an answerable question without ``must`` or ``evidence`` (nothing could be measured
    on it). Raises EvaluationError where the file cannot be read, or no line is left.
    """
    try:
        raw = path.read_bytes()
        text = raw.decode("utf-8-sig")
    except OSError as error:
        raise EvaluationError(
            (f"读不了问题集（{error.strerror}）", f"cannot read the question set ({error.strerror})"), subject=str(path)
        ) from None
    except UnicodeDecodeError as error:
        raise EvaluationError(
            ("问题集不是 UTF-8 编码", "the question set is not UTF-8"),
            subject=f"{path}:{1 + raw.count(NEWLINE, 0, error.start)}",
            advice=("请另存为 UTF-8", "Save it as UTF-8."),
        ) from None
    questions: dict[str, Question] = {}
    bad: list[EvaluationError] = []
    # Not splitlines(): a JSON string may hold U+2028, which that would break at.
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        place = f"{path}:{number}"
        try:
            question = _read_line(line, place)
            if question.id in questions:
                raise _wrong(place, "id", f"“{question.id}”已经用过", f'"{question.id}" is already taken')
        except EvaluationError as error:
            bad.append(error)
            continue
        questions[question.id] = question
    if not questions:
        raise bad[0] if bad else EvaluationError(("问题集是空的", "the question set is empty"), subject=str(path))
    return QuestionSet(path.name, hashlib.sha256(raw).hexdigest(), tuple(questions.values()), tuple(bad))


def _read_line(line: str, place: str) -> Question:
    try:
        read = json.loads(line)
    except (json.JSONDecodeError, RecursionError) as error:
        raise EvaluationError(
            (f"不是合法的 JSON：{error}", f"not valid JSON: {error}"),
            subject=place,
            advice=("每行写一个 JSON 对象", "Write one JSON object a line."),
        ) from None
    if not isinstance(read, dict):
        raise EvaluationError(("这一行不是 JSON 对象", "this line is no JSON object"), subject=place)
    for key in read:
        if key not in _READERS:
            known = ", ".join(_READERS)
            raise EvaluationError(
                ("没有这个键", "there is no such key"),
                subject=f"{place} [{key}]",
                advice=(f"可用的有：{known}", f"Known: {known}"),
            )
    for key in ("id", "question", "type", "answerable"):
        if key not in read:
            raise _wrong(place, key, "缺少这个键", "this key is missing")
    question = Question(**{key: _READERS[key](value, place, key) for key, value in read.items()})
    for key, given in (("must", question.must), ("evidence", question.evidence)):
        if question.answerable and not given:
            raise _wrong(place, key, "可回答的问题不能为空", "an answerable question needs some")
    return question


def _wrong(place: str, key: str, zh: str, en: str) -> EvaluationError:
    return EvaluationError((zh, en), subject=f"{place} [{key}]")


def _word(value: Any, place: str, key: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise _wrong(place, key, "应为非空文字", "should be text, not empty")
    return value


def _text(value: Any, place: str, key: str) -> str:
    if not isinstance(value, str):
        raise _wrong(place, key, "应为文字", "should be text")
    return value


def _flag(value: Any, place: str, key: str) -> bool:
    if not isinstance(value, bool):
        raise _wrong(place, key, "应为 true 或 false", "should be true or false")
    return value


def _day(value: Any, place: str, key: str) -> date | None:
    if value is None:
        return None
    found = written_day(_word(value, place, key))
    if found is None:
        raise _wrong(place, key, "应为 2025-03-20 这样的日期或 null", "should be a date like 2025-03-20, or null")
    return found


def _list(value: Any, place: str, key: str) -> list[Any]:
    if not isinstance(value, list):
        raise _wrong(place, key, "应为列表", "should be a list")
    return value


def _words(value: Any, place: str, key: str) -> tuple[str, ...]:
    return tuple(_word(item, place, key) for item in _list(value, place, key))


def _groups(value: Any, place: str, key: str) -> tuple[tuple[str, ...], ...]:
    groups = tuple(_words(item, place, key) for item in _list(value, place, key))
    if not all(groups):
        raise _wrong(place, key, "每组至少要有一个说法", "every group needs an alternative")
    return groups


def _gold(value: Any, place: str, key: str) -> tuple[Gold, ...]:
    found = []
    for item in _list(value, place, key):
        if not isinstance(item, dict) or set(item) != {"document", "text"}:
            raise _wrong(place, key, "每项应恰有 document 和 text", "every item should have document and text, no more")
        found.append(Gold(_word(item["document"], place, key), _word(item["text"], place, key)))
    return tuple(found)


_READERS: dict[str, Callable[[Any, str, str], Any]] = {
    "id": _word,
    "question": _word,
    "history": _words,
    "today": _day,
    "type": _word,
    "answerable": _flag,
    "must": _groups,
    "must_not": _words,
    "evidence": _gold,
    "evidence_any": _flag,
    "derived": _flag,
    "note": _text,
}
