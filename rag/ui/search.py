"""The search tab: passages and the reasons for their rank, no model asked."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator
from datetime import date

import gradio as gr

from rag.pipeline import Youju
from rag.store.base import Filters
from rag.ui import search_view as view
from rag.ui.html import html
from rag.ui.session import Act, Session, Sought, Updates

_SHOWN = 20  # passages


class SearchTab:
    """Handlers return the components that change, by name."""

    name = "search"

    def __init__(self, youju: Youju) -> None:
        self._youju = youju

    def layout(self) -> dict[str, gr.HTML]:
        return {"search_form": html("yj-search-form"), "search_results": html("yj-search-results")}

    def show(self, session: Session) -> Updates:
        documents = sorted(self._youju.documents(), key=lambda d: d.title)
        collections = list(self._youju.collections())
        return {
            "search_form": view.form(session.sought, documents, collections, session.t),
            "search_results": view.results(session.sought, session.t),
        }

    def do(self, session: Session, act: Act) -> Updates:
        """Search, or search without filters ("clear"). Raises YoujuError."""
        old = session.sought
        words = old.words if act["do"] == "clear" and old else str(act["words"]).strip()
        filters = Filters() if act["do"] == "clear" else read_filters(act)
        started = time.perf_counter()
        hits = self._youju.search(words, k=_SHOWN, filters=filters)
        session.sought = Sought(words, filters, hits, time.perf_counter() - started)
        if old is None or old.filters != filters:
            return self.show(session)
        return {"search_results": view.results(session.sought, session.t)}

    async def run(self, session: Session, act: Act) -> AsyncGenerator[Updates, None]:
        yield self.do(session, act)


def read_filters(act: Act) -> Filters:
    """What the fields of the form say; one that says nothing, or no date, allows all."""

    def one(name: str) -> tuple[str, ...]:
        value = str(act.get(name, ""))
        return (value,) if value else ()

    def day(name: str) -> date | None:
        try:
            return date.fromisoformat(str(act.get(name, "")))
        except ValueError:
            return None

    return Filters(
        documents=one("document"),
        types=one("type"),
        collections=one("collection"),
        since=day("since"),
        until=day("until"),
    )
