"""Whatever is used on a page, and in whatever state: no handler leaves Gradio without something to show.

Of an event that ends without a result, Gradio makes None for each of its outputs, and the outputs are the whole window.
"""

from __future__ import annotations

import inspect
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from typing import Any

import gradio as gr
import pytest
from fakes import TinyYouju, ran
from gradio.blocks import BlockFunction

from rag.settings import load_settings
from rag.ui.session import Session
from rag.ui.window import build, never_silent

# What pages say that takes time, and what none says: by that a handler has nothing at all to do.
ACTS = ("nothing known", "ask", "retry", "next", "upload", "watch", "start", "reembed", "search")


def handlers(host: str) -> list[BlockFunction]:
    youju = TinyYouju()
    settings = load_settings({"server.host": host, "server.port": 0, "index": youju.settings.index}, environ={})
    return [one for one in build(youju, settings).fns.values() if one.fn is not None]  # type: ignore[arg-type]


def streams(host: str) -> Iterator[Any]:
    found = [
        one.fn for one in handlers(host) if inspect.isasyncgenfunction(one.fn) or inspect.isgeneratorfunction(one.fn)
    ]
    assert len(found) >= 6  # the box, and what takes time on each of the tabs
    yield from found


def said(act: str) -> gr.EventData:
    """An act that says nothing but its name."""
    return gr.EventData(None, {"words": "", "id": "", "do": act, "files": [], "not_sent": []})


def busy() -> Session:
    """While an answer is being written."""
    session = Session("zh")
    session.conversation.put("银杏")
    session.conversation.begin()
    return session


def driven(handler: Any, act: str, session: Session) -> list[Any]:
    """What a handler shows of an act that says nothing but its name; at most its first two steps."""
    given: dict[str, Any] = {"session": session, "question": "", "event": said(act)}

    async def steps() -> list[Any]:
        shown = []
        async with aclosing(handler(*(given.get(name) for name in inspect.signature(handler).parameters))) as grown:
            async for updates in grown:
                shown.append(updates)
                if len(shown) == 2:
                    break
        return shown

    return ran(steps())


@pytest.mark.parametrize("make", [lambda: Session("zh"), busy], ids=["fresh", "while an answer is written"])
@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])
def test_no_stream_ends_without_a_word(host: str, make: Any) -> None:
    for handler in streams(host):
        for act in ACTS:
            try:
                shown = driven(handler, act, make())
            except AttributeError as error:  # it did set to work, which the stand-in cannot do
                assert "TinyYouju" in str(error)
                continue
            assert shown, (handler.__qualname__, act)
            for updates in shown:
                assert updates and (updates == gr.skip() or None not in updates.values()), (handler.__qualname__, act)


def test_no_other_handler_returns_nothing() -> None:
    """They return what changes, by component; a dictionary without any would be an error of Gradio's."""
    for one in handlers("127.0.0.1"):
        if not inspect.isasyncgenfunction(one.fn) and one.outputs:
            for act in ("open", "nothing known"):
                given: dict[str, Any] = {
                    "session": Session("zh"),
                    "remembered": None,
                    "event": said(act),
                }
                try:
                    shown = one.fn(*(given.get(name) for name in inspect.signature(one.fn).parameters))
                except (AttributeError, KeyError):
                    assert act != "open"
                    continue
                assert shown and None not in shown.values()


def test_silence_is_told_as_no_change() -> None:
    async def silent() -> AsyncGenerator[Any, None]:
        return
        yield

    async def empty() -> AsyncGenerator[Any, None]:
        yield {}
        yield {"box": ""}

    async def of(handler: Any) -> list[Any]:
        return [updates async for updates in never_silent(handler)()]

    assert ran(of(silent)) == [gr.skip()]
    assert ran(of(empty)) == [gr.skip(), {"box": ""}]
