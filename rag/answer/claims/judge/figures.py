"""Figures: the value, its unit, its time, whose it is, and which way it went."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from rag.answer.claims.context import Line, Words, compact, verbatim
from rag.answer.claims.judge.shares import codes_of, of_another_code, of_several
from rag.answer.claims.polarity import opposite, trend
from rag.answer.claims.pool import Placed, Pool
from rag.answer.text.cities import cities
from rag.answer.text.quantities import Quantity, alike, opposed, same, stands_for
from rag.answer.when.interval import Interval, label
from rag.answer.when.stretches import other_stretch, part_of_a_year
from rag.answer.when.times import Time, times
from rag.types import Claim, Verdict

# By how much another figure's surroundings must fit better (benchmarks/mutation.py, on the half "tune").
MARGIN = 0.045
MARGIN_CLEAR, CLEAR = 0.02, 0.75  # where the words that tell two figures of a sentence apart all but agree
_SHORT = re.compile(r"[，；、]([\u4e00-\u9fff]{2,8})的(?:则?[是有为])?\Z")
_LASTING = ("年", "个月", "天", "小时", "分钟")
_PARTS = ("集团", "公司", "项目", "基地", "园区", "工厂", "集群", "产业链")


def figures(said: Line, there: Pool, question: str, asked: Time | None) -> Iterator[Claim]:
    mine = cities(said.text) or cities(question)
    taken = [n for n in said.names if n.kind in ("code", "title")]
    for figure, time, stretch in zip(said.figures, said.spoken, said.stretches, strict=True):
        if any(n.start <= figure.start and figure.end <= n.end and len(n.text) > len(figure.text) for n in taken):
            continue
        if not figure.unit and _named(figure.text, question):
            continue  # 「12355平台」
        claim = _figure(figure, time or asked, said, there, mine, question)
        if claim.verdict is Verdict.SUPPORTED and part_of_a_year(stretch):
            claim = _of_its_stretch(claim, figure, stretch, there) or claim
        yield claim


def _named(number: str, question: str) -> bool:
    """A bare number of four digits or more that the question names something by."""
    return (
        re.fullmatch(r"\d{4,}", number) is not None
        and re.search(rf"(?<![\d.]){number}(?=[\u4e00-\u9fff])", question) is not None
    )


def _of_its_stretch(claim: Claim, figure: Quantity, stretch: Interval | None, there: Pool) -> Claim | None:
    """What is wrong where the figure stands there for other months only."""
    theirs = [
        found
        for item in there.quoted
        for other, found in zip(item.line.figures, item.line.stretches, strict=True)
        if same(figure, other)
    ]
    if not theirs or not all(other_stretch(stretch, found) for found in theirs) or figure.unit in _LASTING:
        return None
    assert theirs[0] is not None
    assert stretch is not None
    return replace(
        claim,
        claimed=f"{label(stretch)}{claim.claimed}",
        found=f"{label(theirs[0])}{claim.found}",
        verdict=Verdict.DIFFERS,
    )


def _figure(figure: Quantity, time: Time | None, said: Line, there: Pool, mine: frozenset[str], question: str) -> Claim:
    around = said.near(figure.start, figure.end)
    equal: list[tuple[float, Placed, Quantity, Time | None]] = []
    others: list[tuple[float, Placed, Quantity]] = []
    own = codes_of(figure, said, question, there)
    for item in there.placed:
        for other, spoken, frame in zip(item.line.figures, item.line.spoken, item.line.framed, strict=True):
            when = spoken
            if time and frame and contradicts(time, spoken, item.year) and not contradicts(time, frame, item.year):
                when = frame
            if same(figure, other) or stands_for(figure, other) or _turned_round(figure, said, other, item.line):
                if item.quoted:
                    equal.append((item.fit(around, other.start, other.end), item, other, when))
            elif (
                alike(figure.unit, other.unit)
                and not (time and contradicts(time, when, item.year))
                and not of_another_code(own, item.line, other)
            ):
                others.append((item.fit(around, other.start, other.end), item, other))
    best = max(others, key=lambda o: o[0], default=None)
    if not equal:
        written = [_written(figure, item.line) for item in there.quoted]
        if figure.text in written:
            return Claim("number", figure.text, figure.text, Verdict.SUPPORTED)
        if time_of := next(filter(None, written), None):
            return Claim("number", _bounded(said, figure), time_of, Verdict.DIFFERS)
        if best is not None and figure.unit:
            return Claim("number", figure.text, best[2].text, Verdict.DIFFERS)
        return Claim("number", figure.text, None, Verdict.NOT_FOUND)
    if figure.unit in _LASTING:
        time = None  # how long, not when
    timely = [e for e in equal if time is None or not contradicts(time, e[3], e[1].year)]
    if len(timely) < len(equal) and all(e[3] is None for e in timely):
        timely = []  # the same figure stands there for another year, and nowhere for this one
    late = max((e[0] for e in equal if e not in timely), default=0.0)
    if timely and late > max(e[0] for e in timely) + MARGIN:
        timely = []  # what the sentence speaks of stands there for another year
    if not timely:
        wrong = max(equal, key=lambda e: e[0])
        stands = wrong[3].text if wrong[3] else ""
        return Claim("number", f"{time.text if time else ''}{figure.text}", f"{stands}{wrong[2].text}", Verdict.DIFFERS)
    owned = [e for e in timely if _same_owner(mine, e[1], e[2], said.text + question)]
    if not owned:
        _, item, wrong_figure, _ = max(timely, key=lambda e: e[0])
        return Claim("number", figure.text, "、".join(sorted(item.cities)) + wrong_figure.text, Verdict.DIFFERS)
    others_code = [of_another_code(own, e[1].line, e[2]) for e in owned]
    if all(others_code):
        return Claim("number", figure.text, f"{others_code[0]}{owned[0][2].text}", Verdict.DIFFERS)
    owned = [e for e, code in zip(owned, others_code, strict=True) if not code]
    right = max(owned, key=lambda e: e[0])
    fitting = [e for e in owned if e[0] > right[0] - MARGIN and not opposed(figure, e[2])]
    if not fitting:  # 「超过30%」 of what is not to be more than 30%
        return Claim("direction", _bounded(said, figure), _bounded(right[1].line, right[2]), Verdict.DIFFERS)
    right = max(fitting, key=lambda e: e[0])
    several = of_several(said.text + question, right[1].line, right[2])
    if several:
        return Claim("number", figure.text, several + right[2].text, Verdict.DIFFERS)
    if any(verbatim(said, figure, item.line, other) for _, item, other, _ in owned):
        return Claim("number", figure.text, right[2].text, Verdict.SUPPORTED)
    now = _changed_to(right[1].line, right[2])
    if now is not None and time is None and not same(now, figure) and not _FORMERLY.search(said.text + question):
        return Claim("number", figure.text, now.text, Verdict.DIFFERS)
    if whose := _elliptic(said, figure):  # the words before it are all that tells it from others
        behind = [other for _, item, other in others if item is right[1] and whose in _before(item.line, other)]
        if whose in _before(right[1].line, right[2]):
            return Claim("number", figure.text, right[2].text, Verdict.SUPPORTED)
        if behind:
            return Claim("number", figure.text, behind[0].text, Verdict.DIFFERS)
    rival = _rival(figure, said, around, right, others, crowded=_crowded(figure, said, equal))
    if rival is not None:
        return Claim("number", figure.text, rival.text, Verdict.DIFFERS)
    said_before, there_before = _lead(said, figure), _lead(right[1].line, right[2])
    way, other_way = _way(figure, said_before), _way(right[2], there_before)
    against: tuple[str, str] | None = (way[1], other_way[1]) if way[0] * other_way[0] < 0 else None
    if against is None and figure.value * right[2].value > 0:
        against = opposite(said_before, there_before) or _short_opposite(said_before, there_before)
    if against is not None:
        return Claim("direction", f"{against[0]}{figure.text}", f"{against[1]}{right[2].text}", Verdict.DIFFERS)
    return Claim("number", figure.text, right[2].text, Verdict.SUPPORTED)


def _written(figure: Quantity, where: Line) -> str | None:
    """The text of a figure that stands there letter for letter in a word; a time that it is a part of there."""
    letters = r"\s?".join(map(re.escape, compact(figure.text)))
    for match in re.finditer(rf"(?<![\d.]){letters}(?![\d.])", where.text):
        if not any(f.start <= match.start() < f.end for f in where.figures):  # of another value
            return next((m.text for m in where.moments if m.start < match.start() < m.end), figure.text)
    return None


def _rival(
    figure: Quantity,
    said: Line,
    around: Words,
    right: tuple[float, Placed, Quantity, Time | None],
    others: Sequence[tuple[float, Placed, Quantity]],
    crowded: bool,
) -> Quantity | None:
    """Another figure that fits what stands around ``figure`` clearly better than the equal one ``right`` does."""
    for fit, item, other in sorted(others, key=lambda o: -o[0]):
        if item is right[1] and _changed_to(item.line, other) == right[2] and not _FORMERLY.search(said.text):
            continue  # what it was before
        # What the sentence says too, it can hardly mean by this one as well.
        margin = 2 * MARGIN if any(same(other, f) for f in said.figures) else MARGIN
        if fit > right[0] + (-MARGIN if crowded else margin):
            return other
        beside = item is right[1] and figure.unit and margin == MARGIN
        if beside and fit > right[0] + MARGIN_CLEAR and _plainly(around, right, (fit, item, other)):
            return other
        if fit <= right[0] - MARGIN:
            break
    return None


_BECOMES = re.compile(
    r"[^，。；！？]{0,12}?(?:提升|升级|上调|下调|调整|调高|调低|降低?|提高|增加?|减少?|扩大|更新|变更|[改转升涨跌])(?:至|到|为|成)(?:了|约|近)?"
)
_FORMERLY = re.compile(r"原|前|过去|起初|最初|一开始|开始时|早|本来|曾|[由从]")


def _changed_to(where: Line, figure: Quantity) -> Quantity | None:
    """「将三级应急响应提升至二级」: what a level has become, where it is told right behind it.

    Only of levels: what rises from 100 to 200 may be asked for either way, and stand beside figures of other things.
    """
    if figure.unit != "级":
        return None
    behind = next((f for f in where.figures if f.start >= figure.end and alike(f.unit, figure.unit)), None)
    if behind is None or not _BECOMES.fullmatch(where.text, figure.end, behind.start):
        return None
    return behind


def _elliptic(said: Line, figure: Quantity) -> str:
    """「省级的开工了12个，市级的335个」: 市级 of the second; "" where the clause says what it counts."""
    match = _SHORT.search(said.text[: figure.start])
    return match[1] if match else ""


def _before(where: Line, figure: Quantity) -> str:
    """Of its clause, what stands before a figure."""
    start = figure.start
    while start and where.bars[start - 1] == where.bars[figure.start]:
        start -= 1
    return where.text[start : figure.start]


def _plainly(
    around: Words, right: tuple[float, Placed, Quantity, Time | None], other: tuple[float, Placed, Quantity]
) -> bool:
    """Does nearly every word that tells the two figures apart speak for the other?"""
    mine = right[1].line.near(right[2].start, right[2].end)
    theirs = other[1].line.near(other[2].start, other[2].end)
    apart = [value * (theirs.get(word, 0.0) - mine.get(word, 0.0)) for word, value in around.items()]
    against = sum(gap for gap in apart if gap > 0)
    return against > 0 and against >= CLEAR * sum(abs(gap) for gap in apart)


def _crowded(figure: Quantity, said: Line, equal: Sequence[object]) -> bool:
    """The sentence says a value more often than all the evidence does: one of them is another's."""
    return sum(same(figure, other) for other in said.figures) > len(equal)


_MORE, _LESS = re.compile(r"[高多涨增升](?:了|出|至|到|约)?\s*$"), re.compile(r"[低少跌减降](?:了|出|至|到|约)?\s*$")


def _short_opposite(said: str, source: str) -> tuple[str, str] | None:
    """「高0.4个百分点」 and 「低0.4个百分点」."""
    one, other = said.rpartition(" ")[0], source.rpartition(" ")[0]
    for mine, theirs in ((_MORE, _LESS), (_LESS, _MORE)):
        claimed, there = mine.search(one), theirs.search(other)
        if claimed and there:
            return claimed[0], there[0]
    return None


def _lead(where: Line, figure: Quantity) -> str:
    """What stands directly before a figure, and a word behind it: 「同比增长」, 「以上」."""
    before = max((f.end for f in where.figures if f.end <= figure.start), default=0)
    first, last = figure.around
    low = max(before, first - 10)
    while where.bars[first] > where.bars[low]:
        low += 1
    return f"{where.text[low:first]} {where.text[last : last + 2]}"


def _way(figure: Quantity, lead: str) -> tuple[int, str]:
    """−1 for a loss or a fall, 1 for a gain or a rise, 0 where nothing says so; and the word: 「-3亿元」, 「亏损3亿元」."""
    return (-1, "") if figure.value < 0 else trend(lead.rpartition(" ")[0])


def _turned_round(claimed: Quantity, said: Line, figure: Quantity, there: Line) -> bool:
    """「亏损3亿元」 for a profit of -3亿元."""
    if claimed.size != -figure.size or not claimed.size or not alike(claimed.unit, figure.unit):
        return False
    return _way(claimed, _lead(said, claimed))[0] == _way(figure, _lead(there, figure))[0] == -1


def _bounded(where: Line, figure: Quantity) -> str:
    """A figure with what says how exact it is."""
    return where.text[slice(*figure.around)]


def contradicts(claimed: Time, found: Time | None, year: int | None = None) -> bool:
    """Both years are known, and have none in common. An unresolved 今年 counts from ``year``, the evidence's own."""
    if claimed.first is None and not claimed.explicit:
        claimed = (times(claimed.text, year) or [claimed])[0]
    if found is None or found.first is None or found.last is None or claimed.first is None or claimed.last is None:
        return False
    return claimed.last < found.first or found.last < claimed.first


def _same_owner(mine: frozenset[str], item: Placed, figure: Quantity, said: str) -> bool:
    """Is the figure that of the city spoken of, and not of one company or project in it?"""
    if not mine:
        return True
    if item.cities and not mine & item.cities:
        return False
    words = own_words(item.line, figure)
    subject = [words[i : i + 2] for i in range(min(5, len(words) - 1))]
    named = sum(pair in said for pair in subject if not any(pair in city or city in pair for city in mine)) > 1
    return named or not any(part in words and part not in said for part in _PARTS)


def own_words(where: Line, figure: Quantity) -> str:
    """Its clause, from the figure before it on."""
    before = max((f.end for f in where.figures if f.end <= figure.start), default=0)
    while where.bars[figure.start] > where.bars[before]:
        before += 1
    stop = next((i for i in range(figure.end, len(where.text)) if where.bars[i + 1] > where.bars[i]), len(where.text))
    return where.text[before:stop]
