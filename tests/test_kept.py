"""Times kept with a passage are those that are read on the fly, for every article and every date it may have."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from rag.answer.when import dated, kept
from rag.answer.when.resolve import time_spans
from rag.indexing import timed
from rag.ingest import load_document
from rag.ingest.split import SPLITTER_VERSION, split
from rag.pipeline import Youju
from rag.settings import load_settings
from rag.store import analyze
from rag.store.base import Vectors
from rag.store.embedded import open_store
from rag.types import ArticleDate, Passage

SEEDS = Path(__file__).parents[1] / "seeds"
DATES = [
    None,
    ArticleDate(date(2024, 3, 18), "day", ""),
    ArticleDate(date(2025, 1, 1), "month", ""),
    ArticleDate(date(2023, 1, 1), "year", ""),
    ArticleDate(date(9999, 12, 31), "day", ""),
]
# What the rules read in the seeds. Where it changes, so do indexes: raise the number in ``kept.RESOLVER`` with it.
READ_BY = {"1.1": "8fe662ab5037e08a", "1.2": "8fe662ab5037e08a", "1.3": "8fe662ab5037e08a"}


@pytest.fixture(scope="module")
def passages() -> list[Passage]:
    found = [passage for path in sorted(SEEDS.iterdir()) for passage in split(load_document(path))]
    assert len(found) > 10
    return found


@pytest.mark.parametrize("written", DATES, ids=str)
def test_kept_is_what_is_read(passages: list[Passage], written: ArticleDate | None) -> None:
    named = 0
    for plain, passage in zip(passages, timed(passages, written), strict=True):
        assert passage.times is not None and plain.times is None
        told = dated.told(analyze.fold(plain.text), written)
        assert kept.stretches(passage, written) == kept.stretches(plain, written) == told
        assert kept.times(plain, written) == kept.times(passage, None) == passage.times
        spans = []
        for sentence in passage.sentences:
            read = [(sentence.start, span) for span in time_spans(plain.slice(sentence), written)]
            days = [span.interval for _, span in read if span.interval and not span.compared]
            assert kept.intervals(passage, sentence, written) == kept.intervals(plain, sentence, written) == days
            spans += read
        assert [(t.start, t.end, t.unsaid, t.compared) for t in passage.times.named] == [
            (at + span.start, at + span.end, span.label, span.compared) for at, span in spans
        ]
        named += len(spans)
    assert named > 20


def test_times_of_other_rules_are_not_used(passages: list[Passage]) -> None:
    written = DATES[1]
    for passage in timed(passages, written):
        assert passage.times is not None
        other = replace(passage, times=replace(passage.times, resolver="0", stretches=((1, 2),), named=()))
        assert kept.times(other, written) == passage.times
        assert kept.stretches(other, written) == kept.stretches(passage, written)
        for sentence in passage.sentences:
            assert kept.intervals(other, sentence, written) == kept.intervals(passage, sentence, written)


def test_rules_that_read_otherwise_have_another_name() -> None:
    """An index keeps what older rules read until it sees a new name."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(SEEDS.iterdir())]
    read = [repr((dated.told(analyze.fold(t), day), time_spans(t, day))) for t in texts for day in DATES]
    assert READ_BY.get(kept.RESOLVER) == hashlib.sha256("\n".join(read).encode()).hexdigest()[:16]


class Counting:
    """An embedder that knows how many texts it was given; vectors drawn from their lengths."""

    name, fingerprint, dimension, texts = "counting", "1", 4, 0

    def embed_passages(self, texts: Sequence[str], on_progress: Callable[[int], None] | None = None) -> Vectors:
        self.texts += len(texts)
        if on_progress is not None:
            on_progress(len(texts))
        rows = np.array([[len(text), 1, 2, 3] for text in texts], np.float32).reshape(-1, 4)
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)

    def embed_query(self, text: str) -> Vectors:
        return self.embed_passages([text])[0]


@pytest.fixture
def youju(tmp_path: Path) -> Iterator[Youju]:
    """One article of 18 March 2024, in an index of its own."""
    (tmp_path / "2024-03-18_图书馆.txt").write_text(
        "青石镇图书馆今年购书三千册。昨日，新馆开放。去年同期只有两千册，2021年是一千册。", encoding="utf-8"
    )
    embedder = Counting()
    store = open_store(
        tmp_path / "index",
        embedder_name=embedder.name,
        embedder_fingerprint=embedder.fingerprint,
        dimension=embedder.dimension,
        splitter_version=SPLITTER_VERSION,
        create=True,
    )
    settings = load_settings({"index": tmp_path / "index", "llm.provider": "none"}, environ={})
    with Youju(settings, store, embedder, None) as opened:
        opened.add([tmp_path / "2024-03-18_图书馆.txt"])
        yield opened


def said(youju: Youju) -> list[str]:
    """Words and days of each time that the index keeps."""
    (info,) = youju.documents()
    whole = youju.take_out(info.id)
    youju.put_back(whole)
    return [
        f"{whole.document.text[t.start : t.end]} {t.first} {t.last}"
        for passage in whole.passages
        if passage.times
        for t in passage.times.named
    ]


MARCH = [
    "今年 2024-01-01 2024-12-31",
    "昨日 2024-03-17 2024-03-17",
    "去年同期 2023-01-01 2023-12-31",
    "2021年 2021-01-01 2021-12-31",
]


def test_a_corrected_date_counts_at_once_and_nothing_is_embedded(youju: Youju) -> None:
    assert said(youju) == MARCH
    (info,) = youju.documents()
    before = youju.take_out(info.id)
    youju.put_back(before)
    assert isinstance(youju.embedder, Counting)
    embedded = youju.embedder.texts
    youju.correct(info.id, info.title, ArticleDate(date(2020, 1, 1), "day", "读者更正"))
    assert said(youju) == [
        "今年 2020-01-01 2020-12-31",
        "昨日 2019-12-31 2019-12-31",
        "去年同期 2019-01-01 2019-12-31",
        "2021年 2021-01-01 2021-12-31",
    ]
    youju.correct(info.id, info.title, None)
    assert [line.split()[1] for line in said(youju)] == ["None", "None", "None", "2021-01-01"]
    assert youju.embedder.texts == embedded > 0
    np.testing.assert_array_equal(youju.take_out(info.id).vectors, before.vectors)


def test_a_correction_that_breaks_off_leaves_date_and_times(youju: Youju) -> None:
    """They are written together: no times of one date stand beside another date."""
    (info,) = youju.documents()
    with closing(sqlite3.connect(youju.settings.index / "library.sqlite")) as connection, connection:
        connection.execute("CREATE TRIGGER broken BEFORE INSERT ON times BEGIN SELECT RAISE(ABORT, 'broken'); END")
    with pytest.raises(Exception, match="broken"):
        youju.correct(info.id, info.title, ArticleDate(date(2020, 1, 1), "day", ""))
    with closing(sqlite3.connect(youju.settings.index / "library.sqlite")) as connection, connection:
        connection.execute("DROP TRIGGER broken")
    assert [str(each.date) for each in youju.documents()] == ["2024-03-18"]
    assert said(youju) == MARCH
