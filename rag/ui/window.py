"""The window's layout, and which handler each of its parts calls."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from typing import Any

import gradio as gr
from gradio.blocks import Block

from rag.pipeline import Youju
from rag.settings import Settings
from rag.ui import render
from rag.ui.chat import Chat, Updates
from rag.ui.conversation import Conversation
from rag.ui.texts import EXAMPLES, texts

# Answers written at one time. The evidence of each comes at once; their words wait for one another in the model.
_AT_ONCE = 16
_WAITING = 64


def build(youju: Youju, settings: Settings) -> gr.Blocks:
    """The chat window over ``youju``. ``serve`` gives it its looks; Gradio keeps those apart."""
    t, chat = texts(settings.language), Chat(youju)
    blocks = gr.Blocks(title=t.title, analytics_enabled=False, fill_width=True)
    with blocks:
        conversation = gr.State(Conversation(settings.language))
        parts: dict[str, Any] = {}
        with gr.Row(elem_id="yj-bar"):
            gr.HTML(render.BRAND, apply_default_css=False, elem_id="yj-brand")
            parts["clear"] = gr.Button(t.clear, elem_id="yj-clear", size="sm", visible=False)
            parts["language"] = gr.Button(t.other_language, elem_id="yj-language", size="sm")
            theme = gr.Button("◐", elem_id="yj-theme", size="sm")
        with gr.Column(elem_id="yj-front") as parts["front"]:
            parts["welcome"] = _html("yj-welcome")
            with gr.Column(elem_id="yj-examples"):
                parts["try_asking"] = _html("yj-try-asking")
                for i, (question, _) in enumerate(EXAMPLES):
                    parts[f"example{i}"] = gr.Button(question, elem_classes="yj-example", visible=False)
            parts["archive"] = _html("yj-archive")
        parts["earlier"] = _html("yj-earlier")
        with gr.Row(elem_id="yj-current", elem_classes="yj-exchange", visible=False) as parts["current"]:
            parts["answer"] = _html("yj-answer")
            parts["evidence"] = _html("yj-side")
        with gr.Row(elem_id="yj-composer"):
            parts["box"] = gr.Textbox(
                placeholder=t.placeholder,
                label=t.placeholder,
                show_label=False,
                container=False,
                lines=1,  # with more, Gradio's Enter makes a new line and Shift+Enter sends
                max_lines=6,
                max_length=2000,
                autofocus=True,
                elem_id="yj-box",
            )
            parts["send"] = gr.Button(t.send, elem_id="yj-send", variant="primary")
            parts["stop"] = gr.Button(t.stop, elem_id="yj-stop", visible=False)
        parts["hint"] = _html("yj-hint", render.hint(t))
        gr.HTML(render.DIALOG, apply_default_css=False, elem_id="yj-dialog-holder")

        outputs = list(parts.values())

        def named(updates: Updates) -> dict[Block, Any]:
            return {parts[name]: update for name, update in updates.items()}

        def once(handler: Callable[[Conversation], Updates]) -> Callable[[Conversation], dict[Block, Any]]:
            return lambda conversation: named(handler(conversation))

        async def ask(question: str, conversation: Conversation) -> AsyncGenerator[dict[Block, Any], None]:
            async with aclosing(chat.ask(question, conversation)) as grown:
                async for updates in grown:
                    yield named(updates)

        quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
        # "multiple": Chat.ask itself turns a second question away while the first runs; Gradio would still drop one
        # that comes in the moment between the last word and the end of its event.
        slow = {**quiet, "trigger_mode": "multiple", "concurrency_limit": _AT_ONCE, "concurrency_id": "ask"}
        asking = [gr.on([parts["box"].submit, parts["send"].click], ask, [parts["box"], conversation], outputs, **slow)]
        for i in range(len(EXAMPLES)):
            example = parts[f"example{i}"]
            asking.append(example.click(ask, [example, conversation], outputs, **slow))
        now = {**quiet, "queue": False}
        parts["stop"].click(once(chat.stop), conversation, outputs, cancels=asking, **now)
        parts["clear"].click(once(chat.clear), conversation, outputs, cancels=asking, **now)
        parts["language"].click(once(chat.switch_language), conversation, outputs, **now)
        theme.click(None, js="() => window.youju.switchTheme()", **quiet)
        blocks.load(once(chat.open), conversation, outputs, **now)
    blocks.queue(max_size=_WAITING, api_open=False)
    return blocks


def _html(elem_id: str, value: str = "", **options: Any) -> gr.HTML:
    return gr.HTML(value, apply_default_css=False, elem_id=elem_id, **options)
