"""The nouns of the program: frozen, typed, without behaviour beyond looking at themselves.

Offsets are counted in Unicode code points, half open ``[start, end)``. Unless a name says ``source``,
they point into ``Document.text`` (the article as the program reads it, hard wraps repaired);
``Document.source`` is the file as given, decoded and otherwise untouched.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Literal, NamedTuple

from rag import rows as tables
from rag.origins import Origins, Region
from rag.rows import Row
from rag.times import Times


class Span(NamedTuple):
    """A half-open range of characters."""

    start: int
    end: int


class Run(NamedTuple):
    """``length`` characters of ``Document.text`` from ``text`` on, copied from ``Document.source`` at ``source``."""

    text: int
    source: int
    length: int


class BlockKind(StrEnum):
    TITLE = "title"
    HEADING = "heading"
    BODY = "body"
    CAPTION = "caption"
    FURNITURE = "furniture"
    TABLE_HEAD = "table-head"  # the row that names the columns
    TABLE_ROW = "table-row"


class Block(NamedTuple):
    """One paragraph, heading, caption, row of a table or piece of page furniture of a document."""

    kind: BlockKind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class ArticleDate:
    """When an article was published, how closely that is known, and how."""

    value: date
    precision: str  # "day", "month" or "year": the parts of ``value`` below it are not known
    reason: str  # for the reader, in Chinese

    def __str__(self) -> str:
        return {"day": self.value.isoformat(), "month": f"{self.value:%Y-%m}"}.get(self.precision, f"{self.value:%Y}")


@dataclass(frozen=True, slots=True)
class Document:
    """An article: the file as given, and the same characters as the program reads them.

    Every character of ``text`` is a character of ``source``: ``text[i] == source[source_offset(i)]``.
    """

    id: str  # of the place it came from: stays the same when the content changes
    name: str  # shown to the reader and used in citations
    path: str  # absolute
    sha256: str  # of the file's bytes
    encoding: str  # of a text file; "" of any other
    title: str
    date: ArticleDate | None
    source: str  # what was taken from the file, as it stands there
    text: str
    runs: tuple[Run, ...]
    blocks: tuple[Block, ...]
    origins: Origins = field(default_factory=Origins)  # of ``source``, where it was taken from pages, cells or nodes

    def source_offset(self, offset: int) -> int:
        """Where character ``offset`` of ``text`` stands in ``source``. Raises IndexError outside ``text``."""
        if not 0 <= offset < len(self.text):
            raise IndexError(f"offset {offset} outside the text of {self.name} ({len(self.text)} characters)")
        run = self.runs[bisect_right(self.runs, offset, key=lambda r: r.text) - 1]
        return run.source + offset - run.text

    def source_span(self, start: int, end: int) -> Span:
        """The smallest range of ``source`` that holds ``text[start:end]`` (``end > start``)."""
        first = bisect_right(self.runs, start, key=lambda r: r.text) - 1
        last = bisect_right(self.runs, end - 1, key=lambda r: r.text) - 1
        low, high = len(self.source), 0
        for run in self.runs[first : last + 1]:
            skip = max(0, start - run.text)
            stop = min(run.length, end - run.text)
            low, high = min(low, run.source + skip), max(high, run.source + stop)
        return Span(low, high)

    def regions(self, start: int, end: int) -> tuple[Region, ...]:
        """Where ``text[start:end]`` stands in the file, one region a line; () for a file of plain text."""
        first = bisect_right(self.runs, start, key=lambda r: r.text) - 1
        stretches = []
        for run in self.runs[first:]:
            low, high = max(start, run.text), min(end, run.text + run.length)
            if low >= high:
                break
            stretches.append((run.source + low - run.text, run.source + high - run.text))
        return self.origins.regions(stretches)


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of whole sentences of one document: what is found and shown.

    ``document.text[start:end] == text``; ``sentences`` and ``windows`` are spans of ``document.text`` too.
    """

    id: str  # f"{document_id}:{ordinal}"
    document_id: str
    ordinal: int
    start: int
    end: int
    text: str
    title: str  # of the article; context for lexical search, never part of a quote
    heading: str  # nearest heading; "" where there is none
    sentences: tuple[Span, ...]
    windows: tuple[Span, ...]  # what is embedded: one vector each
    times: Times | None = None  # those it names; None: not resolved yet
    rows: tuple[Row, ...] = ()  # of tables, in order; each is one of ``sentences``

    def slice(self, span: Span) -> str:
        """The words of a span of the document that lies inside this passage."""
        return self.text[span.start - self.start : span.end - self.start]

    def read(self, span: Span) -> str:
        """The same as it is read: a row of a table with the names of its columns. What is searched, shown and checked."""
        return tables.read(self.slice(span), span.start, self.rows) if self.rows else self.slice(span)

    def embedded(self, window: Span) -> str:
        """What the vector of a window stands for: of a row, with what stands above its table, for alone it says little."""
        row = next((row for row in self.rows if (row.start, row.end) == window), None)
        above = (row.caption or self.title).rstrip("：:") if row else ""
        words = self.read(window)
        return f"{above}：{words}" if above and not words.startswith(above) else words


@dataclass(frozen=True, slots=True)
class DocumentInfo:
    """What a list of articles shows, without their texts."""

    id: str
    name: str
    path: str
    sha256: str
    title: str
    date: ArticleDate | None
    characters: int
    passages: int


@dataclass(frozen=True, slots=True)
class Query:
    """A question as asked, and as searched for."""

    text: str
    rewritten: str  # a whole question: what an earlier turn left unsaid is put back
    today: date | None = None  # the asker's; None: not said, and 今年 is each article's own

    @property
    def year(self) -> int | None:
        return self.today.year if self.today else None


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found, best first. Ranks count from 1; None: that half did not find it."""

    passage: Passage
    document: str  # Document.name
    title: str
    date: ArticleDate | None
    score: float  # fused; larger is better
    dense_score: float | None  # cosine of the best window
    dense_rank: int | None
    lexical_score: float | None  # BM25
    lexical_rank: int | None
    best_window: Span | None = None  # of the document; the window that dense search matched
    worded: float = 0.0  # share of the question's terms, by rarity, that stand in one window, 0…1
    timely: float | None = (
        None  # agreement of the times it names with the time asked for, −1…1; None: none is asked for
    )


class Verdict(StrEnum):
    SUPPORTED = "supported"
    DIFFERS = "differs"
    NOT_FOUND = "not_found"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One numbered quotation: whole sentences of one passage."""

    marker: int
    hit: Hit
    start: int
    end: int
    quote: str  # document.text[start:end]
    shown: str  # what the model reads of it: perhaps not every clause, 今年 with its year

    @property
    def words(self) -> str:
        """The quotation as it is read: a row of a table with the names of its columns."""
        return self.hit.passage.read(Span(self.start, self.end)) if self.hit.passage.rows else self.quote


@dataclass(frozen=True, slots=True)
class Claim:
    """One checkable piece of a sentence: a number, a year, a name."""

    kind: str  # "number", "date", "name", "item" (of a list), "cell" (of a table), "speaker", "word" (that no quotation has)
    claimed: str
    found: str | None
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class AnswerSentence:
    text: str  # without markers
    markers: tuple[int, ...]
    verdict: Verdict
    claims: tuple[Claim, ...] = ()


@dataclass(frozen=True, slots=True)
class Citation:
    """An exact quotation that a sentence of the answer rests on."""

    marker: int
    document_id: str
    document: str
    title: str
    date: ArticleDate | None
    start: int
    end: int
    quote: str
    source: Span  # the same words in the file as given
    verdict: Verdict
    regions: tuple[Region, ...] = ()  # where they stand on its pages, or in its cells
    place: str = ""  # that in words, in Chinese


@dataclass(frozen=True, slots=True)
class Timings:
    """Seconds since the question was asked."""

    retrieve_s: float
    first_token_s: float | None
    total_s: float


@dataclass(frozen=True, slots=True)
class Answer:
    question: str
    rewritten: str
    text: str
    refused: bool
    citations: tuple[Citation, ...]
    sentences: tuple[AnswerSentence, ...]
    hits: tuple[Hit, ...]
    timings: Timings
    model: str  # "" when no model was asked
    note: str = ""  # for the reader: why it was refused, what was repaired
    near: tuple[Citation, ...] = ()  # of a refusal: what there is instead; its ``citations`` are empty


# What a stream of an answer is made of, in this order: Understood, Found, Wrote…, Finished. A question that a model
# must translate first has Understood and Found twice: as it was asked (``Found.provisional``), and in Chinese; what comes
# later takes the place of what came before. Waiting may stand before any of them.


@dataclass(frozen=True, slots=True)
class Understood:
    """The question, made whole."""

    query: Query


@dataclass(frozen=True, slots=True)
class Found:
    """The passages, and the quotations that the model is shown. Comes before the first word."""

    hits: tuple[Hit, ...]
    evidence: tuple[Evidence, ...]
    seconds: float
    provisional: bool = False  # another one follows, that takes its place


@dataclass(frozen=True, slots=True)
class Waiting:
    """What comes next takes longer than usual. Holds until the next event."""

    reason: Literal["loading", "indexing", "starting"]  # the embedding model; articles read; the language model


@dataclass(frozen=True, slots=True)
class Wrote:
    """More text of the answer, as the model writes it: not yet checked."""

    text: str


@dataclass(frozen=True, slots=True)
class Finished:
    """The checked answer. It replaces the text streamed so far."""

    answer: Answer


Event = Understood | Found | Waiting | Wrote | Finished


@dataclass(frozen=True, slots=True)
class Turn:
    """One earlier exchange of a conversation."""

    question: str
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a long job is. ``seconds_left``: of the whole job; None until it can be told."""

    stage: str  # "read", "embed", "fetch", …
    done: int
    total: int
    unit: str  # "files", "passages", "bytes", …
    item: str = ""
    seconds_left: float | None = None


@dataclass(frozen=True, slots=True)
class IndexReport:
    """What indexing did, file by file. Names of documents; ``failed`` and ``noted``: a path, and what in (Chinese, English)."""

    added: tuple[str, ...] = ()
    replaced: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    failed: Sequence[tuple[str, tuple[str, str]]] = field(default_factory=tuple)
    noted: Sequence[tuple[str, tuple[str, str]]] = field(default_factory=tuple)  # no failure, but to be known
    kept: Sequence[DocumentInfo] = field(default_factory=tuple)  # gone from a folder, too many at once to be forgotten
