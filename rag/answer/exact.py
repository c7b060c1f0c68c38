"""Figures as exact as the quotation has them: 「150个」 for its 「150多个」 loses what 「多」 said, and a copyist would not."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

from rag.answer.cite import Checked
from rag.answer.text.quantities import Quantity, quantities, same

_NUMBER_ALONE = re.compile(r"(\d[\d,]*(?:\.\d+)?)[。.]?")
_TO = re.compile(r"\s?(?:[—–\-~～]+|至|到)\s?")
_BEFORE = re.compile(r"(?:超过?|逾|将近|接近|近|大约|约|至少|不低于|不少于|不超过|不高于|最多)$")
_WITHIN = re.compile(r"[多余]")
_AFTER = re.compile(r"以上|左右|上下|以下|以内|多|余")
# In an answer these say as much, in its own words.
_SAID = re.compile(r"(?:突破|过|多于|高于|大于|低于|少于|小于|上|下|内|差不多|几乎|接近)$")


def exact(item: Checked) -> Checked:
    """The sentence with what every equal figure of its quotations has: 约, 超, 多 or 以上, the other end of a range
    (「5千元至500万元」), and behind a bare number its unit. Itself where nothing lacks.
    """
    text = item.sentence.text
    bare = _NUMBER_ALONE.fullmatch(text.strip())
    if bare:
        text = _with_unit(bare[1], item) or text
    for figure in reversed(quantities(text)):
        whole = _whole_range(text, figure, item)
        if whole:
            text = f"{text[: figure.start]}{whole}{text[figure.end :]}"
            continue
        if any(_hedges(text, figure)) or _SAID.search(text[: figure.start]):
            continue
        sources = [(source.quote, q) for source in item.evidence for q in quantities(source.quote) if same(q, figure)]
        hedges = {_hedges(quote, q) for quote, q in sources}
        if len(hedges) != 1:
            continue
        before, within, after = hedges.pop()
        written = sources[0][1].text if within and sources[0][1].unit == figure.unit else figure.text
        text = f"{text[: figure.start]}{before}{written}{after}{text[figure.end :]}"
    return item if text == item.sentence.text else replace(item, sentence=replace(item.sentence, text=text))


def _with_unit(number: str, item: Checked) -> str | None:
    """「9000」 → 「9000亿元」, where the quotations have that number once."""
    found = {
        q.text
        for source in item.evidence
        for q in quantities(source.quote)
        if (head := re.match(r"[\d,.]+", q.text)) and head[0].replace(",", "") == number.replace(",", "")
    }
    return found.pop() if len(found) == 1 else None


def _whole_range(text: str, figure: Quantity, item: Checked) -> str | None:
    """「5千元~500万元」, where each quotation has the figure as one end of it and the sentence lacks the other."""
    said = quantities(text)
    ranges = set()
    for source in item.evidence:
        there = quantities(source.quote)
        for at, other in enumerate(there):
            if not same(other, figure):
                continue
            pairs = [(low, high) for low, high in pairwise(there) if other in (low, high)]
            whole = [
                source.quote[low.start : high.end]
                for low, high in pairs
                if _TO.fullmatch(source.quote[low.end : high.start])
                and not any(same(end, q) for q in said for end in (low, high) if end is not there[at])
            ]
            ranges.add(whole[0] if whole else None)
    return ranges.pop() if len(ranges) == 1 else None


def _hedges(text: str, figure: Quantity) -> tuple[str, str, str]:
    """What makes a figure less than exact: before it, within it, behind it."""
    before, within = _BEFORE.search(text[: figure.start].rstrip()), _WITHIN.search(figure.text)
    after = _AFTER.match(text, figure.end)
    return before[0] if before else "", within[0] if within else "", after[0] if after else ""
