"""The answers to the parts of a question → one answer, with what follows from them worked out by code."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from rag.answer.bearing import fits, wanted
from rag.answer.cite import Checked
from rag.answer.conflict.correction import corrections, says
from rag.answer.conflict.find import touching
from rag.answer.extract import quoted
from rag.answer.notes import Note, article_time, asker_time, corrected, differing, part_missing
from rag.answer.offer import Offer
from rag.answer.question.kind import unit_asked
from rag.answer.question.parts import Part, Parts, Working
from rag.answer.repair import Settled
from rag.answer.text.bounds import Bound
from rag.answer.text.quantities import MONEY, Quantity, fold, quantities
from rag.answer.text.words import asks_for_number, bigrams, to_simplified
from rag.answer.when.resolve import time_spans
from rag.answer.when.times import times
from rag.types import AnswerSentence, Claim, Evidence, Query, Verdict

_DATE = re.compile(r"(?:(?P<month>\d{1,2})\s?月)(?:\s?(?P<day>\d{1,2})\s?[日号])?")
_LONG = 6  # pairs of characters: a label that is a whole event, said in other words
_SIZES = ((Decimal(10**8), "亿"), (Decimal(10**4), "万"))


def combine(parts: Parts, settled: Sequence[Settled]) -> Settled:
    """One answer: the sentences of every part and what follows from them; none where a part has no answer, or nothing
    follows, its answer being more figures than one.
    """
    told = [
        note
        for part, one in zip(parts.parts, settled, strict=True)
        for note in (one.notes if one.sentences else [part_missing(part.query.rewritten)])
    ]
    if not all(one.sentences for one in settled):
        return Settled([], list(dict.fromkeys(told)))
    kept = _added([], settled)
    worked = _worked(parts, settled)
    return Settled([*kept, worked] if worked else kept, list(dict.fromkeys(told)))


def unspoken(parts: Parts, answer: Settled) -> list[Part]:
    """The parts that an answer to the whole question says nothing of, neither in its words nor in what it cites."""
    if not answer.sentences:
        return list(parts.parts)
    said = "\n".join(
        "\n".join((item.sentence.text, *(f"{source.quote}\n{source.shown}" for source in item.evidence)))
        for item in answer.sentences
    )
    there = bigrams(said)
    return [
        part
        for part in parts.parts
        if part.label and _plain(part.label) not in _plain(said) and not _mostly(bigrams(part.label), there)
    ]


def completed(answer: Settled, more: Sequence[tuple[Part, Settled]], *, chinese: bool) -> Settled:
    """An answer to the whole question with those to the parts it left out (``more``); what no article answers it says."""
    kept = _added(answer.sentences, [one for _, one in more])
    missing = [part for part, one in more if not one.sentences]
    told = [*answer.notes, *(note for _, one in more if one.sentences for note in one.notes)]
    told += [part_missing(part.query.rewritten) for part in missing]
    if not kept:
        return Settled([], list(dict.fromkeys(told)))
    lacks = [_missing(part)[0 if chinese else 1] for part in missing]
    kept += [Checked(AnswerSentence(text, (), Verdict.SUPPORTED), ()) for text in dict.fromkeys(lacks)]
    return Settled(kept, list(dict.fromkeys(told)))


def short_of(parts: Parts, settled: Sequence[Settled]) -> Offer | None:
    """What there is of a comparison that lacks one of its sides: the side that is answered; None where none is."""
    missing = [part.label for part, one in zip(parts.parts, settled, strict=True) if not one.sentences]
    found = [item for one in settled for item in one.sentences if item.evidence]
    if not found or not missing or not all(missing):
        return None
    best = found[0]
    source = replace(best.evidence[0], marker=1)
    one = Checked(replace(best.sentence, markers=(1,)), (source,))
    return Offer((f"{'、'.join(missing)}的{_thing(parts.parts[0])[0]}", f"for {', '.join(missing)}"), one)


def _missing(part: Part) -> Note:
    if not part.label:
        return f"{part_missing(part.query.rewritten)[0]}。", f"{part_missing(part.query.rewritten)[1].capitalize()}."
    thing = _thing(part)
    return f"资料中没有{part.label}的{thing[0]}。", f"The articles have no {thing[1]} for {part.label}."


def _thing(part: Part) -> Note:
    return ("数字", "figure") if asks_for_number(part.query.rewritten) else ("答案", "answer")


def _added(kept: Sequence[Checked], settled: Sequence[Settled]) -> list[Checked]:
    """With the sentences of further answers, each once."""
    found = list(kept)
    for one in settled:
        found += [item for item in one.sentences if item.sentence.text not in {k.sentence.text for k in found}]
    return found


def _mostly(part: set[str], whole: set[str]) -> bool:
    return len(part) >= _LONG and len(part & whole) > len(part) / 2


def with_conflicts(settled: Settled, query: Query, evidence: Sequence[Evidence]) -> Settled:
    """What an article corrects gives way to the correction; where another says otherwise than the answer, that one too, and a
    note with both. What several articles copy from each other is shown once.
    """
    cited = {item.marker for checked in settled.sentences for item in checked.evidence}
    kept, told = list(settled.sentences), list(settled.notes)
    if not kept:
        return settled
    said = "\n".join(item.sentence.text for item in kept)
    fixes = corrections(query, evidence)
    for sides in touching(query.rewritten, evidence, cited, said, query.today):
        if any(
            says(side.text, value) for side, _ in sides for fix in fixes for value in (fix.wrong, fix.right) if value
        ):
            continue
        each = {_plain(side.text): (side, item) for side, item in reversed(sides)}
        alone = [each[text] for text in dict.fromkeys(_plain(side.text) for side, _ in sides)]
        held = {_plain(side.text) for side, item in sides if item.marker in cited}
        kept += [quoted(item, query) for side, item in alone if _plain(side.text) not in held]
        cited |= {item.marker for _, item in sides}
        told.append(differing([(side.text, _source(item)) for side, item in alone]))
    for fix in fixes[:1]:
        old = [
            item for item in kept if fix.item not in item.evidence and fix.overrules(item.sentence.text, item.evidence)
        ]
        if old:
            at = kept.index(old[0])
            kept = [item for item in kept if item not in old and fix.item not in item.evidence]
            kept.insert(min(at, len(kept)), quoted(fix.item, query, whole=True))
        if old or any(says(item.sentence.text, fix.right) for item in kept):
            told.append(corrected(fix.wrong, fix.right, _source(fix.item)))
    return Settled(kept, told)


def told_times(query: Query, shown: Sequence[Checked]) -> list[Note]:
    """Which days 昨天 and 今年 of the question are taken to be: the asker's, or, where nobody said on which day it is asked, the
    year of the articles that the sentences ``shown`` rest on.
    """
    if query.today is not None:
        spans = time_spans(query.rewritten, query.today)
        return [asker_time(span.text, span.label) for span in spans if span.label and span.interval is not None]
    said = [time.text for time in times(query.rewritten, None) if not time.explicit]
    years = {item.hit.date.value.year for sentence in shown for item in sentence.evidence if item.hit.date}
    return [article_time(said[0], years.pop())] if said and len(years) == 1 else []


def _plain(text: str) -> str:
    return "".join(to_simplified(fold(text)).lower().split())


def _source(item: Evidence) -> str:
    """「《题目》 2024年3月18日」: where, and as far as it is known, when."""
    title = item.hit.title or item.hit.document
    return f"《{title}》{item.hit.date.value.isoformat()}" if item.hit.date else f"《{title}》"


def _worked(parts: Parts, settled: Sequence[Settled]) -> Checked | None:
    if parts.working is Working.NOTHING:
        return None
    labels = [part.label for part in parts.parts]
    if parts.working in (Working.EARLIEST, Working.LATEST):
        days = [_day(one.sentences) for one in settled]
        if None in days or len(set(days)) < len(days):
            return None
        known = [day for day in days if day is not None]
        best = min(known) if parts.working is Working.EARLIEST else max(known)
        said = f"{labels[days.index(best)]}{'在先' if parts.working is Working.EARLIEST else '在后'}"
        return _sentence(said, settled)
    found = [_figure(part.query, one.sentences) for part, one in zip(parts.parts, settled, strict=True)]
    figures = [figure for figure in found if figure is not None]
    units = {figure.unit for figure in figures if figure.unit}
    if len(figures) < len(found) or len(units) > 1 or any(figure.bound is Bound.SEVERAL for figure in figures):
        return None
    unit = next(iter(units), "")
    return _sentence(_said(parts.working, labels, figures, unit), settled)


def _said(working: Working, labels: Sequence[str], figures: Sequence[Quantity], unit: str) -> str:
    spoken = [figure.bound.value + say(figure.value, unit) for figure in figures]
    if working is Working.SUM:
        total = _rough(figures, ()) + say(sum((figure.value for figure in figures), Decimal(0)), unit)
        return f"合计{total}（{'＋'.join(spoken)}）"
    larger, smaller = (pick(figures, key=lambda figure: figure.value) for pick in (max, min))
    large, small = (spoken[figures.index(figure)] for figure in (larger, smaller))
    apart = say(larger.value - smaller.value, "个百分点" if unit == "%" else unit)
    difference = _rough((larger,), (smaller,)) + apart
    if working is Working.DIFFERENCE and len(figures) == 2:
        minus = f"（{small}）" if smaller.value < 0 else small
        return "两者相同" if larger.value == smaller.value else f"相差{difference}（{large}－{minus}）"
    if larger.value == smaller.value:
        return f"两者相同，都是{spoken[0]}"
    chosen = larger if working is not Working.SMALLEST else smaller
    which, told = labels[figures.index(chosen)], large if chosen is larger else small
    return f"{which}较{'大' if chosen is larger else '小'}（{told}），最大与最小相差{difference}"


def _rough(added: Sequence[Quantity], taken: Sequence[Quantity]) -> str:
    """How exact a sum or a difference is: more than a trillion less 0.9 of one is more than 0.1."""
    rough = [figure.bound for figure in (*added, *taken) if figure.bound is not Bound.EXACT]
    up = [figure.bound.up for figure in added] + [figure.bound.down for figure in taken]
    down = [figure.bound.down for figure in added] + [figure.bound.up for figure in taken]
    if not rough:
        return ""
    limit = any(bound in (Bound.AT_LEAST, Bound.AT_MOST) for bound in rough)
    if sum(up) == len(rough):
        return Bound.AT_LEAST if limit else Bound.MORE
    if sum(down) == len(rough):
        return Bound.AT_MOST if limit else Bound.LESS
    return Bound.ABOUT


def say(value: Decimal, unit: str) -> str:
    """「1074.1亿元」, 「190个」: whole 亿 and 万 for money and large counts."""
    if value >= 10**12 and value % 10**11 == 0:  # 「1万亿元」; but 「10741亿元」
        return f"{_bare(value / 10**12)}万亿{unit}"
    for size, name in _SIZES:
        if abs(value) >= size and (unit in MONEY or value % (size / 100) == 0):
            return f"{_bare(value / size)}{name}{unit or ''}"
    return f"{_bare(value)}{unit}"


def _bare(value: Decimal) -> str:
    text = format(value.normalize(), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _figure(query: Query, said: Sequence[Checked]) -> Quantity | None:
    """The one figure that answers a part: in the unit asked for, and not in the question itself."""
    given = {q.value for q in quantities(query.rewritten)}
    kind = unit_asked(to_simplified(fold(query.rewritten)))
    found = [
        q
        for item in said
        for q in quantities(item.sentence.text)
        if q.value not in given and (not kind or unit_asked(f"多少{q.unit}") == kind)
    ]
    if len({(q.value, q.unit) for q in found}) > 1:  # a whole quotation: the one that is asked for
        want = wanted(query)
        found = [q for q in found if any(fits(want, q, source) for item in said for source in item.evidence)]
    return found[0] if len({(q.value, q.unit) for q in found}) == 1 else None


def _day(said: Sequence[Checked]) -> tuple[int, int, int] | None:
    """The day (or month, or year; 0 where not said) that the sentences name."""
    for item in said:
        year = next((e.hit.date.value.year for e in item.evidence if e.hit.date), None)
        spoken = [t.first for t in times(item.sentence.text, year) if t.first is not None]
        date = _DATE.search(fold(item.sentence.text))
        if spoken or (date and year):
            return (
                (spoken[0] if spoken else year) or 0,
                int(date["month"]) if date else 0,
                int(date["day"] or 0) if date else 0,
            )
    return None


def _sentence(text: str, settled: Sequence[Settled]) -> Checked:
    sources: dict[int, Evidence] = {e.marker: e for one in settled for item in one.sentences for e in item.evidence}
    worst = [item.sentence.verdict for one in settled for item in one.sentences]
    verdict = Verdict.SUPPORTED if set(worst) == {Verdict.SUPPORTED} else Verdict.NOT_FOUND
    claim = Claim("computed", text, text, verdict)
    return Checked(AnswerSentence(text, tuple(sorted(sources)), verdict, (claim,)), tuple(sources.values()))
