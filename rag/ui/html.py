"""The pieces of HTML that the window is put together from."""

from __future__ import annotations

from typing import Any

import gradio as gr

from rag.ui.texts import Texts


def html(elem_id: str, value: str = "", **options: Any) -> gr.HTML:
    return gr.HTML(value, apply_default_css=False, elem_id=elem_id, **options)


def port(name: str) -> gr.HTML:
    """What a tab's page speaks to its handlers through: "submit" for what is quick, "input" for what takes time.

    The page's script calls ``youju.ports[name].quick({do: …})``; its data reach the handler as the event's.
    """
    return gr.HTML(
        "",
        apply_default_css=False,
        elem_id=f"yj-port-{name}",
        elem_classes="yj-port",
        js_on_load=(
            f"window.youju.open({name!r}, (act) => trigger('submit', act), (act) => trigger('input', act), upload)"
        ),
    )


def sheet_head(title: str, sheet: str, t: Texts) -> str:
    """The head of what a button opens over the page: its title, and the way back. ``sheet``: its id."""
    return (
        f'<div class="yj-sheet-head"><h2>{title}</h2><button type="button" class="yj-dialog-close" '
        f'popovertarget="{sheet}" popovertargetaction="hide" aria-label="{t.close}" title="{t.close}">×</button></div>'
    )
