"""What the terminal prints is in the reader's language: every command in both, in one process, over one small index."""

from __future__ import annotations

import errno
import json
import os
import re
from pathlib import Path

import pytest
from command import Keyboard
from small import small_youju
from test_eval_retrieval import BRIDGE, TREES, beir

from rag.answer.notes import NO_MODEL
from rag.cli import main
from rag.models.embedder import SentenceEmbedder

ARTICLES = {
    "大桥.txt": f"新桥通车\n\n{BRIDGE}全市同年还修了20座桥，总投资达到35亿元。\n",
    "银杏.txt": f"全民植树\n\n{TREES}\n",
}
ASKED, AFTER = "新桥全长多少？", "有几条车道？"
CHINESE = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]+")  # with its punctuation and full-width forms
COMMAND = re.compile(r"youju [a-z ]+")
ENGLISH = re.compile(r"[A-Za-z]{2,}(?:[ ,;:]+[A-Za-z]{2,}){2,}")  # three words on end


class Terminal:
    """Commands run one after the other. Nothing may be printed that is neither in ``language`` nor ``given``."""

    def __init__(self, language: str, capsys: pytest.CaptureFixture[str], patch: pytest.MonkeyPatch) -> None:
        self.language, self._capsys, self._patch = language, capsys, patch
        self.given = "\n".join([*ARTICLES, *ARTICLES.values(), ASKED, AFTER])

    def run(self, *arguments: str | Path, status: int = 0, typed: str = "") -> str:
        """What a command prints on both streams."""
        self._patch.setattr("sys.stdin", Keyboard(typed))
        with pytest.raises(SystemExit) as end:
            main([str(argument) for argument in arguments])
        out, err = self._capsys.readouterr()
        assert (end.value.code or 0) == status, out + err
        if status != 2:  # the frame around wrong usage is Typer's, and English
            assert self.foreign(out + err) == [], out + err
        return out + err

    def foreign(self, printed: str) -> list[str]:
        if self.language == "zh":
            printed = printed.replace(os.strerror(errno.ENOENT), "")  # the system's own words
            return ENGLISH.findall(COMMAND.sub("", printed))
        return [run for run in CHINESE.findall(printed) if run not in self.given]

    def say(self, zh: str, en: str) -> str:
        return zh if self.language == "zh" else en


@pytest.fixture(scope="module")
def index(embedder: SentenceEmbedder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    with small_youju(tmp_path_factory.mktemp("language"), ARTICLES, embedder=embedder) as youju:
        return youju.settings.index


@pytest.fixture(params=["zh", "en"])
def terminal(
    request: pytest.FixtureRequest, index: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Terminal:
    monkeypatch.setenv("YOUJU_LANGUAGE", request.param)
    monkeypatch.setenv("YOUJU_INDEX", str(index))
    monkeypatch.setenv("YOUJU_LLM_PROVIDER", "none")
    monkeypatch.setenv("COLUMNS", "160")
    return Terminal(request.param, capsys, monkeypatch)


def lines(path: Path, *rows: object) -> Path:
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    return path


def test_the_two_are_told_apart(terminal: Terminal) -> None:
    """The rule of all tests here, on lines that break it."""
    assert terminal.foreign(terminal.say("the file is gone", "文件不见了"))
    assert terminal.foreign(terminal.say("错误: no such file", "removed：a"))
    assert not terminal.foreign(terminal.say("已删去 大桥.txt", "Removed 大桥.txt"))


def test_looking_at_the_index(terminal: Terminal) -> None:
    assert terminal.say("字数", "Characters") in terminal.run("list")
    assert terminal.say("没有（答案是原文摘录）", "none (answers are quotations)") in terminal.run("models")
    assert terminal.say("：2 篇", "(articles: 2)") in re.sub(r"[│\s]{2,}", "", terminal.run("doctor"))
    assert BRIDGE in terminal.run("show", "大桥.txt")


def test_indexing_and_removing(terminal: Terminal, tmp_path: Path) -> None:
    (tmp_path / "trees.txt").write_text(TREES, encoding="utf-8")
    (tmp_path / "empty.txt").write_bytes(b"")
    wanted = [tmp_path / name for name in ("trees.txt", "empty.txt", "gone.txt")]
    printed = terminal.run("index", *wanted, "--index", tmp_path / "index", status=1)
    assert terminal.say("新收 1；索引里共 1 篇", "new 1; articles in the index: 1") in printed
    assert terminal.say("没有收进来：", "not taken in: ") in printed
    assert terminal.say("（另有 1 个文件没有收进来）", "(1 more files failed)") in printed
    printed = terminal.run("index", tmp_path / "trees.txt", "--index", tmp_path / "index")
    assert terminal.say("未变 1", "unchanged 1") in printed
    printed = terminal.run("remove", "trees.txt", "--index", tmp_path / "index")
    assert terminal.say("已删去", "Removed") in printed
    empty = tmp_path / "nothing"
    empty.mkdir()
    printed = terminal.run("index", empty, "--index", tmp_path / "index")
    assert terminal.say("没有文章；", "no articles; ") in printed


def test_searching(terminal: Terminal) -> None:
    assert terminal.say(
        "意思第 1 · 用词第 1 · 100%的词", "meaning no. 1 · wording no. 1 · 100% of the words"
    ) in terminal.run("search", "新桥")
    printed = terminal.run("search", "新桥", "--from", "2090-01-01")
    assert terminal.say("没有找到相关的段落", "No passage was found") in printed


def test_a_refusal(terminal: Terminal) -> None:
    printed = terminal.run("ask", terminal.say("挪威的茶叶一斤卖多少钱？", "What does tea cost in Norway?"))
    assert terminal.say("资料中没有", "The articles") in printed
    assert terminal.say("证据", "evidence") in printed and terminal.say("全部", "total") in printed


def test_a_conversation(terminal: Terminal) -> None:
    """Commands in the other language than the greeting's are understood too."""
    terminal.given += f"{NO_MODEL[0]} 新桥全长，{AFTER}"  # what stands beside an answer is in the question's language
    again, leave = terminal.say("/new", "/新"), terminal.say("/退", "/quit")
    printed = terminal.run("chat", typed="\n".join([ASKED, AFTER, again, AFTER, leave, ASKED]))
    assert terminal.say("/新 重新开始", "/new starts over") in printed
    assert printed.count(terminal.say("问：", "Question: ")) == 5  # the last line is never asked for
    assert (
        printed.count(terminal.say("理解为：", "Understood as: ")) == 1
    )  # after the new start nothing is left to follow


def test_a_batch(terminal: Terminal, tmp_path: Path) -> None:
    rows = lines(tmp_path / "in.jsonl", {"question": ASKED}, {"question": " "})
    printed = terminal.run("ask", "--batch", rows, "--out", tmp_path / "out.jsonl", status=1)
    assert terminal.say("1 个问题没有答成", "1 questions failed") in printed


def test_checking_an_answer(terminal: Terminal, tmp_path: Path) -> None:
    (tmp_path / "bridge.txt").write_text(ARTICLES["大桥.txt"], encoding="utf-8")
    for answer, said in (
        ("总投资达到35亿元。", ("有据", "supported")),
        ("总投资达到45亿元。", ("不符", "differs")),
        ("镇长周宁出席了通车仪式。", ("找不到", "not found")),
    ):
        terminal.given += answer
        printed = terminal.run("verify", "--answer", answer, "--evidence", tmp_path / "bridge.txt")
        assert printed.splitlines()[-1] == terminal.say(*said)
    rows = lines(tmp_path / "in.jsonl", {"answer": 1}, {"answer": "", "evidence": "x"})
    printed = terminal.run("verify", "--batch", rows, "--out", tmp_path / "out.jsonl", status=1)
    assert terminal.say("另有 1 行不对", "1 more bad rows") in printed


def test_evaluating_answers(terminal: Terminal, tmp_path: Path) -> None:
    right = {"id": "right", "question": ASKED, "type": "number", "answerable": True, "must": [["八百米"]]}
    right["evidence"] = [{"document": "大桥.txt", "text": "白水镇修了一座新桥，全长八百米。"}]
    file = lines(tmp_path / "set.jsonl", right, right | {"id": "wrong", "must": [["九百米"]]})
    printed = terminal.run("eval", file, "--out", tmp_path)
    assert terminal.say("总正确率", "Correct") in printed and terminal.say("最该看的", "The worst") in printed


def test_evaluating_retrieval_and_comparing(terminal: Terminal, tmp_path: Path) -> None:
    queries: dict[str, dict[str, object]] = {"q1": {"text": ASKED}, "q2": {"text": "城北公园"}}
    folder = beir(tmp_path / "set", {"bridge": BRIDGE, "trees": TREES}, queries, {"q1": ["bridge"], "q2": ["trees"]})
    command: list[str | Path] = ["eval", "retrieval", folder, "--mode", "lexical", "--out", tmp_path, "--name"]
    printed = terminal.run(*command, "a")
    assert terminal.say("2 段 · 2 题", "passages: 2 · questions: 2") in printed
    (folder / "qrels" / "test.tsv").write_text("q1\ttrees\t1\n", encoding="utf-8")
    assert "✗" in terminal.run(*command, "b")
    printed = terminal.run("eval", "compare", tmp_path / "a.json", tmp_path / "b.json", status=1)
    assert terminal.say("只在一边的题：A 1，B 0", "questions in one only: A 1, B 0") in printed
    assert terminal.say("退步超过", "worse by more than") in printed


def test_drafting_questions(terminal: Terminal, tmp_path: Path) -> None:
    terminal.given += "《新桥通车》中，全市同年还修了多少座？"
    printed = terminal.run("eval", "suggest", "--out", tmp_path / "set.jsonl", typed="k\nq\n")
    assert terminal.say("留 k，弃 d，停 q", "k: keep, d: drop, q: quit") in printed
    assert terminal.say("1 题 → ", "questions: 1 → ") in printed
    terminal.run("eval", "suggest", "--out", tmp_path / "set.jsonl", status=1)


def test_json_is_the_same_in_both(
    index: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    evidence = index.parent / "articles" / "大桥.txt"
    for arguments, status in (
        (["index", str(evidence), str(tmp_path / "gone.txt"), "--index", str(index)], 1),
        (["list", "--index", str(index)], 0),
        (["verify", "--answer", "总投资达到45亿元。", "--evidence", str(evidence)], 0),
    ):
        printed = set()
        for language in ("zh", "en"):
            monkeypatch.setenv("YOUJU_LANGUAGE", language)
            with pytest.raises(SystemExit) as end:
                main([*arguments, "--json"])
            assert (end.value.code or 0) == status
            printed.add(capsys.readouterr().out)
        assert len(printed) == 1 and json.loads(printed.pop())


def test_errors(terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    head = terminal.say("错误: ", "error: ")
    assert terminal.run("show", "新桥", status=1).startswith(f"{head}新桥")  # whatever is named in it
    assert terminal.run("list", "--index", tmp_path / "none", status=1).startswith(head)
    assert terminal.run("search", "新桥", "--from", "x", status=1).startswith(head)
    assert terminal.run("eval", "retrieval", tmp_path / "none", status=1).startswith(head)
    monkeypatch.setenv("YOUJU_LLM_MODLE", "x")  # the settings cannot be read, and still their language is known
    assert terminal.run("list", status=1).startswith(f"{head}YOUJU_LLM_MODLE")


@pytest.mark.parametrize(
    ("arguments", "zh", "en"),
    [
        (["ask"], "给一个问题", "give a question"),
        (["ask", "x", "--out", "y"], "要一起用", "goes with"),
        (["verify"], "给 --answer", "give --answer"),
        (["verify", "--answer", "x"], "要有 --evidence", "needs --evidence"),
        (["verify", "--batch", "x"], "只和 --out", "goes with --out alone"),
        (["eval", "retrieval", "x", "--mode", "best"], "可用的有", "known"),
    ],
)
def test_wrong_usage(terminal: Terminal, arguments: list[str], zh: str, en: str) -> None:
    printed = terminal.run(*arguments, status=2)
    assert terminal.say(zh, en) in printed and terminal.say(en, zh) not in printed
