"""Fit the trust in a sentence of the model (rag/answer/trust.py) on public question sets.

Each question is asked three times: with its evidence there; with every passage that holds its answer taken away; and
changed into a near miss, one name, year or noun exchanged for another of the same kind, with the passages that the changed
question finds. What the model writes is right only in the first case, and only where it gives the known answer::

    python benchmarks/trust.py DATA_FOLDER [--questions 40] [--save signs.jsonl | --load signs.jsonl]

DATA_FOLDER as for benchmarks/refusal.py. Asks the embedded language model: some five seconds a question on two cores.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import astuple, dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from refusal import TOP, embedded, passages_of

from rag.answer import prompt
from rag.answer.bearing import CERTAIN_OBJECTIONS, objections, wanted
from rag.answer.cite import check_answer
from rag.answer.find.evidence import pack, rank_sentences
from rag.answer.refuse import answerable, features
from rag.answer.text.words import bigrams, tagged, to_simplified
from rag.answer.trust import Signs, signs
from rag.models.embedder import open_embedder
from rag.models.llm import estimate_tokens, open_chat_model, stream_text
from rag.settings import load_settings
from rag.types import Evidence, Hit, Query

KINDS = ("ns", "nr", "nt", "nz", "nrt", "nrfg", "n", "vn")


@dataclass(frozen=True, slots=True)
class Case:
    """A question as it was asked, and what the model wrote."""

    set: str
    kind: str  # "with", "without", "year", "name", "noun"
    query: Query
    evidence: list[Evidence]
    estimate: float
    written: str
    answers: list[str]

    @property
    def right(self) -> bool:
        """The known answer stands in it, or nearly all of a long one."""
        said = "".join(to_simplified(self.written).lower().split())
        return self.kind == "with" and any(
            "".join(to_simplified(answer).lower().split()) in said
            or (len(answer) >= 6 and len(bigrams(answer) & bigrams(said)) >= 0.7 * len(bigrams(answer)))
            for answer in self.answers
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--questions", type=int, default=40, help="of each set")
    parser.add_argument("--save", type=Path)
    parser.add_argument("--load", type=Path)
    chosen = parser.parse_args()
    if chosen.load:
        rows = [json.loads(line) for line in chosen.load.read_text(encoding="utf-8").splitlines()]
    else:
        rows = []
        with chosen.save.open("w", encoding="utf-8") if chosen.save else nullcontext() as kept:
            for name in ("cmrc2018", "chronoqa", "drcd"):
                for case in ask(chosen.data / name, name, chosen.questions):
                    rows.append({"set": case.set, "kind": case.kind, "right": case.right, "signs": seen(case)})
                    if kept:
                        kept.write(json.dumps(rows[-1]) + "\n")
    report(rows)


def ask(folder: Path, name: str, count: int) -> Iterator[Case]:
    settings = load_settings({})
    embedder, model = open_embedder(settings), open_chat_model(settings)
    assert model is not None
    rng = random.Random(11)
    corpus = {r["_id"]: r for r in map(json.loads, (folder / "corpus.jsonl").open(encoding="utf-8"))}
    gold: dict[str, set[str]] = {}
    for line in (folder / "qrels" / "test.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        question, passage, *_ = line.split("\t")
        gold.setdefault(question, set()).add(passage)
    questions = [json.loads(line) for line in (folder / "queries.jsonl").open(encoding="utf-8")]
    rng.shuffle(questions)
    questions = questions[:count]
    keys = set[str]().union(*(gold[q["_id"]] for q in questions))
    others = [key for key in corpus if key not in keys]
    keys |= set(random.Random(8).sample(others, min(len(others), len(keys))))
    passages = [
        p for key in sorted(keys) for p in passages_of(key, corpus[key].get("title", ""), corpus[key]["text"], None)
    ]
    vectors = embedded(passages, embedder, name)
    flat, owner = np.concatenate(vectors), np.repeat(np.arange(len(passages)), [len(v) for v in vectors])
    pool: dict[str, list[str]] = {}
    for row in questions:
        for word, tag in tagged(row["text"]):
            if tag in KINDS and len(word) > 1:
                pool.setdefault(tag, []).append(word)
    for number, row in enumerate(questions):
        answers = [str(a) for a in row.get("metadata", {}).get("answers", [])]
        day = row.get("metadata", {}).get("date")
        today = date.fromisoformat(day) if day else None
        asked = [(row["text"], "with"), (row["text"], "without")]
        if changed := exchanged(row["text"], pool, rng):
            asked.append(changed)
        for text, kind in asked:
            query = Query(text, text, today)
            vector = embedder.embed_query(text)
            best = np.full(len(passages), -1.0)
            np.maximum.at(best, owner, flat @ vector)
            order = [int(i) for i in np.argsort(-best)[:60]]
            if kind == "without":
                plain = [to_simplified(a) for a in answers if len(a) > 1]
                order = [i for i in order if passages[i].document_id not in gold[row["_id"]]]
                order = [i for i in order if not any(a in to_simplified(passages[i].text) for a in plain)]
            hits = [
                Hit(
                    passages[i],
                    passages[i].document_id,
                    passages[i].title,
                    None,
                    float(best[i]),
                    float(best[i]),
                    r,
                    None,
                    None,
                )
                for r, i in enumerate(order[:TOP], 1)
            ]
            ranked = rank_sentences(query, hits, vector, [vectors[i] for i in order[:TOP]])
            evidence = pack(ranked, query, budget=settings.llm.evidence_tokens, count_tokens=estimate_tokens)
            estimate = answerable(query, features(query, hits, ranked))
            written = "".join(stream_text(model, prompt.answer_messages(query, evidence)))
            yield Case(name, kind, query, evidence, estimate, written, answers)
        print(f"\r{name} {number + 1}/{len(questions)}", end="", file=sys.stderr)
    print(file=sys.stderr)


def exchanged(question: str, pool: dict[str, list[str]], rng: random.Random) -> tuple[str, str] | None:
    """The question with one year, name or noun changed for another of its kind, and which it was."""
    years = list(re.finditer(r"(?:19|20)\d\d(?=年)", question))
    if years and rng.random() < 0.6:
        found = rng.choice(years)
        year = int(found[0]) + rng.choice([-2, -1, 1, 2])
        return f"{question[: found.start()]}{year}{question[found.end() :]}", "year"
    words = tagged(question)
    places = [i for i, (word, tag) in enumerate(words) if tag in KINDS and len(word) > 1]
    named = [i for i in places if words[i][1] not in ("n", "vn")]
    if not places:
        return None
    place = rng.choice(named if named and rng.random() < 0.6 else places)
    word, tag = words[place]
    others = [other for other in pool.get(tag, ()) if other != word and other not in question]
    if not others:
        return None
    new = rng.choice(others)
    return "".join(new if i == place else w for i, (w, _) in enumerate(words)), "noun" if tag in ("n", "vn") else "name"


def seen(case: Case) -> list[float] | None:
    """The signs of the sentence that would be trusted most, as settle() sees it; None: nothing bears on the question."""
    want = wanted(case.query)
    rows = [
        signs(case.query, want, item, source, case.estimate)
        for item in check_answer(case.written, case.evidence, case.query.rewritten, case.query.year)
        for source in item.evidence
        if not CERTAIN_OBJECTIONS & set(objections(want, source))
    ]
    best = max(rows, key=lambda row: (row.supported, row.figure_fits, row.attribute_beside), default=None)
    return None if best is None else list(astuple(best))


def report(rows: Sequence[dict[str, Any]]) -> None:
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score

    bearing = [row for row in rows if row["signs"] is not None]
    x, y = np.array([row["signs"] for row in bearing]), np.array([row["right"] for row in bearing])
    sets, kinds = np.array([row["set"] for row in bearing]), np.array([row["kind"] for row in bearing])
    print(f"{len(rows)} asked, {len(bearing)} with a quotation that bears on the question, {int(y.sum())} right")
    for name in sorted(set(sets)):
        train, test = sets != name, sets == name
        if train.any():
            p = LogisticRegression(C=0.5, max_iter=3000).fit(x[train], y[train]).predict_proba(x[test])[:, 1]
            print(f"left out {name:10} AUC {roc_auc_score(y[test], p):.3f}")
    model = LogisticRegression(C=0.5, max_iter=3000).fit(x, y)
    for field, weight in zip(fields(Signs), model.coef_[0], strict=True):
        print(f"{field.name:18} weight {weight:7.3f}")
    print(f"bias {model.intercept_[0]:.3f}")
    p = model.predict_proba(x)[:, 1]
    for level in (0.2, 0.3, 0.4, 0.5):
        kept = {k: f"{(p[(kinds == k) & ~y] >= level).mean():.2f}" for k in sorted(set(kinds[~y]))}
        print(f"level {level}: of the right {(p[y] >= level).mean():.3f} are shown; of the wrong, by kind, {kept}")


if __name__ == "__main__":
    main()
