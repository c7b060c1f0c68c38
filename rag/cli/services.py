"""Commands around the rest: serve, models, doctor."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable
from importlib import metadata
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Column, Table

from rag.cli import show as screen
from rag.cli.ask import ProviderOption
from rag.cli.language import Say, speaker
from rag.cli.root import IndexOption, app, settings
from rag.errors import YoujuError
from rag.settings import Settings

models_app = typer.Typer(no_args_is_help=False, help="看看有哪些模型，或把它们取来。 Show or fetch the models.")
app.add_typer(models_app, name="models")


@app.command("serve")
def serve(
    host: Annotated[str | None, typer.Option("--host", help="监听的地址，默认 127.0.0.1")] = None,
    port: Annotated[int | None, typer.Option("--port", help="端口，默认 7860")] = None,
    open_browser: Annotated[bool, typer.Option("--open", help="顺便打开浏览器 (open a browser)")] = False,
    index: IndexOption = None,
    llm: ProviderOption = None,
) -> None:
    """打开聊天窗口。 Open the chat window."""
    from rag import ui
    from rag.pipeline import Youju

    chosen = settings(index=index, server__host=host, server__port=port, llm__provider=llm)
    with screen.progress(chosen.language) as tell:
        youju = Youju.open(chosen, on_progress=tell)
    with youju:
        ui.serve(youju, chosen, open_browser=open_browser)


@models_app.callback(invoke_without_command=True)
def models(context: typer.Context, index: IndexOption = None) -> None:
    """看看有哪些模型。 Show the models."""
    if context.invoked_subcommand is None:
        _show_models(settings(index=index))


@models_app.command("fetch")
def fetch(index: IndexOption = None) -> None:
    """取来自带的模型；已有的不再取。 Fetch the embedded models; what is there is not fetched again."""
    from rag.models.bundled import embedding_folder
    from rag.models.weights import language_model_file

    chosen = settings(index=index)
    with screen.progress(chosen.language) as tell:
        if chosen.embedding.model == "embedded":
            embedding_folder(chosen.cache_dir, on_progress=tell)
        if chosen.llm.kind == "embedded":
            language_model_file(chosen, on_progress=tell)
    _show_models(chosen)


@app.command("doctor")
def doctor(index: IndexOption = None) -> None:
    """检查安装、模型和索引。 Check the installation, the models and the index."""
    from rag.store.embedded import open_library

    chosen = settings(index=index)
    say = speaker(chosen.language)
    state = Column(say("状况", "State"), overflow="fold")  # a path is of no use with its end cut off
    table = Table(say("项目", "Part"), state, show_lines=False)
    table.add_row("Python", platform.python_version())
    for package in ("torch", "sentence-transformers", "faiss-cpu", "tantivy", "langchain", "gradio", "xllamacpp"):
        table.add_row(package, metadata.version(package))
    cores = os.cpu_count()
    table.add_row(say("处理器", "Processor"), say(f"{cores} 核", f"cores: {cores}"))
    sound = True
    for name, check in _model_checks(say):
        try:
            table.add_row(name, escape(check(chosen)))
        except YoujuError as error:
            sound = False
            table.add_row(name, f"[red]{escape(error.text(chosen.language))}[/]")
    place = say("索引", "Index")
    try:
        with open_library(chosen.index) as library:
            where, count = chosen.index.absolute(), len(library.documents())
        table.add_row(place, escape(say(f"{where}：{count} 篇", f"{where} (articles: {count})")))
    except YoujuError as error:
        sound = False
        table.add_row(place, f"[red]{escape(error.text(chosen.language))}[/]")
    screen.out.print(table)
    if not sound:
        raise typer.Exit(1)


def _show_models(chosen: Settings) -> None:
    say = speaker(chosen.language)
    colon = say("：", ": ")
    for name, check in _model_checks(say):
        try:
            screen.out.print(f"{name}{colon}{check(chosen)}", markup=False, soft_wrap=True)
        except YoujuError as error:
            screen.out.print(f"{name}{colon}{error.text(chosen.language)}", style="red", markup=False, soft_wrap=True)


def _model_checks(say: Say) -> list[tuple[str, Callable[[Settings], str]]]:
    return [
        (say("向量模型", "Embedding model"), _embedding_state),
        (say("语言模型", "Language model"), _llm_state),
    ]


def _embedding_state(chosen: Settings) -> str:
    if chosen.embedding.model != "embedded":
        return chosen.embedding.model
    from rag.models.bundled import embedding_folder

    return str(embedding_folder(chosen.cache_dir))


def _llm_state(chosen: Settings) -> str:
    if chosen.llm.kind == "none":
        return speaker(chosen.language)("没有（答案是原文摘录）", "none (answers are quotations)")
    if chosen.llm.kind == "openai":
        return f"{chosen.llm.model} @ {chosen.llm.base_url}"
    from rag.models.weights import language_model_file

    return str(language_model_file(chosen, fetch=False))
