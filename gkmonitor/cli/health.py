"""``gkmonitor health``: how the service is, for people on a terminal and for whoever watches a container."""

from __future__ import annotations

import json
import logging
from contextlib import closing
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from gkmonitor.cli import console
from gkmonitor.cli.help import Command

if TYPE_CHECKING:
    from gkmonitor.condition import Condition

app = typer.Typer(add_completion=False, rich_markup_mode=None)


class Part(StrEnum):
    """What a container's own check asks for."""

    DATABASE = "database"
    SCHEDULER = "scheduler"


@app.command(cls=Command, options_metavar="[选项]", epilog="退出码：0 可以工作（可能有待处理的情况），3 无法工作。")
def health(
    part: Annotated[
        Part | None, typer.Option(metavar="部分", help="只核对 database（数据库）或 scheduler（计划程序按时派发）")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="向标准输出打印 JSON")] = False,
) -> None:
    """查看服务的运行状况：数据库、计划程序、任务队列、最近一轮检查、可用性探测和通知。"""
    from gkmonitor.condition import Status, read_condition
    from gkmonitor.reports.health_json import health_object
    from gkmonitor.settings import get_settings
    from gkmonitor.storage import open_database

    logging.getLogger("gkmonitor").addHandler(logging.NullHandler())  # what is wrong is printed below
    with closing(open_database(get_settings().database_address)) as database:
        condition = read_condition(database, datetime.now(UTC))
    if as_json:
        console.print_json(json.dumps(health_object(condition), ensure_ascii=False))
    else:
        _show(condition)
    is_well = condition.status is not Status.DOWN and not (part is Part.SCHEDULER and condition.is_scheduler_late)
    raise typer.Exit(console.EXIT_DONE if is_well else console.EXIT_UNFINISHED)


def _show(condition: Condition) -> None:
    out = console.table_console()
    words = {"ok": "正常", "degraded": "有待处理的情况", "down": "无法工作"}
    out.print(f"运行状况：{words[condition.status.value]}")
    for told in [condition.fault] if condition.fault else [problem.words for problem in condition.problems]:
        out.print(f"- {told}", soft_wrap=True)
    figures = condition.figures
    if figures is None:
        return
    queue = figures.queue
    out.print(f"任务：等待 {queue.waiting}，执行中 {queue.running}，失败 {queue.failed}，无回应 {queue.stalled}")
    if figures.cycle is not None:
        state = "已完成" if figures.cycle.cycle.finished_at else "进行中"
        out.print(f"最近一轮检查：{figures.cycle.cycle.name}（{state}），网站 {sum(figures.cycle.results.values())} 个")
    out.print(f"通知：等待 {figures.notices.get('waiting', 0)}，未送达 {figures.notices.get('failed', 0)}")
