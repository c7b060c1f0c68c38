"""The store that needs no server: SQLite as the truth, FAISS and tantivy as caches of it.

One thread writes at a time, and one program: ``write.lock`` is held while one does. Searches see the state before a
write or after it. While another program writes, searches here see what it has removed as gone, and what it has added
when it is done.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import numpy as np
import numpy.typing as npt

from rag.errors import StoreError
from rag.store import dense, library, manifest, seal
from rag.store.base import DenseMatch, Filters, LexicalMatch, Vectors, check
from rag.store.caches import Caches, Prepared, prepare
from rag.store.library import Change, Library, Resolve
from rag.store.lock import FileLock
from rag.store.manifest import Manifest
from rag.store.sqlite import BUSY_TIMEOUT_S, busy_error, read_only_error, translated, writable
from rag.types import Document, DocumentInfo, Passage

_log = logging.getLogger(__name__)
_LOCK_NAME = "write.lock"


def open_store(
    folder: Path,
    *,
    embedder_name: str,
    embedder_fingerprint: str,
    dimension: int,
    splitter_version: str,
    older_splitters: Collection[str] = (),
    create: bool = False,
    recreate: bool = False,
    lasting: bool = True,
) -> EmbeddedStore:
    """The index in ``folder``, ready to search.

    ``create``: make an empty one where there is none. ``recreate``: forget what is there, whatever made it, first.
    ``older_splitters``: versions whose passages are good enough to search, until their articles are indexed again.
    ``lasting``: False for one that is thrown away afterwards, and need not survive the loss of power.
    Raises IndexMissing, IndexMismatch (another model or splitter), IndexReadOnly, StoreError.
    """
    path = folder / library.FILE_NAME
    wanted = Manifest(embedder_name, embedder_fingerprint, dimension, splitter_version)
    if recreate or (create and not library.exists(path)):
        _make(folder, wanted)
    opened = Library.open(path, read_only=not writable(path), lasting=lasting)
    try:
        manifest.check(opened.manifest, wanted, path, older_splitters)
        opened.splitter_version = splitter_version
        return EmbeddedStore(folder, opened, read_only=not writable(path))
    except BaseException:
        opened.close()
        raise


def open_library(folder: Path) -> Library:
    """The library of the index in ``folder``, for reading, whatever model made it; its ``manifest`` says which.

    For whom a list or a text is enough: nothing is loaded. Raises IndexMissing, IndexMismatch (another format),
    StoreError.
    """
    path = folder / library.FILE_NAME
    # Writable where it can be: what a crash has left half done must be undone before anything is read.
    return Library.open(path, read_only=not writable(path))


class EmbeddedStore:
    """A Store in one folder; get one from ``open_store``. Safe to use from several threads."""

    busy_timeout_s = BUSY_TIMEOUT_S  # how long a write waits for another program to finish its own

    def __init__(self, folder: Path, opened: Library, *, read_only: bool) -> None:
        self.folder, self.read_only = folder, read_only
        self._library = opened
        self._writing = threading.RLock()  # taken before ``_state`` where both are
        self._state = threading.RLock()  # library and caches
        self._lock = FileLock(folder / _LOCK_NAME)
        self._depth = 0  # of batches; ``_lock`` is held where it is not 0
        self.give_way: Callable[[], None] = lambda: None  # called at each step of a long write, with nothing locked
        self._caches = Caches(folder, opened)
        with self._state:
            self._catch_up()

    @property
    def manifest(self) -> Manifest:
        return self._library.manifest

    def put(self, document: Document, passages: Sequence[Passage], vectors: Vectors) -> None:
        check(document, passages, vectors, self.manifest.dimension)
        prepared = prepare(passages, vectors, self.give_way)
        with self.batch():
            self._change(lambda: self._library.write(document, passages, vectors), prepared)

    def remove(self, document_id: str) -> bool:
        with self.batch():
            return self._change(lambda: self._library.delete(document_id), ())

    def _change(self, write: Callable[[], Change | None], prepared: Sequence[Prepared]) -> bool:
        """Searches wait only for the last moment of a write, from its commit until the search structures have followed.

        False where there was nothing to change.
        """
        with self._writing, ExitStack() as nobody_reads:
            with self._library.changing():
                change = write()
                nobody_reads.enter_context(self._state)
            if change is not None and not self._caches.follow(change, prepared):
                self._catch_up(locked=True)
            return change is not None

    def documents(self, ids: Collection[str] | None = None) -> list[DocumentInfo]:
        with self._state:
            return self._library.documents(ids)

    def document(self, document_id: str) -> Document:
        with self._state:
            return self._library.document(document_id)

    def passages(self, ids: Sequence[str]) -> list[Passage]:
        with self._state:
            return self._library.passages(ids)

    def window_vectors(self, ids: Sequence[str]) -> list[Vectors]:
        with self._state:
            return self._library.window_vectors(ids)

    def search_dense(self, vector: npt.NDArray[np.float32], k: int, filters: Filters | None = None) -> list[DenseMatch]:
        if vector.shape != (self.manifest.dimension,) or not np.isfinite(vector).all():
            raise StoreError(
                (
                    f"要检索的向量不是 {self.manifest.dimension} 维",
                    f"not a vector of {self.manifest.dimension} dimensions",
                )
            )
        with self._state:
            self._catch_up()
            found = self._caches.dense.search(vector, k, self._library.rows(filters) if filters else None)
            known = self._library.identify([match.row for match in found])
        return [
            DenseMatch(known[match.row][0], match.score, known[match.row][1][match.window])
            for match in found
            if match.row in known
        ]

    def search_lexical(self, text: str, k: int, filters: Filters | None = None) -> list[LexicalMatch]:
        with self._state:
            self._catch_up()
            self._caches.commit()
            found = self._caches.lexical.search(text, k, self._library.rows(filters) if filters else None)
            known = self._library.identify([row for row, _ in found])
        return [LexicalMatch(known[row][0], score) for row, score in found if row in known]

    def term_counts(self, terms: Sequence[str]) -> tuple[list[int], int]:
        with self._state:
            self._catch_up()
            self._caches.commit()
            return self._caches.lexical.term_counts(terms), self._caches.lexical.rows

    def label(self, document_ids: Collection[str], collection: str) -> None:
        with self.batch(), self._writing, self._state, self._library.changing():
            self._library.label(document_ids, collection)

    def collections(self) -> dict[str, list[str]]:
        with self._state:
            return self._library.collections()

    @contextmanager
    def reading(self) -> Iterator[None]:
        """All that is read inside comes from one state. Writers wait meanwhile: no slow work inside."""
        with self._state:
            yield

    @contextmanager
    def batch(self) -> Iterator[None]:
        """Many writes inside, and the search structures saved once, at the end of the outermost one.

        Each write is safe at once, and found at once. Other programs cannot write meanwhile; other threads can.
        Raises IndexReadOnly, StoreError.
        """
        with self._writing:
            if self._depth == 0:
                self._acquire()
            self._depth += 1
        try:
            yield
        finally:
            with self._writing:
                self._depth -= 1
                if self._depth == 0:
                    try:
                        self._save()
                    finally:
                        self._lock.release()

    def renew_times(self, resolver: str, resolve: Resolve, tell: Callable[[int, int], None]) -> int:
        """Resolve the times that ``resolver`` has not resolved, all or none, without embedding. Of how many passages.

        0 where the index cannot be written, or another program is writing: then they stay as they are. ``tell``:
        documents done, of how many.
        """
        with self._writing, self._state, translated(self._library.path):
            if self.read_only or not self._library.stale_times(resolver) or not self._lock.acquire(0):
                return 0
            try:
                with self._library.changing():
                    return self._library.renew_times(resolver, resolve, tell)
            except StoreError as error:  # a full disk, say: nothing has changed, and no search needs it
                _log.warning("%s: the times could not be resolved (%s)", self.folder, error.text("en"))
                return 0
            finally:
                self._lock.release()

    def flush(self) -> None:
        """Save the search structures now. Does nothing where they are saved."""
        with self._writing:
            if self._depth:
                self._save()

    def close(self) -> None:
        """Idempotent. What was put is safe without it."""
        with self._writing, self._state:
            self.flush()
            self._library.close()
            self._caches.lexical.abandon()

    def __enter__(self) -> EmbeddedStore:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _acquire(self) -> None:
        if self.read_only:
            raise read_only_error(self.folder)
        with translated(self._library.path):
            if not self._lock.acquire(self.busy_timeout_s):
                raise busy_error(self.folder)
        try:
            with self._state:
                self._catch_up(locked=True)
        except BaseException:
            self._lock.release()
            raise

    def _catch_up(self, *, locked: bool = False) -> None:
        """Bring the caches to the library's generation. ``locked``: this store holds the write lock.

        They are behind when the store opens, when another program has written, and when following a write failed.
        """
        generation = self._library.generation()
        if self._caches.generation == generation and (self._caches.on_disk or not locked):
            return
        try:
            self._caches.load(generation, writable=not self.read_only)
        except seal.Unsealed as reason:
            self._make_caches(generation, reason, locked)

    def _make_caches(self, generation: int, reason: seal.Unsealed, locked: bool) -> None:
        lock = FileLock(self.folder / _LOCK_NAME)
        with translated(lock.path):
            mine = locked or (not self.read_only and lock.acquire(0))
        try:
            if not mine and not self.read_only and self._caches.generation >= 0:
                return  # another program is writing, and will leave what to load
            if generation > 0:
                _log.warning("%s: the search structures are %s; making them from the library", self.folder, reason)
            self._caches.make(generation, writable=mine)
            if not self._depth:
                self._caches.save()
        finally:
            lock.release()

    def _save(self) -> None:
        with self._state:
            settled = self._caches.settle()
        if not settled:  # nobody else writes meanwhile, and searches go on in what there is
            made = self._caches.made(writable=self._caches.on_disk, writer=True)
            with self._state:
                self._caches.take(self._caches.generation, *made)
        self._caches.save()


def _make(folder: Path, wanted: Manifest) -> None:
    path = folder / library.FILE_NAME
    lock = FileLock(folder / _LOCK_NAME)
    with translated(path):
        folder.mkdir(parents=True, exist_ok=True)
        if not writable(path):
            raise read_only_error(folder)
        if not lock.acquire(BUSY_TIMEOUT_S):
            raise busy_error(folder)
        try:
            # The journal first: played back into a new library it would damage it.
            for name in (f"{library.FILE_NAME}-journal", library.FILE_NAME, dense.FILE_NAME, seal.FILE_NAME):
                (folder / name).unlink(missing_ok=True)
            Library.create(path, wanted).close()
        finally:
            lock.release()
