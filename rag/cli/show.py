"""What the terminal shows: progress bars, hits, answers."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars
from rich.text import Text

from rag.cli.language import speaker
from rag.progress import time_left
from rag.types import Answer, ArticleDate, Hit, Progress, Verdict

out = Console()
err = Console(stderr=True)

_STAGES = {
    "read": ("读入文章", "reading articles"),
    "embed": ("计算向量", "embedding"),
    "fetch": ("获取语言模型", "fetching the language model"),
    "verify": ("核对校验和", "checking the checksum"),
    "convert": ("转换向量模型", "converting the embedding model"),
    "join": ("拼接语言模型", "joining the language model"),
    "wait": ("等另一个程序取完模型", "waiting for another program to fetch the model"),
    "times": ("换算文中的时间", "resolving times"),
    "repair": ("修复向量模型", "repairing the embedding model"),
    "evaluate": ("评测", "evaluating"),
    "questions": ("计算问题的向量", "embedding the questions"),
}
_MARKS = {Verdict.SUPPORTED: ("✓", "green"), Verdict.DIFFERS: ("≠", "red"), Verdict.NOT_FOUND: ("?", "yellow")}


@contextmanager
def progress(language: str) -> Iterator[Callable[[Progress], None]]:
    """A bar a stage, on standard error; a plain line now and then where that is no terminal."""
    if not err.is_terminal:
        yield _Lines(language)
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[item]}"),
        TimeElapsedColumn(),
        TextColumn("{task.fields[left]}"),
    )
    with Bars(*columns, console=err, transient=True) as bars:
        tasks: dict[str, TaskID] = {}

        def tell(now: Progress) -> None:
            scale = 1_000_000 if now.unit == "bytes" else 1
            if now.stage not in tasks:
                tasks[now.stage] = bars.add_task(_stage(now, language), total=None, item="", left="")
            item = "MB" if now.unit == "bytes" else escape(now.item)
            bars.update(
                tasks[now.stage],
                completed=now.done // scale,
                total=now.total // scale or None,
                item=item,
                left=_left(now, language),
            )

        yield tell


class _Lines:
    """Progress for logs: a line when a stage begins, at each tenth, and at its end."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._tenths: dict[str, int] = {}

    def __call__(self, now: Progress) -> None:
        tenth = 10 * now.done // now.total if now.total else 0
        if self._tenths.get(now.stage) == tenth:
            return
        self._tenths[now.stage] = tenth
        told = _left(now, self._language)
        left = f" · {told}" if told else ""
        amount = f"{now.done / 1e6:.0f}/{now.total / 1e6:.0f} MB" if now.unit == "bytes" else f"{now.done}/{now.total}"
        print(f"{_stage(now, self._language)} {amount}{left}", file=sys.stderr, flush=True)


def _left(now: Progress, language: str) -> str:
    if now.seconds_left is None or now.done >= now.total:
        return ""
    value = time_left(now.seconds_left, language)
    return speaker(language)(f"还要{value}", f"{value} left")


def _stage(now: Progress, language: str) -> str:
    return speaker(language)(*_STAGES.get(now.stage, (now.stage, now.stage)))


def hits(found: Sequence[Hit], language: str) -> None:
    """Passages, best first, each with its rank in both halves of the search."""
    say = speaker(language)
    for number, hit in enumerate(found, 1):
        dense, lexical = hit.dense_rank or "–", hit.lexical_rank or "–"
        ranks = say(f"意思第 {dense} · 用词第 {lexical}", f"meaning no. {dense} · wording no. {lexical}")
        share = f"{100 * hit.worded:.0f}%"
        ranks += say(f" · {share}的词在一处", f" · {share} of the words in one place")
        if hit.timely:
            ranks += (
                say(" · 时间相符", " · the time agrees") if hit.timely > 0 else say(" · 别的时间", " · another time")
            )
        head = Text(f"{number}. ", style="bold").append(hit.title or hit.document, style="bold cyan")
        where = f"  {hit.document} [{hit.passage.start}–{hit.passage.end}]  {ranks} · {hit.score:.2f}"
        out.print(head.append(where, style="dim"))
        out.print(Text(hit.passage.text.replace("\n", " ")), soft_wrap=True)
        out.print()


def times(found: Sequence[dict[str, Any]], written: ArticleDate | None, language: str) -> None:
    """Under an article: where each time stands, its words, and the days that they mean (``wire.time_json``)."""
    say = speaker(language)
    if not found:
        return
    since = say(f"（按文章日期 {written} 换算）", f" (counted from {written})") if written else ""
    out.print(Text(say(f"文中的时间{since}：", f"Times in the text{since}:"), style="bold"), soft_wrap=True)
    for time in {time["start"]: time for time in found}.values():  # passages may share a sentence
        days = " … ".join(dict.fromkeys((time["first"] or "?", time["last"] or "?")))
        where = Text(f"[{time['start']}–{time['end']}] ", style="dim")
        out.print(where.append(time["text"], style="cyan").append(f"  {days}", style=""), soft_wrap=True)


def answer_evidence(answer: Answer, language: str) -> None:
    """Under an answer that has been printed: verdicts, then the quotations."""
    say = speaker(language)
    doubtful = [s for s in answer.sentences if s.verdict is not Verdict.SUPPORTED]
    for sentence in doubtful:
        mark, colour = _MARKS[sentence.verdict]
        said = say("原文未能证实：", "not borne out: ")
        out.print(Text(f"{mark} {said}{sentence.text}", style=colour))
    if answer.note:
        out.print(Text(answer.note, style="dim"))
    for citation in answer.citations:
        mark, colour = _MARKS[citation.verdict]
        line = Text(f"[{citation.marker}] ", style="bold").append(mark, style=colour)
        line.append(say(f" 「{citation.quote}」", f" “{citation.quote}”"))
        title = say(f"《{citation.title}》", citation.title)
        dated = f" {citation.date}" if citation.date else ""
        line.append(f"\n    {title}{dated}  {citation.document} {citation.start}–{citation.end}", style="dim")
        out.print(line, soft_wrap=True)
    took = answer.timings
    times = [f"{say('证据', 'evidence')} {took.retrieve_s:.2f} s"]
    if took.first_token_s is not None:
        times.append(f"{say('首字', 'first word')} {took.first_token_s:.1f} s")
    times.append(f"{say('全部', 'total')} {took.total_s:.1f} s")
    out.print(Text(f"{' · '.join(times)}  {answer.model}", style="dim"))
