"""What people add by hand: conversations, judgements of answers, corrected titles and dates.

A file of its own beside the library, so that building the index anew does not lose it. Nothing is made before the
first thing is kept.
"""

from __future__ import annotations

import re
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from rag.store.sqlite import connect, read_only_error, transaction, translated, writable
from rag.types import ArticleDate

FILE_NAME = "notes.sqlite"

_SCHEMA = (
    "CREATE TABLE IF NOT EXISTS conversations (id TEXT PRIMARY KEY, title TEXT NOT NULL, updated TEXT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS exchanges ("
    "conversation_id TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE, number INTEGER NOT NULL, "
    "content TEXT NOT NULL, PRIMARY KEY (conversation_id, number))",
    "CREATE TABLE IF NOT EXISTS shown ("
    "conversation_id TEXT PRIMARY KEY REFERENCES conversations (id) ON DELETE CASCADE, number INTEGER NOT NULL)",
    "CREATE TABLE IF NOT EXISTS judgements ("
    "conversation_id TEXT NOT NULL, number INTEGER NOT NULL, good INTEGER NOT NULL, reason TEXT NOT NULL, "
    "expected TEXT NOT NULL, content TEXT NOT NULL, judged TEXT NOT NULL, PRIMARY KEY (conversation_id, number))",
    "CREATE TABLE IF NOT EXISTS corrections ("
    "document_id TEXT PRIMARY KEY, title TEXT NOT NULL, date_value TEXT, date_precision TEXT, date_reason TEXT)",
)


@dataclass(frozen=True, slots=True)
class ConversationInfo:
    """A line of the list of conversations."""

    id: str
    title: str  # its first question, or what a reader called it
    updated: datetime  # local time, with zone
    exchanges: int


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a reader thought of one answer. ``content`` is the exchange as its writer kept it."""

    good: bool
    reason: str
    expected: str  # the right answer in the reader's words; "" where none was given
    content: str


@dataclass(frozen=True, slots=True)
class Correction:
    """Title and date of an article, as a reader set them."""

    title: str
    date: ArticleDate | None


class Notes:
    """Safe to use from several threads. Every method raises StoreError; those that write, IndexReadOnly too."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE_NAME
        self._connection: sqlite3.Connection | None = None
        self._lock = threading.RLock()

    @property
    def writable(self) -> bool:
        return writable(self.path)

    # -- conversations ----------------------------------------------------------------------------------------------

    def conversations(self, words: str = "", places: Sequence[str] = ()) -> list[ConversationInfo]:
        """The latest first; with ``words``, those that hold them in the title or in ``places`` of an exchange.

        ``places``: paths of SQLite's JSON functions into what was kept ("$.question"). Letter case counts for nothing in ASCII.
        """
        query = (
            "SELECT id, title, updated, (SELECT COUNT(*) FROM exchanges WHERE conversation_id = id) FROM conversations "
        )
        values: list[str] = []
        if words:
            like = "%" + re.sub(r"([%_^])", r"^\1", words) + "%"
            inside = " OR ".join("json_extract(content, ?) LIKE ? ESCAPE '^'" for _ in places) or "FALSE"
            query += (
                "WHERE title LIKE ? ESCAPE '^' OR EXISTS (SELECT 1 FROM exchanges "
                f"WHERE conversation_id = id AND json_valid(content) AND ({inside})) "
            )
            values = [like, *(value for place in places for value in (place, like))]
        rows = self._read(query + "ORDER BY updated DESC, id", *values)
        return [ConversationInfo(key, title, datetime.fromisoformat(at), count) for key, title, at, count in rows]

    def exchanges(self, conversation_id: str) -> list[str]:
        """What was kept of each exchange, oldest first; [] for a conversation that is not there."""
        query = "SELECT content FROM exchanges WHERE conversation_id = ? ORDER BY number"
        return [content for (content,) in self._read(query, conversation_id)]

    def keep(self, conversation_id: str, title: str, number: int, content: str) -> None:
        """Keep an exchange, in place of what its number had. ``title`` names a conversation that is new."""
        with self._writing() as db:
            db.execute(
                "INSERT INTO conversations VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET updated = excluded.updated",
                (conversation_id, title, _now()),
            )
            db.execute("INSERT OR REPLACE INTO exchanges VALUES (?, ?, ?)", (conversation_id, number, content))

    def grow(self, conversation_id: str, number: int, content: str) -> None:
        """Keep an exchange as it is now. Nothing where it has been forgotten meanwhile."""
        with self._writing() as db:
            db.execute("UPDATE conversations SET updated = ? WHERE id = ?", (_now(), conversation_id))
            db.execute(
                "UPDATE exchanges SET content = ? WHERE conversation_id = ? AND number = ?",
                (content, conversation_id, number),
            )

    def drop(self, conversation_id: str, number: int) -> None:
        """Forget one exchange, and the conversation with its last."""
        with self._writing() as db:
            db.execute("DELETE FROM exchanges WHERE conversation_id = ? AND number = ?", (conversation_id, number))
            db.execute(
                "DELETE FROM conversations WHERE id = ?1 AND NOT EXISTS "
                "(SELECT 1 FROM exchanges WHERE conversation_id = ?1)",
                (conversation_id,),
            )

    def last(self, conversation_id: str) -> int:
        """The largest number of an exchange; 0 where there is none."""
        rows = self._read("SELECT COALESCE(MAX(number), 0) FROM exchanges WHERE conversation_id = ?", conversation_id)
        return int(rows[0][0]) if rows else 0

    def rename(self, conversation_id: str, title: str) -> None:
        with self._writing() as db:
            db.execute("UPDATE conversations SET title = ? WHERE id = ?", (title, conversation_id))

    def show(self, conversation_id: str, number: int) -> None:
        """Keep which exchange of a conversation is the last on the screen."""
        with self._writing() as db:
            db.execute(
                "INSERT OR REPLACE INTO shown SELECT id, ? FROM conversations WHERE id = ?", (number, conversation_id)
            )

    def shown(self, conversation_id: str) -> int:
        """What ``show`` was told last; 0: nothing."""
        rows = self._read("SELECT number FROM shown WHERE conversation_id = ?", conversation_id)
        return int(rows[0][0]) if rows else 0

    def forget(self, conversation_id: str) -> None:
        """Judgements of its answers stay: they are questions of an evaluation."""
        with self._writing() as db:
            db.execute("DELETE FROM conversations WHERE id = ?", (conversation_id,))

    # -- judgements -------------------------------------------------------------------------------------------------

    def judge(self, conversation_id: str, number: int, judgement: Judgement | None) -> None:
        """Keep what a reader thought of an answer, in place of what he thought before; None takes it back."""
        with self._writing() as db:
            db.execute("DELETE FROM judgements WHERE conversation_id = ? AND number = ?", (conversation_id, number))
            if judgement:
                values = (judgement.good, judgement.reason, judgement.expected, judgement.content)
                db.execute(
                    "INSERT INTO judgements VALUES (?, ?, ?, ?, ?, ?, ?)", (conversation_id, number, *values, _now())
                )

    def judgements(self, conversation_id: str | None = None) -> list[tuple[str, int, Judgement]]:
        """Conversation, number and judgement, oldest first: of one conversation, or all."""
        query = "SELECT conversation_id, number, good, reason, expected, content FROM judgements "
        query += "" if conversation_id is None else "WHERE conversation_id = ? "
        rows = self._read(query + "ORDER BY judged", *([] if conversation_id is None else [conversation_id]))
        return [(key, number, Judgement(bool(good), *rest)) for key, number, good, *rest in rows]

    # -- corrections ------------------------------------------------------------------------------------------------

    def correct(self, document_id: str, correction: Correction) -> None:
        """Keep title and date of an article, for whenever its file is read again."""
        when = correction.date
        with self._writing() as db:
            db.execute(
                "INSERT OR REPLACE INTO corrections VALUES (?, ?, ?, ?, ?)",
                (
                    document_id,
                    correction.title,
                    when and when.value.isoformat(),
                    when and when.precision,
                    when and when.reason,
                ),
            )

    def correction(self, document_id: str) -> Correction | None:
        query = "SELECT title, date_value, date_precision, date_reason FROM corrections WHERE document_id = ?"
        for title, value, precision, reason in self._read(query, document_id):
            return Correction(title, ArticleDate(date.fromisoformat(value), precision, reason) if value else None)
        return None

    def close(self) -> None:
        with self._lock:
            if self._connection:
                self._connection.close()
                self._connection = None

    def _read(self, query: str, *values: Any) -> list[Any]:
        with self._lock, translated(self.path):
            if self._connection is None:
                if not self.path.exists():
                    return []
                self._open("rw" if self.writable else "ro")
            assert self._connection
            return self._connection.execute(query, values).fetchall()

    def _open(self, mode: str) -> None:
        self._connection = connect(self.path, mode)
        if mode != "ro":
            for statement in _SCHEMA:
                self._connection.execute(statement)

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._lock, translated(self.path):
            if not self.writable:
                raise read_only_error(self.path.parent)
            if self._connection is None:
                self._open("rwc")
            assert self._connection
            with transaction(self._connection):
                yield self._connection


def _now() -> str:
    return datetime.now().astimezone().isoformat(timespec="microseconds")
