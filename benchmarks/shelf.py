"""An index of given texts, made the way a user makes one: files in a folder, added with ``Youju.add``."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

from said import KeptChatModel

from rag.evaluate import CachedEmbedder
from rag.ingest.split import SPLITTER_VERSION
from rag.models.embedder import Embedder, open_embedder
from rag.models.llm import ChatModel, open_chat_model
from rag.pipeline import Youju
from rag.settings import Settings
from rag.store.embedded import open_store
from rag.types import Progress

_INGEST = Path(__file__).resolve().parent.parent / "rag" / "ingest"
_AT_ONCE = 100  # texts between two looks at how many passages there are


@contextmanager
def models(settings: Settings, *, kept_words: bool = False) -> Iterator[tuple[Embedder, ChatModel | None]]:
    """To lend to libraries: an embedder that keeps the vectors of passages, and the language model.

    ``kept_words``: what the model said to the same messages before, it need not say again (``said.py``).
    """
    model = open_chat_model(settings)
    if kept_words and model is not None:
        model = KeptChatModel(model, settings.cache_dir / "benchmarks" / "said.sqlite")
    with CachedEmbedder(open_embedder(settings), settings.cache_dir / "vectors") as embedder:
        try:
            yield embedder, model
        finally:
            if model is not None:
                model.close()


@contextmanager
def kept(
    settings: Settings, embedder: Embedder, model: ChatModel | None, folder: Path, *, fresh: bool = False
) -> Iterator[Youju]:
    """The index in ``folder``, made where there is none, or anew where ``fresh``. What it is lent it does not close."""
    store = open_store(
        folder,
        embedder_name=embedder.name,
        embedder_fingerprint=embedder.fingerprint,
        dimension=embedder.dimension,
        splitter_version=SPLITTER_VERSION,
        create=True,
        recreate=fresh,
        lasting=False,
    )
    with store:
        youju = Youju(settings.model_copy(update={"index": folder}), store, embedder, model)
        with closing(youju.notes):
            yield youju


@contextmanager
def library(
    settings: Settings, embedder: Embedder, model: ChatModel | None, folder: Path, texts: Mapping[str, str]
) -> Iterator[Youju]:
    """An index of ``texts``, by file name. ``folder`` keeps both until a text, or what reads and embeds it, changes.

    Raises SystemExit where a text could not be read.
    """
    mark = _mark(texts, embedder)
    sealed = folder / "seal"
    fresh = not sealed.is_file() or sealed.read_text(encoding="utf-8") != mark
    if fresh:
        sealed.unlink(missing_ok=True)  # what is cut off here is begun anew
    with kept(settings, embedder, model, folder / "index", fresh=fresh) as youju:
        if fresh:
            _fill(youju, folder / "articles", texts)
            sealed.write_text(mark, encoding="utf-8")
        yield youju


@contextmanager
def grown(
    settings: Settings,
    embedder: Embedder,
    model: ChatModel | None,
    folder: Path,
    texts: Mapping[str, str],
    passages: int,
) -> Iterator[Youju]:
    """An index of as many of ``texts``, in their order, as make so many passages; it goes on where it was cut off.

    Raises SystemExit where all of them make fewer.
    """
    place = folder / f"index-{embedder.fingerprint[:8]}-{SPLITTER_VERSION}"
    articles = folder / "articles"
    articles.mkdir(parents=True, exist_ok=True)
    with kept(settings, embedder, model, place) as youju:
        names = list(texts)
        for start in range(0, len(names), _AT_ONCE):
            there = sum(info.passages for info in youju.documents())
            if there >= passages:
                break
            print(f"\rindexing: {there} of {passages} passages   ", end="", file=sys.stderr, flush=True)
            files = [articles / name for name in names[start : start + _AT_ONCE]]
            for file in files:
                file.write_text(texts[file.name], encoding="utf-8")
            youju.add(files)
        there = sum(info.passages for info in youju.documents())
        if there < passages:
            raise SystemExit(f"only {there} passages in {len(texts)} texts, {passages} wanted")
        yield youju


def _fill(youju: Youju, articles: Path, texts: Mapping[str, str]) -> None:
    articles.mkdir(parents=True, exist_ok=True)
    for old in set(articles.iterdir()) - {articles / name for name in texts}:
        old.unlink()
    for name, text in texts.items():
        (articles / name).write_text(text, encoding="utf-8")
    report = youju.add([articles], on_progress=_tell if len(texts) > 100 else None)
    if report.failed:
        raise SystemExit("\n".join(f"{path}: {why}" for path, (_, why) in report.failed))


def _mark(texts: Mapping[str, str], embedder: Embedder) -> str:
    """Of the texts, and of what reads and embeds them."""
    made_of = [sorted(texts.items()), embedder.fingerprint, SPLITTER_VERSION]
    total = hashlib.sha256(repr(made_of).encode("utf-8", "surrogatepass"))
    for path in sorted(_INGEST.glob("*.py")):
        total.update(path.read_bytes())
    return total.hexdigest()


def _tell(now: Progress) -> None:
    if now.stage == "read" and (now.done % 100 == 0 or now.done == now.total):
        left = "" if now.seconds_left is None else f", {now.seconds_left:.0f} s left"
        end = "\n" if now.done == now.total else ""
        print(f"\rindexing {now.done}/{now.total}{left}   ", end=end, file=sys.stderr, flush=True)
