"""Points in time with their parts: year, month, day, hour; part of a year. What ``times`` leaves out: 「2月18日19时」."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta

from rag.answer.text.numbers import NUMERAL, fold, whole_number
from rag.answer.when import interval as when
from rag.answer.when.times import times

_N = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
_HOUR = rf"(?:\d{{1,2}}|(?<![{NUMERAL}])(?!一时)[零一二三四五六七八九十]{{1,3}}(?=时))"
_POINT = re.compile(
    rf"(?P<iso>(?<!\d)(?P<y>(?:19|20)\d\d)(?P<sep>[-/.])(?P<m>\d{{1,2}})(?P=sep)(?P<d>\d{{1,2}})(?![\d.]))"
    rf"|(?<![\d.])(?P<month_from>{_N})\s?月?份?\s?[—–\-－~～至到、]\s?(?P<month_to>{_N})\s?月(?!球|亮|薪)"
    rf"|(?<![\d.个])(?P<month>{_N}|元)\s?月(?!球|亮|薪|均|产|经|龄)(?:份)?(?:\s?(?P<day>{_N})\s?(?:日(?!均)|号(?!线|楼|机)))?"
    rf"|(?<![\d.第])(?P<only>\d{{1,2}})\s?(?:日(?!均|产|元|线|游|内|后|前|间)|号(?=起|开始|那天|当天|[上中下]午|早上|晚|凌晨))"
    r"|(?P<old>(?<![\d.,])(?:1[0-8]\d\d|[1-9]\d\d)(?=年(?!产|报|均|级|轻|来|间|限|树龄|寿命|之久|的?历史(?![新最性首上]))))年"
    rf"|(?<![\d.])(?<!\d[:：])(?P<hour>{_HOUR})(?:\s?[时点](?!代|间|候|钟头|击|名|评|赞|半|[\d.]*[%个])|[:：](?=\d\d(?!\d)))(?:\s?(?P<minute>\d{{1,2}}|{_N}(?=分))分?)?"
    rf"|(?:(?<=年)|(?<![\u4e00-\u9fff\d]))前(?P<first>{_N})(?P<first_of>个月|个?季度)"
    r"|(?P<quarter>(?:第?[一二三四1-4]季度|(?<![A-Za-z])Q[1-4](?!\d)|[上下]半年))"
    r"|(?P<relative>昨日|昨天|昨晚|今日|今天|今晨|今晚|前日|前天|明日|明天|后天|上个?月|本月|当月|下个?月)",
    re.I,
)
_DAYS = {"昨日": -1, "昨天": -1, "昨晚": -1, "今日": 0, "今天": 0, "今晨": 0, "今晚": 0, "前日": -2, "前天": -2}
_DAYS |= {"明日": 1, "明天": 1, "后天": 2}
_MONTHS = {"上": -1, "本": 0, "当": 0, "下": 1}


@dataclass(frozen=True, slots=True)
class Moment:
    """What is said of a point in time at ``[start, end)``; None: not said. ``part`` is "q1"…"q4", "h1", "h2", "m1"… (from that month)."""

    start: int
    end: int
    text: str
    year: int | None = None
    last_year: int | None = None  # of a stretch of years
    month: int | None = None
    day: int | None = None
    hour: int | None = None
    minute: int | None = None
    part: str = ""
    relative: bool = False  # counted from somebody's today
    filled: bool = False  # its year is not its own, but an earlier one of the text or the writer's

    @property
    def impossible(self) -> bool:
        """Is it written like a date or an hour, and none: 14月24日, 2月30日, 25时?"""
        if (self.hour or 0) > 24 or (self.minute or 0) > 59 or not 1 <= (self.month or 1) <= 12:
            return True
        day = self.day if self.day is not None else 1
        year = self.year if self.year is not None and self.year == self.last_year else 2024  # a leap year
        return not 1 <= day <= 31 or (self.month is not None and when.days(year, self.month, day, day) is None)


def moments(text: str, today: date | None = None, year: int | None = None) -> list[Moment]:
    """Every point in time named, in order. ``today`` is the writer's; ``year`` too, where only that is known."""
    folded = fold(text)
    found = [
        Moment(t.start, t.end, t.text, t.first, t.last, relative=not t.explicit)
        for t in times(text, today.year if today else year)
    ]
    found += [point for match in _POINT.finditer(folded) if (point := _read(match, today)) is not None]
    found.sort(key=lambda m: (m.start, -m.end))
    merged: list[Moment] = []
    for moment in found:
        before = merged[-1] if merged else None
        if before is not None and moment.start < before.end:
            continue
        gap = folded[before.end : moment.start] if before is not None else ""
        if before is not None and re.fullmatch(r"[\s年的,，]?", gap) and _goes_on(before, moment):
            merged[-1] = _join(before, moment, folded)
        else:
            merged.append(moment)
    return merged


def _goes_on(one: Moment, other: Moment) -> bool:
    """「2024年」 + 「3月5日」, 「3月」 + 「第二季度」, 「18日」 + 「19时」: from large to small."""
    if other.year is not None and not other.relative:
        return False
    if one.year is not None and one.month is None and not one.part and one.year == one.last_year:
        return other.month is not None or bool(other.part)
    return one.day is not None and one.hour is None and other.hour is not None


def _join(one: Moment, other: Moment, text: str) -> Moment:
    return Moment(
        one.start,
        other.end,
        text[one.start : other.end],
        one.year,
        one.last_year,
        one.month if other.month is None else other.month,
        one.day if other.day is None else other.day,
        other.hour,
        other.minute,
        other.part or one.part,
        one.relative,
    )


def _read(match: re.Match[str], today: date | None) -> Moment | None:
    start, end = match.span()
    text = match[0]
    if match["iso"]:
        year = int(match["y"])
        return Moment(start, end, text, year, year, int(match["m"]), int(match["d"]))
    if match["old"]:
        return Moment(start, end, text, int(match["old"]), int(match["old"]))
    if match["first"]:  # 「今年前五个月」, 「前三季度」
        last = whole_number(match["first"]) * (1 if match["first_of"] == "个月" else 3)
        return Moment(start, end, text, month=last, part="m1") if 1 <= last <= 12 else None
    if match["quarter"]:
        found = re.search(r"[一二三四1-4上下]", text)
        assert found is not None
        number = "一二三四".find(found[0]) + 1 or "上下".find(found[0]) + 1 or int(found[0])
        return Moment(start, end, text, part=f"{'h' if '半' in text else 'q'}{number}")
    if match["relative"]:
        if today is None:
            return None
        if text in _DAYS:
            when = today + timedelta(days=_DAYS[text])
            return Moment(start, end, text, when.year, when.year, when.month, when.day, relative=True)
        months = today.year * 12 + today.month - 1 + _MONTHS[text[0]]
        year, month = months // 12, months % 12 + 1
        return Moment(start, end, text, year, year, month, relative=True)
    if match["hour"]:
        hour, minute = _count(match["hour"]), _count(match["minute"])
        late = hour is None or hour > 24 or (minute or 0) > 59
        if late and not text.endswith(("时", "分")):
            return None  # 「25:23」, 「跌了36点」
        return Moment(start, end, text, hour=hour, minute=minute)
    if match["only"]:
        day = int(match["only"])
        return Moment(start, end, text, day=day) if day < 32 else None  # 「拘留45日」
    first, named, day_said = _count(match["month_from"]), _count(match["month_to"] or match["month"]), match["day"]
    if named is None or (day_said and _count(day_said) is None):
        return None
    return Moment(start, end, text, month=named, day=_count(day_said), part=f"m{first}" if first else "")


def _count(text: str | None) -> int | None:
    """A number in digits or characters; None for none, and for what is no number (「七八」 of 七八月)."""
    if text is None or (not text.isdecimal() and len(text) > 1 and "十" not in text):
        return None
    try:
        return 1 if text == "元" else whole_number(text)
    except ValueError:
        return None


def completed(found: list[Moment], today: date | None, year: int | None) -> list[Moment]:
    """Moments with what an earlier one of the same text, or the writer's own date, says of them: 「18日」 → 2月18日."""
    year = today.year if today else year
    month = today.month if today else None
    filled = []
    for moment in found:
        if moment.year is not None:
            year = moment.year if moment.year == moment.last_year and not moment.relative else year
            month = moment.month
        elif moment.month is not None or moment.day is not None or moment.part:
            moment = replace(
                moment, filled=True, year=year, last_year=year, month=moment.month or (month if moment.day else None)
            )
            month = moment.month or month
        filled.append(moment)
    return filled


def agrees(claimed: Moment, stands: Moment) -> bool:
    """Does ``stands`` say all that ``claimed`` says? A part that it leaves open speaks against it only if it is finer."""
    if claimed.year is not None and claimed.last_year is not None:
        if stands.year is None or stands.last_year is None:
            return False
        if claimed.last_year < stands.year or stands.last_year < claimed.year:
            return False
        if claimed.year == claimed.last_year and stands.last_year - stands.year > 1 and claimed.month is None:
            # 「十五五」 is not its last year; 「2021—2025年」 names it
            return claimed.year in (stands.year, stands.last_year) and str(claimed.year) in stands.text
    for name in ("month", "day", "hour", "minute"):
        said, there = getattr(claimed, name), getattr(stands, name)
        if (
            said is not None
            and said != there
            and not (name == "hour" and there is not None and said % 12 == there % 12)
        ):
            return name == "month" and there is None and bool(stands.part) and _within(said, stands.part)
    return not claimed.part or claimed.part == stands.part or _within(stands.month, claimed.part)


def _within(month: int | None, part: str) -> bool:
    if month is None or part[0] == "m":
        return False
    number, length = int(part[1]), 3 if part[0] == "q" else 6
    return (month - 1) // length + 1 == number
