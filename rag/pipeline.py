"""The only place that wires the parts together."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import TracebackType

from rag.answer import cite, evidence, prompt, refuse, repair, retrieve, translate
from rag.answer.query import understand
from rag.answer.times import times
from rag.errors import IngestError, QuestionError
from rag.ingest import find_files, load_document
from rag.ingest.split import SPLITTER_VERSION, split
from rag.models.embedder import Embedder, open_embedder
from rag.models.llm import ChatModel, open_chat_model, stream_text
from rag.settings import Settings
from rag.store.base import Store, Vectors
from rag.store.embedded import open_store
from rag.types import (
    Answer,
    Document,
    DocumentInfo,
    Event,
    Evidence,
    Finished,
    Found,
    Hit,
    IndexReport,
    Passage,
    Progress,
    Query,
    Timings,
    Turn,
    Understood,
    Wrote,
)

OnProgress = Callable[[Progress], None]
MAX_QUESTION = 2000  # characters; longer ones are pasted articles, not questions


@dataclass(frozen=True, slots=True)
class _Grounds:
    """All that an answer to one question may rest on."""

    hits: list[Hit]
    evidence: list[Evidence]
    documents: dict[str, Document]
    features: refuse.Features
    seconds: float


class Youju:
    """Articles, and answers from them. Safe to use from several threads."""

    def __init__(self, settings: Settings, store: Store, embedder: Embedder, model: ChatModel | None) -> None:
        self.settings = settings
        self._store = store
        self._embedder = embedder
        self._model = model

    @classmethod
    def open(
        cls,
        settings: Settings,
        *,
        create: bool = False,
        rebuild: bool = False,
        on_progress: OnProgress | None = None,
    ) -> Youju:
        """Open the index at ``settings.index``.

        ``create``: make one where there is none; ``rebuild``: throw away what is there first. Raises IndexMissing,
        IndexMismatch, StoreError, ModelError.
        """
        embedder = open_embedder(settings, on_progress=on_progress)
        store = open_store(
            settings.index,
            embedder_name=embedder.name,
            embedder_fingerprint=embedder.fingerprint,
            dimension=embedder.dimension,
            splitter_version=SPLITTER_VERSION,
            create=create,
            recreate=rebuild,
        )
        return cls(settings, store, embedder, open_chat_model(settings, on_progress=on_progress))

    # -- articles ---------------------------------------------------------------------------------------------------

    def add(self, paths: Sequence[Path], *, on_progress: OnProgress | None = None) -> IndexReport:
        """Index files and folders. What cannot be read is reported, and the rest goes on.

        A file whose bytes are known already is left alone. Files that are gone from a folder given here are removed.
        """
        with self._store.batch():
            return _Indexing(self._store, self._embedder, on_progress).run(paths)

    def remove(self, name: str) -> bool:
        """Forget the document of that name, path or id. False if there is none."""
        path = str(Path(name).absolute())
        for info in self.documents():
            if name in (info.name, info.id) or path == info.path:
                return self._store.remove(info.id)
        return False

    def documents(self) -> list[DocumentInfo]:
        return self._store.documents()

    def document(self, document_id: str) -> Document:
        return self._store.document(document_id)

    # -- questions --------------------------------------------------------------------------------------------------

    def search(self, text: str, *, k: int | None = None, today: date | None = None) -> list[Hit]:
        """The ``k`` best passages (default ``settings.retrieval.top_k``), best first."""
        query = _query(text, (), today)
        vector = retrieve.query_vector(query, self._embedder)
        wanted = self.settings.retrieval
        with self._store.reading():
            return retrieve.retrieve(query, vector, self._store, k=k or wanted.top_k, candidates=wanted.candidates)

    def ask(self, question: str, *, history: Sequence[Turn] = (), today: date | None = None) -> Answer:
        """The checked answer: the last event of ``stream``."""
        *_, last = self.stream(question, history=history, today=today)
        assert isinstance(last, Finished)
        return last.answer

    def stream(self, question: str, *, history: Sequence[Turn] = (), today: date | None = None) -> Iterator[Event]:
        """Understood, Found, Wrote…, Finished. Raises QuestionError, ModelError, StoreError."""
        started = time.perf_counter()
        query = _query(question, history, today)
        if self._model is not None and translate.is_foreign(query.rewritten):
            model = self._model
            query = translate.translated(query, lambda m: stream_text(model, m, max_tokens=translate.MAX_TOKENS))
        yield Understood(query)
        grounds = self._grounds(query, started)
        yield Found(tuple(grounds.hits), tuple(grounds.evidence), grounds.seconds)
        estimate = refuse.answerable(query, grounds.features)
        if estimate < self.settings.answer.refuse_below or not grounds.evidence:
            yield Finished(self._refusal(query, grounds, started))
            return
        first_token: float | None = None
        if self._model is None:
            settled = repair.settle_extract(query, grounds.evidence, estimate)
        else:
            raw = ""
            for piece in stream_text(self._model, prompt.answer_messages(query, grounds.evidence)):
                first_token = first_token or time.perf_counter() - started
                raw += piece
                yield Wrote(piece)
            checked = cite.check_answer(raw, grounds.evidence, query.rewritten, query.year)
            settled = repair.settle(checked, query, grounds.evidence, estimate)
        if settled.sentences:
            yield Finished(self._answer(query, grounds, settled, first_token, started))
        else:
            yield Finished(self._refusal(query, grounds, started, first_token, settled.notes))

    def warm_up(self) -> None:
        """Load the models now, so that the first question does not wait for them."""
        embedding = threading.Thread(target=self._embedder.embed_query, args=("预热",), daemon=True)
        embedding.start()
        if self._model is not None:
            self._model.warm_up(prompt.prefix_messages())
        embedding.join()

    def close(self) -> None:
        if self._model is not None:
            self._model.close()
        self._store.close()

    def __enter__(self) -> Youju:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _grounds(self, query: Query, started: float) -> _Grounds:
        vector = retrieve.query_vector(query, self._embedder)
        wanted = self.settings.retrieval
        with self._store.reading():
            hits = retrieve.retrieve(query, vector, self._store, k=wanted.top_k, candidates=wanted.candidates)
            windows = self._store.window_vectors([hit.passage.id for hit in hits])
            documents = {hit.passage.document_id: self.document(hit.passage.document_id) for hit in hits}
        ranked = evidence.rank_sentences(query, hits, vector, windows)
        count = self._model.count_tokens if self._model else len
        packed = evidence.pack(ranked, query, budget=self.settings.llm.evidence_tokens, count_tokens=count)
        found = refuse.features(query, hits, ranked)
        return _Grounds(hits, packed, documents, found, time.perf_counter() - started)

    def _answer(
        self, query: Query, grounds: _Grounds, settled: repair.Settled, first_token: float | None, started: float
    ) -> Answer:
        sentences = tuple(item.sentence for item in settled.sentences)
        return Answer(
            question=query.text,
            rewritten=query.rewritten,
            text=cite.with_markers(sentences),
            refused=False,
            citations=cite.citations(settled.sentences, grounds.documents),
            sentences=sentences,
            hits=tuple(grounds.hits),
            timings=Timings(grounds.seconds, first_token, time.perf_counter() - started),
            model=self._model.name if self._model else "",
            note="；".join([*settled.notes, *_told_time(query, settled.sentences)]),
        )

    def _refusal(
        self,
        query: Query,
        grounds: _Grounds,
        started: float,
        first_token: float | None = None,
        notes: Sequence[str] = (),
    ) -> Answer:
        return Answer(
            question=query.text,
            rewritten=query.rewritten,
            text=refuse.wording(query),
            refused=True,
            citations=(),
            sentences=(),
            hits=tuple(grounds.hits),
            timings=Timings(grounds.seconds, first_token, time.perf_counter() - started),
            model=self._model.name if self._model and first_token else "",
            note="；".join(notes) or "找到的段落里没有能回答这个问题的话",
        )


class _Indexing:
    """One run of indexing: counts, reports, goes on past what cannot be read."""

    def __init__(self, store: Store, embedder: Embedder, on_progress: OnProgress | None) -> None:
        self._store, self._embedder, self._tell = store, embedder, on_progress or (lambda _: None)
        self._started = time.monotonic()

    def run(self, paths: Sequence[Path]) -> IndexReport:
        added: list[str] = []
        replaced: list[str] = []
        unchanged: list[str] = []
        failed: list[tuple[str, str]] = []
        files: list[Path] = []
        for path in paths:
            try:
                files += find_files([path])
            except IngestError as error:
                failed.append((str(path), error.text("zh")))
        known = {info.path: info for info in self._store.documents()}
        removed = self._forget_missing(paths, files, known)
        for number, file in enumerate(files):
            self._tell(Progress("read", number, len(files), "files", file.name, self._left(number, len(files))))
            try:
                document = load_document(file)
            except IngestError as error:
                failed.append((str(file), error.text("zh")))
                continue
            old = known.get(document.path)
            if old is not None and old.sha256 == document.sha256:
                unchanged.append(document.name)
                continue
            passages = split(document)
            self._store.put(document, passages, self._vectors(document, passages))
            (replaced if old is not None else added).append(document.name)
        self._tell(Progress("read", len(files), len(files), "files", "", 0.0))
        return IndexReport(tuple(added), tuple(replaced), tuple(unchanged), tuple(removed), tuple(failed))

    def _vectors(self, document: Document, passages: Sequence[Passage]) -> Vectors:
        """One row a window. What stands twice (overlaps, refrains, a line repeated a thousand times) is embedded once."""
        texts = [passage.slice(window) for passage in passages for window in passage.windows]
        places = {text: place for place, text in enumerate(dict.fromkeys(texts))}
        started = time.monotonic()

        def tell(done: int) -> None:
            left = (time.monotonic() - started) / done * (len(places) - done) if done else None
            self._tell(Progress("embed", done, len(places), "windows", document.name, left))

        vectors = self._embedder.embed_passages(list(places), on_progress=tell)
        return vectors[[places[text] for text in texts]]

    def _forget_missing(
        self, paths: Sequence[Path], files: Sequence[Path], known: dict[str, DocumentInfo]
    ) -> list[str]:
        """A folder indexed again speaks for all that is in it: what is gone from there is gone from the index."""
        folders = [path.absolute() for path in paths if path.is_dir()]
        present = {str(file.absolute()) for file in files}
        gone = [
            info
            for path, info in known.items()
            if path not in present and any(Path(path).is_relative_to(folder) for folder in folders)
        ]
        for info in gone:
            self._store.remove(info.id)
        return [info.name for info in gone]

    def _left(self, done: int, total: int) -> float | None:
        spent = time.monotonic() - self._started
        return spent / done * (total - done) if done else None


def _told_time(query: Query, shown: Sequence[cite.Checked]) -> list[str]:
    """Where nobody said on which day the question is asked, 今年 is taken as the articles mean it: say so."""
    said = [time.text for time in times(query.rewritten, None) if not time.explicit]
    years = {item.hit.date.value.year for sentence in shown for item in sentence.evidence if item.hit.date}
    if query.year is not None or not said or len(years) != 1:
        return []
    return [f"“{said[0]}”按文章的日期（{years.pop()}年）理解"]


def _query(text: str, history: Sequence[Turn], today: date | None) -> Query:
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
