"""The only place that wires the parts together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from types import TracebackType

from rag.settings import Settings
from rag.types import Answer, Document, DocumentInfo, Event, Hit, IndexReport, Progress, Turn

OnProgress = Callable[[Progress], None]


class Youju:
    """Articles, and answers from them. Safe to use from several threads."""

    @classmethod
    def open(cls, settings: Settings, *, create: bool = False, on_progress: OnProgress | None = None) -> Youju:
        """Open the index at ``settings.index``. Raises IndexMissing where there is none and ``create`` is False."""
        raise NotImplementedError

    def add(self, paths: Sequence[Path], *, on_progress: OnProgress | None = None) -> IndexReport:
        """Index files and folders. What cannot be read is reported, and the rest goes on."""
        raise NotImplementedError

    def remove(self, name: str) -> bool:
        """Forget the document of that name, path or id. False if there is none."""
        raise NotImplementedError

    def documents(self) -> list[DocumentInfo]:
        raise NotImplementedError

    def document(self, document_id: str) -> Document:
        raise NotImplementedError

    def search(self, text: str, *, k: int | None = None, today: date | None = None) -> list[Hit]:
        """The ``k`` best passages (default ``settings.retrieval.top_k``), best first."""
        raise NotImplementedError

    def stream(
        self, question: str, *, history: Sequence[Turn] = (), today: date | None = None
    ) -> Iterator[Event]:
        """Understood, Found, Wrote…, Finished. Raises QuestionError, ModelError, StoreError."""
        raise NotImplementedError

    def ask(self, question: str, *, history: Sequence[Turn] = (), today: date | None = None) -> Answer:
        """The last event of ``stream``."""
        raise NotImplementedError

    def warm_up(self) -> None:
        """Load the models now, so that the first question does not wait for them."""
        raise NotImplementedError

    def close(self) -> None:
        raise NotImplementedError

    def __enter__(self) -> Youju:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
