"""``gkmonitor report --units`` and ``--template-out``: what goes to each unit, and the template to edit."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

from gkmonitor.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from gkmonitor.cli.case_words import Desk
    from gkmonitor.monthly.records import MonthNumbers

USUAL_WORKDAYS: Final = 10  # what offices give for a written report


def write_template(file: Path) -> None:
    """Writes the shipped template, to be edited in Word or WPS. Raises OutputError."""
    from gkmonitor.reports.notice.template import shipped_template
    from gkmonitor.reports.writing import write_bytes

    if file.suffix.lower() != ".docx":
        raise UsageError(f"模板文件的名称要以 .docx 结尾，例如 --template-out {file.name or '通报模板'}.docx")
    write_bytes(file, shipped_template())


def write_units(
    desk: Desk, numbers: MonthNumbers, folder: Path, deadline: date | None, tell: Callable[[str], None]
) -> list[Path]:
    """One list and one notice for each unit with problems that still stand; the files written. Raises OutputError."""
    from gkmonitor.reports.notice.units import safe_names, unit_notice_docx, unit_notice_xlsx, unit_notices
    from gkmonitor.reports.writing import write_bytes

    notices = unit_notices(numbers, deadline)
    names, made = safe_names(notices), []
    for number, notice in enumerate(notices, start=1):
        tell(f"正在生成整改通知（{number}/{len(notices)}）")
        stem = f"{names[notice.unit]}-{numbers.month}"
        for path, data in (
            (folder / f"整改通知书-{stem}.docx", unit_notice_docx(notice)),
            (folder / f"问题清单-{stem}.xlsx", unit_notice_xlsx(notice)),
        ):
            write_bytes(path, data)
            made.append(path)
    return made


def unit_deadline(desk: Desk, text: str | None) -> date:
    """The day that is written, else ten working days from today. Raises DateError, LedgerError, UsageError."""
    from gkmonitor.dates import parse_day
    from gkmonitor.ledger.decisions import deadline_after
    from gkmonitor.workdays import load_calendar, use_calendar

    if text is not None:
        day = parse_day(text.strip())
        if day < desk.today:
            raise UsageError(f"整改期限 {day} 已经过去，请写今天或以后的日期")
        return day
    if desk.settings.workday_table:
        use_calendar(load_calendar(Path(desk.settings.workday_table)))
    return deadline_after(desk.today, USUAL_WORKDAYS)
