"""The times of passages in the embedded store: older libraries, crashes, folders that cannot be written, other rules."""

from __future__ import annotations

import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import textwrap
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from store_samples import IDENTITY, SHIPS, TAIPEI, YANGZHOU, vector

from rag.store.embedded import EmbeddedStore, open_library, open_store
from rag.times import NamedTime, Times
from rag.types import ArticleDate, Passage

HERE = Path(__file__).parent
PASSAGES = [passage.id for each in (SHIPS, TAIPEI, YANGZHOU) for passage in each[1]]

# The whole schema of the first libraries, as they were made before times were kept.
FIRST_SCHEMA = """
CREATE TABLE manifest (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE documents (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, path TEXT NOT NULL, sha256 TEXT NOT NULL, encoding TEXT NOT NULL,
    title TEXT NOT NULL, date_value TEXT, date_precision TEXT, date_reason TEXT,
    characters INTEGER NOT NULL, passages INTEGER NOT NULL,
    source TEXT NOT NULL, text TEXT NOT NULL, runs TEXT NOT NULL, blocks TEXT NOT NULL
);
CREATE TABLE passages (
    row INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,
    document_id TEXT NOT NULL REFERENCES documents (id) ON DELETE CASCADE, ordinal INTEGER NOT NULL,
    start INTEGER NOT NULL, "end" INTEGER NOT NULL, text TEXT NOT NULL, title TEXT NOT NULL, heading TEXT NOT NULL,
    sentences TEXT NOT NULL, windows TEXT NOT NULL, vectors BLOB NOT NULL
);
CREATE INDEX passages_of_document ON passages (document_id);
"""


def resolve(passage: Passage, written: ArticleDate | None) -> Times:
    """Rules for tests: a passage names its article's date, if that has one, and nothing else."""
    day = written.value if written else None
    named = (NamedTime(passage.start, passage.start + 2, day, day, "今天", False),)
    return Times("r1", ((day.toordinal(), day.toordinal()),) if day else (), named)


def renewed(store: EmbeddedStore, resolver: str = "r1") -> int:
    return store.renew_times(
        resolver, lambda passage, written: replace(resolve(passage, written), resolver=resolver), lambda *_: None
    )


def kept(store: EmbeddedStore) -> list[str | None]:
    """Which rules the times of each passage are from."""
    return [passage.times and passage.times.resolver for passage in store.passages(PASSAGES)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An index of three articles as the first version made it, with its search structures."""
    made, path = tmp_path / "made", tmp_path / "index"
    with open_store(made, create=True, **IDENTITY) as store, store.batch():
        for each in (YANGZHOU, TAIPEI, SHIPS):
            store.put(*each)
    shutil.copytree(made, path)
    (path / "library.sqlite").unlink()
    with closing(sqlite3.connect(path / "library.sqlite", isolation_level=None)) as connection:
        connection.executescript(FIRST_SCHEMA)
        connection.execute("ATTACH ? AS made", (str(made / "library.sqlite"),))
        for table in ("manifest", "documents", "passages"):
            connection.execute(f"INSERT INTO {table} SELECT * FROM made.{table}")
    return path


def test_an_older_library_is_brought_up_to_date(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    files = {path: path.stat().st_mtime_ns for path in (folder / "dense.faiss", folder / "caches.json")}
    told: list[tuple[int, int]] = []
    with open_store(folder, **IDENTITY) as store:
        assert kept(store) == [None] * len(PASSAGES)
        assert store.renew_times("r1", resolve, lambda *done: told.append(done)) == len(PASSAGES)
        assert told == [(1, 3), (2, 3), (3, 3)]
        assert renewed(store) == 0, "once is enough"
    with open_store(folder, **IDENTITY) as store:
        for document, passages, _ in (YANGZHOU, TAIPEI, SHIPS):
            expected = [replace(passage, times=resolve(passage, document.date)) for passage in passages]
            assert store.passages([passage.id for passage in passages]) == expected
        assert store.search_lexical("民营经济", 3)[0].passage_id == "yangzhou:0"
        assert store.search_dense(vector("夜市很熱鬧。"), 1)[0].passage_id == "taipei:1"
    assert {path: path.stat().st_mtime_ns for path in files} == files, "the search structures stay"
    assert caplog.records == []


def test_other_rules_resolve_anew(folder: Path) -> None:
    with open_store(folder, **IDENTITY) as store:
        assert renewed(store) == renewed(store, "r2") == len(PASSAGES)
        assert kept(store) == ["r2"] * len(PASSAGES)
        store.put(*SHIPS)  # by whom does not know of times
        assert kept(store) == [None, None] + ["r2"] * (len(PASSAGES) - 2)
        assert renewed(store, "r2") == 2


def test_what_belongs_to_a_passage_goes_with_it(folder: Path) -> None:
    with open_store(folder, **IDENTITY) as store:
        renewed(store)
        store.remove("ships")
        store.put(*YANGZHOU)
    with closing(sqlite3.connect(folder / "library.sqlite")) as connection:
        (left,) = connection.execute("SELECT COUNT(*) FROM times").fetchone()
    assert left == len(TAIPEI[1])


def test_rules_that_fail_half_way_change_nothing(folder: Path) -> None:
    def fails(passage: Passage, written: ArticleDate | None) -> Times:
        if passage.document_id == "yangzhou":
            raise ZeroDivisionError
        return resolve(passage, written)

    with open_store(folder, **IDENTITY) as store:
        with pytest.raises(ZeroDivisionError):
            store.renew_times("r1", fails, lambda *_: None)
        assert kept(store) == [None] * len(PASSAGES)
        assert renewed(store) == len(PASSAGES)


def test_while_another_program_writes_the_times_wait(folder: Path) -> None:
    with open_store(folder, **IDENTITY) as here, open_store(folder, **IDENTITY) as there:
        with there.batch():
            assert renewed(here) == 0
            assert kept(here) == [None] * len(PASSAGES)
        assert renewed(here) == len(PASSAGES)
        assert kept(there) == kept(here) == ["r1"] * len(PASSAGES)


def child(code: str, *arguments: object) -> int:
    head = """
        import os, signal, sys
        from pathlib import Path
        sys.path[:0] = sys.argv[1].split(":")
        from store_samples import *
        from test_store_times import *
        folder = Path(sys.argv[2])
    """
    program = textwrap.dedent(head) + textwrap.dedent(code)
    command = [sys.executable, "-B", "-c", program, f"{HERE}:{HERE.parent}", *map(str, arguments)]
    return subprocess.run(command, cwd="/", check=False).returncode


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is POSIX")
def test_killed_in_the_middle(folder: Path) -> None:
    """Some passages are resolved and written, none is committed: the next opening finds the older library, whole."""
    code = """
        def killed(passage, written):
            if passage.document_id == "yangzhou":
                os.kill(os.getpid(), signal.SIGKILL)
            return resolve(passage, written)
        store = open_store(folder, **IDENTITY)
        store._library._connection.execute("PRAGMA cache_size = 1")  # what is written goes to the file at once
        store.renew_times("r1", killed, lambda *_: None)
    """
    assert child(code, folder) == -signal.SIGKILL
    with open_library(folder) as library:
        assert [passage.times for passage in library.passages(PASSAGES)] == [None] * len(PASSAGES)
        assert library.document("yangzhou") == YANGZHOU[0]
    with open_store(folder, **IDENTITY) as store:
        assert renewed(store) == len(PASSAGES)


@pytest.mark.skipif(sys.platform == "win32", reason="permissions of POSIX")
def test_a_folder_that_cannot_be_written(folder: Path) -> None:
    """As another user where this one is root, whom permissions do not stop."""
    public = Path(tempfile.mkdtemp())
    shutil.copytree(folder, public, dirs_exist_ok=True)
    for path in (*public.rglob("*"), public):
        path.chmod(0o555 if path.is_dir() else 0o444)
    code = """
        store = open_store(Path(sys.argv[3]), **IDENTITY)  # all is imported while it can be
        store.search_lexical("造船", 3)
        if os.geteuid() == 0:
            os.setgroups([])
            os.setgid(65534)
            os.setuid(65534)
        with open_store(folder, **IDENTITY) as store:
            assert store.read_only
            assert renewed(store) == 0
            assert kept(store) == [None] * len(PASSAGES)
            assert store.search_lexical("民营经济", 3)[0].passage_id == "yangzhou:0"
    """
    try:
        assert child(code, public, folder) == 0
    finally:
        for path in (public, *public.rglob("*")):
            path.chmod(0o755 if path.is_dir() else 0o644)
        shutil.rmtree(public)
