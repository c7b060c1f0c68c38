"""The rows of tables in the library's file, by passage.

A table of its own, as ``times`` is one: a library from before it stays readable as it is, and few passages have any.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence

from rag.rows import Cell, Row

# Made with the first rows that are written, as selection makes its own.
_SCHEMA = """CREATE TABLE IF NOT EXISTS table_rows (
    row INTEGER PRIMARY KEY REFERENCES passages (row) ON DELETE CASCADE,
    cells TEXT NOT NULL -- JSON: [start, end, [[start, end, column, unit], …], caption] each
)"""


def write(connection: sqlite3.Connection, rows: Sequence[tuple[int, tuple[Row, ...]]]) -> None:
    """Keep the rows of passages, by the place of each passage. To be called in a transaction."""
    held = [(place, json.dumps(found, ensure_ascii=False)) for place, found in rows if found]
    if held:
        connection.execute(_SCHEMA)
        connection.executemany("INSERT OR REPLACE INTO table_rows VALUES (?, ?)", held)


def read(connection: sqlite3.Connection, places: Sequence[int] | None = None) -> dict[int, tuple[Row, ...]]:
    """Place of a passage → its rows, of those (or all) that have any."""
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'table_rows'").fetchone():
        return {}
    chosen = "" if places is None else " WHERE row IN (SELECT value FROM json_each(?))"
    values = () if places is None else (json.dumps(list(places)),)
    found = connection.execute(f"SELECT row, cells FROM table_rows{chosen}", values)
    return {place: _unpacked(text) for place, text in found}


def _unpacked(text: str) -> tuple[Row, ...]:
    return tuple(
        Row(start, end, tuple(Cell(*cell) for cell in cells), caption)
        for start, end, cells, caption in json.loads(text)
    )
