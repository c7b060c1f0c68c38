"""Stretches of days: the years, months, weeks and plans that a text can name. Pure arithmetic, no words are read here."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from typing import NamedTuple


class Interval(NamedTuple):
    """From ``start`` to ``end``, both included."""

    start: date
    end: date

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1

    def overlap(self, other: Interval) -> int:
        """Days that both hold; 0 where they are apart."""
        return max(0, (min(self.end, other.end) - max(self.start, other.start)).days + 1)

    def within(self, other: Interval) -> bool:
        return other.start <= self.start and self.end <= other.end


def years(first: int, last: int) -> Interval | None:
    """Whole years; None for what no calendar holds."""
    if not 1 <= first <= last <= 9999:
        return None
    return Interval(date(first, 1, 1), date(last, 12, 31))


def months(year: int, first: int, last: int) -> Interval | None:
    """Whole months of one year, counted from 1; ``last`` may be 13…24, in the year behind it."""
    end_year, end_month = year + (last - 1) // 12, (last - 1) % 12 + 1
    if not (1 <= year <= end_year <= 9999 and 1 <= first <= 12 and first <= last):
        return None
    return Interval(date(year, first, 1), date(end_year, end_month, monthrange(end_year, end_month)[1]))


def days(year: int, month: int, first: int, last: int) -> Interval | None:
    """Days of one month. None where it has no such days."""
    if not (1 <= year <= 9999 and 1 <= month <= 12 and 1 <= first <= last <= monthrange(year, month)[1]):
        return None
    return Interval(date(year, month, first), date(year, month, last))


def month_of(day: date, step: int = 0) -> Interval | None:
    """The month ``step`` months from that of ``day``."""
    count = day.year * 12 + day.month - 1 + step
    return months(count // 12, count % 12 + 1, count % 12 + 1)


def back(day: date, months_: int) -> date:
    """The same day that many months before (after, where negative); the last of the month where it has no such day."""
    count = day.year * 12 + day.month - 1 - months_
    year, month = count // 12, count % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def week_of(day: date, step: int = 0) -> Interval:
    """Monday to Sunday."""
    monday = day - timedelta(days=day.weekday()) + timedelta(weeks=step)
    return Interval(monday, monday + timedelta(days=6))


def plan(ordinal: int) -> Interval | None:
    """The years of a Chinese five-year plan: 1 is 1953–1957, 14 is 2021–2025.

    The second ended in 1962 and the third began in 1966: 1963–1965 were years of adjustment, in no plan.
    """
    if not 1 <= ordinal <= 99:
        return None
    first = 1953 + 5 * (ordinal - 1) + (3 if ordinal > 2 else 0)
    return years(first, first + 4)


def label(interval: Interval) -> str:
    """The shortest Chinese words for it: 2024年, 2021—2025年, 2024年2月, 2024年3月11日至17日, 2021年3月至2024年3月."""
    start, end = interval
    if start == end:
        return f"{start.year}年{start.month}月{start.day}日"
    whole_months = start.day == 1 and end.day == monthrange(end.year, end.month)[1]
    if whole_months and start.month == 1 and end.month == 12:
        return f"{start.year}年" if start.year == end.year else f"{start.year}—{end.year}年"
    if start.year == end.year and whole_months:
        return (
            f"{start.year}年{start.month}月"
            if start.month == end.month
            else f"{start.year}年{start.month}—{end.month}月"
        )
    if interval.days > 92:
        return f"{start.year}年{start.month}月至{end.year}年{end.month}月"
    last = f"{end.day}日"
    if (start.year, start.month) != (end.year, end.month):
        last = f"{end.month}月{last}"
    if start.year != end.year:
        last = f"{end.year}年{last}"
    return f"{start.year}年{start.month}月{start.day}日至{last}"
