"""An index that an earlier splitter made: opened as it is, brought up to date article by article when files are indexed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from test_kept import Counting

from rag.errors import IndexMismatch
from rag.ingest import load_document
from rag.ingest.split import OLDER_SPLITTERS, SPLITTER_VERSION, split
from rag.pipeline import Youju
from rag.settings import load_settings
from rag.store.embedded import EmbeddedStore, open_store
from rag.types import Document, Passage, Span

TEXTS = {"茶园.txt": "茶农座谈\n\n茶农甲说：“今年少雨。”茶农乙说：“价钱还行。”\n", "雨量.txt": "全县下了一场透雨。\n"}


def store(folder: Path, embedder: Counting, version: str, older: frozenset[str] = frozenset()) -> EmbeddedStore:
    return open_store(
        folder,
        embedder_name=embedder.name,
        embedder_fingerprint=embedder.fingerprint,
        dimension=embedder.dimension,
        splitter_version=version,
        older_splitters=older,
        create=True,
    )


def coarse(document: Document) -> list[Passage]:
    """As a splitter would that knows no ends of sentences."""
    return [
        replace(passage, sentences=(whole,), windows=(whole,))
        for passage in split(document)
        for whole in [Span(passage.start, passage.end)]
    ]


@contextmanager
def opened(folder: Path, embedder: Counting) -> Iterator[Youju]:
    settings = load_settings({"index": folder / "index", "llm.provider": "none"}, environ={})
    index = store(folder / "index", embedder, SPLITTER_VERSION, OLDER_SPLITTERS)
    with Youju(settings, index, embedder, None) as youju:
        yield youju


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "articles").mkdir()
    embedder = Counting()
    with store(tmp_path / "index", embedder, max(OLDER_SPLITTERS)) as old:
        for name, text in TEXTS.items():
            (tmp_path / "articles" / name).write_text(text, encoding="utf-8")
            document = load_document(tmp_path / "articles" / name)
            passages = coarse(document)
            old.put(document, passages, embedder.embed_passages([passage.text for passage in passages]))
    return tmp_path


def test_it_opens_and_nothing_is_embedded(folder: Path) -> None:
    embedder = Counting()
    with opened(folder, embedder) as youju:
        assert [info.name for info in youju.documents()] == sorted(TEXTS)
        assert embedder.texts == 0


def test_indexing_again_splits_anew_what_comes_out_otherwise(folder: Path) -> None:
    embedder = Counting()
    with opened(folder, embedder) as youju:
        report = youju.add([folder / "articles"])
        assert (report.replaced, report.unchanged) == (("茶园.txt",), ("雨量.txt",))
        whole = youju.take_out(next(info.id for info in youju.documents() if info.name == "茶园.txt"))
        assert [whole.document.text[s.start : s.end] for p in whole.passages for s in p.sentences] == [
            "茶农甲说：“今年少雨。”",
            "茶农乙说：“价钱还行。”",
        ]
        youju.put_back(whole)
        embedded = embedder.texts
        assert youju.add([folder / "articles"]).unchanged == tuple(sorted(TEXTS))
        assert embedder.texts == embedded


def test_once_written_it_is_no_longer_the_older_ones(folder: Path) -> None:
    with opened(folder, Counting()) as youju:
        youju.add([folder / "articles"])
    with closing(sqlite3.connect(folder / "index" / "library.sqlite")) as connection:
        (version,) = connection.execute("SELECT value FROM manifest WHERE key = 'splitter_version'").fetchone()
    assert version == SPLITTER_VERSION
    with pytest.raises(IndexMismatch):
        store(folder / "index", Counting(), max(OLDER_SPLITTERS))


def test_one_that_is_too_old_is_refused(tmp_path: Path) -> None:
    store(tmp_path, Counting(), "1").close()
    with pytest.raises(IndexMismatch, match="--rebuild"):
        store(tmp_path, Counting(), SPLITTER_VERSION, OLDER_SPLITTERS)
