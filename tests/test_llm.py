"""Chat models: a real OpenAI-compatible endpoint of a few lines, and (marked ``llm``) the real embedded model."""

from __future__ import annotations

import json
import logging
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import BaseMessage, HumanMessage, SystemMessage

from rag.errors import ModelCallFailed, ModelDamaged, ModelUnavailable, SettingsError
from rag.models.llm import ChatModel, estimate_tokens, open_chat_model, stream_text
from rag.models.server import LlamaServer
from rag.models.weights import language_model_file
from rag.settings import LLMSettings, Settings

KEY = "sk-secret-0123456789"
ASK: list[BaseMessage] = [SystemMessage("回答要简短。"), HumanMessage("中国的首都是哪里？")]


class Endpoint(ThreadingHTTPServer):
    """Speaks the streaming half of OpenAI's chat completions. ``status``: what it answers; ``breaks``: how it breaks off."""

    def __init__(self, status: int = 200, breaks: str = "") -> None:
        super().__init__(("127.0.0.1", 0), Completion)
        self.status, self.breaks = status, breaks
        self.requests: list[tuple[str, str, dict[str, Any]]] = []  # path, Authorization, body
        self.closed_early = threading.Event()

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"


class Completion(BaseHTTPRequestHandler):
    server: Endpoint

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        authorization = self.headers["Authorization"]
        self.server.requests.append((self.path, authorization, body))
        if self.server.breaks == "silent":
            time.sleep(2)
        self.send_response(self.server.status)
        if self.server.status != 200:
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps({"error": {"message": f"no, {authorization}"}}).encode())
            return
        self.send_header("Content-Type", "text/event-stream")
        if self.server.breaks == "connection":
            self.send_header("Content-Length", "100000")
        self.end_headers()
        try:
            for piece in ("北京", "。") if self.server.breaks != "never ends" else ("又" for _ in range(100_000)):
                self.say({"delta": {"content": piece}, "index": 0})
            if not self.server.breaks:
                self.say({"delta": {}, "index": 0, "finish_reason": "stop"})
                self.wfile.write(b"data: [DONE]\n\n")
        except ConnectionError:
            self.server.closed_early.set()

    def say(self, choice: dict[str, Any]) -> None:
        chunk = {"id": "1", "object": "chat.completion.chunk", "created": 0, "model": "m", "choices": [choice]}
        self.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())
        self.wfile.flush()

    def log_message(self, *_: object) -> None:
        """Nothing: pytest's output is for failures."""


@pytest.fixture
def endpoint(request: pytest.FixtureRequest) -> Iterator[Endpoint]:
    server = Endpoint(**getattr(request, "param", {}))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def at(base_url: str, **more: Any) -> ChatModel:
    settings = Settings.model_validate(
        {"llm": {"base_url": base_url, "model": "some-model", "api_key": KEY, "timeout_s": 60} | more}
    )
    model = open_chat_model(settings)
    assert model is not None
    return model


def failure_of(model: ChatModel) -> ModelCallFailed:
    with pytest.raises(ModelCallFailed) as caught:
        list(stream_text(model, ASK))
    error = caught.value
    assert KEY not in error.text("zh") + error.text("en") + repr(error) + repr(model)
    assert error.__suppress_context__ or error.__context__ is None, "the client's own traceback may show what was sent"
    return error


def test_an_endpoint_is_sent_model_key_and_limits(endpoint: Endpoint) -> None:
    model = at(endpoint.base_url, temperature=0.25, max_tokens=77)
    assert list(stream_text(model, ASK)) == ["北京", "。"]
    list(stream_text(model, ASK, max_tokens=5))
    (path, authorization, body), (_, _, second) = endpoint.requests
    assert (path, authorization) == ("/v1/chat/completions", f"Bearer {KEY}")
    assert (body["model"], body["temperature"], body["max_tokens"], body["stream"]) == ("some-model", 0.25, 77, True)
    # Most endpoints do not know the newer name, or usage in a stream; some refuse what they do not know.
    assert not {"max_completion_tokens", "stream_options"} & set(body)
    assert second["max_tokens"] == 5
    assert [message["role"] for message in body["messages"]] == ["system", "user"]
    assert model.name == "some-model"


def test_loopback_is_not_asked_through_a_proxy(endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert "".join(stream_text(at(endpoint.base_url), ASK)) == "北京。"


def test_no_key_of_another_program_is_sent(endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-another-program")
    list(stream_text(at(endpoint.base_url, api_key=""), ASK))
    assert "sk-of-another-program" not in endpoint.requests[0][1]


@pytest.mark.parametrize(
    ("endpoint", "words"),
    [
        ({"status": 401}, ("401", "llm.api_key", "llm.base_url")),
        ({"status": 403}, ("403", "llm.api_key", "llm.model")),
        ({"status": 404}, ("404", "some-model", "llm.base_url")),
        ({"status": 429}, ("429", "llm.base_url")),
        ({"status": 400}, ("no, ", "llm.base_url")),
        ({"status": 500}, ("no, ", "llm.base_url")),
        ({"breaks": "connection"}, ("llm.base_url",)),
        ({"breaks": "quietly"}, ("llm.base_url",)),
    ],
    indirect=["endpoint"],
)
def test_what_an_endpoint_refuses_is_explained(endpoint: Endpoint, words: tuple[str, ...]) -> None:
    error = failure_of(at(endpoint.base_url))
    assert error.subject == endpoint.base_url
    for word in words:
        assert word in error.text("zh")
        assert word in error.text("en")


@pytest.mark.parametrize("endpoint", [{"breaks": "silent"}], indirect=True)
def test_silence_is_named_with_the_setting(endpoint: Endpoint) -> None:
    error = failure_of(at(endpoint.base_url, timeout_s=0.2))
    assert "llm.timeout_s" in error.text("zh")
    assert len(endpoint.requests) <= 2, "tried once more at most"


def test_an_endpoint_that_is_not_there() -> None:
    with socket.socket() as reserved:  # bound, never listening: connections are refused
        reserved.bind(("127.0.0.1", 0))
        error = failure_of(at(f"http://user:{KEY}@127.0.0.1:{reserved.getsockname()[1]}/v1"))
    assert "llm.base_url" in error.text("zh")
    assert "Check llm.base_url" in error.text("en")


@pytest.mark.parametrize("endpoint", [{"breaks": "never ends"}], indirect=True)
def test_closing_the_stream_hangs_up(endpoint: Endpoint) -> None:
    pieces = stream_text(at(endpoint.base_url), ASK)
    assert next(pieces) == "又"
    pieces.close()  # type: ignore[attr-defined]
    assert endpoint.closed_early.wait(30)


def test_kinds_of_models(tmp_path: Path) -> None:
    assert open_chat_model(Settings(llm=LLMSettings(provider="none"))) is None
    with pytest.raises(SettingsError, match=re.escape("llm.model")):
        open_chat_model(Settings(llm=LLMSettings(provider="openai", base_url="http://127.0.0.1:9/v1")))
    embedded = open_chat_model(Settings(cache=tmp_path))
    assert embedded is not None
    assert embedded.embedded
    assert embedded.name == "qwen2.5-coder-1.5b-instruct-q4_k_m"
    assert not list(tmp_path.iterdir()), "opening fetches nothing"


@pytest.mark.parametrize("content", [b"", b"<html>not found</html>"])
def test_a_file_that_is_no_model(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "model.gguf"
    path.write_bytes(content)
    model = open_chat_model(Settings(llm=LLMSettings(model=str(path))))
    assert model is not None
    with pytest.raises(ModelDamaged, match=re.escape(str(path))):
        next(stream_text(model, ASK))


def test_a_model_that_llama_cpp_refuses_does_not_take_the_program_along(tmp_path: Path) -> None:
    path = tmp_path / "model.gguf"
    path.write_bytes(b"GGUF" + bytes(1000))
    server = LlamaServer(lambda: path)
    for _ in range(2):  # the second time it is no worse
        with pytest.raises(ModelDamaged, match=re.escape(str(path))):
            server.address()
    assert not server.running


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("", 0),
        # Counted with Qwen2.5's own tokenizer.
        ("春天来了，公园里的花都开了，孩子们在草地上放风筝。", 16),
        ("2025年1—2月，全市规模以上工业增加值同比增长6.3%，比上年全年加快0.8个百分点。", 27),
        ("这台服务器装的是 Ubuntu 24.04，内存 128 GB，每月租金 3,600 元。", 31),
        ("The committee meets on Friday to discuss the annual budget.", 11),
    ],
)
def test_tokens_are_estimated(text: str, tokens: int) -> None:
    assert estimate_tokens(text) == pytest.approx(tokens, rel=0.35)


# The real model, from the user's cache folder: fetched there by whichever run is the first.


@pytest.fixture
def model(chat_model: ChatModel) -> ChatModel:
    return chat_model


def raw(model: ChatModel, messages: list[BaseMessage]) -> dict[str, Any]:
    """The embedded server's own answer, with what LangChain leaves out: its timings."""
    body = {
        "messages": [{"role": "system" if m.type == "system" else "user", "content": m.content} for m in messages],
        "max_tokens": 1,
    }
    key = model.chat.openai_api_key
    assert key is not None and not callable(key)
    request = urllib.request.Request(
        f"{model.chat.openai_api_base}/chat/completions",
        json.dumps(body).encode(),
        {"Authorization": f"Bearer {key.get_secret_value()}", "Content-Type": "application/json"},
    )
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request) as response:
        found: dict[str, Any] = json.load(response)
        return found


@pytest.mark.llm
def test_the_embedded_model_streams_an_answer_and_logs_no_key(
    model: ChatModel, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        pieces = list(stream_text(model, ASK))
        key = model.chat.openai_api_key
    assert "北京" in "".join(pieces)
    assert len(pieces) > 1
    assert key is not None and not callable(key)
    assert key.get_secret_value() not in caplog.text + repr(model) + repr(model.chat)


@pytest.mark.llm
def test_the_embedded_server_listens_on_loopback_and_asks_for_its_key(model: ChatModel) -> None:
    base = str(model.chat.openai_api_base)
    assert base.startswith("http://127.0.0.1:")
    for headers in ({}, {"Authorization": "Bearer wrong"}):
        request = urllib.request.Request(f"{base}/models", headers=headers)
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request)
        assert refused.value.code == 401


@pytest.mark.llm
def test_what_was_read_once_is_not_read_again(model: ChatModel) -> None:
    answer = SystemMessage("你只根据给出的材料回答问题，每句话后面写出依据的编号。" * 6)
    rewrite = SystemMessage("把追问改写成一个不看上文也能懂的问题，只写问题。" * 6)
    model.warm_up([answer])
    first = raw(model, [answer, HumanMessage("问题一：去年的产量是多少？")])["timings"]
    assert first["cache_n"] > 5 * first["prompt_n"], "warm_up had it read"
    raw(model, [rewrite, HumanMessage("那么今年呢？")])
    second = raw(model, [answer, HumanMessage("问题二：谁是负责人？")])["timings"]
    assert second["cache_n"] > 5 * second["prompt_n"], "another prompt in between drove it out"


@pytest.mark.llm
def test_a_closed_stream_frees_the_model(model: ChatModel) -> None:
    def short() -> float:
        begun = time.monotonic()
        assert "".join(stream_text(model, ASK, max_tokens=8))
        return time.monotonic() - begun

    short()
    alone = short()
    pieces = stream_text(model, [HumanMessage("从一数到一千，用汉字，一个也不要漏。")], max_tokens=3000)
    next(pieces)
    pieces.close()  # type: ignore[attr-defined]
    # With its one slot still writing 3,000 tokens, eight more would have come hundreds of times later.
    assert short() < 60 * max(alone, 0.1)


@pytest.mark.llm
def test_threads_that_ask_at_once_share_one_server() -> None:
    path = language_model_file(Settings())
    server = LlamaServer(lambda: path)
    try:
        with ThreadPoolExecutor(3) as pool:
            assert len({future.result() for future in [pool.submit(server.address) for _ in range(3)]}) == 1
        first = server.address()
        assert server._process is not None
        server._process.kill()
        server._process.wait()
        assert server.address() != first, "one that died is started again"
    finally:
        server.close()
    with pytest.raises(ModelUnavailable):
        server.address()


@pytest.mark.llm
def test_a_truncated_model_is_named(tmp_path: Path) -> None:
    path = tmp_path / "model.gguf"
    with language_model_file(Settings()).open("rb") as whole:
        path.write_bytes(whole.read(20_000_000))
    with pytest.raises(ModelDamaged, match=re.escape(str(path))):
        LlamaServer(lambda: path).address()


@pytest.mark.llm
@pytest.mark.skipif(sys.platform == "win32", reason="looks for the process in /proc")
def test_a_killed_program_leaves_no_server(tmp_path: Path) -> None:
    code = (
        "from rag.models.server import LlamaServer; from rag.models.weights import language_model_file;"
        "from rag.settings import Settings; import time;"
        "s = LlamaServer(lambda: language_model_file(Settings())); s.address();"
        "print(s._process.pid, flush=True); time.sleep(600)"
    )
    program = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, cwd=tmp_path)
    assert program.stdout is not None
    pid = int(program.stdout.readline())
    program.send_signal(signal.SIGKILL)
    program.communicate()
    end = time.monotonic() + 60
    while _alive(pid):
        assert time.monotonic() < end, f"process {pid} goes on"
        time.sleep(0.05)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{pid}/status")
    return not (status.exists() and "\nState:\tZ" in status.read_text())
