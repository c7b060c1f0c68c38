"""What an index remembers of its own making."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from dataclasses import asdict, dataclass
from pathlib import Path

from rag import __version__
from rag.errors import IndexMismatch, StoreError
from rag.store.sqlite import REBUILD_ADVICE

SCHEMA_VERSION = 1


@dataclass(frozen=True, slots=True)
class Manifest:
    """What made an index, and where it stands."""

    embedder_name: str
    embedder_fingerprint: str
    dimension: int
    splitter_version: str  # of what was put last
    library_id: str = ""  # drawn when the library is made
    schema_version: int = SCHEMA_VERSION
    created_by: str = f"youju {__version__}"
    generation: int = 0  # one more with every write


def write(connection: sqlite3.Connection, manifest: Manifest) -> None:
    connection.execute("CREATE TABLE manifest (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID")
    rows = [(key, str(value)) for key, value in asdict(manifest).items()]
    connection.executemany("INSERT INTO manifest VALUES (?, ?)", rows)


def read(connection: sqlite3.Connection, path: Path) -> Manifest:
    """Raises StoreError where the database is none of ours, IndexMismatch where a later version made it."""
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'manifest'").fetchone():
        raise _foreign(path)
    values = dict(connection.execute("SELECT key, value FROM manifest"))
    try:
        for name in ("dimension", "schema_version", "generation"):
            values[name] = int(values[name])
        manifest = Manifest(**values)
    except (KeyError, TypeError, ValueError) as error:
        raise _foreign(path) from error
    if manifest.schema_version != SCHEMA_VERSION:
        raise IndexMismatch(
            (
                f"索引的格式是第 {manifest.schema_version} 版（{manifest.created_by}），本程序用第 {SCHEMA_VERSION} 版",
                f"the index has format {manifest.schema_version} ({manifest.created_by}), "
                f"this program uses {SCHEMA_VERSION}",
            ),
            subject=str(path),
            advice=REBUILD_ADVICE,
        )
    return manifest


def check(found: Manifest, wanted: Manifest, path: Path, older_splitters: Collection[str] = ()) -> None:
    """Raises IndexMismatch, naming both, unless the same model and splitter made ``found``, or one of the older ones did."""
    for label, mine, theirs in (
        (("向量模型", "embedding model"), _model(found), _model(wanted)),
        (("切分方式", "splitter"), found.splitter_version, wanted.splitter_version),
    ):
        if mine != theirs and not (label[1] == "splitter" and mine in older_splitters):
            raise IndexMismatch(
                (
                    f"索引是用另一个{label[0]}建立的：索引用的是 {mine}，现在用的是 {theirs}",
                    f"the index was made with another {label[1]}: it has {mine}, now in use is {theirs}",
                ),
                subject=str(path.parent),
                advice=REBUILD_ADVICE,
            )


def advance(connection: sqlite3.Connection, splitter_version: str) -> None:
    """One write more, of what ``splitter_version`` made. To be called in its transaction."""
    connection.execute("UPDATE manifest SET value = CAST(value AS INTEGER) + 1 WHERE key = 'generation'")
    connection.execute("UPDATE manifest SET value = ? WHERE key = 'splitter_version'", (splitter_version,))


def _model(manifest: Manifest) -> str:
    return f"{manifest.embedder_name} [{manifest.embedder_fingerprint}, {manifest.dimension}]"


def _foreign(path: Path) -> StoreError:
    return StoreError(
        ("不是有据的索引，或已损坏", "not an index of Youju, or damaged"), subject=str(path), advice=REBUILD_ADVICE
    )
