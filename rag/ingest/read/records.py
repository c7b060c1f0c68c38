"""Records of text: .csv and .tsv, whose first line names the columns; .json and .jsonl, whose keys do."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

from rag.errors import UnreadableFile
from rag.ingest.encoding import decode
from rag.ingest.read.extract import Builder, Extract
from rag.origins import NodeOrigin
from rag.types import BlockKind

MOST_ROWS = 100_000
_DEEPEST = 60
_TITLES = ("title", "标题", "题目", "name", "名称")


def read_delimited(data: bytes, name: str) -> Extract:
    """Raises NotText, UnreadableFile."""
    found = decode(data, name)
    sample = found.text[:20_000]
    try:
        way: Any = csv.Sniffer().sniff(sample, delimiters=",\t;|")
    except csv.Error:
        way = csv.excel_tab if "\t" in sample else csv.excel
    csv.field_size_limit(2**20)
    built = Builder()
    built.notes += found.notes
    names = True
    try:
        for number, row in enumerate(csv.reader(io.StringIO(found.text), way), 1):
            if number > MOST_ROWS:
                built.notes.append(_cut(MOST_ROWS))
                break
            cells = [(cell, NodeOrigin(f"row {number}, column {at}")) for at, cell in enumerate(row, 1)]
            built.row(cells, head=names and len(row) > 1)
            names = names and not any(cell.strip() for cell in row)
    except csv.Error as error:
        raise UnreadableFile(
            (f"这不是规整的表格（{error}）", f"this is no regular table ({error})"), subject=name
        ) from None
    return built.done()


def read_json(data: bytes, name: str) -> Extract:
    """One value, or one a line. Raises NotText, UnreadableFile."""
    found = decode(data, name)
    built = Builder()
    built.notes += found.notes
    try:
        values = [("$", json.loads(found.text))]
    except RecursionError:
        raise _too_deep(name) from None
    except ValueError:
        values = list(_lines(found.text, name, built))
    for path, value in values:
        _say(built, value, path, 0, name)
    return built.done()


def _lines(text: str, name: str, built: Builder) -> Iterator[tuple[str, Any]]:
    good = 0
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except (ValueError, RecursionError):
            if not good:
                reason = (f"第 {number} 行不是 JSON", f"line {number} is not JSON")
                raise UnreadableFile(reason, subject=name, advice=("请检查这个文件", "Check the file")) from None
            built.notes.append((f"第 {number} 行不是 JSON，没有收", f"line {number} is not JSON and was left out"))
            continue
        good += 1
        if good > MOST_ROWS:
            built.notes.append(_cut(MOST_ROWS))
            return
        yield f"line {number}", value


def _say(built: Builder, value: Any, path: str, depth: int, name: str) -> None:
    """An object of plain values is a paragraph 「键：值；键：值」; a list of them, a table; text, a paragraph of its own."""
    if depth > _DEEPEST:
        raise _too_deep(name)
    if isinstance(value, dict):
        for key in _TITLES:
            if isinstance(said := value.get(key), str) and said.strip():
                built.block(BlockKind.HEADING, [(said, NodeOrigin(f"{path}.{key}"))])
                break
        pieces: list[tuple[str, NodeOrigin]] = []
        for key, inner in value.items():
            at = NodeOrigin(f"{path}.{key}")
            if isinstance(inner, str) and len(inner) > 80:
                for part in inner.splitlines():
                    built.block(BlockKind.BODY, [(part, at)])
            elif isinstance(inner, dict | list):
                _say(built, inner, at.path, depth + 1, name)
            elif inner is not None and (said := str(inner).strip()):
                pieces.append((f"{'；' if pieces else ''}{key}：{said}", at))
        built.block(BlockKind.BODY, pieces)
    elif isinstance(value, list) and value and all(_flat(each) for each in value):
        keys = list(dict.fromkeys(key for each in value for key in each))
        built.row([(key, NodeOrigin(path)) for key in keys], head=len(keys) > 1)
        for number, each in enumerate(value[:MOST_ROWS]):
            cells = [each.get(key) for key in keys]
            said = ["" if cell is None else str(cell) for cell in cells]
            built.row([(cell, NodeOrigin(f"{path}[{number}].{k}")) for cell, k in zip(said, keys, strict=True)])
    elif isinstance(value, list):
        for number, inner in enumerate(value[:MOST_ROWS]):
            _say(built, inner, f"{path}[{number}]", depth + 1, name)
    elif value is not None:
        for part in str(value).splitlines():
            built.block(BlockKind.BODY, [(part, NodeOrigin(path))])


def _flat(value: Any) -> bool:
    """A record of short values, as the row of a table is."""
    return (
        isinstance(value, dict)
        and bool(value)
        and all(not isinstance(inner, dict | list) and len(str(inner)) <= 80 for inner in value.values())
    )


def _cut(rows: int) -> tuple[str, str]:
    return f"只收了前 {rows} 行", f"only the first {rows} rows were taken in"


def _too_deep(name: str) -> UnreadableFile:
    return UnreadableFile(("套了太多层", "it is nested too deeply"), subject=name)
