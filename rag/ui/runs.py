"""Evaluations that the window runs, one at a time, seen from every open page; and those kept from before."""

from __future__ import annotations

import tempfile
import threading
import traceback
from collections.abc import Generator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from rag.errors import EvaluationError, YoujuError
from rag.evaluate import (
    KEPT,
    EvaluationResult,
    Kept,
    QuestionSet,
    Run,
    kept_results,
    load_questions,
    load_result,
    write_report,
)
from rag.pipeline import Youju
from rag.types import Progress
from rag.ui.export import question_set

SETS, RESULTS = Path("eval"), Path("eval/results")  # of the folder that the program was started in
JUDGED = "judged"
_GLANCE_S = 0.3  # between two looks at a run
_PATIENCE_S = 30.0  # for a stopped run to end, when the program ends


@dataclass(slots=True)
class Job:
    """One run, and what has come of it."""

    run: Run
    key: str  # of its result, once that is kept
    stopping: bool = False
    error: YoujuError | None = None
    broken: bool = False  # by an error that is none of ours
    done: threading.Event = field(default_factory=threading.Event)

    @property
    def progress(self) -> Progress:
        return self.run.progress

    def stop(self) -> None:
        self.stopping = True
        self.run.stop()


class Runs:
    """Question sets that can be run, the run that is on, and all results."""

    def __init__(self, youju: Youju) -> None:
        self._youju = youju
        self._folder = (youju.settings.index / KEPT).absolute()
        self.latest: Job | None = None

    @property
    def busy(self) -> bool:
        return self.latest is not None and not self.latest.done.is_set()

    def sets(self) -> dict[str, str]:
        """Key → name of every question set at hand: the files of ``eval/``, and the answers that readers have judged."""
        found = {f"file:{path.name}": path.name for path in sorted(SETS.glob("*.jsonl"))}
        return {**found, JUDGED: ""} if question_set(self._youju.notes.judgements()) else found

    def start(self, key: str, typed: str, limit: int | None, retrieval_only: bool) -> None:
        """Run a set by its key, or the file whose path is ``typed``. Raises EvaluationError; nothing where one runs."""
        if self.busy:
            return
        questions = self._questions(key, typed).sample(limit)
        name = f"{Path(questions.name).stem}-{datetime.now():%Y%m%d-%H%M%S}"
        run = Run(self._youju, questions, name=name, retrieval_only=retrieval_only)
        if self.latest is None:
            self._youju.before_close(self._end)
        self.latest = job = Job(run, f"0:{name}")
        threading.Thread(target=self._work, args=(job,), name="youju-evaluation", daemon=True).start()

    def kept(self) -> dict[str, Kept]:
        """Key → every result, of the window and of ``youju eval``, the newest first."""
        folders = [self._folder, RESULTS]
        return {f"{folders.index(kept.path.parent)}:{kept.path.stem}": kept for kept in kept_results(folders)}

    def result(self, key: str) -> EvaluationResult:
        """Raises EvaluationError."""
        return load_result(self.path(key))

    def path(self, key: str) -> Path:
        """The file of a result. Raises EvaluationError where there is none of that key."""
        kept = self.kept().get(key)
        if kept is None:
            raise EvaluationError(("没有这份结果", "there is no such result"), subject=key.partition(":")[2])
        return kept.path

    def _end(self) -> None:
        if self.latest is not None:
            self.latest.stop()
            self.latest.done.wait(_PATIENCE_S)

    def _questions(self, key: str, typed: str) -> QuestionSet:
        if typed:
            return load_questions(Path(typed).expanduser())
        if key != JUDGED:
            return load_questions(SETS / Path(key.partition(":")[2]).name)
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, f"{JUDGED}.jsonl")
            file.write_text(question_set(self._youju.notes.judgements()), encoding="utf-8")
            return load_questions(file)

    def _work(self, job: Job) -> None:
        try:
            for _ in job.run:
                pass
            result = job.run.result()
            # Stopped half way it is kept too: what was asked can be compared.
            if result.rows and self._youju.notes.writable:
                self._folder.mkdir(parents=True, exist_ok=True)
                write_report(result, self._folder, whole=True)
        except YoujuError as error:
            job.error = error
        except Exception:  # noqa: BLE001  # said in the window, and told whole in the terminal
            job.broken = True
            traceback.print_exc()
        finally:
            job.done.set()


def watch(job: Job) -> Generator[None, None, None]:
    """Step whenever there is something new to show of ``job``, until it is done."""
    seen: object = None
    while not job.done.wait(_GLANCE_S):
        now = (job.progress.done, job.stopping)
        if now != seen:
            seen = now
            yield
    yield
