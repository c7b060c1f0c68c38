"""Folders in the layout of BEIR (Thakur et al. 2021, arXiv:2104.08663).

::

    corpus.jsonl    {"_id": "p1", "title": "", "text": "…"}
    queries.jsonl   {"_id": "q1", "text": "…", "metadata": {"date": "2024-11-12"}}    metadata may be missing
    qrels/test.tsv  query-id <tab> corpus-id <tab> score, the first line naming the columns
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from rag.errors import EvaluationError
from rag.evaluate.days import written_day

_SEED = 20  # of the sample that ``limit`` takes: the same questions every time


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
    left_out: tuple[EvaluationError, ...] = ()  # rows that could not be used, each with its file and line


def load_beir(folder: Path, *, limit: int | None = None) -> Dataset:
    """Read a folder; ``limit``: a sample of so many queries, the same every time.

    Judgements are ``qrels/test.tsv``, or where there is none all of ``qrels/*.tsv``. Queries without a passage that
    answers them are left out; so are rows that cannot be used, which ``left_out`` names. Raises EvaluationError: a file
    cannot be read, or nothing is left.
    """
    bad: list[EvaluationError] = []
    corpus = [
        CorpusPassage(row["_id"], str(row.get("title") or ""), row["text"])
        for _, row in _rows(folder / "corpus.jsonl", bad)
    ]
    judged = _judgements(folder / "qrels", bad)
    asked = []
    for place, row in _rows(folder / "queries.jsonl", bad):
        if row["_id"] in judged:
            try:
                asked.append(_query(row, place))
            except EvaluationError as error:
                bad.append(error)
    if not corpus or not asked:
        zh, en = told(bad)
        raise EvaluationError(
            (f"没有可评的问题或段落{zh}", f"there is nothing to evaluate: no judged query, or no passage{en}"),
            subject=str(folder),
            advice=(
                "检查 qrels 里的编号是否与 queries.jsonl 一致",
                "Check that the ids in qrels are those of queries.jsonl",
            ),
        )
    qrels = {q.id: judged[q.id] for q in asked}
    whole = Dataset(folder.resolve().name, tuple(corpus), tuple(asked), qrels, tuple(bad))
    return whole if limit is None else sample(whole, limit)


def told(left_out: Sequence[EvaluationError]) -> tuple[str, str]:
    """In brackets, Chinese and English: how many rows were left out, and the first of them; "" where none was."""
    if not left_out:
        return "", ""
    count, first = len(left_out), left_out[0]
    return (
        f"（{count} 行用不了，没有算进来，如 {first.text('zh')}）",
        f" ({count} rows could not be used and are left out, such as {first.text('en')})",
    )


def sample(dataset: Dataset, limit: int) -> Dataset:
    """``limit`` of the queries, in their order, over the whole corpus."""
    if limit >= len(dataset.queries):
        return dataset
    kept = sorted(random.Random(_SEED).sample(range(len(dataset.queries)), limit))
    queries = tuple(dataset.queries[at] for at in kept)
    return replace(dataset, queries=queries, qrels={query.id: dataset.qrels[query.id] for query in queries})


def _rows(path: Path, bad: list[EvaluationError]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Place and row of each line; what is no row, or bears the id of an earlier one, is added to ``bad``."""
    seen: set[str] = set()
    for number, line in _lines(path):
        place = f"{path}:{number}"
        try:
            row = _row(line, place)
        except EvaluationError as error:
            bad.append(error)
            continue
        if row["_id"] in seen:
            taken = (f"编号 {row['_id']} 已经用过", f"the id {row['_id']} is taken")
            bad.append(EvaluationError(taken, subject=place))
            continue
        seen.add(row["_id"])
        yield place, row


def _row(line: str, place: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except (json.JSONDecodeError, RecursionError) as error:
        said = getattr(error, "msg", "too deep")
        raise EvaluationError((f"不是合法的 JSON：{said}", f"not valid JSON: {said}"), subject=place) from None
    if not isinstance(row, dict) or not isinstance(row.get("_id"), str | int) or not isinstance(row.get("text"), str):
        raise EvaluationError(
            ("应是含 _id 和 text 的 JSON 对象", "should be an object with _id and text"), subject=place
        )
    return row | {"_id": str(row["_id"])}


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
    found = written_day(str(value))
    if found is None:
        raise EvaluationError((f"{value!r} 不是日期", f"{value!r} is not a date"), subject=f"{place} [date]")
    return found


def _judgements(folder: Path, bad: list[EvaluationError]) -> dict[str, dict[str, int]]:
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
                if number > 1:  # else the names of the columns
                    wrong = ("应是制表符分开的三列", "should be three columns with tabs between")
                    bad.append(EvaluationError(wrong, subject=f"{path}:{number}"))
                continue
            if grade > 0:
                judged.setdefault(query, {})[passage] = grade
    return judged
