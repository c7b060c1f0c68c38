"""Does a model work, and how long does it take? For whoever has just set one."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.models.embedder import Embedder
from rag.models.llm import ChatModel, stream_text

if TYPE_CHECKING:
    from langchain_core.messages import BaseMessage

MAX_TOKENS = 40  # of the reply


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of it."""

    name: str  # of the model
    seconds: float
    said: str = ""  # by a language model
    first_word_s: float | None = None
    dimension: int = 0  # of an embedding


def try_embedder(embedder: Embedder, text: str) -> Trial:
    """Embed one sentence. Raises ModelError."""
    started = time.perf_counter()
    vector = embedder.embed_query(text)
    return Trial(embedder.name, time.perf_counter() - started, dimension=len(vector))


def try_chat_model(model: ChatModel, messages: Sequence[BaseMessage]) -> Trial:
    """Ask for a short reply. Raises ModelError."""
    started = time.perf_counter()
    first, said = None, ""
    for piece in stream_text(model, messages, max_tokens=MAX_TOKENS):
        first = first if first is not None else time.perf_counter() - started
        said += piece
    return Trial(model.name, time.perf_counter() - started, said.strip(), first)
