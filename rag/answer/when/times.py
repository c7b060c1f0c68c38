"""Years and days in a text, with 今年 and 去年 counted from the date of whoever says them.

Years are what figures are held against each other by; ``resolve`` reads the days that any words of time mean.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.answer.text.quantities import chinese_number, fold
from rag.answer.when.interval import plan

_RELATIVE = {"今年": 0, "本年": 0, "年内": 0, "去年": -1, "前年": -2, "明年": 1, "来年": 1, "后年": 2}
_RELATIVE |= {"this year": 0, "last year": -1, "next year": 1}
# Counted from the year last named in the sentence: 「2023年…，比上年增长」 means 2022.
_TOLD = {"上一年": -1, "上年": -1, "当年": 0, "同年": 0, "次年": 1}
_TIME = re.compile(
    r"(?P<range>(?P<first>(?:19|20)\d\d)年?\s?[—–\-－~～至到]+\s?(?P<last>(?:19|20)\d\d)\s?年?)"
    r"|(?P<year>(?<!\d)(?<!\d[-—–])(?:19|20)\d\d)\s?(?:年(?!产(?![值业销出品量]))|(?![\d.,年亿万千百%a-zA-Z家个项条台辆元财]))"
    r"|(?P<chinese>[一二][〇零○八九][〇零○一二三四五六七八九]{2})年"
    rf"|(?<![\d一二两三四五六七八九十几数年月天周])(?P<relative>{'|'.join(_RELATIVE)})"
    rf"|(?P<told>{'|'.join(_TOLD)})"
    r"|(?P<plan>(?<![〇零一二三四五六七八九十百千万第])(?P<ordinal>[一二三]?十[一二三四五六七八九])五(?![岁个名人年天条度项次元万亿千百米公日号成折]))",
    re.I,
)
_SENTENCE = re.compile("[。！？；\n]")
_SINCE = re.compile(r"[^，。；\d]{0,12}以来[^，。；]{0,4}(?:最|新[高低]|首次|第一次|头一)")  # 「2015年有记录以来最高」
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
    compared: bool = False  # what something else is measured against: 「比上年」, 「较2022年」, 「2015年以来最高」

    def covers(self, year: int) -> bool:
        return self.first is not None and self.last is not None and self.first <= year <= self.last


def times(text: str, year: int | None) -> list[Time]:
    """All years named in a text, in order. ``year`` is the writer's own; None: 今年 stays unknown."""
    folded = fold(text)
    found: list[Time] = []
    for match in _TIME.finditer(folded):
        first: int | None
        last: int | None
        explicit = True
        if match["range"]:
            first, last = int(match["first"]), int(match["last"])
        elif match["year"]:
            first = last = int(match["year"])
        elif match["chinese"]:
            value = chinese_number(match["chinese"])
            if value is None:
                continue
            first = last = int(value)
        elif match["relative"]:
            step = _RELATIVE[match["relative"].lower()]
            first = last = None if year is None else year + step
            explicit = False
        elif match["told"]:
            first = last = _told(found, match, folded, year)
            explicit = False
        else:
            stretch = plan(int(chinese_number(match["ordinal"]) or 0))
            if stretch is None:
                continue
            first, last = stretch.start.year, stretch.end.year
        compared = folded[: match.start()].endswith(("比", "较")) or bool(_SINCE.match(folded, match.end()))
        found.append(Time(first, last, match.start(), match.end(), match[0], explicit, compared))
    return found


def _told(found: list[Time], match: re.Match[str], text: str, year: int | None) -> int | None:
    """The year that 上年 or 当年 counts from stands before it in the sentence; 上年 alone may be the writer's last year."""
    step, compared = _TOLD[match["told"]], text[: match.start()].endswith(("比", "较"))
    before = [t for t in found if not t.compared and not _SENTENCE.search(text, t.end, match.start())]
    if before and before[-1].last is not None:
        return before[-1].last + step
    return year + step if year is not None and step < 0 and not compared else None


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
    """「今年」 → 「今年（2024年）」 where only the year is known; ``resolve.annotated`` does months and days too."""
    if year is None:
        return text
    out, at = [], 0
    for time in times(text, year):
        if not time.explicit and time.first is not None:
            out += [text[at : time.end], f"（{time.first}年）"]
            at = time.end
    return "".join(out) + text[at:]
