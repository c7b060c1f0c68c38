"""Is a sentence borne out by the words it cites? Pure Python, no model.

Every number with its unit, every date, every name and every office of a sentence must stand in the quotations, and stand
there of the same thing; it must not deny what they say; and as a whole it must be made of their words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from rag.answer.claims import judge
from rag.answer.claims.context import covered, line, plain
from rag.answer.claims.pool import Pool, pool
from rag.answer.claims.spotted import OFFICE
from rag.answer.text.surnames import SURNAMES
from rag.answer.when.times import times
from rag.types import Claim, Evidence, Verdict

# Share of a sentence's words that must stand in the evidence or the question. A faithful paraphrase of a Chinese news
# sentence keeps well over half of them; another sentence of the same article does not.
MIN_SHARED = 0.5
_LIST = re.compile(r"[^，。：:；]+(?:[、；][^，。：:；]+){2,}")


@dataclass(frozen=True, slots=True)
class Check:
    verdict: Verdict
    claims: tuple[Claim, ...]
    shared: float  # 0…1: share of the sentence's words found in the evidence


def verify(
    sentence: str,
    evidence: Sequence[Evidence],
    question: str = "",
    year: int | None = None,
    found: Sequence[Evidence] = (),
) -> Check:
    """Check ``sentence`` (without markers) against the quotations it cites.

    ``question`` lends its words, not its figures; ``year`` is the asker's year. ``found``: all that was found, where the
    articles cited may name what the question names.
    """
    cited = {item.hit.passage.document_id for item in evidence}
    articles = "".join(item.hit.passage.text for item in found if item.hit.passage.document_id in cited)
    return weigh(sentence, pool(evidence), question, today=None, year=year, articles=articles)


def weigh(
    sentence: str,
    there: Pool,
    question: str = "",
    today: date | None = None,
    year: int | None = None,
    articles: str = "",
) -> Check:
    """The same against evidence laid out before; ``today`` is the day of whoever wrote ``sentence``."""
    asked = plain(question)
    meant = times(asked, today.year if today else year)
    said = line(sentence, today)
    titles = [part.text for item in there.placed for part in item.before]
    of_cells = list(judge.cells(said, there, asked))
    claims = [
        *judge.figures(said, there, asked, meant[0] if len(meant) == 1 else None),
        *judge.dates(said, there, titles, asked),
        *judge.names(said, there, titles, asked, articles),
        *judge.offices(said, there),
        *judge.speakers(said, there, asked),
        *judge.turned(said, there),
        *of_cells,
        *_items(sentence, there),
    ]
    if surnames := {c.claimed for c in of_cells if c.verdict is Verdict.SUPPORTED and len(c.claimed) == 1}:
        # 「由卫」 of 「晚班由卫值班」: the tagger takes a surname alone, as tables have them, together with a word beside it
        odd = {n.text for n in said.names if n.kind == "other" and surnames & set(n.text)}
        claims = [claim for claim in claims if claim.kind != "name" or claim.claimed not in odd]
    if asked and not any(c.verdict is Verdict.SUPPORTED and plain(c.claimed) not in asked for c in claims):
        claims += judge.invented(said, there, asked)
    shared = judge.support(said, there, asked)
    if any(claim.verdict is Verdict.DIFFERS for claim in claims):
        verdict = Verdict.DIFFERS
    elif not claims and len(said.all()) < 4 and not _introduced(sentence, there):
        verdict = Verdict.NOT_FOUND  # 「已核实。」 says nothing that could be checked
    elif any(claim.verdict is Verdict.NOT_FOUND for claim in claims) or not there.placed or shared < MIN_SHARED:
        verdict = Verdict.NOT_FOUND
    else:
        verdict = Verdict.SUPPORTED
    return Check(verdict, tuple(claims), shared)


def _introduced(sentence: str, there: Pool) -> bool:
    """A person by name alone, whom the quotations name behind an office: the tagger knows few names (「何其新」)."""
    said = re.sub(r"\W", "", plain(sentence))
    return (
        1 < len(said) < 5
        and said[0] in SURNAMES
        and any(re.search(OFFICE + re.escape(said), item.line.text) for item in there.quoted)
    )


def _items(sentence: str, there: Pool) -> list[Claim]:
    """Each thing of a list of three or more must stand in the evidence: lists are where a model likes to invent."""
    found = {word: 1.0 for item in there.placed for part in (item.line, *item.before) for word in part.all()}
    claims = []
    for run in _LIST.findall(sentence):
        for thing in re.split(r"[、；]|(?<=[^、；]{2})(?:和|以及|及)(?=[^、；]{2})", run):
            words = line(thing[-8:] if thing is run.split("、")[0] else thing[:8]).all()
            if len(words) > 2 and covered(words, found) < 0.4:
                claims.append(Claim("item", thing, None, Verdict.NOT_FOUND))
    return claims
