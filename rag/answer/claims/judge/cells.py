"""Cells of a table: is what a sentence says in the row and under the column that it speaks of?

「西坞的女性有208人」: 208 stands in that row, under 男. Words around a number tell nothing there; its header does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from rag.answer.claims.context import Line
from rag.answer.claims.pool import Pool
from rag.answer.text.quantities import Quantity, quantities, same
from rag.answer.text.tables import TableRow, bounded, mentions, plain
from rag.types import Claim, Verdict

_CLAUSE = re.compile(r"[^，。；！？]+[，。；！？]?")
_NO_VALUE = re.compile(r"[有无是否\W]*|[\u4e00-\u9fff]?的")
_IN_TURN = re.compile(r"分别|依次|各[为是有]")

Place = tuple[int, int]  # row, column
Mention = tuple[int, int, int]  # as ``mentions`` gives them


def cells(said: Line, there: Pool, question: str) -> Iterator[Claim]:
    """A claim for every value of a cited table that the sentence says, where it or the question tells of which cell."""
    for table, quoted in there.tables():
        if any(quoted):
            yield from _of_table(plain(said.text), table, quoted, there, plain(question))


def _of_table(text: str, table: Sequence[TableRow], quoted: Sequence[bool], there: Pool, asked: str) -> Iterator[Claim]:
    rows, columns = mentions([row.label for row in table], text), mentions(table[0].names, text)
    named = [(low, high) for low, high, _ in (*rows, *columns)]
    in_question = mentions([row.label for row in table], asked), mentions(table[0].names, asked)
    prose = [plain(item.line.text) for item in there.quoted if item.row is None]
    for (low, high), places in _values(text, named, table).items():
        if any(re.search(bounded(text[low:high]), other) for other in prose):
            continue  # another quotation says it too
        allowed_rows = _meant(text, low, rows, in_question[0])
        allowed_columns = _meant(text, low, columns, in_question[1])
        if not allowed_rows and not allowed_columns:
            continue
        if _IN_TURN.search(text) and len(allowed_columns) > 1:
            continue
        right = [
            (row, column)
            for row in sorted(allowed_rows or range(len(table)))
            for column in sorted(allowed_columns or range(len(table[row].values)))
            if column < len(table[row].values)
        ]
        if any(place in right and quoted[place[0]] for place in places):
            yield Claim("cell", text[low:high], text[low:high], Verdict.SUPPORTED)
        elif any(place in right for place in places):
            yield Claim("cell", text[low:high], None, Verdict.NOT_FOUND)  # in another row than the one that is cited
        elif right:
            meant = [table[row].values[column] for row, column in right if table[row].values[column]]
            yield Claim("cell", text[low:high], "、".join(dict.fromkeys(meant[:3])) or None, Verdict.DIFFERS)


def _values(
    text: str, named: Sequence[tuple[int, int]], table: Sequence[TableRow]
) -> dict[tuple[int, int], list[Place]]:
    """Where the sentence says the value of a cell, outside of the names of rows and columns: place → cells of that value."""
    bare = text
    for low, high in named:
        bare = f"{bare[:low]}{' ' * (high - low)}{bare[high:]}"
    figures = quantities(bare)
    found: dict[tuple[int, int], list[Place]] = {}
    for at, row in enumerate(table):
        for column, value in enumerate(map(plain, row.values)):
            for place in _said(value, bare, figures):
                found.setdefault(place, []).append((at, column))
    longest = {(a, b) for a, b in found if not any(c <= a and b <= d and d - c > b - a for c, d in found)}
    return {place: cells for place, cells in found.items() if place in longest}


def _said(value: str, text: str, figures: Sequence[Quantity]) -> list[tuple[int, int]]:
    if not value or _NO_VALUE.fullmatch(value):
        return []
    amount = _amount(value)
    if amount is not None:
        return [(f.start, f.end) for f in figures if same(f, amount)]
    return [match.span() for match in re.finditer(bounded(value), text)]


@lru_cache(maxsize=4096)
def _amount(value: str) -> Quantity | None:
    """The number that a cell is, its sign or a mark before it."""
    found = quantities(value)
    return found[0] if len(found) == 1 and found[0].end == len(value) and found[0].start < 2 else None


def _meant(text: str, at: int, said: Sequence[Mention], asked: Sequence[Mention]) -> set[int]:
    """Which rows (or columns) a value at ``at`` is said of: those named in its clause, else before it, else in the question."""
    start, stop = next((m.start(), m.end()) for m in _CLAUSE.finditer(text) if m.start() <= at < m.end())
    for near in (
        [place for low, _, place in said if start <= low < stop],
        [place for low, _, place in said if low < start],
        [place for _, _, place in said],
        [place for _, _, place in asked],
    ):
        if near:
            return set(near)
    return set()
