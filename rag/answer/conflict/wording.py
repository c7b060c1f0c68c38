"""Different names or days in the same words.

Articles copy each other, and a mistake or a correction is one word in a sentence that is otherwise the same. Figures are
compared by what they measure (figures.py), which needs no such likeness; a name or a day has no unit to compare by, so the
words around it have to be the same.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise

from rag.answer.conflict.said import ASKED, Side, Statement
from rag.answer.text.quantities import fold
from rag.answer.text.words import bigrams, tagged, to_simplified
from rag.answer.when.resolve import TimeSpan, time_spans
from rag.types import Span

_AROUND = 6  # characters before and after a time, together, that both sentences share; an end counts as one
_BEFORE = 2  # of them before it, where it does not begin a clause
_BLOCK = 4  # characters on each side of a name that both share; the end of a sentence is enough
_ALIKE = 0.3  # least share of the shorter sentence's character pairs that both hold, to be compared at all
_WIDEST = 400  # characters of a sentence that is compared
_TAGS = frozenset({"nr", "nrt", "nrfg", "ns", "nt", "nz"})
_HAN = re.compile(r"[\u3400-\u9fff]{1,8}(?:[·•][\u3400-\u9fff]{1,8}){0,3}")
_NEAR_DAYS = 3  # between two articles, where neither sentence names a time
_DATELINE = re.compile(
    r"社[\u3400-\u9fff]{0,8}\Z|[（(][\u3400-\u9fff]{2,12}\Z"
)  # 「新华社华盛顿」 before 「1月12日电」
_AGENCY = re.compile(r"社(?:[\u3400-\u9fff]{0,8}\d{1,2}[月日]|记者)")
_WORD = re.compile(r"[^\W_]")
_DIGITS = re.compile(r"\d+")
_END = "\0"


@dataclass(frozen=True, slots=True)
class Value:
    """A name or a time in a sentence."""

    span: Span
    text: str
    time: bool


def conflicting(question: str, wanted: set[str], statements: Sequence[Statement]) -> list[list[Side]]:
    """Two names or two times that articles give differently, with all that say either. ``wanted``: character pairs of what
    is asked.

    A name of the question itself is what it asks about: 扬州's figure beside 镇江's is no contradiction.
    """
    given = to_simplified(fold(question))
    found: dict[frozenset[str], list[Side]] = {}
    for index, one in enumerate(statements):
        for place, other in enumerate(statements[index + 1 :], index + 1):
            if one.document_id == other.document_id:
                continue
            if len(wanted & bigrams(one.text) & bigrams(other.text)) <= ASKED * len(wanted):
                continue
            values = differing(one.text, other.text)
            if values is None or any(value.text in given for value in values):
                continue
            if _same_time(one, other, values) and not _both_said(statements, (one, other), values):
                sides = found.setdefault(frozenset(value.text for value in values), [])
                for at, value in zip((index, place), values, strict=True):
                    side = Side(at, value.text, value.span.start, value.span.end, figure=False)
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
        statement.document_id == mine.document_id and theirs.text in to_simplified(fold(statement.text))
        for mine, theirs in zip(pair, reversed(values), strict=True)
        for statement in statements
    )


def differing(one: str, other: str) -> tuple[Value, Value] | None:
    """The one name or time that two sentences give differently between the same words; None where there is none, or more
    than one.
    """
    if max(len(one), len(other)) > _WIDEST:
        return None
    mine, theirs = bigrams(one), bigrams(other)
    if len(mine & theirs) < _ALIKE * max(1, min(len(mine), len(theirs))):
        return None
    a, b = (_END + to_simplified(fold(text)) + _END for text in (one, other))
    found = [*_times(a, b), *_names(a, b)]
    if len(found) != 1:
        return None
    left, right = (Value(Span(v.span.start - 1, v.span.end - 1), v.text, v.time) for v in found[0])
    return left, right


def _times(a: str, b: str) -> list[tuple[Value, Value]]:
    found = []
    for left in time_spans(a, None):
        for right in time_spans(b, None):
            digits = _DIGITS.findall(left.text), _DIGITS.findall(right.text)
            if not all(digits) or digits[0] == digits[1] or left.text in right.text or right.text in left.text:
                continue
            if _DATELINE.search(a[: left.start]) or _meet(left, right):
                continue
            before = _common(a[: left.start][::-1], b[: right.start][::-1])
            opens = all("日" in t.text and not _WORD.match(text[t.start - 1]) for t, text in ((left, a), (right, b)))
            if (before >= _BEFORE or opens) and before + _common(a[left.end :], b[right.end :]) >= _AROUND:
                spans = Span(left.start, left.end), Span(right.start, right.end)
                found.append((Value(spans[0], left.text, True), Value(spans[1], right.text, True)))
    return found


def _meet(one: TimeSpan, other: TimeSpan) -> bool:
    """Could both be the same time, one said more exactly?"""
    return one.interval is not None and other.interval is not None and one.interval.overlap(other.interval) > 0


def _names(a: str, b: str) -> list[tuple[Value, Value]]:
    found = []
    blocks = [
        block
        for block in SequenceMatcher(None, a, b, autojunk=False).get_matching_blocks()
        if block.size >= _BLOCK or (block.size and _END in a[block.a : block.a + block.size])
    ]
    for before, after in pairwise(blocks):
        left = Span(before.a + before.size, after.a)
        right = Span(before.b + before.size, after.b)
        texts = a[left.start : left.end], b[right.start : right.end]
        if _named(*texts) and not _AGENCY.match(a[left.end :]):
            found.append((Value(left, texts[0], False), Value(right, texts[1], False)))
    return found


def _named(one: str, other: str) -> bool:
    """Are both names, and different ones? The dictionary need know only one of them."""
    if one in other or other in one or not (_HAN.fullmatch(one) and _HAN.fullmatch(other)):
        return False
    known = [_known(text) for text in (one, other)]
    return any(known) and all(sure or _could_be(text) for sure, text in zip(known, (one, other), strict=True))


def _known(text: str) -> bool:
    words = tagged(text)
    return "·" in text or (len(words) == 1 and words[0][1] in _TAGS)


def _could_be(text: str) -> bool:
    """A name that the dictionary does not know falls into short pieces."""
    return len(text) <= 4 and all(len(word) == 1 or tag in _TAGS for word, tag in tagged(text))


def _common(one: str, other: str) -> int:
    """Letters, characters and digits (and the end) in the common beginning."""
    length = 0
    for mine, theirs in zip(one, other, strict=False):
        if mine != theirs:
            break
        length += bool(_WORD.match(mine)) or mine == _END
    return length
