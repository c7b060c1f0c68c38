"""Follow-ups made whole by rule: is the passage found? On the conversations of DomainRAG (arXiv:2406.05654).

Every later turn of a conversation is asked four ways: *alone*; by *rule*, made whole from the turns before it
(``rag.answer.question.query``); with the *title* of the page that answers put in front, what a reader would mean by 学院; and, for
the turns in a file that is given, as a person wrote it out (*by hand*). The passages of all turns are the corpus. Printed is hit@5: of
the last turns, and of all later ones. No language model is asked::

    python benchmarks/domainrag.py DATA_FOLDER [--hand FILE] [--json] [--show]

DATA_FOLDER holds domainrag/. A line of FILE: {"id": "3:2", "question": "…"}, with an id of the rows of the report.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from runs import Row, as_json, finish, options, rate, table

from rag.answer.question.query import understand
from rag.evaluate import CachedEmbedder, Mode, Rate, evaluate_retrieval
from rag.evaluate.beir import BeirQuery, CorpusPassage, Dataset
from rag.models.embedder import open_embedder
from rag.settings import load_settings
from rag.types import Turn

HIT = 5
_TOKENS = re.compile(r"(?<![A-Za-z0-9])[ \t]+|[ \t]+(?![A-Za-z0-9])")  # between words of Latin letters a space stays
_POINTS_BACK = re.compile(r"^(?:它的?|该(?:学?院|校)的?|学院的?)")


@dataclass(frozen=True, slots=True)
class Later:
    """A turn that is not the first. ``id``: conversation and turn, counted from 0."""

    id: str
    last: bool  # of a conversation of the set
    history: tuple[str, ...]
    question: str
    title: str  # of the page that answers
    passage: str  # its id in the corpus


def main() -> None:
    parser = options(__doc__)
    parser.add_argument("--hand", type=Path, help="turns written out by a person; kept outside the project")
    parser.add_argument("--show", action="store_true", help="print the turns on which the rule loses, on stderr")
    chosen = parser.parse_args()
    with (chosen.data / "domainrag" / "conversation_qa.jsonl").open(encoding="utf-8") as lines:
        conversations = [json.loads(line) for line in lines]
    corpus, turns = read(conversations)
    turns = turns[: chosen.limit]
    hand = by_hand(chosen.hand) if chosen.hand else {}
    asked = {f"{turn.id} {way}": text for turn in turns for way, text in ways(turn, hand).items()}
    passage = {turn.id: turn.passage for turn in turns}
    queries = tuple(BeirQuery(key, text, None, "") for key, text in asked.items())
    dataset = Dataset("domainrag", corpus, queries, {key: {passage[key.split()[0]]: 1} for key in asked})
    settings = load_settings({"llm.provider": "none"})
    with CachedEmbedder(open_embedder(settings), settings.cache_dir / "vectors") as embedder:
        found = evaluate_retrieval(dataset, embedder, [Mode.HYBRID], candidates=settings.retrieval.candidates)
    ranked = {row.query.id: row.found for row in found.modes[Mode.HYBRID].rows}
    rows = [row_of(turn, asked, ranked) for turn in turns]
    columns = summary(rows)
    result = {"passages": len(corpus), "conversations": len(conversations), "figures": as_json(columns)}
    finish(chosen, "domainrag", settings, result, rows, report(columns, len(corpus), len(conversations)))
    if chosen.show:
        show(turns, rows, asked)


def read(conversations: Sequence[Mapping[str, Any]]) -> tuple[tuple[CorpusPassage, ...], list[Later]]:
    """The passages, each once, and the later turns, each once: conversations of the set go on from one another."""
    passages: dict[str, CorpusPassage] = {}
    turns: dict[tuple[str, ...], Later] = {}
    for number, conversation in enumerate(conversations):
        every = [*conversation["history_qa"], conversation]
        said = tuple(joined(turn["question"]) for turn in every)
        for at, turn in enumerate(every):
            page = turn["positive_reference"]
            key, title = f"{page['id']}-{page['psg_id']}", joined(page["title"])
            passages[key] = CorpusPassage(key, title, joined(page["contents"]))
            last = at == len(every) - 1
            if at and (last or said[: at + 1] not in turns):
                before = turns.get(said[: at + 1])
                identity = before.id if before else f"{number}:{at}"
                turns[said[: at + 1]] = Later(identity, last, said[:at], said[at], title, key)
    return tuple(passages.values()), list(turns.values())


def joined(text: str) -> str:
    """Words of the set stand apart by spaces: 「中国 人民 大学」 → 「中国人民大学」."""
    return "\n".join(_TOKENS.sub("", line) for line in text.split("\n")).strip()


def by_hand(path: Path) -> dict[str, str]:
    with path.open(encoding="utf-8") as lines:
        return {row["id"]: row["question"] for row in map(json.loads, lines)}


def ways(turn: Later, hand: Mapping[str, str]) -> dict[str, str]:
    """How the turn is asked: the name of each way → the question."""
    found = {
        "alone": turn.question,
        "rule": understand(turn.question, [Turn(said) for said in turn.history], None).rewritten,
        "title": titled(turn.question, turn.title),
    }
    return found | {"by hand": hand[turn.id]} if turn.id in hand else found


def titled(question: str, title: str) -> str:
    return question if title in question else title + _POINTS_BACK.sub("", question)


def row_of(turn: Later, asked: Mapping[str, str], ranked: Mapping[str, Sequence[str]]) -> Row:
    row: Row = {"id": turn.id, "last": turn.last, "changed": asked[f"{turn.id} rule"] != turn.question}
    for way in ("alone", "rule", "title", "by hand"):
        found = ranked.get(f"{turn.id} {way}")
        if found is not None:
            row[way] = found.index(turn.passage) + 1 if turn.passage in found else None
    return row


def summary(rows: Sequence[Row]) -> dict[str, dict[str, Rate]]:
    columns = {}
    for name, mine in (("last turns", [row for row in rows if row["last"]]), ("all later turns", list(rows))):
        columns[name] = {
            f"hit@{k}, {way}": rate([row for row in mine if way in row], _within(way, k))
            for k in (1, HIT)
            for way in ("alone", "rule", "title", "by hand")
            if any(way in row for row in mine)
        }
        columns[name]["changed by the rule"] = rate(mine, lambda row: row["changed"])
    return columns


def _within(way: str, k: int) -> Callable[[Row], bool]:
    return lambda row: (row[way] or k + 1) <= k


def show(turns: Sequence[Later], rows: Sequence[Row], asked: Mapping[str, str]) -> None:
    for turn, row in zip(turns, rows, strict=True):
        best = min((row[way] or 99 for way in ("alone", "title", "by hand") if way in row), default=99)
        if (row["rule"] or 99) > HIT and best <= HIT:
            print(f"{turn.id} {turn.history[-2:]} → {turn.question}", file=sys.stderr)
            for way in ("alone", "rule", "title", "by hand"):
                if way in row:
                    print(f"    {way:8} {row[way]}  {asked[f'{turn.id} {way}']}", file=sys.stderr)


def report(columns: dict[str, dict[str, Rate]], passages: int, conversations: int) -> list[str]:
    return [
        "# DomainRAG: follow-ups made whole by rule",
        "",
        f"`python benchmarks/domainrag.py DATA_FOLDER [--hand FILE]`: {conversations} conversations, {passages} passages of their pages, dense and",
        "lexical search fused as shipped. Intervals: 95 %, Wilson.",
        "",
        *table(columns),
        "",
        "*Alone*: the turn as asked; *rule*: made whole from the turns before it, no model; *title*: the title of the page that answers put",
        "in front of it (the set has no question written out whole); *by hand*: written out by a person, in a file outside the project.",
        "Conversations of the set go on from one another: each turn is counted once.",
    ]


if __name__ == "__main__":
    main()
