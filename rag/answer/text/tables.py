"""Rows of tables as the answer meets them: which columns a text names, and what a row says in them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rag.answer.text.quantities import chinese_number, fold
from rag.answer.text.words import content_words, to_simplified
from rag.rows import Row
from rag.types import Evidence, Passage

_COUNTED = re.compile(r"[一二三四五六七八九十]{1,3}(?=[月季班组号路楼级期周])")  # 「二月」 of 「2月」
# One character that is a word of every sentence names no column by itself.
_EVERYWHERE = frozenset("人年月日个元数量率时分号次名家度值有无是否")


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row of a table: ``names[i]`` is the column of ``values[i]``; "" where there is no header."""

    label: str  # "" where the first cell is a number alone
    names: tuple[str, ...]
    values: tuple[str, ...]

    def said(self) -> list[str]:
        """One text a cell: 「西坞 女 199人」; one in all where nothing names the columns."""
        if not any(self.names):
            return [" ".join(value for value in (self.label, *self.values) if value)]
        return [
            f"{self.label} {name} {value}".strip() for name, value in zip(self.names, self.values, strict=True) if value
        ]


def table_row(row: Row, passage: Passage) -> TableRow | None:
    """None where the table has no header."""
    return laid_out(row, passage.text, passage.start) if row.named else None


def laid_out(row: Row, text: str, start: int = 0) -> TableRow:
    """``text`` stands at ``start`` of the document that the row is of."""

    def words(low: int, high: int) -> str:
        return text[low - start : high - start]

    first = int(row.labelled(words))
    values = row.values(words)
    return TableRow(values[0] if first else "", tuple(c.column for c in row.cells[first:]), tuple(values[first:]))


def row_of(item: Evidence) -> Row | None:
    """The row that a quotation is; None where it is text."""
    return next((row for row in item.hit.passage.rows if (row.start, row.end) == (item.start, item.end)), None)


def told(item: Evidence, question: str) -> str:
    """A row as an answer says it: its label with the cells whose columns the question names, with all where it names none."""
    row = row_of(item)
    assert row is not None
    found = table_row(row, item.hit.passage)
    if found is None:
        return item.words
    asked = {place for _, _, place in mentions(found.names, question)}
    parts = [
        f"{name} {value}".strip()
        for place, (name, value) in enumerate(zip(found.names, found.values, strict=True))
        if value and (not asked or place in asked)
    ]
    return "：".join([part for part in (found.label, "；".join(parts)) if part]) if parts else item.words


def tells_cell(item: Evidence, question: str) -> bool:
    """Is a quotation the row that the question names, with a value in the one column that it names, and is nothing else asked?

    「西坞女性的平均年龄」 names row and column too; of 平均年龄 neither the row nor what stands above it says anything.
    """
    row = row_of(item)
    found = table_row(row, item.hit.passage) if row else None
    if found is None or not found.label or not mentions([found.label], question):
        return False
    asked = {place for _, _, place in mentions(found.names, question)}
    if len(asked) != 1 or not found.values[place := asked.pop()]:
        return False
    known = plain("，".join((item.words, row.caption if row else "", item.hit.title, item.hit.passage.heading)))
    names = [name for name in (plain(found.label), plain(found.names[place])) if name]
    return all(
        len(word) < 2 or word in known or any(name in word or word in name for name in names)
        for word in map(plain, content_words(question))
    )


def mentions(names: Sequence[str], text: str) -> list[tuple[int, int, int]]:
    """Where ``text`` speaks of one of ``names``, in order: start, end (of ``plain(text)``), place of the name.

    By its whole name, else by two characters of it that no other name has: 「首班」 and 「末班」 of 「首班车」 and 「末班车」.
    """
    text = plain(text)
    found: list[tuple[int, int, int]] = []
    for place, pattern in enumerate(_patterns(tuple(map(plain, names)))):
        if pattern is not None:
            found += [(match.start(), match.end(), place) for match in pattern.finditer(text)]
    longer = [(low, high) for low, high, _ in found]
    return sorted(
        (low, high, place)
        for low, high, place in found
        if not any(a <= low and high <= b and b - a > high - low for a, b in longer)
    )


def plain(text: str) -> str:
    """Simplified, half width, lower case, without white space; 「二月」 as 「2月」."""
    bare = "".join(to_simplified(fold(text)).lower().split())
    return _COUNTED.sub(lambda match: str(chinese_number(match[0]) or match[0]), bare)


@lru_cache(maxsize=512)
def _patterns(names: tuple[str, ...]) -> tuple[re.Pattern[str] | None, ...]:
    held = Counter(pair for name in set(names) for pair in set(_pairs(name)))
    return tuple(_pattern(name, {pair for pair in _pairs(name) if held[pair] == 1}) for name in names)


def _pattern(name: str, own: Collection[str]) -> re.Pattern[str] | None:
    """``own``: pairs of characters that no other name has."""
    if not name or name in _EVERYWHERE:
        return None
    return re.compile(
        "|".join(map(bounded, [name, *sorted(pair for pair in own if not any(c.isdigit() for c in pair))]))
    )


def _pairs(name: str) -> list[str]:
    return [name[at : at + 2] for at in range(len(name) - 1)]


def bounded(words: str) -> str:
    """A pattern for ``words`` that cuts no number in two."""
    before = r"(?<![\d.:])" if words[0].isdigit() else ""
    after = r"(?![\d:]|\.\d)" if words[-1].isdigit() else ""
    return f"{before}{re.escape(words)}{after}"
