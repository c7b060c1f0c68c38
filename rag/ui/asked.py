"""Questions as the window shows them: those that were asked, and those that wait. Pure functions."""

from __future__ import annotations

from html import escape

from rag.ui import scope
from rag.ui.conversation import Conversation, Exchange
from rag.ui.texts import Texts

_SHORT, _LINES = 120, 4  # characters and lines of a question that is shown whole


def question(exchange: Exchange, t: Texts, *, editable: bool = True) -> str:
    """The question, and how it was understood where that differs; ``editable``: that can be changed and asked."""
    shown = f"{_headline(exchange)}{_versions(exchange, t)}"
    if exchange.scope:
        shown += f'<p class="yj-within"><span>{t.scope}{t.colon}{escape(scope.told(exchange.scope, t))}</span></p>'
    if exchange.query and exchange.query.rewritten.strip() != exchange.question.strip():
        whole = escape(exchange.query.rewritten)
        if not editable:
            return f'{shown}<p class="yj-understood"><span>{t.understood}</span><i lang="zh-CN">{whole}</i></p>'
        shown += (
            f'<details class="yj-understood yj-keep" id="yj-{exchange.number}-understood"><summary>'
            f'<span>{t.understood}</span><i lang="zh-CN">{whole}</i></summary>'
            f"{_form(exchange, exchange.query.rewritten, t)}</details>"
        )
    return shown


def edit(exchange: Exchange, t: Texts) -> str:
    """The question, to be changed and asked in its own place."""
    return (
        f'<details class="yj-edit yj-keep" id="yj-{exchange.number}-edit"><summary class="yj-act" role="button">'
        f"{t.edit_question}</summary>{_form(exchange, exchange.question, t)}</details>"
    )


def _form(exchange: Exchange, question: str, t: Texts) -> str:
    return (
        f'<form class="yj-form" data-run="edit" data-number="{exchange.number}"><textarea name="question" rows="2" '
        f'lang="zh-CN" aria-label="{t.edit_question}">{escape(question)}</textarea>'
        f'<button class="yj-button">{t.ask_edited}</button></form>'
    )


def _headline(exchange: Exchange) -> str:
    """The question; of a long one the first lines, the rest by a click."""
    text = exchange.question
    head = f'<h2 class="yj-question" lang="zh-CN">{escape(text)}</h2>'
    if len(text) <= _SHORT and text.count("\n") < _LINES:
        return head
    return f'<details class="yj-long yj-keep" id="yj-{exchange.number}-question"><summary>{head}</summary></details>'


def _versions(exchange: Exchange, t: Texts) -> str:
    """‹ 1/2 ›: the ways between what was asked in each other's place."""
    among = exchange.versions
    if len(among) < 2:
        return ""
    at = among.index(exchange.number)

    def to(step: int, sign: str, name: str) -> str:
        there = 0 <= at + step < len(among)
        number = f'data-number="{among[at + step]}"' if there else "disabled"
        return f'<button type="button" class="yj-act" data-do="version" {number} aria-label="{name}">{sign}</button>'

    return (
        f'<p class="yj-versions">{to(-1, "‹", t.version_before)}<span aria-label="'
        f'{t.version_of.format(number=at + 1, count=len(among))}" role="img">{at + 1}/{len(among)}</span>'
        f"{to(1, '›', t.version_after)}</p>"
    )


def waiting(conversation: Conversation, t: Texts) -> str:
    """What is asked next, above the box. It begins by itself; only after a stop it is begun by hand."""
    go = "" if conversation.running else f'<button type="button" class="yj-act" data-run="next">{t.ask_now}</button>'
    items = "".join(
        f'<li><span lang="zh-CN">{escape(e.question)}</span>{go if number == 0 else ""}'
        f'<button type="button" class="yj-act" data-do="unwait" data-number="{e.number}" '
        f'aria-label="{t.unwait} “{escape(e.question)}”">{t.unwait}</button></li>'
        for number, e in enumerate(conversation.waiting)
    )
    return f'<section class="yj-waiting" role="status"><h2>{t.waiting}</h2><ol>{items}</ol></section>' if items else ""
