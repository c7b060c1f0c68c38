"""The result on a terminal."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from rag.evaluate.labels import (
    OUTCOMES,
    RATES,
    TIMES,
    columns,
    interval,
    percent,
    rate_of,
    seconds,
    times_of,
    type_names,
)
from rag.evaluate.result import EvaluationResult

WORST = 8  # rows shown


def print_summary(result: EvaluationResult, console: Console, *, language: str = "zh") -> None:
    """Rates with their intervals, by type, times and the worst questions. ``language`` is "zh" or "en"."""
    zh = language == "zh"
    overall = result.overall
    table = Table(title=escape(f"{result.name} · {result.question_set}"), title_justify="left")
    table.add_column("指标" if zh else "Measure", no_wrap=True)
    for column in ("值" if zh else "Value", "题数" if zh else "Count", "95%"):
        table.add_column(column, justify="right", no_wrap=True)
    for label in RATES:
        rate = rate_of(overall, label)
        if rate.total:
            fault = label.key == "span_exactness" and rate.hits < rate.total
            value = f"[bold red]{percent(rate.value)}[/]" if fault else percent(rate.value)
            table.add_row(label.zh if zh else label.en, value, f"{rate.hits}/{rate.total}", interval(rate))
    if overall.mrr is not None:
        table.add_row("MRR", f"{overall.mrr:.3f}", "", "")
    for label in TIMES:
        times = times_of(overall, label)
        if times.count:
            name = f"{label.zh} 中位/p95" if zh else f"{label.en} median/p95"
            table.add_row(name, f"{seconds(times.median)} / {seconds(times.p95)}", str(times.count), "")
    console.print(table)
    for line in result.left_out[:WORST]:
        said = f"用不了，没有问：{line[0]}" if zh else f"could not be used and was not asked: {line[1]}"
        console.print(said, style="yellow", markup=False, soft_wrap=True)
    if len(result.left_out) > WORST:
        count = len(result.left_out)
        console.print(f"这样的行共 {count} 行" if zh else f"such lines in all: {count}", style="yellow")

    shown = columns(overall, "correct", "recall_at_1", "recall_at_5", "citation_precision")
    by_type = Table(title="按题型" if zh else "By type", title_justify="left")
    by_type.add_column("题型" if zh else "Type")
    by_type.add_column("题数" if zh else "Count", justify="right")
    for label in shown:
        by_type.add_column(label.zh if zh else label.en, justify="right")
    for kind, metrics in result.by_type.items():
        cells = (percent(rate_of(metrics, label).value) for label in shown)
        by_type.add_row(escape(type_names(kind)[0 if zh else 1]), str(metrics.questions), *cells)
    console.print(by_type)

    worst = result.worst()
    if not worst:
        console.print("没有失败的问题。" if zh else "No question failed.")
        return
    failures = Table(
        title=(
            f"最该看的 {min(WORST, len(worst))} 题，共 {len(worst)} 题"
            if zh
            else f"The worst {min(WORST, len(worst))} of {len(worst)}"
        ),
        title_justify="left",
    )
    for column in ("题号", "问题", "结果") if zh else ("Id", "Question", "Outcome"):
        failures.add_column(column)
    for row in worst[:WORST]:
        outcome = OUTCOMES[row.score.outcome][0 if zh else 1]
        if row.faulty_citations:
            outcome += f"；引文 {row.faulty_citations} 处有误" if zh else f"; {row.faulty_citations} faulty citation(s)"
        failures.add_row(escape(row.question.id), escape(row.question.question), escape(outcome))
    console.print(failures)
