"""Questions as the window shows them: those that were asked, and those that wait. Pure functions."""

from __future__ import annotations

from html import escape

from rag.ui import scope
from rag.ui.conversation import Conversation, Exchange
from rag.ui.texts import Texts


def question(exchange: Exchange, t: Texts, *, editable: bool = True) -> str:
    """The question, and how it was understood where that differs; ``editable``: that can be changed and asked."""
    asked = f'<h2 class="yj-question" lang="zh-CN">{escape(exchange.question)}</h2>'
    if exchange.scope:
        asked += f'<p class="yj-within"><span>{t.scope}{t.colon}{escape(scope.told(exchange.scope, t))}</span></p>'
    if exchange.query and exchange.query.rewritten.strip() != exchange.question.strip():
        whole = escape(exchange.query.rewritten)
        if not editable:
            return f'{asked}<p class="yj-understood"><span>{t.understood}</span><i lang="zh-CN">{whole}</i></p>'
        asked += (
            f'<details class="yj-understood yj-keep" id="yj-{exchange.number}-understood"><summary>'
            f'<span>{t.understood}</span><i lang="zh-CN">{whole}</i></summary>'
            f'<form class="yj-form" data-run="ask"><textarea name="question" rows="2" maxlength="2000" lang="zh-CN" '
            f'aria-label="{t.edit_question}">{whole}</textarea>'
            f'<button class="yj-button">{t.ask_edited}</button></form></details>'
        )
    return asked


def waiting(conversation: Conversation, t: Texts) -> str:
    """What is asked next, above the box. It begins by itself; only after a stop it is begun by hand."""
    go = "" if conversation.running else f'<button type="button" class="yj-act" data-run="next">{t.ask_now}</button>'
    items = "".join(
        f'<li><span lang="zh-CN">{escape(e.question)}</span>{go if number == 0 else ""}'
        f'<button type="button" class="yj-act" data-do="unwait" data-number="{e.number}" '
        f'aria-label="{t.unwait} {escape(e.question)}">{t.unwait}</button></li>'
        for number, e in enumerate(conversation.waiting)
    )
    return f'<section class="yj-waiting" role="status"><h2>{t.waiting}</h2><ol>{items}</ol></section>' if items else ""
