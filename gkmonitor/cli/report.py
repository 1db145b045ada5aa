"""``gkmonitor report``: the month's notice, counted from the ledger or as it was issued."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gkmonitor.cli import console
from gkmonitor.cli.case_words import Actor, Desk, Json, actor_name, open_desk
from gkmonitor.cli.help import Command

if TYPE_CHECKING:
    from collections.abc import Callable

    from gkmonitor.monthly.records import MonthNumbers

REPORT_SCHEMA = "gkmonitor.report/1"
app = typer.Typer(add_completion=False, rich_markup_mode=None)

_SHOWN = ("running", "checked", "qualified", "unqualified", "undecided", "qualified-rate", "problems", "vetoes")


@app.command(
    cls=Command,
    options_metavar="[选项]",
    epilog="退出码：0 完成，2 用法或配置有误，3 未能完成（例如没有可以统计的网站，或文件夹写不进去）。",
)
def report(
    month: Annotated[str | None, typer.Option(metavar="月份", help="统计的月份，如 2026-11")] = None,
    formats: Annotated[
        list[str] | None, typer.Option("--format", metavar="格式", help="docx、xlsx、html、json、pdf，多个用逗号分隔")
    ] = None,
    out: Annotated[str, typer.Option(metavar="文件夹", help="文件写到哪里，没有时建立")] = ".",
    recheck: Annotated[bool, typer.Option("--recheck", help="先重新检查将要点名的网站")] = False,
    issue: Annotated[bool, typer.Option("--issue", help="印发：固定文号、日期和数字")] = False,
    number: Annotated[str | None, typer.Option(metavar="文号", help="印发的文号；不写时按设置编号")] = None,
    signoff: Annotated[bool, typer.Option("--signoff", help="另生成内部签批单（含监测准确性，不公开）")] = False,
    units: Annotated[bool, typer.Option("--units", help="改为生成各单位的整改通知书和问题清单")] = False,
    deadline: Annotated[
        str | None, typer.Option(metavar="日期", help="用于 --units：台账没有期限的问题何时整改完；不写时 10 个工作日")
    ] = None,
    template_out: Annotated[
        str | None, typer.Option(metavar="文件", help="导出通报的 .docx 模板，供在 Word 或 WPS 中修改")
    ] = None,
    actor: Actor = None,
    as_json: Json = False,
) -> None:
    """生成一个月的检查情况通报。已经印发的月份按印发时的数字生成。

    只点名经人工确认、且最近72小时内观测到的问题；--recheck 重新检查将要点名的网站后再统计。
    """
    from gkmonitor.cli.report_units import (
        check_options,
        write_signoff_sheet,
        write_template,
    )
    from gkmonitor.reports.monthly.files import formats_of
    from gkmonitor.storage.issued import find_issued
    from gkmonitor.storage.month_data import require_month

    if template_out is not None and month is None:
        write_template(template_out)
        return
    wanted = check_options(month, is_units=units, deadline=deadline, template_out=template_out, is_issue=issue)
    forms, name = formats_of(formats or ["docx,xlsx"]), actor_name(actor)
    with open_desk() as desk:
        chosen = require_month(wanted, desk.now, desk.settings.timezone)
        folder = _folder(out)
        with desk.database.reading() as session:
            known = find_issued(session, chosen)
        if known is not None and (recheck or issue):
            console.complain(f"{chosen} 的通报已于 {known.issued_on} 印发，按印发时的数字生成")
        with _Status(chosen) as status:
            if recheck and known is None:
                _recheck(desk, chosen, status)
            numbers = _numbers(desk, chosen, status)
            if not numbers.value("checked"):
                console.complain(f"{chosen} 没有完成检查的网站，通报中各项均为“本月未监测”")
            if issue and known is None:
                numbers = _freeze(desk, numbers, name, number)
            if units:
                files = _unit_files(desk, numbers, folder, deadline, status)
            else:
                files = _write(numbers, forms, folder, desk, status)
                files += write_signoff_sheet(numbers, folder) if signoff else []
    _show(numbers, files, as_json=as_json)


def _folder(out: str) -> Path:
    """The folder, made where it is not there and proved to be writable before anything takes long."""
    from gkmonitor.errors import OutputError, UsageError, system_words

    if not out.strip():
        raise UsageError("--out 后面要写文件夹")
    folder = Path(out.strip()).expanduser()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / f".gkmonitor-{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise OutputError(f"文件夹 {folder} 写不进去：{system_words(error)}，请用 --out 换一个文件夹") from error
    return folder


def _numbers(desk: Desk, month: str, status: _Status) -> MonthNumbers:
    from gkmonitor.issuing import month_to_print

    status.say("正在统计")
    return month_to_print(desk.database, desk.settings, month, datetime.now(UTC), progress=status.portals)


def _recheck(desk: Desk, month: str, status: _Status) -> None:
    from gkmonitor.issuing import recheck_month

    status.say("正在找出将要点名的网站")
    summary = recheck_month(
        desk.database,
        desk.settings,
        month,
        lambda: datetime.now(UTC),
        progress=status.page,
        begun=lambda count: status.say(f"正在重新检查 {count} 个网站"),
    )
    if summary is None:
        console.complain("没有将要点名的网站，不必重新检查")
    elif failed := sum(summary.failed.values()):
        console.complain(f"重新检查时有 {failed} 个网站没有查成，{_hours()}小时内没有观测到的问题不点名")


def _hours() -> int:
    from gkmonitor.monthly.words import month_words

    return month_words().named_within_hours


def _freeze(desk: Desk, numbers: MonthNumbers, name: str, number: str | None) -> MonthNumbers:
    from gkmonitor.issuing import freeze_month

    return freeze_month(desk.database, desk.settings, numbers, actor=name, now=datetime.now(UTC), number=number)


def _write(numbers: MonthNumbers, forms: tuple[str, ...], folder: Path, desk: Desk, status: _Status) -> list[Path]:
    from gkmonitor.reports.monthly.files import file_name, render
    from gkmonitor.reports.writing import write_bytes
    from gkmonitor.storage.issued import issued_json

    made: list[Path] = []
    for form in forms:
        status.say(f"正在生成 {form}")
        path = folder / file_name(numbers, form)
        frozen = None
        if form == "json":  # as it was frozen, byte for byte
            with desk.database.reading() as session:
                frozen = issued_json(session, numbers.month)
        write_bytes(path, render(numbers, form, desk.settings) if frozen is None else frozen + b"\n")
        made.append(path)
    return made


def _unit_files(desk: Desk, numbers: MonthNumbers, folder: Path, deadline: str | None, status: _Status) -> list[Path]:
    from gkmonitor.cli.report_units import write_units
    from gkmonitor.unitpapers import mending_deadline

    return write_units(desk, numbers, folder, mending_deadline(desk.settings, desk.today, deadline), status.say)


class _Status:
    """One line on the terminal that says what is being done; nothing in a pipe."""

    def __init__(self, month: str) -> None:
        self._month = month
        self._status: Any = None
        self._screen = console.progress_console()

    def __enter__(self) -> _Status:
        if self._screen.is_terminal:
            self._status = self._screen.status(f"{self._month}：正在开始")
            self._status.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._status is not None:
            self._status.stop()

    def say(self, words: str) -> None:
        if self._status is not None:
            from rich.text import Text

            from gkmonitor.reports.wording import printable

            text = printable(f"{self._month}：{words}（按 Ctrl-C 停止）")
            self._status.update(Text(text, no_wrap=True, overflow="ellipsis"))

    @property
    def portals(self) -> Callable[[int], None] | None:
        return (lambda count: self.say(f"正在统计，已读 {count} 个网站")) if self._status is not None else None

    @property
    def page(self) -> Callable[[Any], None] | None:
        return self._page if self._status is not None else None

    def _page(self, progress: Any) -> None:
        self.say(f"正在重新检查 {progress.portal}：已读 {progress.pages} 页")


# ---------------------------------------------------------------- what is shown


def _show(numbers: MonthNumbers, files: list[Path], *, as_json: bool) -> None:
    if as_json:
        console.print_json(json.dumps(report_object(numbers, files), ensure_ascii=False))
        return
    screen = console.table_console()
    figures = "，".join(f"{one.title} {one.text}" for slug in _SHOWN if (one := numbers.find(slug)) is not None)
    screen.print(f"{numbers.month}：{figures}", soft_wrap=True)
    screen.print(_state(numbers), soft_wrap=True)
    for path in files:
        screen.print(f"已生成 {path}", soft_wrap=True)


def _state(numbers: MonthNumbers) -> str:
    if numbers.office.issued_on is not None:
        number = f"，文号 {numbers.office.number}" if numbers.office.number else ""
        return f"已于 {numbers.office.issued_on} 印发{number}，数字不再改变；以后的变化列入下月通报的更正"
    running = f"（截至 {numbers.last_day}，本月还没有结束）" if numbers.is_running else ""
    return f"尚未印发{running}；核对无误后用 --issue 印发"


def report_object(numbers: MonthNumbers, files: list[Path]) -> dict[str, Any]:
    """The object that ``report --json`` prints."""
    return {
        "schema": REPORT_SCHEMA,
        "month": numbers.month,
        "issued_on": numbers.office.issued_on.isoformat() if numbers.office.issued_on else None,
        "number": numbers.office.number,
        "running": numbers.is_running,
        "files": [str(path) for path in files],
        "statistics": {one.slug: one.value for one in numbers.statistics},
        "corrections": len(numbers.corrections),
    }
