"""Articles that say different things of the same thing: found, so that both can be shown with date and source.

Silence rather than a false alarm: figures are in conflict only where they measure the same thing (figures.py), names and
times only between the same words (wording.py).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from rag.answer.conflict import figures, wording
from rag.answer.conflict.said import Conflict, Side, Statement
from rag.answer.text.quantities import fold
from rag.answer.text.turns import said as stated
from rag.answer.text.words import bigrams, blank, content_words, to_simplified
from rag.answer.when.resolve import time_spans
from rag.types import Evidence, Hit, Query, Span

_RIVALS = 3  # sentences added to the evidence because they contradict it
_COMPARED = 16  # sentences, of the best passages first: all are compared with all
_COPY = 0.5  # more than this share of the shorter sentence's character pairs is in the other: worth comparing


def conflicts(question: str, statements: Sequence[Statement], today: date | None = None) -> list[Conflict]:
    """The conflicts among sentences that answer ``question``. Some milliseconds for half a dozen sentences."""
    spoken = time_spans(question, today)
    wanted = bigrams(" ".join(content_words(blank(question, [(span.start, span.end) for span in spoken]))))
    groups = [
        *figures.conflicting(wanted, statements, dated=bool(spoken)),
        *wording.conflicting(question, wanted, statements),
    ]
    return [Conflict(tuple(sorted(group, key=lambda side: _age(statements[side.statement])))) for group in groups]


def touching(
    question: str, evidence: Sequence[Evidence], cited: Collection[int], said: str, today: date | None = None
) -> list[list[tuple[Side, Evidence]]]:
    """The conflicts among the evidence that an answer meets with, each side with its source: what the answer cites
    (``cited``: markers) is one side, and, where that is a name or a time, what it says (``said``) too.
    """
    words = to_simplified(fold(said))
    statements = [Statement(stated(item), item.hit.passage.document_id, item.hit.date) for item in evidence]
    found = [
        [(side, evidence[side.statement]) for side in conflict.sides]
        for conflict in conflicts(question, statements, today)
    ]
    return [
        sides
        for sides in found
        if any(
            item.marker in cited and (side.figure or to_simplified(fold(side.text)) in words) for side, item in sides
        )
    ]


def rivals(query: Query, packed: Sequence[Evidence], hits: Sequence[Hit]) -> list[Evidence]:
    """Sentences of the hits that contradict the evidence and are not in it, numbered on from it.

    A sentence in nearly the words of another is no evidence of its own, as it says nothing new; but it may say another
    figure, name or day.
    """
    mine = [bigrams(item.words) for item in packed]
    known = {(item.hit.passage.document_id, item.start) for item in packed}
    others: list[tuple[Hit, Span]] = []
    for hit in hits:
        for span in hit.passage.sentences:
            words = bigrams(hit.passage.read(span))
            alike = any(len(words & quote) > _COPY * min(len(words), len(quote)) for quote in mine if words and quote)
            if alike and (hit.passage.document_id, span.start) not in known and len(others) < _COMPARED:
                known.add((hit.passage.document_id, span.start))
                others.append((hit, span))
    everything = [
        *(Statement(stated(item), item.hit.passage.document_id, item.hit.date) for item in packed),
        *(Statement(hit.passage.read(span), hit.passage.document_id, hit.date) for hit, span in others),
    ]
    chosen = dict.fromkeys(
        side.statement - len(packed)
        for conflict in conflicts(query.rewritten, everything, query.today)
        if any(side.statement < len(packed) for side in conflict.sides)
        for side in conflict.sides
        if side.statement >= len(packed)
    )
    found = []
    for number, at in enumerate(list(chosen)[:_RIVALS], len(packed) + 1):
        hit, span = others[at]
        quote = hit.passage.slice(span)
        found.append(Evidence(number, hit, span.start, span.end, quote, " ".join(hit.passage.embedded(span).split())))
    return found


def _age(statement: Statement) -> int:
    return -statement.date.value.toordinal() if statement.date else 0
