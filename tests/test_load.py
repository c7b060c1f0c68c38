"""Slow work holds nobody up: what embeds, reranks, fetches or writes for long does so with nothing locked."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, get_args, get_type_hints

import numpy as np
import numpy.typing as npt
import pytest
from eval_fakes import TinyYouju
from indexing_fakes import LetterEmbedder
from store_samples import IDENTITY, SHIPS, TAIPEI, YANGZHOU, vector
from test_evaluate import GRAIN
from test_threads import at_once

from rag.answer.find.retrieve import retrieve
from rag.cli import show as screen
from rag.cli.ask import print_stream
from rag.errors import ModelUnavailable, StoreError
from rag.evaluate import QuestionSet, Run
from rag.ingest import SPLITTER_VERSION
from rag.models.embedder import TURN_CHARACTERS, open_embedder
from rag.models.llm import open_chat_model
from rag.models.server import LlamaServer
from rag.models.turns import Precedence, Turns
from rag.pipeline import Youju
from rag.settings import EmbeddingSettings, Settings, load_settings
from rag.store.embedded import open_store
from rag.store.lent import Lent
from rag.types import Event, Finished, Found, Passage, Query, Understood, Waiting
from rag.ui.conversation import Exchange
from rag.ui.render import answer
from rag.ui.texts import EN, ZH

PATIENCE_S = 60  # after which a test that waits in vain is failed; nothing takes as long
BRIDGE = "东港大桥通车\n\n东港大桥6月1日通车，全长3.2公里，总投资18亿元，由港务局建设。\n"
PARK = "城西湿地公园开园\n\n城西湿地公园占地320公顷，总投资4.6亿元，栽种水杉2万株。\n"
BRIDGE_ASKED, PARK_ASKED = "东港大桥全长多少公里？", "城西湿地公园占地多少公顷？"


class Embedder(LetterEmbedder):
    """Counts, and does ``before`` ahead of embedding a question or passages."""

    def __init__(self) -> None:
        self.questions: list[str] = []
        self.before_question: Callable[[], None] = lambda: None
        self.before_passages: Callable[[], None] = lambda: None

    def embed_query(self, text: str) -> npt.NDArray[np.float32]:
        self.questions.append(text)
        self.before_question()
        return LetterEmbedder().embed_passages([text])[0]

    def embed_passages(
        self, texts: Sequence[str], *, on_progress: Callable[[int], None] | None = None
    ) -> npt.NDArray[np.float32]:
        self.before_passages()
        return super().embed_passages(texts, on_progress=on_progress)


class Endpoint(ThreadingHTTPServer):
    """An OpenAI-compatible endpoint that says ``said``, once it ``may``."""

    def __init__(self, said: str) -> None:
        super().__init__(("127.0.0.1", 0), Reply)
        self.said, self.asked, self.may = said, threading.Event(), threading.Event()


class Reply(BaseHTTPRequestHandler):
    server: Endpoint

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.set()
        self.server.may.wait(PATIENCE_S)
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream" if body.get("stream") else "application/json")
        self.end_headers()
        if not body.get("stream"):  # may it answer?
            message = {"role": "assistant", "content": "能"}
            choices = [{"message": message, "index": 0, "finish_reason": "stop"}]
            whole = {"id": "1", "object": "chat.completion", "created": 0, "model": "m", "choices": choices}
            self.wfile.write(json.dumps(whole).encode())
            return
        ends: tuple[tuple[dict[str, Any], str | None], ...] = (({"content": self.server.said}, None), ({}, "stop"))
        for delta, end in ends:
            choice = {"delta": delta, "index": 0, "finish_reason": end}
            chunk = {"id": "1", "object": "chat.completion.chunk", "created": 0, "model": "m", "choices": [choice]}
            self.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())
        self.wfile.write(b"data: [DONE]\n\n")

    def log_message(self, *_: object) -> None:
        """Nothing: pytest's output is for failures."""


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    server = Endpoint("东港大桥全长多少公里？")
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.may.set()
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def embedder() -> Embedder:
    return Embedder()


def opened(folder: Path, embedder: Embedder, base_url: str = "") -> Youju:
    chosen = {"llm.base_url": base_url, "llm.model": "m"} if base_url else {"llm.provider": "none"}
    settings = load_settings({"index": folder / "index", **chosen}, environ={})
    store = open_store(
        settings.index,
        embedder_name=embedder.name,
        embedder_fingerprint=embedder.fingerprint,
        dimension=embedder.dimension,
        splitter_version=SPLITTER_VERSION,
        create=True,
    )
    return Youju(settings, store, embedder, open_chat_model(settings))


@pytest.fixture
def youju(tmp_path: Path, embedder: Embedder) -> Iterator[Youju]:
    with opened(tmp_path, embedder) as one:
        one.add([written(tmp_path, "bridge.txt", BRIDGE), written(tmp_path, "park.txt", PARK)])
        yield one


def written(folder: Path, name: str, text: str) -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def started(work: Callable[[], object]) -> threading.Thread:
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    return thread


def ends(work: Callable[[], object]) -> bool:
    """Whether ``work`` is done without anything else having to happen first."""
    done = threading.Event()
    started(lambda: (work(), done.set()))
    return done.wait(PATIENCE_S)


def forget(youju: Youju, name: str) -> None:
    assert youju.remove(name)


# -- questions ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("question", [BRIDGE_ASKED, PARK_ASKED, "火星上有多少人口？"])
def test_a_question_is_embedded_once(youju: Youju, embedder: Embedder, question: str) -> None:
    youju.ask(question)
    assert embedder.questions == [question]


def test_a_misspelt_question_is_embedded_again_as_it_should_be(youju: Youju, embedder: Embedder) -> None:
    rewritten = youju.ask("东岗大桥全长多少公里？").rewritten
    assert embedder.questions == list(dict.fromkeys(["东岗大桥全长多少公里？", rewritten]))


def test_each_part_of_a_question_is_embedded_once(youju: Youju, embedder: Embedder) -> None:
    youju.ask("东港大桥总投资比城西湿地公园总投资多多少？")
    assert len(embedder.questions) == len(set(embedder.questions)) == 3


def test_articles_change_while_a_question_is_embedded(youju: Youju, embedder: Embedder) -> None:
    embedder.before_question = lambda: assert_ends(lambda: forget(youju, "park.txt"))
    assert youju.ask(BRIDGE_ASKED).citations


def assert_ends(work: Callable[[], object]) -> None:
    assert ends(work), "held up"


def test_articles_change_while_passages_are_reranked(tmp_path: Path) -> None:
    with open_store(tmp_path / "index", create=True, **IDENTITY) as store:
        for each in (YANGZHOU, TAIPEI, SHIPS):
            store.put(*each)

        class Reranker:
            name = "lengths"

            def scores(self, question: str, texts: Sequence[str]) -> npt.NDArray[np.float32]:  # noqa: ARG002
                assert_ends(lambda: store.remove("ships"))
                return np.array([len(text) for text in texts], np.float32)

        query = Query("扬州的船舶出口", "扬州的船舶出口")
        found = retrieve(query, vector("x"), store, k=7, candidates=50, reranker=Reranker())
        assert "ships" in {hit.passage.document_id for hit in found}, "what was read before it was removed"


def test_many_threads_get_the_answers_that_one_gets(youju: Youju) -> None:
    questions = [BRIDGE_ASKED, PARK_ASKED, "东港大桥由谁建设？", "火星上有多少人口？"]

    def answered(question: str) -> object:
        answer = youju.ask(question)
        return answer.text, answer.citations, answer.sentences, answer.hits, answer.note

    def found(question: str) -> object:
        return youju.search(question)

    for work in (answered, found):
        alone = [work(question) for question in questions]
        together = at_once([lambda q=q, work=work: work(q) for q in questions * 3])  # type: ignore[misc]
        assert together == alone * 3


# -- evidence before the translation ------------------------------------------------------------------------------------


def test_evidence_comes_before_the_translation(tmp_path: Path, embedder: Embedder, endpoint: Endpoint) -> None:
    with opened(tmp_path, embedder, f"http://127.0.0.1:{endpoint.server_port}/v1") as youju:
        youju.add([written(tmp_path, "bridge.txt", BRIDGE)])
        events: list[Event] = []
        stream = youju.stream("How long is the Donggang bridge?")
        for event in stream:
            events.append(event)
            if isinstance(event, Found) and event.provisional:
                assert event.hits and event.evidence
                assert not endpoint.asked.is_set(), "nobody was asked yet"
                endpoint.may.set()
        kinds = [type(event) for event in events if not isinstance(event, Waiting)]
        assert kinds[:4] == [Understood, Found, Understood, Found] and kinds[-1] is Finished
        first, second = (event for event in events if isinstance(event, Found))
        assert first.provisional and not second.provisional
        first_query, second_query = (event.query for event in events if isinstance(event, Understood))
        assert first_query.rewritten.startswith("How long") and second_query.rewritten == endpoint.said
        assert embedder.questions == ["How long is the Donggang bridge?", endpoint.said]


def test_the_terminal_shows_each_quotation_once(tmp_path: Path, embedder: Embedder, endpoint: Endpoint) -> None:
    endpoint.may.set()
    with opened(tmp_path, embedder, f"http://127.0.0.1:{endpoint.server_port}/v1") as youju:
        youju.add([written(tmp_path, "bridge.txt", BRIDGE)])
        with screen.out.capture() as captured:
            print_stream(youju, "How long is the Donggang bridge?", [], None, "en")
    shown = [line for line in captured.get().splitlines() if line.startswith("  · ")]
    assert shown and len(shown) == len(set(shown))


def test_an_evaluation_of_retrieval_takes_what_the_translation_finds() -> None:
    class Translating(TinyYouju):
        """Shows what it finds for the question as asked, nothing, before what it finds for its translation."""

        def stream(self, question: str, **more: Any) -> Iterator[Event]:
            yield Understood(Query(question, question))
            yield Found((), (), 0.1, provisional=True)
            yield from super().stream(question, **more)

    youju = Translating()
    run = Run(youju, QuestionSet("tiny.jsonl", "0" * 64, (GRAIN,)), retrieval_only=True)
    assert list(run) and run.result().rows[0].hits
    assert youju.asked == [] and youju.closed_early == 1, "no model was asked"


def test_a_chinese_question_is_found_once(tmp_path: Path, embedder: Embedder, endpoint: Endpoint) -> None:
    endpoint.may.set()
    with opened(tmp_path, embedder, f"http://127.0.0.1:{endpoint.server_port}/v1") as youju:
        youju.add([written(tmp_path, "bridge.txt", BRIDGE)])
        found = [event for event in youju.stream(BRIDGE_ASKED) if isinstance(event, Found)]
    assert [event.provisional for event in found] == [False]


# -- indexing -----------------------------------------------------------------------------------------------------------


class Held(list[Passage]):
    """Passages that whoever goes through them waits over, at each beginning, until he may go on."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        super().__init__(passages)
        self.reached, self.may = threading.Semaphore(0), threading.Semaphore(0)

    def __iter__(self) -> Iterator[Passage]:
        self.reached.release()
        assert self.may.acquire(timeout=PATIENCE_S)
        return super().__iter__()


def test_searches_go_on_while_an_article_is_written(tmp_path: Path) -> None:
    """At every stage of a long write, until it is committed, all is found as it was before it."""
    with open_store(tmp_path / "index", create=True, **IDENTITY) as store:
        for each in (YANGZHOU, SHIPS):
            store.put(*each)

        def seen() -> object:
            with store.reading():
                return store.documents(), store.search_lexical("扬州 造船 资讯", 9), store.search_dense(vector("x"), 9)

        document, passages, vectors = TAIPEI
        before, held = seen(), Held(passages)
        writer = started(lambda: store.put(document, held, vectors))
        stages = 0
        while writer.is_alive():
            if held.reached.acquire(timeout=0.05):
                stages += 1
                assert_ends(seen)
                assert seen() == before
                held.may.release()
        assert stages > 1
        assert seen() != before and len(store.documents()) == 3


def test_a_question_goes_before_indexing(youju: Youju, embedder: Embedder, tmp_path: Path) -> None:
    """What reads articles holds still at its next step until those who have asked know what was found."""
    order: list[str] = []
    embedded = threading.Event()
    embedder.before_passages = embedded.set
    job: list[threading.Thread] = []

    def asked() -> None:
        new = written(tmp_path, "school.txt", "北山小学建成\n\n北山小学今年建成，可收学生900名。\n")
        job.append(started(lambda: youju.add([new], on_progress=lambda p: order.append(p.stage))))
        job[0].join(0.5)  # long enough to be done, if it did not give way
        order.append("question")

    embedder.before_question = asked
    youju.search(BRIDGE_ASKED)
    job[0].join()
    assert order[0] == "question" and len(order) > 1
    assert embedded.is_set()


def test_long_work_waits_for_the_questions_that_are_there_and_for_no_others() -> None:
    precedence = Precedence()
    precedence.give_way()  # nobody is there
    passed = threading.Event()
    with precedence.question():
        worker = started(lambda: (precedence.give_way(), passed.set()))
        assert not passed.wait(0.1)
        later = precedence.question()
        later.__enter__()
    assert passed.wait(PATIENCE_S), "the one that came later is not waited for"
    later.__exit__(None, None, None)
    worker.join()


def test_the_window_is_told_what_a_question_waits_for(youju: Youju, embedder: Embedder, tmp_path: Path) -> None:
    assert not any(isinstance(event, Waiting) for event in youju.stream(BRIDGE_ASKED))
    told: list[Event] = []

    def asked_meanwhile() -> None:
        embedder.before_passages = lambda: None
        told.extend(youju.stream(BRIDGE_ASKED))

    embedder.before_passages = asked_meanwhile
    youju.add([written(tmp_path, "school.txt", "北山小学今年建成，可收学生900名。")])
    assert told[0] == Waiting("indexing") and isinstance(told[-1], Finished)


@pytest.mark.parametrize("reason", get_args(get_type_hints(Waiting)["reason"]))
def test_the_window_says_what_it_waits_for_until_that_is_there(reason: str) -> None:
    exchange = Exchange(1, BRIDGE_ASKED)
    exchange.receive(Waiting(reason))  # type: ignore[arg-type]
    for t in (ZH, EN):
        assert str(getattr(t, f"awaits_{reason}")) in answer(exchange, t)
    exchange.receive(Understood(Query(BRIDGE_ASKED, BRIDGE_ASKED)))
    assert ZH.searching in answer(exchange, ZH) and str(getattr(ZH, f"awaits_{reason}")) not in answer(exchange, ZH)


def test_a_question_embeds_before_whoever_waits_longer() -> None:
    turns, order = Turns(), list[str]()

    def one(name: str, *, urgent: bool) -> None:
        with turns.turn(urgent=urgent):
            order.append(name)

    with turns.turn():
        threads = []
        for count, (name, urgent) in enumerate(
            (("first", False), ("second", False), ("question", True), ("another", True)), 1
        ):
            threads.append(started(lambda name=name, urgent=urgent: one(name, urgent=urgent)))  # type: ignore[misc]
            while turns.waiting < count:
                threading.Event().wait(0.001)
    for thread in threads:
        thread.join()
    assert order == ["question", "another", "first", "second"]


def test_a_turn_of_an_indexing_is_short(other_model: Path) -> None:
    embedder = open_embedder(Settings(embedding=EmbeddingSettings(model=str(other_model))))
    texts = ["甲" * length for length in (700, 3, 260, 250, 10, 120, 90, 400)]
    steps: list[int] = []
    vectors = embedder.embed_passages(texts, on_progress=steps.append)
    longest_first = sorted(texts, key=len, reverse=True)
    taken = [longest_first[a:b] for a, b in zip([0, *steps], steps, strict=False)]
    assert steps[-1] == len(texts)
    assert all(len(turn) == 1 or sum(map(len, turn)) <= TURN_CHARACTERS for turn in taken)
    np.testing.assert_allclose(vectors[1], embedder.embed_passages(["甲甲甲"])[0], atol=1e-5)


# -- what is undone or corrected --------------------------------------------------------------------------------------


def test_undoing_a_deletion_embeds_with_nothing_locked(youju: Youju, embedder: Embedder) -> None:
    key = next(info.id for info in youju.documents() if info.name == "park.txt")
    taken = youju.take_out(key)
    other = type(taken)(taken.document, taken.passages, taken.vectors, "of another model", taken.collection)
    embedder.before_passages = lambda: assert_ends(lambda: forget(youju, "bridge.txt"))
    youju.put_back(other)
    assert [info.name for info in youju.documents()] == ["park.txt"]


# -- an index whose place another has taken -------------------------------------------------------------------------------


def test_a_store_is_closed_by_its_last_reader(tmp_path: Path) -> None:
    store = open_store(tmp_path / "index", create=True, **IDENTITY)
    lent = Lent(store)
    assert lent.take() and lent.take()
    lent.retire()
    assert not lent.take(), "another has taken its place"
    lent.give_back()
    assert store.documents() == [], "still read from"
    lent.give_back()
    with pytest.raises(StoreError):
        store.documents()


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="counts open files")
def test_an_index_that_was_replaced_is_let_go(youju: Youju, other_model: Path) -> None:
    def libraries() -> int:
        links = (link.readlink() for link in Path("/proc/self/fd").iterdir() if link.is_symlink())
        return sum(str(youju.settings.index) in str(link) and "library.sqlite" in str(link) for link in links)

    stream = youju.stream(BRIDGE_ASKED)
    next(stream)  # an answer is under way
    youju.change_embedder(EmbeddingSettings(model=str(other_model)))
    *_, last = stream
    assert isinstance(last, Finished) and last.answer.hits, "it ends in the index in which it began"
    once = libraries()
    for prompt in ("问", "文"):
        youju.change_embedder(EmbeddingSettings(model=str(other_model), passage_prompt=prompt))
    assert libraries() == once


# -- closing ----------------------------------------------------------------------------------------------------------


def test_closing_does_not_wait_for_a_download() -> None:
    fetching, may_end = threading.Event(), threading.Event()

    def fetched() -> Path:
        fetching.set()
        assert may_end.wait(PATIENCE_S)
        return Path("nowhere.gguf")

    server = LlamaServer(fetched)
    failed: list[BaseException] = []
    asking = started(lambda: failed.append(raised(server.address)))
    assert fetching.wait(PATIENCE_S)
    assert_ends(server.close)
    assert asking.is_alive(), "the download is still on"
    may_end.set()
    asking.join()
    assert isinstance(failed[0], ModelUnavailable) and "closed" in failed[0].text("en")


def test_a_download_ends_when_its_server_is_closed() -> None:
    from rag.types import Progress

    told: list[Progress] = []

    def fetched() -> Path:
        tell = server.going_on(told.append)
        tell(Progress("fetch", 1, 9, "bytes"))
        server.close()
        tell(Progress("fetch", 2, 9, "bytes"))
        raise AssertionError("went on")

    server = LlamaServer(fetched)
    assert isinstance(raised(server.address), ModelUnavailable)
    assert [progress.done for progress in told] == [1]


@pytest.mark.skipif(sys.platform == "win32", reason="stops a process as POSIX does")
def test_closing_does_not_wait_for_a_model_that_loads(tmp_path: Path) -> None:
    import signal

    (tmp_path / "model.gguf").write_bytes(b"GGUF" + bytes(64))
    server = LlamaServer(lambda: tmp_path / "model.gguf")
    failed: list[BaseException] = []
    asking = started(lambda: failed.append(raised(server.address)))
    while server._process is None:
        assert asking.is_alive()
    server._process.send_signal(signal.SIGSTOP)  # it would load for ever
    assert_ends(server.close)
    asking.join()
    assert isinstance(failed[0], ModelUnavailable) and not server.running


def raised(work: Callable[[], object]) -> BaseException:
    with pytest.raises((ModelUnavailable, StoreError)) as caught:
        work()
    return caught.value


def test_closing_does_not_wait_for_an_answer(tmp_path: Path, embedder: Embedder, endpoint: Endpoint) -> None:
    youju = opened(tmp_path, embedder, f"http://127.0.0.1:{endpoint.server_port}/v1")
    youju.add([written(tmp_path, "bridge.txt", BRIDGE)])
    failed: list[BaseException] = []
    asking = started(lambda: failed.append(raised(lambda: youju.ask(BRIDGE_ASKED))))
    assert endpoint.asked.wait(PATIENCE_S)
    assert_ends(youju.close)
    assert asking.is_alive(), "it is still being written"
    endpoint.may.set()
    asking.join()
    assert isinstance(failed[0], StoreError)


def test_closing_does_not_wait_for_an_indexing_and_ends_it(tmp_path: Path, embedder: Embedder) -> None:
    youju = opened(tmp_path, embedder)
    files = [written(tmp_path, f"{n}.txt", BRIDGE.replace("东港", f"{n}港")) for n in range(5)]
    embedding, may_end = threading.Event(), threading.Event()

    def held() -> None:
        embedding.set()
        assert may_end.wait(PATIENCE_S)

    embedder.before_passages = held
    failed: list[BaseException] = []
    job = started(lambda: failed.append(raised(lambda: youju.add(files))))
    assert embedding.wait(PATIENCE_S)
    assert_ends(youju.close)
    assert job.is_alive()
    may_end.set()
    job.join()
    assert isinstance(failed[0], StoreError) and "closed" in failed[0].text("en")
    youju.close()
    with opened(tmp_path, embedder) as again:
        embedder.before_passages = lambda: None
        assert len(again.add(files).added) == 5, "nothing was half done"
