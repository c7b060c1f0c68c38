"""The results that are committed: small, without words, and still what ``youju eval compare`` and the window read."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.evaluate.kept import load_result
from rag.evaluate.metrics import measure
from rag.ui import result_view
from rag.ui.texts import EN, ZH, Texts

ROOT = Path(__file__).resolve().parent.parent


def test_committed_results_are_ids_values_and_spans() -> None:
    """They are committed with every evaluation: words are the articles' and the models', and no history needs them."""
    results = ROOT / "eval" / "results"
    large = {path.name: path.stat().st_size for path in results.iterdir() if path.stat().st_size > 150_000}
    assert large == {}
    kept = load_result(results / "seeds.json")
    assert len(kept.rows) == kept.overall.questions and all(row.answer is None for row in kept.rows)
    assert measure([(row.question, row.score) for row in kept.rows]).correct == kept.overall.correct


@pytest.mark.parametrize("t", [ZH, EN], ids=["zh", "en"])
def test_the_window_shows_what_a_committed_result_has_and_says_what_it_has_not(t: Texts) -> None:
    kept = load_result(ROOT / "eval" / "results" / "seeds.json")
    assert str(kept.overall.correct.hits) in result_view.overview(kept, t)
    assert kept.worst()[0].question.question in result_view.questions(kept, t, every=False)
    row = kept.worst()[0]
    shown = result_view.question(row, t)
    assert row.question.question in shown and t.evaluation_no_words in shown and t.evaluation_no_answer not in shown
