"""Who says it: what a sentence has one person say must not be another's words in its source."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rag.answer.claims.context import Line, line
from rag.answer.claims.pool import Pool
from rag.answer.claims.spotted import OFFICE
from rag.answer.text.surnames import DOUBLE, SURNAMES
from rag.answer.text.words import tagged
from rag.types import Claim, Verdict

_SAYS = r"(?:说(?![明法服到])|表示|认为|指出|[宣声]称|介绍|透露|回应|答道|回答|强调|坦言|直言|追问|问道|解释|预计|估计)"
_BETWEEN = r"(?:则|也|又|还|却|就|便|都|曾|均|对此|在[^，。；：“”]{1,8}[上中里]|笑着|[对向]记者)*"
_NAME = rf"(?P<name>(?:{'|'.join(DOUBLE)})[\u4e00-\u9fff]{{1,2}}?|[{SURNAMES}][\u4e00-\u9fff]{{1,2}}?)"
# Of a claim: at the head of a clause. Of a source: beside the words in quotation marks, or before what is reported.
_CLAIMED = re.compile(
    rf"(?:^|[，。；：？！])(?:据|按)?[^，。；：？！“”]{{0,12}}?(?<![\u4e00-\u9fff]的){_NAME}{_BETWEEN}{_SAYS}"
)
_SAID = re.compile(rf"(?:^|[，。；？！”’」』])[^，。；：？！“”]{{0,14}}?{_NAME}{_BETWEEN}{_SAYS}(?=[：:，。了]|$)")
_QUOTED = re.compile(r"“[^“”]*”")
_NEAR = 0.7  # of the words that are said: in how much of them the source must agree to be what is reported


@dataclass(frozen=True, slots=True)
class _Speech:
    name: str
    words: str  # without who says it


def speakers(said: Line, there: Pool, question: str) -> Iterator[Claim]:
    """Where the sentence, or the question that it answers, names who says it, and the source has another say it."""
    claimed = _speech(_CLAIMED, said.text) or _speech(_CLAIMED, question)
    if claimed is None:
        return
    words = line(said.text.replace(claimed.name, "")).all()
    held = sorted(((item.covers(words), i, item) for i, item in enumerate(there.quoted)), key=lambda r: (-r[0], r[1]))
    if not held or held[0][0] < _NEAR:
        return
    sources = [item for share, _, item in held if share >= held[0][0] - 0.05]
    others = [_speech(_SAID, _QUOTED.sub("”", item.line.text)) for item in sources]
    if any(other is None or claimed.name in item.line.text for other, item in zip(others, sources, strict=True)):
        return
    assert others[0] is not None
    if not any(other is None or other.name in said.text or other.name[0] == claimed.name[0] for other in others):
        yield Claim("speaker", claimed.name, others[0].name, Verdict.DIFFERS)


def _speech(pattern: re.Pattern[str], text: str) -> _Speech | None:
    """The first person by name; none for 「董事长表示」, whose name may stand elsewhere."""
    match = next((m for m in pattern.finditer(text) if _is_name(m["name"])), None)
    return _Speech(match["name"], text.replace(match[0], "")) if match else None


def _is_name(found: str) -> bool:
    words = tagged(found)
    known = len(words) == 1 and not words[0][1].startswith(("nr", "x"))  # a word of the dictionary, and no name
    return not known and not re.search(
        rf"{OFFICE}$|(?:人士|代表|专家|民警|记者|[村居市网]民|方面|部门|公司|老师|同学|医生|先生|女士|师傅|某)$", found
    )
