"""Judging one question. Pure functions: no index, no model, no clock.

A *gold text* is one item of a question's ``evidence``; its *places* are everywhere it stands in the document it names.
Coverage counts characters without white space.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from rag.evaluate.matching import Place, holds, normalise, squeeze, without_markers
from rag.evaluate.questions import Question
from rag.types import Answer, Citation, Document, Evidence, Hit, Span, Timings, Verdict

Places = tuple[Place, ...]  # of one gold text; () when the index has lost it


class Outcome(StrEnum):
    """How a question ended, and, where it failed, at which step."""

    RIGHT = "right"
    FOUND = "found"  # nothing but retrieval was asked for, and the evidence would have been shown
    WRONG = "wrong"  # evidence shown, answer wrong
    REFUSED = "refused"  # evidence shown, no answer given
    NOT_SHOWN = "not_shown"  # found, but not among the quotations shown to the model
    NOT_FOUND = "not_found"  # not among the hits
    INVENTED = "invented"  # an unanswerable question was answered
    ERROR = "error"
    UNTRIED = "untried"  # unanswerable, and nothing but retrieval was asked for


@dataclass(frozen=True, slots=True)
class CitationScore:
    right: bool  # see ``supports``; False too where the question has no gold
    exact: bool  # see ``is_exact``


@dataclass(frozen=True, slots=True)
class Score:
    """One question. None: does not apply."""

    outcome: Outcome
    rank: int | None  # see ``needed_rank``; None: never within the hits
    shown: bool  # the needed gold texts are covered by the quotations shown to the model
    right: bool | None = None
    refused: bool | None = None
    citations: tuple[CitationScore, ...] = ()
    needed: int = 0  # gold texts that the answer should cite: all, or 1 where any is enough; 0 without an answer
    cited: int = 0  # of those, how many are
    unwarned: bool = False  # wrong, and nothing on the screen says so; see ``is_unwarned``
    flagged: bool = False  # right, and yet a sentence is shown as not supported
    timings: Timings | None = None


def needed_rank(golds: Sequence[Places], hits: Sequence[Hit], any_of: bool) -> int | None:
    """The smallest k such that the first k hits hold the needed gold texts: all, or one where ``any_of``.

    A gold text is held when every character of one of its places lies in passages of those hits: in one passage, or
    in neighbours together. recall@k is the share of questions whose rank is at most k, so a question that needs
    texts from two distant passages cannot count at k = 1.
    """
    for k in range(1, len(hits) + 1):
        if covered(golds, [(h.passage.document_id, Span(h.passage.start, h.passage.end)) for h in hits[:k]], any_of):
            return k
    return None


def is_shown(golds: Sequence[Places], evidence: Sequence[Evidence], any_of: bool) -> bool:
    """Are the needed gold texts wholly in the quotations that the model is shown?"""
    return covered(golds, [(e.hit.passage.document_id, Span(e.start, e.end)) for e in evidence], any_of)


def covered(golds: Sequence[Places], ranges: Iterable[tuple[str, Span]], any_of: bool) -> bool:
    """Does every gold text (one, where ``any_of``) have a place wholly inside the ranges (document id, span)?"""
    by_document: dict[str, list[Span]] = {}
    for document_id, span in ranges:
        by_document.setdefault(document_id, []).append(span)
    held = [any(p.shared(by_document.get(p.document_id, ())) == p.size for p in places) for places in golds]
    return bool(held) and (any(held) if any_of else all(held))


def is_right(text: str, question: Question) -> bool:
    """Every ``must`` group has an alternative in the text and no ``must_not`` is in it.

    Compared after ``normalise``, without citation markers; numbers match as whole numbers (see ``holds``).
    """
    said = normalise(without_markers(text))
    return all(any(holds(said, word) for word in group) for group in question.must) and not any(
        holds(said, word) for word in question.must_not
    )


def touches(citation: Citation, places: Places) -> bool:
    """Does the quote lie wholly inside a place of the gold text, or cover at least half of one?"""
    size = len(squeeze(citation.quote))
    for place in places:
        if place.document_id == citation.document_id:
            shared = place.shared([Span(citation.start, citation.end)])
            if shared and (shared == size or 2 * shared >= place.size):
                return True
    return False


def carries(citation: Citation, question: Question, golds: Sequence[Places]) -> bool:
    """Another sentence that says it as well: from a document that holds gold, with an alternative of *every* ``must``
    group in that one quote. Alternatives of a single character (是, 5) prove nothing and do not count.
    """
    if not question.must or citation.document_id not in {p.document_id for places in golds for p in places}:
        return False
    quote = normalise(citation.quote)
    return all(any(len(normalise(w)) > 1 and holds(quote, w) for w in group) for group in question.must)


def supports(citation: Citation, question: Question, golds: Sequence[Places]) -> bool:
    """A citation is right when it ``touches`` a gold text or ``carries`` the whole answer."""
    return any(touches(citation, places) for places in golds) or carries(citation, question, golds)


def cited_golds(answer: Answer, question: Question, golds: Sequence[Places]) -> int:
    """How many of the needed gold texts a citation touches; all of them when one citation ``carries`` the answer."""
    needed = _needed(question)
    if any(carries(citation, question, golds) for citation in answer.citations):
        return needed
    return min(needed, sum(any(touches(c, places) for c in answer.citations) for places in golds))


def is_exact(citation: Citation, document: Document) -> bool:
    """``document.text[start:end]`` is the quote, and so, white space aside, is the span of the file as given."""
    start, end = citation.source
    return document.text[citation.start : citation.end] == citation.quote and squeeze(
        document.source[start:end]
    ) == squeeze(citation.quote)


def is_unwarned(answer: Answer, question: Question) -> bool:
    """Of a wrong answer: is its reader told that it is supported?

    So when every sentence has the verdict supported (an answer without sentences warns of nothing either), or when
    one that holds a ``must_not`` phrase has it.
    """
    if all(sentence.verdict is Verdict.SUPPORTED for sentence in answer.sentences):
        return True
    return any(
        sentence.verdict is Verdict.SUPPORTED and holds(normalise(sentence.text), phrase)
        for sentence in answer.sentences
        for phrase in question.must_not
    )


def score(
    question: Question,
    golds: Sequence[Places],
    hits: Sequence[Hit],
    evidence: Sequence[Evidence],
    answer: Answer | None,
    documents: Mapping[str, Document],
    *,
    failed: bool = False,
    retrieval_only: bool = False,
    retrieve_s: float | None = None,
) -> Score:
    """Judge one question. ``golds`` has one entry a gold text; ``documents`` holds, by id, all that are cited."""
    rank = needed_rank(golds, hits, question.evidence_any)
    shown = is_shown(golds, evidence, question.evidence_any)
    timings = Timings(retrieve_s, None, retrieve_s) if retrieve_s is not None else None
    if failed or answer is None:
        outcome = Outcome.ERROR if failed else _outcome(question, rank, shown, None, None)
        return Score(outcome, rank, shown, right=None if retrieval_only else False, timings=timings)
    right = answer.refused if not question.answerable else not answer.refused and is_right(answer.text, question)
    wrong = not right and not answer.refused
    given = question.answerable and not answer.refused
    return Score(
        _outcome(question, rank, shown, right, answer.refused),
        rank,
        shown,
        right=right,
        refused=answer.refused,
        citations=tuple(
            CitationScore(supports(c, question, golds), is_exact(c, documents[c.document_id])) for c in answer.citations
        ),
        needed=_needed(question) if given else 0,
        cited=cited_golds(answer, question, golds) if given else 0,
        unwarned=wrong and is_unwarned(answer, question),
        flagged=right and given and any(s.verdict is not Verdict.SUPPORTED for s in answer.sentences),
        timings=answer.timings,
    )


def _needed(question: Question) -> int:
    return 1 if question.evidence_any else len(question.evidence)


def _outcome(question: Question, rank: int | None, shown: bool, right: bool | None, refused: bool | None) -> Outcome:
    if not question.answerable:
        return Outcome.UNTRIED if right is None else Outcome.RIGHT if right else Outcome.INVENTED
    if right:
        return Outcome.RIGHT
    if rank is None:
        return Outcome.NOT_FOUND
    if not shown:
        return Outcome.NOT_SHOWN
    return Outcome.FOUND if right is None else Outcome.REFUSED if refused else Outcome.WRONG
