"""Quantities: numbers with their units and with what is said of how exact they are, brought to one form.

9000亿 = 9,000 亿元 = 0.9万亿; 八成 = 80% = 百分之八十 = 80％; 2公里 = 2000米; 零下5度 = -5℃; 「不得超过30%」 is 30%, and at most that.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import ROUND_DOWN, ROUND_UP, Decimal
from functools import lru_cache

from rag.answer.text import bounds
from rag.answer.text.bounds import Bound
from rag.answer.text.codes import codes
from rag.answer.text.numbers import ARABIC, NUMERAL, Number, number_at
from rag.answer.text.numbers import chinese_number as chinese_number
from rag.answer.text.numbers import fold as fold

MONEY = ("美元", "欧元", "日元", "韩元", "英镑", "港元", "澳元", "加元", "卢布", "卢比", "人民币", "元")
AREAS = frozenset({"亩", "公顷", "平方米", "平方公里", "平方千米"})
_CURRENCY = f"(?:{'|'.join(MONEY)})"
# A measure word decides whether a bare Chinese numeral counts something (「六大行动」) or is part of a word (「统一」).
_MEASURE = (
    r"(?:个百分点|百分点|工作日|平方公里|平方千米|平方米|立方米|千瓦时|公里|千米|厘米|毫米|微米|纳米|公顷|公斤|千克|毫克|毫升|千瓦|兆瓦|"
    r"小时|分钟|毫秒|秒|英里|海里|英寸|英尺|摄氏度|毫安时|人次|架次|车次|星期|季度|世纪|"
    r"%|‰|倍|成|折|元|块|吨|亩|斤|桶|箱|瓶|袋|辆|片|台|套|艘|架|只|头|株|棵|匹|户|家|间|个|项|条|名|人|位(?![于置])|届|次|场|岁|级|座|所|批|件|份|种|类|款|"
    r"例|起|宗|处(?![理于置])|笔|股|单|队|组|对|双|支|张|本|册|门|节|科|班|列|趟|轮|栋|幢|卷|章|代|步|道|"
    r"大|强|区|市|省|国|县|镇|村|站|层|期|号|点|页|篇|字|集|部|首|幅|枚|颗|米|克|升|瓦|天|周|度)"
)
# Units of one kind: each line counts in the first word, the others by how many of it they hold.
_KINDS = """
米 1 m 1 公里 1000 千米 1000 km 1000 厘米 .01 cm .01 毫米 .001 mm .001 微米 .000001 μm .000001 纳米 .000000001 nm .000000001
公斤 1 千克 1 kg 1 吨 1000 t 1000 斤 .5 克 .001 g .001 毫克 .000001 mg .000001
平方米 1 ㎡ 1 公顷 10000 平方公里 1000000 平方千米 1000000
升 1 l 1 毫升 .001 ml .001 立方米 1000
瓦 1 w 1 千瓦 1000 kw 1000 兆瓦 1000000 mw 1000000 吉瓦 1000000000 gw 1000000000
千瓦时 1 kwh 1
秒 1 s 1 毫秒 .001 ms .001 分钟 60 小时 3600 h 3600 天 86400 周 604800 星期 604800
元 1 块 1 人民币 1
度 1 摄氏度 1 ℃ 1
% 1 ‰ .1
百分点 1 个百分点 1
"""
_SIZES = {
    row[at]: (row[0], Decimal(row[at + 1]))
    for row in (line.split() for line in _KINDS.split("\n"))
    for at in range(0, len(row), 2)
}
_GENERAL = frozenset("个 家 项 条 名 人 位 件 种 类 处 款 例 起 宗 大".split())
_PEOPLE = frozenset("人名位")
_COUNTING = _GENERAL | frozenset(
    "个 家 项 条 名 人 位 件 座 种 类 届 次 场 批 所 户 份 只 头 株 棵 匹 级 款 例 起 宗 处 笔 单 队 组 支 张 本 册 间 栋 幢 辆 台 套 艘 架 枚 颗 部 "
    "首 幅 篇 片 门 节 轮 趟 站 箱 瓶 袋 双 对 道 大 列 国 省 市 县 区 镇 村 强 代".split()
)
_START = re.compile(rf"一半|半数|(?P<ordinal>第)?(?P<number>百分之|[\d{NUMERAL}])")
_RUN = re.compile(rf"[{NUMERAL}]+|{ARABIC}")
_PARTS = re.compile("分之")
_UNIT = re.compile(
    rf"\s?(?:个[多余]?(?=月|小时|星期|世纪|工作日))?(?P<unit>{_CURRENCY}|{_MEASURE}|(?<=[个多余])月|[A-Za-zμ℃°㎡]+)"
)
_NO_MEASURE = ("大", "台", "级", "强", "代")  # 万亿大关, 万亿台阶, 千亿级
_POINTS = re.compile(r"(?P<unit>分)(?![之钟别布析公类成为支行部局店享工配组期级手])")  # 「得98.5分」
_CLOCK = re.compile(r"\d\s?[时点]\s?\Z")  # 「23时30分」
_SIGN = re.compile(r"(?P<loose>-|(?<![正担背肩抱自胜])负的?)\s?\Z|零下\s?\Z")
_UNSIGNED = re.compile(r"[\w%℃)）]\Z")
_DAY = re.compile(r"(?<!\d)(?:19|20)\d\d(?P<sep>[-/.])\d{1,2}(?P=sep)\d{1,2}(?!\d)")
# 2025年, 3月14日, 第3—5版: time, not quantity. times.py reads those.
_TIME_AFTER = re.compile(
    r"\s?(?:年(?!产|报|均|轻|度总)|月(?!均|产)|日(?!均|产|元)|时(?!代)|[—\-－~～至到]\d+\s?(?:年|月|日))"
)
_WITHIN = re.compile(r"\s?日(?=以?内|之内)")  # 「可于30日内办理」: how long, not when
_DURATION = re.compile(r"\s?年(?!\s?\d{1,2}\s?月|产|底|初|末|代|级)")  # 「历经16年」: how long, not when
_AGE = re.compile(r"(?:树龄|寿命|之久|的?历史(?![新最性首上]))")  # 「700年树龄」
_BETWEEN = re.compile(r"\s?(?:[—–\-~～]+|至|到|、|或)\s?")  # 「30至40万」, 「3、5年」
_SPAN_ZH = re.compile(r"[两二三四五六七八九]|[二三四五六七八九]?十[一二三四五六七八九]?")
_ARABIC = re.compile(ARABIC)


@dataclass(frozen=True, slots=True)
class Quantity:
    """``value`` in ``unit`` (元, %, 家, GW…; "" where none follows) at ``[start, end)`` of the text it was read from."""

    value: Decimal
    unit: str
    start: int
    end: int
    text: str
    bound: Bound = Bound.EXACT
    around: tuple[int, int] = (0, 0)  # with what says how exact it is: 「不得超过」 before, 「以上」 behind

    @property
    def size(self) -> Decimal:
        """The value in the first unit of its kind: 2公里 and 2000米 are of one size."""
        return self.value * _SIZES.get(self.unit.casefold(), ("", Decimal(1)))[1]


def quantities(text: str) -> list[Quantity]:
    """All quantities of a text, in order. Years, months and days are left to ``times``, codes to ``codes``."""
    return list(_quantities(fold(text)))


@lru_cache(maxsize=4096)
def _quantities(text: str) -> tuple[Quantity, ...]:
    found: list[Quantity] = []
    names = [*codes(text), *(match.span() for match in _DAY.finditer(text))]
    at = 0
    while (match := _START.search(text, at)) is not None:
        first = match.start("number") if match["number"] else match.start()
        inside = next((end for start, end in names if start <= first < end), None)
        read = _read(text, match, found[-1].end if found else -1) if inside is None else None
        if read is not None:
            if found:
                found[-1] = _ranged(found[-1], read, text)
            found.append(_bounded(read, text))
        run = _RUN.match(text, first)
        at = max(inside or 0, read.end if read else 0, match.end() if read or run is None else run.end())
    return tuple(found)


def _ranged(one: Quantity, other: Quantity, text: str) -> Quantity:
    """「30至40万元」: the first of a range is in the unit of the last."""
    if one.unit or not other.unit or not _BETWEEN.fullmatch(text[one.end : other.start]):
        return one
    scale = Decimal(1)
    if one.text[-1] not in NUMERAL:
        head = _ARABIC.match(other.text)
        spoken = Decimal(head[0].replace(",", "")) if head else other.value
        scale = other.value / spoken if spoken and one.value <= spoken else scale
    return replace(one, value=one.value * scale, unit=other.unit)


def _bounded(read: Quantity, text: str) -> Quantity:
    """With what the words around a quantity, or 多 and 余 within it, say of how exact it is."""
    lasting = _SIZES.get(read.unit.casefold(), ("",))[0] in ("秒", "米") or read.unit in ("年", "个月")
    before, start = bounds.before(text, read.start, recent=lasting)
    behind, end = bounds.behind(text, read.end, lasting=lasting)
    bound = next((b for b in (before, read.bound, behind) if b is not Bound.EXACT), Bound.EXACT)
    return replace(read, bound=bound, around=(start, end))


def _read(text: str, match: re.Match[str], before: int) -> Quantity | None:
    """``before``: where the quantity before it ends."""
    start, end = match.span()
    if match["number"] is None:  # 一半
        return Quantity(Decimal(50), "%", start, end, text[start:end])
    percent = match["number"] == "百分之"
    number = number_at(text, match.end() if percent else match.start("number"))
    if number is None:
        return None
    value, end, unit = number.value, number.end, ""
    if match["ordinal"]:
        return Quantity(value, "第", start, end, text[start:end])
    share = number_at(text, end + 2) if not percent and _PARTS.match(text, end) else None
    if percent or share:
        if share:
            value, end = share.value / value * 100 if value else Decimal(0), share.end
        unit = "%"
    else:
        counted = _counted(text, start, number)
        if counted is None:
            return None
        value, unit, end = counted
    bound = {"": Bound.EXACT, "来": Bound.ABOUT}.get(number.mark, Bound.MORE)
    if text[number.end : end].startswith(("个多", "个余")):
        bound = Bound.MORE
    sign = _sign(text, start, unit, before)
    return Quantity(-value if sign < start else value, unit, sign, end, text[sign:end], bound)


def _sign(text: str, start: int, unit: str, end: int) -> int:
    """Where the sign of a number at ``start`` begins; ``start`` where it has none: 「歼-20」, 「5%-10%」 (5% ends at ``end``)."""
    sign = _SIGN.search(text, max(0, start - 3), start)
    if sign is None or sign.start() <= end:
        return start
    measured = unit.casefold() in _SIZES or unit in MONEY or unit in ("倍", "年")
    before = _UNSIGNED.search(text, max(0, sign.start() - 1), sign.start())
    plain = before is None or (measured and "\u3400" <= before[0] <= "\u9fff")
    return sign.start() if plain or not sign["loose"] else start


def _counted(text: str, start: int, number: Number) -> tuple[Decimal, str, int] | None:
    """(value, unit, end) of a number at ``start`` that counts or measures; None for times, and for words like 统一."""
    value, end, written = number.value, number.end, text[start : number.end]
    spelt = not written[0].isdecimal()
    if (within := _WITHIN.match(text, end)) and not text.endswith("月", 0, start):
        return value, "天", within.end()
    if (span := _DURATION.match(text, end)) and _lasts(text, written, number, span.end()):
        return value, "年", span.end()
    if _TIME_AFTER.match(text, end):
        return None
    found = _UNIT.match(text, end) or (None if spelt else _POINTS.match(text, end))
    unit = found["unit"] if found else ""
    if unit == "分" and _CLOCK.search(text, max(0, start - 4), start):
        return None
    bare = number.scale_only and value >= 10**4 and written != "兆"
    if bare and not number.mark and not unit and value < 10**8 and bounds.before(text, start, recent=False)[1] == start:
        return None  # 「千万」, 「万」 alone say "very many" more often than they count
    if bare and unit in _NO_MEASURE:
        found, unit = None, ""
    if spelt and not bare:
        measured = unit in MONEY or (unit in _SIZES and unit != "度") or unit in ("个月", "月", "倍")
        large = (value >= 10**4 and not number.scale_only) or (
            number.mark and value >= 10
        )  # 「三四线城市」 counts none
        if (
            not (unit or large)
            or not value
            or (written in ("一", "两") and not (measured and (written == "两" or len(unit) > 1)))
        ):
            return None  # 「统一」, 「一批」, 「十分」: no count
    if unit == "月" and text.endswith(("头", "前", "首"), 0, start):
        return None  # 「头两个月」: when, not how long
    if unit == "成":
        return (value * 10, "%", found.end()) if found and value <= 10 else None
    return value, "个月" if unit == "月" else unit, found.end() if found else end


def _lasts(text: str, written: str, number: Number, end: int) -> bool:
    """Does a number before 年 say how long, and not which year? 「16年」, 「三十多年」, 「700年树龄」."""
    if number.mark or not written[0].isdecimal():
        return bool(number.mark or _SPAN_ZH.fullmatch(written))
    scaled = not written[-1].isdecimal()
    return len(written) < 3 or scaled or (_AGE.match(text, end) is not None and not written.startswith(("19", "20")))


def unit_kind(unit: str) -> str:
    """One word for units that measure the same: 公里, 米 and km; 家, 个 and 项."""
    return "个" if unit in _GENERAL else _SIZES.get(unit.casefold(), (unit.casefold(),))[0]


def measures(unit: str, asked: str) -> bool:
    """Is ``unit`` of the kind ``asked`` (a ``unit_kind``)? 「多少钱」 (元) may be answered in dollars, 「几天」 in 工作日."""
    kind = unit_kind(unit)
    return kind == asked or (asked == "元" and unit in MONEY) or (asked == unit_kind("天") and kind == "工作日")


def alike(one: str, other: str) -> bool:
    """Can units stand for each other? 个 can for any that counts, 台 not for 辆."""
    if (one in _PEOPLE) != (other in _PEOPLE) and not {one, other} & {"", "个", "例", "起"}:
        return False  # 「23人，3辆车」
    kinds = {unit_kind(one), unit_kind(other)}
    return len(kinds) == 1 or ("个" in kinds and one in _COUNTING and other in _COUNTING)


def same(one: Quantity, other: Quantity) -> bool:
    """Equal in value, and in unit where both have one (元 and 家 are never the same; 万亿 and 万亿元 are).

    What is said of how exact they are is another matter (``bound``); but 「数百」 is not 100.
    """
    if (one.size if one.unit and other.unit else one.value) != (other.size if one.unit and other.unit else other.value):
        return False
    if (one.bound is Bound.SEVERAL) != (other.bound is Bound.SEVERAL):
        return False
    if one.unit == other.unit or not one.unit or not other.unit:
        return "第" not in (one.unit, other.unit) or one.unit == other.unit
    return alike(one.unit, other.unit)


def opposed(one: Quantity, other: Quantity) -> bool:
    """Is one bound from above and the other from below? 「超过30%」 and 「不得超过30%」."""
    return (one.bound.up and other.bound.down) or (one.bound.down and other.bound.up)


def stands_for(claimed: Quantity, figure: Quantity) -> bool:
    """「超过8000亿」 and 「约8074亿」 for 8074.1亿: the figure, cut or rounded to the digits that are said."""
    if not figure.value or not claimed.value or not alike(claimed.unit, figure.unit):
        return False
    ratio = claimed.size / figure.size
    if claimed.bound is Bound.SEVERAL:  # 「数百家」 of 350家
        return Decimal("0.1") < ratio <= Decimal("0.5")
    if not Decimal("0.8") < ratio < Decimal("1.25"):
        return False
    step, exact = _step(claimed), claimed.value / ratio
    if claimed.bound.up:
        return (exact / step).to_integral_value(ROUND_DOWN) * step == claimed.value
    if claimed.bound in (Bound.LESS, Bound.AT_MOST):
        return (exact / step).to_integral_value(ROUND_UP) * step == claimed.value
    rounded = abs(exact - claimed.value) <= step / 2
    return (claimed.bound is Bound.ABOUT and rounded) or (
        claimed.bound is Bound.NEARLY and (rounded or 0 < claimed.value - exact < step)
    )


def _step(claimed: Quantity) -> Decimal:
    """What one more in the last digit said adds: 1000亿 for 8000亿; 「4.0万」 is said to the thousand."""
    decimals = re.search(r"([\d,]+)\.(\d+)", claimed.text)
    if decimals:
        return abs(claimed.value) / Decimal(decimals[0].replace(",", "")) * Decimal(1).scaleb(-len(decimals[2]))
    shown = claimed.value.normalize()
    return Decimal(1).scaleb(shown.adjusted() - len(shown.as_tuple().digits) + 1)
