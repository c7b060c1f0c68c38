"""A question to be answered by yes or no: does the yes agree with what the quotation says of just that?

A small model says 是的 to nearly all of them. The clause that speaks most of what is asked decides: where it denies, or where
what is affirmed stands in a clause on something else, its own words are the answer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.answer.claims.polarity import negated
from rag.answer.text.numbered import another, numbered
from rag.answer.text.quantities import fold
from rag.answer.text.words import content_words, to_simplified
from rag.types import Evidence

_ASKS = re.compile(r"(?:吗|了没有?|没有)[？?。\s]*$|是否|有没有|(?P<one>[\u4e00-\u9fff])[不没](?P=one)")
_DENIES = re.compile(r"[不没未无非否](?!过)|禁止|拒绝|尚待|并非")
_CLAUSE = re.compile(r"[，,；;。！？!?\n]")


def asks_yes_or_no(question: str) -> bool:
    return _ASKS.search(question) is not None


def denied(question: str, sentence: str, evidence: Sequence[Evidence]) -> Evidence | None:
    """The quotation that denies what ``sentence`` affirms in answer to ``question``, or says it of something else; None
    where there is none. ``evidence``: what the sentence cites first.
    """
    asked = to_simplified(fold(question))
    if not asks_yes_or_no(asked) or _DENIES.search(to_simplified(sentence)) or _DENIES.search(_ASKS.sub("", asked)):
        return None
    words = list(dict.fromkeys(content_words(_ASKS.sub("", asked))))
    if len(words) < 2:
        return None
    # What is said of the subject comes last, and tells more: 「新版支持指纹登录」 is nearer to 「不支持指纹登录」 than to 「新版支持人脸登录」.
    worth = {word: 1 + at / len(words) for at, word in enumerate(words)}
    named = numbered(asked)
    clauses = [
        (sum(worth[word] for word in set(content_words(clause)) & set(words)), -number, clause, item)
        for number, item in enumerate(evidence)
        for clause in _CLAUSE.split(to_simplified(fold(item.quote)))
        if clause.strip() and not another(named, numbered(clause))
    ]
    shared, _, best, item = max(clauses, key=lambda one: one[:2], default=(0, 0, "", None))
    if item is None or 2 * shared < sum(worth.values()):
        return None
    signs = negated(best.lower())
    last = words[-1]
    of_last = {sign for word, sign in signs if word == last}
    if any(sign for _, sign in signs) and False not in of_last:
        return item
    if not of_last and any(last in clause and other is item and clause != best for _, _, clause, other in clauses):
        return item
    return None
