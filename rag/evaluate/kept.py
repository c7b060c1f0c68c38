"""Results that were written to files, found and read again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from rag.errors import EvaluationError
from rag.evaluate.metrics import Rate
from rag.evaluate.result import EvaluationResult
from rag.evaluate.spans import LAYOUT, from_spans

KEPT = "evaluations"  # folder inside the index: results with every word


@dataclass(frozen=True, slots=True)
class Kept:
    """One line of a list of results."""

    path: Path
    name: str
    question_set: str
    when: datetime
    questions: int
    retrieval_only: bool
    models: tuple[str, ...]
    correct: Rate
    recall_at_5: Rate
    planned: int = 0  # questions that were to be asked; 0: not known
    whole: bool = True  # with the words of articles and answers


def kept_results(folders: Sequence[Path]) -> list[Kept]:
    """All results of answers that stand in ``folders``, the newest first. Other files are passed over.

    A result that stands there with its words and without them is listed once, with them.
    """
    found = []
    for folder in folders:
        for path in folder.glob("*.json"):
            try:
                state = path.stat()
            except OSError:  # gone since it was listed
                continue
            kept = _glance(path, state.st_mtime_ns, state.st_size)
            if kept:
                found.append(kept)
    whole = {(kept.question_set, kept.when) for kept in found if kept.whole}
    found = [kept for kept in found if kept.whole or (kept.question_set, kept.when) not in whole]
    return sorted(found, key=lambda kept: kept.when, reverse=True)


def load_result(path: Path) -> EvaluationResult:
    """What ``write_report`` wrote: its passages without sentences and windows; of one without its words see ``from_spans``.

    Raises EvaluationError: the file cannot be read, or is no such result.
    """
    try:
        state = path.stat()
        return _load(path, state.st_mtime_ns, state.st_size)
    except OSError as error:
        raise EvaluationError(
            (f"读不了（{error.strerror}）", f"cannot be read ({error.strerror})"), subject=path.name
        ) from None
    except (ValueError, KeyError, TypeError):
        raise EvaluationError(
            ("不是评测结果，或是较早的版本写的", "not the result of an evaluation, or written by an earlier version"),
            subject=path.name,
            advice=("再评一次", "Run the evaluation again"),
        ) from None


@lru_cache(maxsize=256)
def _glance(path: Path, modified_ns: int, size: int) -> Kept | None:  # noqa: ARG001  # the file's state is its key
    try:
        read = json.loads(path.read_bytes())
        correct, recall = (read["overall"][key] for key in ("correct", "recall_at_5"))
        return Kept(
            path,
            str(read["name"]),
            str(read["question_set"]),
            datetime.fromisoformat(read["when"]),
            len(read["rows"]),
            bool(read["retrieval_only"]),
            tuple(map(str, read["models"])),
            Rate(correct["hits"], correct["total"]),
            Rate(recall["hits"], recall["total"]),
            int(read.get("planned", 0)),
            read.get("layout") != LAYOUT,
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


@lru_cache(maxsize=8)
def _load(path: Path, modified_ns: int, size: int) -> EvaluationResult:  # noqa: ARG001
    read = json.loads(path.read_bytes())
    if read.get("layout") == LAYOUT:
        return _formed(from_spans(read, path))
    passages = {key: {**one, "sentences": (), "windows": ()} for key, one in read["passages_found"].items()}
    for row in read["rows"]:
        _fill(row, passages)
    return _formed(read)


def _formed(read: dict[str, Any]) -> EvaluationResult:
    try:
        return _form().validate_python(read)
    except ValidationError as error:
        raise ValueError(str(error)) from None


def _fill(row: dict[str, Any], passages: dict[str, dict[str, Any]]) -> None:
    """Put back what ``to_json`` wrote once for all rows."""
    for hit in row["hits"]:
        hit["passage"] = passages[hit["passage"]]
    hits = {hit["passage"]["id"]: hit for hit in row["hits"]}
    row["evidence"] = [
        {**item, "hit": hits[item["passage"]], "shown": item["quote"]}
        for item in row["evidence"]
        if item["passage"] in hits
    ]
    if row["answer"]:
        row["answer"]["hits"] = ()


@cache
def _form() -> TypeAdapter[EvaluationResult]:
    return TypeAdapter(EvaluationResult)
