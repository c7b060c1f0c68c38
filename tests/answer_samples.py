"""Small articles, as passages and quotations, for the tests of the answer package."""

from __future__ import annotations

from datetime import date

from rag.ingest.split import split
from rag.types import ArticleDate, Block, BlockKind, Document, Evidence, Hit, Run, Span


def article(text: str, *, name: str = "a.txt", title: str = "", year: int | None = 2024) -> Document:
    when = ArticleDate(date(year, 3, 18), "day", "测试") if year else None
    return Document(
        id=name,
        name=name,
        path=f"/{name}",
        sha256="",
        encoding="utf-8",
        title=title,
        date=when,
        source=text,
        text=text,
        runs=(Run(0, 0, len(text)),),
        blocks=(Block(BlockKind.BODY, 0, len(text)),),
    )


def quotations(document: Document, first: int = 1) -> list[Evidence]:
    """Every sentence of a document as a numbered quotation, in order."""
    found: list[Evidence] = []
    seen: set[Span] = set()
    for passage in split(document):
        hit = Hit(passage, document.name, document.title, document.date, 1.0, 0.9, 1, 5.0, 1)
        for span in passage.sentences:
            if span not in seen:
                seen.add(span)
                quote = passage.slice(span)
                found.append(Evidence(first + len(found), hit, span.start, span.end, quote, quote))
    return found
