"""What a small model got wrong, mended from the evidence where that is certain, refused where it is not.

Never in silence: every change leaves a note for the reader.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from rag.answer.bearing import Wanted, adds_nothing, figure_fits, lists_enough, objections, speaks_plainly, wanted
from rag.answer.cite import Checked
from rag.answer.extract import extract_answer, quoted
from rag.answer.quantities import quantities
from rag.answer.words import to_simplified
from rag.types import Evidence, Query, Verdict

# What a model says when it would rather not answer. Whether the evidence answers is the program's to decide.
_SHRUGS = re.compile(
    r"(?:资料|文中|文章|原文|材料)[^。]{0,8}(?:没有|未|并未|无法|不)[^。]{0,6}(?:提|说|给|明|包|涉|找|确定|回答)|无法(?:确定|得知|回答)|没有(?:提到|提及|相关)"
)
# A quotation stands in for a sentence that failed its check only where the evidence is at least this likely to answer.
CERTAIN = 0.5
DOUBTFUL = 0.35  # benchmarks/refusal.py: 5 % of the answerable public questions lie below .325


@dataclass(frozen=True, slots=True)
class Settled:
    """What is shown: sentences (none: the question is refused), and notes on what was done (in Chinese)."""

    sentences: list[Checked]
    notes: list[str] = field(default_factory=list)


def settle(checked: Sequence[Checked], query: Query, evidence: Sequence[Evidence], estimate: float) -> Settled:
    """Keep what is borne out and answers; replace what is not by a quotation that plainly does; else refuse.

    ``estimate``: the probability, before the model was asked, that the evidence answers at all.
    """
    want = wanted(query)
    plain = [item for item in evidence if speaks_plainly(want, item)] if estimate >= CERTAIN else []
    notes: list[str] = []
    kept: list[Checked] = []
    for item in checked:
        if _SHRUGS.search(to_simplified(item.sentence.text)):
            notes.append("模型的一句推脱已略去")
        elif adds_nothing(query.rewritten, item.sentence.text):
            notes.append("模型的一句话只是重复问题，已略去")
        elif item.sentence.verdict is Verdict.SUPPORTED and _answers(want, item):
            short = _cut_list(item)
            kept.append(item if short is None else quoted(short, query, whole=True))
            notes += [] if short is None else ["模型漏了列举中的几项，已换成原文"]
        elif plain:
            kept += extract_answer(query, plain[:1])
            notes.append("模型的一句话与原文对不上，已换成原文")
        else:
            notes.append("模型的一句话与原文对不上，已略去")
    if plain and (not kept or (want.number and not any(_has_figure(item.sentence.text) for item in kept))):
        kept += extract_answer(query, plain[:1])
        notes.append("模型没有说出所问的，已补上原文")
    kept = _distinct(kept)
    if not lists_enough(query, "".join(item.sentence.text for item in kept), quoted=bool(notes)):
        return Settled([], ["资料没有逐一列出所问的各项"])
    return Settled(kept, list(dict.fromkeys(notes)))


def settle_extract(query: Query, evidence: Sequence[Evidence], estimate: float) -> Settled:
    """The same without a language model: quotations that bear on the question, or a refusal."""
    want = wanted(query)
    if estimate < DOUBTFUL:
        return Settled([])
    kept = extract_answer(query, [item for item in evidence if not objections(want, item)])
    if not lists_enough(query, "".join(item.sentence.text for item in kept), quoted=True):
        return Settled([], ["资料没有逐一列出所问的各项"])
    return Settled(kept, ["没有语言模型：答案是原文摘录"])


def _answers(want: Wanted, item: Checked) -> bool:
    """At least one of the quotations that a sentence rests on bears on the question."""
    text = item.sentence.text
    return any(not objections(want, source) and figure_fits(want, text, source) for source in item.evidence)


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
