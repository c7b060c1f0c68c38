"""Vectors kept on disk: a set that was embedded once is not embedded again."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType

import numpy as np
import numpy.typing as npt

from rag.errors import EvaluationError
from rag.models.embedder import Embedder

Vectors = npt.NDArray[np.float32]
_CHUNK = 256  # texts embedded between two writes: what an interruption loses at most
_BUSY_S = 60.0  # how long to wait for another program that writes to the same file


class CachedEmbedder:
    """An Embedder that looks a passage up before it embeds it.

    One SQLite file a model (``folder/<fingerprint>.sqlite``); a row is keyed by the SHA-256 of a text, its value is the
    vector as float32, little endian. What is looked up is what was embedded, bit for bit. Close it.
    """

    def __init__(self, embedder: Embedder, folder: Path) -> None:
        """Raises EvaluationError where the file cannot be opened."""
        self._embedder = embedder
        self.name, self.fingerprint, self.dimension = embedder.name, embedder.fingerprint, embedder.dimension
        self.path = folder / f"{self.fingerprint}.sqlite"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._rows = sqlite3.connect(self.path, timeout=_BUSY_S, isolation_level=None)
            self._rows.execute("CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, value BLOB) WITHOUT ROWID")
        except (OSError, sqlite3.Error) as error:
            raise self._unusable(error) from error

    def embed_passages(self, texts: Sequence[str], *, on_progress: Callable[[int], None] | None = None) -> Vectors:
        """Shape (len(texts), dimension). ``on_progress`` is told how many are done so far."""
        vectors = np.empty((len(texts), self.dimension), np.float32)
        keys = [_key(text) for text in texts]
        missing: dict[bytes, list[int]] = {}
        for place, key in enumerate(keys):
            known = self._look_up(key)
            if known is None:
                missing.setdefault(key, []).append(place)
            else:
                vectors[place] = known
        done = len(texts) - sum(map(len, missing.values()))
        wanted = list(missing.items())
        for start in range(0, len(wanted), _CHUNK):
            chunk = wanted[start : start + _CHUNK]
            fresh = self._embedder.embed_passages([texts[places[0]] for _, places in chunk])
            self._keep([key for key, _ in chunk], fresh)
            for (_, places), vector in zip(chunk, fresh, strict=True):
                vectors[places] = vector
                done += len(places)
            if on_progress is not None:
                on_progress(done)
        return vectors

    def embed_query(self, text: str) -> Vectors:
        """Shape (dimension,). Always anew: what a question costs is measured."""
        return self._embedder.embed_query(text)

    def close(self) -> None:
        self._rows.close()

    def __enter__(self) -> CachedEmbedder:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _look_up(self, key: bytes) -> Vectors | None:
        try:
            row = self._rows.execute("SELECT value FROM vectors WHERE key = ?", (key,)).fetchone()
        except sqlite3.Error as error:
            raise self._unusable(error) from error
        if row is None or len(row[0]) != 4 * self.dimension:
            return None
        return np.frombuffer(row[0], dtype="<f4").astype(np.float32)

    def _keep(self, keys: Sequence[bytes], vectors: Vectors) -> None:
        rows = [(key, np.ascontiguousarray(v, dtype="<f4").tobytes()) for key, v in zip(keys, vectors, strict=True)]
        try:
            self._rows.execute("BEGIN IMMEDIATE")
            self._rows.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", rows)
            self._rows.execute("COMMIT")
        except sqlite3.Error as error:
            raise self._unusable(error) from error

    def _unusable(self, error: Exception) -> EvaluationError:
        return EvaluationError(
            (f"向量缓存用不了（{error}）", f"the cache of vectors cannot be used ({error})"),
            subject=str(self.path),
            advice=("删去这个文件后再试", "Delete that file and try again"),
        )


def _key(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
