"""A question and passages → how well each answers it, read together. Off unless the user names a model."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

import numpy as np
import numpy.typing as npt

from rag.errors import ModelUnavailable
from rag.settings import Settings

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder


class Reranker(Protocol):
    @property
    def name(self) -> str: ...

    def scores(self, question: str, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Shape (len(texts),); larger is better, comparable within one question only. Raises ModelUnavailable."""


def open_reranker(settings: Settings) -> CrossEncoderReranker | None:
    """The reranker that ``retrieval.reranker`` names, a name on the Hugging Face hub or a folder; None where it is "".

    Nothing is loaded before the first question.
    """
    name = settings.retrieval.reranker
    return CrossEncoderReranker(name) if name else None


class CrossEncoderReranker:
    """Any CrossEncoder of sentence-transformers, on the CPU. Safe to call from several threads."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._model: CrossEncoder | None = None
        self._turn = threading.Lock()

    def scores(self, question: str, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        if not texts:
            return np.empty(0, np.float32)
        with self._turn:
            if self._model is None:
                self._model = self._load()
            found = np.asarray(
                self._model.predict([(question, text) for text in texts], show_progress_bar=False), dtype=np.float32
            )
        if found.shape != (len(texts),):
            raise self._unavailable(
                f"它给每一对文字 {found.shape[-1]} 个分，要的是一个",
                f"it gives {found.shape[-1]} scores for a pair of texts, and one is wanted",
            )
        return found

    def _load(self) -> CrossEncoder:
        from sentence_transformers import CrossEncoder
        from transformers.utils import logging as transformers_logging

        shown = transformers_logging.is_progress_bar_enabled()
        transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        try:
            model: CrossEncoder = CrossEncoder(self.name, device="cpu")
            return model
        except (OSError, ValueError, KeyError, RuntimeError, ImportError) as error:
            raise self._unavailable(f"打不开（{error}）", f"cannot be opened ({error})") from error
        finally:
            if shown:
                transformers_logging.enable_progress_bar()  # type: ignore[no-untyped-call]

    def _unavailable(self, zh: str, en: str) -> ModelUnavailable:
        return ModelUnavailable(
            (f"重排模型{zh}", f"the reranking model {en}"),
            subject=self.name,
            advice=(
                "请检查设置 retrieval.reranker（YOUJU_RETRIEVAL_RERANKER）；留空则不重排",
                "Check the setting retrieval.reranker (YOUJU_RETRIEVAL_RERANKER); empty means no reranking",
            ),
        )
