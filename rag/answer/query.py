"""A question as typed → a whole question. What an earlier turn left unsaid is put back, by rule.

「扬州阿特斯项目总投资多少？」 then 「那产能呢？」 → 「扬州阿特斯项目产能多少」.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from rag.answer.quantities import fold
from rag.answer.times import times
from rag.answer.words import content_words, names, places, tagged, to_simplified
from rag.types import Query, Turn

_LEAD = re.compile(r"^(?:那么|那|还有|另外|再问|然后|而|至于|and |what about |how about )+[，,\s]*", re.I)
_TAIL = re.compile(r"[？?。！!\s]+$")
_ELLIPSIS = re.compile(r"(?:呢|又如何|又怎样|怎么样)$")
_PRONOUN = re.compile(
    r"(?:它们|他们|她们|它|(?<!其)他(?!们)|她|该(?:项目|公司|集团|企业|市|产业|方案|基地|园区|工程|产品|机构|学校|城市)"
    r"|这(?:个|家|座|项|些|位|一)(?:项目|公司|集团|企业|城市|产业|方案|基地|园区|工程|产品|机构|学校|人)?"
    r"|(?:上述|前述)(?:项目|公司|企业|城市|产业|方案)?|其(?!他|它|中|实|次|余))"
)
ASKS = re.compile(
    r"(?:分别|各自?)?(?:是|有|为|达到?|在|叫|要|将|会)?(?:多少|什么|哪些|哪个|哪里|哪家|哪年|哪天|哪座|哪位|哪几|谁|几|怎么|怎样|如何|为什么|何时|吗|多大|多高|多长)"
)
# What a thing is, at the end of its name: the subject of a question ends behind the last of these.
_HEAD_NOUNS = frozenset(
    "项目 公司 集团 企业 工厂 基地 产业园 园区 开发区 高新区 经开区 方案 行动 计划 大会 会议 会 大学 学院 学校 医院 银行 "
    "工程 车间 中心 平台 实验室 研究院 协会 政府 局 委员会 法院 机场 港口 铁路 大桥 电站 条例 办法 意见 白皮书 产品 平台".split()
)
_SHORT_YEAR = re.compile(r"(?<![\d.第近历经过了到有满达\-—])([1-3]\d)年(?![来间内前后的以多]|期|级|\d)")
_NAME_TAGS = ("ns", "nr", "nt", "nz", "nrt", "nrfg")
_KINDS = "型性级类式"
_SCOPES = ("全国", "全省", "全市", "全球", "全县", "全区", "国内", "省内", "市内", "世界")
_GENERIC = frozenset("目标 计划 预计 情况 数据 指标 任务 实际 结果 增幅 增速 增长".split())


@dataclass(frozen=True, slots=True)
class _Parts:
    """A whole question taken apart: 「扬州|2025年|工业开票目标|是多少」."""

    said: str  # all before the words that ask
    subject: str
    time: str
    attribute: str
    asks: str  # 「是多少」, 「有哪些」, … or "" where the question has none


def understand(question: str, history: Sequence[Turn], today: date | None) -> Query:
    """The question made whole with the questions asked before it."""
    whole = ""
    for turn in history:
        whole = complete(whole, _full_years(turn.question))
    return Query(text=question, rewritten=complete(whole, _full_years(question)), today=today)


def _full_years(text: str) -> str:
    """「25年目标」 → 「2025年目标」; not 「25年来」, 「历经16年」."""
    return _SHORT_YEAR.sub(r"20\1年", text)


def complete(before: str, question: str) -> str:
    """``question`` made whole with ``before``, the last whole question; unchanged where it stands by itself."""
    text = _TAIL.sub("", question.strip())
    if not before or not depends(text):
        return question.strip()
    before = _TAIL.sub("", before)
    previous = _take_apart(before)
    said = _LEAD.sub("", text)
    if _PRONOUN.search(said):
        antecedent = previous.said.rstrip("是的为 ") if "谁" in previous.asks else previous.subject
        if antecedent:
            return _PRONOUN.sub(lambda _: antecedent, said, count=1)
        return f"{before}，{said}"
    if said.startswith("其中") or (ASKS.search(said) and not _ELLIPSIS.search(said)):
        # it has a predicate of its own and only lacks whom it speaks of
        return (
            f"{previous.said or before}，{said}"
            if not times(said, None) or said.startswith("其中")
            else f"{previous.subject}{said}"
        )
    return _fill(previous, before, _ELLIPSIS.sub("", said).rstrip("的 ，,"))


def depends(text: str) -> bool:
    """Does a question lean on an earlier one? By its opening, its 呢, a pronoun, or for want of any subject."""
    if _LEAD.match(text) or _PRONOUN.search(text) or text.startswith("其中"):
        return True
    if _ELLIPSIS.search(text) and not ASKS.search(_ELLIPSIS.sub("", text)):
        return True
    if re.match(r"^(?:什么是|何谓|为什么说)", text) or re.search(r"(?:是什么|指什么|什么意思)$", text):
        return False
    asks = ASKS.search(text)
    if asks and 0 < asks.start() <= 10 and all(tag[0] in "vdptu" for _, tag in tagged(text[: asks.start()])):
        return True  # 「覆盖多少个国家」, 「到目前总共帮了多少人」: nobody is said to do it
    words = content_words(text)
    return not names(text) and not _has_head_noun(text) and len(words) <= 2 and len(text) <= 6


def attribute(question: str) -> str:
    """What of its subject a question wants to know: 「总投资」 of 「扬州阿特斯项目总投资多少」; "" where rules cannot tell."""
    text = _TAIL.sub("", question)
    asks = ASKS.search(text)
    if asks is None:
        return ""
    return f"{_take_apart(text).attribute} {text[asks.end() :]}".strip()


def _has_head_noun(text: str) -> bool:
    return any(word in _HEAD_NOUNS for word in content_words(text))


def _take_apart(text: str) -> _Parts:
    asks = ASKS.search(text)
    said, words = (text[: asks.start()], asks[0]) if asks else (text, "")
    if "多少" in words and not words.startswith("是"):
        words = "多少"  # what is counted (「多少家企业」) belongs to the old attribute
    spoken = times(said, None)
    time = spoken[0].text if spoken else ""
    end = position = 0
    for word, tag in tagged(said):
        position += len(word)
        if word in _HEAD_NOUNS or tag in _NAME_TAGS or re.match(r"[A-Za-z]", word):
            end = position
    if "“" in said[:end] and "”" not in said[said.rfind("“", 0, end) : end] and "”" in said[end:]:
        end = said.index("”", end) + 1
    # the time may stand inside the subject (「扬州2025年…」): it is kept apart
    subject = said[:end].replace(time, "") if time else said[:end]
    attribute = said[end:].replace(time, "") if time else said[end:]
    return _Parts(said, subject.strip("的在，, "), time, attribute.strip("的在，, 是"), words)


def _fill(previous: _Parts, before: str, said: str) -> str:
    """A fragment (「盐城」, 「2023年」, 「税收」) put where its like stood in the question before."""
    spoken = times(said, None)
    rest = said
    for said_time in spoken:
        rest = rest.replace(said_time.text, "")
    rest = re.sub(r"^(?:到了?|在|对|从)|(?:里面|之内|当中|(?<=[省市县区国])[里内中])$", "", rest.strip("的，, ")).strip(
        "的，, "
    )
    asks = previous.asks or "是多少"
    mine, theirs = places(rest), places(before)
    if not rest and spoken:  # only another time: 「2023年呢」
        if previous.time:
            return before.replace(previous.time, spoken[0].text)
        return f"{previous.subject}{spoken[0].text}{previous.attribute}{asks}"
    plain = to_simplified(fold(rest))
    wider = next((scope for scope in ("全国", "国内") if scope in before), "")
    if wider and re.fullmatch(r"[\u4e00-\u9fff]{2,4}省", plain):  # 「全国排第几」, 「江苏省呢」
        return before.replace(wider, plain, 1)
    if mine and theirs and len(plain) <= len(next(iter(mine))) + 1:  # only another place: 「盐城呢」
        swapped = before.replace(min(theirs, key=before.find), next(iter(mine)), 1)
        return swapped.replace(previous.time, spoken[0].text) if spoken and previous.time else swapped
    if plain in _SCOPES and (scope := next((s for s in _SCOPES if s in before), "")):
        return before.replace(scope, plain, 1)
    if _is_person(plain) and (old_person := _person(before)):
        return before.replace(old_person, rest, 1)
    if rest[-1:] in _KINDS:  # another kind of the same: 「前沿性的呢」
        old = next((word for word in re.findall(rf"[\u4e00-\u9fff]{{2}}[{_KINDS}]", previous.said)), "")
        return before.replace(old, rest, 1) if old else f"{before}，{rest}的呢"
    time = spoken[0].text if spoken else previous.time
    whose = "" if mine else "".join(sorted(theirs & places(previous.subject), key=before.find))
    last = content_words(rest)[-1:] or [""]
    if last[0] in _HEAD_NOUNS or names(rest) - places(rest):  # another subject: 「晶圆工厂呢」
        return f"{whose}{rest}{time}{previous.attribute}{asks}"
    if mine or _has_head_noun(rest):  # another subject with its own attribute: 「徐州的市长呢」
        return f"{whose}{rest}{asks}" if time in rest or not time else f"{whose}{time}{rest}{asks}"
    kept = previous.attribute if rest in _GENERIC and previous.attribute not in rest else ""
    return f"{previous.subject}{time}{kept}{rest}{asks}"


def _is_person(text: str) -> bool:
    words = tagged(text)
    return len(words) == 1 and words[0][1] in ("nr", "nrt", "nrfg")


def _person(text: str) -> str:
    """The first person named. The dictionary cuts rare given names short (王进|健): one lone character behind is taken in."""
    words = tagged(text)
    for index, (word, tag) in enumerate(words):
        if tag in ("nr", "nrt", "nrfg"):
            after, kind = words[index + 1] if index + 1 < len(words) else ("", "")
            return (
                word + after if len(word) == 2 and len(after) == 1 and kind not in ("v", "p", "u", "uj", "x") else word
            )
    return ""
