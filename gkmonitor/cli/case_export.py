"""``gkmonitor violations export``: the list of violations as a file."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gkmonitor.cli import console
from gkmonitor.cli.case_pack import export_pack
from gkmonitor.cli.case_words import Actor, GroupOption, Sites, open_desk
from gkmonitor.cli.help import Command
from gkmonitor.errors import LedgerError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from zoneinfo import ZoneInfo

    from gkmonitor.ledger.records import Case

FORMATS = ("csv", "xlsx", "json")
app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command(cls=Command, options_metavar="[选项]")
def export(
    ids: Annotated[list[int] | None, typer.Argument(metavar="[编号...]", help="只导出这些问题")] = None,
    form: Annotated[str | None, typer.Option("--format", metavar="格式", help="csv、xlsx 或 json")] = None,
    out: Annotated[str | None, typer.Option(metavar="文件", help="写入的文件；不写时打印到标准输出")] = None,
    state: Annotated[
        list[str] | None, typer.Option(metavar="状态", help="如 open、confirmed 或 待确认、已确认")
    ] = None,
    site: Sites = None,
    group: GroupOption = None,
    rule: Annotated[str | None, typer.Option(metavar="规则", help="规则、规则包编号或检查代码")] = None,
    severity: Annotated[
        list[str] | None, typer.Option(metavar="程度", help="veto（单项否决）或 deduction（扣分）")
    ] = None,
    month: Annotated[str | None, typer.Option(metavar="月份", help="在这个月里存在过的，如 2026-11")] = None,
    pack: Annotated[str | None, typer.Option(metavar="文件", help="导出一个问题的证据包（ZIP），号码已遮盖")] = None,
    unmasked: Annotated[
        bool, typer.Option("--unmasked", help="证据包不作遮盖并附网页原始内容（WARC）；记入台账")
    ] = False,
    actor: Actor = None,
) -> None:
    """把问题清单导出为 CSV（带 BOM，可直接用表格软件打开）、XLSX 或 JSON；用 --pack 导出一个问题的证据包。"""
    from gkmonitor.cli.violations import find
    from gkmonitor.reports.writing import write_bytes

    if pack is not None:
        export_pack(ids, Path(pack), actor, is_unmasked=unmasked)
        return
    if unmasked:
        raise UsageError("--unmasked 只用于证据包，请同时用 --pack 写明文件")
    chosen = _format(form, out)
    with open_desk() as desk:
        cases = _chosen(find(desk, state, site, group, rule, severity, month), ids)
    data = render(cases, chosen, desk.zone)
    if out is None:
        _print(data)
        return
    write_bytes(Path(out), data)
    console.table_console().print(f"已导出 {len(cases)} 个问题到 {out}", soft_wrap=True)


def _chosen(cases: list[Case], ids: Sequence[int] | None) -> list[Case]:
    """Those of the ids, where ids are given. Raises LedgerError naming the ids that are not among the cases."""
    if not ids:
        return cases
    by_id = {case.id: case for case in cases}
    missing = [str(one) for one in ids if one not in by_id]
    if missing:
        raise LedgerError(f"没有符合条件的问题 {'、'.join(missing)}，可用 gkmonitor violations list 查看")
    return [by_id[one] for one in dict.fromkeys(ids)]


def render(cases: Sequence[Case], form: str, zone: ZoneInfo) -> bytes:
    """The list in one of ``FORMATS``."""
    from gkmonitor.ledger.objects import case_details_object
    from gkmonitor.registry.exporting import as_csv, as_xlsx
    from gkmonitor.reports.case_wording import CASE_HEADS, case_cells

    if form == "json":
        text = json.dumps([case_details_object(case) for case in cases], ensure_ascii=False, indent=1)
        return text.encode("utf-8", "replace") + b"\n"
    rows = [CASE_HEADS, *(case_cells(case, zone) for case in cases)]
    return as_xlsx(rows) if form == "xlsx" else as_csv([[_unformulated(cell) for cell in row] for row in rows])


def _format(form: str | None, out: str | None) -> str:
    named = Path(out).suffix.lower().lstrip(".") if out is not None else ""
    chosen = (form or (named if named in FORMATS else "csv")).strip().lower()
    if chosen not in FORMATS:
        raise UsageError(f"没有“{form}”这种格式，可用 csv、xlsx 或 json")
    if chosen == "xlsx" and out is None:
        raise UsageError("XLSX 不能打印到屏幕，请用 --out 写明文件，例如 --out 问题清单.xlsx")
    return chosen


def _unformulated(cell: str) -> str:
    """A portal's words must not become a formula when a spreadsheet opens the file."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


def _print(data: bytes) -> None:
    buffer = getattr(sys.stdout, "buffer", None)
    if buffer is None:
        sys.stdout.write(data.decode("utf-8"))
        return
    sys.stdout.flush()
    buffer.write(data)
    buffer.flush()
