"""Files on their way into the index, one batch after the other, seen from every open page."""

from __future__ import annotations

import shutil
import threading
import time
import traceback
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Protocol

from rag.errors import YoujuError
from rag.pipeline import Youju
from rag.types import IndexReport, Progress

UPLOADS = "uploads"  # folder inside the index: what came in through the window stays readable
_GLANCE_S = 0.2  # between two looks at a running batch
PATIENCE_S = 30.0  # for a stopped batch to end, when the program ends


class Stopped(Exception):
    """Carries the wish to stop out of the pipeline, through its report of progress."""


@dataclass(slots=True)
class Batch:
    """Files given at one time, and how far they are."""

    files: Sequence[Path]
    not_sent: Sequence[str] = ()  # names of files that the browser could not send
    reading: Progress | None = None  # which file
    embedding: Progress | None = None  # how far inside it
    report: IndexReport | None = None
    error: YoujuError | None = None
    broken: bool = False  # by an error that is none of ours
    stopping: bool = False
    kept: int | None = None  # files taken in before it was stopped
    done: threading.Event = field(default_factory=threading.Event)

    def tell(self, progress: Progress) -> None:
        if self.stopping:
            raise Stopped
        if progress.stage == "embed":
            self.embedding = progress
        else:
            self.reading, self.embedding = progress, None

    @property
    def seconds_left(self) -> float | None:
        """Of the present file, and of those after it as far as can be told."""
        known = [p.seconds_left for p in (self.reading, self.embedding) if p and p.seconds_left is not None]
        return max(known) if known else None


class Jobs:
    """Reads batches in a thread each; a batch waits for the one before it."""

    def __init__(self, youju: Youju) -> None:
        self._youju = youju
        self._turn = threading.Lock()
        self.latest: Batch | None = None

    def stop(self) -> None:
        """Read no more of the latest batch. What is read stays; uploads that are not are thrown away."""
        if self.latest is not None:
            self.latest.stopping = True

    def start(self, files: Sequence[Path], not_sent: Sequence[str] = ()) -> Batch:
        if self.latest is None:
            self._youju.before_close(self._end)
        batch = self.latest = Batch(files, not_sent)
        threading.Thread(target=self._work, args=(batch,), name="youju-index", daemon=True).start()
        return batch

    def _work(self, batch: Batch) -> None:
        try:
            with self._turn:
                batch.report = self._youju.add(batch.files, on_progress=batch.tell)
        except Stopped:
            batch.kept = self._cut_off(batch)
        except YoujuError as error:
            batch.error = error
        except Exception:  # noqa: BLE001  # said in the window, and told whole in the terminal
            batch.broken = True
            traceback.print_exc()
        finally:
            batch.done.set()

    def _cut_off(self, batch: Batch) -> int:
        """Throw away uploads that were not read, and count what was read."""
        known = {info.path for info in self._youju.documents()}
        unread = [file for file in batch.files if str(file) not in known]
        uploads = (self._youju.settings.index / UPLOADS).absolute()
        for file in unread:
            if file.is_relative_to(uploads):
                file.unlink(missing_ok=True)
        return len(batch.files) - len(unread)

    def _end(self) -> None:
        self.stop()
        if self.latest is not None:
            self.latest.done.wait(PATIENCE_S)


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


def settle_uploads(folder: Path, sent: Sequence[tuple[Path, str]]) -> list[Path]:
    """Move files that a browser has sent to where they stay: ``folder``/name, folders in the name kept.

    ``sent``: where each lies now, and its name as the browser told it, with "/" between folders.
    """
    settled = []
    for temporary, name in sent:
        parts = [part for part in PurePosixPath(name.replace("\\", "/")).parts if part.strip("./")]
        target = folder.joinpath(*parts or [f"{time.time_ns()}.txt"])
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(temporary, target)
        settled.append(target)
    return settled
