"""Retrieval on three public sets in the layout of BEIR: each search alone, both fused, and what each feature adds.

CMRC 2018 and DRCD ask about single passages of an encyclopedia (DRCD in traditional characters, here also asked in
simplified ones), ChronoQA about news, on a day that is known. One setting for all. No language model is asked::

    python benchmarks/retrieval.py DATA_FOLDER [--limit 200] [--json]

DATA_FOLDER holds cmrc2018/, drcd/ and chronoqa/. Some ten minutes on two cores once the passages' vectors are kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from fusion import NAMES, Asked, Measured, ask, fit, measure
from opencc import OpenCC
from runs import Row, finish, options

from rag.evaluate import CachedEmbedder, Mode, evaluate_retrieval
from rag.evaluate.beir import Dataset, load_beir
from rag.evaluate.retrieval import RetrievalResult
from rag.models.embedder import open_embedder
from rag.settings import load_settings

SETS = ("cmrc2018", "drcd", "chronoqa")
SIMPLIFIED = "drcd, asked in simplified characters"
SHOWN = ("hit@1", "recall@5", "ndcg@10")
FEWER = (("dense", "bm25"), ("dense", "bm25", "window"), tuple(NAMES))


def main() -> None:
    chosen = options(__doc__).parse_args()
    settings = load_settings({"llm.provider": "none"})
    candidates = settings.retrieval.candidates
    with CachedEmbedder(open_embedder(settings), settings.cache_dir / "vectors") as embedder:
        datasets = load(chosen.data, chosen.limit)
        found = {
            name: evaluate_retrieval(dataset, embedder, list(Mode), candidates=candidates)
            for name, dataset in datasets.items()
        }
        asked = {name: list(ask(datasets[name], embedder, candidates)) for name in SETS}
    features = by_features(asked)
    result: dict[str, Any] = {
        "sets": {name: figures(one) for name, one in found.items()},
        "features, fitted on every second question, measured on the others": features,
    }
    rows = [row for name, one in found.items() for row in rows_of(name, one)]
    finish(chosen, "retrieval", settings, result, rows, report(found, features))


def load(folder: Path, limit: int | None) -> dict[str, Dataset]:
    datasets = {name: load_beir(folder / name, limit=limit) for name in SETS}
    simplified = OpenCC("t2s").convert
    drcd = datasets["drcd"]
    queries = tuple(replace(query, text=simplified(query.text)) for query in drcd.queries)
    return datasets | {SIMPLIFIED: replace(drcd, name=SIMPLIFIED, queries=queries)}


def by_features(sets: dict[str, list[Asked]]) -> dict[str, dict[str, Measured]]:
    """Names of the features → set → hit@1 and recall@5."""
    found = {}
    for names in FEWER:
        columns = [NAMES.index(name) for name in names]
        weights = fit([asked[::2] for asked in sets.values()], columns)
        found["+".join(names)] = {name: measure(asked[1::2], columns, weights) for name, asked in sets.items()}
    return found


def figures(found: RetrievalResult) -> dict[str, Any]:
    return {
        "passages": len(found.dataset.corpus),
        "questions": len(found.dataset.queries),
        "vectors per character": round(found.vectors_per_character, 4),
        "modes": {
            str(mode): {name: round(value, 4) for name, value in one.measures.items()}
            | {"ms per query": round(one.ms_per_query, 1)}
            for mode, one in found.modes.items()
        },
        "hybrid, by kind": {
            kind: {name: round(value, 4) for name, value in of_kind(found, kind).items()} for kind in kinds(found)
        },
    }


def kinds(found: RetrievalResult) -> list[str]:
    return sorted({query.kind for query in found.dataset.queries if query.kind})


def of_kind(found: RetrievalResult, kind: str) -> dict[str, float]:
    rows = [row.measures for row in found.modes[Mode.HYBRID].rows if row.query.kind == kind]
    return {name: sum(row[name] for row in rows) / len(rows) for name in rows[0]} | {"questions": len(rows)}


def rows_of(name: str, found: RetrievalResult) -> list[Row]:
    """Of each question the rank of the first passage that answers it, in each mode."""
    rows: dict[str, Row] = {}
    for mode, one in found.modes.items():
        for row in one.rows:
            gold = found.dataset.qrels[row.query.id]
            rank = next((at for at, passage in enumerate(row.found, 1) if passage in gold), None)
            rows.setdefault(row.query.id, {"set": name, "id": row.query.id})[str(mode)] = rank
    return list(rows.values())


def report(found: dict[str, RetrievalResult], features: dict[str, dict[str, Measured]]) -> list[str]:
    head = ["", *found]
    lines = [
        line("passages / questions", [f"{len(f.dataset.corpus)} / {len(f.dataset.queries)}" for f in found.values()]),
        line("vectors a character", [f"{f.vectors_per_character:.3f}" for f in found.values()]),
    ]
    lines += [line(f"**{mode}**", [shown(f.modes[mode].measures) for f in found.values()]) for mode in Mode]
    lines.append(line("hybrid, ms a query", [f"{f.modes[Mode.HYBRID].ms_per_query:.0f}" for f in found.values()]))
    for kind in dict.fromkeys(kind for f in found.values() for kind in kinds(f)):
        cells = [shown(of_kind(f, kind)) if kind in kinds(f) else "" for f in found.values()]
        count = sum(int(of_kind(f, kind)["questions"]) for f in found.values() if kind in kinds(f))
        lines.append(line(f"hybrid, {kind} times ({count})", cells))
    added = [
        line(names.replace("+", " + "), [f"{hit:.3f} / {recall:.3f}" for hit, recall in of.values()])
        for names, of in features.items()
    ]
    return [
        "# Retrieval on public sets",
        "",
        "`python benchmarks/retrieval.py DATA_FOLDER`: all questions, one setting for all sets; "
        + " / ".join(SHOWN)
        + ".",
        "A passage that the splitter cuts counts once, by its best part.",
        "",
        line(head[0], head[1:]),
        line("---", ["---"] * len(found)),
        *lines,
        "",
        "What each feature adds, hit@1 / recall@5: weights fitted on every second question of all sets, measured on the others, without",
        "the step that spreads the hits over what is asked.",
        "",
        line("", list(SETS)),
        line("---", ["---"] * len(SETS)),
        *added,
    ]


def shown(measures: dict[str, float]) -> str:
    return " / ".join(f"{measures[name]:.4f}" for name in SHOWN)


def line(name: str, cells: Sequence[str]) -> str:
    return f"| {name} | {' | '.join(cells)} |"


if __name__ == "__main__":
    main()
