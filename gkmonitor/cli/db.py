"""``gkmonitor db``: the tables of the service."""

from __future__ import annotations

import json
from contextlib import closing
from typing import Annotated

import typer

from gkmonitor.cli import console
from gkmonitor.cli.help import Command, Group

app = typer.Typer(
    cls=Group,
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    help="数据库：建立表，或升级到本程序的版本。",
    subcommand_metavar="命令 [参数]...",
)


@app.callback()
def db() -> None:
    """A group, though it has one command."""


@app.command("upgrade", cls=Command, options_metavar="[选项]")
def upgrade_tables(as_json: Annotated[bool, typer.Option("--json", help="向标准输出打印 JSON")] = False) -> None:
    """建立或升级数据库的表（GKMONITOR_DATABASE_URL 指定的数据库）；已是最新时不做任何改动，可重复运行。

    每一步在一个事务中完成，中断后重新运行即可；两处同时运行时，后一个等待前一个。
    """
    from gkmonitor.queueing import prepare_queue
    from gkmonitor.settings import get_settings
    from gkmonitor.storage import open_database
    from gkmonitor.storage.migrating import upgrade

    with closing(open_database(get_settings().database_address)) as database:
        before, after = upgrade(database)
        is_queue_new = prepare_queue(database)
        shown = database.address
    if as_json:
        found = {
            "schema": "gkmonitor.upgrade/1",
            "database": shown,
            "before": before,
            "after": after,
            "queue": "created" if is_queue_new else "unchanged",
        }
        console.print_json(json.dumps(found, ensure_ascii=False))
        return
    change = f"已是最新（{after}）" if before == after else f"{before or '空库'} → {after}"
    queue = "，并建立了任务队列的表" if is_queue_new else ""
    console.table_console().print(f"{shown}：{change}{queue}", soft_wrap=True)
