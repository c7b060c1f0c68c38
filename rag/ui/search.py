"""The search tab: passages and the reasons for their rank, no model asked."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator

import gradio as gr

from rag.pipeline import Youju
from rag.ui import search_view as view
from rag.ui.html import html
from rag.ui.scope import EVERYWHERE, read
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
        documents, collections = self._youju.documents(), list(self._youju.collections())
        return {
            "search_form": view.form(session.sought, documents, collections, session.t),
            "search_results": view.results(session.sought, session.t),
        }

    def do(self, session: Session, act: Act) -> Updates:
        """Search, once there is something to look for; the page does so by itself when a filter changes.

        Raises YoujuError.
        """
        old = session.sought.scope if session.sought else EVERYWHERE
        scope = read(act, self._youju.documents(), old)
        session.sought = Sought(str(act["words"]).strip(), scope)
        if session.sought.words:
            started = time.perf_counter()
            session.sought.hits = self._youju.search(session.sought.words, k=_SHOWN, filters=scope.filters)
            session.sought.seconds = time.perf_counter() - started
        if old != scope:
            return self.show(session)
        return {"search_results": view.results(session.sought, session.t)}

    async def run(self, session: Session, act: Act) -> AsyncGenerator[Updates, None]:
        yield self.do(session, act)
