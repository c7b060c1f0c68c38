"""What ``youju eval retrieval`` leaves: figures for programs, a page for people, rows for ``youju eval compare``."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

from rag.errors import EvaluationError
from rag.evaluate.report import environment
from rag.evaluate.result import public_faults
from rag.evaluate.retrieval import DEPTH, MEASURES, Mode, Ranked, RetrievalResult

WORST = 20  # questions shown
_EXCERPT = 120  # characters of a passage


def figures(result: RetrievalResult) -> dict[str, Any]:
    """The object that ``--json`` prints."""
    return {
        "dataset": result.dataset.name,
        "passages": len(result.dataset.corpus),
        "queries": len(result.dataset.queries),
        "left_out": len(result.dataset.left_out),
        "modes": {
            mode.value: {name: round(value, 4) for name, value in found.measures.items()}
            | {"ms_per_query": round(found.ms_per_query, 2)}
            for mode, found in result.modes.items()
        },
    }


def by_kind(result: RetrievalResult, mode: Mode) -> dict[str, tuple[int, dict[str, float]]]:
    """Kind of question → their number and their means; empty where the set names fewer than two kinds."""
    rows = result.modes[mode].rows
    kinds = Counter(row.query.kind for row in rows)
    if len(kinds) < 2:
        return {}
    found = {}
    for kind, count in kinds.items():
        mine = [row for row in rows if row.query.kind == kind]
        found[kind or "—"] = count, {name: sum(r.measures[name] for r in mine) / count for name in MEASURES}
    return found


def worst(result: RetrievalResult, mode: Mode) -> list[Ranked]:
    """Questions whose first passage is a wrong one, the worst first."""
    missed = [row for row in result.modes[mode].rows if not row.measures["hit@1"]]
    return sorted(missed, key=lambda row: (row.measures["recall@10"], row.measures["mrr@10"]))


def to_rows(result: RetrievalResult) -> dict[str, Any]:
    """``figures`` with every question in every mode: what the file on disk holds."""
    plain = figures(result) | {"parts": result.parts, "vectors_per_character": round(result.vectors_per_character, 5)}
    for mode, found in result.modes.items():
        plain["modes"][mode.value]["rows"] = [
            {
                "id": row.query.id,
                "question": row.query.text,
                "kind": row.query.kind,
                "gold": sorted(result.dataset.qrels[row.query.id]),
                "found": list(row.found),
                "measures": {name: round(value, 4) for name, value in row.measures.items()},
                "ms": round(1000 * row.seconds, 1),
            }
            for row in found.rows
        ]
    return plain


def write_retrieval_report(result: RetrievalResult, folder: Path, name: str) -> list[Path]:
    """Write ``<name>.json``, ``.html`` and ``.md``; each whole or not at all. Raises EvaluationError."""
    main = Mode.HYBRID if Mode.HYBRID in result.modes else next(iter(result.modes))
    texts = {passage.id: passage.text for passage in result.dataset.corpus}
    failures = [
        (
            row,
            [_excerpt(texts.get(gold, "")) for gold in sorted(result.dataset.qrels[row.query.id])],
            _excerpt(row.best),
        )
        for row in worst(result, main)
    ]
    values = {
        "result": result,
        "main": main,
        "measures": list(MEASURES),
        "kinds": by_kind(result, main),
        "places": {mode: _places(found.rows) for mode, found in result.modes.items()},
        "depth": DEPTH,
        "failures": failures[:WORST],
        "left_out": public_faults(result.dataset.left_out),
        "failed": len(failures),
    }
    written = {"json": json.dumps(to_rows(result), ensure_ascii=False) + "\n"}
    for ending in ("html", "md"):
        template = environment(autoescape=ending == "html").get_template(f"retrieval.{ending}.j2")
        written[ending] = template.render(**values)
    paths = []
    for ending, text in written.items():
        path = folder / f"{name}.{ending}"
        partial = path.with_name(f"{path.name}.partial")
        try:
            folder.mkdir(parents=True, exist_ok=True)
            partial.write_text(text, encoding="utf-8")
            partial.replace(path)
        except OSError as error:
            raise EvaluationError(
                (f"写不了评测报告（{error.strerror}）", f"cannot write the report ({error.strerror})"),
                subject=str(path),
            ) from None
        paths.append(path)
    return paths


def _places(rows: tuple[Ranked, ...]) -> list[tuple[str, int, float]]:
    """Where the first right passage stands: "1", "2"… and "—" for nowhere; how many; per cent of the questions."""
    counts = Counter(round(1 / row.measures["mrr@10"]) if row.measures["mrr@10"] else 0 for row in rows)
    return [(str(place or "—"), counts[place], 100 * counts[place] / len(rows)) for place in (*range(1, DEPTH + 1), 0)]


def _excerpt(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _EXCERPT else f"{flat[:_EXCERPT]}…"
