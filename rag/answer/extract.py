"""An answer in the articles' own words: the sentences that bear on the question, quoted whole."""

from __future__ import annotations

from collections.abc import Sequence

from rag.answer.cite import Checked
from rag.answer.find import clauses
from rag.answer.text.quantities import quantities
from rag.answer.text.tables import row_of, told
from rag.answer.text.turns import said
from rag.answer.text.words import asks_for_number, bigrams, content_words
from rag.types import AnswerSentence, Evidence, Query, Verdict

MAX_SENTENCES = 3
# A further sentence earns its place by bringing this share of the question's terms that the earlier ones lack.
NEW_TERMS = 0.2


def extract_answer(query: Query, evidence: Sequence[Evidence]) -> list[Checked]:
    """The best sentence, and each next one that brings in terms of the question that were still missing."""
    wanted = bigrams(" ".join(content_words(query.rewritten)))
    chosen: list[Evidence] = []
    covered: set[str] = set()
    for item in evidence:
        new = (bigrams(said(item)) & wanted) - covered
        if chosen and len(new) < NEW_TERMS * len(wanted):
            continue
        chosen.append(item)
        covered |= new
        if len(chosen) == MAX_SENTENCES:
            break
    if asks_for_number(query.rewritten) and not any(quantities(said(item)) for item in chosen):
        chosen += [item for item in evidence if item not in chosen and quantities(said(item))][:1]
    return [quoted(item, query) for item in chosen]


def quoted(item: Evidence, query: Query, *, whole: bool = False) -> Checked:
    """A quotation as a sentence of the answer, long ones cut to the clauses that bear on the question unless ``whole``.

    Supported, being its own evidence. Of a row of a table the cells that the question asks for, of an
    interview what is answered.
    """
    if row_of(item):
        return Checked(AnswerSentence(told(item, query.rewritten), (item.marker,), Verdict.SUPPORTED), (item,))
    text = " ".join(said(item).split())
    if whole:
        return Checked(AnswerSentence(text, (item.marker,), Verdict.SUPPORTED), (item,))
    year = item.hit.date.value.year if item.hit.date else None
    short = clauses.shortened(text, clauses.relevant(text, query, year))
    return Checked(AnswerSentence(short, (item.marker,), Verdict.SUPPORTED), (item,))
