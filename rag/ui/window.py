"""The window's frame: its bar, its tabs, and how what is used on a page reaches the handler of its tab."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from functools import wraps
from typing import Any, Protocol

import gradio as gr
from gradio.blocks import Block

from rag.errors import YoujuError
from rag.pipeline import Youju
from rag.settings import Settings
from rag.ui import frame
from rag.ui.chat import ChatTab
from rag.ui.evaluation import EvaluationTab
from rag.ui.html import html, port
from rag.ui.library import LibraryTab
from rag.ui.search import SearchTab
from rag.ui.session import Act, Session, Updates
from rag.ui.settings import SettingsTab
from rag.ui.texts import texts

# Answers written at one time. The evidence of each comes at once; their words wait for one another in the model.
_AT_ONCE = 16
_WAITING = 64
# How often Gradio's queue looks for something to do, and for progress bars, which are not used here. Its own choice is a
# thousand and a hundred times a second, for as long as the program runs: 5 % of a core with nobody there (docs/log.md).
_LOOK_S = 0.05
_LOOK_FOR_BARS_S = 1.0
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class Tab(Protocol):
    """One tab: what it consists of, and what it does. Handlers return the components that change, by name."""

    @property
    def name(self) -> str: ...

    def layout(self) -> dict[str, Any]:
        """Make its components, in the column that is open; by names that begin with the tab's."""

    def show(self, session: Session) -> Updates:
        """All of it, as it stands."""

    def do(self, session: Session, act: Act) -> Updates:
        """What is quick. Raises YoujuError."""

    def run(self, session: Session, act: Act) -> AsyncGenerator[Updates, None]:
        """What takes time: the components again whenever they change."""


def never_silent(handler: Callable[..., AsyncGenerator[Any, None]]) -> Callable[..., AsyncGenerator[Any, None]]:
    """``handler``, saying that nothing changes where it says nothing: Gradio would empty every component of the window."""

    @wraps(handler)
    async def told(*inputs: Any) -> AsyncGenerator[Any, None]:
        silent = True
        async with aclosing(handler(*inputs)) as grown:
            async for updates in grown:
                silent = False
                yield updates or gr.skip()
        if silent:
            yield gr.skip()

    return told


def build(youju: Youju, settings: Settings) -> gr.Blocks:
    """The window over ``youju``. ``serve`` gives it its looks; Gradio keeps those apart."""
    t = texts(settings.language)
    chat = ChatTab(youju)
    local = settings.server.host in LOOPBACK
    names = ["chat", "search", "library", "evaluation", "settings"]
    tabs: list[Tab] = [
        chat,
        SearchTab(youju),
        LibraryTab(youju),
        EvaluationTab(youju, local=local),
        SettingsTab(youju, names, local=local),
    ]
    blocks = gr.Blocks(title=t.title, analytics_enabled=False, fill_width=True)
    with blocks:
        session = gr.State(Session(settings.language))
        parts: dict[str, Any] = {}
        with gr.Row(elem_id="yj-bar"):
            html("yj-brand", frame.BRAND)
            parts["nav"] = html("yj-nav", frame.nav(names, t))
            parts["past"] = html("yj-past", frame.history_button(t))
            parts["clear"] = gr.Button(t.clear, elem_id="yj-clear", size="sm", interactive=False)
            parts["language"] = gr.Button(t.other_language, elem_id="yj-language", size="sm")
            theme = gr.Button("◐", elem_id="yj-theme", size="sm")
        parts["notice"] = html("yj-notice")
        ports = {}
        for tab in tabs:
            with gr.Column(elem_id=f"yj-tab-{tab.name}", elem_classes="yj-tab"):
                parts |= tab.layout()
                ports[tab.name] = port(tab.name)
        parts["words"] = html("yj-words", frame.words(t))
        memory = gr.JSON(visible=False)  # what the page remembers of itself over a reload
        html("yj-dialog-holder", frame.DIALOG)

        outputs = list(parts.values())
        quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
        now = {**quiet, "queue": False, "trigger_mode": "multiple"}
        # "multiple": a question put while another is answered waits for its turn in ChatTab; Gradio would drop it.
        slow = {**quiet, "trigger_mode": "multiple", "concurrency_limit": _AT_ONCE}

        def named(updates: Updates) -> dict[Block, Any]:
            return {parts[name]: update for name, update in updates.items()}

        def handlers(tab: Tab) -> tuple[Any, Any]:
            def quick(session: Session, event: gr.EventData) -> dict[Block, Any]:
                act = dict(event._data)
                try:
                    changed = tab.show(session) if act["do"] == "open" else tab.do(session, act)
                except YoujuError as error:
                    return named({"notice": frame.notice(error.text(session.language), session.t)})
                return named({"notice": "", **changed})

            @never_silent
            async def long(session: Session, event: gr.EventData) -> AsyncGenerator[dict[Block, Any], None]:
                try:
                    async with aclosing(tab.run(session, dict(event._data))) as grown:
                        async for updates in grown:
                            yield named(updates)
                except YoujuError as error:
                    yield named({"notice": frame.notice(error.text(session.language), session.t)})

            return quick, long

        running = {}
        for tab in tabs:
            quick, long = handlers(tab)
            ports[tab.name].submit(quick, session, outputs, **now)
            running[tab.name] = ports[tab.name].input(long, session, outputs, concurrency_id=tab.name, **slow)

        @never_silent
        async def ask(question: str, session: Session, told: Act | None) -> AsyncGenerator[dict[Block, Any], None]:
            async with aclosing(chat.ask(question, session, told or {})) as grown:
                async for updates in grown:
                    yield named(updates)

        def stop(session: Session) -> dict[Block, Any]:
            return named(chat.stop(session))

        def clear(session: Session) -> dict[Block, Any]:
            return named(chat.clear(session))

        def show_all(session: Session) -> dict[Block, Any]:
            """Every tab, so that opening one finds its fields in place: a late answer would wipe what is typed."""
            changed: Updates = {}
            for tab in tabs:
                changed |= tab.show(session)
            return named(changed)

        def load(session: Session, remembered: dict[str, str] | None) -> dict[Block, Any]:
            """A page just opened, in the language that the settings have by now; or opened again, as it was."""
            known = remembered or {}
            session.language = "zh" if known.get("language", youju.settings.language) == "zh" else "en"
            chat.resume(session, known.get("conversation", ""))
            return {**named(frame.bar(session.t, names)), **show_all(session)}

        def switch_language(session: Session) -> dict[Block, Any]:
            """Everything in the other language, a running answer included."""
            session.language = "en" if session.language == "zh" else "zh"
            return {**named(frame.bar(session.t, names)), **show_all(session)}

        box = [parts["chat_box"], session, memory]
        # What loading the page brings would wipe the evidence of a question put before it came.
        opened = (
            "async (question, session) => "
            "{ await window.youju.arrived; return [question, session, {today: window.youju.today()}]; }"
        )
        asking = [parts["chat_box"].submit, parts["chat_send"].click]
        asked = gr.on(asking, ask, box, outputs, js=opened, concurrency_id="chat", **slow)
        cancelled = {**now, "cancels": [asked, running["chat"]]}
        parts["chat_stop"].click(stop, session, outputs, **cancelled)
        parts["clear"].click(clear, session, outputs, **cancelled)
        parts["language"].click(switch_language, session, outputs, **now)
        theme.click(None, js="() => window.youju.switchTheme()", **quiet)
        remember = "(session, memory) => [session, window.youju.memory()]"
        loaded = blocks.load(load, [session, memory], outputs, js=remember, **now)
        loaded.then(None, js="() => window.youju.arrive()", **quiet)
    blocks.queue(max_size=_WAITING, api_open=False)
    blocks._queue.sleep_when_free = _LOOK_S
    blocks._queue.progress_update_sleep_when_free = _LOOK_FOR_BARS_S
    return blocks
