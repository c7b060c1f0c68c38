"""Many threads at once: the same results as one, and nobody kept waiting for another's slow work."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import TypeVar

import pytest

from rag.answer.claims.context import line
from rag.answer.claims.pool import texts_pool
from rag.answer.claims.verify import weigh

T = TypeVar("T")
THREADS = 8
DAY = date(2024, 3, 18)


@pytest.fixture
def hasty() -> Iterator[None]:
    """Threads that give way to each other at nearly every step: what can come between two steps does."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def at_once(works: Sequence[Callable[[], T]]) -> list[T]:
    """What each gives, all begun at the same moment, a thread each."""
    ready = threading.Barrier(len(works))

    def begun(work: Callable[[], T]) -> T:
        ready.wait()
        return work()

    with ThreadPoolExecutor(len(works)) as pool:
        return [waiting.result() for waiting in [pool.submit(begun, work) for work in works]]


def report(number: int) -> str:
    """The same long sentence about another year's figures."""
    return (
        f"{1900 + number}年，临江市全年完成工业产值{300 + number}亿元，同比增长{number % 9 + 1}.5%，其中装备制造业产值"
        f"{100 + number}亿元，新材料产业产值{50 + number}亿元，市长周明远表示，力争{1902 + number}年工业产值突破{400 + number}亿元，"
        f"新增规模以上企业{20 + number}家，建设{number % 7 + 3}个产业园区，引进高层次人才{700 + number}名。"
    )


@pytest.mark.usefixtures("hasty")
def test_a_sentence_is_laid_out_the_same_for_every_thread() -> None:
    """Laid out once, read by all: nobody sees it half done."""
    for number in range(40):
        text = report(number)
        alone = line.__wrapped__(text, DAY)
        shared = line(text, DAY)
        seen = at_once([lambda shared=shared: dict(shared.all()) for _ in range(THREADS)])
        assert all(words == alone.all() for words in seen)


@pytest.mark.usefixtures("hasty")
def test_verdicts_do_not_depend_on_who_else_is_checking() -> None:
    """One sentence against one article, checked from all sides as soon as it is laid out."""
    for number in range(20):
        text = report(number) + "另据介绍，" + report(number + 50)
        said = f"临江市新增规模以上企业{20 + number}家，引进高层次人才{700 + number}名，市花是海棠。"
        alone = weigh(said, texts_pool([[text]], DAY))
        line.cache_clear()
        there = [texts_pool([[text]], DAY) for _ in range(THREADS)]
        assert at_once([lambda one=one, said=said: weigh(said, one) for one in there]) == [alone] * THREADS
