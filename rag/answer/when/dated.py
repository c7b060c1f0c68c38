"""Does a passage speak of the time that a question asks about? For ranking alone: what is shown is never changed by it.

Both sides become stretches of days. 「四年前11月」 asked on 2024-11-12 is November 2020; a passage says 「2020年11月5日」 or,
further on, only 「11月5日」 and 「5日」. All text here has been through ``analyze.fold``.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from rag.answer.text.numbers import whole_number
from rag.types import ArticleDate

_N = r"(?:\d{1,2}|[一二两三四五六七八九]?十[一二三四五六七八九]?|[一二两三四五六七八九])"
_MONTH = rf"(?:(?P<month>{_N})月(?![均薪球])份?(?P<part>初|底|末|[上中下]旬)?(?:(?P<day>{_N})[日号])?)"
_WITHIN = rf"(?:{_MONTH}|(?P<half>[上下])半年|第?(?P<quarter>[一二三四1-4])季度)"
_TIME = re.compile(
    rf"(?:(?<!\d)(?P<year>(?:19|20)\d\d)年度?|(?P<word>大前年|前年|去年|今年|明年)"
    rf"|(?P<count>{_N})年(?:之|以)?(?P<way>前|后)|前(?P<past>{_N})年)的?{_WITHIN.replace('?P<', '?P<y_')}?"
    rf"|(?<!\d)(?P<iso>(?:19|20)\d\d[-/.]\d{{1,2}}[-/.]\d{{1,2}})(?!\d)"
    rf"|(?P<some>{_N}|半)(?P<more>多)?个?(?P<unit>年|月|周|星期|天|日)(?:之|以)?(?P<when>前|后)"
    rf"|(?P<near>上上?个?月|本月|这个月|下个?月|上个?周|上个?星期|本周|这周|下周|大前天|前天|昨[天日晚]|今[天日晚晨]|明[天日])"
    rf"|(?<![\d.个第]){_WITHIN}|(?<![\d.第月])(?P<only>\d{{1,2}})日(?!均|元|内|后|前)"
)
_WORDS = {"大前年": -3, "前年": -2, "去年": -1, "今年": 0, "明年": 1}
_DAYS = {"年": 365, "月": 30, "周": 7, "星期": 7, "天": 1, "日": 1}


class Stretch(NamedTuple):
    """Days, as ``date.toordinal`` counts them, both ends included."""

    first: int
    last: int

    @property
    def days(self) -> int:
        return self.last - self.first + 1


def asked(folded: str, today: date | None) -> list[Stretch]:
    """The times that a question names. Relative ones are left out where ``today`` is not known."""
    return _read(folded, today, today, asking=True)


def told(folded: str, written: ArticleDate | None) -> list[Stretch]:
    """The times that a passage names, in order. ``written``: its article's date, for 去年 and for days without a year."""
    near = written.value if written else None
    exact = near if written and written.precision == "day" else None
    return _read(folded, exact, near, asking=False)


def of(written: ArticleDate) -> Stretch:
    """The days on which an article may have been written."""
    day = written.value
    if written.precision == "day":
        return Stretch(day.toordinal(), day.toordinal())
    first, last = (day.month, day.month) if written.precision == "month" else (1, 12)
    stretch = _months(day.year, first, last)
    assert stretch is not None
    return stretch


def agreement(wanted: Sequence[Stretch], said: Sequence[Stretch]) -> tuple[float, float]:
    """How well what is ``said`` fits what is ``wanted``: the best of all, and the first one said. Each −1…1.

    1: a time within the wanted one (or the same); less for a longer one that holds it, by how much longer; −1: times are
    named, and none fits; 0: nothing is wanted or nothing said.
    """
    if not wanted or not said:
        return 0.0, 0.0
    fits = [max(_fit(one, other) for one in wanted) for other in said]
    return max(fits), fits[0]


def _fit(wanted: Stretch, said: Stretch) -> float:
    if min(wanted.last, said.last) < max(wanted.first, said.first):
        return -1.0
    if said.days <= wanted.days:
        return 1.0
    return 0.6 if said.days <= 31 else 0.3  # a month around a wanted day; a year around a wanted month


def _read(text: str, today: date | None, near: date | None, *, asking: bool) -> list[Stretch]:
    found: list[Stretch] = []
    year = near.year if near else None
    named = False  # a year was said, and months behind it belong to it
    month: int | None = None
    for match in _TIME.finditer(text):
        stretch: Stretch | None = None
        if match["iso"]:
            y, m, d = (int(part) for part in re.split(r"[-/.]", match["iso"]))
            stretch, year, month, named = _days(y, m, d), y, m, True
        elif match["year"] or match["word"] or match["count"] or match["past"]:
            said = _year(match, near)
            if said is None:
                continue
            year, named = said, True
            stretch, month = _within(year, match, "y_")
        elif match["some"] or match["near"]:
            stretch = _near(match, today) if today else None
        elif match["only"]:
            if year and month and not asking:
                stretch = _days(year, month, int(match["only"]))
        elif year:
            stretch, month = _within(year, match, "")
            if asking and not named and today and stretch and stretch.first > today.toordinal():
                stretch, month = _within(year - 1, match, "")  # asked in May, 「八月」 is last year's
        if stretch is not None:
            found.append(stretch)
    return found


def _year(match: re.Match[str], near: date | None) -> int | None:
    if match["year"]:
        return int(match["year"])
    if near is None:
        return None
    if match["word"]:
        return near.year + _WORDS[match["word"]]
    step = whole_number(match["count"] or match["past"])
    return near.year + (step if match["way"] == "后" else -step)


def _within(year: int, match: re.Match[str], prefix: str) -> tuple[Stretch | None, int | None]:
    """The part of ``year`` that a match names (all of it where none), and the month."""
    if match[prefix + "month"]:
        month = whole_number(match[prefix + "month"])
        day = match[prefix + "day"]
        return _days(year, month, whole_number(day) if day else None), month
    if match[prefix + "half"]:
        first = 1 if match[prefix + "half"] == "上" else 7
        return _months(year, first, first + 5), None
    if match[prefix + "quarter"]:
        first = 3 * whole_number(match[prefix + "quarter"]) - 2
        return _months(year, first, first + 2), None
    return _months(year, 1, 12), None


def _near(match: re.Match[str], today: date) -> Stretch | None:
    if match["near"]:
        return _named(match["near"], today)
    number = 0.5 if match["some"] == "半" else whole_number(match["some"])
    way = 1 if match["when"] == "后" else -1
    if match["unit"] == "年" and number >= 1:
        return _months(today.year + way * int(number), 1, 12)
    middle = today.toordinal() + way * round(number * _DAYS[match["unit"]])
    slack = {"年": 45, "月": 30}.get(match["unit"], 7 if match["unit"] in "周星期" else 1)
    return Stretch(middle - slack, middle + slack)


def _named(word: str, today: date) -> Stretch | None:
    if "月" in word:
        step = -word.count("上") + word.count("下")
        index = 12 * today.year + today.month - 1 + step
        return _months(index // 12, index % 12 + 1, index % 12 + 1)
    if "周" in word or "星期" in word:
        monday = today.toordinal() - today.weekday() + 7 * (-word.count("上") + word.count("下"))
        return Stretch(monday, monday + 6)
    step = {"大前": -3, "前": -2, "昨": -1, "今": 0, "明": 1}[word.rstrip("天日晚晨")]
    day = (today + timedelta(days=step)).toordinal()
    return Stretch(day, day)


def _days(year: int, month: int, day: int | None) -> Stretch | None:
    if not (1 <= year <= 9998 and 1 <= month <= 12):
        return None
    if day is None:
        return _months(year, month, month)
    if not 1 <= day <= monthrange(year, month)[1]:
        return None
    at = date(year, month, day).toordinal()
    return Stretch(at, at)


def _months(year: int, first: int, last: int) -> Stretch | None:
    if not (1 <= year <= 9998 and 1 <= first <= last <= 12):
        return None
    return Stretch(date(year, first, 1).toordinal(), date(year, last, monthrange(year, last)[1]).toordinal())
