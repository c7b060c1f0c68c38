"""Hits → the few sentences a model is shown.

On two cores a small model reads some 35–60 tokens a second: the length of the prompt is the waiting time. So evidence
is packed by sentence, the most telling first, and stops where more would hardly help.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rag.answer import clauses
from rag.answer.quantities import quantities
from rag.answer.times import resolve, times, years
from rag.answer.words import asks_for_number, bigrams, content_words, names, to_simplified
from rag.store.base import Vectors
from rag.types import Evidence, Hit, Query, Span

MAX_ITEMS = 6
# A sentence this far (in standard deviations of all candidates) behind the best one is left out: it is noise to a
# small model, and costs a second to read.
MAX_GAP = 2.6


@dataclass(frozen=True, slots=True)
class Scored:
    """A sentence of a hit with the score it was ranked by."""

    hit: Hit
    sentence: Span
    score: float
    dense: float  # cosine of the best window that holds it
    coverage: float  # 0…1: share of the question's terms, weighted by rarity


def rank_sentences(
    query: Query, hits: Sequence[Hit], vector: npt.NDArray[np.float32], windows: Sequence[Vectors]
) -> list[Scored]:
    """Every sentence of the hits, best first.

    ``vector``: the question's, shape (dimension,); ``windows[i]``: the vectors of hit i's windows.
    """
    asked = times(query.rewritten, query.year)
    wanted_years = {t.first for t in asked if t.first is not None and t.first == t.last}
    wants_number = asks_for_number(query.rewritten)
    wanted = _terms(query.rewritten)
    rows: list[tuple[Hit, Span, float, set[str], str]] = []
    seen: set[tuple[str, int]] = set()
    for hit, matrix in zip(hits, windows, strict=True):
        cosines = matrix @ vector
        for number, sentence in enumerate(hit.passage.sentences):
            key = (hit.passage.document_id, sentence.start)
            if key in seen:
                continue
            seen.add(key)
            inside = [
                float(cosine)
                for window, cosine in zip(hit.passage.windows, cosines, strict=True)
                if window.start <= sentence.start and sentence.end <= window.end
            ]
            before = hit.passage.sentences[max(0, number - 2) : number]
            context = " ".join((hit.title, hit.passage.heading, *(hit.passage.slice(s) for s in before)))
            text = hit.passage.slice(sentence)
            rows.append((hit, sentence, max(inside, default=0.0), _terms(text), context))
    if not rows:
        return []
    rarity = {term: math.log(1 + len(rows) / (1 + sum(term in row[3] for row in rows))) for term in wanted}
    total = sum(rarity.values()) or 1.0
    dense = np.array([row[2] for row in rows])
    spread = float(dense.std()) or 1.0
    scored = []
    for (hit, sentence, cosine, terms, context), standard in zip(rows, (dense - dense.mean()) / spread, strict=True):
        around = _terms(context)
        coverage = (
            sum(weight * (1.0 if term in terms else 0.5 if term in around else 0.0) for term, weight in rarity.items())
            / total
        )
        score = float(standard) + 3.0 * coverage
        text = hit.passage.slice(sentence)
        if wanted_years:
            score += _year_fit(text, hit, wanted_years)
        if wants_number and not quantities(text):
            score -= 0.7
        scored.append(Scored(hit, sentence, score, cosine, coverage))
    return sorted(scored, key=lambda s: (-s.score, s.hit.passage.id, s.sentence.start))


def pack(ranked: Sequence[Scored], query: Query, *, budget: int, count_tokens: Callable[[str], int]) -> list[Evidence]:
    """The best sentences within ``budget`` tokens, numbered from 1 in the order of their rank.

    A sentence that leaves its subject to the one before (「集团将……」) brings that one along. At least one item is
    returned where there is any, however long.
    """
    chosen: list[Evidence] = []
    left = budget
    for item in ranked:
        if len(chosen) == MAX_ITEMS or (chosen and item.score < ranked[0].score - MAX_GAP):
            break
        span = _with_subject(item, query)
        if any(_says_again(item.hit, span, other) for other in chosen):
            continue
        for candidate in dict.fromkeys((span, item.sentence)):  # without the sentence before it, if need be
            quote = item.hit.passage.slice(candidate)
            shown = _shown(quote, item.hit, query)
            cost = count_tokens(shown) + 4
            if cost <= left or not chosen:
                left -= cost
                chosen.append(Evidence(len(chosen) + 1, item.hit, candidate.start, candidate.end, quote, shown))
                break
    return chosen


def _shown(quote: str, hit: Hit, query: Query) -> str:
    year = hit.date.value.year if hit.date else None
    text = " ".join(quote.split())
    return resolve(clauses.shortened(text, clauses.relevant(text, query, year)), year)


def _terms(text: str) -> set[str]:
    return bigrams(" ".join(content_words(text))) | names(text)


def _year_fit(text: str, hit: Hit, wanted: set[int]) -> float:
    """A sentence about the year asked for, and no other, is best; one about other years alone misleads."""
    spoken = years(text, hit.date.value.year if hit.date else None)
    if not spoken:
        return 0.0
    if spoken <= wanted:
        return 1.2
    return 0.6 if spoken & wanted else -0.8


def _with_subject(item: Scored, query: Query) -> Span:
    sentences = item.hit.passage.sentences
    number = sentences.index(item.sentence)
    if number == 0:
        return item.sentence
    before = sentences[number - 1]
    here, there = (to_simplified(item.hit.passage.slice(s)).lower() for s in (item.sentence, before))
    missing = {name for name in names(query.rewritten) if name not in here}
    if missing and any(name in there for name in missing) and before.end - before.start <= 120:
        return Span(before.start, item.sentence.end)
    return item.sentence


def _says_again(hit: Hit, span: Span, other: Evidence) -> bool:
    """Lies inside another quotation, or says the same in the same words."""
    if hit.passage.document_id == other.hit.passage.document_id and other.start <= span.start and span.end <= other.end:
        return True
    mine, theirs = bigrams(hit.passage.slice(span)), bigrams(other.quote)
    return len(mine & theirs) > 0.85 * max(1, min(len(mine), len(theirs)))
