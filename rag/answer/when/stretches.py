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


def governing(spans: Sequence[TimeSpan], start: int, clause: tuple[int, int], low: int) -> Interval | None:
    """The time of a figure at ``start`` in ``clause``: the last one before it, or one behind it there.

    None where that is not sure: several times are named since the figure before, which ends at ``low``, and none of them
    in the clause itself (「今年上半年，某市落实2022年会议精神，…完成3037万美元」).
    """
    before = [span for span in spans if span.start < start]
    if before and before[-1].start < clause[0] and len({s.interval for s in before if s.start >= low}) > 1:
        return None
    behind = [span for span in spans if start <= span.start < clause[1]]
    return before[-1].interval if before else behind[0].interval if behind else None


def part_of_a_year(stretch: Interval | None) -> bool:
    return stretch is not None and PART_OF_A_YEAR[0] <= stretch.days <= PART_OF_A_YEAR[1]


def other_stretch(asked: Interval | None, found: Interval | None) -> bool:
    """Both are known, the one asked for is a part of a year, and the other is none of it or much longer."""
    if asked is None or found is None or not part_of_a_year(asked):
        return False
    return not asked.overlap(found) or found.days > _LONGER * asked.days
