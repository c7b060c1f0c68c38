"""A question as typed → a whole question. What an earlier turn left unsaid is put back, by rule.

「扬州阿特斯项目总投资多少？」 then 「那产能呢？」 → 「扬州阿特斯项目产能多少」.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from rag.answer.question.asked import ASKS as ASKS
from rag.answer.question.asked import Parts, take_apart
from rag.answer.question.fragment import asking, fill, frame
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
from rag.answer.question.sidebyside import CODE, is_name, is_time, unknown
from rag.answer.text.words import content_words, names, tagged, to_simplified
from rag.answer.when.resolve import time_spans
from rag.answer.when.times import times
from rag.types import Query, Turn

_LEAD = re.compile(
    r"^(?:那么|那(?!个(?!人|税|股|体))(?!(?:家|座|所|款|支)(?:公司|企|集团|学|医院|银行|工厂|店|餐|机构|城市|球队|手机|车))|还有|另外|再问|然后|而|至于|and |what about |how about )+[，,\s]*",
    re.I,
)
_TAIL = re.compile(r"[？?。！!\s]+$")
_ELLIPSIS = re.compile(r"(?:呢|又如何|又怎样|怎么样)$")
_CHAT = re.compile(
    r"(?:你好|您好|哈喽|嗨|[早晚]安|[早晚]上好|[上下]午好|谢谢|多谢|感谢|辛苦|再见|拜拜|好的|好吧|嗯|知道了|明白了|没事|不用了"
    r"|hi|hello|thanks?|thank you|bye|ok)(?:[你您呀啊吧了的啦哦们，,。！!\s]|谢谢|多谢|再见)*$",
    re.I,
)
_TO_YOU = re.compile(r"[你您](?!们|刚|说的|提到|上面|前面)")  # 「你能做什么」
_WRONG = re.compile(r"^(?:不对|不是的?|错了?|[你搞弄]错了|[你您]?理解错了|不)[，,。！!\s]+")
_MEANT = re.compile(r"^(?:我(?:想|要)?(?:问|说|指)的?是?|我是(?:问|说|指)|应该是|应是|是(?!否|不是))(?:的是)?")
_NOT_BUT = re.compile(r"^(?:的?不是|并非)(?P<wrong>[^，,]+)[，,]?(?:而是|是)(?P<right>[^，,]+)$")
_BUT_NOT = re.compile(r"^(?P<right>[^，,]+)[，,](?:而)?不是(?P<wrong>[^，,]+)$")
_WHICH_OF = re.compile(r"(?:(?:这|那|其中)[两几三四][个款家座种项者]?)?(?:哪一?[个款家座种项边者]|谁)(?:更|比较|最)")
MOST_PARTS = 4  # things asked of at once: each costs a call of the model
_SHORT_YEAR = re.compile(r"(?<![\d.第近历经过了到有满达前这头整逾\-—])([1-3]\d)年(?![来间内前后的以多里]|期|级|\d)")
_EVENT = frozenset("原因 理由 背景 影响 意义 结果 后果 目的 依据 过程 措施 成效 内容 特点 有何 怎么办".split())


def understand(question: str, history: Sequence[Turn], today: date | None) -> Query:
    """The question made whole with the questions asked before it."""
    wholes: list[str] = []
    for turn in history:
        if not _CHAT.match(turn.question.strip()):
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
    text = _simple(_TAIL.sub("", question.strip()))
    if not before or _CHAT.match(text) or _TO_YOU.match(text):
        return question.strip()
    before = _simple(_TAIL.sub("", before))
    if (meant := _corrected(before, text)) is not None:
        return meant
    whole = _whole(before, text, [*(_simple(_TAIL.sub("", said)) for said in earlier), before])
    return whole or question.strip()


def _corrected(before: str, text: str) -> str | None:
    """「不对，我问的是盐城」, 「不是扬州，是盐城」: the question before with what is put right; None where nothing is."""
    said = _MEANT.sub("", _WRONG.sub("", text))
    swap = _NOT_BUT.match(said) or _BUT_NOT.match(said)
    if (said == text and not swap) or (said and ASKS.search(said[:-1]) and swap):
        return None
    if swap is None:
        said = said.strip("，, ")
        return said if _asks_by_itself(said) else fill(before, said.rstrip("的")) if said else before
    wrong, right = swap["wrong"].strip("的，, "), swap["right"].strip("的，, ")
    return before.replace(wrong, right, 1) if wrong in before else fill(before, right)


def _simple(text: str) -> str:
    """Simplified characters; a text whose only odd ones are those of simplified writing too (乾隆, 著名) stays."""
    simple = to_simplified(text)
    return text if {old for old, new in zip(text, simple, strict=True) if old != new} <= set("乾著瞭徵藉夥") else simple


def _whole(before: str, text: str, wholes: Sequence[str]) -> str:
    """ "" where ``text`` stands by itself."""
    previous, said = _told_apart(before), text if _opens_with_name(text) else _LEAD.sub("", text)
    subjects = [_subject_of(whole) for whole in wholes]
    bare = bare_kind(said)
    if bare:
        start, end, kind = bare
        named = of_kind(kind, subjects) or (previous.subject if owns(kind, previous.subject, before) else "")
        if named:
            return f"{said[:start]}{named}{said[end:]}"
    points = pronoun(said)
    if points:
        antecedent = _antecedent(points, previous, subjects) or ("" if previous.subject else frame(before).named)
        if not antecedent:
            return f"{before}，{said}"
        whole = f"{said[: points.start()]}{antecedent}{said[points.end() :]}"
        cut = _ELLIPSIS.sub("", whole)
        return (
            whole if cut == whole or ASKS.search(cut) else f"{cut}{re.sub('^多少', '是多少', asking(before))}"
        )  # 「它的产能呢」
    if not (_ELLIPSIS.search(said) and not ASKS.search(_ELLIPSIS.sub("", said))) and (noun := _ownerless(said)):
        whose = owner(noun, subjects, _certain(previous) or _widened(previous))
        same = whose == previous.subject and of_each_year(noun) and not times(said, None)
        time = previous.time if same else ""
        if whose:
            return f"{whose}{time}{said}"
    if not depends(text):
        return ""
    if said != text and _asks_by_itself(said):
        return said  # 「那盐城2024年的目标是多少」
    if _WHICH_OF.match(said):  # 「哪一款更贵」: of those spoken of
        things = list(dict.fromkeys(filter(None, (frame(whole).named for whole in wholes[-MOST_PARTS:]))))
        return "和".join(things) + said if len(things) > 1 else ""
    if said.startswith("其中") or (ASKS.search(said) and not _ELLIPSIS.search(said)):
        # it has a predicate of its own and only lacks whom it speaks of
        if times(said, None) and not said.startswith("其中"):
            return f"{previous.subject}{said}"
        if _certain(previous) and not said.startswith("其中") and _speaks_of_another_thing(previous, said):
            return f"{previous.subject}{said}"
        return "" if not previous.subject and _ownerless(before) else f"{previous.said or before}，{said}"
    return fill(before, _ELLIPSIS.sub("", said).rstrip("的 ，,"))


def _told_apart(whole: str) -> Parts:
    """A subject that ends in a code ends there: 「星河A3」 of 「星河A3续航多久」."""
    previous, named = take_apart(whole), frame(whole).named
    ends = previous.subject.startswith(named) and re.search(r"\d[A-Za-z]*$", named)
    return replace(previous, subject=named) if named and ends else previous


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
    bare = _ELLIPSIS.sub("", text)
    if bare != text and not ASKS.search(bare):
        return text.endswith("呢") or _is_name(bare)  # 「天气怎么样」 asks by itself
    if re.match(r"^(?:什么是|何谓|为什么说)", text) or re.search(r"(?:是什么|指什么|什么意思)$", text):
        return False
    asks = ASKS.search(text)
    before = tagged(text[: asks.start()]) if asks and asks.start() <= 10 else ()
    if any(tag[0] == "v" for _, tag in before) and all(tag[0] in "vdpu" or _is_when(word, tag) for word, tag in before):
        return True  # 「覆盖多少个国家」, 「到目前总共帮了多少人」: nobody is said to do it
    words = content_words(text)
    return not ((asks and asks.start()) or names(text) or _has_head_noun(text)) and len(words) <= 2 and len(text) <= 6


def attribute(question: str) -> str:
    """What of its subject a question wants to know: 「总投资」 of 「扬州阿特斯项目总投资多少」; "" where rules cannot tell."""
    text = _TAIL.sub("", question)
    asks = ASKS.search(text)
    if asks is None:
        return ""
    return f"{take_apart(text, within_words=False).attribute} {text[asks.end() :]}".strip()


def _is_when(word: str, tag: str) -> bool:
    """总共, 去年 and 目前; not 晚饭."""
    return tag[0] == "b" or (tag[0] == "t" and (word in ("目前", "现在", "如今", "后来", "当时") or is_time(word)))


def _without_times(text: str) -> str:
    for span in reversed(time_spans(text, None)):
        text = text[: span.start] + text[span.end :]
    return text


def _is_name(text: str) -> bool:
    """Nothing but a name, a time or a code: 「盐城」, 「2024年」."""
    return is_time(text) or bool(re.fullmatch(CODE, text)) or is_name(text)


def _asks_by_itself(text: str) -> bool:
    """Does it ask, and name whom it asks about?"""
    asks = ASKS.search(text)
    if asks is None or _ELLIPSIS.sub("", text) == text[: asks.start()]:
        return False
    said = text[: asks.start()] if asks.start() > 1 else text[asks.end() :]
    said = _without_times(said)
    return bool(
        _is_name(said)
        or names(said)
        or _has_head_noun(said)
        or "的" in said.strip("的")
        or any(unknown(w) for w, _ in tagged(said))
    )


def _has_head_noun(text: str) -> bool:
    return any(word in HEAD_NOUNS for word in content_words(text))
