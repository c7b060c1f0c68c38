"""「今年」 → 1 January to 31 December 2024: times in a text, counted from the day on which it was written or asked.

Nothing is rewritten: a span says where the words stand, which days they mean, and what is to be shown beside them.

What cannot be known is left open. Words inside a quotation of another time (「他2021年说：“明年完工”」) are counted from
the article's date like all others: no mark tells when the quoted words were said. 近年来, 日前, 当时 name no days. The first
and last weeks of a stretch (年初, 月底) are taken as its first and last quarter or ten days, N 年前 as that calendar year.
"""

from __future__ import annotations

from dataclasses import dataclass

from rag.answer.text.quantities import fold
from rag.answer.when import interval as when
from rag.answer.when.clock import Anchor
from rag.answer.when.interval import Interval
from rag.answer.when.timereader import Reader

__all__ = ["Anchor", "Interval", "TimeSpan", "annotated", "time_spans"]


@dataclass(frozen=True, slots=True)
class TimeSpan:
    """A time named at ``[start, end)`` of a text."""

    start: int
    end: int
    text: str
    interval: Interval | None  # None: the words cannot be counted from what is known
    label: str  # what the words leave unsaid: 「2024年」 of 今年 and of 3月18日; "" where they say all
    compared: bool = False  # what something else is measured against: 「比上年」, 「较2022年」, 「去年同期」

    @property
    def relative(self) -> bool:
        """Does its meaning depend on something outside of the words?"""
        return bool(self.label) or self.interval is None


def time_spans(text: str, anchor: Anchor) -> list[TimeSpan]:
    """Every time named, in order, not overlapping. A few microseconds a character; no model, no clock."""
    return [
        TimeSpan(found.start, found.end, text[found.start : found.end], *found[2:])
        for found in Reader(fold(text), anchor).readings()
    ]


def annotated(text: str, anchor: Anchor) -> str:
    """The text with what it leaves unsaid behind each time: 「今年（2024年）」. For showing; never a quotation.

    What was said last is not said again: 「今年（2024年）1月…，2月…」.
    """
    out: list[str] = []
    at, last = 0, ""
    for span in time_spans(text, anchor):
        if span.label and span.label != last:
            out += [text[at : span.end], f"（{span.label}）"]
            at = span.end
        if span.interval is not None:
            last = span.label or when.label(span.interval)[:5]
    return "".join(out) + text[at:]
