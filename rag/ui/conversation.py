"""What one browser tab has asked and been told so far."""

from __future__ import annotations

import re
import uuid
from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from rag import origins
from rag.answer.conflict.said import Side
from rag.answer.when.resolve import time_spans
from rag.errors import YoujuError
from rag.pipeline import Youju
from rag.types import (
    Answer,
    ArticleDate,
    Document,
    Event,
    Evidence,
    Finished,
    Found,
    Query,
    Turn,
    Understood,
    Waiting,
    Wrote,
)
from rag.ui.scope import EVERYWHERE, Scope
from rag.ui.texts import Texts

_RELATIVE = re.compile(r"^(?:大前年|前年|去年|上一?年|今年|本年|当年|明年|后年)的?")


class Place(NamedTuple):
    """Lines of the file as given, counted from 1, both inclusive; 0 where it has none, and ``words`` tell of its pages,
    cells or paragraphs."""

    first: int
    last: int
    words: tuple[str, str] = ("", "")  # in Chinese and in English

    def told(self, t: Texts) -> str:
        if not self.first:
            return self.words[0 if t.language == "zh-CN" else 1]
        return (t.line if self.first == self.last else t.lines).format(first=self.first, last=self.last)


@dataclass(slots=True)
class Exchange:
    """One question and what has come of it. Grows while its stream runs."""

    number: int  # from 1, within the conversation
    question: str
    scope: Scope = EVERYWHERE  # that it was asked within
    asked: datetime | None = None  # local time, with zone; None: kept by an earlier version
    query: Query | None = None
    found: Found | None = None
    places: Mapping[int, Place] = field(default_factory=dict)  # by marker
    written: str = ""
    awaits: str = ""  # what the next event waits for, where it takes longer than usual (Waiting.reason)
    answer: Answer | None = None
    error: YoujuError | None = None
    failed: bool = False  # by an error that is none of ours
    stopped: bool = False
    cut_off: bool = False  # kept unfinished: its page or the program ended
    after: int | None = None  # number of the exchange that it follows, 0: none; None: not begun
    today: date | None = None  # where it was asked
    differing: list[list[tuple[Side, Evidence]]] | None = None  # conflicts of the evidence; None: not yet looked for
    unkept: YoujuError | None = None  # why it could not be kept
    gone: frozenset[str] = frozenset()  # ids of articles cited that are no longer in the index
    versions: tuple[int, ...] = ()  # numbers of those put in each other's place, its own among them
    judged: bool | None = None  # by the reader: good or not
    reason: str = ""

    @property
    def running(self) -> bool:
        return not (self.answer or self.unfinished)

    @property
    def unfinished(self) -> bool:
        """Ended without an answer."""
        return bool(self.error or self.failed or self.stopped or self.cut_off)

    def receive(self, event: Event) -> None:
        """Take in the next event of the stream. A stopped exchange takes no more."""
        if self.stopped:
            return
        self.awaits = event.reason if isinstance(event, Waiting) else ""
        match event:
            case Understood(query):
                self.query = query
            case Found():
                self.found = event
            case Wrote(text):
                self.written += text
            case Finished(answer):
                self.answer = answer


@dataclass(slots=True)
class Conversation:
    """Exchanges that follow one another. One put in another's place begins a way of its own; both stay."""

    id: str = ""  # drawn with the first question: Gradio copies one empty conversation for every page
    begun: list[Exchange] = field(default_factory=list)  # on whatever way, by number
    tip: int = 0  # number of the last exchange on the way that is shown; 0: none
    scope: Scope = EVERYWHERE  # of the next question
    waiting: list[Exchange] = field(default_factory=list)  # put while an answer was being written, not begun yet

    @property
    def exchanges(self) -> list[Exchange]:
        """The way that is shown, oldest first."""
        known, way, at = {e.number: e for e in self.begun}, list[Exchange](), self.tip
        while at in known:  # each once: a damaged file may lead round in a circle
            way.append(known.pop(at))
            at = way[-1].after or 0
        return way[::-1]

    @property
    def running(self) -> bool:
        return any(exchange.running for exchange in self.begun)

    def find(self, number: int) -> Exchange | None:
        return next((e for e in self.begun if e.number == number), None)

    def put(
        self,
        question: str,
        *,
        instead: Exchange | None = None,
        scope: Scope | None = None,
        today: date | None = None,
        least: int = 1,
    ) -> Exchange:
        """Have ``question`` asked: next where nothing is being answered, else when its turn comes.

        ``instead``: of which it takes the place; both stay. ``scope``: another than the conversation's. ``least``: the
        smallest number that it may have.
        """
        self.id = self.id or uuid.uuid4().hex
        number = max([least, *(e.number + 1 for e in (*self.begun, *self.waiting))])
        within = self.scope if scope is None else scope
        exchange = Exchange(number, question, within, datetime.now().astimezone(), today=today)
        exchange.after = instead.after if instead else None
        self.waiting.insert(len(self.waiting) if self.running else 0, exchange)
        return exchange

    def begin(self) -> Exchange | None:
        """The next of what waits, begun; None while another is being answered, or where nothing waits."""
        if self.running or not self.waiting:
            return None
        exchange = self.waiting.pop(0)
        if exchange.after is None:
            exchange.after = self.tip
        self.begun.append(exchange)
        self.tip = exchange.number
        return exchange

    def show(self, number: int) -> None:
        """Take the way through the exchange of that number, to the latest that was asked on it."""
        left = {e.number: e.after for e in self.begun}
        while number in left:
            self.tip = number
            del left[number]
            number = max((n for n, after in left.items() if after == number), default=0)

    def versions(self, exchange: Exchange) -> tuple[int, ...]:
        """Numbers of what was put in the place of one another, oldest first."""
        return tuple(sorted(e.number for e in self.begun if e.after == exchange.after))

    def stop(self) -> None:
        for exchange in self.begun:
            exchange.stopped = exchange.stopped or exchange.running

    def turns(self, today: date | None = None) -> list[Turn]:
        """The answered exchanges shown, as history for a question of ``today``. Questions as they were understood.

        What 昨天 and 去年 meant on another day, when they were asked, is written out.
        """
        told = []
        for e in self.exchanges:
            if e.answer:
                said = e.answer.rewritten or e.question
                day = e.query.today if e.query else None
                told.append(Turn(said if day in (None, today) else written_out(said, day), e.answer.text))
        return told


def written_out(question: str, day: date) -> str:
    """「去年3月」 and 「昨天」 of a question asked on ``day`` as 「2023年3月」 and 「2024年3月4日」."""
    out, at = "", 0
    for span in time_spans(question, ArticleDate(day, "day", "")):
        rest = _RELATIVE.sub("", span.text)
        if span.label and not re.search(
            "[—同]", span.label + span.text
        ):  # one stretch, with nothing left out beside it
            dated = re.match(r"[\d一二三四五六七八九十]+[月日号季]", rest)
            out += question[at : span.start] + span.label + (rest if dated else "")
            at = span.end
    return out + question[at:]


def follow(youju: Youju, exchange: Exchange, history: list[Turn]) -> Generator[None, None, None]:
    """Ask, and yield whenever ``exchange`` has grown, an error of ours included. Raises what is none of ours."""
    try:
        for event in youju.stream(
            exchange.question, history=history, today=exchange.today, filters=exchange.scope.filters or None
        ):
            if isinstance(event, Found):
                exchange.places = places(youju, event.evidence)
            exchange.receive(event)
            yield
    except YoujuError as error:
        exchange.error = error
        yield
    except Exception:
        exchange.failed = True
        raise


def places(youju: Youju, evidence: tuple[Evidence, ...]) -> dict[int, Place]:
    """Where each quotation stands in its file, by marker."""
    documents = {i: youju.document(i) for i in dict.fromkeys(e.hit.passage.document_id for e in evidence)}
    return {e.marker: place(documents[e.hit.passage.document_id], e.start, e.end) for e in evidence}


def place(document: Document, start: int, end: int) -> Place:
    """Where ``document.text[start:end]`` stands in the file."""
    if document.origins:
        regions, pages = document.regions(start, end), document.origins.pages
        return Place(0, 0, (origins.place(regions, pages), origins.place(regions, pages, chinese=False)))
    span = document.source_span(start, end)
    first = document.source.count("\n", 0, span.start) + 1
    return Place(first, first + document.source.count("\n", span.start, span.end))
