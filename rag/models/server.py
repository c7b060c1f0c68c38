"""The embedded language model: a llama.cpp server on loopback, run in a process of its own."""

from __future__ import annotations

import atexit
import json
import logging
import os
import secrets
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

from rag.errors import ModelDamaged, ModelError, ModelUnavailable
from rag.types import Progress

__all__ = ["LlamaServer"]

log = logging.getLogger(__name__)

# Tokens of one prompt and its answer. 28 KB of memory each: 112 MB.
CONTEXT_TOKENS = 4096
MAGIC = b"GGUF"
# How long a thread of llama.cpp spins for the other ones before it sleeps. libgomp's own 300,000 turns leave a core to
# nobody: with one other busy program on two cores it wrote 3.9 tokens a second and with 2,000 turns 7.0, and on a crowded
# machine a first answer was seen to take 38 s instead of 1. On an idle one there is no difference: 16.0 and 15.9.
SPIN_COUNT = "2000"


class Closed(Exception):
    """Ends a download for a server that has been closed. Never leaves this package."""


class LlamaServer:
    """Answers OpenAI's protocol at ``address``; started on first use, ended with the program.

    ``model`` finds the .gguf file: called once, when the server is first needed, so that making one costs nothing.
    Threads may share it. A server that died is started again.
    """

    def __init__(self, model: Callable[[], Path], *, threads: int = 0, context_tokens: int = CONTEXT_TOKENS) -> None:
        self._model, self._threads, self._context_tokens = model, threads, context_tokens
        self._starting = threading.Lock()  # one fetches and starts, the others wait for it
        self._state = threading.Lock()  # of what is below; taken after it where both are, and never held for long
        self._process: subprocess.Popen[str] | None = None
        self._address = ""
        self._closed = False
        self.api_key = secrets.token_urlsafe(32)  # for this process; never stored, never logged

    @property
    def running(self) -> bool:
        process = self._process
        return process is not None and process.poll() is None

    def address(self) -> str:
        """Where it listens ("http://127.0.0.1:41234"); starts it if it is not running, which takes seconds.

        Raises ModelUnavailable, ModelDamaged.
        """
        with self._starting:
            self._check_open()
            if not self.running:
                try:
                    model = self._model()
                    self._check_open()
                    self._start(model)
                except Closed:
                    self._check_open()
                    raise
            return self._address

    def going_on(self, tell: Callable[[Progress], None] | None) -> Callable[[Progress], None]:
        """``tell`` for whoever fetches the file: it ends there, by Closed, once this server is closed."""

        def told(progress: Progress) -> None:
            if self._closed:
                raise Closed
            if tell is not None:
                tell(progress)

        return told

    def close(self) -> None:
        """End the server and free its memory. It cannot be started again.

        Waits for nobody: a start that is on breaks off, a download at its next block.
        """
        with self._state:
            self._closed = True
            process = self._process
        if process is not None:
            process.kill()  # at once: it has nothing to save, and one that still loads would not hear its pipe close
            process.wait()
        if self._starting.acquire(blocking=False):
            try:
                self._stop()
            finally:
                self._starting.release()

    def _check_open(self) -> None:
        if self._closed:
            raise ModelUnavailable(("模型已经关闭", "the model has been closed"))

    def _start(self, model: Path) -> None:
        _check_header(model)
        self._stop()
        # -P: a file in the user's folder must not stand in for a module of the child's.
        command = [sys.executable, "-P", str(Path(__file__).with_name("llama_child.py"))]
        parameters = {
            "model": str(model.resolve()),
            "api_key": self.api_key,
            "threads": self._threads or -1,  # -1: llama.cpp counts the cores that compute
            "context": self._context_tokens,
        }
        with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as errors:
            with self._state:  # or ``close`` would miss a process that is just being made
                self._check_open()
                process = subprocess.Popen(
                    command,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=errors,
                    text=True,
                    encoding="utf-8",
                    env={"GOMP_SPINCOUNT": SPIN_COUNT} | os.environ,
                )
                self._process = process
            atexit.register(self._stop)
            assert process.stdin is not None and process.stdout is not None
            try:
                # The key goes through the pipe: arguments and environment can be read by others.
                process.stdin.write(json.dumps(parameters) + "\n")
                process.stdin.flush()
                said = _last_json(process.stdout)
            except OSError as error:
                said = {"error": str(error)}
            if "address" not in said:
                self._stop()
                self._check_open()
                errors.seek(0)
                raise _refused(model, said.get("error", ""), process.returncode, errors.read())
        self._address = said["address"]
        log.info("%s listens at %s", model.name, self._address)

    def _stop(self) -> None:
        atexit.unregister(self._stop)
        process, self._process, self._address = self._process, None, ""
        if process is None:
            return
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:  # it died with words of ours still unread: nothing to save
                    log.debug("the server was gone before its pipe")
        try:
            process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _last_json(stdout: IO[str]) -> dict[str, Any]:
    """The one line that the child writes; {} if it ended without."""
    for line in stdout:
        if line.startswith("{"):
            found: dict[str, Any] = json.loads(line)
            return found
    return {}


def _check_header(model: Path) -> None:
    """Tells a file that is no model from one that llama.cpp refuses. Raises ModelUnavailable, ModelDamaged."""
    try:
        with model.open("rb") as file:
            magic = file.read(len(MAGIC))
    except OSError as error:
        raise ModelUnavailable(
            (f"读不了模型文件（{error.strerror}）", f"cannot read the model file ({error.strerror})"),
            subject=str(model),
        ) from error
    if magic != MAGIC:
        raise ModelDamaged(
            ("不是 GGUF 模型文件", "is not a GGUF model file"),
            subject=str(model),
            advice=(
                "请把 llm.model 改成一个 .gguf 文件，或清空它来用自带的模型",
                "Name a .gguf file in llm.model, or clear it for the default",
            ),
        )


def _refused(model: Path, said: str, code: int | None, errors: str) -> ModelError:
    lines = [line.strip() for line in errors.splitlines() if line.strip()]
    log.debug("llama.cpp: %s", "\n".join(lines[-20:]))
    detail = next((line for line in lines if "error" in line.lower()), said or f"exit {code}")[:300]
    return ModelDamaged(
        (f"llama.cpp 装不进这个模型（{detail}）", f"llama.cpp cannot load this model ({detail})"),
        subject=str(model),
        advice=(
            "文件可能没下载完，或内存不够：删掉它重新下载，或换一个模型",
            "The file may be incomplete, or memory short: delete it and fetch it again, or use another model",
        ),
    )
