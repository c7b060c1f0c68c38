"""How two searches become one order: a weighted sum of a few features, the same for every collection.

The features are calibrated, not ranks or standard scores: a cosine, and shares of what the question's terms could have
scored at most. So a question that no passage holds a word of (an English one, say) is left to its vector.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rag.answer import dated
from rag.store import analyze
from rag.store.base import DenseMatch, LexicalMatch, Store
from rag.types import DocumentInfo, Passage, Query

# Fitted by benchmarks/fusion.py on the development halves of CMRC 2018, DRCD and ChronoQA; tries in docs/log.md.
WEIGHTS = {
    "dense": 125.0,  # cosine of the best window
    "bm25": 9.3,  # of what every term of the question, as often as can be, would give
    "window": 12.4,  # share of the question's terms, by rarity, that stand in one window
    "time": 1.27,  # agreement of the best time named with the time asked for, −1…1
    "time_first": 1.03,  # of the first time named: news begins with its day
}


@dataclass(frozen=True, slots=True)
class _Terms:
    """The terms of a question with their rarity (BM25's inverse document frequency)."""

    words: list[str]
    rarity: npt.NDArray[np.float64]

    @property
    def total(self) -> float:
        return float(self.rarity.sum()) or 1.0

    def share(self, held: set[str]) -> float:
        return float(sum(w for word, w in zip(self.words, self.rarity, strict=True) if word in held)) / self.total


def fused(
    query: Query,
    vector: npt.NDArray[np.float32],
    passages: Sequence[Passage],
    dense: Sequence[DenseMatch],
    lexical: Sequence[LexicalMatch],
    store: Store,
) -> npt.NDArray[np.float64]:
    """A score for each passage that one of the searches brought; larger is better. Shape (len(passages),)."""
    rows = matrix(query, vector, passages, dense, lexical, store)
    return np.asarray(rows @ np.array(list(WEIGHTS.values())), dtype=np.float64)


def matrix(
    query: Query,
    vector: npt.NDArray[np.float32],
    passages: Sequence[Passage],
    dense: Sequence[DenseMatch],
    lexical: Sequence[LexicalMatch],
    store: Store,
) -> npt.NDArray[np.float64]:
    """Features in the order of WEIGHTS, shape (len(passages), len(WEIGHTS))."""
    if not passages:
        return np.empty((0, len(WEIGHTS)))
    words = analyze.question_terms(query.rewritten)
    counts, total = store.term_counts(words)
    terms = _Terms(words, np.array([math.log(1 + (total - n + 0.5) / (n + 0.5)) for n in counts], dtype=np.float64))
    wanted = dated.asked(analyze.fold(query.rewritten), query.today)
    documents = {info.id: info for info in store.documents({p.document_id for p in passages})} if wanted else {}
    cosines = _cosines(vector, passages, dense, store)
    worded = {match.passage_id: match.score for match in lexical}
    # Not brought: no better than the last that was.
    least = min(worded.values(), default=0.0) if len(lexical) >= len(dense) else 0.0
    rows = []
    for passage, cosine in zip(passages, cosines, strict=True):
        best, first = _time(wanted, passage, documents.get(passage.document_id))
        bm25 = worded.get(passage.id, least) / terms.total
        rows.append((cosine, bm25, _window(terms, passage), best, first))
    return np.array(rows, dtype=np.float64)


def _cosines(
    vector: npt.NDArray[np.float32], passages: Sequence[Passage], dense: Sequence[DenseMatch], store: Store
) -> list[float]:
    """Of each passage's best window, also where dense search did not bring it."""
    known = {match.passage_id: match.score for match in dense}
    missing = [passage.id for passage in passages if passage.id not in known]
    for passage_id, vectors in zip(missing, store.window_vectors(missing), strict=True):
        known[passage_id] = float((vectors @ vector).max(initial=-1.0))
    return [known[passage.id] for passage in passages]


def _window(terms: _Terms, passage: Passage) -> float:
    """The best window's share. A window is made of whole sentences, so each sentence is cut into terms once."""
    sentences = [(span, set(analyze.terms(passage.slice(span)))) for span in passage.sentences]
    shares = []
    for window in passage.windows:
        held: set[str] = set()
        for span, words in sentences:
            if span.start < window.end and window.start < span.end:
                held |= words
        shares.append(terms.share(held))
    return max(shares, default=0.0)


def _time(wanted: Sequence[dated.Stretch], passage: Passage, info: DocumentInfo | None) -> tuple[float, float]:
    if not wanted:
        return 0.0, 0.0
    written = info.date if info else None
    said = dated.told(analyze.fold(passage.text), written)
    if said or written is None:
        return dated.agreement(wanted, said)
    best, first = dated.agreement(wanted, [dated.of(written)])
    return max(best, 0.0), max(first, 0.0)  # that the article is of another day speaks against no passage
