"""The one door to a store: the same small Protocol over the embedded store and, later, over Milvus."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import AbstractContextManager
from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

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


class Store(Protocol):
    """What is remembered. Every write is all or nothing; what a write replaces is gone from every search."""

    def put(self, document: Document, passages: Sequence[Passage], vectors: Vectors) -> None:
        """Write a document with its passages, in place of what it had.

        ``vectors`` has one row a window, in the order of the passages and of their ``windows``.
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

    def search_dense(self, vector: npt.NDArray[np.float32], k: int) -> list[DenseMatch]:
        """The ``k`` passages (fewer if there are fewer) whose best window is nearest, best first."""

    def search_lexical(self, text: str, k: int) -> list[LexicalMatch]:
        """Up to ``k`` passages by BM25, best first. Fields: text, title, heading."""

    def batch(self) -> AbstractContextManager[None]:
        """Many writes inside: each safe and found at once, the search structures saved when the outermost one ends."""

    def reading(self) -> AbstractContextManager[None]:
        """All that is read inside comes from one state. Writers wait meanwhile: no slow work inside."""

    def close(self) -> None: ...
