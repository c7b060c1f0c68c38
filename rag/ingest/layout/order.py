"""The order in which the parts of a page are read: a recursive cut along white bands.

XY-cut (Nagy and Seth 1984), with gutters before bands: what is white from the top of a region to its bottom parts columns,
which are read from the left to the right; where nothing is, the region is cut across, between two lines, where what is above
and what is below have different columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from rag.ingest.layout.glyphs import Glyph, Line, lines_of

_GUTTER = 0.7  # em
_FEW = 2  # lines; with fewer on a side, what is white between them is a gap in a line, not a gutter
_HEADLINE = 1.3  # times the size of most of the page
_DEEPEST = 12

Stretch = tuple[float, float]  # left and right, in points


def columns(glyphs: Sequence[Glyph]) -> list[list[Line]]:
    """Columns and bands in the order in which they are read; of each its lines, from the top down."""
    visible = [glyph for glyph in glyphs if not glyph.char.isspace()]
    return _cut(visible, median(glyph.size for glyph in visible), 0) if visible else []


def side_by_side(found: Sequence[Sequence[Line]]) -> tuple[tuple[float, float], ...]:
    """Left and right of each column of a page, from the left; () where it has one."""
    edges: list[Stretch] = []
    for lines in found:
        low, high = min(line.box.left for line in lines), max(line.box.right for line in lines)
        if len(lines) <= _FEW:
            continue
        for number, (left, right) in enumerate(edges):
            if min(high, right) - max(low, left) > 0.5 * min(high - low, right - left):
                edges[number] = min(low, left), max(high, right)
                break
        else:
            edges.append((low, high))
    return tuple((round(low, 2), round(high, 2)) for low, high in sorted(edges)) if len(edges) > 1 else ()


def _cut(glyphs: list[Glyph], em: float, depth: int) -> list[list[Line]]:
    if depth < _DEEPEST:
        if (below := _below_headline(glyphs, em)) is not None:
            above = [glyph for glyph in glyphs if glyph.ink.top < below]
            rest = [glyph for glyph in glyphs if glyph.ink.top >= below]
            return [lines_of(above), *_cut(rest, em, depth + 1)]
        if len(parts := _gutters(glyphs, em)) > 1:
            return [found for part in parts for found in _cut(part, em, depth + 1)]
        if len(bands := _bands(glyphs)) > 1:
            groups = _alike(bands, em)
            if len(groups) > 1:
                return [found for group in groups for found in _cut(group, em, depth + 1)]
    return [lines_of(glyphs)]


def _below_headline(glyphs: list[Glyph], em: float) -> float | None:
    """Where the columns begin, under a headline that stands over several of them; None where there is none.

    One in the middle leaves white stripes on either side of it, and would be read after the first column.
    """
    if max(glyph.size for glyph in glyphs) < _HEADLINE * em:
        return None
    bands = _bands(glyphs)
    for number, band in enumerate(bands):
        if min(glyph.size for glyph in band) < _HEADLINE * em:
            if not number:
                return None
            rest = [glyph for each in bands[number:] for glyph in each]
            top = min(glyph.ink.top for glyph in rest)
            return top if len(_gutters(rest, em)) > len(_gutters(glyphs, em)) else None
    return None


def _gutters(glyphs: list[Glyph], em: float) -> list[list[Glyph]]:
    """Cut at every white stripe from the top to the bottom, if there are lines enough on either side."""
    parts = _apart(glyphs, 0, _GUTTER * em)
    if len(parts) < 2:
        return [glyphs]
    found = [parts[0]]
    for part in parts[1:]:
        if _rows(found[-1]) < _FEW or _rows(part) < _FEW:
            found[-1] = [*found[-1], *part]
        else:
            found.append(part)
    return found


def _bands(glyphs: list[Glyph]) -> list[list[Glyph]]:
    """Cut at every white stripe from the left to the right."""
    return _apart(glyphs, 1, 0.0)


def _apart(glyphs: list[Glyph], axis: int, least: float) -> list[list[Glyph]]:
    """Parts between white stripes of ``least`` points; ``axis``: 0 for stripes from the top down, 1 across."""
    found: list[list[Glyph]] = []
    end = float("-inf")
    for glyph in sorted(glyphs, key=lambda each: each.cell[axis]):
        low, high = glyph.cell[axis], glyph.cell[axis + 2]
        if axis:  # a cell is higher than what is printed in it, and those of two lines may touch
            low, high = glyph.ink[1], glyph.ink[3]
        if low > end + least or not found:
            found.append([])
        found[-1].append(glyph)
        end = max(end, high)
    return found


def _rows(glyphs: list[Glyph]) -> int:
    return len(_bands(glyphs))


def _alike(bands: list[list[Glyph]], em: float) -> list[list[Glyph]]:
    """Neighbouring bands whose gutters lie above each other together: a headline across, and the columns below it, are two
    groups; where one of the columns is empty, the others go on."""
    groups: list[list[Glyph]] = []
    filled: list[Stretch] = []  # of the last group
    each = [_filled(band, em) for band in bands]
    for number, band in enumerate(bands):
        # A gap in one stretched line is no gutter: that goes on in the lines below.
        own = _joined([stretch for those in each[number : number + 3] for stretch in those], em)
        both = _joined([*filled, *each[number]], em)
        if groups and len(both) >= max(len(filled), len(own)):
            groups[-1] += band
            filled = both
        else:
            groups.append(list(band))
            filled = each[number]
    return _small_together(groups, em)


def _filled(band: list[Glyph], em: float) -> list[Stretch]:
    """What of a band is not white, from left to right, between gutters."""
    return _joined([(glyph.cell.left, glyph.cell.right) for glyph in band], em)


def _joined(stretches: list[Stretch], em: float) -> list[Stretch]:
    found: list[Stretch] = []
    for low, high in sorted(stretches):
        if found and low <= found[-1][1] + _GUTTER * em:
            found[-1] = (found[-1][0], max(found[-1][1], high))
        else:
            found.append((low, high))
    return found


def _small_together(groups: list[list[Glyph]], em: float) -> list[list[Glyph]]:
    """A group without gutters next to another without is one with it: lines of different lengths in one column."""
    found: list[list[Glyph]] = []
    plain = False
    for group in groups:
        own = len(_filled(group, em)) == 1
        if found and own and plain:
            found[-1] += group
        else:
            found.append(group)
        plain = own
    return found
