"""What a model is told: the words stand in ``prompts/``, one file a prompt."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from langchain_core.messages import BaseMessage
from langchain_core.prompts import ChatPromptTemplate

from rag.answer.resolve import annotated
from rag.types import Evidence, Query

_HERE = Path(__file__).resolve().parent.parent
_FOLDERS = (_HERE / "prompts", _HERE.parent / "prompts")  # installed wheel, source tree


@lru_cache(maxsize=16)
def prompt_text(name: str) -> str:
    """The words of ``prompts/<name>.md``. Raises FileNotFoundError where the installation is not whole."""
    for folder in _FOLDERS:
        if (folder / f"{name}.md").is_file():
            return (folder / f"{name}.md").read_text(encoding="utf-8").strip()
    raise FileNotFoundError(f"prompts/{name}.md")


def answer_messages(query: Query, evidence: Sequence[Evidence]) -> list[BaseMessage]:
    """The messages that ask for an answer from the evidence alone."""
    template = ChatPromptTemplate.from_messages(
        [("system", prompt_text("answer.system")), ("human", prompt_text("answer.user"))]
    )
    return template.format_messages(
        evidence="\n".join(f"[{item.marker}] {item.shown}" for item in evidence),
        question=annotated(query.rewritten, query.today),
    )


def prefix_messages() -> list[BaseMessage]:
    """What every prompt begins with: a server that keeps it in its cache reads it once."""
    return ChatPromptTemplate.from_messages([("system", prompt_text("answer.system"))]).format_messages()
