"""The evaluation tab: question sets, runs, their results, and two of them compared."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing

import gradio as gr

from rag.errors import EvaluationError
from rag.evaluate import EvaluationResult, compare_results
from rag.pipeline import Youju
from rag.ui import evaluation_view as view
from rag.ui import result_view
from rag.ui.background import steps
from rag.ui.html import html
from rag.ui.runs import Runs, watch
from rag.ui.session import Act, Bench, Session, Updates


class EvaluationTab:
    """Handlers return the components that change, by name. ``local``: whether only this machine reaches the window."""

    name = "evaluation"

    def __init__(self, youju: Youju, *, local: bool) -> None:
        self._runs = Runs(youju)
        self._local = local

    def layout(self) -> dict[str, gr.HTML]:
        parts = {f"evaluation_{name}": html(f"yj-evaluation-{name}") for name in ("form", "progress", "overview")}
        with gr.Row(elem_id="yj-evaluation-study"):
            parts |= {f"evaluation_{name}": html(f"yj-evaluation-{name}") for name in ("questions", "row")}
        return parts | {f"evaluation_{name}": html(f"yj-evaluation-{name}") for name in ("runs", "pair", "comparison")}

    def show(self, session: Session) -> Updates:
        t, bench, kept = session.t, session.bench, self._runs.kept()
        if bench.opened not in kept:
            job = self._runs.latest
            asked = job is not None and (self._runs.busy or job.progress.done > 0)
            bench.opened = "" if asked else next(iter(kept), "")
        after = self._runs.result(bench.pair[1]) if bench.comparison and bench.pair[1] in kept else None
        return {
            "evaluation_form": "" if self._runs.busy else view.form(bench, self._runs.sets(), t, paths=self._local),
            "evaluation_progress": view.progress(self._runs.latest, t),
            **self._result(session),
            "evaluation_runs": view.runs(kept, bench.opened, t),
            "evaluation_pair": view.pair(kept, bench.pair, t),
            "evaluation_comparison": view.comparison(bench.comparison, after, t),
        }

    def do(self, session: Session, act: Act) -> Updates:
        """One action. Raises EvaluationError."""
        bench, t, job = session.bench, session.t, self._runs.latest
        match act["do"]:
            case "stop" if job:
                job.stop()
                return {"evaluation_progress": view.progress(job, t)}
            case "every":
                bench.every, bench.row = bool(act["every"]), ""
                return self._result(session)
            case "row":
                bench.row = str(act["id"])
                return self._row(session)
            case "result":
                self._runs.result(str(act["key"]))  # raises before anything changes
                bench.opened, bench.row = str(act["key"]), ""
            case "compare":
                before, after = str(act["before"]), str(act["after"])
                bench.comparison = compare_results(self._runs.path(before), self._runs.path(after))
                bench.pair = (before, after)
            case "changed":
                bench.opened, bench.every, bench.row = bench.pair[1], True, str(act["id"])
        return self.show(session)

    async def run(self, session: Session, act: Act) -> AsyncGenerator[Updates, None]:
        """Start a run ("start"), or go on watching the one that is on ("watch"). Raises EvaluationError."""
        bench = session.bench
        if act["do"] == "start":
            bench.set, bench.path = str(act.get("set", "")), str(act.get("file", "")).strip() if self._local else ""
            bench.limit, bench.retrieval_only = str(act.get("limit", "")).strip(), "retrieval_only" in act
            self._runs.start(bench.set, bench.path, read_limit(bench.limit), bench.retrieval_only)
        job = self._runs.latest
        if job is None:
            return
        bench.opened = bench.row = ""
        yield self.show(session)
        async with aclosing(steps(lambda: watch(job))) as glances:
            async for _ in glances:
                # A question that is being read stands still, and so does another result.
                grown = {} if bench.opened else self._result(session)
                grown.pop("evaluation_row", None)
                yield {"evaluation_progress": view.progress(job, session.t), **grown}
        if not bench.opened:  # no other result was opened meanwhile
            bench.opened = job.key
        yield self.show(session)

    def _opened(self, bench: Bench) -> EvaluationResult | None:
        """The result that is looked at: a kept one, or that of the run that is on."""
        if bench.opened:
            return self._runs.result(bench.opened)
        job = self._runs.latest
        return job.run.result() if job else None

    def _result(self, session: Session) -> Updates:
        result, t = self._opened(session.bench), session.t
        if result is None or not result.rows:
            return {f"evaluation_{name}": "" for name in ("overview", "questions", "row")}
        return {
            "evaluation_overview": result_view.overview(result, t),
            "evaluation_questions": result_view.questions(result, t, every=session.bench.every),
            **self._row(session),
        }

    def _row(self, session: Session) -> Updates:
        result, t = self._opened(session.bench), session.t
        row = next((r for r in result.rows if r.question.id == session.bench.row), None) if result else None
        shown = result_view.question(row, t) if row else f'<p class="yj-note">{t.evaluation_pick}</p>'
        return {"evaluation_row": shown}


def read_limit(text: str) -> int | None:
    """How many questions to ask; None: all. Raises EvaluationError."""
    if not text:
        return None
    if not text.isdecimal() or int(text) < 1:
        raise EvaluationError(
            ("题数应为正整数", "the number of questions should be a whole number from 1"), subject=text
        )
    return int(text)
