"""The embedded store's files: crashes, damage, folders that cannot be written, other programs at work."""

from __future__ import annotations

import logging
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import textwrap
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from store_samples import IDENTITY, SHIPS, TAIPEI, YANGZHOU, article, vector

from rag.errors import IndexMismatch, IndexMissing, StoreError
from rag.store.embedded import EmbeddedStore, open_library, open_store

HERE = Path(__file__).parent


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An index of three articles, closed."""
    path = tmp_path / "index"
    with opened(path, create=True) as store, store.batch():
        for each in (YANGZHOU, TAIPEI, SHIPS):
            store.put(*each)
    return path


def opened(path: Path, **options: Any) -> EmbeddedStore:
    return open_store(path, **{**IDENTITY, **options})


def results(store: EmbeddedStore) -> list[Any]:
    queries = ["民营经济", "9000亿元", "資訊產業", "扬州 造船 2025"]
    return [store.search_dense(vector(q), 9) for q in queries] + [store.search_lexical(q, 9) for q in queries]


def child(code: str, *arguments: object) -> subprocess.Popen[str]:
    """Another program, with the samples at hand; ``folder`` is its first argument."""
    head = """
        import sys
        from pathlib import Path
        sys.path[:0] = sys.argv[1].split(":")
        from store_samples import *
        from rag.store.embedded import open_store
        folder = Path(sys.argv[2])
    """
    program = textwrap.dedent(head) + textwrap.dedent(code)
    paths = f"{HERE}:{HERE.parent}"
    return subprocess.Popen(
        [sys.executable, "-B", "-c", program, paths, *map(str, arguments)],
        stdout=subprocess.PIPE,
        text=True,
        cwd="/",
    )


def test_no_index_yet(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing) as caught:
        opened(tmp_path / "none")
    assert "youju index" in caught.value.text("zh")
    assert not (tmp_path / "none").exists(), "looking makes nothing"
    with pytest.raises(IndexMissing):
        open_library(tmp_path / "none")


def test_a_birth_that_broke_off_is_no_index(tmp_path: Path) -> None:
    (tmp_path / "library.sqlite").touch()
    with pytest.raises(IndexMissing):
        opened(tmp_path)
    with opened(tmp_path, create=True) as store:
        assert store.documents() == []


def test_opening_again_finds_the_same_without_making_anything(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    with opened(folder) as store:
        before = results(store)
    files = {path: path.stat().st_mtime_ns for path in (folder / "dense.faiss", folder / "caches.json")}
    with opened(folder, create=True) as store:
        assert results(store) == before
    assert {path: path.stat().st_mtime_ns for path in files} == files
    assert caplog.records == []


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"embedder_name": "other/model"}, ("drawn", "other/model")),
        ({"embedder_fingerprint": "f2"}, ("f1", "f2")),
        ({"dimension": 8}, ("16", "8")),
        ({"splitter_version": "s2"}, ("s1", "s2")),
    ],
)
def test_made_by_another(folder: Path, changed: dict[str, Any], named: tuple[str, str]) -> None:
    for create in (False, True):
        with pytest.raises(IndexMismatch) as caught:
            opened(folder, create=create, **changed)
        for language in ("zh", "en"):
            message = caught.value.text(language)
            assert all(name in message for name in named)
            assert "youju index --rebuild" in message
    with opened(folder, recreate=True, **changed) as store:
        assert store.documents() == []
        assert store.search_lexical("民营经济", 5) == []


def test_the_library_can_be_read_whatever_made_it(folder: Path) -> None:
    with open_library(folder) as library:
        assert (library.manifest.embedder_name, library.manifest.dimension) == ("drawn", 16)
        assert library.manifest.generation == 3
        assert len(library.documents()) == 3


def test_a_newer_format(folder: Path) -> None:
    connection = sqlite3.connect(folder / "library.sqlite")
    with connection:
        connection.execute("UPDATE manifest SET value = '99' WHERE key = 'schema_version'")
    connection.close()
    with pytest.raises(IndexMismatch, match="99"):
        opened(folder)


def scribble(path: Path) -> None:
    content = path.read_bytes()
    middle = len(content) // 2
    path.write_bytes(content[:middle] + b"\xff\x00garbage" + content[middle:])


def scribble_all(lexical: Path) -> None:
    for path in lexical.iterdir():
        path.write_bytes(b"garbage")


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-7])


DAMAGE: dict[str, Callable[[Path], object]] = {
    "dense truncated": lambda folder: truncate(folder / "dense.faiss"),
    "dense garbage": lambda folder: (folder / "dense.faiss").write_bytes(b"no index"),
    "dense flipped": lambda folder: scribble(folder / "dense.faiss"),
    "dense missing": lambda folder: (folder / "dense.faiss").unlink(),
    "lexical missing": lambda folder: shutil.rmtree(folder / "lexical"),
    "lexical garbage": lambda folder: scribble_all(folder / "lexical"),
    "lexical term file": lambda folder: scribble(next((folder / "lexical").glob("*.term"))),
    "lexical a file": lambda folder: (shutil.rmtree(folder / "lexical"), (folder / "lexical").write_text("x")),
    "seal missing": lambda folder: (folder / "caches.json").unlink(),
    "seal garbage": lambda folder: (folder / "caches.json").write_bytes(b"\xff{"),
    "seal a list": lambda folder: (folder / "caches.json").write_text("[]"),
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE.keys())
def test_damaged_search_structures_are_made_again(
    folder: Path, damage: Callable[[Path], object], caplog: pytest.LogCaptureFixture
) -> None:
    with opened(folder) as store:
        before = results(store)
    damage(folder)
    with opened(folder) as store:
        assert results(store) == before
    assert "making them from the library" in caplog.text
    caplog.clear()
    with opened(folder) as store:
        assert results(store) == before
    assert caplog.records == [], "once is enough"


def test_search_structures_of_another_library_are_not_used(folder: Path, tmp_path: Path) -> None:
    """As many writes, another content: the generation alone would not tell."""
    other = tmp_path / "other"
    with opened(other, create=True) as store, store.batch():
        for name in "abc":
            store.put(*article(name, [[f"别处的文章{name}。"]]))
        expected = results(store)
    for name in ("dense.faiss", "caches.json"):
        shutil.copy(folder / name, other / name)
    shutil.rmtree(other / "lexical")
    shutil.copytree(folder / "lexical", other / "lexical")
    with opened(other) as store:
        assert results(store) == expected


@pytest.mark.parametrize("content", [b"this is not a database, only a long enough line of text " * 40, b"x"])
def test_not_a_database(folder: Path, content: bytes) -> None:
    (folder / "library.sqlite").write_bytes(content)
    for attempt in (lambda: opened(folder), lambda: opened(folder, create=True), lambda: open_library(folder)):
        with pytest.raises(StoreError) as caught:
            attempt()
        assert "library.sqlite" in caught.value.text("zh")
        assert "youju index --rebuild" in caught.value.text("en")
    with opened(folder, recreate=True) as store:
        assert store.documents() == []


def test_a_database_of_another_program(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "library.sqlite")
    with connection:
        connection.execute("CREATE TABLE notes (text)")
    connection.close()
    with pytest.raises(StoreError, match="not an index of Youju"):
        opened(tmp_path, create=True)


def test_a_library_damaged_inside(folder: Path) -> None:
    path = folder / "library.sqlite"
    size = path.stat().st_size
    with path.open("rb+") as file:
        file.seek(4096)
        file.write(b"\xff" * (size - 4096))
    with pytest.raises(StoreError) as caught:
        opened(folder)
    assert "library.sqlite" in caught.value.text("zh")


def test_the_index_folder_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "index").write_text("x")
    with pytest.raises(StoreError):
        opened(tmp_path / "index", create=True)


@pytest.mark.skipif(not hasattr(os, "kill") or sys.platform == "win32", reason="kill -9 is POSIX")
@pytest.mark.parametrize("batched", [False, True])
def test_killed_in_the_middle_of_writing(tmp_path: Path, batched: bool, caplog: pytest.LogCaptureFixture) -> None:
    """Whatever is there after kill -9 is whole, and is found."""
    path = tmp_path / "index"
    code = """
        import contextlib
        store = open_store(folder, create=True, **IDENTITY)
        with store.batch() if sys.argv[3] == "True" else contextlib.nullcontext():
            for n in range(100_000):
                store.put(*article(f"doc{n % 8}", [[f"第{n}次写入的甲句。"], [f"第{n}次写入的乙句。"]]))
                print(n, flush=True)
    """
    for attempt in range(2):
        process = child(code, path, batched)
        assert process.stdout is not None
        with process.stdout as lines:
            for line in lines:
                if int(line) == 11 + 5 * attempt:
                    break
            process.send_signal(signal.SIGKILL)
            process.wait()
        with opened(path) as store:
            infos = store.documents()
            assert len(infos) == 8
            for info in infos:
                text = store.document(info.id).text
                for passage in store.passages([f"{info.id}:0", f"{info.id}:1"]):
                    assert text[passage.start : passage.end] == passage.text
                    best = store.search_dense(vector(passage.text), 1)[0]
                    assert (best.passage_id, round(best.score, 4)) == (passage.id, 1.0)
                    assert passage.id in {m.passage_id for m in store.search_lexical(passage.text, 3)}
            assert len(store.search_dense(vector("x"), 1000)) == len(store.search_lexical("次写入", 1000)) == 16
    assert ("making them from the library" in caplog.text) or not batched


def test_killed_with_a_transaction_open(folder: Path) -> None:
    """Rows written and spilled to the file, never committed: the next opening takes them back."""
    with opened(folder) as store:
        before = (store.documents(), results(store))
    code = """
        import os, signal, sqlite3
        connection = sqlite3.connect(folder / "library.sqlite", isolation_level=None)
        connection.execute("PRAGMA cache_size = 1")
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("UPDATE passages SET text = ''")
        connection.execute("UPDATE documents SET source = hex(zeroblob(500000))")
        os.kill(os.getpid(), signal.SIGKILL)
    """
    process = child(code, folder)
    process.communicate()
    assert (folder / "library.sqlite-journal").stat().st_size > 0
    with open_library(folder) as library:
        assert library.documents() == before[0]
    with opened(folder) as store:
        assert (store.documents(), results(store)) == before
        assert store.document("ships") == SHIPS[0]


@pytest.fixture
def public() -> Iterator[Path]:
    """A folder that every user of the machine may look into."""
    path = Path(tempfile.mkdtemp())
    path.chmod(0o755)
    yield path
    for each in (path, *path.rglob("*")):
        each.chmod(0o755 if each.is_dir() else 0o644)
    shutil.rmtree(path)


@pytest.mark.skipif(sys.platform == "win32", reason="permissions of POSIX")
@pytest.mark.parametrize("missing", [[], ["dense.faiss"], ["caches.json", "lexical", "dense.faiss", "write.lock"]])
def test_a_folder_that_cannot_be_written(folder: Path, public: Path, missing: list[str]) -> None:
    """Searched all the same. Run as another user where this one is root, whom permissions do not stop."""
    with opened(folder) as store:
        expected = repr(results(store))
    shutil.copytree(folder, public / "index")
    for name in missing:
        path = public / "index" / name
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    for path in (*(public / "index").rglob("*"), public / "index"):
        path.chmod(0o555 if path.is_dir() else 0o444)
    code = """
        import os
        from rag.errors import IndexReadOnly
        from rag.store.embedded import open_library
        with open_store(Path(sys.argv[3]), create=True, **IDENTITY) as store:  # all is imported while it can be
            store.put(*SHIPS)
            store.search_lexical("造船", 3)
        if os.geteuid() == 0:
            os.setgroups([])
            os.setgid(65534)
            os.setuid(65534)
        with open_library(folder) as library:
            assert len(library.documents()) == 3
        queries = ["民营经济", "9000亿元", "資訊產業", "扬州 造船 2025"]
        with open_store(folder, **IDENTITY) as store:
            print([store.search_dense(vector(q), 9) for q in queries] + [store.search_lexical(q, 9) for q in queries])
            assert store.read_only and store.document("ships") == SHIPS[0]
            for write in (lambda: store.put(*SHIPS), lambda: store.remove("ships"), lambda: store.batch().__enter__()):
                try:
                    write()
                except IndexReadOnly as error:
                    assert str(folder) in error.text("zh")
                else:
                    raise AssertionError("written")
        for options in ({"recreate": True}, {"create": True, "embedder_name": "x"}):
            try:
                open_store(folder, **{**IDENTITY, **options})
            except Exception as error:
                print(type(error).__name__)
    """
    process = child(code, public / "index", public / "warm-up")
    printed, _ = process.communicate()
    assert process.returncode == 0
    assert printed.splitlines() == [expected, "IndexReadOnly", "IndexMismatch"]


def test_closed_twice_and_used_after(folder: Path) -> None:
    store = opened(folder)
    store.close()
    store.close()
    with pytest.raises(StoreError):
        store.documents()


def test_a_batch_saves_once_and_is_searchable_inside(folder: Path) -> None:
    with opened(folder) as store:
        saved = (folder / "dense.faiss").stat().st_mtime_ns
        with store.batch():
            for n in range(5):
                store.put(*article(f"doc{n}", [[f"批量写入之{n}。"]]))
                assert len(store.search_lexical("批量写入", 10)) == n + 1
            assert (folder / "dense.faiss").stat().st_mtime_ns == saved
            store.flush()
            flushed = (folder / "dense.faiss").stat().st_mtime_ns
            assert flushed != saved
            store.remove("doc0")
        assert (folder / "dense.faiss").stat().st_mtime_ns != flushed
        after = results(store)
    with opened(folder) as store:
        assert results(store) == after


def test_a_batch_that_fails_keeps_what_was_put(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    with opened(folder) as store:
        with pytest.raises(ZeroDivisionError), store.batch():
            store.put(*article("last", [["最后写入的一篇。"]]))
            raise ZeroDivisionError
        assert store.search_lexical("最后写入", 3)[0].passage_id == "last:0"
    with opened(folder) as store:
        assert store.search_lexical("最后写入", 3)[0].passage_id == "last:0"
    assert caplog.records == []


def test_the_search_structures_vanish_under_an_open_store(folder: Path) -> None:
    with opened(folder) as store:
        shutil.rmtree(folder / "lexical")
        store.put(*article("new", [["文件没了也能写。"]]))
        assert store.search_lexical("没了也能写", 3)[0].passage_id == "new:0"
        assert store.search_lexical("民营经济", 3)[0].passage_id == "yangzhou:0"
        expected = results(store)
    with opened(folder) as store:
        assert results(store) == expected


def test_the_folder_vanishes_in_the_middle_of_a_batch(folder: Path) -> None:
    with opened(folder) as store:
        with store.batch():
            store.put(*article("new", [["文件没了也能写。"]]))
            (folder / "lexical").rename(folder / "elsewhere")
            assert store.search_lexical("没了也能写", 3)[0].passage_id == "new:0"
            store.put(*article("newer", [["再写一篇新的。"]]))
            assert store.search_lexical("再写一篇", 3)[0].passage_id == "newer:0"
        expected = results(store)
    with opened(folder) as store:
        assert results(store) == expected


def test_what_cannot_be_saved_is_still_found(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    (folder / "dense.tmp").mkdir()
    with opened(folder) as store:
        store.put(*article("new", [["存不了盘也找得到。"]]))
        assert "could not be saved" in caplog.text
        expected = results(store)
        assert store.search_lexical("找得到", 3)[0].passage_id == "new:0"
    with opened(folder) as store:
        assert results(store) == expected


def test_scores_do_not_remember_what_was_replaced(folder: Path) -> None:
    with opened(folder) as store:
        before = results(store)
        for _ in range(5):
            store.put(*TAIPEI)
            store.put(*article("passing", [["民营经济只是路过。"]]))
            store.remove("passing")
        assert results(store) == before


def test_another_program_writes_while_this_one_is_open(folder: Path) -> None:
    with opened(folder) as here, opened(folder) as there:
        there.put(*article("news", [["另一个程序写入的新闻。"]]))
        there.remove("ships")
        assert here.search_lexical("另一个程序", 3)[0].passage_id == "news:0"
        assert results(here) == results(there)
        here.put(*article("answer", [["这边又写了一篇。"]]))
        assert there.search_lexical("又写了一篇", 3)[0].passage_id == "answer:0"
        assert results(here) == results(there)


def test_another_program_is_in_the_middle_of_a_batch(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    """What it removed is gone here at once; a write here is refused, and works when it is done."""
    with opened(folder) as here, opened(folder) as there:
        here.busy_timeout_s = 0.1
        with there.batch():
            there.remove("ships")
            there.put(*article("news", [["另一个程序写入的新闻。"]]))
            assert here.search_lexical("造船企业", 3) == []
            assert "ships:0" not in {match.passage_id for match in here.search_dense(vector("x"), 9)}
            with pytest.raises(StoreError, match="another program is writing"):
                here.put(*SHIPS)
            with opened(folder) as late:
                assert late.search_lexical("另一个程序", 3)[0].passage_id == "news:0"
        assert here.search_lexical("另一个程序", 3)[0].passage_id == "news:0"
        here.put(*SHIPS)
        assert there.search_lexical("造船企业", 3)[0].passage_id == "ships:0"
    assert not [record for record in caplog.records if record.levelno > logging.WARNING]


def test_reading_holds_one_state(folder: Path) -> None:
    with opened(folder) as store:
        writer = threading.Thread(target=store.remove, args=("ships",))
        with store.reading():
            found = store.search_lexical("造船企业", 3)
            writer.start()
            writer.join(timeout=0.3)
            assert store.passages([match.passage_id for match in found])[0].document_id == "ships"
        writer.join()
        with pytest.raises(StoreError):
            store.passages([match.passage_id for match in found])


def test_an_unwritable_text_is_refused_whole(folder: Path) -> None:
    """A lone surrogate is no UTF-8."""
    with opened(folder) as store:
        with pytest.raises(StoreError):
            store.put(*article("broken", [["\ud800"]]))
        assert len(store.documents()) == 3
        store.put(*article("fine", [["好的。"]]))
