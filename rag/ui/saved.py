"""Exchanges as JSON, as they are kept between two runs of the program."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cache

from pydantic import TypeAdapter, ValidationError

from rag.errors import YoujuError
from rag.types import Answer, Found, Query
from rag.ui.conversation import Exchange, Place
from rag.ui.scope import EVERYWHERE, Scope

# Where, in what ``dump`` makes, stands what a reader looks for.
WORDS = ("$.question", "$.written", "$.answer.text")


@dataclass(frozen=True, slots=True)
class Saved:
    """An exchange as far as it has come. ``answer`` has no hits: ``found`` has the same."""

    number: int
    question: str
    query: Query | None = None
    found: Found | None = None
    places: dict[int, Place] = field(default_factory=dict)
    answer: Answer | None = None
    scope: Scope = EVERYWHERE
    asked: datetime | None = None
    after: int | None = None
    today: date | None = None
    written: str = ""
    stopped: bool = False
    failed: bool = False
    error: tuple[str, str] | None = None  # in Chinese and in English


def dump(exchange: Exchange) -> str:
    """An exchange as JSON, answered or not."""
    e = exchange
    saved = Saved(
        number=e.number,
        question=e.question,
        query=e.query,
        found=e.found,
        places=dict(e.places),
        answer=replace(e.answer, hits=()) if e.answer else None,
        scope=e.scope,
        asked=e.asked,
        after=e.after,
        today=e.today,
        written="" if e.answer else e.written,
        stopped=e.stopped,
        failed=e.failed,
        error=(e.error.text("zh"), e.error.text("en")) if e.error else None,
    )
    return _form().dump_json(saved).decode()


def load(texts: Sequence[str]) -> list[Exchange]:
    """What ``dump`` made, by number. What an earlier version of the program wrote in another form is left out.

    One that says of none that it follows it follows the one before: there was one way then, or it was never begun.
    """
    exchanges: list[Exchange] = []
    for text in texts:
        try:
            saved = _form().validate_json(text)
        except ValidationError:
            continue
        exchange = Exchange(
            number=saved.number,
            question=saved.question,
            scope=saved.scope,
            asked=saved.asked,
            query=saved.query,
            found=saved.found,
            places=saved.places,
            written=saved.written,
            answer=replace(saved.answer, hits=saved.found.hits if saved.found else ()) if saved.answer else None,
            error=YoujuError(saved.error) if saved.error else None,
            failed=saved.failed,
            stopped=saved.stopped,
            after=saved.after if saved.after is not None else exchanges[-1].number if exchanges else 0,
            today=saved.today,
        )
        exchange.cut_off = exchange.running
        exchanges.append(exchange)
    return exchanges


def number(text: str) -> int:
    """Of an exchange that ``dump`` made, in whatever form."""
    return int(json.loads(text)["number"])


@cache
def _form() -> TypeAdapter[Saved]:
    return TypeAdapter(Saved)
