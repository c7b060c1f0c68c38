"""The two search structures together: following the library, saved beside it, made again from it when need be."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from rag.store import dense, lexical, seal
from rag.store.base import Vectors
from rag.store.dense import DenseIndex
from rag.store.lexical import LexicalIndex, Terms
from rag.store.library import Change, Library
from rag.types import Passage, Span

_log = logging.getLogger(__name__)
_UNKNOWN = -1
# Of the passages held. Ghosts shift BM25 a little: 175 of 300 replaced, scores moved by up to 5 %.
_MOST_GHOSTS = 0.1
_FAILURES = (OSError, ValueError, RuntimeError)  # what FAISS, tantivy and the disk raise


class Prepared(NamedTuple):
    """What the search structures keep of a passage: all that can be made ready before anything is locked."""

    terms: Terms
    vectors: Vectors  # of its windows


def prepare(passages: Sequence[Passage], vectors: Vectors, give_way: Callable[[], None]) -> list[Prepared]:
    """Of passages with the vectors of all their windows, in order. ``give_way`` is called after each."""
    found, first = [], 0
    for passage in passages:
        last = first + len(passage.windows)
        found.append(
            Prepared(
                lexical.terms(passage.read(Span(passage.start, passage.end)), passage.title, passage.heading),
                vectors[first:last],
            )
        )
        first = last
        give_way()
    return found


class Caches:
    """Dense and lexical search over the passages of one library. Not safe to change from two threads at once."""

    def __init__(self, folder: Path, library: Library) -> None:
        self.dense = DenseIndex(library.manifest.dimension)
        self.lexical = LexicalIndex.create(None)
        self.generation = _UNKNOWN  # of the library, that both stand at
        self.on_disk = False  # lexical lives in the folder; dense is in memory always
        self.unsaved = False  # ahead of their files
        self._folder, self._library = folder, library

    def follow(self, change: Change, prepared: Sequence[Prepared]) -> bool:
        """Do what the library has done. False where that failed: then both must be made again."""
        self.unsaved = True
        self.generation = _UNKNOWN  # until both have followed
        try:
            self.dense.remove(change.gone)
            self.dense.add((row, each.vectors) for row, each in zip(change.added, prepared, strict=True))
            self.lexical.remove(change.gone)
            self.lexical.add((row, each.terms) for row, each in zip(change.added, prepared, strict=True))
        except _FAILURES as error:
            _log.warning("%s: a search structure could not be changed (%s)", self._folder, error)
            return False
        self.generation = change.generation
        return True

    def load(self, generation: int, *, writable: bool) -> None:
        """From their files, as they stand for ``generation``. Raises Unsealed.

        tantivy opens no folder without writing a lock file into it: where that cannot be, its half is made in memory.
        """
        ghosts = seal.check(self._folder, self._library, generation)
        try:
            found = DenseIndex.load(self._folder / dense.FILE_NAME, self._library.manifest.dimension)
            self.lexical = (
                LexicalIndex.open(self._folder / lexical.FOLDER_NAME) if writable else self._make_lexical(None)
            )
        except _FAILURES as error:
            raise seal.Unsealed(f"not to be opened ({error})") from error
        self.lexical.ghosts = ghosts
        self.dense, self.generation, self.on_disk, self.unsaved = found, generation, writable, False

    def make(self, generation: int, *, writable: bool) -> None:
        """From the library, which stands at ``generation``; in memory where the folder cannot be written."""
        self.take(generation, *self.made(writable=writable))

    def made(self, *, writable: bool, writer: bool = False) -> tuple[DenseIndex, LexicalIndex, bool]:
        """Both from the library, and whether the lexical one is in the folder.

        ``writer``: for the one thread that may change the library; others may search meanwhile.
        """
        self.lexical.abandon()
        found = DenseIndex(self._library.manifest.dimension)
        found.add(self._library.vectors(writer=writer))
        try:
            folder = self._folder / lexical.FOLDER_NAME if writable else None
            return found, self._make_lexical(folder, writer=writer), writable
        except _FAILURES as error:
            _log.warning("%s: cannot be written (%s); searching from memory", self._folder, error)
            return found, self._make_lexical(None, writer=writer), False

    def take(self, generation: int, by_vector: DenseIndex, by_word: LexicalIndex, on_disk: bool) -> None:
        """In place of what there is."""
        self.dense, self.lexical, self.on_disk = by_vector, by_word, on_disk
        self.generation, self.unsaved = generation, on_disk

    def commit(self) -> None:
        """Let all that was done be found. Where the disk refuses, lexical goes on in memory."""
        try:
            self.lexical.commit()
        except _FAILURES as error:
            _log.warning("%s: cannot be written (%s); searching from memory", self._folder, error)
            self.make(self.generation, writable=False)

    def settle(self) -> bool:
        """Before ``save``, while nobody searches: commit. False where so much has been removed that both are to be made."""
        if self.unsaved:
            self.commit()
            return self.lexical.ghosts <= _MOST_GHOSTS * self.lexical.rows
        return True

    def save(self) -> None:
        """Write what is ahead of its file. A failure is logged: the library has everything to make it again.

        Searches may go on meanwhile, if all that was added is committed.
        """
        if not (self.unsaved and self.on_disk):
            return
        try:
            self.lexical.release()
            self.dense.save(self._folder / dense.FILE_NAME)
            seal.write(self._folder, self._library, self.generation, self.lexical.ghosts)
        except _FAILURES as error:
            _log.warning("%s: the search structures could not be saved (%s)", self._folder, error)
        else:
            self.unsaved = False

    def _make_lexical(self, folder: Path | None, *, writer: bool = False) -> LexicalIndex:
        index = LexicalIndex.create(folder)
        index.add((row, lexical.terms(*texts)) for row, *texts in self._library.texts(writer=writer))
        index.release()
        return index
