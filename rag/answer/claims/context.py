"""A sentence laid out for comparison: its figures, times and names, and the words around each of them.

Two figures are told apart by what stands around them: 「营收413亿元，税收8.5亿元」 says of 413 营收 and of 8.5 税收. The words
around a place in the text are a bag of characters and character pairs, each weighing less the farther off it is, and less
still behind a comma or another figure; so they survive another order and another choice of words.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache
from math import sqrt
from types import MappingProxyType

from rag.answer.claims.polarity import DOWN, UP
from rag.answer.claims.spotted import Name, spot
from rag.answer.text.quantities import Quantity, fold, quantities
from rag.answer.text.words import to_simplified
from rag.answer.when.interval import Interval
from rag.answer.when.moments import Moment, completed, moments
from rag.answer.when.stretches import governing
from rag.answer.when.stretches import named as time_named
from rag.answer.when.times import Time, days, time_at, times
from rag.types import ArticleDate

_STOP = frozenset("的了是在和与及或之于以其这那也都就还又等并而将把被对由从到为向个将已有所让给则着过地得很")
_BAR = re.compile(r"[，。；：！？、（）()“”,;:!?…—]|\n")
_LATIN = re.compile(r"[a-z][a-z0-9.+\-]*|\d+[a-z][a-z0-9]*")
_TOTAL = re.compile(r"[，、]?(?:总数|总量|总额|总计|合计|累计|共计)(?:将|已|力争)?(?:达到?|为|超过?|突破|近|约)*")
_IS_WHEN = re.compile(
    r"的?(?:目标|预计|计划|预定)?的?(?:时间|年份|日期|期限|时候|节点)(?:应该)?(?:是|为|在|定在|定为)?"
)
_BARS = {"；": 3, "。": 3, ";": 3}  # what stands behind these is said of something else
REACH = 48  # characters to either side that count as around
_PER_BAR, _PER_FIGURE, _AFTER = 0.45, 0.6, 0.8
_ANOTHERS = 0.4  # behind a comma and before another figure: 「甲有3家，乙有5家」, where 乙 says nothing of 3家
_FADE = 8.0  # characters after which a word weighs half


def plain(text: str) -> str:
    """Simplified, half width, lower case; one character for one, so that offsets stay true."""
    return to_simplified(fold(text)).lower() if len(text.lower()) == len(text) else to_simplified(fold(text))


Words = Mapping[str, float]


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """One sentence. Made once by ``line``, kept, and read by any number of threads at once: nothing of it is changed.

    ``_near`` remembers what was worked out, each entry put in whole, and once there never touched again.
    """

    text: str  # plain
    figures: tuple[Quantity, ...]
    spoken: tuple[Time | None, ...]  # what time governs each figure
    framed: tuple[Time | None, ...]  # another that may: named before that one, in clauses without figures
    stretches: tuple[Interval | None, ...]  # the same to the day, where that is known
    moments: tuple[Moment, ...]
    names: tuple[Name, ...]
    features: tuple[tuple[int, str, float], ...]  # position, character or pair or word, weight
    bars: tuple[int, ...]  # how many bars stand before each position
    _words: Words
    _near: dict[tuple[int, int], Words] = field(default_factory=dict)

    def near(self, start: int, end: int) -> Words:
        """The words around ``[start, end)``, scaled to length 1."""
        known = self._near.get((start, end))
        if known is not None:
            return known
        found: dict[str, float] = {}
        stops = [f.start for f in self.figures if not (start <= f.start < end)]
        left = self._total_of(start)
        for at, word, weight in self.features:
            if start - len(word) < at < end or at < start - REACH or at > end + REACH:
                continue
            if at < start:
                bars = self.bars[left if at < left else start] - self.bars[at]
                between = bisect_left(stops, left if at < left else start) - bisect_left(stops, at)
                off = start - at - 1
                side = 1.0
            else:
                bars = self.bars[at] - self.bars[end]
                between = bisect_left(stops, at) - bisect_left(stops, end)
                off = at - end
                side = _AFTER
                following = bisect_left(stops, at)
                if bars and following < len(stops) and self.bars[stops[following]] == self.bars[at]:
                    side *= _ANOTHERS
            value = weight * side * _PER_BAR**bars * _PER_FIGURE**between / (1 + off / _FADE)
            if value > found.get(word, 0.0):
                found[word] = value
        length = sqrt(sum(v * v for v in found.values())) or 1.0
        around = MappingProxyType({word: value / length for word, value in found.items()})
        self._near[start, end] = around
        return around

    def all(self) -> Words:
        """Every word of the sentence with its own weight."""
        return self._words

    def _total_of(self, start: int) -> int:
        """「新增企业100家、总数达到550家」: what is said before 100 is said of 550 as well. Where that part ends, or ``start``."""
        before = max((f for f in self.figures if f.end <= start), key=lambda f: f.end, default=None)
        return before.start if before and _TOTAL.fullmatch(self.text, before.end, start) else start


@lru_cache(maxsize=2048)
def line(text: str, today: date | None = None, year: int | None = None) -> Line:
    """Lay out one sentence. ``today`` is its writer's; ``year`` too, where only that is known."""
    year = today.year if today else year
    bare = plain(text)
    figures = quantities(bare)
    phases = re.finditer(r"一期(?!间|待)", bare)
    figures += [Quantity(Decimal(1), "期", m.start(), m.end(), m[0], around=m.span()) for m in phases]
    figures.sort(key=lambda f: f.start)
    when = completed(moments(bare, today, year), today, year)
    when = [m for m in when if not any(f.unit and f.start <= m.start and m.end < f.end for f in figures)]  # 2000美元
    figures = [f for f in figures if not any(m.start <= f.start < m.end for m in when)]
    named = times(bare, year)
    spoken = [
        _told_behind(bare, named, f) or time_at(named, f.start) or _month_before(bare, f.start, year) for f in figures
    ]
    framed = [_frame(bare, named, figures, f) for f in figures]
    anchor = today or (ArticleDate(date(year, 1, 1), "year", "") if year else None)
    spans = time_named(bare, anchor) if figures else []
    stretches = [governing(spans, f.start, _clause(bare, f), _since(figures, f)) for f in figures]
    bars, count = list[int](), 0
    marks = {m.start() for m in _BAR.finditer(bare)}
    for index in range(len(bare) + 1):
        bars.append(count)
        if index in marks:
            count += _BARS.get(bare[index], 1)
    named_here = tuple(
        n
        for n in spot(text)
        if n.kind in ("code", "title") or not any(n.start < f.end and f.start < n.end for f in figures)  # 二成
    )
    features = _features(bare, figures, when)
    words: dict[str, float] = {}
    for _, word, weight in features:
        words[word] = max(weight, words.get(word, 0.0))
    return Line(
        bare,
        tuple(figures),
        tuple(spoken),
        tuple(framed),
        tuple(stretches),
        tuple(when),
        named_here,
        tuple(features),
        tuple(bars),
        MappingProxyType(words),
    )


def _frame(text: str, named: list[Time], figures: list[Quantity], figure: Quantity) -> Time | None:
    """「今年上半年，某市落实2022年会议精神，…完成3037万美元」: the year of the meeting is not that of the figure."""
    before = [t for t in named if t.end <= figure.start and not t.compared]
    if len(before) < 2 or not _BAR.search(text, before[-1].end, figure.start):
        return None
    low = _since(figures, figure)
    first = next((t for t in before if t.start >= low), before[-1])
    return None if first is before[-1] else first


def _since(figures: list[Quantity], figure: Quantity) -> int:
    """Where the figure before it ends."""
    return max((f.end for f in figures if f.end <= figure.start), default=0)


def _clause(text: str, figure: Quantity) -> tuple[int, int]:
    before = [m.end() for m in _BAR.finditer(text, 0, figure.start)]
    behind = _BAR.search(text, figure.end)
    return before[-1] if before else 0, behind.start() if behind else len(text)


def _told_behind(text: str, named: list[Time], figure: Quantity) -> Time | None:
    """「过万亿的目标时间是2025年」: the year stands behind its figure, in the same clause."""
    _, stop = _clause(text, figure)
    behind = (t for t in named if figure.end <= t.start < stop and not t.compared)
    return next((t for t in behind if _IS_WHEN.fullmatch(text, figure.end, t.start)), None)


def _month_before(text: str, position: int, year: int | None) -> Time | None:
    """A month or a day without its year (「1—2月，…208个」) is one of the writer's own year."""
    if year is None or not days(text[:position]):
        return None
    return Time(year, year, 0, 0, f"{year}年", explicit=False)


def _features(text: str, figures: list[Quantity], when: list[Moment]) -> list[tuple[int, str, float]]:
    taken = [False] * len(text)
    for start, end in [f.around for f in figures] + [(m.start, m.end) for m in when]:
        taken[start:end] = [True] * (end - start)
    found = [(m.start(), m[0], 2.0) for m in _LATIN.finditer(text) if not taken[m.start()]]
    for pattern, word in ((UP, "↑"), (DOWN, "↓")):  # 增长, 上升, 提高: one word
        for match in pattern.finditer(text):
            if not any(taken[match.start() : match.end()]):
                found.append((match.start(), word, 1.2))
                taken[match.start() : match.end()] = [True] * len(match[0])
    before = ""
    for at, char in enumerate(text):
        han = "\u3400" <= char <= "\u9fff" and not taken[at]
        if han and char not in _STOP:
            found.append((at, char, 0.5))
            if before and before not in _STOP:
                found.append((at - 1, before + char, 1.0))
        before = char if han else ""
    for moment in when:
        if moment.year is not None and moment.year == moment.last_year:
            found.append((moment.start, f"y{moment.year}", 2.0))
        if moment.month is not None:
            found.append((moment.start, f"m{moment.month}", 1.0))
        if moment.day is not None:
            found.append((moment.start, f"d{moment.day}", 1.0))
        if moment.part:
            found.append((moment.start, moment.part, 1.0))
    found.sort(key=lambda f: f[0])
    return found


def cosine(one: Words, other: Words) -> float:
    if len(other) < len(one):
        one, other = other, one
    return sum(value * other.get(word, 0.0) for word, value in one.items())


def covered(words: Words, there: Words) -> float:
    """Share (0…1) of the weight of ``words`` that ``there`` has at all."""
    total = sum(words.values())
    return sum(v for w, v in words.items() if w in there) / total if total else 1.0


def verbatim(said: Line, mine: Quantity | Moment, there: Line, theirs: Quantity | Moment) -> bool:
    """Is all of the sentence, up to its full stop, said there around the same figure or time, word by word?

    「2,255.5亿元新台币」: what little stands around it fits any other amount in that currency as well.
    """
    before, after = said.text[: mine.start], said.text[mine.end :].rstrip("。 ")
    return compact(there.text[: theirs.start]).endswith(compact(before)) and compact(
        there.text[theirs.end :]
    ).startswith(compact(after))


def compact(text: str) -> str:
    return "".join(text.split())
