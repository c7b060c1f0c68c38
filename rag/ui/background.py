"""A blocking iterator, followed from an event loop without blocking it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import closing, suppress


async def steps(start: Callable[[], Generator[None, None, None]]) -> AsyncGenerator[None, None]:
    """Yield once for every step of the generator that ``start()`` makes, run in one thread of its own.

    Raises what the generator raises. Closing this one returns at once; the thread closes its generator when that
    comes to its next step. Gradio closes a stopped handler under a lock that all tabs share, and tries for up to a
    minute (``gradio.utils.SyncToAsyncIterator.aclose``): a handler that itself waits for a slow model would hold
    every other tab up.
    """
    loop = asyncio.get_running_loop()
    queue: asyncio.Queue[Exception | bool] = asyncio.Queue()  # True: a step, False: the end
    closed = threading.Event()

    def put(item: Exception | bool) -> None:
        with suppress(RuntimeError):  # the loop has ended: nobody listens
            loop.call_soon_threadsafe(queue.put_nowait, item)

    def work() -> None:
        try:
            with closing(start()) as generator:
                for _ in generator:
                    if closed.is_set():
                        return
                    put(True)
            put(False)
        except Exception as error:  # noqa: BLE001  # handed over, and raised below
            put(error)

    threading.Thread(target=work, name="youju-answer", daemon=True).start()
    try:
        while (item := await queue.get()) is not False:
            if isinstance(item, Exception):
                raise item
            yield
    finally:
        closed.set()
