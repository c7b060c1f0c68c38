"""Texts → vectors."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt


class Embedder(Protocol):
    """Rows are float32 and of length 1: their inner product is the cosine."""

    @property
    def name(self) -> str: ...

    @property
    def fingerprint(self) -> str:
        """Changes whenever the vectors would: weights, tokenizer, prompts, pooling."""

    @property
    def dimension(self) -> int: ...

    def embed_passages(
        self, texts: Sequence[str], *, on_progress: Callable[[int], None] | None = None
    ) -> npt.NDArray[np.float32]:
        """Shape (len(texts), dimension). ``on_progress`` is told how many are done so far."""

    def embed_query(self, text: str) -> npt.NDArray[np.float32]:
        """Shape (dimension,)."""
