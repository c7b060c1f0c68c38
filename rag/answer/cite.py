"""What a model wrote → sentences, each with the exact words it rests on and a verdict.

``[n]`` names a numbered quotation. A marker that names none is dropped; a sentence without a marker, or whose marker
does not bear it out, is given the quotation that does.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from rag.answer.claims.verify import Check, verify
from rag.answer.text.markers import split_markers
from rag.answer.text.shape import rows_as_sentences
from rag.answer.text.turns import answered, questions, without_label
from rag.answer.text.turns import said as stated
from rag.answer.text.words import bigrams
from rag.answer.when.interval import label
from rag.answer.when.resolve import time_spans
from rag.origins import place
from rag.types import AnswerSentence, Citation, Claim, Document, Evidence, Span, Verdict

# Shares of a sentence's character pairs, of the quotation that bears it out and of the one that its marker names.
NEARLY_ALL, FEW = 0.8, 0.5
# A clause of so many pairs of characters is one that says something; a quotation says it with this share of them, and does not
# with less than that.
_TOLD_BY, _TELLS, _TOLD = 5, 0.8, 0.5
_RANK = {Verdict.SUPPORTED: 2, Verdict.DIFFERS: 1, Verdict.NOT_FOUND: 0}


@dataclass(frozen=True, slots=True)
class Checked:
    """A sentence of the answer with the quotations it rests on."""

    sentence: AnswerSentence
    evidence: tuple[Evidence, ...]


def check_answer(
    raw: str, evidence: Sequence[Evidence], question: str, year: int | None, today: date | None = None
) -> list[Checked]:
    """Sentences of ``raw`` with markers resolved and verified, in order. ``today`` is the asker's, where it is known."""
    raw = rows_as_sentences(raw)
    said = [(without_label(text, evidence), markers) for text, markers in split_markers(raw)]
    said = [(text, markers) for text, markers in said if text]
    if not said:  # nothing but 「[3]」: the quotation itself is the answer
        named = [int(number) for number in re.findall(r"\[(\d{1,3})\]", raw)]
        said = [(" ".join(stated(item).split()), (item.marker,)) for item in evidence if item.marker in named[:1]]
    return [check_sentence(text, markers, evidence, question, year, today) for text, markers in said]


def check_sentence(
    text: str,
    markers: Sequence[int],
    evidence: Sequence[Evidence],
    question: str,
    year: int | None,
    today: date | None = None,
) -> Checked:
    """Find the quotations that bear a sentence out: those it names, else the best single one, else one a clause."""
    said = _in_dates(_without_additions(text, evidence), question, today)
    best = _best(said, markers, evidence, question, year)
    if best is None:
        return Checked(AnswerSentence(text, (), Verdict.NOT_FOUND), ())
    if best[0].verdict is not Verdict.SUPPORTED:
        best = _by_clause(said, markers, evidence, question, year) or best
    check, used = best
    if check.verdict is Verdict.SUPPORTED:
        used = _needed(said, used, question, year) if len(used) > 1 else used
        used = _with_each_clause(said, used, evidence)
    sentence = AnswerSentence(text, tuple(item.marker for item in used), check.verdict, check.claims)
    return Checked(sentence, used)


def _without_additions(text: str, evidence: Sequence[Evidence]) -> str:
    """Without 「（2024年）」 behind 今年, where the model copies what the program itself put there for it to see."""

    def kept(match: re.Match[str]) -> str:
        told = text[max(0, match.start() - 2) : match.end()]
        shown = any(told in item.shown and told not in item.quote for item in evidence)
        return "" if shown else match[0]

    return re.sub(r"（[^（）]{2,20}）", kept, text)


def _in_dates(text: str, question: str, today: date | None) -> str:
    """「五年前」 of the question, said again, as the asker means it: 「2019年」. The articles count from other days."""
    for span in time_spans(question, today):
        if span.label and span.interval is not None and not span.text[0].isdigit():
            meant = label(span.interval)
            text = text.replace(f"{span.text}（{span.label}）", meant).replace(span.text, meant)
    return text


def _best(
    text: str, markers: Sequence[int], evidence: Sequence[Evidence], question: str, year: int | None
) -> tuple[Check, tuple[Evidence, ...]] | None:
    named = tuple(item for item in evidence if item.marker in markers)
    best: tuple[Check, tuple[Evidence, ...]] | None = None
    if named:
        nearer = _nearer(text, named, evidence)
        used = (nearer,) if nearer and verify(text, (nearer,), question, year).verdict is Verdict.SUPPORTED else named
        best = verify(text, used, question, year, evidence), used
    if best is None or best[0].verdict is not Verdict.SUPPORTED:
        for item in evidence:
            best = _better(best, (verify(text, (item,), question, year, evidence), (item,)))
    return best


def _nearer(text: str, named: Sequence[Evidence], evidence: Sequence[Evidence]) -> Evidence | None:
    """Another quotation that has nearly all the words of a sentence, where those it names have few: the marker is a slip."""
    said = bigrams(text)
    here = len(said & set().union(*(bigrams(item.quote) for item in named)))
    shares = {item.marker: len(said & bigrams(item.quote)) for item in evidence if item not in named}
    best = max(shares, key=lambda marker: shares[marker], default=0)
    if not best or shares[best] < NEARLY_ALL * len(said) or here > FEW * len(said):
        return None
    return next(item for item in evidence if item.marker == best)


def _by_clause(
    text: str, markers: Sequence[int], evidence: Sequence[Evidence], question: str, year: int | None
) -> tuple[Check, tuple[Evidence, ...]] | None:
    """A sentence about two subjects (「甲是……，乙是……」) is borne out where each clause is, by whichever quotation."""
    parts = _clauses(text)
    if len(parts) < 2 or min(len(part) for part in parts) < 5:
        return None
    claims: list[Claim] = []
    used: dict[int, Evidence] = {}
    shared = 0.0
    for part in parts:
        found = _best(part, markers, evidence, question, year)
        if found is None or found[0].verdict is not Verdict.SUPPORTED:
            return None
        claims += found[0].claims
        used |= {item.marker: item for item in found[1]}
        shared += found[0].shared / len(parts)
    return Check(Verdict.SUPPORTED, tuple(claims), shared), tuple(used[marker] for marker in sorted(used))


def _clauses(text: str) -> list[str]:
    return [part for part in re.split(r"[，；;]|,(?!\d{3})", text) if any(c.isalnum() for c in part)]


def citations(checked: Sequence[Checked], documents: dict[str, Document]) -> tuple[Citation, ...]:
    """One exact quotation a marker: the sentence of the quotation that bears the answer out, not its neighbours.

    ``documents`` by id. A citation's verdict is the worst of the sentences that rest on it.
    """
    spans: dict[int, tuple[Evidence, Span, Verdict]] = {}
    for item in checked:
        for evidence in item.evidence:
            span = _telling(evidence, item.sentence.text)
            verdict = item.sentence.verdict
            if evidence.marker in spans:
                _, old, worst = spans[evidence.marker]
                span = Span(min(old.start, span.start), max(old.end, span.end))
                verdict = min(worst, verdict, key=lambda v: _RANK[v])
            spans[evidence.marker] = evidence, span, verdict
    found = []
    for marker, (evidence, span, verdict) in sorted(spans.items()):
        document = documents[evidence.hit.passage.document_id]
        regions = document.regions(span.start, span.end)
        found.append(
            Citation(
                marker=marker,
                document_id=document.id,
                document=document.name,
                title=document.title,
                date=document.date,
                start=span.start,
                end=span.end,
                quote=document.text[span.start : span.end],
                source=document.source_span(span.start, span.end),
                verdict=verdict,
                regions=regions,
                place=place(regions, document.origins.pages),
            )
        )
    return tuple(found)


def with_markers(sentences: Sequence[AnswerSentence]) -> str:
    """The answer as one text, markers before the final stop of each sentence."""
    parts = []
    for sentence in sentences:
        marks = "".join(f"[{n}]" for n in sentence.markers)
        body = sentence.text.rstrip()
        stop = body[-1] if body and body[-1] in "。！？!?；;." else ""
        parts.append(f"{body[: len(body) - len(stop)]}{marks}{stop or '。'}")
    return "".join(parts)


def _better(
    one: tuple[Check, tuple[Evidence, ...]] | None, other: tuple[Check, tuple[Evidence, ...]]
) -> tuple[Check, tuple[Evidence, ...]]:
    if one is None:
        return other

    def worth(pair: tuple[Check, tuple[Evidence, ...]]) -> tuple[bool, int, int, float]:
        """Borne out, else with the fewest faults; a wrong name weighs more than a figure, it may be of somebody else."""
        check = pair[0]
        failed = [claim for claim in check.claims if claim.verdict is not Verdict.SUPPORTED]
        faults = sum(3 if claim.kind == "name" else 2 for claim in failed) or 3 * len(check.claims) + 3
        return check.verdict is Verdict.SUPPORTED, -faults, _RANK[check.verdict], check.shared

    return other if worth(other) > worth(one) else one


def _needed(text: str, used: tuple[Evidence, ...], question: str, year: int | None) -> tuple[Evidence, ...]:
    """Without the quotations that the sentence does not need."""
    kept = list(used)
    for item in reversed(used):
        fewer = [other for other in kept if other is not item]
        if fewer and verify(text, fewer, question, year).verdict is Verdict.SUPPORTED:
            kept = fewer
    return tuple(kept)


def _with_each_clause(text: str, used: tuple[Evidence, ...], evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """With the quotation of each clause that none of ``used`` says: of a list put into one sentence, of each of its things."""
    found = {item.marker: item for item in used}
    for clause in _clauses(text):
        words = bigrams(clause)
        if len(words) < _TOLD_BY or max(len(words & bigrams(item.words)) for item in used) >= _TOLD * len(words):
            continue
        best = max(evidence, key=lambda item: len(words & bigrams(item.words)))
        if len(words & bigrams(best.words)) >= _TELLS * len(words):
            found[best.marker] = best
    return tuple(found[marker] for marker in sorted(found))


def _telling(evidence: Evidence, sentence: str) -> Span:
    """The one sentence of a quotation that shares most with ``sentence``; all of it where one is not enough."""
    passage = evidence.hit.passage
    asking = questions(passage)
    inside = [s for s in passage.sentences if evidence.start <= s.start and s.end <= evidence.end and s not in asking]
    if len(inside) < 2:
        return Span(evidence.start, evidence.end)
    wanted = bigrams(sentence)
    shares = [len(wanted & bigrams(passage.read(s))) for s in inside]
    best = max(range(len(inside)), key=lambda i: shares[i])
    union = len(wanted & bigrams(stated(evidence)))
    if shares[best] < 0.75 * union:
        return Span(evidence.start, evidence.end)
    whole = answered(passage, inside[best])
    return whole if evidence.start <= whole.start else inside[best]
