"""Pieces → blocks: a sentence that a column broke off is put together again, headings are told from fragments.

Evidence, strongest first: quotes left open, marks that nothing begins or ends with, the width of the lines (a fragment
fills its column; the first line of a paragraph is short by its indent), and words that the page uses elsewhere.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from rag.ingest.columns import INDENT, SLACK, Piece
from rag.ingest.lines import CLAUSE, CLOSING, FINAL, Line, closes, ends_in_clause, finished, is_list_item, open_pairs
from rag.ingest.turns import is_turn
from rag.types import BlockKind

_NEVER_LAST = frozenset("的和与及或把被将为以向从于、在其该各每让使由等更最正并且而但")  # no heading ends in one
_NEVER_FIRST = frozenset("的了们着性者化率之们吗呢吧地得" + "，。、；：！？…—" + CLOSING)
# Words that sentences begin with and headings do not.
_SENTENCE = re.compile(
    r"另?据|截至|近年来|近日|日前|目前|当前|今年|去年|此外|其中|同时|与此同时|随着|不过|但|而|记者|本报讯|\d{4}\s*年|\d{1,2}\s*月\s*\d{1,2}\s*日"
)
_TABLE = (BlockKind.TABLE_HEAD, BlockKind.TABLE_ROW)
_MOST_HELD = 8  # pieces that may stand in the middle of a sentence before it is given up
_LONGEST_HEADING = 45.0  # em


class Words:
    """Pairs of characters that stand side by side in the lines of a page, counted when first asked for."""

    def __init__(self, lines: list[Line]) -> None:
        self._lines = lines
        self._pairs: Counter[str] | None = None

    def count(self, pair: str) -> int:
        if self._pairs is None:
            self._pairs = Counter()
            for line in self._lines:
                self._pairs.update(map("".join, zip(line.text, line.text[1:], strict=False)))
        return self._pairs[pair]


@dataclass(slots=True)
class _Open:
    """A paragraph whose last sentence has not ended yet, and what stood in its way so far."""

    piece: Piece
    held: list[Piece]


def join(found: list[Piece], words: Words) -> list[Piece]:
    """Blocks in reading order, every one with its kind."""
    # On a page where every line stands alone, an empty line says nothing, and most lines go on in the next.
    text = [piece for piece in found if piece.kind not in _TABLE]
    alone = len(text) >= 8 and sum(len(piece.lines) == 1 for piece in text) >= 0.8 * len(text)
    blocks: list[Piece] = []
    waiting: _Open | None = None
    for index, piece in enumerate(found):
        follow = _next_prose(found, index) if piece.columns else None
        if waiting is not None and piece.kind in _TABLE and waiting.piece.ending[-1] in "：:":  # 「详见下表：」
            blocks += [waiting.piece, *waiting.held]
            waiting = None
        if waiting is not None:
            if piece.kind is not None or (
                not _new_paragraph(waiting.piece, piece)
                and not _goes_on(waiting.piece, piece, follow, words, 1.5 if alone else 0)
            ):
                piece.kind = piece.kind or BlockKind.HEADING
                waiting.held.append(piece)
                if sum(held.kind not in _TABLE for held in waiting.held) >= _MOST_HELD:
                    blocks += [waiting.piece, *waiting.held]
                    waiting = None
                continue
            if not _new_paragraph(waiting.piece, piece):
                whole = waiting.piece
                whole.lines.extend(piece.lines)
                whole.columns = piece.columns or whole.columns
                if not _is_open(whole):
                    blocks += [whole, *waiting.held]
                    waiting = None
                continue
            blocks += [waiting.piece, *waiting.held]
            waiting = None
        if piece.kind is None:
            previous = found[index - 1] if index else None
            piece.kind = _kind(piece, previous, follow, words, alone)
        if piece.kind is BlockKind.BODY and _is_open(piece):
            waiting = _Open(piece, [])
        else:
            blocks.append(piece)
    if waiting is not None:
        blocks += [waiting.piece, *waiting.held]
    return blocks


def _next_prose(found: list[Piece], index: int) -> Piece | None:
    """The next piece that neither is a caption or furniture nor looks like a heading."""
    for piece in found[index + 1 : index + 1 + _MOST_HELD]:
        if piece.kind is None and (len(piece.lines) > 1 or finished(piece.text) or piece.ends_full):
            return piece
    return None


def _is_open(piece: Piece) -> bool:
    """Whether more of a paragraph must follow. Text without hard wraps is taken as it stands."""
    if not piece.columns or piece.lines[-1].width > max(piece.columns) + 2 * SLACK:
        return False
    return not finished(piece.ending)


def _new_paragraph(before: Piece, piece: Piece) -> bool:
    """Whether a piece begins something new, whatever came before."""
    first = piece.lines[0]
    if ends_in_clause(before.ending) or first.text[0] in _NEVER_FIRST:
        return False
    if open_pairs(before.ending) and closes(piece.text, open_pairs(before.ending)):
        return False
    return first.indent > 0 or is_list_item(first.text)


def _goes_on(before: Piece, piece: Piece, follow: Piece | None, words: Words, favour: float) -> bool:
    """Whether ``piece`` continues the unfinished ``before``; else it is a heading in its way. ``favour`` is added to the score."""
    text = piece.text
    if text[0] in _NEVER_FIRST or finished(text) or len(piece.lines) > 3 or "。" in text:
        return True
    near = set(before.columns + piece.columns)
    last = piece.lines[-1].width
    if not any(abs(last - column) <= SLACK for column in near) and not ends_in_clause(text):
        return False
    score = _cohesion(before.ending, text, words) + (1 if ends_in_clause(text) else 0)
    if follow is not None:
        score += _cohesion(text, follow.text, words) - _cohesion(before.ending, follow.text, words)
    return score + favour + (0.5 if len(piece.lines) > 1 else 0) >= 0


def _kind(piece: Piece, previous: Piece | None, follow: Piece | None, words: Words, alone: bool) -> BlockKind:
    """Body or heading, for a piece that begins something new."""
    text, line = piece.text, piece.lines[0]
    if is_turn(text):
        return BlockKind.BODY
    if finished(text):
        question = len(piece.lines) == 1 and text[-1] in "？！" and text[0] not in "“「" and line.width <= 20
        by_itself = question and bool(piece.columns) and not any(mark in text[:-1] for mark in FINAL)
        return BlockKind.HEADING if by_itself and _stands_alone(piece, previous, follow) else BlockKind.BODY
    if "。" in text or (ends_in_clause(text) and text[-1] not in ":："):
        return BlockKind.BODY
    if not piece.columns:
        return BlockKind.HEADING if line.width <= _LONGEST_HEADING else BlockKind.BODY
    total = sum(each.width for each in piece.lines)
    if len(piece.lines) > 1:
        return BlockKind.BODY if piece.ends_full or total > _LONGEST_HEADING else BlockKind.HEADING
    if total > _LONGEST_HEADING:
        return BlockKind.BODY
    if follow is None or not (_could_be_first_line(piece) or (alone and piece.ends_full)):
        return BlockKind.HEADING
    score = _cohesion(text, follow.text, words) + _first_line_of(follow)
    if _SENTENCE.match(text) or open_pairs(text):
        score += 1.5
    if previous is not None and previous.lines[-1].chunk == line.chunk:
        score += 1  # headings stand between empty lines on such pages
    if 0 < line.indent <= 3:
        score += 1  # the indent of a paragraph
    if re.search("[，、][^，。；：、]{1,3}$", text):
        score += 1  # no heading ends so soon behind a comma
    if any(abs(column - INDENT - line.width) <= 0.5 for column in piece.columns):
        score += 0.5
    if "：" in text or is_list_item(text):
        score -= 1
    return BlockKind.BODY if score > 0 else BlockKind.HEADING


def _stands_alone(piece: Piece, previous: Piece | None, follow: Piece | None) -> bool:
    chunk = piece.lines[0].chunk
    return (previous is None or previous.lines[-1].chunk != chunk) and (
        follow is None or follow.lines[0].chunk != chunk
    )


def _could_be_first_line(piece: Piece) -> bool:
    """Whether a lone line has the width of the first line of a paragraph, its indent there or lost."""
    return any(
        column - INDENT - SLACK <= piece.lines[0].width <= column - INDENT + SLACK / 2 for column in piece.columns
    )


def _first_line_of(follow: Piece) -> float:
    """Positive where the next piece starts in mid-paragraph (with a full line, or with the last, short one)."""
    first = follow.lines[0]
    if first.indent > 0:
        return -2
    if len(follow.lines) == 1 and finished(follow.text):
        return 1.5 if first.width < 0.6 * max(follow.columns, default=0) else 0
    full = max((line.width for line in follow.lines[1:3]), default=0.0) if len(follow.lines) > 2 else 0.0
    lost = (full or max(follow.columns, default=first.width)) - first.width
    return 1 if lost < 0.75 else 0 if lost < 1.5 else -1


def _cohesion(before: str, after: str, words: Words) -> float:
    """How well ``after`` reads on from ``before``: positive for, negative against."""
    opened = open_pairs(before)
    if opened and closes(after, opened):
        return 3
    score = 0.0
    if before[-1] in _NEVER_LAST or after[0] in _NEVER_FIRST:
        score += 2
    if len(after) > 1 and after[1] in CLAUSE and after[0] not in CLAUSE:
        score += 1  # few sentences have a first clause of one character
    if _SENTENCE.match(after):
        score -= 1.5
    pair = words.count(before[-1] + after[0])
    score += min(pair, 3)
    if not pair and words.count(after[:2]) > 2:
        score -= 0.5
    return score
