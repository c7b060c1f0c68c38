"""Draft questions from the articles of an index, for a person to keep, mend or drop.

By rule, no model is asked: a sentence that gives a figure is asked for that figure. A draft is as good as its sentence,
so somebody must read it before it measures anything.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, Protocol

from rag.answer.text.quantities import quantities
from rag.answer.text.words import names
from rag.ingest.split import sentences
from rag.types import BlockKind, Document, DocumentInfo

_LEAST, _MOST = 14, 90  # characters of a sentence worth asking about
_ASKED = 45  # characters of a question; of a longer one only the last clauses are kept
_FIGURE = re.compile(r"^[\d０-９][\d０-９,，.．]*")
_LEADING = re.compile(r"^[\s“”\"'‘’（(【\[、，,；;：:—–-]+")
_NOTE = "草稿：由原句改成，用前请读一遍"


class Shelf(Protocol):
    """The part of ``Youju`` that is needed here."""

    def documents(self) -> list[DocumentInfo]: ...

    def document(self, document_id: str) -> Document: ...


@dataclass(frozen=True, slots=True)
class Draft:
    """A question, the words that must be in its answer, and the sentence that says so."""

    question: str
    must: str
    document: str  # file name
    sentence: str

    def row(self, identity: str) -> dict[str, Any]:
        """As a line of a question set; see ``load_questions``."""
        return {
            "id": identity,
            "question": self.question,
            "type": "number",
            "answerable": True,
            "must": [[self.must]],
            "evidence": [{"document": self.document, "text": self.sentence}],
            "note": _NOTE,
        }


def suggest(shelf: Shelf, count: int) -> list[Draft]:
    """Up to ``count`` drafts, taken from all articles in turn."""
    found = [list(drafts(shelf.document(info.id))) for info in shelf.documents()]
    mixed = [draft for level in zip_longest(*found) for draft in level if draft is not None]
    return mixed[:count]


def drafts(document: Document) -> Iterator[Draft]:
    """A draft for each sentence with a figure in it, longest-standing figures (the first of a sentence) asked for."""
    asked: set[str] = set()
    for block in document.blocks:
        if block.kind is not BlockKind.BODY:
            continue
        for span in sentences(document.text, block.start, block.end):
            draft = _draft(document, document.text[span.start : span.end].strip())
            if draft is not None and draft.question not in asked:
                asked.add(draft.question)
                yield draft


def to_lines(drafts: Sequence[Draft]) -> str:
    """A question set, one JSON object a line."""
    rows: Iterable[dict[str, Any]] = (draft.row(f"draft-{number:03}") for number, draft in enumerate(drafts, 1))
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def _draft(document: Document, sentence: str) -> Draft | None:
    if not _LEAST <= len(sentence) <= _MOST:
        return None
    for quantity in quantities(sentence):
        said = sentence[quantity.start : quantity.end]
        figure = _FIGURE.match(said)
        if figure is None or not quantity.unit or quantity.start < 6:
            continue
        before = _LEADING.sub("", _last_clauses(sentence[: quantity.start]))
        question = f"{before}多少{said[figure.end() :].strip()}？"
        if not names(before) and document.title:
            question = f"《{document.title}》中，{question}"
        return Draft(question, said, document.name, sentence)
    return None


def _last_clauses(text: str) -> str:
    """The end of ``text``, cut where a clause begins, at most _ASKED characters where clauses are that short."""
    clauses = re.split(r"(?<=[，,；;：:])", text)
    kept = clauses.pop()
    while clauses and len(clauses[-1]) + len(kept) <= _ASKED:
        kept = clauses.pop() + kept
    return kept
