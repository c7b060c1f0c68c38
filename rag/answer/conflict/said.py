"""What articles say, and where it differs."""

from __future__ import annotations

from dataclasses import dataclass

from rag.types import ArticleDate

ASKED = 0.5  # more than this share of the question's character pairs must stand in an answer to it


@dataclass(frozen=True, slots=True)
class Statement:
    """A quotation and where it stands."""

    text: str
    document_id: str
    date: ArticleDate | None


@dataclass(frozen=True, slots=True)
class Side:
    """What one statement says: a figure, a name or a time."""

    statement: int  # index in the statements given
    text: str  # as the statement writes it
    start: int  # in the statement's text
    end: int
    figure: bool


@dataclass(frozen=True, slots=True)
class Conflict:
    """Different things said of the same thing; what the newest article says first, what undated ones say last."""

    sides: tuple[Side, ...]
