"""The library tab: what is in the index, taking more in, correcting and deleting."""

from __future__ import annotations

import re
import unicodedata
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
from rag.ui.session import Act, Said, Session, Updates

_DATE = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})(?:[-/.月](\d{1,2})[日号]?)?月?)?年?")
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
            "library_progress": self._progress(session),
            **self._table(session),
        }

    def do(self, session: Session, act: Act) -> Updates:
        """One action on the table. Raises YoujuError."""
        shelf, key = session.shelf, str(act.get("id", ""))
        shelf.saved = ""
        match act["do"]:
            case "find":
                shelf.find, shelf.shown = str(act["find"]), 100
            case "more":
                shelf.shown += _MORE
            case "edit":
                shelf.editing, shelf.said, shelf.wrong = key, None, None
            case "correct":
                self._correct(key, act, session)
            case "delete":
                self._delete(key, session)
            case "stop":
                self._jobs.stop()
                return {"library_progress": self._progress(session)}
            case "dismiss":
                shelf.watched = None
                return {"library_progress": self._progress(session)}
            case "undo" if shelf.removed:
                self._undo(session)
                title = shelf.removed.document.title
                shelf.said, shelf.saved = Said("library_restored", title=title), shelf.removed.document.id
                shelf.removed = shelf.file = None
        return self._table(session) if act["do"] not in ("undo", "delete") else self.show(session)

    async def run(self, session: Session, act: Act) -> AsyncGenerator[Updates, None]:
        """Take in the files that the browser has sent ("upload"), or go on watching what is being read ("watch")."""
        if act["do"] == "upload":
            # What a browser says about paths is not believed: only what it has itself sent may be taken in.
            sent = [(Path(str(f["path"])).resolve(), str(f["name"])) for f in act["files"]]
            inbox = Path(get_upload_folder()).resolve()
            files = settle_uploads(self._uploads, [(path, name) for path, name in sent if path.is_relative_to(inbox)])
            session.shelf.said = None
            self._jobs.start(files, [str(name) for name in act["not_sent"]])
        batch = self._jobs.latest
        if batch is None:
            return
        session.shelf.watched = batch
        async with aclosing(steps(lambda: watch(batch))) as glances:
            async for _ in glances:
                yield {"library_progress": self._progress(session)}
        yield self.show(session)

    @property
    def busy(self) -> bool:
        return self._jobs.latest is not None and not self._jobs.latest.done.is_set()

    def _progress(self, session: Session) -> str:
        """The batch that is being read; after that, only to whoever was looking on: a page opened later has its own."""
        batch = self._jobs.latest if self.busy else session.shelf.watched
        return view.progress(batch, str(self._uploads), session.t)

    def _table(self, session: Session) -> Updates:
        writable = self._youju.notes.writable
        collections = {key: name for name, keys in self._youju.collections().items() for key in keys}
        return {
            "library_said": view.said(session.shelf, session.t),
            "library_table": view.table(
                self._youju.documents(), collections, session.shelf, session.t, writable=writable
            ),
        }

    def _correct(self, document_id: str, act: Act, session: Session) -> None:
        shelf, (title, when, collection) = session.shelf, (str(act[k]).strip() for k in ("title", "date", "collection"))
        if not title:
            shelf.wrong = Said("library_bad_title")
            return
        try:
            day = read_date(when, session.t.library_by_hand) if when else None
        except ValueError:
            shelf.wrong = Said("library_bad_date", date=when)
            return
        self._youju.correct(document_id, title, day)
        self._youju.label([document_id], collection)
        shelf.editing, shelf.wrong, shelf.saved = "", None, document_id
        shelf.said = Said("library_corrected", title=title)

    def _delete(self, document_id: str, session: Session) -> None:
        shelf = session.shelf
        shelf.removed, shelf.file, shelf.watched = self._youju.take_out(document_id), None, None
        file = Path(shelf.removed.document.path)
        upload = file.is_relative_to(self._uploads) and file.is_file()
        if upload:  # others belong to the reader and stay
            shelf.file = file.read_bytes()
            file.unlink()
        name = "library_deleted_upload" if upload else "library_deleted"
        shelf.said = Said(name, title=shelf.removed.document.title)

    def _undo(self, session: Session) -> None:
        removed, file = session.shelf.removed, session.shelf.file
        assert removed
        if file is not None:
            Path(removed.document.path).write_bytes(file)
        self._youju.put_back(removed)


def read_date(text: str, reason: str) -> ArticleDate:
    """A date as a person writes it: a day, a month or a year. Raises ValueError."""
    match = _DATE.fullmatch(re.sub(r"\s", "", unicodedata.normalize("NFKC", text)))
    if not match:
        raise ValueError(text)
    year, month, day = match.groups()
    precision = "day" if day else "month" if month else "year"
    return ArticleDate(date(int(year), int(month or 1), int(day or 1)), precision, reason)
