"""Exchanges as JSON, as they are kept between two runs of the program."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache

from pydantic import TypeAdapter, ValidationError

from rag.types import Answer, Found, Query
from rag.ui.conversation import Exchange, Place
from rag.ui.scope import EVERYWHERE, Scope


@dataclass(frozen=True, slots=True)
class Saved:
    """An answered exchange. ``answer`` has no hits: ``found`` has the same."""

    number: int
    question: str
    query: Query
    found: Found
    places: dict[int, Place]
    answer: Answer
    scope: Scope = EVERYWHERE
    asked: datetime | None = None


def dump(exchange: Exchange) -> str:
    """An exchange that has its answer, as JSON."""
    assert exchange.query and exchange.found and exchange.answer
    e, answer = exchange, replace(exchange.answer, hits=())
    saved = Saved(e.number, e.question, exchange.query, exchange.found, dict(e.places), answer, e.scope, e.asked)
    return _form().dump_json(saved).decode()


def load(texts: Sequence[str]) -> list[Exchange]:
    """What ``dump`` made. An exchange that an earlier version of the program wrote in another form is left out."""
    exchanges = []
    for text in texts:
        try:
            saved = _form().validate_json(text)
        except ValidationError:
            continue
        exchanges.append(
            Exchange(
                saved.number,
                saved.question,
                saved.scope,
                saved.asked,
                saved.query,
                saved.found,
                saved.places,
                answer=replace(saved.answer, hits=saved.found.hits),
            )
        )
    return exchanges


def number(text: str) -> int:
    """Of an exchange that ``dump`` made, in whatever form."""
    return int(json.loads(text)["number"])


@cache
def _form() -> TypeAdapter[Saved]:
    return TypeAdapter(Saved)
