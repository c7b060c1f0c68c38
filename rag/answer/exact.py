"""Figures as exact as the quotation has them: 「150个」 for its 「150多个」 loses what 「多」 said, and a copyist would not."""

from __future__ import annotations

import re
from dataclasses import replace

from rag.answer.cite import Checked
from rag.answer.text.quantities import Quantity, quantities, same

_BEFORE = re.compile(r"(?:超过?|逾|将近|接近|近|大约|约|至少|不低于|不少于|不超过|不高于|最多)$")
_WITHIN = re.compile(r"[多余]")
_AFTER = re.compile(r"以上|左右|上下|以下|以内|多|余")
# In an answer these say as much, in its own words.
_SAID = re.compile(r"(?:突破|过|多于|高于|大于|低于|少于|小于|上|下|内|差不多|几乎|接近)$")


def exact(item: Checked) -> Checked:
    """The sentence with the 约, 超, 多 or 以上 that every equal figure of its quotations has; itself where nothing lacks."""
    text = item.sentence.text
    for figure in reversed(quantities(text)):
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


def _hedges(text: str, figure: Quantity) -> tuple[str, str, str]:
    """What makes a figure less than exact: before it, within it, behind it."""
    before, within = _BEFORE.search(text[: figure.start].rstrip()), _WITHIN.search(figure.text)
    after = _AFTER.match(text, figure.end)
    return before[0] if before else "", within[0] if within else "", after[0] if after else ""
