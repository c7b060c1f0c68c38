"""Two results of the same questions: is one better, or is it chance?

A paired test by sign flips (Fisher's randomisation test; for retrieval: Smucker, Allan and Carterette 2007,
doi:10.1145/1321440.1321528): were the two the same, each question's difference could as well have the other sign. The
interval is a percentile bootstrap over the questions (Efron 1979).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from rag.errors import EvaluationError

_SEED = 11
_DRAWS = 10_000  # sign flips, and bootstrap samples: p to about ±0.004 near 0.05
_LOWER_IS_BETTER = frozenset({"wrong_unwarned"})

Values = dict[str, float]  # question id → value


@dataclass(frozen=True, slots=True)
class Difference:
    """One measure in both results, over the questions that both have."""

    measure: str  # with its mode in front where there are several: "hybrid ndcg@10"
    questions: int
    before: float  # mean in A
    after: float  # mean in B
    low: float  # 95 % interval of after - before
    high: float
    p: float  # two-sided
    lower_is_better: bool
    changed: tuple[tuple[str, float], ...]  # question id, its difference; the worst for B first, unchanged left out

    @property
    def change(self) -> float:
        return self.after - self.before

    def regressed(self, margin: float) -> bool:
        """Worse by more than ``margin``."""
        return (self.change if self.lower_is_better else -self.change) > margin


@dataclass(frozen=True, slots=True)
class Comparison:
    before: str  # file names
    after: str
    only_before: int  # questions that only one of the two has
    only_after: int
    differences: tuple[Difference, ...]

    def regressions(self, margin: float) -> list[Difference]:
        return [difference for difference in self.differences if difference.regressed(margin)]


def compare(before: Path, after: Path) -> Comparison:
    """Compare two JSON results of ``youju eval retrieval`` or of ``youju eval answers``.

    Raises EvaluationError: a file is no such result, or they have no question or no measure in common.
    """
    first, second = _load(before), _load(after)
    differences = []
    asked = [{key for values in result.values() for key in values} for result in (first, second)]
    for measure in first:
        shared = sorted(first[measure].keys() & second.get(measure, {}).keys())
        if shared:
            pairs = np.array([[first[measure][key], second[measure][key]] for key in shared])
            differences.append(_difference(measure, shared, pairs))
    if not differences:
        raise EvaluationError(
            ("两份结果没有共同的问题和指标", "the two results have no question and measure in common"),
            subject=f"{before}, {after}",
            advice=("要比较的是同一题集的两次评测", "Compare two runs over the same questions"),
        )
    return Comparison(before.name, after.name, len(asked[0] - asked[1]), len(asked[1] - asked[0]), tuple(differences))


def significance(differences: npt.NDArray[np.float64]) -> float:
    """Two-sided p of a mean difference as far from 0, by random sign flips (all of them where there are few)."""
    moved = differences[differences != 0]
    if not len(moved):
        return 1.0
    observed = abs(moved.sum()) - 1e-9
    if len(moved) <= 12:  # 4,096 flips at most: every one
        signs = 1.0 - 2.0 * ((np.arange(2 ** len(moved))[:, None] >> np.arange(len(moved))) & 1)
        return float((np.abs(signs @ moved) >= observed).mean())
    drawn = np.random.default_rng(_SEED)
    beyond = sum(
        int((np.abs((1.0 - 2.0 * drawn.integers(0, 2, (500, len(moved)))) @ moved) >= observed).sum())
        for _ in range(_DRAWS // 500)
    )
    return (beyond + 1) / (_DRAWS + 1)


def bootstrap(differences: npt.NDArray[np.float64]) -> tuple[float, float]:
    """95 % interval of the mean difference."""
    drawn = np.random.default_rng(_SEED)
    count = len(differences)
    means = [differences[drawn.integers(0, count, (100, count))].mean(axis=1) for _ in range(_DRAWS // 100)]
    low, high = np.quantile(np.concatenate(means), (0.025, 0.975))
    return float(low), float(high)


def _difference(measure: str, ids: list[str], pairs: npt.NDArray[np.float64]) -> Difference:
    moved = pairs[:, 1] - pairs[:, 0]
    lower = measure.split()[-1] in _LOWER_IS_BETTER
    low, high = bootstrap(moved)
    order = np.argsort(-moved if lower else moved, kind="stable")
    return Difference(
        measure,
        len(ids),
        float(pairs[:, 0].mean()),
        float(pairs[:, 1].mean()),
        low,
        high,
        significance(moved),
        lower,
        tuple((ids[at], float(moved[at])) for at in order if moved[at]),
    )


def _load(path: Path) -> dict[str, Values]:
    """Measure → values."""
    try:
        read = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise EvaluationError(
            (f"读不了（{error.strerror}）", f"cannot be read ({error.strerror})"), subject=str(path)
        ) from None
    except ValueError as error:
        raise EvaluationError((f"不是合法的 JSON：{error}", f"not valid JSON: {error}"), subject=str(path)) from None
    try:
        found = _retrieval(read) if "modes" in read else _answers(read)
    except (KeyError, TypeError, AttributeError):
        found = {}
    if not any(found.values()):
        raise EvaluationError(
            ("不是评测结果，或没有逐题的行", "not the result of an evaluation, or without its rows"),
            subject=str(path),
            advice=(
                "用 youju eval retrieval 或 youju eval answers 写出的 .json 文件",
                "Take the .json file that youju eval retrieval or youju eval answers wrote",
            ),
        )
    return found


def _retrieval(read: Mapping[str, Any]) -> dict[str, Values]:
    found: dict[str, Values] = {}
    for mode, result in read["modes"].items():
        for row in result["rows"]:
            for measure, value in row["measures"].items():
                found.setdefault(f"{mode} {measure}", {})[row["id"]] = float(value)
    return found


def _answers(read: Mapping[str, Any]) -> dict[str, Values]:
    found: dict[str, Values] = {}
    for row in read["rows"]:
        question, score = row["question"], row["score"]
        key, rank = question["id"], score.get("rank")
        values = {"wrong_unwarned": float(score.get("unwarned", False))}
        if score.get("right") is not None:
            values["correct"] = float(score["right"])
        if question["answerable"]:
            values |= {f"recall@{k}": float(rank is not None and rank <= k) for k in (1, 5)}
            values["mrr"] = 1 / rank if rank else 0.0
        for measure, value in values.items():
            found.setdefault(measure, {})[key] = value
    return found
