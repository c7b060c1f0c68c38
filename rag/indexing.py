"""Files and folders → the store: what ``Youju.add`` does."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from rag.answer.when import kept
from rag.errors import IngestError
from rag.ingest import find_files, load_document
from rag.ingest.given import problems
from rag.ingest.split import split
from rag.models.embedder import Embedder
from rag.store.base import Store, Vectors
from rag.store.embedded import EmbeddedStore
from rag.store.notes import Notes
from rag.types import ArticleDate, Document, DocumentInfo, IndexReport, Passage, Progress

OnProgress = Callable[[Progress], None]


class Indexing:
    """One run: counts, reports, goes on past what cannot be read."""

    def __init__(self, store: Store, embedder: Embedder, on_progress: OnProgress | None, notes: Notes) -> None:
        self._store, self._embedder, self._tell = store, embedder, on_progress or (lambda _: None)
        self._notes = notes
        self._started = time.monotonic()

    def run(self, paths: Sequence[Path], collection: str) -> IndexReport:
        read: list[str] = []  # ids
        added: list[str] = []
        replaced: list[str] = []
        unchanged: list[str] = []
        failed: list[tuple[str, tuple[str, str]]] = []
        files: list[Path] = []
        for path in paths:
            try:
                files += find_files([path])
            except IngestError as error:
                failed.append((str(path), _reason(error)))
        known = {info.path: info for info in self._store.documents()}
        removed = self._forget_missing(paths, files, known)
        for number, file in enumerate(files):
            self._tell(Progress("read", number, len(files), "files", file.name, self._left(number, len(files))))
            try:
                document = load_document(file)
            except IngestError as error:
                failed.append((str(file), _reason(error)))
                continue
            read.append(document.id)
            old = known.get(document.path)
            correction = self._notes.correction(document.id)
            if correction:
                document = replace(document, title=correction.title, date=correction.date)
            # a title or a date may come from a sidecar, and change while the file does not
            if (
                old is not None
                and (old.sha256, old.title, old.date)
                == (
                    document.sha256,
                    document.title,
                    document.date,
                )
                and self._split_alike(document, old)
            ):
                unchanged.append(document.name)
                continue
            passages = timed(split(document), document.date)
            self._store.put(document, passages, self._vectors(document, passages))
            (replaced if old is not None else added).append(document.name)
        failed += [(error.subject, _reason(error)) for error in problems(files)]
        if collection:
            self._store.label(read, collection)
        self._tell(Progress("read", len(files), len(files), "files", "", 0.0))
        return IndexReport(tuple(added), tuple(replaced), tuple(unchanged), tuple(removed), tuple(failed))

    def _split_alike(self, document: Document, old: DocumentInfo) -> bool:
        """Are the passages of an unchanged file in the index those that it would give today?"""
        there = self._store.passages([f"{old.id}:{number}" for number in range(old.passages)])
        return [replace(passage, times=None) for passage in there] == list(split(document))

    def _vectors(self, document: Document, passages: Sequence[Passage]) -> Vectors:
        started = time.monotonic()

        def tell(done: int, total: int) -> None:
            left = (time.monotonic() - started) / done * (total - done) if done else None
            self._tell(Progress("embed", done, total, "windows", document.name, left))

        return window_vectors(passages, self._embedder, tell)

    def _forget_missing(
        self, paths: Sequence[Path], files: Sequence[Path], known: dict[str, DocumentInfo]
    ) -> list[str]:
        """A folder indexed again speaks for all that is in it: what is gone from there is gone from the index."""
        folders = [path.absolute() for path in paths if path.is_dir()]
        present = {str(file.absolute()) for file in files}
        gone = [
            info
            for path, info in known.items()
            if path not in present and any(Path(path).is_relative_to(folder) for folder in folders)
        ]
        for info in gone:
            self._store.remove(info.id)
        return [info.name for info in gone]

    def _left(self, done: int, total: int) -> float | None:
        spent = time.monotonic() - self._started
        return spent / done * (total - done) if done else None


def window_vectors(
    passages: Sequence[Passage], embedder: Embedder, on_progress: Callable[[int, int], None] | None = None
) -> Vectors:
    """One row a window. What stands twice (overlaps, refrains, a line repeated a thousand times) is embedded once.

    ``on_progress`` is told how many are done, of how many.
    """
    texts = [passage.slice(window) for passage in passages for window in passage.windows]
    places = {text: place for place, text in enumerate(dict.fromkeys(texts))}

    def tell(done: int) -> None:
        if on_progress is not None:
            on_progress(done, len(places))

    vectors = embedder.embed_passages(list(places), on_progress=tell)
    return vectors[[places[text] for text in texts]]


def timed(passages: Sequence[Passage], written: ArticleDate | None) -> list[Passage]:
    """Passages with the times that they name, counted from the date of their article."""
    return [replace(passage, times=kept.resolved(passage, written)) for passage in passages]


def renew_times(store: EmbeddedStore, on_progress: OnProgress | None) -> None:
    """Resolve the times of an index that was made before they were kept, or with other rules for them."""

    def tell(done: int, total: int) -> None:
        if on_progress is not None:
            on_progress(Progress("times", done, total, "files"))

    store.renew_times(kept.RESOLVER, kept.resolved, tell)


def _reason(error: IngestError) -> tuple[str, str]:
    """In both languages. Not the error itself: its traceback would keep the bytes of the file alive."""
    return error.text("zh"), error.text("en")
