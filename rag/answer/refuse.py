"""Calibrated silence: does the evidence answer the question at all?"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass

from rag.answer.cite import with_markers
from rag.answer.find.evidence import Scored
from rag.answer.offer import Offer
from rag.answer.question.translate import is_foreign
from rag.answer.text.codes import stands_in
from rag.answer.text.quantities import quantities
from rag.answer.text.words import asks_for_number, bigrams, content_words, names, to_simplified
from rag.answer.when.times import times, years
from rag.types import Hit, Query

# Fitted by benchmarks/refusal.py; the figures stand in docs/log.md.
_WEIGHTS = (1.071, 3.564, 1.555, -1.615, -0.887, 0.066)
_BIAS = -3.032
# Provisional: read off the dozen English questions of eval/seeds.jsonl (answerable .76–.82, others .73–.77), so that set
# says nothing about it. To be fitted on questions of other articles.
FOREIGN_COSINE = 0.765


@dataclass(frozen=True, slots=True)
class Features:
    """What a decision to stay silent rests on; each 0…1 or nearly so."""

    dense: float  # cosine of the best window
    sentence_coverage: float  # of the question's terms, in the best sentence and what stands before it
    passage_coverage: float  # of the question's terms, in the best passage with title and heading
    names_missing: float  # share of the question's names that the best passages lack
    year_missing: float  # 1: the question names a year that no good sentence speaks of
    number_missing: float  # 1: a number is asked for and the best sentences have none


def features(query: Query, hits: Sequence[Hit], ranked: Sequence[Scored]) -> Features:
    """Read off the retrieval alone: no model is asked."""
    best = ranked[:6]
    wanted = bigrams(" ".join(content_words(query.rewritten)))
    passage_coverage = (
        max((len(wanted & _words(hit)) / len(wanted) for hit in hits[:4]), default=0.0) if wanted else 1.0
    )
    asked_names = names(query.rewritten)
    context = to_simplified(" ".join(f"{h.title} {h.passage.heading} {h.passage.text}" for h in hits[:3])).lower()
    missing = sum(not stands_in(name, context) for name in asked_names) / len(asked_names) if asked_names else 0.0
    asked_years = {t.first for t in times(query.rewritten, query.year) if t.first and t.first == t.last}
    spoken: set[int] = set()
    for item in best:
        written = item.hit.date.value.year if item.hit.date else None
        spoken |= years(item.hit.passage.read(item.sentence), written)
    return Features(
        dense=max((item.dense for item in ranked), default=0.0),
        sentence_coverage=max((item.coverage for item in best), default=0.0),
        passage_coverage=passage_coverage,
        names_missing=missing,
        year_missing=float(bool(asked_years) and not (asked_years & spoken)),
        number_missing=float(
            asks_for_number(query.rewritten) and not any(quantities(i.hit.passage.read(i.sentence)) for i in ranked[:3])
        ),
    )


def answerable(query: Query, found: Features) -> float:
    """Estimated probability that the evidence answers the question (logistic regression)."""
    if is_foreign(query.rewritten):  # no word of it can stand in the text: only the vectors speak
        return 1 / (1 + math.exp(-40 * (found.dense - FOREIGN_COSINE)))
    score = _BIAS + sum(w * x for w, x in zip(_WEIGHTS, astuple(found), strict=True))
    return 1 / (1 + math.exp(-score))


def _words(hit: Hit) -> set[str]:
    return bigrams(f"{hit.title} {hit.passage.heading} {hit.passage.text}")


def wording(query: Query, nearest: Offer | None = None) -> str:
    """The refusal itself, in the language of the question; with what is nearest, cited as [1]."""
    chinese = is_chinese(query)
    if nearest is None:
        return "资料中没有这个问题的答案。" if chinese else "The articles do not answer this question."
    lacks, said = nearest.lacks[0 if chinese else 1], with_markers([nearest.item.sentence])
    if chinese:
        return f"资料中没有{lacks or '这个问题的答案'}；相近的有：{said}"
    return f"The articles have no answer {lacks}; nearest to it is: {said}".replace(" ;", ";")


def unknown_name(query: Query, namesakes: Mapping[str, Sequence[str]]) -> str:
    """The refusal to answer for a name that the articles do not know by what they say of those that sound like it."""
    if is_chinese(query):
        return "".join(
            f"资料中没有“{typed}”，有读音相近的{'、'.join(f'“{name}”' for name in alike)}。"
            for typed, alike in namesakes.items()
        )
    return " ".join(
        f"The articles do not mention {typed}, but {' and '.join(alike)}, whose name sounds alike."
        for typed, alike in namesakes.items()
    )


def is_chinese(query: Query) -> bool:
    """Was it asked in Chinese?"""
    return any("\u3400" <= char <= "\u9fff" for char in query.text)
