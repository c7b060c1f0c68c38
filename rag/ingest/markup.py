"""What of a file is said, and what only says how it looks: marks of Markdown, and words that are struck out.

Nothing is rewritten: a ``View`` is made of stretches of the file, each character where it stood, so every place in it is
known in the file. markdown-it would parse more of the language, but tells lines only, no characters.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from rag.types import Block, BlockKind, Run

MARKDOWN = (".md", ".markdown")

_GONE = "\x00"  # stands for a character that is left out, while marks are looked for
_DONE = "\x01"  # one that is kept, and is no mark
_SAME = r"(?:(?!\n[ \t]*\n).)"  # within a paragraph
_STRUCK = (
    re.compile(rf"(?<!~)~~(?![~\s]){_SAME}{{1,400}}?(?<![~\s])~~(?!~)", re.DOTALL),
    re.compile(rf"<(del|s|strike)(?:\s[^<>]*)?>{_SAME}*?</\1\s*>", re.DOTALL | re.IGNORECASE),
    re.compile("(?:[^\\s\u0335\u0336][\u0335\u0336])+"),  # struck out character by character
)
_FENCE = re.compile(
    r"^ {0,3}(?P<mark>`{3,}|~{3,})[^\n]*\n(?P<kept>.*?)(?:^ {0,3}(?P=mark)[`~]*[ \t]*$|\Z)", re.M | re.DOTALL
)
_CODE = re.compile(rf"(?<!`)(?P<mark>`+)(?!`)(?P<kept>{_SAME}+?)(?<!`)(?P=mark)(?!`)", re.DOTALL)
_ESCAPED = re.compile(r"\\(?P<kept>[!-/:-@\[-`{-~])")
_COMMENT = re.compile(r"<!--(?:(?!<!--).)*?-->", re.DOTALL)
_AUTOLINK = re.compile(r"<(?P<kept>(?:https?|mailto|ftp):[^\s<>]+)>")
_TAG = re.compile(r"</?[a-zA-Z][a-zA-Z0-9-]*(?:\s[^<>]*)?/?>")
_BLANK = re.compile(r"&(?:nbsp|ensp|emsp|thinsp);")
_TARGET = r"\((?:[^()\n]|\([^()\n]*\))*\)"
_IMAGE = re.compile(rf"!\[[^\[\]\n]*\](?:{_TARGET}|\[[^\[\]\n]*\])")
_NOTE = re.compile(r"\[\^[^\[\]\s]+\](?!:)")
_LINK = re.compile(rf"\[(?P<kept>[^\[\]]{{1,500}})\](?:{_TARGET}|\[[^\[\]\n]*\])")
_DEFINITION = re.compile(r"^ {0,3}\[(?!\^)[^\[\]\n]+\]:[ \t]*\S[^\n]*$", re.M)
_NOTE_BEGINS = re.compile(r"^ {0,3}\[\^[^\[\]\n]+\]:[ \t]*", re.M)
_EMPHASIS = (
    re.compile(rf"(?P<mark>\*{{1,3}})(?![\s*])(?P<kept>{_SAME}{{1,200}}?)(?<![\s*])(?P=mark)(?!\*)", re.DOTALL),
    re.compile(rf"(?<!\w)(?P<mark>_{{1,3}})(?![\s_])(?P<kept>{_SAME}{{1,200}}?)(?<![\s_])(?P=mark)(?!\w)", re.DOTALL),
)
_TIMES = re.compile(r"(?<=\d)(?P<kept>\*+)(?=\d)")  # 3*4*5 is no emphasis
_HEADING = re.compile(
    r"^[ ]{0,3}(?P<mark>#{1,6}(?:[ \t]+|(?=[\u4e00-\u9fff][^#\n]*$)))(?P<kept>[^\n]*?)(?P<end>[ \t]*#*[ \t]*)$", re.M
)
_UNDERLINED = re.compile(
    r"^(?P<kept>[ ]{0,3}(?![ \t#>|\-*+=])[^\n|]{0,59}[^\n|。！？；，])\n[ ]{0,3}(?P<mark>=+|-{2,})[ \t]*$", re.M
)
_RULE = re.compile(r"^[ ]{0,3}(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,})$", re.M)
_QUOTE = re.compile(r"^[ ]{0,3}(?:>[ \t]?)+", re.M)
_ITEM = re.compile(r"^(?P<mark>[ \t]*[-*+][ \t]+(?:\[[ xX]\][ \t]+)?)(?=\S)", re.M)
_NUMBERED = re.compile(r"^[ \t]*\d{1,3}[.)、．][ \t]*(?=\S)", re.M)
_HEAD = re.compile(
    r"[\ufeff\s]*---[ \t]*\r?\n(?:(?:[\w-]+[ \t]*:[^\n]*|[ \t]+[^\n]*|-[ \t][^\n]*|#[^\n]*|)\n)*?---[ \t]*(?:\n|\Z)"
)


class _Part(NamedTuple):
    kind: BlockKind
    level: int  # of a heading; 1 is the highest
    start: int  # in the file
    end: int


@dataclass(frozen=True, slots=True)
class View:
    """``text``: what of a file is to be read; ``runs``: where it stands there; ``parts``: what its marks say of lines."""

    text: str
    runs: tuple[Run, ...]
    parts: tuple[_Part, ...] = ()

    def place(self, runs: Sequence[Run]) -> tuple[Run, ...]:
        """Runs that point into ``text`` as runs that point into the file."""
        found: list[Run] = []
        for run in runs:
            at, done = bisect_right(self.runs, run.source, key=lambda each: each.text) - 1, 0
            while done < run.length:
                own = self.runs[at]
                skip = run.source + done - own.text
                length = min(run.length - done, own.length - skip)
                found.append(Run(run.text + done, own.source + skip, length))
                done, at = done + length, at + 1
        return tuple(found)

    def kinds(self, blocks: Sequence[Block], runs: Sequence[Run], text: str) -> tuple[str, tuple[Block, ...]]:
        """The title that the marks give ("": none), and the blocks with the kinds that they give. ``runs``: into the file."""
        parts = [self._part(runs, block) for block in blocks]
        heads = [(part.level, index) for index, part in enumerate(parts) if part and part.kind is BlockKind.HEADING]
        title = min(heads)[1] if heads and (min(heads)[0] == 1 or heads[0][1] == 0) else -1
        changed = [
            block._replace(kind=BlockKind.TITLE if index == title else part.kind)
            if part is not None and block.kind not in (BlockKind.TABLE_HEAD, BlockKind.TABLE_ROW)
            else block._replace(kind=BlockKind.HEADING)
            if title >= 0 and block.kind is BlockKind.TITLE
            else block
            for index, (block, part) in enumerate(zip(blocks, parts, strict=True))
        ]
        return (" ".join(text[slice(*blocks[title][1:])].split()) if title >= 0 else ""), tuple(changed)

    def _part(self, runs: Sequence[Run], block: Block) -> _Part | None:
        run = runs[bisect_right(runs, block.start, key=lambda each: each.text) - 1]
        at = run.source + block.start - run.text
        number = bisect_right(self.parts, at, key=lambda each: each.start) - 1
        return self.parts[number] if number >= 0 and at < self.parts[number].end else None


def view(source: str, start: int, *, markdown: bool) -> View:
    """What of ``source`` from ``start`` on is to be read. Struck-out words are left out of any file: they do not hold."""
    body = source[start:]
    if not markdown:
        if "~~" not in body and "<" not in body and "\u0336" not in body and "\u0335" not in body:
            return View(body, (Run(0, start, len(body)),))
        return _cut(_without(body, _STRUCK), body, start, (), ())
    marked, parts, apart = _plain(body)
    return _cut(marked, body, start, parts, apart)


def _plain(body: str) -> tuple[str, tuple[_Part, ...], tuple[int, ...]]:
    """The text with _GONE for marks; what they say of lines; and where an empty line is to part lines."""
    body = body.replace("\r\n", " \n")  # as long, and a line ends before its break
    head = _HEAD.match(body)
    marked = _GONE * head.end() + body[head.end() :] if head else body
    code: dict[int, str] = {}  # what is no mark is put back at the end

    def keep(match: re.Match[str]) -> str:
        """_GONE for a match but for what is kept of it, which holds no marks."""
        low, high = match.span("kept")
        code.update({at: body[at] for at in range(low, high)})
        inside = "".join("\n" if char == "\n" else _DONE for char in match["kept"])
        return _GONE * (low - match.start()) + inside + _GONE * (match.end() - high)

    parts = [_Part(BlockKind.BODY, 0, *match.span("kept")) for match in _FENCE.finditer(marked)]
    marked = _FENCE.sub(keep, marked)
    marked = _CODE.sub(keep, marked)
    marked = _ESCAPED.sub(keep, marked)
    marked = _TIMES.sub(keep, marked)
    marked = _without(marked, (*_STRUCK, _COMMENT))
    marked = _AUTOLINK.sub(keep, marked)
    marked = _without(marked, (_TAG, _BLANK, _IMAGE, _DEFINITION, _NOTE_BEGINS, _NOTE))
    for _ in range(2):  # a picture in a link is gone by now; emphasis may stand in emphasis
        marked = _LINK.sub(_bare, marked)
        for pattern in _EMPHASIS:
            marked = pattern.sub(_bare, marked)
    lined = _UNDERLINED.finditer(marked)
    parts += [_Part(BlockKind.HEADING, 1 if each["mark"][0] == "=" else 2, *each.span()) for each in lined]
    marked = _UNDERLINED.sub(_bare, marked)
    parts += [_Part(BlockKind.HEADING, each["mark"].count("#"), *each.span()) for each in _HEADING.finditer(marked)]
    marked = _HEADING.sub(_bare, marked)
    marked = _without(marked, (_RULE, _QUOTE))
    for pattern in (_ITEM, _NUMBERED):
        for match in pattern.finditer(marked):
            line = marked.find("\n", match.start())
            parts.append(_Part(BlockKind.BODY, 0, match.start(), len(marked) if line < 0 else line))
    marked = _without(marked, (_ITEM,))
    apart = sorted(at for part in parts for at in (part.start, part.end))
    whole = "".join(code.get(at, char) if char == _DONE else char for at, char in enumerate(marked))
    return whole, tuple(sorted(parts, key=lambda part: part.start)), tuple(apart)


def _bare(match: re.Match[str]) -> str:
    """A match without its marks; line breaks stay."""
    low, high = match.span("kept")
    return _gone(match[0][: low - match.start()]) + match["kept"] + _gone(match[0][high - match.start() :])


def _without(text: str, patterns: Sequence[re.Pattern[str]]) -> str:
    for pattern in patterns:
        text = pattern.sub(lambda match: _gone(match[0]), text)
    return text


def _gone(text: str) -> str:
    return re.sub(r"[^\r\n]", _GONE, text)


def _cut(marked: str, body: str, start: int, parts: Sequence[_Part], apart: Sequence[int]) -> View:
    """The stretches of ``body`` that are not _GONE in ``marked``, the nearest line break twice where lines are to be parted."""
    runs: list[Run] = []
    texts: list[str] = []
    length = 0
    breaks = {at if body[at : at + 1] == "\n" else at - 1 for at in apart}
    cuts = sorted({0, len(body), *(at + 1 for at in breaks if at >= 0)})
    for low, high in pairwise(cuts):
        stretches = [match.span() for match in re.finditer(f"[^{_GONE}]+", marked[low:high])]
        if high - 1 in breaks and body[high - 1] == "\n":
            stretches.append((high - 1 - low, high - low))
        for first, last in stretches:
            runs.append(Run(length, start + low + first, last - first))
            texts.append(body[low + first : low + last])
            length += last - first
    moved = tuple(part._replace(start=part.start + start, end=part.end + start) for part in parts)
    return View("".join(texts), tuple(runs), moved)
