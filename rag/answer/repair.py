"""What a small model got wrong, mended from the evidence where that is certain, and never in silence."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.answer.cite import Checked
from rag.answer.extract import extract_answer, quoted
from rag.answer.quantities import quantities
from rag.answer.words import asks_for_number, to_simplified
from rag.types import Evidence, Query, Verdict

# What a model says when it would rather not answer. Whether the evidence answers is the program's to decide.
_SHRUGS = re.compile(
    r"(?:资料|文中|文章|原文|材料)[^。]{0,8}(?:没有|未|并未|无法|不)[^。]{0,6}(?:提|说|给|明|包|涉|找|确定|回答)|无法(?:确定|得知|回答)|没有(?:提到|提及|相关)"
)


def repair(checked: Sequence[Checked], query: Query, evidence: Sequence[Evidence]) -> tuple[list[Checked], list[str]]:
    """Sentences to show, and what was done to them, for the reader (in Chinese).

    A sentence that the evidence does not bear out gives way to the sentence of the evidence that it misread; an answer
    to 「多少」 that names no number gets the one that does; a list cut short gets the whole.
    """
    notes: list[str] = []
    kept: list[Checked] = []
    for item in checked:
        if _SHRUGS.search(to_simplified(item.sentence.text)):
            notes.append("模型的一句推脱已略去")
            continue
        if item.sentence.verdict is Verdict.SUPPORTED:
            kept.append(item)
            short = _cut_list(item)
            if short is not None:
                kept[-1] = quoted(short, query)
                notes.append("模型漏了列举中的几项，已换成原文")
            continue
        notes.append("模型的一句话与原文对不上，已换成原文")
        kept += [quoted(source, query) for source in _sources(item, evidence)]
    if not kept or (asks_for_number(query.rewritten) and not any(_has_figure(i.sentence.text) for i in kept)):
        if kept:
            notes.append("模型没有说出数字，已补上原文")
        kept += extract_answer(query, evidence)
    return _distinct(kept), list(dict.fromkeys(notes))


def _sources(item: Checked, evidence: Sequence[Evidence]) -> Sequence[Evidence]:
    """What to quote in place of a sentence that is not borne out: what it misread, else the best there is."""
    return (item.evidence or evidence)[:1] if item.sentence.verdict is not Verdict.DIFFERS else evidence[:1]


def _cut_list(item: Checked) -> Evidence | None:
    """The quotation whose enumeration the sentence repeats only in part: two items or more, but not all."""
    said = _plain(item.sentence.text)
    for source in item.evidence:
        for run in re.findall(r"[^，。；：！？“”]+(?:、[^，。；：！？“”]+){2,}", source.quote):
            items = [_plain(part) for part in run.split("、")]
            cores = [part[-4:] if index == 0 else part[:4] for index, part in enumerate(items)]
            there = sum(core in said for core in cores)
            if 2 <= there < len(cores) and "、" in item.sentence.text:
                return source
    return None


def _has_figure(text: str) -> bool:
    return bool(quantities(text)) or any(char.isdigit() for char in text)


def _plain(text: str) -> str:
    return "".join(to_simplified(text).split())


def _distinct(items: Sequence[Checked]) -> list[Checked]:
    """Without sentences that say again what an earlier one quotes whole."""
    kept: list[Checked] = []
    for item in items:
        text = _plain(item.sentence.text).rstrip("。；")
        if not any(text in _plain(other.sentence.text) for other in kept):
            kept.append(item)
    return kept
