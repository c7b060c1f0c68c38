"""Files and folders → the store: what ``Youju.add`` does."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import accumulate
from pathlib import Path

from rag.answer.when import kept
from rag.errors import IngestError
from rag.ingest import SUFFIXES, document_id, load_document
from rag.ingest.given import problems
from rag.ingest.hollow import hardly_any, no_article
from rag.ingest.missing import missing
from rag.ingest.names import readable
from rag.ingest.split import split
from rag.ingest.walk import find_files
from rag.models.embedder import Embedder
from rag.progress import Estimate
from rag.store.base import Store, Vectors
from rag.store.embedded import EmbeddedStore
from rag.store.notes import Notes
from rag.types import ArticleDate, Document, DocumentInfo, IndexReport, Passage, Progress

OnProgress = Callable[[Progress], None]
_SHRUNK = 10  # times shorter than before: an update to be looked at
_SHORT = 20  # characters


class Indexing:
    """One run: counts, reports, goes on past what cannot be read."""

    def __init__(
        self,
        store: Store,
        embedder: Embedder,
        on_progress: OnProgress | None,
        notes: Notes,
        pause: Callable[[], None] = lambda: None,
    ) -> None:
        """``pause``: called at each step of what takes long, to let others go first."""
        self._store, self._embedder, self._tell = store, embedder, on_progress or (lambda _: None)
        self._notes, self._pause = notes, pause

    def run(self, paths: Sequence[Path], collection: str, *, forget: bool = False) -> IndexReport:
        """``forget``: also, without asking, what is gone from a folder too many at once."""
        read: list[str] = []  # ids
        sums: set[str] = set()
        added: list[str] = []
        replaced: list[str] = []
        unchanged: list[str] = []
        found = find_files(paths, SUFFIXES)
        failed, noted = _reasons(found.failed), _reasons(found.passed)
        known = {info.id: info for info in self._store.documents()}
        estimate = Estimate([(_size(file), document_id(file) not in known) for file in found.files])
        for number, file in enumerate(found.files):
            estimate.begin(number)
            self._tell(Progress("read", number, len(found.files), "files", readable(file.name), estimate.left()))
            warnings: list[IngestError] = []
            try:
                document = load_document(file, warn=warnings.append)
            except IngestError as error:
                failed += _reasons([error])
                estimate.end(embedded=False)
                continue
            sums.add(document.sha256)
            old = known.get(document.id)
            if old is None or old.sha256 != document.sha256:
                try:
                    warnings += self._worth(document, old, readable(str(file)))
                except IngestError as error:
                    failed += _reasons([error])
                    estimate.end(embedded=False)
                    continue
            read.append(document.id)
            correction = self._notes.correction(document.id)
            if correction:
                document = replace(document, title=correction.title, date=correction.date)
            # a title or a date may come from a sidecar, and change while the file does not
            if (
                old is not None
                and (old.sha256, old.title, old.date)
                == (
                    document.sha256,
                    document.title,
                    document.date,
                )
                and self._split_alike(document, old)
            ):
                unchanged.append(document.name)
                estimate.end(embedded=False)
                continue
            noted += _reasons(warnings)
            passages = timed(split(document), document.date, self._pause)
            self._store.put(document, passages, self._vectors(document, passages, estimate))
            estimate.end(embedded=True)
            (replaced if old is not None else added).append(document.name)
        failed += _reasons(problems(found.files))
        away = missing(found, list(known.values()), sums)
        removed = [*away.gone, *(away.doubtful if forget else ())]
        for info in removed:
            self._store.remove(info.id)
        told = {path for path, _ in failed}
        failed += _reasons(_out_of_sight(path, count) for path, count in away.unseen.items() if path not in told)
        if collection:
            self._store.label(read, collection)
        self._tell(Progress("read", len(found.files), len(found.files), "files", "", 0.0))
        return IndexReport(
            tuple(added),
            tuple(replaced),
            tuple(unchanged),
            tuple(info.name for info in removed),
            tuple(failed),
            tuple(noted),
            () if forget else tuple(away.doubtful),
        )

    def _worth(self, document: Document, old: DocumentInfo | None, subject: str) -> list[IngestError]:
        """What is to be said of a new article. Raises IngestError for one that is none, and that must not replace one."""
        kept = ("原来的一篇还留着", "The earlier one is kept")
        reason = no_article(document.text) or no_article(document.source)
        if reason is not None:
            again = ("请打开网页另存正文", "Open the page and save the article itself")
            raise IngestError(reason, subject=subject, advice=again if old is None else kept)
        if hardly_any(document.text):
            short = (f"只有“{document.text[:40]}”，不像一篇文章", f"only “{document.text[:40]}”: hardly an article")
            if old is not None and not hardly_any(self._store.document(old.id).text):
                raise IngestError(short, subject=subject, advice=kept)
            return [IngestError(short, subject=subject, advice=("已照常收进来", "It was indexed all the same"))]
        if old is not None and old.characters > _SHRUNK * max(len(document.text), _SHORT):
            shrunk = (
                f"从 {old.characters} 字缩成 {len(document.text)} 字",
                f"shrank from {old.characters} to {len(document.text)} characters",
            )
            return [IngestError(shrunk, subject=subject, advice=("已照常更新，请核对", "It was updated; please check"))]
        return []

    def _split_alike(self, document: Document, old: DocumentInfo) -> bool:
        """Are the passages of an unchanged file in the index those that it would give today?"""
        there = self._store.passages([f"{old.id}:{number}" for number in range(old.passages)])
        return [replace(passage, times=None) for passage in there] == list(split(document))

    def _vectors(self, document: Document, passages: Sequence[Passage], estimate: Estimate) -> Vectors:
        def tell(done: int, total: int, share: float) -> None:
            self._tell(Progress("embed", done, total, "windows", document.name, estimate.left(share)))

        return window_vectors(passages, self._embedder, tell)


def window_vectors(
    passages: Sequence[Passage], embedder: Embedder, on_progress: Callable[[int, int, float], None] | None = None
) -> Vectors:
    """One row a window. What stands twice (overlaps, refrains, a line repeated a thousand times) is embedded once.

    ``on_progress`` is told how many are done, of how many, and what share of the work that is, 0…1.
    """
    texts = [passage.embedded(window) for passage in passages for window in passage.windows]
    places = {text: place for place, text in enumerate(dict.fromkeys(texts))}

    # The longest come first, and the work grows with the length.
    lengths = list(accumulate(sorted(map(len, places), reverse=True), initial=0))

    def tell(done: int) -> None:
        if on_progress is not None:
            on_progress(done, len(places), lengths[done] / max(1, lengths[-1]))

    vectors = embedder.embed_passages(list(places), on_progress=tell)
    return vectors[[places[text] for text in texts]]


def timed(
    passages: Sequence[Passage], written: ArticleDate | None, pause: Callable[[], None] = lambda: None
) -> list[Passage]:
    """Passages with the times that they name, counted from the date of their article. ``pause`` is called after each."""
    found = []
    for passage in passages:
        found.append(replace(passage, times=kept.resolved(passage, written)))
        pause()
    return found


def renew_times(store: EmbeddedStore, on_progress: OnProgress | None) -> None:
    """Resolve the times of an index that was made before they were kept, or with other rules for them."""

    def tell(done: int, total: int) -> None:
        if on_progress is not None:
            on_progress(Progress("times", done, total, "files"))

    store.renew_times(kept.RESOLVER, kept.resolved, tell)


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0


def _reasons(errors: Iterable[IngestError]) -> list[tuple[str, tuple[str, str]]]:
    """In both languages. Not the errors themselves: their tracebacks would keep the bytes of files alive."""
    return [(error.subject, (error.text("zh"), error.text("en"))) for error in errors]


def _out_of_sight(path: str, count: int) -> IngestError:
    return IngestError(
        (
            f"这里原有的 {count} 篇文章看不到了，都还留着",
            f"the {count} articles known from here cannot be seen; they are kept",
        ),
        subject=path,
        advice=("要去掉它们请用 youju remove", "Take them out with youju remove"),
    )
