"""A second corpus, written blind: what was only true of the shipped articles? ``youju eval`` without a word of the texts.

Indexes a folder of articles and asks the questions of a file (the form of eval/seeds.jsonl) through ``rag.evaluate``. Written
are ids, verdicts and rates, so that articles and questions may stay outside the project::

    python benchmarks/second.py ARTICLES QUESTIONS.jsonl [--limit 5] [--json]

With all that was asked, found and said, for reading: youju index ARTICLES --index X; youju eval QUESTIONS.jsonl --index X
--out Y. Asks the embedded language model: some five seconds a question on two cores.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from runs import Row, Rows, as_json, digest, each, finish, folder, options, rate, seal, table
from shelf import kept, models

from rag.evaluate import Question, QuestionSet, Rate, evaluate, load_questions
from rag.pipeline import Youju
from rag.settings import load_settings


def main() -> None:
    parser = options(__doc__, "folder of articles")
    parser.add_argument("questions", type=Path)
    chosen = parser.parse_args()
    settings = load_settings({})
    whole = load_questions(chosen.questions)
    questions = whole.questions[: chosen.limit]
    place = folder(settings, "second")
    rows = Rows(place / "rows.jsonl", seal(settings, __file__, digest(chosen.data, chosen.questions)))
    with models(settings) as (embedder, model), kept(settings, embedder, model, place / "index", fresh=True) as youju:
        for path, (_, why) in youju.add([chosen.data]).failed:
            print(f"{path}: {why}", file=sys.stderr)
        tasks: dict[str, Callable[[], Row]] = {
            question.id: partial(judge, youju, whole.name, question) for question in questions
        }
        found = each("second", tasks, rows)
        articles = len(youju.documents())
    columns = summary(found)
    result = {"articles": articles, "questions": len(found), "sha256": whole.sha256, "figures": as_json(columns)}
    finish(chosen, "second", settings, result, found, report(columns, articles, len(found), whole.sha256))


def judge(youju: Youju, name: str, question: Question) -> Row:
    """The question's score in ``rag.evaluate``, see there; numbers and verdicts only."""
    (row,) = evaluate(youju, QuestionSet(name, "", (question,))).rows
    score = row.score
    return {
        "id": question.id,
        "type": question.type,
        "answerable": question.answerable,
        "outcome": score.outcome.value,
        "right": bool(score.right),
        "refused": bool(score.refused),
        "believed": score.unwarned,
        "marked": score.flagged,
        "rank": score.rank,
        "shown": score.shown,
        "cited rightly": sum(citation.right for citation in score.citations),
        "citations": len(score.citations),
        "gold cited": score.cited,
        "gold": score.needed,
        "seconds": round(score.timings.total_s, 2) if score.timings else None,
    }


def summary(rows: Sequence[Row]) -> dict[str, dict[str, Rate]]:
    """In all, and by type of question."""
    groups = {"all": list(rows)}
    for row in rows:
        groups.setdefault(row["type"], []).append(row)
    return {name: _rates(mine) for name, mine in groups.items()}


def _rates(rows: Sequence[Row]) -> dict[str, Rate]:
    asked = [row for row in rows if row["answerable"]]
    traps = [row for row in rows if not row["answerable"]]
    given = [row for row in asked if not row["refused"] and row["outcome"] != "error"]
    said = [row for row in rows if not row["refused"] and row["outcome"] != "error"]
    return {
        "answerable, right": rate(asked, lambda row: row["right"]),
        "answerable, refused": rate(asked, lambda row: row["refused"]),
        "unanswerable, refused": rate(traps, lambda row: row["refused"]),
        "citations right": Rate(sum(row["cited rightly"] for row in given), sum(row["citations"] for row in given)),
        "needed texts cited": Rate(sum(row["gold cited"] for row in given), sum(row["gold"] for row in given)),
        "wrong and believed, of answers given": rate(said, lambda row: row["believed"]),
        "right and marked, of right": rate([row for row in given if row["right"]], lambda row: row["marked"]),
        "evidence among the first 5": rate(asked, lambda row: (row["rank"] or 99) <= 5),
        "evidence shown to the model": rate(asked, lambda row: row["shown"]),
    }


def report(columns: dict[str, dict[str, Rate]], articles: int, questions: int, sha256: str) -> list[str]:
    return [
        "# A second corpus",
        "",
        f"`python benchmarks/second.py ARTICLES QUESTIONS.jsonl`: {articles} articles, {questions} questions (SHA-256 `{sha256[:12]}`), both kept",
        "outside the project. Measures are those of `youju eval`. Intervals: 95 %, Wilson.",
        "",
        *table(columns),
    ]


if __name__ == "__main__":
    main()
