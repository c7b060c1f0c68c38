"""What a language model said, kept on disk: the same messages are not asked twice.

A change of the rules leaves most prompts as they were, and reading a prompt is nearly all of the time that an answer takes.
For benchmarks that judge words; never for one that measures seconds. The model is asked at temperature 0.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage

from rag.models.llm import ChatModel

M = TypeVar("M", bound=BaseMessage)


class KeptChatModel(ChatModel):
    """A ChatModel that looks up what it was asked before it asks. Close it."""

    def __init__(self, model: ChatModel, path: Path) -> None:
        super().__init__(model.name, model.settings)
        self._model, self._path = model, path

    @property
    def embedded(self) -> bool:
        return self._model.embedded

    @property
    def chat(self) -> Any:
        return _Kept(self._model, self._path)

    def close(self) -> None:
        self._model.close()


class _Kept:
    """The two calls that the program makes of a LangChain chat model."""

    def __init__(self, model: ChatModel, path: Path) -> None:
        self._model = model
        path.parent.mkdir(parents=True, exist_ok=True)
        self._rows = sqlite3.connect(path, timeout=60, isolation_level=None, check_same_thread=False)
        self._rows.execute("CREATE TABLE IF NOT EXISTS said (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID")

    def invoke(self, messages: Sequence[BaseMessage], **how: Any) -> AIMessage:
        key = self._key("invoke", messages, how)
        known = self._look_up(key)
        if known is None:
            known = [_plain(self._model.chat.invoke(list(messages), **how))]
            self._keep(key, known)
        return _message(known[0], AIMessage)

    def stream(self, messages: Sequence[BaseMessage], **how: Any) -> Iterator[AIMessageChunk]:
        key = self._key("stream", messages, how)
        known = self._look_up(key)
        if known is not None:
            yield from (_message(one, AIMessageChunk) for one in known)
            return
        heard: list[Any] = []
        for chunk in self._model.chat.stream(list(messages), **how):  # closed early, nothing is kept
            heard.append(_plain(chunk))
            yield chunk
        self._keep(key, heard)

    def _key(self, call: str, messages: Sequence[BaseMessage], how: dict[str, Any]) -> str:
        asked = [self._model.name, call, [(one.type, one.content) for one in messages], how]
        return hashlib.sha256(json.dumps(asked, sort_keys=True, ensure_ascii=False).encode()).hexdigest()

    def _look_up(self, key: str) -> list[Any] | None:
        row = self._rows.execute("SELECT value FROM said WHERE key = ?", (key,)).fetchone()
        return None if row is None else json.loads(row[0])

    def _keep(self, key: str, value: list[Any]) -> None:
        self._rows.execute("INSERT OR REPLACE INTO said VALUES (?, ?)", (key, json.dumps(value, ensure_ascii=False)))


def _plain(message: BaseMessage) -> dict[str, Any]:
    return {"content": message.content, "response_metadata": message.response_metadata}


def _message(kept: dict[str, Any], kind: type[M]) -> M:
    return kind(content=kept["content"], response_metadata=kept["response_metadata"])
