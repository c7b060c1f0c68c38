"""A small real pipeline over two tiny articles: one passage a paragraph, ranked by shared character pairs, no model.

It answers with the sentence of the first passage that shares most with the question, and refuses where none shares
enough. ``scripted`` sets what it says to a question instead, so that a test can make it wrong in one known way.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from rag.errors import ModelCallFailed, StoreError
from rag.settings import Settings
from rag.store.base import Filters
from rag.types import (
    Answer,
    AnswerSentence,
    Block,
    BlockKind,
    Citation,
    Document,
    DocumentInfo,
    Event,
    Evidence,
    Finished,
    Found,
    Hit,
    Passage,
    Query,
    Run,
    Span,
    Timings,
    Turn,
    Understood,
    Verdict,
    Wrote,
)

# As the files are: wrapped in the middle of sentences; an empty line ends a paragraph.
RIVER = """清河市去年粮食
产量为 120 万吨，比前年增长5.5%。水稻
占其中的六成。

清河市市长李明说，今年要新建26座
泵站。工程由省水利厅
验收。
"""
PORT = """东港去年吞吐量达到1,200万箱。东港
有8个泊位。

东港计划2026年开
通三条新航线。
"""
SHOWN = 2  # passages whose sentences the model would see


def make_document(name: str, source: str) -> Document:
    """Hard wraps taken out; the newline between paragraphs stays."""
    kept = [
        i
        for i, c in enumerate(source.rstrip("\n"))
        if c != "\n" or source[i + 1 : i + 2] == "\n"  # of the two between paragraphs, the first
    ]
    runs: list[Run] = []
    for at, offset in enumerate(kept):
        if runs and runs[-1].source + at - runs[-1].text == offset:
            runs[-1] = runs[-1]._replace(length=runs[-1].length + 1)
        else:
            runs.append(Run(at, offset, 1))
    text = "".join(source[i] for i in kept)
    blocks = (Block(BlockKind.BODY, 0, len(text)),)
    title = name.partition(".")[0]
    return Document(name, name, f"/articles/{name}", "0", "utf-8", title, None, source, text, tuple(runs), blocks)


def split(document: Document) -> list[Passage]:
    passages, start = [], 0
    for ordinal, paragraph in enumerate(document.text.split("\n")):
        end = start + len(paragraph)
        sentences, at = [], start
        while at < end:
            stop = document.text.index("。", at) + 1
            sentences.append(Span(at, stop))
            at = stop
        spans = tuple(sentences)
        passage_id = f"{document.id}:{ordinal}"
        passages.append(
            Passage(passage_id, document.id, ordinal, start, end, paragraph, document.title, "", spans, spans)
        )
        start = end + 1
    return passages


@dataclass
class Said:
    """What to answer: the text, the quotes under it (each from the document of that name), and the verdict shown."""

    text: str
    quotes: Sequence[tuple[str, str]] = ()
    verdict: Verdict = Verdict.SUPPORTED
    refused: bool = False
    shift: int = 0  # of the citations' offsets: what a fault in the program would do
    fails: bool = False


@dataclass
class TinyYouju:
    scripted: Mapping[str, Said] = field(default_factory=dict)
    settings: Settings = field(default_factory=Settings)
    asked: list[str] = field(default_factory=list)  # questions that went on to be answered
    heard: list[tuple[tuple[Turn, ...], date | None]] = field(default_factory=list)
    closed_early: int = 0

    def __post_init__(self) -> None:
        self._documents = {d.id: d for d in (make_document("river.txt", RIVER), make_document("port.txt", PORT))}
        self._passages = [p for d in self._documents.values() for p in split(d)]

    def documents(self) -> list[DocumentInfo]:
        return [
            DocumentInfo(d.id, d.name, d.path, d.sha256, d.title, d.date, len(d.text), len(split(d)))
            for d in self._documents.values()
        ]

    def document(self, document_id: str) -> Document:
        if document_id not in self._documents:
            raise StoreError(("没有这篇文章", "there is no such article"), subject=document_id)
        return self._documents[document_id]

    def search(self, text: str, *, k: int | None = None, today: date | None = None) -> list[Hit]:  # noqa: ARG002
        pairs = _pairs(text)
        scored = [(len(pairs & _pairs(p.text)), p) for p in self._passages]
        best = sorted((s for s in scored if s[0]), key=lambda s: -s[0])[: k or 8]
        return [Hit(p, p.document_id, p.title, None, float(n), None, None, None, None) for n, p in best]

    def stream(
        self, question: str, *, history: Sequence[Turn] = (), today: date | None = None, filters: Filters | None = None
    ) -> Iterator[Event]:
        self.heard.append((tuple(history), today))
        assert not filters  # an evaluation asks all articles
        rewritten = "".join(turn.question for turn in history) + question
        yield Understood(Query(question, rewritten, today or date(2025, 3, 1)))
        hits = self.search(rewritten)
        evidence = [
            Evidence(n, hit, s.start, s.end, hit.passage.slice(s), hit.passage.slice(s))
            for n, (hit, s) in enumerate(((h, s) for h in hits[:SHOWN] for s in h.passage.sentences), 1)
        ]
        try:
            yield Found(tuple(hits), tuple(evidence), 0.25)
        except GeneratorExit:
            self.closed_early += 1
            raise
        self.asked.append(question)
        said = self.scripted.get(question) or _extract(rewritten, evidence)
        if said.fails:
            raise ModelCallFailed(("连接断了", "the connection broke off"), subject="http://127.0.0.1/v1")
        yield Wrote(said.text)
        citations = tuple(self._cite(n, *quote, said) for n, quote in enumerate(said.quotes, 1))
        markers = tuple(c.marker for c in citations)
        yield Finished(
            Answer(
                question,
                rewritten,
                said.text + "".join(f"[{m}]" for m in markers),
                said.refused,
                citations,
                () if said.refused else (AnswerSentence(said.text, markers, said.verdict),),
                tuple(hits),
                Timings(0.25, None if said.refused else 0.5, 1.0),
                "" if said.refused else "tiny",
            )
        )

    def _cite(self, marker: int, name: str, quote: str, said: Said) -> Citation:
        document = self._documents.get(name)
        if document is None:  # a fault that an evaluation must survive
            return Citation(marker, name, name, "", None, 0, len(quote), quote, Span(0, 0), said.verdict)
        start = document.text.index(quote) + said.shift
        end = start + len(quote)
        source = document.source_span(start, end)
        return Citation(marker, name, name, document.title, None, start, end, quote, source, said.verdict)


def _extract(question: str, evidence: Sequence[Evidence]) -> Said:
    best = max(evidence, key=lambda e: len(_pairs(question) & _pairs(e.quote)), default=None)
    if best is None or len(_pairs(question) & _pairs(best.quote)) < 3:
        return Said("文章里没有提到。", refused=True)
    return Said(best.quote, [(best.hit.document, best.quote)])


def _pairs(text: str) -> set[str]:
    return {text[i : i + 2] for i in range(len(text) - 1)}
