"""How the library's file is opened, written in transactions, and how SQLite's complaints become ours."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rag.errors import IndexReadOnly, StoreError

BUSY_TIMEOUT_S = 10.0
REBUILD_ADVICE = ("重新建立索引：youju index --rebuild", "Build the index anew: youju index --rebuild")

_DAMAGED = {sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_FORMAT}


def connect(path: Path, mode: str, *, lasting: bool = True) -> sqlite3.Connection:
    """A connection in autocommit mode, for one thread at a time. ``mode`` is "ro", "rw" or "rwc".

    ``lasting``: False writes without waiting for the disk (400 short documents in 0.6 s in place of 6.7), for files
    that need not survive a loss of power.
    """
    uri = f"{path.resolve().as_uri()}?mode={mode}"
    connection = sqlite3.connect(uri, uri=True, timeout=BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute(f"PRAGMA synchronous = {'FULL' if lasting else 'OFF'}")
    return connection


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All or nothing."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Errors of SQLite and of the file system as StoreError or IndexReadOnly, naming the file."""
    try:
        yield
    except (sqlite3.Error, UnicodeEncodeError, OSError) as error:
        raise _explain(path, error) from error


def writable(path: Path) -> bool:
    """Whether the file (or, before there is one, its folder) can be written, journal and all."""
    return os.access(path.parent, os.W_OK) and (not path.exists() or os.access(path, os.W_OK))


def read_only_error(subject: Path) -> IndexReadOnly:
    return IndexReadOnly(
        ("索引不能写入，只能检索", "the index cannot be written, only searched"),
        subject=str(subject),
        advice=(
            "请检查该文件夹的写权限，或换一个索引文件夹（YOUJU_INDEX）",
            "Check the permissions of that folder, or choose another one (YOUJU_INDEX)",
        ),
    )


def busy_error(subject: Path) -> StoreError:
    return StoreError(
        ("另一个程序正在写入索引", "another program is writing to the index"),
        subject=str(subject),
        advice=("等它写完再试", "Try again when it is done"),
    )


def _explain(path: Path, error: Exception) -> StoreError:
    # The low byte is the error, the rest says more about it: https://sqlite.org/rescode.html
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    if code in _DAMAGED:
        return StoreError(
            ("不是有据的索引，或已损坏", "not an index of Youju, or damaged"), subject=str(path), advice=REBUILD_ADVICE
        )
    if code == sqlite3.SQLITE_READONLY or (code == sqlite3.SQLITE_CANTOPEN and not writable(path)):
        return read_only_error(path.parent)
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return busy_error(path.parent)
    if code == sqlite3.SQLITE_FULL:
        return StoreError(
            ("磁盘已满", "the disk is full"),
            subject=str(path),
            advice=("腾出空间后再试；原有内容没有改变", "Make room and try again; what was there has not changed"),
        )
    return StoreError((f"读写索引失败（{error}）", f"cannot read or write the index ({error})"), subject=str(path))
