"""Whose turn it is at what only one thread can use: questions before all else, then first come, first served."""

from __future__ import annotations

import heapq
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count


class Turns:
    """A lock that people who wait for an answer are let to before those who wait for an index."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._waiting: list[tuple[bool, int]] = []  # a heap: behind others?, when it came
        self._came = count()
        self._taken = False

    @contextmanager
    def turn(self, *, urgent: bool = False) -> Iterator[None]:
        """Not to be nested."""
        with self._changed:
            mine = (not urgent, next(self._came))
            heapq.heappush(self._waiting, mine)
            try:
                while self._taken or self._waiting[0] != mine:
                    self._changed.wait()
            except BaseException:  # Ctrl-C while it waits
                self._waiting.remove(mine)
                heapq.heapify(self._waiting)
                self._changed.notify_all()
                raise
            heapq.heappop(self._waiting)
            self._taken = True
        try:
            yield
        finally:
            with self._changed:
                self._taken = False
                self._changed.notify_all()

    @property
    def waiting(self) -> int:
        """How many wait for their turn."""
        with self._changed:
            return len(self._waiting)


class Precedence:
    """Lets what somebody waits for go before what takes long anyway: on few cores they would only slow each other down."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._present: set[int] = set()
        self._came = count()

    @contextmanager
    def question(self) -> Iterator[None]:
        """While inside, long work holds still at its next ``give_way``. To be short."""
        with self._changed:
            mine = next(self._came)
            self._present.add(mine)
        try:
            yield
        finally:
            with self._changed:
                self._present.discard(mine)
                self._changed.notify_all()

    def give_way(self) -> None:
        """Wait for the questions that are there now; not for later ones, or long work would never end.

        To be called with nothing in hand that a question needs.
        """
        with self._changed:
            there = set(self._present)
            self._changed.wait_for(lambda: not there & self._present)
