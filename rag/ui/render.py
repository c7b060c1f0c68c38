"""What the window shows, as HTML. Pure functions.

Whatever came from a document, a model or a user goes through ``escape`` or ``marked``; nothing is read as HTML or Markdown.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from html import escape

from rag.answer import notes
from rag.types import AnswerSentence, Hit, Span, Timings, Verdict
from rag.ui import asked, cards
from rag.ui.cards import article_link, claims, date, evidence
from rag.ui.conflicts import disagreements, side_by_side, without_figures
from rag.ui.conversation import Exchange
from rag.ui.export import copied
from rag.ui.suggest import follow_ups
from rag.ui.texts import ZH, Texts

_MARKER = re.compile(r"\[([0-9]{1,3})\]")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_NEAR = 3  # passages offered after a refusal
_SHOWN = 12  # earlier exchanges; those before them come when asked for


def answer(exchange: Exchange, t: Texts, *, last: bool = True, kept: str = "") -> str:
    """The left-hand column: question, answer as far as it is known, and how it came about.

    ``last``: with what can be asked next. ``kept``: id of the conversation, where it can be exported.
    """
    state = "running" if exchange.running else "done"
    after = "" if exchange.running else actions(exchange, t, kept=kept) + (suggestions(exchange, t) if last else "")
    return (
        f'<article class="yj-exchange-answer" data-exchange="{exchange.number}" data-state="{state}">'
        f"{asked.question(exchange, t)}{_body(exchange, t)}{after}</article>"
    )


def actions(exchange: Exchange, t: Texts, *, kept: str = "") -> str:
    """What can be done with an answer: copy it, ask again, otherwise or elsewhere, judge it."""
    number, done = exchange.number, exchange.answer
    label = t.retry if done else t.ask_again
    kind = "yj-act" if done else "yj-button"
    again = f'<button type="button" class="{kind}" data-run="retry" data-number="{number}">{label}</button>'
    again += asked.edit(exchange, t)
    if not done:
        return f'<div class="yj-actions">{again}</div>'
    if done.refused and exchange.scope:
        again = (
            f'<button type="button" class="yj-button" data-run="widen" data-number="{number}">{t.ask_everywhere}'
            f"</button>{again}"
        )
    copy = f'<button type="button" class="yj-act" data-copy="{escape(copied(exchange, t))}">{t.copy_cited}</button>'
    copy += cards.export_link(kept, "yj-act", t) if kept else ""
    good, bad = (str(exchange.judged is good).lower() for good in (True, False))
    reasons = "".join(
        f'<label><input type="radio" name="reason" value="{reason}" {"checked" if reason == chosen else ""}>{reason}</label>'
        for chosen in (exchange.reason or t.fault_figure,)
        for reason in (t.fault_figure, t.fault_quote, t.fault_beside, t.fault_refusal, t.fault_other)
    )
    return (
        f'<div class="yj-actions">{copy}{again}<button type="button" class="yj-act" data-do="judge" '
        f'data-number="{number}" data-good="1" aria-pressed="{good}">{t.judge_good}</button>'
        f'<details class="yj-judge yj-keep" id="yj-{number}-judge"><summary class="yj-act" role="button" '
        f'aria-pressed="{bad}">{t.judge_bad}</summary><form class="yj-form" data-do="judge" data-number="{number}" '
        f'data-good="0"><fieldset><legend>{t.judge_why}</legend>{reasons}</fieldset>'
        f'<label class="yj-wide"><span>{t.judge_expected}</span><textarea name="expected" rows="2" maxlength="500">'
        f'</textarea></label><button class="yj-button">{t.judge_send}</button></form></details></div>'
    )


def suggestions(exchange: Exchange, t: Texts) -> str:
    """Questions that what was found can answer."""
    questions = follow_ups(exchange)
    if not questions:
        return ""
    head = t.next_instead if exchange.answer and exchange.answer.refused else t.next_questions
    buttons = "".join(
        f'<li><button type="button" class="yj-next" lang="zh-CN" data-run="ask" data-question="{escape(q)}">'
        f"{escape(q)}</button></li>"
        for q in questions
    )
    return f'<section class="yj-suggestions"><h3>{head}</h3><ul>{buttons}</ul></section>'


def near(exchange: Exchange, t: Texts) -> str:
    """What there is instead of an answer: the passages nearest to the question, as places to read."""
    hits = exchange.found.hits[:_NEAR] if exchange.found else ()
    offered = exchange.answer.near if exchange.answer else ()
    if not hits and not offered:
        return ""
    items = "".join(
        f'<li><a data-article href="{escape(article_link(c.document_id, c.start, c.end, t.language))}" '
        f'target="_blank" lang="zh-CN">{escape(c.title or c.document)}</a>{date(c.date, t)}'
        f'<p lang="zh-CN"><q class="yj-quote">{escape(c.quote)}</q></p></li>'
        for c in offered
    )
    there = {(c.document_id, c.start) for c in offered}
    items += "".join(
        f'<li><a data-article href="{escape(article_link(h.passage.document_id, *_matched(h), t.language))}" '
        f'target="_blank" lang="zh-CN">{escape(h.title or h.document)}</a>{date(h.date, t)}'
        f'<p lang="zh-CN">{escape(h.passage.slice(_matched(h)))}</p></li>'
        for h in hits
        if not any(key == h.passage.document_id and _matched(h).start <= at < _matched(h).end for key, at in there)
    )
    return f'<div class="yj-near"><h3>{t.nearest}</h3><ul>{items}</ul></div>'


def _matched(hit: Hit) -> Span:
    return hit.best_window or Span(hit.passage.start, hit.passage.end)


def _body(exchange: Exchange, t: Texts) -> str:
    markers = {e.marker for e in exchange.found.evidence} if exchange.found else set()
    text = streamed(exchange.written, exchange.number, markers, t)
    written = f'<div class="yj-answer" lang="zh-CN">{text}</div>' if exchange.written else ""
    if exchange.error or exchange.failed:
        told = exchange.error.text(t.language[:2]) if exchange.error else t.failed
        unchecked = f'<p class="yj-note">{t.unchecked}</p>' if written else ""
        return f'{written}{unchecked}<p class="yj-error" role="alert">{escape(told)}</p>'
    if exchange.answer:
        return finished(exchange, t)
    if exchange.stopped or exchange.cut_off:
        told = t.stopped if exchange.stopped else t.cut_off
        return f'{written}<p class="yj-note">{told}{t.unchecked if written else ""}</p>'
    if exchange.written:
        return written
    status = t.writing.format(count=len(exchange.found.evidence)) if exchange.found else t.searching
    if exchange.awaits:
        status = str(getattr(t, f"awaits_{exchange.awaits}"))
    return f'<p class="yj-status" role="status">{status}<span class="yj-dots"><i></i><i></i><i></i></span></p>'


def finished(exchange: Exchange, t: Texts) -> str:
    """The checked answer with what the check found, or the refusal with what there is instead."""
    done = exchange.answer
    assert done is not None
    footer = (
        f'<details class="yj-details yj-keep" id="yj-{exchange.number}-details"><summary>{t.details}</summary>'
        f"{timings(done.timings, done.model, t)}{_day(exchange, t)}</details>"
    )
    differing = disagreements(exchange)
    told = notes.in_language(without_figures(done.note) if differing else done.note, chinese=t is ZH)
    note = f'<p class="yj-note">{escape(told[:1].upper() + told[1:])}</p>' if told else ""
    if done.refused:
        said = escape(cards.refusal(exchange, t))
        language = "zh-CN" if _CHINESE.search(said) else "en"  # it speaks that of the question
        return f'<div class="yj-refusal"><p class="yj-refusal-head" lang="{language}">{said}</p>{note}</div>{near(exchange, t)}{footer}'
    gone = {c.marker for c in done.citations if c.document_id in exchange.gone}
    text = sentences(done.sentences, exchange.number, t, gone) if done.sentences else escape(done.text)
    both = "".join(side_by_side(sides, t) for sides in differing)
    return f'<div class="yj-answer" lang="zh-CN">{text}</div>{both}{checks(done.sentences, t)}{note}{footer}'


def _day(exchange: Exchange, t: Texts) -> str:
    """The day from which 今年 and 昨天 of the question were counted."""
    day = exchange.query.today if exchange.query else None
    return f'<p class="yj-timings">{t.asked_on.format(day=day)}</p>' if day else ""


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


def sentences(checked: Sequence[AnswerSentence], exchange: int, t: Texts, gone: Collection[int] = ()) -> str:
    """The checked answer: each sentence with its chips and its verdict. ``gone``: markers whose article is deleted."""
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
            f'<span class="yj-words">{escape(body)}</span><span class="yj-after">{chips}{_sign(one, t, gone=any(m in gone for m in one.markers))}</span></span>'
            f"{escape(tail)}"
        )
    return "".join(pieces)


def _without_trailing_space(text: str) -> tuple[str, str]:
    body = text.rstrip()
    return body, text[len(body) :]


def _sign(sentence: AnswerSentence, t: Texts, *, gone: bool = False) -> str:
    if not sentence.markers and sentence.verdict is Verdict.SUPPORTED:
        return ""  # it cites nothing and claims nothing: "综上所述。"
    sign = {Verdict.SUPPORTED: "✓", Verdict.DIFFERS: "≠", Verdict.NOT_FOUND: "?"}[sentence.verdict]
    label = {
        Verdict.SUPPORTED: t.supported,
        Verdict.DIFFERS: t.differs,
        Verdict.NOT_FOUND: t.not_found,
    }[sentence.verdict]
    if sentence.verdict is Verdict.SUPPORTED:
        label, kind = (t.source_gone, "yj-sign yj-sign-gone") if gone else (label, "yj-sign")
        return f'<span class="{kind}" role="img" aria-label="{label}" title="{label}">{sign}</span>'
    why = escape("\n".join([label, *claims(sentence, t)]))
    return f'<button type="button" class="yj-sign" aria-label="{label}" data-why="{why}">{sign}</button>'


def _title(sentence: AnswerSentence, t: Texts) -> str:
    if sentence.verdict is Verdict.SUPPORTED:
        return ""
    reasons = claims(sentence, t) or [t.differs if sentence.verdict is Verdict.DIFFERS else t.not_found]
    return f' title="{escape("；".join(reasons))}"'


def checks(checked: Sequence[AnswerSentence], t: Texts) -> str:
    """One line under the answer: how many sentences hold, and what does not (a tooltip cannot be touched)."""
    head, *lines = cards.checked(checked, t) or [""]
    if not lines:
        return f'<p class="yj-checks">{head}</p>' if head else ""
    listed = "".join(f"<li>{escape(line)}</li>" for line in lines)
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


def earlier(exchanges: Sequence[Exchange], t: Texts, *, whole: bool = False) -> str:
    """The exchanges before the one on: the latest of them, unless ``whole``."""
    kept = exchanges if whole else exchanges[-_SHOWN:]
    hidden = len(exchanges) - len(kept)
    more = (
        f'<button type="button" class="yj-button yj-more" data-do="earlier">{t.show_earlier.format(count=hidden)}</button>'
        if hidden
        else ""
    )
    return more + "".join(
        f'<section class="yj-exchange">{answer(e, t, last=False)}<div class="yj-side">{evidence(e, t, last=False)}</div></section>'
        for e in kept
    )
