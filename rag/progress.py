"""How long something will still take: estimated from the work, and said as people say it."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence


def time_left(seconds: float, language: str = "zh") -> str:
    """「不到1分钟」, 「约35分钟」, 「约2小时」; ``language`` is "zh" or "en". As rough as an estimate is."""
    minutes = round(seconds / 60)
    if seconds < 60:
        return "不到1分钟" if language == "zh" else "less than a minute"
    if minutes < 90:
        return f"约{minutes}分钟" if language == "zh" else f"about {minutes} min"
    hours = round(seconds / 1800) / 2
    return f"约{hours:g}小时" if language == "zh" else f"about {hours:g} h"


class Estimate:
    """Seconds left of files that are read one after the other: some are embedded, others only looked at.

    The two cost a thousandfold unlike, and so do files of unlike length. So bytes are counted, of either kind by
    themselves. ``files``: size in bytes of each, and whether it will probably be embedded.
    """

    def __init__(self, files: Sequence[tuple[int, bool]], clock: Callable[[], float] = time.monotonic) -> None:
        self._files, self._clock = files, clock
        self._ahead = {kind: float(sum(size for size, will in files if will is kind)) for kind in (True, False)}
        self._done = {True: 0.0, False: 0.0}  # bytes
        self._spent = {True: 0.0, False: 0.0}  # seconds
        self._number, self._since = -1, clock()

    def begin(self, number: int) -> None:
        """File ``number`` comes next."""
        self._number, self._since = number, self._clock()
        size, will = self._files[number]
        self._ahead[will] -= size

    def end(self, *, embedded: bool) -> None:
        self._done[embedded] += self._files[self._number][0]
        self._spent[embedded] += self._clock() - self._since
        self._number = -1

    def left(self, share: float = 0.0) -> float | None:
        """None until it can be told. ``share``: how much of the present file is embedded, 0…1."""
        ahead, done, spent = dict(self._ahead), dict(self._done), dict(self._spent)
        if self._number >= 0:
            size, will = self._files[self._number]
            ahead[will or share > 0] += size * (1 - share)
            if share > 0:
                done[True] += size * share
                spent[True] += self._clock() - self._since
        if any(ahead[kind] and not done[kind] for kind in ahead):
            return None
        return sum(spent[kind] / done[kind] * ahead[kind] for kind in ahead if ahead[kind])
