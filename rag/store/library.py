"""The truth: one SQLite file with documents, passages and vectors.

Rollback journal, not WAL: a WAL database cannot be opened from a read-only folder without files beside it, and
writes here are few and whole. A crash leaves a journal, which the next opening plays back.
"""

from __future__ import annotations

import json
import sqlite3
import uuid
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple

import numpy as np

from rag.errors import IndexMissing, StoreError
from rag.store import manifest as manifests
from rag.store import selection
from rag.store.base import Filters, Vectors
from rag.store.manifest import Manifest
from rag.store.sqlite import connect, transaction, translated
from rag.types import ArticleDate, Block, BlockKind, Document, DocumentInfo, Passage, Run, Span

FILE_NAME = "library.sqlite"

# ``row`` is never given twice (AUTOINCREMENT): a search structure that is behind can miss passages, never mix them up.
_SCHEMA = """
CREATE TABLE documents (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, path TEXT NOT NULL, sha256 TEXT NOT NULL, encoding TEXT NOT NULL,
    title TEXT NOT NULL, date_value TEXT, date_precision TEXT, date_reason TEXT,
    characters INTEGER NOT NULL, passages INTEGER NOT NULL,
    source TEXT NOT NULL, text TEXT NOT NULL, runs TEXT NOT NULL, blocks TEXT NOT NULL
);
CREATE TABLE passages (
    row INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,
    document_id TEXT NOT NULL REFERENCES documents (id) ON DELETE CASCADE, ordinal INTEGER NOT NULL,
    start INTEGER NOT NULL, "end" INTEGER NOT NULL, text TEXT NOT NULL, title TEXT NOT NULL, heading TEXT NOT NULL,
    sentences TEXT NOT NULL, windows TEXT NOT NULL,
    vectors BLOB NOT NULL -- float32, little endian, shape (windows, dimension)
);
CREATE INDEX passages_of_document ON passages (document_id);
"""
_PASSAGE = 'id, document_id, ordinal, start, "end", text, title, heading, sentences, windows'
_DOCUMENT = "name, path, sha256, encoding, title, date_value, date_precision, date_reason, source, text, runs, blocks"
_INFO = "id, name, path, sha256, title, date_value, date_precision, date_reason, characters, passages"


class Change(NamedTuple):
    """What one write did, as rows of passages, for the search structures to follow."""

    generation: int
    gone: list[int]
    added: list[int]


class Library:
    """Not safe to use from two threads at once; the store holds a lock around it."""

    def __init__(self, path: Path, connection: sqlite3.Connection, manifest: Manifest) -> None:
        self.path, self.manifest, self._connection = path, manifest, connection

    @classmethod
    def create(cls, path: Path, manifest: Manifest) -> Library:
        """A new, empty library. Raises IndexReadOnly, StoreError."""
        with translated(path):
            connection = connect(path, "rwc")
            try:
                with transaction(connection):
                    manifests.write(connection, replace(manifest, library_id=uuid.uuid4().hex))
                    for statement in _SCHEMA.split(";\n"):
                        connection.execute(statement)
            except BaseException:
                connection.close()
                raise
            return cls(path, connection, manifests.read(connection, path))

    @classmethod
    def open(cls, path: Path, *, read_only: bool = False, lasting: bool = True) -> Library:
        """Raises IndexMissing where there is no file or an empty one, StoreError where it is damaged."""
        if not exists(path):
            raise IndexMissing(
                ("这里还没有索引", "there is no index here yet"),
                subject=str(path.parent),
                advice=("先建立索引：youju index", "Make one first: youju index"),
            )
        with translated(path):
            connection = connect(path, "ro" if read_only else "rw", lasting=lasting)
            try:
                return cls(path, connection, manifests.read(connection, path))
            except BaseException:
                connection.close()
                raise

    def close(self) -> None:
        self._connection.close()

    def __enter__(self) -> Library:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def generation(self) -> int:
        """The present one, whoever wrote last."""
        with translated(self.path):
            row = self._connection.execute("SELECT value FROM manifest WHERE key = 'generation'").fetchone()
        return int(row[0])

    def write(self, document: Document, passages: Sequence[Passage], vectors: Vectors) -> Change:
        """Everything of a document, in place of what it had, in one transaction. Raises IndexReadOnly, StoreError."""
        with translated(self.path), transaction(self._connection):
            gone = self._delete(document.id)
            self._insert_document(document, len(passages))
            added: list[int] = []
            first = 0
            for passage in passages:
                last = first + len(passage.windows)
                added.append(self._insert_passage(passage, vectors[first:last]))
                first = last
            return Change(self._advance(), gone, added)

    def delete(self, document_id: str) -> Change | None:
        """None if it was not there. Raises IndexReadOnly, StoreError."""
        with translated(self.path), transaction(self._connection):
            gone = self._delete(document_id)
            if not self._connection.execute("DELETE FROM documents WHERE id = ?", (document_id,)).rowcount:
                return None
            selection.forget(self._connection, [document_id])
            return Change(self._advance(), gone, [])

    def label(self, document_ids: Collection[str], collection: str) -> None:
        with translated(self.path), transaction(self._connection):
            selection.label(self._connection, document_ids, collection)

    def collections(self) -> dict[str, list[str]]:
        with translated(self.path):
            return selection.collections(self._connection)

    def rows(self, filters: Filters) -> list[int]:
        """Of the passages that ``filters`` allow, in order."""
        with translated(self.path):
            return selection.rows(self._connection, filters)

    def documents(self, ids: Collection[str] | None = None) -> list[DocumentInfo]:
        """By name: all, or those of ``ids`` that are there."""
        chosen = "" if ids is None else "WHERE id IN (SELECT value FROM json_each(?))"
        values = () if ids is None else (json.dumps(list(ids)),)
        with translated(self.path):
            rows = self._connection.execute(
                f"SELECT {_INFO} FROM documents {chosen} ORDER BY name, id", values
            ).fetchall()
        return [
            DocumentInfo(key, name, path, sha256, title, _article_date(*when), characters, passages)
            for key, name, path, sha256, title, *when, characters, passages in rows
        ]

    def document(self, document_id: str) -> Document:
        with translated(self.path):
            row = self._connection.execute(f"SELECT {_DOCUMENT} FROM documents WHERE id = ?", (document_id,)).fetchone()
        if row is None:
            raise StoreError(("索引里没有这篇文章", "there is no such document in the index"), subject=document_id)
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

    def passages(self, ids: Sequence[str]) -> list[Passage]:
        found: list[Passage] = []
        with translated(self.path):
            for row in self._passage_rows(_PASSAGE, ids):
                *named, sentences, windows = row
                names = ("id", "document_id", "ordinal", "start", "end", "text", "title", "heading")
                values = dict(zip(names, named, strict=True))
                found.append(Passage(**values, sentences=_spans(sentences), windows=_spans(windows)))
        return found

    def window_vectors(self, ids: Sequence[str]) -> list[Vectors]:
        """Of each passage, in the order asked for; shape (windows, dimension)."""
        with translated(self.path):
            return [self._unpack(data) for (data,) in self._passage_rows("vectors", ids)]

    def identify(self, rows: Sequence[int]) -> dict[int, tuple[str, tuple[Span, ...]]]:
        """Row → (passage id, its windows); rows that are no more are left out."""
        with translated(self.path):
            query = "SELECT row, id, windows FROM passages WHERE row IN (SELECT value FROM json_each(?))"
            found = self._connection.execute(query, (json.dumps(list(rows)),)).fetchall()
        return {row: (passage_id, _spans(windows)) for row, passage_id, windows in found}

    def vectors(self) -> Iterator[tuple[int, Vectors]]:
        """Row and vectors of every passage, shape (windows, dimension)."""
        with translated(self.path):
            for row, data in self._connection.execute("SELECT row, vectors FROM passages ORDER BY row"):
                yield row, self._unpack(data)

    def texts(self) -> Iterator[tuple[int, str, str, str]]:
        """Row, text, title and heading of every passage."""
        with translated(self.path):
            yield from self._connection.execute("SELECT row, text, title, heading FROM passages ORDER BY row")

    def _passage_rows(self, columns: str, ids: Sequence[str]) -> Iterator[tuple[Any, ...]]:
        for passage_id in ids:
            row = self._connection.execute(f"SELECT {columns} FROM passages WHERE id = ?", (passage_id,)).fetchone()
            if row is None:
                raise StoreError(("索引里没有这一段", "there is no such passage in the index"), subject=passage_id)
            yield row

    def _unpack(self, data: bytes) -> Vectors:
        return np.frombuffer(data, dtype="<f4").astype(np.float32).reshape(-1, self.manifest.dimension)

    def _delete(self, document_id: str) -> list[int]:
        query = "SELECT row FROM passages WHERE document_id = ? ORDER BY row"
        gone = [row for (row,) in self._connection.execute(query, (document_id,))]
        self._connection.execute("DELETE FROM passages WHERE document_id = ?", (document_id,))
        return gone

    def _insert_document(self, document: Document, passages: int) -> None:
        when = document.date
        values = {
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
        self._connection.execute("DELETE FROM documents WHERE id = ?", (document.id,))
        self._connection.execute(
            f"INSERT INTO documents ({', '.join(values)}) VALUES ({', '.join('?' * len(values))})",
            list(values.values()),
        )

    def _insert_passage(self, passage: Passage, vectors: Vectors) -> int:
        data = np.ascontiguousarray(vectors, dtype="<f4").tobytes()
        cursor = self._connection.execute(
            f"INSERT INTO passages ({_PASSAGE}, vectors) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                passage.id,
                passage.document_id,
                passage.ordinal,
                passage.start,
                passage.end,
                passage.text,
                passage.title,
                passage.heading,
                json.dumps(passage.sentences),
                json.dumps(passage.windows),
                data,
            ),
        )
        assert cursor.lastrowid is not None
        return cursor.lastrowid

    def _advance(self) -> int:
        self._connection.execute("UPDATE manifest SET value = CAST(value AS INTEGER) + 1 WHERE key = 'generation'")
        query = "SELECT value FROM manifest WHERE key = 'generation'"
        return int(self._connection.execute(query).fetchone()[0])


def exists(path: Path) -> bool:
    """Whether a library was ever finished there; making one that broke off leaves an empty file."""
    with translated(path):
        return path.is_file() and path.stat().st_size > 0


def _spans(text: str) -> tuple[Span, ...]:
    return tuple(Span(*span) for span in json.loads(text))


def _article_date(value: str | None, precision: str | None, reason: str | None) -> ArticleDate | None:
    if value is None or precision is None:
        return None
    return ArticleDate(date.fromisoformat(value), precision, reason or "")
