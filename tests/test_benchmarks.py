"""What the benchmarks on public sets make of answers and of a run that was cut off; none of the sets is needed."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from eval_fakes import Said, TinyYouju

from rag.evaluate import Question
from rag.models.embedder import SentenceEmbedder
from rag.settings import Settings
from rag.store.base import Vectors
from rag.types import Verdict

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "benchmarks"))

import chronoqa  # noqa: E402
import domainrag  # noqa: E402
import gold  # noqa: E402
import rgb  # noqa: E402
import runs  # noqa: E402
import second  # noqa: E402
import shelf  # noqa: E402
import speed  # noqa: E402

RIVER = "清河市去年粮食产量是多少？"

# -- gold: does an answer say the known answer? -------------------------------------------------------------------------

SAYS = [
    ("清河桥于2024年7月12日通车。[1]", "2024年7月12日", ""),
    ("7月12日，清河桥通车。", "2024年7月12日", "清河桥2024年何时通车"),
    ("3月5日公布。", "2023年3月5日", "去年3月哪一天公布"),  # asked in 2024
    ("大会于3月4日和5日召开。", "2022年3月4日和5日", "2022年的大会在哪些日子召开"),
    ("连续5日上涨。", "五日", ""),
    ("37人受伤。", "37名男子", ""),
    ("报告9,319万例。", "超过9319万例", ""),
    ("总投资0.9万亿元。", "9000亿元", ""),
    ("主队0比1负于东港。", "0-1负于东港", ""),
    ("访问了甲国、丙国和乙国。", "甲国、乙国、丙国", ""),
    ("要求清河公司退还押金，当事人表示不满。", "退还押金的要求", "对哪项要求表示不满"),
    ("共有70個議席。", "70", ""),
]
SAYS_NOT = [
    ("清河桥于2023年7月12日通车。", "2024年7月12日", ""),
    ("7月12日，清河桥通车。", "2024年7月12日", "清河桥何时通车"),  # of which year, nobody said
    ("3月5日公布。", "2022年3月5日", "去年3月哪一天公布"),
    ("2020年4月开工。", "2020年4月1日", ""),
    ("137人受伤。", "37名男子", ""),
    ("共有170个议席。", "70", ""),
    ("主队1比0胜东港。", "0-1负于东港", ""),
    ("双方2-1战平。", "1-1战平", ""),
    ("访问了甲国和乙国。", "甲国、乙国、丙国", ""),
    ("当事人对这项要求表示不满。", "退还押金的要求", "对哪项要求表示不满"),
    ("公司净利润为12亿元。", "营收12.5亿元", ""),
    ("", "2024年", ""),
]


@pytest.mark.parametrize(("answer", "known", "question"), SAYS)
def test_an_answer_that_says_it(answer: str, known: str, question: str) -> None:
    assert gold.says(answer, known, question=question, today=date(2024, 11, 12))


@pytest.mark.parametrize(("answer", "known", "question"), SAYS_NOT)
def test_an_answer_that_does_not(answer: str, known: str, question: str) -> None:
    assert not gold.says(answer, known, question=question, today=date(2024, 11, 12))


def test_every_part_is_needed_and_one_alternative_of_each() -> None:
    known = ["张三", ["131万", "1313851"]]
    assert gold.says_all("张三说，交付了1,313,851辆。", known)
    assert not gold.says_all("交付了1,313,851辆。", known)
    assert not gold.says_all("张三说，交付了130万辆。", known)
    assert gold.contains_all("共2131万", ["131万"]) and not gold.says_all("共2131万", ["131万"])


def test_yes_and_no_are_no_words_to_look_for() -> None:
    assert gold.is_judgement("是的。") and gold.is_judgement("否")
    assert not gold.is_judgement("不可以")


# -- runs ---------------------------------------------------------------------------------------------------------------


def test_a_run_goes_on_where_it_was_cut_off(tmp_path: Path) -> None:
    path, asked = tmp_path / "rows.jsonl", []

    def task(key: str) -> Callable[[], runs.Row]:
        def done() -> runs.Row:
            asked.append(key)
            return {"id": key, "outcome": "right"}

        return done

    runs.each("t", {"a": task("a"), "b": task("b")}, runs.Rows(path, "one"))
    with path.open("a", encoding="utf-8") as file:
        file.write('{"id": "c", "outc')  # the power went while it was written
    found = runs.each("t", {key: task(key) for key in "cab"}, runs.Rows(path, "one"))
    assert asked == ["a", "b", "c"]
    assert [row["id"] for row in found] == ["c", "a", "b"]
    runs.each("t", {"a": task("a")}, runs.Rows(path, "another"))  # the program has changed
    assert asked == ["a", "b", "c", "a"]


def test_the_seal_is_of_the_settings_and_the_questions() -> None:
    script = chronoqa.__file__
    plain = runs.seal(Settings(), script, 1)
    assert plain == runs.seal(Settings(), script, 1)
    assert len({plain, runs.seal(Settings(), script, 2), runs.seal(Settings(), rgb.__file__, 1)}) == 3
    assert plain != runs.seal(Settings.model_validate({"answer": {"refuse_below": 0.5}}), script, 1)


def test_the_digest_is_of_bytes_and_names(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("1", encoding="utf-8")
    before = runs.digest(tmp_path)
    assert before == runs.digest(tmp_path)
    (tmp_path / "a").rename(tmp_path / "b")
    renamed = runs.digest(tmp_path)
    (tmp_path / "b").write_text("2", encoding="utf-8")
    assert len({before, renamed, runs.digest(tmp_path)}) == 3


@pytest.mark.parametrize(
    ("said", "right", "expected"),
    [
        (Said("产量为120万吨。"), True, {"outcome": "right", "marked": False}),
        (Said("产量为120万吨。", verdict=Verdict.DIFFERS), True, {"outcome": "right", "marked": True}),
        (Said("产量为130万吨。"), False, {"outcome": "wrong", "believed": True}),
        (Said("产量为130万吨。", verdict=Verdict.NOT_FOUND), False, {"outcome": "wrong", "believed": False}),
        (Said("没有提到。", refused=True), False, {"outcome": "refused"}),
        (Said("", fails=True), False, {"outcome": "error", "error": "ModelCallFailed"}),
    ],
)
def test_how_a_question_ended(said: Said, right: bool, expected: dict[str, object]) -> None:
    youju: Any = TinyYouju({RIVER: said})
    heard = runs.ask(youju, RIVER, date(2025, 3, 1))
    row = runs.verdict(heard, right)
    assert {key: row[key] for key in row if key != "seconds"} == expected
    assert "river.txt" in heard.found and "river.txt" in heard.shown
    assert youju.heard == [((), date(2025, 3, 1))]


def test_rates_count_what_was_given() -> None:
    rows: list[runs.Row] = [
        {"outcome": "right", "marked": True},
        {"outcome": "wrong", "believed": True},
        {"outcome": "wrong", "believed": False},
        {"outcome": "refused"},
        {"outcome": "error"},
    ]
    found = {name: (rate.hits, rate.total) for name, rate in runs.figures(rows).items()}
    assert found["right"] == (1, 5) and found["refused"] == (1, 5) and found["wrong"] == (3, 5)
    assert found["wrong and believed, of answers given"] == (1, 3)
    assert found["right and marked, of right"] == (1, 1)


def test_a_part_of_the_questions_is_no_result(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    chosen = argparse.Namespace(json=False, limit=5, out=None)
    runs.finish(chosen, "no-such-benchmark", Settings(), {}, [{"id": "a"}], ["text"])
    assert capsys.readouterr().out == "text\n" and not (runs.RESULTS / "no-such-benchmark.json").exists()
    chosen.out = tmp_path
    runs.finish(chosen, "t", Settings(), {"seed": 1}, [{"id": "a", "words": {"answer": "的"}}, {"id": "b"}], ["text"])
    written = json.loads((tmp_path / "t.json").read_text(encoding="utf-8"))
    assert written["seed"] == 1 and written["rows"] == {"id": ["a", "b"]} and "settings" in written


def test_rows_are_written_as_columns_of_every_set() -> None:
    one, two = {"set": "drcd", "id": "a", "dense": 1}, {"set": "rgb", "id": "b", "rank": None, "说": "是"}
    several = json.loads(runs.as_text({"seed": 1}, [one, two, one | {"id": "c", "dense": 2}]))
    assert several["rows"]["drcd"] == {"id": ["a", "c"], "dense": [1, 2]}
    assert several["rows"]["rgb"] == {"id": ["b"], "rank": [None], "说": ["是"]} and several["seed"] == 1
    alone = json.loads(runs.as_text({"seed": 1}, [{"id": "a"}, {"id": "b", "marked": True}]))
    assert alone["rows"] == {"id": ["a", "b"], "marked": [None, True]}
    assert json.loads(runs.as_text({"seed": 1}, []))["rows"] == {}


def test_a_library_is_made_anew_when_its_texts_change(embedder: SentenceEmbedder, tmp_path: Path) -> None:
    settings = Settings.model_validate({"llm": {"provider": "none"}})
    texts = {"river.txt": "清河市去年粮食产量为120万吨，比前年增长5.5%。", "port.txt": "东港去年吞吐量达到1200万箱。"}
    counting = Counting(embedder)

    def opened(texts: dict[str, str]) -> tuple[list[str], runs.Heard]:
        with shelf.library(settings, counting, None, tmp_path, texts) as youju:
            return sorted(info.name for info in youju.documents()), runs.ask(youju, RIVER)

    names, heard = opened(texts)
    assert names == ["port.txt", "river.txt"] and heard.answer is not None and "120万吨" in heard.answer.text
    embedded = counting.texts
    assert opened(texts)[0] == names and counting.texts == embedded  # nothing to do
    names, heard = opened({"river.txt": "清河市去年粮食产量为130万吨，比前年增长5.5%。"})
    assert names == ["river.txt"] and heard.answer is not None and "130万吨" in heard.answer.text
    (tmp_path / "seal").unlink()  # cut off before it was whole
    assert opened(texts)[0] == ["port.txt", "river.txt"]


def test_a_large_index_grows_until_it_holds_enough(
    embedder: SentenceEmbedder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shelf, "_AT_ONCE", 1)
    settings = Settings.model_validate({"llm": {"provider": "none"}})
    texts = {
        f"{n}.txt": f"清河市{year}年粮食产量为{n}20万吨，比前年增长5.5%。" for n, year in enumerate(range(2019, 2022))
    }
    counting = Counting(embedder)

    def grown(passages: int) -> tuple[list[str], int]:
        with shelf.grown(settings, counting, None, tmp_path, texts, passages) as youju:
            asked = [speed.Asked("1", RIVER, date(2020, 5, 1))]
            rows = speed.searched("public", youju, embedder, asked)
            assert [row["what"] for row in rows] == [speed.SEARCH, speed.EMBEDDING] and all(
                row["ms"] > 0 for row in rows
            )
            return sorted(info.name for info in youju.documents()), counting.texts

    names, embedded = grown(2)
    assert names == ["0.txt", "1.txt"]
    assert grown(2) == (names, embedded)
    names, more = grown(3)
    assert names == sorted(texts) and 2 * more == 3 * embedded  # only what is new
    with pytest.raises(SystemExit, match="only 3 passages"):
        grown(4)


class Counting:
    """Counts the texts that it hands on."""

    def __init__(self, embedder: SentenceEmbedder) -> None:
        self._embedder, self.texts = embedder, 0
        self.name, self.fingerprint, self.dimension = embedder.name, embedder.fingerprint, embedder.dimension

    def embed_passages(self, texts: Sequence[str], *, on_progress: Callable[[int], None] | None = None) -> Vectors:
        self.texts += len(texts)
        return self._embedder.embed_passages(texts, on_progress=on_progress)

    def embed_query(self, text: str) -> Vectors:
        return self._embedder.embed_query(text)


# -- the sets -----------------------------------------------------------------------------------------------------------


def test_chronoqa_rows_and_columns() -> None:
    youju: Any = TinyYouju({RIVER: Said("清河市去年粮食产量为120万吨。")})
    question = chronoqa.Asked("7", RIVER, date(2025, 3, 1), "relative", "120万吨", "river.txt")
    rows = [chronoqa.judge(youju, question, arm) for arm in chronoqa.ARMS]
    assert [day for _, day in youju.heard] == [date(2025, 3, 1), None]
    assert [(row["id"], row["outcome"], row["rank"], row["shown"]) for row in rows] == [
        ("7:with", "right", 1, True),
        ("7:without", "right", 1, True),
    ]
    assert all(RIVER not in str(value) for row in rows for key, value in row.items() if key != runs.WORDS)
    rows[1]["outcome"] = "refused"
    columns = chronoqa.summary(rows)
    assert columns["relative, with"]["right"].hits == 1 and columns["relative, without"]["right"].hits == 0
    assert columns["absolute, with"]["right"].total == 0 and chronoqa.gained(rows) == (1, 0)


def test_chronoqa_takes_questions_with_one_passage(tmp_path: Path) -> None:
    def query(key: str, answer: str, docs: str = "single") -> dict[str, object]:
        about = {"answers": [answer], "date": "2024-01-02", "temporal_type": "relative", "docs": docs}
        return {"_id": key, "text": "问", "metadata": about}

    write(tmp_path / "corpus.jsonl", [{"_id": "p", "title": "", "text": "文"}, {"_id": "q", "title": "", "text": "字"}])
    asked = [query("1", "12人"), query("2", "是"), query("3", "12人"), query("4", "12人", "multiple")]
    write(tmp_path / "queries.jsonl", asked)
    (tmp_path / "qrels").mkdir()
    (tmp_path / "qrels" / "test.tsv").write_text(
        "q\tc\ts\n1\tp\t1\n2\tp\t1\n3\tp\t1\n3\tq\t1\n4\tp\t1\n", encoding="utf-8"
    )
    assert chronoqa.load(tmp_path) == [chronoqa.Asked("1", "问", date(2024, 1, 2), "relative", "12人", "p.txt")]


@pytest.mark.parametrize(
    ("positives", "negatives", "noise", "expected"),
    [
        (5, 9, 0.4, "pppnn"),
        (5, 9, 0.8, "pnnnn"),
        (5, 9, 1.0, "nnnnn"),
        (2, 9, 0.4, "ppnnn"),  # too few that answer
        (9, 1, 0.8, "ppppn"),  # too few that do not
    ],
)
def test_five_documents_with_noise(positives: int, negatives: int, noise: float, expected: str) -> None:
    item = {"positive": [f"p{i}" for i in range(positives)], "negative": [f"n{i}" for i in range(negatives)]}
    assert "".join(text[0] for text in rgb.with_noise(item, noise)) == expected


def test_false_documents_alone_and_beside_true_ones() -> None:
    item = {"positive": ["p0", "p1", "p2"], "positive_wrong": ["w0", "w1", "w2"], "negative": ["n0", "n1"]}
    assert rgb.counterfactual(item, "false") == ["w0", "w1", "w2"]
    assert rgb.counterfactual(item, "mixed") == ["w0", "w1", "p1", "p2", "n0"]


def test_tokens_are_joined_and_latin_words_are_not() -> None:
    assert (
        domainrag.joined("基地 2.0 ( 强基 计划 ) ， Machine Learning 课程 \n 第二 行")
        == "基地2.0(强基计划)，Machine Learning课程\n第二行"
    )


def test_domainrag_takes_each_turn_once() -> None:
    def turn(question: str, passage: int) -> dict[str, Any]:
        page = {"id": "1", "psg_id": passage, "title": "清河 学院", "contents": "清河 学院 成立 于 1950 年"}
        return {"question": question, "answers": [], "positive_reference": page}

    first, second_, third = turn("清河学院在哪", 0), turn("它成立于哪一年", 0), turn("学院有多少教师", 2)
    conversations = [{"history_qa": [first], **second_}, {"history_qa": [first, second_], **third}]
    corpus, turns = domainrag.read(conversations)
    assert [p.id for p in corpus] == ["1-0", "1-2"] and corpus[0].text == "清河学院成立于1950年"
    assert [(t.id, t.last, t.passage, len(t.history)) for t in turns] == [
        ("0:1", True, "1-0", 1),
        ("1:2", True, "1-2", 2),
    ]
    asked = domainrag.ways(turns[0], {"0:1": "清河学院何时成立"})
    assert asked["alone"] == "它成立于哪一年" and asked["rule"] == asked["title"] == "清河学院成立于哪一年"
    assert asked["by hand"] == "清河学院何时成立" and "by hand" not in domainrag.ways(turns[1], {})
    ranked = {"0:1 alone": ["1-2"], "0:1 rule": ["1-2", "1-0"], "0:1 title": ["1-0"]}
    row = domainrag.row_of(turns[0], {"0:1 rule": asked["rule"]}, ranked)
    assert row == {"id": "0:1", "last": True, "changed": True, "alone": None, "rule": 2, "title": 1}
    rates = domainrag.summary([row])["last turns"]
    assert (rates["hit@1, rule"].hits, rates["hit@5, rule"].hits, rates["hit@5, alone"].hits) == (0, 1, 0)


def test_waits_are_medians_and_say_whether_they_are_short_enough() -> None:
    def row(index: str, what: str, ms: float) -> dict[str, Any]:
        return {"id": "1", "index": index, "what": what, "ms": ms}

    rows = [row("public", speed.SEARCH, ms) for ms in (10, 20, 30, 40, 500)]
    rows += [row("seeds", speed.WINDOW, 501.0), row("seeds", speed.EMBEDDING, 4.0)]
    found = speed.summary(rows)
    assert found["public", speed.SEARCH] == (5, 30, 408)
    quiet = {"load_average": 1.2, "cores": 2, "threads": 2}
    text = "\n".join(speed.report(found, {"public": 10_123, "seeds": 33}, quiet))
    assert "Others were using" not in text
    assert "Others were using" in "\n".join(
        speed.report(found, {"public": 1, "seeds": 1}, quiet | {"load_average": 6.0})
    )
    assert "| 10,123 | search | 5 | 30 | 408 | ≤ 60, met |" in text
    assert "| 33 | first evidence in the window | 1 | 501 | 501 | ≤ 500, missed |" in text
    assert [row["target_ms"] for row in speed.as_json(found)] == [60, 500, None]


def test_seed_questions_stand_alone_and_are_asked_in_the_same_order() -> None:
    asked = speed.seed_questions()
    assert asked == speed.seed_questions() and len({question.text for question in asked}) == len(asked) > 100


def test_the_second_corpus_leaves_no_words_behind() -> None:
    youju: Any = TinyYouju()
    made = Question("q1", RIVER, "number", True, must=(("120万吨",),), evidence=())
    row = second.judge(youju, "set", made)
    assert row["outcome"] and not any(isinstance(value, str) and RIVER in value for value in row.values())
    assert set(second.summary([row])) == {"all", "number"}


def write(path: Path, rows: list[dict[str, Any]]) -> None:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
