"""What a model is told: the words stand in ``prompts/``, one file a prompt."""

from __future__ import annotations

from collections.abc import Sequence

from langchain_core.messages import BaseMessage
from langchain_core.prompts import ChatPromptTemplate

from rag.answer.text.prompts import prompt_text
from rag.answer.when.resolve import annotated
from rag.types import Evidence, Query


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
