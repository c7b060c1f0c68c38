"""What indexing a folder again may forget, and what it must not; each file once; names and links of every kind."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from indexing_fakes import open_quick

from rag.ingest.names import readable
from rag.pipeline import Youju

ARTICLES = {
    "码头.txt": "青石码头有泊位六个，最深的可停靠三万吨货轮。",
    "粮仓.txt": "白水粮仓存粮四万吨，主任是沈河清。",
    "内/水库.txt": "龙口水库蓄水九百万立方米，去年加高了堤坝。",
    "内/深/渡口.txt": "芦苇渡口每天开船十二班，末班在傍晚六点。",
}


@pytest.fixture
def youju(tmp_path: Path) -> Iterator[Youju]:
    with open_quick(tmp_path / "index") as opened:
        yield opened


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in ARTICLES.items():
        path = tmp_path / "articles" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path / "articles"


def names(youju: Youju) -> set[str]:
    return {info.name for info in youju.documents()}


def link_to_nowhere(inner: Path) -> None:
    shutil.rmtree(inner)
    inner.symlink_to(inner.parent.parent / "gone-drive")


def file_in_its_place(inner: Path) -> None:
    shutil.rmtree(inner)
    inner.write_text("", encoding="utf-8")


def link_to_itself(inner: Path) -> None:
    shutil.rmtree(inner)
    inner.symlink_to(inner)


@pytest.mark.parametrize("away", [link_to_nowhere, file_in_its_place, link_to_itself])
def test_a_folder_that_cannot_be_looked_into_keeps_its_articles(
    youju: Youju, folder: Path, away: Callable[[Path], None]
) -> None:
    for number in range(4):  # so that what is lost is less than half
        (folder / f"{number}.txt").write_text(f"第{number}号泵房昨天检修完毕，今天重新供水。", encoding="utf-8")
    youju.add([folder])
    away(folder / "内")
    report = youju.add([folder])
    assert not report.removed and not report.kept
    assert {"水库.txt", "渡口.txt"} <= names(youju)
    ((path, (zh, en)),) = report.failed
    assert path == str(folder / "内") and "留着" in zh and "kept" in en


@contextmanager
def an_ordinary_user() -> Iterator[None]:
    """Permissions do not count for the superuser: what is done inside is done as somebody else."""
    if os.geteuid():
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.mark.skipif(not hasattr(os, "seteuid"), reason="no users to change to")
def test_a_folder_that_may_not_be_read_keeps_its_articles(folder: Path) -> None:
    with tempfile.TemporaryDirectory() as place:  # pytest's own lets nobody else in
        index, articles = Path(place, "index"), Path(place, "articles")
        Path(place).chmod(0o755)
        shutil.copytree(folder, articles)
        before = os.umask(0)
        try:
            with open_quick(index) as youju:
                youju.add([articles])
                index.chmod(0o777)
                (articles / "内").chmod(0)
                with an_ordinary_user():
                    report = youju.add([articles])
                assert not report.removed and not report.kept
                assert names(youju) == {Path(name).name for name in ARTICLES}
        finally:
            os.umask(before)
            (articles / "内").chmod(0o755)
        ((path, (zh, en)),) = report.failed
        assert path == str(articles / "内") and "读不了" in zh and "cannot be read" in en


def test_what_is_really_gone_is_forgotten(youju: Youju, folder: Path) -> None:
    youju.add([folder])
    (folder / "码头.txt").unlink()
    assert youju.add([folder]).removed == ("码头.txt",)
    shutil.rmtree(folder / "内" / "深")  # the folder with its article: gone from a folder that was looked at
    assert youju.add([folder]).removed == ("渡口.txt",)
    assert names(youju) == {"粮仓.txt", "水库.txt"}


def test_a_folder_that_is_not_there_forgets_nothing(youju: Youju, folder: Path) -> None:
    youju.add([folder])
    folder.rename(folder.with_name("elsewhere"))
    report = youju.add([folder])
    assert not report.removed and [path for path, _ in report.failed] == [str(folder)]
    assert len(youju.documents()) == len(ARTICLES)


@pytest.mark.parametrize("left", [(), ("码头.txt",)])
def test_most_of_a_folder_gone_at_once_is_kept_until_that_is_confirmed(
    youju: Youju, folder: Path, left: tuple[str, ...]
) -> None:
    youju.add([folder])
    shutil.rmtree(folder)
    folder.mkdir()
    for name in left:
        (folder / name).write_text(ARTICLES[name], encoding="utf-8")
    gone = {Path(name).name for name in ARTICLES} - set(left)
    report = youju.add([folder])
    assert not report.removed and {info.name for info in report.kept} == gone
    assert len(youju.documents()) == len(ARTICLES)
    report = youju.add([folder], forget=True)
    assert set(report.removed) == gone and not report.kept
    assert names(youju) == set(left)


def test_an_inner_folder_emptied_as_by_a_drive_taken_away_is_kept(youju: Youju, folder: Path) -> None:
    for number in range(9):
        (folder / f"{number}.txt").write_text(f"第{number}号泵房昨天检修完毕，今天重新供水。", encoding="utf-8")
    youju.add([folder])
    shutil.rmtree(folder / "内")
    (folder / "内").mkdir()
    report = youju.add([folder])
    assert {info.name for info in report.kept} == {"水库.txt", "渡口.txt"} and not report.removed


def test_articles_that_have_only_moved_are_not_asked_about(youju: Youju, folder: Path) -> None:
    youju.add([folder])
    moved = folder / "2024"
    moved.mkdir()
    for name in ARTICLES:
        (folder / name).rename(moved / Path(name).name)
    report = youju.add([folder])
    assert len(report.removed) == len(report.added) == len(ARTICLES) and not report.kept
    assert {info.path for info in youju.documents()} == {str(moved / Path(name).name) for name in ARTICLES}


def test_hidden_articles_given_by_hand_stay(youju: Youju, folder: Path) -> None:
    hidden = folder / ".drafts" / "草稿.txt"
    hidden.parent.mkdir()
    hidden.write_text("草稿写的是青石镇的老街要修。", encoding="utf-8")
    youju.add([hidden])
    report = youju.add([folder])
    assert not report.removed and not report.failed and "草稿.txt" in names(youju)


@pytest.mark.parametrize("order", [1, -1])
def test_a_folder_and_a_file_in_it_are_one(youju: Youju, folder: Path, order: int) -> None:
    inner = folder / "内" / ".." / "内"
    report = youju.add([folder, folder / "码头.txt", inner][::order])
    assert sorted(report.added) == sorted(Path(name).name for name in ARTICLES)
    assert not report.replaced and not report.unchanged


def test_links_out_of_the_folder_are_told_and_links_within_are_no_copies(
    youju: Youju, folder: Path, tmp_path: Path
) -> None:
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "口令.txt").write_text("口令是芝麻开门，只有门房知道。", encoding="utf-8")
    (folder / "p.txt").symlink_to(secret / "口令.txt")
    (folder / "q.txt").symlink_to(Path("/etc/passwd"))
    (folder / "外").symlink_to(secret)
    (folder / "a-copy.txt").symlink_to("码头.txt")
    (folder / "上").symlink_to(folder)
    (folder / ".store").mkdir()
    (folder / ".store" / "f3a9").write_text("石桥镇的集市逢三逢八开市。", encoding="utf-8")
    (folder / "集市.txt").symlink_to(Path(".store") / "f3a9")
    report = youju.add([folder])
    assert sorted(report.added) == sorted([*(Path(name).name for name in ARTICLES), "集市.txt"])
    assert not report.failed
    assert {Path(path).name for path, _ in report.noted} == {"p.txt", "q.txt", "外"}
    for path, (zh, en) in report.noted:
        assert zh.startswith(path) and en.startswith(path) and "链接" in zh and "link" in en
    assert not any("门房" in hit.passage.text for hit in youju.search("口令", k=9))
    assert youju.add([folder / "p.txt"]).added == ("p.txt",), "named by hand it is meant"


def test_a_folder_that_is_itself_a_link_is_read(youju: Youju, folder: Path) -> None:
    (folder.parent / "同一个").symlink_to(folder)
    assert len(youju.add([folder.parent / "同一个"]).added) == len(ARTICLES)


def test_a_link_to_nothing_and_what_is_no_ordinary_file_are_named(youju: Youju, folder: Path) -> None:
    (folder / "断.txt").symlink_to("没有的.txt")
    os.mkfifo(folder / "pipe.txt")  # opening it would wait for a writer for ever
    report = youju.add([folder])
    assert len(report.added) == len(ARTICLES)
    assert {Path(path).name for path, _ in report.failed} == {"断.txt", "pipe.txt"}


def test_names_in_other_bytes_do_not_end_the_run(youju: Youju, folder: Path) -> None:
    odd = {
        "2024-03-01 临河灯会.txt".encode("gbk"): "2024-03-01 临河灯会.txt",
        b"\xff\xfe\x80.txt": "\\xff\\xfe\\x80.txt",
    }
    inner = folder / os.fsdecode("乡镇".encode("gbk"))
    try:
        inner.mkdir()
        for number, name in enumerate(odd):
            for base in (folder, inner):
                (base / os.fsdecode(name)).write_text(
                    f"临河灯会点亮彩灯{number + 2}万盏，来了许多人。", encoding="utf-8"
                )
    except OSError:
        pytest.skip("this file system takes no such names")
    report = youju.add([folder])
    assert not report.failed and len(report.added) == len(ARTICLES) + 4
    assert set(odd.values()) <= names(youju)
    fair = [info for info in youju.documents() if info.name.startswith("2024")]
    assert {Path(info.path).parent.name for info in fair} == {folder.name, "乡镇"}
    assert all(str(info.date) == "2024-03-01" for info in fair)
    again = youju.add([folder])
    assert len(again.unchanged) == len(ARTICLES) + 4 and not again.removed
    (inner / os.fsdecode(next(iter(odd)))).unlink()
    assert youju.add([folder]).removed == ("2024-03-01 临河灯会.txt",)


def test_a_readable_name_stays_as_it_is() -> None:
    for name in ("/a/港口 2024.txt", "b\\c.txt", "été.txt"):
        assert readable(name) == name
    assert readable("/a/\udcd1\udcef\udcd6\udcdd/\udcff.txt") == "/a/扬州/\\xff.txt"
    readable("\ud83d").encode()


def test_a_name_that_is_too_long_is_named(youju: Youju, folder: Path) -> None:
    report = youju.add([folder / ("长" * 300 + ".txt"), folder])
    assert len(report.added) == len(ARTICLES) and len(report.failed) == 1
