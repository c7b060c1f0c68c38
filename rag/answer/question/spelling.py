"""A name written with a wrong character of the right sound (杨州, 新林飞) → the name that stands in the articles.

People type Chinese by sound, so that is how they err. A stretch of the question is taken for a misspelling only where
neither the found passages nor the dictionary know it, and the passages hold one of the very same sound, tones included
(宿州 is no misspelling of 苏州), that differs in a single character.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from rag.answer.text.quantities import fold
from rag.answer.text.words import QUESTION_WORDS, names, to_simplified

_HAN = re.compile(r"[\u3400-\u9fff]{2,}")
_ASKS = re.compile(r"[有是为因如从任]何\Z")  # 「有何作用」 asks; 何 is a family name too
_LENGTHS = (4, 3, 2)
_PARTICLES = frozenset("的地得了着过是在有和与吗呢吧啊也都就还又很不没")  # no name is written with these
# Seen once, a stretch of the passages may be anything; a name, or something said again, is worth correcting to.
_TWICE = 2


def mended(question: str, texts: Sequence[str]) -> tuple[str, dict[str, str]]:
    """``question`` spelt as ``texts`` (the best passages found for it) spell, and {as typed: as it stands there}."""
    there = to_simplified(fold("\n".join(texts)))
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
        return question, {}
    by_sound = _by_sound(there, {sound(text) for _, text in unknown})
    changes: dict[str, str] = {}
    out = list(question)
    taken: set[int] = set()
    for start, text in unknown:  # longest first: 新林飞 before 新林
        place = set(range(start, start + len(text)))
        right = by_sound.get(sound(text))
        if right is None or place & taken or sum(a != b for a, b in zip(text, right, strict=True)) != 1:
            continue
        wrong = next(i for i, (a, b) in enumerate(zip(text, right, strict=True)) if a != b)
        if _is_sound_word(typed, start + wrong):
            continue
        out[start : start + len(text)] = right
        taken |= place
        changes[question[start : start + len(text)]] = right
    return "".join(out), changes


@lru_cache(maxsize=4096)
def sound(text: str) -> tuple[str, ...]:
    """Syllables with tones, one a character."""
    return tuple(_syllable(char) for char in text)


@lru_cache(maxsize=8192)
def _syllable(char: str) -> str:
    from pypinyin import Style, lazy_pinyin

    return str(lazy_pinyin(char, style=Style.TONE3)[0])


def _by_sound(text: str, wanted: set[tuple[str, ...]]) -> dict[tuple[str, ...], str]:
    """For each sound, the stretch of ``text`` that has it: a name, or what is said most often, twice at least."""
    counts: Counter[str] = Counter()
    firsts = {key[:2] for key in wanted}
    for run in _HAN.finditer(text):
        said = run[0]
        for start in range(len(said) - 1):
            if sound(said[start : start + 2]) in firsts:
                counts.update(said[start : start + n] for n in _LENGTHS if start + n <= len(said))
    known = names(text)
    found: dict[tuple[str, ...], str] = {}
    for stretch, count in counts.most_common():
        key = sound(stretch)
        if key in wanted and key not in found and (count >= _TWICE or stretch in known):
            found[key] = stretch
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
