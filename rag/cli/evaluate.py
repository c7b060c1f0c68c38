"""``youju eval``: answers, retrieval, compare, suggest. Without a sub-command: answers."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table
from typer.core import TyperGroup

from rag.cli import show as screen
from rag.cli.ask import ProviderOption
from rag.cli.language import Say, speaker
from rag.cli.root import IndexOption, JsonOption, app, settings
from rag.errors import EvaluationError

if TYPE_CHECKING:
    from rag.evaluate import Comparison, Draft, RetrievalResult

OutOption = Annotated[Path, typer.Option("--out", metavar="DIR", help="报告写到哪里 (where the report goes)")]
NameOption = Annotated[str | None, typer.Option("--name", help="报告的名字 (name of the report)")]
LEFT_OUT = 5  # rows named on the terminal
MODES = ("dense", "lexical", "hybrid", "all")


class AnswersByDefault(TyperGroup):
    """``youju eval`` and ``youju eval set.jsonl --limit 5`` mean ``youju eval answers …``."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if not args or (args[0] not in self.commands and args[0] != "--help"):
            args = ["answers", *args]
        return super().parse_args(ctx, args)


eval_app = typer.Typer(
    cls=AnswersByDefault,
    help="评测；不写子命令时评答案。 Evaluate; without a sub-command: the answers.",
)
app.add_typer(eval_app, name="eval")


@eval_app.command("answers")
def answers(
    file: Annotated[Path, typer.Argument(help="题集 (question set)")] = Path("eval/seeds.jsonl"),
    out: OutOption = Path("eval/results"),
    name: NameOption = None,
    limit: Annotated[
        int | None,
        typer.Option("--limit", min=1, help="抽多少题，每次相同 (a sample of N questions, the same every time)"),
    ] = None,
    retrieval_only: Annotated[bool, typer.Option("--retrieval-only", help="只评检索，不问模型")] = False,
    index: IndexOption = None,
    llm: ProviderOption = None,
    json_: JsonOption = False,
) -> None:
    """用题集评测答案，写出报告。 Evaluate answers on a question set and write a report."""
    from rag.evaluate import KEPT, prepared, print_summary, run_evaluation, to_json, write_report
    from rag.pipeline import Youju

    provider = "none" if retrieval_only else llm
    chosen = settings(index=index, llm__provider=provider)
    with screen.progress(chosen.language) as tell, Youju.open(chosen, on_progress=tell) as youju:
        youju.warm_up()
        result = run_evaluation(youju, file, out, name or file.stem, limit, retrieval_only, tell)
        if youju.notes.writable:  # every word, for the window of this machine; the report has places and values
            whole = replace(result, name=f"{result.name}-{result.when:%Y%m%d-%H%M%S}")
            write_report(whole, prepared(chosen.index / KEPT, whole.name), whole=True)
    if json_:
        typer.echo(json.dumps(to_json(result), ensure_ascii=False))
    else:
        print_summary(result, screen.out, language=chosen.language)


@eval_app.command("retrieval")
def retrieval(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="BEIR 文件夹 (corpus.jsonl, queries.jsonl, qrels/*.tsv)")
    ],
    mode: Annotated[str, typer.Option("--mode", metavar="|".join(MODES), help="哪种检索 (which search)")] = "all",
    limit: Annotated[
        int | None,
        typer.Option("--limit", min=1, help="抽多少题，每次相同 (a sample of N questions, the same every time)"),
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="报告写到哪里 (where a report goes)")] = None,
    name: NameOption = None,
    json_: JsonOption = False,
) -> None:
    """在 BEIR 数据上评测检索。 Evaluate retrieval on a folder in the layout of BEIR."""
    chosen = settings()
    say = speaker(chosen.language)
    if mode not in MODES:
        known = ", ".join(MODES)
        raise typer.BadParameter(say(f"{mode}；可用的有：{known}", f"{mode}; known: {known}"), param_hint="--mode")
    from rag.evaluate import CachedEmbedder, Mode, evaluate_retrieval, load_beir, write_retrieval_report
    from rag.evaluate import retrieval_figures as figures
    from rag.models.embedder import open_embedder

    dataset = load_beir(folder, limit=limit)
    modes = list(Mode) if mode == "all" else [Mode(mode)]
    with screen.progress(chosen.language) as tell:
        embedder = open_embedder(chosen, on_progress=tell)
        with CachedEmbedder(embedder, chosen.cache_dir / "vectors") as cached:
            result = evaluate_retrieval(
                dataset, cached, modes, candidates=chosen.retrieval.candidates, on_progress=tell
            )
    for bad in dataset.left_out[:LEFT_OUT]:
        print(say("用不了，没有算进来：", "left out: ") + bad.text(chosen.language), file=sys.stderr)
    if dataset.left_out:
        count = len(dataset.left_out)
        print(say(f"没有算进来的行：{count}", f"rows left out: {count}"), file=sys.stderr)
    paths = write_retrieval_report(result, out, name or dataset.name) if out else []
    if json_:
        typer.echo(json.dumps(figures(result), ensure_ascii=False))
        return
    _print_retrieval(result, say)
    for path in paths:
        screen.out.print(str(path), markup=False, soft_wrap=True)


@eval_app.command("compare")
def compare(
    before: Annotated[Path, typer.Argument(metavar="A.json", help="先前的结果 (the earlier result)")],
    after: Annotated[Path, typer.Argument(metavar="B.json", help="后来的结果 (the later result)")],
    margin: Annotated[
        float, typer.Option("--margin", min=0, help="退步多少才算 (a fall beyond this ends with status 1)")
    ] = 0.01,
    json_: JsonOption = False,
) -> None:
    """比较两次评测，配对检验；退步超过界限时以 1 结束。 Compare two results; exit 1 on a regression beyond the margin."""
    from rag.evaluate import compare_results as compared

    found = compared(before, after)
    say = speaker(settings().language)
    worse = found.regressions(margin)
    if json_:
        typer.echo(json.dumps(_comparison_json(found, margin), ensure_ascii=False))
    else:
        _print_comparison(found, margin, say)
    if worse:
        measures = [difference.measure for difference in worse]
        raise EvaluationError(
            (
                f"退步超过 {margin:g}：{'、'.join(measures)}",
                f"worse by more than {margin:g}: {', '.join(measures)}",
            ),
            subject=after.name,
        )


@eval_app.command("suggest")
def suggest(
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="题集写到哪里 (where the questions go)")] = Path(
        "eval/suggested.jsonl"
    ),
    count: Annotated[int, typer.Option("--count", min=1, help="最多几题 (at most so many)")] = 20,
    every: Annotated[bool, typer.Option("--all", help="不逐题询问，全部留下 (keep all without asking)")] = False,
    index: IndexOption = None,
) -> None:
    """从索引里的文章草拟问题，由你取舍。 Draft questions from the index, for you to keep or drop."""
    from rag.evaluate import question_lines as to_lines
    from rag.evaluate import suggest_questions as suggested
    from rag.store.embedded import open_library

    if out.exists():
        raise EvaluationError(
            ("文件已经在那里", "the file is there already"),
            subject=str(out),
            advice=("换一个 --out，以免盖掉改好的题", "Choose another --out, lest questions be overwritten"),
        )
    chosen = settings(index=index)
    say = speaker(chosen.language)
    with open_library(chosen.index) as library:
        drafted = suggested(library, count)
    kept = drafted if every or not sys.stdin.isatty() else _reviewed(drafted, say)
    if not kept:
        raise EvaluationError(("没有可写的问题", "there is no question to write"), subject=str(out))
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(to_lines(kept), encoding="utf-8")
    except OSError as error:
        raise EvaluationError(
            (f"写不了（{error.strerror}）", f"cannot be written ({error.strerror})"), subject=str(out)
        ) from None
    told = say(
        f"{len(kept)} 题 → {out}；读过改过之后：youju eval answers {out}",
        f"questions: {len(kept)} → {out}; once they are read and mended: youju eval answers {out}",
    )
    screen.out.print(told, markup=False, soft_wrap=True)


def _reviewed(drafted: list[Draft], say: Say) -> list[Draft]:
    kept = []
    for number, draft in enumerate(drafted, 1):
        screen.out.print(
            f"\n[bold]{number}/{len(drafted)} {escape(draft.question)}[/]\n{escape(draft.must)} ← {escape(draft.sentence)}"
        )
        choices = say("留 k，弃 d，停 q", "k: keep, d: drop, q: quit")
        reply = typer.prompt(choices, default="k", show_default=False).strip().lower()
        if reply.startswith("q"):
            break
        if not reply.startswith("d"):
            kept.append(draft)
    return kept


def _print_retrieval(result: RetrievalResult, say: Say) -> None:
    from rag.evaluate import MEASURES, Mode, by_kind, worst

    dataset = result.dataset
    passages, questions = len(dataset.corpus), len(dataset.queries)
    counts = say(f"{passages} 段 · {questions} 题", f"passages: {passages} · questions: {questions}")
    table = Table(title=escape(f"{dataset.name} · {counts}"), title_justify="left")
    for column in (say("方式", "Mode"), *MEASURES, say("ms/题", "ms/question")):
        table.add_column(column)
    for mode, found in result.modes.items():
        table.add_row(mode.value, *(f"{found.measures[name]:.3f}" for name in MEASURES), f"{found.ms_per_query:.1f}")
    main = Mode.HYBRID if Mode.HYBRID in result.modes else next(iter(result.modes))
    for kind, (count, means) in by_kind(result, main).items():
        table.add_row(escape(f"{main.value} · {kind} ({count})"), *(f"{means[name]:.3f}" for name in MEASURES), "")
    screen.out.print(table)
    missed = worst(result, main)
    for row in missed[:5]:
        screen.out.print(f"✗ {row.query.text}", style="yellow", markup=False, soft_wrap=True)
        screen.out.print(f"  {row.best[:80]}", style="dim", markup=False, soft_wrap=True)


def _print_comparison(found: Comparison, margin: float, say: Say) -> None:
    title = f"{found.before} → {found.after}"
    table = Table(title=escape(title), title_justify="left")
    for column in (say("指标", "Measure"), say("题数", "Questions"), "A", "B", say("差", "Change"), "95%", "p"):
        table.add_column(column)
    for each in found.differences:
        style = "red" if each.regressed(margin) else "green" if each.p < 0.05 else ""
        table.add_row(
            escape(each.measure),
            str(each.questions),
            f"{each.before:.3f}",
            f"{each.after:.3f}",
            f"{each.change:+.3f}",
            f"{each.low:+.3f} … {each.high:+.3f}",
            f"{each.p:.3f}",
            style=style,
        )
    screen.out.print(table)
    if found.only_before or found.only_after:
        a, b = found.only_before, found.only_after
        screen.out.print(say(f"只在一边的题：A {a}，B {b}", f"questions in one only: A {a}, B {b}"), style="yellow")


def _comparison_json(found: Comparison, margin: float) -> dict[str, object]:
    return {
        "before": found.before,
        "after": found.after,
        "margin": margin,
        "only_before": found.only_before,
        "only_after": found.only_after,
        "measures": {
            each.measure: {
                "questions": each.questions,
                "before": each.before,
                "after": each.after,
                "change": each.change,
                "interval": [each.low, each.high],
                "p": each.p,
                "regressed": each.regressed(margin),
                "changed": [{"id": key, "change": change} for key, change in each.changed],
            }
            for each in found.differences
        },
    }
