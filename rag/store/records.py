"""Documents and passages as rows of the library's tables, and back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np

from rag.rows import Row
from rag.store.base import Vectors
from rag.times import Times
from rag.types import ArticleDate, Block, BlockKind, Document, DocumentInfo, Passage, Run, Span

# Columns, in the order in which the functions below take them.
PASSAGE = 'id, document_id, ordinal, start, "end", text, title, heading, sentences, windows'
DOCUMENT = "name, path, sha256, encoding, title, date_value, date_precision, date_reason, source, text, runs, blocks"
INFO = "id, name, path, sha256, title, date_value, date_precision, date_reason, characters, passages"


def document_values(document: Document, passages: int) -> dict[str, Any]:
    """Column → value. ``passages``: how many it has."""
    when = document.date
    return {
        "id": document.id,
        "name": document.name,
        "path": document.path,
        "sha256": document.sha256,
        "encoding": document.encoding,
        "title": document.title,
        "date_value": when and when.value.isoformat(),
        "date_precision": when and when.precision,
        "date_reason": when and when.reason,
        "characters": len(document.text),
        "passages": passages,
        "source": document.source,
        "text": document.text,
        "runs": json.dumps(document.runs),
        "blocks": json.dumps(document.blocks),
    }


def passage_values(passage: Passage, vectors: Vectors) -> dict[str, Any]:
    """Column → value. ``vectors``: of its windows; its times and the rows of tables stand elsewhere."""
    return {
        "id": passage.id,
        "document_id": passage.document_id,
        "ordinal": passage.ordinal,
        "start": passage.start,
        '"end"': passage.end,
        "text": passage.text,
        "title": passage.title,
        "heading": passage.heading,
        "sentences": json.dumps(passage.sentences),
        "windows": json.dumps(passage.windows),
        "vectors": np.ascontiguousarray(vectors, dtype="<f4").tobytes(),
    }


def info(row: Sequence[Any]) -> DocumentInfo:
    key, name, path, sha256, title, *when, characters, passages = row
    return DocumentInfo(key, name, path, sha256, title, _article_date(*when), characters, passages)


def document(document_id: str, row: Sequence[Any]) -> Document:
    name, path, sha256, encoding, title, *when, source, text, runs, blocks = row
    return Document(
        document_id,
        name,
        path,
        sha256,
        encoding,
        title,
        _article_date(*when),
        source,
        text,
        tuple(Run(*run) for run in json.loads(runs)),
        tuple(Block(BlockKind(kind), start, end) for kind, start, end in json.loads(blocks)),
    )


def passage(row: Sequence[Any], times: Times | None, rows: tuple[Row, ...]) -> Passage:
    key, document_id, ordinal, start, end, text, title, heading, *inside = row
    sentences, windows = map(spans, inside)
    return Passage(key, document_id, ordinal, start, end, text, title, heading, sentences, windows, times, rows)


def spans(text: str) -> tuple[Span, ...]:
    return tuple(Span(*span) for span in json.loads(text))


def _article_date(value: str | None, precision: str | None, reason: str | None) -> ArticleDate | None:
    if value is None or precision is None:
        return None
    return ArticleDate(date.fromisoformat(value), precision, reason or "")
