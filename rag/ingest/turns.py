"""Questions and answers set line by line: 「问：……？」 and 「答：……」, 「Q：」 and 「A：」, an interview with names before each turn.

An answer means little without its question, and a question states nothing: the two belong together.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from rag.types import Span

_LABEL = re.compile(
    r"(?:[【\[（(]?(?P<known>[QqAaＱＡ]|提?问|[回解]?答|回复)\s*\d{0,3}[】\])）]?\s*[：:.．、]|(?P<name>[^\s\d，。；：:！？“”‘’「」《》（）()、|]{1,10})\s*[：:])\s*(?=\S)"
)
_ASKS = frozenset("QqＱ") | {"问", "提问"}
_ANSWERS = frozenset("AaＡ") | {"答", "回答", "解答", "回复"}
_QUESTION = re.compile(r"[？?][”’」』\"')）]*$")


class Exchange(NamedTuple):
    """A question and what is answered to it: sentences, labels included."""

    question: tuple[Span, ...]
    answer: tuple[Span, ...]


class _Turn(NamedTuple):
    label: str
    sentences: list[Span]


def label(text: str) -> int:
    """Length of the label that a line begins with, its colon and the space behind it included; 0 without one."""
    match = _LABEL.match(text)
    return match.end() if match else 0


def is_turn(text: str) -> bool:
    """Whether a line begins with the label of a question or an answer: 「问：」, 「A：」."""
    match = _LABEL.match(text)
    return match is not None and match["known"] is not None


def exchanges(text: str, sentences: Sequence[Span], start: int = 0) -> list[Exchange]:
    """The questions among ``sentences`` (offsets of a document, in which ``text`` stands at ``start``) with their answers."""
    turns: list[_Turn] = []
    for span in sentences:
        match = _LABEL.match(text, span.start - start, span.end - start)
        first = span.start == start or text[span.start - start - 1] == "\n"
        if match and first:
            turns.append(_Turn(match["known"] or match["name"], [span]))
        elif turns:
            turns[-1].sentences.append(span)
    found = []
    for turn, follow in pairwise(turns):
        last = turn.sentences[-1]
        asks = turn.label in _ASKS or _QUESTION.search(text[last.start - start : last.end - start]) is not None
        answers = follow.label in _ANSWERS or (follow.label != turn.label and follow.label not in _ASKS)
        if asks and answers and turn.label not in _ANSWERS:
            found.append(Exchange(tuple(turn.sentences), tuple(follow.sentences)))
    return found
