"""Decisions in a sheet that a column publishes as a file: .xlsx, .xls and .csv, read like the tables of a page.

A sheet is as foreign as a page and can do more harm: a file of a few kilobytes can unfold to gigabytes, or hold one
cell a million rows away. Its bytes, its unfolded size, its parts, its rows and its columns are bounded, rows are taken
one by one, and what the program cannot read gives nothing. What the author hid is not read.
"""

from __future__ import annotations

import csv
import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Final

from gkmonitor.records import Details, PageFacts, PageKind
from spiders.readers.document import Document, collapse
from spiders.readers.encoding import decode
from spiders.readers.tables import Grid, read_grids, rows_of_grid

MAX_SHEET_BYTES: Final = 4 * 1024 * 1024
MAX_UNFOLDED_BYTES: Final = 24 * 1024 * 1024
MAX_PARTS: Final = 500
MAX_SHEETS: Final = 3
MAX_SHEET_ROWS: Final = 500
MAX_SHEET_COLUMNS: Final = 60
MAX_CELL_CHARACTERS: Final = 300
SHEET_SUFFIXES: Final = (".xls", ".xlsx", ".et", ".csv")

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_EXAMPLE = re.compile(r"示例|样例|填写说明|填报说明|^[（(]?例[:：)）]")
_MARKUP = re.compile(r"\s*<")


def read_sheet(body: bytes, url: str) -> PageFacts | None:
    """The decisions that the sheet lists, as the facts of a page of another kind; None for what is no sheet.

    A sheet is known by its first bytes; text is one where its address says so and it lists decisions. ``url`` is its
    own address, which each row keeps as the place that shows it. A sheet that cannot be read has no rows.
    """
    is_binary = body.startswith((_ZIP, _OLE))
    if not is_binary and not url.partition("?")[0].partition("#")[0].lower().endswith(SHEET_SUFFIXES):
        return None
    rows = tuple(row for grid in _grids(body, url) for row in rows_of_grid(grid, url, ""))
    if not rows and not is_binary:
        return None  # an error page under the sheet's address
    return PageFacts(url, "binary" if is_binary else "text", "zh-Hans", PageKind.OTHER, details=Details(rows=rows))


def _grids(body: bytes, url: str) -> list[Grid]:
    if len(body) > MAX_SHEET_BYTES:
        return []
    try:
        if body.startswith(_ZIP):
            return list(_read_zipped(body))
        return list(_read_binary(body)) if body.startswith(_OLE) else list(_read_text(body, url))
    except Exception:  # broken in any of the hundred ways in which a foreign file can be
        return []


def _read_zipped(body: bytes) -> Iterator[Grid]:
    with zipfile.ZipFile(io.BytesIO(body)) as parts:
        sizes = [part.file_size for part in parts.infolist()]
        if "xl/workbook.xml" not in parts.namelist() or len(sizes) > MAX_PARTS or sum(sizes) > MAX_UNFOLDED_BYTES:
            return
    from openpyxl import load_workbook  # deferred: most crawls meet no sheet

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of styles and extensions that say nothing of the cells
        book = load_workbook(io.BytesIO(body), read_only=True, data_only=True, keep_links=False)
        for sheet in book.worksheets[:MAX_SHEETS]:
            if sheet.sheet_state == "visible":
                yield _grid(sheet.iter_rows(max_row=MAX_SHEET_ROWS, max_col=MAX_SHEET_COLUMNS, values_only=True))


def _read_binary(body: bytes) -> Iterator[Grid]:
    import xlrd

    # Ragged rows: a far cell must not make every row as long as the longest.
    with xlrd.open_workbook(file_contents=body, logfile=io.StringIO(), on_demand=True, ragged_rows=True) as book:
        for number in range(min(book.nsheets, MAX_SHEETS)):
            sheet = book.sheet_by_index(number)
            if sheet.visibility == 0:
                yield _grid(
                    [_old_value(cell, book.datemode) for cell in sheet.row(row)[:MAX_SHEET_COLUMNS]]
                    for row in range(min(sheet.nrows, MAX_SHEET_ROWS))
                )


def _old_value(cell: object, datemode: int) -> object:
    import xlrd
    from xlrd.sheet import Cell

    assert isinstance(cell, Cell)
    if cell.ctype != xlrd.XL_CELL_DATE:
        return cell.value
    return xlrd.xldate_as_datetime(float(cell.value), 1 if datemode else 0)


def _read_text(body: bytes, url: str) -> Iterator[Grid]:
    """Separated values, or the table of a page under the name of a sheet, as export functions write it."""
    text, _ = decode(body)
    if _MARKUP.match(text):
        yield from read_grids(Document(text, url))
        return
    lines = csv.reader(io.StringIO(text))
    yield _grid(row for row, _ in zip(lines, range(MAX_SHEET_ROWS), strict=False))


def _grid(rows: Iterable[Sequence[object]]) -> Grid:
    """The rows with something in them, all as wide as the widest; examples of how to fill it in are left out."""
    texts = [[_text(value) for value in row[:MAX_SHEET_COLUMNS]] for row in rows]
    texts = [row for row in texts if any(row) and not any(_EXAMPLE.search(cell) for cell in row[:2])]
    width = max((len(row) - _empty_at_end(row) for row in texts), default=0)
    filled = [[*row, *[""] * width][:width] for row in texts]
    return Grid(filled, [None] * len(filled))


def _empty_at_end(row: Sequence[str]) -> int:
    return next((number for number, cell in enumerate(reversed(row)) if cell), len(row))


def _text(value: object) -> str:
    """A cell as it reads; a number is never taken for a day, since only the author's format would say so."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return collapse(str(value)[:MAX_CELL_CHARACTERS])
