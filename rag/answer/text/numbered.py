"""Things told apart by a number or a code: 一号泵房 and 二号泵房, 第九届 and 第十届, 星河A3 and 星河B5."""

from __future__ import annotations

import re

from rag.answer.text.codes import codes
from rag.answer.text.quantities import chinese_number, fold
from rag.answer.text.words import to_simplified

_N = r"(?:\d{1,4}|[一二三四五六七八九十百]{1,5})"
_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"第?(?P<n>(?:{_N}[、和与至])*{_N})(?P<kind>届)",
        rf"第(?P<n>{_N})(?P<kind>[期章集名批轮]|季(?!度)|[\u4e00-\u9fff]{{2}})",
        r"(?P<n>(?:\d{1,4}[、和与])*\d{1,4})(?P<kind>路|号线|号楼)",
        rf"(?<![月\d])(?P<n>{_N})(?P<kind>号[\u4e00-\u9fff])",
        rf"[（(](?P<n>{_N})[）)](?P<kind>班)",
        r"(?P<n>[甲乙丙丁戊])(?P<kind>[班组座栋区仓]|号[\u4e00-\u9fff])",
    )
)
_OF_STANDARD = re.compile(r"[-—–](?:19|20)\d\d$")
_CODE = re.compile(r"(?P<letters>[A-Z/]+)(?P<rest>\d.*)")


def numbered(text: str) -> set[tuple[str, str]]:
    """(kind, number) of each: 「第九届」 and 「第9届」 are ("届", "9"), of 「3、4号线」 both; 首届 is the first.

    A code is told both by its letters (TH-01 and TH10) and by the name before it (星河A3 and 星河B5).
    """
    plain = to_simplified(fold(text))
    found = {(match[1], "1") for match in re.finditer("首([届期季])", plain)}
    for pattern in _PATTERNS:
        for match in pattern.finditer(plain):
            for number in re.findall(rf"{_N}|[甲乙丙丁戊]", match["n"]):
                value = number if number.isdigit() or number in "甲乙丙丁戊" else chinese_number(number)
                if value is not None:
                    found.add((match["kind"], str(int(value)) if str(value).isdigit() else str(value)))
    for start, end in codes(plain):
        code = re.sub(r"[\s\-—–]", "", _OF_STANDARD.sub("", plain[start:end].upper()))
        if parts := _CODE.fullmatch(code):
            found.add((parts["letters"], parts["rest"]))
            if name := re.search(r"[\u4e00-\u9fff]{2}$", plain[:start].rstrip()):
                found.add((f"{name[0]}{len(parts['letters'])}{code[-1].isdigit()}", code))
    return found


def another(asked: set[tuple[str, str]], said: set[tuple[str, str]]) -> bool:
    """Does what is said name one of the kinds asked about, by other numbers alone?"""
    if asked & said:
        return False
    kinds = {kind for kind, _ in said}
    return any(kind in kinds for kind, _ in asked)
