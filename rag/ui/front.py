"""The first page of the conversation tab, and its list of conversations, as HTML. Pure functions."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from rag.store.notes import ConversationInfo
from rag.types import DocumentInfo
from rag.ui.cards import article_link, date, export_link
from rag.ui.html import sheet_head
from rag.ui.texts import Texts

_LISTED = 8  # articles named on the first page; the rest is counted


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


def examples(questions: Sequence[str], t: Texts) -> str:
    """Questions to begin with; a click asks."""
    if not questions:
        return ""
    buttons = "".join(
        f'<button type="button" class="yj-example" lang="zh-CN" data-run="ask" data-question="{escape(q)}">{escape(q)}'
        "</button>"
        for q in questions
    )
    return f'<section><h3 class="yj-evidence-head">{t.try_asking}</h3>{buttons}</section>'


def history(
    conversations: Sequence[ConversationInfo],
    current: str,
    t: Texts,
    *,
    writable: bool,
    deleted: str = "",
    judged: bool = False,
) -> str:
    """The list of conversations; the button in the bar opens it. ``deleted``: title of the one that can come back.

    ``judged``: whether there is an answer judged so that a question of an evaluation can be made of it.
    """
    items = "".join(
        f'<li><button type="button" class="yj-past" data-do="resume" data-id="{escape(c.id)}" '
        f'{"aria-current=true" if c.id == current else ""}><span lang="zh-CN">{escape(c.title)}</span>'
        f'<time datetime="{c.updated.isoformat()}">{c.updated:%Y-%m-%d %H:%M}</time></button>'
        f'<button type="button" class="yj-act" data-do="forget" data-id="{escape(c.id)}" '
        f'aria-label="{t.library_delete} {escape(c.title)}">{t.library_delete}</button></li>'
        for c in conversations
    )
    body = (
        f"<ul>{items}</ul>"
        if items
        else f'<p class="yj-note">{t.history_none if writable else t.history_read_only}</p>'
    )
    gone = (
        f'<p class="yj-said" role="status"><span>{t.history_deleted.format(title=escape(deleted))}</span>'
        f'<button type="button" class="yj-button" data-do="unforget">{t.library_undo}</button></p>'
        if deleted
        else ""
    )
    export = export_link(current, "yj-button", t) if any(c.id == current for c in conversations) else ""
    questions = (
        f'<a class="yj-button" href="judged.jsonl" download>{t.history_judged}</a>'
        if judged
        else f'<button type="button" class="yj-button" disabled aria-describedby="yj-judged-why">{t.history_judged}'
        f'</button></p><p class="yj-note" id="yj-judged-why">{t.history_judged_none}'
    )
    return (
        f'<div class="yj-history" id="yj-history" popover aria-label="{t.history}" data-conversation="{escape(current)}">'
        f"{sheet_head(t.history, 'yj-history', t)}{gone}{body}"
        f'<p class="yj-history-foot">{export}{questions}</p></div>'
    )


def hint(t: Texts) -> str:
    """The line under the question box."""
    return f'<p class="yj-hint">{t.hint}</p>'
