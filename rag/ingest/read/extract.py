"""What a reader of a format gives: the characters of a file in the order in which they are read, and where each stands."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from rag.ingest.reflow import Reflowed
from rag.origins import Box, Fragment, Origin, Origins
from rag.types import ArticleDate, Block, BlockKind, Run

Note = tuple[str, str]  # for the reader, in (Chinese, English)
_NOWHERE = (0.0, 0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Extract:
    """A file as its reader gives it.

    ``flowed``: the article made of ``text``, where the file itself tells its paragraphs; None where they have to be
    guessed from the text (``rag.ingest.reflow``).
    """

    text: str
    encoding: str = ""  # of a text file: the name that ``bytes.decode`` takes
    origins: Origins = field(default_factory=Origins)
    flowed: Reflowed | None = None
    title: str = ""  # that the file says of itself beside its text
    date: ArticleDate | None = None  # the same
    notes: tuple[Note, ...] = ()  # what of it could not be read, and where


class Builder:
    """Blocks, one after the other, each a line of ``Extract.text`` → an Extract.

    A block is put together from pieces, each of one origin. Line breaks and tabs in a piece are spaces, but for the tabs
    between the cells of a row, which ``row`` sets.
    """

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._fragments: list[Fragment] = []
        self._blocks: list[Block] = []
        self._length = 0
        self.notes: list[Note] = []

    def block(self, kind: BlockKind, pieces: Iterable[tuple[str, Origin]]) -> None:
        """A paragraph, a heading, a caption. One without a visible character is none."""
        said = [(" ".join(text.split("\n")).replace("\t", " "), origin) for text, origin in pieces]
        while said and not said[0][0].strip():
            del said[0]
        while said and not said[-1][0].strip():
            del said[-1]
        if said:
            said[0] = said[0][0].lstrip(), said[0][1]
            said[-1] = said[-1][0].rstrip(), said[-1][1]
            self._put(kind, said)

    def row(self, cells: Sequence[tuple[str, Origin]], *, head: bool = False) -> None:
        """A row of a table, an empty cell as "". One without any is none."""
        said = [(" ".join(text.split()), origin) for text, origin in cells]
        while said and not said[-1][0]:
            del said[-1]
        if not said:
            return
        joined: list[tuple[str, Origin]] = []
        for number, (text, origin) in enumerate(said):
            joined.append((text + "\t" * (number < len(said) - 1), origin))
        self._put(BlockKind.TABLE_HEAD if head else BlockKind.TABLE_ROW, joined)

    def _put(self, kind: BlockKind, pieces: Iterable[tuple[str, Origin]]) -> None:
        if self._parts:
            self._parts.append("\n")
            self._length += 1
        start = self._length
        for text, origin in pieces:
            if text:
                self._fragments.append(Fragment(self._length, len(text), origin))
                self._parts.append(text)
                self._length += len(text)
        self._blocks.append(Block(kind, start, self._length))

    def done(self, *, title: str = "", date: ArticleDate | None = None) -> Extract:
        source = "".join(self._parts)
        flowed = _flowed(source, self._blocks, title)
        notes = tuple(self.notes)
        return Extract(source, "", Origins(tuple(self._fragments)), flowed, title, date, notes)


def _flowed(source: str, blocks: Sequence[Block], title: str) -> Reflowed:
    """The blocks as they stand; a row begins at its first word, and the empty cells before it stay in the source."""
    runs: list[Run] = []
    found: list[Block] = []
    length = 0
    for number, (kind, start, end) in enumerate(blocks):
        start += len(source[start:end]) - len(source[start:end].lstrip("\t"))
        taken = end - start + (number + 1 < len(blocks))  # the line break behind it
        last = runs[-1] if runs else None
        if last is not None and last.source + last.length == start:
            runs[-1] = last._replace(length=last.length + taken)
        else:
            runs.append(Run(length, start, taken))
        found.append(Block(kind, length, length + end - start))
        length += taken
    text = "".join(source[run.source : run.source + run.length] for run in runs)
    heads = (text[block.start : block.end] for block in found if block.kind is BlockKind.TITLE)
    return Reflowed(text, tuple(runs), tuple(found), title or next(heads, ""))


def packed(boxes: Iterable[Box | None]) -> bytes:
    """A box a character (None: it has no place on a page) as ``Origins.boxes``."""
    found = array("f")
    for box in boxes:
        found.extend(box or _NOWHERE)
    return found.tobytes()
