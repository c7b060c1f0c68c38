"""Whose a figure is: of several things together it is none of them's own (「甲、乙、丙3个产业规模超2000亿元」), of KD-3B not KD-3's."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.answer.claims.context import Line
from rag.answer.claims.pool import Pool
from rag.answer.text.codes import another, codes, stands_in
from rag.answer.text.quantities import Quantity

_COUNT = r"(?:\d+|[两三四五六七八九十])[个大家市地省县区项类]|合计|共计|总计|一共|总共|共(?![同享建筑和])|加起来|之和"
_ITEM = "[\u4e00-\u9fffa-z0-9]"
_LISTED = re.compile(
    rf"({_ITEM}{{2,16}}(?:、{_ITEM}{{2,16}}?)*?[、和及与]{_ITEM}{{2,12}}?)(?:{_COUNT})([^的]{{0,12}})\Z"
)
_ENUMERATED = re.compile(rf"{_ITEM}{{2,16}}?(?:[、和及与]{_ITEM}{{2,12}})+")
_THESE = re.compile(r"[这上述该](?:\d+|[两三四五六七八九十])[个大家市地省县区项类]")
_TOGETHER = re.compile(_COUNT)
_EACH = re.compile(r"分别|各自?|均|都|每|依次")
_CLAUSE = re.compile(r"[，。；：！？]")


def of_several(said: str, where: Line, figure: Quantity) -> str:
    """The enumeration whose common figure is given to one of its things alone; "" where it is not.

    ``said``: the sentence, and what it answers.
    """
    *before, clause = _CLAUSE.split(where.text[: figure.start])
    match = _LISTED.search(clause)
    things = match[1] if match else ""
    if not things and _THESE.search(clause):  # 「甲、乙、丙将成为支柱，这三个产业规模超2000亿元」
        things = next((found[0] for part in reversed(before) for found in _ENUMERATED.finditer(part)), "")
    if not things or _EACH.search(clause) or "在" in things:  # 「在甲、乙领域共有…」: where, not whose
        return ""
    items = re.split("[、和及与]", things)
    cores = [items[0][-2:], *(item[:3] for item in items[1:])]  # the first and the last run on into the sentence
    named = [core for core in cores if core in said]
    return things if len(named) == 1 and not _TOGETHER.search(said) else ""


def codes_of(figure: Quantity, said: Line, question: str, there: Pool) -> list[str]:
    """The code that a figure is said of, or those of the question: of them those that the evidence names."""
    named = [said.text[start:end] for start, end in codes(said.text) if start <= figure.start]
    asked = named[-1:] or [question[start:end] for start, end in codes(question)]
    return [code for code in asked if any(stands_in(code, item.line.text) for item in there.placed)]


def of_another_code(mine: Sequence[str], there: Line, figure: Quantity) -> str:
    """The code that a figure is said of there, where it is none of ``mine`` and begins like it; "" where not."""
    return next(filter(None, (another(code, there.text, figure.start, known=True) for code in mine)), "")
