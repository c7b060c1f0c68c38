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

from rag.answer.when import dated, kept
from rag.store import analyze
from rag.store.base import DenseMatch, LexicalMatch, Store
from rag.types import DocumentInfo, Passage, Query

# Found with benchmarks/fusion.py on the development halves of CMRC 2018, DRCD and ChronoQA; tries in docs/log.md. The fit
# itself gives 106, 4.8 and 16.7 for the first three; from 106 to 150 little changes, and CMRC 2018 gains two questions.
WEIGHTS = {
    "dense": 140.0,  # cosine of the best window
    "bm25": 6.0,  # of what every term of the question, as often as can be, would give
    "window": 17.0,  # share of the question's terms, by rarity, that stand in one window
    "time": 2.0,  # agreement of the best time named with the time asked for, −1…1
    "time_first": 0.6,  # of the first time named: news begins with its day
}
FEATURES = tuple(WEIGHTS)  # columns of ``Features.rows``
# For the share of the question's terms that no better passage holds: what asks about two things wants a passage of each.
# On 900 questions each, recall@5 of ChronoQA .940 → .948, of DRCD .997 → .999; 6–30 all gain.
NEW_GROUND = 20.0
_WEIGHED = 40  # passages whose order new ground may change


@dataclass(frozen=True, slots=True)
class Features:
    """What is known of each candidate. ``rows``: shape (passages, len(WEIGHTS)); ``held``: shape (passages, terms of the
    question), the share of the question that a term is where the passage holds it, else 0.
    """

    rows: npt.NDArray[np.float64]
    held: npt.NDArray[np.float64]

    @property
    def scores(self) -> npt.NDArray[np.float64]:
        """Shape (passages,); larger is better."""
        return np.asarray(self.rows @ np.array(list(WEIGHTS.values())), dtype=np.float64)


def features(
    query: Query,
    vector: npt.NDArray[np.float32],
    passages: Sequence[Passage],
    dense: Sequence[DenseMatch],
    lexical: Sequence[LexicalMatch],
    store: Store,
    wanted: Sequence[dated.Stretch],
) -> Features:
    """Of candidates. ``wanted``: the times that the question asks about."""
    words = analyze.question_terms(query.rewritten)
    counts, total = store.term_counts(words)
    rarity = np.array([math.log(1 + (total - n + 0.5) / (n + 0.5)) for n in counts], dtype=np.float64)
    weight = float(rarity.sum()) or 1.0
    documents = {info.id: info for info in store.documents({p.document_id for p in passages})} if wanted else {}
    cosines = _cosines(vector, passages, dense, store)
    worded = {match.passage_id: match.score for match in lexical}
    # Not brought: no better than the last that was.
    least = min(worded.values(), default=0.0) if len(lexical) >= len(dense) else 0.0
    rows = np.empty((len(passages), len(WEIGHTS)))
    held = np.empty((len(passages), len(words)))
    for at, (passage, cosine) in enumerate(zip(passages, cosines, strict=True)):
        windows = _windows(words, passage) * rarity / weight
        held[at] = windows.max(axis=0, initial=0.0)
        best, first = _time(wanted, passage, documents.get(passage.document_id))
        rows[at] = cosine, worded.get(passage.id, least) / weight, windows.sum(axis=1).max(initial=0.0), best, first
    return Features(rows, held)


def order(found: Features) -> list[tuple[int, float]]:
    """Places of the passages with their final scores, best first.

    The best comes first; then each time the one with the best sum of its score and of the new ground that it breaks
    (maximal marginal relevance, Carbonell and Goldstein 1998, with coverage in place of similarity).
    """
    scores = found.scores
    waiting = np.argsort(-scores, kind="stable").tolist()
    later = waiting[_WEIGHED:]
    del waiting[_WEIGHED:]
    open_ground = np.ones(found.held.shape[1])
    ordered: list[tuple[int, float]] = []
    while waiting:
        worth = scores[waiting] + NEW_GROUND * (found.held[waiting] @ open_ground)
        pick = int(np.argmax(worth)) if ordered else 0
        value = float(worth[pick])
        ordered.append((waiting.pop(pick), min(value, ordered[-1][1]) if ordered else value))
        open_ground[found.held[ordered[-1][0]] > 0] = 0.0
    last = ordered[-1][1] if ordered else 0.0
    return [*ordered, *((at, min(float(scores[at]), last)) for at in later)]


def _cosines(
    vector: npt.NDArray[np.float32], passages: Sequence[Passage], dense: Sequence[DenseMatch], store: Store
) -> list[float]:
    """Of each passage's best window, also where dense search did not bring it."""
    known = {match.passage_id: match.score for match in dense}
    missing = [passage.id for passage in passages if passage.id not in known]
    for passage_id, vectors in zip(missing, store.window_vectors(missing), strict=True):
        known[passage_id] = float((vectors @ vector).max(initial=-1.0))
    return [known[passage.id] for passage in passages]


def _windows(words: Sequence[str], passage: Passage) -> npt.NDArray[np.float64]:
    """Which term stands in which window: shape (windows, words), 0 or 1.

    A window is made of whole sentences, so each sentence is looked at once.
    """
    found = analyze.present(words, [passage.read(span) for span in passage.sentences])
    spoken = np.array(found, dtype=bool).reshape(len(found), len(words))
    inside = [
        [span.start < window.end and window.start < span.end for span in passage.sentences]
        for window in passage.windows
    ]
    return np.array([spoken[mask].any(axis=0) for mask in inside], dtype=np.float64).reshape(
        len(passage.windows), len(words)
    )


def _time(wanted: Sequence[dated.Stretch], passage: Passage, info: DocumentInfo | None) -> tuple[float, float]:
    if not wanted:
        return 0.0, 0.0
    written = info.date if info else None
    said = kept.stretches(passage, written)
    if said or written is None:
        return dated.agreement(wanted, said)
    best, first = dated.agreement(wanted, [dated.of(written)])
    return max(best, 0.0), max(first, 0.0)  # that the article is of another day speaks against no passage
