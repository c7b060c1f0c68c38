"""A query → the passages that bear on it, best first: dense and lexical search, fused."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from rag.answer.find.features import FEATURES, features, order
from rag.answer.text.words import bigrams
from rag.answer.when import dated
from rag.models.embedder import Embedder
from rag.store import analyze
from rag.store.base import DenseMatch, Filters, LexicalMatch, Store, Vectors
from rag.types import DocumentInfo, Hit, Passage, Query, Span

if TYPE_CHECKING:
    from rag.models.rerank import Reranker

# Passages sharing more of their character bigrams than this say the same thing twice.
NEAR_DUPLICATE = 0.9
_SAME_DAY = re.compile("(?:当天|當天|同日|当日|當日|同一天)[，,]?")  # 「会议开幕当天，股市如何」
RERANKED = 20  # passages that a reranker reads, where more are not asked for: it takes seconds on a processor


@dataclass(frozen=True, slots=True)
class Ranked:
    """A passage with all that its place rests on. Ranks count from 1; None: that half did not bring it."""

    passage: Passage
    score: float  # fused; larger is better
    dense_score: float | None
    dense_rank: int | None
    lexical_score: float | None
    lexical_rank: int | None
    window: Span | None
    worded: float  # share of the question's terms in one window
    timely: float | None  # agreement of times; None where the question names none


def retrieve(
    query: Query,
    vector: npt.NDArray[np.float32],
    store: Store,
    *,
    k: int,
    candidates: int,
    filters: Filters | None = None,
    reranker: Reranker | None = None,
) -> list[Hit]:
    """Up to ``k`` hits for a query whose vector is ``vector`` (shape (dimension,)), of the documents that ``filters`` allow.

    ``candidates``: how many passages each of the two searches brings to the fusion. Duplicates of a better hit are left
    out, and come last where there are not ``k`` others; near duplicates come last, one of four hits at most: what they
    say otherwise may be a correction.
    """
    found = retrieve_windows(query, vector, store, k=k, candidates=candidates, filters=filters, reranker=reranker)
    return [hit for hit, _ in found]


def retrieve_windows(
    query: Query,
    vector: npt.NDArray[np.float32],
    store: Store,
    *,
    k: int,
    candidates: int,
    filters: Filters | None = None,
    reranker: Reranker | None = None,
) -> list[tuple[Hit, Vectors]]:
    """The same, each hit with the vectors of its windows, shape (windows, dimension).

    All of it comes from one state of the store. A reranker, which takes seconds, reads when the store is let go.
    """
    with store.reading():
        ranked = rank(query, vector, store, candidates=max(candidates, k), filters=filters)
        ranked = _distinct(ranked, k) if reranker is None else ranked[: max(RERANKED, k)]
        documents = {info.id: info for info in store.documents({each.passage.document_id for each in ranked})}
        ids = [each.passage.id for each in ranked]
        windows = dict(zip(ids, store.window_vectors(ids), strict=True))
    if reranker is not None:
        ranked = _distinct(_reranked(query, ranked, reranker), k)
    return [(_hit(each, documents[each.passage.document_id]), windows[each.passage.id]) for each in ranked]


def rank(
    query: Query,
    vector: npt.NDArray[np.float32],
    store: Store,
    *,
    candidates: int,
    filters: Filters | None = None,
) -> list[Ranked]:
    """All that the two searches bring, best first."""
    dense = store.search_dense(vector, candidates, filters)
    lexical = store.search_lexical(query.rewritten, candidates, filters)
    wanted = dated.asked(analyze.fold(query.rewritten), query.today)
    ranked = _fuse(query, vector, store, dense, lexical, wanted)
    same = _SAME_DAY.search(query.rewritten)
    day = _first_day(ranked) if same else None
    if same is None or day is None:
        return ranked
    # What else happened on the day of the best passage: that day becomes a part of the question.
    other = f"{query.rewritten[same.end() :]}，{day:%Y}年{day.month}月{day.day}日"
    more = store.search_lexical(other, candidates, filters)
    on_day = [dated.Stretch(day.toordinal(), day.toordinal())]
    return _fuse(query, vector, store, dense, lexical, on_day, [match.passage_id for match in more])


def _fuse(
    query: Query,
    vector: npt.NDArray[np.float32],
    store: Store,
    dense: Sequence[DenseMatch],
    lexical: Sequence[LexicalMatch],
    wanted: Sequence[dated.Stretch],
    more: Sequence[str] = (),
) -> list[Ranked]:
    """``more``: ids of other candidates."""
    by_dense = {match.passage_id: (place, match) for place, match in enumerate(dense, 1)}
    by_lexical = {match.passage_id: (place, match) for place, match in enumerate(lexical, 1)}
    found = store.passages(list(dict.fromkeys([*by_dense, *by_lexical, *more])))
    known = features(query, vector, found, dense, lexical, store, wanted)
    worded_at, timely_at = FEATURES.index("window"), FEATURES.index("time")
    ranked = []
    for at, score in order(known):
        passage = found[at]
        dense_rank, near = by_dense.get(passage.id, (None, None))
        lexical_rank, worded = by_lexical.get(passage.id, (None, None))
        ranked.append(
            Ranked(
                passage=passage,
                score=score,
                dense_score=near.score if near else None,
                dense_rank=dense_rank,
                lexical_score=worded.score if worded else None,
                lexical_rank=lexical_rank,
                window=near.window if near else None,
                worded=float(known.rows[at, worded_at]),
                timely=float(known.rows[at, timely_at]) if wanted else None,
            )
        )
    return ranked


def _first_day(ranked: Sequence[Ranked]) -> date | None:
    """The day that the best passage begins with."""
    said = dated.told(analyze.fold(ranked[0].passage.text), None) if ranked else []
    return date.fromordinal(said[0].first) if said and said[0].days == 1 else None


def query_vector(query: Query, embedder: Embedder) -> npt.NDArray[np.float32]:
    """The vector of the whole question: shape (dimension,)."""
    return embedder.embed_query(query.rewritten)


def _reranked(query: Query, ranked: Sequence[Ranked], reranker: Reranker) -> list[Ranked]:
    texts = [f"{each.passage.title}\n{each.passage.text}".strip() for each in ranked]
    scores = reranker.scores(query.rewritten, texts)
    scored = [replace(each, score=float(score)) for each, score in zip(ranked, scores, strict=True)]
    return sorted(scored, key=lambda each: (-each.score, each.passage.id))


def _distinct(ranked: Sequence[Ranked], k: int) -> list[Ranked]:
    chosen: list[Ranked] = []
    nearly: list[Ranked] = []
    repeated: list[Ranked] = []
    seen: list[set[str]] = []
    versions: list[set[str]] = []
    for each in ranked:
        words = bigrams(each.passage.text)
        nearest = max(seen, key=lambda other: _overlap(words, other), default=None)
        if nearest is not None and _overlap(words, nearest) > NEAR_DUPLICATE:
            new = words != nearest and words not in versions
            (nearly if new else repeated).append(each)
            versions.append(words)
            continue
        seen.append(words)
        chosen.append(each)
        if len(chosen) == k:
            break
    kept = chosen[: k - min(len(nearly), k // 4)]
    return [*kept, *nearly, *chosen[len(kept) :], *repeated][:k]


def _hit(ranked: Ranked, info: DocumentInfo) -> Hit:
    return Hit(
        passage=ranked.passage,
        document=info.name,
        title=info.title,
        date=info.date,
        score=ranked.score,
        dense_score=ranked.dense_score,
        dense_rank=ranked.dense_rank,
        lexical_score=ranked.lexical_score,
        lexical_rank=ranked.lexical_rank,
        best_window=ranked.window,
        worded=ranked.worded,
        timely=ranked.timely,
    )


def _overlap(one: set[str], other: set[str]) -> float:
    """Jaccard similarity."""
    return len(one & other) / len(one | other) if one or other else 1.0
