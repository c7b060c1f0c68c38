"""Bytes → text, in the encodings that articles really come in.

UTF-8 proves itself; Chinese in GB 18030 or Big5 shows by the characters that every Chinese text is full of, Japanese and
Korean by theirs. Where that does not speak clearly, charset-normalizer is asked for a second opinion, and believed where
the result reads as it should. What is still unclear is refused: text that was decoded wrongly is not seen until somebody asks.
"""

from __future__ import annotations

import codecs
import contextlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from rag.errors import NotText

_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
LOST = "\ufffd"  # in the place of what cannot be decoded
# Everything below U+0020 except tab, line breaks, form feed; DEL; C1 controls except NEL; and code points that no
# text holds.
_CONTROL = re.compile("[\x00-\x08\x0e-\x1b\x7f\x80-\x84\x86-\x9f\ufffe\uffff]")
_PRIVATE = re.compile("[\ue000-\uf8ff]")
_LINE = re.compile("\r\n|\n|\r")
_SYLLABLE = re.compile("[\u3041-\u30fa\uac00-\ud7a3]")  # kana, hangul
_LATIN = re.compile("[\u00a0-\u017f\u2013-\u2026\u20ac\u2122]")
# Characters of ordinary Chinese and English text. GB 2312 level 1 in GB 18030 and the common part of Big5 are all here.
_KNOWN = re.compile("[\x20-\x7e\t\n\r\f\v\u00a0-\u024f\u2000-\u206f\u3000-\u30ff\u4e00-\u9fff\uff00-\uffef]")
_CHINESE = ("gb18030", "big5hkscs")
_ASIAN = (*_CHINESE, "cp932", "euc_jp", "cp949")
_FOREIGN = ("cp1251", "koi8_r", "cp1253", "tis_620")  # not read, and not taken for one of the others
_SAMPLE = 20000  # characters or bytes that tell
_CLEAR = 0.12  # share of frequent characters: of 400 news of 60 characters 2 % have less than .14, mojibake has none
_LETTERS = "".join(map(chr, range(0x80, 0x800)))  # two bytes each in UTF-8
_PASTED = 4  # characters; fewer in another encoding are no passage
_SHORT = 60  # bytes beyond ASCII, below which no statistics tell anything


@dataclass(frozen=True, slots=True)
class Decoded:
    text: str
    encoding: str  # name that ``bytes.decode`` takes
    notes: tuple[tuple[str, str], ...] = ()  # what was lost or mended, and in which lines: (Chinese, English)


def decode(data: bytes, subject: str) -> Decoded:
    """Text of bytes. Raises NotText, about ``subject``, where they are empty, binary or in no encoding known here."""
    found = _marked(data) or _unmarked(data)
    if found is not None:
        if not found.text.strip("\ufeff\u200b\u2060 \t\r\n\f\v\u3000\u00a0"):
            raise NotText(
                ("文件里没有文字", "there is no text in the file"),
                subject=subject,
                advice=("请换一个有内容的文件", "Choose a file with content"),
            )
        if not _CONTROL.search(found.text) and _whole(found.text):
            return Decoded(found.text, found.encoding, (*found.notes, *_lost(found.text)))
    raise NotText(
        ("不是文本文件，或编码无法识别", "not a text file, or in an unknown encoding"),
        subject=subject,
        advice=("请另存为 UTF-8 编码的文本文件", "Save it as a text file in UTF-8"),
    )


def _whole(text: str) -> bool:
    """But for a few characters that could not be read, now or by whoever saved it as UTF-8."""
    return text.count(LOST) <= max(1, len(text) // 20)


def _lost(text: str) -> Iterable[tuple[str, str]]:
    if LOST in text:
        lines = [number for number, line in enumerate(_LINE.split(text), 1) if LOST in line]
        zh, en = _numbers(lines)
        yield (f"{zh}有读不出的字节，该处以“{LOST}”代替", f"{en}: bytes that cannot be read, “{LOST}” in their place")


def _numbers(lines: list[int]) -> tuple[str, str]:
    """第 3、7–9 行等; neighbours as a range, and no more than six of them."""
    ranges: list[list[int]] = []
    for line in lines:
        if ranges and line == ranges[-1][1] + 1:
            ranges[-1][1] = line
        else:
            ranges.append([line, line])
    told = [f"{first}" if first == last else f"{first}–{last}" for first, last in ranges[:6]]
    more = len(ranges) > len(told)
    return f"第 {'、'.join(told)} 行{'等处' if more else ''}", f"line {', '.join(told)}{' …' if more else ''}"


def _marked(data: bytes) -> Decoded | None:
    """By the byte order mark at the head."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            body = data[len(mark) :]
            if encoding == "utf-8":
                return _mended(body) or Decoded(body.decode("utf-8", "replace"), encoding)
            return Decoded(body.decode(encoding, "replace"), encoding)
    return None


def _unmarked(data: bytes) -> Decoded | None:
    text = _try(data, "utf-8")
    if text is not None and "\x00" not in text:
        return Decoded(text, "utf-8")
    if len(data) % 2 == 0 and len(data) > 2:
        # Without a mark, UTF-16 is taken only where it reads as plain text nearly throughout.
        wide = [(text, name) for name in ("utf-16-le", "utf-16-be") if (text := _try(data, name)) is not None]
        plain = [(_plausible(text), text, name) for text, name in wide if not _CONTROL.search(text)]
        both = sorted(((share, text, name) for share, text, name in plain if share > 0.97), reverse=True)
        if both and _spaced(both[0][1]):
            return Decoded(both[0][1], both[0][2])
    if b"\x00" in data:
        return None
    mended = _mended(data)
    if mended is not None and _certain(data, mended.text):
        return mended
    read = [Decoded(text, name) for name in _ASIAN if (text := _try(data, name)) is not None]
    found = [each for each in read if each.encoding in _CHINESE or _share(_SYLLABLE, each.text) > 0.1]
    found += [mended] if mended is not None else []
    best = max(found, key=lambda each: _familiar(each.text), default=None)
    if best is not None and _familiar(best.text) >= _CLEAR:
        return best
    other = _second_opinion(data)
    if other is not None:
        return other
    short = sum(byte > 0x7F for byte in data[: 10 * _SHORT]) <= _SHORT
    for each in found:
        if each.encoding in _CHINESE and (_familiar(each.text) > _CLEAR / 4 or (short and _ordinary(each.text))):
            return each
    damaged = [Decoded(data.decode(name, "replace"), name) for name in _CHINESE]
    rest = max(damaged, key=lambda each: _familiar(each.text))
    return rest if _familiar(rest.text) >= _CLEAR else None


def _mended(data: bytes) -> Decoded | None:
    """As UTF-8 of which a few bytes are none, or lines are in GB 18030 (pasted to the end, say); None where nothing is UTF-8."""
    lines: list[str] = []
    other: list[int] = []
    mine = 0
    for number, line in enumerate(data.splitlines(keepends=True), 1):
        read, foreign = _utf8_line(line)
        lines.append(read + foreign)
        mine += _wide(read)
        if foreign:
            other.append(number)
    if mine < (_PASTED * len(other) or 1):
        return None
    notes = []
    if other:
        zh, en = _numbers(other)
        notes.append((f"{zh}不是 UTF-8，按 GB18030 读", f"{en}: not UTF-8, read as GB18030"))
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    decoder.decode(data)
    if decoder.getstate()[0] and lines[-1].endswith(LOST):
        zh, en = "文件断在一个字的中间，后面可能还缺内容", "the file breaks off within a character; more may be missing"
        notes.append((zh, en))
    return Decoded("".join(lines), "utf-8", tuple(notes))


def _certain(data: bytes, mended: str) -> bool:
    """Whether far more of it is UTF-8 than is not: in other encodings hardly anything is by accident."""
    plain = data.decode("utf-8", "replace")
    lost, read = plain.count(LOST), _wide(plain)
    much = read >= 4 * lost or (read >= lost and 100 * lost <= len(plain))
    return much and not _CONTROL.search(mended)


def _utf8_line(line: bytes) -> tuple[str, str]:
    """A line as UTF-8, up to where it goes on in GB 18030; and the rest as that."""
    try:
        return line.decode("utf-8"), ""
    except UnicodeDecodeError as error:
        # Two bytes of GB 18030 may by chance be a letter of UTF-8, but hardly one of its Chinese characters.
        head = line[: error.start].decode("utf-8").rstrip(_LETTERS)
    rest = line[len(head.encode("utf-8")) :]
    text, other = rest.decode("utf-8", "replace"), _try(rest, "gb18030")
    if other is not None and _wide(text) <= text.count(LOST) and _wide(other) >= _PASTED:
        return head, other
    return head + text, ""


def _second_opinion(data: bytes) -> Decoded | None:
    """As charset-normalizer would read it, where that reads as the language that it should be."""
    from charset_normalizer import from_bytes

    end = len(data) if len(data) <= _SAMPLE else data.rfind(b"\n", 0, _SAMPLE) + 1 or _SAMPLE
    match = from_bytes(data[:end], cp_isolation=[*_ASIAN, "cp1252", *_FOREIGN]).best()
    name = match.encoding if match is not None else ""
    text = None if name in ("", *_FOREIGN) else _try(data, name)
    if text is None:
        return None
    if name == "cp1252":
        right = _share(_LATIN, text) > 0.95 and 5 * _wide(text) < len(text)
    else:
        right = _familiar(text) > _CLEAR / 4
    return Decoded(text, name) if right else None


def _try(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _ordinary(text: str) -> bool:
    """Without a rare character in one of the scripts: a name, a greeting."""
    with contextlib.suppress(UnicodeEncodeError):
        return bool(text.encode("gb2312"))
    try:
        return all(pair[0] <= 0xC6 for char in text if len(pair := char.encode("big5")) == 2)
    except UnicodeEncodeError:
        return False


def _plausible(text: str) -> float:
    """Share of characters that ordinary Chinese or English text is made of."""
    sample = text[:_SAMPLE]
    return len(_KNOWN.findall(sample)) / len(sample) if sample else 0.0


def _spaced(text: str) -> bool:
    """Whether a text has the line breaks, spaces or marks that real text has."""
    sample = text[:_SAMPLE]
    return len(re.findall("[ \n\r，。、,.!?！？：“”\u3000]", sample)) * 60 >= len(sample)


def _wide(text: str) -> int:
    """Characters beyond ASCII that were read."""
    return sum(char > "\x7f" for char in text) - text.count(LOST)


def _share(pattern: re.Pattern[str], text: str) -> float:
    """Of the characters beyond ASCII."""
    sample = text[:_SAMPLE]
    return len(pattern.findall(sample)) / max(1, _wide(sample))


# The hundred characters that make up some two fifths of Chinese text, in both scripts. Bytes of one encoding read as
# the other give rare characters; these hardly ever turn up by accident.
_FREQUENT = frozenset(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经"
    "這個國為來時們動對發會過說產種學經後開關點與"
    "，。、：；！？「」“”《》（）"
)
# Likewise for the neighbours: syllables and particles, and kanji of newspapers.
_NEIGHBOURS = frozenset(
    "이다는을의에가고하지로서한기사도은를어인"
    "のにはをたがでとしれさいるもなかっらりこンースルトリイアラクシジッ"
    "日本年東京市県長見議後前部者党業内場員選立関決通最現調"
)


def _familiar(text: str) -> float:
    """Share of the most frequent characters and marks among all that are not ASCII."""
    sample = text[:_SAMPLE]
    wide = [char for char in sample if char > "\x7f"]
    known = sum(char in _FREQUENT or char in _NEIGHBOURS for char in wide)
    return (known - 2 * len(_PRIVATE.findall(sample))) / len(wide) if wide else 0.0
