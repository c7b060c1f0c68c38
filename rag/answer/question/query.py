"""A question as typed → a whole question. What an earlier turn left unsaid is put back, by rule.

「扬州阿特斯项目总投资多少？」 then 「那产能呢？」 → 「扬州阿特斯项目产能多少」.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from rag.answer.question.asked import ASKS as ASKS
from rag.answer.question.asked import Parts, take_apart
from rag.answer.question.owners import (
    HEAD_NOUNS,
    NAME_TAGS,
    bare_kind,
    kind_of,
    lacks_owner,
    of_each_year,
    of_kind,
    owner,
    owns,
    place_of,
    pronoun,
)
from rag.answer.text.quantities import fold
from rag.answer.text.words import content_words, names, places, tagged, to_simplified
from rag.answer.when.times import times
from rag.types import Query, Turn

_LEAD = re.compile(
    r"^(?:那么|那(?!个(?!人|税|股|体))(?!(?:家|座|所|款|支)(?:公司|企|集团|学|医院|银行|工厂|店|餐|机构|城市|球队|手机|车))|还有|另外|再问|然后|而|至于|and |what about |how about )+[，,\s]*",
    re.I,
)
_TAIL = re.compile(r"[？?。！!\s]+$")
_ELLIPSIS = re.compile(r"(?:呢|又如何|又怎样|怎么样)$")
_SHORT_YEAR = re.compile(r"(?<![\d.第近历经过了到有满达前这头整逾\-—])([1-3]\d)年(?![来间内前后的以多里]|期|级|\d)")
_NUMBERED = re.compile(r"(?:\d+|[一二三四五六七八九十]+)(号线|号楼|号馆|号店|号机|号炉|期|路|班|版|届)")
_KINDS = "型性级类式"
_SCOPES = ("全国", "全省", "全市", "全球", "全县", "全区", "国内", "省内", "市内", "世界")
_EVENT = frozenset("原因 理由 背景 影响 意义 结果 后果 目的 依据 过程 措施 成效 内容 特点 有何 怎么办".split())
_GENERIC = frozenset("目标 计划 预计 情况 数据 指标 任务 实际 结果 增幅 增速 增长".split())


def understand(question: str, history: Sequence[Turn], today: date | None) -> Query:
    """The question made whole with the questions asked before it."""
    wholes: list[str] = []
    for turn in history:
        wholes.append(_after(wholes, _full_years(turn.question)))
    return Query(text=question, rewritten=_after(wholes, _full_years(question)), today=today)


def _after(wholes: Sequence[str], question: str) -> str:
    return complete(wholes[-1], question, wholes[:-1]) if wholes else question.strip()


def _full_years(text: str) -> str:
    """「25年目标」 → 「2025年目标」; not 「25年来」, 「历经16年」."""
    return _SHORT_YEAR.sub(r"20\1年", text)


def complete(before: str, question: str, earlier: Sequence[str] = ()) -> str:
    """``question`` made whole with ``before``, the last whole question; unchanged where it stands by itself.

    ``earlier``: the whole questions before ``before``, oldest first. What is made whole is in simplified characters.
    """
    if not before:
        return question.strip()
    text = _simple(_TAIL.sub("", question.strip()))
    before = _simple(_TAIL.sub("", before))
    whole = _whole(before, text, [*(_simple(_TAIL.sub("", said)) for said in earlier), before])
    return whole or question.strip()


def _simple(text: str) -> str:
    """Simplified characters; a text whose only odd ones are those of simplified writing too (乾隆, 著名) stays."""
    simple = to_simplified(text)
    return text if {old for old, new in zip(text, simple, strict=True) if old != new} <= set("乾著瞭徵藉夥") else simple


def _whole(before: str, text: str, wholes: Sequence[str]) -> str:
    """ "" where ``text`` stands by itself."""
    previous, said = take_apart(before), text if _opens_with_name(text) else _LEAD.sub("", text)
    subjects = [_subject_of(whole) for whole in wholes]
    bare = bare_kind(said)
    if bare:
        start, end, kind = bare
        named = of_kind(kind, subjects) or (previous.subject if owns(kind, previous.subject, before) else "")
        if named:
            return f"{said[:start]}{named}{said[end:]}"
    points = pronoun(said)
    if points:
        antecedent = _antecedent(points, previous, subjects)
        return f"{said[: points.start()]}{antecedent}{said[points.end() :]}" if antecedent else f"{before}，{said}"
    if not (_ELLIPSIS.search(said) and not ASKS.search(_ELLIPSIS.sub("", said))) and (noun := _ownerless(said)):
        whose = owner(noun, subjects, _certain(previous) or _widened(previous))
        same = whose == previous.subject and of_each_year(noun) and not times(said, None)
        time = previous.time if same else ""
        if whose:
            return f"{whose}{time}{said}"
    if not depends(text):
        return ""
    if said.startswith("其中") or (ASKS.search(said) and not _ELLIPSIS.search(said)):
        # it has a predicate of its own and only lacks whom it speaks of
        if times(said, None) and not said.startswith("其中"):
            return f"{previous.subject}{said}"
        if _certain(previous) and not said.startswith("其中") and _speaks_of_another_thing(previous, said):
            return f"{previous.subject}{said}"
        return "" if not previous.subject and _ownerless(before) else f"{previous.said or before}，{said}"
    return _fill(previous, before, _ELLIPSIS.sub("", said).rstrip("的 ，,"))


def _subject_of(whole: str) -> str:
    """Where a question names its subject: before the words that ask, or behind 「谁是…」, 「哪年…」."""
    asks = ASKS.search(whole)
    return whole[asks.end() :] if asks and asks.start() < 2 else whole[: asks.start()] if asks else whole


def _antecedent(points: re.Match[str], previous: Parts, subjects: Sequence[str]) -> str:
    kind = kind_of(points)
    if kind and re.search(rf"哪.{{0,3}}{kind}", previous.asks + previous.after):
        return ""  # 「…是哪家公司的董事长」, 「这家公司」: the one that was asked for
    named = place_of(kind, previous.subject) or of_kind(kind, subjects) if kind else ""
    if named:
        return named
    if "谁" in previous.asks:
        return previous.said.rstrip("是的为 ")
    if kind in ("公司", "集团", "企业", "机构"):
        return _widened(previous) or previous.subject
    return previous.subject


def _certain(previous: Parts) -> str:
    """The subject, where it is sure to end there: not in the midst of 「宁波空谷幽水」, nor of 「扬州来的那个人」."""
    behind = tagged(previous.attribute)
    if not previous.subject or "的" in previous.attribute or ("谁" in previous.asks and not behind):
        return ""
    if previous.subject.endswith(tuple(HEAD_NOUNS)) or not behind or behind[0][1] not in ("n", "nz", "vn", "x", "m"):
        return previous.subject
    return previous.subject if lacks_owner(previous.attribute) else ""


def _widened(previous: Parts) -> str:
    """The subject with the nouns that go on behind it: 「宁波」 → 「宁波空谷幽水」."""
    if not previous.subject or _certain(previous):
        return previous.subject
    nouns = ""
    for word, tag in tagged(previous.attribute):
        if tag[0] != "n":
            break
        nouns += word
    return previous.subject + nouns


def _ownerless(text: str) -> str:
    """The noun a question begins with that belongs to somebody unnamed; "" where there is none, or where it is to be explained."""
    if re.search(r"(?:(?<!主要)(?<!主营业务)是什么|指什么|什么意思)$", text):
        return ""
    asks = ASKS.search(text)
    return lacks_owner(text[: asks.start()] or text[asks.end() :] if asks else text)


def _opens_with_name(text: str) -> bool:
    return tagged(text)[:1] != () and tagged(text)[0][1] in NAME_TAGS  # 那不勒斯


def _speaks_of_another_thing(previous: Parts, said: str) -> bool:
    """Not of what the question before told: 「什么时候去的」, 「原因有哪些」."""
    words = content_words(ASKS.sub("", said))
    done = tagged(previous.attribute)
    if done and done[0][1][0] not in "vpd":
        return False  # 「主题曲叫什么」, 「谁写的」
    return bool(words) and not any(word in _EVENT or word in previous.attribute for word in words)


def depends(text: str) -> bool:
    """Does a question lean on an earlier one? By its opening, its 呢, a pronoun, or for want of any subject."""
    if (_LEAD.match(text) and not _opens_with_name(text)) or pronoun(text) or text.startswith("其中"):
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
    return f"{take_apart(text, within_words=False).attribute} {text[asks.end() :]}".strip()


def _has_head_noun(text: str) -> bool:
    return any(word in HEAD_NOUNS for word in content_words(text))


def _fill(previous: Parts, before: str, said: str) -> str:
    """A fragment (「盐城」, 「2023年」, 「税收」) put where its like stood in the question before."""
    spoken = times(said, None)
    rest = said
    for said_time in spoken:
        rest = rest.replace(said_time.text, "")
    rest = re.sub(r"^(?:到了?|在|对|从)|(?:里面|之内|当中|(?<=[省市县区国])[里内中])$", "", rest.strip("的，, ")).strip(
        "的，, "
    )
    asks = previous.asks or "是多少"
    numbered = _NUMBERED.fullmatch(rest)
    if numbered and (alike := re.search(rf"(?:\d+|[一二三四五六七八九十]+){numbered[1]}", before)):  # 「10号线呢」
        return before.replace(alike[0], rest, 1)
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
    if last[0] in HEAD_NOUNS or names(rest) - places(rest):  # another subject: 「晶圆工厂呢」
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
