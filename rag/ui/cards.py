"""The evidence of an answer as cards, and what its cards share with the page of an article. Pure functions."""

from __future__ import annotations

import re
from html import escape
from urllib.parse import urlencode

from rag.types import AnswerSentence, ArticleDate, Evidence, Hit, Span, Verdict
from rag.ui import scope
from rag.ui.conversation import Exchange, Place
from rag.ui.texts import Texts


def marked(text: str, offset: int, span: Span) -> str:
    """``text`` escaped, with ``<mark>`` around the part of it inside ``span``.

    ``offset`` is the position of ``text[0]`` in the numbering of ``span``.
    """
    start = min(max(span.start - offset, 0), len(text))
    end = min(max(span.end - offset, start), len(text))
    if start == end:
        return escape(text)
    return f"{escape(text[:start])}<mark>{escape(text[start:end])}</mark>{escape(text[end:])}"


def article_link(document_id: str, start: int, end: int, language: str, *, both: bool = False) -> str:
    """Address of an article's page, open at ``document.text[start:end]``; ``both``: beside the file as given."""
    values = {"id": document_id, "start": start, "end": end, "lang": language[:2], **({"both": 1} if both else {})}
    return f"article?{urlencode(values)}#quote"


def evidence(exchange: Exchange, t: Texts) -> str:
    """The right-hand column: a card for every quotation. Nothing after a refusal or before anything is found."""
    found, done = exchange.found, exchange.answer
    if found is None or (done and done.refused):
        return ""
    cited = {c.marker for c in done.citations} | {m for s in done.sentences for m in s.markers} if done else set()
    first = [e for e in found.evidence if not done or e.marker in cited]
    rest = [e for e in found.evidence if done and e.marker not in cited]
    shown = {e.hit.passage.id for e in found.evidence}
    others = [hit for hit in found.hits if hit.passage.id not in shown] if done or not found.evidence else []
    head = f'<h3 class="yj-evidence-head">{t.cited if first and done else t.evidence}</h3>' if first else ""
    cards = "".join(card(e, exchange, t) for e in first)
    folded = "".join(card(e, exchange, t) for e in rest) + "".join(other_card(hit, t) for hit in others)
    count = len(rest) + len(others)
    fold = (
        f'<details class="yj-fold" id="yj-{exchange.number}-more"><summary>{t.also_found.format(count=count)}</summary>'
        f"{folded}</details>"
        if count
        else ""
    )
    return f'<aside class="yj-evidence" data-exchange="{exchange.number}">{head}{cards}{fold}</aside>'


def card(item: Evidence, exchange: Exchange, t: Texts) -> str:
    passage, hit = item.hit.passage, item.hit
    link = article_link(passage.document_id, item.start, item.end, t.language)
    return (
        f'<details class="yj-card" id="yj-{exchange.number}-{item.marker}"><summary>'
        f'<span class="yj-number">{item.marker}</span><span class="yj-card-body">'
        f'<span class="yj-card-title" lang="zh-CN">{escape(hit.title or hit.document)}</span>'
        f'<span class="yj-meta">{_meta(hit.date, hit.document, exchange.places.get(item.marker), t)}</span>'
        f'<q class="yj-quote" lang="zh-CN">{escape(item.quote)}</q></span></summary>'
        f'<div class="yj-passage" lang="zh-CN">{marked(passage.text, passage.start, Span(item.start, item.end))}</div>'
        f'<a class="yj-open" data-article href="{escape(link)}" target="_blank">{t.whole_article}</a></details>'
    )


def other_card(hit: Hit, t: Texts) -> str:
    """A passage found that no quotation was taken from."""
    passage = hit.passage
    link = article_link(passage.document_id, passage.start, passage.end, t.language)
    return (
        f'<details class="yj-card"><summary><span class="yj-number"></span><span class="yj-card-body">'
        f'<span class="yj-card-title" lang="zh-CN">{escape(hit.title or hit.document)}</span>'
        f'<span class="yj-meta">{_meta(hit.date, hit.document, None, t)}</span>'
        f'<q class="yj-quote" lang="zh-CN">{escape(passage.text)}</q></span></summary>'
        f'<div class="yj-passage" lang="zh-CN">{escape(passage.text)}</div>'
        f'<a class="yj-open" data-article href="{escape(link)}" target="_blank">{t.whole_article}</a></details>'
    )


def _meta(when: ArticleDate | None, document: str, where: Place | None, t: Texts) -> str:
    place = ""
    if where:
        template = t.line if where.first == where.last else t.lines
        place = f'<span class="yj-place">{template.format(first=where.first, last=where.last)}</span>'
    name = escape(document)
    return f'{date(when, t)}{place}<span class="yj-file" title="{name}">{name}</span>'


def date(when: ArticleDate | None, t: Texts) -> str:
    if when is None:
        return f'<span class="yj-date">{t.no_date}</span>'
    return f'<time class="yj-date" datetime="{when}" title="{escape(when.reason)}">{when}</time>'


def refusal(exchange: Exchange, t: Texts) -> str:
    """Why there is no answer, as plain text. What is offered instead stands apart, as a place to read."""
    done, found = exchange.answer, exchange.found
    assert done is not None
    if exchange.scope and found and not found.hits:
        return t.scope_empty.format(scope=scope.told(exchange.scope, t))
    return (re.split("[；;]", done.text.strip())[0] if done.near else done.text.strip()) or t.refused


def claims(sentence: AnswerSentence, t: Texts) -> list[str]:
    """What does not match, a line each, as plain text."""
    return [
        t.claim_differs.format(claimed=claim.claimed, found=claim.found)
        if claim.verdict is Verdict.DIFFERS and claim.found
        else t.claim_not_found.format(claimed=claim.claimed)
        for claim in sentence.claims
        if claim.verdict is not Verdict.SUPPORTED
    ]
