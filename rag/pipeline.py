"""The only place that wires the parts together."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from types import TracebackType

import numpy as np

from rag import reembedding
from rag.answer import prompt
from rag.answer.find import retrieve
from rag.asking import Asking, checked_query
from rag.errors import StoreError
from rag.indexing import Indexing, OnProgress, renew_times, timed, window_vectors
from rag.ingest.split import OLDER_SPLITTERS, SPLITTER_VERSION
from rag.models.embedder import Embedder, SentenceEmbedder, open_embedder
from rag.models.llm import ChatModel, open_chat_model
from rag.models.rerank import open_reranker
from rag.models.turns import Precedence
from rag.settings import EmbeddingSettings, Settings
from rag.store.base import Filters, Store, Vectors
from rag.store.embedded import EmbeddedStore, open_store
from rag.store.lent import Lent
from rag.store.named import named
from rag.store.notes import Correction, Notes
from rag.types import (
    Answer,
    ArticleDate,
    Document,
    DocumentInfo,
    Event,
    Finished,
    Found,
    Hit,
    IndexReport,
    Passage,
    Progress,
    Turn,
    Waiting,
)


@dataclass(frozen=True, slots=True)
class Removed:
    """A document as it was taken out of the index, with all that putting it back needs."""

    document: Document
    passages: list[Passage]
    vectors: Vectors  # one row a window
    embedder: str  # fingerprint of what made them
    collection: str  # that it was in; "": none


class Youju:
    """Articles, and answers from them. Safe to use from several threads."""

    def __init__(self, settings: Settings, store: Store, embedder: Embedder, model: ChatModel | None) -> None:
        self.settings = settings
        self._precedence = Precedence()
        self._lent: tuple[Lent, Embedder] = self._lend(store), embedder  # that belong together
        self._model = model
        self._reranker = open_reranker(settings)
        self.notes = Notes(settings.index)  # what people add by hand
        self._endings: list[Callable[[], None]] = []
        self._indexing = threading.Lock()  # what takes long: one at a time
        self._changing = threading.RLock()  # taken after it where both are; what is quick and must see one state
        self._applying = threading.Lock()  # of settings
        self._closed = threading.Event()

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
        store = _open_store(settings.index, embedder, create=create, recreate=rebuild)
        renew_times(store, on_progress)
        return cls(settings, store, embedder, open_chat_model(settings, on_progress=on_progress))

    @property
    def embedder(self) -> Embedder:
        return self._lent[1]

    @property
    def _store(self) -> Store:
        """The present one, for whoever holds ``_indexing`` or ``_changing``: no other takes its place meanwhile."""
        return self._lent[0].store

    @property
    def model(self) -> ChatModel | None:
        """The language model; None where quotations are all there is."""
        return self._model

    def apply(self, settings: Settings) -> None:
        """Answer with other settings from now on; index and embedding model stay as they were opened.

        Another language model takes the place of the one there is, which ends: an answer that it is just writing
        breaks off. Raises SettingsError; then nothing has changed.
        """
        ended = None
        with self._applying:
            old = self.settings
            if settings.llm.model_copy(update={"evidence_tokens": old.llm.evidence_tokens}) != old.llm:
                ended, self._model = self._model, open_chat_model(settings)
            if settings.retrieval.reranker != old.retrieval.reranker:
                self._reranker = open_reranker(settings)
            self.settings = settings
        if ended is not None:
            ended.close()

    # -- articles ---------------------------------------------------------------------------------------------------

    def add(
        self,
        paths: Sequence[Path],
        *,
        collection: str = "",
        forget: bool = False,
        on_progress: OnProgress | None = None,
    ) -> IndexReport:
        """Index files and folders. What cannot be read is reported, and the rest goes on.

        A file whose bytes are known already is left alone. Files that are gone from a folder given here are removed;
        not so where the folder cannot be read, nor where more than half of it is gone at once (a drive may be missing):
        those are named in ``kept`` of the report. ``forget``: more than half, too.
        ``collection``: a name to put all these articles under; "" leaves them under the one they have.
        """
        with self._indexing, self._store.batch():
            indexing = Indexing(self._store, self.embedder, self._courteous(on_progress), self.notes, self._give_way)
            return indexing.run(paths, collection, forget=forget)

    def change_embedder(
        self,
        wanted: EmbeddingSettings,
        *,
        on_progress: OnProgress | None = None,
        on_ready: Callable[[], None] | None = None,
    ) -> None:
        """Embed all articles anew, as they stand in the index, and work with the model ``wanted`` from then on.

        Until the last one is done, all goes on with what there was; so it does after anything that is raised, by the
        callbacks too. ``on_ready`` is called when nothing is left to do but to take the old one's place. Other programs
        must open the index again. Raises ModelError, StoreError.
        """
        settings = self.settings.model_copy(update={"embedding": wanted})
        embedder = open_embedder(settings, on_progress=on_progress)
        made, tell = settings.index / reembedding.FOLDER, self._courteous(on_progress)
        with self._indexing:
            try:
                with _open_store(made, embedder, recreate=True) as new:
                    reembedding.copy(self._store, new, embedder, tell)
                    while not self._take_over(embedder, new, wanted, on_ready):
                        reembedding.copy(self._store, new, embedder, tell)
            finally:
                shutil.rmtree(made, ignore_errors=True)

    def _take_over(
        self,
        embedder: Embedder,
        new: EmbeddedStore,
        wanted: EmbeddingSettings,
        on_ready: Callable[[], None] | None,
    ) -> bool:
        """False where an article has come or changed meanwhile."""
        with self._changing:
            retired, _ = self._lent
            old = retired.store
            with old.batch(), old.reading():
                if not reembedding.settle(old, new):
                    return False
                if on_ready is not None:
                    on_ready()
                new.close()
                reembedding.replace(self.settings.index, new.folder)
            self._lent = self._lend(_open_store(self.settings.index, embedder)), embedder
            with self._applying:
                self.settings = self.settings.model_copy(update={"embedding": wanted})
        retired.retire()
        return True

    def remove(self, name: str) -> bool:
        """Forget the document of that name, path or id. False if there is none.

        Raises QuestionError where several bear the name, with their paths; then none is forgotten.
        """
        with self._changing:
            info = named(name, self.documents())
            return info is not None and self._store.remove(info.id)

    def correct(self, document_id: str, title: str, when: ArticleDate | None) -> None:
        """Set an article's title and date by hand, also for whenever its file is read again.

        今年 and 昨日 in it are counted from the new date at once; nothing is embedded.
        """
        while True:
            whole = self._whole(document_id)
            passages = timed([replace(passage, title=title) for passage in whole.passages], when)
            with self._changing:
                if not self._stands(whole):
                    continue  # it was indexed again meanwhile
                self.notes.correct(document_id, Correction(title, when))
                self._store.put(replace(whole.document, title=title, date=when), passages, whole.vectors)
                return

    def take_out(self, document_id: str) -> Removed:
        """Forget a document, and give back what ``put_back`` needs. Raises StoreError if it is not there."""
        with self._changing:
            whole = self._whole(document_id)
            self._store.remove(document_id)
            return whole

    def put_back(self, removed: Removed) -> None:
        vectors, made_by = removed.vectors, removed.embedder
        while True:
            with self._changing:
                embedder = self.embedder
                if made_by == embedder.fingerprint:
                    self._store.put(removed.document, removed.passages, vectors)
                    if removed.collection:
                        self._store.label([removed.document.id], removed.collection)
                    return
            vectors, made_by = window_vectors(removed.passages, embedder), embedder.fingerprint

    def label(self, document_ids: Sequence[str], collection: str) -> None:
        """Put documents into a collection, in place of the one they were in; "": into none."""
        with self._changing:
            self._store.label(document_ids, collection)

    def documents(self) -> list[DocumentInfo]:
        with self._using() as (store, _):
            return store.documents()

    def collections(self) -> dict[str, list[str]]:
        """Name of each collection → ids of its documents."""
        with self._using() as (store, _):
            return store.collections()

    def document(self, document_id: str) -> Document:
        with self._using() as (store, _):
            return store.document(document_id)

    # -- questions --------------------------------------------------------------------------------------------------

    def search(
        self, text: str, *, k: int | None = None, today: date | None = None, filters: Filters | None = None
    ) -> list[Hit]:
        """The ``k`` best passages (default ``settings.retrieval.top_k``) of what ``filters`` allow, best first."""
        query = checked_query(text, (), today)
        wanted = self.settings.retrieval
        with self._using() as (store, embedder), self._precedence.question():
            vector = retrieve.query_vector(query, embedder)
            return retrieve.retrieve(
                query,
                vector,
                store,
                k=k or wanted.top_k,
                candidates=wanted.candidates,
                filters=filters,
                reranker=self._reranker,
            )

    def ask(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        today: date | None = None,
        filters: Filters | None = None,
    ) -> Answer:
        """The checked answer: the last event of ``stream``."""
        *_, last = self.stream(question, history=history, today=today, filters=filters)
        assert isinstance(last, Finished)
        return last.answer

    def stream(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        today: date | None = None,
        filters: Filters | None = None,
    ) -> Generator[Event]:
        """Understood, Found, Wrote…, Finished; from the documents that ``filters`` allow. See ``rag.types``.

        Raises QuestionError, ModelError, StoreError.
        """
        with self._using() as (store, embedder):
            if isinstance(embedder, SentenceEmbedder) and not embedder.loaded:
                yield Waiting("loading")
            elif self._indexing.locked():
                yield Waiting("indexing")
            asking = Asking(self.settings, store, embedder, self._model, self._reranker, filters, self._precedence)
            yield from asking.events(question, history, today)

    def warm_up(self) -> None:
        """Load the models now, so that the first question does not wait for them.

        First all that evidence needs, which is what a reader sees first: on two cores both at once are done no sooner.
        """
        with closing(self.stream("预热")) as events:
            next(event for event in events if isinstance(event, Found))
        if self._model is not None:
            self._model.warm_up(prompt.prefix_messages())

    def before_close(self, end: Callable[[], None]) -> None:
        """Have ``end`` called when this is to be closed: whoever works with it in a thread of his own ends there."""
        self._endings.append(end)

    def close(self) -> None:
        """Idempotent. Waits for nothing that takes long: indexing breaks off at its next step, as does what asks a model."""
        self._closed.set()
        while self._endings:
            self._endings.pop()()
        if self._model is not None:
            self._model.close()
        with self._changing:
            self._store.close()
        self.notes.close()

    def __enter__(self) -> Youju:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @contextmanager
    def _using(self) -> Iterator[tuple[Store, Embedder]]:
        """A store to read from and the embedder that belongs to it; another may take their place meanwhile."""
        lent, embedder = self._lent
        while not lent.take():
            lent, embedder = self._lent
        try:
            yield lent.store, embedder
        finally:
            lent.give_back()

    def _courteous(self, tell: OnProgress | None) -> OnProgress:
        """``tell`` for work that takes long, which gives way each time."""

        def told(progress: Progress) -> None:
            self._give_way()
            if tell is not None:
                tell(progress)

        return told

    def _give_way(self) -> None:
        """At each step of what takes long: questions go first, and once this is closed it ends."""
        if self._closed.is_set():
            raise StoreError(("有据已经关闭，没有做完", "Youju was closed before this was done"))
        self._precedence.give_way()

    def _lend(self, store: Store) -> Lent:
        if isinstance(store, EmbeddedStore):
            store.give_way = self._precedence.give_way
        return Lent(store)

    def _whole(self, document_id: str) -> Removed:
        with self._using() as (store, embedder), store.reading():
            document = store.document(document_id)
            ids = [f"{i.id}:{n}" for i in store.documents({document_id}) for n in range(i.passages)]
            vectors = [np.empty((0, embedder.dimension), np.float32), *store.window_vectors(ids)]
            collection = next((name for name, held in store.collections().items() if document_id in held), "")
            made_by = embedder.fingerprint
            return Removed(document, store.passages(ids), np.concatenate(vectors), made_by, collection)

    def _stands(self, whole: Removed) -> bool:
        """Is a document still as it was read?"""
        same = whole.embedder == self.embedder.fingerprint
        return same and self._store.document(whole.document.id) == whole.document


def _open_store(folder: Path, embedder: Embedder, *, create: bool = False, recreate: bool = False) -> EmbeddedStore:
    return open_store(
        folder,
        embedder_name=embedder.name,
        embedder_fingerprint=embedder.fingerprint,
        dimension=embedder.dimension,
        splitter_version=SPLITTER_VERSION,
        older_splitters=OLDER_SPLITTERS,
        create=create,
        recreate=recreate,
    )
