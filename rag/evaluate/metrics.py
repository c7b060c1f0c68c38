"""Summing up: from the scores of single questions to rates, with their intervals.

Averages over citations and gold texts are micro-averages. A question that ended in an error stays in every count and
counts as failed; only ``refused_answerable``, the rates over answers given and the times leave it out.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean, median

from rag.evaluate.questions import Question
from rag.evaluate.score import Outcome, Score


@dataclass(frozen=True, slots=True)
class Rate:
    """``hits`` of ``total``."""

    hits: int
    total: int

    @property
    def value(self) -> float | None:
        return self.hits / self.total if self.total else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Wilson score interval at 95 % (Wilson 1927): sound for small ``total`` and for rates near 0 and 1."""
        return wilson(self.hits, self.total) if self.total else None


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds. None where nothing was timed."""

    count: int
    median: float | None
    p95: float | None  # nearest rank


@dataclass(frozen=True, slots=True)
class Metrics:
    questions: int
    errors: int
    recall_at_1: Rate  # over answerable questions: ``needed_rank`` <= 1
    recall_at_5: Rate
    mrr: float | None  # mean of 1/``needed_rank`` over answerable questions, 0 where never found (Voorhees 1999)
    shown: Rate  # over answerable questions
    accuracy: Rate  # over answerable questions: right, see ``is_right``
    refused_unanswerable: Rate  # over unanswerable questions; an unanswerable question is right when refused
    refused_answerable: Rate  # over answerable questions that ended without an error
    correct: Rate  # over all questions
    cited: Rate  # over answers given to answerable questions: at least one citation
    citation_precision: Rate  # over citations of such answers
    citation_recall: Rate  # over needed gold texts of such answers
    span_exactness: Rate  # over all citations; anything but 1 is a fault of the program
    wrong_unwarned: Rate  # over answers given, to unanswerable questions too
    right_flagged: Rate  # over right answers given
    retrieve_s: Times
    first_token_s: Times
    total_s: Times


def wilson(hits: int, total: int, z: float = 1.959964) -> tuple[float, float]:
    """Wilson score interval of ``hits`` of ``total`` (> 0); ``z`` is the normal quantile, 95 % by default."""
    p, zz = hits / total, z * z
    centre = (p + zz / (2 * total)) / (1 + zz / total)
    half = z / (1 + zz / total) * math.sqrt(p * (1 - p) / total + zz / (4 * total * total))
    return max(0.0, centre - half), min(1.0, centre + half)


def measure(pairs: Sequence[tuple[Question, Score]]) -> Metrics:
    """Sum up. Rates without a case have ``total`` 0 and no value."""
    scores = [s for _, s in pairs]
    asked = [s for q, s in pairs if q.answerable]
    tried = [s for s in asked if s.right is not None]
    traps = [s for q, s in pairs if not q.answerable and s.right is not None]
    given = [s for s in asked if s.refused is False]
    answered = [s for s in scores if s.refused is False]
    citations = [c for s in given for c in s.citations]
    return Metrics(
        questions=len(pairs),
        errors=sum(s.outcome is Outcome.ERROR for s in scores),
        recall_at_1=_rate(asked, lambda s: s.rank is not None and s.rank <= 1),
        recall_at_5=_rate(asked, lambda s: s.rank is not None and s.rank <= 5),
        mrr=fmean(1 / s.rank if s.rank else 0.0 for s in asked) if asked else None,
        shown=_rate(asked, lambda s: s.shown),
        accuracy=_rate(tried, lambda s: s.right is True),
        refused_unanswerable=_rate(traps, lambda s: s.refused is True),
        refused_answerable=_rate([s for s in tried if s.refused is not None], lambda s: s.refused is True),
        correct=_rate([*tried, *traps], lambda s: s.right is True),
        cited=_rate(given, lambda s: bool(s.citations)),
        citation_precision=Rate(sum(c.right for c in citations), len(citations)),
        citation_recall=Rate(sum(s.cited for s in given), sum(s.needed for s in given)),
        span_exactness=Rate(sum(c.exact for s in scores for c in s.citations), sum(len(s.citations) for s in scores)),
        wrong_unwarned=_rate(answered, lambda s: s.unwarned),
        right_flagged=_rate([s for s in given if s.right], lambda s: s.flagged),
        retrieve_s=_times(s.timings.retrieve_s for s in scores if s.timings),
        first_token_s=_times(s.timings.first_token_s for s in scores if s.timings),
        total_s=_times(s.timings.total_s for s in scores if s.timings and s.refused is not None),
    )


def _rate(scores: Sequence[Score], holds_for: Callable[[Score], bool]) -> Rate:
    return Rate(sum(map(holds_for, scores)), len(scores))


def _times(seconds: Iterable[float | None]) -> Times:
    known = sorted(s for s in seconds if s is not None)
    if not known:
        return Times(0, None, None)
    return Times(len(known), median(known), known[math.ceil(0.95 * len(known)) - 1])
