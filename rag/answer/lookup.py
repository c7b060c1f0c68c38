"""A bare term in place of a question (「4126」, 「三码合一」): what the articles say of it, in their own words.

Nothing is asked, so that a model could only make something up.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.answer.cite import Checked
from rag.answer.extract import quoted
from rag.answer.question.translate import is_foreign
from rag.answer.text.quantities import fold
from rag.answer.text.words import QUESTION_WORDS, content_words, tagged, to_simplified
from rag.types import Evidence, Query

_MOST = 3  # sentences shown
_LONGEST = 8  # characters: a longer string of nouns asks for something (「扬州2024年外贸总额」)


def term(query: Query) -> str:
    """The term, where a query is one name, word or number and nothing else; "" where it asks."""
    text = to_simplified(fold(query.rewritten)).strip(" ？?。！!")
    words = tagged(text)
    asks = any(word in QUESTION_WORDS or tag[0] in "vry" for word, tag in words)
    if (
        asks
        or is_foreign(text)
        or not 1 < len(text) <= _LONGEST
        or len(content_words(text)) != 1
        or re.search(r"\s", text)
    ):
        return ""
    return text.lower()


def looked_up(query: Query, evidence: Sequence[Evidence]) -> list[Checked]:
    """The quotations that hold the term, best first; of a number only those that hold it whole."""
    wanted = term(query)
    if not wanted:
        return []
    whole = re.compile(rf"(?<![\d.]){re.escape(wanted)}(?![\d.]*\d)" if wanted.isdigit() else re.escape(wanted))
    return [quoted(item, query) for item in evidence if whole.search(to_simplified(fold(item.quote)).lower())][:_MOST]
