"""True sentences said in other words by rule: the other half of benchmarks/mutation.py's material."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

_SYNONYMS = (
    ("表示", "称"),
    ("指出", "认为"),
    ("达到", "达"),
    ("位于", "坐落在"),
    ("超过", "逾"),
    ("目前", "当前"),
    ("宣布", "公布"),
    ("推出", "发布"),
    ("增长", "上升"),
    ("下降", "减少"),
    ("将会", "将"),
    ("已经", "已"),
    ("由于", "因为"),
    ("因此", "所以"),
    ("但是", "不过"),
    ("并且", "而且"),
    ("预计", "估计"),
    ("获得", "取得"),
    ("举行", "举办"),
    ("开始", "启动"),
    ("其中", "这当中"),
    ("成立于", "创立于"),
    ("包括", "包含"),
    ("共有", "一共有"),
    ("约为", "大约是"),
    ("此外", "另外"),
    ("同时", "与此同时"),
    ("帮助", "协助"),
    ("购买", "买"),
    ("使用", "运用"),
    ("提高", "提升"),
    ("需要", "须"),
    ("认为", "觉得"),
    ("重要", "关键"),
    ("迅速", "快速"),
    ("显示", "表明"),
    ("总共", "合计"),
)
_AMOUNT = re.compile(r"(?<![\d.,])(\d+(?:\.\d+)?)(\s?)(万|亿)(?=元|美元|人|吨|个|家|台|辆|平方|户|股|次)")
_PERCENT = re.compile(r"(?<![\d.\-—~至])(\d+(?:\.\d+)?)[%％](?![\-—~至])")
_BIG = re.compile(r"(?<![\d.,A-Za-z])(\d{4,7})(?=元|人|个|家|台|辆|吨|户|名)")
_SMALL = re.compile(r"(?<![\d.,\-—~至第A-Za-z：:])([2-9])(?=名|家|个(?!月|百)|项|位|座|艘|架)")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)年(?=[^\d—\-至到])")
_TIME_FIRST = re.compile(r"^((?:(?:19|20)\d\d年)?(?:\d{1,2}月)?(?:\d{1,2}日)?)，([^，。“”]{6,60}[，。].*)$")
_SAID = re.compile(r"^([^，。“”：]{2,20})(?:表示|指出|称|介绍|认为)，([^“”]{8,})。$")
_JIANG = re.compile(r"([\u4e00-\u9fff]{2,6})被([\u4e00-\u9fff]{2,6}?)(评为|授予|任命为|选为|收购|逮捕|发现|列入)")


@dataclass(frozen=True, slots=True)
class Paraphrase:
    kind: str
    text: str


def paraphrases(sentence: str, today: date | None, dice: random.Random) -> Iterator[Paraphrase]:
    """At most one of each kind that the sentence allows. ``today`` is the day on which it was written."""
    for kind, made in (
        ("amount in another scale", _amount(sentence)),
        ("percentage in words", _percent(sentence)),
        ("digits grouped or full width", _digits(sentence, dice)),
        ("small count in Chinese", _SMALL.sub(lambda m: "两三四五六七八九"[int(m[1]) - 2], sentence)),
        ("year as 今年 or 去年", _relative(sentence, today)),
        ("first clauses only", _fewer(sentence)),
        ("first and last clause", _ends(sentence)),
        (
            "time moved back",
            _TIME_FIRST.sub(r"\2（\1）", sentence) if _TIME_FIRST.match(sentence) and len(sentence) < 90 else sentence,
        ),
        ("speaker last", _SAID.sub(r"\2，\1这样说。", sentence)),
        ("synonyms", _synonyms(sentence)),
        ("passive to active", _JIANG.sub(r"\2将\1\3", sentence)),
        ("answer style", f"根据资料，{sentence}" if dice.random() < 0.5 else f"文中提到：{sentence}"),
        ("several at once", _synonyms(_fewer(_percent(_amount(sentence))))),
    ):
        if made != sentence and made:
            yield Paraphrase(kind, made)


def _amount(text: str) -> str:
    def other(match: re.Match[str]) -> str:
        value = Decimal(match[1])
        if match[3] == "亿":
            return f"{_short(value / 10000)}万亿" if value >= 100 else f"{_short(value * 10000)}万"
        return f"{_short(value * 10000)}" if value < 1000 else f"{_short(value / 10000)}亿"

    return _AMOUNT.sub(other, text)


def _short(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _percent(text: str) -> str:
    def words(match: re.Match[str]) -> str:
        value = Decimal(match[1])
        if value in range(20, 100, 10):
            return f"{'一二三四五六七八九'[int(value) // 10 - 1]}成"
        if value == int(value) and 10 < value < 100:
            tens, ones = divmod(int(value), 10)
            digits = " 一二三四五六七八九"
            return f"百分之{digits[tens] if tens > 1 else ''}十{digits[ones] if ones else ''}"
        return f"百分之{match[1]}"

    return _PERCENT.sub(words, text)


def _digits(text: str, dice: random.Random) -> str:
    if dice.random() < 0.5:
        return _BIG.sub(lambda m: f"{int(m[1]):,}", text)
    return "".join(chr(ord(c) + 0xFEE0) if c.isdigit() else c for c in text)


def _relative(text: str, today: date | None) -> str:
    if today is None:
        return text
    words = {today.year: "今年", today.year - 1: "去年", today.year + 1: "明年"}
    return _YEAR.sub(lambda m: words.get(int(m[1]), m[0]), text)


def _clauses(text: str) -> list[str]:
    return [part for part in re.split(r"[，；]", text.rstrip("。！？")) if part]


def _fewer(text: str) -> str:
    parts = _clauses(text)
    if len(parts) < 3 or any(q in text for q in "“”（）"):
        return text
    return "，".join(parts[: max(2, len(parts) // 2)]) + "。"


def _ends(text: str) -> str:
    parts = _clauses(text)
    if len(parts) < 3 or len(parts[0]) < 6 or any(q in text for q in "“”（）"):
        return text
    return f"{parts[0]}，{parts[-1]}。"


def _synonyms(text: str) -> str:
    for one, other in _SYNONYMS:
        if one in text:
            text = text.replace(one, other)
    return text
