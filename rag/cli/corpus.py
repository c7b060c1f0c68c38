"""Commands over the articles: index, list, show, remove."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Column, Table

from rag.cli import show as screen
from rag.cli.language import speaker
from rag.cli.root import IndexOption, JsonOption, app, settings
from rag.errors import IngestError, QuestionError
from rag.types import DocumentInfo, IndexReport
from rag.wire import document_json, time_json

SEEDS = Path("seeds")
_NAMED = 5  # of many articles


@app.command("index")
def index(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="文章文件或文件夹，默认 seeds (files and folders; default: seeds)")
    ] = None,
    index: IndexOption = None,
    collection: Annotated[
        str, typer.Option("--collection", metavar="NAME", help="把这些文章归入一个合集 (a name to put them under)")
    ] = "",
    rebuild: Annotated[bool, typer.Option("--rebuild", help="丢掉旧索引重做 (throw the old index away first)")] = False,
    yes: Annotated[
        bool,
        typer.Option(
            "--yes",
            "-y",
            help="文件夹里一下子少了一半以上的文章，也不问就忘掉 (forget without asking, also where most of a folder is gone)",
        ),
    ] = False,
    json_: JsonOption = False,
) -> None:
    """把文章收进索引；没变的跳过，变了的替换。 Index articles; unchanged files are skipped."""
    from rag.pipeline import Youju

    chosen = settings(index=index)
    with ExitStack() as stack:
        with screen.progress(chosen.language) as tell:
            opened = Youju.open(chosen, create=True, rebuild=rebuild, on_progress=tell)
            youju = stack.enter_context(opened)
            report = youju.add(paths or [SEEDS], collection=collection, forget=yes, on_progress=tell)
        if report.kept and sys.stdin.isatty() and not json_ and _confirmed(report.kept, chosen.language):
            names = tuple(info.name for info in report.kept if youju.remove(info.id))
            report = replace(report, removed=(*report.removed, *names), kept=())
        count = len(youju.documents())
    if json_:
        typer.echo(json.dumps(_report_json(report, count), ensure_ascii=False))
    else:
        _print_report(report, count, chosen.language)
    if report.failed:
        _, (zh, en) = report.failed[0]
        more = len(report.failed) - 1
        raise IngestError(
            (
                zh + (f"（另有 {more} 个文件没有收进来）" if more else ""),
                en + (f" ({more} more files failed)" if more else ""),
            )
        )


@app.command("list")
def list_(index: IndexOption = None, json_: JsonOption = False) -> None:
    """列出索引里的文章。 List the indexed articles."""
    chosen = settings(index=index)
    documents = _documents(chosen.index)
    if json_:
        typer.echo(json.dumps([document_json(info) for info in documents], ensure_ascii=False))
        return
    say = speaker(chosen.language)
    table = Table(
        Column(say("文章", "Article"), overflow="fold"),  # what is typed to remove it
        say("标题", "Title"),
        say("日期", "Date"),
        say("字数", "Characters"),
        say("段落", "Passages"),
    )
    for info in documents:
        table.add_row(
            escape(info.name), escape(info.title), str(info.date or "?"), str(info.characters), str(info.passages)
        )
    screen.out.print(table)


@app.command("show")
def show(
    document: Annotated[str, typer.Argument(help="文章的名字、路径或编号 (name, path or id)")],
    index: IndexOption = None,
    json_: JsonOption = False,
) -> None:
    """印出程序读到的文章和文中的时间：引文的位置就是这段文字里的位置。 Print an article as the program reads it, and its times."""
    from rag.answer.when import kept
    from rag.store.embedded import open_library
    from rag.store.named import named

    chosen = settings(index=index)
    with open_library(chosen.index) as library:
        info = named(document, library.documents())
        if info is None:
            raise _unknown(document)
        whole = library.document(info.id)
        passages = library.passages([f"{info.id}:{n}" for n in range(info.passages)])
    times = [time_json(time, passage) for passage in passages for time in kept.times(passage, whole.date).named]
    if not json_:
        typer.echo(whole.text)
        screen.times(times, info.date, chosen.language)
        return
    row = document_json(info) | {
        "text": whole.text,
        "blocks": [{"kind": b.kind.value, "start": b.start, "end": b.end} for b in whole.blocks],
        "times": times,
    }
    typer.echo(json.dumps(row, ensure_ascii=False))


@app.command("remove")
def remove(
    documents: Annotated[list[str], typer.Argument(help="文章的名字、路径或编号 (names, paths or ids)")],
    index: IndexOption = None,
) -> None:
    """从索引里删去文章。 Remove articles from the index."""
    from rag.pipeline import Youju
    from rag.store.named import named

    chosen = settings(index=index)
    say = speaker(chosen.language)
    with Youju.open(chosen) as youju:
        known = youju.documents()
        found = {name: named(name, known) for name in documents}
        for name, info in found.items():  # all of them are looked up before the first is removed
            if info is None:
                raise _unknown(name)
        for name, info in found.items():
            if info is not None:
                youju.remove(info.id)
                screen.out.print(f"{say('已删去', 'Removed')} {escape(name)}")


def _documents(index: Path) -> list[DocumentInfo]:
    """Straight from the library: no model need be loaded to list articles."""
    from rag.store.embedded import open_library

    with open_library(index) as library:
        return library.documents()


def _confirmed(kept: Sequence[DocumentInfo], language: str) -> bool:
    say = speaker(language)
    for info in kept[:_NAMED]:
        screen.err.print(f"  {info.path}", markup=False, soft_wrap=True)
    if len(kept) > _NAMED:
        screen.err.print(say(f"  …另有 {len(kept) - _NAMED} 篇", f"  … and {len(kept) - _NAMED} more"))
    question = say(
        f"文件夹里一下子少了 {len(kept)} 篇文章（也许是盘没有挂上）。从索引里忘掉它们吗？",
        f"{len(kept)} articles are gone from the folder at once (a drive may be missing). Forget them?",
    )
    return typer.confirm(question, default=False, err=True)


def _unknown(name: str) -> QuestionError:
    return QuestionError(
        ("索引里没有这篇文章", "there is no such article in the index"),
        subject=name,
        advice=("用 youju list 看看有哪些。", "See youju list."),
    )


def _report_json(report: IndexReport, documents: int) -> dict[str, object]:
    return {
        "added": list(report.added),
        "replaced": list(report.replaced),
        "unchanged": list(report.unchanged),
        "removed": list(report.removed),
        "failed": [{"path": path, "reason": zh} for path, (zh, _) in report.failed],
        "noted": [{"path": path, "reason": zh} for path, (zh, _) in report.noted],
        "kept": [info.path for info in report.kept],
        "documents": documents,
    }


def _print_report(report: IndexReport, documents: int, language: str) -> None:
    say = speaker(language)
    counts = (
        (say("新收", "new"), report.added),
        (say("更新", "updated"), report.replaced),
        (say("未变", "unchanged"), report.unchanged),
        (say("删去", "removed"), report.removed),
    )
    parts = [f"{words} {len(names)}" for words, names in counts if names]
    done = say("，", ", ").join(parts) or say("没有文章", "no articles")
    screen.out.print(say(f"{done}；索引里共 {documents} 篇", f"{done}; articles in the index: {documents}"))
    for _, (zh, en) in report.noted:
        screen.err.print(say(f"请留意：{zh}", f"please note: {en}"), style="yellow", markup=False, soft_wrap=True)
    if report.kept:
        count = len(report.kept)
        told = say(
            f"文件夹里一下子少了 {count} 篇文章，也许是盘没有挂上：索引里都留着。确实不要了，请加 --yes 再收一次。",
            f"{count} articles are gone from the folder at once; a drive may be missing, so the index keeps them. "
            "To forget them, index again with --yes.",
        )
        screen.err.print(told, style="yellow", markup=False, soft_wrap=True)
    for _, (zh, en) in report.failed[1:]:
        screen.err.print(say(f"没有收进来：{zh}", f"not taken in: {en}"), style="yellow", markup=False, soft_wrap=True)
