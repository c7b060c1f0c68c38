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
_CURRENCY = r"(?:美元|欧元|日元|英镑|港元|人民币|元)"
# A measure word decides whether a bare Chinese numeral counts something (「六大行动」) or is part of a word (「统一」).
_MEASURE = (
    r"(?:个百分点|百分点|平方公里|平方米|立方米|千瓦时|公里|公顷|公斤|千瓦|小时|分钟|英里|海里|"
    r"%|‰|倍|成|元|吨|亩|辆|片|台|套|艘|架|只|头|株|户|家|个|项|条|名|人|位|届|次|场|岁|级|座|所|批|件|份|种|类|"
    r"大|强|区|市|省|国|县|镇|村|站|层|期|号|点|页|篇|字|集|部|首|幅|枚|颗|米|克|升|瓦|天|周|季度|多[家个项条名人次]|余[家个项条名人次])"
)
_NUMBER = re.compile(
    rf"""
    (?P<percent_zh>百分之(?P<percent_value>[{_NUMERAL}点\d.]+))
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
_DURATION = re.compile(r"\s?年(?!\s?\d{1,2}\s?月|产|底|初|末|代)")  # 「历经16年」: how long, not when
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
    found = []
    for match in _NUMBER.finditer(folded):
        read = _read(folded, match)
        if read is not None:
            found.append(read)
    return found


def _read(text: str, match: re.Match[str]) -> Quantity | None:
    start, end = match.span()
    if match["percent_zh"]:
        raw = match["percent_value"]
        value = Decimal(raw) if raw.replace(".", "", 1).isdigit() else chinese_number(raw)
        return None if value is None else Quantity(value, "%", start, end, text[start:end])
    if match["ordinal"]:
        raw = match["ordinal_value"]
        value = Decimal(raw) if raw.isdigit() else chinese_number(raw)
        return None if value is None else Quantity(value, "第", start, end, text[start:end])
    bare = match["chinese"]
    if bare is None:
        span = _DURATION.match(text, end)
        if span and len(match["arabic"]) < 3 and not match["scale"]:
            return Quantity(Decimal(match["arabic"]), "年", start, span.end(), text[start : span.end()])
        if _TIME_AFTER.match(text, end) or (start and re.match(r"[A-Za-z]", text[start - 1])):
            return None
        value = Decimal(match["arabic"].replace(",", "").rstrip(".") or "0")
        for char in match["scale"]:
            value *= _SCALES[char]
    else:
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


def same(one: Quantity, other: Quantity) -> bool:
    """Equal in value, and in unit where both have one (元 and 家 are never the same; 万亿 and 万亿元 are)."""
    if one.value != other.value:
        return False
    if one.unit == other.unit or not one.unit or not other.unit:
        return "第" not in (one.unit, other.unit) or one.unit == other.unit
    return one.unit.casefold() == other.unit.casefold()
