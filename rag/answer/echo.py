"""What of a sentence only says the question again, and what becomes of it where the articles do not say it."""

from __future__ import annotations

import re

from rag.answer.cite import Checked
from rag.answer.claims.spotted import spot
from rag.answer.subject import compounds
from rag.answer.text.cities import cities
from rag.answer.text.words import to_simplified
from rag.types import Query, Verdict

_YEAR = re.compile(r"\d{4}年|[今去明前后]年")


def only_repeats(query: Query, item: Checked) -> bool:
    """All that failed the check are names that the question brought: the quotation may answer, and does not say them.

    No title; and no name where the quotation has another of its kind. Of 21 sentences that failed for words of the question
    alone, in 388 recorded answers, 8 were right; a look tells which.
    """
    asked = _folded(query.rewritten)
    failed = [claim for claim in item.sentence.claims if claim.verdict is not Verdict.SUPPORTED]
    return (
        bool(failed and item.evidence)
        and not any(name.kind == "title" and name.text in asked for name in spot(query.rewritten))
        and all(
            claim.kind == "name"
            and claim.verdict is Verdict.NOT_FOUND
            and _folded(claim.claimed) in asked
            and not _begins_another(claim.claimed, query, item)
            and not _another_of_its_kind(claim.claimed, query, item)
            for claim in failed
        )
    )


def _another_of_its_kind(name: str, query: Query, item: Checked) -> bool:
    """Does the quotation name another person, or another town, that the question does not?"""
    asked = _folded(query.rewritten)
    kinds = {known.kind for known in spot(query.rewritten) if known.text == name}
    return any(
        other.text not in asked and (other.kind in kinds - {"place"} or bool(cities(name) and cities(other.text)))
        for source in item.evidence
        for other in spot(source.words)
    )


def _begins_another(name: str, query: Query, item: Checked) -> bool:
    """「贵州茅台」 and no 茅台 in the quotation: it is of somebody else."""
    there = _folded("".join(source.hit.title + source.hit.passage.text for source in item.evidence))
    return any(one == name and other not in there for one, other in compounds(query.rewritten))


def against_the_question(query: Query, item: Checked) -> bool:
    """What the question names is another thing in the quotation, or its figure of another year: 男双 for 女单, 今年 for 2025年."""
    asked = _folded(query.rewritten)
    for claim in item.sentence.claims:
        if claim.verdict is Verdict.DIFFERS and claim.found:
            year = _YEAR.match(claim.claimed)
            if _folded(claim.claimed) in asked or (year and year[0] in asked and year[0] not in claim.found):
                return True
    return False


def _folded(text: str) -> str:
    return "".join(to_simplified(text).lower().split())
