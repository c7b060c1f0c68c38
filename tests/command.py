"""``youju`` as somebody at a terminal or a script runs it: in this process, or as a program of its own."""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from rag.cli import main

ROOT = Path(__file__).parents[1]


class Done(NamedTuple):
    returncode: int
    stdout: str
    stderr: str


class Keyboard(io.StringIO):
    """Lines typed by somebody."""

    def isatty(self) -> bool:
        return True


def youju(*arguments: str | Path, index: Path | None = None, typed: str | None = None, **environ: str) -> Done:
    """What a command printed and ended with, run here: nothing is imported or loaded again.

    No setting of the environment reaches it but those given; there is no language model unless they name one.
    ``typed``: lines of the keyboard; None: standard input is empty and no terminal.
    """
    out, err = io.StringIO(), io.StringIO()
    with (
        pytest.MonkeyPatch.context() as patch,
        contextlib.chdir(ROOT),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        for name in [name for name in os.environ if name.startswith("YOUJU_")]:
            patch.delenv(name)
        for name, value in _environ(index, environ).items():
            patch.setenv(name, value)
        patch.setattr("sys.stdin", io.StringIO() if typed is None else Keyboard(typed))
        for name in ("HF_HUB_DISABLE_TELEMETRY", "TOKENIZERS_PARALLELISM", "LANGSMITH_TRACING", "LANGCHAIN_TRACING_V2"):
            patch.setenv(name, os.environ.get(name, ""))  # that ``main`` sets for its process: put back after it
        try:
            main([str(argument) for argument in arguments])
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else int(end.code is not None)
        else:
            code = 0
    return Done(code, out.getvalue(), err.getvalue())


def program(*arguments: str | Path, index: Path | None = None, **environ: str) -> subprocess.CompletedProcess[bytes]:
    """The same in a Python of its own, which takes seconds: for what only a process has, such as its exit status."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("YOUJU_")} | _environ(index, environ)
    command = [sys.executable, "-c", "from rag.cli import main; main()", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, cwd=ROOT, env=kept, check=False, stdin=subprocess.DEVNULL)


def _environ(index: Path | None, more: dict[str, str]) -> dict[str, str]:
    named = {"YOUJU_INDEX": str(index)} if index is not None else {}
    return {"YOUJU_LLM_PROVIDER": "none", "COLUMNS": "80"} | named | more
