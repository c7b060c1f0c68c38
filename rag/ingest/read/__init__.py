"""A file → its characters and where they stand: one reader a format, chosen by the suffix.

A new format is one file beside this one, with ``read(data, name) -> Extract``, an entry in ``APART``, and a test with a
file of which the truth is known.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from rag.errors import NotText, UnreadableFile
from rag.ingest.markup import MARKDOWN
from rag.ingest.names import readable
from rag.ingest.read import apart, books, pdf, plain, records, sheets, slides, web, words
from rag.ingest.read.extract import Extract

__all__ = ["APART", "SUFFIXES", "Extract", "file_bytes", "read"]

Reader = Callable[[bytes, str], Extract]  # the file's bytes, and the name it is called by in errors. Raises IngestError

# By suffix, in lower case. Plain text is decoded, not parsed, and so read here; all else in a process apart.
PLAIN: dict[str, Reader] = dict.fromkeys((".txt", *MARKDOWN), plain.read)
APART: dict[str, Reader] = {
    ".pdf": pdf.read,
    ".docx": words.read,
    ".xlsx": sheets.read_xlsx,
    ".xls": sheets.read_xls,
    ".pptx": slides.read,
    **dict.fromkeys((".html", ".htm", ".xhtml"), web.read_html),
    **dict.fromkeys((".mhtml", ".mht"), web.read_mhtml),
    ".epub": books.read,
    **dict.fromkeys((".csv", ".tsv"), records.read_delimited),
    **dict.fromkeys((".json", ".jsonl"), records.read_json),
}
SUFFIXES = (*PLAIN, *APART)
_MOST_BYTES = 512 * 2**20


def read(path: Path, data: bytes) -> Extract:
    """What the reader of its suffix makes of a file; of an unknown one that of plain text. Raises IngestError."""
    suffix, name = path.suffix.lower(), readable(str(path))
    if suffix not in APART:
        return PLAIN.get(suffix, plain.read)(data, name)
    if len(data) > _MOST_BYTES:
        reason = (f"文件有 {len(data) // 2**20} MB，太大了", f"the file has {len(data) // 2**20} MB, which is too much")
        raise UnreadableFile(reason, subject=name)
    if not data.strip(b"\0 \r\n\t"):
        raise NotText(
            ("文件是空的", "the file is empty"), subject=name, advice=("请换一个有内容的文件", "Choose another")
        )
    found = apart.read(suffix, name, data)
    if not found.text.strip():
        raise NotText(
            ("文件里没有文字", "there is no text in the file"),
            subject=name,
            advice=("请换一个有内容的文件", "Choose another"),
        )
    return found


def file_bytes(path: Path) -> bytes:
    """Raises UnreadableFile where it is missing, a folder or may not be read."""
    subject = readable(str(path))
    try:
        return path.read_bytes()
    except FileNotFoundError:
        reason = ("文件不存在", "the file does not exist")
        raise UnreadableFile(reason, subject=subject, advice=("请检查路径", "Check the path")) from None
    except IsADirectoryError:
        reason = ("这是文件夹，不是文件", "this is a folder, not a file")
        raise UnreadableFile(reason, subject=subject, advice=("请给出其中的文件", "Name a file in it")) from None
    except PermissionError:
        reason = ("没有权限读取", "no permission to read it")
        advice = ("请检查文件权限", "Check the file's permissions")
        raise UnreadableFile(reason, subject=subject, advice=advice) from None
    except OSError as error:
        reason = (f"读不了（{error.strerror}）", f"cannot be read ({error.strerror})")
        raise UnreadableFile(reason, subject=subject) from None
