"""The annex tables as .xlsx: figures and days as such, no formula from anybody's text, ready to print."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Final

from gkmonitor.monthly.records import Annex, MonthNumbers
from gkmonitor.registry.sheets import defused
from gkmonitor.reports.notice.chart_sheet import add_chart_sheet
from gkmonitor.reports.notice.problem_tables import problem_tables
from gkmonitor.reports.notice.tables import characters
from gkmonitor.reports.notice.text import notice_text

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

MAX_WIDTH: Final = 46.0
MIN_WIDTH: Final = 6.0
MANY_ROWS: Final = 20_000  # of a workbook: a province's months have a hundred thousand
_MAX_NAME: Final = 31
_MAX_CELL: Final = 32_767
_SAMPLE: Final = 300
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")
_FIGURE: Final = re.compile(r"[+-]?\d{1,15}(?:\.\d{1,6})?")
_PERCENT: Final = re.compile(r"[+-]?\d{1,6}(?:\.\d{1,6})?%")
# Codes look like figures and are none; only columns whose heads say that they count are figures.
_COUNTING_HEAD: Final = re.compile(r"(?:序号|名次|得分|.*(?:数|条数|天数|单项否决))")


def write_xlsx(numbers: MonthNumbers) -> bytes:
    """The annexes of the notice, the problems by kind and the pictures' figures; same numbers, same bytes."""
    text = notice_text(numbers)
    tables = [*text.annexes, *problem_tables(numbers)]
    return tables_xlsx(tables, title=text.title, author=text.office, at=numbers.as_of, numbers=numbers)


def tables_xlsx(
    tables: Sequence[Annex], *, title: str, author: str, at: datetime, numbers: MonthNumbers | None = None
) -> bytes:
    """Tables as sheets, with a list of them in front when there are several."""
    import xlsxwriter

    body = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    is_large = sum(len(table.rows) for table in tables) > MANY_ROWS
    options["constant_memory" if is_large else "in_memory"] = True  # large: rows go to the disk
    with xlsxwriter.Workbook(body, options) as book:
        made = at.astimezone(UTC).replace(tzinfo=None, microsecond=0)
        book.set_properties({"title": defused(title)[:255], "author": defused(author)[:255], "created": made})
        sheets = _Sheets(book, title)
        if len(tables) > 1:
            sheets.add_contents(tables)
        for table in tables:
            sheets.add(table)
        if numbers is not None:
            add_chart_sheet(book, numbers)
    return body.getvalue()


class _Sheets:
    """Writes one workbook."""

    def __init__(self, book: Workbook, title: str) -> None:
        self._book, self._title = book, title
        self._names: dict[str, str] = {}
        plain: dict[str, Any] = {"font_name": "宋体", "font_size": 10.5, "valign": "vcenter", "border": 1}
        self._text = book.add_format({**plain, "text_wrap": True, "num_format": "@"})
        self._number = book.add_format({**plain, "align": "center"})
        self._percent = book.add_format({**plain, "align": "center", "num_format": "0.00%"})
        self._day = book.add_format({**plain, "align": "center", "num_format": "yyyy-mm-dd"})
        head = {**plain, "bold": True, "align": "center", "text_wrap": True, "bg_color": "#DCE6F1"}
        self._head = book.add_format(head)
        self._heading = book.add_format({"font_name": "黑体", "font_size": 16, "align": "center", "valign": "vcenter"})
        self._note = book.add_format({"font_name": "宋体", "font_size": 10, "text_wrap": True, "valign": "top"})

    def name_of(self, table: Annex) -> str:
        """A sheet's name: what spreadsheets allow, each once."""
        if table.slug not in self._names:
            plain = re.sub(r"[\[\]:*?/\\']", " ", table.title).strip()[: _MAX_NAME - 3] or table.slug[: _MAX_NAME - 3]
            taken = {name.casefold() for name in self._names.values()}
            name, number = plain, 2
            while name.casefold() in taken:
                name, number = f"{plain}{number}", number + 1
            self._names[table.slug] = name
        return self._names[table.slug]

    def add_contents(self, tables: Sequence[Annex]) -> None:
        """The first sheet: what there is, with links."""
        sheet = self._book.add_worksheet("目录")
        sheet.merge_range(0, 0, 0, 2, "", self._heading)
        sheet.write_string(0, 0, defused(self._title), self._heading)
        sheet.set_row(0, 34)
        for at, head in enumerate(("序号", "表格", "行数")):
            sheet.write_string(1, at, head, self._head)
        for number, table in enumerate(tables, start=1):
            sheet.write_number(number + 1, 0, number, self._number)
            sheet.write_url(number + 1, 1, f"internal:'{self.name_of(table)}'!A1", self._text, table.title)
            sheet.write_number(number + 1, 2, len(table.rows), self._number)
        sheet.set_column(0, 0, 8)
        sheet.set_column(1, 1, 60)
        sheet.set_column(2, 2, 10)
        _set_print(sheet, is_wide=False)

    def add(self, table: Annex) -> None:
        """One table: its title, its heads (which stay in sight and stand on every printed page), its rows, its note."""
        sheet = self._book.add_worksheet(self.name_of(table))
        last = len(table.heads) - 1
        if last > 0:
            sheet.merge_range(0, 0, 0, last, "", self._heading)
        sheet.write_string(0, 0, defused(table.title), self._heading)
        sheet.set_row(0, 30)
        for at, head in enumerate(table.heads):
            sheet.write_string(1, at, defused(head), self._head)
            sheet.set_column(at, at, _width(table, at))
        sheet.freeze_panes(2, 0)
        counting = [_COUNTING_HEAD.fullmatch(head) is not None for head in table.heads]
        for number, row in enumerate(table.rows, start=2):
            for at, cell in enumerate(row):
                self._write(sheet, number, at, cell, is_count=counting[at])
        if table.rows:
            sheet.autofilter(1, 0, 1 + len(table.rows), last)
        else:
            sheet.write_string(2, 0, defused(table.empty), self._text)
        if table.note:
            below = 3 + max(1, len(table.rows))
            if last > 0:
                sheet.merge_range(below, 0, below, last, "", self._note)
            sheet.write_string(below, 0, defused(f"注：{table.note}"), self._note)
        _set_print(sheet, is_wide=len(table.heads) > 6)

    def _write(self, sheet: Worksheet, row: int, at: int, cell: str, *, is_count: bool) -> None:
        if not cell[:1].isdigit() and cell[:1] not in ("+", "-"):  # nearly all: neither a day nor a figure
            sheet.write_string(row, at, defused(cell)[:_MAX_CELL], self._text)
        elif _DAY.fullmatch(cell) and (day := _day(cell)) is not None:
            sheet.write_datetime(row, at, day, self._day)
        elif is_count and _FIGURE.fullmatch(cell):
            sheet.write_number(row, at, float(cell), self._number)
        elif _PERCENT.fullmatch(cell):
            sheet.write_number(row, at, round(float(cell[:-1]) / 100, 8), self._percent)
        else:
            sheet.write_string(row, at, defused(cell)[:_MAX_CELL], self._text)


def _set_print(sheet: Worksheet, *, is_wide: bool) -> None:
    sheet.set_paper(9)  # A4
    if is_wide:
        sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0, 1)
    sheet.set_margins(left=0.6, right=0.6, top=0.7, bottom=0.7)
    sheet.center_horizontally()
    sheet.set_footer("&C第 &P 页，共 &N 页")


def _width(table: Annex, at: int) -> float:
    """What most cells need; spreadsheets count half-width characters."""
    lengths = sorted(2 * characters(row[at]) for row in table.rows[:_SAMPLE])
    usual = lengths[int(len(lengths) * 0.9)] if lengths else 0.0
    return min(max(usual, min(2 * characters(table.heads[at]), 12.0), MIN_WIDTH) + 2.5, MAX_WIDTH)


def _day(cell: str) -> date | None:
    try:
        return date.fromisoformat(cell)
    except ValueError:
        return None
