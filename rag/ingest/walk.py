"""Files and folders given → the files to read, and what of the folders could be seen at all."""

from __future__ import annotations

import os
import stat
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rag.errors import IngestError, NotText, UnreadableFile
from rag.ingest.names import readable

_MOUNT = (
    "里面原有的文章都还留着；请检查权限，或盘是否挂上了",
    "The articles known from there are kept; check its permissions, or whether a drive is missing",
)


@dataclass(slots=True)
class Found:
    """What a look at the paths given has shown. Paths of ``folders`` and ``listed`` are absolute and readable."""

    files: list[Path] = field(default_factory=list)  # to read: those given in order, those of a folder by name
    failed: list[IngestError] = field(default_factory=list)  # what could not be looked at
    passed: list[IngestError] = field(default_factory=list)  # links that were not followed
    folders: list[str] = field(default_factory=list)  # given
    listed: dict[str, frozenset[str]] = field(default_factory=dict)  # folder → names of all that is in it

    def gone(self, path: str) -> bool:
        """Whether a file is known to be there no more: a folder above it was listed, and the way to it was not in there.

        False for a file elsewhere, and for one in a folder that could not be listed: nothing is known of it.
        """
        child = Path(path)
        for folder in child.parents:
            names = self.listed.get(str(folder))
            if names is not None:
                return child.name not in names
            child = folder
        return False


def find_files(paths: Sequence[Path], suffixes: Collection[str]) -> Found:
    """The files to read: those given, and those in the folders given with one of ``suffixes``, all the way down.

    Each once, by whatever names it was given. Hidden files and folders are passed over unless given by hand. Symbolic
    links inside a folder are not followed out of it; a link to a file that is taken anyway is no second article.
    Whatever cannot be looked at is told in ``failed``, and the rest goes on.
    """
    walk = _Walk(suffixes)
    for path in paths:
        walk.give(path)
    return walk.done()


class _Walk:
    def __init__(self, suffixes: Collection[str]) -> None:
        self._suffixes = suffixes
        self._found = Found()
        self._taken: set[str] = set()  # real paths of files
        self._walked: set[str] = set()  # real paths of folders
        self._links: list[tuple[Path, str]] = []  # and the real path that they must not leave; "" where given by hand

    def give(self, path: Path) -> None:
        try:
            mode = path.stat().st_mode
        except OSError as error:
            self._fail(_unseen(path, error))
            return
        if stat.S_ISDIR(mode):
            self._found.folders.append(_absolute(path))
            self._folder(path)
        elif path.suffix.lower() not in self._suffixes:
            zh, en = "、".join(self._suffixes), ", ".join(self._suffixes)
            what = ("不支持这种文件", "this kind of file is not supported")
            self._fail(NotText(what, subject=readable(str(path)), advice=(f"支持的有：{zh}", f"Supported: {en}")))
        elif path.is_symlink():
            self._links.append((path, ""))
        else:
            self._take(path, os.path.realpath(path))

    def done(self) -> Found:
        """Links come last: what they lead to may have been taken by its own name."""
        for link, inside in self._links:
            real = os.path.realpath(link)
            if real in self._taken or real in self._walked:
                continue
            if not inside or (real.startswith(inside + os.sep) and not os.path.isdir(real)):  # noqa: PTH112
                self._take(link, real)
            else:
                self._found.passed.append(
                    IngestError(
                        ("是通往文件夹外的链接，没有跟过去", "a link that leads out of the folder was not followed"),
                        subject=readable(str(link)),
                        advice=(
                            "要收它指向的文件，请直接给出那个文件",
                            "To index what it leads to, name that by itself",
                        ),
                    )
                )
        return self._found

    def _folder(self, root: Path) -> None:
        inside = os.path.realpath(root)
        waiting = [(root, inside)]
        while waiting:
            folder, real = waiting.pop()
            try:
                with os.scandir(folder) as listing:
                    entries = sorted(listing, key=lambda entry: entry.name)
            except OSError as error:
                self._fail(_unseen(folder, error, _MOUNT))
                continue
            self._walked.add(real)
            self._found.listed[_absolute(folder)] = frozenset(readable(entry.name) for entry in entries)
            folders = []
            for entry in entries:
                if entry.name.startswith("."):
                    continue
                try:
                    if entry.is_symlink():
                        self._link(folder / entry.name, inside)
                    elif entry.is_dir(follow_symlinks=False):
                        folders.append((folder / entry.name, os.path.join(real, entry.name)))  # noqa: PTH118
                    elif Path(entry.name).suffix.lower() in self._suffixes:
                        self._file(entry, folder / entry.name, os.path.join(real, entry.name))  # noqa: PTH118
                except OSError as error:
                    self._fail(_unseen(folder / entry.name, error))
            waiting += reversed(folders)

    def _link(self, path: Path, inside: str) -> None:
        wanted = path.suffix.lower() in self._suffixes
        try:
            mode = path.stat().st_mode
        except OSError as error:
            if wanted or not path.suffix:  # without a suffix it may be a folder, on a drive that is not there
                self._fail(_unseen(path, error, _MOUNT))
            return
        if stat.S_ISDIR(mode) or (wanted and stat.S_ISREG(mode)):
            self._links.append((path, inside))

    def _file(self, entry: os.DirEntry[str], path: Path, real: str) -> None:
        if entry.is_file(follow_symlinks=False):
            self._take(path, real)
        else:  # reading from a pipe or a device may never end
            self._fail(UnreadableFile(("不是普通文件", "not an ordinary file"), subject=readable(str(path))))

    def _take(self, path: Path, real: str) -> None:
        if real not in self._taken:
            self._taken.add(real)
            self._found.files.append(path)

    def _fail(self, error: IngestError) -> None:
        if all(str(error) != str(other) for other in self._found.failed):
            self._found.failed.append(error)


def _absolute(path: Path) -> str:
    return readable(os.path.abspath(path))  # noqa: PTH100 — symbolic links are kept: two names are two articles


def _unseen(
    path: Path, error: OSError, advice: tuple[str, str] = ("请检查权限", "Check its permissions")
) -> IngestError:
    subject = readable(str(path))
    if isinstance(error, FileNotFoundError):
        if path.is_symlink():
            return UnreadableFile(("链接指向的地方不存在", "the link leads to nothing"), subject=subject, advice=_MOUNT)
        return UnreadableFile(
            ("文件不存在", "the file does not exist"), subject=subject, advice=("请检查路径", "Check the path")
        )
    what = (f"读不了（{error.strerror}）", f"cannot be read ({error.strerror})")
    return UnreadableFile(what, subject=subject, advice=advice)
