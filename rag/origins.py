"""Where the characters of an extracted text stand in the file as given: on its pages, in its cells, in its nodes.

Boxes are in points (1/72 inch), their origin the top left of the page as it is shown: rotated and cropped.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby, pairwise
from typing import Any, NamedTuple

# Paths to nodes that a reader can follow: of a table in a document its own place counts, not its rows.
_COUNTED = (
    (r"slide (\d+)", "第{}张幻灯片", "slide {}"),
    (r"p(\d+)", "第{}段", "paragraph {}"),
    (r"(?:row|line) (\d+)", "第{}行", "row {}"),
)


class Box(NamedTuple):
    left: float
    top: float
    right: float
    bottom: float

    def __or__(self, other: object) -> Box:
        """The smallest box that holds both."""
        if not isinstance(other, Box):
            return NotImplemented
        return Box(
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )


class Page(NamedTuple):
    """A page as it is shown. ``columns``: left and right of each, where it has several, in reading order."""

    width: float
    height: float
    label: str = ""  # that the paper gives it: 「A03版」; "": none
    columns: tuple[tuple[float, float], ...] = ()


class PageOrigin(NamedTuple):
    """Characters of one page, from 1; each has a box of its own."""

    page: int


class CellOrigin(NamedTuple):
    sheet: str
    cell: str  # 「B7」


class NodeOrigin(NamedTuple):
    """A paragraph, an element, a record: ``path`` leads to it in the way of its format."""

    path: str


Origin = PageOrigin | CellOrigin | NodeOrigin


class PageRegion(NamedTuple):
    """Where a run of characters stands on a page: one line of them, or of a column set upright."""

    page: int
    box: Box


Region = PageRegion | CellOrigin | NodeOrigin


class Fragment(NamedTuple):
    """``length`` characters of the extracted text from ``start`` on, and where they come from."""

    start: int
    length: int
    origin: Origin


@dataclass(frozen=True)
class Origins:
    """Where an extracted text comes from; empty for a plain text file, whose characters are where they are.

    ``boxes``: four float32 a character of the whole text (left, top, right, bottom), all 0 for one that has no place on
    a page, such as a line break; empty where there are no pages.
    """

    fragments: tuple[Fragment, ...] = ()  # in order, not overlapping
    pages: tuple[Page, ...] = ()
    boxes: bytes = field(default=b"", repr=False)

    def __bool__(self) -> bool:
        return bool(self.fragments)

    @cached_property
    def _boxes(self) -> array[float]:
        found = array("f")
        found.frombytes(self.boxes)
        return found

    def box(self, offset: int) -> Box | None:
        """Of one character; None where it has none."""
        box = Box(*self._boxes[4 * offset : 4 * offset + 4])
        return box if box.right > box.left and box.bottom > box.top else None

    def regions(self, spans: Iterable[tuple[int, int]]) -> tuple[Region, ...]:
        """Of stretches ``[start, end)`` of the extracted text, in the order in which they are read; each region once."""
        parts = (part for start, end in spans for part in self._parts(start, end))
        found: dict[Region, None] = {}
        for origin, among in groupby(parts, key=lambda part: part[0]):
            if isinstance(origin, PageOrigin):
                boxes = (self.box(at) for _, low, high in among for at in range(low, high))
                found.update(dict.fromkeys(PageRegion(origin.page, box) for box in _lines(filter(None, boxes))))
            else:
                found[origin] = None
        return tuple(found)

    def told(self) -> tuple[list[Any], list[Any]]:
        """Fragments and pages as plain lists; ``heard`` takes them back, with ``boxes``."""
        fragments = [
            [f.start, f.length, f.origin.page if isinstance(f.origin, PageOrigin) else list(f.origin)]
            for f in self.fragments
        ]
        return fragments, [list(page) for page in self.pages]

    @classmethod
    def heard(cls, fragments: list[Any], pages: list[Any], boxes: bytes) -> Origins:
        return cls(
            tuple(Fragment(start, length, _origin(origin)) for start, length, origin in fragments),
            tuple(Page(wide, high, label, tuple((a, b) for a, b in columns)) for wide, high, label, columns in pages),
            boxes,
        )

    def _parts(self, start: int, end: int) -> Iterator[tuple[Origin, int, int]]:
        first = max(0, bisect_right(self.fragments, start, key=lambda f: f.start) - 1)
        for fragment in self.fragments[first:]:
            if fragment.start >= end:
                return
            low, high = max(start, fragment.start), min(end, fragment.start + fragment.length)
            if low < high:
                yield fragment.origin, low, high


def _origin(told: int | list[str]) -> Origin:
    if isinstance(told, int):
        return PageOrigin(told)
    return CellOrigin(*told) if len(told) == 2 else NodeOrigin(*told)


def _lines(boxes: Iterable[Box]) -> list[Box]:
    """Boxes of characters, in reading order → one a line. The next stands beside the last, or below it where text is set
    upright; whatever else does, and a gap wider than a character and a half (a gutter), begins another."""
    found: list[Box] = []
    last: Box | None = None
    upright: bool | None = None  # not known before a line has two characters
    for box in boxes:
        way = None if last is None else _way(last, box)
        if last is None or way is None or (upright is not None and way != upright):
            found.append(box)
            upright = None
        else:
            found[-1] |= box
            upright = way
        last = box
    return found


def _way(last: Box, box: Box) -> bool | None:
    """Does ``box`` go on from ``last`` upright (True), or along a line (False)? None: neither."""
    wide, high = max(last.right - last.left, box.right - box.left), max(last.bottom - last.top, box.bottom - box.top)
    size = max(wide, high)
    beside = min(last.bottom, box.bottom) - max(last.top, box.top)
    below = min(last.right, box.right) - max(last.left, box.left)
    least = min(last.bottom - last.top, box.bottom - box.top)
    if beside > 0.4 * least and -0.5 * size < box.left - last.right < 1.5 * size:
        return False
    if (
        below > 0.4 * min(last.right - last.left, box.right - box.left)
        and -0.5 * size < box.top - last.bottom < 1.5 * size
    ):
        return True
    return None


def place(regions: Iterable[Region], pages: tuple[Page, ...], *, chinese: bool = True) -> str:
    """The words for a reader: 「A03版 第2栏」, 「第3页」, 「第3—4页」, 「工作表“产量” B7」; "" where there is nothing to say."""
    on: dict[int, set[int]] = {}
    cells: dict[str, list[str]] = {}
    nodes: dict[str, None] = {}
    for region in regions:
        if isinstance(region, PageRegion):
            page = pages[region.page - 1]
            middle = (region.box.left + region.box.right) / 2
            at = [n for n, (left, right) in enumerate(page.columns, 1) if left <= middle <= right]
            on.setdefault(region.page, set()).update(at)
        elif isinstance(region, CellOrigin):
            cells.setdefault(region.sheet, []).append(region.cell)
        else:
            nodes[_node(region.path, chinese=chinese)] = None
    if on:
        return _on_pages(on, pages, chinese=chinese)
    if nodes:
        return ("、" if chinese else ", ").join(filter(None, nodes))
    name = "工作表“{}” {}" if chinese else "sheet “{}” {}"
    return ("；" if chinese else "; ").join(name.format(sheet, _range(found)) for sheet, found in cells.items())


def _node(path: str, *, chinese: bool) -> str:
    """What of a path a reader can count by; the rest of it is for programs."""
    for pattern, zh, en in _COUNTED:
        if found := re.match(pattern, path):
            return (zh if chinese else en).format(found[1])
    return ""


def _on_pages(on: dict[int, set[int]], pages: tuple[Page, ...], *, chinese: bool) -> str:
    numbers = sorted(on)
    if not any(pages[n - 1].label for n in numbers) and all(b - a == 1 for a, b in pairwise(numbers)):
        if len(numbers) == 1:
            said = f"第{numbers[0]}页" if chinese else f"page {numbers[0]}"
            return f"{said}{_columns(on[numbers[0]], chinese=chinese)}"
        first, last = numbers[0], numbers[-1]
        return f"第{first}—{last}页" if chinese else f"pages {first}–{last}"
    told = [
        (pages[n - 1].label or (f"第{n}页" if chinese else f"page {n}")) + _columns(on[n], chinese=chinese)
        for n in numbers
    ]
    return ("、" if chinese else ", ").join(told)


def _columns(columns: set[int], *, chinese: bool) -> str:
    if not columns:
        return ""
    first, last = min(columns), max(columns)
    if chinese:
        return f" 第{first}栏" if first == last else f" 第{first}—{last}栏"
    return f" column {first}" if first == last else f" columns {first}–{last}"


def _range(cells: list[str]) -> str:
    return cells[0] if len(cells) == 1 else f"{cells[0]}:{cells[-1]}"
