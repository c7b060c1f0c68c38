"""Fit the decision to stay silent (rag/answer/refuse.py) on public question sets.

Each question is asked twice: with its evidence there, and with every passage that holds its answer taken away. The
difference is what the features must see. Prints leave-one-set-out accuracy and the weights to put into refuse.py::

    python benchmarks/refusal.py DATA_FOLDER [--questions 150] [--save features.jsonl]

DATA_FOLDER holds cmrc2018/, drcd/, chronoqa/ (BEIR folders) and rgb/zh_refine.jsonl.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import asdict, fields
from datetime import date
from pathlib import Path

import numpy as np

from rag.answer.find.evidence import rank_sentences
from rag.answer.refuse import Features, features
from rag.answer.text.words import to_simplified
from rag.ingest.split import split
from rag.models.embedder import Embedder, open_embedder
from rag.settings import load_settings
from rag.types import ArticleDate, Block, BlockKind, Document, Hit, Passage, Query, Run

TOP = 8  # hits that a question sees, as in the settings' default


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--questions", type=int, default=150, help="of each set")
    parser.add_argument("--save", type=Path, help="write the features, one row a line")
    parser.add_argument("--load", type=Path, help="fit on features saved before")
    chosen = parser.parse_args()
    rows = read_rows(chosen.load) if chosen.load else []
    if not rows:
        with chosen.save.open("w", encoding="utf-8") if chosen.save else nullcontext() as kept:
            for row in measure(chosen.data, chosen.questions):
                rows.append(row)
                if kept:
                    kept.write(json.dumps(row, ensure_ascii=False) + "\n")
    report(rows)


def read_rows(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def measure(data: Path, count: int) -> Iterator[dict[str, object]]:
    embedder = open_embedder(load_settings({"llm.provider": "none"}))
    for name in ("cmrc2018", "drcd", "chronoqa"):
        yield from beir(data / name, name, count, embedder)
    yield from rgb(data / "rgb" / "zh_refine.jsonl", count, embedder)


def beir(folder: Path, name: str, count: int, embedder: Embedder) -> Iterator[dict[str, object]]:
    corpus = {r["_id"]: r for r in map(json.loads, (folder / "corpus.jsonl").open(encoding="utf-8"))}
    gold: dict[str, set[str]] = {}
    for line in (folder / "qrels" / "test.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        question, passage, *_ = line.split("\t")
        gold.setdefault(question, set()).add(passage)
    questions = [json.loads(line) for line in (folder / "queries.jsonl").open(encoding="utf-8")]
    random.Random(7).shuffle(questions)
    questions = questions[:count]
    # the questions' own passages, and as many others: a small library, as a newcomer's is
    wanted = set().union(*(gold[q["_id"]] for q in questions))
    others = [key for key in corpus if key not in wanted]
    wanted |= set(random.Random(8).sample(others, min(len(others), len(wanted))))
    library = [passages_of(key, corpus[key]["title"], corpus[key]["text"], None) for key in sorted(wanted)]
    passages = [passage for found in library for passage in found]
    vectors = embedded(passages, embedder, name)
    flat = np.concatenate(vectors)
    owner = np.repeat(np.arange(len(passages)), [len(v) for v in vectors])
    for number, row in enumerate(questions):
        answers = [to_simplified(str(a)) for a in row.get("metadata", {}).get("answers", []) if len(str(a)) > 1]
        day = row.get("metadata", {}).get("date") or "2024-03-18"
        query = Query(row["text"], row["text"], date(*(int(part) for part in day.split("-"))))
        vector = embedder.embed_query(row["text"])
        best = np.full(len(passages), -1.0)
        np.maximum.at(best, owner, flat @ vector)
        order = [int(i) for i in np.argsort(-best)[:60]]
        bare = [
            i
            for i in order
            if passages[i].document_id not in gold[row["_id"]]
            and not any(answer in to_simplified(passages[i].text) for answer in answers)
        ]
        for label, chosen in ((1, order[:TOP]), (0, bare[:TOP])):
            if label and not any(passages[i].document_id in gold[row["_id"]] for i in chosen):
                continue
            yield _row(name, label, query, chosen, passages, vectors, best, vector)
        print(f"\r{name} {number + 1}/{len(questions)}", end="", file=sys.stderr)
    print(file=sys.stderr)


def rgb(path: Path, count: int, embedder: Embedder) -> Iterator[dict[str, object]]:
    rows = [json.loads(line) for line in path.open(encoding="utf-8")]
    random.Random(7).shuffle(rows)
    for number, row in enumerate(rows[: count // 2]):
        query = Query(row["query"], row["query"], date(2023, 6, 1))
        vector = embedder.embed_query(row["query"])
        for label, texts in ((1, row["positive"][:2] + row["negative"][:4]), (0, row["negative"][:6])):
            library = [passages_of(f"{number}-{i}", "", text, None) for i, text in enumerate(texts)]
            passages = [passage for found in library for passage in found]
            vectors = embedded(passages, embedder, "")
            best = np.array([float((v @ vector).max()) if len(v) else -1.0 for v in vectors])
            chosen = [int(i) for i in np.argsort(-best)[:TOP]]
            yield _row("rgb", label, query, chosen, passages, vectors, best, vector)
        print(f"\rrgb {number + 1}", end="", file=sys.stderr)
    print(file=sys.stderr)


def _row(
    name: str,
    label: int,
    query: Query,
    chosen: Sequence[int],
    passages: Sequence[Passage],
    vectors: Sequence[np.ndarray],
    best: np.ndarray,
    vector: np.ndarray,
) -> dict[str, object]:
    hits = [
        Hit(
            passages[i], passages[i].document_id, passages[i].title, None, float(best[i]), float(best[i]), r, None, None
        )
        for r, i in enumerate(chosen, 1)
    ]
    ranked = rank_sentences(query, hits, vector, [vectors[i] for i in chosen])
    return {"set": name, "label": label, "question": query.text} | asdict(features(query, hits, ranked))


def passages_of(key: str, title: str, text: str, when: ArticleDate | None) -> tuple[Passage, ...]:
    runs, blocks = (Run(0, 0, len(text)),), (Block(BlockKind.BODY, 0, len(text)),)
    return split(Document(key, key, key, "", "utf-8", title, when, text, text, runs, blocks))


def embedded(passages: Sequence[Passage], embedder: Embedder, name: str) -> list[np.ndarray]:
    texts = [passage.slice(window) for passage in passages for window in passage.windows]
    flat = embedder.embed_passages(
        texts,
        on_progress=lambda n: print(f"\r{name} {n}/{len(texts)} windows", end="", file=sys.stderr) if name else None,
    )
    found, at = [], 0
    for passage in passages:
        found.append(flat[at : at + len(passage.windows)])
        at += len(passage.windows)
    return found


def report(rows: Sequence[dict[str, object]]) -> None:
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score

    names = [field.name for field in fields(Features)]
    x = np.array([[float(str(row[n])) for n in names] for row in rows])
    y = np.array([int(str(row["label"])) for row in rows])
    sets = np.array([str(row["set"]) for row in rows])
    print(f"{'left out':10} {'AUC':>6} {'refused when absent, at 5 % / 10 % of the answerable refused':>60}")
    for name in sorted(set(sets)):
        train, test = sets != name, sets == name
        model = LogisticRegression(C=1.0, max_iter=1000).fit(x[train], y[train])
        p = model.predict_proba(x[test])[:, 1]
        shares = []
        for share in (0.05, 0.10):
            threshold = np.quantile(p[y[test] == 1], share)
            shares.append(f"{(p[y[test] == 0] < threshold).mean():.3f}")
        print(f"{name:10} {roc_auc_score(y[test], p):6.3f} {' / '.join(shares):>60}")
    model = LogisticRegression(C=1.0, max_iter=1000).fit(x, y)
    for name, weight, zero, one in zip(names, model.coef_[0], x[y == 0].mean(0), x[y == 1].mean(0), strict=True):
        print(f"{name:20} weight {weight:8.3f}   mean without evidence {zero:.3f}, with {one:.3f}")
    print(f"bias {model.intercept_[0]:.3f}")
    p = model.predict_proba(x)[:, 1]
    for share in (0.02, 0.05, 0.10):
        print(f"threshold at {share:.0%} of the answerable refused: {np.quantile(p[y == 1], share):.3f}")


if __name__ == "__main__":
    main()
