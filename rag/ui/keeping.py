"""Conversations kept while they grow: neither a reload nor a crash loses more than the last second of an answer."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator

from rag.errors import StoreError
from rag.store.notes import Notes
from rag.ui import saved
from rag.ui.conversation import Conversation, Exchange

_EVERY_S = 1.0  # between two writes while the words come


def take_up(notes: Notes, conversation_id: str) -> Conversation | None:
    """A conversation as it was kept, judgements and all; None where there is none of that id. Raises StoreError."""
    exchanges = saved.load(notes.exchanges(conversation_id))
    if not exchanges:
        return None
    for _, number, judgement in notes.judgements(conversation_id):
        for exchange in exchanges:
            if exchange.number == number:
                exchange.judged, exchange.reason = judgement.good, judgement.reason
    conversation = Conversation(conversation_id, exchanges)
    shown = notes.shown(conversation_id)
    conversation.show(shown if conversation.find(shown) else exchanges[-1].number)
    conversation.scope = conversation.exchanges[-1].scope
    return conversation


def keep(notes: Notes, conversation: Conversation, exchange: Exchange) -> None:
    """Keep a question as it is put. Raises StoreError; nothing where nothing can be kept."""
    if notes.writable:
        first = next(iter((*conversation.begun, *conversation.waiting)), exchange)
        notes.keep(conversation.id, first.question, exchange.number, saved.dump(exchange))


def kept(
    grown: Generator[None, None, None],
    notes: Notes,
    conversation_id: str,
    exchange: Exchange,
    *,
    clock: Callable[[], float] = time.monotonic,
) -> Generator[None, None, None]:
    """``grown``, and ``exchange`` kept with it: with its evidence, once a second while the words come, and at the end.

    An answer does not fail because it cannot be kept: ``exchange.unkept`` says so.
    """

    def state() -> tuple[bool, int, bool]:
        return exchange.found is not None, len(exchange.written), exchange.running

    was, last = state(), clock()

    def now() -> None:
        nonlocal was, last
        was, last = state(), clock()
        try:
            if notes.writable:
                notes.grow(conversation_id, exchange.number, saved.dump(exchange))
        except StoreError as error:
            exchange.unkept = error

    try:
        for _ in grown:
            # The end is kept before it is shown: whoever then reloads the page finds it.
            found, _, running = state()
            if (found, running) != (was[0], was[2]) or clock() - last >= _EVERY_S:
                now()
            yield
    finally:
        grown.close()
        if state() != was:
            now()
