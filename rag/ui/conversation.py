"""What one browser tab has asked and been told so far."""

from __future__ import annotations

import uuid
from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from rag.answer.conflict.said import Side
from rag.errors import YoujuError
from rag.pipeline import Youju
from rag.types import Answer, Document, Event, Evidence, Finished, Found, Query, Turn, Understood, Waiting, Wrote
from rag.ui.scope import EVERYWHERE, Scope


class Place(NamedTuple):
    """Lines of the file as given, counted from 1, both inclusive."""

    first: int
    last: int


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
    differing: list[list[tuple[Side, Evidence]]] | None = None  # conflicts of the evidence; None: not yet looked for
    gone: frozenset[str] = frozenset()  # ids of articles cited that are no longer in the index
    judged: bool | None = None  # by the reader: good or not
    reason: str = ""

    @property
    def running(self) -> bool:
        return not (self.answer or self.error or self.failed or self.stopped)

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
    """Exchanges, oldest first."""

    id: str = ""  # drawn with the first question: Gradio copies one empty conversation for every page
    exchanges: list[Exchange] = field(default_factory=list)
    scope: Scope = EVERYWHERE  # of the next question
    waiting: list[Exchange] = field(default_factory=list)  # put while an answer was being written, not begun yet

    @property
    def running(self) -> bool:
        return bool(self.exchanges) and self.exchanges[-1].running

    def put(self, question: str) -> None:
        """Have ``question`` asked: next where nothing is being answered, else when its turn comes."""
        self.id = self.id or uuid.uuid4().hex
        last = max((e.number for e in (*self.exchanges, *self.waiting)), default=0)
        exchange = Exchange(last + 1, question, self.scope, datetime.now().astimezone())
        self.waiting.insert(len(self.waiting) if self.running else 0, exchange)

    def begin(self) -> Exchange | None:
        """The next of what waits, begun; None while another is being answered, or where nothing waits."""
        if self.running or not self.waiting:
            return None
        self.exchanges.append(self.waiting.pop(0))
        return self.exchanges[-1]

    def stop(self) -> None:
        if self.running:
            self.exchanges[-1].stopped = True

    def turns(self) -> list[Turn]:
        """The answered exchanges, as history for the next question. Questions as they were understood."""
        return [Turn(e.answer.rewritten or e.question, e.answer.text) for e in self.exchanges if e.answer]


def follow(youju: Youju, exchange: Exchange, history: list[Turn]) -> Generator[None, None, None]:
    """Ask, and yield whenever ``exchange`` has grown. Raises what ``Youju.stream`` raises."""
    for event in youju.stream(exchange.question, history=history, filters=exchange.scope.filters or None):
        if isinstance(event, Found):
            exchange.places = places(youju, event.evidence)
        exchange.receive(event)
        yield


def places(youju: Youju, evidence: tuple[Evidence, ...]) -> dict[int, Place]:
    """Where each quotation stands in its file, by marker."""
    documents = {i: youju.document(i) for i in dict.fromkeys(e.hit.passage.document_id for e in evidence)}
    return {e.marker: place(documents[e.hit.passage.document_id], e.start, e.end) for e in evidence}


def place(document: Document, start: int, end: int) -> Place:
    """Lines of ``document.source`` that hold ``document.text[start:end]``."""
    span = document.source_span(start, end)
    first = document.source.count("\n", 0, span.start) + 1
    return Place(first, first + document.source.count("\n", span.start, span.end))
