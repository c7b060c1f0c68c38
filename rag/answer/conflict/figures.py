"""Different figures for the same thing.

Two figures are in conflict only where the articles differ, and unit, time, places, and the words that say which figure it
is (计划 or 完成, 累计, 其中, 一期 …) are the same, and the words before them nearly so. A figure told for 2023 and one for 2024,
a goal and what came of it, 「超8000亿」 and 「8200亿」 contradict nobody.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from rag.answer.conflict.said import ASKED, Side, Statement
from rag.answer.text.bounds import Bound
from rag.answer.text.quantities import Quantity, fold, quantities
from rag.answer.text.words import bigrams, blank, names, places, to_simplified
from rag.answer.when.interval import Interval
from rag.answer.when.resolve import time_spans

_ALIKE, _TIMELESS = 0.6, 0.8  # shared character pairs of the words before two figures; stricter where no time is named
_NEAR_DAYS = 31  # between two articles, where neither sentence names a time
_SENTENCE = re.compile("[。！？\n]")
_CLAUSE = re.compile("[，,：:；;]")
_KINDS = re.compile(
    r"累计|其中|新增|净增|同比|环比|增长|增加|增速|上升|提高|下降|下滑|减少|占|人均|户均|日均|月均|年均|平均|净|最高|最低|最多|最少|首批|第[一二三四五\d]+[批期轮次]"
    r"|[一二三四五]期|国产|本土|扣非|归母|季度|半年|全国|全省|全市|全县|全区|全球|世界|进口|出口|城镇|农村|计划|目标|力争|争取|预计|将|拟|有望|冲刺|确保|比|较|至少|左右|不足|不到|以下|以内"
)
_PLANNED = re.compile(r"计划|目标|力争|争取|预计|将|拟|有望|冲刺|确保")
_VERB = re.compile(r"(?:共?计?(?:达到?|完成|实现|为|是|有|约|超过?|突破|近|仅)|分别|总共|一共|了|\s)+$")
_WORD = re.compile(r"[^\W\d_]")
_WRITTEN = re.compile(r"\d[\d,]*(?:\.(\d+))?")
_NO_COUNT = frozenset({"", "第", "年", "号", "期", "点", "页", "级", "届", "岁"})  # units that name rather than count


def conflicting(wanted: set[str], statements: Sequence[Statement], *, dated: bool) -> list[list[Side]]:
    """Groups of figures for the same thing that are not all equal.

    ``wanted``: character pairs of what is asked; ``dated``: a time is asked for, so a figure of no time is no answer.
    """
    told = [
        figure
        for index, statement in enumerate(statements)
        for figure in _told(index, statement)
        if len(wanted & figure.around) > ASKED * len(wanted) and (figure.interval is not None or not dated)
    ]
    found: list[list[_Told]] = []
    for figure in told:
        group = next((g for g in found if all(_same_thing(figure, other, statements) for other in g)), None)
        if group is None:
            found.append([figure])
        else:
            group.append(figure)
    return [[figure.side for figure in g] for g in found if any(not _agree(one, other) for one in g for other in g)]


@dataclass(frozen=True, slots=True)
class _Told:
    side: Side
    unit: str
    interval: Interval | None  # the time it is told for; None where none is named
    before: frozenset[str]  # character pairs of the words before it, from the figure or sentence before
    around: frozenset[str]  # of the whole sentence
    kinds: frozenset[str]
    names: frozenset[str]
    places: frozenset[str]
    low: Decimal
    high: Decimal


def _told(index: int, statement: Statement) -> list[_Told]:
    """The figures of a statement that count something."""
    found: list[_Told] = []
    text, start = statement.text, 0
    for stop in [*(match.end() for match in _SENTENCE.finditer(text)), len(text)]:
        sentence = text[start:stop]
        spans = time_spans(sentence, statement.date)
        bare = to_simplified(fold(blank(sentence, [(s.start, s.end) for s in spans])))
        last, before = 0, frozenset[str]()
        for quantity in quantities(bare):
            lead = bare[last : quantity.start]
            clause = _CLAUSE.split(lead)[-1]
            governing = [s for s in spans if s.end <= quantity.start and not s.compared]
            time = governing[-1].interval if governing else None
            # Words that say which figure it is hold for the clause; 目标 and 计划 for all of the sentence before.
            kinds = set(_KINDS.findall(clause)) | set(_PLANNED.findall(bare[: quantity.start]))
            subject = bare[: quantity.start]
            # 「营业收入1051亿元，同比增长24%」: of 「同比增长」 alone, nobody knows what grew.
            bound = kinds and not _WORD.search(_VERB.sub("", _KINDS.sub("", clause)))
            if not bound or not before:
                before = frozenset(bigrams(_VERB.sub("", clause if len(clause.strip()) > 3 else lead)))
            low, high = _range(quantity)
            if quantity.unit not in _NO_COUNT and not (governing and time is None):
                found.append(
                    _Told(
                        Side(
                            index,
                            sentence[quantity.start : quantity.end],
                            start + quantity.start,
                            start + quantity.end,
                            figure=True,
                        ),
                        quantity.unit,
                        time,
                        before,
                        frozenset(bigrams(bare)),
                        frozenset("planned" if _PLANNED.fullmatch(kind) else kind for kind in kinds),
                        frozenset(_plain(name) for name in names(subject)),
                        frozenset(places(subject)),
                        low,
                        high,
                    )
                )
            last = quantity.end
        start = stop
    return found


def _same_thing(one: _Told, other: _Told, statements: Sequence[Statement]) -> bool:
    """Do two figures of different articles claim to be the same one?"""
    mine, theirs = statements[one.side.statement], statements[other.side.statement]
    if mine.document_id == theirs.document_id or one.unit != other.unit:
        return False
    if one.kinds != other.kinds or one.places != other.places or (one.names - other.names and other.names - one.names):
        return False
    times = one.interval, other.interval
    if times == (None, None):
        if not one.names & other.names:
            return False
        days = mine.date, theirs.date
        if (days[0] is None) != (days[1] is None):
            return False
        if days[0] and days[1] and abs((days[0].value - days[1].value).days) > _NEAR_DAYS:
            return False
    elif times[0] != times[1]:
        return False
    shared, least = one.before & other.before, min(len(one.before), len(other.before))
    alike = _TIMELESS if times == (None, None) else _ALIKE
    return len(shared) >= 2 and len(shared) >= alike * least


def _agree(one: _Told, other: _Told) -> bool:
    """Could both be true? Rounding, 超, 近 and 约 leave room."""
    return one.low <= other.high and other.low <= one.high


def _range(quantity: Quantity) -> tuple[Decimal, Decimal]:
    """What a figure leaves open: half a unit of its last digit; a quarter more for 超, less for 近, a tenth for 约."""
    value, half = quantity.value, _step(quantity) / 2
    low, high = value - half, value + half
    if quantity.bound.up or quantity.bound is Bound.ABOUT:
        high = max(high, value * Decimal("1.25"))
    if quantity.bound.down:
        low = min(low, value * Decimal("0.75"))
    if quantity.bound is Bound.ABOUT:
        low = min(low, value * Decimal("0.9"))
    return low, high


def _step(quantity: Quantity) -> Decimal:
    """What one more in the last digit written would add: 0.1亿 for 8.2亿, 1亿 for 30亿; a tenth of 万亿 and 八成."""
    written = _WRITTEN.search(fold(quantity.text))
    number = Decimal(written[0].replace(",", "")) if written else Decimal(0)
    if not written or not number:
        return quantity.value / 10
    return quantity.value / number * Decimal(10) ** -len(written[1] or "")


def _plain(name: str) -> str:
    return name[:-1] if len(name) > 2 and name[-1] in "市省县区" else name
