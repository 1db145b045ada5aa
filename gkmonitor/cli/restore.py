"""``gkmonitor restore``: a backup put back, whole or not at all."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from gkmonitor.cli import console
from gkmonitor.cli.backup import manifest_object, manifest_words
from gkmonitor.cli.help import Command
from gkmonitor.cli.status import status_line

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command(cls=Command, options_metavar="[选项]")
def restore(
    file: Annotated[str, typer.Argument(metavar="文件", help="gkmonitor backup 写成的文件")],
    force: Annotated[bool, typer.Option("--force", help="数据库里已有数据也恢复：全部由备份替换")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="向标准输出打印 JSON")] = False,
) -> None:
    """把备份恢复到空的数据库和证据文件夹；先核对备份的每一部分和台账，全部无误才生效，否则什么也不改。

    恢复时服务可以运行，其他程序在完成之前看到的是原来的数据；正在进行的检查会在恢复后重新开始。
    证据文件夹里备份没有的文件保留不动。
    """
    from gkmonitor.backups.restoring import restore_backup
    from gkmonitor.settings import get_settings
    from gkmonitor.storage import open_database

    settings = get_settings()
    source = Path(file).expanduser()
    with closing(open_database(settings.database_address)) as database, status_line() as tell:
        made, fault = restore_backup(database, source, evidence=settings.evidence_folder, force=force, progress=tell)
        shown = database.address
    if as_json:
        found = {
            "schema": "gkmonitor.restore-result/1",
            "database": shown,
            "intact": fault is None,
            **manifest_object(made),
        }
        console.print_json(json.dumps(found, ensure_ascii=False))
    else:
        day = f"{made.made_at.astimezone():%Y-%m-%d %H:%M}"
        console.table_console().print(f"已把 {day} 的备份恢复到 {shown}：{manifest_words(made)}", soft_wrap=True)
    if fault is not None:
        console.complain(f"注意：台账在备份时已核对有误（{fault.message}），已按原样恢复")
