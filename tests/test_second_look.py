"""The model asked once more: a scripted OpenAI-compatible endpoint, the real index and the real embedding model."""

from __future__ import annotations

import json
import math
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from answer_samples import article, quotations
from langchain_core.messages import HumanMessage

from rag.answer import notes
from rag.answer.bearing import wanted
from rag.answer.cite import check_answer
from rag.answer.question.query import understand
from rag.answer.repair import settle
from rag.answer.second_look import doubtful, faults, joined
from rag.answer.trust import trust
from rag.models.llm import ChatModel, chance, open_chat_model
from rag.pipeline import Youju
from rag.settings import Settings
from rag.types import Verdict

QUESTION = "海安集团去年进账多少？"
ARTICLE = "海安集团去年营收413亿元，税收8.5亿元。集团总部位于南通。今年，集团将冲刺营收500亿元。"


class Scripted(ThreadingHTTPServer):
    """Streams ``answers`` in turn; where one token is wanted, gives it ``yes`` (0…1), as logprobs if it ``tells`` them."""

    def __init__(self, answers: tuple[str, ...] = (), yes: float = 0.5, tells: str = "logprobs") -> None:
        super().__init__(("127.0.0.1", 0), Reply)
        self.answers, self.yes, self.tells = list(answers), yes, tells
        self.asked: list[dict[str, Any]] = []


class Reply(BaseHTTPRequestHandler):
    server: Scripted

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append(body)
        if self.server.tells == "refuses" and body.get("logprobs"):
            self.say(400, {"error": {"message": "logprobs are not supported"}})
        elif body.get("stream"):
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.end_headers()
            for delta, end in (({"content": self.server.answers.pop(0)}, None), ({}, "stop")):
                choice = {"delta": delta, "index": 0, "finish_reason": end}
                chunk = {"id": "1", "object": "chat.completion.chunk", "created": 0, "model": "m", "choices": [choice]}
                self.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())
            self.wfile.write(b"data: [DONE]\n\n")
        else:
            shares = {"能": self.server.yes, "不": 1 - self.server.yes}
            best = max(shares, key=lambda token: shares[token])
            message = {"role": "assistant", "content": best}
            choice = {"index": 0, "message": message, "finish_reason": "length"}
            if self.server.tells == "logprobs" and body.get("logprobs"):
                top = [{"token": t, "logprob": math.log(max(p, 1e-9)), "bytes": None} for t, p in shares.items()]
                choice["logprobs"] = {"content": [{**top[0], "top_logprobs": top}]}
            self.say(200, {"id": "1", "object": "chat.completion", "created": 0, "model": "m", "choices": [choice]})

    def say(self, status: int, body: dict[str, Any]) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def log_message(self, *_: object) -> None:
        """Nothing: pytest's output is for failures."""


@pytest.fixture
def scripted(request: pytest.FixtureRequest) -> Iterator[Scripted]:
    server = Scripted(**getattr(request, "param", {}))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def settings_of(server: Scripted, index: Path = Path("unused")) -> Settings:
    llm = {"base_url": f"http://127.0.0.1:{server.server_port}/v1", "model": "m", "api_key": "k"}
    return Settings.model_validate({"index": index, "llm": llm})


def model_of(server: Scripted) -> ChatModel:
    model = open_chat_model(settings_of(server))
    assert model is not None
    return model


@pytest.mark.parametrize("scripted", [{"yes": 0.8}], indirect=True)
def test_a_chance_is_read_off_the_first_token(scripted: Scripted) -> None:
    assert chance(model_of(scripted), [HumanMessage("？")], "能", "不") == pytest.approx(0.8)
    assert scripted.asked[0]["max_tokens"] == 1


@pytest.mark.parametrize(
    "scripted", [{"yes": 0.8, "tells": "nothing"}, {"yes": 0.8, "tells": "refuses"}], indirect=True
)
def test_an_endpoint_without_logprobs_is_taken_at_its_word(scripted: Scripted) -> None:
    assert chance(model_of(scripted), [HumanMessage("？")], "能", "不") == 0.9
    scripted.yes = 0.1
    assert chance(model_of(scripted), [HumanMessage("？")], "能", "不") == 0.1


def test_a_doubtful_sentence_is_shown_or_left_out_as_the_second_look_says() -> None:
    query, evidence = understand(QUESTION, (), None), quotations(article(ARTICLE, title="海安集团：再上台阶"))
    checked = check_answer("413亿元[1]", evidence, query.rewritten, query.year)
    assert doubtful(trust(query, wanted(query), checked[0], 0.4)), "the case is one that rules cannot tell"
    looked: list[int] = []

    def look(share: float) -> bool:
        return bool(settle(checked, query, evidence, 0.4, lambda seen: looked.append(len(seen)) or share).sentences)  # type: ignore[func-returns-value]

    assert look(0.97)
    assert not look(0.03)
    assert looked == [1, 1], "one look an answer"


FINED = "一女子网购假证上岗当押运员，被罚7万元。"


@pytest.mark.parametrize(
    ("text", "question", "raw", "shown"),
    [
        (FINED, "厦门那个买假证的女子被罚了多少？", "厦门那个买假证的女子被罚了7万元[1]。", True),
        (FINED, "厦门海船公司的女子被罚了多少？", "厦门海船公司的女子被罚了7万元[1]。", False),  # somebody else
        ("王强买假证被罚7万元。", "李明买假证被罚了多少？", "李明买假证被罚了7万元[1]。", False),  # somebody else
        (FINED, "那个买假证的女子被罚了多少？", "厦门那个买假证的女子被罚了7万元[1]。", False),  # nobody asked of 厦门
    ],
)
def test_a_name_that_only_the_question_knows_is_left_to_the_second_look(
    text: str, question: str, raw: str, shown: bool
) -> None:
    query, evidence = understand(question, (), None), quotations(article(text))
    checked = check_answer(raw, evidence, query.rewritten, query.year)
    assert checked[0].sentence.verdict is not Verdict.SUPPORTED
    settled = settle(checked, query, evidence, 0.3, lambda _: 0.9)
    assert [item.sentence.text for item in settled.sentences] == ([text] if shown else [])
    assert not settle(checked, query, evidence, 0.3, lambda _: 0.3).sentences


@pytest.mark.parametrize(
    ("question", "raw", "shown"),
    [
        ("海安2024年的外贸目标是多少？", "海安2024年的外贸目标是9000亿元[1]。", True),
        ("海安2025年的外贸目标是多少？", "海安2025年的外贸目标是9000亿元[1]。", False),  # of another year
        ("海安2024年的外贸目标是多少？", "海安2024年的外贸目标是“稳中求进”[1]。", False),  # no figure at all
        ("海安2024年的外贸目标是什么？", "海安2024年的外贸目标是“稳中求进”[1]。", True),
    ],
)
def test_how_much_is_answered_by_a_figure_of_that_year(question: str, raw: str, shown: bool) -> None:
    text = "海安今年的外贸坚持“稳中求进”，目标是9000亿元。"
    query, evidence = understand(question, (), None), quotations(article(text))
    checked = check_answer(raw, evidence, query.rewritten, query.year)
    assert bool(settle(checked, query, evidence, 0.95, lambda _: 0.5).sentences) is shown


def test_a_time_of_the_quotation_that_is_not_the_one_asked_for_gives_way_to_it() -> None:
    text = "早在2021年，南湖就喊出“2025年外贸力争破万亿”的口号。"
    query, evidence = understand("南湖哪一年外贸力争破万亿？", (), None), quotations(article(text))
    for raw, shown in (("2025年[1]。", "2025年。"), ("2021年[1]。", text)):
        checked = check_answer(raw, evidence, query.rewritten, query.year)
        assert settle(checked, query, evidence, 0.9, lambda _: 0.9).sentences[0].sentence.text == shown


def test_what_is_shown_marked_has_its_quotation_beside_it() -> None:
    text = "位于东湖区的海安创能公司车间"
    query, evidence = understand("海安创能公司在哪个区？", (), None), quotations(article(text))
    checked = check_answer("海安创能公司在西湖区[1]。", evidence, query.rewritten, query.year)
    settled = settle(checked, query, evidence, 0.9, lambda _: 0.5)
    shown = settled.sentences
    assert settled.notes == [notes.MARKED]
    assert [item.sentence.verdict for item in shown] == [Verdict.DIFFERS, Verdict.SUPPORTED]
    assert shown[1].sentence.text == text


def test_both_opinions_count() -> None:
    assert joined(0.3, 0.9) > joined(0.3, 0.5) > joined(0.3, 0.1)
    assert joined(0.45, 0.5) > joined(0.15, 0.5)
    assert joined(0.49, 0.39) == 0.0, "a plain no outweighs the rules"


def test_faults_are_named_with_what_stands_there() -> None:
    evidence = quotations(article(ARTICLE))
    said = faults(check_answer("海安集团去年营收600亿元[1]。", evidence, QUESTION, 2024))
    assert "600亿元" in said
    assert faults(check_answer("海安集团去年营收413亿元[1]。", evidence, QUESTION, 2024)) == ""


@pytest.mark.model
@pytest.mark.parametrize(
    "scripted",
    [{"answers": ("海安集团去年进账600亿元[1]。", "海安集团去年进账413亿元[1]。"), "yes": 0.9}],
    indirect=True,
)
def test_a_sentence_that_fails_its_check_is_written_again(scripted: Scripted, tmp_path: Path) -> None:
    (tmp_path / "海安.txt").write_text(f"海安集团：再上台阶\n\n{ARTICLE}\n", encoding="utf-8")
    with Youju.open(settings_of(scripted, tmp_path / "index"), create=True) as youju:
        youju.add([tmp_path / "海安.txt"])
        answer = youju.ask(QUESTION)
    asked = [body["messages"] for body in scripted.asked if body.get("stream")]
    assert len(asked) == 2
    assert asked[1][-2]["content"] == "海安集团去年进账600亿元[1]。"
    assert "600亿元" in asked[1][-1]["content"], "the fault is named"
    assert "413亿元" in answer.text
    assert "600亿元" not in answer.text
    assert all(sentence.verdict == "supported" for sentence in answer.sentences)
