"""Lists as files for spreadsheets. No cell is ever a formula, whatever a portal wrote into its titles."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Final
from urllib.parse import quote

from starlette.responses import Response

from gkmonitor.errors import UsageError
from gkmonitor.registry.exporting import as_csv, as_xlsx
from gkmonitor.registry.sheets import MAX_CELL_CHARACTERS, defused
from gkmonitor.reports.wording import printable

FORMATS: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def export(rows: Iterable[Sequence[object]], columns: Sequence[str], format: str, name: str) -> Response:  # noqa: A002
    """The rows below their heads as a file of that name. Raises UsageError for another format than csv and xlsx."""
    table = [list(columns), *([_cell(value) for value in row] for row in rows)]
    return table_file(table, format, name)


def table_file(table: Sequence[Sequence[str]], format: str, name: str) -> Response:  # noqa: A002
    """The same for a table of texts that are fit for spreadsheets already, its heads first."""
    if format not in FORMATS:
        raise UsageError(f"没有“{format[:20]}”这种格式，可用 csv 或 xlsx")
    body = as_csv(table) if format == "csv" else as_xlsx(table)
    return download(body, f"{name}.{format}", FORMATS[format])


def download(body: bytes, name: str, media_type: str) -> Response:
    """Bytes that a browser saves under a name."""
    disposition = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    return Response(body, media_type=media_type, headers={"Content-Disposition": disposition})


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        text = f"{value:%Y-%m-%d %H:%M}"
    elif isinstance(value, date):
        text = value.isoformat()
    else:
        text = "\n".join(printable(line) for line in str(value).splitlines())
    return defused(text[: MAX_CELL_CHARACTERS - 1])
