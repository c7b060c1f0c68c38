"""The first page of the conversation tab, and its list of conversations, as HTML. Pure functions."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from rag.asking import MAX_QUESTION
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
    return f'<section class="yj-archive"><h2>{count}</h2><ul>{items}</ul>{rest}</section>'


def examples(questions: Sequence[str], t: Texts) -> str:
    """Questions to begin with; a click asks."""
    if not questions:
        return ""
    buttons = "".join(
        f'<button type="button" class="yj-example" lang="zh-CN" data-run="ask" data-question="{escape(q)}">{escape(q)}'
        "</button>"
        for q in questions
    )
    return f'<section><h2 class="yj-evidence-head">{t.try_asking}</h2>{buttons}</section>'


def history(
    conversations: Sequence[ConversationInfo],
    current: str,
    t: Texts,
    *,
    writable: bool,
    find: str = "",
    naming: str = "",
    deleted: str = "",
    judged: bool = False,
) -> str:
    """The list of conversations; the button in the bar opens it. ``current``: id of the one on the screen, once kept.

    ``find``: the words that all of them hold; ``naming``: id of the one that is being named; ``deleted``: title of the one
    that can come back; ``judged``: whether there is an answer judged so that a question of an evaluation can be made of it.
    """
    items = "".join(_naming(c, t) if c.id == naming else _past(c, current, t) for c in conversations)
    none = t.history_no_match.format(words=escape(find)) if find else t.history_none
    body = f"<ul>{items}</ul>" if items else f'<p class="yj-note">{none if writable else t.history_read_only}</p>'
    # What is typed into the field is the page's: drawn anew, the field stays as it is.
    search = (
        f'<label class="yj-find"><span class="yj-unseen">{t.history_find}</span><input type="search" '
        f'data-live="find_past" name="find_past" placeholder="{t.history_find}" autocomplete="off"></label>'
        if items or find
        else ""
    )
    gone = (
        f'<p class="yj-said" role="status"><span>{t.history_deleted.format(title=escape(deleted))}</span>'
        f'<button type="button" class="yj-button" data-do="unforget">{t.library_undo}</button></p>'
        if deleted
        else ""
    )
    export = export_link(current, "yj-button", t) if current else ""
    questions = (
        f'<a class="yj-button" href="judged.jsonl" download>{t.history_judged}</a>'
        if judged
        else f'<button type="button" class="yj-button" disabled aria-describedby="yj-judged-why">{t.history_judged}'
        f'</button></p><p class="yj-note" id="yj-judged-why">{t.history_judged_none}'
    )
    return (
        f'<div class="yj-history" id="yj-history" popover aria-label="{t.history}" data-conversation="{escape(current)}">'
        f"{sheet_head(t.history, 'yj-history', t)}{gone}{search}{body}"
        f'<p class="yj-history-foot">{export}{questions}</p></div>'
    )


def _past(c: ConversationInfo, current: str, t: Texts) -> str:
    acts = "".join(
        f'<button type="button" class="yj-act" data-do="{do}" data-id="{escape(c.id)}" '
        f'aria-label="{label} “{escape(c.title)}”">{label}</button>'
        for do, label in (("name", t.history_name), ("forget", t.library_delete))
    )
    return (
        f'<li><button type="button" class="yj-past" data-do="resume" data-id="{escape(c.id)}" '
        f'{"aria-current=true" if c.id == current else ""}><span lang="zh-CN">{escape(c.title)}</span>'
        f'<time datetime="{c.updated.isoformat()}">{c.updated:%Y-%m-%d %H:%M}</time></button>{acts}</li>'
    )


def _naming(c: ConversationInfo, t: Texts) -> str:
    return (
        f'<li><form class="yj-form yj-naming" data-do="named" data-id="{escape(c.id)}"><input name="title" '
        f'value="{escape(c.title)}" maxlength="200" lang="zh-CN" aria-label="{t.history_name}" required autofocus>'
        f'<button class="yj-button">{t.library_save}</button><button type="button" class="yj-act" data-do="name" '
        f'data-id="{escape(c.id)}">{t.library_cancel}</button></form></li>'
    )


def hint(t: Texts) -> str:
    """The line under the question box, and what the page's script says there of a question that is too long."""
    return f'<p class="yj-hint">{t.hint}</p>{too_long(t)}'


def too_long(t: Texts) -> str:
    said = escape(t.too_long.format(count="{count}", most=f"{MAX_QUESTION:,}"))
    return f'<p class="yj-too-long" role="alert" data-most="{MAX_QUESTION}" data-said="{said}" hidden></p>'
