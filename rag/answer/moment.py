"""Asked when: is the time that a sentence gives the one that its quotation has beside what is asked?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rag.answer.bearing import Wanted
from rag.answer.figures import article_year
from rag.answer.question.kind import MOMENT
from rag.answer.text.quantities import fold
from rag.answer.text.turns import said as stated
from rag.answer.text.words import bigrams, content_words, to_simplified
from rag.answer.when.resolve import TimeSpan, time_spans
from rag.answer.when.times import times
from rag.types import Evidence, Query

_CLAUSE = re.compile(r"[，、；。：！？“”‘’]")
_NUMBER = re.compile(r"\d+")
_ACT = re.compile(r"[才会将要能可被把就又再是在的，]*([\u4e00-\u9fff]{2}|[a-z0-9]+)")  # 「何时|正式接手」
_SAME = re.compile(r"[当同该]")  # 「当日」, 「同年」: the time named before


def moment_fits(want: Wanted, query: Query, sentence: str, item: Evidence) -> bool:
    """Where a time is asked for: is the year that the sentence gives the one that the quotation has beside what is asked?

    「早在2021年，就喊出‘2025年破万亿’」: asked when it is to break 万亿, 2021 is not it.
    """
    said = {(t.first, t.last) for t in times(sentence, article_year(item)) if t.first is not None}
    if not want.moment or want.compares or not said:
        return True
    asked = bigrams(" ".join(content_words(query.rewritten)))
    near = bigrams(" ".join(content_words(_behind(query))[:2]))  # 「哪一年|喊出GDP破万亿的口号」, 「哪一年|GDP破万亿」
    beside: dict[tuple[int | None, int | None], set[str]] = {}
    governing: tuple[int | None, int | None] | None = None
    for clause in _CLAUSE.split(to_simplified(fold(stated(item)))):
        named = [(t.first, t.last) for t in times(clause, article_year(item)) if not t.compared]
        governing = named[0] if named else governing
        if governing is not None:
            beside.setdefault(governing, set()).update(bigrams(clause) & asked)
    mine = [words for time, words in beside.items() if time in said]
    others = [words for time, words in beside.items() if time not in said]
    return not mine or not any(
        len(other) >= max(2 * len(words), len(words) + 2) and len(other & near) > len(words & near)
        for words in mine
        for other in others
    )


def of_another_clause(want: Wanted, query: Query, sentence: str, item: Evidence) -> bool:
    """The clause of the quotation that says what is asked has one time, and the sentence gives that of another clause.

    「5月21日宣布……，自6月1日起接手」: asked when he takes over, 5月21日 is not it. To the day, where ``moment_fits`` goes by years.
    """
    match = _ACT.match(_behind(query).lower())
    if not want.moment or want.compares or not match:
        return False
    act = match[1]
    said = time_spans(sentence, item.hit.date)
    quote = to_simplified(fold(stated(item)))
    spans = [s for s in time_spans(stated(item), item.hit.date) if not s.compared and not _SAME.match(s.text)]
    own: list[TimeSpan] = []
    governing: list[TimeSpan] = []
    for start, end in _clauses(quote):
        inside = [s for s in spans if start <= s.start < end]
        governing = inside or governing
        if act in quote[start:end].lower():
            own += governing
    if not said or not own or any(_agree(one, other) for one in own for other in said):
        return False
    return any(_agree(one, other) for one in spans if one not in own for other in said)


def _behind(query: Query) -> str:
    return MOMENT.split(to_simplified(fold(query.rewritten)), maxsplit=1)[-1]


def _clauses(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for stop in [*(match.start() for match in _CLAUSE.finditer(text)), len(text)]:
        yield start, stop
        start = stop + 1


def _agree(one: TimeSpan, other: TimeSpan) -> bool:
    if one.interval is not None and other.interval is not None:
        return one.interval.overlap(other.interval) > 0
    mine, theirs = set(_NUMBER.findall(one.text)), set(_NUMBER.findall(other.text))
    return bool(mine and theirs) and (mine <= theirs or theirs <= mine)
