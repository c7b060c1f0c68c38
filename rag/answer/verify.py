"""Is a sentence borne out by the words it cites? Pure Python, no model.

Every number with its unit, every year, every name of a sentence must stand in the quotations, and a number must belong
to the same year there; and the sentence as a whole must be made of the quotation's words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.answer.quantities import Quantity, fold, quantities, same
from rag.answer.times import Time, days, time_at, times, years
from rag.answer.words import bigrams, names, places, to_simplified
from rag.types import Claim, Evidence, Verdict

# Share of a sentence's character pairs that must stand in the evidence, its passage or the question. A faithful
# paraphrase of a Chinese news sentence keeps well over half of them; another sentence of the same article does not.
MIN_SHARED = 0.5
# Larger than a city: a sentence may add one of these to a city of the evidence, or leave it out.
REGIONS = frozenset(
    "中国 全国 我国 华东 华北 华南 华中 西南 西北 东北 长三角 珠三角 京津冀 河北 山西 辽宁 吉林 黑龙江 江苏 浙江 安徽 福建 江西 山东 河南 湖北 "
    "湖南 广东 海南 四川 贵州 云南 陕西 甘肃 青海 台湾 内蒙古 广西 西藏 宁夏 新疆".split()
)


_SENTENCE = re.compile(r"[。！？；]")
_COMMA = re.compile(r"[，、。；：！？]")


@dataclass(frozen=True, slots=True)
class Check:
    verdict: Verdict
    claims: tuple[Claim, ...]
    shared: float  # 0…1: share of the sentence's character pairs found in the evidence


def verify(sentence: str, evidence: Sequence[Evidence], question: str = "", year: int | None = None) -> Check:
    """Check ``sentence`` (without markers) against the quotations it cites.

    ``question`` lends its words, not its figures; ``year`` is the asker's year.
    """
    claims = [
        *_numbers(sentence, evidence, question, year),
        *_years(sentence, evidence, year),
        *_names(sentence, evidence),
    ]
    shared = _shared(sentence, evidence, question)
    if any(claim.verdict is Verdict.DIFFERS for claim in claims):
        verdict = Verdict.DIFFERS
    elif any(claim.verdict is Verdict.NOT_FOUND for claim in claims) or not evidence or shared < MIN_SHARED:
        verdict = Verdict.NOT_FOUND
    else:
        verdict = Verdict.SUPPORTED
    return Check(verdict, tuple(claims), shared)


def article_year(evidence: Evidence) -> int | None:
    return evidence.hit.date.value.year if evidence.hit.date else None


@dataclass(frozen=True, slots=True)
class _Bound:
    quantity: Quantity
    time: Time | None


def _bound(text: str, year: int | None) -> list[_Bound]:
    """Quantities with the time that governs each; time does not carry over from one sentence to the next."""
    found = []
    for part in _SENTENCE.split(text):
        spoken = times(part, year)
        found += [_Bound(q, time_at(spoken, q.start) or _month_before(part, q.start, year)) for q in quantities(part)]
    return found


def _month_before(text: str, position: int, year: int | None) -> Time | None:
    """A month or a day without its year (「1—2月，…208个」) is one of the writer's own year."""
    if year is None or not days(text[:position]):
        return None
    return Time(year, year, 0, 0, f"{year}年", explicit=False)


@dataclass(frozen=True, slots=True)
class _Figure:
    """A quantity of the evidence, with whose it is and when."""

    bound: _Bound
    whose: frozenset[str]  # places; empty where none is named nearby


def _numbers(sentence: str, evidence: Sequence[Evidence], question: str, year: int | None) -> list[Claim]:
    figures = [
        _Figure(bound, whose)
        for item in evidence
        for whose in (subject_places(item),)
        for bound in _bound(item.quote, article_year(item))
    ]
    asked = times(question, year)
    mine = frozenset(places(sentence) or places(question)) - REGIONS
    claims = []
    for bound in _bound(sentence, None):
        claimed = bound.quantity
        equal = [figure for figure in figures if same(claimed, figure.bound.quantity)]
        if not equal:
            claims.append(_unfound(claimed, figures, evidence))
            continue
        time = bound.time or (asked[0] if len(asked) == 1 else None)
        right_time = [f for f in equal if time is None or not _contradicts(time, f.bound.time)]
        right_place = [f for f in right_time if not mine or not f.whose or mine & f.whose]
        if right_place:
            found = right_place[0].bound.quantity.text
            claims.append(Claim("number", claimed.text, found, Verdict.SUPPORTED))
            continue
        wrong = (right_time or equal)[0]
        when = wrong.bound.time.text if wrong.bound.time and not right_time else ""
        who = "" if not right_time else "、".join(sorted(wrong.whose))
        found = f"{who}{when}{wrong.bound.quantity.text}"
        claims.append(
            Claim("number", f"{time.text if time and not right_time else ''}{claimed.text}", found, Verdict.DIFFERS)
        )
    return claims


def _unfound(claimed: Quantity, figures: Sequence[_Figure], evidence: Sequence[Evidence]) -> Claim:
    if _stands_in(claimed.text, evidence):
        return Claim("number", claimed.text, claimed.text, Verdict.SUPPORTED)
    near = [f.bound.quantity for f in figures if claimed.unit and f.bound.quantity.unit == claimed.unit]
    if near:
        return Claim("number", claimed.text, near[0].text, Verdict.DIFFERS)
    return Claim("number", claimed.text, None, Verdict.NOT_FOUND)


def subject_places(item: Evidence) -> frozenset[str]:
    """The places that a quotation speaks of: those it names, else the last ones named before it, else its heading's."""
    passage = item.hit.passage
    before = [passage.slice(s) for s in passage.sentences if s.end <= item.start]
    for text in (item.quote, *reversed(before), passage.heading, item.hit.title):
        found = places(text) - REGIONS
        if found:
            return frozenset(found)
    return frozenset()


@dataclass(frozen=True, slots=True)
class Figure:
    """A quantity of a quotation, the time that governs it, and the words around it that are its own."""

    quantity: Quantity
    time: Time | None
    words: str  # from the figure before it to the next comma after it


def figures(item: Evidence) -> list[Figure]:
    """Every quantity of a quotation, in order."""
    year = article_year(item)
    found = []
    for part in _SENTENCE.split(item.quote):
        spoken = times(part, year)
        before = 0
        for quantity in quantities(part):
            stop = _COMMA.search(part, quantity.end)
            words = part[before : stop.start() if stop else len(part)]
            time = time_at(spoken, quantity.start) or _month_before(part, quantity.start, year)
            found.append(Figure(quantity, time, words))
            before = quantity.end
    return found


def _contradicts(claimed: Time, found: Time | None) -> bool:
    """Both years are known, and have none in common."""
    if found is None or found.first is None or found.last is None or claimed.first is None or claimed.last is None:
        return False
    return claimed.last < found.first or found.last < claimed.first


def _years(sentence: str, evidence: Sequence[Evidence], year: int | None) -> list[Claim]:
    known: set[int] = set()
    for item in evidence:
        known |= years(item.quote, article_year(item)) | years(item.hit.title, None)
        known |= years(item.hit.passage.text, article_year(item))
        if item.hit.date:
            known.add(item.hit.date.value.year)
    claims = []
    for time in times(sentence, year):
        if time.first is None or not time.explicit or time.first != time.last:
            continue
        verdict = Verdict.SUPPORTED if time.first in known else Verdict.NOT_FOUND
        claims.append(Claim("date", time.text, time.text if time.first in known else None, verdict))
    return claims


def _names(sentence: str, evidence: Sequence[Evidence]) -> list[Claim]:
    context = _compact(" ".join(f"{_before(e)} {e.quote} {e.hit.title} {e.hit.passage.heading}" for e in evidence))
    claims = []
    for name in sorted(names(sentence)):
        found = _compact(name) in context
        claims.append(Claim("name", name, name if found else None, Verdict.SUPPORTED if found else Verdict.NOT_FOUND))
    mine = places(sentence) - REGIONS
    theirs = {place for item in evidence for place in places(item.quote)} - REGIONS
    if mine and theirs and not (mine & theirs):
        claims.append(Claim("name", "、".join(sorted(mine)), "、".join(sorted(theirs)), Verdict.DIFFERS))
    return claims


def _before(item: Evidence) -> str:
    """What stands before a quotation in its passage: there the one that it calls 集团 or 全市 is named."""
    return item.hit.passage.text[: item.start - item.hit.passage.start]


def _shared(sentence: str, evidence: Sequence[Evidence], question: str) -> float:
    wanted = bigrams(sentence)
    if not wanted:
        return 1.0
    there = bigrams(question)
    for item in evidence:
        there |= bigrams(item.quote) | bigrams(item.hit.title) | bigrams(item.hit.passage.heading)
    return len(wanted & there) / len(wanted)


def _stands_in(text: str, evidence: Sequence[Evidence]) -> bool:
    return any(_compact(text) in _compact(item.quote) for item in evidence)


def _compact(text: str) -> str:
    return "".join(to_simplified(fold(text)).lower().split())
