"""Where articles say different things of the same thing: both, side by side, with date and source."""

from __future__ import annotations

from html import escape

from rag.answer import notes
from rag.answer.conflict.find import touching
from rag.answer.conflict.said import Side
from rag.types import Evidence, Span
from rag.ui.cards import article_link, date, marked
from rag.ui.conversation import Exchange
from rag.ui.texts import Texts

_SIDES = 4  # sources shown of one conflict


def disagreements(exchange: Exchange) -> list[list[tuple[Side, Evidence]]]:
    """The conflicts that touch what the answer cites; the newest article first. Looked for once: it takes 4 ms."""
    if exchange.differing is None and exchange.answer:
        exchange.differing = _disagreements(exchange)
    return exchange.differing or []


def _disagreements(exchange: Exchange) -> list[list[tuple[Side, Evidence]]]:
    done, found = exchange.answer, exchange.found
    if done is None or found is None or done.refused:
        return []
    cited = {marker for sentence in done.sentences for marker in sentence.markers}
    today = exchange.query.today if exchange.query else None
    return touching(done.rewritten, found.evidence, cited, done.text, today)


def side_by_side(sides: list[tuple[Side, Evidence]], t: Texts) -> str:
    cards = "".join(_side(side, item, t) for side, item in sides[:_SIDES])
    return f'<section class="yj-conflict"><h3>{t.conflict}</h3><div>{cards}</div></section>'


def _side(said: Side, item: Evidence, t: Texts) -> str:
    hit = item.hit
    link = escape(article_link(hit.passage.document_id, item.start, item.end, t.language))
    return (
        f'<article lang="zh-CN"><b>{escape(said.text)}</b><p class="yj-meta">{date(hit.date, t)}</p>'
        f'<a class="yj-card-title" data-article href="{link}" target="_blank">{escape(hit.title or hit.document)}</a>'
        f"<q>{marked(item.quote, 0, Span(said.start, said.end))}</q></article>"
    )


def without_figures(note: str) -> str:
    """The note on an answer without what ``side_by_side`` shows."""
    heads = notes.differing(())
    for stop in ("；", "; "):
        note = stop.join(one for one in note.split(stop) if not one.startswith(heads))
    return note
