"""What guards a reader: a look at a zip file before anything in it is unpacked, and a name for what a library stumbles over."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager

from rag.errors import IngestError, UnreadableFile

MOST_BYTES = 256 * 2**20  # unpacked, of all entries together
_MOST_RATIO = 200  # unpacked to packed, of one entry of more than a megabyte: text seldom shrinks below a fiftieth
_MOST_ENTRIES = 20_000


def opened(data: bytes, name: str) -> zipfile.ZipFile:
    """The archive, looked through. Raises UnreadableFile where it is none, damaged, encrypted or a bomb."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise UnreadableFile(
            ("文件已损坏或没有传完整", "the file is damaged, or not all of it has come"),
            subject=name,
            advice=("请重新取得这个文件", "Get the file again"),
        ) from None
    entries = archive.infolist()
    if any(entry.flag_bits & 1 for entry in entries):
        raise UnreadableFile(
            ("文件加了密码", "the file is protected by a password"),
            subject=name,
            advice=("请先解除密码再收", "Remove the password first"),
        )
    total = sum(entry.file_size for entry in entries)
    swollen = any(
        entry.file_size > 2**20 and entry.file_size > _MOST_RATIO * max(1, entry.compress_size) for entry in entries
    )
    if total > MOST_BYTES or swollen or len(entries) > _MOST_ENTRIES:
        raise UnreadableFile(
            (f"展开后有 {total // 2**20} MB，像是压缩炸弹", f"unpacks to {total // 2**20} MB, as a zip bomb does"),
            subject=name,
            advice=("没有展开它", "It was not unpacked"),
        )
    return archive


@contextmanager
def told(name: str, zh: str, en: str, advice: tuple[str, str]) -> Iterator[None]:
    """What a library raises of a damaged part, whatever that is, as UnreadableFile with its kind; not a want of memory.

    ``zh``, ``en``: what kind of file it was to be.
    """
    try:
        yield
    except (IngestError, MemoryError):
        raise
    except Exception as error:
        kind = type(error).__name__
        reason = (
            f"这不是能读的{zh}，或已损坏（{kind}）",
            f"this is no {en} that can be read, or it is damaged ({kind})",
        )
        raise UnreadableFile(reason, subject=name, advice=advice) from error
