"""The matrices of a month as tables on paper: a mark and a colour in each cell, in signs of every Chinese font."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from gkmonitor.monthly.records import CELL_WORDS, Annex, CellState, Matrix, MatrixRow, MonthNumbers
from gkmonitor.reports.notice.masked import masked

MAX_ROWS: Final = 60
MAX_COLUMNS: Final = 24
MARKS: Final[dict[CellState, str]] = {"ok": "√", "violation": "×", "excused": "免", "undecided": "？", "none": "－"}
FILLS: Final = {"√": "DDF0E4", "×": "F6C9C3", "免": "E3E8F0", "？": "EEEEEE"}  # RRGGBB, by mark


def matrix_annexes(numbers: MonthNumbers) -> Iterator[Annex]:
    """Portal by column, department by year; only those with a confirmed problem unless a setting lets others be named.

    None of a matrix that has no such row.
    """
    matrices = (("portal-columns", numbers.portal_columns), ("unit-years", numbers.unit_years))
    for slug, matrix in matrices:
        rows = [one for one in matrix.rows if numbers.names_unconfirmed or "violation" in one.cells]
        if rows and matrix.heads:
            yield _annex(slug, matrix, rows, names_all=numbers.names_unconfirmed)


def _annex(slug: str, matrix: Matrix, rows: list[MatrixRow], *, names_all: bool) -> Annex:
    rows = sorted(rows, key=lambda one: -sum(cell == "violation" for cell in one.cells))
    shown = tuple((masked(one.name), *(MARKS[cell] for cell in one.cells[:MAX_COLUMNS])) for one in rows[:MAX_ROWS])
    notes = ["，".join(f"{MARKS[state]} {CELL_WORDS[state]}" for state in MARKS) + "。"]
    if not names_all and len(rows) < len(matrix.rows):
        notes.append(f"共{len(matrix.rows)}行，只列有问题的{len(rows)}行。")
    if len(rows) > MAX_ROWS or len(matrix.heads) > MAX_COLUMNS:
        notes.append("其余见电子表格。")
    heads = (matrix.corner, *(masked(one) for one in matrix.heads[:MAX_COLUMNS]))
    return Annex(slug, masked(matrix.title), heads, shown, note="".join(notes))
