"""Does an answer say the known answer? For sets that give the answer as a few words, written otherwise than ours.

Right is an answer that, in this order,

1. holds the known answer word for word (``rag.evaluate.matching``: width, script, case, spaces and thousands commas do
   not count; Chinese numerals may stand for digits);
2. where that is nothing but figures and times: holds each of them, as ``rag.answer.text.quantities`` and ``moments`` read
   them (0.9万亿 is 9000亿; a day without its year takes that of the question);
3. where it is words: holds each figure of it, and 70 % of its pairs of characters; pairs with a function word and those
   that stand in the question already are not counted. Items of a list are held to this one by one.

Scores and ranges (2-1, 7—8级) must stand as they are, in that order.

An answer that says more than was asked is right too: this measures what is said, not how briefly.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import date

from rag.answer.text.quantities import Quantity, chinese_number, quantities, same
from rag.answer.when.moments import Moment, agrees, completed, moments
from rag.evaluate.matching import holds, normalise, without_markers

PAIRS = 0.7  # of the known words; benchmarks/trust.py takes as many for the same
_AROUND = re.compile(r"[\s的了约共超过逾近为达至到和与、，,。；;左右以上下多余以及截止]|开始|结束|之前|之后")
_LEFT = 2  # characters beside figures that name what is counted (「37名男子」) and need not be said
_NUMERAL = re.compile(r"(?<![\d.])[零〇一二两三四五六七八九十百千万亿]+(?![\d.])")
_FIGURE = re.compile(r"\d+(?:\.\d+)?")
_SCORE = re.compile(r"(?<![\d.\-/年月])(\d{1,3})\s?(?:[-:—–~]|比|至|到)\s?(\d{1,3})(?![\d.\-/年月日号时])")
_ITEMS = re.compile(r"[、，,；;]|(?<=[^\d])和(?=[^\d])|以及")
_FUNCTION = frozenset("的了是在和与对将被把及等其以于")


def says(answer: str, gold: str, *, question: str = "", today: date | None = None) -> bool:
    """``today``: the asker's, for 去年 and the like in ``question`` and ``answer``."""
    answer = without_markers(answer)
    if holds(normalise(answer), gold) or (_digits(gold) != gold and holds(normalise(_digits(answer)), _digits(gold))):
        return not _scores(gold) - _scores(answer)
    known = normalise(question)
    if _says_figures(answer, gold, question, today):
        return True
    return all(_says_words(answer, item, known) for item in _ITEMS.split(gold) if item.strip())


def says_all(
    answer: str, golds: Sequence[str | Sequence[str]], *, question: str = "", today: date | None = None
) -> bool:
    """Each of ``golds``; one of its alternatives where it has several, as in RGB."""
    return all(
        any(says(answer, one, question=question, today=today) for one in ([gold] if isinstance(gold, str) else gold))
        for gold in golds
    )


def contains_all(answer: str, golds: Sequence[str | Sequence[str]]) -> bool:
    """As RGB itself counts: the bare words stand in the answer, spaces and case aside, inside a longer number too."""
    said = "".join(answer.split()).lower()
    return all(
        any("".join(one.split()).lower() in said for one in ([gold] if isinstance(gold, str) else gold))
        for gold in golds
    )


def is_judgement(gold: str) -> bool:
    """A bare yes or no: no words to look for."""
    return normalise(gold).strip("。.！!") in {"是", "是的", "否", "不是", "对", "不对", "有", "没有"}


def _says_figures(answer: str, gold: str, question: str, today: date | None) -> bool:
    """Is ``gold`` nothing but figures and times, and is each of them in ``answer``?"""
    plain = _SCORE.sub(" ", gold)
    figures, times = quantities(plain), _times(plain, "", today)
    left = list(plain)
    for start, end in [(f.start, f.end) for f in figures] + [(t.start, t.end) for t in times]:
        left[start:end] = " " * (end - start)
    if len(_AROUND.sub("", "".join(left))) > _LEFT or not (figures or times or _scores(gold)):
        return False
    there = _times(answer, question, today)
    return (
        _scores(gold) <= _scores(answer)
        and _quantities_in(answer, figures)
        and all(any(agrees(time, other) for other in there) for time in times)
    )


def _says_words(answer: str, item: str, known: str) -> bool:
    said = normalise(answer)
    if not _scores(item) <= _scores(answer):
        return False
    if holds(said, item):
        return True
    figures = quantities(_SCORE.sub(" ", item))
    loose = _FIGURE.findall(_SCORE.sub(" ", item)) if not figures else []
    if not _quantities_in(answer, figures) or not all(holds(said, figure) for figure in loose):
        return False
    pairs = _pairs(normalise(item))
    pairs = pairs - _pairs(known) or pairs
    return bool(pairs) and len(pairs & _pairs(said)) >= PAIRS * len(pairs)


def _quantities_in(answer: str, figures: Sequence[Quantity]) -> bool:
    there = quantities(answer)
    return all(any(same(figure, other) for other in there) for figure in figures)


def _times(text: str, question: str, today: date | None) -> list[Moment]:
    """With the year that the question speaks of (去年 counted from ``today``) where they say none themselves."""
    asked = [moment.year for moment in moments(question, today) if moment.year is not None]
    return completed(moments(text, today), None, asked[-1] if asked else None)


def _scores(text: str) -> set[tuple[int, int]]:
    """「2-1」, 「2比1」, 「7-8级」: pairs that mean something only together."""
    folded = unicodedata.normalize("NFKC", _digits(text))
    return {(int(one), int(other)) for one, other in _SCORE.findall(folded)}


def _pairs(text: str) -> set[str]:
    """Neighbouring letters, characters and digits; none with a function word."""
    found = (text[i : i + 2] for i in range(len(text) - 1))
    return {
        pair for pair in found if not _FUNCTION & set(pair) and all(unicodedata.category(c)[0] in "LN" for c in pair)
    }


def _digits(text: str) -> str:
    """「五日」 → 「5日」; scales alone (万亿) stay."""

    def written(match: re.Match[str]) -> str:
        value = chinese_number(match[0]) if re.search("[零〇一二两三四五六七八九十]", match[0]) else None
        return match[0] if value is None else str(value)

    return _NUMERAL.sub(written, text)
