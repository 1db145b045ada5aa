"""``gkmonitor tasks``: what rules leave to people, per portal and month."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from gkmonitor.cli import console
from gkmonitor.cli.case_words import Actor, Files, GroupOption, Json, Sites, actor_name, attach, open_desk, portal_ids
from gkmonitor.cli.help import Command, Group

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.table import Table

    from gkmonitor.ledger.records import Task

app = typer.Typer(
    cls=Group,
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    help="人工任务：规则不能自动判断、需要人查看的事项，按网站和月份列出。",
    subcommand_metavar="命令 [参数]...",
)
Month = Annotated[str | None, typer.Option(metavar="月份", help="如 2026-11；不写时是本月")]
OUTCOME_WORDS = {"ok": "正常", "violation": "有问题", "not_applicable": "不适用"}


@app.command("list", cls=Command, options_metavar="[选项]")
def list_all(
    month: Annotated[str | None, typer.Option(metavar="月份", help="如 2026-11；不写时全部")] = None,
    site: Sites = None,
    group: GroupOption = None,
    todo: Annotated[bool, typer.Option("--todo", help="只列未完成的")] = False,
    as_json: Json = False,
) -> None:
    """列出人工任务。"""
    from gkmonitor.ledger.objects import task_object
    from gkmonitor.ledger.tasks import first_of
    from gkmonitor.storage.tasks import TODO, list_tasks

    if month is not None:
        first_of(month)
    with open_desk() as desk, desk.database.reading() as session:
        portals = portal_ids(session, site, group)
        tasks = list_tasks(session, month=month, portals=portals, states=(TODO,) if todo else ())
    if as_json:
        console.print_json(json.dumps([task_object(task) for task in tasks], ensure_ascii=False))
        return
    screen = console.table_console()
    if tasks:
        screen.print(_table(tasks))
    open_ones = sum(task.state == TODO for task in tasks)
    none = "没有任务；用 gkmonitor tasks prepare 生成本月的任务"
    screen.print(f"共 {len(tasks)} 项，未完成 {open_ones} 项" if tasks else none)


@app.command("prepare", cls=Command, options_metavar="[选项]")
def prepare(month: Month = None, site: Sites = None, group: GroupOption = None, as_json: Json = False) -> None:
    """按规则包生成一个月的人工任务；已有的不会重复生成（serve 每月自动生成）。"""
    from gkmonitor.ledger.tasks import first_of
    from gkmonitor.rules import available_packs
    from gkmonitor.storage.portals import find_portals
    from gkmonitor.storage.tasks import ensure_tasks

    packs = list(available_packs().values())
    with open_desk() as desk, desk.database.writing() as session:
        chosen = f"{first_of(month or f'{desk.today:%Y-%m}'):%Y-%m}"
        portals = find_portals(session, sites=site or (), group=group)
        made = ensure_tasks(session, portals, chosen, packs, desk.now)
    if as_json:
        console.print_json(json.dumps({"month": chosen, "portals": len(portals), "made": made}))
        return
    console.table_console().print(f"{chosen}：{len(portals)} 个网站，新生成任务 {made} 项")


@app.command("done", cls=Command, options_metavar="[选项]")
def done(
    number: Annotated[int, typer.Argument(metavar="编号", help="任务编号")],
    outcome: Annotated[str, typer.Option(metavar="结果", help="ok、violation 或 not_applicable")],
    note: Annotated[str | None, typer.Option(metavar="说明", help="看到的情况；有问题时必须写")] = None,
    severity: Annotated[str, typer.Option(metavar="程度", help="有问题时的程度：veto 或 deduction")] = "deduction",
    file: Files = None,
    actor: Actor = None,
    as_json: Json = False,
) -> None:
    """登记一项任务的结果；violation 会登记为人工发现的问题。"""
    from gkmonitor.ledger.objects import task_object
    from gkmonitor.ledger.words import severity_of_word
    from gkmonitor.storage.tasks import finish_task, get_task

    name, weight = actor_name(actor), severity_of_word(severity)
    with open_desk() as desk, desk.database.writing() as session:
        evidence = attach(desk, session, get_task(session, number).portal_id, file)
        task = finish_task(
            session,
            number,
            outcome=outcome.strip(),
            note=note,
            actor=name,
            now=desk.now,
            severity=weight,
            evidence=evidence,
        )
    if as_json:
        console.print_json(json.dumps(task_object(task), ensure_ascii=False))
        return
    case = f"，登记为问题 {task.case_id}【人工】" if task.case_id and task.outcome == "violation" else ""
    console.table_console().print(f"任务 {task.id} 已完成：{OUTCOME_WORDS[task.outcome or 'ok']}{case}", soft_wrap=True)


def _table(tasks: Sequence[Task]) -> Table:
    from rich import box
    from rich.table import Table

    from gkmonitor.reports.terminal import Paragraph
    from gkmonitor.reports.wording import printable

    table = Table(box=box.SIMPLE_HEAD, expand=True)
    for head, ratio in (("编号", None), ("月份", None), ("网站", 2), ("任务", 6), ("结果", 2)):
        table.add_column(head, ratio=ratio, overflow="fold", no_wrap=ratio is None)
    for task in tasks:
        result = f"{OUTCOME_WORDS[task.outcome]}（{task.done_by}）" if task.outcome else "未完成"
        cells = (str(task.id), task.month, printable(task.site.name if task.site else ""), task.question, result)
        table.add_row(*(Paragraph(cell) for cell in cells))
    return table
