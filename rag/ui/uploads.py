"""Files that a browser has sent, on their way to where they stay: none takes the place of another unasked."""

from __future__ import annotations

import hashlib
import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path, PurePosixPath

from rag.ingest.given import SIDECAR
from rag.types import DocumentInfo

UPLOADS = "uploads"  # folder inside the index: what came in through the window stays readable


@dataclass(frozen=True, slots=True)
class Twin:
    """A file that came with the name of another article and is kept beside it, until the reader says otherwise."""

    name: str  # as it was sent
    old: Path
    new: Path


@dataclass(slots=True)
class Settled:
    """What has become of files that were sent."""

    files: list[Path] = field(default_factory=list)  # to be read
    present: list[tuple[str, str]] = field(
        default_factory=list
    )  # name as sent, title of the article with the same bytes
    twins: list[Twin] = field(default_factory=list)


def settle(folder: Path, sent: Sequence[tuple[Path, str]], known: Sequence[DocumentInfo]) -> Settled:
    """Move files to where they stay: ``folder``/name, folders in the name kept.

    ``sent``: where each lies now, and its name as the browser told it, with "/" between folders. ``known``: all articles.
    """
    settled = Settled()
    paths = {info.path for info in known}
    same = {info.sha256: info for info in known}
    for temporary, name in sent:
        target = _place(folder, name)
        old = same.get(_sum(temporary))
        if old is not None and old.path != str(target) and target.name != SIDECAR:
            temporary.unlink()
            settled.present.append((name, old.title or old.name))
            continue
        if str(target) in paths and target.is_file() and _sum(target) != _sum(temporary):
            settled.twins.append(Twin(name, target, _free(target)))
            target = settled.twins[-1].new
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(temporary, target)
        if target.name == SIDECAR:  # no article; those beside it are read again for what it says of them
            settled.files += [path for path in map(Path, paths) if path.parent == target.parent]
        else:
            settled.files.append(target)
            paths.add(str(target))
    settled.files = list(dict.fromkeys(settled.files))
    return settled


class Swap:
    """``twin.new`` under the name of ``twin.old``: for good when ``keep`` is called, else undone on leaving."""

    def __init__(self, twin: Twin) -> None:
        self._twin = twin
        self._before = twin.old.with_name(f".{twin.old.name}.before")

    def __enter__(self) -> Swap:
        self._twin.old.replace(self._before)
        self._twin.new.replace(self._twin.old)
        return self

    def keep(self) -> None:
        self._before.unlink()

    def __exit__(self, *_: object) -> None:
        if self._before.exists():
            self._twin.old.replace(self._twin.new)
            self._before.replace(self._twin.old)


def _place(folder: Path, name: str) -> Path:
    parts = [part for part in PurePosixPath(name.replace("\\", "/")).parts if part.strip("./")]
    return folder.joinpath(*parts or [f"{time.time_ns()}.txt"])


def _free(target: Path) -> Path:
    """「报告.txt」 → 「报告 (2).txt」, or the next number that is not taken."""
    names = (target.with_name(f"{target.stem} ({number}){target.suffix}") for number in count(2))
    return next(name for name in names if not name.exists())


def _sum(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
