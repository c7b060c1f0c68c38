"""Fit how dense and lexical search are fused (rag/answer/find/features.py) on folders in the layout of BEIR.

Every question brings its candidates as the program would, each with its features; the weights are those under which the
passages that answer are likeliest (a softmax over a question's candidates, sets counting alike). Printed are hit@1 and
recall@5 on the half of the questions that was not fitted on, on each set left out of the fit, what fewer features give,
and the weights to put into features.py::

    python benchmarks/fusion.py DATA/cmrc2018 DATA/drcd DATA/chronoqa [--questions 800]
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize  # type: ignore[import-untyped]

from rag.answer.find import features
from rag.answer.question.query import understand
from rag.answer.when import dated
from rag.evaluate.beir import Dataset, load_beir
from rag.evaluate.retrieval import indexed
from rag.evaluate.vectors import CachedEmbedder
from rag.models.embedder import Embedder, open_embedder
from rag.settings import load_settings
from rag.store import analyze
from rag.types import Progress

NAMES = list(features.WEIGHTS)
FEWER = (("dense",), ("bm25",), ("dense", "bm25"), ("dense", "bm25", "window"), tuple(NAMES))
PENALTY = 1e-3  # of squared weights, in units of each feature's spread
Array = npt.NDArray[np.float64]
Measured = tuple[float, float]  # hit@1, recall@5


@dataclass(frozen=True, slots=True)
class Asked:
    """One question: its candidates with their features and corpus ids, and the ids that answer it."""

    known: features.Features
    ids: list[str]
    gold: frozenset[str]

    @property
    def rows(self) -> Array:
        return self.known.rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--questions", type=int, default=None, help="of each set")
    chosen = parser.parse_args()
    settings = load_settings({"llm.provider": "none"})
    sets: dict[str, list[Asked]] = {}
    with CachedEmbedder(open_embedder(settings), settings.cache_dir / "vectors") as embedder:
        for folder in chosen.folders:
            dataset = load_beir(folder, limit=chosen.questions)
            sets[dataset.name] = list(ask(dataset, embedder, settings.retrieval.candidates))
    report(sets)


def ask(dataset: Dataset, embedder: Embedder, candidates: int) -> Iterator[Asked]:
    with indexed(dataset, embedder, True, tell) as (store, _, _):
        for done, question in enumerate(dataset.queries, 1):
            query = understand(question.text, (), question.today)
            vector = embedder.embed_query(query.rewritten)
            dense = store.search_dense(vector, candidates)
            lexical = store.search_lexical(query.rewritten, candidates)
            passages = store.passages(
                list(dict.fromkeys([*(m.passage_id for m in dense), *(m.passage_id for m in lexical)]))
            )
            wanted = dated.asked(analyze.fold(query.rewritten), query.today)
            known = features.features(query, vector, passages, dense, lexical, store, wanted)
            yield Asked(known, [p.document_id for p in passages], frozenset(dataset.qrels[question.id]))
            if done % 100 == 0:
                tell(Progress("ask", done, len(dataset.queries), "questions", dataset.name))


def fit(sets: Sequence[Sequence[Asked]], columns: Sequence[int]) -> Array:
    """Weights of the columns: log-likelihood of each answering passage (the best of its parts) among those that do not."""
    every = np.concatenate([asked.rows[:, columns] for found in sets for asked in found])
    spread = every.std(axis=0) + 1e-9
    items: list[tuple[Array, npt.NDArray[np.bool_], float]] = []
    for found in sets:
        for asked in found:
            ids = np.array(asked.ids)
            answers = np.isin(ids, list(asked.gold))
            here = set(ids[answers])
            for gold in here:
                mine = ids == gold
                kept = mine | ~answers
                items.append((asked.rows[kept][:, columns] / spread, mine[kept], 1 / len(here) / len(found)))

    def loss(weights: Array) -> tuple[float, Array]:
        value, slope = PENALTY * float(weights @ weights), 2 * PENALTY * weights
        for rows, mine, share in items:
            scores = rows @ weights
            odds = np.exp(scores - scores.max())
            value -= share * float(np.log(odds[mine].sum() / odds.sum() + 1e-12))
            slope -= share * (odds[mine] @ rows[mine] / (odds[mine].sum() + 1e-12) - odds @ rows / odds.sum())
        return value, slope

    found = minimize(loss, np.zeros(len(columns)), jac=True, method="L-BFGS-B").x
    return np.asarray(found / spread, dtype=np.float64)


def measure(found: Sequence[Asked], columns: Sequence[int], weights: Array) -> Measured:
    """hit@1 and recall@5, over corpus passages."""
    orders = [np.argsort(-(asked.rows[:, columns] @ weights), kind="stable").tolist() for asked in found]
    return measured(found, orders)


def measured(found: Sequence[Asked], orders: Sequence[Sequence[int]]) -> Measured:
    hits, recalls = [], []
    for asked, order in zip(found, orders, strict=True):
        ranked = list(dict.fromkeys(asked.ids[at] for at in order))
        hits.append(bool(ranked) and ranked[0] in asked.gold)
        recalls.append(len(asked.gold.intersection(ranked[:5])) / len(asked.gold))
    return float(np.mean(hits)), float(np.mean(recalls))


def report(sets: dict[str, list[Asked]]) -> None:
    print(f"{'':32}" + "".join(f"{name:>18}" for name in sets))
    for names in FEWER:
        columns = [NAMES.index(name) for name in names]
        weights = fit([found[::2] for found in sets.values()], columns)
        line("+".join(names), [measure(found[1::2], columns, weights) for found in sets.values()])
    columns = list(range(len(NAMES)))
    left_out = []
    for name, found in sets.items():
        others = [other for key, other in sets.items() if key != name]
        left_out.append(measure(found, columns, fit(others, columns)) if others else (np.nan, np.nan))
    line("each set left out of the fit", left_out)
    shipped = [[[at for at, _ in features.order(asked.known)] for asked in found] for found in sets.values()]
    line("as shipped, with new ground", [measured(f, o) for f, o in zip(sets.values(), shipped, strict=True)])
    weights = fit(list(sets.values()), columns)
    print("WEIGHTS =", {name: round(float(weight), 2) for name, weight in zip(NAMES, weights, strict=True)})


def line(what: str, found: Sequence[tuple[float, float]]) -> None:
    print(f"{what[:32]:32}" + "".join(f"{f'{hit:.3f} / {recall:.3f}':>18}" for hit, recall in found))


def tell(now: Progress) -> None:
    if now.done == now.total or now.done % 500 == 0:
        print(f"{now.item}: {now.stage} {now.done}/{now.total}", file=sys.stderr)


if __name__ == "__main__":
    main()
