"""An index of its own for each test of indexing: a real store, and an embedder that takes no time."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from rag.ingest import SPLITTER_VERSION
from rag.pipeline import Youju
from rag.settings import load_settings
from rag.store.embedded import open_store


class LetterEmbedder:
    """Counts characters by their code point: the same text always gives the same vector, like texts like ones."""

    name, dimension = "letters", 64
    fingerprint = hashlib.sha256(b"letters").hexdigest()[:32]

    def embed_passages(
        self, texts: Sequence[str], *, on_progress: Callable[[int], None] | None = None
    ) -> npt.NDArray[np.float32]:
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        for row, text in enumerate(texts):
            for char in text:
                vectors[row, ord(char) % self.dimension] += 1
            vectors[row] /= max(np.linalg.norm(vectors[row]), 1e-9)
            if on_progress is not None:
                on_progress(row + 1)
        return vectors

    def embed_query(self, text: str) -> npt.NDArray[np.float32]:
        return self.embed_passages([text])[0]


def open_quick(folder: Path) -> Youju:
    """An index without models."""
    settings = load_settings({"index": folder, "llm.provider": "none"}, environ={})
    embedder = LetterEmbedder()
    store = open_store(
        folder,
        embedder_name=embedder.name,
        embedder_fingerprint=embedder.fingerprint,
        dimension=embedder.dimension,
        splitter_version=SPLITTER_VERSION,
        create=True,
    )
    return Youju(settings, store, embedder, None)
