"""Things named side by side (「苏州、无锡和常州2023年新增企业…」) → each of them, and what is said of all of them.

What stands side by side is of one shape: places, times, codes, names that end alike. So where the last of them ends, and
what before the first belongs to all, is read off the others, and nothing of it is lost.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import accumulate, pairwise

from rag.answer.question.owners import NAME_TAGS, head_end
from rag.answer.text.words import names, tagged
from rag.answer.when.resolve import time_spans

_JOINERS = frozenset("和 与 跟 及 以及 、 还是 同".split())
# What asks: the things named end before it at the latest.
_ASKING = re.compile(
    r"[，,]|分别|各(?![市县区地种类级界])|都(?=[是有在])|谁|哪|之间|相差|差(?=了?[多几]|距|额)|合计|总和|总共|一共|加起来|加在一起|共计"
    r"|是(?!否)|有(?=[多几什哪何怎]|没有|不同|区别)|多少|存在|这[两二三四]"
)
_EVENTS_END = re.compile(r"[，,](?=[^，,]*哪)|这[两二三四]个|的?事件(?:中|里)?[，,]?哪|哪")
CODE = r"[A-Za-z]+[A-Za-z0-9]*(?:[.\-+&][A-Za-z0-9]+)*"
_ENDS_IN_CODE = re.compile(r"[A-Za-z][A-Za-z0-9.\-+&]*$")
_REGIONS = "市县区镇乡村省州"
_REGION = re.compile(rf"[\u4e00-\u9fff]{{1,5}}?[{_REGIONS}]")
_KINDS = f"{_REGIONS}厂店校馆站港桥路湖河山岛线矿场楼院所局队社报"
_LEAD_IN = re.compile(r"(?:请问|在|截至|到|于|从)*[，,]?")
_AMONG = re.compile(
    r"^[，,\s]*(?:在?这|上述)[两二三四][个家座项件者位](?:事件?|城市|日期|年份)?(?:之?[间里]|之?中(?![国央]))?[，,]?"
)
_ASKED = re.compile(r"多少|什么|哪|谁|几|怎|如何|何")
_COUNTED = re.compile(r"(?:多少|几|(?:谁|哪一?[个款种家座项者年天])(?P<which>.*))")
_YEAR = re.compile(r"\d{4}年|[今去前明]年")
_BEFORE_TIME = re.compile(r"(?:截至|在|于|到|从)$")


@dataclass(frozen=True, slots=True)
class SideBySide:
    """``lead`` + each of ``things`` + ``rest`` is what the question says of one of them."""

    lead: str
    things: tuple[str, ...]
    rest: str  # from the end of the last thing on, with the words that ask


def side_by_side(text: str, *, events: bool = False) -> SideBySide | None:
    """None where nothing, or nothing of one shape, stands side by side before the words that ask.

    ``events``: whole events stand there (「甲收购乙和丙上市，哪个事件更早」), up to the 哪.
    """
    joins = _joins(text, events=events)
    if not joins:
        return None
    asking = (_EVENTS_END if events else _ASKING).search(text, joins[0][1] + 1)
    end = asking.start() if asking else len(text)
    if not events:
        end = min([end, *(at for at in _words(text, "都") if at > joins[0][1])])
    rest = _AMONG.sub("", text[end:])
    if any(end < join[0] and not _ASKED.search(text, end, join[0]) for join in joins):
        return None  # 「2022年和2023年，甲和乙分别…」: which of them goes with which?
    cuts = [(0, 0), *(join for join in joins if join[1] < end), (end, end)]
    pieces = [text[one[1] : other[0]].strip("，, ") for one, other in pairwise(cuts)]
    if not all(pieces):
        return None
    lead, pieces[0] = _leading(pieces[0], timed=any(time_spans(piece, None) for piece in pieces[1:]))
    if events:
        return SideBySide(lead, tuple(pieces), rest) if min(map(len, pieces)) > 1 else None
    if told := _told_of_the_first(pieces):
        thing, about = told
        pieces = [thing, *pieces[1:-1], pieces[-1].removesuffix("的")]
        return _checked(lead, pieces, f"{about}{rest}")
    counted = _COUNTED.search(rest)
    bare = counted is not None and not any(
        tag[0] == "n" for _, tag in tagged(rest[: counted.start()] + (counted["which"] or ""))
    )
    size = _ends(pieces, bare=bare)
    pieces[-1], tail = pieces[-1][:size].rstrip(), pieces[-1][len(pieces[-1][:size].rstrip()) :]
    start = _begins(pieces[0], pieces[1], counted=counted is not None)
    lead, pieces[0] = lead + pieces[0][:start], pieces[0][start:]
    return _checked(lead, _of_one_year(pieces), f"{tail}{rest}")


def in_place_of(thing: str, text: str) -> str:
    """``text`` said of ``thing`` and not of what it begins with: 「凤尾水库的库容」 of 「龙潭水库的库容」; "" where that has another shape."""
    lead, said = _leading(text)
    size = 0 if "的" in thing or time_spans(thing, None) else like(thing, said)
    return f"{lead}{thing}{said[size:]}" if 0 < size < len(said) else ""


def like(sample: str, text: str) -> int:
    """How long the thing is that ``text`` begins with, if it is of the shape of ``sample``; 0 where it is of none known."""
    spoken = time_spans(text, None)
    if is_time(sample):
        return spoken[0].end if spoken and spoken[0].start == 0 else 0
    theirs = time_spans(sample, None)
    if theirs and theirs[-1].end == len(sample) and spoken:  # 「扬州2023年」
        return spoken[0].end
    if _ENDS_IN_CODE.search(sample) and (code := re.match(rf"[\u4e00-\u9fff]{{0,4}}?{CODE}", text)):
        return code.end()
    if _name(sample) == len(sample) and (named := _name(text)):
        return named
    for start in range(1, len(sample)):
        ending = sample[start:]
        at = text.find(ending, 1)
        if at > 0 and (len(ending) > 1 or ending in _KINDS):
            return at + len(ending)
    if head_end(tagged(sample)[-1][0]):  # 「海岳集团」, 「恒远公司」
        at = 0
        for number, (word, _) in enumerate(tagged(text)):
            if number and head_end(word) == len(word):
                return at + len(word)
            at += len(word)
    if _REGION.fullmatch(sample) and (region := _REGION.match(text)):
        return region.end()
    return 0


def is_time(text: str) -> bool:
    spoken = time_spans(text, None)
    return bool(spoken) and (spoken[0].start, spoken[0].end) == (0, len(text))


def _words(text: str, word: str) -> list[int]:
    """Where a word stands by itself: not the 都 of 成都."""
    import rjieba

    cut = rjieba.cut(text, hmm=False)
    return [at for at, one in zip(accumulate(map(len, cut), initial=0), cut, strict=False) if one == word]


def is_name(text: str) -> bool:
    """Nothing but a name, be it one that the dictionary knows by its characters alone."""
    return bool(text) and all(tag in NAME_TAGS for _, tag in tagged(text))


def _joins(text: str, *, events: bool) -> list[tuple[int, int]]:
    """Where words that join stand; not the 和 of 呼和浩特, nor, among events, the 及 of 比尔及梅琳达."""
    joiners = _JOINERS - {"及", "跟", "同"} if events else _JOINERS
    found: list[tuple[int, int]] = []
    for start, end in sorted((at, at + len(word)) for word in joiners for at in _words(text, word) if at):
        if found and found[-1][1] == start:  # 「、以及」
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return found


def _leading(text: str, *, timed: bool = False) -> tuple[str, str]:
    """What stands before a comma, and a time at the head, belong to all: 「今年1—2月，」, 「2月18日徐州」.

    ``timed``: the other things have times of their own.
    """
    head = max(text.rfind("，"), text.rfind(",")) + 1
    opening = _LEAD_IN.match(text, head)
    cut = opening.end() if opening else head
    spoken = time_spans(text[cut:], None)
    if not timed and spoken and spoken[0].start == 0 and cut + spoken[0].end < len(text):
        cut += spoken[0].end
    return text[:cut], text[cut:]


def _told_of_the_first(pieces: list[str]) -> tuple[str, str] | None:
    """「扬州2025年的目标和盐城的…」: all that is asked stands behind the first alone. The first, and what is said of it."""
    *_, last = pieces
    of = pieces[0].find("的")
    thing, about = pieces[0][:of], pieces[0][of:]
    if of < 1 or len(about) < 2 or "的" in last.removesuffix("的") or any("的" in piece for piece in pieces[1:-1]):
        return None
    last = last.removesuffix("的")
    spoken = time_spans(thing, None)
    if spoken and spoken[0].start > 0 and not time_spans(last, None):
        thing, about = thing[: spoken[0].start], thing[spoken[0].start :] + about
    if _name(about[1:]) or like(last, thing) != len(thing) or like(thing, last) != len(last):
        return None  # 「扬州的高邮和仪征」
    return thing, about


def _ends(pieces: list[str], *, bare: bool) -> int:
    """Where the last of the things ends. ``bare``: what is counted of them is not said behind the words that ask, and so before."""
    *before, text = pieces
    if "的" in text and not any("的" in piece for piece in before):
        text = text[: text.index("的")]
    spoken = time_spans(text, None)
    if spoken and spoken[0].start and not any(time_spans(piece, None) for piece in before):
        text = _BEFORE_TIME.sub("", text[: spoken[0].start])
    if not is_time(before[-1]) and (len(text) < len(pieces[-1]) or not bare):
        return len(text)
    return like(before[-1], text) or _as_long(before, text) or len(text)


def _as_long(before: list[str], text: str) -> int:
    """Names that no dictionary knows (青屿, 云岭) are often of one length; a word has to end there."""
    size = len(before[-1])
    if (
        any(common(piece) for piece in (*before, text[:size]))
        or not 2 <= size <= 4
        or any(len(piece) != size for piece in before[1:])
    ):
        return 0
    at = 0
    for word, _ in tagged(text):
        at += len(word)
        if at >= size:
            break
    return at if at == size else 0


def _begins(first: str, sample: str, *, counted: bool) -> int:
    """Where the first of the things begins: behind what is said of all of them. ``sample``: the second."""
    spoken, words = time_spans(first, None), tagged(first)
    if re.fullmatch(CODE, sample):  # 「星河A3和B5」
        code = _ENDS_IN_CODE.search(first)
        return code.start() if code else 0
    if is_time(sample):
        return spoken[-1].start if spoken and spoken[-1].end == len(first) else 0
    if _name(sample) == len(sample):  # 「2023年GDP扬州」, 「扬州的高邮」
        named = words[-1][1] in NAME_TAGS and len(words) > 1 and words[-2][1] not in NAME_TAGS
        return len(first) - len(words[-1][0]) if named else 0
    if names(sample) or time_spans(sample, None) or "的" in sample:
        return 0
    # what is asked of one thing: 「扬州的产值和税收」
    if "的" in first:
        return first.rindex("的") + 1
    if not common(tagged(sample)[0][0]):  # 「龙潭水库和凤尾水库」
        return 0
    if spoken and 0 < spoken[0].end < len(first):
        return spoken[0].end
    at = 0
    for number, (word, tag) in enumerate(words):
        if not (
            tag in NAME_TAGS
            or tag == "m"
            or (number and word in "年市省县区")
            or (not number and counted and unknown(word))
        ):
            break
        at += len(word)
    return at if at < len(first) else 0


def _of_one_year(things: list[str]) -> list[str]:
    """「2023年4月和10月」: both of that year."""
    year = _YEAR.match(things[0])
    if year is None or not all(is_time(thing) for thing in things):
        return things
    return [thing if _YEAR.match(thing) else year[0] + thing for thing in things]


def _checked(lead: str, things: list[str], rest: str) -> SideBySide | None:
    """Of one shape? 「苏州、无锡、产值」 is a list of nothing."""
    if any(len(thing) < 2 for thing in things) or len(set(things)) < len(things):
        return None
    if any(_name(thing) == len(thing) for thing in things) and any(common(thing) for thing in things):
        return None
    timed = [is_time(thing) for thing in things]
    return SideBySide(lead, tuple(things), rest) if all(timed) or not any(timed) else None


def _name(text: str) -> int:
    """Length of the name that a text begins with, 市 or 镇 behind it included."""
    at = 0
    for word, tag in tagged(text):
        named = tag in NAME_TAGS and len(word) > 1
        if not named and not (at and word in _REGIONS):
            break
        at += len(word)
    return at


def common(text: str) -> bool:
    """Nothing but words of the dictionary that name nothing."""
    return all(not unknown(word) and tag[0] in "nvcpu" and tag not in NAME_TAGS for word, tag in tagged(text))


def unknown(word: str) -> bool:
    import rjieba

    return len(word) > 1 and len(rjieba.cut(word, hmm=False)) > 1
