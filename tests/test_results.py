"""The results that are committed: small, without words, and still what ``youju eval compare`` and the window read."""

from __future__ import annotations

from pathlib import Path

from rag.evaluate.kept import load_result
from rag.evaluate.metrics import measure

ROOT = Path(__file__).resolve().parent.parent


def test_committed_results_are_ids_values_and_spans() -> None:
    """They are committed with every evaluation: words are the articles' and the models', and no history needs them."""
    results = ROOT / "eval" / "results"
    large = {path.name: path.stat().st_size for path in results.iterdir() if path.stat().st_size > 150_000}
    assert large == {}
    kept = load_result(results / "seeds.json")
    assert len(kept.rows) == kept.overall.questions and all(row.answer is None for row in kept.rows)
    assert measure([(row.question, row.score) for row in kept.rows]).correct == kept.overall.correct
