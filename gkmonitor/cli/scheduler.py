"""``gkmonitor scheduler``: hands out work at its time."""

from __future__ import annotations

import signal
from contextlib import closing
from types import FrameType

import typer

from gkmonitor.cli.help import Command

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command(cls=Command, options_metavar="[选项]")
def scheduler() -> None:
    """按计划把任务放进队列（夜间检查、可用性探测、通知等），自己不做任务。

    配合 PostgreSQL 和 gkmonitor worker 在多台机器上使用；单机请用 gkmonitor serve。误启动两个也不会重复派发。
    """
    from gkmonitor.cli.opening import open_service_database
    from gkmonitor.cli.worker import make_office
    from gkmonitor.logs import set_up_logging
    from gkmonitor.scheduling import run_scheduler
    from gkmonitor.settings import get_settings

    settings = get_settings()
    set_up_logging(settings, "scheduler")
    with closing(open_service_database(settings)) as database:
        office = make_office(database)

        def stop(_number: int, _frame: FrameType | None) -> None:
            office.stopping.set()

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, stop)
        run_scheduler(office, office.stopping)
