"""How exact a figure is said to be, and on which side it is bound: 约, 多, 超过, 不得超过, 以内."""

from __future__ import annotations

import re
from enum import StrEnum

from rag.answer.text.numbers import NUMERAL


class Bound(StrEnum):
    """What is said of a figure's value: the value itself, about it, more or less than it, a limit. In one word of Chinese."""

    EXACT = ""
    ABOUT = "约"
    NEARLY = "近"
    MORE = "超过"
    LESS = "不到"
    AT_LEAST = "至少"
    AT_MOST = "至多"
    SEVERAL = "数"  # 「数百家」: the scale is known, and no digit

    @property
    def up(self) -> bool:
        return self in (Bound.MORE, Bound.AT_LEAST)

    @property
    def down(self) -> bool:
        return self in (Bound.LESS, Bound.AT_MOST, Bound.NEARLY)


_MORE = "超过|超出|突破|多于|高于|大于|高过|多过|长于|早于|逾|(?<![中英商反赶高西])超"
_LESS = "低于|少于|小于|不足|未满|不满|未达|低过|少过|短于|晚于|(?<![找看等达见想得料])不到"
_NOT = r"(?:[不未没]|禁止|严禁)(?:[得能准可应许会要宜曾有该予敢再]|允许|可以|应该|能够|应当)*"
_LEAST = "至少|最少|最低|最小|最短|起码|不下于?|下限"
_MOST = "至多|最多|最高|最大|最长|顶多|上限|(?<![有无期年权时界局极门下上])限[额载乘重高速宽]?"
_MEASURED = re.compile("限[额载乘重高速宽]")
_NEARLY = "将近|接近|逼近|几乎|(?<![附最邻临靠走远就新])近"
_ABOUT = "大约|大概|大致|差不多|(?<![节签合条公预制契违履邀特失赴毁大])约"
_SEVERAL = rf"(?:好几|若干|(?<![十百千万])几|(?<![人总系指倍岁基常级位次分户家件例多少半对参函复个])数)(?=[{NUMERAL}])"
_UPWARDS = r"(?:(?<![以早晚网线路史场加会地身世手车])上|(?<![通经度不来去用做见有透超越胜参])过)(?=(?:\d[\d.,]*)?[百千万亿](?!分之))"  # 「上百万」, 「过万亿」
_BEFORE = re.compile(
    rf"(?:(?P<no>{_NOT})?(?:(?P<more>{_MORE})|(?P<less>{_LESS}))|(?P<least>{_LEAST})|(?P<most>{_MOST})"
    rf"|(?P<nearly>{_NEARLY})|(?P<about>{_ABOUT}))(?:[了约到达至为是在可以合有]|定为|设为)*\s?$"
)
_BEFORE_SCALE = re.compile(rf"(?P<several>{_SEVERAL})|(?P<upwards>{_UPWARDS})")
_AFTER = re.compile(
    r"\s?(?:(?P<least>及?以上|起步|有余|开外|出头|起(?=[，。、；）]|售|步|$)|[多余](?![元样种少家个次边年地]))"
    r"|(?P<most>及?以下|以内|之内|封顶|为上限|为限)|(?P<about>左右|上下))"
)
_WITHIN = re.compile(r"\s?内(?![容部外地在心陆涵幕存科])")  # 「2小时内」, but not 「3省内」
_REACH = 14  # characters that a hedge may be long


def before(text: str, start: int, *, recent: bool) -> tuple[Bound, int]:
    """What stands before a figure at ``start``, and where that begins. ``recent``: 近 says the last so many (「近三年」)."""
    found = _BEFORE.search(text, max(0, start - _REACH), start)
    if found is None:
        for first in range(max(0, start - 2), start):
            scale = _BEFORE_SCALE.match(text, first)
            if scale is not None and scale.end() == start:
                return (Bound.SEVERAL if scale["several"] else Bound.MORE), first
    if found is None or (recent and found["nearly"]):
        return Bound.EXACT, start
    if found["more"] or found["less"]:
        up = bool(found["more"])
        bound = (Bound.AT_MOST if up else Bound.AT_LEAST) if found["no"] else Bound.MORE if up else Bound.LESS
    else:
        bound = next(b for b in (Bound.AT_LEAST, Bound.AT_MOST, Bound.NEARLY, Bound.ABOUT) if found[_GROUP[b]])
    # 「限重20吨」: the word says what is measured as well, and stays among those that tell two figures or names apart
    return bound, start if _MEASURED.search(found[0]) else found.start()


_GROUP = {Bound.AT_LEAST: "least", Bound.AT_MOST: "most", Bound.NEARLY: "nearly", Bound.ABOUT: "about"}


def behind(text: str, end: int, *, lasting: bool) -> tuple[Bound, int]:
    """What stands behind a figure that ends at ``end``, and where that ends. ``lasting``: it is a time or a length."""
    if lasting and (within := _WITHIN.match(text, end)):
        return Bound.AT_MOST, within.end()
    found = _AFTER.match(text, end)
    if found is None:
        return Bound.EXACT, end
    return next(b for b in (Bound.AT_LEAST, Bound.AT_MOST, Bound.ABOUT) if found[_GROUP[b]]), found.end()
