"""The times of passages in the library's file.

A table of its own, not a column: a library from before it stays readable as it is, and resolving anew does not write
the vectors again. ``row`` is that of the passage, which is never given twice: what belongs to a passage that was
replaced, by whatever program, is gone with it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from datetime import date

from rag.times import NamedTime, Times

# Made with the first times that are written, as selection makes its own.
_SCHEMA = """CREATE TABLE IF NOT EXISTS times (
    row INTEGER PRIMARY KEY REFERENCES passages (row) ON DELETE CASCADE,
    resolver TEXT NOT NULL,
    stretches TEXT NOT NULL, -- JSON: [first day, last day] each, 0001-01-01 is 1
    named TEXT NOT NULL -- JSON: [start, end, first day, last day, what is unsaid, whether compared] each; days as above
)"""


def write(connection: sqlite3.Connection, rows: Sequence[tuple[int, Times]]) -> None:
    """Keep the times of passages, by row, in place of what they had. To be called in a transaction."""
    if rows:
        connection.execute(_SCHEMA)
        values = [(row, t.resolver, json.dumps(t.stretches), _packed(t.named)) for row, t in rows]
        connection.executemany("INSERT OR REPLACE INTO times VALUES (?, ?, ?, ?)", values)


def read(connection: sqlite3.Connection, rows: Sequence[int]) -> dict[int, Times]:
    """Row → its times; rows without any are left out."""
    if not _has_times(connection):
        return {}
    query = "SELECT row, resolver, stretches, named FROM times WHERE row IN (SELECT value FROM json_each(?))"
    found = connection.execute(query, (json.dumps(list(rows)),))
    return {
        row: Times(resolver, tuple((first, last) for first, last in json.loads(stretches)), _unpacked(named))
        for row, resolver, stretches, named in found
    }


def stale(connection: sqlite3.Connection, resolver: str) -> dict[str, list[str]]:
    """Documents with passages that have no times of ``resolver``: id → ids of these passages."""
    current = "SELECT row FROM times WHERE resolver = ?" if _has_times(connection) else "SELECT ? WHERE FALSE"
    query = f"SELECT document_id, id FROM passages WHERE row NOT IN ({current}) ORDER BY document_id, ordinal"
    found: dict[str, list[str]] = {}
    for document_id, passage_id in connection.execute(query, (resolver,)):
        found.setdefault(document_id, []).append(passage_id)
    return found


def _packed(named: Sequence[NamedTime]) -> str:
    return json.dumps(
        [
            (start, end, first and first.toordinal(), last and last.toordinal(), unsaid, compared)
            for start, end, first, last, unsaid, compared in named
        ],
        ensure_ascii=False,
    )


def _unpacked(text: str) -> tuple[NamedTime, ...]:
    return tuple(
        NamedTime(start, end, _day(first), _day(last), unsaid, compared)
        for start, end, first, last, unsaid, compared in json.loads(text)
    )


def _day(ordinal: int | None) -> date | None:
    return None if ordinal is None else date.fromordinal(ordinal)


def _has_times(connection: sqlite3.Connection) -> bool:
    query = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'times'"
    return connection.execute(query).fetchone() is not None
