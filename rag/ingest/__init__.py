"""Files → Document → Passage.

``load_document`` is the whole way of a file. Only ``.txt`` is read so far; another format needs an entry in
``SUFFIXES`` and a reader that gives the same ``SourceText``.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Sequence
from pathlib import Path

from rag.errors import NotText, UnreadableFile
from rag.ingest.dates import publication_date
from rag.ingest.given import given
from rag.ingest.read import SourceText, read_source
from rag.ingest.reflow import reflow
from rag.ingest.split import SPLITTER_VERSION, sentences, split
from rag.types import Document, Run

__all__ = ["SPLITTER_VERSION", "SUFFIXES", "find_files", "load_document", "sentences", "split"]

SUFFIXES: dict[str, Callable[[Path], SourceText]] = {".txt": read_source}  # lower case, with the dot


def load_document(path: Path, *, name: str | None = None) -> Document:
    """Read a file as an article. ``name`` is what the reader sees; the file's own name if not given.

    A block ``---`` at its head and a ``metadata.toml`` beside it give its title and date; the block is no part of
    ``text``. Raises UnreadableFile and NotText; a faulty sidecar is told by ``given.problems``.
    """
    absolute = Path(os.path.abspath(path))  # noqa: PTH100 — symbolic links are kept: two names are two articles
    source = SUFFIXES.get(absolute.suffix.lower(), read_source)(absolute)
    shown = absolute.name if name is None else name
    said = given(absolute, source.text)
    flowed = reflow(source.text[said.body :])
    return Document(
        id=hashlib.sha256(str(absolute).encode("utf-8", "surrogateescape")).hexdigest()[:16],
        name=shown,
        path=str(absolute),
        sha256=source.sha256,
        encoding=source.encoding,
        title=said.title or flowed.title,
        date=said.date or publication_date(shown, flowed.text),
        source=source.text,
        text=flowed.text,
        runs=tuple(Run(run.text, run.source + said.body, run.length) for run in flowed.runs),
        blocks=flowed.blocks,
    )


def find_files(paths: Sequence[Path]) -> list[Path]:
    """The files to read: those given, and those with a supported suffix in the folders given, all the way down.

    Each once, in the order given, those of a folder by name. Hidden files and folders are passed over unless given
    by hand. Raises UnreadableFile for a path that is not there or a folder that may not be read, NotText for a file
    given by hand whose suffix is not supported.
    """
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            found.update(dict.fromkeys(_walk(path)))
        elif not path.exists():
            raise UnreadableFile(
                ("文件不存在", "the file does not exist"),
                subject=str(path),
                advice=("请检查路径", "Check the path"),
            )
        elif path.suffix.lower() not in SUFFIXES:
            known = "、".join(SUFFIXES), ", ".join(SUFFIXES)
            raise NotText(
                ("不支持这种文件", "this kind of file is not supported"),
                subject=str(path),
                advice=(f"支持的有：{known[0]}", f"Supported: {known[1]}"),
            )
        else:
            found[path] = None
    return list(found)


def _walk(folder: Path) -> list[Path]:
    def fail(error: OSError) -> None:
        raise UnreadableFile(
            (f"读不了文件夹（{error.strerror}）", f"cannot read the folder ({error.strerror})"),
            subject=str(error.filename or folder),
            advice=("请检查权限", "Check its permissions"),
        ) from None

    files: list[Path] = []
    for base, folders, names in os.walk(folder, onerror=fail):
        folders[:] = sorted(each for each in folders if not each.startswith("."))
        files += [
            Path(base, each)
            for each in sorted(names)
            if not each.startswith(".") and Path(each).suffix.lower() in SUFFIXES
        ]
    return files
