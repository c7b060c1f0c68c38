"""Cells of a table's rows: where each ends, and which name of the header is above it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from rag.ingest.units import is_unit, unit_in, unit_of
from rag.rows import Cell, Row, bare
from rag.types import Block, BlockKind, Document, Span

BAR = re.compile(r"(?<!\\)[|│┃║｜]")
WIDE = re.compile(r"[ \u3000\u00a0]*\u3000[ \u3000\u00a0]*|[ \u00a0]{2,}")
_SPACE = re.compile(r"[ \u3000\u00a0]+")
_PADDING = re.compile(r"(?<![\u4e00-\u9fff])([\u4e00-\u9fff])\u3000([\u4e00-\u9fff])(?![\u4e00-\u9fff])")  # 「张　三」
_CAPTION = 60  # characters; what stands above a table and is longer is a paragraph

Cut = Callable[[str], list[Span]]


def by_bars(text: str) -> list[Span]:
    """Cells between bars; an outer bar on either side parts nothing."""
    found = _between(text, BAR)
    if found[0].start == found[0].end and len(found) > 1:
        del found[0]
    if found[-1].start == found[-1].end and len(found) > 1:
        del found[-1]
    return found


def by_tabs(text: str) -> list[Span]:
    return _between(text, re.compile("\t"))


def by_runs_of_tabs(text: str) -> list[Span]:
    """Where several tabs only bring the next cell below its name."""
    return _between(text, re.compile("\t[ \t\u3000]*"))


def by_gaps(text: str) -> list[Span]:
    """Cells between wide gaps. One full-width space in a name of two characters (「张　三」) is none beside wider ones."""
    gaps = list(WIDE.finditer(text))
    padding = {match.start(1) + 1 for match in _PADDING.finditer(text)}
    others = [gap for gap in gaps if gap.start() not in padding]
    if others and any(len(gap[0]) > 1 for gap in others):
        gaps = others
    return _parted(text, [(gap.start(), gap.end()) for gap in gaps])


def by_spaces(text: str) -> list[Span]:
    return _between(text, _SPACE)


CUTS: tuple[Cut, ...] = (by_bars, by_tabs, by_runs_of_tabs, by_gaps, by_spaces)


def _between(text: str, marks: re.Pattern[str]) -> list[Span]:
    return _parted(text, [(match.start(), match.end()) for match in marks.finditer(text)])


def _parted(text: str, gaps: Sequence[tuple[int, int]]) -> list[Span]:
    """The stretches between gaps, without the white space around them."""
    found = []
    for start, end in zip([0, *(end for _, end in gaps)], [*(start for start, _ in gaps), len(text)], strict=True):
        part = text[start:end]
        low = start + len(part) - len(part.lstrip())
        found.append(Span(low, low + len(part.strip())))
    return found


def aligned(header: str, row: str, skipped: tuple[int, int] = (0, 0)) -> Iterator[tuple[Span, Span | None]]:
    """The cells of ``row``, each with the one of ``header`` that names it; none is named where they do not fit together.

    ``skipped``: empty cells that stood before either, and are no part of the text.
    """
    ways: list[tuple[Cut, list[Span], list[Span]]] = []
    for cut in CUTS:
        names, cells = (
            [Span(0, 0)] * (n if cut is by_tabs else 0) + cut(t) for n, t in zip(skipped, (header, row), strict=True)
        )
        if len(cells) > 1:
            ways.append((cut, names, cells))
    for _, names, cells in ways:
        if len(names) == len(cells):
            return zip(cells, names, strict=True)
    for cut, names, cells in ways:
        if 1 < len(names) == len(cells) - 1:  # nothing stands above the labels
            return zip(cells, [None, *names], strict=True)
        if cut in (by_bars, by_tabs) and len(cells) < len(names):  # what is missing at the end is empty
            return zip(cells, names, strict=False)
    return ((cell, None) for cell in (ways[0][2] if ways else [Span(0, len(row))]))


def table_rows(text: str, blocks: Sequence[Block], document: Document | None = None) -> list[Row]:
    """The rows of all tables of a text, in order, each cell with the name of its column.

    ``document``: where the text is from, whose file tells of the empty cells before the first word of a row.
    """
    found: list[Row] = []
    head: Block | None = None
    unit = caption = ""
    for block in blocks:
        words = text[block.start : block.end]
        if block.kind is BlockKind.TABLE_HEAD:
            head = block
        elif block.kind is BlockKind.TABLE_ROW:
            names = text[head.start : head.end] if head else ""
            skipped = tuple(_skipped(document, each) if document and each else 0 for each in (head, block))
            cells = _cells(names, words, block.start, (skipped[0], skipped[1]), unit)
            found.append(Row(block.start, block.end, cells, caption if len(caption) <= _CAPTION else ""))
        elif block.kind is not BlockKind.FURNITURE:
            head, unit = None, unit_in(words)
            caption = caption if is_unit(words) else words
    return found


def _cells(names: str, words: str, start: int, skipped: tuple[int, int], unit: str) -> tuple[Cell, ...]:
    cells = []
    for cell, name in aligned(names, words, skipped):
        column, counts = unit_of(" ".join(names[name.start : name.end].split()) if name else "", unit)
        counted = counts if bare(words[cell.start : cell.end]) else ""
        cells.append(Cell(start + cell.start, start + cell.end, column, counted))
    return tuple(cells)


def _skipped(document: Document, block: Block) -> int:
    """Tabs before the first word of a line: so many cells are empty there."""
    at = document.source_offset(block.start)
    line = document.source[document.source.rfind("\n", 0, at) + 1 : at]
    return line.count("\t") if not line.strip() else 0
