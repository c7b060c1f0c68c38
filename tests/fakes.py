"""Small real implementations of the program's doors, for tests of what stands behind them."""

from __future__ import annotations

import asyncio
import tempfile
import threading
import time
from collections.abc import Coroutine, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from pathlib import Path
from typing import TypeVar

from rag.errors import ModelCallFailed, StoreError, YoujuError
from rag.settings import Settings
from rag.store.base import Filters
from rag.store.notes import Notes
from rag.types import (
    Answer,
    AnswerSentence,
    ArticleDate,
    Block,
    BlockKind,
    Citation,
    Claim,
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

HOSTILE = '<script>window.pwned = 1</script><img src=x onerror="window.pwned = 2"> ${window.pwned = 3} {{pwned}} `'
REMOTE_IMAGE = "![图](http://elsewhere.example/pixel.png)"


def document(name: str, title: str, when: ArticleDate | None, paragraphs: Sequence[str]) -> Document:
    """An article whose file is wrapped hard: a "|" in a paragraph is a line end of the file, and no character of the text."""
    source, text, runs, blocks = "", "", [], []
    for i, paragraph in enumerate([title, *paragraphs]):
        start = len(text)
        for j, line in enumerate(paragraph.split("|")):
            source += "\n" if j else ""
            runs.append(Run(len(text), len(source), len(line)))
            source, text = source + line, text + line
        blocks.append(Block(BlockKind.BODY if i else BlockKind.TITLE, start, len(text)))
        runs.append(Run(len(text), len(source), 1))
        source, text = source + "\n", text + "\n"
    return Document(
        id=f"id-{name}",
        name=name,
        path=f"/articles/{name}",
        sha256="0" * 64,
        encoding="utf-8",
        title=title,
        date=when,
        source=source,
        text=text,
        runs=tuple(runs),
        blocks=tuple(blocks),
    )


def passages(article: Document) -> list[Passage]:
    """A passage for each block, a sentence for each 。"""
    found = []
    for ordinal, block in enumerate(article.blocks):
        ends = [i + 1 for i in range(block.start, block.end) if article.text[i] == "。"] or [block.end]
        ends = ends if ends[-1] == block.end else [*ends, block.end]
        spans = tuple(Span(a, b) for a, b in zip([block.start, *ends], ends, strict=False))
        text = article.text[block.start : block.end]
        found.append(
            Passage(
                f"{article.id}:{ordinal}",
                article.id,
                ordinal,
                block.start,
                block.end,
                text,
                article.title,
                "",
                spans,
                spans,
            )
        )
    return found


TREE = document(
    "tree.txt",
    "城北新栽银杏三千株",
    ArticleDate(date(2021, 3, 12), "day", "文中写明“3月12日”，年份据版面"),
    [
        "本报讯 3月12日，城北公园植树|活动举行。当天共栽下银杏3000株，|另有香樟1200株。园林部门表示，|成活率目标为95%。",
        "今年全市计划新增绿地40公顷，比去年多8公顷。",
    ],
)
BRIDGE = document(
    "桥梁-与一个非常非常非常长的文件名-2020年12月-第三版.txt",
    "跨江大桥合龙 <b>明年</b>通车",
    ArticleDate(date(2020, 12, 1), "month", "据正文“12月”"),
    [f"跨江大桥全长4.2公里，总投资58亿元。{HOSTILE}{REMOTE_IMAGE}", "大桥于2018年开工，预计2021年10月通车。"],
)


@dataclass(frozen=True)
class Script:
    """What the stand-in says to a question that holds ``key``: (text, markers, verdict, claims) a sentence."""

    key: str
    quotes: Sequence[str] = ()
    sentences: Sequence[tuple[str, tuple[int, ...], Verdict, tuple[Claim, ...]]] = ()
    refused: bool = False
    rewritten: str = ""
    note: str = ""
    error: YoujuError | Exception | None = None


SUPPORTED, DIFFERS, NOT_FOUND = Verdict.SUPPORTED, Verdict.DIFFERS, Verdict.NOT_FOUND
SCRIPTS = (
    Script(
        "银杏",
        (
            "当天共栽下银杏3000株，另有香樟1200株。",
            "园林部门表示，成活率目标为95%。",
            "今年全市计划新增绿地40公顷，比去年多8公顷。",
        ),
        (
            ("活动当天共栽下银杏3000株，另有香樟1200株。", (1,), SUPPORTED, ()),
            ("成活率目标为98%。", (2,), DIFFERS, (Claim("number", "98%", "95%", DIFFERS),)),
            ("资金由省里承担。", (), NOT_FOUND, (Claim("name", "省", None, NOT_FOUND),)),
        ),
    ),
    Script(
        "大桥",
        (f"跨江大桥全长4.2公里，总投资58亿元。{HOSTILE}{REMOTE_IMAGE}", "大桥于2018年开工，预计2021年10月通车。"),
        (
            (f"大桥总投资58亿元。{HOSTILE}{REMOTE_IMAGE}", (1,), SUPPORTED, ()),
            ("预计2021年10月通车。", (2,), SUPPORTED, ()),
        ),
    ),
    Script(
        "它",
        ("园林部门表示，成活率目标为95%。",),
        (("成活率目标为95%。", (1,), SUPPORTED, ()),),
        rewritten="城北公园银杏的成活率目标是多少",
    ),
    Script(
        "月球", ("今年全市计划新增绿地40公顷，比去年多8公顷。",), refused=True, note="最接近的段落也没有说到这个问题。"
    ),
    Script("断线", error=ModelCallFailed(("模型没有应答", "the model did not answer"), subject="http://127.0.0.1:9")),
    Script("意外", error=RuntimeError("a fault that no one foresaw")),
)


@dataclass
class TinyYouju:
    """Two articles and prepared answers, streamed as the real one does. ``may_write`` holds the words back."""

    may_write: threading.Event = field(default_factory=threading.Event)
    pause_s: float = 0.0  # between two pieces of text
    asked: list[tuple[str, list[Turn]]] = field(default_factory=list)
    closed: int = 0  # streams that were left before their end
    articles: Sequence[Document] = (TREE, BRIDGE)

    def __post_init__(self) -> None:
        self.may_write.set()
        self._folder = tempfile.TemporaryDirectory()
        self.settings = Settings(index=Path(self._folder.name))
        self.notes = Notes(self.settings.index)

    def documents(self) -> list[DocumentInfo]:
        return [
            DocumentInfo(d.id, d.name, d.path, d.sha256, d.title, d.date, len(d.text), len(d.blocks))
            for d in self.articles
        ]

    def collections(self) -> dict[str, list[str]]:
        return {}

    def document(self, document_id: str) -> Document:
        for article in self.articles:
            if article.id == document_id:
                return article
        raise StoreError(("没有这篇文章", "no such document"), subject=document_id)

    def warm_up(self) -> None:
        pass

    def stream(
        self, question: str, *, history: Sequence[Turn] = (), today: date | None = None, filters: Filters | None = None
    ) -> Iterator[Event]:
        self.asked.append((question, list(history)))
        self.filtered: list[Filters | None] = []
        self.filtered.append(filters)
        script = next((s for s in SCRIPTS if s.key in question), Script("", refused=True))
        rewritten = script.rewritten or question
        try:
            yield Understood(Query(question, rewritten, today or date(2024, 3, 20)))
            if script.error:
                raise script.error
            quotes = tuple(self._evidence(script.quotes))
            hits = tuple(dict.fromkeys(e.hit for e in quotes)) + tuple(self._others(quotes))
            yield Found(hits, quotes, 0.1)
            self.may_write.wait()
            for text, markers, _, _ in script.sentences:
                for piece in [*(text[i : i + 2] for i in range(0, len(text), 2)), *(f"[{m}]" for m in markers)]:
                    time.sleep(self.pause_s)
                    yield Wrote(piece)
            yield Finished(self._answer(question, rewritten, script, hits, quotes))
        except GeneratorExit:
            self.closed += 1
            raise

    def _evidence(self, quotes: Sequence[str]) -> Iterator[Evidence]:
        marker = count(1)
        for quote in quotes:
            for article in self.articles:
                for passage in passages(article):
                    if quote in passage.text:
                        start = passage.start + passage.text.index(quote)
                        yield Evidence(
                            next(marker), self._hit(article, passage), start, start + len(quote), quote, quote
                        )

    def _others(self, quotes: Sequence[Evidence]) -> Iterator[Hit]:
        used = {e.hit.passage.id for e in quotes}
        for article in self.articles:
            yield from (self._hit(article, p) for p in passages(article)[1:] if p.id not in used)

    def _hit(self, article: Document, passage: Passage) -> Hit:
        return Hit(passage, article.name, article.title, article.date, 1.0, 0.9, 1, 5.0, 1)

    def _answer(
        self, question: str, rewritten: str, script: Script, hits: tuple[Hit, ...], quotes: Sequence[Evidence]
    ) -> Answer:
        sentences = tuple(AnswerSentence(*sentence) for sentence in script.sentences)
        cited = {m: s.verdict for s in sentences for m in s.markers}
        citations = tuple(
            Citation(
                e.marker,
                e.hit.passage.document_id,
                e.hit.document,
                e.hit.title,
                e.hit.date,
                e.start,
                e.end,
                e.quote,
                self.document(e.hit.passage.document_id).source_span(e.start, e.end),
                cited[e.marker],
            )
            for e in quotes
            if e.marker in cited
        )
        text = "资料中没有提到这一点。" if script.refused else "".join(s.text for s in sentences)
        spent = Timings(0.1, None if script.refused else 4.23, 9.0)
        return Answer(
            question, rewritten, text, script.refused, citations, sentences, hits, spent, "tiny-model", script.note
        )


Result = TypeVar("Result")


def ran(handler: Coroutine[object, object, Result]) -> Result:
    """What a handler gives, run in a thread of its own: in that of the tests a browser's loop may be running."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, handler).result()
