"""Characters on a page, and the lines that they stand in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import NamedTuple

from rag.origins import Box

_GAP = 1.6  # em between two characters of one line; a gutter between columns is seldom narrower
_SPACE = 0.25  # em; a gap that is a space between two words of Latin letters


class Glyph(NamedTuple):
    """One character: its ink, its cell (from the ascent to the descent of its font), and the size of its font in points."""

    char: str
    ink: Box
    cell: Box
    size: float


@dataclass(frozen=True, slots=True)
class Line:
    """Characters from left to right, or from top to bottom of a band set upright."""

    glyphs: tuple[Glyph, ...]
    box: Box  # of the cells
    size: float  # of most of its characters

    @property
    def text(self) -> str:
        return "".join(glyph.char for glyph in self.glyphs)


def lines_of(glyphs: Sequence[Glyph]) -> list[Line]:
    """Lines of the characters of one column, from the top down, whatever order they come in.

    Characters whose cells overlap by half their height stand in one row; where a row has a gap wider than a gutter it is
    two lines.
    """
    rows: list[list[Glyph]] = []
    for glyph in sorted(glyphs, key=lambda each: (each.cell.top + each.cell.bottom, each.cell.left)):
        row = next((row for row in reversed(rows[-6:]) if _beside(row, glyph)), None)
        if row is None:
            rows.append([glyph])
        else:
            row.append(glyph)
    found: list[Line] = []
    for row in rows:
        row.sort(key=lambda each: each.cell.left)
        found += _parted(row)
    return found


def _beside(row: list[Glyph], glyph: Glyph) -> bool:
    """Do the cells overlap by half of the lower one? That of 「一」 may be no higher than its ink."""
    top, bottom = min(each.cell.top for each in row[-5:]), max(each.cell.bottom for each in row[-5:])
    overlap = min(bottom, glyph.cell.bottom) - max(top, glyph.cell.top)
    near = (
        0.5 < glyph.size / max(0.1, row[-1].size) < 2
    )  # a note's number beside its word, no small line beside a headline
    return near and overlap > 0.5 * min(bottom - top, glyph.cell.bottom - glyph.cell.top)


def _parted(row: list[Glyph]) -> list[Line]:
    found: list[list[Glyph]] = [[]]
    for glyph in row:
        last = found[-1][-1] if found[-1] else None
        if last is not None:
            gap = glyph.cell.left - last.cell.right
            if gap > _GAP * max(last.size, glyph.size):
                found.append([])
            elif gap > _SPACE * last.size and _latin(last.char) and _latin(glyph.char):
                found[-1].append(
                    Glyph(
                        " ", _NOWHERE, Box(last.cell.right, last.cell.top, glyph.cell.left, last.cell.bottom), last.size
                    )
                )
            elif _same(last, glyph):
                continue  # bold made of two strokes of the same character
        found[-1].append(glyph)
    return [line(each) for each in found]


_NOWHERE = Box(0.0, 0.0, 0.0, 0.0)


def _latin(char: str) -> bool:
    return char.isascii() and char != " "


def _same(last: Glyph, glyph: Glyph) -> bool:
    return last.char == glyph.char and abs(last.cell.left - glyph.cell.left) < 0.2 * glyph.size


def line(glyphs: Sequence[Glyph]) -> Line:
    lefts, tops, rights, bottoms = zip(*(glyph.cell for glyph in glyphs), strict=True)
    box = Box(min(lefts), min(tops), max(rights), max(bottoms))
    return Line(tuple(glyphs), box, median(glyph.size for glyph in glyphs))
