"""Windows by cosine: exact inner products in FAISS. A cache of the library's vectors."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from rag.store.base import Vectors

FILE_NAME = "dense.faiss"
_BITS = 20  # an id is the passage's row, then this many bits for the window within it


class WindowMatch(NamedTuple):
    row: int  # of the passage
    window: int  # its best window, counted from 0
    score: float  # cosine


class DenseIndex:
    """Not safe to use while it is changed from another thread."""

    def __init__(self, dimension: int) -> None:
        import faiss

        # Flat: exact, and removable. 50,000 passages of six windows are 300,000 rows, some tens of milliseconds a question.
        self._index = faiss.IndexIDMap2(faiss.IndexFlatIP(dimension))
        self._windows: dict[int, int] = {}  # row of a passage → its number of windows

    @classmethod
    def load(cls, path: Path, dimension: int) -> DenseIndex:
        """From a file known to be whole. Raises ValueError for another dimension, RuntimeError for no such index."""
        import faiss

        loaded = cls(dimension)
        index = faiss.read_index(str(path))
        if not isinstance(index, faiss.IndexIDMap2) or index.d != dimension:
            raise ValueError(f"{path} is not an index of {dimension} dimensions")
        rows, counts = np.unique(faiss.vector_to_array(index.id_map) >> _BITS, return_counts=True)
        loaded._index, loaded._windows = index, dict(zip(rows.tolist(), counts.tolist(), strict=True))
        return loaded

    def save(self, path: Path) -> None:
        """Whole or not at all. Raises OSError, RuntimeError."""
        import faiss

        temporary = path.with_suffix(".tmp")
        faiss.write_index(self._index, str(temporary))
        with temporary.open("rb+") as file:
            os.fsync(file.fileno())
        temporary.replace(path)

    @property
    def rows(self) -> int:
        """Passages held."""
        return len(self._windows)

    def add(self, passages: Iterable[tuple[int, Vectors]]) -> None:
        """Rows not held yet, each with vectors of shape (windows, dimension)."""
        ids: list[npt.NDArray[np.int64]] = []
        vectors: list[Vectors] = []
        for row, block in passages:
            self._windows[row] = len(block)
            ids.append((row << _BITS) + np.arange(len(block), dtype=np.int64))
            vectors.append(block)
        if ids:
            self._index.add_with_ids(np.concatenate(vectors).astype(np.float32), np.concatenate(ids))

    def remove(self, rows: Sequence[int]) -> None:
        """Rows not held are passed over."""
        import faiss

        ids = [
            (row << _BITS) + np.arange(self._windows.pop(row), dtype=np.int64) for row in rows if row in self._windows
        ]
        if ids:
            self._index.remove_ids(faiss.IDSelectorBatch(np.concatenate(ids)))

    def search(self, vector: npt.NDArray[np.float32], k: int, rows: Sequence[int] | None = None) -> list[WindowMatch]:
        """The ``k`` passages (of ``rows``, where given) whose best window is nearest, best first; equals in the order of
        their rows.
        """
        chosen = None if rows is None else [row for row in rows if row in self._windows]
        wanted = min(k, len(self._windows if chosen is None else chosen))
        total = int(self._index.ntotal) if chosen is None else sum(self._windows[row] for row in chosen)
        parameters = None if chosen is None or not chosen else self._selecting(chosen)
        windows = min(4 * wanted, total)  # neighbours share windows; where 4 a passage are not enough, 16, 64…
        query = np.ascontiguousarray(vector, dtype=np.float32).reshape(1, -1)
        while wanted > 0:
            with _one_thread():
                scores, ids = self._index.search(query, windows, params=parameters)
            found = _best_windows(scores[0], ids[0])
            if len(found) >= wanted or windows == total:
                return found[:wanted]
            windows = min(4 * windows, total)
        return []

    def _selecting(self, rows: Sequence[int]) -> Any:
        import faiss

        ids = np.concatenate([(row << _BITS) + np.arange(self._windows[row], dtype=np.int64) for row in rows])
        # The keyword, not the attribute: it is what keeps the selector alive.
        return faiss.SearchParameters(sel=faiss.IDSelectorBatch(ids))  # type: ignore[call-arg]


@contextmanager
def _one_thread() -> Iterator[None]:
    """FAISS shares queries out among threads, and there is one: the rest only wait, and spin while they do.

    1,000 passages on two busy cores: 28 ms with two threads, 0.3 ms with one.
    """
    import faiss

    threads = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1)
    try:
        yield
    finally:
        faiss.omp_set_num_threads(threads)


def _best_windows(scores: npt.NDArray[np.float32], ids: npt.NDArray[np.int64]) -> list[WindowMatch]:
    best: dict[int, WindowMatch] = {}
    for score, identity in zip(scores.tolist(), ids.tolist(), strict=True):
        row = identity >> _BITS
        match = WindowMatch(row, identity & ((1 << _BITS) - 1), score)
        if row not in best or (-score, match.window) < (-best[row].score, best[row].window):
            best[row] = match
    return sorted(best.values(), key=lambda match: (-match.score, match.row))
