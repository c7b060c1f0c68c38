"""A store that is read by many, and closed by the last of them once another has taken its place."""

from __future__ import annotations

import threading

from rag.store.base import Store


class Lent:
    """Counts who reads from ``store``."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._lock = threading.Lock()
        self._readers, self._retired = 0, False

    def take(self) -> bool:
        """To be given back. False where it is retired: another has taken its place."""
        with self._lock:
            if self._retired:
                return False
            self._readers += 1
            return True

    def give_back(self) -> None:
        with self._lock:
            self._readers -= 1
            last = self._retired and not self._readers
        if last:
            self.store.close()

    def retire(self) -> None:
        """Close the store as soon as nobody reads from it: now, or when the last reader gives it back."""
        with self._lock:
            self._retired = True
            idle = not self._readers
        if idle:
            self.store.close()
