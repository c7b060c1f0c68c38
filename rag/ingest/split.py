"""Document → passages of whole sentences."""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from rag.ingest.cells import BAR, table_rows
from rag.ingest.sentences import LONGEST, sentences
from rag.ingest.turns import exchanges
from rag.ingest.units import is_unit
from rag.types import Block, BlockKind, Document, Passage, Span

__all__ = ["OLDER_SPLITTERS", "SPLITTER_VERSION", "sentences", "split"]

SPLITTER_VERSION = "4"  # raised whenever the same source would give other passages, windows or headings
# An index of these is opened as it is; an article of it is split and embedded anew when its file is indexed again, where
# that gives other passages. 2: the columns of tables run together; a speech and the next speaker were one sentence.
# 3: a column named 「2023年」 had no unit.
OLDER_SPLITTERS = frozenset({"2", "3"})

_LEAST, _MOST = 150, 350  # characters of a passage of body text
_OVERLAP = 150  # characters; a longer last sentence is not repeated at the start of the next passage
_INFORMATION = 6  # characters; a shorter heading or caption says nothing by itself
_SHARED = 5  # pairs of characters
_COVERED = 0.6  # share of a torn heading's words, by rarity, that a passage must hold to be put under it


def split(document: Document) -> tuple[Passage, ...]:
    """Passages of a document, in order.

    Body text: 150–350 characters, never across a heading or caption, one sentence of overlap where a stretch is
    cut. Headings and captions: passages of their own, neighbours of one kind together. Rows of a table: the same, each a
    sentence, and what names their columns goes into the heading. Page furniture: none. A document of which nothing else is left becomes one passage, so that every document can be found.
    """
    found: list[tuple[list[Span], str]] = []
    above = columns = ""
    rows = {row.start: row for row in table_rows(document.text, document.blocks, document)}
    for group in _groups(document.blocks):
        kind = group[0].kind
        if kind is BlockKind.TABLE_HEAD:
            columns = " ".join(BAR.sub(" ", document.text[group[-1].start : group[-1].end]).split())
        elif kind not in (BlockKind.TABLE_ROW, BlockKind.FURNITURE):
            columns = ""
        if kind is BlockKind.TABLE_ROW:
            named = any(cell.column for block in group for cell in rows[block.start].cells)
            heading = f"{above} {columns if named else ''}".strip()
            found += [(part, heading) for part in _pack([[Span(b.start, b.end)] for b in group], overlap=False)]
        elif kind is BlockKind.BODY:
            paragraphs = [sentences(document.text, b.start, b.end) for b in group]
            found += [(part, above) for part in _pack(_with_questions(document.text, paragraphs))]
        elif kind not in (BlockKind.FURNITURE, BlockKind.TABLE_HEAD):
            spans = [span for block in group for span in _lines(document.text, block)]
            if sum(span.end - span.start for span in spans) >= _INFORMATION:
                found += [(part, "") for part in _pack([spans], overlap=False)]
        if kind is BlockKind.HEADING:
            told = [text for b in group if not is_unit(text := document.text[b.start : b.end])]
            above = told[-1] if told else above
        elif kind is BlockKind.TITLE:
            above = ""
    if not found:
        found = [(part, "") for part in _pack([sentences(document.text, 0, len(document.text))])]
    body = [block for block in document.blocks if block.kind is BlockKind.BODY]
    in_body = _inside(body, [part[0].start for part, _ in found])
    reaches = {ordinal: (part[0].start, part[-1].end) for ordinal, (part, _) in enumerate(found) if in_body[ordinal]}
    headings = _under_torn(document, reaches)
    passages: list[Passage] = []
    for ordinal, (part, heading) in enumerate(found):
        start, end = part[0].start, part[-1].end
        of_table = tuple(rows[span.start] for span in part if span.start in rows)
        passages.append(
            Passage(
                id=f"{document.id}:{ordinal}",
                document_id=document.id,
                ordinal=ordinal,
                start=start,
                end=end,
                text=document.text[start:end],
                title=document.title,
                heading=headings.get(ordinal, heading),
                sentences=tuple(part),
                windows=tuple(part) if of_table else _windows(part, _asking(document.text[start:end], part)),
                rows=of_table,
            )
        )
    return tuple(passages)


def _groups(blocks: Sequence[Block]) -> list[list[Block]]:
    """Neighbouring blocks of one kind."""
    groups: list[list[Block]] = []
    for block in blocks:
        if groups and groups[-1][-1].kind is block.kind:
            groups[-1].append(block)
        else:
            groups.append([block])
    return groups


def _inside(blocks: Sequence[Block], offsets: Sequence[int]) -> list[bool]:
    """For each offset, whether it lies in one of the blocks, which are in order."""
    starts = [block.start for block in blocks]
    nearest = [bisect_right(starts, offset) - 1 for offset in offsets]
    return [at >= 0 and offset < blocks[at].end for at, offset in zip(nearest, offsets, strict=True)]


def _lines(text: str, block: Block) -> list[Span]:
    """A heading or caption is one sentence, whatever marks it holds."""
    if block.end - block.start > LONGEST:
        return sentences(text, block.start, block.end)
    return [Span(block.start, block.end)]


def _pack(paragraphs: Sequence[list[Span]], *, overlap: bool = True) -> list[list[Span]]:
    """Sentences of a stretch, paragraph by paragraph, put together into passages."""
    parts: list[list[Span]] = []
    current: list[Span] = []
    fresh = 0  # sentences of ``current`` that are not repeated from the part before

    def length(spans: list[Span], more: Span | None = None) -> int:
        end = more.end if more is not None else spans[-1].end
        return end - spans[0].start

    for paragraph in paragraphs:
        for number, span in enumerate(paragraph):
            full = fresh and length(current, span) > _MOST
            # A paragraph that fits as a whole into the next passage is not begun in this one.
            apart = not number and fresh and length(current) >= _LEAST and length(current, paragraph[-1]) > _MOST
            if full or apart:
                parts.append(current)
                last = current[-1]
                short = overlap and last.end - last.start <= _OVERLAP and span.end - last.start <= _MOST
                current, fresh = ([last] if short else []), 0
            current.append(span)
            fresh += 1
    if fresh:
        # What is left is joined to the part before where that makes a passage of bearable length.
        left = current[-fresh:]
        if parts and length(left) < _LEAST // 2 and length(parts[-1], left[-1]) <= _MOST + _LEAST // 2:
            parts[-1] = parts[-1] + left
        else:
            parts.append(current)
    return parts


def _with_questions(text: str, paragraphs: Sequence[list[Span]]) -> list[list[Span]]:
    """Paragraphs, a question and the paragraphs of its answer as one."""
    spans = [span for paragraph in paragraphs for span in paragraph]
    if not spans:
        return []
    start = spans[0].start
    follows = {span for each in exchanges(text[start : spans[-1].end], spans, start) for span in each.answer}
    joined: list[list[Span]] = []
    for paragraph in paragraphs:
        if joined and paragraph and paragraph[0] in follows:
            joined[-1] = joined[-1] + paragraph
        else:
            joined.append(paragraph)
    return joined


def _asking(text: str, spans: Sequence[Span]) -> set[Span]:
    """The first sentences of questions."""
    return {each.question[0] for each in exchanges(text, spans, spans[0].start)}


def _windows(spans: Sequence[Span], asking: Collection[Span] = ()) -> tuple[Span, ...]:
    """Every two sentences that follow each other; single ones where two would be longer than a sentence may be.

    None reaches from an answer into the next question (``asking``: the sentences that such a one begins with).

    Two sentences a vector: dense hit@1 .79 → .93 on DRCD against one vector a passage (docs/design.md).
    """
    found: list[Span] = []
    covered = 0  # sentences before this one are in a window
    for index in range(len(spans) - 1):
        pair = Span(spans[index].start, spans[index + 1].end)
        if pair.end - pair.start <= LONGEST and spans[index + 1] not in asking:
            found.append(pair)
            covered = index + 2
        elif covered <= index:
            found.append(spans[index])
            covered = index + 1
    if covered < len(spans):
        found.append(spans[-1])
    return tuple(found)


def _under_torn(document: Document, spans: Mapping[int, tuple[int, int]]) -> dict[int, str]:
    """Passages that a heading torn from its text belongs to: ordinal → heading.

    A heading with no body text behind it was torn off. It is given only to passages that hold most of its pairs of
    characters, rare ones counting most.
    """
    blocks = document.blocks
    torn = [
        document.text[block.start : block.end]
        for block, follow in zip(blocks, [*blocks[1:], None], strict=True)
        if block.kind is BlockKind.HEADING and (follow is None or follow.kind is not BlockKind.BODY)
    ]
    if not torn or not spans or len(torn) > 200:
        return {}
    passages = {ordinal: _pairs(document.text[start:end]) for ordinal, (start, end) in spans.items()}
    frequency = Counter(pair for pairs in passages.values() for pair in pairs)
    best: dict[int, tuple[float, str]] = {}
    for heading in torn:
        pairs = _pairs(heading)
        # A pair that no passage holds is mostly two words that meet by chance; it counts like a common one.
        weight = {pair: math.log((len(passages) + 1) / (frequency[pair] or len(passages))) for pair in pairs}
        total = sum(weight.values())
        for ordinal, held in passages.items():
            shared = pairs & held
            share = sum(weight[pair] for pair in shared) / total if total else 0.0
            enough = len(shared) >= _SHARED and 2 * len(shared) >= len(pairs) and share >= _COVERED
            if enough and share > best.get(ordinal, (0.0, ""))[0]:
                best[ordinal] = (share, heading)
    return {ordinal: heading for ordinal, (_, heading) in best.items()}


def _pairs(text: str) -> set[str]:
    """Pairs of characters that stand side by side, with no mark or space between them."""
    return {run[at : at + 2] for run in re.findall(r"\w+", text) for at in range(len(run) - 1)}
