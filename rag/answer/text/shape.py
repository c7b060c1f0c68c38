"""The shape of what a model writes: a loop is cut, a table becomes sentences."""

from __future__ import annotations

import re
from collections import Counter

_CONSECUTIVE = re.compile(r"(.{4,80}?)\1{3,}", re.S)
_ITEM = re.compile(r"[^、；;。\n]+[、；;。\n]")
_STOP = re.compile(r"[、；;。\n]")
_NUMBERING = re.compile(r"^\s*(?:\d{1,3}[.、)）]|[-*•])\s*")
_MARKS = re.compile(r"\s*\[\d{1,3}\]")
TIMES = 4  # said so often, the same words are no answer any more; lists of right answers never came to three


def loop(text: str) -> int | None:
    """Where a text begins to repeat itself; None where it does not. Small models end in loops when asked for long lists."""
    run = _CONSECUTIVE.search(text)
    if run:
        once = run.start() + len(run[1])
        stop = _STOP.search(text, once - 1)  # the period may begin anywhere within an item
        return stop.end() if stop else once
    seen: Counter[str] = Counter()
    second: dict[str, int] = {}
    for match in _ITEM.finditer(text):
        said = _MARKS.sub("", _NUMBERING.sub("", match[0])).strip("、；;。\n ")
        if len(said) < 4:
            continue
        seen[said] += 1
        if seen[said] == 2:
            second[said] = match.start()
        if seen[said] == TIMES:
            return second[said]
    return None


def rows_as_sentences(text: str) -> str:
    """A Markdown table row by row: 「| 甲市 | 8074亿元 | [1] |」 → 「甲市，8074亿元[1]。」; other lines as they are."""
    lines = []
    rows = 0
    for line in text.split("\n"):
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if not line.strip().startswith("|") or len(cells) < 2:
            lines.append(line)
            rows = 0
            continue
        rows += 1
        if all(re.fullmatch(r":?-{2,}:?", cell) for cell in cells):
            del lines[len(lines) - (rows > 1) :]  # what stood above the rule was its head
            continue
        lines.append(re.sub(r"，(?=\[\d)", "", "，".join(cell for cell in cells if cell)) + "。")
    return "\n".join(lines)
