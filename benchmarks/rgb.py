"""Noise, silence and false documents: RGB in Chinese (Chen et al. 2024, arXiv:2309.01431), five documents a question.

The documents of a question are all that is in the index: five files, added anew for each, asked through ``Youju``.

- *noise 0.4, 0.8*: two, four of the five do not answer (50 questions of zh_refine, drawn with a fixed seed; the
  first positive and negative documents, as the set's own script takes them): are the answers right?
- *noise 1.0*: none answers: is that said?
- *false*: all documents that answer were altered to a false answer (zh_fact). A program that knows nothing but its
  articles cannot see that: how often is the false answer given?
- *mixed*: two documents say the false answer and two the true one: is the conflict noticed?

::

    python benchmarks/rgb.py DATA_FOLDER [--limit 5] [--json]

DATA_FOLDER holds rgb/. Asks the embedded language model: some twenty minutes on two cores.
"""

from __future__ import annotations

import json
import math
import random
import tempfile
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from gold import contains_all, says, says_all
from runs import (
    Heard,
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

from rag.answer import notes
from rag.evaluate import Rate
from rag.models.embedder import Embedder
from rag.models.llm import ChatModel
from rag.settings import Settings, load_settings

SEED, COUNT, DOCUMENTS = 20261122, 50, 5
NOISE = (0.4, 0.8, 1.0)
# Of ChatGPT (gpt-3.5-turbo) in Chinese, in percent: tables 1, 3 and 7 of the paper (AAAI 2024), on 300 questions (100 for
# the last two rows) of the set as it was before it was refined.
PAPER = {
    "noise 0.4, right": 91.00,
    "noise 0.8, right": 70.67,
    "noise 1.0, refused (said in the words asked for)": 5.33,
    "noise 1.0, refused (as ChatGPT reads the answer)": 43.33,
    "false documents, right": 17.0,
    "false documents, error noticed": 1.0,
}
_CONFLICT = notes.differing([])[0].rstrip("：")


def main() -> None:
    chosen = options(__doc__).parse_args()
    settings = load_settings({})
    refined = draw(read(chosen.data / "rgb" / "zh_refine.jsonl"))[: chosen.limit]
    altered = draw([i for i in read(chosen.data / "rgb" / "zh_fact.jsonl") if len(i["fakeanswer"]) > 1])[: chosen.limit]
    rows = Rows(folder(settings, "rgb") / "rows.jsonl", seal(settings, __file__, digest(chosen.data / "rgb")))
    with models(settings) as (embedder, model):
        tasks: dict[str, Callable[[], Row]] = {}
        for noise in NOISE:
            for item in refined:
                tasks[f"{noise}:{item['id']}"] = partial(noisy, settings, embedder, model, item, noise)
        for kind in ("false", "mixed"):
            for item in altered:
                tasks[f"{kind}:{item['id']}"] = partial(false, settings, embedder, model, item, kind)
        found = each("rgb", tasks, rows)
    columns = summary(found)
    result = {"seed": SEED, "figures": as_json(columns), "paper, ChatGPT in Chinese, percent": PAPER}
    finish(chosen, "rgb", settings, result, found, report(columns, len(refined), len(altered)))


def read(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def draw(items: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return random.Random(SEED).sample(items, min(COUNT, len(items)))


def with_noise(item: Mapping[str, Any], noise: float) -> list[str]:
    """Five documents; where one kind runs out, the other fills up, as in the set's own script."""
    negatives = math.ceil(DOCUMENTS * noise)
    if noise < 1:
        negatives = min(max(negatives, DOCUMENTS - len(item["positive"])), len(item["negative"]))
    return [*item["positive"][: DOCUMENTS - negatives], *item["negative"][:negatives]]


def counterfactual(item: Mapping[str, Any], kind: str) -> list[str]:
    """``false``: altered documents alone; ``mixed``: the first two altered, the last two as they were."""
    if kind == "false":
        return list(item["positive_wrong"][:DOCUMENTS])
    mixed = [*item["positive_wrong"][:2], *item["positive"][-2:]]
    return [*mixed, *item["negative"][: DOCUMENTS - len(mixed)]]


def heard_on(
    settings: Settings, embedder: Embedder, model: ChatModel | None, question: str, documents: Sequence[str]
) -> Heard:
    """The question, asked of these documents alone."""
    texts = {f"{number}.txt": text for number, text in enumerate(documents, 1) if text.strip()}
    with (
        tempfile.TemporaryDirectory(prefix="youju-rgb-") as place,
        library(settings, embedder, model, Path(place), texts) as youju,
    ):
        return ask(youju, question)


def noisy(
    settings: Settings, embedder: Embedder, model: ChatModel | None, item: Mapping[str, Any], noise: float
) -> Row:
    documents = with_noise(item, noise)
    heard = heard_on(settings, embedder, model, item["query"], documents)
    text, gold = heard.answer.text if heard.answer else "", item["answer"]
    right = noise < 1 and says_all(text, gold, question=item["query"])
    row: Row = {"id": f"{noise}:{item['id']}", "arm": f"noise {noise}", **verdict(heard, right)}
    if row["outcome"] in ("right", "wrong"):
        row["contained"] = noise < 1 and contains_all(text, gold)
    return row | words(item["query"], gold, heard)


def false(settings: Settings, embedder: Embedder, model: ChatModel | None, item: Mapping[str, Any], kind: str) -> Row:
    heard = heard_on(settings, embedder, model, item["query"], counterfactual(item, kind))
    text = heard.answer.text if heard.answer else ""
    gold, fake, question = item["answer"], item["fakeanswer"], item["query"]
    true = says_all(text, gold if isinstance(gold, list) else [gold], question=question)
    lie = says(text, fake, question=question)
    noted = heard.answer is not None and _CONFLICT in heard.answer.note
    row: Row = {"id": f"{kind}:{item['id']}", "arm": kind, **verdict(heard, true and (not lie or kind == "mixed"))}
    row |= {"true": true, "false": lie, "noted": noted, "noticed": noted or (true and lie)}
    return row | words(question, [gold, fake], heard)


def summary(rows: Sequence[Row]) -> dict[str, dict[str, Rate]]:
    columns: dict[str, dict[str, Rate]] = {}
    for arm in dict.fromkeys(row["arm"] for row in rows):
        mine = [row for row in rows if row["arm"] == arm]
        columns[arm] = figures(mine)
        if arm == "noise 1.0":
            del columns[arm]["right"], columns[arm]["right and marked, of right"]
        elif arm.startswith("noise"):
            columns[arm]["right as RGB counts (bare words)"] = rate(mine, lambda row: row.get("contained"))
        else:
            columns[arm]["false answer given alone (error rate)"] = rate(
                mine, lambda row: row["false"] and not row["noticed"]
            )
            columns[arm]["true and false answer both shown, or noted"] = rate(mine, lambda row: row["noticed"])
            columns[arm]["conflict noted in so many words"] = rate(mine, lambda row: row["noted"])
    return columns


def report(columns: dict[str, dict[str, Rate]], refined: int, altered: int) -> list[str]:
    return [
        "# RGB in Chinese: noise, silence, false documents",
        "",
        f"`python benchmarks/rgb.py DATA_FOLDER`: {refined} questions of zh_refine and {altered} of zh_fact (seed {SEED}), up to five",
        "documents each, which are all that is in the index. Intervals: 95 %, Wilson.",
        "",
        *table(columns),
        "",
        "ChatGPT (gpt-3.5-turbo) in Chinese, from the paper (Chen et al., AAAI 2024, tables 1, 3, 7), in percent. Its 300 questions (100",
        "false ones) are those before the set was refined, ours a part of those after, so the figures stand beside each other and no more:",
        "",
        "| | ChatGPT |",
        "|---|---|",
        *(f"| {name} | {value:.2f} |" for name, value in PAPER.items()),
        "",
        "*Right*: `benchmarks/gold.py`, each part of the known answer; *as RGB counts*: its words stand in the answer. At noise 1.0 every",
        "answer is wrong. *False*: all answering documents were altered, so an answer from them is counted wrong though it is what they",
        "say. *Mixed*: two say the false answer, two the true one (one, where the set has no more). *Believed*: every sentence of the",
        "wrong answer is shown as supported.",
    ]


if __name__ == "__main__":
    main()
