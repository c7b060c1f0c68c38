"""A name written with a wrong character of the right sound (杨州, 新林飞) → the name that stands in the articles.

People type Chinese by sound, so that is how they err. A stretch of the question is taken for a misspelling only where
neither the found passages nor the dictionary know it, and the passages hold one of the very same sound, tones included
(宿州 is no misspelling of 苏州), that differs in a single character.

Nor is it taken for one where it may be a name of its own: 张筠 is not 张芸, whoever of them the articles know, and of two
that sound alike none is the one meant. Such names are told to the reader, and nothing is answered for them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from rag.answer.text.quantities import fold
from rag.answer.text.surnames import SURNAMES
from rag.answer.text.words import QUESTION_WORDS, names, tagged, to_simplified

_HAN = re.compile(r"[\u3400-\u9fff]{2,}")
_ASKS = re.compile(r"[有是为因如从任]何\Z")  # 「有何作用」 asks; 何 is a family name too
# Offices with two names that share no character; there are no more in use than these.
_OFFICES = (
    ("首席执行官", "CEO"),
    ("首席财务官", "CFO"),
    ("首席技术官", "CTO"),
    ("首席运营官", "COO"),
    ("首席信息官", "CIO"),
    ("首席营销官", "CMO"),
    ("首席产品官", "CPO"),
)
_ORGANISATION = re.compile(
    r"[市县区镇乡村省州]|集团|公司|企业|项目|工厂|银行|大学|学院|学校|医院|股份|产业园|水库|大桥"
)
_LENGTHS = (4, 3, 2)
_PARTICLES = frozenset("的地得了着过是在有和与吗呢吧啊也都就还又很不没")  # no name is written with these
# Seen once, a stretch of the passages may be anything; a name, or something said again, is worth correcting to.
_TWICE = 2


@dataclass(frozen=True, slots=True)
class Spelling:
    """A question as the articles spell."""

    question: str
    changes: dict[str, str] = field(default_factory=dict)  # as typed: as it stands there
    namesakes: dict[str, tuple[str, ...]] = field(
        default_factory=dict
    )  # a name they do not know: those that sound alike


def mended(question: str, texts: Sequence[str]) -> Spelling:
    """``question`` spelt as ``texts`` (the best passages found for it) spell."""
    there = to_simplified(fold("\n".join(texts)))
    if other := _other_writing(question, there):
        spelt = mended(question.replace(other[0], other[1]), texts)
        return Spelling(spelt.question, {other[0]: other[1], **spelt.changes}, spelt.namesakes)
    typed = to_simplified(fold(question))
    suspects = [
        (start, typed[start : start + length])
        for run in _HAN.finditer(typed)
        for length in _LENGTHS
        for start in range(run.start(), run.end() - length + 1)
    ]
    unknown = [
        (start, text)
        for start, text in suspects
        if text not in there and not _PARTICLES & set(text) and not _is_word(text)
    ]
    if not unknown:
        return Spelling(question)
    by_sound = _by_sound(there, {sound(text) for _, text in unknown})
    changes: dict[str, str] = {}
    namesakes: dict[str, tuple[str, ...]] = {}
    out = list(question)
    taken: set[int] = set()
    for start, text in unknown:  # longest first: 新林飞 before 新林
        place = set(range(start, start + len(text)))
        if place & taken:
            continue
        if people := _persons(typed, start, text, there):
            namesakes[question[start : start + len(text)]] = people
            taken |= place
            continue
        alike = [
            right
            for right in by_sound.get(sound(text), ())
            if sum(a != b for a, b in zip(text, right, strict=True)) == 1
            and not _is_sound_word(typed, start + next(i for i, a in enumerate(text) if a != right[i]))
        ]
        if not alike:
            continue
        taken |= place
        if len(alike) > 1:
            namesakes[question[start : start + len(text)]] = tuple(alike)
            continue
        out[start : start + len(text)] = alike[0]
        changes[question[start : start + len(text)]] = alike[0]
    return Spelling("".join(out), changes, namesakes)


def _other_writing(question: str, there: str) -> tuple[str, str] | None:
    """(as asked, as the articles write it) of an office that they name by its letters or its Chinese name alone."""
    for names_of_one in _OFFICES:
        asked = [name for name in names_of_one if re.search(rf"(?<![A-Za-z]){name}(?![A-Za-z])", question, re.I)]
        written = [name for name in names_of_one if re.search(rf"(?<![A-Za-z]){name}(?![A-Za-z])", there)]
        if asked and written and asked[0] not in there:
            typed = re.search(asked[0], question, re.I)
            return (typed[0] if typed else asked[0]), written[0]
    return None


def _persons(typed: str, start: int, text: str, there: str) -> tuple[str, ...]:
    """Who in the articles bears a name that sounds like ``text``, where that may be a person's name; in the order of the text."""
    if not _may_be_a_person(text, typed[start + len(text) :]) or not _whole(typed, start, start + len(text)):
        return ()
    found: dict[str, None] = {}
    for run in _HAN.finditer(there):
        said = run[0]
        for at in range(len(said) - len(text) + 1):
            name = said[at : at + len(text)]
            if (
                name[0] in SURNAMES
                and sum(a != b for a, b in zip(text, name, strict=True)) == 1
                and sound(name) == sound(text)
                and _may_be_a_person(name, said[at + len(text) :])
                and _whole(said, at, at + len(text))
            ):
                found[name] = None
    return tuple(found)


def _may_be_a_person(text: str, behind: str) -> bool:
    """A family name and one or two characters, that the dictionary does not know as a word or a place; not a firm's."""
    if not 2 <= len(text) <= 3 or text[0] not in SURNAMES or _ORGANISATION.match(behind):
        return False
    return not _is_word(text) or tagged(text)[0][1] == "nr"


def _whole(text: str, start: int, end: int) -> bool:
    """Does no word of the dictionary run across either end?"""
    import rjieba

    at = 0
    for word in rjieba.cut(text, hmm=False):
        if at < start < at + len(word) or at < end < at + len(word):
            return False
        at += len(word)
    return True


@lru_cache(maxsize=4096)
def sound(text: str) -> tuple[str, ...]:
    """Syllables with tones, one a character."""
    return tuple(_syllable(char) for char in text)


@lru_cache(maxsize=8192)
def _syllable(char: str) -> str:
    from pypinyin import Style, lazy_pinyin

    return str(lazy_pinyin(char, style=Style.TONE3)[0])


def _by_sound(text: str, wanted: set[tuple[str, ...]]) -> dict[tuple[str, ...], list[str]]:
    """For each sound, the stretches of ``text`` that have it: names, or what is said twice at least; the commonest first."""
    counts: Counter[str] = Counter()
    firsts = {key[:2] for key in wanted}
    for run in _HAN.finditer(text):
        said = run[0]
        for start in range(len(said) - 1):
            if sound(said[start : start + 2]) in firsts:
                counts.update(said[start : start + n] for n in _LENGTHS if start + n <= len(said))
    known = names(text)
    found: dict[tuple[str, ...], list[str]] = {}
    for stretch, count in counts.most_common():
        if sound(stretch) in wanted and (count >= _TWICE or stretch in known):
            found.setdefault(sound(stretch), []).append(stretch)
    return found


@lru_cache(maxsize=4096)
def _is_word(text: str) -> bool:
    """In the dictionary, as a whole."""
    import rjieba

    return len(rjieba.cut(text, hmm=False)) == 1


def _is_sound_word(typed: str, position: int) -> bool:
    """Is the character no slip: a function word (是, 在), or part of a longer word of the dictionary?"""
    import rjieba

    if _ASKS.search(typed[: position + 1]):
        return True
    at = 0
    for word in rjieba.cut(typed, hmm=False):
        if at <= position < at + len(word):
            return word in QUESTION_WORDS or len(word) > 1
        at += len(word)
    return False
