"""One question, from its words to the checked answer: what ``Youju.stream`` does."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from itertools import zip_longest

import numpy as np
import numpy.typing as npt
from langchain_core.messages import BaseMessage

from rag.answer import cite, compose, notes, offer, prompt, refuse, repair, second_look
from rag.answer.conflict.correction import with_corrections
from rag.answer.conflict.find import rivals
from rag.answer.counted import counted
from rag.answer.find import evidence, retrieve
from rag.answer.lookup import looked_up
from rag.answer.notes import Note
from rag.answer.question import spelling, translate
from rag.answer.question.parts import Working, split_question
from rag.answer.question.query import understand
from rag.answer.text.shape import loop
from rag.errors import QuestionError
from rag.models.embedder import Embedder
from rag.models.llm import ChatModel, chance, estimate_tokens, stream_text
from rag.models.rerank import Reranker
from rag.models.turns import Precedence
from rag.settings import Settings
from rag.store.base import Filters, Store, Vectors
from rag.types import (
    Answer,
    Document,
    Event,
    Evidence,
    Finished,
    Found,
    Hit,
    Query,
    Timings,
    Turn,
    Understood,
    Verdict,
    Waiting,
    Wrote,
)

MAX_QUESTION = 2000  # characters; longer ones are pasted articles, not questions
# Of the evidence that a question may have, what each of its parts may: a part asks for one thing.
PART_SHARE = 0.6
SPELT_AFTER = 5  # passages whose words a misspelt name is looked for in


@dataclass(frozen=True, slots=True)
class Sought:
    """What one wording of a question brought."""

    query: Query
    vector: npt.NDArray[np.float32]  # shape (dimension,)
    hits: list[Hit]
    windows: list[Vectors]  # of each hit

    @property
    def texts(self) -> list[str]:
        """Where names are looked for, best first."""
        return [f"{hit.title}\n{hit.passage.text}" for hit in self.hits]


@dataclass(frozen=True, slots=True)
class Grounds:
    """All that an answer to one question may rest on."""

    query: Query
    hits: list[Hit]
    evidence: list[Evidence]
    estimate: float  # probability that the evidence answers


class Asking:
    """Holds what answering one question needs; made anew for each."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        embedder: Embedder,
        model: ChatModel | None,
        reranker: Reranker | None = None,
        filters: Filters | None = None,
        precedence: Precedence | None = None,
    ) -> None:
        self._settings, self._store, self._embedder, self._model = settings, store, embedder, model
        self._reranker, self._filters = reranker, filters
        self._precedence = precedence or Precedence()
        self._started = time.perf_counter()
        self._first_token: float | None = None
        self._retrieved = 0.0

    def events(self, question: str, history: Sequence[Turn], today: date | None) -> Iterator[Event]:
        """Understood, Found, Wrote…, Finished; the first two once more behind a translation."""
        query = checked_query(question, history, today)
        sought, spelt = self._seek(query), spelling.Spelling(query.rewritten)
        if translate.is_foreign(query.rewritten) and self._model is not None:
            # What the vectors find is shown before the model is asked for a translation, which may take it a minute.
            yield Understood(query)
            yield self._found(self._grounds(sought), provisional=True)
            yield from self._until_ready()
            query = translate.translated(query, self._ask_shortly, sought.texts[:SPELT_AFTER])
        elif not translate.is_foreign(query.rewritten):
            spelt = spelling.mended(query.rewritten, sought.texts)
            query = replace(query, rewritten=spelt.question)
        if query != sought.query:
            sought = self._seek(query)
        yield Understood(query)
        whole = self._grounds(sought)
        if spelt.namesakes:
            yield self._found(whole)
            yield Finished(self._unknown(whole, spelt.namesakes))
            return
        parts = split_question(query)
        tasks = _numbered([self._grounds(self._seek(part.query), PART_SHARE) for part in parts.parts]) if parts else []
        whole = _joined(whole, tasks) if tasks else whole
        yield self._found(whole)
        short: offer.Offer | None = None
        if parts is None:
            final = yield from self._settle(whole)
        elif parts.working is Working.NOTHING:  # read at once; asked apart is only what that leaves out
            final = yield from self._settle(whole)
            left = compose.unspoken(parts, final)
            more = yield from self._settle_each([task for task in tasks if task.query in [p.query for p in left]])
            final = compose.completed(final, list(zip(left, more, strict=True)), chinese=refuse.is_chinese(query))
        else:
            apart = yield from self._settle_each(tasks)
            final, short = compose.combine(parts, apart), compose.short_of(parts, apart)
            if not final.sentences:
                again = yield from self._settle(whole)
                final = final if compose.unspoken(parts, again) else again
        said = [notes.spelt(typed, right) for typed, right in spelt.changes.items()]
        final = repair.Settled(final.sentences, [*said, *final.notes])
        yield Finished(
            self._answer(query, whole.hits, final) if final.sentences else self._refusal(whole, final, short)
        )

    def _found(self, whole: Grounds, *, provisional: bool = False) -> Found:
        self._retrieved = time.perf_counter() - self._started
        return Found(tuple(whole.hits), tuple(whole.evidence), self._retrieved, provisional)

    def _ask_shortly(self, messages: Sequence[BaseMessage]) -> Iterator[str]:
        assert self._model is not None
        return stream_text(self._model, messages, max_tokens=translate.MAX_TOKENS)

    def _seek(self, query: Query) -> Sought:
        """Embed the question and retrieve: what takes long, and is done once for each wording of it."""
        wanted = self._settings.retrieval
        with self._precedence.question():
            vector = retrieve.query_vector(query, self._embedder)
            found = retrieve.retrieve_windows(
                query,
                vector,
                self._store,
                k=wanted.top_k,
                candidates=wanted.candidates,
                filters=self._filters,
                reranker=self._reranker,
            )
        return Sought(query, vector, [hit for hit, _ in found], [windows for _, windows in found])

    def _grounds(self, sought: Sought, share: float = 1.0) -> Grounds:
        """``share``: of the tokens that evidence may have."""
        query, hits = sought.query, sought.hits
        with self._precedence.question():
            ranked = evidence.rank_sentences(query, hits, sought.vector, sought.windows)
            count: Callable[[str], int] = estimate_tokens if self._model else len
            budget = int(self._settings.llm.evidence_tokens * share)
            packed = evidence.pack(ranked, query, budget=budget, count_tokens=count)
            packed = with_corrections(query, [*packed, *rivals(query, packed, hits)], hits)
            return Grounds(query, hits, packed, refuse.answerable(query, refuse.features(query, hits, ranked)))

    def _settle(self, task: Grounds) -> Generator[Event, None, repair.Settled]:
        """What can be said from the evidence; nothing, where it does not answer."""
        if quotes := looked_up(task.query, task.evidence):
            return compose.with_conflicts(repair.Settled(quotes), task.query, task.evidence)
        least = self._settings.answer.refuse_below
        if task.evidence:
            yield from self._until_ready()
        if not task.evidence or (task.estimate < least and not self._may_answer(task)):
            return repair.Settled([])
        task = replace(task, estimate=max(task.estimate, least))
        if self._model is None:
            found = repair.settle_extract(task.query, task.evidence, task.estimate)
            return compose.with_conflicts(found, task.query, task.evidence)
        raw, cut = "", list[Note]()
        with closing(stream_text(self._model, prompt.answer_messages(task.query, task.evidence))) as pieces:
            for piece in pieces:
                self._first_token = self._first_token or time.perf_counter() - self._started
                raw += piece
                yield Wrote(piece)
                if (end := loop(raw)) is not None:
                    raw, cut = raw[:end], [notes.LOOP]
                    break
        checked = self._checked(raw, task)
        settled = repair.settle(checked, task.query, task.evidence, task.estimate, partial(self._look, task.query))
        if repair.may_be_mended(checked, settled, task.query, task.estimate):
            settled = self._mended(task, raw, checked) or settled
        if not settled.sentences and (number := counted(task.query, task.evidence, task.hits)):
            settled = repair.Settled([number], [notes.COUNTED])
        settled = repair.Settled(settled.sentences, [*cut, *settled.notes])
        return compose.with_conflicts(settled, task.query, task.evidence)

    def _until_ready(self) -> Iterator[Waiting]:
        if self._model is not None and not self._model.ready:
            yield Waiting("starting")

    def _may_answer(self, task: Grounds) -> bool:
        """Does the model find an answer where words alone find too little?"""
        return self._model is not None and self._look(task.query, task.evidence) >= second_look.ANSWERS

    def _checked(self, raw: str, task: Grounds) -> list[cite.Checked]:
        return cite.check_answer(raw, task.evidence, task.query.rewritten, task.query.year, task.query.today)

    def _look(self, query: Query, evidence: Sequence[Evidence]) -> float:
        assert self._model is not None
        return chance(
            self._model, second_look.answers_messages(query, evidence), yes=second_look.YES, no=second_look.NO
        )

    def _mended(self, task: Grounds, raw: str, checked: Sequence[cite.Checked]) -> repair.Settled | None:
        """What the model makes of it once it is told its faults; None unless that holds, and still answers."""
        assert self._model is not None
        messages = second_look.mend_messages(task.query, task.evidence, raw, second_look.faults(checked))
        again = self._checked("".join(stream_text(self._model, messages)), task)
        settled = repair.settle(again, task.query, task.evidence, task.estimate, least=repair.SURE)
        cited = [source for item in settled.sentences for source in item.evidence]
        if not cited or any(item.sentence.verdict is not Verdict.SUPPORTED for item in settled.sentences):
            return None
        if (
            self._look(task.query, cited) < second_look.ANSWERS
        ):  # told its fault, a model says what is true, asked or not
            return None
        return repair.Settled(settled.sentences, [notes.MENDED, *settled.notes])

    def _settle_each(self, tasks: Sequence[Grounds]) -> Generator[Event, None, list[repair.Settled]]:
        settled: list[repair.Settled] = []
        for task in tasks:
            settled += [(yield from self._settle(task))]
        return settled

    def _answer(self, query: Query, hits: Sequence[Hit], settled: repair.Settled) -> Answer:
        sentences = tuple(item.sentence for item in settled.sentences)
        return Answer(
            question=query.text,
            rewritten=query.rewritten,
            text=cite.with_markers(sentences),
            refused=False,
            citations=cite.citations(settled.sentences, self._documents(settled.sentences)),
            sentences=sentences,
            hits=tuple(hits),
            timings=self._timings(),
            model=self._model.name if self._model else "",
            note=notes.told(
                [*settled.notes, *compose.told_times(query, settled.sentences)], chinese=refuse.is_chinese(query)
            ),
        )

    def _refusal(self, whole: Grounds, settled: repair.Settled, short: offer.Offer | None = None) -> Answer:
        query = whole.query
        nearest = short or offer.offer(query, whole.evidence, whole.estimate)
        return self._declined(
            whole, refuse.wording(query, nearest), settled.notes or [notes.NOT_FOUND], [nearest.item] if nearest else []
        )

    def _unknown(self, whole: Grounds, namesakes: Mapping[str, Sequence[str]]) -> Answer:
        """A name that the articles do not know is not answered for by one that sounds like it."""
        known = [name for alike in namesakes.values() for name in alike]
        near = offer.speaking_of(known, whole.hits, whole.query)
        return self._declined(whole, refuse.unknown_name(whole.query, namesakes), [], near)

    def _declined(self, whole: Grounds, text: str, told: Sequence[Note], near: Sequence[cite.Checked]) -> Answer:
        query = whole.query
        return Answer(
            question=query.text,
            rewritten=query.rewritten,
            text=text,
            refused=True,
            citations=(),
            sentences=(),
            hits=tuple(whole.hits),
            timings=self._timings(),
            model=self._model.name if self._model and self._first_token else "",
            note=notes.told([*told, *compose.told_times(query, ())], chinese=refuse.is_chinese(query)),
            near=cite.citations(near, self._documents(near)),
        )

    def _documents(self, sentences: Sequence[cite.Checked]) -> dict[str, Document]:
        """Those that the sentences rest on, by id."""
        cited = {item.hit.passage.document_id for checked in sentences for item in checked.evidence}
        with self._store.reading():
            return {key: self._store.document(key) for key in cited}

    def _timings(self) -> Timings:
        return Timings(self._retrieved, self._first_token, time.perf_counter() - self._started)


def checked_query(text: str, history: Sequence[Turn], today: date | None) -> Query:
    """The question made whole. Raises QuestionError for an empty or an endless one."""
    if not text.strip():
        raise QuestionError(("问题是空的", "the question is empty"))
    if len(text) > MAX_QUESTION:
        raise QuestionError(
            (
                f"问题太长（{len(text)} 字，最多 {MAX_QUESTION} 字）",
                f"the question is too long ({len(text)} characters, at most {MAX_QUESTION})",
            ),
            advice=(
                "请把要问的话写短；文章请用 youju index 收进来。",
                "Ask in fewer words; index articles with youju index.",
            ),
        )
    return understand(text, history, today)


def _numbered(tasks: Sequence[Grounds]) -> list[Grounds]:
    """Quotations numbered through all tasks; what stands in several has one number."""
    numbers: dict[tuple[str, int, int], int] = {}
    found = []
    for task in tasks:
        items = [
            replace(
                item,
                marker=numbers.setdefault((item.hit.passage.document_id, item.start, item.end), len(numbers) + 1),
            )
            for item in task.evidence
        ]
        found.append(replace(task, evidence=items))
    return found


def _joined(whole: Grounds, tasks: Sequence[Grounds]) -> Grounds:
    """The whole question with what was found for each of its parts, best first of each in turn."""
    hits = {hit.passage.id: hit for row in zip_longest(*(task.hits for task in tasks)) for hit in row if hit}
    quotations = {item.marker: item for task in tasks for item in task.evidence}
    estimate = max(whole.estimate, min(task.estimate for task in tasks))
    return Grounds(whole.query, list(hits.values()), [quotations[n] for n in sorted(quotations)], estimate)
