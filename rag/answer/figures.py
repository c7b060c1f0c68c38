"""The figures of a quotation, each with its time and the words that say what it counts; and whose words they are."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.answer.text.cities import owners
from rag.answer.text.quantities import Quantity, fold, quantities
from rag.answer.text.turns import asked, said
from rag.answer.text.words import content_words, to_simplified
from rag.answer.when.interval import Interval
from rag.answer.when.stretches import governing, named
from rag.answer.when.times import Time, days, time_at, times
from rag.types import Evidence

_SENTENCE = re.compile(r"[。！？；]")
_COMMA = re.compile(r"[，、。；：！？]")
# Said of any figure: a clause of these alone (「总数突破3000家」, 「同比增长5%」) leaves to the one before what it counts.
_BARE = frozenset(
    "总数 总量 总额 总计 合计 累计 其中 同比 环比 增长 增幅 增速 增加 下降 减少 占 占比 比重 达 达到 超 超过 突破 约 近 为 共 力争 完成 实现 "
    "比 上年 去年 同期 较 多 少 新增 分别 预计 将 已 均 左右 以上".split()
)


@dataclass(frozen=True, slots=True)
class Figure:
    """A quantity of a quotation, the time that governs it, and the words that are its own."""

    quantity: Quantity
    time: Time | None
    stretch: Interval | None  # the same to the day, where that is known
    words: str  # all since the figure before; with that one's clause, where its own does not say what it counts; in an
    # answer with the question before it


def figures(item: Evidence) -> list[Figure]:
    """Every quantity of a quotation, in order."""
    year = article_year(item)
    found = []
    about = asked(item)
    for part in _SENTENCE.split(said(item)):
        spoken = times(part, year)
        spans = named(part, item.hit.date)
        stops = [0, *(match.end() for match in _COMMA.finditer(part)), len(part)]
        free = 0  # behind the clause of the figure before: what stands there is said of this one
        for quantity in quantities(part):
            place = max(index for index, stop in enumerate(stops[:-1]) if stop <= quantity.start)
            first = place
            while first and not _says_what(part[stops[first] : quantity.start], part[quantity.end : stops[place + 1]]):
                first -= 1
                if place - first == 2:
                    break
            end = next((stop for stop in stops if stop >= quantity.end), len(part))
            time = time_at(spoken, quantity.start) or _month_before(part, quantity.start, year)
            stretch = governing(spans, quantity.start, (stops[place], end), free)
            found.append(Figure(quantity, time, stretch, about + part[min(stops[first], free) : end]))
            free = end
    return found


def _says_what(before: str, after: str) -> bool:
    """Does a clause name the thing that its figure counts, before the figure or behind it?"""
    words = [word for word in (*content_words(before), *content_words(after)) if not word[:1].isdigit()]
    return any(word not in _BARE and len(word) > 1 for word in words)


def _month_before(text: str, position: int, year: int | None) -> Time | None:
    """A month or a day without its year (「1—2月，…208个」) is one of the writer's own year."""
    if year is None or not days(text[:position]):
        return None
    return Time(year, year, 0, 0, f"{year}年", explicit=False)


def article_year(item: Evidence) -> int | None:
    return item.hit.date.value.year if item.hit.date else None


def nearby(item: Evidence) -> str:
    """The two sentences before a quotation: there the one that it calls 集团 or 全市 is named. Of a row, what stands above."""
    passage = item.hit.passage
    if passage.rows:
        return passage.rows[0].caption
    return "".join([passage.slice(s) for s in passage.sentences if s.end <= item.start][-2:])


def subject_cities(item: Evidence) -> frozenset[str]:
    """The cities that a quotation speaks of: those it names, else the last ones named before it, else its heading's."""
    passage = item.hit.passage
    before = [] if passage.rows else [passage.slice(s) for s in passage.sentences if s.end <= item.start]
    for text in (item.words, *reversed(before), passage.heading, item.hit.title):
        found = owners(to_simplified(fold(text)).lower())
        if found:
            return found
    return frozenset()
