"""What one browser tab has on its screen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rag.pipeline import Removed
from rag.store.base import Filters
from rag.types import Hit
from rag.ui.conversation import Conversation
from rag.ui.texts import Texts, texts

Updates = dict[str, Any]  # name of a component of the window → its new value or gr.update(…)
Act = Mapping[str, Any]  # what an element of a page said when it was used: "do", and its other data-… and fields


@dataclass(slots=True)
class Shelf:
    """How the table of articles is being looked at."""

    find: str = ""
    shown: int = 100  # rows
    editing: str = ""  # document whose title and date are being corrected
    said: str = ""  # the line above the table
    removed: Removed | None = None  # by the last deletion: what 撤销 puts back
    file: bytes | None = None  # of ``removed``, where it was an upload


@dataclass(slots=True)
class Sought:
    """The last search."""

    words: str
    filters: Filters
    hits: list[Hit]
    seconds: float


@dataclass(slots=True)
class Session:
    """The language ("zh" or "en"), the conversation, and where the other tabs stand."""

    language: str = "zh"
    conversation: Conversation = field(default_factory=Conversation)
    shelf: Shelf = field(default_factory=Shelf)
    sought: Sought | None = None

    @property
    def t(self) -> Texts:
        return texts(self.language)
