"""Check an answer that anybody wrote against the evidence that it was written from. No index, no model::

from rag.answer import verify_answer

checked = verify_answer("甲市2023年外贸8074亿元[1]。", ["2023年，甲市外贸8074.1亿元。"])
checked.verdict, [claim.found for sentence in checked.sentences for claim in sentence.claims]
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from rag.answer.claims.pool import Pool, texts_pool
from rag.answer.claims.verify import Check, weigh
from rag.answer.text.markers import split_markers
from rag.answer.text.tables import TableRow, laid_out
from rag.ingest.cells import table_rows
from rag.ingest.reflow import reflow
from rag.ingest.sentences import sentences
from rag.types import Block, BlockKind, Claim, Document, Verdict

__all__ = ["CheckedAnswer", "CheckedSentence", "Source", "verify_answer", "verify_sources"]

_TABLE = (BlockKind.TABLE_HEAD, BlockKind.TABLE_ROW)
# What leads in to an answer or out of it says nothing of the matter.
_LEAD = re.compile(
    r"^(?:根据|依据|按照|从|据)(?:以上|上述|所给|给出的|提供的|所提供的|现有)?(?:的)?(?:资料|材料|文章|原文|报道|文本|信息|内容|证据|文档|段落)[^，：:。]{0,6}[，：:]"
)
_CHATTER = re.compile(
    r"^(?:以上(?:就)?是|希望(?:以上|这|对您|能)|如(?:有|果您)|您好|好的|答[：:]?$|综上(?:所述)?$|谢谢)[^\d]*$"
)


@dataclass(frozen=True, slots=True)
class Source:
    """One numbered piece of evidence: its sentences, and the day on which they were written."""

    sentences: tuple[str, ...]
    date: date | None = None
    rows: tuple[TableRow, ...] = ()  # of its tables


@dataclass(frozen=True, slots=True)
class CheckedSentence:
    """``claims`` are its figures, dates, names, offices and denials; ``shared`` (0…1) the share of its words found."""

    text: str  # without markers
    markers: tuple[int, ...]
    verdict: Verdict
    claims: tuple[Claim, ...]
    shared: float


@dataclass(frozen=True, slots=True)
class CheckedAnswer:
    """``supported`` if every sentence is; else ``differs`` if any does; else ``not_found``."""

    verdict: Verdict
    sentences: tuple[CheckedSentence, ...]


def verify_answer(answer: str, evidence: Sequence[str], *, date: date | None = None) -> CheckedAnswer:
    """Check each sentence of ``answer`` against ``evidence``, a list of texts.

    A marker ``[n]`` binds its sentence to the n-th text, counted from 1; a sentence without one may rest on any of
    them. ``date`` is the day on which the evidence was published: 今年 counts from there.
    """
    return verify_sources(answer, [text_source(text, date) for text in evidence])


def verify_sources(answer: str, evidence: Sequence[Source]) -> CheckedAnswer:
    """The same for evidence of several dates, cut into sentences already."""
    whole = _pool(evidence)
    checked = []
    for text, markers in split_markers(answer):
        said = _LEAD.sub("", text)
        if _CHATTER.match(said) or not any(c.isalnum() for c in said):
            continue
        checked.append(_sentence(text, said, markers, evidence, whole))
    verdicts = {sentence.verdict for sentence in checked}
    if verdicts == {Verdict.SUPPORTED}:
        verdict = Verdict.SUPPORTED
    else:
        verdict = Verdict.DIFFERS if Verdict.DIFFERS in verdicts else Verdict.NOT_FOUND
    return CheckedAnswer(verdict, tuple(checked))


def text_source(text: str, date: date | None = None) -> Source:
    """A piece of evidence given as plain text."""
    flowed = reflow(text) if "\n" in text else None
    if flowed and any(block.kind in _TABLE for block in flowed.blocks):
        return _source(flowed.text, flowed.blocks, date)
    return Source(tuple(text[s.start : s.end] for s in sentences(text, 0, len(text))), date)


def document_source(document: Document, date: date | None = None) -> Source:
    """A file read as an article; its own date unless another is given."""
    own = document.date.value if document.date and document.date.precision == "day" else None
    return _source(document.text, document.blocks, date or own, document)


def _source(text: str, blocks: Sequence[Block], date: date | None, document: Document | None = None) -> Source:
    spans = [
        s
        for b in blocks
        if b.kind is not BlockKind.FURNITURE and b.kind not in _TABLE
        for s in sentences(text, b.start, b.end)
    ]
    rows = tuple(laid_out(row, text) for row in table_rows(text, blocks, document))
    return Source(tuple(text[s.start : s.end] for s in spans), date, rows)


def _sentence(
    text: str, said: str, markers: tuple[int, ...], evidence: Sequence[Source], whole: Pool
) -> CheckedSentence:
    cited = [evidence[n - 1] for n in markers if 0 < n <= len(evidence)]
    check = _weigh(said, _pool(cited) if cited else whole, cited or evidence)
    forged = [Claim("marker", f"[{n}]", None, Verdict.NOT_FOUND) for n in markers if not 0 < n <= len(evidence)]
    verdict = Verdict.NOT_FOUND if forged and check.verdict is Verdict.SUPPORTED else check.verdict
    return CheckedSentence(text, markers, verdict, (*check.claims, *forged), round(check.shared, 3))


def _weigh(said: str, there: Pool, evidence: Sequence[Source]) -> Check:
    days = {source.date for source in evidence}
    return weigh(said, there, today=days.pop() if len(days) == 1 else None)


def _pool(evidence: Iterable[Source]) -> Pool:
    return Pool(
        [item for source in evidence for item in texts_pool([source.sentences], source.date, source.rows).placed]
    )
