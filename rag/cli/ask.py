"""Commands that answer: search, ask, chat."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from rag.cli import show as screen
from rag.cli.language import speaker
from rag.cli.root import IndexOption, JsonOption, app, settings
from rag.errors import QuestionError, YoujuError
from rag.types import Answer, Finished, Found, Turn, Understood, Wrote
from rag.wire import answer_json, hit_json

if TYPE_CHECKING:
    from rag.pipeline import Youju
    from rag.store.base import Filters

TodayOption = Annotated[
    str | None,
    typer.Option("--today", metavar="YYYY-MM-DD", help="提问的日期；不写时，“今年”按文章的日期理解 (the asker's date)"),
]
HistoryOption = Annotated[
    list[str] | None, typer.Option("--history", metavar="TEXT", help="先前的问题，可多次 (earlier questions, in order)")
]
ProviderOption = Annotated[str | None, typer.Option("--llm", metavar="PROVIDER", help="auto、embedded、openai 或 none")]


DocumentOption = Annotated[
    list[str] | None, typer.Option("--document", metavar="NAME", help="只找这篇文章，可多次 (only this article)")
]
CollectionOption = Annotated[
    list[str] | None, typer.Option("--collection", metavar="NAME", help="只找这个合集，可多次 (only this collection)")
]
SinceOption = Annotated[
    str | None, typer.Option("--from", metavar="YYYY-MM-DD", help="文章日期不早于 (articles from this day on)")
]
UntilOption = Annotated[
    str | None, typer.Option("--to", metavar="YYYY-MM-DD", help="文章日期不晚于 (articles up to this day)")
]
TypeOption = Annotated[
    list[str] | None, typer.Option("--type", metavar="SUFFIX", help="文件类型，如 txt，可多次 (file type, such as txt)")
]


@app.command("search")
def search(
    text: Annotated[str, typer.Argument(help="要找的话 (what to look for)")],
    k: Annotated[int | None, typer.Option("-k", min=1, help="段落数 (number of passages)")] = None,
    today: TodayOption = None,
    document: DocumentOption = None,
    collection: CollectionOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    types: TypeOption = None,
    index: IndexOption = None,
    json_: JsonOption = False,
) -> None:
    """只找段落，不问模型。 Find passages; no model is asked."""
    from rag.pipeline import Youju

    filters = _filters(document, collection, since, until, types)
    chosen = settings(index=index, llm__provider="none")
    with Youju.open(chosen) as youju:
        found = youju.search(text, k=k, today=parse_day(today, "--today"), filters=filters)
    if json_:
        typer.echo(json.dumps([hit_json(hit) for hit in found], ensure_ascii=False))
    elif found:
        screen.hits(found, chosen.language)
    else:
        screen.out.print(speaker(chosen.language)("没有找到相关的段落", "No passage was found"))


@app.command("ask")
def ask(
    text: Annotated[str | None, typer.Argument(help="问题 (the question)")] = None,
    json_: JsonOption = False,
    today: TodayOption = None,
    history: HistoryOption = None,
    batch: Annotated[
        Path | None, typer.Option("--batch", metavar="IN.jsonl", help="一行一个问题的文件 (a question a line)")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="OUT.jsonl", help="答案写到哪里 (where answers go)")
    ] = None,
    document: DocumentOption = None,
    collection: CollectionOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    types: TypeOption = None,
    index: IndexOption = None,
    llm: ProviderOption = None,
) -> None:
    """回答一个问题，或一整批。 Answer a question, or a batch of them."""
    chosen = settings(index=index, llm__provider=llm)
    say = speaker(chosen.language)
    if (text is None) == (batch is None):
        raise typer.BadParameter(say("给一个问题，或者 --batch", "give a question, or --batch"))
    if (batch is None) != (out is None):
        raise typer.BadParameter(say("--batch 和 --out 要一起用", "--batch goes with --out"))
    from rag.pipeline import Youju

    day = parse_day(today, "--today")
    filters = _filters(document, collection, since, until, types)
    rows = list(read_batch(batch)) if batch is not None else []
    with screen.progress(chosen.language) as tell:
        youju = Youju.open(chosen, on_progress=tell)
    with youju:
        if batch is not None and out is not None:
            _run_batch(youju, rows, out, chosen.language, filters)
            return
        assert text is not None
        turns = [Turn(question) for question in history or []]
        if json_:
            youju.warm_up()  # what loading the models takes is no part of what the answer takes
            answer = youju.ask(text, history=turns, today=day, filters=filters)
            typer.echo(json.dumps(answer_json(answer), ensure_ascii=False))
        else:
            print_stream(youju, text, turns, day, chosen.language, filters)


@app.command("chat")
def chat(index: IndexOption = None, today: TodayOption = None, llm: ProviderOption = None) -> None:
    """在终端里连续提问。 Ask in the terminal, with follow-ups."""
    from rag.pipeline import Youju

    chosen = settings(index=index, llm__provider=llm)
    say = speaker(chosen.language)
    day = parse_day(today, "--today")
    turns: list[Turn] = []
    with screen.progress(chosen.language) as tell:
        youju = Youju.open(chosen, on_progress=tell)
    with youju:
        screen.out.print(
            say("问吧；/新 重新开始，/退 或 Ctrl-D 离开。", "Ask; /new starts over, /quit or Ctrl-D leaves.")
        )
        youju.warm_up()
        while True:
            try:
                question = screen.out.input(f"[bold]{say('问：', 'Question: ')}[/]").strip()
            except EOFError:
                return
            if question in ("/退", "/quit", "/exit"):
                return
            if question in ("/新", "/new"):
                turns = []
                continue
            if not question:
                continue
            try:
                answer = print_stream(youju, question, turns, day, chosen.language)
            except YoujuError as error:  # one question's trouble does not end the conversation
                screen.err.print(error.text(chosen.language), style="red", markup=False)
                continue
            turns.append(Turn(question, answer.text))


def _filters(
    documents: list[str] | None,
    collections: list[str] | None,
    since: str | None,
    until: str | None,
    types: list[str] | None,
) -> Filters:
    from rag.store.base import Filters

    return Filters(
        documents=tuple(documents or ()),
        collections=tuple(collections or ()),
        since=parse_day(since, "--from"),
        until=parse_day(until, "--to"),
        types=tuple(types or ()),
    )


def print_stream(
    youju: Youju, question: str, turns: list[Turn], today: date | None, language: str, filters: Filters | None = None
) -> Answer:
    """Show an answer as it comes: evidence first, then the words, then what the check says."""
    say = speaker(language)
    wrote, shown = "", set[str]()
    for event in youju.stream(question, history=turns, today=today, filters=filters):
        match event:
            case Understood(query):
                if query.rewritten != question:
                    screen.out.print(Text(f"{say('理解为：', 'Understood as: ')}{query.rewritten}", style="dim"))
            case Found(_, evidence):
                for item in evidence[:3]:
                    if item.quote in shown:  # a question that was translated is looked up twice
                        continue
                    shown.add(item.quote)
                    screen.out.print(Text(f"  · {item.quote}", style="dim"), soft_wrap=True)
            case Wrote(text):
                wrote += text
                screen.out.print(Text(text), end="")
            case Finished(answer):
                if wrote:
                    screen.out.print()
                if answer.text != wrote.strip():
                    screen.out.print(Text(answer.text, style="bold"))
                screen.answer_evidence(answer, language)
                return answer
    raise AssertionError("a stream ends with Finished")


def parse_day(text: str | None, where: str) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise QuestionError(
            (f"{text!r} 不是日期", f"{text!r} is not a date"),
            subject=where,
            advice=("写成 2024-03-18 这样。", "Write it like 2024-03-18."),
        ) from None


def read_batch(path: Path) -> Iterator[dict[str, Any]]:
    """Rows of a batch file. Raises QuestionError that names the line."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not UTF-8"
        raise QuestionError((f"读不了（{reason}）", f"cannot be read ({reason})"), subject=str(path)) from None
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        where = f"{path}:{number}"
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise QuestionError((f"不是 JSON：{error.msg}", f"not JSON: {error.msg}"), subject=where) from None
        if not isinstance(row, dict) or not isinstance(row.get("question"), str):
            raise QuestionError(("缺少 question", "lacks a question"), subject=where)
        history = row.get("history") or []
        if not isinstance(history, list) or not all(isinstance(item, str) for item in history):
            raise QuestionError(("history 要是字符串的列表", "history must be a list of strings"), subject=where)
        parse_day(row.get("today"), where)
        yield row


def _run_batch(youju: Youju, rows: list[dict[str, Any]], out: Path, language: str, filters: Filters) -> None:
    """Each row comes back as soon as it is answered; one that fails carries ``error`` and the rest goes on."""
    failures = 0
    try:
        target = out.open("w", encoding="utf-8")
    except OSError as error:
        raise QuestionError(
            (f"写不了（{error.strerror}）", f"cannot be written ({error.strerror})"), subject=str(out)
        ) from None
    youju.warm_up()
    with target:
        for number, row in enumerate(rows, 1):
            turns = [Turn(question) for question in row.get("history") or []]
            try:
                day = parse_day(row.get("today"), str(number))
                answer = youju.ask(row["question"], history=turns, today=day, filters=filters)
                target.write(json.dumps(row | answer_json(answer), ensure_ascii=False) + "\n")
            except YoujuError as error:
                failures += 1
                target.write(json.dumps(row | {"error": error.text(language)}, ensure_ascii=False) + "\n")
            target.flush()
            screen.err.print(f"{number}/{len(rows)}", end="\r" if screen.err.is_terminal else "\n")
    if failures:
        raise QuestionError(
            (
                f"{failures} 个问题没有答成，原因写在各行的 error 里",
                f"{failures} questions failed; see error in their rows",
            ),
            subject=str(out),
        )
