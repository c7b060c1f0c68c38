"""A lock between programs: held on an open file, so it goes when its holder dies, however it dies."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

_PAUSE_S = 0.02


class FileLock:
    """Not re-entrant, and not shared: each object is a holder of its own, in the same program too."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: int | None = None

    def acquire(self, timeout_s: float) -> bool:
        """False where another holder keeps it for that long. Raises OSError where the file cannot be made."""
        file = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o666)
        deadline = time.monotonic() + timeout_s
        while not _try_lock(file):
            if time.monotonic() >= deadline:
                os.close(file)
                return False
            time.sleep(_PAUSE_S)
        self._file = file
        return True

    def release(self) -> None:
        if self._file is not None:
            os.close(self._file)  # and with it the lock
            self._file = None


if sys.platform == "win32":
    import msvcrt

    def _try_lock(file: int) -> bool:
        try:
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _try_lock(file: int) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
