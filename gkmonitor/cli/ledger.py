"""``gkmonitor ledger``: whether the chain of events is whole, and the roots that fix it day by day."""

from __future__ import annotations

import json

import typer

from gkmonitor.cli import console, day_root
from gkmonitor.cli.case_words import Json, open_desk
from gkmonitor.cli.help import Command, Group

app = typer.Typer(
    cls=Group,
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    help="台账的事件链：每个事件都带有前一事件的摘要，改动或删除都能发现。",
    subcommand_metavar="命令 [参数]...",
)


@app.command(
    "verify", cls=Command, options_metavar="[选项]", epilog="退出码：0 完好，1 有改动，2 用法或配置有误，3 未能完成。"
)
def verify(as_json: Json = False) -> None:
    """核对事件链：内容、顺序、末尾和各问题的状态；有改动时指出第一处，退出码为 1。"""
    from gkmonitor.storage.cases import chain_head, verify_chain

    with open_desk() as desk, desk.database.reading() as session:
        head = chain_head(session)
        fault = verify_chain(session)
    count, digest = head or (0, None)
    if as_json:
        found = {
            "schema": "gkmonitor.ledger/1",
            "intact": fault is None,
            "events": count,
            "head": digest,
            "fault": None
            if fault is None
            else {"event": fault.event_id, "violation": fault.case_id, "message": fault.message},
        }
        console.print_json(json.dumps(found, ensure_ascii=False))
    elif fault is None:
        words = f"，末尾摘要 {digest}" if digest else ""
        console.table_console().print(f"台账完好：{count} 个事件{words}", soft_wrap=True)
    else:
        console.table_console().print(f"台账有改动：{fault.message}", soft_wrap=True)
    raise typer.Exit(console.EXIT_DONE if fault is None else console.EXIT_VIOLATIONS)


app.add_typer(day_root.app)
