"""Workbooks: .xlsx by openpyxl, read row by row; .xls by calamine. A row knows the names of its columns."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from rag.ingest.read.extract import Builder, Extract
from rag.ingest.read.guarded import opened, told
from rag.origins import CellOrigin
from rag.types import BlockKind

# One cell at XFD1048576 makes a sheet of 17 thousand million cells.
MOST_ROWS, MOST_COLUMNS = 20_000, 256

_KIND = (
    "表格文件",
    "workbook",
    ("请用表格软件打开后另存为 .xlsx", "Open it in a spreadsheet program and save it as .xlsx"),
)
Cell = tuple[int, int, str]  # row and column, from 1, and what stands there


def read_xlsx(data: bytes, name: str) -> Extract:
    """Every sheet that is shown. Raises UnreadableFile."""
    import openpyxl

    opened(data, name).close()
    with told(name, *_KIND):
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        far = [
            sheet.title
            for sheet in sheets
            if (sheet.max_row or 0) > MOST_ROWS or (sheet.max_column or 0) > MOST_COLUMNS
        ]
        return _extract(((sheet.title, _cells_of(sheet)) for sheet in sheets), far)


def read_xls(data: bytes, name: str) -> Extract:
    """The same of the older format. Raises UnreadableFile."""
    import python_calamine

    with told(name, *_KIND):
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        names = [s.name for s in book.sheets_metadata if s.visible == python_calamine.SheetVisibleEnum.Visible]
        found = {each: book.get_sheet_by_name(each) for each in names}
        far = [
            each for each, sheet in found.items() if sheet.total_height > MOST_ROWS or sheet.total_width > MOST_COLUMNS
        ]
        return _extract(((each, _rows(sheet.to_python(nrows=MOST_ROWS))) for each, sheet in found.items()), far)


def _cells_of(sheet: Any) -> Iterator[Cell]:
    """Those that hold something, within the bounds; asked for by row, for the size a file claims need not be its own."""
    for row in sheet.iter_rows(max_row=MOST_ROWS, max_col=MOST_COLUMNS):
        for cell in row:
            said = _said(cell.value, getattr(cell, "number_format", "General") or "General")
            if said:
                yield cell.row, cell.column, said


def _rows(rows: Sequence[Sequence[Any]]) -> Iterator[Cell]:
    for number, row in enumerate(rows[:MOST_ROWS], 1):
        for column, value in enumerate(row[:MOST_COLUMNS], 1):
            if said := _said(value, "General"):
                yield number, column, said


def _said(value: Any, form: str) -> str:
    """A value as a reader of the sheet sees it."""
    if value is None or isinstance(value, bool):
        return {True: "是", False: "否"}.get(value, "") if isinstance(value, bool) else ""
    if isinstance(value, datetime):
        return str(value.date()) if value.time() == time() else f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, date | time | timedelta):
        return str(value)
    if isinstance(value, int | float):
        if "%" in form:
            places = len(form.partition(".")[2].split("%")[0].strip("\"' ")) if "." in form else 0
            return f"{value * 100:.{places}f}%"
        return str(int(value)) if isinstance(value, int) or value.is_integer() else f"{round(value, 10):.10g}"
    return " ".join(str(value).split())


def _extract(sheets: Iterable[tuple[str, Iterable[Cell]]], far: Iterable[str]) -> Extract:
    """``far``: sheets that claim to go on beyond the bounds."""
    built = Builder()
    for sheet in far:
        built.notes.append(
            (
                f"工作表“{sheet}”只收了前 {MOST_ROWS} 行、{MOST_COLUMNS} 列",
                f"of the sheet “{sheet}” the first {MOST_ROWS} rows and {MOST_COLUMNS} columns were taken in",
            )
        )
    title = ""
    for sheet, cells in sheets:
        rows: dict[int, dict[int, str]] = {}
        for row, column, said in cells:
            rows.setdefault(row, {})[column] = said
        if not rows:
            continue
        built.block(BlockKind.HEADING, [(sheet, CellOrigin(sheet, "A1"))])
        first = _table(built, sheet, rows)
        title = title or first or sheet
    return built.done(title=title)


def _table(built: Builder, sheet: str, rows: dict[int, dict[int, str]]) -> str:
    """The rows of a sheet. What stands alone above a table is its caption; the first row of several words names the columns."""
    columns = sorted({column for row in rows.values() for column in row})
    low, high = columns[0], columns[-1]
    wide = max(len(row) for row in rows.values())
    caption, headed, before = "", False, 0
    for number in sorted(rows):
        row = rows[number]
        if before and number > before + 1:
            headed = False  # an empty row parts two tables
        before = number
        if len(row) == 1 and wide > 1 and not headed:
            ((column, said),) = row.items()
            built.block(BlockKind.BODY if len(said) > 60 else BlockKind.HEADING, [(said, _at(sheet, number, column))])
            caption = caption or said
            continue
        cells = [(row.get(column, ""), _at(sheet, number, column)) for column in range(low, high + 1)]
        names = not headed and len(row) > 1 and not any(_is_number(said) for said in row.values())
        built.row(cells, head=names)
        headed = headed or names
    return caption


def _is_number(said: str) -> bool:
    try:
        float(said.rstrip("%").replace(",", ""))
    except ValueError:
        return False
    return not (said.isdigit() and len(said) == 4)  # 「2023」 names a column of that year


def _at(sheet: str, row: int, column: int) -> CellOrigin:
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return CellOrigin(sheet, f"{letters}{row}")
