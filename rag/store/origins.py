"""Where the texts of documents come from, in the library's file: pages and boxes, cells, nodes.

A table of its own, as ``times`` is one: a library from before it stays readable as it is, and a plain text has none.
"""

from __future__ import annotations

import json
import sqlite3
import zlib

from rag.origins import Origins

# Made with the first origins that are written, as selection makes its own.
_SCHEMA = """CREATE TABLE IF NOT EXISTS origins (
    document_id TEXT PRIMARY KEY REFERENCES documents (id) ON DELETE CASCADE,
    fragments TEXT NOT NULL, -- JSON: [start, length, page | [sheet, cell] | [path]] each
    pages TEXT NOT NULL, -- JSON: [width, height, label, [[left, right], …]] each
    boxes BLOB NOT NULL -- zlib: four float32 a character
) WITHOUT ROWID"""


def write(connection: sqlite3.Connection, document_id: str, origins: Origins) -> None:
    """Keep where a document's text comes from. To be called in a transaction, with none kept before."""
    if origins:
        connection.execute(_SCHEMA)
        fragments, pages = (json.dumps(told, ensure_ascii=False) for told in origins.told())
        values = (document_id, fragments, pages, zlib.compress(origins.boxes, 1))
        connection.execute("INSERT INTO origins VALUES (?, ?, ?, ?)", values)


def read(connection: sqlite3.Connection, document_id: str) -> Origins:
    """Of a document; empty where nothing is kept."""
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'origins'").fetchone():
        return Origins()
    query = "SELECT fragments, pages, boxes FROM origins WHERE document_id = ?"
    found = connection.execute(query, (document_id,)).fetchone()
    return Origins.heard(json.loads(found[0]), json.loads(found[1]), zlib.decompress(found[2])) if found else Origins()
