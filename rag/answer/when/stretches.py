"""Of which days is a figure? 「1—7月，交付7.5万台」 says nothing of July alone, though it names it."""

from __future__ import annotations

from collections.abc import Sequence

from rag.answer.when.clock import Anchor
from rag.answer.when.interval import Interval
from rag.answer.when.resolve import TimeSpan, time_spans

PART_OF_A_YEAR = (25, 330)  # days: months, quarters, halves; a day or a year says less of what is counted
_LONGER = 1.5  # times as long: another stretch, though it holds the one


def named(text: str, anchor: Anchor) -> list[TimeSpan]:
    """The times of a text that can be counted, without those that something is only measured against."""
    return [span for span in time_spans(text, anchor) if span.interval is not None and not span.compared]


def governing(spans: Sequence[TimeSpan], start: int, end: int) -> Interval | None:
    """The time of a figure at ``start`` whose clause goes to ``end``: the last one before it, or one behind it there."""
    before = [span.interval for span in spans if span.start < start]
    behind = [span.interval for span in spans if start <= span.start < end]
    return before[-1] if before else behind[0] if behind else None


def part_of_a_year(stretch: Interval | None) -> bool:
    return stretch is not None and PART_OF_A_YEAR[0] <= stretch.days <= PART_OF_A_YEAR[1]


def other_stretch(asked: Interval | None, found: Interval | None) -> bool:
    """Both are known, the one asked for is a part of a year, and the other is none of it or much longer."""
    if asked is None or found is None or not part_of_a_year(asked):
        return False
    return not asked.overlap(found) or found.days > _LONGER * asked.days
