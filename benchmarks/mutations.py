"""True sentences made false in one place, and true ones said in other words: the material of benchmarks/mutation.py.

Nothing here knows the verifier or its word lists: what it looks for is found by patterns of its own.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

PLACES = (
    "北京 上海 天津 重庆 广州 深圳 杭州 南京 苏州 成都 武汉 西安 长沙 郑州 青岛 济南 合肥 福州 厦门 昆明 沈阳 大连 哈尔滨 长春 石家庄 太原 南昌 南宁 贵阳 兰州 海口 宁波 无锡 佛山 东莞 扬州 盐城 常州 徐州 "
    "河北 山西 辽宁 吉林 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东 海南 四川 贵州 云南 陕西 甘肃 青海 新疆 西藏 内蒙古 广西 宁夏 香港 澳门 台湾 "
    "美国 英国 法国 德国 日本 韩国 俄罗斯 乌克兰 印度 巴西 加拿大 澳大利亚 意大利 西班牙 荷兰 瑞典 挪威 新加坡 泰国 越南 马来西亚 印度尼西亚 菲律宾 埃及 南非 土耳其 伊朗 以色列 波兰 瑞士"
).split()
_PLACE = re.compile("|".join(sorted(PLACES, key=len, reverse=True)))
_FIGURE = re.compile(
    r"(?<![\d.:：A-Za-z/-])(\d[\d,]*(?:\.\d+)?)(?=\s?(?:万|亿|元|美元|人|名|个|家|项|条|吨|公里|米|亩|台|辆|套|次|倍|岁|场|件|所|户|座|架|艘|千瓦|平方|公斤|种|位|分|例|篇|部|只|款|股|枚|天|小时))"
)
_PERCENT = re.compile(r"(?<![\d.])(\d+(?:\.\d+)?)(?=\s?[%％])")
_UNIT = re.compile(
    r"(?<=\d)(\s?)(亿美元|万美元|亿元|万元|美元|元|亿|万人|万|公里|米|吨|公斤|平方公里|平方米|小时|分钟)"
)
_OTHER_UNIT = {
    "亿美元": "亿元",
    "万美元": "万元",
    "亿元": "万元",
    "万元": "亿元",
    "美元": "欧元",
    "元": "美元",
    "亿": "万",
    "万人": "人",
    "万": "亿",
    "公里": "米",
    "米": "公里",
    "吨": "公斤",
    "公斤": "吨",
    "平方公里": "平方米",
    "平方米": "平方公里",
    "小时": "分钟",
    "分钟": "小时",
}
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?=\s?年)")
_MONTH = re.compile(r"(?<![\d.])(\d{1,2})(?=\s?月(?!份额|球))")
_DAY = re.compile(r"(?<=月)(\s?\d{1,2})(?=\s?[日号])|(?<![\d月.])(\d{1,2})(?=日(?!均|本|前|内|游|线))")
_SURNAME = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
_PERSON = re.compile(
    rf"(?:书记|市长|省长|县长|局长|部长|主任|院长|校长|董事长|总裁|总经理|经理|教授|教练|导演|主席|总统|首席执行官|发言人|负责人|研究员|医生|记者|队长|会长|秘书长|分析师)([{_SURNAME}][\u4e00-\u9fff]{{1,2}})(?=说|表示|认为|介绍|告诉|指出|称|透露|在|、|，|。|和|等|强调|对|）)"
    rf"|(?:^|[，。“”：；])([{_SURNAME}][\u4e00-\u9fff]{{1,2}})(?=说|表示|认为|介绍|告诉|指出|透露|强调|坦言)"
)
_ORG = re.compile(
    r"(?:^|(?<=[，。、“”：；与由在对向]))((?!该|本|这|那|一家|多家|上市|分|子|其|某|要求|包括|其中|此前|随后|目前)[^\W\d_将以和于为的在由对向求是了也至到把被该本这及等或后前中并从有从让使给遂则、，。]{2,8}"
    r"(?:集团|公司|大学|银行|医院|学院|研究院|协会|中学))(?![\u4e00-\u9fff]{0,1}(?:长|们))"
)
_TITLE = re.compile(r"《([^《》]{2,16})》")
_CODE = re.compile(r"(?<![A-Za-z0-9.])([A-Z][A-Za-z]*[ -]?\d+(?:\.\d+)?[A-Za-z]*)(?![A-Za-z0-9%万亿元])")
_BARE_VERB = re.compile(
    r"(?<![可不智功性效技职才节产社机协大委晚总盛商年展峰与省市工])(将(?!军|领|士|近)|已经|已|会(?!议|员|长|见|谈|展|场|计|所)|能够|能(?!力|源|量|级|耗|效|否)|可以)(?=[\u4e00-\u9fff]{2})(?!经|来|知|往|是|有)"
)
_NEGATED = re.compile(r"(没有|并未|尚未|未能|不会|不能|不再|并不|不是|未)(?=[\u4e00-\u9fff]{2})(?!来|成年|必|知|免)")
_TURN = (
    ("增长", "下降"),
    ("增加", "减少"),
    ("上涨", "下跌"),
    ("上升", "下降"),
    ("提高", "降低"),
    ("超过", "不足"),
    ("高于", "低于"),
    ("盈利", "亏损"),
    ("进口", "出口"),
    ("支持", "反对"),
)


@dataclass(frozen=True, slots=True)
class Mutation:
    kind: str
    text: str
    was: str
    now: str


@dataclass(frozen=True, slots=True)
class Corpus:
    """Names of each kind seen anywhere, to swap in."""

    people: tuple[str, ...]
    orgs: tuple[str, ...]
    titles: tuple[str, ...]


def gather(texts: list[str]) -> Corpus:
    whole = "\n".join(texts)

    def all_of(pattern: re.Pattern[str]) -> tuple[str, ...]:
        return tuple(sorted({next(g for g in m.groups() if g) for m in pattern.finditer(whole)}))

    return Corpus(all_of(_PERSON), all_of(_ORG), all_of(_TITLE))


def mutations(sentence: str, passage: str, corpus: Corpus, dice: random.Random) -> Iterator[Mutation]:
    """At most one mutation of each kind that the sentence allows; ``passage`` holds it and its neighbours."""
    yield from _one("figure", sentence, _FIGURE, lambda v: _digit(v, dice), dice)
    yield from _neighbour("figure of a neighbour", sentence, passage, _FIGURE, dice)
    yield from _one("percentage", sentence, _PERCENT, lambda v: _digit(v, dice), dice)
    yield from _neighbour("percentage of a neighbour", sentence, passage, _PERCENT, dice)
    yield from _unit(sentence, dice)
    yield from _one("year", sentence, _YEAR, lambda v: str(int(v) + dice.choice((-3, -2, -1, 1, 2, 3))), dice)
    yield from _neighbour("year of a neighbour", sentence, passage, _YEAR, dice)
    yield from _one(
        "month", sentence, _MONTH, lambda v: str(dice.choice([m for m in range(1, 13) if m != int(v)])), dice
    )
    yield from _one("day", sentence, _DAY, lambda v: str(dice.choice([d for d in range(1, 29) if d != int(v)])), dice)
    yield from _name("person", sentence, passage, _PERSON, corpus.people, dice)
    yield from _name("place", sentence, passage, _PLACE, PLACES, dice)
    yield from _name("organisation", sentence, passage, _ORG, corpus.orgs, dice)
    yield from _name("title", sentence, passage, _TITLE, corpus.titles, dice)
    yield from _one("product", sentence, _CODE, lambda v: _digit(v, dice), dice)
    yield from _negation(sentence, dice)
    yield from _turned(sentence, dice)


def _replaced(kind: str, sentence: str, start: int, end: int, now: str) -> Iterator[Mutation]:
    was = sentence[start:end]
    if now and now != was:
        yield Mutation(kind, sentence[:start] + now + sentence[end:], was, now)


def _sites(pattern: re.Pattern[str], text: str) -> list[tuple[int, int]]:
    return [m.span(next((i for i in range(1, len(m.groups()) + 1) if m[i]), 0)) for m in pattern.finditer(text)]


def _one(
    kind: str, sentence: str, pattern: re.Pattern[str], change: Callable[[str], str], dice: random.Random
) -> Iterator[Mutation]:
    sites = _sites(pattern, sentence)
    if sites:
        start, end = dice.choice(sites)
        yield from _replaced(kind, sentence, start, end, change(sentence[start:end].strip()))


def _digit(value: str, dice: random.Random) -> str:
    """One digit changed; never a leading zero, never the same value."""
    places = [i for i, c in enumerate(value) if c.isdigit()]
    at = dice.choice(places)
    low = 1 if at == places[0] else 0
    digits = [d for d in range(low, 10) if str(d) != value[at]]
    return value[:at] + str(dice.choice(digits)) + value[at + 1 :]


def _after(text: str, end: int) -> str:
    """What is counted, as far as its first two characters tell."""
    return text[end : end + 4].strip()[:2]


def _neighbour(
    kind: str, sentence: str, passage: str, pattern: re.Pattern[str], dice: random.Random
) -> Iterator[Mutation]:
    """A value replaced by another one that stands elsewhere in the passage with the same unit."""
    sites = _sites(pattern, sentence)
    dice.shuffle(sites)
    for start, end in sites:
        value = sentence[start:end]
        others = {
            passage[s:e]
            for s, e in _sites(pattern, passage)
            if _after(passage, e) == _after(sentence, end) and passage[s:e] != value
        }
        if others:
            yield from _replaced(kind, sentence, start, end, dice.choice(sorted(others)))
            return


def _unit(sentence: str, dice: random.Random) -> Iterator[Mutation]:
    found = [
        m
        for m in _UNIT.finditer(sentence)
        if not sentence[m.end() : m.end() + 1].startswith(("元", "美", "欧", "日", "港"))
    ]
    if found:
        match = dice.choice(found)
        yield from _replaced("unit", sentence, match.start(2), match.end(2), _OTHER_UNIT[match[2]])


def _name(
    kind: str,
    sentence: str,
    passage: str,
    pattern: re.Pattern[str],
    known: tuple[str, ...] | list[str],
    dice: random.Random,
) -> Iterator[Mutation]:
    """A name replaced by one from elsewhere in the corpus, and by one from the same passage."""
    sites = _sites(pattern, sentence)
    if not sites:
        return
    start, end = dice.choice(sites)
    name = sentence[start:end]
    away = [n for n in known if n not in passage and n not in name and name not in n]
    if away:
        yield from _replaced(kind, sentence, start, end, dice.choice(away))
    near = {passage[s:e] for s, e in _sites(pattern, passage)}
    near = {n for n in near if n not in sentence and name not in n}
    if near:
        yield from _replaced(f"{kind} of a neighbour", sentence, start, end, dice.choice(sorted(near)))


def _negation(sentence: str, dice: random.Random) -> Iterator[Mutation]:
    negated = list(_NEGATED.finditer(sentence))
    if negated:
        match = dice.choice(negated)
        now = {
            "没有": "已经",
            "并未": "已经",
            "尚未": "已经",
            "未能": "能够",
            "不会": "会",
            "不能": "能",
            "不再": "还会",
            "并不": "",
            "不是": "是",
            "未": "已",
        }
        yield Mutation(
            "negation removed", sentence[: match.start()] + now[match[1]] + sentence[match.end() :], match[1], ""
        )
    plain = list(_BARE_VERB.finditer(sentence))
    if plain:
        match = dice.choice(plain)
        now = {"将": "不会", "已经": "尚未", "已": "未", "会": "不会", "能够": "不能", "能": "不能", "可以": "不可以"}[
            match[1]
        ]
        yield from _replaced("negation added", sentence, match.start(), match.end(), now)


def _turned(sentence: str, dice: random.Random) -> Iterator[Mutation]:
    found = [
        (m, b if m[0] == a else a) for a, b in _TURN for m in re.finditer(f"(?<!不)(?:{a}|{b})(?!值|额|量)", sentence)
    ]
    if found:
        match, other = dice.choice(found)
        yield from _replaced("direction", sentence, match.start(), match.end(), other)
