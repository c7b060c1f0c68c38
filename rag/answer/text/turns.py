"""A quotation of questions and answers: what of it is asked, and what is said."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from rag.ingest.turns import Exchange, exchanges, is_turn, label
from rag.types import Evidence, Passage, Span

MOST_ANSWER = 220  # characters of a question with its answer, to be shown together


@lru_cache(maxsize=1024)
def _exchanges(text: str, sentences: tuple[Span, ...], start: int) -> tuple[Exchange, ...]:
    return tuple(exchanges(text, sentences, start))


def exchange_of(passage: Passage, sentence: Span) -> Exchange | None:
    """The question and answer that a sentence is of."""
    found = _exchanges(passage.text, passage.sentences, passage.start)
    return next((each for each in found if sentence in each.question or sentence in each.answer), None)


def questions(passage: Passage) -> frozenset[Span]:
    """Its sentences that ask, and are answered in it: they state nothing."""
    found = _exchanges(passage.text, passage.sentences, passage.start)
    return frozenset(span for each in found for span in each.question)


def states_nothing(passage: Passage, sentence: Span) -> bool:
    """A question whose answer is not in the passage: its last line, where a stretch is cut."""
    words = passage.slice(sentence)
    return is_turn(words) and words[-1] in "？?" and exchange_of(passage, sentence) is None


def answered(passage: Passage, sentence: Span, most: int = MOST_ANSWER) -> Span:
    """The sentence with the question that it answers, or the answer to it: up to ``most`` characters, but one sentence of it."""
    found = exchange_of(passage, sentence)
    if found is None:
        return sentence
    start, answer = found.question[0].start, found.answer
    if sentence in found.question:
        ends = [span.end for span in answer if span.end - start <= most] or [answer[0].end]
        return Span(start, ends[-1])
    return Span(start, sentence.end) if sentence.end - start <= most else sentence


def asked(item: Evidence) -> str:
    """The question that a quotation answers, without its label; "" where it answers none."""
    return " ".join(_bare(item, [s for s in _inside(item) if s in questions(item.hit.passage)]))


def said(item: Evidence) -> str:
    """What a quotation states: without the question that it answers and without labels; a row with the names of its columns."""
    found = _exchanges(item.hit.passage.text, item.hit.passage.sentences, item.hit.passage.start)
    inside = [s for s in _inside(item) if s not in questions(item.hit.passage)]
    if not inside or not any(s in each.answer for each in found for s in inside):
        return item.words
    return "".join(_bare(item, inside))


def without_label(text: str, evidence: Sequence[Evidence]) -> str:
    """A sentence of an answer without the speaker before it that it copied from a quotation; "" where that is all of it."""
    for item in evidence:
        for span in _inside(item):
            words = item.hit.passage.slice(span)
            size = label(words)
            if not size or exchange_of(item.hit.passage, span) is None:
                continue
            if text.strip(" 。：:") == words[:size].rstrip("：: "):
                return ""
            if text.startswith(words[:size].rstrip()):
                return text[len(words[:size].rstrip()) :].lstrip()
    return text


def _inside(item: Evidence) -> list[Span]:
    return [s for s in item.hit.passage.sentences if item.start <= s.start and s.end <= item.end]


def _bare(item: Evidence, spans: Sequence[Span]) -> list[str]:
    """Words of sentences; of those that begin a turn without the label."""
    passage = item.hit.passage
    said = []
    for span in spans:
        words = passage.slice(span)
        found = exchange_of(passage, span)
        begins = found is not None and span in (found.question[0], found.answer[0])
        said.append(words[label(words) :] if begins else words)
    return said
