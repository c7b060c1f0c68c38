"""Figures as exact as the quotation has them: 「150个」 for its 「150多个」 loses what 「多」 said, and a copyist would not.

What is put in stands in the quotation letter for letter, of the same figure, and the sentence is checked again with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise

from rag.answer.cite import Checked, check_sentence
from rag.answer.claims.context import line
from rag.answer.claims.polarity import denies
from rag.answer.text.bounds import Bound
from rag.answer.text.quantities import Quantity, same, unit_kind
from rag.types import Verdict

_NUMBER_ALONE = re.compile(r"(\d[\d,]*(?:\.\d+)?)[。.]?")
_TO = re.compile(r"\s?(?:[—–\-~～]+|至|到)\s?")
_CLAUSE = re.compile(r"[，。；：！？、]")
# In an answer these say as much, in its own words.
_SAID = re.compile(r"[过上下内]$|[上下]限|最[高低多少大小长短]|至[多少]|限")


def exact(item: Checked, question: str = "", year: int | None = None, today: date | None = None) -> Checked:
    """The sentence with what every equal figure of its quotations has: 约, 超, 多, 以上 or 不得超过, the other end of a
    range (「5千元至500万元」), and behind a bare number its unit. Itself where nothing lacks, or the check would not pass it.
    """
    text = item.sentence.text
    bare = _NUMBER_ALONE.fullmatch(text.strip())
    if bare and (whole := _with_unit(bare[1], item)) and _passes(whole, item, question, year, today):
        text = whole
    for figure in reversed(line(text).figures):
        written = _as_quoted(text, figure, item)
        changed = f"{text[: figure.start]}{written}{text[figure.end :]}"
        if written and _passes(changed, item, question, year, today):
            text = changed
    return item if text == item.sentence.text else replace(item, sentence=replace(item.sentence, text=text))


def _passes(text: str, item: Checked, question: str, year: int | None, today: date | None) -> bool:
    checked = check_sentence(text, item.sentence.markers, item.evidence, question, year, today)
    return checked.sentence.verdict is Verdict.SUPPORTED


def _as_quoted(text: str, figure: Quantity, item: Checked) -> str | None:
    """How each quotation that has the figure writes it, where that says more than the sentence does, and all write it so."""
    clause = _CLAUSE.split(text[: figure.start])[-1]
    hedged = figure.bound is not Bound.EXACT or _SAID.search(clause) is not None
    said = line(text).figures
    found = {piece for source in item.evidence for piece in _pieces(source.quote, figure, said, hedged)}
    return found.pop() if len(found) == 1 else None


def _pieces(quote: str, figure: Quantity, said: Sequence[Quantity], hedged: bool) -> Iterator[str | None]:
    """For each place where a quotation has the figure, what to write for it; None: nothing more than is said."""
    there = line(quote).figures
    for at, other in enumerate(there):
        if not same(other, figure) or (figure.unit and unit_kind(figure.unit) != unit_kind(other.unit)):
            continue
        pairs = [
            (low, high)
            for low, high in pairwise(there)
            if other in (low, high) and _TO.fullmatch(quote[low.end : high.start])
        ]
        if pairs and not any(same(end, q) for q in said for end in pairs[0] if end is not there[at]):
            yield quote[pairs[0][0].start : pairs[0][1].end]
        elif hedged or other.bound is Bound.EXACT or denies(_CLAUSE.split(quote[: other.around[0]])[-1]):
            yield None
        else:
            yield quote[slice(*other.around)]


def _with_unit(number: str, item: Checked) -> str | None:
    """「9000」 → 「9000亿元」, where the quotations have that number once."""
    found = {
        source.quote[q.start : q.end]
        for source in item.evidence
        for q in line(source.quote).figures
        if (head := re.match(r"[\d,.]+", q.text)) and head[0].replace(",", "") == number.replace(",", "")
    }
    return found.pop() if len(found) == 1 else None
