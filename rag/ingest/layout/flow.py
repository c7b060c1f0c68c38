"""Lines in reading order → paragraphs, headings, captions, furniture; a sentence torn between two columns is whole again."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from rag.ingest.kinds import is_caption, is_furniture
from rag.ingest.layout.glyphs import Line
from rag.ingest.lines import CJK, FINAL, width
from rag.ingest.read.extract import Extract, packed
from rag.ingest.reflow import Reflowed
from rag.ingest.spaces import joint
from rag.origins import Box, Fragment, Origins, Page, PageOrigin
from rag.types import Block, BlockKind, Run

_LARGER = 1.15  # times the size of the body: a heading
_INDENT = 1.2  # em
_SHORT = 1.6  # em left free at the end of a line: the paragraph ends there
_LONG = 0.6  # of a column; .75 tears lines of many digits in columns of ten characters, set without justification
_EDGE = 0.09  # of the height of a page, at its head and foot, where furniture stands


@dataclass(slots=True)
class _Paragraph:
    kind: BlockKind
    size: float
    lines: list[tuple[int, Line]] = field(default_factory=list)  # page from 1, line
    open: bool = False  # its last line is full: what follows in the next column may go on from it


def extract(pages: Sequence[tuple[Page, list[list[Line]]]], notes: tuple[tuple[str, str], ...] = ()) -> Extract:
    """Of each page its columns, in order. A line of the source text is a line on a page."""
    sizes = Counter[float]()
    for _, columns in pages:
        for column in columns:
            for line in column:
                sizes[round(line.size, 1)] += len(line.glyphs)
    body = sizes.most_common(1)[0][0] if sizes else 10.0
    repeated = _repeated(pages)
    found: list[_Paragraph] = []
    apart: list[_Paragraph] = []
    for number, (page, columns) in enumerate(pages, 1):
        for column in columns:
            interrupted = True  # at the head of a column, or behind a caption in it
            for paragraph in _paragraphs(column, number, page, body, repeated):
                before = next((p for p in reversed(found) if p.kind is BlockKind.BODY), None)
                if paragraph.kind is BlockKind.FURNITURE:
                    apart.append(paragraph)
                elif (
                    paragraph.kind is BlockKind.BODY
                    and before is not None
                    and before.open
                    and interrupted
                    and not _indented(paragraph.lines[0][1], column)
                    and abs(before.size - paragraph.size) < 0.1 * body
                ):
                    before.lines += paragraph.lines
                    before.open = paragraph.open
                else:
                    found.append(paragraph)
                interrupted = paragraph.kind is not BlockKind.BODY
    return _written([*found, *apart], [page for page, _ in pages], notes)


def _repeated(pages: Sequence[tuple[Page, list[list[Line]]]]) -> frozenset[str]:
    """What stands at the head or foot of several pages, but for its numbers."""
    seen = Counter[str]()
    for page, columns in pages:
        seen.update({_shape(line) for column in columns for line in column if _at_edge(line, page)})
    return frozenset(shape for shape, count in seen.items() if count > 1 and count >= len(pages) / 3)


def _shape(line: Line) -> str:
    return re.sub(r"\d+", "0", line.text)


def _at_edge(line: Line, page: Page) -> bool:
    return line.box.bottom < _EDGE * page.height or line.box.top > (1 - _EDGE) * page.height


def _indented(line: Line, column: Sequence[Line]) -> bool:
    return line.box.left > min(each.box.left for each in column) + _INDENT * line.size


def _paragraphs(column: list[Line], number: int, page: Page, body: float, repeated: frozenset[str]) -> list[_Paragraph]:
    found: list[_Paragraph] = []
    left = min(line.box.left for line in column)
    right = max(line.box.right for line in column)
    pitches = [b.box.top - a.box.top for a, b in pairwise(column) if b.box.top > a.box.top]
    pitch = median(pitches) if pitches else 0.0
    last: Line | None = None
    for line in column:
        kind = _kind(line, page, body, repeated)
        goes_on = (
            last is not None
            and found[-1].kind is kind
            and abs(found[-1].size - line.size) < 0.12 * line.size
            and line.box.top - last.box.top < 1.7 * max(pitch, line.size)
            and (
                kind is BlockKind.HEADING
                or (line.box.left <= left + _INDENT * line.size and _unfinished(last, left, right))
            )
        )
        if not goes_on:
            found.append(_Paragraph(kind, line.size))
        found[-1].lines.append((number, line))
        found[-1].open = _unfinished(line, left, right) or line.text[-1:] not in FINAL + "”"
        last = line
    return found


def _unfinished(line: Line, left: float, right: float) -> bool:
    """Does what a line says go on in the next? It is full; or, in a column that is not justified, long and without a stop."""
    full = line.box.right >= right - _SHORT * line.size
    return full or (line.text[-1:] not in FINAL + "”" and line.box.right >= left + _LONG * (right - left))


def _kind(line: Line, page: Page, body: float, repeated: frozenset[str]) -> BlockKind:
    text = line.text.strip()
    if _at_edge(line, page) and (is_furniture(text, width(text)) or _shape(line) in repeated):
        return BlockKind.FURNITURE
    if line.size >= _LARGER * body and len(text) <= 60:
        return BlockKind.HEADING
    if is_caption(text, width(text)) or (line.size <= 0.9 * body and text[-1:] not in FINAL):
        return BlockKind.CAPTION
    return BlockKind.FURNITURE if is_furniture(text, width(text)) else BlockKind.BODY


def _written(paragraphs: Sequence[_Paragraph], pages: Sequence[Page], notes: tuple[tuple[str, str], ...]) -> Extract:
    source: list[str] = []
    boxes: list[Box | None] = []
    fragments: list[Fragment] = []
    runs: list[Run] = []
    parts: list[str] = []
    blocks: list[Block] = []
    at = length = 0

    def put(text: str, origin: int) -> None:
        nonlocal length
        if text:
            runs.append(Run(length, origin, len(text)))
            parts.append(text)
            length += len(text)

    headings = [p for p in paragraphs if p.kind is BlockKind.HEADING and p.lines[0][0] == 1]
    largest = max(headings, key=lambda p: p.size, default=None)
    for index, paragraph in enumerate(paragraphs):
        if index:
            put("\n", at - 1)
        start = length
        whole = "".join(line.text for _, line in paragraph.lines)
        chinese = len(CJK.findall(whole)) * 3 > len(whole)
        for number, (page, line) in enumerate(paragraph.lines):
            text = line.text
            last = number + 1 == len(paragraph.lines)
            hyphen = (
                not last
                and paragraph.lines[number + 1][1].text[:1].islower()
                and len(text) > 1
                and text[-1] in "-\u00ad\u2010"
                and text[-2].isalpha()
                and text[-2].isascii()
            )
            put(text[:-1] if hyphen else text, at)
            fragments.append(Fragment(at, len(text), PageOrigin(page)))
            boxes += [glyph.ink if glyph.ink.right > glyph.ink.left else None for glyph in line.glyphs]
            boxes.append(None)
            source += [text, "\n"]
            at += len(text) + 1
            if not last and not hyphen and joint(text, paragraph.lines[number + 1][1].text, chinese=chinese):
                put(" ", at - 1)
        kind = BlockKind.TITLE if paragraph is largest else paragraph.kind
        blocks.append(Block(kind, start, length))
    text = "".join(parts)
    title = next((text[b.start : b.end] for b in blocks if b.kind is BlockKind.TITLE), "")
    origins = Origins(tuple(fragments), tuple(pages), packed(boxes))
    return Extract("".join(source), "", origins, Reflowed(text, tuple(runs), tuple(blocks), title), notes=notes)
