"""When are two pieces of text the same? Kept apart from the program's own normalising, which it measures."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from rag.types import Document, Span

if TYPE_CHECKING:
    from opencc import OpenCC

# A comma belongs to a number only in the number's own width: 「排第3，200家」 is two numbers,
# 1,200 and １，２００ are one.
_THOUSANDS = re.compile(r"(?<=[0-9]),(?=[0-9]{3}(?![0-9]))|(?<=[０-９])[，,](?=[０-９]{3}(?![０-９]))")
_MARKERS = re.compile(r"[\[［【]\s*\d{1,3}(?:\s*[,，、]\s*\d{1,3})*\s*[\]］】]")


@cache
def _simplifier() -> OpenCC:
    from opencc import OpenCC

    return OpenCC("t2s")


def normalise(text: str) -> str:
    """NFKC, simplified characters (OpenCC ``t2s``), lower case; white space and thousands commas removed."""
    folded = unicodedata.normalize("NFKC", _THOUSANDS.sub("", text))
    return squeeze(_simplifier().convert(folded)).lower()


def squeeze(text: str) -> str:
    """``text`` without white space of any kind."""
    return "".join(text.split())


def without_markers(text: str) -> str:
    """``text`` without citation markers ([1], 【2】, [1, 3]): their numbers are no part of an answer."""
    return _MARKERS.sub("", text)


def holds(normalised: str, phrase: str) -> bool:
    """Does the ``normalised`` text hold ``phrase``?

    A phrase that begins or ends with a digit must not stand inside a longer number: 26 is in 26项, not in 126项,
    2.26 or 26.5.
    """
    phrase = normalise(phrase)
    before = r"(?<!\d)(?<!\d\.)" if phrase[:1].isdecimal() else ""
    after = r"(?!\d)(?!\.\d)" if phrase[-1:].isdecimal() else ""
    return re.search(before + re.escape(phrase) + after, normalised) is not None


@dataclass(frozen=True, slots=True)
class Place:
    """Where words stand in a document: the spans of their characters, without the white space between them."""

    document_id: str
    spans: tuple[Span, ...]

    @property
    def size(self) -> int:
        """Characters, white space not counted."""
        return sum(end - start for start, end in self.spans)

    def shared(self, ranges: Iterable[Span]) -> int:
        """How many of the characters lie in ``ranges`` of the same document, which may overlap each other."""
        merged = _merge(ranges)
        return sum(max(0, min(end, high) - max(start, low)) for start, end in self.spans for low, high in merged)


def locate(document: Document, words: str) -> tuple[Place, ...]:
    """Every place of ``document.text`` where ``words`` stand, white space aside; () where there is none."""
    wanted = squeeze(words)
    offsets = [i for i, character in enumerate(document.text) if not character.isspace()]
    packed = "".join(document.text[i] for i in offsets)
    places, at = [], packed.find(wanted)
    while wanted and at >= 0:
        places.append(Place(document.id, _runs(offsets[at : at + len(wanted)])))
        at = packed.find(wanted, at + 1)
    return tuple(places)


def _runs(offsets: Iterable[int]) -> tuple[Span, ...]:
    spans: list[Span] = []
    for offset in offsets:
        if spans and spans[-1].end == offset:
            spans[-1] = Span(spans[-1].start, offset + 1)
        else:
            spans.append(Span(offset, offset + 1))
    return tuple(spans)


def _merge(ranges: Iterable[Span]) -> list[Span]:
    merged: list[Span] = []
    for start, end in sorted(ranges):
        if merged and start <= merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(end, merged[-1].end))
        else:
            merged.append(Span(start, end))
    return merged
