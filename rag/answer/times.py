"""Years and days in a text, with 今年 and 去年 counted from the date of whoever says them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.answer.quantities import chinese_number, fold

_RELATIVE = {
    "今年": 0,
    "本年": 0,
    "当年": 0,
    "年内": 0,
    "去年": -1,
    "上年": -1,
    "前年": -2,
    "明年": 1,
    "来年": 1,
    "后年": 2,
}
_RELATIVE |= {"this year": 0, "last year": -1, "next year": 1}
_PLANS = {"十一五": (2006, 2010), "十二五": (2011, 2015), "十三五": (2016, 2020), "十四五": (2021, 2025)}
_PLANS |= {"十五五": (2026, 2030), "十六五": (2031, 2035)}
_TIME = re.compile(
    r"(?P<range>(?P<first>(?:19|20)\d\d)年?\s?[—–\-－~～至到]+\s?(?P<last>(?:19|20)\d\d)\s?年?)"
    r"|(?P<year>(?<!\d)(?:19|20)\d\d)\s?(?:年(?!产)|(?![\d.,年亿万千百%a-zA-Z家个项条台辆元]))"
    r"|(?P<chinese>[一二][〇零九一][〇零一二三四五六七八九]{2})年"
    rf"|(?P<relative>{'|'.join(_RELATIVE)})"
    rf"|(?P<plan>{'|'.join(_PLANS)})",
    re.I,
)
_DAY = re.compile(
    r"(?P<month>\d{1,2})\s?[—–\-－~～至]?\s?(?P<month_to>\d{1,2})?\s?月(?:份)?(?:\s?(?P<day>\d{1,2})\s?日)?"
)


@dataclass(frozen=True, slots=True)
class Time:
    """A stretch of years ``first``…``last`` (inclusive; None: not known) named at ``[start, end)``."""

    first: int | None
    last: int | None
    start: int
    end: int
    text: str
    explicit: bool  # the years stand in the text itself
    compared: bool = False  # what something else is measured against: 「比上年」, 「较2022年」

    def covers(self, year: int) -> bool:
        return self.first is not None and self.last is not None and self.first <= year <= self.last


def times(text: str, year: int | None) -> list[Time]:
    """All years named in a text, in order. ``year`` is the writer's own; None: 今年 stays unknown."""
    folded = fold(text)
    found = []
    for match in _TIME.finditer(folded):
        first: int | None
        last: int | None
        explicit = True
        if match["range"]:
            first, last = int(match["first"]), int(match["last"])
        elif match["year"]:
            first = last = int(match["year"])
        elif match["chinese"]:
            value = chinese_number(match["chinese"].replace("零", "〇"))
            if value is None:
                continue
            first = last = int(value)
        elif match["relative"]:
            step = _RELATIVE[match["relative"].lower()]
            first = last = None if year is None else year + step
            explicit = False
        else:
            first, last = _PLANS[match["plan"]]
        compared = folded[: match.start()].endswith(("比", "较"))
        found.append(Time(first, last, match.start(), match.end(), match[0], explicit, compared))
    return found


def years(text: str, year: int | None) -> set[int]:
    """Every single year that a text names (a five-year plan names none by itself)."""
    found: set[int] = set()
    for time in times(text, year):
        if time.first is not None and time.first == time.last:
            found.add(time.first)
        elif time.first is not None and time.last is not None and time.explicit and time.last - time.first < 4:
            found |= set(range(time.first, time.last + 1))
    return found


def days(text: str) -> set[tuple[int, int]]:
    """Every month and day named, as (month, day); day 0 where only the month is."""
    found = set()
    for match in _DAY.finditer(fold(text)):
        month = int(match["month"])
        if 1 <= month <= 12:
            found.add((month, int(match["day"] or 0)))
    return found


def time_at(found: list[Time], position: int) -> Time | None:
    """The time that governs what stands at ``position``: the last one named before it in the sentence.

    「比上年多6个」 says by how much, not when: a time behind 比 or 较 governs nothing.
    """
    before = [t for t in found if t.end <= position and not t.compared]
    return before[-1] if before else None


def resolve(text: str, year: int | None) -> str:
    """「今年」 → 「今年（2024年）」, for a model that does not know when the article was written."""
    if year is None:
        return text
    out, at = [], 0
    for time in times(text, year):
        if not time.explicit and time.first is not None:
            out += [text[at : time.end], f"（{time.first}年）"]
            at = time.end
    return "".join(out) + text[at:]
