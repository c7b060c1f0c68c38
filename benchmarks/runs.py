"""What the benchmarks on public sets share: a run that goes on where it was cut off, and results without a word of the sets.

Rows are kept in the cache folder, outside the project, until the program, its settings or the questions change; there, and
only there, with what was asked and said, for whoever looks for causes. Results are rates with their intervals, and rows
of ids and verdicts.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from rag.errors import YoujuError
from rag.evaluate import Rate
from rag.evaluate.result import machine, public_settings, versions
from rag.pipeline import Youju
from rag.settings import Settings
from rag.types import Answer, Finished, Found, Turn, Verdict

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "eval" / "results"
WORDS = "words"  # of a row: texts of a set, which no report may hold
OUTCOMES = ("right", "wrong", "refused", "error")

Row = dict[str, Any]


def options(about: str | None, data: str = "the folder that holds the sets") -> argparse.ArgumentParser:
    """DATA, --limit, --json, --out; a benchmark adds its own."""
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help=data)
    parser.add_argument("--limit", type=int, help="so many questions; then nothing is written unless --out says where")
    parser.add_argument("--json", action="store_true", help="print the result as JSON, without the rows")
    parser.add_argument("--out", type=Path, help="folder of the report (default: eval/results)")
    return parser


def seal(settings: Settings, script: str, *asked: object) -> str:
    """Of all that can change a row: program, prompts, settings, the benchmark ``script`` and what it asks."""
    total = hashlib.sha256()
    here = Path(__file__).parent
    code = {*(ROOT / "rag").rglob("*.py"), *(ROOT / "prompts").rglob("*.*")}
    code -= {*(ROOT / "rag" / "ui").rglob("*"), *(ROOT / "rag" / "cli").rglob("*")}
    for path in sorted(code | {Path(script), here / "gold.py", here / "runs.py", here / "shelf.py"}):
        total.update(path.read_bytes())
    total.update(json.dumps([public_settings(settings), *map(repr, asked)], sort_keys=True).encode())
    return total.hexdigest()[:16]


def digest(*places: Path) -> str:
    """Of the files given, and of all in the folders given: their bytes and names."""
    total = hashlib.sha256()
    for place in places:
        for path in sorted(place.rglob("*")) if place.is_dir() else [place]:
            if path.is_file():
                total.update(f"{path.name}\0{path.stat().st_size}\0".encode() + path.read_bytes())
    return total.hexdigest()


def folder(settings: Settings, name: str) -> Path:
    """Where a benchmark keeps what it may go on with: rows and index."""
    return settings.cache_dir / "benchmarks" / name


class Rows:
    """Rows of a run on disk, by their ``id``. Those that were made under another seal are forgotten."""

    def __init__(self, path: Path, mark: str) -> None:
        self._path = path
        self._found: dict[str, Row] = {}
        lines = path.read_text(encoding="utf-8").split("\n") if path.is_file() else []
        if lines and lines[0] == mark:  # behind the last newline stands nothing, or a row that was cut off
            self._found = {row["id"]: row for row in map(json.loads, lines[1:-1])}
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join([mark, *map(_line, self._found.values()), ""]), encoding="utf-8")

    def __contains__(self, key: str) -> bool:
        return key in self._found

    def __getitem__(self, key: str) -> Row:
        return self._found[key]

    def put(self, row: Row) -> None:
        self._found[row["id"]] = row
        with self._path.open("a", encoding="utf-8") as file:
            file.write(_line(row) + "\n")


def each(name: str, tasks: Mapping[str, Callable[[], Row]], rows: Rows) -> list[Row]:
    """The row of every task, in order; ``tasks`` by the ids of their rows. What is there already is not done again."""
    missing = [key for key in tasks if key not in rows]
    started = time.monotonic()
    for done, key in enumerate(missing, 1):
        rows.put(tasks[key]())
        left = (time.monotonic() - started) / done * (len(missing) - done)
        there = len(tasks) - len(missing) + done
        print(f"\r{name} {there}/{len(tasks)}, {left:.0f} s left   ", end="", file=sys.stderr, flush=True)
    if missing:
        print(file=sys.stderr)
    return [rows[key] for key in tasks]


@dataclass(frozen=True, slots=True)
class Heard:
    """What came of a question. ``answer`` None: it ended in ``error``."""

    answer: Answer | None
    found: tuple[str, ...]  # document names of the hits, best first
    shown: frozenset[str]  # of the quotations that the model was given
    seconds: float
    error: str = ""


def ask(youju: Youju, question: str, today: date | None = None, history: Sequence[Turn] = ()) -> Heard:
    found: tuple[str, ...] = ()
    shown: frozenset[str] = frozenset()
    answer, error, started = None, "", time.perf_counter()
    try:
        for event in youju.stream(question, history=history, today=today):
            if isinstance(event, Found):
                found = tuple(dict.fromkeys(hit.document for hit in event.hits))
                shown = frozenset(item.hit.document for item in event.evidence)
            elif isinstance(event, Finished):
                answer = event.answer
    except YoujuError as problem:
        error = type(problem).__name__
    return Heard(answer, found, shown, time.perf_counter() - started, error)


def words(question: str, known: object, heard: Heard) -> Row:
    answer = heard.answer
    said = {"answer": answer.text, "note": answer.note} if answer else {}
    return {WORDS: {"question": question, "known": known, **said}}


def verdict(heard: Heard, right: bool) -> Row:
    """How it ended. ``believed``: a wrong answer of which every sentence is shown as supported."""
    answer = heard.answer
    outcome = "error" if answer is None else "refused" if answer.refused else "right" if right else "wrong"
    sentences = answer.sentences if answer else ()
    row: Row = {"outcome": outcome, "seconds": round(heard.seconds, 2)}
    if outcome == "wrong":
        row["believed"] = all(sentence.verdict is Verdict.SUPPORTED for sentence in sentences)
    if outcome == "right":
        row["marked"] = any(sentence.verdict is not Verdict.SUPPORTED for sentence in sentences)
    if heard.error:
        row["error"] = heard.error
    return row


def rate(rows: Iterable[Row], holds_for: Callable[[Row], object]) -> Rate:
    listed = [bool(holds_for(row)) for row in rows]
    return Rate(sum(listed), len(listed))


def figures(rows: Sequence[Row]) -> dict[str, Rate]:
    """The rates that every benchmark with answers has."""
    given = [row for row in rows if row["outcome"] in ("right", "wrong")]
    return {
        "right": rate(rows, lambda row: row["outcome"] == "right"),
        "refused": rate(rows, lambda row: row["outcome"] == "refused"),
        "wrong": rate(rows, lambda row: row["outcome"] in ("wrong", "error")),
        "wrong and believed, of answers given": rate(given, lambda row: row.get("believed")),
        "wrong and believed, of all": rate(rows, lambda row: row.get("believed")),
        "right and marked, of right": rate([r for r in rows if r["outcome"] == "right"], lambda row: row["marked"]),
    }


def cell(found: Rate) -> str:
    """「71/100 = .710 (.61–.79)」."""
    if found.value is None or found.interval is None:
        return "–"
    low, high = found.interval
    return f"{found.hits}/{found.total} = {found.value:.3f} ({low:.2f}–{high:.2f})"


def table(columns: Mapping[str, Mapping[str, Rate]], corner: str = "") -> list[str]:
    """A Markdown table: a column each, a row for every rate that a column has."""
    names = list(dict.fromkeys(name for rates in columns.values() for name in rates))
    lines = [f"| {corner} | " + " | ".join(columns) + " |", "|---" * (len(columns) + 1) + "|"]
    for name in names:
        cells = [cell(rates[name]) if name in rates else "–" for rates in columns.values()]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return lines


def as_json(columns: Mapping[str, Mapping[str, Rate]]) -> dict[str, dict[str, Any]]:
    return {
        column: {
            name: {
                "count": found.hits,
                "of": found.total,
                "share": None if found.value is None else round(found.value, 4),
            }
            for name, found in rates.items()
        }
        for column, rates in columns.items()
    }


def finish(
    chosen: argparse.Namespace,
    name: str,
    settings: Settings,
    result: Mapping[str, Any],
    rows: Sequence[Row],
    text: Sequence[str],
) -> None:
    """Print the result, and write ``name``.json and .md: into --out, or into eval/results where all was asked."""
    head = {"date": datetime.now().astimezone().date().isoformat(), **result}
    print(json.dumps(head, ensure_ascii=False, indent=1) if chosen.json else "\n".join(text))
    place = chosen.out or (None if chosen.limit else RESULTS)
    if place is None:
        return
    place.mkdir(parents=True, exist_ok=True)
    made = {"settings": public_settings(settings), "versions": versions(), "machine": machine()}
    kept = [{key: value for key, value in row.items() if key != WORDS} for row in rows]
    (place / f"{name}.json").write_text(as_text(head | made, kept), encoding="utf-8")
    (place / f"{name}.md").write_text("\n".join([*text, ""]), encoding="utf-8")


def as_text(head: Mapping[str, Any], rows: Sequence[Row]) -> str:
    """A result as JSON: its rows as columns, a line each, of every "set" by itself where they are of several.

    A name in every row would be most of what is committed with each run.
    """
    opening = json.dumps(head, ensure_ascii=False, indent=1).removesuffix("\n}")
    sets: dict[Any, list[Row]] = {}
    for row in rows:
        sets.setdefault(row.get("set"), []).append(row)
    of_each = [_columns(found) for found in sets.values()]
    if None in sets or not sets:
        body = "".join(of_each) or "{}"
    else:
        body = "{\n" + ",\n".join(f"{_line(key)}: {of}" for key, of in zip(sets, of_each, strict=True)) + "\n}"
    return f'{opening},\n "rows": {body}\n}}\n'


def _columns(rows: Sequence[Row]) -> str:
    names = [name for name in dict.fromkeys(name for row in rows for name in row) if name != "set"]
    lines = (json.dumps([row.get(name) for row in rows], ensure_ascii=False, separators=(",", ":")) for name in names)
    return "{\n" + ",\n".join(f"  {_line(name)}: {line}" for name, line in zip(names, lines, strict=True)) + "\n}"


def _line(row: Any) -> str:
    return json.dumps(row, ensure_ascii=False)
