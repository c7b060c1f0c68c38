"""Which passages a search may look at: collections of documents, and filters as rows of passages."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection

from rag.store.base import Filters

# Made when the first label is put: an index from before there were collections stays readable, also read-only.
_SCHEMA = "CREATE TABLE IF NOT EXISTS collections (document_id TEXT PRIMARY KEY, name TEXT NOT NULL) WITHOUT ROWID"
# As much of a date as is known: 2024-03-18, 2024-03 or 2024. Compared with as much of the other.
_KNOWN = "substr(date_value, 1, CASE date_precision WHEN 'day' THEN 10 WHEN 'month' THEN 7 ELSE 4 END)"

_QUOTED_ESCAPE = "'!'"  # of LIKE


def label(connection: sqlite3.Connection, document_ids: Collection[str], collection: str) -> None:
    """Put documents into a collection; "": into none. To be called in a transaction."""
    connection.execute(_SCHEMA)
    rows = [(document_id, collection) for document_id in document_ids]
    if collection:
        connection.executemany("INSERT OR REPLACE INTO collections VALUES (?, ?)", rows)
    else:
        forget(connection, document_ids)


def forget(connection: sqlite3.Connection, document_ids: Collection[str]) -> None:
    """Take documents out of their collections."""
    if _has_collections(connection):
        connection.executemany("DELETE FROM collections WHERE document_id = ?", [(key,) for key in document_ids])


def collections(connection: sqlite3.Connection) -> dict[str, list[str]]:
    """Name → ids of its documents, both in order."""
    found: dict[str, list[str]] = {}
    if _has_collections(connection):
        for name, key in connection.execute("SELECT name, document_id FROM collections ORDER BY name, document_id"):
            found.setdefault(name, []).append(key)
    return found


def rows(connection: sqlite3.Connection, filters: Filters) -> list[int]:
    """Rows of all passages of the documents that ``filters`` allow, in order."""
    wanted: list[str] = []
    values: list[str] = []

    def listed(words: Collection[str]) -> str:
        values.append(json.dumps(list(words)))
        return "(SELECT value FROM json_each(?))"

    if filters.documents:
        columns = [f"{column} IN {listed(filters.documents)}" for column in ("id", "name", "path")]
        wanted.append(f"({' OR '.join(columns)})")
    if filters.collections:
        if not _has_collections(connection):
            return []
        wanted.append(f"id IN (SELECT document_id FROM collections WHERE name IN {listed(filters.collections)})")
    for day, sign in ((filters.since, ">="), (filters.until, "<=")):
        if day is not None:
            values.append(day.isoformat())
            wanted.append(f"{_KNOWN} {sign} substr(?, 1, length({_KNOWN}))")
    if filters.types:
        endings = [f"%.{_escaped(kind.lstrip('.').lower())}" for kind in filters.types]
        values += endings
        wanted.append(f"({' OR '.join(['lower(path) LIKE ? ESCAPE ' + _QUOTED_ESCAPE] * len(endings))})")
    query = f"""SELECT row FROM passages WHERE document_id IN (
        SELECT id FROM documents WHERE {" AND ".join(wanted) or "TRUE"}) ORDER BY row"""
    return [row for (row,) in connection.execute(query, values)]


def _escaped(text: str) -> str:
    """``text`` as LIKE takes it word for word, with "!" as the escape."""
    return text.replace("!", "!!").replace("%", "!%").replace("_", "!_")


def _has_collections(connection: sqlite3.Connection) -> bool:
    query = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'collections'"
    return connection.execute(query).fetchone() is not None
