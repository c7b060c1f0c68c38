"""The truth: one SQLite file with documents, passages and vectors.

Rollback journal, not WAL: a WAL database cannot be opened from a read-only folder without files beside it, and
writes here are few and whole. A crash leaves a journal, which the next opening plays back.
"""

from __future__ import annotations

import json
import sqlite3
import uuid
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple

import numpy as np

from rag.errors import IndexMissing, StoreError
from rag.rows import read
from rag.store import manifest as manifests
from rag.store import origins, records, rows, selection, times
from rag.store.base import Filters, Vectors
from rag.store.manifest import Manifest
from rag.store.sqlite import connect, transaction, translated
from rag.times import Times
from rag.types import ArticleDate, Document, DocumentInfo, Passage, Span

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

Resolve = Callable[[Passage, ArticleDate | None], Times]  # a passage and its article's date → its times


class Change(NamedTuple):
    """What one write did, as rows of passages, for the search structures to follow."""

    generation: int
    gone: list[int]
    added: list[int]


class Library:
    """Read by one thread at a time and changed by one; the store holds locks around it.

    What changes it has a connection of its own, so that it can be read as it was until the change is committed.
    """

    def __init__(self, path: Path, connection: sqlite3.Connection, manifest: Manifest, *, lasting: bool = True) -> None:
        self.path, self.manifest, self._connection, self._lasting = path, manifest, connection, lasting
        self._changed: sqlite3.Connection | None = None
        self.splitter_version = manifest.splitter_version  # of what makes the passages that are written

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
                return cls(path, connection, manifests.read(connection, path), lasting=lasting)
            except BaseException:
                connection.close()
                raise

    def close(self) -> None:
        self._connection.close()
        if self._changed is not None:
            self._changed.close()

    def __enter__(self) -> Library:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @contextmanager
    def changing(self) -> Iterator[None]:
        """All that is written inside, or nothing of it: committed when it is left. Raises IndexReadOnly, StoreError.

        Readers see the state before it; at the end, while it is committed, nobody may read.
        """
        with translated(self.path), transaction(self._writer()):
            yield

    def generation(self) -> int:
        """The present one, whoever wrote last."""
        with translated(self.path):
            row = self._connection.execute("SELECT value FROM manifest WHERE key = 'generation'").fetchone()
        return int(row[0])

    def write(self, document: Document, passages: Sequence[Passage], vectors: Vectors) -> Change:
        """Everything of a document, in place of what it had. To be called in ``changing``. Raises StoreError."""
        with translated(self.path):
            gone = self._delete(document.id)
            self._writer().execute("DELETE FROM documents WHERE id = ?", (document.id,))
            self._insert("documents", records.document_values(document, len(passages)))
            origins.write(self._writer(), document.id, document.origins)
            added: list[int] = []
            first = 0
            for passage in passages:
                last = first + len(passage.windows)
                added.append(self._insert("passages", records.passage_values(passage, vectors[first:last])))
                first = last
            known = [(row, p.times) for row, p in zip(added, passages, strict=True) if p.times is not None]
            times.write(self._writer(), known)
            rows.write(self._writer(), [(row, p.rows) for row, p in zip(added, passages, strict=True)])
            return Change(self._advance(), gone, added)

    def delete(self, document_id: str) -> Change | None:
        """None if it was not there. To be called in ``changing``. Raises StoreError."""
        with translated(self.path):
            gone = self._delete(document_id)
            if not self._writer().execute("DELETE FROM documents WHERE id = ?", (document_id,)).rowcount:
                return None
            selection.forget(self._writer(), [document_id])
            return Change(self._advance(), gone, [])

    def label(self, document_ids: Collection[str], collection: str) -> None:
        """To be called in ``changing``."""
        with translated(self.path):
            selection.label(self._writer(), document_ids, collection)

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
            found = self._connection.execute(
                f"SELECT {records.INFO} FROM documents {chosen} ORDER BY name, id", values
            ).fetchall()
        return [records.info(row) for row in found]

    def document(self, document_id: str) -> Document:
        with translated(self.path):
            row = self._connection.execute(
                f"SELECT {records.DOCUMENT} FROM documents WHERE id = ?", (document_id,)
            ).fetchone()
            known = origins.read(self._connection, document_id)
        if row is None:
            raise StoreError(("索引里没有这篇文章", "there is no such document in the index"), subject=document_id)
        return replace(records.document(document_id, row), origins=known)

    def passages(self, ids: Sequence[str]) -> list[Passage]:
        with translated(self.path):
            found = list(self._passage_rows(f"row, {records.PASSAGE}", ids))
            places = [row for row, *_ in found]
            known, held = times.read(self._connection, places), rows.read(self._connection, places)
        return [records.passage(values, known.get(row), held.get(row, ())) for row, *values in found]

    def stale_times(self, resolver: str) -> bool:
        """Whether there is a passage that has no times of ``resolver``."""
        with translated(self.path):
            return bool(times.stale(self._connection, resolver))

    def renew_times(self, resolver: str, resolve: Resolve, tell: Callable[[int, int], None]) -> int:
        """Resolve the times of all these passages; how many they were. To be called in ``changing``.

        ``tell``: documents done, of how many. Raises StoreError.
        """
        with translated(self.path):
            stale = times.stale(self._connection, resolver)
            for done, (document_id, ids) in enumerate(stale.items(), 1):
                (info,) = self.documents([document_id])
                found = [resolve(passage, info.date) for passage in self.passages(ids)]
                places = [row for (row,) in self._passage_rows("row", ids)]
                times.write(self._writer(), list(zip(places, found, strict=True)))
                tell(done, len(stale))
            return sum(len(ids) for ids in stale.values())

    def window_vectors(self, ids: Sequence[str]) -> list[Vectors]:
        """Of each passage, in the order asked for; shape (windows, dimension)."""
        with translated(self.path):
            return [self._unpack(data) for (data,) in self._passage_rows("vectors", ids)]

    def identify(self, rows: Sequence[int]) -> dict[int, tuple[str, tuple[Span, ...]]]:
        """Row → (passage id, its windows); rows that are no more are left out."""
        with translated(self.path):
            query = "SELECT row, id, windows FROM passages WHERE row IN (SELECT value FROM json_each(?))"
            found = self._connection.execute(query, (json.dumps(list(rows)),)).fetchall()
        return {row: (passage_id, records.spans(windows)) for row, passage_id, windows in found}

    def vectors(self, *, writer: bool = False) -> Iterator[tuple[int, Vectors]]:
        """Row and vectors of every passage, shape (windows, dimension). ``writer``: for the one thread that may change it."""
        with translated(self.path):
            for row, data in (self._writer() if writer else self._connection).execute(
                "SELECT row, vectors FROM passages ORDER BY row"
            ):
                yield row, self._unpack(data)

    def texts(self, *, writer: bool = False) -> Iterator[tuple[int, str, str, str]]:
        """Row, text (as it is read), title and heading of every passage. ``writer``: for the one thread that may change it."""
        connection = self._writer() if writer else self._connection
        with translated(self.path):
            held = rows.read(connection)
            query = "SELECT row, text, title, heading, start FROM passages ORDER BY row"
            for row, text, title, heading, start in connection.execute(query):
                yield row, read(text, start, held[row]) if row in held else text, title, heading

    def _passage_rows(self, columns: str, ids: Sequence[str]) -> Iterator[tuple[Any, ...]]:
        for passage_id in ids:
            row = self._connection.execute(f"SELECT {columns} FROM passages WHERE id = ?", (passage_id,)).fetchone()
            if row is None:
                raise StoreError(("索引里没有这一段", "there is no such passage in the index"), subject=passage_id)
            yield row

    def _writer(self) -> sqlite3.Connection:
        if self._changed is None:
            self._changed = connect(self.path, "rw", lasting=self._lasting)
            # Pages that spill to the file before the end would lock readers out from then on.
            self._changed.execute("PRAGMA cache_spill = OFF")
        return self._changed

    def _unpack(self, data: bytes) -> Vectors:
        return np.frombuffer(data, dtype="<f4").astype(np.float32).reshape(-1, self.manifest.dimension)

    def _delete(self, document_id: str) -> list[int]:
        query = "SELECT row FROM passages WHERE document_id = ? ORDER BY row"
        gone = [row for (row,) in self._writer().execute(query, (document_id,))]
        self._writer().execute("DELETE FROM passages WHERE document_id = ?", (document_id,))
        return gone

    def _insert(self, table: str, values: dict[str, Any]) -> int:
        cursor = self._writer().execute(
            f"INSERT INTO {table} ({', '.join(values)}) VALUES ({', '.join('?' * len(values))})", list(values.values())
        )
        assert cursor.lastrowid is not None
        return cursor.lastrowid

    def _advance(self) -> int:
        manifests.advance(self._writer(), self.splitter_version)
        query = "SELECT value FROM manifest WHERE key = 'generation'"
        return int(self._writer().execute(query).fetchone()[0])


def exists(path: Path) -> bool:
    """Whether a library was ever finished there; making one that broke off leaves an empty file."""
    with translated(path):
        return path.is_file() and path.stat().st_size > 0
