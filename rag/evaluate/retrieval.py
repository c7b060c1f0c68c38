"""Retrieval alone, measured on a folder of BEIR, along the program's own way: same splitter, windows, index, fusion.

A corpus passage becomes a document; where the splitter cuts it, it stands at the place of its best part. Measures are
those of trec_eval, through ir-measures (MacAvaney et al. 2022, arXiv:2111.13466).
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np
import numpy.typing as npt

from rag.answer.find import retrieve
from rag.answer.question.query import understand
from rag.evaluate.beir import BeirQuery, CorpusPassage, Dataset
from rag.indexing import timed
from rag.ingest.split import SPLITTER_VERSION, split
from rag.models.embedder import Embedder
from rag.store.base import Store
from rag.store.embedded import open_store
from rag.types import Block, BlockKind, Document, Progress, Query, Run

MEASURES = {"hit@1": "Success@1", "recall@5": "R@5", "recall@10": "R@10", "mrr@10": "RR@10", "ndcg@10": "nDCG@10"}
DEPTH = 10  # corpus passages that are looked at
_CHUNK = 200  # corpus passages embedded and written at a time

OnProgress = Callable[[Progress], None]
Ranking = list[tuple[str, str]]  # corpus id, and the words of its best part; best first, each once


class Mode(StrEnum):
    DENSE = "dense"
    LEXICAL = "lexical"
    HYBRID = "hybrid"


@dataclass(frozen=True, slots=True)
class Ranked:
    """One query in one mode. ``found``: corpus ids, best first, at most DEPTH."""

    query: BeirQuery
    found: tuple[str, ...]
    best: str  # the words of the first one; "" where nothing was found
    measures: dict[str, float]
    seconds: float  # embedding included


@dataclass(frozen=True, slots=True)
class _Asked:
    query: BeirQuery
    understood: Query
    vector: npt.NDArray[np.float32] | None
    seconds: float  # that understanding and embedding took


@dataclass(frozen=True, slots=True)
class ModeResult:
    """``measures``: means over the queries, by the names of MEASURES."""

    measures: dict[str, float]
    ms_per_query: float
    rows: tuple[Ranked, ...]


@dataclass(frozen=True, slots=True)
class RetrievalResult:
    dataset: Dataset
    parts: int  # passages that the splitter made of the corpus
    vectors_per_character: float  # 0 where nothing was embedded
    modes: dict[Mode, ModeResult]


def evaluate_retrieval(
    dataset: Dataset,
    embedder: Embedder,
    modes: Sequence[Mode],
    *,
    candidates: int,
    on_progress: OnProgress | None = None,
) -> RetrievalResult:
    """Index the corpus in a temporary folder and ask every query in every mode.

    ``embedder`` embeds what it is given; hand in a CachedEmbedder to make a second run quick. Queries are embedded
    anew, so that their time is true. ``candidates``: passages that each half brings to the fusion.
    """
    tell = on_progress or (lambda _: None)
    with indexed(dataset, embedder, any(mode is not Mode.LEXICAL for mode in modes), tell) as (store, parts, windows):
        asked = _embed_queries(dataset, embedder, any(mode is not Mode.LEXICAL for mode in modes), tell)
        found = {mode: _ask(dataset, store, asked, mode, candidates, tell) for mode in modes}
    characters = sum(len(passage.text) for passage in dataset.corpus)
    return RetrievalResult(dataset, parts, windows / max(characters, 1), found)


def as_document(passage: CorpusPassage) -> Document:
    """One body block, word for word: corpora come without hard wraps."""
    text = passage.text if passage.text.strip() else passage.title or "—"
    return Document(
        id=passage.id,
        name=passage.id,
        path=passage.id,
        sha256="",
        encoding="utf-8",
        title=passage.title,
        date=None,
        source=text,
        text=text,
        runs=(Run(0, 0, len(text)),),
        blocks=(Block(BlockKind.BODY, 0, len(text)),),
    )


@contextmanager
def indexed(dataset: Dataset, embedder: Embedder, embed: bool, tell: OnProgress) -> Iterator[tuple[Store, int, int]]:
    """A temporary index of the corpus; its passages, and its vectors (0 where ``embed`` is false: zeros stand in)."""
    with tempfile.TemporaryDirectory(prefix="youju-eval-") as folder:
        store = open_store(
            Path(folder),
            embedder_name=embedder.name,
            embedder_fingerprint=embedder.fingerprint,
            dimension=embedder.dimension,
            splitter_version=SPLITTER_VERSION,
            create=True,
            lasting=False,
        )
        with store:
            yield store, *_fill(store, dataset, embedder, embed, tell)


def _fill(store: Store, dataset: Dataset, embedder: Embedder, embed: bool, tell: OnProgress) -> tuple[int, int]:
    parts = windows = 0
    started = time.monotonic()
    total = len(dataset.corpus)
    with store.batch():
        for first in range(0, total, _CHUNK):
            chunk = [as_document(passage) for passage in dataset.corpus[first : first + _CHUNK]]
            cut = [timed(split(document), document.date) for document in chunk]
            texts = [p.embedded(window) for passages in cut for p in passages for window in p.windows]

            def embedded(done: int, first: int = first, count: int = len(chunk), texts: list[str] = texts) -> None:
                at = first + count * done / max(len(texts), 1)
                spent = time.monotonic() - started
                tell(Progress("embed", int(at), total, "passages", dataset.name, spent / at * (total - at)))

            if embed:
                vectors = embedder.embed_passages(texts, on_progress=embedded)
                windows += len(texts)
            else:
                vectors = np.zeros((len(texts), embedder.dimension), np.float32)
            at = 0
            for document, passages in zip(chunk, cut, strict=True):
                count = sum(len(passage.windows) for passage in passages)
                store.put(document, passages, vectors[at : at + count])
                at += count
                parts += len(passages)
            done = first + len(chunk)
            left = (time.monotonic() - started) / done * (total - done)
            tell(Progress("embed", done, total, "passages", dataset.name, left))
    return parts, windows


def _embed_queries(dataset: Dataset, embedder: Embedder, embed: bool, tell: OnProgress) -> list[_Asked]:
    """Each query understood and, where ``embed``, embedded: once for all modes, the time counted to each."""
    if embed:
        embedder.embed_query("预热")  # loading the weights is no part of a query
    found = []
    began = time.monotonic()
    for done, query in enumerate(dataset.queries, 1):
        started = time.perf_counter()
        understood = understand(query.text, (), query.today)
        vector = retrieve.query_vector(understood, embedder) if embed else None
        found.append(_Asked(query, understood, vector, time.perf_counter() - started))
        left = (time.monotonic() - began) / done * (len(dataset.queries) - done)
        tell(Progress("questions", done, len(dataset.queries), "questions", dataset.name, left))
    return found


def _ask(
    dataset: Dataset, store: Store, asked: Sequence[_Asked], mode: Mode, candidates: int, tell: OnProgress
) -> ModeResult:
    found: list[tuple[BeirQuery, Ranking, float]] = []
    began = time.monotonic()
    for done, each in enumerate(asked, 1):
        started = time.perf_counter()
        with store.reading():
            ranking = _ranking(store, each.understood, each.vector, mode, candidates)
        seconds = time.perf_counter() - started + (each.seconds if mode is not Mode.LEXICAL else 0.0)
        found.append((each.query, ranking, seconds))
        left = (time.monotonic() - began) / done * (len(asked) - done)
        tell(Progress("evaluate", done, len(asked), "questions", f"{dataset.name} {mode}", left))
    measured = _measure(dataset, {query.id: [corpus_id for corpus_id, _ in ranking] for query, ranking, _ in found})
    rows = tuple(
        Ranked(
            query,
            tuple(corpus_id for corpus_id, _ in ranking),
            ranking[0][1] if ranking else "",
            measured[query.id],
            seconds,
        )
        for query, ranking, seconds in found
    )
    means = {name: float(np.mean([row.measures[name] for row in rows])) for name in MEASURES}
    return ModeResult(means, 1000 * float(np.mean([row.seconds for row in rows])), rows)


def _ranking(
    store: Store, query: Query, vector: npt.NDArray[np.float32] | None, mode: Mode, candidates: int
) -> Ranking:
    """The first DEPTH corpus passages. More candidates are asked for where parts of few passages fill the list."""
    while True:
        if mode is Mode.HYBRID:
            assert vector is not None
            ids = [ranked.passage.id for ranked in retrieve.rank(query, vector, store, candidates=candidates)]
        elif mode is Mode.DENSE:
            assert vector is not None
            ids = [match.passage_id for match in store.search_dense(vector, candidates)]
        else:
            ids = [match.passage_id for match in store.search_lexical(query.rewritten, candidates)]
        best: dict[str, str] = {}
        for passage_id in ids:
            best.setdefault(passage_id.rpartition(":")[0], passage_id)
        if len(best) >= DEPTH or len(ids) < candidates:
            break
        candidates *= 4
    first = list(best.items())[:DEPTH]
    texts = store.passages([passage_id for _, passage_id in first[:1]])
    return [(corpus_id, texts[0].text if not at else "") for at, (corpus_id, _) in enumerate(first)]


def _measure(dataset: Dataset, run: dict[str, list[str]]) -> dict[str, dict[str, float]]:
    """Query id → measure → value. A passage's score is its place, so that ties are ours to break."""
    import ir_measures

    names = {ir_measures.parse_measure(theirs): ours for ours, theirs in MEASURES.items()}
    scores = {query: {corpus_id: float(DEPTH - at) for at, corpus_id in enumerate(ids)} for query, ids in run.items()}
    measured: dict[str, dict[str, float]] = {query: dict.fromkeys(MEASURES, 0.0) for query in run}
    for value in ir_measures.iter_calc(list(names), dataset.qrels, scores):
        measured[value.query_id][names[value.measure]] = float(value.value)
    return measured
