"""Numbers with their units, as Chinese articles write them, brought to one form.

9000亿 = 9,000 亿元 = 0.9万亿; 万亿 = 1万亿 = 10000亿; 八成 = 80% = 百分之八十 = 80％; 两百 = 200.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

_DIGITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_DIGITS |= {"壹": 1, "贰": 2, "叁": 3, "肆": 4, "伍": 5, "陆": 6, "柒": 7, "捌": 8, "玖": 9, "兩": 2}
_SCALES = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8, "拾": 10, "佰": 100, "仟": 1000, "萬": 10**4}
_SCALES |= {"億": 10**8, "兆": 10**12}
_NUMERAL = "".join(_DIGITS) + "".join(_SCALES)
_SCALE = "".join(_SCALES)
MONEY = ("美元", "欧元", "日元", "韩元", "英镑", "港元", "澳元", "加元", "卢布", "卢比", "人民币", "元")
AREAS = frozenset({"亩", "公顷", "平方米", "平方公里", "平方千米"})
_CURRENCY = f"(?:{'|'.join(MONEY)})"
# A measure word decides whether a bare Chinese numeral counts something (「六大行动」) or is part of a word (「统一」).
_MEASURE = (
    r"(?:个百分点|百分点|平方公里|平方千米|平方米|立方米|千瓦时|公里|千米|厘米|毫米|微米|纳米|公顷|公斤|千克|毫克|毫升|千瓦|兆瓦|"
    r"小时|分钟|毫秒|秒|英里|海里|英寸|英尺|摄氏度|毫安时|人次|架次|车次|个月|星期|季度|世纪|"
    r"%|‰|倍|成|折|元|块|吨|亩|斤|桶|箱|瓶|袋|辆|片|台|套|艘|架|只|头|株|棵|匹|户|家|间|个|项|条|名|人|位(?![于置])|届|次|场|岁|级|座|所|批|件|份|种|类|款|"
    r"例|起|宗|处(?![理于置])|笔|股|单|队|组|对|双|支|张|本|册|门|节|科|班|列|趟|轮|栋|幢|卷|章|代|步|道|"
    r"大|强|区|市|省|国|县|镇|村|站|层|期|号|点|页|篇|字|集|部|首|幅|枚|颗|米|克|升|瓦|天|周|度|多[家个项条名人次]|余[家个项条名人次])"
)
# One unit under several names; counting words stand for one another (「26项举措」, 「26条举措」).
_ALIASES = {"公里": "km", "千米": "km", "公斤": "kg", "千克": "kg", "米": "m", "厘米": "cm", "毫米": "mm", "克": "g"}
_ALIASES |= {"块": "元", "人民币": "元", "周": "星期", "摄氏度": "度", "℃": "度", "平方千米": "平方公里", "兆瓦": "mw"}
_ALIASES |= {"小时": "h", "千瓦": "kw", "千瓦时": "kwh", "个百分点": "百分点", "升": "l", "毫升": "ml", "纳米": "nm"}
_GENERAL = frozenset("个 家 项 条 名 人 位 件 种 类 处 款 例 起 宗 大".split())
_PEOPLE = frozenset("人名位")
_COUNTING = _GENERAL | frozenset(
    "个 家 项 条 名 人 位 件 座 种 类 届 次 场 批 所 户 份 只 头 株 棵 匹 级 款 例 起 宗 处 笔 单 队 组 支 张 本 册 间 栋 幢 辆 台 套 艘 架 枚 颗 部 "
    "首 幅 篇 片 门 节 轮 趟 站 箱 瓶 袋 双 对 道 大 列 国 省 市 县 区 镇 村 强 代".split()
)
_NUMBER = re.compile(
    rf"""
    (?P<percent_zh>百分之(?P<percent_value>[{_NUMERAL}点\d.]+))
  | (?P<fraction>(?P<parts>[{_NUMERAL}\d]+)分之(?P<share>[{_NUMERAL}\d]+))
  | (?P<half>一半|半数)
  | (?P<ordinal>第(?P<ordinal_value>\d+|[{_NUMERAL}]+))
  | (?P<arabic>\d[\d,]*(?:\.\d+)?)\s?(?P<scale>[{_SCALE}]*)
  | (?P<chinese>[{_NUMERAL}]+(?:点[{"".join(_DIGITS)}]+)?)
    """,
    re.X,
)
_UNIT = re.compile(rf"[余多来几]?\s?(?P<unit>{_CURRENCY}|{_MEASURE}|[A-Za-zμ℃°]+)")
# 2025年, 3月14日, 第3—5版: time, not quantity. times.py reads those.
_TIME_AFTER = re.compile(
    r"\s?(?:年(?!产|报|均|轻|度总)|月(?!均|产)|日(?!均|产|元)|时(?!代)|[—\-－~～至到]\d+\s?(?:年|月|日))"
)
_WITHIN = re.compile(r"\s?日(?=以?内|之内)")  # 「可于30日内办理」: how long, not when
_DURATION = re.compile(r"\s?年(?!\s?\d{1,2}\s?月|产|底|初|末|代)")  # 「历经16年」: how long, not when
_AGE = re.compile(r"(?:树龄|寿命|之久|的?历史(?![新最性首上]))")  # 「700年树龄」
_BETWEEN = re.compile(r"\s?(?:[—–\-~～]+|至|到|、|或)\s?")  # 「30至40万」, 「3、5年」
_SPAN_ZH = re.compile(r"[两二三四五六七八九]|[二三四五六七八九]?十[一二三四五六七八九]?")
_BARE_SCALES = re.compile(r"(?:[千百十]?[万亿萬億]+|[千百][亿億])")


@dataclass(frozen=True, slots=True)
class Quantity:
    """``value`` in ``unit`` (元, %, 家, GW…; "" where none follows) at ``[start, end)`` of the text it was read from."""

    value: Decimal
    unit: str
    start: int
    end: int
    text: str


def fold(text: str) -> str:
    """Full-width ASCII to half width, one character for one, so that offsets stay true."""
    return "".join(
        folded
        if len(folded := unicodedata.normalize("NFKC", c)) == 1
        and "\uff01" <= c <= "\uff5e"
        and c not in "，：；？！（）"
        else c
        for c in text
    )


def chinese_number(text: str) -> Decimal | None:
    """The value of a numeral in Chinese characters (「一万二千」, 「二〇二五」, 「三点五」); None if it is none."""
    head, _, fraction = text.partition("点")
    if head and all(c in _DIGITS for c in head):  # read digit by digit: 二〇二五
        value = Decimal("".join(str(_DIGITS[c]) for c in head))
    else:
        parsed = _positional(head)
        if parsed is None:
            return None
        value = Decimal(parsed)
    if fraction:
        if not all(c in _DIGITS for c in fraction):
            return None
        value += Decimal("0." + "".join(str(_DIGITS[c]) for c in fraction))
    return value


def _positional(text: str) -> int | None:
    total = section = digit = 0
    seen_digit = False
    for char in text:
        if char in _DIGITS:
            digit, seen_digit = _DIGITS[char], True
            continue
        scale = _SCALES.get(char)
        if scale is None:
            return None
        if scale < 10**4:
            section += (digit if seen_digit else 1) * scale
        else:  # 万, 亿 multiply all that stands before them: 万亿 = 10^12
            before = section + digit
            total = (total + before if total + before else 1) * scale
            section = 0
        digit, seen_digit = 0, False
    return total + section + digit


def quantities(text: str) -> list[Quantity]:
    """All quantities of a text, in order. Years, months and days are left to ``times``."""
    folded = fold(text)
    found: list[Quantity] = []
    for match in _NUMBER.finditer(folded):
        read = _read(folded, match)
        if read is None:
            continue
        if found:
            found[-1], read = _joined(found[-1], read, folded)
        if found and read.start == found[-1].start:
            found[-1] = read
        else:
            found.append(read)
    return found


def _joined(one: Quantity, other: Quantity, text: str) -> tuple[Quantity, Quantity]:
    """「30至40万元」: the first of a range is in the unit of the last; 「1亿2000万元」 is one number."""
    between = text[one.end : other.start]
    if one.unit or not other.unit:
        return one, other
    if not between and _SCALES.get(one.text[-1], 0) >= 10**4 and other.value < one.value:
        whole = Quantity(one.value + other.value, other.unit, one.start, other.end, text[one.start : other.end])
        return whole, whole
    if not _BETWEEN.fullmatch(between):
        return one, other
    scale = Decimal(1)
    if one.text[-1] not in _SCALES:
        head = re.match(r"[\d,.]+", other.text)
        spoken = Decimal(head[0].replace(",", "").rstrip(".")) if head else other.value
        scale = other.value / spoken if spoken and one.value <= spoken else scale
    return Quantity(one.value * scale, other.unit, one.start, one.end, one.text), other


def _read(text: str, match: re.Match[str]) -> Quantity | None:
    start, end = match.span()
    if match["percent_zh"]:
        raw = match["percent_value"]
        value = Decimal(raw) if raw.replace(".", "", 1).isdigit() else chinese_number(raw)
        return None if value is None else Quantity(value, "%", start, end, text[start:end])
    if match["fraction"]:
        parts, share = _plain_number(match["parts"]), _plain_number(match["share"])
        return Quantity(share / parts * 100, "%", start, end, text[start:end]) if parts and share is not None else None
    if match["half"]:
        return Quantity(Decimal(50), "%", start, end, text[start:end])
    if match["ordinal"]:
        raw = match["ordinal_value"]
        value = Decimal(raw) if raw.isdigit() else chinese_number(raw)
        return None if value is None else Quantity(value, "第", start, end, text[start:end])
    bare = match["chinese"]
    within = None if text[:start].endswith("月") else _WITHIN.match(text, end)
    if within and (days := _scaled(match) if bare is None else chinese_number(bare)) is not None:
        return Quantity(days, "天", start, within.end(), text[start : within.end()])
    if bare is None:
        span = _DURATION.match(text, end)
        lasting = (
            len(match["arabic"]) < 3
            or match["scale"]
            or (span and _AGE.match(text, span.end()) and not match["arabic"].startswith(("19", "20")))
        )
        if span and lasting:
            return Quantity(_scaled(match), "年", start, span.end(), text[start : span.end()])
        if _TIME_AFTER.match(text, end) or (start and re.match(r"[A-Za-z]", text[start - 1])):
            return None
        value = _scaled(match)
    else:
        if _SPAN_ZH.fullmatch(bare) and re.match(r"年(?!级|\s?\d{1,2}\s?月|代|底|初|末)", text[end:]):
            lasts = chinese_number(bare)  # 「连续三年」
            return None if lasts is None else Quantity(lasts, "年", start, end + 1, text[start : end + 1])
        if _TIME_AFTER.match(text, end):
            return None
        parsed = chinese_number(bare)
        if parsed is None:
            return None
        value = parsed
    unit = _UNIT.match(text, end)
    name = unit["unit"] if unit else ""
    if bare is not None and not _BARE_SCALES.fullmatch(bare) and (not name or bare in ("一", "两") or value == 0):
        return None  # 「统一」, 「一批」, 「十分」: no count
    if name == "成":
        if value > 10:
            return None
        value, name = value * 10, "%"
    if bare is not None and _BARE_SCALES.fullmatch(bare):
        if not name and value < 10**8:
            return None  # 「千万」, 「万」 alone say "very many" more often than they count
        if unit and not re.fullmatch(_CURRENCY, name):  # 万亿大关, 万亿台阶, 千亿级: no measure words
            unit, name = None, ""
    return Quantity(
        value, name.lstrip("多余"), start, unit.end() if unit else end, text[start : unit.end() if unit else end]
    )


def _scaled(match: re.Match[str]) -> Decimal:
    value = Decimal(match["arabic"].replace(",", "").rstrip(".") or "0")
    for char in match["scale"]:
        value *= _SCALES[char]
    return value


def _plain_number(text: str) -> Decimal | None:
    return Decimal(text) if text.isdigit() else chinese_number(text)


def unit_kind(unit: str) -> str:
    """One word for units that measure the same: 公里 and km; 家, 个 and 项."""
    return "个" if unit in _GENERAL else _ALIASES.get(unit, unit).casefold()


def measures(unit: str, asked: str) -> bool:
    """Is ``unit`` of the kind ``asked`` (a ``unit_kind``)? 「多少钱」 (元) may be answered in dollars."""
    return unit_kind(unit) == asked or (asked == "元" and unit in MONEY)


def alike(one: str, other: str) -> bool:
    """Can units stand for each other? 个 can for any that counts, 台 not for 辆."""
    if (one in _PEOPLE) != (other in _PEOPLE) and not {one, other} & {"", "个", "例", "起"}:
        return False  # 「23人，3辆车」
    kinds = {unit_kind(one), unit_kind(other)}
    return len(kinds) == 1 or ("个" in kinds and one in _COUNTING and other in _COUNTING)


def same(one: Quantity, other: Quantity) -> bool:
    """Equal in value, and in unit where both have one (元 and 家 are never the same; 万亿 and 万亿元 are)."""
    if one.value != other.value:
        return False
    if one.unit == other.unit or not one.unit or not other.unit:
        return "第" not in (one.unit, other.unit) or one.unit == other.unit
    return alike(one.unit, other.unit)
