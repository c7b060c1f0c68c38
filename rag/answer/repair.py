"""What a small model got wrong, mended from the evidence where that is certain, refused where it is not.

Never in silence: every change leaves a note for the reader.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from rag.answer import notes
from rag.answer.answering import adds_nothing, lists_enough, names_nobody, of_other_unit, tells_only_when
from rag.answer.bearing import CERTAIN_OBJECTIONS, Wanted, objections, speaks_plainly, unnamed, unsaid, wanted
from rag.answer.cite import Checked
from rag.answer.echo import against_the_question, only_repeats
from rag.answer.exact import exact
from rag.answer.extract import extract_answer, quoted
from rag.answer.moment import moment_fits, of_another_clause
from rag.answer.notes import Note
from rag.answer.second_look import ANSWERS, Look, doubtful, joined
from rag.answer.subject import of_another_subject, of_its_counterpart
from rag.answer.text.quantities import quantities
from rag.answer.text.tables import tells_cell
from rag.answer.text.words import to_simplified
from rag.answer.trust import trust
from rag.answer.yesno import denied
from rag.types import Evidence, Query, Verdict

# What a model says when it would rather not answer. Whether the evidence answers is the program's to decide.
_SHRUGS = re.compile(
    r"(?:资料|文中|文章|原文|材料)[^。]{0,8}(?:没有|未|并未|无法|不)[^。]{0,6}(?:提|说|给|明|包|涉|找|确定|回答)|无法(?:确定|得知|回答)|没有(?:提到|提及|相关)"
)
# A quotation stands in for a sentence that failed its check only where the evidence is at least this likely to answer, and
# the model, asked again, finds the answer in it too.
CERTAIN = 0.5
# A sentence of the model is shown where trust in it is at least this.
TRUSTED = 0.2
# The original words are shown beside one that is trusted less than this: a reader sees at once whether it holds.
SURE = 0.5
# How much, said without a figure.
_UNCOUNTED = re.compile("翻番|翻.番|倍|半|无|没|零|全|不|首|唯一|几乎|大多|多数|少数")
MENDABLE = 0.05  # below it the sentence is about something else
# One that failed its check is shown, marked, only where nothing can stand in for it and trust is at least this.
MARKED = 0.5
# One whose quotation has nothing of the name of the thing asked for is shown where a look says that it answers, or trust and look
# together make at least this. Chosen on 40
# absent attributes (all but one below .57) and 84 questions on news (right ones in other words from .62 on): docs/log.md.
UNSAID = 0.6
DOUBTFUL = 0.35  # benchmarks/refusal.py: 5 % of the answerable public questions lie below .325


@dataclass(frozen=True, slots=True)
class Settled:
    """What is shown: sentences (none: the question is refused), and notes on what was done."""

    sentences: list[Checked]
    notes: list[Note] = field(default_factory=list)


def settle(
    checked: Sequence[Checked],
    query: Query,
    evidence: Sequence[Evidence],
    estimate: float,
    look: Look | None = None,
    least: float = TRUSTED,
) -> Settled:
    """Keep what is borne out and answers; replace what is not by a quotation that plainly does; else refuse.

    ``estimate``: the probability, before the model was asked, that the evidence answers at all. ``look``: asks the model
    whether quotations answer; for one doubtful sentence and one stand-in of an answer at most. ``least``: trust from which
    on a sentence is shown.
    """
    want = wanted(query)
    worth = [_worth(query, want, item, evidence, estimate) for item in checked]
    # Of a sentence that failed its check a look would say nothing: its quotation may well answer, and it does not.
    bare = [unsaid(want, item.evidence) for item in checked]
    doubts = [
        at
        for at, (item, value) in enumerate(zip(checked, worth, strict=True))
        if item.sentence.verdict is Verdict.SUPPORTED
        and (doubtful(value) or (value >= least and (bare[at] or unnamed(want, item.evidence))))
    ]
    if look is not None and doubts:
        seen = look(checked[doubts[0]].evidence)
        for at in doubts:
            worth[at] = joined(worth[at], seen)
            if bare[at] and seen < ANSWERS and worth[at] < UNSAID:
                worth[at] = 0.0
    for at, item in enumerate(checked):
        if bare[at] and item.sentence.verdict is not Verdict.SUPPORTED:
            worth[at] = 0.0
    plain = [
        item
        for item in evidence
        if estimate >= CERTAIN
        and speaks_plainly(want, item)
        and not of_its_counterpart(query.rewritten, (item,), evidence)
    ]
    # 「6月2日丙班由谁值班」, and the row of that day has a name under 丙
    sure = [i for i in evidence if tells_cell(i, query.rewritten) and not CERTAIN_OBJECTIONS & set(objections(want, i))]
    plain = [*sure, *(item for item in plain if item not in sure)]
    stand_in = cache(lambda: bool(sure) or (bool(plain) and (look is None or look(plain[:1]) >= ANSWERS)))
    told: list[Note] = []
    kept: list[Checked] = []
    for item, value in zip(checked, worth, strict=True):
        if _SHRUGS.search(to_simplified(item.sentence.text)):
            told.append(notes.SHRUG)
        elif _echoes(want, query, item.sentence.text) and not _tells_a_cell(query, item):
            told.append(notes.ECHO)
        elif _at_another_time(want, query, item):
            kept += [quoted(item.evidence[0], query)]
            told.append(notes.REPLACED)
        elif against := denied(query.rewritten, item.sentence.text, [*item.evidence, *evidence]):
            kept += [quoted(against, query)]
            told.append(notes.REPLACED)
        elif of_other_unit(want, query, item.sentence.text) and not want.compares:
            told.append(notes.LEFT_OUT)
        elif item.sentence.verdict is Verdict.SUPPORTED and value >= least:
            short = _cut_list(item)
            said = (
                exact(item, query.rewritten, query.year, query.today)
                if short is None
                else quoted(short, query, whole=True)
            )
            kept.append(said)
            told += [notes.CUT_LIST] if short else [notes.EXACT] if said is not item else []
            if short is None and value < SURE:
                kept += [quoted(source, query) for source in item.evidence[:1]]
                told.append(notes.WITH_QUOTE)
        elif stand_in():
            kept += extract_answer(query, plain[:1])
            told.append(notes.REPLACED)
        elif look is not None and only_repeats(query, item) and look(item.evidence[:1]) >= ANSWERS:
            kept += [quoted(item.evidence[0], query)]
            told.append(notes.REPLACED)
        elif value >= MARKED and not against_the_question(query, item):
            kept += [item, *(quoted(source, query) for source in item.evidence[:1])]
            told += [notes.MARKED] if item.evidence else []
        else:
            told.append(notes.LEFT_OUT)
    lacks = not kept or (want.number and not any(_has_figure(item.sentence.text) for item in kept))
    if lacks and stand_in():
        kept += extract_answer(query, plain[:1])
        told.append(notes.ADDED)
    if (
        kept
        and want.number
        and not want.compares
        and not any(_says_how_much(query, item.sentence.text) for item in kept)
    ):
        return Settled([], list(dict.fromkeys([*told, notes.LEFT_OUT])))  # 「增长目标是“加快形成”」
    kept = _distinct(kept)
    if not lists_enough(query, "".join(item.sentence.text for item in kept), quoted=bool(told)):
        return Settled([], [notes.NOT_LISTED])
    return Settled(kept, list(dict.fromkeys(told)))


def _worth(query: Query, want: Wanted, item: Checked, found: Sequence[Evidence], estimate: float) -> float:
    """Trust in a sentence; none where what it says is its own, or the articles it rests on are of something else."""
    if any(claim.kind == "word" for claim in item.sentence.claims):
        return 0.0
    if of_another_subject(want, item.evidence, found) or of_its_counterpart(query.rewritten, item.evidence, found):
        return 0.0
    return trust(query, want, item, estimate)


def _at_another_time(want: Wanted, query: Query, item: Checked) -> bool:
    """The quotation has the time that is asked for, and the sentence gives another of its times: the quotation tells."""
    text = item.sentence.text
    if not item.evidence:
        return False
    return all(of_another_clause(want, query, text, source) for source in item.evidence) or all(
        not moment_fits(want, query, text, source) and not CERTAIN_OBJECTIONS & set(objections(want, source))
        for source in item.evidence
    )


def _echoes(want: Wanted, query: Query, text: str) -> bool:
    """Says the question again, with nothing added that it asks for."""
    return adds_nothing(query.rewritten, text) or names_nobody(want, query, text) or tells_only_when(query, text)


def _tells_a_cell(query: Query, item: Checked) -> bool:
    """With a value out of a table, be it one character, that the question has not."""
    cells = [claim.claimed for claim in item.sentence.claims if claim.kind == "cell"]
    return any(value not in _plain(query.rewritten) for value in cells)


def may_be_mended(checked: Sequence[Checked], settled: Settled, query: Query, estimate: float) -> bool:
    """Did a sentence fail its check that is not all astray, with nothing certain to stand in for it?"""
    want = wanted(query)
    failed = [
        item
        for item in checked
        if item.sentence.verdict is not Verdict.SUPPORTED
        and item.sentence.claims
        and trust(query, want, item, estimate) >= MENDABLE
    ]
    shown = settled.sentences
    return bool(failed) and (not shown or any(item.sentence.verdict is not Verdict.SUPPORTED for item in shown))


def settle_extract(query: Query, evidence: Sequence[Evidence], estimate: float) -> Settled:
    """The same without a language model: quotations that bear on the question, or a refusal."""
    want = wanted(query)
    if estimate < DOUBTFUL:
        return Settled([])
    kept = extract_answer(query, [item for item in evidence if not objections(want, item)])
    if not lists_enough(query, "".join(item.sentence.text for item in kept), quoted=True):
        return Settled([], [notes.NOT_LISTED])
    return Settled(kept, [notes.NO_MODEL])


def _cut_list(item: Checked) -> Evidence | None:
    """The quotation whose enumeration the sentence repeats only in part: two items or more, but not all."""
    said = _plain(item.sentence.text)
    for source in item.evidence:
        for run in re.findall(r"[^，。；：！？“”]+(?:[、+＋][^，。；：！？“”]+){2,}", source.quote):
            items = [_plain(part) for part in re.split("[、+＋]", run)]
            # the first and the last run on into the sentence: 「调度重庆、四川、云南等省份」
            cores = [items[0][-2:], *(part[:3] for part in items[1:-1]), items[-1][:2]]
            there = sum(core in said for core in cores)
            if 2 <= there < len(cores) and re.search("[、和与及]", item.sentence.text):
                return source
    return None


def _says_how_much(query: Query, text: str) -> bool:
    """With a figure, and be it in words, that is more than the year the question names."""
    numbers = re.findall(r"\d[\d.,]*", text)
    return bool(quantities(text) or any(number not in query.rewritten for number in numbers) or _UNCOUNTED.search(text))


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
