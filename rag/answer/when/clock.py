"""Times counted from a day alone, whatever else the text says: 昨日, 上月底, 上周五, 近三年, 「十五五」."""

from __future__ import annotations

import re
from datetime import date, timedelta

from rag.answer.text.numbers import whole_number
from rag.answer.when import interval as when
from rag.answer.when.interval import Interval
from rag.answer.when.timeparts import third
from rag.answer.when.timewords import DAY_STEPS, MONTH_STEPS, QUARTER_STEPS, WEEK_STEPS
from rag.types import ArticleDate

Anchor = date | ArticleDate | None  # whom 今年 is counted from: an asker's day, an article's date, nobody
Result = tuple[Interval | None, str, int]  # which days, what the words leave unsaid, where the words end


class Clock:
    """An anchor, as far as it is known. Each method reads a match of ``timewords.HEAD``; None: it names no time."""

    def __init__(self, anchor: Anchor) -> None:
        today = anchor.value if isinstance(anchor, ArticleDate) else anchor
        # Near either end of the calendar there is nothing to step to (「99年前」).
        self.today = today if today is not None and 200 < today.year < 9800 else None
        precision = anchor.precision if isinstance(anchor, ArticleDate) else "day"
        self.day_known, self.month_known = precision == "day", precision != "year"
        self.past = isinstance(anchor, ArticleDate)  # an article tells what has been; a question may ask for what comes

    def two_years(self, match: re.Match[str]) -> Result:
        if self.today is None:
            return None, "", match.end()
        first = self.today.year - (match["two"][0] == "去")
        return when.years(first, first + 1), f"{first}—{first + 1}年", match.end()

    def plan(self, match: re.Match[str]) -> Result | None:
        raw = match["ordinal"] or match["nth"]
        count = whole_number(raw)
        marked = match["longplan"] or match["of"] or (match["open"] and match["closed"])
        # 「三五成群」, 「十四五岁」: a bare pair of numerals is a plan only from 十一五 on, and where it counts nothing.
        counts = re.match(
            r"[岁个名人年天条度项次元万亿千百米公十月日号成折一二三四五六七八九]", match.string[match.end() :]
        )
        if not marked and (count <= 10 or counts or raw == "十五"):
            return None
        found = when.plan(count)
        if found is None:
            return None
        of, end = match["of"] or "", match.end()
        if match["ordinal"] and not match["of"] and match["closed"]:
            more = re.match(r"期?末|收官|开局", match.string[end:])
            of, end = (more[0], end + more.end()) if more else (of, end)
        if of.endswith("末") or of == "收官":
            found = when.years(found.end.year, found.end.year)
        elif of == "开局":
            found = when.years(found.start.year, found.start.year)
        return (found, when.label(found), end) if found else None

    def century(self, match: re.Match[str]) -> Result | None:
        word, decade = match["century"] or "", match["decade"] or match["bare_decade"]
        relative = not word or word[0] in "上本"
        base = 1900 if not word or word.startswith("上") else 2000 if word.startswith("本") else 0
        base = base or 100 * (whole_number(word.removesuffix("世纪")) - 1)
        if decade:
            found = when.years(base + whole_number(decade), base + whole_number(decade) + 9)
        else:
            found = when.years(base + 1, base + 100)
        return (found, when.label(found) if relative else "", match.end()) if found else None

    def rolling(self, match: re.Match[str]) -> Result:
        if self.today is None:
            return None, "", match.end()
        ahead, unit, count = match["roll"] in ("未来", "今后", "接下来"), match["unit"], whole_number(match["n"])
        if unit in ("年", "个月"):
            far = when.back(self.today, (-1 if ahead else 1) * count * (12 if unit == "年" else 1))
        else:
            step = timedelta(days=count * (1 if unit == "天" else 7))
            far = self.today + step if ahead else self.today - step
        known = self.day_known or (self.month_known and unit == "个月") or unit == "年"
        if not known:
            return None, "", match.end()
        found = Interval(min(far, self.today), max(far, self.today))
        label = f"{found.start.year}—{found.end.year}年" if unit == "年" else when.label(found)
        return found, label, match.end()

    def ago(self, count: int, unit: str) -> Interval | None:
        assert self.today is not None
        if unit == "年半":  # 「三年半前」: give or take a quarter
            middle = when.back(self.today, 12 * count + 6)
            first, last = when.month_of(middle, -3), when.month_of(middle, 3)
            return Interval(first.start, last.end) if first and last and self.month_known else None
        if unit.endswith("月"):
            return when.month_of(self.today, -count) if self.month_known else None
        if not self.day_known:
            return None
        if unit == "天":
            day = self.today - timedelta(days=count)
            return Interval(day, day)
        return when.week_of(self.today, -count)

    def week(self, match: re.Match[str]) -> Result:
        if self.today is None or not self.day_known:
            return None, "", match.end()
        found, end = when.week_of(self.today, WEEK_STEPS[match["week"]]), match.end()
        if match["weekday"] == "末":
            found = Interval(found.start + timedelta(days=5), found.end)
        elif match["weekday"]:
            found = weekday_of(found, match["weekday"])
        return found, when.label(found), end

    def day(self, match: re.Match[str]) -> Result:
        if self.today is None or not self.day_known:
            return None, "", match.end()
        day = self.today + timedelta(days=DAY_STEPS[match["day"]])
        return Interval(day, day), when.label(Interval(day, day)), match.end()

    def month(self, match: re.Match[str]) -> Result:
        found = when.month_of(self.today, MONTH_STEPS[match["month"]]) if self.today and self.month_known else None
        if found is None:
            return None, "", match.end()
        label, (year, month) = when.label(found), (found.start.year, found.start.month)
        if match["month_day"]:
            day = whole_number(match["month_day"])
            return when.days(year, month, day, day), label, match.end()
        return third(year, month, match["month_third"] or match["month_edge"] or ""), label, match.end()

    def quarter(self, match: re.Match[str]) -> Result:
        if self.today is None or not self.month_known:
            return None, "", match.end()
        count = self.today.year * 4 + (self.today.month - 1) // 3 + QUARTER_STEPS[match["rquarter"]]
        found = when.months(count // 4, count % 4 * 3 + 1, count % 4 * 3 + 3)
        return found, when.label(found) if found else "", match.end()


def weekday_of(week: Interval, name: str) -> Interval:
    """The day of a week called 一…六, 日 or 天."""
    day = week.start + timedelta(days="一二三四五六日天".index(name) if name != "天" else 6)
    return Interval(day, day)
