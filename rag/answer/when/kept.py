"""The times of a passage as the index keeps them: resolved once, when it is indexed, and read back by every search.

What an index has not, or has from other rules, is resolved on the fly, to the same result.
"""

from __future__ import annotations

from datetime import date

from rag.answer.when import dated
from rag.answer.when.interval import Interval
from rag.answer.when.resolve import TimeSpan, time_spans
from rag.store import analyze
from rag.times import NamedTime, Times
from rag.types import ArticleDate, Passage, Span

# Raise when ``dated.told`` or ``time_spans`` reads any text otherwise: what older rules resolved is resolved anew.
RESOLVER = f"1.{analyze.VERSION}"


def resolved(passage: Passage, written: ArticleDate | None) -> Times:
    """The times that a passage of an article of that date names. About 250 µs for 120 characters."""
    return Times(
        RESOLVER,
        tuple((first, last) for first, last in dated.told(analyze.fold(passage.text), written)),
        tuple(time for sentence in passage.sentences for time in _named(passage, sentence, written)),
    )


def times(passage: Passage, written: ArticleDate | None) -> Times:
    """Those kept with the passage; else resolved now."""
    return _kept(passage) or resolved(passage, written)


def stretches(passage: Passage, written: ArticleDate | None) -> list[dated.Stretch]:
    """What ``dated.told`` reads in the passage."""
    kept = _kept(passage)
    if kept is None:
        return dated.told(analyze.fold(passage.text), written)
    return [dated.Stretch(first, last) for first, last in kept.stretches]


def intervals(passage: Passage, sentence: Span, written: ArticleDate | None) -> list[Interval]:
    """The days that one of the passage's sentences speaks of, without those that something is only measured against."""
    kept = _kept(passage)
    if passage.rows:  # the header may name the year
        return [
            span.interval for span in time_spans(passage.read(sentence), written) if span.interval and not span.compared
        ]
    if kept is None:
        named = _named(passage, sentence, written)
    else:
        named = [time for time in kept.named if sentence.start <= time.start < sentence.end]
    return [Interval(t.first, t.last) for t in named if t.first is not None and t.last is not None and not t.compared]


def _kept(passage: Passage) -> Times | None:
    return passage.times if passage.times is not None and passage.times.resolver == RESOLVER else None


def _named(passage: Passage, sentence: Span, written: ArticleDate | None) -> list[NamedTime]:
    """Each sentence is read by itself, as ranking and the reader meet it: a year lent by an earlier one is not taken."""
    return [
        NamedTime(sentence.start + span.start, sentence.start + span.end, *_days(span), span.label, span.compared)
        for span in time_spans(passage.slice(sentence), written)
    ]


def _days(span: TimeSpan) -> tuple[date | None, date | None]:
    return span.interval or (None, None)
