"""Files on their way into the index, one batch after the other, seen from every open page."""

from __future__ import annotations

import threading
import traceback
import uuid
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from rag.errors import YoujuError
from rag.pipeline import Youju
from rag.types import IndexReport, Progress
from rag.ui.uploads import UPLOADS, Settled, Swap, Twin, settle

_GLANCE_S = 0.2  # between two looks at a running batch
PATIENCE_S = 30.0  # for a stopped batch to end, when the program ends


class Stopped(Exception):
    """Carries the wish to stop out of the pipeline, through its report of progress."""


@dataclass(slots=True, eq=False)
class Batch:
    """Files given at one time, and how far they are."""

    sent: Sequence[tuple[Path, str]] = ()  # where each lies, and its name as the browser told it
    not_sent: Sequence[str] = ()  # names of files that the browser could not send
    replacing: Sequence[Twin] = ()  # instead of files that were sent: those that take another's place
    id: str = field(default_factory=lambda: uuid.uuid4().hex)
    settled: Settled = field(default_factory=Settled)
    answered: set[Path] = field(default_factory=set)  # ``new`` of the twins that the reader has decided on
    reading: Progress | None = None  # which file
    embedding: Progress | None = None  # how far inside it
    report: IndexReport | None = None
    error: YoujuError | None = None
    broken: bool = False  # by an error that is none of ours
    stopping: bool = False
    kept: int | None = None  # files taken in before it was stopped
    done: threading.Event = field(default_factory=threading.Event)

    @property
    def count(self) -> int:
        """Files in it."""
        return len(self.sent) or len(self.replacing)

    @property
    def open_twins(self) -> list[Twin]:
        """Those taken in beside another, that the reader has not decided on."""
        failed = {path for path, _ in self.report.failed} if self.report else set()
        return [
            t for t in self.settled.twins if self.report and t.new not in self.answered and str(t.new) not in failed
        ]

    @property
    def smooth(self) -> bool:
        """All was taken in, and nothing is left to decide."""
        done = self.report
        return done is not None and not (done.failed or done.noted or self.not_sent or self.open_twins)

    def tell(self, progress: Progress) -> None:
        if self.stopping:
            raise Stopped
        if progress.stage == "embed":
            self.embedding = progress
        else:
            self.reading, self.embedding = progress, None

    def inside(self, progress: Progress) -> None:
        """How far the present file is, where a wish to stop has to wait for its end."""
        if progress.stage == "embed":
            self.embedding = progress

    @property
    def seconds_left(self) -> float | None:
        """Of all its files, as told last."""
        return next((p.seconds_left for p in (self.embedding, self.reading) if p is not None), None)


class Jobs:
    """Reads batches in one thread, in the order in which they were given."""

    def __init__(self, youju: Youju) -> None:
        self._youju = youju
        self._lock = threading.Lock()  # of the three below
        self._unfinished: list[Batch] = []  # the first is being read
        self._thread: threading.Thread | None = None
        self._ended = False
        self._bound = False

    @property
    def unfinished(self) -> list[Batch]:
        """The batch that is being read, and those that wait for it."""
        with self._lock:
            return list(self._unfinished)

    def stop(self) -> None:
        """Read no more of any batch. What is read stays; uploads that are not are thrown away."""
        for batch in self.unfinished:
            batch.stopping = True

    def start(self, batch: Batch) -> Batch:
        with self._lock:
            if self._ended:  # the stores are closed, or will be in a moment
                batch.kept = 0
                batch.done.set()
                return batch
            if not self._bound:
                self._youju.before_close(self._end)
                self._bound = True
            self._unfinished.append(batch)
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="youju-index", daemon=True)
                self._thread.start()
        return batch

    def watch(self, batch: Batch) -> Generator[None, None, None]:
        """Step whenever there may be something new to show, until ``batch`` is done."""
        seen: tuple[object, ...] = ()
        while not batch.done.wait(_GLANCE_S):
            now = tuple((b.id, b.reading, b.embedding, b.stopping) for b in self.unfinished)
            if now != seen:
                seen = now
                yield
        yield

    def _work(self) -> None:
        while True:
            with self._lock:
                if not self._unfinished:
                    self._thread = None
                    return
                batch = self._unfinished[0]
            self._read(batch)
            with self._lock:
                self._unfinished.pop(0)
            batch.done.set()

    def _read(self, batch: Batch) -> None:
        try:
            if batch.stopping:
                raise Stopped
            if batch.replacing:
                batch.report = self._replace(batch)
            else:
                batch.settled = settle(self._uploads, batch.sent, self._youju.documents())
                batch.report = self._youju.add(batch.settled.files, on_progress=batch.tell)
                failed = {path for path, _ in batch.report.failed}
                self._throw_away([file for file in batch.settled.files if str(file) in failed])
        except Stopped:
            batch.kept = self._cut_off(batch)
        except YoujuError as error:
            batch.error = error
        except Exception:  # noqa: BLE001  # said in the window, and told whole in the terminal
            batch.broken = True
            traceback.print_exc()

    def _replace(self, batch: Batch) -> IndexReport:
        """Each twin under the name of the other, which is forgotten once the new one is read; else both stay as they were."""
        replaced: list[str] = []
        failed: list[tuple[str, tuple[str, str]]] = []
        for number, twin in enumerate(batch.replacing):
            batch.tell(Progress("read", number, batch.count, "files", twin.name))
            with Swap(twin) as swap:
                # Not stopped half way: what is in the index and what lies in the folder must be of one version.
                report = self._youju.add([twin.old], on_progress=batch.inside)
                failed += report.failed
                if report.failed:
                    continue
                swap.keep()
            replaced.append(twin.old.name)
            for info in self._youju.documents():
                if info.path == str(twin.new):
                    self._youju.take_out(info.id)
        return IndexReport(replaced=tuple(replaced), failed=tuple(failed))

    def _cut_off(self, batch: Batch) -> int:
        """Throw away uploads that were not read, and count what was read."""
        unread = self._throw_away(batch.settled.files)
        for temporary, _ in () if batch.settled.files else batch.sent:
            temporary.unlink(missing_ok=True)
        return len(batch.settled.files) - len(unread)

    def _throw_away(self, files: Sequence[Path]) -> list[Path]:
        """Of these, remove the uploads that are no article. Which they are."""
        known = {info.path for info in self._youju.documents()}
        unread = [file for file in files if str(file) not in known and file.is_relative_to(self._uploads)]
        for file in unread:
            file.unlink(missing_ok=True)
        return unread

    @property
    def _uploads(self) -> Path:
        return (self._youju.settings.index / UPLOADS).absolute()

    def _end(self) -> None:
        with self._lock:
            self._ended, thread = True, self._thread
        self.stop()
        if thread is not None:
            thread.join(PATIENCE_S)


class Watched(Protocol):
    """What is on in a thread."""

    reading: Progress | None
    embedding: Progress | None
    stopping: bool
    done: threading.Event


def watch(job: Watched) -> Generator[None, None, None]:
    """Step whenever there may be something new to show of ``job``, until it is done."""
    seen: tuple[object, ...] = ()
    while not job.done.wait(_GLANCE_S):
        now = (job.reading, job.embedding, job.stopping)
        if now != seen:
            seen = now
            yield
    yield
