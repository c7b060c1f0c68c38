"""Is a sentence borne out by the words it cites? Pure Python, no model.

Every number with its unit, every year, every name of a sentence must stand in the quotations, and a number must belong
to the same year there; and the sentence as a whole must be made of the quotation's words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.answer.cities import REGIONS, cities
from rag.answer.quantities import Quantity, fold, quantities, same
from rag.answer.times import Time, days, time_at, times, years
from rag.answer.words import bigrams, names, to_simplified
from rag.types import Claim, Evidence, Verdict

# Share of a sentence's character pairs that must stand in the evidence, its passage or the question. A faithful
# paraphrase of a Chinese news sentence keeps well over half of them; another sentence of the same article does not.
MIN_SHARED = 0.5
_SENTENCE = re.compile(r"[。！？；]")
_PARTS = ("集团", "公司", "项目", "基地", "园区", "工厂", "集群", "产业链")
_LIST = re.compile(r"[^，。：:；]+(?:[、；][^，。：:；]+){2,}")
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
        *_items(sentence, evidence),
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


def _numbers(sentence: str, evidence: Sequence[Evidence], question: str, year: int | None) -> list[Claim]:
    """A figure must stand in a quotation that speaks of the same city, the same name and no other year."""
    stands = [(figure, item) for item in evidence for figure in figures(item)]
    asked = times(question, year)
    mine = cities(_plain(sentence)) or cities(_plain(question))
    claims = []
    for bound in _bound(sentence, None):
        claimed = bound.quantity
        equal = [(figure, item) for figure, item in stands if same(claimed, figure.quantity)]
        if not equal:
            claims.append(_unfound(claimed, [figure for figure, _ in stands], evidence))
            continue
        time = bound.time or (asked[0] if len(asked) == 1 else None)
        right_time = [(f, e) for f, e in equal if time is None or not _contradicts(time, f.time)]
        if len(right_time) < len(equal) and all(f.time is None for f, _ in right_time):
            right_time = []  # the same figure stands there for another year, and nowhere for this one
        right = [(f, e) for f, e in right_time if _same_owner(sentence, question, claimed.start, mine, f, e)]
        if right:
            claims.append(Claim("number", claimed.text, right[0][0].quantity.text, Verdict.SUPPORTED))
            continue
        wrong, item = (right_time or equal)[0]
        if right_time:
            found = f"{'、'.join(sorted(subject_cities(item)))}{wrong.quantity.text}"
            claims.append(Claim("number", claimed.text, found, Verdict.DIFFERS))
        else:
            when, said = wrong.time.text if wrong.time else "", time.text if time else ""
            claims.append(Claim("number", f"{said}{claimed.text}", f"{when}{wrong.quantity.text}", Verdict.DIFFERS))
    return claims


def _same_owner(
    sentence: str, question: str, position: int, mine: frozenset[str], figure: Figure, item: Evidence
) -> bool:
    """Is a figure of ``item`` that of the city, and of the name last mentioned before ``position`` of the sentence?"""
    theirs = subject_cities(item)
    if mine and theirs and not mine & theirs:
        return False
    if mine and any(part in figure.words and part not in sentence + question for part in _PARTS):
        return False  # a city's figure is asked for, one company's or project's is there
    before = sentence[:position]
    owners = [name for name in names(before) if name not in REGIONS and not cities(name)]
    if not owners:
        return True
    owner = max(owners, key=lambda name: _plain(before).rfind(name))
    return _compact(owner) in _compact(f"{nearby(item)} {item.quote} {item.hit.title} {item.hit.passage.heading}")


def _unfound(claimed: Quantity, stand: Sequence[Figure], evidence: Sequence[Evidence]) -> Claim:
    if _stands_in(claimed.text, evidence):
        return Claim("number", claimed.text, claimed.text, Verdict.SUPPORTED)
    near = [f.quantity for f in stand if claimed.unit and f.quantity.unit == claimed.unit]
    if near:
        return Claim("number", claimed.text, near[0].text, Verdict.DIFFERS)
    return Claim("number", claimed.text, None, Verdict.NOT_FOUND)


def subject_cities(item: Evidence) -> frozenset[str]:
    """The cities that a quotation speaks of: those it names, else the last ones named before it, else its heading's."""
    passage = item.hit.passage
    before = [passage.slice(s) for s in passage.sentences if s.end <= item.start]
    for text in (item.quote, *reversed(before), passage.heading, item.hit.title):
        found = cities(_plain(text))
        if found:
            return found
    return frozenset()


def nearby(item: Evidence) -> str:
    """The two sentences before a quotation: there the one that it calls 集团 or 全市 is named."""
    passage = item.hit.passage
    return "".join([passage.slice(s) for s in passage.sentences if s.end <= item.start][-2:])


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
    """A year must stand in a quotation about the same city, or be the year of its article."""
    known: set[int] = set()
    mine = cities(_plain(sentence))
    for item in evidence:
        theirs = subject_cities(item)
        if mine and theirs and not mine & theirs:
            continue
        known |= (
            years(item.quote, article_year(item))
            | years(item.hit.title, None)
            | years(nearby(item), article_year(item))
        )
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
    context = _compact(" ".join(f"{nearby(e)} {e.quote} {e.hit.title} {e.hit.passage.heading}" for e in evidence))
    claims = []
    for name in sorted(names(sentence)):
        found = _compact(name) in context
        claims.append(Claim("name", name, name if found else None, Verdict.SUPPORTED if found else Verdict.NOT_FOUND))
    mine = cities(_plain(sentence))
    theirs = frozenset().union(*(cities(_plain(item.quote)) for item in evidence))
    if mine and theirs and not mine & theirs:
        claims.append(Claim("name", "、".join(sorted(mine)), "、".join(sorted(theirs)), Verdict.DIFFERS))
    return claims


def _items(sentence: str, evidence: Sequence[Evidence]) -> list[Claim]:
    """Each thing of a list of three or more must stand in the evidence: lists are where a model likes to invent."""
    there = frozenset().union(*(bigrams(f"{nearby(e)} {e.quote}") for e in evidence)) if evidence else frozenset()
    claims = []
    for run in _LIST.findall(sentence):
        for thing in re.split(r"[、；]|(?<=[^、；]{2})(?:和|以及|及)(?=[^、；]{2})", run):
            words = bigrams(thing[-8:] if thing is run.split("、")[0] else thing)
            found = not words or len(words & there) >= 0.6 * len(words)
            if not found:
                claims.append(Claim("item", thing, None, Verdict.NOT_FOUND))
    return claims


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


def _plain(text: str) -> str:
    return to_simplified(fold(text)).lower()


def _compact(text: str) -> str:
    return "".join(_plain(text).split())
