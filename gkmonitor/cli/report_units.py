"""``gkmonitor report --units``, ``--signoff`` and ``--template-out``: the papers besides the notice itself."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from gkmonitor.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from gkmonitor.cli.case_words import Desk
    from gkmonitor.monthly.records import MonthNumbers


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


def write_units(
    desk: Desk, numbers: MonthNumbers, folder: Path, deadline: date, tell: Callable[[str], None]
) -> list[Path]:
    """One list and one notice for each unit with problems that still stand; the files written. Raises OutputError."""
    from gkmonitor.reports.writing import write_bytes
    from gkmonitor.unitpapers import PAPERS, paper_file, unit_papers

    papers, made = unit_papers(desk.database, numbers, deadline), []
    for number, paper in enumerate(papers, start=1):
        tell(f"正在生成整改通知（{number}/{len(papers)}）")
        for form in PAPERS:
            name, data = paper_file(papers, paper, form)
            write_bytes(folder / name, data)
            made.append(folder / name)
    return made


def write_signoff_sheet(numbers: MonthNumbers, folder: Path) -> list[Path]:
    """The internal sheet on which the notice is signed off. Raises OutputError."""
    from gkmonitor.reports.notice.signoff import write_signoff
    from gkmonitor.reports.writing import write_bytes

    path = folder / f"签批单-{numbers.month}.docx"
    write_bytes(path, write_signoff(numbers))
    return [path]
