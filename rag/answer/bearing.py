"""Does a quotation bear on what is asked: the year, the place, the thing, the kind of answer?

The near misses live here: the right company in the wrong year, the right city with another indicator, one city's figure
for another's. Retrieval cannot tell them apart, for they share all words but one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

from rag.answer.figures import Figure, article_year, figures, nearby, subject_cities
from rag.answer.question.kind import HOUR, MOMENT, names_someone, unit_asked
from rag.answer.question.query import ASKS, attribute
from rag.answer.text.cities import cities
from rag.answer.text.codes import stands_in
from rag.answer.text.quantities import Quantity, fold, measures, quantities, same
from rag.answer.text.words import asks_for_number, bigrams, content_words, names, tagged, to_simplified
from rag.answer.when.agreement import asked_times
from rag.answer.when.interval import Interval
from rag.answer.when.stretches import other_stretch, part_of_a_year
from rag.answer.when.times import days, times
from rag.types import Evidence, Query

_OFFICE = re.compile(  # at the end of a word: of 「市委书记」 and 「港务局局长」 the office alone
    r"副?(?:书记|市长|省长|县长|区长|镇长|村长|州长|主任|局长|厅长|处长|科长|部长|主席|董事长|总裁|总经理|经理|校长|院长|所长"
    r"|会长|理事长|秘书长|行长|馆长|站长|台长|总编辑|总编|发言人|首席执行官|首席科学家)\Z"
)
# Said of any figure, and so telling nothing about which.
_GENERIC = frozenset(
    "目标 计划 预计 预期 实际 完成 实现 达到 超过 突破 要求 情况 数据 一共 总共 大概 大约 到底 究竟 具体 总 共 数 数量 总数 合计 总计 规模 水平 指标 亿元 万元 元 亿 万 钱 家 个".split()
)
_LIST = re.compile(
    r"分别(?:是|叫|有|指|在|为|往)?(?:什么|哪)|哪[两二三四五六七八九十\d]+[个项条家座大种类]|各是(?:什么|哪)"
)
_DAY = re.compile(r"几月|几号|几日|几点|几时|哪几天|几加几|几[+＋]几")
_PERSON = re.compile(r"叫什么名字|叫什么$|什么名字|叫啥")
# 「叫什么名字」 may be asked of a thing: 「那个车站现在叫啥名字」.
_THING_CALLED = re.compile(
    r"(?:站|桥|路|街|馆|店|厂|楼|公司|企业|品牌|产品|项目|手机|车|游戏|电影|影片|剧|(?<!秘)书|小说|歌|节目|平台|软件|系统|芯片|病|药|疫苗|台风|[船舰]|飞机|卫星|火箭|导弹|[村镇岛山湖河]|国家|城市"
    r"|大学|学校|医院|组织|机构|协会|行动|计划|活动|奖|技术|模型)(?:现在|如今|目前|后来|原来|以前|之前|当时|最初|本来|究竟|到底|应该|[又都是它改新])*叫"
)
_NAMING = re.compile(r"称为|名为|命名|[名又改原曾]叫|叫做|叫作|取名|《|“|[A-Za-z]{3}")
_NO_THING = re.compile("为什么|为何|为啥|怎么|怎样|如何|吗|是否|是不是|有没有")  # asks for a reason, a way, a yes or no
_NUMERAL = re.compile(r"[\d百千万亿]")
_COMMON_UNITS = ("", "个", "元", "%", "第", "年", "次")
_SCOPES = ("全球", "世界", "全国", "全省", "全市", "全县", "全区")
_COMPARES = re.compile(
    r"哪[个家座项](?!时[期间])|更[多少高低大小]|各是|各为|分别|相比|比.{1,24}(?:多|少|高|低|增)|相差|差多少"
)
_DONE = re.compile(r"实际(?:完成|达到|实现)?|已经?(?:完成|达到|实现)")
_PLANNED = re.compile(r"将|力争|争取|冲刺|预计|目标|计划|确保|有望|拟")
_REACHED = re.compile(r"已|实现了?|完成|达到|增长")
_PHASE = re.compile(r"([一二三四五六])期")
_LOOSE_NUMBER = re.compile(r"(?<![\d.])\d+(?:[+＋.]\d+)?(?![\d.]*\s?[年月日])")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a question asks for, as far as rules can tell."""

    years: frozenset[int]
    names: frozenset[str]  # of any kind, cities too
    cities: frozenset[str]
    offices: frozenset[str]
    attribute: frozenset[str]  # character pairs of what is asked of the subject (「总投资」), without 目标 and the like
    head: str  # the last word of that, the thing itself (「电话」 of 「市长电话」); "" where rules cannot tell
    number: bool
    listing: bool
    unit: str  # of the figure asked for, in one word for all that count things; "" where none is said
    person: bool  # a name is wanted
    phase: str  # 「一」 of 「一期」; "" where none is named
    moment: bool  # a year or a day is wanted
    scopes: frozenset[str]  # 全国, 全省, …
    compares: bool  # two things or two times are held against each other, or several things are asked at once
    done: bool  # what has been reached, not what is planned
    given: tuple[Quantity, ...] = ()  # figures of the question itself
    stretch: Interval | None = None  # the one month, quarter or other part of a year that is asked about


def wanted(query: Query) -> Wanted:
    text = to_simplified(fold(query.rewritten))
    asked = frozenset(t.first for t in times(text, query.year) if t.first is not None and t.first == t.last)
    offices = frozenset(match[0] for word, _ in tagged(text) if (match := _OFFICE.search(word)))
    words = [w for w in content_words(attribute(text)) if w not in _GENERIC and not _NUMERAL.search(w)]
    return Wanted(
        years=asked,
        names=frozenset(names(text)),
        cities=cities(text),
        offices=offices,
        attribute=frozenset(pair for word in words if len(word) > 1 for pair in bigrams(word)),
        head="" if _NO_THING.search(text) else next((w for w in reversed(words) if len(w) > 1 and not w.isascii()), ""),
        number=asks_for_number(text) and not _DAY.search(text),
        listing=bool(_LIST.search(text)),
        unit=unit_asked(text),
        person=bool(_PERSON.search(text)) and not _THING_CALLED.search(text),
        phase=(_PHASE.findall(text) or [""])[0],
        moment=bool(MOMENT.search(text)),
        scopes=frozenset(scope for scope in _SCOPES if scope in text),
        compares=bool(_COMPARES.search(text)) or len(ASKS.findall(text)) > 1,
        done=bool(_DONE.search(text)),
        given=tuple(quantities(text)),
        stretch=_part_of_a_year(query),
    )


def _part_of_a_year(query: Query) -> Interval | None:
    asked = asked_times(query.rewritten, query.today)
    return asked[0] if len(asked) == 1 and part_of_a_year(asked[0]) else None


class Objection(Enum):
    """Why a quotation may not answer."""

    ELSEWHERE = auto()  # it speaks of another place
    OTHER_KIND = auto()  # it lacks the office, the name, the phase or the time that is asked for
    NO_NUMBER = auto()
    OTHER_YEAR = auto()  # its numbers, or all it says, are of other years
    OTHER_FIGURE = auto()  # its numbers are of other things


# Of 500 right answers to public and to our own questions, not one rests on a quotation with such an objection.
CERTAIN_OBJECTIONS = frozenset({Objection.ELSEWHERE, Objection.OTHER_KIND, Objection.NO_NUMBER, Objection.OTHER_YEAR})


def objections(want: Wanted, item: Evidence) -> list[Objection]:
    """What speaks against a quotation; empty where nothing does."""
    found = []
    quote = to_simplified(fold(item.words))
    theirs = subject_cities(item)
    if want.cities and theirs and not want.cities & theirs and not _may_be_there(want, item):
        found.append(Objection.ELSEWHERE)
    if want.offices and not any(office in quote for office in want.offices):
        found.append(Objection.OTHER_KIND)
    if want.person and not names_someone(quote) and not _NAMING.search(quote):
        found.append(Objection.OTHER_KIND)
    if want.phase and (others := set(_PHASE.findall(quote))) and want.phase not in others:
        found.append(Objection.OTHER_KIND)
    if want.moment and not (times(quote, article_year(item)) or days(quote) or HOUR.search(quote)):
        found.append(Objection.OTHER_KIND)
    if want.number and not want.compares:
        counted = [figure for figure in figures(item) if (figure.quantity.unit == "第") == (want.unit == "第")]
        if not counted and not _LOOSE_NUMBER.search(quote):
            found.append(Objection.NO_NUMBER)
        elif not any(_of_the_year(want, f, item) for f in counted) if counted else _of_another_year(want, item):
            found.append(Objection.OTHER_YEAR)
        elif counted and not any(_fits(want, figure, item) for figure in counted):
            found.append(Objection.OTHER_FIGURE)
    elif _of_another_year(want, item):
        found.append(Objection.OTHER_YEAR)
    return found


def _may_be_there(want: Wanted, item: Evidence) -> bool:
    """The quotation names no city, and its passage the one asked for: only figures and offices are then another city's."""
    passage = to_simplified(fold(item.hit.passage.text))
    return (
        not (want.number or want.offices)
        and not cities(to_simplified(fold(item.words)))
        and any(city in passage for city in want.cities)
    )


def _of_the_year(want: Wanted, figure: Figure, item: Evidence) -> bool:
    """Of the one year that is asked for; of any, where none or several are."""
    if len(want.years) != 1:
        return True
    year, time = next(iter(want.years)), figure.time
    if time is None or time.first is None or time.last is None:
        if article_year(item) is None:
            return True  # of no known year: nothing says that it is another
        return year == article_year(item) or _names_year(year, item)
    return time.covers(year) and time.last - time.first <= 1


def _fits(want: Wanted, figure: Figure, item: Evidence) -> bool:
    """Of the time asked for, in the unit asked for, and beside words that speak of the thing asked about."""
    if not _of_the_year(want, figure, item) or other_stretch(want.stretch, figure.stretch):
        return False
    there = {scope for scope in _SCOPES if scope in figure.words}
    if want.scopes and there and not want.scopes & there:
        return False
    if want.done and _PLANNED.search(figure.words) and not _REACHED.search(figure.words):
        return False
    if want.unit and not measures(figure.quantity.unit, want.unit) and (figure.quantity.unit or want.unit != "元"):
        return False
    shared = want.attribute & bigrams(item.words)
    if shared:
        beside = len(want.attribute & bigrams(figure.words))
        return 2 * beside >= min(len(shared), 2) and beside >= min(2, -(-len(want.attribute) // 3))
    if want.unit not in _COMMON_UNITS:  # 「雨下得最多的站点累计多少毫米」: the unit alone says as much
        return True
    # none of its words: a paraphrase still shares characters with it (产能, 年产), another thing does not
    letters = set("".join(want.attribute))
    least = len(letters) // 2 if len(letters) < 3 else 2 * len(letters) // 3
    return len(letters & set(item.words)) >= least


def fits(want: Wanted, quantity: Quantity, item: Evidence) -> bool:
    """Is a figure, as the quotation has it, the one asked for?"""
    return any(same(quantity, figure.quantity) and _fits(want, figure, item) for figure in figures(item))


def _names_year(year: int, item: Evidence) -> bool:
    return any(t.covers(year) for t in times(item.words, article_year(item)))


def speaks_plainly(want: Wanted, item: Evidence) -> bool:
    """Nothing against it, and all for it: every name and every word of what is asked stands in it or just before it.

    Only such a quotation may answer by itself, in place of a model's sentence that failed its check.
    """
    if objections(want, item):
        return False
    around = "".join(
        to_simplified(fold(f"{nearby(item)}{item.words}{item.hit.passage.heading}{item.hit.title}")).lower().split()
    )
    if not all(stands_in(name, around) for name in want.names):
        return False
    if any(not any(same(given, there) for there in quantities(around)) for given in want.given):
        return False  # 「6大产业集群」 is not any 产业集群
    if want.number:
        return any(_fits(want, f, item) and want.attribute <= bigrams(f.words) for f in figures(item))
    return want.attribute <= bigrams(item.words)


def unsaid(want: Wanted, quotations: Sequence[Evidence]) -> bool:
    """Does no quotation, nor what stands around it, have the thing that is asked for (「市花」), nor most of its name?

    It may still say it in other words (刑拘 is 刑事拘留: told; 官司 is 案件: not). Nearness of the words by the embedding does not
    help: 产能 is nearer to 产业 (.957) than 参加 to 参与, 官司 to 案件 (.933) as near as 人口 to 地区 (docs/log.md).
    """
    if not want.head:
        return False
    said = _around(quotations)
    pairs = [want.head[at : at + 2] for at in range(len(want.head) - 1)]
    return not any(re.search(".{0,2}".join(map(re.escape, pair)), said) for pair in pairs)


def unnamed(want: Wanted, quotations: Sequence[Evidence]) -> bool:
    """Does a name of the question stand in no quotation, nor before one? A title may name several: 「凤尾、白石两水库鉴定」."""
    said = to_simplified(fold("".join(f"{nearby(item)}{item.quote}" for item in quotations))).lower()
    return not want.compares and any(name not in said for name in want.names)


def _around(quotations: Sequence[Evidence]) -> str:
    around = (f"{nearby(item)}{item.quote}{item.hit.passage.heading}{item.hit.title}" for item in quotations)
    return to_simplified(fold("".join(around)))


def _of_another_year(want: Wanted, item: Evidence) -> bool:
    return len(want.years) == 1 and not _speaks_of(next(iter(want.years)), item)


def _speaks_of(year: int, item: Evidence) -> bool:
    """Of that year, or of none while the article itself is of that year."""
    spoken = [t for t in times(item.words, article_year(item)) if t.first is not None]
    if article_year(item) is None:  # 「达到2015年以来的最高」 says nothing of when
        spoken = [t for t in spoken if t.covers(year) or not t.compared]
    return any(t.covers(year) for t in spoken) or article_year(item) == year or not spoken
