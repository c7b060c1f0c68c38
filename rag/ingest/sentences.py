"""Where sentences end, in Chinese and in English."""

from __future__ import annotations

import re
from bisect import bisect_right

from rag.ingest.lines import CLOSING, OPENING
from rag.types import Span

LONGEST = 400  # characters; what is longer is cut at a semicolon, a comma or, without either, anywhere
_QUOTATION = 120  # characters; a quotation that is longer is cut at its own sentences
_SAID = r"说|表示|介绍|告诉|认为|指出|强调|直言|坦言|透露|称|道|感慨|感叹|解释|回忆|回应|回答|笑言|呼吁|建议|补充|追问|反问|发问|[又忙便就]?问|答"
# Behind a quotation: who said it, up to the mark that ends the clause. A colon would open the speech of the next one.
_SPEAKER = re.compile(
    rf"[^。！？：；“”「」『』\n]{{0,30}}?(?:(?:{_SAID})(?:了|着|记者|我们?|大家)?(?=[，。！？,]|$)|\b(?:said|says|told|added)\b)"
)
_INTRODUCED = re.compile(rf"[：:]\s*$|(?:{_SAID}|\b(?:said|says|told|added))[^。！？]{{0,12}}$")
_TOGETHER = 160  # characters; a quotation and who said it stay one sentence up to here

_CLOSE = re.escape(CLOSING) + "\"'"
_END = re.compile(
    f"(?P<stop>[。！？!?｡]+…*|…+(?=[{_CLOSE}]))[{_CLOSE}]*|(?P<dot>\\.)[{_CLOSE}]*(?=\\s|$)|(?P<break>\n)"
)
_MARKS = re.compile(f"[{re.escape(OPENING + CLOSING)}\n]")
_PAIR = dict(zip(CLOSING, OPENING, strict=True))
_QUOTES = "“‘「『"
_INSIDE = {"《": 60, "〈": 60, "（": 150, "(": 150, "【": 60, "〔": 60}  # no sentence ends within these, if that near
_ABBREVIATION = re.compile(
    r"(?:^|[\s(（“\"])(?:[A-Za-z]|Mr|Mrs|Ms|Dr|St|No|vs|etc|e\.g|i\.e|Inc|Ltd|Co|Corp|Jr|Sr|Prof|Fig|Gen|Sen|Rep"
    r"|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|(?:[A-Za-z]\.)+[A-Za-z])$"
)


def sentences(text: str, start: int, end: int) -> list[Span]:
    """Sentences of ``text[start:end]``, in order, without the white space around them.

    Closing quotes and brackets belong to the sentence that they close. A line break always ends one. Within 《》
    and （） none ends; within a quotation only where it is long. No sentence is longer than ``LONGEST``.
    """
    closing, pairs = _enclosures(text, start, end)
    cuts: list[int] = []
    for match in _END.finditer(text, start, end):
        at = match.end()
        if match["break"]:
            cuts.append(at)
        elif match["dot"]:
            if _ends_english(text, match.start(), start):
                cuts.append(at)
        elif not _enclosed(match.start(), at, pairs) and not _continues(text, at, match.start(), end, closing):
            cuts.append(at)
    spans: list[Span] = []
    low = start
    for cut in [*_with_speakers(text, cuts, start, end, closing), end]:
        span = _stripped(text, low, cut)
        if span is not None:
            spans += [span] if span.end - span.start <= LONGEST else _shortened(text, span)
        low = max(low, cut)
    return spans


def _stripped(text: str, start: int, end: int) -> Span | None:
    part = text[start:end]
    bare = part.strip()
    if not bare:
        return None
    low = start + len(part) - len(part.lstrip())
    return Span(low, low + len(bare))


def _enclosures(text: str, start: int, end: int) -> tuple[dict[int, int], list[tuple[int, int]]]:
    """For every closing mark its opening one; and the ranges in which no sentence ends, sorted."""
    closing: dict[int, int] = {}
    ranges: list[tuple[int, int]] = []
    stack: list[tuple[str, int]] = []
    for match in _MARKS.finditer(text, start, end):
        mark, at = match.group(), match.start()
        if mark == "\n":
            stack.clear()
        elif mark in OPENING:
            stack.append((mark, at))
        else:
            for depth in range(len(stack) - 1, max(-1, len(stack) - 4), -1):
                if stack[depth][0] == _PAIR[mark]:
                    opened = stack[depth][1]
                    del stack[depth:]
                    closing[at] = opened
                    limit = _QUOTATION if _PAIR[mark] in _QUOTES else _INSIDE.get(_PAIR[mark], 60)
                    if at - opened <= limit:
                        ranges.append((opened, at))
                    break
    return closing, _merged(ranges)


def _merged(ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for low, high in sorted(ranges):
        if not merged or low > merged[-1][1]:
            merged.append((low, high))
        elif high > merged[-1][1]:
            merged[-1] = (merged[-1][0], high)
    return merged


def _enclosed(stop: int, after: int, ranges: list[tuple[int, int]]) -> bool:
    """Whether a stop, closing marks behind it included, lies inside a range."""
    index = bisect_right(ranges, (stop, 1 << 60)) - 1
    return index >= 0 and ranges[index][0] < stop and after <= ranges[index][1]


def _continues(text: str, after: int, stop: int, end: int, closing: dict[int, int]) -> bool:
    """Whether a sentence goes on behind a quotation that ends in a stop: 「“怎么干？”的问题」, 「《…！》」."""
    if after >= end:
        return False
    if text[after] in "，、；：,;的" and text[after - 1] in _CLOSE:
        return True
    if text[after - 1] in CLOSING and text[after - 1] not in ")）":
        opened = closing.get(after - 1)
        if opened is not None and opened > 0:
            short = stop - opened <= 12 and "。" not in text[opened:after]
            return short and text[opened - 1] not in "：:。！？\n" and text[after] not in "\n"
    return False


def _ends_english(text: str, dot: int, start: int) -> bool:
    before = text[max(start, dot - 12) : dot]
    if not before or not (before[-1].isalnum() or before[-1] in CLOSING + "\"'%"):
        return False
    if re.fullmatch(r"\s*\d{1,3}", before.rpartition("\n")[2]):
        return False  # the number of a list item
    return _ABBREVIATION.search(before) is None


def _with_speakers(text: str, cuts: list[int], start: int, end: int, closing: dict[int, int]) -> list[int]:
    """Cuts without those between a quotation and the few words that tell who said it.

    A quotation whose speaker stands before it needs none behind it: what follows there is of the next one.
    """
    kept: list[int] = []
    low = start
    for index, cut in enumerate(cuts):
        follow = cuts[index + 1] if index + 1 < len(cuts) else end
        if (
            cut > low
            and text[cut - 1] in "”」』"
            and follow - low <= _TOGETHER
            and text[cut : cut + 1] not in ("", "\n", "“", "「", "『")
            and not _INTRODUCED.search(text, low, closing.get(cut - 1, low))
            and _SPEAKER.match(text, cut, follow)
        ):
            continue
        kept.append(cut)
        low = cut
    return kept


def _shortened(text: str, span: Span) -> list[Span]:
    """A sentence that is too long, cut at the last ； or ， (or blank) before the limit."""
    parts: list[Span] = []
    low = span.start
    while span.end - low > LONGEST:
        window = text[low : low + LONGEST]
        at = max(window.rfind(mark) for mark in "；;")
        if at < LONGEST // 4:
            at = max(window.rfind(mark) for mark in "，,：、")
        if at < LONGEST // 4:
            at = max(window.rfind(mark) for mark in " \u3000\t")
        cut = low + (at + 1 if at >= LONGEST // 4 else LONGEST)
        part = _stripped(text, low, cut)
        if part is not None:
            parts.append(part)
        low = cut
    rest = _stripped(text, low, span.end)
    return [*parts, rest] if rest is not None else parts
