"""How well the time that a sentence speaks of agrees with the time asked about: a feature to rank by.

Right company, wrong year is the near miss that words alone cannot tell: all of them match but one.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from rag.answer.when.interval import Interval
from rag.answer.when.resolve import Anchor, time_spans
from rag.types import ArticleDate

APART = -0.7  # the sentence names times, and none of them is the one asked about
_MIXED = 0.2  # taken off where it names others too
_WIDER = 0.3  # at least, where it speaks of a longer time that holds the one asked about (2025 in 2021—2025)
_PUBLISHED = 0.4  # the sentence names no time, and its article appeared in the time asked about
_SOON_AFTER = 0.1  # or within a year after it
_TOO_EARLY = -0.2  # or before it began: what was to come then


def asked_times(question: str, today: date | None) -> tuple[Interval, ...]:
    """The times that a question asks about, 今年 counted from ``today``; () where it names none that can be counted."""
    return tuple(
        span.interval for span in time_spans(question, today) if span.interval is not None and not span.compared
    )


def agreement(asked: Sequence[Interval], named: Sequence[Interval], written: Anchor) -> float:
    """−0.7 (other times only) … 1 (the time asked about, and no other); 0 where nothing is asked or known.

    ``named``: by a sentence or a passage (``kept.intervals``); ``written``: the date of its article.
    """
    if not asked:
        return 0.0
    if not named:
        return max(_by_article(time, written) for time in asked)
    fits = [max(_fit(time, other) for time in asked) for other in named]
    best = max(fits)
    if best <= 0:
        return APART
    return best - (_MIXED if min(fits) <= 0 else 0.0)


def _fit(asked: Interval, named: Interval) -> float:
    """0 where they are apart; 1 where the time named is the one asked about, or part of it."""
    shared = asked.overlap(named)
    if not shared:
        return 0.0
    if named.within(asked):
        return 1.0
    return _WIDER + (1 - _WIDER) * shared / named.days


def _by_article(asked: Interval, written: Anchor) -> float:
    day = written.value if isinstance(written, ArticleDate) else written
    if day is None:
        return 0.0
    late = (day - asked.end).days
    if asked.start <= day and late <= 0:
        return _PUBLISHED
    if late < 0:
        return _TOO_EARLY
    return _SOON_AFTER if late <= 366 else 0.0
