"""A whole ``Youju`` in a moment: real store, real retrieval, and an embedder without a model."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from rag.ingest.split import SPLITTER_VERSION
from rag.models.embedder import Embedder
from rag.models.llm import ChatModel
from rag.pipeline import Youju
from rag.settings import Settings, load_settings
from rag.store.embedded import open_store


class WordEmbedder:
    """Texts are near where they share pairs of characters. For tests in which no meaning has to be understood."""

    name, fingerprint, dimension = "words", "w1", 64

    def embed_passages(
        self, texts: Sequence[str], *, on_progress: Callable[[int], None] | None = None
    ) -> npt.NDArray[np.float32]:
        rows = np.zeros((len(texts), self.dimension), np.float32)
        for row, text in zip(rows, texts, strict=True):
            row += sum((_drawn(text[i : i + 2], self.dimension) for i in range(max(len(text) - 1, 1))), np.float32(0))
            row /= np.linalg.norm(row)
        if on_progress is not None:
            on_progress(len(texts))
        return rows

    def embed_query(self, text: str) -> npt.NDArray[np.float32]:
        return self.embed_passages([text])[0]


@cache
def _drawn(pair: str, dimension: int) -> npt.NDArray[np.float32]:
    seed = int.from_bytes(hashlib.sha256(pair.encode(errors="surrogatepass")).digest()[:8], "big")
    return np.random.default_rng(seed).standard_normal(dimension).astype(np.float32)


@contextmanager
def small_youju(
    folder: Path,
    articles: Mapping[str, str],
    *,
    embedder: Embedder | None = None,
    model: ChatModel | None = None,
    settings: Settings | None = None,
) -> Iterator[Youju]:
    """``articles`` (file name → text), written and indexed below ``folder``; closed in the end.

    ``embedder``: a ``WordEmbedder`` where None. ``model``: None answers with quotations.
    """
    settings = settings or load_settings({"index": folder / "index", "llm.provider": "none"}, environ={})
    embedder = embedder or WordEmbedder()
    store = open_store(
        settings.index,
        embedder_name=embedder.name,
        embedder_fingerprint=embedder.fingerprint,
        dimension=embedder.dimension,
        splitter_version=SPLITTER_VERSION,
        create=True,
    )
    with Youju(settings, store, embedder, model) as youju:
        if articles:
            held = folder / "articles"
            held.mkdir()
            for name, text in articles.items():
                (held / name).parent.mkdir(parents=True, exist_ok=True)
                (held / name).write_text(text, encoding="utf-8")
            youju.add([held])
        yield youju
