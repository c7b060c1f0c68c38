"""The library tab: what is in the index, taking more in, correcting and deleting."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator
from contextlib import aclosing
from datetime import date
from pathlib import Path

import gradio as gr
from gradio.utils import get_upload_folder

from rag.pipeline import Youju
from rag.types import ArticleDate
from rag.ui import library_view as view
from rag.ui.background import steps
from rag.ui.html import html
from rag.ui.jobs import UPLOADS, Jobs, settle_uploads, watch
from rag.ui.session import Act, Session, Updates

_DATE = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?)?月?)?年?")
_MORE = 200  # rows


class LibraryTab:
    """Handlers return the components that change, by name."""

    name = "library"

    def __init__(self, youju: Youju) -> None:
        self._youju = youju
        self._jobs = Jobs(youju)
        self._uploads = (youju.settings.index / UPLOADS).absolute()

    def layout(self) -> dict[str, gr.HTML]:
        names = ("drop", "progress", "said", "find", "table")
        return {f"library_{name}": html(f"yj-library-{name}") for name in names}

    def show(self, session: Session) -> Updates:
        t, writable = session.t, self._youju.notes.writable
        return {
            "library_drop": view.drop_zone(t, writable=writable),
            "library_find": view.find_box(t) if self._youju.documents() else "",
            "library_progress": view.progress(self._jobs.latest, str(self._uploads), t),
            **self._table(session),
        }

    def do(self, session: Session, act: Act) -> Updates:
        """One action on the table. Raises YoujuError."""
        shelf, t, key = session.shelf, session.t, str(act.get("id", ""))
        match act["do"]:
            case "find":
                shelf.find, shelf.shown = str(act["find"]), 100
            case "more":
                shelf.shown += _MORE
            case "edit":
                shelf.editing, shelf.said = key, ""
            case "correct":
                shelf.said = self._correct(key, act, session)
            case "delete":
                self._delete(key, session)
            case "stop":
                self._jobs.stop()
                return {"library_progress": view.progress(self._jobs.latest, str(self._uploads), t)}
            case "undo" if shelf.removed:
                self._undo(session)
                shelf.said = t.library_restored.format(title=shelf.removed.document.title)
                shelf.removed = shelf.file = None
        return self._table(session) if act["do"] not in ("undo", "delete") else self.show(session)

    async def run(self, session: Session, act: Act) -> AsyncGenerator[Updates, None]:
        """Take in the files that the browser has sent ("upload"), or go on watching what is being read ("watch")."""
        if act["do"] == "upload":
            # What a browser says about paths is not believed: only what it has itself sent may be taken in.
            sent = [(Path(str(f["path"])).resolve(), str(f["name"])) for f in act["files"]]
            inbox = Path(get_upload_folder()).resolve()
            files = settle_uploads(self._uploads, [(path, name) for path, name in sent if path.is_relative_to(inbox)])
            session.shelf.said = ""
            self._jobs.start(files, [str(name) for name in act["not_sent"]])
        batch = self._jobs.latest
        if batch is None:
            return
        async with aclosing(steps(lambda: watch(batch))) as glances:
            async for _ in glances:
                yield {"library_progress": view.progress(batch, str(self._uploads), session.t)}
        yield self.show(session)

    @property
    def busy(self) -> bool:
        return self._jobs.latest is not None and not self._jobs.latest.done.is_set()

    def _table(self, session: Session) -> Updates:
        writable = self._youju.notes.writable
        collections = {key: name for name, keys in self._youju.collections().items() for key in keys}
        return {
            "library_said": view.said(session.shelf, session.t),
            "library_table": view.table(
                self._youju.documents(), collections, session.shelf, session.t, writable=writable
            ),
        }

    def _correct(self, document_id: str, act: Act, session: Session) -> str:
        t, (title, when, collection) = session.t, (str(act[key]).strip() for key in ("title", "date", "collection"))
        if not title:
            return t.library_bad_title
        try:
            day = read_date(when, t.library_by_hand) if when else None
        except ValueError:
            return t.library_bad_date.format(date=when)
        self._youju.correct(document_id, title, day)
        self._youju.label([document_id], collection)
        session.shelf.editing = ""
        return t.library_corrected.format(title=title)

    def _delete(self, document_id: str, session: Session) -> None:
        shelf = session.shelf
        shelf.removed, shelf.file = self._youju.take_out(document_id), None
        file = Path(shelf.removed.document.path)
        if file.is_relative_to(self._uploads) and file.is_file():  # others belong to the reader and stay
            shelf.file = file.read_bytes()
            file.unlink()
        shelf.said = session.t.library_deleted.format(title=shelf.removed.document.title)

    def _undo(self, session: Session) -> None:
        removed, file = session.shelf.removed, session.shelf.file
        assert removed
        if file is not None:
            Path(removed.document.path).write_bytes(file)
        self._youju.put_back(removed)


def read_date(text: str, reason: str) -> ArticleDate:
    """A date as a person writes it: a day, a month or a year. Raises ValueError."""
    match = _DATE.fullmatch(text)
    if not match:
        raise ValueError(text)
    year, month, day = match.groups()
    precision = "day" if day else "month" if month else "year"
    return ArticleDate(date(int(year), int(month or 1), int(day or 1)), precision, reason)
