"""Names in Latin letters, and among them codes (FL-7B, QH/T 4471-2018, v3.12.4): a code that begins another is another.

A code is no quantity, though it holds numbers, and no part of it says anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

_DASH = "[-—–]"
# A standard, mostly with its year; a name that may hold digits; a version; digits with letters behind them (5G, 3C).
_NAME = re.compile(
    rf"(?<![A-Za-z0-9])(?:"
    rf"[A-Za-z]+\d*(?:/[A-Za-z]+\s?|\s?(?=\d+(?:\.\d+)*{_DASH}(?:19|20)\d\d(?![\d年])))\d+(?:\.\d+)*(?:{_DASH}\d+)*"
    rf"|\d\+[\dA-Za-z]\b|(?!(?:19|20)\d\d\.\d+\.)\d+(?:\.\d+){{2,}}"
    rf"|[A-Za-z][A-Za-z0-9]*(?:(?:[.\-+&']|[—–](?=\d))[A-Za-z0-9]+)*"
    rf"|\d+(?:[.+]\d+)?[A-Za-z]+[A-Za-z0-9]*(?:-[A-Za-z0-9]+)*)"
)
_AMOUNT = re.compile(r"(?<=[A-Za-z])\d[\d,.]*\Z")  # 「GDP1.2万亿元」: a number behind a word
_COUNTED = re.compile(r"\s?[%万亿元美]")
_PARTS = re.compile(r"[A-Za-z]+|\d+|(?<=\d)[-—–](?=\d)|[.+&'/]")


def latin(text: str) -> list[tuple[int, int]]:
    """Where a folded text has names in Latin letters, and versions."""
    found = []
    for match in _NAME.finditer(text):
        amount = _AMOUNT.search(match[0]) if _COUNTED.match(text, match.end()) else None
        found.append((match.start(), match.start() + amount.start() if amount else match.end()))
    return found


def codes(text: str) -> list[tuple[int, int]]:
    """Of those, where the ones stand that hold digits and do not begin with one, and versions; 「14GW」 may be a quantity."""
    return [
        (start, end)
        for start, end in latin(text)
        if any(c.isdigit() for c in text[start:end]) and (text[start].isalpha() or text.count(".", start, end) > 1)
    ]


def is_code(name: str) -> bool:
    """Does a name hold both Latin letters and digits?"""
    return re.search(r"[A-Za-z]", name) is not None and re.search(r"\d", name) is not None


def places(name: str, text: str) -> Iterator[int]:
    """Where ``name`` stands in ``text``; a code only where it ends there, or goes on with the year of a standard.

    Case, blanks, the kind of a dash, and a dash between letters and digits do not tell codes apart.
    """
    return (match.start() for match in _written(name).finditer(text))


def stands_in(name: str, text: str) -> bool:
    """Does ``text`` hold ``name``? See ``places``."""
    return next(places(name, text), None) is not None


def another(asked: str, text: str, position: int, *, known: bool = False) -> str:
    """The code that what stands at ``position`` is said of, where ``text`` holds ``asked`` (or, ``known``, another text does),
    and that is another one.

    「流量计FL-7B单价4350元，FL-7单价2980元」: asked for FL-7, 4350元 is said of FL-7B. "" where it is not sure: of codes that
    begin with the same letters the last one before it tells.
    """
    if not (known or stands_in(asked, text)):
        return ""
    letters = _letters(asked)
    before = [text[s:e] for s, e in codes(text) if s <= position and _letters(text[s:e]) == letters]
    return before[-1] if before and not stands_in(asked, before[-1]) else ""


def _letters(code: str) -> str:
    found = re.match(r"[A-Za-z/]*", code)
    return found[0].lower() if found else ""


@lru_cache(maxsize=1024)
def _written(name: str) -> re.Pattern[str]:
    if not is_code(name):
        return re.compile(re.escape(name))
    parts = _PARTS.findall(name)
    joints = []
    for one, other in zip(parts, [*parts[1:], ""], strict=True):
        joints.append(_DASH if one in "-—–" else re.escape(one))
        if other:
            joints.append(rf"\s?{_DASH}?\s?" if one.isalnum() and other.isalnum() else r"\s?")
    year = r"(?:19|20)\d\d(?!\d)"
    return re.compile(
        rf"(?<![A-Za-z0-9])(?<![A-Za-z0-9][-/.]){''.join(joints)}(?![A-Za-z0-9])(?!\s?[-—–.](?!{year})[A-Za-z0-9])",
        re.I,
    )
