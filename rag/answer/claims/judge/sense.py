"""Does a sentence say what its source says: the same words, and not their opposite?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rag.answer.claims.context import Line, line
from rag.answer.claims.polarity import denial, opposite
from rag.answer.claims.pool import Placed, Pool
from rag.answer.text.words import tagged
from rag.types import Claim, Verdict

_TURNING = re.compile("没有|并未|尚未|未能|不会|不能|不再|能够|可以|已经|[将会能已未不没]")
_CLAUSE = re.compile(r"[^，。；：！？\n]+")


def turned(said: Line, there: Pool) -> Iterator[Claim]:
    """A clause that denies what its source says, or says the opposite of it."""
    for match in _CLAUSE.finditer(said.text):
        clause = line(match[0])
        words = line(_TURNING.sub("", match[0])).all()
        if len(words) < 2:
            continue
        ranked = sorted(
            ((item.covers(words), i, item) for i, item in enumerate(there.placed)), key=lambda r: (-r[0], r[1])
        )
        if not ranked or ranked[0][0] < (0.45 if len(words) > 6 else 0.7):
            continue
        top = [item for score, _, item in ranked if score >= ranked[0][0] - 0.05]
        found = [_turned(clause, item) for item in top]
        if all(found):
            assert found[0] is not None
            yield Claim("negation", found[0][0], found[0][1], Verdict.DIFFERS)


def _turned(clause: Line, item: Placed) -> tuple[str, str] | None:
    words = line(_TURNING.sub("", clause.text)).all()
    parts = [m[0] for m in _CLAUSE.finditer(item.line.text)]
    if not parts or clause.text in parts:  # letter for letter, and be it beside one that says the opposite
        return None

    def share(part: str) -> float:
        own = line(part).all()
        return sum(v for w, v in words.items() if w in own)

    best = max(parts, key=share)
    if share(best) < 0.4 * sum(words.values()):
        return None
    against = opposite(clause.text, best)
    if against is not None and against[0] not in item.line.text:
        return against
    return denial(clause.text, best)


def support(said: Line, there: Pool, question: str) -> float:
    """Share (0…1) of a sentence's words that stand in the evidence, clause by clause."""
    asked = line(question).all() if question else {}
    total = got = 0.0
    for match in _CLAUSE.finditer(said.text):
        words = line(match[0]).all()
        weight = sum(words.values())
        if not weight:
            continue
        left = {w: v for w, v in words.items() if w not in asked}
        lent = weight - sum(left.values())
        best = max((item.covers(left) for item in there.quoted), default=0.0)
        total += weight
        got += lent + best * (weight - lent)
    return got / total if total else 1.0


def invented(said: Line, there: Pool, question: str) -> Iterator[Claim]:
    """The words that a sentence adds to the question, where not one of them stands in the evidence.

    「市花是樱花」 shares 「市花」 with the question and nothing with its source. Figures, times and names are claims of their
    own. A paraphrase (「最深处」 for 「积水达到」) is told by those: it is for the caller to ask only where none was borne out.
    """
    known = "".join([question, *(item.context() for item in there.placed)])
    added = [
        word
        for word, tag in tagged(said.text)
        if (tag[0] == "n" or (tag[0] in "vaijl" and len(word) > 1)) and word not in question
    ]
    if not any(word in known or (len(word) > 2 and _pairs(word) & _pairs(known)) for word in added):
        yield from (Claim("word", word, None, Verdict.NOT_FOUND) for word in dict.fromkeys(added))


def _pairs(text: str) -> set[str]:
    return {text[at : at + 2] for at in range(len(text) - 1)}
