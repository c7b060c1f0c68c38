"""The command line as a script uses it: exit codes, JSON, batches, one-line errors."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from command import program, youju

ANSWER_KEYS = {"question", "rewritten", "answer", "refused", "citations", "sentences", "hits", "timings", "model"}
CITATION_KEYS = {"marker", "document", "title", "start", "end", "quote", "verdict"}
HIT_KEYS = {"document", "title", "text", "start", "end", "score", "dense_rank", "lexical_rank"}


@pytest.fixture(scope="module")
def index(seeds_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return shutil.copytree(seeds_index, tmp_path_factory.mktemp("cli") / "index")


def test_ask_json(index: Path) -> None:
    done = youju("ask", "扬州2025年工业开票目标是多少", "--json", "--today", "2024-03-20", index=index)
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert set(answer) >= ANSWER_KEYS
    assert set(answer["citations"][0]) >= CITATION_KEYS
    assert set(answer["hits"][0]) >= HIT_KEYS
    assert set(answer["timings"]) == {"retrieve_s", "first_token_s", "total_s"}
    document = json.loads(youju("show", answer["citations"][0]["document"], "--json", index=index).stdout)
    for citation in answer["citations"]:
        if citation["document"] == document["document"]:
            assert document["text"][citation["start"] : citation["end"]] == citation["quote"]


def test_show_has_the_times_of_each_passage(index: Path) -> None:
    name = json.loads(youju("list", "--json", index=index).stdout)[0]["document"]
    document = json.loads(youju("show", name, "--json", index=index).stdout)
    assert set(document) >= {"id", "document", "title", "date", "characters", "passages", "text", "blocks", "times"}
    assert document["times"]
    for time in document["times"]:
        assert set(time) == {"passage", "start", "end", "text", "first", "last", "unsaid", "compared"}
        assert document["text"][time["start"] : time["end"]] == time["text"]
        assert 0 <= time["passage"] < document["passages"]
        assert (time["first"] is None) == (time["last"] is None)
        assert time["first"] is None or time["first"] <= time["last"]
    (year,) = {(t["first"], t["last"]) for t in document["times"] if t["text"] == "今年"}
    assert year == (f"{document['date'][:4]}-01-01", f"{document['date'][:4]}-12-31")
    shown = youju("show", name, index=index).stdout
    assert shown.startswith(document["text"])
    time = document["times"][0]
    assert f"[{time['start']}–{time['end']}] {time['text']}  {time['first']}" in shown


def test_batch_keeps_every_key_and_goes_on_past_a_bad_row(index: Path, tmp_path: Path) -> None:
    rows = [
        {"id": "a", "question": "扬州阿特斯项目总投资多少？", "today": "2024-03-20", "mine": [1, 2]},
        {"id": "b", "question": "那产能呢？", "history": ["扬州阿特斯项目总投资多少？"]},
        {"id": "c", "question": "   "},
    ]
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    done = youju("ask", "--batch", str(source), "--out", str(target), "--index", str(index))
    found = [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()]
    assert [row["id"] for row in found] == ["a", "b", "c"]
    assert found[0]["mine"] == [1, 2]
    assert "150亿元" in found[0]["answer"]
    assert "14GW" in found[1]["answer"]
    assert "error" in found[2]
    assert done.returncode == 1
    assert done.stderr.strip().splitlines()[-1].startswith("错误")


def test_search_and_list_json(index: Path) -> None:
    hits = json.loads(youju("search", "新霖飞集团", "-k", "2", "--json", index=index).stdout)
    assert len(hits) == 2
    assert set(hits[0]) >= HIT_KEYS
    listed = json.loads(youju("list", "--json", index=index).stdout)
    assert len(listed) == 2


def test_remove(index: Path, tmp_path: Path) -> None:
    article = tmp_path / "桥.txt"
    article.write_text("白水镇修了一座新桥，全长八百米。", encoding="utf-8")
    assert youju("index", str(article), index=index).returncode == 0
    assert youju("remove", "桥.txt", index=index).returncode == 0
    assert len(json.loads(youju("list", "--json", index=index).stdout)) == 2
    assert youju("remove", "桥.txt", index=index).returncode == 1


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["ask"], 2),
        (["ask", "问", "--batch", "x"], 2),
        (["nonsense"], 2),
        (["ask", "问", "--today", "昨天"], 1),
        (["index", "nowhere.txt"], 1),
        (["ask", "--batch", "nowhere.jsonl", "--out", "out.jsonl"], 1),
        (["search", "x", "-k", "0"], 2),
    ],
)
def test_exit_codes(index: Path, arguments: list[str], status: int) -> None:
    done = youju(*arguments, index=index)
    assert done.returncode == status, (done.stdout, done.stderr)
    assert "Traceback" not in done.stderr
    if status == 1:
        assert len(done.stderr.strip().splitlines()[-1:]) == 1
        assert done.stderr.strip().splitlines()[-1].startswith("错误")


def test_no_index_says_what_to_do(tmp_path: Path) -> None:
    done = youju("ask", "问", "--index", str(tmp_path / "none"))
    assert done.returncode == 1
    assert "youju index" in done.stderr


def test_unknown_setting_is_named(index: Path) -> None:
    done = youju("list", index=index, YOUJU_LLM_MODLE="x")
    assert done.returncode == 1
    assert "YOUJU_LLM_MODLE" in done.stderr


def test_errors_in_english(tmp_path: Path) -> None:
    done = youju("ask", "q", "--index", str(tmp_path / "none"), YOUJU_LANGUAGE="en")
    assert done.stderr.startswith("error: ")


def test_as_a_program_of_its_own(tmp_path: Path) -> None:
    """Its exit status, and one line for an error."""
    helped, wrong, failed = program("--help"), program("nonsense"), program("list", index=tmp_path / "none")
    assert (helped.returncode, wrong.returncode, failed.returncode) == (0, 2, 1)
    assert "问答" in helped.stdout.decode("utf-8")
    assert failed.stdout == b"" and len(failed.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize("encoding", ["ascii", "gbk", "latin-1"])
def test_a_terminal_that_lacks_a_character_ends_no_command(index: Path, encoding: str) -> None:
    done = program("show", "000_2a9a80530772cd84.txt", "--json", index=index, PYTHONIOENCODING=encoding)
    assert (done.returncode, done.stderr) == (0, b"")
    printed = done.stdout.decode(
        "utf-8" if encoding == "ascii" else encoding
    )  # Click prints UTF-8 where there is ASCII
    assert "扬州" in json.loads(printed)["text"]
    listed = program("list", index=index, PYTHONIOENCODING=encoding)
    assert (listed.returncode, listed.stderr) == (0, b"")
