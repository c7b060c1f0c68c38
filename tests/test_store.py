"""What every Store must do. Another one joins by one more parameter of ``opened``."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from store_samples import DIMENSION, IDENTITY, SHIPS, TAIPEI, YANGZHOU, article, vector

from rag.errors import StoreError
from rag.store.base import Store
from rag.store.embedded import open_store
from rag.times import NamedTime, Times
from rag.types import ArticleDate


@pytest.fixture(params=["embedded"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty one."""
    assert request.param == "embedded"
    opened = open_store(tmp_path / "index", create=True, **IDENTITY)
    yield opened
    opened.close()


def lexical_ids(store: Store, text: str, k: int = 10) -> list[str]:
    return [match.passage_id for match in store.search_lexical(text, k)]


def dense_ids(store: Store, text: str, k: int = 10) -> list[str]:
    return [match.passage_id for match in store.search_dense(vector(text), k)]


def test_everything_comes_back_as_it_was_put(store: Store) -> None:
    for document, passages, vectors in (YANGZHOU, TAIPEI, SHIPS):
        store.put(document, passages, vectors)
    for document, passages, vectors in (YANGZHOU, TAIPEI, SHIPS):
        assert store.document(document.id) == document
        ids = [passage.id for passage in passages]
        assert store.passages(ids[::-1]) == passages[::-1]
        np.testing.assert_array_equal(np.concatenate(store.window_vectors(ids)), vectors)
    infos = store.documents()
    assert [info.name for info in infos] == ["ships.txt", "taipei.txt", "yangzhou.txt"]
    last = infos[-1]
    assert (last.id, last.title, last.date, last.passages) == ("yangzhou", YANGZHOU[0].title, YANGZHOU[0].date, 3)
    assert (last.path, last.sha256, last.characters) == (
        YANGZHOU[0].path,
        YANGZHOU[0].sha256,
        len(YANGZHOU[0].text),
    )


def test_times_come_back_as_they_were_put(store: Store) -> None:
    """Each with its passage, and those of a document that is put again in place of what it had."""
    document, passages, vectors = YANGZHOU
    day = date(2025, 12, 31)
    named = (
        NamedTime(3, 5, date(2025, 1, 1), day, "2025年", False),
        NamedTime(7, 9, None, None, "", True),
    )
    first, second, third = passages
    timed = [
        replace(first, times=Times("r1", ((day.toordinal(), day.toordinal() + 6), (1, 2)), named)),
        replace(second, times=Times("r1", (), ())),  # names none, which is not the same as not resolved
        third,
    ]
    ids = [passage.id for passage in passages]
    store.put(document, timed, vectors)
    store.put(*SHIPS)
    assert store.passages(ids) == timed
    assert [passage.times for passage in store.passages(["ships:0", *ids[::-1]])] == [
        None,
        None,
        timed[1].times,
        timed[0].times,
    ]
    changed = [replace(passage, times=Times("r2", ((3, 4),), ())) for passage in passages]
    store.put(replace(document, date=ArticleDate(day, "day", "")), changed, vectors)
    assert store.passages(ids) == changed
    store.put(*YANGZHOU)
    assert store.passages(ids) == passages


def test_what_is_not_there_is_an_error(store: Store) -> None:
    store.put(*SHIPS)
    for ask in (
        lambda: store.document("nothing"),
        lambda: store.passages(["ships:0", "ships:99"]),
        lambda: store.window_vectors(["ships:99"]),
    ):
        with pytest.raises(StoreError):
            ask()
    assert store.remove("nothing") is False
    assert store.passages([]) == []


def test_an_empty_store_finds_nothing(store: Store) -> None:
    assert store.documents() == []
    assert store.search_lexical("扬州", 5) == []
    assert store.search_dense(vector("扬州"), 5) == []


def test_dense_search_finds_the_window(store: Store) -> None:
    store.put(*YANGZHOU)
    store.put(*TAIPEI)
    document, passages, _ = TAIPEI
    best = store.search_dense(vector("夜市很熱鬧。"), 3)[0]
    assert best.passage_id == "taipei:1"
    assert best.score == pytest.approx(1.0, abs=1e-5)
    assert best.window == passages[1].windows[1]
    assert document.text[best.window.start : best.window.end] == "夜市很熱鬧。"


def test_k_counts_passages(store: Store) -> None:
    """Many windows of one passage do not crowd out the others, and no passage comes twice."""
    store.put(*article("many", [[f"第{n}句说的是同一件事情。" for n in range(60)], ["另一段。"], ["第三段。"]]))
    query = vector("第7句说的是同一件事情。")
    everything = store.search_dense(query, 10)
    assert sorted(match.passage_id for match in everything) == ["many:0", "many:1", "many:2"]
    assert [match.score for match in everything] == sorted((match.score for match in everything), reverse=True)
    for k in (0, 1, 2, 3):
        assert store.search_dense(query, k) == everything[:k]
        assert len(store.search_lexical("同一件事情 另一段 第三段", k)) == k


def test_all_windows_alike(store: Store) -> None:
    """Twenty copies of one text: k distinct passages all the same."""
    for n in range(20):
        store.put(*article(f"copy{n:02}", [["一模一样的一句话。", "一模一样的一句话。"]]))
    for k in (1, 7, 20, 50):
        ids = dense_ids(store, "一模一样的一句话。", k)
        assert len(ids) == len(set(ids)) == min(k, 20)


def test_overlapping_passages_share_windows(store: Store) -> None:
    store.put(*article("overlap", [["甲说了一句话。", "乙也说了一句。"], ["乙也说了一句。", "丙没有说话。"]]))
    found = store.search_dense(vector("乙也说了一句。"), 2)
    assert {match.passage_id for match in found} == {"overlap:0", "overlap:1"}
    assert found[0].score == pytest.approx(found[1].score, abs=1e-5)


def test_putting_twice_changes_nothing(store: Store) -> None:
    store.put(*YANGZHOU)
    store.put(*SHIPS)
    before = (store.documents(), store.search_dense(vector("x"), 9), store.search_lexical("扬州船舶 2025", 9))
    store.put(*YANGZHOU)
    after = (store.documents(), store.search_dense(vector("x"), 9), store.search_lexical("扬州船舶 2025", 9))
    assert after[0] == before[0]
    assert [(m.passage_id, m.window) for m in after[1]] == [(m.passage_id, m.window) for m in before[1]]
    assert [m.passage_id for m in after[2]] == [m.passage_id for m in before[2]]


def test_what_is_replaced_is_gone(store: Store) -> None:
    store.put(*YANGZHOU)
    store.put(*article("yangzhou", [["如今说的完全是航天。"]]))
    assert lexical_ids(store, "民营经济") == []
    assert lexical_ids(store, "航天") == ["yangzhou:0"]
    assert dense_ids(store, "市委书记王进健发言。") == ["yangzhou:0"]
    assert [info.passages for info in store.documents()] == [1]
    with pytest.raises(StoreError):
        store.passages(["yangzhou:1"])


def test_what_is_removed_is_gone(store: Store) -> None:
    store.put(*YANGZHOU)
    store.put(*SHIPS)
    assert store.remove("yangzhou") is True
    assert store.remove("yangzhou") is False
    assert [info.id for info in store.documents()] == ["ships"]
    assert lexical_ids(store, "民营经济 扬州") == []
    assert set(dense_ids(store, "市委书记王进健发言。")) == {"ships:0", "ships:1"}
    with pytest.raises(StoreError):
        store.document("yangzhou")


def test_a_document_without_passages(store: Store) -> None:
    store.put(*YANGZHOU)
    store.put(*article("yangzhou", []))
    assert [(info.id, info.passages) for info in store.documents()] == [("yangzhou", 0)]
    assert dense_ids(store, "x") == lexical_ids(store, "扬州") == []


@pytest.mark.parametrize("rows", [0, 4, 6])
def test_a_wrong_number_of_vectors_changes_nothing(store: Store, rows: int) -> None:
    document, passages, vectors = YANGZHOU
    assert len(vectors) == 5
    store.put(*SHIPS)
    with pytest.raises(StoreError):
        store.put(document, passages, np.zeros((rows, DIMENSION), np.float32))
    assert [info.id for info in store.documents()] == ["ships"]


def test_a_failed_write_changes_nothing(store: Store) -> None:
    """The same passage id twice is refused when half of the rows are written already."""
    store.put(*YANGZHOU)
    document, passages, vectors = article("yangzhou", [["新的第一段。"], ["新的第二段。"]])
    with pytest.raises(StoreError):
        store.put(document, [passages[0], passages[0]], vectors)
    assert store.document("yangzhou") == YANGZHOU[0]
    assert lexical_ids(store, "民营经济")[0] == "yangzhou:0"
    assert lexical_ids(store, "新的第二段") != ["yangzhou:1"]


def test_vectors_that_are_none(store: Store) -> None:
    document, passages, vectors = YANGZHOU
    with pytest.raises(StoreError):
        store.put(document, passages, np.full_like(vectors, np.nan))
    with pytest.raises(StoreError):
        store.search_dense(np.zeros(DIMENSION + 1, np.float32), 3)
    with pytest.raises(StoreError):
        store.search_dense(np.full(DIMENSION, np.inf, np.float32), 3)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("9000亿元", "yangzhou:1"),
        ("９，０００億元", "yangzhou:1"),
        ("topcon", "yangzhou:2"),
        ("20.63％", "ships:0"),
        ("10,074.1万", "ships:1"),
        ("台北的资讯产业", "taipei:0"),
        ("1980", "taipei:0"),
        ("資訊產業", "taipei:0"),
        ("造船企業訂單", "ships:0"),
        ("吨", "ships:1"),
    ],
)
def test_one_spelling_finds_another(store: Store, question: str, expected: str) -> None:
    for each in (YANGZHOU, TAIPEI, SHIPS):
        store.put(*each)
    assert lexical_ids(store, question)[0] == expected


def test_title_and_heading_are_searched(store: Store) -> None:
    store.put(*article("one", [["这里没有那个词。"]], title="稀土开采"))
    store.put(*article("two", [["这里没有那个词。"]], heading="氢能"))
    store.put(*article("three", [["稀土就在这段话里。"]]))
    assert lexical_ids(store, "氢能") == ["two:0"]
    assert lexical_ids(store, "稀土") == ["three:0", "one:0"], "the text weighs more than the title"


@pytest.mark.parametrize(
    "query",
    [
        "",
        " \n",
        "，。？！",
        "😀🎉",
        '"',
        "((",
        "*",
        "AND",
        "title:x",
        'a" OR "b',
        "text:[* TO *]",
        "\\",
        "\x00",
        "\ud800",
        "民营 AND",
    ],
)
def test_no_query_breaks_the_search(store: Store, query: str) -> None:
    store.put(*YANGZHOU)
    found = lexical_ids(store, query)
    assert ("yangzhou:0" in found) == ("民营" in query)


def test_operators_are_words(store: Store) -> None:
    store.put(*article("latin", [["use AND or title here"], ["nothing of it"]]))
    assert lexical_ids(store, "title:x") == ["latin:0"]
    assert lexical_ids(store, "-title") == ["latin:0"], "a minus excludes nothing"


def test_a_very_long_query(store: Store) -> None:
    store.put(*YANGZHOU)
    store.put(*SHIPS)
    noise = "".join(chr(0x4E00 + (n * 7919) % 20_000) for n in range(100_000))
    assert lexical_ids(store, noise[:50_000] + "，新霖飞集团，" + noise[50_000:])[0] == "yangzhou:2"


def test_searching_while_another_thread_writes(store: Store) -> None:
    """A search sees the article before or after a write, never half of it or none."""
    versions = [article("moving", [[f"第{n}版甲段流动。"], [f"第{n}版乙段流动。"]]) for n in range(2)]
    store.put(*versions[0])
    store.put(*YANGZHOU)
    stop = threading.Event()
    problems: list[str] = []

    def search() -> None:
        while not stop.is_set():
            lexical = lexical_ids(store, "流动")
            dense = store.search_dense(vector("第0版甲段流动。"), 10)
            if sorted(lexical) != ["moving:0", "moving:1"]:
                problems.append(f"lexical {lexical}")
            if len(dense) != 5 or len({match.passage_id for match in dense}) != 5:
                problems.append(f"dense {dense}")

    threads = [threading.Thread(target=search) for _ in range(3)]
    for thread in threads:
        thread.start()
    try:
        for n in range(12):
            store.put(*versions[(n + 1) % 2])
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert problems == []


def test_two_threads_write(store: Store) -> None:
    def write(start: int) -> None:
        for n in range(start, start + 6):
            store.put(*article(f"doc{n}", [[f"第{n}篇的独有词语。"]]))

    threads = [threading.Thread(target=write, args=(start,)) for start in (0, 6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(store.documents()) == 12
    assert len(lexical_ids(store, "独有词语", 20)) == len(dense_ids(store, "x", 20)) == 12
