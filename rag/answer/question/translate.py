"""A question in another language → the same question in Chinese, as the articles would put it.

Multilingual vectors alone find the passage of an English question in the top five, but the lexical half, the choice of
sentences and the check of names all need words that stand in the text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from langchain_core.messages import BaseMessage, HumanMessage, SystemMessage

from rag.answer.text.prompts import prompt_text
from rag.types import Query

MAX_TOKENS = 96
_HAN = re.compile(r"[\u3400-\u9fff]+")
Ask = Callable[[Sequence[BaseMessage]], Iterator[str]]


def is_foreign(text: str) -> bool:
    """Are there more Latin words than Chinese characters?"""
    chinese = sum("\u3400" <= char <= "\u9fff" for char in text)
    latin = len([word for word in text.split() if word[:1].isascii() and word[:1].isalpha()])
    return latin > chinese


def translated(query: Query, ask: Ask, texts: Sequence[str]) -> Query:
    """``query`` with its whole question in Chinese; unchanged where the model gives no Chinese back.

    ``ask`` sends messages to a language model and yields its text; ``texts``: the passages that the vectors found,
    where the names of the question are looked for.
    """
    known = chinese_names(query.rewritten, texts)
    given = "\n译名：" + "；".join(f"{name}＝{chinese}" for name, chinese in known.items()) if known else ""
    messages = [SystemMessage(prompt_text("translate.system")), HumanMessage(query.rewritten + given)]
    lines = "".join(ask(messages)).strip().splitlines()
    if not lines or is_foreign(lines[0]):
        return query
    said = lines[0].strip('「」“”" ')
    # A small model drops what it cannot place; a question about another year, or another city, is another question.
    lost = [name for name in known.values() if name not in said]
    lost += [f"{year}年" for year in re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", query.rewritten) if year not in said]
    return replace(query, rewritten="".join(lost) + said)


def chinese_names(question: str, texts: Sequence[str]) -> dict[str, str]:
    """{name as written in Latin letters: the Chinese name in ``texts`` that is spoken so} (Pan Guoqiang: 潘国强)."""
    from pypinyin import lazy_pinyin

    words = re.findall(r"[A-Za-z]+(?:'s)?", question)
    tried: dict[str, str] = {}
    for count in (2, 1):
        for start in range(len(words) - count + 1):
            name = [word.removesuffix("'s") for word in words[start : start + count]]
            if all(word[0].isupper() for word in name):
                tried.setdefault("".join(name).lower(), " ".join(name))
                tried.setdefault("".join(reversed(name)).lower(), " ".join(name))
    found: dict[str, Counter[str]] = {}
    for run in _HAN.findall("\n".join(texts)):
        syllables = lazy_pinyin(run)
        for start in range(len(run) - 1):
            for length in (2, 3, 4):
                spoken = "".join(syllables[start : start + length])
                if start + length <= len(run) and spoken in tried:
                    found.setdefault(tried[spoken], Counter())[run[start : start + length]] += 1
    best = {name: counts.most_common(1)[0][0] for name, counts in found.items()}
    return {n: c for n, c in best.items() if not any(n != other and n in other.split() for other in best)}
