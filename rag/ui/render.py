"""What the window shows, as HTML. Pure functions.

Whatever came from a document, a model or a user goes through ``escape`` or ``marked``; nothing is read as HTML or Markdown.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from html import escape

from rag.types import AnswerSentence, DocumentInfo, Timings, Verdict
from rag.ui.cards import article_link, date, evidence
from rag.ui.conversation import Exchange
from rag.ui.texts import Texts

_MARKER = re.compile(r"\[([0-9]{1,3})\]")
_LISTED = 8  # articles named on the first page; the rest is counted


# The conversation


def question(exchange: Exchange, t: Texts) -> str:
    asked = f'<h2 class="yj-question" lang="zh-CN">{escape(exchange.question)}</h2>'
    if exchange.query and exchange.query.rewritten.strip() != exchange.question.strip():
        whole = escape(exchange.query.rewritten)
        asked += f'<p class="yj-understood"><span>{t.understood}</span><i lang="zh-CN">{whole}</i></p>'
    return asked


def answer(exchange: Exchange, t: Texts) -> str:
    """The left-hand column: question, answer as far as it is known, and how it came about."""
    state = "running" if exchange.running else "done"
    return (
        f'<article class="yj-exchange-answer" data-exchange="{exchange.number}" data-state="{state}">'
        f"{question(exchange, t)}{_body(exchange, t)}</article>"
    )


def _body(exchange: Exchange, t: Texts) -> str:
    if exchange.error:
        return f'<p class="yj-error" role="alert">{escape(exchange.error.text(t.language[:2]))}</p>'
    if exchange.failed:
        return f'<p class="yj-error" role="alert">{t.failed}</p>'
    if exchange.answer:
        return _finished(exchange, t)
    markers = {e.marker for e in exchange.found.evidence} if exchange.found else set()
    text = streamed(exchange.written, exchange.number, markers, t)
    written = f'<div class="yj-answer" lang="zh-CN">{text}</div>' if exchange.written else ""
    if exchange.stopped:
        return f'{written}<p class="yj-note">{t.stopped_unchecked if written else t.stopped}</p>'
    if exchange.written:
        return written
    status = t.writing.format(count=len(exchange.found.evidence)) if exchange.found else t.searching
    return f'<p class="yj-status" role="status">{status}<span class="yj-dots"><i></i><i></i><i></i></span></p>'


def _finished(exchange: Exchange, t: Texts) -> str:
    done = exchange.answer
    assert done is not None
    footer = timings(done.timings, done.model, t)
    note = f'<p class="yj-note">{escape(done.note)}</p>' if done.note else ""
    if done.refused:
        said = escape(done.text.strip()) or t.refused
        return f'<div class="yj-refusal"><p class="yj-refusal-head">{said}</p>{note}</div>{footer}'
    text = sentences(done.sentences, exchange.number, t) if done.sentences else escape(done.text)
    return f'<div class="yj-answer" lang="zh-CN">{text}</div>{checks(done.sentences, t)}{note}{footer}'


def streamed(text: str, exchange: int, markers: Collection[int], t: Texts) -> str:
    """Text of the model as it comes: escaped, ``[n]`` of evidence on screen made clickable."""
    parts = _MARKER.split(text)
    pieces = [escape(parts[0])]
    for number, rest in zip(parts[1::2], parts[2::2], strict=True):
        known = int(number) in markers
        pieces += [chip(int(number), exchange, t) if known else f"[{number}]", escape(rest)]
    return "".join(pieces)


def chip(marker: int, exchange: int, t: Texts) -> str:
    """The clickable ``[n]``: the page's script opens the card, without it the browser jumps there."""
    card = f"yj-{exchange}-{marker}"
    label = t.cite.format(marker=marker)
    return f'<a class="yj-chip" href="#{card}" data-card="{card}" aria-label="{label}">{marker}</a>'


def sentences(checked: Sequence[AnswerSentence], exchange: int, t: Texts) -> str:
    """The checked answer: each sentence with its chips and its verdict."""
    pieces: list[str] = []
    previous = ""
    for one in checked:
        # Western sentences need the space between them back; Chinese ones have none.
        if previous and previous[-1].isascii() and not previous[-1].isspace() and one.text[:1].isascii():
            pieces.append(" ")
        previous = one.text
        body, tail = _without_trailing_space(one.text)
        chips = "".join(chip(marker, exchange, t) for marker in one.markers)
        pieces.append(
            f'<span class="yj-sentence yj-{one.verdict.value}"{_title(one, t)}>'
            f'<span class="yj-words">{escape(body)}</span><span class="yj-after">{chips}{_sign(one, t)}</span></span>'
            f"{escape(tail)}"
        )
    return "".join(pieces)


def _without_trailing_space(text: str) -> tuple[str, str]:
    body = text.rstrip()
    return body, text[len(body) :]


def _sign(sentence: AnswerSentence, t: Texts) -> str:
    if not sentence.markers and sentence.verdict is Verdict.SUPPORTED:
        return ""  # it cites nothing and claims nothing: "综上所述。"
    sign = {Verdict.SUPPORTED: "✓", Verdict.DIFFERS: "≠", Verdict.NOT_FOUND: "?"}[sentence.verdict]
    label = {
        Verdict.SUPPORTED: t.supported,
        Verdict.DIFFERS: t.differs,
        Verdict.NOT_FOUND: t.not_found,
    }[sentence.verdict]
    return f'<span class="yj-sign" role="img" aria-label="{label}" title="{label}">{sign}</span>'


def _title(sentence: AnswerSentence, t: Texts) -> str:
    if sentence.verdict is Verdict.SUPPORTED:
        return ""
    reasons = claims(sentence, t) or [t.differs if sentence.verdict is Verdict.DIFFERS else t.not_found]
    return f' title="{escape("；".join(reasons))}"'


def claims(sentence: AnswerSentence, t: Texts) -> list[str]:
    """What does not match, a line each, as plain text."""
    return [
        t.claim_differs.format(claimed=claim.claimed, found=claim.found)
        if claim.verdict is Verdict.DIFFERS and claim.found
        else t.claim_not_found.format(claimed=claim.claimed)
        for claim in sentence.claims
        if claim.verdict is not Verdict.SUPPORTED
    ]


def checks(checked: Sequence[AnswerSentence], t: Texts) -> str:
    """One line under the answer: how many sentences hold, and what does not (a tooltip cannot be touched)."""
    asserted = [one for one in checked if one.markers or one.verdict is not Verdict.SUPPORTED]
    bad = [one for one in asserted if one.verdict is not Verdict.SUPPORTED]
    if not asserted:
        return ""
    if not bad:
        return f'<p class="yj-checks">{t.all_supported.format(count=len(asserted))}</p>'
    lines = [line for one in bad for line in claims(one, t) or [one.text.strip()]]
    listed = "".join(f"<li>{escape(line)}</li>" for line in dict.fromkeys(lines))
    head = t.some_not.format(bad=len(bad), count=len(asserted))
    return f'<div class="yj-checks yj-checks-bad"><p>{head}</p><ul>{listed}</ul></div>'


def timings(spent: Timings, model: str, t: Texts) -> str:
    parts = [
        (t.timing_evidence, spent.retrieve_s),
        (t.timing_first, spent.first_token_s),
        (t.timing_total, spent.total_s),
    ]
    shown = [f"{name} {t.seconds.format(value=f'{value:.1f}')}" for name, value in parts if value is not None]
    if model:
        shown.append(f'<span class="yj-model">{escape(model)}</span>')
    return f'<p class="yj-timings">{" · ".join(shown)}</p>'


# The first page


def welcome(t: Texts) -> str:
    """The masthead, shown while nothing has been asked."""
    return (
        f'<header class="yj-masthead"><h1 lang="zh-CN">{t.title}</h1><p class="yj-tagline">{t.tagline}</p></header>'
        f'<p class="yj-invitation">{t.invitation}</p>'
    )


def archive(documents: Sequence[DocumentInfo], t: Texts) -> str:
    """What there is to ask about: the newest articles, and how many there are."""
    if not documents:
        return f'<p class="yj-note">{t.no_articles}</p>'
    newest = sorted(documents, key=lambda d: (d.date.value.isoformat() if d.date else "", d.name), reverse=True)
    items = "".join(
        f'<li><a data-article href="{escape(article_link(d.id, 0, 0, t.language))}" target="_blank" lang="zh-CN">'
        f"{escape(d.title or d.name)}</a>{date(d.date, t)}</li>"
        for d in newest[:_LISTED]
    )
    more = len(documents) - _LISTED
    rest = f'<p class="yj-note">{t.more_articles.format(count=more)}</p>' if more > 0 else ""
    count = t.articles.format(count=len(documents))
    return f'<section class="yj-archive"><h3>{count}</h3><ul>{items}</ul>{rest}</section>'


def earlier(exchanges: Sequence[Exchange], t: Texts) -> str:
    """The exchanges before the one on."""
    return "".join(
        f'<section class="yj-exchange">{answer(e, t)}<div class="yj-side">{evidence(e, t)}</div></section>'
        for e in exchanges
    )


# What stands around it

# The seal is two strokes of a drawn "据" mark, no font needed; the name is the same in both languages.
BRAND = (
    '<a class="yj-brand" href="" lang="zh-CN"><svg viewBox="0 0 24 24" aria-hidden="true">'
    '<rect width="24" height="24" rx="4"/><path d="M7 6h10M7 10.5h10M7 15h6M7 19h3"/></svg>有据</a>'
)
DIALOG = (
    '<dialog class="yj-dialog" aria-label="article"><div class="yj-dialog-bar">'
    '<a class="yj-dialog-own" target="_blank" href=""></a>'
    '<button type="button" class="yj-dialog-close" aria-label="close">×</button></div>'
    '<div class="yj-dialog-body"></div></dialog>'
)


def try_asking(t: Texts) -> str:
    return f'<h3 class="yj-evidence-head">{t.try_asking}</h3>'


def hint(t: Texts) -> str:
    """The line under the question box. Also tells the page's script the language and its words."""
    return (
        f'<p class="yj-hint" data-language="{t.language}" data-own="{t.own_page}" data-close="{t.close}" '
        f'data-theme="{t.theme}" data-missing="{t.missing_article}">{t.hint}</p>'
    )
