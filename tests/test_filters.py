"""Filtered searches look at what is allowed, all of it, and nothing else."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from store_samples import IDENTITY, article, vector

from rag.answer.find.retrieve import retrieve
from rag.store import library
from rag.store.base import Filters
from rag.store.embedded import EmbeddedStore, open_store
from rag.types import ArticleDate, Query

DATES = {
    "day": ArticleDate(date(2024, 3, 18), "day", ""),
    "month": ArticleDate(date(2024, 3, 1), "month", ""),
    "year": ArticleDate(date(2024, 1, 1), "year", ""),
    "old": ArticleDate(date(2019, 7, 2), "day", ""),
    "none": None,
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five dated articles, and sixty others that say the same and crowd every list of candidates; closed."""
    folder = tmp_path_factory.mktemp("filters") / "index"
    with open_store(folder, create=True, **IDENTITY) as opened, opened.batch():
        for name, when in DATES.items():
            opened.put(*article(name, [[f"{name}粮仓修好了。"], [f"{name}桥也通车。"]], when=when))
        for number in range(60):
            sentences = [[f"粮仓修好了，粮仓修好了，第{number}次。"], [f"桥也通车，通车第{number}天。"]]
            opened.put(*article(f"other{number}", sentences, when=ArticleDate(date(2000, 1, 1), "day", "")))
    return folder


@pytest.fixture
def store(made: Path, tmp_path: Path) -> Iterator[EmbeddedStore]:
    with open_store(shutil.copytree(made, tmp_path / "index"), **IDENTITY) as opened:
        yield opened


def found(store: EmbeddedStore, filters: Filters, k: int = 20) -> set[str]:
    """Documents found, the same by every way of searching."""
    dense = {match.passage_id.partition(":")[0] for match in store.search_dense(vector("粮仓"), k, filters)}
    lexical = {match.passage_id.partition(":")[0] for match in store.search_lexical("粮仓修好 桥通车", k, filters)}
    hits = retrieve(Query("粮仓", "粮仓修好 桥通车"), vector("粮仓"), store, k=k, candidates=3, filters=filters)
    assert dense == lexical == {hit.passage.document_id for hit in hits}
    return dense


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(documents=("day", "old.txt", "/articles/none.txt")), {"day", "old", "none"}),
        (Filters(documents=("nobody",)), set()),
        (Filters(since=date(2019, 1, 1)), {"day", "month", "year", "old"}),
        (Filters(since=date(2019, 7, 2), until=date(2019, 7, 2)), {"old"}),
        (Filters(since=date(2024, 3, 18), until=date(2024, 3, 31)), {"day", "month", "year"}),
        (Filters(since=date(2024, 3, 19), until=date(2024, 3, 31)), {"month", "year"}),
        (Filters(since=date(2024, 4, 1)), {"year"}),
        (Filters(documents=("day", "old"), since=date(2020, 1, 1)), {"day"}),
        (Filters(documents=("day",), types=("TXT",)), {"day"}),
        (Filters(documents=("day",), types=(".pdf", ".txt")), {"day"}),
        (Filters(documents=("day",), types=("xt",)), set()),
        (Filters(documents=("day",), types=("%",)), set()),
    ],
)
def test_what_is_allowed_is_found_and_nothing_else(store: EmbeddedStore, filters: Filters, expected: set[str]) -> None:
    assert found(store, filters) == expected


def test_k_hits_whenever_k_exist(store: EmbeddedStore) -> None:
    everything = Filters(until=date(2000, 12, 31))
    for k in (1, 7, 120, 500):
        assert len(store.search_dense(vector("粮仓"), k, everything)) == min(k, 120)
        hits = retrieve(Query("粮", "粮仓修好"), vector("粮"), store, k=k, candidates=5, filters=everything)
        assert len(hits) == min(k, 120)
        assert len({hit.passage.id for hit in hits}) == len(hits)


def test_scores_are_those_of_the_search_over_all(store: EmbeddedStore) -> None:
    only = Filters(documents=("day",))
    for every, some in (
        (store.search_dense(vector("桥"), 130), store.search_dense(vector("桥"), 9, only)),
        (store.search_lexical("桥通车", 130), store.search_lexical("桥通车", 9, only)),
    ):
        scores = {match.passage_id: match.score for match in every}
        assert some and all(match.score == pytest.approx(scores[match.passage_id]) for match in some)


def test_collections_follow_their_documents(store: EmbeddedStore) -> None:
    assert store.collections() == {} and found(store, Filters(collections=("报纸",))) == set()
    store.label(["day", "old"], "报纸")
    store.label(["none"], "网页")
    assert store.collections() == {"报纸": ["day", "old"], "网页": ["none"]}
    assert found(store, Filters(collections=("报纸",))) == {"day", "old"}
    assert found(store, Filters(collections=("报纸", "网页"), since=date(2020, 1, 1))) == {"day"}
    store.put(*article("old", [["粮仓修好，又修了一次。桥通车"]], when=DATES["old"]))  # kept when it changes
    assert found(store, Filters(collections=("报纸",))) == {"day", "old"}
    store.label(["day"], "网页")
    store.label(["none"], "")
    assert store.collections() == {"报纸": ["old"], "网页": ["day"]}
    store.remove("old")
    assert store.collections() == {"网页": ["day"]}


def test_an_index_from_before_there_were_collections_is_searched(store: EmbeddedStore) -> None:
    with sqlite3.connect(store.folder / library.FILE_NAME) as connection:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert "collections" not in tables
    assert found(store, Filters(documents=("day",))) == {"day"}


def test_filters_that_say_nothing_are_none() -> None:
    assert not Filters() and Filters(types=("txt",)) and Filters(until=date(2024, 1, 1))
