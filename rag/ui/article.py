"""The page of one article, with a quotation marked in it. Needs no script and loads nothing."""

from __future__ import annotations

from html import escape

from rag.types import BlockKind, Document, Span
from rag.ui.cards import date, marked
from rag.ui.conversation import place
from rag.ui.texts import Texts

_TAGS = {BlockKind.TITLE: "h2", BlockKind.HEADING: "h2"}


def page(document: Document, quote: Span, css: str, t: Texts, *, both: bool = False) -> str:
    """A whole HTML page. ``quote`` is a span of ``document.text``; an empty one marks nothing.

    ``both``: the article as the program reads it, and beside it the file as given.
    """
    title = escape(document.title or document.name)
    return (
        f'<!doctype html><html lang="{t.language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title><style>{css}</style></head>"
        f'<body class="yj-page">{(compared if both else body)(document, quote, t)}</body></html>'
    )


def body(document: Document, quote: Span, t: Texts) -> str:
    """The article itself: title, where it is from, and its blocks in their order."""
    return f'<article class="yj-article" lang="zh-CN">{_head(document, quote, t)}{_text(document, quote)}</article>'


def compared(document: Document, quote: Span, t: Texts) -> str:
    """The article as the program reads it, and the file as given, side by side."""
    exact = document.source_span(quote.start, quote.end) if _inside(document, quote) else Span(0, 0)
    given = marked(document.source, 0, exact)
    return (
        f'<article class="yj-article yj-both" lang="zh-CN">{_head(document, quote, t)}<div class="yj-columns">'
        f'<section><h2 class="yj-column-head" lang="{t.language}">{t.library_as_read}</h2>{_text(document, quote)}</section>'
        f'<section><h2 class="yj-column-head" lang="{t.language}">{t.library_as_given}'
        f"{_encoding(document, t)}</h2>"
        f'<pre class="yj-source">{given}</pre></section></div></article>'
    )


def _encoding(document: Document, t: Texts) -> str:
    """Of a text file."""
    said = t.library_encoding.format(name=document.encoding.upper())
    return f"<span>{escape(said)}</span>" if document.encoding else ""


def _head(document: Document, quote: Span, t: Texts) -> str:
    where = ""
    if _inside(document, quote):
        told = place(document, quote.start, quote.end).told(t)
        where = f'<span class="yj-place" lang="{t.language}">{escape(told)}</span>'
    file = f'<span class="yj-file">{escape(document.name)}</span>'
    return (
        f"<h1>{escape(document.title or document.name)}</h1>"
        f'<p class="yj-meta">{date(document.date, t)}{where}{file}</p>'
    )


def _text(document: Document, quote: Span) -> str:
    stretches = _stretches(document)
    if stretches and _repeats_title(document, *stretches[0]):
        del stretches[0]
    blocks = "".join(_block(document, kind, span, quote) for kind, span in stretches)
    # The first mark is what the address's #quote points to.
    return blocks.replace("<mark>", '<mark id="quote">', 1)


def _inside(document: Document, quote: Span) -> bool:
    return 0 <= quote.start < quote.end <= len(document.text)


def message(text: str, css: str, t: Texts) -> str:
    """A page that says one thing."""
    return (
        f'<!doctype html><html lang="{t.language}"><head><meta charset="utf-8"><title>{t.title}</title>'
        f'<style>{css}</style></head><body class="yj-page"><article class="yj-article">'
        f'<p lang="{t.language}">{escape(text)}</p></article></body></html>'
    )


def _block(document: Document, kind: BlockKind, span: Span, quote: Span) -> str:
    tag = _TAGS.get(kind, "p")
    text = marked(document.text[span.start : span.end], span.start, quote)
    return f'<{tag} class="yj-{kind.value}">{text}</{tag}>'


def _repeats_title(document: Document, kind: BlockKind, span: Span) -> bool:
    return kind is BlockKind.TITLE and document.text[span.start : span.end].strip() == document.title.strip()


def _stretches(document: Document) -> list[tuple[BlockKind, Span]]:
    """The blocks, and what stands between them where that is more than space: all of the text is shown."""
    found: list[tuple[BlockKind, Span]] = []
    at = 0
    for block in [*document.blocks, None]:
        start = block.start if block else len(document.text)
        if document.text[at:start].strip():
            found.append((BlockKind.BODY, Span(at, start)))
        if block:
            found.append((block.kind, Span(block.start, block.end)))
            at = block.end
    return found
