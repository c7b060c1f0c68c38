"""Which of the headings is the title of the article."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from rag.types import Block, BlockKind

_LONGEST = 60  # characters of a title; a first line that is longer is a sentence
_SENTENCE_START = re.compile(r"[^。！？!?\n]{1,40}")
_WORD = re.compile(r"[\u4e00-\u9fff]{2}|[A-Za-z]{2,}|\d+")
_NUMBERED = re.compile(
    r"[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十\d]{1,3}[)）]|\d{1,3}[.、．]|第[一二三四五六七八九十百\d]{1,4}[章节条]|[①-⑳•●■◆▲\-*]"
)


def choose_title(text: str, blocks: Sequence[Block], *, wrapped: bool) -> tuple[str, frozenset[int]]:
    """The title, and the indices of the blocks that are it.

    In text without hard wraps a heading that stands first is the title. On a newspaper page, where headings are torn
    off, it is the heading that shares most words with the body, one that is no sibling of others: not 「X：…」
    among several such, nor of the same make as another. Without any heading: the start of the first sentence.
    """
    headings = [index for index, block in enumerate(blocks) if block.kind is BlockKind.HEADING]
    usable = [index for index in headings if 4 <= blocks[index].end - blocks[index].start <= _LONGEST]
    first = next(
        (i for i, block in enumerate(blocks) if block.kind not in (BlockKind.FURNITURE, BlockKind.CAPTION)), -1
    )
    if usable:
        if usable[0] == first and not wrapped and not _NUMBERED.match(text[blocks[first].start :][:8]):
            best = first
        elif wrapped or _torn_off(blocks):
            best = _best(text, blocks, usable, first)
        else:
            best = -1
        if best >= 0:
            return " ".join(text[blocks[best].start : blocks[best].end].split()), frozenset((best,))
    start = blocks[first].start if first >= 0 else 0
    match = _SENTENCE_START.match(text, start)
    return " ".join((match.group() if match else text[start : start + 40]).split()), frozenset()


def _torn_off(blocks: Sequence[Block]) -> bool:
    """Whether headings stand at the end, with nothing behind them to be headings of."""
    rest = [block.kind for block in blocks if block.kind not in (BlockKind.FURNITURE, BlockKind.CAPTION)]
    return rest[-1:] == [BlockKind.HEADING]


def _best(text: str, blocks: Sequence[Block], usable: Sequence[int], first: int) -> int:
    body = Counter[str]()
    for block in blocks:
        if block.kind is BlockKind.BODY:
            body.update(_pairs(text[block.start : block.end]))
    total = sum(body.values()) or 1
    usable = [*usable[:100], *usable[100:][-100:]]  # a page has no more headings than that
    words = {index: text[blocks[index].start : blocks[index].end] for index in usable}
    makes = Counter(_make(heading) for heading in words.values())
    scores: dict[int, float] = {}
    for index, heading in words.items():
        pairs = set(_pairs(heading))
        # Words of a title come back throughout: every pair counts by how often it does, up to a few times.
        score = sum(min(body[pair], 4) for pair in pairs) + 200 * sum(body[pair] for pair in pairs) / total
        if (makes[_make(heading)] > 1 and _make(heading)) or _NUMBERED.match(heading):
            score *= 0.3
        if index == first:
            score *= 1.5
        scores[index] = score
    return max(usable, key=lambda index: (scores[index], -index))


def _pairs(text: str) -> list[str]:
    clean = re.sub(r"[^\w]", "", text)
    return [clean[at : at + 2] for at in range(len(clean) - 1)]


def _make(heading: str) -> str:
    """How a heading is built, for telling siblings: a subject before 「：」, two clauses, the frame around a quoted word."""
    if re.match(r"[^，：]{1,8}：", heading):
        return "subject"
    clause = re.match(r"([^，：]{2,8})，[^，]+$", heading)
    if clause:
        return f"clause{len(clause.group(1))}"
    if re.match(r"[“《].{1,6}[”》]的.{1,4}$", heading):
        return "quoted"
    return ""
