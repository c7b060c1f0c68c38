"""A question that asks several things → the questions it is made of, and what is to be worked out from their answers.

「甲和乙，哪个总投资更大，各是多少」 → 「甲总投资是多少」, 「乙总投资是多少」, and the larger. A small model asked both at once
answers one of them, or gives one the other's figure; and it cannot subtract.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum

from rag.answer.question.owners import NAME_TAGS
from rag.answer.question.query import ASKS, MOST_PARTS, complete
from rag.answer.question.sidebyside import in_place_of, side_by_side
from rag.answer.text.words import names, places, tagged
from rag.answer.when.times import times
from rag.types import Query


class Working(StrEnum):
    """What is worked out from the answers to the parts."""

    NOTHING = "nothing"
    DIFFERENCE = "difference"  # 「比……多多少」, 「相差多少」
    LARGEST = "largest"  # 「哪个更高」
    SMALLEST = "smallest"
    EARLIEST = "earliest"  # 「谁先」
    LATEST = "latest"
    SUM = "sum"  # 「合计多少」


@dataclass(frozen=True, slots=True)
class Part:
    """One of the questions, and a short name for its answer (「扬州2025年」)."""

    query: Query
    label: str


@dataclass(frozen=True, slots=True)
class Parts:
    parts: tuple[Part, ...]
    working: Working


_TAIL = re.compile(r"[？?。！!\s]+$")
_MORE = r"(?:多|少|高|低|大|小|增加|减少|增长|提高|下降|长|短|早|晚)"
_THAN = re.compile(
    rf"^(?P<one>.+?)[，,]?\s*(?:相比于?|比起|比|较)(?P<other>.+?)[，,]?(?:还|要|会|能|又|将)?{_MORE}(?:出|了|到)?(?P<much>多少|几)(?P<unit>.{{0,6}})$"
)
_APART = re.compile(r"[，,]?(?:之间)?(?:相差|差了?|差距是?|差额是?)(?P<much>多少|几)(?P<unit>.{0,6})$")
_TOGETHER = re.compile(
    r"[，,]?(?:的?(?:合计|总和|总共|一共|加起来|加在一起|共计)(?:是|有|为|达)?)(?P<much>多少|几)(?P<unit>.{0,6})$"
)
_DIFFER = re.compile(r"(?:上|方面)?(?:有|存在)(?:什么|哪些|何|怎样的|啥)?(?:不同|区别|差别|差异)(?:之处)?$")
_SHARES = re.compile(
    rf"分别|各自|各是|各为|各有|各(?=[\u4e00-\u9fff]{{0,4}}(?:多少|什么|哪|几))|哪一?[个款种家座项件者年天]|谁|相差|差多少|{_DIFFER.pattern}"
)
_EVENT = re.compile(r"哪一?[个项件]事件?|事件(?:中|里)?[，,]?哪一?个")
_WHICH = re.compile(
    r"(?:哪一?(?:个|款|种|家|座|项|件|者|里|边|年|天)(?:日期|年份|城市|企业|公司|项目|集团|地方|事件|市|省|产业|区|县|事)?|谁)(?:的)?"
)
_HAPPENS = re.compile(
    r"^(?:的?事件(?:中|里)?|的?时间|发生(?:得|在|的)?|是|的)+|(?:发生|举行|举办|开始|发布|出现|进行)?(?:的?时间|得|在|的|是)?$"
)
_SIZE = re.compile(
    r"(?:更|最|比较|较)?(?P<size>高|大|多|长|强|快|低|小|少|短|慢|早|晚|先|靠前|领先|贵|便宜)(?:一些|一点|些)?(?:的)?(?:发生|举行|举办|开始|发布|出现)?(?:的)?$"
)
_SMALL = ("低", "小", "少", "短", "慢", "便宜")
_OF_PRICE = ("贵", "便宜")  # they say what is compared
_EARLY = ("早", "先")
_LATE = ("晚",)
_EACH = re.compile(r"分别|各自|各(?![市县区地种类级界])|^都")


def split_question(query: Query) -> Parts | None:
    """The parts of a question that asks two to four things at once; None where it asks one."""
    text = re.sub("[，,](?=以及)", "", _TAIL.sub("", query.rewritten.strip()))
    found = _compared(text) or _coordinated(text) or _two_questions(text)
    if found is None:
        return None
    whole, working = found
    if not 2 <= len(whole) <= MOST_PARTS or len({asked for asked, _ in whole}) < len(whole):
        return None
    return Parts(tuple(Part(replace(query, text=asked, rewritten=asked), label) for asked, label in whole), working)


def _compared(text: str) -> tuple[list[tuple[str, str]], Working] | None:
    """「甲的目标比乙的高多少」, 「甲2024年的目标比2023年多多少」."""
    match = _THAN.match(text)
    if match is None:
        return None
    one, other = match["one"].strip("的，, "), match["other"].strip("，, ")
    ask = f"是{match['much']}{match['unit']}"
    spoken, said = times(other, None), times(one, None)
    bare = other
    for time in spoken:
        bare = bare.replace(time.text, "")
    bare = bare.strip("的，, ")
    if spoken and not names(bare):  # another time of the same: 「比2023年实际」
        if len(said) != 1:
            return None
        second = one.replace(said[0].text, spoken[0].text)
        if bare:
            second = f"{re.sub('(?:目标|计划|预期)$', '', second)}{bare}"
        return [(one + ask, said[0].text), (second + ask, spoken[0].text)], Working.DIFFERENCE
    mine, theirs = _first_place(one), _first_place(other)
    if mine and theirs and len(other.strip("的市省县区")) <= len(theirs) + 2:  # only another place
        return [(one + ask, mine), (one.replace(mine, theirs, 1) + ask, theirs)], Working.DIFFERENCE
    if second := in_place_of(other.strip("的"), one):
        return [(one + ask, one), (second + ask, other.strip("的"))], Working.DIFFERENCE
    if len(other.strip("的")) >= 4:
        return [(one + ask, one), (other.strip("的") + ask, other.strip("的"))], Working.DIFFERENCE
    return None


def _coordinated(text: str) -> tuple[list[tuple[str, str]], Working] | None:
    """「甲和乙的总投资分别是多少」, 「甲和乙，哪个总投资更大」."""
    apart, together = _APART.search(text), _TOGETHER.search(text)
    if not (_SHARES.search(text) or apart or together):
        return None
    found = side_by_side(text, events=bool(_EVENT.search(text)))
    if found is None or _WHICH.search("".join(found.things)):
        return None
    working, ask = _asked_of_each(found.rest, told=_says_what(found.lead))
    if ask is None:
        return None
    return [(f"{found.lead}{thing}{ask}", thing) for thing in found.things], working


def _says_what(lead: str) -> bool:
    """Is it said before the things what is asked of them? 「2023年GDP，」, not 「2023年，」."""
    for time in times(lead, None):
        lead = lead.replace(time.text, "")
    return any(tag[0] in "nve" and tag not in NAME_TAGS for _, tag in tagged(lead))


def _asked_of_each(rest: str, *, told: bool) -> tuple[Working, str | None]:
    """The question to ask of each thing, and what to do with the answers; None where rules cannot tell.

    ``told``: what is asked is said before the things.
    """
    rest = re.sub(r"^[，,]\s*", "", rest).rstrip("，, ")
    apart, together = _APART.search(rest), _TOGETHER.search(rest)
    if apart or together:
        match = apart or together
        assert match is not None
        said = rest[: match.start()].rstrip("，, ")
        ask = f"{said}是{match['much']}{match['unit']}" if said or told else None
        return Working.DIFFERENCE if apart else Working.SUM, ask
    clauses = [part.rstrip() for part in re.split(r"[，,]", rest) if part.strip()]
    which = next((clause for clause in clauses if _WHICH.search(clause)), None)
    if which is not None and not re.search(r"(?:分别|各自?)(?:[是为叫由]|来自)?谁", which):
        head = "".join(clause for clause in clauses[: clauses.index(which)])
        said = head + _WHICH.sub("", which, count=1)
        size = _SIZE.search(said)
        if size is None:
            first = re.match(r"(?:率先|最先|更早|最早|先)", _WHICH.sub("", which, count=1))
            if first:
                return Working.EARLIEST, f"什么时候{head}{_WHICH.sub('', which, count=1)[first.end() :]}"
            return Working.NOTHING, None
        about = said[: size.start()].rstrip("，, ").removesuffix("的")
        kind = size["size"]
        about = about or ("售价" if kind in _OF_PRICE else "")
        if kind in _EARLY or kind in _LATE:
            about = _HAPPENS.sub("", about)
            return (Working.EARLIEST if kind in _EARLY else Working.LATEST), f"{about}是什么时候"
        return (Working.SMALLEST if kind in _SMALL else Working.LARGEST), f"{about}是多少" if about or told else None
    if _DIFFER.search(rest):
        about = _DIFFER.sub("", rest).strip("，, ")
        return Working.NOTHING, f"{about}是什么" if about else None
    each, which, said = _EACH.search(rest), re.search("哪|谁", rest), _EACH.sub("", rest)
    if each and which and which.start() < each.start():
        return Working.NOTHING, None  # 「…，哪两人分别…」
    return Working.NOTHING, said if ASKS.search(said) else None


def _two_questions(text: str) -> tuple[list[tuple[str, str]], Working] | None:
    """「主题是什么，又释放了什么信号」: two questions, the second leaning on the first."""
    for comma in re.finditer(r"[，,？?；;]", text):
        one, other = text[: comma.start()], text[comma.end() :].strip()
        if not (ASKS.search(one) and ASKS.search(other)) or _WHICH.search(one) or len(other) < 4:
            continue
        if re.match(r"(?:各|分别|依据|理由|为什么|为何|怎么)", other):
            return None
        other = re.sub(r"^(?:又|并|并且|而且|以及|还|另外|同时|其中)", "", other)
        second = complete(one, f"它{other}") if not names(other) else complete(one, other)
        return [(one, ""), (second, "")], Working.NOTHING
    return None


def _first_place(text: str) -> str:
    found = places(text)
    return min(found, key=text.find) if found else ""
