"""`youju eval` and filtered `youju search`, as a script uses them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from command import youju
from test_eval_retrieval import BRIDGE, TREES, beir

from rag.evaluate.kept import KEPT, kept_results, load_result
from rag.evaluate.questions import load_questions

MEASURES = {"hit@1", "recall@5", "recall@10", "mrr@10", "ndcg@10", "ms_per_query"}


@pytest.fixture(scope="module")
def index(seeds_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The seeds as one collection, and an article of another year as another."""
    folder = tmp_path_factory.mktemp("cli-eval")
    shutil.copytree(seeds_index, folder / "index")
    assert youju("index", "seeds", "--collection", "报纸", index=folder / "index").returncode == 0
    article = folder / "桥-2019-05-06.txt"
    article.write_text(f"新桥通车\n\n{BRIDGE}全市同年还修了20座桥，总投资达到35亿元。", encoding="utf-8")
    made = youju("index", str(article), "--collection", "镇志", index=folder / "index")
    assert made.returncode == 0, made.stderr
    return folder / "index"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    queries: dict[str, dict[str, object]] = {"q1": {"text": "新桥有多长？"}, "q2": {"text": "栽了多少银杏？"}}
    corpus = {"bridge": BRIDGE, "trees": TREES, "ships": "造船企业手持订单占全国两成。"}
    return beir(tmp_path / "set", corpus, queries, {"q1": ["bridge"], "q2": ["trees"]})


def test_without_a_sub_command_answers_are_evaluated(index: Path, tmp_path: Path) -> None:
    for number, head in enumerate((["eval"], ["eval", "answers"])):
        out = tmp_path / str(number)
        done = youju(*head, "--limit", "2", "--out", str(out), "--name", "two", "--json", index=index)
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["overall"]["questions"] == 2
        assert {path.name for path in out.iterdir()} == {"two.json", "two.html", "two.md"}
        whole, listed = kept_results([index / KEPT, out])[0], kept_results([index / KEPT, out])
        assert whole.path.parent == index / KEPT and all(row.answer for row in load_result(whole.path).rows)
        assert out / "two.json" not in [kept.path for kept in listed]  # the same run, without its words
    done = youju("eval", "eval/seeds.jsonl", "--retrieval-only", "--limit", "1", "--out", str(tmp_path), index=index)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "seeds.json").is_file()


@pytest.mark.model
def test_retrieval_in_every_mode(folder: Path, tmp_path: Path) -> None:
    cache = str(tmp_path / "cache")
    printed = {}
    for mode in ("dense", "lexical", "hybrid", "all"):
        done = youju("eval", "retrieval", str(folder), "--mode", mode, "--json", XDG_CACHE_HOME=cache)
        assert done.returncode == 0, done.stderr
        printed[mode] = json.loads(done.stdout)
    assert set(printed["all"]) == {"dataset", "passages", "queries", "left_out", "modes"}
    assert (printed["all"]["dataset"], printed["all"]["passages"], printed["all"]["queries"]) == ("set", 3, 2)
    assert set(printed["all"]["modes"]) == {"dense", "lexical", "hybrid"}
    for mode in ("dense", "lexical", "hybrid"):
        alone, among = printed[mode]["modes"], printed["all"]["modes"][mode]
        assert set(alone) == {mode} and set(among) == MEASURES
        assert {key: value for key, value in alone[mode].items() if key != "ms_per_query"} == {
            key: value for key, value in among.items() if key != "ms_per_query"
        }
    assert printed["all"]["modes"]["hybrid"]["hit@1"] == 1


def test_a_wrong_mode_is_wrong_usage_and_a_missing_folder_an_error(folder: Path, tmp_path: Path) -> None:
    assert youju("eval", "retrieval", str(folder), "--mode", "best").returncode == 2
    done = youju("eval", "retrieval", str(tmp_path / "none"))
    assert done.returncode == 1 and done.stderr.strip().splitlines()[-1].startswith("错误")


def test_compare_ends_with_1_on_a_regression(folder: Path, tmp_path: Path) -> None:
    for name, gold in (("a", "bridge"), ("b", "ships")):
        (folder / "qrels" / "test.tsv").write_text(f"q1\t{gold}\t1\nq2\ttrees\t1\n", encoding="utf-8")
        done = youju("eval", "retrieval", str(folder), "--mode", "lexical", "--out", str(tmp_path), "--name", name)
        assert done.returncode == 0, done.stderr
    a, b = str(tmp_path / "a.json"), str(tmp_path / "b.json")
    assert youju("eval", "compare", a, a).returncode == 0
    assert youju("eval", "compare", b, a).returncode == 0
    worse = youju("eval", "compare", a, b, "--json")
    assert worse.returncode == 1 and "Traceback" not in worse.stderr
    found = json.loads(worse.stdout)["measures"]["lexical hit@1"]
    assert (found["before"], found["after"], found["questions"], found["regressed"]) == (1, 0.5, 2, True)
    assert found["changed"] == [{"id": "q1", "change": -1.0}]
    assert youju("eval", "compare", a, b, "--margin", "0.6").returncode == 0


def test_suggested_questions_are_a_question_set(index: Path, tmp_path: Path) -> None:
    out = tmp_path / "mine.jsonl"
    done = youju("eval", "suggest", "--count", "6", "--out", str(out), index=index)
    assert done.returncode == 0, done.stderr
    questions = load_questions(out).questions
    assert len(questions) == 6
    assert len({gold.document for question in questions for gold in question.evidence}) == 3
    for question in questions:
        assert "多少" in question.question and question.must[0][0] in question.evidence[0].text
    assert youju("eval", "suggest", "--out", str(out), index=index).returncode == 1  # nothing is overwritten
    done = youju("eval", str(out), "--retrieval-only", "--out", str(tmp_path), index=index)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("options", "documents"),
    [
        (["--collection", "镇志"], {"桥-2019-05-06.txt"}),
        (["--to", "2019-12-31"], {"桥-2019-05-06.txt"}),
        (["--document", "桥-2019-05-06.txt", "--type", "txt"], {"桥-2019-05-06.txt"}),
        (["--collection", "报纸", "--type", "pdf"], set()),
        (["--from", "2030-01-01"], set()),
    ],
)
def test_filtered_search(index: Path, options: list[str], documents: set[str]) -> None:
    done = youju("search", "扬州 工业", "--json", *options, index=index)
    assert done.returncode == 0, done.stderr
    assert {hit["document"] for hit in json.loads(done.stdout)} == documents


def test_filtered_search_has_k_hits(index: Path) -> None:
    done = youju("search", "新桥", "-k", "20", "--collection", "报纸", "--json", index=index)
    hits = json.loads(done.stdout)
    assert len(hits) == 20 and "桥-2019-05-06.txt" not in {hit["document"] for hit in hits}


def test_a_wrong_day_is_named(index: Path) -> None:
    done = youju("search", "桥", "--from", "昨天", index=index)
    assert done.returncode == 1 and "--from" in done.stderr
