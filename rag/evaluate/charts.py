"""Numbers → geometry for the HTML report. Lengths are per cent of the drawing's width, so the page scales them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from rag.evaluate.labels import TIMES, Label
from rag.evaluate.metrics import Times
from rag.evaluate.result import EvaluationResult, Row
from rag.evaluate.score import Outcome

_DECADES = (0.001, 0.01, 0.1, 1.0, 10.0, 100.0, 1000.0)  # seconds


@dataclass(frozen=True, slots=True)
class Strip:
    """One dot a question, on a logarithmic axis of seconds shared by all strips."""

    label: Label
    times: Times
    dots: tuple[float, ...]  # per cent
    median: float
    p95: float


@dataclass(frozen=True, slots=True)
class Strips:
    rows: tuple[Strip, ...]
    ticks: tuple[tuple[float, str], ...]  # per cent, text


@dataclass(frozen=True, slots=True)
class Bar:
    """How the questions of one type ended."""

    kind: str  # "" for all
    total: int
    parts: tuple[tuple[Outcome, int], ...]  # only those that occur


@dataclass(frozen=True, slots=True)
class Column:
    rank: int | None  # None: never within the hits
    count: int
    height: float  # per cent of the highest


def time_strips(result: EvaluationResult) -> Strips:
    """Strips of the times that were taken; none where nothing was timed."""
    series = [(label, _seconds(result.rows, label.key)) for label in TIMES]
    series = [(label, known) for label, known in series if known]
    if not series:
        return Strips((), ())
    every = [s for _, known in series for s in known]
    low = max((d for d in _DECADES if d <= min(every)), default=_DECADES[0])
    high = min((d for d in _DECADES if d >= max(every) and d > low), default=_DECADES[-1])

    def at(seconds: float) -> float:
        share = math.log10(max(seconds, low) / low) / math.log10(high / low)
        return round(100 * min(1.0, share), 2)

    rows = []
    for label, known in series:
        times: Times = getattr(result.overall, label.key)
        if times.median is not None and times.p95 is not None:
            rows.append(Strip(label, times, tuple(at(s) for s in known), at(times.median), at(times.p95)))
    ticks = tuple((at(d), f"{d:g} s" if d >= 1 else f"{1000 * d:g} ms") for d in _DECADES if low <= d <= high)
    return Strips(tuple(rows), ticks)


def outcome_bars(result: EvaluationResult) -> list[Bar]:
    """All questions first, then each type in the order of the set."""
    kinds = result.by_type if len(result.by_type) > 1 else ()
    return [_bar("", result.rows), *(_bar(k, (r for r in result.rows if r.question.type == k)) for k in kinds)]


def rank_columns(result: EvaluationResult) -> list[Column]:
    """How many answerable questions have their evidence complete at each rank."""
    ranks = [row.score.rank for row in result.rows if row.question.answerable]
    if not ranks:
        return []
    counts = Counter(ranks)
    deepest = max(*(len(row.hits) for row in result.rows), *(rank for rank in ranks if rank), 0)
    highest = max(counts.values())
    return [Column(rank, counts[rank], 100 * counts[rank] / highest) for rank in (*range(1, deepest + 1), None)]


def _bar(kind: str, rows: Iterable[Row]) -> Bar:
    counts = Counter(row.score.outcome for row in rows)
    return Bar(kind, counts.total(), tuple((outcome, counts[outcome]) for outcome in Outcome if counts[outcome]))


def _seconds(rows: Iterable[Row], key: str) -> list[float]:
    """The same selection as the times of ``measure``."""
    timed = [r.score for r in rows if r.score.timings and (key != "total_s" or r.score.refused is not None)]
    found = (getattr(score.timings, key) for score in timed)
    return [seconds for seconds in found if seconds is not None]
