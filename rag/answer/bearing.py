"""Does a quotation bear on what is asked: the year, the place, the thing, the kind of answer?

The near misses live here: the right company in the wrong year, the right city with another indicator, one city's figure
for another's. Retrieval cannot tell them apart, for they share all words but one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.answer.quantities import fold
from rag.answer.query import attribute
from rag.answer.times import times
from rag.answer.verify import REGIONS, Figure, article_year, figures, subject_places
from rag.answer.words import asks_for_number, bigrams, content_words, places, tagged, to_simplified
from rag.types import Evidence, Query

_OFFICE = re.compile(
    r"[\u4e00-\u9fff]{0,2}(?:书记|市长|省长|县长|区长|镇长|村长|州长|主任|局长|厅长|处长|科长|部长|主席|董事长|总裁|总经理|经理|校长|院长|所长"
    r"|会长|理事长|秘书长|行长|馆长|站长|台长|总编辑|总编|发言人|首席执行官|首席科学家)"
)
# Said of any figure, and so telling nothing about which.
_GENERIC = frozenset(
    "目标 计划 预计 预期 实际 完成 实现 达到 要求 情况 数据 总 共 数 数量 总数 规模 亿元 万元 元 亿 万 钱 家 个".split()
)
_LIST = re.compile(
    r"分别(?:是|叫|有|指|在|为|往)?(?:什么|哪)|哪[两二三四五六七八九十\d]+[个项条家座大种类]|各是(?:什么|哪)"
)
_DAY = re.compile(r"几月|几号|几日|几点|几时|哪几天|几加几|几[+＋]几")
_PERSON = re.compile(r"叫什么名字|叫什么$|什么名字|叫啥")
_PHASE = re.compile(r"([一二三四五六])期")
_INTRODUCED = re.compile(
    r"(?:书记|长|总裁|经理|主任|教授|人)[\u4e00-\u9fff]{2,3}(?:说|表示|认为|介绍|指出|强调|透露|坦言|直言)"
)
_LOOSE_NUMBER = re.compile(r"(?<![\d.])\d+(?:[+＋.]\d+)?(?![\d.]*\s?[年月日])")
_COUNTED = re.compile(r"([两二三四五六七八九十]|\d+)[个项条家座大种类核区]")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a question asks for, as far as rules can tell."""

    years: frozenset[int]
    places: frozenset[str]
    offices: frozenset[str]
    attribute: frozenset[str]  # character pairs of what is asked of the subject (「总投资」), without 目标 and the like
    number: bool
    listing: bool
    person: bool  # a name is wanted
    phase: str  # 「一」 of 「一期」; "" where none is named


def wanted(query: Query) -> Wanted:
    text = to_simplified(fold(query.rewritten))
    asked = frozenset(t.first for t in times(text, query.today.year) if t.first is not None and t.first == t.last)
    offices = frozenset(match[0][-3:] if len(match[0]) > 3 else match[0] for match in _OFFICE.finditer(text))
    words = [word for word in content_words(attribute(text)) if word not in _GENERIC and not word[0].isdigit()]
    return Wanted(
        years=asked,
        places=frozenset(places(text) - REGIONS),
        offices=offices,
        attribute=frozenset(pair for word in words if len(word) > 1 for pair in bigrams(word)),
        number=asks_for_number(text) and not _DAY.search(text),
        listing=bool(_LIST.search(text)),
        person=bool(_PERSON.search(text)),
        phase=(_PHASE.findall(text) or [""])[0],
    )


def objections(want: Wanted, item: Evidence) -> list[str]:
    """Why a quotation does not answer, in Chinese; empty where nothing speaks against it."""
    found = []
    quote = to_simplified(fold(item.quote))
    if len(want.places) == 1 and not want.places & subject_places(item) and not any(p in quote for p in want.places):
        found.append("说的是别处")
    if want.offices and not any(_core(office) in quote for office in want.offices):
        found.append("没有说到这个职务")
    if want.person and not _names_someone(quote):
        found.append("没有说出名字")
    if want.phase and (others := set(_PHASE.findall(quote))) and want.phase not in others:
        found.append("说的是另一期")
    if want.number:
        if not (_figures(item) or _LOOSE_NUMBER.search(quote)):
            found.append("没有数字")
        elif not _right_figure(want, item):
            found.append("数字说的是别的事或别的年份")
    elif len(want.years) == 1 and not _speaks_of(next(iter(want.years)), item):
        found.append("说的是别的年份")
    return found


def _figures(item: Evidence) -> list[Figure]:
    return [figure for figure in figures(item) if figure.quantity.unit != "第"]


def _right_figure(want: Wanted, item: Evidence) -> bool:
    """A figure of the right year whose own words (those between its neighbours) speak of the thing asked about."""
    counted = figures(item)
    written = article_year(item)
    year = next(iter(want.years)) if len(want.years) == 1 else None
    if not counted:  # 「5+2」 and the like
        return year is None or _speaks_of(year, item)
    whole = bigrams(item.quote)
    attribute = want.attribute & whole or want.attribute
    least = 1 if want.attribute & whole else 0
    for figure in counted:
        if year is not None:
            time = figure.time
            if time is None or time.first is None or time.last is None:
                if year != written and not _names_year(year, item):
                    continue
            elif not time.covers(year) or time.last - time.first > 1:
                continue
        if least == 0 and want.attribute:
            # none of its words: a paraphrase shares characters with it (产能, 年产), another thing does not
            if not set("".join(want.attribute)) & set(item.quote):
                continue
        elif attribute and len(attribute & bigrams(figure.words)) < max(1, len(want.attribute) // 3):
            continue
        return True
    return False


def _names_someone(quote: str) -> bool:
    return any(tag in ("nr", "nrt", "nrfg") for _, tag in tagged(quote)) or bool(_INTRODUCED.search(quote))


def _names_year(year: int, item: Evidence) -> bool:
    return any(t.covers(year) for t in times(item.quote, article_year(item)))


def lists_enough(query: Query, answer: str) -> bool:
    """An answer to 「分别是哪六个」 names several things, and nearly as many as were asked for."""
    if not wanted(query).listing:
        return True
    items = len(re.findall(r"[、；]|和|及|以及|，", answer)) + 1
    count = _COUNTED.search(query.rewritten)
    digits = {"两": 2, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}
    least = (digits.get(count[1]) or (int(count[1]) if count[1].isdigit() else 2)) - 1 if count else 2
    return items >= min(least, 6)


def _speaks_of(year: int, item: Evidence) -> bool:
    """Of that year, or of none while the article itself is of that year."""
    spoken = [t for t in times(item.quote, article_year(item)) if t.first is not None]
    return any(t.covers(year) for t in spoken) or article_year(item) == year or not spoken


def _core(office: str) -> str:
    """「扬州市长」 and 「市市长」 ask for a 市长."""
    words = [word for word, _ in tagged(office)]
    return words[-1] if len(words[-1]) > 1 else office[-2:]
