"""What stands around the tabs, as HTML."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import gradio as gr

from rag.ui.session import Updates
from rag.ui.texts import Texts

# The seal is two strokes of a drawn "据" mark, no font needed; the name is the same in both languages.
BRAND = (
    '<a class="yj-brand" href="" lang="zh-CN"><svg viewBox="0 0 24 24" aria-hidden="true">'
    '<rect width="24" height="24" rx="4"/><path d="M7 6h10M7 10.5h10M7 15h6M7 19h3"/></svg><span>有据</span></a>'
)
DIALOG = (
    '<dialog class="yj-dialog" aria-labelledby="yj-dialog-title"><div class="yj-dialog-bar">'
    '<p class="yj-dialog-head"><span id="yj-dialog-title" lang="zh-CN"></span><span class="yj-dialog-meta"></span></p>'
    '<a class="yj-dialog-own" target="_blank" href=""></a>'
    '<button type="button" class="yj-dialog-close">×</button></div>'
    '<div class="yj-dialog-body" tabindex="0" role="document"></div></dialog>'
)


def nav(names: Sequence[str], t: Texts) -> str:
    """The row of tabs. The page's script says which is selected."""
    tabs = "".join(
        f'<button type="button" role="tab" id="yj-nav-{name}" data-tab="{name}" aria-controls="yj-tab-{name}" '
        f'aria-selected="false" tabindex="-1">{getattr(t, f"tab_{name}")}</button>'
        for name in names
    )
    # The first page has a heading of its own, larger.
    head = f'<h1 class="yj-unseen" lang="zh-CN">{t.title}</h1>'
    return f'{head}<div class="yj-nav" role="tablist" aria-label="{t.tabs}">{tabs}</div>'


def history_button(t: Texts) -> str:
    return f'<button type="button" class="yj-bar-button" popovertarget="yj-history">{t.history}</button>'


def words(t: Texts) -> str:
    """Tells the page's script the language and its words. Nothing of it is seen."""
    return (
        f'<div hidden data-language="{t.language}" data-own="{t.own_page}" data-close="{t.close}" '
        f'data-theme="{t.theme}" data-missing="{t.missing_article}" data-copied="{t.copied}" data-answered="{t.answered}" '
        f'data-open="{t.open_in_article}" data-away="{t.away}" data-back="{t.back}" data-restarted="{t.restarted}" '
        f'data-reload="{t.reload}"></div><p id="yj-live" class="yj-unseen" role="status"></p>'
    )


def notice(text: str, t: Texts) -> str:
    """An error that belongs to no place of its own: one calm line that can be closed."""
    return (
        f'<p class="yj-error yj-notice" role="alert"><span>{escape(text)}</span>'
        f'<button type="button" class="yj-notice-close" aria-label="{t.close}">×</button></p>'
    )


def bar(t: Texts, names: Sequence[str]) -> Updates:
    return {
        "nav": nav(names, t),
        "past": history_button(t),
        "clear": gr.update(value=t.clear),
        "language": gr.update(value=t.other_language),
        "words": words(t),
    }
