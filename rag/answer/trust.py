"""Calibrated trust: how likely is a sentence of the model the right answer, given what it rests on?

No one sign decides. A near miss (another indicator of the right city) passes the check of its words; a right answer in
other words (「死了多少人」, 「11人遇难」) fails the comparison of terms. Together they tell far more than each.
"""

from __future__ import annotations

import math
from dataclasses import astuple, dataclass

from rag.answer.answering import figure_fits, of_another_day, of_other_time
from rag.answer.bearing import CERTAIN_OBJECTIONS, Objection, Wanted, objections
from rag.answer.cite import Checked
from rag.answer.figures import figures, nearby
from rag.answer.moment import moment_fits
from rag.answer.text.codes import stands_in
from rag.answer.text.quantities import fold, quantities, same
from rag.answer.text.words import bigrams, content_words, to_simplified
from rag.types import Evidence, Query, Verdict

# Fitted by benchmarks/trust.py; the figures stand in docs/log.md.
_WEIGHTS = (0.493, 0.423, -0.009, 0.364, -1.061, -0.803, -0.336, 1.12, 0.7, 1.265, 0.015, 0.067, -0.457)
_BIAS = -2.52


@dataclass(frozen=True, slots=True)
class Signs:
    """What trust in a sentence rests on; each 0…1 unless said otherwise."""

    answerable: float  # logit of refuse.answerable, -4.6…4.6
    supported: float  # 1: the check of its words says so
    differs: float  # 1: the check found another value
    shared: float  # of the sentence's character pairs, how many stand in the quotation or the question
    other_figure: float  # 1: the numbers of the quotation are of other things
    names_missing: float  # share of the question's names that do not stand near the quotation
    attribute_quoted: float  # share of what is asked of the subject that the quotation says
    attribute_beside: float  # the same in the words of the figure that the sentence gives
    figure_fits: float
    first: float  # 1 / number of the quotation
    covered: float  # share of the question's terms in the quotation and what stands around it
    lent: float  # share that only the sentence itself has
    faults: float  # claims that failed the check, a count


def trust(query: Query, want: Wanted, item: Checked, estimate: float) -> float:
    """Probability that a sentence of the answer is right: that of the best of its quotations.

    0 where each speaks of another place, another year or another kind of thing than the question, gives the time asked for
    as another, or its figures for another time.
    """
    if of_another_day(query, item.sentence.text) and not want.compares:
        return 0.0
    bearing = [
        source
        for source in item.evidence
        if not CERTAIN_OBJECTIONS & set(objections(want, source))
        and moment_fits(want, query, item.sentence.text, source)
        and not of_other_time(want, item.sentence.text, source)
    ]
    return max((_probability(signs(query, want, item, source, estimate)) for source in bearing), default=0.0)


def signs(query: Query, want: Wanted, item: Checked, source: Evidence, estimate: float) -> Signs:
    """``estimate``: what ``refuse.answerable`` said before the model was asked."""
    known = min(max(estimate, 0.01), 0.99)
    text = item.sentence.text
    around = f"{nearby(source)}{source.words}{source.hit.title}{source.hit.passage.heading}"
    plain = to_simplified(fold(around)).lower()
    asked, said = bigrams(" ".join(content_words(query.rewritten))), bigrams(text)
    quoted, there = bigrams(source.words), bigrams(around)
    quoted_share = _share(want.attribute, quoted)
    return Signs(
        answerable=math.log(known / (1 - known)),
        supported=float(item.sentence.verdict is Verdict.SUPPORTED),
        differs=float(item.sentence.verdict is Verdict.DIFFERS),
        shared=_share(said, quoted | asked),
        other_figure=float(Objection.OTHER_FIGURE in objections(want, source)),
        names_missing=sum(not stands_in(name, plain) for name in want.names) / len(want.names) if want.names else 0.0,
        attribute_quoted=quoted_share,
        attribute_beside=_beside(want, text, source) if want.number else quoted_share,
        figure_fits=float(figure_fits(want, text, source)),
        first=1 / source.marker,
        covered=_share(asked, there),
        lent=_share(asked, there | said) - _share(asked, there),
        faults=float(sum(claim.verdict is not Verdict.SUPPORTED for claim in item.sentence.claims)),
    )


def _probability(found: Signs) -> float:
    score = _BIAS + sum(weight * value for weight, value in zip(_WEIGHTS, astuple(found), strict=True))
    return 1 / (1 + math.exp(-score))


def _beside(want: Wanted, text: str, source: Evidence) -> float:
    said = quantities(text)
    theirs = [figure for figure in figures(source) if any(same(claimed, figure.quantity) for claimed in said)]
    return max((_share(want.attribute, bigrams(figure.words)) for figure in theirs), default=0.0)


def _share(part: frozenset[str] | set[str], whole: set[str]) -> float:
    """Of ``part``, how much is in ``whole``; all of nothing."""
    return len(part & whole) / len(part) if part else 1.0
