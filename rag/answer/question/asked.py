"""A question taken apart by rule: whom it speaks of, the time, what it wants to know, the words that ask."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.answer.question.owners import HEAD_NOUNS, NAME_TAGS, head_end
from rag.answer.text.words import tagged
from rag.answer.when.times import times

ASKS = re.compile(
    r"(?:分别|各自?)?(?:是|有|为|达到?|在|叫|要|将|会)?(?:多少|什么|哪些|哪个|哪里|哪家|哪年|哪天|哪座|哪位|哪几|谁|几|怎么|怎样|如何|为什么|何时|吗|多大|多高|多长)"
)
_ASKS_ALSO = re.compile(rf"{ASKS.pattern}|[是在于有]?哪一?[\u4e00-\u9fff]")  # 「哪一年」, 「哪所」


@dataclass(frozen=True, slots=True)
class Parts:
    """A whole question taken apart: 「扬州|2025年|工业开票目标|是多少」."""

    said: str  # all before the words that ask
    subject: str
    time: str
    attribute: str
    asks: str  # 「是多少」, 「有哪些」, … or "" where the question has none
    after: str  # all behind the words that ask


def take_apart(text: str, within_words: bool = True) -> Parts:
    """``within_words``: also a kind at the end of a longer word of the dictionary (哲学院, 中小企业) ends the subject."""
    said, words, after = text, "", ""
    if asks := (_ASKS_ALSO if within_words else ASKS).search(text):
        start = _behind_word(text, asks.start()) if within_words else asks.start()
        said, words, after = text[:start], text[start : asks.end()], text[asks.end() :]
    if "多少" in words and not words.startswith("是"):
        words = "多少"  # what is counted (「多少家企业」) belongs to the old attribute
    spoken = times(said, None)
    time = spoken[0].text if spoken else ""
    end = position = 0
    for word, tag in tagged(said):
        position += len(word)
        if word in HEAD_NOUNS or tag in NAME_TAGS or re.match(r"[A-Za-z]", word):
            end = position
        elif within_words and head_end(word):
            end = position - len(word) + head_end(word)
    title = re.match(r"[^《]{0,6}《[^》]+》", said) if within_words else None
    end = max(end, title.end()) if title else end
    if "“" in said[:end] and "”" not in said[said.rfind("“", 0, end) : end] and "”" in said[end:]:
        end = said.index("”", end) + 1
    # the time may stand inside the subject (「扬州2025年…」): it is kept apart
    subject = said[:end].replace(time, "") if time else said[:end]
    attribute = said[end:].replace(time, "") if time else said[end:]
    return Parts(said, subject.strip("的在，, "), time, attribute.strip("的在，, 是"), words, after)


def _behind_word(text: str, start: int) -> int:
    """Where the words that ask begin if their first character ends a name: 「协会|什么时候」."""
    end = 0
    for word, tag in tagged(text):
        end += len(word)
        if end > start:
            inside = end == start + 1 and len(word) > 1 and tag[0] == "n"
            return end if inside else start
    return start
