"""What is said of an article beside its text: at the head of its file, or in ``metadata.toml`` in its folder.

::

    ---                                   ["page.txt"]                # metadata.toml
    title: 标题                            date = 2024-03-01
    date: 2024-03-01                      title = "标题"
    source: 新华日报                       source = "新华日报"
    ---                                   collection = "要闻"

The sidecar wins: whoever wrote it knew the file. Lines 「标题：…」, 「日期：…」 at the very head count like a block. A
value that is no date is no reason to leave an article out: ``problems`` tells which file and key to mend.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from rag.errors import IngestError
from rag.ingest.names import readable
from rag.ingest.reasons import because
from rag.types import ArticleDate

SIDECAR = "metadata.toml"
KEYS = ("date", "title", "source", "collection")

_FENCE = re.compile(r"[\ufeff\s]*---[ \t]*\r?\n(?P<block>.{0,4000}?)^---[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)
_NAMES = {
    "title": ("title", "标题", "题目"),
    "date": ("date", "日期", "发布时间", "发布日期", "发表时间", "发表日期", "published", "pubdate"),
    "source": ("source", "来源", "稿源"),
    "collection": ("collection", "文集", "栏目"),
    "author": ("author", "作者", "记者"),  # read past, like any other key of a block
}
_KEY = {name: key for key, names in _NAMES.items() for name in names}
_LINE = re.compile(
    rf"[ \t\u3000]*(?P<key>{'|'.join(sorted(_KEY, key=len, reverse=True))})[ \t]*[:：][ \t]*(?P<value>[^\r\n]{{0,200}})(?:\r?\n|\Z)",
    re.IGNORECASE,
)
_BLANK = re.compile(r"[\ufeff\s]*")
_SEPARATOR = r"\s*[-/.年]\s*"
_DATE = re.compile(
    rf"((?:1[89]|20)\d\d)(?:{_SEPARATOR}(\d{{1,2}})(?:\s*[-/.月]\s*(\d{{1,2}})\s*日?)?\s*月?|(\d\d)(\d\d)|\s*年)?"
    r"(?:[T\s，,]\s*\d{1,2}[:：]\d{2}.*)?"
)


@dataclass(frozen=True, slots=True)
class Given:
    """What is said of one article; "" and None where nothing is."""

    date: ArticleDate | None = None
    title: str = ""
    source: str = ""  # who published it
    collection: str = ""
    body: int = 0  # offset in the file's text at which the article itself begins


def given(path: Path, text: str) -> Given:
    """What the head of ``text`` and the sidecar beside ``path`` say. Reads that sidecar, once a version of it."""
    head = front_matter(text)
    beside, _ = _of_file(path)
    return Given(
        beside.date or head.date,
        beside.title or head.title,
        beside.source or head.source,
        beside.collection or head.collection,
        head.body,
    )


def front_matter(text: str) -> Given:
    """What a ``---`` block, or lines 「标题：…」, 「日期：…」 at the very head, say.

    A head without a title or a date, and one with no article behind it, is text. A date that is none is passed over.
    """
    fence = _FENCE.match(text)
    found: dict[str, str] = {}
    at = _BLANK.match(text).end()  # type: ignore[union-attr]
    if fence:
        at = fence.end()
        for line in fence["block"].splitlines():
            match = _LINE.match(line + "\n")
            if match:
                found.setdefault(_KEY[match["key"].lower()], match["value"].strip().strip("\"'"))
    else:
        while (match := _LINE.match(text, at)) is not None:
            found.setdefault(_KEY[match["key"].lower()], match["value"].strip().strip("\"'"))
            at = match.end()
    when = parse_date(found.get("date", ""))
    fenced = fence is not None and bool(found)
    if not (fenced or "title" in found or when) or not text[at:].strip():
        return Given()
    reason = because("front", found.get("date", ""))
    dated = ArticleDate(when[0], when[1], reason) if when else None
    return Given(dated, found.get("title", ""), found.get("source", ""), found.get("collection", ""), at)


def parse_date(value: object) -> tuple[date, str] | None:
    """A date and its precision ("day", "month", "year"), from 2024-03-01, 2024年3月1日 10:20, 2024-03, 2024 and the like."""
    if isinstance(value, datetime):
        return value.date(), "day"
    if isinstance(value, date):
        return value, "day"
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    match = _DATE.fullmatch(str(value).strip())
    if match is None:
        return None
    month, day = match[2] or match[4], match[3] or match[5]
    try:
        found = date(int(match[1]), int(month or 1), int(day or 1))
    except ValueError:
        return None
    return found, "day" if day else "month" if month else "year"


def problems(paths: Iterable[Path]) -> list[IngestError]:
    """What is wrong with the sidecars beside these files: file and key, each fault once. The articles are read all the same."""
    found: dict[str, IngestError] = {}
    for folder in dict.fromkeys(Path(os.path.abspath(path)).parent for path in paths):  # noqa: PTH100 — as load_document
        for error in _faults(folder / SIDECAR):
            found.setdefault(str(error), error)
    for path in paths:
        for error in _of_file(path)[1]:
            found.setdefault(str(error), error)
    return list(found.values())


def _faults(sidecar: Path) -> list[IngestError]:
    """The file as a whole; single keys are looked at article by article."""
    read = _read(sidecar)
    return [read] if isinstance(read, IngestError) else []


def _of_file(path: Path) -> tuple[Given, list[IngestError]]:
    sidecar = Path(os.path.abspath(path)).with_name(SIDECAR)  # noqa: PTH100 — symbolic links are kept
    read = _read(sidecar)
    if isinstance(read, IngestError):
        return Given(), []
    name = readable(path.name)
    table: Any = read.get(name)
    if table is None:  # [page.txt] without quotes is a table in a table
        table = read
        for part in name.split("."):
            table = table.get(part) if isinstance(table, Mapping) else None
    if table is None:
        return Given(), []
    place = f"{readable(str(sidecar))}: [{name}]"
    if not isinstance(table, Mapping):
        return Given(), [_wrong(place, "应为一张表，写 date、title、source、collection", "should be a table")]
    wrong = [
        _wrong(
            f"{place} {key}",
            f"没有这个键，可用的有 {'、'.join(KEYS)}",
            f"there is no such key; known: {', '.join(KEYS)}",
        )
        for key in table
        if key not in KEYS
    ]
    texts = {}
    for key in KEYS[1:]:
        value = table.get(key, "")
        if isinstance(value, str):
            texts[key] = value.strip()
        else:
            wrong.append(_wrong(f"{place} {key}", "应为文字", "should be text"))
    dated = None
    if "date" in table:
        when = parse_date(table["date"])
        if when:
            dated = ArticleDate(when[0], when[1], because("sidecar", f"{table['date']}"))
        else:
            wrong.append(_wrong(f"{place} date", f"不是日期：{table['date']}", f"no date: {table['date']}"))
    return Given(dated, texts.get("title", ""), texts.get("source", ""), texts.get("collection", "")), wrong


def _wrong(subject: str, chinese: str, english: str) -> IngestError:
    advice = (
        "文章已照常收进来，没有用这一项；日期写成 2024-03-01。",
        "The article was indexed without it; write dates as 2024-03-01.",
    )
    return IngestError((chinese, english), subject=subject, advice=advice)


def _read(sidecar: Path) -> dict[str, Any] | IngestError:
    try:
        stat = sidecar.stat()
    except OSError:
        return {}  # there is none, or none that can be seen
    return _parse(str(sidecar), stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=16)
def _parse(path: str, _changed_ns: int, _size: int) -> dict[str, Any] | IngestError:
    """A folder of ten thousand articles has one sidecar: it is parsed once, until it changes."""
    advice = (
        "文章已照常收进来，没有用这个文件；请改正后再收一次。",
        "The articles were indexed without it; mend it and index again.",
    )
    try:
        return tomllib.loads(Path(path).read_text(encoding="utf-8-sig"))
    except OSError as error:
        return IngestError(
            (f"读不了（{error.strerror}）", f"cannot be read ({error.strerror})"), subject=readable(path), advice=advice
        )
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        return IngestError(
            (f"不是合法的 TOML：{error}", f"not valid TOML: {error}"), subject=readable(path), advice=advice
        )
