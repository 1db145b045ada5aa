"""``gkmonitor report --units``, ``--signoff`` and ``--template-out``: the papers besides the notice itself."""

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


def check_options(
    month: str | None, *, is_units: bool, deadline: str | None, template_out: str | None, is_issue: bool
) -> str:
    """The month, when the options go together. Raises UsageError, saying which do not."""
    if template_out is not None:
        raise UsageError("--template-out 单独使用，不要同时写 --month")
    if month is None:
        raise UsageError("请用 --month 写明统计的月份，例如 --month 2026-11")
    if deadline is not None and not is_units:
        raise UsageError("--deadline 只用于 --units（各单位的整改通知书）")
    if is_units and is_issue:
        raise UsageError("--units 生成的是整改通知书，印发通报请另外运行 --issue")
    return month


def write_template(name: str) -> None:
    """Writes the shipped template, to be edited in Word or WPS. Raises UsageError, OutputError."""
    from gkmonitor.cli import console
    from gkmonitor.reports.notice.template import shipped_template
    from gkmonitor.reports.writing import write_bytes

    file = Path(name.strip()).expanduser()
    if file.suffix.lower() != ".docx":
        raise UsageError(f"模板文件的名称要以 .docx 结尾，例如 --template-out {file.name or '通报模板'}.docx")
    write_bytes(file, shipped_template())
    words = f"已导出模板 {file}，修改后用 GKMONITOR_NOTICE_TEMPLATE 写明它的路径"
    console.table_console().print(words, soft_wrap=True, markup=False)


def write_units(numbers: MonthNumbers, folder: Path, deadline: date | None, tell: Callable[[str], None]) -> list[Path]:
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


def write_signoff_sheet(numbers: MonthNumbers, folder: Path) -> list[Path]:
    """The internal sheet on which the notice is signed off. Raises OutputError."""
    from gkmonitor.reports.notice.signoff import write_signoff
    from gkmonitor.reports.writing import write_bytes

    path = folder / f"签批单-{numbers.month}.docx"
    write_bytes(path, write_signoff(numbers))
    return [path]


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
