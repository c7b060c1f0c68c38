"""Codes: what letters and digits name together (FL-7B, QH/T 4471-2018), and versions (3.12.4). A code that begins another is another.

A code is no quantity, though it holds numbers, and no part of it says anything.
"""

from __future__ import annotations

import re
from functools import lru_cache

_DASH = "[-—–]"
# A standard with its year; a name in Latin letters, which may hold digits; digits with letters behind them (5G, 3C).
CODE = re.compile(
    rf"(?<![A-Za-z0-9])(?:"
    rf"[A-Za-z]+\d*(?:/[A-Za-z]+\s?|\s?(?=\d+(?:\.\d+)*{_DASH}(?:19|20)\d\d(?![\d年])))\d+(?:\.\d+)*(?:{_DASH}\d+)*"
    rf"|\d\+[\dA-Za-z]\b|\d+(?:\.\d+){{2,}}"
    rf"|[A-Za-z][A-Za-z0-9]*(?:(?:[.\-+&']|[—–](?=\d))[A-Za-z0-9]+)*"
    rf"|\d+(?:[.+]\d+)?[A-Za-z]+[A-Za-z0-9]*(?:-[A-Za-z0-9]+)*)"
)
_MEASURED = re.compile(r"(?<=[A-Za-z])\d[\d,.]*\Z")  # 「GDP1.2万亿元」: a number behind a word
_PARTS = re.compile(r"[A-Za-z]+|\d+|(?<=\d)[-—–](?=\d)|[.+&'/]")


def codes(text: str) -> list[tuple[int, int]]:
    """Where the codes of a folded text stand that begin with a letter, and versions; 「14GW」 may be a quantity."""
    found = []
    for match in CODE.finditer(text):
        start, end = match.span()
        amount = _MEASURED.search(match[0])
        if amount and re.match(r"\s?[%万亿元美]", text[end:]):
            end = start + amount.start()
        word = text[start:end]
        if any(c.isdigit() for c in word) and (word[0].isalpha() or word.count(".") > 1):
            found.append((start, end))
    return found


def is_code(name: str) -> bool:
    """Does a name hold both Latin letters and digits?"""
    return re.search(r"[A-Za-z]", name) is not None and re.search(r"\d", name) is not None


def stands_in(name: str, text: str) -> bool:
    """Does ``text`` hold ``name``? A code only where it ends there, or goes on with the year of a standard.

    Case, blanks and the kind of dash do not tell codes apart.
    """
    return _written(name).search(text) is not None if is_code(name) else name in text


@lru_cache(maxsize=1024)
def _written(code: str) -> re.Pattern[str]:
    parts = _PARTS.findall(code)
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
