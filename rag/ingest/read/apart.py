"""Files from who knows where are parsed in a process of their own, which may run out of memory, hang or crash by itself.

One child at a time, used for many files. Parent and child speak in frames: eight bytes of length, then JSON or bytes as
they are; nothing is pickled.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import selectors
import struct
import subprocess
import sys
import threading
import time
from datetime import date
from pathlib import Path
from typing import IO, Any

from rag.errors import IngestError, NotText, UnreadableFile
from rag.ingest.read.extract import Extract
from rag.ingest.reflow import Reflowed
from rag.origins import Origins
from rag.types import ArticleDate, Block, BlockKind, Run

MEMORY = 1536 * 2**20  # bytes of address space
_FILES = 500  # after so many a child is replaced: what a library leaks goes with it
_QUIET_S, _MB_PER_S = 30.0, 0.5  # a file may take half a minute, and two seconds more for each megabyte
_LENGTH = struct.Struct(">Q")
_KINDS: dict[str, type[IngestError]] = {kind.__name__: kind for kind in (IngestError, NotText, UnreadableFile)}


class _Child:
    def __init__(self) -> None:
        roots = [str(Path(__file__).parents[3]), os.environ.get("PYTHONPATH", "")]
        self._process = subprocess.Popen(
            [sys.executable, "-c", "from rag.ingest.read.apart import serve; serve()"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, roots))},
        )
        self.files = 0

    def ask(self, suffix: str, name: str, data: bytes, seconds: float) -> list[bytes]:
        """The frames of the answer. Raises EOFError where the child died, TimeoutError."""
        assert self._process.stdin and self._process.stdout
        self.files += 1
        with contextlib.suppress(BrokenPipeError):
            _put(self._process.stdin, json.dumps([suffix, name]).encode(), data)
        until = time.monotonic() + seconds
        return [_taken(self._process.stdout, until) for _ in range(2)]

    def end(self) -> int:
        """Its exit status; below 0: the signal that ended it."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(0.2)  # one that is dying by itself says of what
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(BrokenPipeError):
                if pipe:
                    pipe.close()
        return self._process.wait()


_lock = threading.Lock()
_child: _Child | None = None


def read(suffix: str, name: str, data: bytes, *, seconds: float | None = None) -> Extract:
    """What the reader of ``suffix`` makes of a file, in the child. Raises IngestError, also where the child does not survive it."""
    global _child
    seconds = seconds or _QUIET_S + len(data) / 2**20 / _MB_PER_S
    with _lock:
        if _child is None or _child.files >= _FILES:
            close()
            _child = _Child()
        try:
            told, boxes = _child.ask(suffix, name, data, seconds)
        except TimeoutError:
            close()
            reason = (f"读了 {seconds:.0f} 秒还没有读完", f"not read after {seconds:.0f} seconds")
            raise UnreadableFile(reason, subject=name, advice=_DAMAGED) from None
        except EOFError:
            status, _child = _child.end(), None
            reason = (f"读的时候出了错（{_died(status, 0)}）", f"reading it broke off ({_died(status, 1)})")
            raise UnreadableFile(reason, subject=name, advice=_DAMAGED) from None
        except BaseException:
            close()
            raise
    return _heard(json.loads(told), boxes)


_DAMAGED = ("文件可能已损坏或过大", "The file may be damaged, or too large")


def close() -> None:
    """End the child; another one is started when it is needed."""
    global _child
    if _child is not None:
        _child.end()
        _child = None


atexit.register(close)


def _died(status: int, language: int) -> str:
    if status < 0:
        return (f"信号 {-status}", f"signal {-status}")[language]
    return (f"退出码 {status}", f"exit status {status}")[language]


def _taken(pipe: IO[bytes], until: float) -> bytes:
    (length,) = _LENGTH.unpack(_exactly(pipe, _LENGTH.size, until))
    return _exactly(pipe, length, until)


def _exactly(pipe: IO[bytes], length: int, until: float) -> bytes:
    found = bytearray()
    with selectors.DefaultSelector() as waiting:
        waiting.register(pipe, selectors.EVENT_READ)
        while len(found) < length:
            if not waiting.select(max(0.0, until - time.monotonic())):
                raise TimeoutError
            part = os.read(pipe.fileno(), min(length - len(found), 2**20))
            if not part:
                raise EOFError
            found += part
    return bytes(found)


def _put(pipe: IO[bytes], *frames: bytes) -> None:
    for frame in frames:
        pipe.write(_LENGTH.pack(len(frame)))
        pipe.write(frame)
    pipe.flush()


def _heard(told: dict[str, Any], boxes: bytes) -> Extract:
    if error := told.get("error"):
        kind, what, subject, advice = error
        raise _KINDS[kind](tuple(what), subject=subject, advice=tuple(advice))
    flowed, when = told["flowed"], told["date"]
    return Extract(
        told["text"],
        "",
        Origins.heard(told["fragments"], told["pages"], boxes),
        Reflowed(
            flowed["text"],
            tuple(Run(*run) for run in flowed["runs"]),
            tuple(Block(BlockKind(kind), start, end) for kind, start, end in flowed["blocks"]),
            flowed["title"],
        ),
        told["title"],
        ArticleDate(date.fromisoformat(when[0]), *when[1:]) if when else None,
        tuple((zh, en) for zh, en in told["notes"]),
    )


def serve() -> None:
    """The child: files in, extracts out, until there are no more. Its limits hold from before the first file on."""
    _limited()
    from rag.ingest.read import APART

    said = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer
    heard = sys.stdin.buffer
    while head := heard.read(_LENGTH.size):
        suffix, name = json.loads(heard.read(*_LENGTH.unpack(head)))
        data = heard.read(*_LENGTH.unpack(heard.read(_LENGTH.size)))
        try:
            found = APART[suffix](data, name)
        except IngestError as error:
            told = [type(error).__name__, error.what, error.subject, error.advice]
            _put(said, json.dumps({"error": told}).encode(), b"")
        except MemoryError:
            what = ("内存不够，读不了", "not enough memory to read it")
            told = ["UnreadableFile", what, name, ("文件过大", "The file is too large")]
            _put(said, json.dumps({"error": told}).encode(), b"")
        else:
            _put(
                said, json.dumps(_told(found), ensure_ascii=False).encode("utf-8", "surrogatepass"), found.origins.boxes
            )


def _told(found: Extract) -> dict[str, Any]:
    assert found.flowed is not None
    fragments, pages = found.origins.told()
    flowed, when = found.flowed, found.date
    return {
        "text": found.text,
        "fragments": fragments,
        "pages": pages,
        "flowed": {"text": flowed.text, "runs": flowed.runs, "blocks": flowed.blocks, "title": flowed.title},
        "title": found.title,
        "date": when and [when.value.isoformat(), when.precision, when.reason],
        "notes": found.notes,
    }


def _limited() -> None:
    """Memory, files and cores, where the system knows such limits."""
    try:
        import resource
    except ImportError:  # Windows: the parent's clock is all there is
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # it has nothing to write
