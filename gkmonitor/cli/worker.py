"""``gkmonitor worker``: takes jobs from the queue and does them until it is told to stop."""

from __future__ import annotations

import os
import signal
import threading
import time
from contextlib import closing
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer

from gkmonitor.cli.help import Command

if TYPE_CHECKING:
    from gkmonitor.jobs import Office
    from gkmonitor.storage import Database

PARENT_SECONDS = 0.5
app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command(cls=Command, options_metavar="[选项]")
def worker(
    concurrency: Annotated[int, typer.Option(metavar="个数", min=1, max=64, help="同时做几件事（仅 PostgreSQL）")] = 1,
    quick: Annotated[bool, typer.Option("--quick", help="只做探测、通知等短任务，不参加夜间检查")] = False,
    parent: Annotated[int | None, typer.Option(hidden=True, help="父进程的编号，它结束时随之结束")] = None,
) -> None:
    """从任务队列中取任务执行：检查网站、探测、发送通知。收到停止信号时把未做完的任务交还队列。

    使用 PostgreSQL 时可以在多台机器上运行多个；使用 SQLite 时由 gkmonitor serve 启动，不必单独运行。
    """
    from gkmonitor.cli.opening import open_service_database
    from gkmonitor.logs import set_up_logging
    from gkmonitor.settings import get_settings

    settings = get_settings()
    set_up_logging(settings, "worker")
    with closing(open_service_database(settings)) as database:
        if parent is not None:
            end_with(parent)
        run_worker(make_office(database), concurrency, quick_only=quick)


def end_with(parent: int) -> None:
    """Stop as on SIGTERM when ``parent`` is gone: a killed ``serve`` must not leave workers behind beside new ones."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(PARENT_SECONDS)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="parent", daemon=True).start()


def make_office(database: Database) -> Office:
    """What jobs need, with the queue that fits the database."""
    from gkmonitor.jobs import Office
    from gkmonitor.queueing import queue_of
    from gkmonitor.settings import get_settings

    settings = get_settings()
    return Office(database, settings, queue_of(database, settings.stalled_seconds))


def run_worker(office: Office, concurrency: int = 1, *, quick_only: bool = False) -> None:
    """Until SIGTERM or SIGINT."""
    if not office.database.is_sqlite:
        from gkmonitor.procrastinating import run_worker as run_on_postgres

        run_on_postgres(office, concurrency=concurrency, quick_only=quick_only)
        return
    from gkmonitor.working import Worker

    def stop(_number: int, _frame: FrameType | None) -> None:
        office.stopping.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    Worker(office, quick_only=quick_only).run()
