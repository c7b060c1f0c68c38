"""A refusal that names what there is: 「资料中没有2026年的；2025年的有：……[1]」."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag.answer.bearing import Objection, Wanted, objections, wanted
from rag.answer.cite import Checked
from rag.answer.extract import quoted
from rag.answer.figures import article_year, nearby, subject_cities
from rag.answer.text.codes import stands_in
from rag.answer.text.words import to_simplified
from rag.answer.when.times import years
from rag.types import Evidence, Hit, Query

# Of the probability that the evidence answers: below it, what was found is about something else.
ABOUT_IT = 0.2


@dataclass(frozen=True, slots=True)
class Offer:
    """The quotation nearest to what was asked, numbered 1, and what of the question it lacks, in both languages."""

    lacks: tuple[str, str]  # 「2026年的数字」; ("", "") where that cannot be told
    item: Checked


def offer(query: Query, evidence: Sequence[Evidence], estimate: float) -> Offer | None:
    """What is nearest, where anything is near: it names all whom the question names, or differs in its year or place alone."""
    if estimate < ABOUT_IT:
        return None
    want = wanted(query)
    for source in evidence:
        against = set(objections(want, source))
        missing = _missing(want, source)
        if len(against) > 1 or missing - want.cities:
            continue
        lacks = _lacks(want, source, against)
        if (against or missing) and not any(lacks):
            continue
        return Offer(lacks, quoted(replace(source, marker=1), query))
    return None


def speaking_of(names: Sequence[str], hits: Sequence[Hit], query: Query) -> list[Checked]:
    """For each name the first sentence of the hits that holds it, numbered from 1."""
    found: list[Checked] = []
    for name in names:
        places = (
            (hit, span)
            for hit in hits
            for span in hit.passage.sentences
            if name in to_simplified(hit.passage.slice(span))
        )
        if place := next(places, None):
            hit, span = place
            quote = hit.passage.slice(span)
            item = Evidence(len(found) + 1, hit, span.start, span.end, quote, quote)
            found.append(quoted(item, query))
    return found


def _missing(want: Wanted, source: Evidence) -> set[str]:
    around = to_simplified(f"{nearby(source)}{source.words}{source.hit.title}{source.hit.passage.heading}").lower()
    return {name for name in want.names if not stands_in(name, around)}


def _lacks(want: Wanted, source: Evidence, against: set[Objection]) -> tuple[str, str]:
    thing = "数字" if want.number else "答案"
    if Objection.OTHER_YEAR in against and want.years:
        asked = "、".join(f"{year}年" for year in sorted(want.years))
        if not want.years & years(source.words, article_year(source)):
            return f"{asked}的{thing}", f"for {', '.join(map(str, sorted(want.years)))}"
    theirs = subject_cities(source)
    if Objection.ELSEWHERE in against and theirs:
        return f"{'、'.join(sorted(want.cities))}的{thing}", f"on {', '.join(sorted(want.cities))}"
    if Objection.NO_NUMBER in against or Objection.OTHER_FIGURE in against:
        return "所问的数字", "the figure asked for"
    return "", ""
