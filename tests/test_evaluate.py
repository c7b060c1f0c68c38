"""The evaluation: every measure against values worked out by hand, over a tiny pipeline that answers for real."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from io import StringIO
from pathlib import Path

import pytest
from eval_fakes import PORT, RIVER, Said, TinyYouju, make_document
from rich.console import Console

from rag.errors import EvaluationError
from rag.evaluate import (
    EvaluationResult,
    Gold,
    Outcome,
    Question,
    QuestionSet,
    Rate,
    compare_results,
    evaluate,
    kept_results,
    load_questions,
    load_result,
    print_summary,
    run_evaluation,
    to_json,
    type_names,
    write_report,
)
from rag.evaluate.matching import Place, holds, locate, normalise, without_markers
from rag.evaluate.metrics import measure, wilson
from rag.evaluate.report import render_html, render_markdown
from rag.evaluate.result import public_settings
from rag.evaluate.score import Score, is_right, needed_rank
from rag.settings import LLMSettings, Settings
from rag.types import Span, Timings, Verdict

GRAIN = Question(
    "grain",
    "清河市去年粮食产量是多少",
    "number",
    True,
    must=(("120万吨", "1200000吨"),),
    must_not=("1200万吨",),
    evidence=(Gold("river.txt", "清河市去年粮食产量为120万吨，比前年增长5.5%。"),),
)
PUMPS = Question(
    "pumps",
    "李明说要建几座泵站",
    "number",
    True,
    must=(("26座",),),
    evidence=(Gold("river.txt", "今年要新建26座泵站。"),),
)
BOXES = Question(
    "boxes",
    "东港去年吞吐量",
    "number",
    True,
    must=(("1200万箱",),),
    evidence=(Gold("port.txt", "东港去年吞吐量达到1,200万箱。"),),
)
AIRPORT = Question("airport", "东港的机场叫什么", "unanswerable", False)
LINES = Question(
    "lines",
    "开通几条新航线",
    "followup",
    True,
    history=("东港2026年计划",),
    today=date(2025, 3, 2),
    must=(("三条", "3条"),),
    evidence=(Gold("port.txt", "东港计划2026年开通三条新航线。"),),
)
GRAIN_QUOTE = "清河市去年粮食产量为 120 万吨，比前年增长5.5%。"


def ask(*questions: Question, youju: TinyYouju | None = None, retrieval_only: bool = False) -> EvaluationResult:
    return evaluate(youju or TinyYouju(), QuestionSet("tiny.jsonl", "0" * 64, questions), retrieval_only=retrieval_only)


def say(said: Said, question: Question = GRAIN) -> EvaluationResult:
    return ask(question, youju=TinyYouju({question.question: said}))


def line(**changes: object) -> str:
    row: dict[str, object] = {
        "id": "q1",
        "question": "问什么",
        "history": [],
        "today": None,
        "type": "fact",
        "answerable": True,
        "must": [["甲", "乙"]],
        "must_not": [],
        "evidence": [{"document": "river.txt", "text": "甲"}],
        "evidence_any": False,
    }
    return json.dumps({k: v for k, v in (row | changes).items() if v != "absent"}, ensure_ascii=False)


# -- question sets ------------------------------------------------------------------------------------------------------


def test_a_question_set_is_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "set.jsonl"
    second = line(id="q2", today="2025-03-20", history=["先问"], derived=True, note="注\u2028解", evidence_any=True)
    path.write_bytes(("\ufeff" + line() + "\r\n\r\n" + second + "\n").encode())
    loaded = load_questions(path)
    first, last = loaded.questions
    assert loaded.name == "set.jsonl" and len(loaded.sha256) == 64
    assert first == Question("q1", "问什么", "fact", True, must=(("甲", "乙"),), evidence=(Gold("river.txt", "甲"),))
    assert (last.today, last.history, last.derived, last.evidence_any) == (date(2025, 3, 20), ("先问",), True, True)


def test_a_sample_is_drawn_from_all_of_a_set_and_is_the_same_every_time(tmp_path: Path) -> None:
    path = tmp_path / "set.jsonl"
    path.write_text("".join(line(id=f"q{n}", type="hard" if n > 50 else "easy") + "\n" for n in range(100)), "utf-8")
    whole = load_questions(path)
    drawn = whole.sample(20)
    assert drawn == load_questions(path).sample(20) and len(drawn.questions) == 20
    assert {q.type for q in drawn.questions} == {"easy", "hard"}
    places = [whole.questions.index(q) for q in drawn.questions]
    assert places == sorted(places)
    assert whole.sample(None) == whole.sample(500) == whole


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("{", "set.jsonl:1"),
        ("[1]", "set.jsonl:1"),
        ("[" * 100_000, "set.jsonl:1"),
        (line(answerable="yes"), "set.jsonl:1 [answerable]"),
        (line(answerable=1), "set.jsonl:1 [answerable]"),
        (line(question=" "), "set.jsonl:1 [question]"),
        (line(type="absent"), "set.jsonl:1 [type]"),
        (line(answer="x"), "set.jsonl:1 [answer]"),
        (line(must=["甲"]), "set.jsonl:1 [must]"),
        (line(must=[[]]), "set.jsonl:1 [must]"),
        (line(must=[]), "set.jsonl:1 [must]"),
        (line(must_not="甲"), "set.jsonl:1 [must_not]"),
        (line(evidence=[]), "set.jsonl:1 [evidence]"),
        (line(evidence=[{"document": "a"}]), "set.jsonl:1 [evidence]"),
        (line(today="3月2日"), "set.jsonl:1 [today]"),
        (line(today=20250302), "set.jsonl:1 [today]"),
        ("\n", "set.jsonl"),
    ],
)
def test_a_line_that_cannot_be_used_is_named_counted_and_left_out(tmp_path: Path, text: str, place: str) -> None:
    path = tmp_path / "set.jsonl"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(EvaluationError) as caught:  # nothing is left
        load_questions(path)
    assert caught.value.subject == str(path.with_name(place))
    assert all(caught.value.what)
    path.write_text(f"{text}\n{line(id='good')}", encoding="utf-8")
    loaded = load_questions(path)
    assert [question.id for question in loaded.questions] == ["good"]
    assert [bad.subject for bad in loaded.left_out] == ([str(path.with_name(place))] if ":" in place else [])


def test_lines_left_out_are_told_with_the_result_and_name_no_folder(tmp_path: Path) -> None:
    path = tmp_path / "set.jsonl"
    bad = [line(id="q2", today="2024年13月1日"), "{", line()]
    good = line(evidence=[{"document": "river.txt", "text": "新建26座泵站"}])
    path.write_text("\n".join([good, *bad]), encoding="utf-8")
    questions = load_questions(path)
    assert [each.subject.rpartition("set.jsonl")[2] for each in questions.left_out] == [":2 [today]", ":3", ":4 [id]"]
    result = evaluate(TinyYouju(), questions, retrieval_only=True)
    assert len(result.left_out) == 3 and str(tmp_path) not in json.dumps(result.left_out)
    for told in (render_html(result), render_markdown(result)):
        assert "set.jsonl:2 [today]" in told
    console = Console(file=StringIO(), width=200)
    print_summary(result, console)
    assert "set.jsonl:4 [id]" in console.file.getvalue()  # type: ignore[attr-defined]


def test_a_set_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match="cannot read"):
        load_questions(tmp_path / "none.jsonl")
    gbk = tmp_path / "gbk.jsonl"
    gbk.write_bytes(b"\n\n" + "问".encode("gbk"))
    with pytest.raises(EvaluationError, match="UTF-8") as caught:
        load_questions(gbk)
    assert caught.value.subject.endswith("gbk.jsonl:3")


# -- matching -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "same_as"),
    [
        ("１２０ 万吨", "120万吨"),
        ("1,234,567 元", "1234567元"),
        ("１，２００家", "1200家"),
        ("臺灣的憲法 GDP", "台湾的宪法gdp"),
        ("80％", "80%"),
        ("换\n行\u3000处", "换行处"),
    ],
)
def test_normalising(text: str, same_as: str) -> None:
    assert normalise(text) == normalise(same_as)


@pytest.mark.parametrize("text", ["第3，200家", "12,34", "1,2345"])
def test_a_comma_between_numbers_stays(text: str) -> None:
    assert "," in normalise(text)


@pytest.mark.parametrize(
    ("text", "phrase", "expected"),
    [
        ("共26项", "26", True),
        ("共126项", "26", False),
        ("共2.26项", "26", False),
        ("共26.5项", "26", False),
        ("增长15.5%", "5.5%", False),
        ("增长5.5%。", "5.5%", True),
        ("达1,200家", "1,200", True),
        ("达1,200家", "200", False),
        ("(a+b)", "a+b", True),
    ],
)
def test_numbers_match_whole(text: str, phrase: str, expected: bool) -> None:
    assert holds(normalise(text), phrase) is expected


def test_markers_are_no_part_of_an_answer() -> None:
    assert without_markers("甲[1]乙【2】丙[1, 3]丁[2025]") == "甲乙丙丁[2025]"
    assert not is_right("增长了[5]", replace(GRAIN, must=(("5",),)))


def test_words_are_located_through_white_space_everywhere_they_stand() -> None:
    document = make_document("a.txt", "产量为 120 万\n吨。产量为120万吨。\n")
    places = locate(document, "120 万吨")
    assert [[document.text[a:b] for a, b in p.spans] for p in places] == [["120", "万吨"], ["120万吨"]]
    assert [p.size for p in places] == [5, 5]
    assert locate(document, "121万吨") == ()


def test_shared_characters_count_once_however_ranges_overlap() -> None:
    place = Place("a", (Span(0, 4), Span(5, 9)))
    assert place.shared([Span(2, 6), Span(3, 7), Span(20, 30)]) == 4
    assert place.shared([]) == 0


# -- retrieval ----------------------------------------------------------------------------------------------------------


def test_evidence_may_be_put_together_from_neighbours_but_not_from_another_document() -> None:
    youju = TinyYouju()
    first, second = (youju.search(q)[0] for q in ("粮食产量", "市长李明"))
    other = youju.search("吞吐量")[0]
    across = locate(youju.document("river.txt"), "水稻占其中的六成。清河市市长李明说")
    inside = locate(youju.document("river.txt"), "省水利厅")
    assert needed_rank([across], [first, other, second], False) == 3
    assert needed_rank([across], [first, other], False) is None
    assert needed_rank([inside], [other, second], False) == 2
    assert needed_rank([across, inside], [second, first], True) == 1
    assert needed_rank([across, inside], [second, first], False) == 2
    assert needed_rank([(), inside], [second], False) is None  # a gold text that the index lost is never found
    assert needed_rank([], [second], True) is None


def test_retrieval_rates_over_answerable_questions_only() -> None:
    # Ranks: GRAIN 1; PUMPS 1; both together need two passages, 2; a question that finds nothing has no rank.
    both = replace(GRAIN, id="both", evidence=GRAIN.evidence + PUMPS.evidence)
    none = replace(PUMPS, id="none", question="XYZ", type="odd")
    overall = ask(GRAIN, PUMPS, both, none, AIRPORT).overall
    assert overall.recall_at_1 == Rate(2, 4)
    assert overall.recall_at_5 == Rate(3, 4)
    assert overall.mrr == pytest.approx((1 + 1 + 0.5 + 0) / 4)
    assert overall.shown == Rate(3, 4)


def test_any_evidence_is_enough_where_the_set_says_so() -> None:
    either = replace(GRAIN, evidence=GRAIN.evidence + PUMPS.evidence, evidence_any=True)
    row = ask(either).rows[0]
    assert row.score.rank == 1
    assert (row.score.needed, row.score.cited) == (1, 1)
    row = ask(replace(either, evidence_any=False)).rows[0]
    assert row.score.rank == 2
    assert (row.score.needed, row.score.cited) == (2, 2)  # the one quote holds all that the answer must say


def test_retrieval_only_rewrites_and_never_asks_the_model() -> None:
    youju = TinyYouju()
    result = ask(GRAIN, LINES, AIRPORT, youju=youju, retrieval_only=True)
    assert youju.asked == [] and youju.closed_early == 3
    assert [r.score.outcome for r in result.rows] == [Outcome.FOUND, Outcome.FOUND, Outcome.UNTRIED]
    assert result.rows[1].rewritten == "东港2026年计划开通几条新航线"
    assert result.overall.recall_at_1 == Rate(2, 2)
    assert result.overall.correct == result.overall.accuracy == result.overall.refused_unanswerable == Rate(0, 0)
    assert result.overall.retrieve_s.median == 0.25 and result.overall.total_s.count == 0


# -- answers ------------------------------------------------------------------------------------------------------------


def test_a_whole_run() -> None:
    youju = TinyYouju()
    result = ask(GRAIN, PUMPS, BOXES, AIRPORT, LINES, youju=youju)
    overall = result.overall
    assert [r.score.outcome for r in result.rows] == [Outcome.RIGHT] * 5
    assert (overall.questions, overall.errors) == (5, 0)
    assert overall.accuracy == Rate(4, 4) and overall.correct == Rate(5, 5)
    assert overall.refused_unanswerable == Rate(1, 1) and overall.refused_answerable == Rate(0, 4)
    assert overall.citation_precision == overall.citation_recall == overall.span_exactness == Rate(4, 4)
    assert overall.wrong_unwarned == Rate(0, 4) and overall.right_flagged == Rate(0, 4)
    assert list(result.by_type) == ["number", "unanswerable", "followup"]
    assert result.by_type["number"].accuracy == Rate(3, 3)
    assert result.by_type["unanswerable"].accuracy == Rate(0, 0)
    assert result.models == ("tiny",)
    assert result.worst() == []
    turns, today = youju.heard[-1]
    assert [(t.question, t.answer) for t in turns] == [("东港2026年计划", "")] and today == date(2025, 3, 2)


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("糧食產量為１２０萬噸。", True),
        ("1,200,000 吨", True),
        ("1120万吨", False),
        ("120万吨，不是1200万吨", False),
        ("不清楚", False),
    ],
)
def test_right_and_wrong_answers(text: str, right: bool) -> None:
    result = say(Said(text, [("river.txt", GRAIN_QUOTE)]))
    assert result.overall.accuracy == Rate(int(right), 1)
    assert result.rows[0].score.outcome is (Outcome.RIGHT if right else Outcome.WRONG)


def test_every_group_is_needed() -> None:
    question = replace(GRAIN, must=(("120万吨",), ("六成", "60%")))
    assert is_right("120万吨，其中60％是水稻", question)
    assert not is_right("120万吨", question)


def test_a_refusal_that_names_the_answer_is_still_a_refusal() -> None:
    result = say(Said("文章里没有提到120万吨。", refused=True))
    assert result.overall.accuracy == Rate(0, 1) and result.overall.refused_answerable == Rate(1, 1)
    assert result.rows[0].score.outcome is Outcome.REFUSED
    assert result.overall.citation_recall == Rate(0, 0)  # no answer, so nothing to cite


def test_an_answer_to_an_unanswerable_question_is_invented() -> None:
    result = say(Said("叫清河机场。", [("port.txt", "东港有8个泊位。")]), AIRPORT)
    assert result.overall.refused_unanswerable == Rate(0, 1) and result.overall.correct == Rate(0, 1)
    assert result.overall.wrong_unwarned == Rate(1, 1)
    assert result.overall.citation_precision == Rate(0, 0)  # counted over answerable questions
    assert result.overall.span_exactness == Rate(1, 1)
    assert result.rows[0].score.outcome is Outcome.INVENTED


def test_where_a_wrong_answer_was_lost() -> None:
    wrong = Said("不清楚")
    missing = replace(PUMPS, question="XYZ")
    assert say(wrong, missing).rows[0].score.outcome is Outcome.NOT_FOUND
    third = replace(PUMPS, question="2026年东港开通几条新航线", evidence=(Gold("river.txt", "水稻占其中的六成。"),))
    row = say(wrong, third).rows[0]
    assert (row.score.rank, row.score.shown, row.score.outcome) == (3, False, Outcome.NOT_SHOWN)


# -- citations and verdicts ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("gold", "quote", "right"),
    [
        ("水稻占其中的六成。", "水稻占其中的六成。", True),
        ("水稻占其中的六成。", "占其中", True),  # wholly inside
        ("水稻占其中的六成。", "5.5%。水稻占其中", True),  # covers 5 of 9
        ("水稻占其中的六成。", "5.5%。水稻占其", False),  # covers 4 of 9
        ("水稻占其中的六成。", "比前年增长5.5%。", False),
        ("清河市去年粮食产量为120万吨", "粮食产量为 120 万吨", True),  # white space does not count
    ],
)
def test_a_citation_is_right_when_it_touches_the_gold(gold: str, quote: str, right: bool) -> None:
    question = replace(GRAIN, must=(("不在文章里",),), evidence=(Gold("river.txt", gold),))
    overall = say(Said("答", [("river.txt", quote)]), question).overall
    assert overall.citation_precision == overall.citation_recall == Rate(int(right), 1)


@pytest.mark.parametrize(
    ("must", "document", "quote", "right"),
    [
        ((("8个",),), "port.txt", "东港有8个泊位。", True),
        ((("8个",), ("泊位",)), "port.txt", "东港有8个泊位。", True),
        ((("8个",), ("码头",)), "port.txt", "东港有8个泊位。", False),  # every group, in one quote
        ((("8",),), "port.txt", "东港有8个泊位。", False),  # one character proves nothing
        ((("26座",),), "river.txt", "今年要新建26座泵站。", False),  # not a document of the gold
    ],
)
def test_another_sentence_that_says_it_as_well(
    must: tuple[tuple[str, ...], ...], document: str, quote: str, right: bool
) -> None:
    overall = say(Said("答", [(document, quote)]), replace(BOXES, must=must)).overall
    assert overall.citation_precision == overall.citation_recall == Rate(int(right), 1)


def test_citation_rates_are_micro_averages() -> None:
    both = replace(GRAIN, id="both", must=(("120万吨",), ("26座",)), evidence=GRAIN.evidence + PUMPS.evidence)
    scripted = {
        GRAIN.question: Said(
            "120万吨，26座",
            [("river.txt", GRAIN_QUOTE), ("port.txt", "东港有8个泊位。"), ("river.txt", "水稻占其中的六成。")],
        )
    }
    overall = ask(both, BOXES, youju=TinyYouju(scripted)).overall
    assert overall.citation_precision == Rate(1 + 1, 3 + 1)
    assert overall.citation_recall == Rate(1 + 1, 2 + 1)


def test_an_answer_without_citations() -> None:
    overall = say(Said("120万吨")).overall
    assert overall.accuracy == Rate(1, 1) and overall.cited == Rate(0, 1)
    assert overall.citation_precision == overall.span_exactness == Rate(0, 0)
    assert overall.citation_precision.value is None and overall.citation_precision.interval is None
    assert overall.citation_recall == Rate(0, 1)


def test_a_citation_one_character_off_is_not_exact() -> None:
    quote = "水稻占其中的六成"
    assert say(Said("120万吨", [("river.txt", quote)])).overall.span_exactness == Rate(1, 1)
    result = say(Said("120万吨", [("river.txt", quote)], shift=1))
    assert result.overall.span_exactness == Rate(0, 1)
    assert result.rows[0].faulty_citations == 1 and result.worst() == [result.rows[0]]


def test_wrong_answers_that_nothing_warns_of() -> None:
    wrong = Said("1200万吨", [("river.txt", GRAIN_QUOTE)])
    assert say(wrong).overall.wrong_unwarned == Rate(1, 1)
    assert say(replace(wrong, verdict=Verdict.DIFFERS)).overall.wrong_unwarned == Rate(0, 1)
    right = Said("120万吨", [("river.txt", GRAIN_QUOTE)], Verdict.NOT_FOUND)
    assert say(right).overall.right_flagged == Rate(1, 1)
    assert say(right).overall.wrong_unwarned == Rate(0, 1)


# -- errors and edges ---------------------------------------------------------------------------------------------------


def test_a_question_that_fails_is_a_row_and_the_run_goes_on() -> None:
    youju = TinyYouju({GRAIN.question: Said("", fails=True), PUMPS.question: Said("26座", [("gone.txt", "x")])})
    result = ask(GRAIN, PUMPS, BOXES, youju=youju)
    broken, astray, fine = result.rows
    assert broken.error and "连接断了" in broken.error[0] and broken.answer is None
    assert broken.score.rank == 1 and broken.hits  # what was found before is kept
    assert astray.error and "gone.txt" in astray.error[0]
    assert fine.score.outcome is Outcome.RIGHT
    assert result.overall.errors == 2
    assert result.overall.accuracy == Rate(1, 3)
    assert result.overall.refused_answerable == Rate(0, 1)
    assert result.overall.total_s.count == 1


def test_a_set_that_does_not_fit_the_index_is_refused_before_the_first_question() -> None:
    youju = TinyYouju()
    with pytest.raises(EvaluationError, match=r"grain: lost\.txt"):
        ask(replace(GRAIN, evidence=(Gold("lost.txt", "x"),)), youju=youju)
    with pytest.raises(EvaluationError, match="not in the words"):
        ask(replace(GRAIN, evidence=(Gold("river.txt", "粮食产量为121万吨"),)), youju=youju)
    assert youju.heard == []


def test_evidence_that_reading_lost_is_measured_as_not_found() -> None:
    youju = TinyYouju()
    cut = youju.document("port.txt")
    youju._documents["port.txt"] = replace(cut, source=cut.source + "编辑：王五\n")
    row = ask(replace(BOXES, evidence=(Gold("port.txt", "编辑：王五"),)), youju=youju).rows[0]
    assert row.lost and row.score.rank is None


def test_nothing_answerable() -> None:
    overall = ask(AIRPORT).overall
    assert overall.mrr is None and overall.recall_at_5 == Rate(0, 0) and overall.correct == Rate(1, 1)


def test_wilson() -> None:
    # Worked out from (p + z²/2n ± z√(p(1-p)/n + z²/4n²)) / (1 + z²/n), z = 1.96.
    assert wilson(8, 10) == pytest.approx((0.4902, 0.9433), abs=1e-4)
    assert wilson(0, 10) == pytest.approx((0.0, 0.2775), abs=1e-4)
    assert wilson(1, 1) == pytest.approx((0.2065, 1.0), abs=1e-4)


def test_times_are_medians_and_nearest_ranks() -> None:
    def timed(total: float) -> tuple[Question, Score]:
        timings = Timings(total / 10, None if total == 1 else total / 2, total)
        return GRAIN, Score(Outcome.RIGHT, 1, True, right=True, refused=False, timings=timings)

    metrics = measure([timed(s) for s in (4.0, 1.0, 3.0, 2.0)])
    assert (metrics.total_s.count, metrics.total_s.median, metrics.total_s.p95) == (4, 2.5, 4.0)
    assert (metrics.first_token_s.count, metrics.first_token_s.median) == (3, 1.5)
    assert measure([timed(float(s)) for s in range(1, 21)]).total_s.p95 == 19.0


# -- reports ------------------------------------------------------------------------------------------------------------


class Page(HTMLParser):
    """Tags that are open at the end, and everything a page would fetch or run."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.fetched: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.fetched += [f"{tag} {k}" for k, _ in attrs if k in ("src", "href", "srcset") or k.startswith("on")]
        if tag in ("script", "link", "img", "iframe"):
            self.fetched.append(tag)
        if tag not in ("meta", "input", "br", "img", "link"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass


def questions_file(folder: Path) -> Path:
    def row(q: Question) -> dict[str, object]:
        return {
            "id": q.id,
            "question": q.question,
            "history": q.history,
            "today": q.today.isoformat() if q.today else None,
            "type": q.type,
            "answerable": q.answerable,
            "must": q.must,
            "must_not": q.must_not,
            "evidence": [{"document": g.document, "text": g.text} for g in q.evidence],
        }

    path = folder / "tiny.jsonl"
    text = "".join(json.dumps(row(q), ensure_ascii=False) + "\n" for q in (GRAIN, PUMPS, BOXES, AIRPORT, LINES))
    path.write_text(text, encoding="utf-8")
    return path


def test_a_run_writes_its_three_reports(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    out = tmp_path / "deep" / "results"
    file = questions_file(tmp_path)
    two = run_evaluation(TinyYouju(), file, limit=2, on_progress=lambda p: seen.append((p.done, p.total)))
    assert seen == [(0, 2), (1, 2), (2, 2)] and two.planned == 2
    assert [row.question for row in two.rows] == list(load_questions(file).sample(2).questions)
    run_evaluation(TinyYouju(), file, out, "first")
    assert sorted(p.name for p in out.iterdir()) == ["first.html", "first.json", "first.md"]
    read = json.loads((out / "first.json").read_text("utf-8"))
    assert [r["question"]["id"] for r in read["rows"]][:2] == ["grain", "pumps"]
    assert read["planned"] == len(read["rows"])
    first = read["rows"][0]
    (document, start, end, right, exact), *_ = first["citations"]
    assert read["documents_found"][document][1] == "river.txt" and (right, exact) == (1, 1)
    assert TinyYouju().document("river.txt").text[start:end] == GRAIN_QUOTE
    assert [read["passages_found"][hit][0] for hit in first["hits"]] == ["river.txt:0", "river.txt:1", "port.txt:0"]
    assert GRAIN_QUOTE not in json.dumps(read, ensure_ascii=False)  # no words
    assert run_evaluation(TinyYouju(), questions_file(tmp_path)).name == "tiny"


def test_a_whole_result_has_every_word(tmp_path: Path) -> None:
    result = ask(GRAIN, PUMPS, LINES)
    path, *_ = write_report(result, tmp_path, whole=True)
    read = json.loads(path.read_text("utf-8"))
    assert read == to_json(result) == to_json(load_result(path))
    first = read["rows"][0]
    assert first["answer"]["citations"][0]["quote"] == GRAIN_QUOTE
    source = first["answer"]["citations"][0]["source"]
    assert RIVER[slice(*source)].replace("\n", "") == GRAIN_QUOTE
    assert [h["passage"] for h in first["hits"]] == ["river.txt:0", "river.txt:1", "port.txt:0"]
    assert read["passages_found"]["river.txt:0"]["text"] == TinyYouju().search("粮食产量")[0].passage.text


def test_a_result_without_words_keeps_every_value(tmp_path: Path) -> None:
    """Its questions are read from their set, where that is the one that was asked; compared it is as the whole one is."""
    result = run_evaluation(TinyYouju(), questions_file(tmp_path))
    (tmp_path / "whole").mkdir(), (tmp_path / "results").mkdir()
    whole, *_ = write_report(result, tmp_path / "whole", whole=True)
    spans, *_ = write_report(result, tmp_path / "results")
    kept = load_result(spans)
    rounded = [replace(row.score, timings=None) for row in result.rows]
    assert [replace(row.score, timings=None) for row in kept.rows] == rounded
    assert [row.question for row in kept.rows] == [row.question for row in result.rows]
    assert (kept.overall, kept.by_type, kept.when) == (result.overall, result.by_type, result.when)
    assert [row.question.id for row in kept.worst()] == [row.question.id for row in result.worst()]
    assert all(d.change == 0 and not d.changed for d in compare_results(whole, spans).differences)
    assert [one.path for one in kept_results([tmp_path / "results", tmp_path / "whole"])] == [whole]  # listed once
    (tmp_path / "tiny.jsonl").write_text(line(), encoding="utf-8")  # another set by now
    other = tmp_path / "results" / "again.json"
    other.write_bytes(spans.read_bytes())
    assert [row.question.question for row in load_result(other).rows] == [row.question.id for row in result.rows]
    assert len(whole.read_bytes()) > 2 * len(spans.read_bytes())


def test_what_cannot_be_written_shows_before_the_first_question(tmp_path: Path) -> None:
    youju, file = TinyYouju(), questions_file(tmp_path)
    with pytest.raises(EvaluationError, match="cannot write"):
        run_evaluation(youju, file, file)
    with pytest.raises(EvaluationError, match="plain file name"):
        run_evaluation(youju, file, tmp_path, "../elsewhere")
    with pytest.raises(EvaluationError, match="at least 1"):
        run_evaluation(youju, file, tmp_path, limit=0)
    assert youju.heard == []


def mixed() -> EvaluationResult:
    """One of each way to end, with text that would break a page or a table."""
    hostile = replace(PUMPS, id="<b>|x", note="<script>alert(1)</script>")
    scripted = {
        PUMPS.question: Said("<img src=x onerror=alert(1)> | 5\n座", [("port.txt", "东港有8个泊位。")]),
        AIRPORT.question: Said("叫清河机场。"),
        BOXES.question: Said("", fails=True),
    }
    youju = TinyYouju(scripted)
    return ask(GRAIN, hostile, AIRPORT, BOXES, LINES, replace(GRAIN, id="none", question="XYZ"), youju=youju)


@pytest.mark.parametrize("retrieval_only", [False, True])
def test_the_page_is_whole_escaped_and_fetches_nothing(retrieval_only: bool) -> None:
    result = ask(GRAIN, AIRPORT, LINES, retrieval_only=True) if retrieval_only else mixed()
    html = render_html(result)
    page = Page(html)
    assert page.open == [] and page.fetched == []
    assert "http:" not in html.replace("http://127.0.0.1/v1", "") and "https:" not in html
    assert ("&lt;img src=x onerror=alert(1)&gt;" in html) is not retrieval_only
    assert html.count('lang="zh-CN"') == html.count('<span lang="en"') + 1 + html.count('[lang="zh-CN"]')


def test_markdown_tables_keep_their_columns() -> None:
    text = render_markdown(mixed())
    for block in re.findall(r"(?:^\|.*\n)+", text, re.M):
        widths = {len(re.findall(r"(?<!\\)\|", row)) for row in block.splitlines()}
        assert len(widths) == 1, block
        assert re.match(r"\|(:?-+:?\|)+$", block.splitlines()[1]), block
    assert "<img" not in text and "&lt;b>\\|x" in text


def test_the_gravest_come_first() -> None:
    result = mixed()
    assert [r.score.outcome for r in result.worst()] == [
        Outcome.INVENTED,
        Outcome.WRONG,
        Outcome.ERROR,
        Outcome.NOT_FOUND,
    ]


def test_question_types_have_names_and_a_set_s_own_are_left_alone() -> None:
    result = ask(GRAIN, replace(AIRPORT, type="my <type>"))
    html, text = render_html(result), render_markdown(result)
    assert html.count('<span lang="zh-CN">数字</span><span lang="en">number</span>') == 3  # bars, table, list
    assert html.count("my &lt;type&gt;") == 3
    assert "| 数字 number | 1 |" in text and "| my &lt;type> | 1 |" in text


def test_every_type_of_the_shipped_set_has_a_name() -> None:
    kinds = {
        question.type
        for question in load_questions(Path(__file__).resolve().parent.parent / "eval" / "seeds.jsonl").questions
    }
    assert all(type_names(kind)[0] != kind for kind in kinds)
    assert type_names("我的") == ("我的", "我的")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_summary_on_a_terminal(language: str) -> None:
    out = StringIO()
    print_summary(mixed(), Console(file=out, width=120), language=language)
    assert "33.3%" in out.getvalue() and "<b>|x" in out.getvalue()
    assert ("可答题正确率" in out.getvalue()) is ("追问" in out.getvalue()) is (language == "zh")


def test_published_settings_hold_no_secret_and_no_path() -> None:
    llm = LLMSettings(base_url="https://me:pw@api.example.com:8/v1?key=k", model="qwen", api_key="sk-1")  # type: ignore[arg-type]
    public = public_settings(Settings(index=Path("/home/me/index"), cache=Path("/home/me/cache"), llm=llm))
    assert public["llm"]["base_url"] == "https://api.example.com:8/v1"
    text = json.dumps(public)
    assert not [secret for secret in ("sk-1", "pw", "key=k", "/home") if secret in text]
    local = public_settings(Settings(llm=LLMSettings(model="/home/me/models/a.gguf")))
    assert local["llm"]["model"] == "a.gguf"


def test_the_fake_articles_are_what_their_files_say() -> None:
    for name, source in (("river.txt", RIVER), ("port.txt", PORT)):
        document = TinyYouju().document(name)
        assert all(document.text[i] == source[document.source_offset(i)] for i in range(len(document.text)))
