"""Ask every question of a set, and judge what comes back."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Protocol

from rag.errors import EvaluationError, YoujuError
from rag.evaluate.matching import locate, squeeze
from rag.evaluate.metrics import Metrics, measure
from rag.evaluate.questions import Gold, Question, QuestionSet, load_questions
from rag.evaluate.report import prepared, write_report
from rag.evaluate.result import EvaluationResult, Row, machine, public_faults, public_name, public_settings, versions
from rag.evaluate.score import Places, score
from rag.settings import Settings
from rag.types import Answer, Document, DocumentInfo, Event, Evidence, Finished, Found, Hit, Progress, Turn, Understood

if TYPE_CHECKING:
    from rag.indexing import OnProgress


class Subject(Protocol):
    """What is evaluated: the part of ``Youju`` that is needed for it."""

    @property
    def settings(self) -> Settings: ...

    def documents(self) -> list[DocumentInfo]: ...

    def document(self, document_id: str) -> Document: ...

    def stream(self, question: str, *, history: Sequence[Turn] = (), today: date | None = None) -> Iterator[Event]: ...


def run_evaluation(
    youju: Subject,
    file: Path,
    out_dir: Path | None = None,
    name: str | None = None,
    limit: int | None = None,
    retrieval_only: bool = False,
    on_progress: OnProgress | None = None,
) -> EvaluationResult:
    """Evaluate on a sample of ``limit`` questions of ``file`` (None: all) and write ``name``.json, .html and .md.

    ``name`` defaults to the file's without its ending; ``out_dir`` None writes nothing. Raises EvaluationError: the
    set cannot be used, does not fit the index, or the report cannot be written; all but a full disk shows before
    the first question is asked.
    """
    if limit is not None and limit < 1:
        raise EvaluationError(("题数至少为 1", "the number of questions must be at least 1"), subject="--limit")
    questions = load_questions(file).sample(limit)
    name = file.stem if name is None else name
    if out_dir is not None:
        prepared(out_dir, name)
    result = evaluate(youju, questions, name=name, retrieval_only=retrieval_only, on_progress=on_progress)
    if out_dir is not None:
        write_report(result, out_dir)
    return result


def evaluate(
    youju: Subject,
    questions: QuestionSet,
    *,
    name: str | None = None,
    retrieval_only: bool = False,
    on_progress: OnProgress | None = None,
) -> EvaluationResult:
    """Ask all questions and judge the answers: a ``Run`` from its first question to its last."""
    run = Run(youju, questions, name=name, retrieval_only=retrieval_only)
    tell = on_progress or (lambda _: None)
    tell(run.progress)
    for _ in run:
        tell(run.progress)
    return run.result()


class Run:
    """An evaluation, question by question: iterating asks, and between two questions it tells how far it is.

    Earlier questions of a conversation are given as turns without answers. A question that raises a YoujuError
    becomes a row with that error, and the run goes on. ``retrieval_only`` stops each question at its hits: no language
    model is asked. Making one raises EvaluationError where the set does not fit the index.
    """

    def __init__(
        self, youju: Subject, questions: QuestionSet, *, name: str | None = None, retrieval_only: bool = False
    ) -> None:
        self._youju, self._questions, self._retrieval_only = youju, questions, retrieval_only
        self._name = name or questions.name
        self._when, self._started = datetime.now().astimezone(), perf_counter()
        self._infos = youju.documents()
        self._shelf = _Shelf(youju)
        self._golds = [
            tuple(_places(gold, question, self._infos, self._shelf) for gold in question.evidence)
            for question in questions.questions
        ]
        self._rows: list[Row] = []
        self._seconds = 0.0
        self._stopped = False

    def __iter__(self) -> Iterator[Row]:
        for question, places in zip(self._questions.questions, self._golds, strict=True):
            heard = self._ask(question)
            if self._stopped:
                return
            self._rows.append(_row(question, places, heard, self._shelf, self._retrieval_only))
            self._seconds = perf_counter() - self._started
            yield self._rows[-1]

    def stop(self) -> None:
        """Ask nothing more, from any thread. A question on its way is left at its next word and does not count."""
        self._stopped = True

    @property
    def progress(self) -> Progress:
        """Questions done, and the one that is on."""
        questions, done = self._questions.questions, len(self._rows)
        left = self._seconds / done * (len(questions) - done) if done else None
        item = questions[done].question if done < len(questions) else ""
        return Progress("evaluate", done, len(questions), "questions", item, left)

    def result(self) -> EvaluationResult:
        """Of the questions asked so far."""
        rows = list(self._rows)
        return EvaluationResult(
            name=self._name,
            question_set=self._questions.name,
            question_set_sha256=self._questions.sha256,
            when=self._when,
            seconds=self._seconds,
            retrieval_only=self._retrieval_only,
            settings=public_settings(self._youju.settings),
            models=tuple(sorted({public_name(r.answer.model) for r in rows if r.answer and r.answer.model})),
            versions=versions(),
            machine=machine(),
            documents=len(self._infos),
            passages=sum(info.passages for info in self._infos),
            rows=tuple(rows),
            planned=len(self._questions.questions),
            left_out=public_faults(self._questions.left_out),
            overall=_measure(rows),
            by_type={kind: _measure(r for r in rows if r.question.type == kind) for kind in _types(rows)},
        )

    def _ask(self, question: Question) -> _Heard:
        heard = _Heard(rewritten=question.question)
        events: Iterator[Event] | None = None
        try:
            history = [Turn(q) for q in question.history]
            events = self._youju.stream(question.question, history=history, today=question.today)
            for event in events:
                if self._stopped:
                    break
                if isinstance(event, Understood):
                    heard.rewritten = event.query.rewritten
                elif isinstance(event, Found):
                    heard.hits, heard.evidence, heard.retrieve_s = event.hits, event.evidence, event.seconds
                    if self._retrieval_only and not event.provisional:
                        break
                elif isinstance(event, Finished) and not self._retrieval_only:
                    heard.answer, heard.rewritten = event.answer, event.answer.rewritten
                    for citation in event.answer.citations:
                        self._shelf[citation.document_id]  # one that the index does not have is an error too
        except YoujuError as error:
            heard.error = error
        finally:
            if isinstance(events, Generator):
                events.close()  # the model is asked for after the hits: leaving here keeps it from being called
        return heard


class _Shelf(dict[str, Document]):
    """Documents by id, fetched once."""

    def __init__(self, youju: Subject) -> None:
        super().__init__()
        self._youju = youju

    def __missing__(self, document_id: str) -> Document:
        self[document_id] = document = self._youju.document(document_id)
        return document


@dataclass(slots=True)
class _Heard:
    """What a stream told before it ended, broke off or was left."""

    rewritten: str = ""
    hits: tuple[Hit, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    retrieve_s: float | None = None
    answer: Answer | None = None
    error: YoujuError | None = None


def _row(question: Question, golds: tuple[Places, ...], heard: _Heard, shelf: _Shelf, retrieval_only: bool) -> Row:
    return Row(
        question=question,
        rewritten=heard.rewritten,
        hits=heard.hits,
        evidence=heard.evidence,
        answer=heard.answer,
        error=(heard.error.text("zh"), heard.error.text("en")) if heard.error else None,
        lost=not all(golds),
        score=score(
            question,
            golds,
            heard.hits,
            heard.evidence,
            heard.answer,
            shelf,
            failed=heard.error is not None,
            retrieval_only=retrieval_only,
            retrieve_s=heard.retrieve_s,
        ),
    )


def _places(gold: Gold, question: Question, infos: Sequence[DocumentInfo], shelf: _Shelf) -> Places:
    """Where a gold text stands; () if reading the file lost it, which is the program's failure and is measured."""
    named = [info for info in infos if gold.document in (info.name, Path(info.path).name)]
    if not named:
        raise EvaluationError(
            ("索引里没有问题集要用的文章", "the index lacks an article that the question set needs"),
            subject=f"{question.id}: {gold.document}",
            advice=("请先用 youju add 加入", "Add it with youju add first."),
        )
    documents = [shelf[info.id] for info in named]
    places = tuple(place for document in documents for place in locate(document, gold.text))
    if not places and not any(squeeze(gold.text) in squeeze(document.source) for document in documents):
        raise EvaluationError(
            ("证据不是这篇文章里的原文", "the evidence is not in the words of the article"),
            subject=f"{question.id}: {gold.document}",
            advice=("请照原文改正 evidence", "Correct the evidence to the words of the file."),
        )
    return places


def _types(rows: Iterable[Row]) -> list[str]:
    return list(dict.fromkeys(row.question.type for row in rows))


def _measure(rows: Iterable[Row]) -> Metrics:
    return measure([(row.question, row.score) for row in rows])
