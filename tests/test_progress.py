"""What is said of the time left is near the time that it takes, whatever the files are like."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from indexing_fakes import open_quick

from rag.pipeline import Youju
from rag.progress import Estimate, time_left
from rag.types import Progress
from rag.ui.jobs import Batch

EMBED, LOOK = 1 / 1000, 1 / 1_000_000  # seconds a byte


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def told(files: list[tuple[int, bool, bool]]) -> Iterator[tuple[float, float]]:
    """(what was told, what it was) at every step; files: bytes, expected to be embedded, embedded."""
    clock = Clock()
    estimate = Estimate([(size, will) for size, will, _ in files], clock)
    costs = [size * (EMBED if does else LOOK) for size, _, does in files]
    for number, (_, _, does) in enumerate(files):
        estimate.begin(number)
        ahead = sum(costs[number:])
        for share in (0.0, 0.25, 0.5, 0.75, 1.0) if does else (0.0,):
            left = estimate.left(share)
            if left is not None:
                yield left, ahead - share * costs[number]
            clock.now += costs[number] / 5
        estimate.end(embedded=does)
    clock.now += 1


@pytest.mark.parametrize(
    "files",
    [
        [(500_000, True, True), *[(1_000, True, True)] * 20],  # a book, then notes: by files it is said too much
        [*[(1_000, True, True)] * 20, (500_000, True, True)],  # and the other way round too little
        [*[(40_000, False, False)] * 30, (100_000, True, True), (100_000, True, True)],  # mostly known
        [(100_000, True, True), *[(40_000, False, False)] * 30],
        [(300_000, True, True)],
    ],
    ids=["big-first", "big-last", "known-first", "known-last", "alone"],
)
def test_the_estimate_is_near_the_truth(files: list[tuple[int, bool, bool]]) -> None:
    steps = list(told(files))
    assert steps
    for left, truth in steps:
        assert left == pytest.approx(truth, rel=0.35, abs=0.05 * sum(size * EMBED for size, _, _ in files))


def test_nothing_is_told_before_anything_is_known() -> None:
    estimate = Estimate([(100, True), (100, True)])
    estimate.begin(0)
    assert estimate.left() is None


@pytest.mark.parametrize(
    ("seconds", "zh", "en"),
    [
        (0, "不到1分钟", "less than a minute"),
        (59, "不到1分钟", "less than a minute"),
        (61, "约1分钟", "about 1 min"),
        (500, "约8分钟", "about 8 min"),
        (2118, "约35分钟", "about 35 min"),
        (5500, "约1.5小时", "about 1.5 h"),
        (7100, "约2小时", "about 2 h"),
    ],
)
def test_time_is_said_as_people_say_it(seconds: float, zh: str, en: str) -> None:
    assert time_left(seconds) == zh and time_left(seconds, "en") == en


@pytest.fixture
def youju(tmp_path: Path) -> Iterator[Youju]:
    with open_quick(tmp_path / "index") as opened:
        yield opened


def test_a_batch_tells_of_all_its_files(youju: Youju, tmp_path: Path) -> None:
    """Inside a file, too: what that alone takes is never put in its place."""
    paths = []
    for number, times in enumerate((60, 2, 60)):
        paths.append(tmp_path / f"{number}.txt")
        text = "".join(f"第{number}号水库的第{n}座泵站去年抽水{n + 7}万吨。\n" for n in range(times))
        paths[-1].write_text(text, encoding="utf-8")
    batch = Batch()
    seen: list[tuple[Progress, float | None]] = []

    def tell(now: Progress) -> None:
        batch.tell(now)
        seen.append((now, batch.seconds_left))

    youju.add(paths, on_progress=tell)
    assert all(left == now.seconds_left for now, left in seen)
    inside = [now.seconds_left for now, _ in seen if now.stage == "embed" and now.item == "0.txt"]
    after = [now.seconds_left for now, _ in seen if now.stage == "embed" and now.item == "2.txt"]
    assert inside[-1] and inside[-1] > 0, "the first file is done, the others are not"
    assert after[-1] == pytest.approx(0.0)
    assert seen[-1][1] == 0.0
