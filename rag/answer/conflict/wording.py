"""Different names or days in the same words.

Articles copy each other, and a mistake or a correction is one word in a sentence that is otherwise the same. Figures are
compared by what they measure (figures.py), which needs no such likeness; a name or a day has no unit to compare by, so the
words around it have to be the same.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from itertools import pairwise

from rag.answer.claims.spotted import COUNTRIES
from rag.answer.conflict.said import ASKED, Side, Statement
from rag.answer.question.kind import kind_asked
from rag.answer.text.cities import REGIONS
from rag.answer.text.quantities import fold
from rag.answer.text.words import bigrams, tagged, to_simplified
from rag.answer.when.resolve import TimeSpan, time_spans
from rag.types import ArticleDate, Span

_AROUND = 6  # characters before and after a time, together, that both sentences share; an end counts as one
_BEFORE = 2  # of them before it, where it does not begin a clause
_BLOCK = 4  # characters on each side of a name that both share; the end of a sentence is enough
_ALIKE = 0.3  # least share of the shorter sentence's character pairs that both hold, to be compared at all
_WIDEST = 240  # characters of a sentence that is compared
_NEAR_DAYS = 3  # between two articles, where neither sentence names a time
# What many can be or do at once, and what is no name at all: two articles that name two of them contradict nobody.
_SEVERAL = re.compile(r"哪些|哪几|分别|都有|怎么|怎样|如何|为什么|为何|多少|是否|吗|几")
_MANY_CAN = re.compile(
    r"[^，。]{0,6}(?:表示|认为|说|称|指出|介绍|强调|接受|出席|参加|获得|获|入选|当选|上榜|加入|对阵|战胜|击败|访问|会见)"
)
_TAGS = frozenset({"nr", "nrt", "nrfg", "ns", "nt", "nz"})
_NAME = re.compile(r"[\u3400-\u9fff]{1,8}(?:[·•][\u3400-\u9fff]{1,8}){0,3}")
_TITLED = re.compile(r"[工总某等们他她其先曾所氏]$")  # 「张工」 may be 张建国
_DATELINE = re.compile(
    r"社[\u3400-\u9fff]{0,8}\Z|[（(][\u3400-\u9fff]{2,12}\Z"
)  # 「新华社华盛顿」 before 「1月12日电」
_ZONE = re.compile(r"(?:当地|北京|东部|美东|标准)时间\s*\Z|截[至止]\Z")
_ONE_END = re.compile(r"\s*(?:起|止|前|后|内|开始|截止|结束)")  # 「5月6日起」 and 「5月10日止」 are both true
_AGENCY = re.compile(r"社(?:[\u3400-\u9fff]{0,8}\d{1,2}[月日]|记者)")
_WORD = re.compile(r"[^\W_]")
_DIGITS = re.compile(r"\d+")
_END = "\0"
_SOME_YEAR = ArticleDate(
    date(2000, 1, 1), "year", ""
)  # that 「5月6日」 and 「5月6日至8日」 be compared where no year is known


@dataclass(frozen=True, slots=True)
class Value:
    """A name or a time in a sentence."""

    span: Span
    text: str
    time: bool


def conflicting(question: str, wanted: set[str], statements: Sequence[Statement]) -> list[list[Side]]:
    """Two names or two times that articles give differently, with all that say either. ``wanted``: character pairs of what
    is asked.

    Times are compared where a time is asked for, names where one may be. A name of the question itself is what it asks
    about: 扬州's figure beside 镇江's is no contradiction.
    """
    given = _plain(question)
    asked = kind_asked(question)
    found: dict[frozenset[str], list[Side]] = {}
    for index, one in enumerate(statements):
        for place, other in enumerate(statements[index + 1 :], index + 1):
            if one.document_id == other.document_id:
                continue
            if len(wanted & bigrams(one.text) & bigrams(other.text)) <= ASKED * len(wanted):
                continue
            values = differing(one, other)
            if values is None or any(value.text in given for value in values):
                continue
            if asked.time != values[0].time or (not asked.time and _SEVERAL.search(given)):
                continue
            if _same_time(one, other, values) and not _both_said(statements, (one, other), values):
                sides = found.setdefault(frozenset(value.text for value in values), [])
                for at, statement, value in zip((index, place), (one, other), values, strict=True):
                    span = value.span
                    side = Side(at, statement.text[span.start : span.end], span.start, span.end, figure=False)
                    if side not in sides:
                        sides.append(side)
    return list(found.values())


def _same_time(one: Statement, other: Statement, values: tuple[Value, Value]) -> bool:
    """Are both sentences of the same time, their values apart?"""
    named = []
    for statement, value in zip((one, other), values, strict=True):
        spans = time_spans(statement.text, statement.date)
        apart = (s for s in spans if s.end <= value.span.start or value.span.end <= s.start)
        named.append({s.interval for s in apart if s.interval is not None})
    if any(named) or values[0].time:
        return named[0] == named[1]
    if one.date is None or other.date is None:
        return one.date is other.date
    return abs((one.date.value - other.date.value).days) <= _NEAR_DAYS


def _both_said(statements: Sequence[Statement], pair: tuple[Statement, Statement], values: tuple[Value, Value]) -> bool:
    """Does one of the two articles say the other's value as well?"""
    return any(
        statement.document_id == mine.document_id and theirs.text in _plain(statement.text)
        for mine, theirs in zip(pair, reversed(values), strict=True)
        for statement in statements
    )


def differing(one: Statement, other: Statement) -> tuple[Value, Value] | None:
    """The one name or time that two sentences give differently between the same words; None where there is none, or more
    than one.
    """
    if max(len(one.text), len(other.text)) > _WIDEST:
        return None
    mine, theirs = bigrams(one.text), bigrams(other.text)
    if len(mine & theirs) < _ALIKE * max(1, min(len(mine), len(theirs))):
        return None
    a, b = (_END + _plain(statement.text) + _END for statement in (one, other))
    found = [*_times(a, b, one.date or _SOME_YEAR, other.date or _SOME_YEAR), *_names(a, b)]
    if len(found) != 1:
        return None
    left, right = (Value(Span(v.span.start - 1, v.span.end - 1), v.text, v.time) for v in found[0])
    return left, right


def _times(a: str, b: str, mine: ArticleDate, theirs: ArticleDate) -> list[tuple[Value, Value]]:
    found = []
    for left in time_spans(a, mine):
        for right in time_spans(b, theirs):
            zones = [_ZONE.search(text[: t.start]) for text, t in ((a, left), (b, right))]
            if not _comparable(left, right) or len({zone and zone[0] for zone in zones}) > 1:
                continue
            if any(_DATELINE.search(x[: t.start]) or _ONE_END.match(x[t.end :]) for x, t in ((a, left), (b, right))):
                continue
            before = _common(a[: left.start][::-1], b[: right.start][::-1])
            opens = all("日" in t.text and not _WORD.match(text[t.start - 1]) for t, text in ((left, a), (right, b)))
            if (before >= _BEFORE or opens) and before + _common(a[left.end :], b[right.end :]) >= _AROUND:
                spans = Span(left.start, left.end), Span(right.start, right.end)
                found.append((Value(spans[0], left.text, True), Value(spans[1], right.text, True)))
    return found


def _comparable(one: TimeSpan, other: TimeSpan) -> bool:
    """Both are written in digits, and cannot mean the same time, one said more exactly."""
    digits = _DIGITS.findall(one.text), _DIGITS.findall(other.text)
    if not all(digits) or digits[0] == digits[1] or one.text in other.text or other.text in one.text:
        return False
    return one.interval is None or other.interval is None or not one.interval.overlap(other.interval)


def _names(a: str, b: str) -> list[tuple[Value, Value]]:
    found = []
    blocks = [
        block
        for block in SequenceMatcher(None, a, b, autojunk=False).get_matching_blocks()
        if block.size >= _BLOCK or (block.size and _END in a[block.a : block.a + block.size])
    ]
    for before, after in pairwise(blocks):
        left = _whole(a, Span(before.a + before.size, after.a))
        right = _whole(b, Span(before.b + before.size, after.b))
        texts = a[left.start : left.end], b[right.start : right.end]
        tails = a[left.end :], b[right.end :]
        if _named(*texts) and not any(_AGENCY.match(tail) or _MANY_CAN.match(tail) for tail in tails):
            found.append((Value(left, texts[0], False), Value(right, texts[1], False)))
    return found


def _whole(text: str, span: Span) -> Span:
    """Widened to the words it cuts: of 李卫东 and 李卫国 the blocks leave 东 and 国."""
    at, start, end = 0, span.start, span.end
    run: Span | None = None  # of names side by side: 李 and 卫东
    for word, tag in [*tagged(text), ("", "")]:
        if tag in _TAGS:
            run = Span(run.start if run else at, at + len(word))
        else:
            if run and run.start < span.end and span.start < run.end:
                start, end = min(start, run.start), max(end, run.end)
            run = None
        at += len(word)
    return Span(start, end)


def _named(one: str, other: str) -> bool:
    """Are both names, of two that cannot be the same? The dictionary need know only one of them."""
    if one in other or other in one or not (_NAME.fullmatch(one) and _NAME.fullmatch(other)):
        return False
    if len(one) == len(other) > 3 and sum(x != y for x, y in zip(one, other, strict=True)) == 1:
        return False  # a foreign name, written otherwise
    if any(_TITLED.search(text) and len(text) < 3 for text in (one, other)):
        return False
    wide = [text in REGIONS or text in COUNTRIES for text in (one, other)]
    if wide[0] != wide[1]:
        return False  # 西安 lies in 陕西
    known = [_known(text) for text in (one, other)]
    return any(known) and all(sure or _could_be(text) for sure, text in zip(known, (one, other), strict=True))


def _known(text: str) -> bool:
    return "·" in text or (len(text) > 1 and all(tag in _TAGS for _, tag in tagged(text)))


def _could_be(text: str) -> bool:
    """A name that the dictionary does not know falls into short pieces."""
    return 1 < len(text) <= 4 and all(len(word) == 1 or tag in _TAGS for word, tag in tagged(text))


def _plain(text: str) -> str:
    return to_simplified(fold(text))


def _common(one: str, other: str) -> int:
    """Letters, characters and digits (and the end) in the common beginning."""
    length = 0
    for mine, theirs in zip(one, other, strict=False):
        if mine != theirs:
            break
        length += bool(_WORD.match(mine)) or mine == _END
    return length
