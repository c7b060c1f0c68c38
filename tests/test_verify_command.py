"""``youju verify`` as a script uses it."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import partial
from pathlib import Path

from command import youju

verify = partial(youju, "verify")


def test_one_answer(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("2023年，东湖市外贸8074.1亿元。\n", encoding="utf-8")
    (tmp_path / "b.txt").write_text("宁波港去年吞吐量13.2亿吨。\n", encoding="utf-8")
    answer = "2023年东湖外贸8074.1亿元[1]。宁波港吞吐量12.2亿吨[2]。"
    done = verify("--answer", answer, "--evidence", tmp_path / "a.txt", tmp_path / "b.txt", "--json")
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["verdict"] == "differs"
    assert [s["verdict"] for s in said["sentences"]] == ["supported", "differs"]
    wrong = [c for c in said["sentences"][1]["claims"] if c["verdict"] == "differs"]
    assert [(c["kind"], c["claimed"], c["found"]) for c in wrong] == [("number", "12.2亿吨", "13.2亿吨")]
    shown = verify("--answer", answer, "--evidence", tmp_path / "a.txt", "--evidence", tmp_path / "b.txt")
    assert shown.returncode == 0
    assert "12.2亿吨 ≠ 13.2亿吨" in shown.stdout


def test_a_batch_keeps_its_keys_and_names_its_bad_rows(tmp_path: Path) -> None:
    good = {
        "id": 1,
        "answer": "今年营收10亿元。",
        "evidence": ["2024年，公司营收10亿元。"],
        "date": "2024-03-01",
        "x": [1],
    }
    rows = [
        json.dumps(good, ensure_ascii=False),
        "{not json",
        json.dumps({"id": 3, "answer": "无", "evidence": "text"}),
        json.dumps({"id": 4, "answer": "无", "evidence": [], "date": "2024-13-01"}),
        "",
        json.dumps({"id": 5, "answer": "公司营收11亿元。", "evidence": good["evidence"]}),
    ]
    (tmp_path / "in.jsonl").write_text("\n".join(rows), encoding="utf-8")
    done = verify("--batch", tmp_path / "in.jsonl", "--out", tmp_path / "out.jsonl")
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1 and "in.jsonl:2" in done.stderr
    said = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()]
    assert {k: said[0][k] for k in good} == good
    assert [row.get("verdict") for row in said] == ["supported", None, None, None, "differs"]
    assert [row["line"] for row in said if "error" in row] == [2, 3, 4]
    assert all(f"in.jsonl:{row['line']}" in row["error"] for row in said if "error" in row)


def test_wrong_usage_and_missing_files(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text("", encoding="utf-8")
    for arguments in (
        [],
        ["--answer", "甲"],
        ["--batch", tmp_path / "in.jsonl"],
        ["--answer", "甲", "--batch", tmp_path / "in.jsonl", "--out", tmp_path / "o"],
    ):
        assert verify(*arguments).returncode == 2, arguments
    gone = verify("--answer", "甲", "--evidence", tmp_path / "gone.txt")
    assert gone.returncode == 1 and len(gone.stderr.strip().splitlines()) == 1
    gone = verify("--batch", tmp_path / "gone.jsonl", "--out", tmp_path / "o")
    assert gone.returncode == 1 and len(gone.stderr.strip().splitlines()) == 1
    same = verify("--batch", tmp_path / "in.jsonl", "--out", tmp_path / "in.jsonl")
    assert same.returncode == 1 and (tmp_path / "in.jsonl").exists()


def test_no_model_is_loaded() -> None:
    code = (
        "import sys; from rag.answer import verify_answer; verify_answer('甲9亿元。', ['甲9亿元。']); "
        "print([m for m in ('torch', 'sentence_transformers', 'faiss', 'gradio', 'langchain', 'xllamacpp') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "[]", done.stderr
