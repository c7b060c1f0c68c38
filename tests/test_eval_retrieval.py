"""`youju eval retrieval`: BEIR folders, measures, the cache of vectors, the report."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from store_samples import DIMENSION, vector

from rag.errors import EvaluationError
from rag.evaluate.beir import load_beir
from rag.evaluate.days import written_day
from rag.evaluate.retrieval import Mode, evaluate_retrieval
from rag.evaluate.retrieval_report import figures, write_retrieval_report
from rag.evaluate.vectors import CachedEmbedder
from rag.types import Progress

BRIDGE = "白水镇修了一座新桥，全长八百米。桥面有四条车道。"
TREES = "城北公园栽下银杏三千株。园林部门说，成活率目标是九成五。"
# Cut by the splitter: the answer stands in its last part.
LONG = "".join(f"第{n}个村的粮仓今年都修好了，收成比往年多出不少来。" for n in range(60)) + "最后一个村盖了一座风车。"


class Drawn:
    """A real embedder without a model: vectors drawn from the words, the same for the same words."""

    name, fingerprint, dimension = "drawn", "d1", DIMENSION

    def __init__(self) -> None:
        self.embedded: list[str] = []

    def embed_passages(
        self, texts: Sequence[str], *, on_progress: Callable[[int], None] | None = None
    ) -> npt.NDArray[np.float32]:
        self.embedded += texts
        if on_progress is not None:
            on_progress(len(texts))
        return np.stack([vector(text) for text in texts])

    def embed_query(self, text: str) -> npt.NDArray[np.float32]:
        return vector(text)


def beir(
    folder: Path, corpus: dict[str, str], queries: dict[str, dict[str, object]], qrels: dict[str, list[str]]
) -> Path:
    (folder / "qrels").mkdir(parents=True)
    lines = [json.dumps({"_id": key, "title": "", "text": text}) for key, text in corpus.items()]
    (folder / "corpus.jsonl").write_text("\n".join(lines), encoding="utf-8")
    lines = [json.dumps({"_id": key, **query}) for key, query in queries.items()]
    (folder / "queries.jsonl").write_text("\n".join(lines), encoding="utf-8")
    rows = [f"{query}\t{passage}\t1" for query, golds in qrels.items() for passage in golds]
    (folder / "qrels" / "test.tsv").write_text("\n".join(["query-id\tcorpus-id\tscore", *rows]), encoding="utf-8")
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return beir(
        tmp_path / "小集",
        {"bridge": BRIDGE, "a:b": LONG, "trees": TREES},
        {
            "q1": {"text": "白水镇的新桥多长？", "metadata": {"date": "2020-6-30", "temporal_type": "absolute"}},
            "q2": {"text": "哪个村盖了风车？"},
            "q3": {"text": "银杏成活率和新桥的车道"},
            "unjudged": {"text": "谁也不知道"},
        },
        {"q1": ["bridge"], "q2": ["a:b"], "q3": ["trees", "bridge"]},
    )


def test_the_folder_is_read_with_days_and_judgements(folder: Path) -> None:
    dataset = load_beir(folder)
    assert dataset.name == "小集"
    assert [query.id for query in dataset.queries] == ["q1", "q2", "q3"]
    assert dataset.queries[0].today == date(2020, 6, 30) and dataset.queries[1].today is None
    assert dataset.qrels["q3"] == {"trees": 1, "bridge": 1}


def test_a_sample_is_the_same_every_time_and_keeps_the_corpus(folder: Path) -> None:
    first, second = load_beir(folder, limit=2), load_beir(folder, limit=2)
    assert first == second and len(first.queries) == 2 and len(first.corpus) == 3
    assert set(first.qrels) == {query.id for query in first.queries}


@pytest.mark.parametrize(
    ("name", "row", "place"),
    [
        ("corpus.jsonl", '{"_id": "bridge", "text": "y"}', "corpus.jsonl:4"),
        ("corpus.jsonl", '{"_id": "a"}', "corpus.jsonl:4"),
        ("queries.jsonl", "not json", "queries.jsonl:5"),
        ("queries.jsonl", '{"_id": "new", "text": "x", "metadata": {"date": "昨天"}}', "queries.jsonl:5 [date]"),
        (
            "queries.jsonl",
            '{"_id": "new", "text": "x", "metadata": {"date": "2024-14月20日"}}',
            "queries.jsonl:5 [date]",
        ),
        ("qrels/test.tsv", "q1\tbridge\tvery", "test.tsv:6"),
    ],
)
def test_a_row_that_cannot_be_used_is_named_counted_and_left_out(
    folder: Path, tmp_path: Path, name: str, row: str, place: str
) -> None:
    good = load_beir(folder)
    with (folder / "qrels" / "test.tsv").open("a", encoding="utf-8") as file:
        file.write("\nnew\tbridge\t1" if name == "queries.jsonl" else "")
    with (folder / name).open("a", encoding="utf-8") as file:
        file.write(f"\n{row}")
    dataset = load_beir(folder)
    assert replace(dataset, left_out=()) == good
    (bad,) = dataset.left_out
    assert bad.subject.endswith(place)
    result = evaluate_retrieval(dataset, Drawn(), [Mode.LEXICAL], candidates=5)
    assert figures(result)["left_out"] == 1
    for path in write_retrieval_report(result, tmp_path / "out", "left")[1:]:
        told = path.read_text(encoding="utf-8")
        assert place in told and str(tmp_path) not in told


@pytest.mark.parametrize(
    ("name", "text"),
    [("queries.jsonl", "not json"), ("qrels/test.tsv", "query-id\tcorpus-id\tscore\nnobody\tbridge\t1")],
)
def test_nothing_left_to_evaluate_is_an_error(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(text, encoding="utf-8")
    with pytest.raises(EvaluationError) as caught:
        load_beir(folder)
    assert caught.value.subject.endswith("小集")
    assert ("queries.jsonl:1" in caught.value.text("zh")) == (name == "queries.jsonl")


@pytest.mark.parametrize(
    "written",
    [
        "2024-1月20日",
        "2024年1-20",
        "2024-1月-20日",
        "2024/1/20",
        "2024.01.20",
        "20240120",
        "2024年1月20号",
        "２０２４年１月２０日",
        "二〇二四年一月二十日",
        "2024 年 1 月 20 日",
        " 2024-01-20 08:30",
        "2024-01-20T08:30:00Z",
        "2024年1月20日 8时30分",
    ],
)
def test_days_are_read_as_people_write_them(written: str) -> None:
    assert written_day(written) == date(2024, 1, 20)


@pytest.mark.parametrize(
    "written",
    [
        "2024-13-20",
        "2023-02-29",
        "2024年1月",
        "2024",
        "昨天",
        "1月20日",
        "2024-01-20至2024-01-22",
        "20241320",
        "x",
        "20日",
    ],
)
def test_what_is_no_day_is_none(written: str) -> None:
    assert written_day(written) is None


def test_a_folder_without_its_files_is_named(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match=r"corpus\.jsonl"):
        load_beir(tmp_path)


def test_a_passage_that_is_cut_counts_once_by_its_best_part(folder: Path) -> None:
    result = evaluate_retrieval(load_beir(folder), Drawn(), list(Mode), candidates=5)
    assert result.parts > 3
    rows = {row.query.id: row for row in result.modes[Mode.LEXICAL].rows}
    assert rows["q2"].found[0] == "a:b" and "风车" in rows["q2"].best
    for found in result.modes.values():
        for row in found.rows:
            assert len(set(row.found)) == len(row.found)
            assert set(row.found) <= {"bridge", "a:b", "trees"}


def test_measures_are_those_of_hand(folder: Path) -> None:
    result = evaluate_retrieval(load_beir(folder), Drawn(), [Mode.LEXICAL], candidates=50)
    rows = {row.query.id: row for row in result.modes[Mode.LEXICAL].rows}
    assert rows["q1"].measures == {"hit@1": 1, "recall@5": 1, "recall@10": 1, "mrr@10": 1, "ndcg@10": 1}
    assert set(rows["q3"].found[:2]) == {"trees", "bridge"} and rows["q3"].measures["recall@5"] == 1
    printed = figures(result)
    assert set(printed) == {"dataset", "passages", "queries", "left_out", "modes"}
    assert (printed["dataset"], printed["passages"], printed["queries"]) == ("小集", 3, 3)
    assert list(printed["modes"]) == ["lexical"]
    assert set(printed["modes"]["lexical"]) == {*rows["q1"].measures, "ms_per_query"}


def test_lexical_alone_embeds_nothing(folder: Path) -> None:
    embedder = Drawn()
    result = evaluate_retrieval(load_beir(folder), embedder, [Mode.LEXICAL], candidates=50)
    assert embedder.embedded == [] and result.vectors_per_character == 0


def test_progress_counts_passages_to_the_last(folder: Path) -> None:
    told: list[Progress] = []
    evaluate_retrieval(load_beir(folder), Drawn(), [Mode.HYBRID], candidates=50, on_progress=told.append)
    embedding = [now for now in told if now.stage == "embed"]
    assert (embedding[-1].done, embedding[-1].total, embedding[-1].unit) == (3, 3, "passages")
    assert all(now.seconds_left is not None for now in told)


def test_a_second_run_embeds_no_passage_again(folder: Path, tmp_path: Path) -> None:
    dataset, runs = load_beir(folder), []
    for _ in range(2):
        inner = Drawn()
        with CachedEmbedder(inner, tmp_path / "vectors") as cached:
            runs.append(evaluate_retrieval(dataset, cached, [Mode.DENSE, Mode.HYBRID], candidates=50))
        runs.append(inner.embedded)
    first, embedded, second, again = runs
    assert embedded and again == []
    for mode in (Mode.DENSE, Mode.HYBRID):
        assert [row.found for row in first.modes[mode].rows] == [row.found for row in second.modes[mode].rows]


def test_questions_are_embedded_anew_and_a_damaged_cache_is_named(tmp_path: Path) -> None:
    class Roles(Drawn):
        def embed_query(self, text: str) -> npt.NDArray[np.float32]:
            return vector(f"question {text}")

    with CachedEmbedder(Roles(), tmp_path) as cached:
        passage, query = cached.embed_passages(["同一句", "同一句"]), cached.embed_query("同一句")
        np.testing.assert_array_equal(passage, [vector("同一句")] * 2)
        np.testing.assert_array_equal(query, vector("question 同一句"))
    path = next(tmp_path.glob("*.sqlite"))
    path.write_bytes(b"no database at all, but long enough to be taken for one" * 40)
    with pytest.raises(EvaluationError) as caught:
        CachedEmbedder(Roles(), tmp_path)
    assert caught.value.subject == str(path)


def test_the_report_shows_what_was_found_instead(folder: Path, tmp_path: Path) -> None:
    (folder / "qrels" / "test.tsv").write_text("q1\ttrees\t1\nq2\ta:b\t1\n", encoding="utf-8")
    result = evaluate_retrieval(load_beir(folder), Drawn(), [Mode.LEXICAL], candidates=50)
    paths = write_retrieval_report(result, tmp_path / "out", "小集")
    assert [path.suffix for path in paths] == [".json", ".html", ".md"]
    read = json.loads(paths[0].read_text(encoding="utf-8"))
    row = next(row for row in read["modes"]["lexical"]["rows"] if row["id"] == "q1")
    assert row["gold"] == ["trees"] and row["found"][0] == "bridge" and row["measures"]["hit@1"] == 0
    for path in paths[1:]:
        text = path.read_text(encoding="utf-8")
        assert "白水镇的新桥多长" in text and BRIDGE in text and TREES in text
    table = [line for line in paths[2].read_text(encoding="utf-8").splitlines() if line.startswith("|")]
    assert len({line.count("|") for line in table[:3]}) == 1
