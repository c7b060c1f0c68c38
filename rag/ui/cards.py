"""The evidence of an answer as cards, and what its cards share with the page of an article. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from urllib.parse import urlencode

from rag.ingest.reasons import explain
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


def evidence(exchange: Exchange, t: Texts, *, last: bool = True) -> str:
    """The right-hand column: a card for every quotation. Nothing after a refusal or before anything is found.

    ``last``: the cards stay where they stood before the answer came, and those that it cites are marked; of an earlier
    answer those that it does not cite are folded away. Quotations and passages are counted apart, and called so.
    """
    found, done = exchange.found, exchange.answer
    if found is None or (done and done.refused):
        return ""
    cited = {c.marker for c in done.citations} | {m for s in done.sentences for m in s.markers} if done else set()
    used = [e for e in found.evidence if e.marker in cited]
    first = list(found.evidence) if last or not done else used
    folded = [e for e in found.evidence if e not in first]
    shown = {e.hit.passage.id for e in found.evidence}
    others = [hit for hit in found.hits if hit.passage.id not in shown] if done or not found.evidence else []
    count = t.evidence_count.format(count=len(found.evidence))
    count += t.evidence_used.format(count=len(used)) if done else ""
    head = f'<h3 class="yj-evidence-head">{count}</h3>' if found.evidence else ""
    cards = "".join(card(e, exchange, t, used=e.marker in cited if done else None) for e in first)
    folds = [
        ("rest", t.evidence_unused, "".join(card(e, exchange, t, used=False) for e in folded), len(folded)),
        ("more", t.also_found, "".join(other_card(hit, t) for hit in others), len(others)),
    ]
    below = "".join(
        f'<details class="yj-fold" id="yj-{exchange.number}-{name}"><summary>{label.format(count=number)}</summary>'
        f"{inside}</details>"
        for name, label, inside, number in folds
        if number
    )
    return f'<aside class="yj-evidence" data-exchange="{exchange.number}">{head}{cards}{below}</aside>'


def card(item: Evidence, exchange: Exchange, t: Texts, *, used: bool | None = None) -> str:
    """A quotation, whole; opened, the passage that it stands in. ``used``: by the answer; None: not known yet."""
    passage, hit = item.hit.passage, item.hit
    link = article_link(passage.document_id, item.start, item.end, t.language)
    gone = passage.document_id in exchange.gone
    tag = f'<span class="yj-used">{t.cited}</span>' if used else ""
    tag += f'<span class="yj-gone">{t.evidence_gone}</span>' if gone else ""
    kind = "" if used is None else " yj-card-used" if used else " yj-card-unused"
    reading = f'<p class="yj-note">{t.missing_article}{t.missing_advice}</p>' if gone else ""
    return (
        f'<details class="yj-card{kind}" id="yj-{exchange.number}-{item.marker}"><summary>'
        f'<span class="yj-number">{item.marker}</span><span class="yj-card-body">'
        f'<span class="yj-card-title" lang="zh-CN">{escape(hit.title or hit.document)}</span>'
        f'<span class="yj-meta">{date(hit.date, t)}{tag}</span>'
        f'<q class="yj-quote" lang="zh-CN">{escape(item.quote)}</q></span></summary>'
        f'<div class="yj-passage" lang="zh-CN">{marked(passage.text, passage.start, Span(item.start, item.end))}</div>'
        f'<p class="yj-meta yj-origin">{_where(hit.document, exchange.places.get(item.marker), t)}</p>{reading}'
        f'<a class="yj-open" data-article href="{escape(link)}" target="_blank">{t.whole_article}</a></details>'
    )


def other_card(hit: Hit, t: Texts) -> str:
    """A passage found that no quotation was taken from."""
    passage = hit.passage
    link = article_link(passage.document_id, passage.start, passage.end, t.language)
    return (
        f'<details class="yj-card"><summary><span class="yj-number"></span><span class="yj-card-body">'
        f'<span class="yj-card-title" lang="zh-CN">{escape(hit.title or hit.document)}</span>'
        f'<span class="yj-meta">{date(hit.date, t)}</span>'
        f'<q class="yj-quote yj-cut" lang="zh-CN">{escape(passage.text)}</q></span></summary>'
        f'<div class="yj-passage" lang="zh-CN">{escape(passage.text)}</div>'
        f'<p class="yj-meta yj-origin">{_where(hit.document, None, t)}</p>'
        f'<a class="yj-open" data-article href="{escape(link)}" target="_blank">{t.whole_article}</a></details>'
    )


def _where(document: str, where: Place | None, t: Texts) -> str:
    """The file, and the lines in it: for whoever checks, so only on a card that is open."""
    place = f'<span class="yj-place">{escape(where.told(t))}</span>' if where else ""
    name = escape(document)
    return f'{place}<span class="yj-file" title="{name}">{name}</span>'


def date(when: ArticleDate | None, t: Texts) -> str:
    if when is None:
        return f'<span class="yj-date">{t.no_date}</span>'
    return f'<time class="yj-date" datetime="{when}" title="{escape(explain(when, t.language[:2]))}">{when}</time>'


def refusal(exchange: Exchange, t: Texts) -> str:
    """Why there is no answer, as plain text. What is offered instead stands apart, as a place to read."""
    done, found = exchange.answer, exchange.found
    assert done is not None
    if exchange.scope and found and not found.hits:
        return t.scope_empty.format(scope=scope.told(exchange.scope, t))
    return (re.split("[；;]", done.text.strip())[0] if done.near else done.text.strip()) or t.refused


def export_link(conversation_id: str, kind: str, t: Texts) -> str:
    address = escape(f"conversation.md?{urlencode({'id': conversation_id, 'lang': t.language[:2]})}")
    return f'<a class="{kind}" href="{address}" download>{t.history_export}</a>'


def checked(sentences: Sequence[AnswerSentence], t: Texts) -> list[str]:
    """What the check of an answer found, as plain text: how many sentences hold, and a line for all that does not.

    Empty where nothing is asserted.
    """
    asserted = [one for one in sentences if one.markers or one.verdict is not Verdict.SUPPORTED]
    bad = [one for one in asserted if one.verdict is not Verdict.SUPPORTED]
    if not bad:
        return [t.all_supported.format(count=len(asserted))] if asserted else []
    lines = [line for one in bad for line in claims(one, t) or [one.text.strip()]]
    return [t.some_not.format(bad=len(bad), count=len(asserted)), *dict.fromkeys(lines)]


def claims(sentence: AnswerSentence, t: Texts) -> list[str]:
    """What does not match, a line each, as plain text."""
    return [
        t.claim_differs.format(claimed=claim.claimed, found=claim.found)
        if claim.verdict is Verdict.DIFFERS and claim.found
        else t.claim_not_found.format(claimed=claim.claimed)
        for claim in sentence.claims
        if claim.verdict is not Verdict.SUPPORTED
    ]
