"""A row of a table: where its cells stand, and what the header calls each of them.

A number of a table means nothing without its column. So a row is read with the words of its header beside every cell:
「西坞⇥208⇥199」 under 「地区⇥男⇥女」 as 「西坞：男 208；女 199」. What is quoted stays the row as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

_BARE = re.compile(r"[-−－+＋]?[\d,]+(?:\.\d+)?")
_PADDED = re.compile(r"(?<![\u4e00-\u9fff])([\u4e00-\u9fff])\u3000([\u4e00-\u9fff])(?![\u4e00-\u9fff])")  # 「张　三」

Words = Callable[[int, int], str]  # of ``Document.text[start:end]``


class Cell(NamedTuple):
    """One cell, at ``[start, end)`` of ``Document.text``; empty where the row has none in that column."""

    start: int
    end: int
    column: str = ""  # its name in the header; "" where there is none
    unit: str = ""  # of what the cell counts, where header or caption give it and the cell is a number alone


class Row(NamedTuple):
    """One row of a table, at ``[start, end)`` of ``Document.text``."""

    start: int
    end: int
    cells: tuple[Cell, ...]
    caption: str = ""  # what stands above the table

    def values(self, words: Words) -> list[str]:
        """What each cell says, with its unit."""
        said = [_PADDED.sub(r"\1\2", words(cell.start, cell.end)) for cell in self.cells]
        return [" ".join(value.split()) + cell.unit for value, cell in zip(said, self.cells, strict=True)]

    def labelled(self, words: Words) -> bool:
        """Does the first cell say what the row is about? A number alone (the first, the second) does not."""
        value = self.values(words)[0]
        return len(self.cells) > 1 and self.named and bool(value) and not bare(value)

    @property
    def named(self) -> bool:
        """Is there a header?"""
        return any(cell.column for cell in self.cells)

    def read(self, words: Words) -> str:
        """「西坞：男 208人；女 199人」; without a header the cells, side by side."""
        values = self.values(words)
        if not self.named:
            return " ".join(value for value in values if value)
        first = int(self.labelled(words))
        told = [
            f"{cell.column} {value}".strip()
            for cell, value in zip(self.cells[first:], values[first:], strict=True)
            if value
        ]
        return "：".join([*values[:first], "；".join(told)] if told else values[:first])


def bare(value: str) -> bool:
    """Is a cell a number alone?"""
    return _BARE.fullmatch(value) is not None


def read(text: str, start: int, rows: Sequence[Row]) -> str:
    """``text``, which stands at ``start`` of its document, with the rows that lie in it as they are read."""
    said, at = [], 0
    for row in rows:
        if start <= row.start and row.end <= start + len(text):
            said += [text[at : row.start - start], row.read(lambda low, high: text[low - start : high - start])]
            at = row.end - start
    return "".join([*said, text[at:]])
