"""Questions with a time in them, on the news passages of ChronoQA (arXiv:2508.12282; MIT): are the answers right, and
what does reading 去年 and 三个月前 for the asker's day bring?

300 questions with one passage that answers them, drawn with a fixed seed; those with a bare yes or no for an answer are
left out of the draw, as no words can be looked for. All passages of the set are indexed as files, with no date but what
their text gives. Each question is asked twice: *with* the set's own date of asking as today, and *without* any today,
which leaves 去年 to mean each article's own::

    python benchmarks/chronoqa.py DATA_FOLDER [--limit 5] [--json]

DATA_FOLDER holds chronoqa/. Right is what ``benchmarks/gold.py`` takes for right. Asks the embedded language model: some
forty minutes on two cores.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from gold import is_judgement, says
from runs import (
    Row,
    Rows,
    as_json,
    ask,
    digest,
    each,
    figures,
    finish,
    folder,
    options,
    rate,
    seal,
    table,
    verdict,
    words,
)
from shelf import library, models

from rag.evaluate import Rate, load_beir
from rag.pipeline import Youju
from rag.settings import load_settings

SEED, COUNT = 20261122, 300
ARMS = ("with", "without")


@dataclass(frozen=True, slots=True)
class Asked:
    id: str
    text: str
    today: date
    kind: str  # "relative" or "absolute"
    gold: str  # the answer
    passage: str  # file name of the passage that holds it


def main() -> None:
    chosen = options(__doc__).parse_args()
    data = chosen.data / "chronoqa"
    settings = load_settings({})
    questions = draw(load(data), COUNT)[: chosen.limit]
    texts = {f"{p.id}.txt": p.text for p in load_beir(data).corpus}
    place = folder(settings, "chronoqa")
    rows = Rows(place / "rows.jsonl", seal(settings, __file__, digest(data)))
    with models(settings) as (embedder, model), library(settings, embedder, model, place, texts) as youju:
        tasks: dict[str, Callable[[], Row]] = {
            f"{question.id}:{arm}": partial(judge, youju, question, arm) for question in questions for arm in ARMS
        }
        found = each("chronoqa", tasks, rows)
    columns = summary(found)
    result = {"questions": len(questions), "seed": SEED, "passages": len(texts), "figures": as_json(columns)}
    finish(chosen, "chronoqa", settings, result, found, report(columns, found, len(texts)))


def load(data: Path) -> list[Asked]:
    """The questions with one passage that answers them, asked on a known day, their answer more than yes or no."""
    dataset = load_beir(data)
    with (data / "queries.jsonl").open(encoding="utf-8") as lines:
        said = {row["_id"]: row["metadata"] for row in map(json.loads, lines)}
    found = []
    for query in dataset.queries:
        passages, about = list(dataset.qrels[query.id]), said[query.id]
        gold = about["answers"][0]
        if len(passages) == 1 and about["docs"] == "single" and query.today and not is_judgement(gold):
            found.append(Asked(query.id, query.text, query.today, query.kind, gold, f"{passages[0]}.txt"))
    return found


def draw(questions: Sequence[Asked], count: int) -> list[Asked]:
    """The same ones every time, in an order that makes any first few of them a draw too."""
    return random.Random(SEED).sample(questions, min(count, len(questions)))


def judge(youju: Youju, question: Asked, arm: str) -> Row:
    heard = ask(youju, question.text, question.today if arm == "with" else None)
    right = heard.answer is not None and says(
        heard.answer.text, question.gold, question=question.text, today=question.today
    )
    at = heard.found.index(question.passage) + 1 if question.passage in heard.found else None
    return {
        "id": f"{question.id}:{arm}",
        "kind": question.kind,
        "arm": arm,
        "rank": at,
        "shown": question.passage in heard.shown,
        **verdict(heard, right),
        **words(question.text, question.gold, heard),
    }


def summary(rows: Sequence[Row]) -> dict[str, dict[str, Rate]]:
    """By kind and arm: 「relative, with」 → its rates."""
    columns = {}
    for kind in ("all", "relative", "absolute"):
        for arm in ARMS:
            mine = [row for row in rows if row["arm"] == arm and kind in ("all", row["kind"])]
            columns[f"{kind}, {arm}"] = figures(mine) | {
                "passage found (of 8)": rate(mine, lambda row: row["rank"]),
                "passage shown to the model": rate(mine, lambda row: row["shown"]),
            }
    return columns


def gained(rows: Sequence[Row]) -> tuple[int, int]:
    """Questions right only with, and right only without."""
    right = {row["id"] for row in rows if row["outcome"] == "right"}
    ids = {row["id"].partition(":")[0] for row in rows}
    only = [(f"{i}:with" in right, f"{i}:without" in right) for i in ids]
    return only.count((True, False)), only.count((False, True))


def report(columns: dict[str, dict[str, Rate]], rows: Sequence[Row], passages: int) -> list[str]:
    more, fewer = gained(rows)
    return [
        "# ChronoQA: questions with a time in them",
        "",
        f"`python benchmarks/chronoqa.py DATA_FOLDER`: {len(rows) // 2} questions with one passage that answers them (seed {SEED}),",
        f"{passages} passages indexed, none with a date but what its text gives. *with*: the set's date of asking as today;",
        "*without*: no today, so that 去年 means each article's own. Intervals: 95 %, Wilson.",
        "",
        *table(columns),
        "",
        f"Right only with: {more}; right only without: {fewer}.",
        "",
        "*Right*: the known answer stands in ours word for word (width, script and Chinese numerals aside); or, where it is",
        "nothing but figures and dates, each of them does as the program's readers read them; or each of its figures and 70 % of",
        "its pairs of characters do, those of the question not counted (`benchmarks/gold.py`). *Believed*: every sentence of the",
        "wrong answer is shown as supported. Bare yes or no answers are left out of the draw. Reading 去年 in an article for the",
        "article's own date is part of both arms.",
    ]


if __name__ == "__main__":
    main()
