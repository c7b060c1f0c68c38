"""`youju eval compare`: the paired test, and what counts as a regression."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from rag.errors import EvaluationError
from rag.evaluate.compare import bootstrap, compare, significance


def retrieval(path: Path, hits: dict[str, float]) -> Path:
    rows = [{"id": key, "measures": {"hit@1": value}} for key, value in hits.items()]
    path.write_text(json.dumps({"modes": {"hybrid": {"rows": rows}}}), encoding="utf-8")
    return path


def test_few_questions_are_tested_exactly() -> None:
    # 5 questions, all worse: of the 32 ways to put the signs, 2 are as far from 0.
    assert significance(np.array([-1.0] * 5)) == 2 / 32
    assert significance(np.array([-1.0, 1.0, 0.0, 0.0])) == 1.0
    assert significance(np.zeros(4)) == 1.0


def test_many_questions_agree_with_the_binomial() -> None:
    # 30 changed questions, 22 of them worse: two-sided sign test p = 0.0161 (binomial, n = 30, p = 1/2).
    differences = np.array([-1.0] * 22 + [1.0] * 8 + [0.0] * 100)
    assert significance(differences) == pytest.approx(0.0161, abs=0.004)


def test_no_difference_is_rarely_called_one() -> None:
    drawn = np.random.default_rng(3)
    found = [significance(drawn.choice([-1.0, 1.0], 40)) < 0.05 for _ in range(60)]
    assert sum(found) <= 9  # 3 expected; more than 9 has a chance of 0.001


def test_the_interval_holds_the_mean_and_is_of_the_right_width() -> None:
    differences = np.random.default_rng(1).normal(0.1, 1.0, 400)
    low, high = bootstrap(differences)
    assert low < differences.mean() < high
    assert high - low == pytest.approx(2 * 1.96 * differences.std() / 20, rel=0.1)


def test_a_regression_is_beyond_the_margin_and_the_worst_questions_come_first(tmp_path: Path) -> None:
    a = retrieval(tmp_path / "a.json", {"q1": 1, "q2": 1, "q3": 0, "q4": 1, "only": 1})
    b = retrieval(tmp_path / "b.json", {"q1": 0, "q2": 1, "q3": 0.5, "q4": 0.5})
    found = compare(a, b)
    (difference,) = found.differences
    assert (difference.measure, difference.questions) == ("hybrid hit@1", 4)
    assert (difference.before, difference.after) == (0.75, 0.5)
    assert (found.only_before, found.only_after) == (1, 0)
    assert difference.changed == (("q1", -1.0), ("q4", -0.5), ("q3", 0.5))
    assert found.regressions(0.2) == [difference] and found.regressions(0.25) == []
    assert compare(b, a).regressions(0) == []


def test_results_of_answers_are_compared_too(tmp_path: Path) -> None:
    def result(name: str, right: bool, rank: int | None, unwarned: bool) -> Path:
        score = {"right": right, "rank": rank, "unwarned": unwarned}
        rows = [{"question": {"id": "s1", "answerable": True}, "score": score}]
        path = tmp_path / name
        path.write_text(json.dumps({"rows": rows}), encoding="utf-8")
        return path

    found = compare(result("a.json", True, 1, False), result("b.json", False, 4, True))
    values = {each.measure: (each.before, each.after) for each in found.differences}
    assert values == {
        "correct": (1, 0),
        "recall@1": (1, 0),
        "recall@5": (1, 1),
        "mrr": (1, 0.25),
        "wrong_unwarned": (0, 1),
    }
    assert {each.measure for each in found.regressions(0.1)} == {"correct", "recall@1", "mrr", "wrong_unwarned"}


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"modes": {"hybrid": {"hit@1": 1}}}', '{"rows": [{}]}'])
def test_what_is_no_result_is_named(tmp_path: Path, text: str) -> None:
    good = retrieval(tmp_path / "good.json", {"q1": 1})
    bad = tmp_path / "bad.json"
    bad.write_text(text, encoding="utf-8")
    with pytest.raises(EvaluationError) as caught:
        compare(good, bad)
    assert caught.value.subject == str(bad)


def test_results_of_other_questions_cannot_be_compared(tmp_path: Path) -> None:
    a, b = retrieval(tmp_path / "a.json", {"q1": 1}), retrieval(tmp_path / "b.json", {"p1": 1})
    with pytest.raises(EvaluationError):
        compare(a, b)
