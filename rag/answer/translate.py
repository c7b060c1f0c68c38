"""A question in another language → the same question in Chinese, as the articles would put it.

Multilingual vectors alone find the passage of an English question in the top five, but the lexical half, the choice of
sentences and the check of names all need words that stand in the text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from langchain_core.messages import BaseMessage, HumanMessage, SystemMessage

from rag.answer.prompt import prompt_text
from rag.types import Query

MAX_TOKENS = 96
Ask = Callable[[Sequence[BaseMessage]], Iterator[str]]


def is_foreign(text: str) -> bool:
    """Are there more Latin words than Chinese characters?"""
    chinese = sum("\u3400" <= char <= "\u9fff" for char in text)
    latin = len([word for word in text.split() if word[:1].isascii() and word[:1].isalpha()])
    return latin > chinese


def translated(query: Query, ask: Ask) -> Query:
    """``query`` with its whole question in Chinese; unchanged where the model gives no Chinese back.

    ``ask`` sends messages to a language model and yields its text.
    """
    messages = [SystemMessage(prompt_text("translate.system")), HumanMessage(query.rewritten)]
    lines = "".join(ask(messages)).strip().splitlines()
    if not lines or is_foreign(lines[0]):
        return query
    return replace(query, rewritten=lines[0].strip('「」“”" '))
