"""Articles that put an earlier one right: 「此前报道的35亿元有误，应为53亿元」.

A correction is worth more than any number of copies of what it corrects. What counts is that the article says so; a figure
that is merely newer contradicts, and both are shown (find.py).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.answer.conflict.said import ASKED
from rag.answer.text.quantities import Quantity, fold, quantities, same
from rag.answer.text.words import bigrams, blank, content_words, names, to_simplified
from rag.answer.when.resolve import time_spans
from rag.types import Evidence, Hit, Query, Span

_SAYS_SO = re.compile(
    r"更正|勘误|订正|[有错]误|误[为作写报植印记]|差错|纠正|(?:此前|先前|早前|前日|昨日)[^。]{0,12}(?:报道|刊发|刊登|发布|文章)[^。]{0,20}应"
)
_RIGHT = re.compile(
    r"(?:应为|应是|应该是|应当是|更正为|订正为|修正为|改正为|纠正为|实为|实际(?:应)?为|正确的?(?:数字|说法|姓名|名字|日期|时间)?(?:应)?[为是])[：:]?[“「]?(?P<right>[^，。；！？“”「」（）()\n]{1,30})"
)
_WRONG = re.compile(
    r"误(?:报道?|写|作|植|印|记)?(?:为|成|作)[“「]?(?P<wrong>[^，。；！？“”「」（）()\n]{1,30})"
    r"|[“「](?P<quoted>[^“”「」]{1,30})[”」][^，。；“”「」]{0,6}(?:有误|错误|应|更正)"
)
_BEFORE = re.compile(r"(?P<old>[\u3400-\u9fff·]{2,8})(?:有误[，,]?)?$")
_DIRECT = 0.6  # share of the question's character pairs
_MOST = 3  # corrections added to the evidence


@dataclass(frozen=True, slots=True)
class Correction:
    """What an article corrects, as it writes it. ``wrong`` is "" where it does not say again what was wrong."""

    item: Evidence
    wrong: str
    right: str
    direct: bool  # does the sentence itself say most of what is asked?

    def overrules(self, text: str, cited: Sequence[Evidence]) -> bool:
        """Does a sentence say what was wrong, and not what is right, from articles that are no newer?"""
        if says(text, self.right) or any(_newer(item.hit, self.item.hit) for item in cited):
            return False
        if self.wrong:
            return says(text, self.wrong)
        ours = _figure(self.right)
        return self.direct if ours is None else any(q.unit == ours.unit for q in quantities(_plain(text)))


def corrections(query: Query, evidence: Sequence[Evidence]) -> list[Correction]:
    """Those among the evidence that bear on the question, the newest first."""
    wanted = _wanted(query)
    found = []
    for item in evidence:
        pair = _corrected(item.quote, f"{item.hit.title}{item.hit.passage.heading}{item.hit.passage.text}")
        if pair and _bears(query, wanted, item.hit, item.quote):
            wrong = "" if _plain(pair[0]) in _plain(query.rewritten) else pair[0]
            direct = len(wanted & bigrams(item.quote)) > _DIRECT * len(wanted)
            found.append(Correction(item, wrong, pair[1], direct))
    return sorted(found, key=lambda fix: -fix.item.hit.date.value.toordinal() if fix.item.hit.date else 0)


def with_corrections(query: Query, packed: Sequence[Evidence], hits: Sequence[Hit]) -> list[Evidence]:
    """The evidence, and the corrections of the hits that are not in it, numbered on from it."""
    wanted, found = _wanted(query), list(packed)
    known = {(item.hit.passage.document_id, item.start) for item in packed}
    for hit in hits:
        around = f"{hit.title}{hit.passage.heading}{hit.passage.text}"
        if not _SAYS_SO.search(to_simplified(around)):
            continue
        for span in hit.passage.sentences:
            quote = hit.passage.slice(span)
            if (hit.passage.document_id, span.start) in known or len(found) - len(packed) == _MOST:
                continue
            if _corrected(quote, around) and _bears(query, wanted, hit, quote):
                found.append(_evidence(len(found) + 1, hit, span))
                known.add((hit.passage.document_id, span.start))
    return found


def says(text: str, value: str) -> bool:
    """Does a text give a figure or a name?"""
    figure = _figure(value)
    if figure is not None:
        return any(same(quantity, figure) and quantity.unit == figure.unit for quantity in quantities(_plain(text)))
    return _plain(value) in _plain(text)


def _corrected(quote: str, around: str) -> tuple[str, str] | None:
    """(what was wrong, what is right) of a sentence; None where it corrects nothing."""
    text = to_simplified(quote)
    right = _RIGHT.search(text)
    if right is None or not _SAYS_SO.search(to_simplified(around)):
        return None
    value = right["right"].strip()
    wrong = _WRONG.search(text)
    if wrong:
        return (wrong["wrong"] or wrong["quoted"]).strip(), value
    figure, before = _figure(value), text[: right.start()]
    if figure is not None:
        old = [q for q in quantities(_plain(before)) if q.unit == figure.unit]
        return before[old[-1].start : old[-1].end] if old else "", value
    name = _BEFORE.search(re.sub(r"(?:有误|错误)[，,]?$", "", before.rstrip("，, ")))
    last = max(names(name["old"]), key=len, default="") if name else ""
    return last, value


def _newer(one: Hit, other: Hit) -> bool:
    return bool(one.date and other.date and one.date.value > other.date.value)


def _bears(query: Query, wanted: set[str], hit: Hit, quote: str) -> bool:
    there = bigrams(f"{quote}{hit.title}{hit.passage.heading}{hit.passage.text}")
    asked = names(query.rewritten)
    around = to_simplified(f"{hit.title}{hit.passage.text}").lower()
    named = all(name in around for name in asked)
    return named and len(wanted & there) > ASKED * len(wanted)


def _wanted(query: Query) -> set[str]:
    spoken = [(span.start, span.end) for span in time_spans(query.rewritten, query.today)]
    return bigrams(" ".join(content_words(blank(query.rewritten, spoken))))


def _figure(value: str) -> Quantity | None:
    found = [q for q in quantities(_plain(value)) if q.unit]
    return found[0] if found else None


def _plain(text: str) -> str:
    return to_simplified(fold(text))


def _evidence(number: int, hit: Hit, span: Span) -> Evidence:
    quote = hit.passage.slice(span)
    return Evidence(number, hit, span.start, span.end, quote, " ".join(quote.split()))
