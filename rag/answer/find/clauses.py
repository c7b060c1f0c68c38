"""Long news sentences, cut down to the clauses that bear on a question.

A sentence of a newspaper often strings ten figures together. A small model reads each of them for a quarter of a second
and then picks the wrong one; shown only the clauses that share words with the question, it does neither.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from rag.answer.question.kind import kind_asked, lacking
from rag.answer.text.codes import another, codes, stands_in
from rag.answer.text.numbers import fold
from rag.answer.text.quantities import quantities
from rag.answer.text.words import asks_for_number, bigrams, content_words
from rag.answer.when.times import times
from rag.types import Query, Span

# Characters: a sentence up to LONG is shown whole, and of a longer one clauses of that many; then still those that are no
# longer than SHORT: 「作者是某某」 costs little, and may be all that was asked. On 351 questions of two articles and 600
# news the words of the answer are shown for .903 with 90 and 0, .920 with 110 and 20, for 5 % more tokens.
LONG, SHORT = 110, 20
# Where no figure is asked for none can be mistaken for another, and longer sentences are shown whole. With 150 the words of
# the answer are shown for three more of 304 such questions on news, for 2 % more text; 200 gains nothing more.
NO_FIGURE = 150
_CLAUSE = re.compile(r"[^，；：]*[，；：]?(?:[”’」』》）]+)?")


def clauses(text: str) -> list[Span]:
    """Stretches between commas, semicolons and colons; together they are the whole text."""
    return [Span(m.start(), m.end()) for m in _CLAUSE.finditer(text) if m.end() > m.start()]


def relevant(text: str, query: Query, year: int | None, limit: int = LONG) -> list[Span]:
    """The clauses to show, in order; all of them where the text is not longer than ``limit`` characters.

    Kept are the first (it names the subject), those that share most with the question, and what directly follows
    such a one (there the answer stands). ``year`` is the article's.
    """
    parts = _of_the_code(text, clauses(text), query.rewritten)
    if not asks_for_number(query.rewritten):
        limit = max(limit, NO_FIGURE)
    if sum(part.end - part.start for part in parts) <= limit or len(parts) < 3:
        return parts
    wanted = bigrams(" ".join(content_words(query.rewritten)))
    asked = {t.first for t in times(query.rewritten, query.year) if t.first}
    number = asks_for_number(query.rewritten)
    worth = []
    for part in parts:
        words = text[part.start : part.end]
        score = float(len(bigrams(words) & wanted))
        if asked and (spoken := [t for t in times(words, year) if t.first]):
            # 「今年将冲刺9000亿元」 beside 「2025年过万亿」 is the trap that small models fall into
            score = score + 2 if any(t.first in asked for t in spoken) else -10.0
        if number and score and quantities(words):
            score += 1
        worth.append(score)
    worth = [score + (0.4 * max(0.0, worth[i - 1]) if i else 0.0) for i, score in enumerate(worth)]
    kept = {0}
    length = len(text[parts[0].start : parts[0].end])
    for index in sorted(range(1, len(parts)), key=lambda i: -worth[i]):
        size = parts[index].end - parts[index].start
        if worth[index] <= 0 or (length + size > limit and len(kept) > 1 and size > SHORT):
            continue
        kept.add(index)
        length += size
    kept |= _with_what_is_asked(text, parts, kept, worth, query)
    return [parts[index] for index in sorted(kept)]


def _of_the_code(text: str, parts: list[Span], question: str) -> list[Span]:
    """Without the clauses that speak of another code than the one asked about: FL-7B is not FL-7."""
    folded = fold(text)
    asked = [fold(question)[start:end] for start, end in codes(fold(question))]
    return [
        part
        for part in parts
        if not any(
            another(code, folded, part.end - 1) and not stands_in(code, folded[part.start : part.end]) for code in asked
        )
    ]


def _with_what_is_asked(text: str, parts: list[Span], kept: set[int], worth: list[float], query: Query) -> set[int]:
    """Of the clauses left out the one to put back: 「折合人民币共计836万元」, 22 clauses behind the name that is asked about.

    None where the kept ones hold such a thing as is asked for (a figure in that unit, a person, a time, a place).
    """
    kind = kind_asked(query.rewritten)

    def without(indices: Iterable[int]) -> float:
        return lacking(kind, "".join(text[parts[i].start : parts[i].end] for i in sorted(indices)))

    now = without(kept)
    if now == 0:
        return set()
    best = max(kept, key=lambda i: worth[i])
    others = [i for i in range(len(parts)) if i not in kept and worth[i] > -1 and without((i,)) < now]
    return set(sorted(others, key=lambda i: (without((i,)), -worth[i], i < best, abs(i - best)))[:1])


def shortened(text: str, spans: list[Span]) -> str:
    """The clauses with 「…」 where something is left out."""
    out, at = [], 0
    for span in spans:
        if span.start > at:
            out.append("…")
        out.append(text[span.start : span.end])
        at = span.end
    if at < len(text):
        out.append("…")
    return "".join(out)
