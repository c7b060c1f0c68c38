"""What one browser tab has on its screen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from rag.evaluate import Comparison
from rag.pipeline import Removed
from rag.types import Hit
from rag.ui.conversation import Conversation
from rag.ui.jobs import Batch
from rag.ui.scope import Scope
from rag.ui.texts import Texts, texts

Updates = dict[str, Any]  # name of a component of the window → its new value or gr.update(…)
Act = Mapping[str, Any]  # what an element of a page said when it was used: "do", and its other data-… and fields


def day_of(act: Act | None) -> date:
    """The day where the reader is, as the browser told it; else the server's."""
    try:
        return date.fromisoformat(str((act or {}).get("today", "")))
    except ValueError:
        return date.today()


class Said:
    """A line that stays on the screen: kept by its name among the words, so that it changes language with the rest."""

    def __init__(self, name: str, **values: str) -> None:
        self.name, self._values = name, values

    def told(self, t: Texts) -> str:
        """As plain text."""
        return str(getattr(t, self.name)).format(**self._values)


@dataclass(slots=True)
class Shelf:
    """How the table of articles is being looked at."""

    find: str = ""
    shown: int = 100  # rows
    editing: str = ""  # document whose title and date are being corrected
    said: Said | None = None  # the line above the table
    wrong: Said | None = None  # with what was typed into the form
    saved: str = ""  # document just corrected or brought back
    watched: list[Batch] = field(default_factory=list)  # whose files were read while this page looked on
    ticked: list[str] = field(default_factory=list)  # ids of articles, in the order in which they were ticked
    removed: Removed | None = None  # by the last deletion: what 撤销 puts back
    file: bytes | None = None  # of ``removed``, where it was an upload


@dataclass(slots=True)
class Sought:
    """The last search."""

    words: str
    scope: Scope
    hits: list[Hit] = field(default_factory=list)
    seconds: float = 0.0


@dataclass(slots=True)
class Bench:
    """What is looked at on the evaluation tab."""

    set: str = ""  # key of the question set chosen
    path: str = ""  # or the file typed
    limit: str = ""  # as typed
    retrieval_only: bool = False
    opened: str = ""  # key of a kept result; "": of the run that is on
    every: bool = False  # list all questions, not only those that went wrong
    row: str = ""  # id of the question that is open
    pair: tuple[str, str] = ("", "")  # keys of the results compared
    comparison: Comparison | None = None


@dataclass(frozen=True, slots=True)
class Forgotten:
    """A conversation taken out of the list: what 撤销 puts back."""

    id: str
    title: str
    exchanges: tuple[tuple[int, str], ...]  # number, content


@dataclass(slots=True)
class Look:
    """How the list of conversations is being looked at."""

    find: str = ""  # words
    naming: str = ""  # id of the conversation that is being given another name


@dataclass(slots=True)
class Session:
    """The language ("zh" or "en"), the conversation, and where the other tabs stand."""

    language: str = "zh"
    conversation: Conversation = field(default_factory=Conversation)
    forgotten: Forgotten | None = None
    past: Look = field(default_factory=Look)
    shelf: Shelf = field(default_factory=Shelf)
    sought: Sought | None = None
    bench: Bench = field(default_factory=Bench)

    @property
    def t(self) -> Texts:
        return texts(self.language)
