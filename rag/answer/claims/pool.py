"""The evidence, sentence by sentence, each with what the sentences before it say of whom."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from rag.answer.claims.context import Line, Words, cosine, line, plain
from rag.answer.text.cities import cities, owners
from rag.answer.text.tables import TableRow, table_row
from rag.answer.text.turns import questions
from rag.answer.when.moments import Moment
from rag.types import Evidence, Span

_BEFORE = 2  # sentences that still say whom one without a subject is about
_LENT = 0.6  # what a word of theirs weighs against one of the sentence itself


@dataclass(slots=True, eq=False)
class Placed:
    """A sentence of the evidence at its place."""

    line: Line
    before: tuple[Line, ...]  # the sentences before it, its heading and title
    quoted: bool  # part of what is cited; else only a neighbour of it
    cities: frozenset[str]  # whom it speaks of: named in it, else last named before it
    published: Moment | None
    year: int | None
    row: TableRow | None = None  # a cell of it
    _lent: frozenset[str] | None = None

    def lent(self) -> frozenset[str]:
        """Words of the sentences before it."""
        if self._lent is None:
            self._lent = frozenset(word for other in self.before for word in other.all())
        return self._lent

    def covers(self, words: Words) -> float:
        """Share (0…1) of ``words`` that stand in the sentence, or (for less) before it."""
        total = sum(words.values())
        if not total:
            return 1.0
        own = self.line.all()
        got = 0.0
        for word, weight in words.items():
            if word in own:
                got += weight
            elif word in self.lent():
                got += _LENT * weight
        return got / total

    def fit(self, around: Words, start: int, end: int) -> float:
        """How well (0…1) what stands around ``[start, end)`` here goes with ``around``."""
        return 0.6 * cosine(around, self.line.near(start, end)) + 0.4 * self.covers(around)

    def suits(self, around: Words, whole: Words, start: int, end: int) -> float:
        """The same for a name: the sentence as a whole counts for more."""
        return 0.5 * cosine(around, self.line.near(start, end)) + 0.5 * self.covers(whole)

    def context(self) -> str:
        """Its words and those before it, without white space."""
        return "".join("".join(part.text.split()) for part in (*self.before, self.line))


@dataclass(slots=True, eq=False)
class Pool:
    placed: list[Placed]
    _tables: list[tuple[list[TableRow], list[bool]]] | None = field(default=None, repr=False)

    @property
    def quoted(self) -> Iterator[Placed]:
        return (item for item in self.placed if item.quoted)

    def tables(self) -> list[tuple[list[TableRow], list[bool]]]:
        """Tables, as far as their rows are here, each with which of its rows are cited. Rows are of one where all columns are."""
        if self._tables is None:
            found: dict[tuple[str, ...], dict[TableRow, bool]] = {}
            for item in self.placed:
                if item.row is not None and any(item.row.names):
                    rows = found.setdefault(item.row.names, {})
                    rows[item.row] = rows.get(item.row, False) or item.quoted
            self._tables = [(list(rows), list(rows.values())) for rows in found.values()]
        return self._tables


def pool(evidence: Sequence[Evidence]) -> Pool:
    """The sentences of the quotations and, unquoted, the others of their passages."""
    found: dict[tuple[str, int], Placed] = {}
    for item in evidence:
        passage = item.hit.passage
        when = item.hit.date
        today = when.value if when and when.precision == "day" else None
        year = when.value.year if when else None
        published = _published(when.value, when.precision) if when else None
        spans = list(passage.sentences)
        if passage.rows:
            for number, cell in enumerate(_cells(item, today, year, published)):
                found.setdefault((passage.id, number), cell).quoted |= cell.quoted
            continue
        if not any(item.start <= s.start and s.end <= item.end for s in spans):
            spans = []
        head = tuple(line(text) for text in (passage.heading, item.hit.title) if text)
        asking = questions(passage)  # they state nothing, and say what their answers are about
        laid = [line(passage.slice(s), today, year) for s in spans] or [line(item.quote, today, year)]
        about = frozenset().union(*(cities(part.text) for part in head)) if head else frozenset()
        for index, one in enumerate(laid):
            named = owners(one.text)
            about = named or about
            quoted = not spans or (item.start <= spans[index].start and spans[index].end <= item.end)
            quoted = quoted and not (spans and spans[index] in asking)
            key = (passage.id, index) if spans else (passage.id, -1 - item.start)
            if key in found:
                found[key].quoted |= quoted
            else:
                before = (*laid[max(0, index - _BEFORE) : index], *head)
                found[key] = Placed(one, before, quoted, about, published, year)
    return Pool(list(found.values()))


def _cells(item: Evidence, today: date | None, year: int | None, published: Moment | None) -> Iterator[Placed]:
    """The rows of a table, a line each cell: what stands in another column is not said around it. Row by row, no row lends
    the next one words.
    """
    passage = item.hit.passage
    for row in passage.rows:
        head = tuple(line(text) for text in dict.fromkeys((row.caption, passage.heading, item.hit.title)) if text)
        about = frozenset().union(*(cities(part.text) for part in head)) if head else frozenset()
        quoted = item.start <= row.start and row.end <= item.end
        laid = table_row(row, passage)
        for text in laid.said() if laid else [passage.read(Span(row.start, row.end))]:
            one = line(text, today, year)
            yield Placed(one, head, quoted, owners(one.text) or about, published, year, laid)


def texts_pool(cut: Sequence[Sequence[str]], today: date | None, rows: Sequence[TableRow] = ()) -> Pool:
    """Texts, each as its sentences, all of them cited, and rows of tables. ``today`` is the day on which they were written."""
    placed = []
    published = _published(today, "day") if today else None
    for sentences in cut:
        laid = [line(sentence, today) for sentence in sentences]
        about: frozenset[str] = frozenset()
        for index, one in enumerate(laid):
            about = owners(one.text) or about
            before = tuple(laid[max(0, index - _BEFORE) : index])
            if index > _BEFORE:
                before = (*before, laid[0])  # an article's first sentence says what it is about
            placed.append(Placed(one, before, True, about, published, today.year if today else None))
    for row in rows:
        for text in row.said():
            cell = line(text, today)
            placed.append(Placed(cell, (), True, owners(cell.text), published, today.year if today else None, row))
    return Pool(placed)


def _published(value: date, precision: str) -> Moment:
    month = value.month if precision != "year" else None
    return Moment(0, 0, "", value.year, value.year, month, value.day if precision == "day" else None)


def named_in(text: str) -> str:
    return "".join(plain(text).split())
