"""The commands over articles, in one process: what is asked before it is done, and what is told."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from indexing_fakes import LetterEmbedder

from rag.cli import main

Command = Callable[..., tuple[int, str, str]]


class Keyboard(io.StringIO):
    """Lines typed by somebody, or by nobody."""

    def __init__(self, typed: str | None) -> None:
        super().__init__(typed or "")
        self._there = typed is not None

    def isatty(self) -> bool:
        return self._there


@pytest.fixture
def youju(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """Runs a command on an index of its own, without models; gives exit status and what is printed on both streams."""
    for name, value in {
        "INDEX": tmp_path / "index",
        "LLM_PROVIDER": "none",
        "LANGUAGE": "zh",
    }.items():
        monkeypatch.setenv(f"YOUJU_{name}", str(value))
    monkeypatch.setattr("rag.pipeline.open_embedder", lambda _settings, **_: LetterEmbedder())

    def run(*arguments: str | Path, typed: str | None = None) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.stdin", Keyboard(typed))
        with pytest.raises(SystemExit) as end:
            main([str(each) for each in arguments])
        out, err = capsys.readouterr()
        return int(end.value.code or 0), out, err

    return run


def articles(folder: Path, *names: str) -> Path:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{path.stem}镇的{path.parent.name}今年收了稻谷三千吨，镇长很高兴。", encoding="utf-8")
    return folder


def listed(youju: Command) -> list[str]:
    return sorted(row["path"] for row in json.loads(youju("list", "--json")[1]))


@pytest.mark.parametrize(("typed", "left"), [("y\n", 0), ("n\n", 3), ("\n", 3), (None, 3)])
def test_a_folder_emptied_at_once_is_asked_about(youju: Command, tmp_path: Path, typed: str | None, left: int) -> None:
    folder = articles(tmp_path / "稻", "甲.txt", "乙.txt", "丙.txt")
    assert youju("index", folder)[0] == 0
    shutil.rmtree(folder)
    folder.mkdir()
    status, out, err = youju("index", folder, typed=typed)
    assert status == 0 and len(listed(youju)) == left
    if typed is None:
        assert "3 篇" in err and "--yes" in err
    else:
        assert "忘掉" in err and "甲.txt" in err and ("删去 3" in out) == (left == 0)


def test_yes_forgets_without_asking_and_json_tells(youju: Command, tmp_path: Path) -> None:
    folder = articles(tmp_path / "稻", "甲.txt", "乙.txt", "丙.txt")
    youju("index", folder)
    shutil.rmtree(folder)
    folder.mkdir()
    told = json.loads(youju("index", folder, "--json", typed="y\n")[1])
    assert sorted(told["kept"]) == listed(youju) and told["removed"] == []
    told = json.loads(youju("index", folder, "--json", "--yes")[1])
    assert sorted(told["removed"]) == ["丙.txt", "乙.txt", "甲.txt"] and listed(youju) == []


def test_a_name_that_two_articles_bear_is_asked_back(youju: Command, tmp_path: Path) -> None:
    folder = articles(tmp_path, "东/收成.txt", "西/收成.txt", "西/别的.txt")
    youju("index", folder / "东", folder / "西")
    for command in (("remove", "别的.txt", "收成.txt"), ("show", "收成.txt")):
        status, _, err = youju(*command)
        assert status == 1 and str(folder / "东/收成.txt") in err and str(folder / "西/收成.txt") in err
        assert len(listed(youju)) == 3, "nothing is taken, not even what was clear"
    assert youju("remove", folder / "东/收成.txt", "别的.txt")[0] == 0
    assert listed(youju) == [str(folder / "西/收成.txt")]
    assert youju("remove", "收成.txt")[0] == 0, "by now it is clear"


def test_links_that_were_not_followed_are_told_and_are_no_failure(youju: Command, tmp_path: Path) -> None:
    folder = articles(tmp_path / "稻", "甲.txt")
    (folder / "host.txt").symlink_to("/etc/hostname")
    status, out, err = youju("index", folder)
    assert status == 0 and "新收 1" in out and "请留意" in err and "host.txt" in err
