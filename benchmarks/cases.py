"""Small questions with a plain right or wrong: news, absent attributes, and kinds of fault that people report of such systems.

- *newsqa*: questions on real news, a few of them near misses to be declined (``newsqa/questions.jsonl``);
- *absent*: the right subject, an attribute that its article does not give: to be declined (``newsqa/absent.jsonl``);
- *failing*, *passing*: each a small library of its own (``reports/*.jsonl``);
- *verify*: an answer and its evidence, and the verdict that is right; needs no model (``reports/verify.jsonl``).

Right is what holds one of ``any``, each of ``all`` (alternatives cut by a bar), and none of ``not`` (words) and
``not_regex``; ``refuse`` must be declined, ``refuse_ok`` may be. Ticked is a wrong answer of which every sentence is
shown as supported::

    python benchmarks/cases.py DATA_FOLDER [--sets absent failing] [--limit 5] [--shown]

DATA_FOLDER holds newsqa/ and reports/. Asks the embedded language model, and keeps what it says: after a change of rules most
questions cost nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from runs import ROOT, Heard, Row, Rows, as_json, ask, digest, each, finish, folder, options, rate, seal, table, words
from shelf import library, models

from rag.answer import verify_answer
from rag.evaluate import Rate
from rag.evaluate.matching import holds, normalise, without_markers
from rag.models.embedder import Embedder
from rag.models.llm import ChatModel
from rag.pipeline import Youju
from rag.settings import Settings, load_settings
from rag.types import Turn, Verdict

SETS = {
    "newsqa": "newsqa/questions.jsonl",
    "absent": "newsqa/absent.jsonl",
    "failing": "reports/failing.jsonl",
    "passing": "reports/passing.jsonl",
    "verify": "reports/verify.jsonl",
}

Case = Mapping[str, Any]


def main() -> None:
    parser = options(__doc__)
    parser.add_argument("--sets", nargs="+", choices=SETS, default=list(SETS))
    parser.add_argument("--shown", action="store_true", help="print what went wrong, with its words")
    chosen = parser.parse_args()
    settings = load_settings({})
    sets = {name: read(chosen.data / SETS[name])[: chosen.limit] for name in chosen.sets}
    mark = seal(settings, __file__, digest(*(chosen.data / path for path in SETS.values())))
    rows = Rows(folder(settings, "cases") / "rows.jsonl", mark)
    found: list[Row] = []
    with models(settings, kept_words=True) as (embedder, model):
        news = news_texts(chosen.data)
        with library(settings, embedder, model, folder(settings, "cases") / "news", news) as shelf:
            for name, cases in sets.items():
                tasks: dict[str, Callable[[], Row]] = {}
                for case in cases:
                    if name == "verify":
                        task = partial(verified, case)
                    elif "files" in case:
                        task = partial(alone, settings, embedder, model, case)
                    else:
                        task = partial(asked, shelf, case)
                    tasks[f"{name}:{case['id']}"] = partial(named, name, case["id"], task)
                found += each(name, tasks, rows)
    columns = {name: summary([row for row in found if row["set"] == name]) for name in sets}
    if chosen.shown:
        for row in found:
            if not row["right"]:
                print(json.dumps(row, ensure_ascii=False))
    text = ["# Small questions with a plain right or wrong", "", *table(columns)]
    finish(chosen, "cases", settings, {"figures": as_json(columns)}, found, text)


def read(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def news_texts(data: Path) -> dict[str, str]:
    """The articles of the set and those that ship with the program, by file name."""
    texts = {f"{article['id']}.txt": article["text"] for article in read(data / "newsqa" / "articles.jsonl")}
    return texts | {path.name: path.read_text(encoding="utf-8") for path in sorted((ROOT / "seeds").glob("*.txt"))}


def named(name: str, key: str, task: Callable[[], Row]) -> Row:
    return {"id": f"{name}:{key}", "set": name, **task()}


def alone(settings: Settings, embedder: Embedder, model: ChatModel | None, case: Case) -> Row:
    texts = {file["name"]: file["text"] for file in case["files"]}
    with library(settings, embedder, model, folder(settings, "cases") / "one", texts) as shelf:
        return asked(shelf, case)


def asked(shelf: Youju, case: Case) -> Row:
    today = date.fromisoformat(case["today"]) if case.get("today") else None
    history: list[Turn] = []
    for question in case.get("history") or ():
        history.append(Turn(question, shelf.ask(question, history=history, today=today).text))
    heard = ask(shelf, case["question"], today, history)
    return judged(case, heard) | words(case["question"], case.get("expect", case), heard)


def judged(case: Case, heard: Heard) -> Row:
    answer = heard.answer
    expect = case.get("expect", case)
    declined = answer is not None and answer.refused
    text = "" if answer is None or declined else without_markers(answer.text)
    right = bool(text) and says(text, expect) and not says_any(text, case)
    if expect.get("refuse"):
        right = declined
    elif expect.get("refuse_ok") and declined:
        right = True
    supported = answer is not None and all(s.verdict is Verdict.SUPPORTED for s in answer.sentences)
    return {
        "right": right,
        "declined": declined,
        "to_decline": bool(expect.get("refuse")),
        "ticked": bool(text) and not right and supported,
        **({"error": heard.error} if heard.error else {}),
    }


def says(text: str, expect: Case) -> bool:
    said = normalise(text)
    if "all" in expect:
        return all(any(holds(said, one) for one in each_of.split("|")) for each_of in expect["all"])
    return any(holds(said, one) for one in expect.get("any", ()))


def says_any(text: str, case: Case) -> bool:
    said, patterns = normalise(text), case.get("not_regex") or ()
    patterns = [patterns] if isinstance(patterns, str) else patterns
    return any(holds(said, one) for one in case.get("not") or ()) or any(re.search(one, text) for one in patterns)


def verified(case: Case) -> Row:
    checked = verify_answer(case["answer"], case["evidence"])
    verdicts = {str(sentence.verdict) for sentence in checked.sentences}
    right = verdicts == {case["expect_verdict"]}
    return {"right": right, "declined": False, "to_decline": False, "ticked": False, "verdicts": sorted(verdicts)}


def summary(rows: Sequence[Row]) -> dict[str, Rate]:
    answerable = [row for row in rows if not row["to_decline"]]
    empty = [row for row in rows if row["to_decline"]]
    rates = {"right": rate(rows, lambda row: row["right"])}
    if answerable:
        rates["answerable, right"] = rate(answerable, lambda row: row["right"])
        rates["answerable, declined"] = rate(answerable, lambda row: row["declined"])
    if empty:
        rates["to be declined, declined"] = rate(empty, lambda row: row["declined"])
        rates["to be declined, ticked"] = rate(empty, lambda row: row["ticked"])
    rates["wrong and ticked, of all"] = rate(rows, lambda row: row["ticked"])
    return rates


if __name__ == "__main__":
    main()
