"""A page as it came out of a PDF → the article as one reads it.

Nothing is written that is not in the source and nothing visible is left out: only white space goes, and what stood in
the middle of a broken sentence (a heading, a caption) is put behind it.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from rag.ingest.columns import Piece, pieces
from rag.ingest.joins import Words, join
from rag.ingest.lines import CJK, Line, split_lines
from rag.ingest.spaces import joint, kept_spaces
from rag.ingest.tables import table_lines
from rag.ingest.titles import choose_title
from rag.types import Block, BlockKind, Run

_TABLE = (BlockKind.TABLE_HEAD, BlockKind.TABLE_ROW)
_LONG_GAP = re.compile(r"(?<=[ \u3000\u00a0]{2})[ \u3000\u00a0]+")  # of a row: two spaces part its cells as well


@dataclass(frozen=True, slots=True)
class Reflowed:
    """The text of an article, and where each of its characters stands in the source.

    ``text[i] == source[offset of i]``, except that a line break of the source stands in ``text`` as one space (between
    two words of English, or two lines of a heading) or as one "\\n" (between two blocks). ``blocks`` are in order and
    hold every character of ``text`` but the "\\n" between them.
    """

    text: str
    runs: tuple[Run, ...]
    blocks: tuple[Block, ...]
    title: str  # "" only where the source has no visible character


def reflow(source: str) -> Reflowed:
    """Repair the hard wraps, torn sentences and stray spaces of a source."""
    lines = split_lines(source)
    if not lines:
        return Reflowed("", (), (), "")
    tables = {lines[index].start: kind for index, kind in table_lines(lines).items()}
    found = join(pieces(_apart(lines, tables), tables), Words(lines))
    writer = _Writer()
    blocks: list[Block] = []
    for number, piece in enumerate(found):
        if number:
            last = found[number - 1].lines[-1]
            # The break behind the block before; where that is the end of the file, any break before this one.
            writer.put("\n", last.after if last.after >= 0 else min(each.after for each in lines if each.after >= 0))
        start = writer.length
        _write(writer, piece)
        blocks.append(Block(piece.kind or BlockKind.BODY, start, writer.length))
    text = "".join(writer.parts)
    title, chosen = choose_title(text, blocks, wrapped=any(piece.columns for piece in found))
    tiled = tuple(
        Block(BlockKind.TITLE, *block[1:]) if index in chosen else block for index, block in enumerate(blocks)
    )
    return Reflowed(text, tuple(writer.runs), tiled, title)


def _apart(lines: list[Line], tables: Collection[int]) -> list[Line]:
    """The lines with every one of a table, by its start, a chunk of its own."""
    found: list[Line] = []
    chunk = 0
    for before, line in zip([None, *lines], lines, strict=False):
        alone = before is not None and (line.start in tables or before.start in tables)
        chunk += before is None or alone or line.chunk != before.chunk
        found.append(line._replace(chunk=chunk))
    return found


class _Writer:
    """Text and the runs that it is made of."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.runs: list[Run] = []
        self.length = 0

    def put(self, text: str, source: int) -> None:
        if not text:
            return
        last = self.runs[-1] if self.runs else None
        if last is not None and last.source + last.length == source:
            self.runs[-1] = Run(last.text, last.source, last.length + len(text))
        else:
            self.runs.append(Run(self.length, source, len(text)))
        self.parts.append(text)
        self.length += len(text)


def _write(writer: _Writer, piece: Piece) -> None:
    if piece.kind in _TABLE:
        _write_row(writer, piece.lines[0])
        return
    prose = piece.kind is BlockKind.BODY
    whole = piece.text
    chinese = len(CJK.findall(whole)) * 3 > len(whole)
    for index, line in enumerate(piece.lines):
        _write_line(writer, line, prose=prose, wrapped=bool(piece.columns) and len(piece.lines) > 1)
        if index + 1 < len(piece.lines):
            after = piece.lines[index + 1]
            if joint(line.text, after.text, chinese=chinese) or (not prose and _two_items(piece, index)):
                writer.put(" ", line.after)


def _write_row(writer: _Writer, line: Line) -> None:
    """A row as it stands: its gaps part its cells."""
    position = 0
    for gap in _LONG_GAP.finditer(line.text):
        writer.put(line.text[position : gap.start()], line.start + position)
        position = gap.end()
    writer.put(line.text[position:], line.start + position)


def _two_items(piece: Piece, index: int) -> bool:
    """Whether two lines of a heading are two parts of it, not one line broken: the first is the shorter one."""
    line, follow = piece.lines[index], piece.lines[index + 1]
    return (
        line.width < follow.width
        and line.text[-1] not in "的和与及、，：；—《“（"
        and follow.text[0] not in "”》）、，"
    )


def _write_line(writer: _Writer, line: Line, *, prose: bool, wrapped: bool) -> None:
    position = 0
    for start, end, keep in kept_spaces(line.text, prose=prose, wrapped=wrapped):
        writer.put(line.text[position:start], line.start + position)
        if keep >= 0:
            writer.put(line.text[keep], line.start + keep)
        position = end
    writer.put(line.text[position:], line.start + position)
