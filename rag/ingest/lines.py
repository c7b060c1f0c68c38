"""Lines of a source, and what one can tell from a line alone.

Widths are counted in em: a Chinese character is 1, a Latin letter or digit 1/2, as newspapers set them.
"""

from __future__ import annotations

import re
from typing import NamedTuple

# White space, and the characters without width that web pages and word processors leave behind.
BLANK = r"\s\u180e\u200b\u2060\ufeff"
BREAK = re.compile("\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
SPACE = re.compile(f"[{BLANK}]+")
ZERO_WIDTH = "\u180e\u200b\u2060\ufeff"

OPENING = "“‘「『（(《〈【〔[｛{"
CLOSING = "”’」』）)》〉】〕]｝}"
_CLOSES = CLOSING + "\"'"
FINAL = "。！？!?…"
CLAUSE = "，、；：,;:"
_PAIR = dict(zip(CLOSING, OPENING, strict=True))
_STRAIGHT = re.compile(r"[“”‘’「」『』（）《》【】()]")
_NARROW = re.compile(r"[\x20-\x7e\u00a0-\u024f]")
_ADDED = re.compile(r"(?<=[\u3000-\u9fff]) (?=[0-9A-Za-z])|(?<=[0-9A-Za-z%]) (?=[\u3000-\u9fff])")
_SIGNED_OFF = re.compile(r"[（(][^（()）]{0,40}(?:记者|通讯员|作者|来源|摄|编辑|完|责编|据)[^（()）]{0,40}[)）]$")
_LIST_MARKER = re.compile(
    r"[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十\d]{1,3}[)）]|\d{1,3}[.、．](?!\d)|[①-⑳]|[•●■◆▲△★□○▪·※]"
    r"|[-*#>]+\s|第[一二三四五六七八九十百\d]{1,4}[章节条]"
)
CJK = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")


class Line(NamedTuple):
    """A line with something on it, without the white space around it."""

    start: int
    end: int
    text: str
    width: float
    indent: float  # width of the white space before it
    chunk: int  # lines with no empty line between them have the same number
    after: int  # offset of the line break behind it; -1 at the end of the source


def width(text: str) -> float:
    """Width in em; text beyond 400 characters is counted as 1 each, for no column is that wide."""
    if len(text) > 400:
        return float(len(text))
    # A space that extraction put between a Chinese character and a number took no room on the page.
    return len(text) - len(_NARROW.findall(text)) / 2 - len(_ADDED.findall(text)) / 2


def split_lines(source: str) -> list[Line]:
    """The lines of a source that hold a visible character."""
    lines: list[Line] = []
    position, chunk, empty = 0, 0, False
    breaks = [(match.start(), match.end()) for match in BREAK.finditer(source)]
    for number, (stop, follow) in enumerate([*breaks, (len(source), len(source))]):
        raw = source[position:stop]
        lead = SPACE.match(raw)
        skip = lead.end() if lead else 0
        if skip == len(raw):
            # A form feed is the end of a page: a gap, even without an empty line.
            empty = True
        else:
            body = raw[skip:]
            while SPACE.match(body[-1]):
                body = body[:-1].rstrip()
            if empty or not lines:
                chunk += 1
                empty = False
            start = position + skip
            after = stop if number < len(breaks) else -1
            lines.append(Line(start, start + len(body), body, width(body), _indent(raw[:skip]), chunk, after))
        if source[stop:follow] == "\f":
            empty = True
        position = follow
    return lines


def _indent(lead: str) -> float:
    return width(lead.translate(dict.fromkeys(map(ord, ZERO_WIDTH))))


def finished(text: str) -> bool:
    """Whether a text stops where a sentence does: 。！？ with the quotes and brackets that close behind it."""
    bare = text.rstrip(_CLOSES)
    if not bare:
        return False
    if bare[-1] in FINAL:
        return True
    if bare[-1] == "." and len(bare) > 1 and bare[-2].isalpha():
        return True
    return text[-1] in ")）" and _SIGNED_OFF.search(text[-90:]) is not None


def ends_in_clause(text: str) -> bool:
    """Whether a text stops at a comma or the like: more must follow."""
    return text[-1] in CLAUSE


def open_pairs(text: str) -> str:
    """The quotes and brackets opened and not closed, in order. A paragraph's worth of text is looked at."""
    stack: list[str] = []
    for mark in _STRAIGHT.findall(text[-2000:]):
        if mark in OPENING:
            stack.append(mark)
        elif stack and stack[-1] == _PAIR[mark]:
            stack.pop()
    return "".join(stack)


def closes(text: str, opened: str) -> bool:
    """Whether ``text`` closes the last of ``opened`` before it opens the same kind again."""
    if not opened:
        return False
    depth = 0
    for mark in _STRAIGHT.findall(text[:400]):
        if mark == opened[-1]:
            depth += 1
        elif _PAIR.get(mark) == opened[-1]:
            if depth == 0:
                return True
            depth -= 1
    return False


def is_list_item(text: str) -> bool:
    """Whether a line begins like an item of a list or a numbered heading."""
    return _LIST_MARKER.match(text) is not None


def first_word(text: str) -> float:
    """Width of what cannot be broken at the start of a line: a Latin word or number, or one character."""
    match = re.match(r"[\w.%+-]{1,30}", text, re.ASCII)
    word = match.group() if match else text[:1]
    return width(word)
