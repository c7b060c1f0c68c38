"""A file → its text."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from rag.errors import UnreadableFile
from rag.ingest.encoding import decode
from rag.ingest.names import readable


@dataclass(frozen=True, slots=True)
class SourceText:
    """A file, decoded."""

    text: str  # without the byte order mark; line breaks as they stand in the file
    encoding: str  # name that ``bytes.decode`` takes
    sha256: str  # of the file's bytes, hexadecimal
    notes: tuple[tuple[str, str], ...] = ()  # what of it could not be read, and where: (Chinese, English)


def read_source(path: Path) -> SourceText:
    """Read and decode a file.

    UTF-8, UTF-16 (with or without byte order mark), GB 18030 (and so GBK and GB 2312), Big5; Japanese, Korean and Western
    European code pages where they are plain to see. Single bytes that are lost cost no more than their place.
    Raises UnreadableFile if it is missing, a folder or may not be read; NotText if it is empty, binary or in no
    encoding known here.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise UnreadableFile(
            ("文件不存在", "the file does not exist"),
            subject=readable(str(path)),
            advice=("请检查路径", "Check the path"),
        ) from None
    except IsADirectoryError:
        raise UnreadableFile(
            ("这是文件夹，不是文件", "this is a folder, not a file"),
            subject=readable(str(path)),
            advice=("请给出其中的文件", "Name a file in it"),
        ) from None
    except PermissionError:
        raise UnreadableFile(
            ("没有权限读取", "no permission to read it"),
            subject=readable(str(path)),
            advice=("请检查文件权限", "Check the file's permissions"),
        ) from None
    except OSError as error:
        raise UnreadableFile(
            (f"读不了（{error.strerror}）", f"cannot be read ({error.strerror})"), subject=readable(str(path))
        ) from None
    found = decode(data, readable(str(path)))
    return SourceText(found.text, found.encoding, hashlib.sha256(data).hexdigest(), found.notes)
