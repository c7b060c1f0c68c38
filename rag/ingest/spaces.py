"""Which white space of a line stays.

Justified columns come out of a PDF with spaces around numbers (「2 月 18 日」) and, where a line was stretched, between
all its characters (「发 展 指 数」). Spaces between English words and between items set side by side mean something.
"""

from __future__ import annotations

import re

from rag.ingest.lines import CJK, SPACE, ZERO_WIDTH

_STOPS = "，。、；：！？…"
_OPENS = "“‘「『（《〈【〔"
_CLOSES = "”’」』）》〉】〕"
_UNIT = frozenset("年月日号时分秒点亿万千百元美人家个项条座台套件只名位公平里吨米度次倍辆户岁届期层所种类余多%％℃")
_PERSON = re.compile(r"(?:记者|通讯员|作者|编辑|摄影?|本报讯|讯|电|文|图|供图)[^\s，。]{0,4}$")


def _wide(char: str) -> bool:
    return CJK.match(char) is not None


def kept_spaces(text: str, *, prose: bool, wrapped: bool) -> list[tuple[int, int, int]]:
    """White space of a line as ``(start, end, keep)``: ``keep`` is the offset of the character that stays, -1 if none.

    ``prose``: the line belongs to a paragraph; ``wrapped``: of a column. Offsets are into ``text``.
    """
    found = [(match.start(), match.end()) for match in SPACE.finditer(text)]
    if not found:
        return []
    stretched = _is_stretched(text, len(found))
    result: list[tuple[int, int, int]] = []
    for index, (start, end) in enumerate(found):
        visible = next((at for at in range(start, end) if text[at] not in ZERO_WIDTH), -1)
        if visible < 0 or start == 0 or end == len(text):
            result.append((start, end, -1))
            continue
        left = text[found[index - 1][1] if index else 0 : start]
        right = text[end : found[index + 1][0] if index + 1 < len(found) else len(text)]
        gap = text[start:end]
        drop = _drops(left, right, gap, text[max(0, start - 12) : start], prose, wrapped, stretched)
        result.append((start, end, -1 if drop else visible))
    return result


def _drops(left: str, right: str, gap: str, context: str, prose: bool, wrapped: bool, stretched: bool) -> bool:
    a, b = left[-1], right[0]
    if a in _STOPS or b in _STOPS or a in _OPENS or b in _CLOSES:
        return True
    wide_a, wide_b = _wide(a), _wide(b)
    if "\t" in gap and not wrapped:
        return False  # two cells, whatever they hold
    if stretched and len(gap) < 3 and (wide_a or wide_b or (a.isdigit() and b.isdigit() and len(gap) == 1)):
        return True
    if _single(left) and _single(right) and (len(gap) == 1 or stretched):
        return True
    if a.isascii() and b.isascii():
        return a.isdigit() and b == "%"
    if (a in "—～~–" and b.isdigit()) or (b in "—～~–" and a.isdigit()):
        return True
    if len(gap) > 1 and not prose:
        return False
    if (a.isdigit() and b in _UNIT) or (b.isdigit() and not prose and a in "年月第"):
        return True
    if not prose or gap != gap.strip("\u3000\t"):
        return False
    if wide_a and wide_b:
        return wrapped and len(gap) == 1 and _PERSON.search(context) is None
    if a in _CLOSES or b in _OPENS:
        return wrapped
    return (wide_a and b.isascii() and b.isalnum()) or (wide_b and a.isascii() and (a.isalnum() or a in "%)"))


def _single(token: str) -> bool:
    """One Chinese character, with the marks around it."""
    bare = token.strip(_STOPS + _OPENS + _CLOSES)
    return len(bare) == 1 and _wide(bare)


def _is_stretched(text: str, gaps: int) -> bool:
    """Whether nearly every character of a line stands alone. A line of numbers side by side is no word stretched."""
    visible = len(text) - gaps
    return gaps >= 4 and gaps >= 0.6 * (visible - 1) and CJK.search(text) is not None


def joint(before: str, after: str, *, chinese: bool) -> bool:
    """Whether a space belongs between two lines of one paragraph.

    ``chinese``: the paragraph is in Chinese, where a number broken by the end of a line is one number.
    """
    a, b = before[-1], after[0]
    if not (ord(a) < 0x2E80 and ord(b) < 0x2E80) or a in "“‘—…·-‐/([" or b in "”’—…·/)],.;:!?%":
        return False
    if a.isdigit() and b.isdigit():
        return not chinese
    return True
