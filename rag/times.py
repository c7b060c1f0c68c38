"""The times that a passage names, resolved against its article's date: what an index keeps beside the passage."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple


class NamedTime(NamedTuple):
    """A time named at ``[start, end)`` of ``Document.text``, and the days it means, both included."""

    start: int
    end: int
    first: date | None  # None, as ``last``: the words cannot be counted from what is known
    last: date | None
    unsaid: str  # what the words leave unsaid: 「2024年」 of 今年; "" where they say all
    compared: bool  # what something else is measured against: 「比上年」


@dataclass(frozen=True, slots=True)
class Times:
    """All times of one passage. Good for the article's date that they were resolved against, and no other."""

    resolver: str  # the rules that resolved them (``rag.answer.when.kept.RESOLVER``); those of others are not used
    stretches: tuple[
        tuple[int, int], ...
    ]  # to rank by (``dated.told``): first and last day, as ``date.toordinal`` counts
    named: tuple[NamedTime, ...]  # sentence by sentence, in order
