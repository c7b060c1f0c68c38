"""A file's bytes → its text.

Encodings are tried in a fixed order, strictly, and the first that decodes to plausible text wins: a guess by
statistics would differ from file to file, and a wrong one is not seen until somebody asks.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from rag.errors import NotText, UnreadableFile
from rag.ingest.names import readable

_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
# Everything below U+0020 except tab, line breaks, form feed; DEL; C1 controls except NEL; the replacement character;
# and code points that no text holds.
_CONTROL = re.compile("[\x00-\x08\x0e-\x1b\x7f\x80-\x84\x86-\x9f\ufffd\ufffe\uffff]")
_PRIVATE = re.compile("[\ue000-\uf8ff]")
# Characters of ordinary Chinese and English text. GB 2312 level 1 in GB 18030 and the common part of Big5 are all here.
_HAN = re.compile("[\u4e00-\u9fff]")
_KNOWN = re.compile("[\x20-\x7e\t\n\r\f\v\u00a0-\u024f\u2000-\u206f\u3000-\u30ff\u4e00-\u9fff\uff00-\uffef]")


@dataclass(frozen=True, slots=True)
class SourceText:
    """A file, decoded."""

    text: str  # without the byte order mark; line breaks as they stand in the file
    encoding: str  # name that ``bytes.decode`` takes
    sha256: str  # of the file's bytes, hexadecimal


def read_source(path: Path) -> SourceText:
    """Read and decode a file.

    UTF-8, UTF-16 (with or without byte order mark), GB 18030 (and so GBK and GB 2312), Big5.
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
    text, encoding = decode(data, readable(str(path)))
    return SourceText(text, encoding, hashlib.sha256(data).hexdigest())


def decode(data: bytes, subject: str) -> tuple[str, str]:
    """Text and encoding of bytes. Raises NotText, about ``subject``."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            text = _try(data[len(mark) :], encoding)
            candidates = [] if text is None else [(text, encoding)]
            break
    else:
        candidates = list(_candidates(data))
    for text, encoding in candidates:
        if not text.strip("\ufeff\u200b\u2060 \t\r\n\f\v\u3000\u00a0"):
            raise NotText(
                ("文件里没有文字", "there is no text in the file"),
                subject=subject,
                advice=("请换一个有内容的文件", "Choose a file with content"),
            )
        if not _CONTROL.search(text) or (encoding == "utf-8" and _patched(text)):
            return text, encoding
    raise NotText(
        ("不是文本文件，或编码无法识别", "not a text file, or in an unknown encoding"),
        subject=subject,
        advice=("请另存为 UTF-8 编码的文本文件", "Save it as a text file in UTF-8"),
    )


def _patched(text: str) -> bool:
    """Whole but for a few replacement characters, which whoever saved it as UTF-8 put for what could not be read."""
    lost = text.count("\ufffd")
    return 0 < lost <= max(1, len(text) // 20) and not _CONTROL.search(text.replace("\ufffd", ""))


def _try(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _candidates(data: bytes) -> list[tuple[str, str]]:
    """Decodings worth a look, best first."""
    text = _try(data, "utf-8")
    if text is not None and "\x00" not in text:
        return [(text, "utf-8")]
    if len(data) % 2 == 0 and len(data) > 2:
        # Without a mark, UTF-16 is taken only where it reads as plain text nearly throughout.
        wide = [(text, name) for name in ("utf-16-le", "utf-16-be") if (text := _try(data, name)) is not None]
        plain = [(_plausible(text), text, name) for text, name in wide if not _CONTROL.search(text)]
        both = sorted(((share, text, name) for share, text, name in plain if share > 0.97), reverse=True)
        if both and _spaced(both[0][1]):
            return [(both[0][1], both[0][2])]
    if b"\x00" in data:
        return []
    found = [(text, name) for name in ("gb18030", "big5hkscs") if (text := _try(data, name)) is not None]
    return sorted(found, key=lambda pair: -_common(pair[0])) if len(found) > 1 else found


def _plausible(text: str) -> float:
    """Share of characters that ordinary Chinese or English text is made of."""
    sample = text[:20000]
    return len(_KNOWN.findall(sample)) / len(sample) if sample else 0.0


def _spaced(text: str) -> bool:
    """Whether a text has the line breaks, spaces or marks that real text has."""
    sample = text[:20000]
    return len(re.findall("[ \n\r，。、,.!?！？：“”\u3000]", sample)) * 60 >= len(sample)


# The hundred characters that make up some two fifths of Chinese text, in both scripts. Bytes of one encoding read as
# the other give rare characters; these hardly ever turn up by accident.
_FREQUENT = frozenset(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经"
    "這個國為來時們動對發會過說產種學經後開關點與"
    "，。、：；！？「」“”《》（）"
)


def _common(text: str) -> float:
    """Share of the most frequent characters and marks among all that are not ASCII."""
    wide = [char for char in text[:20000] if char > "\x7f"]
    private = len(_PRIVATE.findall(text[:20000]))
    return (sum(char in _FREQUENT for char in wide) - 2 * private) / len(wide) if wide else 0.0
