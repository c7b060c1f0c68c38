"""``youju``: commands, and how their errors reach the reader.

An error is one line on standard error and exit status 1; wrong usage exits with 2.
"""

from __future__ import annotations

import io
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from rag import __version__
from rag.cli.language import speaker
from rag.errors import YoujuError
from rag.settings import Settings, load_settings, names

app = typer.Typer(
    name="youju",
    help="有据：面向中文文章的问答，每个回答都带着出处。 Answers over Chinese articles, every claim with its evidence.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

IndexOption = Annotated[
    Path | None, typer.Option("--index", metavar="DIR", help="索引所在的文件夹 (folder of the index; YOUJU_INDEX)")
]
JsonOption = Annotated[bool, typer.Option("--json", help="输出 JSON (print JSON)")]


def settings(**flags: Any) -> Settings:
    """Settings with command-line flags on top; ``llm__provider`` stands for ``llm.provider``."""
    return load_settings({name.replace("__", "."): value for name, value in flags.items()})


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; ends the process with its exit status."""
    # Nothing is looked up on a hub behind the user's back: what must be fetched is fetched by `youju models`.
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    # Tracing that was switched on for another LangChain program would send articles and questions to its server.
    os.environ["LANGSMITH_TRACING"] = os.environ["LANGCHAIN_TRACING_V2"] = "false"
    logging.basicConfig(level=logging.WARNING, format="%(message)s", stream=sys.stderr)
    if isinstance(sys.stdout, io.TextIOWrapper):  # a character that the terminal's encoding lacks ends no command
        sys.stdout.reconfigure(errors="backslashreplace")  # as standard error is from the start
    language = os.environ.get(names()["language"], "zh")  # for an error in the settings themselves
    try:
        language = load_settings().language
        app(args=None if arguments is None else list(arguments))  # usage errors, --help and Ctrl-C end in there
    except YoujuError as error:
        mark = speaker(language)("错误", "error")
        print(f"{mark}: {' '.join(error.text(language).split())}", file=sys.stderr)
        sys.exit(1)
    except BrokenPipeError:
        # the reader of our output has gone (`youju list | head`): no error of ours
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)


def _version(value: bool) -> None:
    if value:
        typer.echo(f"youju {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="版本 (version)")
    ] = False,
) -> None:
    """有据"""


# The commands register themselves.
from rag.cli import ask, corpus, evaluate, services, verify  # noqa: E402, F401
