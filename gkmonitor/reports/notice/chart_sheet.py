"""The sheet of pictures: trend and indicators as the spreadsheet's own charts, the matrices as coloured cells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from gkmonitor.monthly.records import CELL_WORDS, Matrix, MonthNumbers
from gkmonitor.registry.sheets import defused
from gkmonitor.reports.notice.masked import masked

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

_TREND: Final = "趋势"
_COLOURS: Final = {"ok": "#DDF0E4", "violation": "#F6C9C3", "excused": "#E3E8F0", "undecided": "#EEEEEE", "none": ""}


def add_chart_sheet(book: Workbook, numbers: MonthNumbers) -> None:
    """Sheets 趋势, and one for each matrix that has rows."""
    head = book.add_format({"bold": True, "border": 1, "align": "center", "bg_color": "#DCE6F1", "text_wrap": True})
    _add_trend(book, numbers, head)
    formats = {
        state: book.add_format({"border": 1, "align": "center", **({"bg_color": colour} if colour else {})})
        for state, colour in _COLOURS.items()
    }
    for matrix in (numbers.portal_columns, numbers.unit_years):
        if matrix.rows:
            _add_matrix(book, matrix, head, formats)


def _add_trend(book: Workbook, numbers: MonthNumbers, head: Any) -> None:
    sheet = book.add_worksheet(_TREND)
    for at, word in enumerate(("月份", "合格率（%）", "检查数", "不合格数", "问题数", "单项否决数")):
        sheet.write_string(0, at, word, head)
    for row, point in enumerate(numbers.trend, start=1):
        sheet.write_string(row, 0, point.month)
        figures = (point.rate, point.checked, point.unqualified, point.problems, point.vetoes)
        for at, figure in enumerate(figures, start=1):
            if figure is not None:  # a month without a notice is a gap, not nought
                sheet.write_number(row, at, figure)
    last = len(numbers.trend)
    if last:
        _insert_trend(book, sheet, last)
    found = [one for one in numbers.by_indicator if one.finding == "found"]
    top = last + 3
    for at, word in enumerate(("检查指标", "问题数")):
        sheet.write_string(top, at, word, head)
    for row, line in enumerate(found, start=top + 1):
        sheet.write_string(row, 0, defused(masked(line.title)))
        sheet.write_number(row, 1, line.problems)
    if found:
        _insert_bars(book, sheet, top, len(found))
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 5, 12)
    sheet.set_paper(9)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


def _insert_trend(book: Workbook, sheet: Worksheet, last: int) -> None:
    line = book.add_chart({"type": "line"})
    bars = book.add_chart({"type": "column"})
    categories = [_TREND, 1, 0, last, 0]
    bars.add_series(
        {"name": "问题数", "categories": categories, "values": [_TREND, 1, 4, last, 4], "fill": {"color": "#9DB2CC"}}
    )
    line.add_series(
        {
            "name": "合格率（%）",
            "categories": categories,
            "values": [_TREND, 1, 1, last, 1],
            "y2_axis": True,
            "line": {"color": "#1F3A5F", "width": 2.25},
            "marker": {"type": "circle"},
        }
    )
    bars.combine(line)
    bars.set_title({"name": "近十二个月合格率和问题数"})
    bars.set_y_axis({"name": "问题数（个）", "min": 0})
    line.set_y2_axis({"name": "合格率（%）", "min": 0, "max": 100})
    bars.show_blanks_as("gap")
    sheet.insert_chart(0, 7, bars, {"x_scale": 1.4})


def _insert_bars(book: Workbook, sheet: Worksheet, top: int, count: int) -> None:
    chart = book.add_chart({"type": "bar"})
    chart.add_series(
        {
            "name": "问题数",
            "categories": [_TREND, top + 1, 0, top + count, 0],
            "values": [_TREND, top + 1, 1, top + count, 1],
            "fill": {"color": "#1F3A5F"},
            "data_labels": {"value": True},
        }
    )
    chart.set_title({"name": "本月问题（按指标）"})
    chart.set_legend({"none": True})
    chart.set_y_axis({"reverse": True})
    sheet.insert_chart(17, 7, chart, {"x_scale": 1.4, "y_scale": max(1.0, count / 10)})


def _add_matrix(book: Workbook, matrix: Matrix, head: Any, formats: dict[str, Any]) -> None:
    sheet = book.add_worksheet(masked(matrix.title)[:31])
    sheet.write_string(0, 0, masked(matrix.corner), head)
    for at, word in enumerate(matrix.heads, start=1):
        sheet.write_string(0, at, defused(masked(word)), head)
    for number, row in enumerate(matrix.rows, start=1):
        sheet.write_string(number, 0, defused(masked(row.name)))
        for at, state in enumerate(row.cells, start=1):
            sheet.write_string(number, at, CELL_WORDS[state], formats[state])
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, len(matrix.heads), 14)
    sheet.freeze_panes(1, 1)
    sheet.set_paper(9)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
