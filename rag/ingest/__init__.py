"""Files → Document → Passage.

``load_document`` is the whole way of a file; what reads each format stands in ``rag.ingest.read``.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

from rag.errors import IngestError
from rag.ingest.dates import publication_date
from rag.ingest.given import given
from rag.ingest.markup import MARKDOWN, view
from rag.ingest.names import readable
from rag.ingest.read import SUFFIXES, file_bytes, read
from rag.ingest.reflow import Reflowed, reflow
from rag.ingest.split import SPLITTER_VERSION, sentences, split
from rag.types import Document

__all__ = ["SPLITTER_VERSION", "SUFFIXES", "document_id", "load_document", "sentences", "split"]

_MEND = (
    "文章已照常收进来；要补全请改正文件再收一次",
    "The article was indexed; to make it whole, mend the file and index it again",
)


def load_document(
    path: Path, *, name: str | None = None, warn: Callable[[IngestError], None] = lambda _: None
) -> Document:
    """Read a file as an article. ``name`` is what the reader sees; the file's own name if not given.

    Marks of Markdown (in ``.md``) and struck-out words are no part of ``text``. A block ``---`` at its head and a ``metadata.toml`` beside it give its title and date; the block is no part of
    ``text``. ``warn`` is told what of the file could not be read, and where. Raises UnreadableFile and NotText; a faulty
    sidecar is told by ``given.problems``.
    """
    absolute = Path(os.path.abspath(path))  # noqa: PTH100 — symbolic links are kept: two names are two articles
    data = file_bytes(absolute)
    source = read(absolute, data)
    for note in source.notes:
        warn(IngestError(note, subject=readable(str(path)), advice=_MEND))
    shown = readable(absolute.name) if name is None else name
    said = given(absolute, source.text if source.flowed is None else "")
    flowed = source.flowed or _reflowed(source.text, said.body, markdown=absolute.suffix.lower() in MARKDOWN)
    return Document(
        id=document_id(absolute),
        name=shown,
        path=readable(str(absolute)),
        sha256=hashlib.sha256(data).hexdigest(),
        encoding=source.encoding,
        title=said.title or source.title or flowed.title or readable(absolute.stem),
        date=said.date or source.date or publication_date(shown, flowed.text),
        source=source.text,
        text=flowed.text,
        runs=flowed.runs,
        blocks=flowed.blocks,
        origins=source.origins,
    )


def _reflowed(source: str, start: int, *, markdown: bool) -> Reflowed:
    """The article in ``source`` from ``start`` on, as far as its words and marks tell."""
    seen = view(source, start, markdown=markdown)
    flowed = reflow(seen.text)
    runs = seen.place(flowed.runs)
    title, blocks = seen.kinds(flowed.blocks, runs, flowed.text)
    return Reflowed(flowed.text, runs, blocks, title or flowed.title)


def document_id(path: Path) -> str:
    """Of the place of a file, whatever is in it."""
    absolute = os.path.abspath(path)  # noqa: PTH100 — as above
    return hashlib.sha256(absolute.encode("utf-8", "surrogateescape")).hexdigest()[:16]
