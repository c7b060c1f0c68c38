"""Parts of a year as Chinese texts name them: 「1—2月」, 「3月18日至20日」, 「一季度」, 「上半年」, 「年底」."""

from __future__ import annotations

import re

from rag.answer.text.numbers import whole_number
from rag.answer.when import interval as when
from rag.answer.when.interval import Interval

DASH = r"\s?(?:[—–\-－~～至到]|--)+\s?"
MONTH = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
DAY = r"(?:3[01]|[12]\d|0?[1-9]|三十一?|二?十[一二三四五六七八九]?|[一二三四五六七八九])"
COUNT = r"(?:\d{1,2}|[一二两三四五六七八九]?十[一二三四五六七八九]?|[一二两三四五六七八九])"
_NO_MONTH = r"(?![均薪产供活球饼亮光租票])"  # 「5月均价」, 「八月饼」

# A part of a year, behind the year or alone.
PART = re.compile(
    rf"""(?:
      (?P<m1>{MONTH})\s?(?:月份?)?{DASH}(?P<m2>{MONTH})\s?月份?(?!\s?{DAY}\s?[日号]){_NO_MONTH}
    | (?P<m>{MONTH})\s?月份?\s?(?:
          (?P<d>{DAY})\s?(?:[日号](?!线|元)|(?={DASH}(?:{MONTH}\s?月\s?)?{DAY}\s?[日号]))
            (?:{DASH}(?:(?P<mb>{MONTH})\s?月\s?)?(?P<db>{DAY})\s?[日号](?!线|元))?
        | (?P<third>[上中下])旬 | (?P<edge>[初底末])(?![部端级中]) )?{_NO_MONTH}
    | (?:前|头)(?P<first>{COUNT})个?月
    | 第?(?P<quarter>[一二三四1-4])季(?:度|(?=[，、。末])) | Q(?P<q>[1-4])(?!\d)
    | (?P<three>前三季度) | (?P<half>[上下]半年) | (?P<whole>全年)
    )""",
    re.X,
)
# Only behind a year: 「2024年初」, 「今年年中」, 「去年同期」, 「今年以来」.
EDGE = re.compile(
    r"年?(?P<begin>初(?![中级步期一二三心衷审创始]))|年?(?P<close>底(?![部层气线])|末(?![期端位]))|(?P<mid>年中(?![国央共]))"
    r"|(?P<same>同期)|(?P<since>以来)"
)


def of_part(year: int, part: re.Match[str]) -> Interval | None:
    """The days of ``year`` that a match of ``PART`` names; None where the calendar has no such day."""
    if part["m1"]:
        first, last = whole_number(part["m1"]), whole_number(part["m2"])
        return when.months(year, first, last if last >= first else last + 12)
    if part["m"]:
        month = whole_number(part["m"])
        if part["d"]:
            return _of_days(year, month, whole_number(part["d"]), part)
        return third(year, month, part["third"] or part["edge"] or "")
    if part["first"]:
        return when.months(year, 1, min(12, whole_number(part["first"])))
    quarter = part["quarter"] or part["q"]
    if quarter:
        count = whole_number(quarter)
        return when.months(year, 3 * count - 2, 3 * count)
    if part["half"]:
        return when.months(year, 1, 6) if part["half"][0] == "上" else when.months(year, 7, 12)
    return when.months(year, 1, 9) if part["three"] else when.years(year, year)


def _of_days(year: int, month: int, day: int, part: re.Match[str]) -> Interval | None:
    first = when.days(year, month, day, day)
    if first is None or not part["db"]:
        return first
    last_month = whole_number(part["mb"]) if part["mb"] else month
    last = when.days(year + (last_month < month), last_month, whole_number(part["db"]), whole_number(part["db"]))
    return Interval(first.start, last.end) if last and last.end >= first.start else first


def third(year: int, month: int, which: str) -> Interval | None:
    """Days 1–10 (「上」, 「初」), 11–20 (「中」), 21 to the last (「下」, 「底」, 「末」); the whole month for ""."""
    whole = when.months(year, month, month)
    if whole is None:
        return None
    if not which:
        return whole
    first, last = (1, 10) if which in "上初" else (11, 20) if which == "中" else (21, whole.end.day)
    return when.days(year, month, first, last)


def edge(year: int, begin: bool) -> Interval | None:
    """年初, 年底: the first or the last quarter."""
    return when.months(year, 1, 3) if begin else when.months(year, 10, 12)
