"""How many there are, where an article numbers them (「一是……二是……五是……」) and nobody says the number."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.answer.cite import Checked
from rag.answer.text.quantities import fold
from rag.answer.text.words import bigrams, content_words, to_simplified
from rag.types import AnswerSentence, Claim, Evidence, Hit, Query, Verdict

_ASKS = re.compile(r"(?:几|多少)(?P<of>[条项个点种类步招])(?![\u4e00-\u9fff]*(?:年|月|天|小时|人|元))")
_ORDINAL = "一二三四五六七八九十"
_ITEM = re.compile(
    rf"(?:^|(?<=[。；;：:，,\n\s]))(?:第?(?P<han>[{_ORDINAL}])(?:是|、|，|：)|[（(](?P<in>[{_ORDINAL}])[）)]|(?P<digits>\d{{1,2}})[.．、](?!\d))"
)
_ASKED = 0.5  # more than this share of the question's character pairs stands in the article


def counted(query: Query, evidence: Sequence[Evidence], hits: Sequence[Hit]) -> Checked | None:
    """「共5条」, resting on the quotations of the items; None where no article found numbers what is asked about, from one on."""
    text = to_simplified(fold(query.rewritten))
    asks = _ASKS.search(text)
    if asks is None:
        return None
    wanted = bigrams(" ".join(content_words(text)))
    for document in dict.fromkeys(hit.passage.document_id for hit in hits):
        passages = sorted(
            {hit.passage.id: hit for hit in hits if hit.passage.document_id == document}.values(),
            key=lambda hit: hit.passage.start,
        )
        said = to_simplified(
            fold("\n".join(f"{hit.title}\n{hit.passage.heading}\n{hit.passage.text}" for hit in passages))
        )
        if not wanted or len(wanted & bigrams(said)) <= _ASKED * len(wanted):
            continue
        numbers = [
            _number(match) for hit in passages for match in _ITEM.finditer(to_simplified(fold(hit.passage.text)))
        ]
        if len(numbers) < 2 or numbers != list(range(1, len(numbers) + 1)):
            continue
        cited = tuple(
            e for e in evidence if e.hit.passage.document_id == document and _ITEM.search(to_simplified(fold(e.quote)))
        )
        if cited:
            told = f"共{len(numbers)}{asks['of']}"
            claim = Claim("computed", told, told, Verdict.SUPPORTED)
            return Checked(
                AnswerSentence(f"{told}。", tuple(e.marker for e in cited), Verdict.SUPPORTED, (claim,)), cited
            )
    return None


def _number(match: re.Match[str]) -> int:
    if match["digits"]:
        return int(match["digits"])
    return _ORDINAL.index(match["han"] or match["in"]) + 1
