"""Lines → pieces: where a line goes on in the next, and where something new begins.

A newspaper column is cut at a fixed width, so a line that is full and does not end a sentence goes on in the next.
On a page of two columns and a box there are several widths; each is taken from the lines around it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from statistics import median

from rag.ingest.kinds import is_caption, is_furniture, kind_of_words
from rag.ingest.lines import CJK, CLOSING, FINAL, Line, ends_in_clause, finished, first_word, is_list_item, open_pairs
from rag.types import BlockKind

NARROWEST, WIDEST = 8.0, 60.0  # em; a column of Chinese has 10–40, a wrapped line of English up to 120 letters (60 em)
SLACK = 2.0  # em; marks are squeezed and letters are not all half as wide: full lines of one column differ so much
INDENT = 2.0  # em; the first line of a paragraph, where the indent was lost in extraction


@dataclass(slots=True)
class Piece:
    """Lines that belong together: a paragraph, a part of one, a heading…"""

    lines: list[Line]
    kind: BlockKind | None = None
    columns: tuple[float, ...] = ()  # widths of the columns around it, in em; empty in text without hard wraps

    @property
    def text(self) -> str:
        return "".join(line.text for line in self.lines)

    @property
    def ending(self) -> str:
        """The last lines: as much as tells whether more must follow."""
        return "".join(line.text for line in self.lines[-12:])

    @property
    def ends_full(self) -> bool:
        """Whether the last line runs to the edge of its column."""
        return _fits(self.lines[-1].width, self.columns, first=len(self.lines) == 1)


def _fits(width: float, columns: tuple[float, ...], *, first: bool = False) -> bool:
    return any(column - SLACK - (INDENT if first else 0) <= width <= column + SLACK for column in columns)


def pieces(lines: list[Line], tables: Mapping[int, BlockKind]) -> list[Piece]:
    """Cut a source into pieces, each with the kind that its words settle (None: to be settled by its neighbours).

    ``tables``: start of a line of a table → what it is. Each is a chunk of its own.
    """
    chunks = [list(group) for _, group in groupby(lines, key=lambda line: line.chunk)]
    widths = _column_widths([[] if chunk[0].start in tables else chunk for chunk in chunks])
    found: list[Piece] = []
    for number, chunk in enumerate(chunks):
        if chunk[0].start in tables:
            found.append(Piece(chunk, tables[chunk[0].start]))
            continue
        columns = _columns_near(widths, number)
        for part in _cut(chunk, columns):
            kind = kind_of_words(part[0].text, part[0].width) if len(part) == 1 else _kind_of_lines(part)
            found.append(Piece(part, kind, columns))
    return found


def _kind_of_lines(part: list[Line]) -> BlockKind | None:
    text = "".join(line.text for line in part)
    if len(part) <= 4 and is_caption(text, sum(line.width for line in part)):
        return BlockKind.CAPTION
    return BlockKind.FURNITURE if all(is_furniture(line.text, line.width) for line in part) else None


def _column_widths(chunks: list[list[Line]]) -> list[tuple[int, float]]:
    """``(chunk, width)`` for every chunk that is plainly a piece of a column; empty ones are passed over."""
    found: list[tuple[int, float]] = []
    for number, chunk in enumerate(chunks):
        for part in _even_parts(chunk) if chunk else ():
            inner = part[:-1]
            column = median(line.width for line in inner)
            if not NARROWEST <= column <= WIDEST:
                continue
            full = [line for line in inner if column - SLACK - INDENT <= line.width <= column + SLACK]
            if len(full) < 0.8 * len(inner) or part[-1].width > column + 2 * SLACK:
                continue
            # Headings one below the other are as even as a column, but no sentence ends in them.
            prose = any(mark in line.text for line in part for mark in FINAL + ".")
            goes_on = [
                line
                for line, follow in zip(inner, part[1:], strict=True)
                if not finished(line.text) and not is_list_item(follow.text) and follow.indent <= max(line.indent, 0.5)
            ]
            if prose and len(goes_on) >= max(2, 0.6 * len(inner)):
                found.append((number, column))
    if found:
        return found
    # Every line may stand alone, with an empty line behind it: then the page as a whole shows the width.
    singles = [chunk[0] for chunk in chunks if len(chunk) == 1 and NARROWEST <= chunk[0].width <= WIDEST]
    open_singles = [line for line in singles if not finished(line.text)]
    if len(singles) >= 8 and len(singles) >= 0.8 * sum(map(bool, chunks)) and len(open_singles) >= 0.6 * len(singles):
        column = median(line.width for line in open_singles)
        if sum(abs(line.width - column) <= SLACK for line in open_singles) >= 0.8 * len(open_singles):
            return [(0, column)]
    return []


def _even_parts(chunk: list[Line]) -> list[list[Line]]:
    """A chunk cut where the width of the column plainly changes, or a paragraph ends; parts of three lines and more."""
    parts: list[list[Line]] = [[]]
    for line, follow in zip(chunk, [*chunk[1:], None], strict=True):
        parts[-1].append(line)
        if (
            follow is not None
            and finished(line.text)
            and (follow.indent > line.indent or line.width < follow.width - 4)
        ):
            parts.append([])
    return [part for part in parts if len(part) >= 3]


def _columns_near(widths: list[tuple[int, float]], number: int) -> tuple[float, ...]:
    """Widths of the chunk itself, else of the nearest ones before and behind."""
    index = bisect_left(widths, (number, 0.0))
    stop = bisect_left(widths, (number + 1, 0.0))
    if index < stop:
        return tuple(width for _, width in widths[index:stop][:8])
    return tuple(width for _, width in widths[max(0, index - 1) : index + 1])


def _cut(chunk: list[Line], columns: tuple[float, ...]) -> list[list[Line]]:
    """A chunk cut at the ends of its paragraphs."""
    if len(chunk) == 1:
        return [chunk]
    if not columns:
        return _cut_clean(chunk)
    if _is_torn_heading(chunk, columns):
        return [chunk]
    parts: list[list[Line]] = [[]]
    for index, line in enumerate(chunk):
        parts[-1].append(line)
        if index + 1 < len(chunk) and _ends_here(chunk, index, len(parts[-1]) == 1, columns):
            parts.append([])
    return parts


def _cut_clean(chunk: list[Line]) -> list[list[Line]]:
    """One paragraph a line, but for lines that begin with a mark that nothing begins with."""
    parts = [[chunk[0]]]
    for line in chunk[1:]:
        if line.text[0] in "，。、；！？”’」』）》】" and len(line.text) > 1 and line.width > 2:
            parts[-1].append(line)
        else:
            parts.append([line])
    return parts


def _is_torn_heading(chunk: list[Line], columns: tuple[float, ...]) -> bool:
    """Two or three short lines of large type: no sentence ends in them and they do not fill a column."""
    if len(chunk) > 3 or any(finished(line.text) or kind_of_words(line.text, line.width) for line in chunk):
        return False
    if any("。" in line.text for line in chunk) or any(line.indent > 0 for line in chunk[1:]):
        return False
    return not any(_fits(line.width, columns, first=index == 0) for index, line in enumerate(chunk)) and (
        max(line.width for line in chunk) <= 30
    )


def _ends_here(chunk: list[Line], index: int, first: bool, columns: tuple[float, ...]) -> bool:
    """Whether a paragraph ends with line ``index`` of a chunk; ``first``: that line also began one."""
    line, follow = chunk[index], chunk[index + 1]
    before = chunk[index - 1] if index and not first else None
    if line.text[-1] in "“‘「『（(《〈【" or follow.text[0] in CLOSING + "，。、；：！？…,;":
        return False
    # The column here: the widest line next to this one, if that is the width of some column; a lone long
    # line next to a short one shows nothing.
    beside = max([follow.width] + ([before.width] if before else []))
    room = line.width + (INDENT if first else 0)
    edge = max(beside, min(columns))
    short = room + min(first_word(follow.text), 8) <= edge - SLACK + 0.5
    deeper = follow.indent > line.indent and (before is None or follow.indent > before.indent)
    if line.width > WIDEST:
        return True
    if finished(line.text):
        quoted = open_pairs("".join(each.text for each in chunk[max(0, index - 12) : index + 1]))
        if quoted and not deeper and not short:
            return False
        return short or deeper or is_list_item(follow.text) or _begins_paragraph(chunk, index + 1)
    if deeper and (short or first):
        return True
    if ends_in_clause(line.text):
        return line.text[-1] in "：:；;" and is_list_item(follow.text)
    if is_list_item(follow.text) and is_list_item(line.text) and short:
        return True
    if first and short and not any(mark in line.text for mark in "。；"):
        return not open_pairs(line.text)
    own = kind_of_words(follow.text, follow.width) if not _fits(follow.width, columns) else None
    return short and own is not None


def _begins_paragraph(chunk: list[Line], index: int) -> bool:
    """Whether a line is shorter than the next by the width of a lost indent."""
    if index + 1 >= len(chunk):
        return False
    lost = chunk[index + 1].width - chunk[index].width
    return 1.5 <= lost <= 3.5 and CJK.search(chunk[index].text) is not None and not finished(chunk[index].text)
