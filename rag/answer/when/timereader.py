"""Reads one text for ``resolve``: each way to name a time has a method of its own."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import NamedTuple

from rag.answer.text.numbers import whole_number
from rag.answer.when import interval as when
from rag.answer.when.clock import Anchor, Clock, Result, weekday_of
from rag.answer.when.interval import Interval
from rag.answer.when.timeparts import EDGE, PART, edge, of_part
from rag.answer.when.timewords import AHEAD, AHEAD_BEFORE, ENGLISH_YEARS, HEAD, TOLD_STEPS, YEAR_STEPS

_SENTENCE = re.compile("[。！？；\n]")
_OF = re.compile(r"的?\s?")


class Reading(NamedTuple):
    """A time at ``[start, end)``; the fields are those of ``resolve.TimeSpan``."""

    start: int
    end: int
    interval: Interval | None
    label: str
    compared: bool


class Reader(Clock):
    """One text. What was named before in a sentence lends its year to what follows."""

    def __init__(self, text: str, anchor: Anchor) -> None:
        super().__init__(anchor)
        self.text = text
        self.before: tuple[Interval, int, bool] | None = None  # last time named, its end, whether finer than a year

    def readings(self) -> Iterator[Reading]:
        """Every time named, in order, not overlapping."""
        at = 0
        while (match := HEAD.search(self.text, at)) is not None:
            found = self._read(match)
            if found is not None:
                yield found
            at = max(found.end if found else match.end(), at + 1)

    def _read(self, match: re.Match[str]) -> Reading | None:
        start, end = match.span()
        if self.before is not None and _SENTENCE.search(self.text, self.before[1], start):
            self.before = None
        read = next(reader for names, reader in _READERS if any(match[name] is not None for name in names))
        result = read(self, match)
        if result is None:
            return None
        found, label, end = result
        end -= self.text[end - 1].isspace()
        if label and self._in_title(start):
            return None
        compared = self.text[max(0, start - 2) : start].endswith(("比", "较")) or "同期" in self.text[start:end]
        if found is not None and not compared:
            self.before = found, end, found.days < 360
        return Reading(start, end, found, label if found else "", compared)

    # -- years, and parts of them -----------------------------------------------------------------------------------

    def plain_year(self, match: re.Match[str]) -> Result:
        raw = match["y"] or match["yzh"]
        year = int(raw) if raw.isdigit() else whole_number(raw)
        found, end = self._within(year, match.end())
        return found, "", end

    def relative_year(self, match: re.Match[str]) -> Result:
        word = (match["year"] or "").lower()
        if self.today is None:
            _, end = self._within(2000, match.end())
            return None, "", end
        year = self.today.year + (ENGLISH_YEARS | YEAR_STEPS)[word]
        found, end = self._within(year, match.end())
        return found, f"{year}年", end

    def told_year(self, match: re.Match[str]) -> Result:
        word = match["told"]
        base = self.before[0].end.year if self.before else None
        compared = self.text[max(0, match.start() - 1) : match.start()] in ("比", "较")
        if base is None and word.startswith("上") and self.today and not compared:
            base = self.today.year
        if base is None:
            _, end = self._within(2000, match.end())
            return None, "", end
        year = base + TOLD_STEPS[word]
        found, end = self._within(year, match.end())
        return found, f"{year}年", end

    def year_range(self, match: re.Match[str]) -> Result:
        return when.years(int(match["y1"]), int(match["y2"])), "", match.end()

    def iso_day(self, match: re.Match[str]) -> Result:
        day = int(match["id"])
        return when.days(int(match["iy"]), int(match["im"]), day, day), "", match.end()

    def years_ago(self, match: re.Match[str]) -> Result | None:
        if self.past and match["way"] == "后":
            return None  # 「三天后」 in an article is counted from what it tells, not from its date
        raw, unit = match["ago"], match["ago_unit"]
        if raw == "半" and unit != "年":
            return None
        count = (-1 if match["way"] == "后" else 1) * (whole_number(raw) if raw != "半" else 0)
        if self.today is None or self.today.year <= count:
            return None, "", match.end()
        if unit == "年" and raw != "半":
            year = self.today.year - count
            found, end = self._within(year, match.end())
            return found, f"{year}年", end
        found = self.ago(count, "年半" if raw == "半" else unit)
        return found, when.label(found) if found else "", match.end()

    def part(self, match: re.Match[str]) -> Result | None:
        """「3月18日」, 「1—2月」, 「一季度」, 「年底」 without a year."""
        part = PART.match(self.text, match.start())
        end = part.end() if part else match.end()
        lent = self._lent(match.start(), part)
        if lent is not None:
            year = lent
        elif self.today is None:
            return None, "", end
        else:
            year = self.today.year + self._turn(part, match.start(), end)
        found = of_part(year, part) if part else edge(year, bool(match["begin"]))
        return found, f"{year}年", end

    def _lent(self, start: int, part: re.Match[str] | None) -> int | None:
        """The year of the time named before in the sentence, where it covers this one too."""
        if self.before is None:
            return None
        told, end, finer = self.before
        if told.start.year != told.end.year:
            return None
        between = self.text[end:start]
        day = part is not None and part["m"] is not None and part["d"] is not None
        if finer or between.startswith(("，", ",")) or (not day and "，" not in between):
            return told.end.year
        return None

    def _turn(self, part: re.Match[str] | None, start: int, end: int) -> int:
        """Around New Year a month is more likely one of the year nearby: December, said in January, was last year's."""
        if part is None or self.today is None or not part["m"]:
            return 0
        month, ahead = whole_number(part["m"]), self._ahead(start, end)
        if self.today.month <= 2 and month >= 11 and not ahead and self.past:
            return -1
        if self.today.month >= 11 and month <= 2 and ahead:
            return 1
        return 0

    def _ahead(self, start: int, end: int) -> bool:
        return bool(AHEAD.match(self.text, end) or AHEAD_BEFORE.search(self.text[max(0, start - 4) : start]))

    def _within(self, year: int, at: int) -> tuple[Interval | None, int]:
        """The part of ``year`` that is named from ``at`` on, or all of it; and where it ends."""
        whole = when.years(year, year)
        of = _OF.match(self.text, at)
        part = PART.match(self.text, of.end() if of else at)
        if part:
            return of_part(year, part) or whole, part.end()
        near = EDGE.match(self.text, at)
        if near is None:
            return whole, at
        if near["begin"] or near["close"]:
            return edge(year, bool(near["begin"])), near.end()
        if near["mid"]:
            return when.months(year, 5, 8), near.end()
        if near["same"] and self.before and self.before[2] and whole:
            shift = 12 * (self.before[0].end.year - year)
            first, last = self.before[0]
            return Interval(when.back(first, shift), when.back(last, shift)), near.end()
        if near["since"] and whole and self.today and self.today >= whole.start:
            return Interval(whole.start, self.today if self.day_known else whole.end), near.end()
        return whole, near.end()

    def weekday(self, match: re.Match[str]) -> Result | None:
        """A weekday alone: the last one that is not to come, or the next where the words look ahead."""
        if match["bareday"] == "末":
            return None
        if self.today is None or not self.day_known:
            return None, "", match.end()
        day = weekday_of(when.week_of(self.today), match["bareday"]).start
        ahead = self._ahead(match.start(), match.end())
        if day > self.today and not ahead:
            day -= timedelta(weeks=1)
        elif day < self.today and ahead:
            day += timedelta(weeks=1)
        return Interval(day, day), when.label(Interval(day, day)), match.end()

    def bare_day(self, match: re.Match[str]) -> Result:
        """「18日」: of the month named before in the sentence, else the latest one not to come."""
        day = whole_number(match["bare"])
        base = self.before[0].end if self.before and self.before[0].days <= 31 else None
        if base is not None:
            found = when.days(base.year, base.month, day, day)
            return found, f"{base.year}年{base.month}月", match.end()
        if self.today is None or not self.day_known:
            return None, "", match.end()
        ahead = self._ahead(match.start(), match.end())
        step = -1 if day > self.today.day and not ahead else 1 if day < self.today.day and ahead else 0
        month = when.month_of(self.today, step)
        found = when.days(month.start.year, month.start.month, day, day) if month else None
        return found, f"{month.start.year}年{month.start.month}月" if month else "", match.end()

    def _in_title(self, start: int) -> bool:
        """Titles (《今日说法》) are names: nothing is read into them."""
        opened = self.text.rfind("《", max(0, start - 60), start)
        return opened >= 0 and "》" not in self.text[opened:start]


_READERS: tuple[tuple[tuple[str, ...], Callable[[Reader, re.Match[str]], Result | None]], ...] = (
    (("plan", "longplan"), Reader.plan),
    (("y1",), Reader.year_range),
    (("y", "yzh"), Reader.plain_year),
    (("iy",), Reader.iso_day),
    (("century", "bare_decade"), Reader.century),
    (("two",), Reader.two_years),
    (("unit",), Reader.rolling),
    (("ago",), Reader.years_ago),
    (("week",), Reader.week),
    (("bareday",), Reader.weekday),
    (("day",), Reader.day),
    (("month",), Reader.month),
    (("rquarter",), Reader.quarter),
    (("year",), Reader.relative_year),
    (("told",), Reader.told_year),
    (("bare",), Reader.bare_day),
    (("part", "begin", "close"), Reader.part),
)
