"""The articles of an index in another one, embedded by another model: what ``Youju.change_embedder`` does."""

from __future__ import annotations

import shutil
import time
from functools import partial
from pathlib import Path

from rag.errors import StoreError
from rag.indexing import OnProgress, window_vectors
from rag.models.embedder import Embedder
from rag.store import dense, lexical, library, seal
from rag.store.base import Store
from rag.types import DocumentInfo, Passage, Progress

FOLDER = "reembedding"  # inside the index, while it lasts


def copy(old: Store, new: Store, embedder: Embedder, tell: OnProgress) -> None:
    """Bring ``new`` to the articles of ``old`` as it is when the last of them is done; files are not read again.

    ``tell`` hears of every article ("read", files) and, in between, of passages ("embed"), all with the seconds left.
    """
    started, done = time.monotonic(), 0
    with new.batch():
        while waiting := behind(old, new):
            total = done + sum(info.passages for info in waiting)

            def left(reached: float, total: int = total) -> float | None:
                return (time.monotonic() - started) / reached * (total - reached) if reached else None

            def inside(
                _done: int, _of: int, share: float, *, info: DocumentInfo, before: int, total: int = total
            ) -> None:
                reached = before + info.passages * share
                tell(Progress("embed", int(reached), total, "passages", info.name, left(reached)))

            for number, info in enumerate(waiting):
                tell(Progress("read", number, len(waiting), "files", info.name, left(done)))
                with old.reading():
                    if info not in old.documents({info.id}):
                        continue  # gone or changed since: its turn comes again
                    document, passages = old.document(info.id), _passages(old, info)
                vectors = window_vectors(passages, embedder, partial(inside, info=info, before=done))
                new.put(document, passages, vectors)
                done += info.passages
            tell(Progress("read", len(waiting), len(waiting), "files", "", 0.0))


def behind(old: Store, new: Store) -> list[DocumentInfo]:
    """Articles of ``old`` that ``new`` does not hold as they are."""
    there = set(new.documents())
    return [info for info in old.documents() if info not in there]


def settle(old: Store, new: Store) -> bool:
    """What costs nothing: removals and collections. False where an article is behind."""
    if behind(old, new):
        return False
    with new.batch():
        kept = {info.id for info in old.documents()}
        for info in new.documents():
            if info.id not in kept:
                new.remove(info.id)
        for name, ids in old.collections().items():
            new.label(ids, name)
    return True


def replace(folder: Path, made: Path) -> None:
    """Put the closed index in ``made`` in the place of that in ``folder``. Raises StoreError; then that one stays.

    The library is one file, and the truth: with its replacement the change has happened. The search structures follow,
    sealed last; where that breaks off, the next opening makes them again.
    """
    try:
        (made / library.FILE_NAME).replace(folder / library.FILE_NAME)
    except OSError as error:
        raise StoreError(
            (f"新索引换不上（{error.strerror}）", f"the new index cannot be put in its place ({error.strerror})"),
            subject=str(folder),
            advice=("旧索引没有动。关掉别的有据程序再试", "The old one is untouched. Close other programs that use it"),
        ) from None
    try:
        (folder / seal.FILE_NAME).unlink(missing_ok=True)
        shutil.rmtree(folder / lexical.FOLDER_NAME, ignore_errors=True)
        for name in (dense.FILE_NAME, lexical.FOLDER_NAME, seal.FILE_NAME):
            (made / name).replace(folder / name)
    except OSError:
        (folder / seal.FILE_NAME).unlink(missing_ok=True)


def _passages(store: Store, info: DocumentInfo) -> list[Passage]:
    return store.passages([f"{info.id}:{number}" for number in range(info.passages)])
