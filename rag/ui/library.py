"""The library tab: what is in the index, taking more in, correcting and deleting."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import AsyncGenerator
from contextlib import aclosing
from datetime import date
from functools import partial
from pathlib import Path

import gradio as gr
from gradio.utils import get_upload_folder

from rag.ingest.reasons import because
from rag.pipeline import Youju
from rag.types import ArticleDate
from rag.ui import library_view as view
from rag.ui.background import steps
from rag.ui.html import html
from rag.ui.jobs import Batch, Jobs
from rag.ui.session import Act, Said, Session, Updates
from rag.ui.uploads import UPLOADS, Twin

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
        names = ("drop", "progress", "said", "find", "ticked", "table")
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
                shelf.watched = [batch for batch in shelf.watched if batch.id != key]
                return {"library_progress": self._progress(session)}
            case "keep":
                self._twins(session, act)
                return {"library_progress": self._progress(session)}
            case "tick":
                shelf.ticked = [one for one in shelf.ticked if one != key]
                shelf.ticked += [key] if act["on"] else []
                return {"library_ticked": view.ticked(shelf, self._youju.documents(), session.t)}
            case "untick":
                shelf.ticked = []
            case "undo" if shelf.removed:
                self._undo(session)
                title = shelf.removed.document.title
                shelf.said, shelf.saved = Said("library_restored", title=title), shelf.removed.document.id
                shelf.removed = shelf.file = None
        return self._table(session) if act["do"] not in ("undo", "delete") else self.show(session)

    async def run(self, session: Session, act: Act) -> AsyncGenerator[Updates, None]:
        """Take in the files that the browser has sent ("upload"), put them in the place of those whose name they came
        with ("replace"), or go on watching what is being read ("watch")."""
        shelf = session.shelf
        if act["do"] == "upload":
            # What a browser says about paths is not believed: only what it has itself sent may be taken in.
            sent = [(Path(str(f["path"])).resolve(), str(f["name"])) for f in act["files"]]
            inbox = Path(get_upload_folder()).resolve()
            sent = [(path, name) for path, name in sent if path.is_relative_to(inbox)]
            shelf.said = None
            batches = [self._jobs.start(Batch(sent, [str(name) for name in act["not_sent"]]))]
        elif act["do"] == "replace":
            twins = self._twins(session, act)
            batches = [self._jobs.start(Batch(replacing=twins))] if twins else []
        else:
            batches = self._jobs.unfinished
        shelf.watched += [batch for batch in batches if batch not in shelf.watched]
        for batch in batches:
            async with aclosing(steps(partial(self._jobs.watch, batch))) as glances:
                async for _ in glances:
                    yield {"library_progress": self._progress(session)}
        yield self.show(session)

    def _twins(self, session: Session, act: Act) -> list[Twin]:
        """Those of a batch that the reader has now decided on: one by its path, or all."""
        batch = next((batch for batch in session.shelf.watched if batch.id == act["id"]), None)
        if batch is None:
            return []
        decided = [twin for twin in batch.open_twins if act["new"] in ("", str(twin.new))]
        batch.answered |= {twin.new for twin in decided}
        return decided

    def _progress(self, session: Session) -> str:
        """What is being read, for everybody; what came of it, to whoever was looking on: a page opened later has its own."""
        return view.progress(self._jobs.unfinished, session.shelf.watched, str(self._uploads), session.t)

    def _table(self, session: Session) -> Updates:
        writable = self._youju.notes.writable
        collections = {key: name for name, keys in self._youju.collections().items() for key in keys}
        documents, shelf, t = self._youju.documents(), session.shelf, session.t
        return {
            "library_said": view.said(shelf, t),
            "library_ticked": view.ticked(shelf, documents, t),
            "library_table": view.table(documents, collections, shelf, t, writable=writable),
        }

    def _correct(self, document_id: str, act: Act, session: Session) -> None:
        shelf, (title, when, collection) = session.shelf, (str(act[k]).strip() for k in ("title", "date", "collection"))
        if not title:
            shelf.wrong = Said("library_bad_title")
            return
        try:
            day = read_date(when, because("hand")) if when else None
        except ValueError:
            shelf.wrong = Said("library_bad_date", date=when)
            return
        self._youju.correct(document_id, title, day)
        self._youju.label([document_id], collection)
        shelf.editing, shelf.wrong, shelf.saved = "", None, document_id
        shelf.said = Said("library_corrected", title=title)

    def _delete(self, document_id: str, session: Session) -> None:
        shelf = session.shelf
        shelf.removed, shelf.file, shelf.watched = self._youju.take_out(document_id), None, []
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
