"""The one door to a store: the same small Protocol over the embedded store and, later, over Milvus."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from rag.errors import StoreError
from rag.types import Document, DocumentInfo, Passage, Span

Vectors = npt.NDArray[np.float32]  # shape (n, dimension), rows of length 1


class DenseMatch(NamedTuple):
    """A passage scored by its best window."""

    passage_id: str
    score: float  # cosine
    window: Span  # of the document


class LexicalMatch(NamedTuple):
    passage_id: str
    score: float  # BM25


@dataclass(frozen=True, slots=True)
class Filters:
    """Which documents a search may look at: those that every field given allows. An empty field allows all."""

    documents: tuple[str, ...] = ()  # names, paths or ids
    collections: tuple[str, ...] = ()
    since: date | None = None  # by the article's date. Known to the month or year only, an article is taken where it
    until: date | None = None  # may lie in the range; without any date it is not
    types: tuple[str, ...] = ()  # file suffixes, with or without the dot, in any case

    def __bool__(self) -> bool:
        return bool(self.documents or self.collections or self.since or self.until or self.types)


class Store(Protocol):
    """What is remembered. Every write is all or nothing; what a write replaces is gone from every search."""

    def put(self, document: Document, passages: Sequence[Passage], vectors: Vectors) -> None:
        """Write a document with its passages, in place of what it had.

        ``vectors`` has one row a window, in the order of the passages and of their ``windows``. The passages come back as
        they are put, ``times`` too: whoever changes the date of a document puts it with times resolved against that.
        Raises IndexReadOnly, StoreError; then nothing has changed.
        """

    def remove(self, document_id: str) -> bool:
        """Forget a document. False if it was not there."""

    def documents(self, ids: Collection[str] | None = None) -> list[DocumentInfo]:
        """Documents by name: all, or those of ``ids`` that are there."""

    def document(self, document_id: str) -> Document:
        """One document, whole. Raises StoreError if it is not there."""

    def passages(self, ids: Sequence[str]) -> list[Passage]:
        """Passages by id, in the order asked for. Raises StoreError for one that is not there."""

    def window_vectors(self, ids: Sequence[str]) -> list[Vectors]:
        """For each passage, in the order asked for, the vectors of its windows: shape (windows, dimension).

        Raises StoreError for a passage that is not there.
        """

    def search_dense(self, vector: npt.NDArray[np.float32], k: int, filters: Filters | None = None) -> list[DenseMatch]:
        """The ``k`` passages that ``filters`` allow (fewer if there are fewer) whose best window is nearest, best first."""

    def search_lexical(self, text: str, k: int, filters: Filters | None = None) -> list[LexicalMatch]:
        """Up to ``k`` passages that ``filters`` allow by BM25, best first. Fields: text, title, heading."""

    def term_counts(self, terms: Sequence[str]) -> tuple[list[int], int]:
        """In how many passages each of ``analyze.terms`` stands, and how many passages there are."""

    def label(self, document_ids: Collection[str], collection: str) -> None:
        """Put documents into a collection, in place of the one they were in; "": into none. Kept when they change.

        Raises IndexReadOnly, StoreError.
        """

    def collections(self) -> dict[str, list[str]]:
        """Name of each collection → ids of its documents, both in order."""

    def batch(self) -> AbstractContextManager[None]:
        """Many writes inside: each safe and found at once, the search structures saved when the outermost one ends."""

    def reading(self) -> AbstractContextManager[None]:
        """All that is read inside comes from one state. Writers wait meanwhile: no slow work inside."""

    def close(self) -> None: ...


def check(document: Document, passages: Sequence[Passage], vectors: Vectors, dimension: int) -> None:
    """What every store refuses to ``put``. Raises StoreError."""
    shape = (sum(len(passage.windows) for passage in passages), dimension)
    if vectors.shape != shape or not np.isfinite(vectors).all():
        raise StoreError(
            (f"向量的形状应为 {shape}，得到 {vectors.shape}", f"vectors must have shape {shape}, not {vectors.shape}"),
            subject=document.name,
        )
    if any(passage.document_id != document.id for passage in passages):
        raise StoreError(("段落不属于这篇文章", "a passage is of another document"), subject=document.name)
