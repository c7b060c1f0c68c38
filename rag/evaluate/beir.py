"""Folders in the layout of BEIR (Thakur et al. 2021, arXiv:2104.08663).

::

    corpus.jsonl    {"_id": "p1", "title": "", "text": "…"}
    queries.jsonl   {"_id": "q1", "text": "…", "metadata": {"date": "2024-11-12"}}    metadata may be missing
    qrels/test.tsv  query-id <tab> corpus-id <tab> score, the first line naming the columns
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from rag.errors import EvaluationError

_SEED = 20  # of the sample that ``limit`` takes: the same questions every time
_DATE = re.compile(r"\s*(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")  # sets are not strict: 2020-6-30


@dataclass(frozen=True, slots=True)
class CorpusPassage:
    id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class BeirQuery:
    id: str
    text: str
    today: date | None  # when it is asked
    kind: str  # ``metadata.temporal_type``, ``metadata.type`` or ""


@dataclass(frozen=True, slots=True)
class Dataset:
    """A corpus, the judged queries, and which passages answer each: query id → passage id → grade (above 0)."""

    name: str
    corpus: tuple[CorpusPassage, ...]
    queries: tuple[BeirQuery, ...]
    qrels: dict[str, dict[str, int]]


def load_beir(folder: Path, *, limit: int | None = None) -> Dataset:
    """Read a folder; ``limit``: a sample of so many queries, the same every time.

    Judgements are ``qrels/test.tsv``, or where there is none all of ``qrels/*.tsv``. Queries without a passage that
    answers them are left out. Raises EvaluationError naming file and line.
    """
    corpus = [
        CorpusPassage(row["_id"], str(row.get("title") or ""), row["text"]) for _, row in _rows(folder / "corpus.jsonl")
    ]
    judged = _judgements(folder / "qrels")
    asked = [_query(row, place) for place, row in _rows(folder / "queries.jsonl") if row["_id"] in judged]
    if not corpus or not asked:
        raise EvaluationError(
            ("没有可评的问题或段落", "there is nothing to evaluate: no judged query, or no passage"),
            subject=str(folder),
            advice=(
                "检查 qrels 里的编号是否与 queries.jsonl 一致",
                "Check that the ids in qrels are those of queries.jsonl",
            ),
        )
    whole = Dataset(folder.resolve().name, tuple(corpus), tuple(asked), {q.id: judged[q.id] for q in asked})
    return whole if limit is None else sample(whole, limit)


def sample(dataset: Dataset, limit: int) -> Dataset:
    """``limit`` of the queries, in their order, over the whole corpus."""
    if limit >= len(dataset.queries):
        return dataset
    kept = sorted(random.Random(_SEED).sample(range(len(dataset.queries)), limit))
    queries = tuple(dataset.queries[at] for at in kept)
    return replace(dataset, queries=queries, qrels={query.id: dataset.qrels[query.id] for query in queries})


def _rows(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Place and row of each line; an id given twice is an error."""
    seen: set[str] = set()
    for number, line in _lines(path):
        place = f"{path}:{number}"
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise EvaluationError(
                (f"不是合法的 JSON：{error.msg}", f"not valid JSON: {error.msg}"), subject=place
            ) from None
        if (
            not isinstance(row, dict)
            or not isinstance(row.get("_id"), str | int)
            or not isinstance(row.get("text"), str)
        ):
            raise EvaluationError(
                ("应是含 _id 和 text 的 JSON 对象", "should be an object with _id and text"), subject=place
            )
        row["_id"] = str(row["_id"])
        if row["_id"] in seen:
            raise EvaluationError((f"编号 {row['_id']} 已经用过", f"the id {row['_id']} is taken"), subject=place)
        seen.add(row["_id"])
        yield place, row


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="\n") as file:
            for number, line in enumerate(file, 1):
                if line.strip():
                    yield number, line.rstrip("\r\n")
    except OSError as error:
        raise EvaluationError(
            (f"读不了（{error.strerror}）", f"cannot be read ({error.strerror})"),
            subject=str(path),
            advice=(
                "BEIR 文件夹要有 corpus.jsonl、queries.jsonl 和 qrels/*.tsv",
                "A BEIR folder has corpus.jsonl, queries.jsonl and qrels/*.tsv",
            ),
        ) from None
    except UnicodeDecodeError:
        raise EvaluationError(("不是 UTF-8 编码", "not UTF-8"), subject=str(path)) from None


def _query(row: dict[str, Any], place: str) -> BeirQuery:
    metadata = row.get("metadata")
    said = metadata if isinstance(metadata, dict) else {}
    kind = said.get("temporal_type") or said.get("type") or ""
    return BeirQuery(row["_id"], row["text"], _day(said.get("date"), place), str(kind))


def _day(value: Any, place: str) -> date | None:
    if value in (None, ""):
        return None
    match = _DATE.match(str(value))
    try:
        if match is None:
            raise ValueError(value)
        return date(*(int(part) for part in match.groups()))
    except ValueError:
        raise EvaluationError((f"{value!r} 不是日期", f"{value!r} is not a date"), subject=f"{place} [date]") from None


def _judgements(folder: Path) -> dict[str, dict[str, int]]:
    files = [folder / "test.tsv"] if (folder / "test.tsv").is_file() else sorted(folder.glob("*.tsv"))
    if not files:
        raise EvaluationError(("里面没有 .tsv 文件", "there is no .tsv file in it"), subject=str(folder))
    judged: dict[str, dict[str, int]] = {}
    for path in files:
        for number, line in _lines(path):
            try:
                query, passage, *rest = line.split("\t")
                grade = int(float(rest[-1])) if rest else 1
            except ValueError:
                if number == 1:
                    continue  # the names of the columns
                raise EvaluationError(
                    ("应是制表符分开的三列", "should be three columns with tabs between"), subject=f"{path}:{number}"
                ) from None
            if grade > 0:
                judged.setdefault(query, {})[passage] = grade
    return judged
