"""A fragment (「盐城呢」, 「2024年」, 「同比呢」) put where its like stands in the question before.

The question before is read as a frame: of whom, when, what, and the words that ask. A fragment takes the place of what has
its shape, a time that of a time, a code that of a code; only what it does not say stays.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.answer.question.asked import ASKS, take_apart
from rag.answer.question.owners import HEAD_NOUNS
from rag.answer.question.sidebyside import CODE, common, is_name, like, unknown
from rag.answer.text.cities import cities
from rag.answer.text.words import places, tagged
from rag.answer.when.resolve import time_spans
from rag.types import Span

_ASKS = re.compile(
    rf"(?:多久|多长时间|哪一?[天年月日周位所条支款]|几[点时月号]|什么时候|何时|有没有|是不是|能不能|会不会|是否|{ASKS.pattern})"
)
_COUNTS = re.compile(r"多少|几|谁|什么|哪些")
_YES_OR_NO = re.compile(r"(?P<done>了|过)?(?:吗|没有|了没|没)$")
_POLAR = re.compile(r"有没有|是不是|能不能|会不会|是否")
_NUMBERED = re.compile(r"(?:第)?(?:\d+|[一二三四五六七八九十]+)(号线|号楼|号馆|号店|号机|号炉|期|路|班|版|届)")
_SCOPES = ("全国", "全省", "全市", "全球", "全县", "全区", "国内", "省内", "市内", "世界")
_KINDS = "型性级类式"
_SORTS = "业党队版区组"
# A measure of what was asked, not another thing: 「同比呢」.
_MEASURES = frozenset(
    "目标 计划 预计 情况 数据 指标 任务 实际 结果 增幅 增速 增长 同比 环比 占比 比重 排名 人均 跌幅 涨幅 降幅".split()
)
_MEASURED = re.compile(r"[量额率值数容积价度费长重速]$")  # what is measured, though no dictionary knows it: 库容
_GROWN = ("同比", "环比")
_PART = "(?:中午|上午|下午|晚上|早上|凌晨|傍晚)?"
_ON = re.compile(rf"{_PART}(?:[到至—~～\-](?:\d{{1,2}}月)?\d{{1,2}}[日号]{_PART})?")
_YEAR = re.compile(r"\d{4}年|[今去前明]年")
_OPENING = re.compile(r"^(?:请问|在|截至|到|目前|现在)+")
_ABOUT = re.compile(r"^(?:到了?|在|对|从|是)|(?:里面|之内|当中|(?<=[省市县区国])[里内中])$")
_CLAUSE = re.compile(r"[^，,；;]+")
_ADMIN = "市县区镇乡村省州"


@dataclass(frozen=True, slots=True)
class Frame:
    """A whole question: where it says whom, when and what it speaks of, and how it asks."""

    text: str
    subject: Span  # empty where rules cannot tell
    time: Span | None
    asks: Span  # the words that ask; empty at the end where there are none

    @property
    def named(self) -> str:
        return self.text[self.subject.start : self.subject.end]


def frame(text: str) -> Frame:
    """Read a whole question, without its mark."""
    asks = next(iter(_ASKS.finditer(text)), None)
    where = Span(asks.start(), asks.end()) if asks else Span(len(text), len(text))
    if yes := _YES_OR_NO.search(text):
        where = Span(yes.start(), yes.end())
    time = _when(text)
    return Frame(text, _subject(text, time, where), time, where)


def _when(text: str) -> Span | None:
    """The first time named, a stretch of time as a whole: 「7月25日中午到26日中午」."""
    span = next((span for span in time_spans(text, None) if not span.compared), None)
    on = _ON.match(text, span.end) if span else None
    return Span(span.start, on.end() if on else span.end) if span else None


def _subject(text: str, time: Span | None, asks: Span) -> Span:
    opening = _OPENING.match(text)
    start = opening.end() if opening else 0
    if time and time.start == start:
        start = time.end
    head = text[start : asks.start]
    ends = []
    if time and time.start > start:
        ends.append(len(text[start : time.start].rstrip("在于到")))
    ends += [at.start() for at in re.finditer("的", head) if not re.match(r"[A-Za-z《“]", head[at.end() :])][:1]
    if ends and min(ends) > 0:
        return Span(start, start + min(ends))
    code = re.match(rf"[\u4e00-\u9fff]{{0,6}}?{CODE}", head)
    if code and any(char.isdigit() for char in code[0]):
        return Span(start, start + code.end())
    named = re.sub(r"(?<=[\u4e00-\u9fff])[A-Za-z]+$", "", take_apart(text).subject)  # 「扬州GDP」
    if named and (at := text.find(named)) >= 0:
        return Span(at, at + len(named))
    at = 0
    for number, (word, tag) in enumerate(tagged(head)):  # 「凤栖水库」, 「老年模式」 before what it does
        if (number and tag[0] in "vd") or (tag[0] not in "nmjt" and not (number == 0 and unknown(word))):
            break
        at += len(word)
        if number and word in HEAD_NOUNS:
            break
    alone = at == len(head) and asks.end == len(text)  # 「营收多少」: nobody's
    return Span(start, start if alone else start + at)


def fill(before: str, said: str) -> str:
    """``before``, a whole question, with what ``said`` names in the place of its like.

    A subject ends at a comma. Of several clauses (「参加扬州马拉松，半程报名费多少」) the one that asks is filled, or the
    first that alone holds the like; the others stay as they are.
    """
    asks = next(iter(_ASKS.finditer(before)), None)
    *others, asking = (at.span() for at in _CLAUSE.finditer(before, 0, asks.end() if asks else len(before)))
    start, end = next((span for span in others if _holds_like(before[slice(*span)], said)), asking)
    if start < asking[0] and not _holds_like(before[asking[0] :], said):
        return f"{before[:start]}{_fill(before[start:end], said)}{before[end:]}"
    return f"{before[: asking[0]]}{_fill(before[asking[0] :], said)}"


def _holds_like(clause: str, said: str) -> bool:
    """Does a clause name something of the shape of ``said``: a time, a place, or what ends alike?"""
    if when := _when(said):
        return _when(clause) is not None and when.end - when.start == len(said)
    named = frame(clause).named
    if places(said) and (places(clause) or (named and not common(named))):
        return True
    return bool(named) and like(said, named) == len(named)


def _fill(before: str, said: str) -> str:
    when = _when(said)
    rest = said[: when.start] + said[when.end :] if when else said
    rest = _ABOUT.sub("", rest.strip("的，, ")).strip("的，, ")
    base = frame(before)
    if when:
        base = frame(_at_time(base, said[when.start : when.end]))
    return _in_its_place(base, rest) if rest else base.text


def _at_time(base: Frame, said: str) -> str:
    text = base.text
    if base.time is None:
        return f"{text[: base.subject.end]}{said}{text[base.subject.end :]}"
    old = text[base.time.start : base.time.end]
    month = re.search(r"\d{1,2}月", old)
    if month and re.match(r"\d{1,2}[日号]", said):
        said = month[0] + said
    year = _YEAR.match(old)
    if year and year.end() < len(old) and re.match(r"\d{1,2}月|[一二三四]季度|[上下]半年", said):
        said = year[0] + said  # 「2023年3月…」, 「4月呢」
    return f"{text[: base.time.start]}{said}{text[base.time.end :]}"


def _in_its_place(base: Frame, said: str) -> str:
    text, named = base.text, base.named
    numbered = _NUMBERED.fullmatch(said)
    if numbered and (alike := re.search(rf"(?:第)?(?:\d+|[一二三四五六七八九十]+){numbered[1]}", text)):  # 「10号线呢」
        return text.replace(alike[0], said, 1)
    if said in _SCOPES and (scope := next((one for one in _SCOPES if one in text), "")):
        return text.replace(scope, said, 1)
    if re.fullmatch(r"[\u4e00-\u9fff]{2,4}省", said) and (
        scope := next((s for s in ("全国", "国内") if s in text), "")
    ):
        return text.replace(scope, said, 1)  # 「全国排第几」, 「江苏省呢」
    if said[-1] in _KINDS or said[-1] in _SORTS:
        if other := _another_of_its_kind(base, said):
            return text.replace(other, said, 1)
        if said[-1] in _KINDS:
            return f"{text}，{said}的呢"
    if "的" in said:  # 「苏州的市长」: whose, and what
        time = text[base.time.start : base.time.end] if base.time else ""
        return f"{said}{_asking(base)}" if not time else f"{time}{said}{_asking(base)}"
    if re.fullmatch(CODE, said) and (code := re.search(rf"{CODE}$", named)):
        return _put(base, Span(base.subject.start + code.start(), base.subject.end), said)
    if person := _another_person(text, said):
        return text.replace(person, said, 1)
    if named and like(said, named) == len(named):
        city = next(iter(cities(named)), "")  # 「扬州模块工厂」, 「晶圆工厂呢」
        kept = city if city and named.startswith(city) and city != named and not places(said) else ""
        return _put(base, base.subject, kept + said)
    if placed := _another_place(base, said):
        return placed
    if _POLAR.search(text) or _YES_OR_NO.search(text):
        return _another_side(base, said)
    if said in _MEASURES:
        asks = (
            text[base.asks.start :]
            if said not in _GROWN
            else re.sub("^(?:[是为有]|达到?)+", "", text[base.asks.start :])
        )
        return f"{text[: base.asks.start]}{said}{'增长' if said in _GROWN else ''}{asks}"
    words = tagged(said)
    behind = text[base.asks.end :]
    does = {tag for _, tag in (*words, *tagged(behind))}
    if (
        behind
        and len(words) == 1
        and does <= {"v", "vn", "vi", words[0][1]}
        and text[: base.asks.start].strip() == named
    ):
        return f"{text[: base.asks.end]}{said}"  # 「什么时候开工」, 「通车呢」
    if (common(said) or _MEASURED.search(said) or (named and common(named) and not is_name(said))) and not (
        words[-1][0] in HEAD_NOUNS and len(said) > 2
    ):
        return f"{_whose(base)}{said}{_asking(base)}"
    return _put(base, base.subject, said)


def _put(base: Frame, place: Span, said: str) -> str:
    return f"{base.text[: place.start]}{said}{base.text[place.end :]}"


def _whose(base: Frame) -> str:
    """All before what was asked of the subject: 「扬州2023年」, 「龙潭水库的」."""
    end = base.subject.end
    if base.time and base.time.start >= end:
        end = base.time.end
    return base.text[: end + 1] if base.text[end : end + 1] == "的" else base.text[:end]


def asking(before: str) -> str:
    """How a question asks for what its subject has: 「多少」, 「是谁」."""
    return _asking(frame(before))


def _asking(base: Frame) -> str:
    asks = base.text[base.asks.start : base.asks.end]
    return asks if _COUNTS.search(asks) and "什么时候" not in asks else "是多少"


def _another_place(base: Frame, said: str) -> str:
    """「盐城呢」, 「扬州市呢」: only another place."""
    mine, theirs = places(said), places(base.text)
    if not mine or not theirs or len(said) > len(next(iter(mine))) + 1:
        return ""
    old = min(theirs, key=base.text.find)
    start = base.text.find(old)
    end = start + len(old)
    both = said[-1] in _ADMIN and base.text[end : end + 1] in _ADMIN and len(said) > 2
    if start >= base.subject.end > base.subject.start:
        return ""
    return _put(base, Span(start, end + 1 if both and base.text[end : end + 1] else end), said)


def _another_of_its_kind(base: Frame, said: str) -> str:
    """「制造业」 for 「采矿业呢」, 「成长型」 for 「前沿性的呢」: the last that ends alike and is not the subject's own end."""
    ends = _KINDS if said[-1] in _KINDS else said[-1]
    before = base.text[: base.asks.start]
    found = re.findall(rf"[\u4e00-\u9fff]{{1,2}}[{ends}]", before)
    found += [word for word, _ in tagged(before) if len(word) > 1 and word[-1] in ends]
    return next((one for one in reversed(found) if one != said and not base.named.endswith(one)), "")


def _another_side(base: Frame, said: str) -> str:
    """Of a question to be answered by yes or no: its object where it has one and the subject is a name, else its subject."""
    text = base.text
    polar = _POLAR.search(text)
    start = polar.end() if polar else base.subject.end
    words = tagged(text[start : base.asks.start if not polar else len(text)])
    at = start
    for word, tag in words:
        at += len(word)
        if tag[0] == "v" and not polar:
            break
    end = base.asks.start if not polar else len(text)
    if common(said) and base.subject.end > base.subject.start and not common(base.named):
        if polar:
            return f"{text[:start]}{said}"
        if at < end:
            return f"{text[:at]}{said}{text[end:]}"
    if base.subject.end > base.subject.start:
        return _put(base, base.subject, said)
    return f"{said}{text[start:]}"


def _another_person(text: str, said: str) -> str:
    """The first person named, where ``said`` is one. Of rare given names (王进|健) the lone character behind is taken in."""
    words = tagged(said)
    if len(words) != 1 or words[0][1] not in ("nr", "nrt", "nrfg"):
        return ""
    found = tagged(text)
    for index, (word, tag) in enumerate(found):
        if tag in ("nr", "nrt", "nrfg"):
            after, kind = found[index + 1] if index + 1 < len(found) else ("", "")
            lone = len(word) == 2 and len(after) == 1 and kind not in ("v", "p", "u", "uj", "x")
            return word + after if lone else word
    return ""
