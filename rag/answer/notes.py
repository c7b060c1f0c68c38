"""What the program tells the reader about an answer, beside it: (Chinese, English)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache

Note = tuple[str, str]

SHRUG = ("模型的一句推脱已略去", "a sentence in which the model shrugged was left out")
ECHO = ("模型的一句话只是重复问题，已略去", "a sentence that only repeated the question was left out")
LOOP = ("模型的回答开始重复，已从那里截断", "the model began to repeat itself: the answer was cut there")
CUT_LIST = ("模型漏了列举中的几项，已换成原文", "the model dropped items of a list: the original words are shown")
REPLACED = (
    "模型的一句话与原文对不上，已换成原文",
    "a sentence did not match the articles: the original words are shown instead",
)
EXACT = ("数字的“约”“多”“以上”等字已照原文补上", "about, over or more than was put back before a figure")
WITH_QUOTE = ("这一句未必答得全，附上原文", "this may not be all of it: the original words stand beside it")
MARKED = (
    "有一句与原文对不上，附上原文",
    "one sentence does not match the articles: the original words stand beside it",
)
MENDED = (
    "模型的第一次回答与原文对不上，已让它照原文改过",
    "the model's first answer did not match: it was told so and wrote another",
)
LEFT_OUT = ("模型的一句话与原文对不上，已略去", "a sentence that did not match the articles was left out")
ADDED = ("模型没有说出所问的，已补上原文", "the model did not say what was asked: the original words were added")
COUNTED = ("资料没有写明总数，按所列各项数出", "the articles do not say the number: what they list was counted")
NOT_LISTED = ("资料没有逐一列出所问的各项", "the articles do not list what was asked one by one")
NO_MODEL = ("没有语言模型：答案是原文摘录", "no language model: the answer is taken from the articles word by word")
NOT_FOUND = ("找到的段落里没有能回答这个问题的话", "nothing in the passages found answers the question")


def part_missing(question: str) -> Note:
    return f"资料中没有“{question}”的答案", f'the articles do not answer "{question}"'


def spelt(typed: str, right: str) -> Note:
    return f"“{typed}”按“{right}”查找", f'"{typed}" was looked up as "{right}"'


def article_time(word: str, year: int | str) -> Note:
    return f"“{word}”按文章的日期（{year}年）理解", f'"{word}" is taken as the articles\' own year, {year}'


def asker_time(word: str, meant: str) -> Note:
    """``meant``: 「2024年6月3日」 of 昨天."""
    return f"“{word}”按提问的日子理解为{meant}", f'"{word}" is counted from the day of asking: {meant}'


def differing(figures: Sequence[tuple[str, str]]) -> Note:
    """``figures``: what is said, and where, newest first."""
    said = [f"{figure}（{source}）" if source else figure for figure, source in figures]
    told = [f"{figure} ({source})" if source else figure for figure, source in figures]
    return f"各篇说法不一：{'，'.join(said)}", f"the articles differ: {', '.join(told)}"


def corrected(wrong: str, right: str, source: str) -> Note:
    """``wrong``: "" where the correction does not say it again."""
    if not wrong:
        return f"已照更正：“{right}”（{source}）", f'as corrected: "{right}" ({source})'
    return f"“{wrong}”已更正为“{right}”（{source}）", f'"{wrong}" was corrected to "{right}" ({source})'


def told(notes: Iterable[Note], *, chinese: bool) -> str:
    """All in one line, each once."""
    return ("；" if chinese else "; ").join(dict.fromkeys(note[0 if chinese else 1] for note in notes))


def in_language(line: str, *, chinese: bool) -> str:
    """What ``told`` made, in the other language where it is not in this one. What is not known stays as it is."""
    for stop, heads in (("；", 0), ("; ", 1)):
        parts = line.split(stop)
        if any(_other(part, heads) is not None for part in parts):
            to = 0 if chinese else 1
            if to == heads:
                return line
            return ("；" if chinese else "; ").join(_other(part, heads) or part for part in parts)
    return line


def _other(part: str, of: int) -> str | None:
    """A note of the language ``of`` (0: Chinese, 1: English) in the other one; None: it is none."""
    for reader, made in _readers(of):
        if found := reader.fullmatch(part):
            return made.format(*found.groups())
    return None


@cache
def _readers(of: int) -> list[tuple[re.Pattern[str], str]]:
    """Each note as a pattern of one language, and as a template of the other."""
    fixed = [note for note in globals().values() if isinstance(note, tuple) and list(map(type, note)) == [str, str]]
    two = ("{}", "{}")
    made = [part_missing("{}"), spelt(*two), article_time(*two), asker_time(*two), differing([("{}", "")])]
    made += [corrected("{}", *two), corrected("", *two)]
    return [
        (re.compile("(.+?)".join(map(re.escape, note[of].split("{}"))), re.DOTALL), note[1 - of])
        for note in (*fixed, *made)
    ]
