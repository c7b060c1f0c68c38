"""Numbers as Chinese texts write them, brought to a value: 1,200 and 一千二百 and 壹仟贰佰, 3亿5000万 and 3.5亿, 100多万.

The one reader of numerals: quantities, dates and hours are all read through it.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {c: i for i, c in enumerate("〇壹贰叁肆伍陆柒捌玖")}
_DIGITS |= {"○": 0, "两": 2, "兩": 2, "貳": 2, "叄": 3, "陸": 6}
_SCALES = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8, "兆": 10**12}
_SCALES |= {"拾": 10, "佰": 100, "仟": 1000, "萬": 10**4, "億": 10**8}
DIGIT, NUMERAL = "".join(_DIGITS), "".join(_DIGITS) + "".join(_SCALES)
ARABIC = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?"
# What measures in thousands or millions of something else (千米, 兆瓦) scales the unit and not the number.
_SCALE = rf"(?:千(?![米克瓦卡伏赫])|兆(?![瓦赫字比])|[{''.join(c for c in _SCALES if c not in '千兆')}])"
_WIDE_COMMA = re.compile(r"(?<=[０-９])，(?=[０-９]{3}(?![０-９]))")
_ATOM = re.compile(rf"(?P<arabic>{ARABIC})|(?P<chinese>(?:[{DIGIT}]|{_SCALE})+(?:点[{DIGIT}]+(?!十))?)")
_SCALED = re.compile(rf"\s?(?P<mark>[多余來来几]?)(?P<scale>{_SCALE}+)")
_MARK = re.compile(
    rf"(?<=[{''.join(_SCALES)}\d])(?P<mark>[多余])(?!元[化文素体]|样)|(?<=[十百千万亿\d])(?P<vague>[几来])(?=\S)"
)


@dataclass(frozen=True, slots=True)
class Number:
    """A number that ends at ``end``. ``mark``: 多, 余, 来 or 几 within it; "" where it is exact."""

    value: Decimal
    end: int
    mark: str
    scale_only: bool  # 「万亿」, 「百」: a scale without a digit


def fold(text: str) -> str:
    """Full-width ASCII to half width, one character for one, so that offsets stay true; every minus sign to 「-」."""
    return "".join(_folded(c) for c in _WIDE_COMMA.sub(",", text))


def _folded(char: str) -> str:
    if char == "\u2212":
        return "-"
    if not "\uff01" <= char <= "\uff5e" or char in "，：；？！（）":
        return char
    folded = unicodedata.normalize("NFKC", char)
    return folded if len(folded) == 1 else char


def number_at(text: str, start: int) -> Number | None:
    """The longest number that begins at ``start`` of a folded text; None where none does."""
    total, least, at, mark, scale_only = Decimal(0), None, start, "", False
    while (atom := _ATOM.match(text, at)) is not None:
        if least is None and atom["chinese"] and _neighbours(atom["chinese"]):
            mark = "几"  # 「七八万」, 「三五百」
            value: Decimal | None = Decimal(_DIGITS[atom["chinese"][0]]) * _scale(atom["chinese"][2:])
        elif atom["chinese"]:
            value = chinese_number(atom["chinese"])
        else:
            value = Decimal(atom["arabic"].replace(",", ""))
        if value is None:
            break
        end, last = atom.end(), _SCALES.get(atom[0][-1], 0)  # the next part, if there is one, is smaller than ``last``
        while (scaled := _SCALED.match(text, end)) is not None:
            value, mark = value * _scale(scaled["scale"]), mark or scaled["mark"]
            end, last = scaled.end(), (last or 1) * int(_scale(scaled["scale"]))
        if least is not None and (value >= least or (last == 0 and re.match(r"\s?[年月日时点:./\-]", text[end:]))):
            break  # 「1亿2024年」: another number
        if least is not None and last == 0 and len(atom[0]) == 1:
            value *= least // 10  # 「3万5」
        scale_only = least is None and all(c in _SCALES for c in text[start:end])
        total, at, least = total + value, end, last
        if last < 10**3 or text[at : at + 1].isspace():
            break
    if least is None:
        return None
    marked = _MARK.match(text, at) if not mark else None
    if marked:
        mark = marked["mark"] or marked["vague"]
        at = marked.end()
    return Number(total, at, mark, scale_only)


def _neighbours(numeral: str) -> bool:
    """「七八」 of 「七八万」: about so many, not 78."""
    pair = [_DIGITS.get(c, 0) for c in numeral[:2]]
    alone = len(numeral) == 2 or (len(numeral) > 2 and all(c in _SCALES for c in numeral[2:]))
    return alone and len(pair) == 2 and 0 < pair[0] == pair[1] - 1


def _scale(text: str) -> Decimal:
    value = Decimal(1)
    for char in text:
        value *= _SCALES[char]
    return value


def chinese_number(text: str) -> Decimal | None:
    """The value of a numeral in Chinese characters (「一万二千」, 「二〇二五」, 「三点五」); None if it is none."""
    head, _, fraction = text.partition("点")
    if head and all(c in _DIGITS for c in head):  # read digit by digit: 二〇二五
        whole: int | None = int("".join(str(_DIGITS[c]) for c in head))
    else:
        whole = _positional(head)
    if whole is None or not all(c in _DIGITS for c in fraction):
        return None
    return Decimal(f"{whole}.{''.join(str(_DIGITS[c]) for c in fraction)}" if fraction else whole)


def _positional(text: str) -> int | None:
    """一亿三千万: what stands before the largest scale counts it, what stands behind it is added."""
    found = [(_SCALES[c], at) for at, c in enumerate(text) if c in _SCALES]
    if not found:
        return _DIGITS.get(text.lstrip("零〇○") or "零") if len(text) < 3 else None
    scale, at = max(found)
    head, tail = text[:at], text[at + 1 :]
    count = _positional(head) if head else 1
    rest = _positional(tail) if tail else 0
    if count is None or rest is None or not count > 0 or rest >= scale or (scale < 10**4 and count > 9):
        return None
    if (count >= scale and head[-1] not in "万萬") or (tail and not head and scale > 10):
        return None  # 「万万」 alone is said, and 「万一」 is no number
    if len(tail) == 1 and scale > 10:
        rest *= scale // 10  # 「一万二」 is 12000
    return count * scale + rest


def whole_number(text: str) -> int:
    """A whole number in digits or Chinese characters. Raises ValueError for what is none."""
    value = Decimal(text) if text.isdecimal() else chinese_number(text)
    if value is None:
        raise ValueError(text)
    return int(value)
