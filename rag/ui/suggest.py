"""Questions that what was found can answer: a clause that ends in a figure, with the figure asked for."""

from __future__ import annotations

import re

from rag.answer.text.words import names
from rag.ui.conversation import Exchange

_CLAUSE = re.compile(r"[^，。；！？：、（）()“”\n]+")
_FIGURE = re.compile(
    r"\d[\d.,]*\s*(?P<unit>(?:万亿|亿|万|千|百)?(?:美元|元|个百分点|个|家|公里|千米|米|平方公里|公顷|亩|吨|人次|人|户|株|座|台|套|件|项|条|位)|[%％])$"
)
_LEAD = re.compile(r"^(?:其中|同时|此外|另外|目前|并且|并|而|也|还|预计|力争)+")
_MOST, _SHORTEST, _LONGEST = 3, 8, 28  # questions; characters of a clause


def follow_ups(exchange: Exchange) -> list[str]:
    """Up to three questions, from quotations shown that the answer has not already told."""
    if exchange.found is None:
        return []
    told = exchange.question + (exchange.answer.text if exchange.answer and not exchange.answer.refused else "")
    found: dict[str, None] = {}
    for item in exchange.found.evidence:
        for clause in _CLAUSE.findall(item.quote):
            question = asked_of(clause.strip())
            figure = re.search(r"\d[\d.,]*", clause)
            if question and figure and figure.group() not in told:
                found.setdefault(question)
    return list(found)[:_MOST]


def asked_of(clause: str) -> str:
    """The question that a clause answers: 「扬州工业开票达9000亿元」 → 「扬州工业开票达多少亿元？」; "" where there is none."""
    clause = _LEAD.sub("", clause)
    match = _FIGURE.search(clause)
    if not match or not _SHORTEST <= len(clause) <= _LONGEST:
        return ""
    before = clause[: match.start()].rstrip()
    # One figure to ask for, and a name that says whose it is.
    if re.search(r"\d\s*[^\d\s年月日]", re.sub(r"\d+\s*[年月日]", "", before)) or not names(before):
        return ""
    unit = match["unit"]
    return f"{before}多少{'' if unit in '%％' else unit}？"
