"""``gkmonitor sites export``: the registry as a file."""

from __future__ import annotations

import sys
from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from gkmonitor.cli import console
from gkmonitor.cli.help import Command
from gkmonitor.errors import UsageError

FORMATS = ("csv", "xlsx")
app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command(cls=Command, options_metavar="[选项]")
def export_sites(
    form: Annotated[str | None, typer.Option("--format", metavar="格式", help="csv 或 xlsx；不写时看文件名")] = None,
    out: Annotated[str | None, typer.Option(metavar="文件", help="写入的文件；不写时 CSV 打印到标准输出")] = None,
    group: Annotated[str | None, typer.Option(metavar="单位", help="只导出一个单位（连同下级）、地区或层级")] = None,
    contacts: Annotated[bool, typer.Option("--contacts", help="一并导出联系人、电话和邮箱")] = False,
    chinese: Annotated[bool, typer.Option("--chinese", help="表头、层级、类型和状态用中文")] = False,
) -> None:
    """把登记簿导出为 CSV（带 BOM，可直接用表格软件打开）或 XLSX；原样导入时不产生任何变化。"""
    from gkmonitor.cli.opening import open_service_database
    from gkmonitor.registry.exporting import as_csv, as_xlsx, registry_table
    from gkmonitor.registry.records import PortalState
    from gkmonitor.reports.writing import write_bytes
    from gkmonitor.settings import get_settings
    from gkmonitor.storage.portals import find_portals

    chosen = _format(form, out)
    with closing(open_service_database(get_settings())) as database, database.reading() as session:
        portals = find_portals(session, group=group, states=list(PortalState))
        table = registry_table(session, portals, with_contacts=contacts, in_words=chinese)
    data = as_csv(table) if chosen == "csv" else as_xlsx(table)
    if out is None:
        _print(data)
        return
    write_bytes(Path(out), data)
    console.table_console().print(f"已导出 {len(portals)} 个网站到 {out}", soft_wrap=True)


def _format(form: str | None, out: str | None) -> str:
    named = Path(out).suffix.lower().lstrip(".") if out is not None else ""
    chosen = (form or (named if named in FORMATS else "csv")).strip().lower()
    if chosen not in FORMATS:
        raise UsageError(f"没有“{form}”这种格式，可用 csv 或 xlsx")
    if chosen == "xlsx" and out is None:
        raise UsageError("XLSX 不能打印到屏幕，请用 --out 写明文件，例如 --out 登记表.xlsx")
    return chosen


def _print(data: bytes) -> None:
    buffer = getattr(sys.stdout, "buffer", None)
    if buffer is None:
        sys.stdout.write(data.decode("utf-8"))
        return
    sys.stdout.flush()
    buffer.write(data)
    buffer.flush()
