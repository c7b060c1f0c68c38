"""All articles embedded again by another model, in a thread, seen from every open page."""

from __future__ import annotations

import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field

from rag.errors import YoujuError
from rag.pipeline import Youju
from rag.settings import EmbeddingSettings
from rag.types import Progress
from rag.ui.jobs import PATIENCE_S, Stopped


@dataclass(slots=True)
class Change:
    """One change of the embedding model, and how far it is."""

    model: str
    reading: Progress | None = None  # which article
    embedding: Progress | None = None  # how many passages
    error: YoujuError | None = None
    broken: bool = False  # by an error that is none of ours
    stopping: bool = False
    stopped: bool = False
    done: threading.Event = field(default_factory=threading.Event)

    def tell(self, progress: Progress) -> None:
        if self.stopping:
            raise Stopped
        if progress.stage == "embed":
            self.embedding = progress
        elif progress.stage == "read":
            self.reading = progress


class Changes:
    """One at a time. ``save``: write the model's name to where the next start reads it. Raises SettingsError."""

    def __init__(self, youju: Youju, save: Callable[[str], None]) -> None:
        self._youju = youju
        self._save = save
        self.latest: Change | None = None

    @property
    def busy(self) -> bool:
        return self.latest is not None and not self.latest.done.is_set()

    def start(self, model: str) -> None:
        """Nothing where one is on."""
        if self.busy:
            return
        if self.latest is None:
            self._youju.before_close(self._end)
        self.latest = Change(model)
        threading.Thread(target=self._work, args=(self.latest,), name="youju-reembed", daemon=True).start()

    def stop(self) -> None:
        if self.latest is not None:
            self.latest.stopping = True

    def _work(self, change: Change) -> None:
        old, saved = self._youju.settings.embedding, False

        def ready() -> None:
            nonlocal saved
            self._save(change.model)
            saved = True

        try:
            wanted = EmbeddingSettings(**{**old.model_dump(), "model": change.model})
            self._youju.change_embedder(wanted, on_progress=change.tell, on_ready=ready)
        except Stopped:
            change.stopped = True
        except YoujuError as error:
            change.error = error
            if saved:
                self._save(old.model)
        except Exception:  # noqa: BLE001  # said in the window, and told whole in the terminal
            change.broken = True
            traceback.print_exc()
        finally:
            change.done.set()

    def _end(self) -> None:
        self.stop()
        if self.latest is not None:
            self.latest.done.wait(PATIENCE_S)
