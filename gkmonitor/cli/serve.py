"""``gkmonitor serve``: the whole service on one machine."""

from __future__ import annotations

import signal
import threading
from contextlib import closing
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer

from gkmonitor.cli import console
from gkmonitor.cli.help import Command

if TYPE_CHECKING:
    import socket

    from gkmonitor.jobs import Office

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 8765
app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command(
    cls=Command,
    options_metavar="[选项]",
    epilog="用 Ctrl-C 或 SIGTERM 停止：进行中的检查会提前收尾，未做完的任务留待下次启动。",
)
def serve(
    host: Annotated[str, typer.Option(metavar="地址", help="网页服务监听的地址")] = DEFAULT_HOST,
    port: Annotated[int, typer.Option(metavar="端口", min=0, max=65535, help="网页服务监听的端口")] = DEFAULT_PORT,
) -> None:
    """在一台机器上运行整个服务：定时检查、探测、通知和网页。默认使用 SQLite，不需要其他服务器。"""
    from gkmonitor.cli.accounts import greet_first_administrator
    from gkmonitor.cli.opening import open_service_database
    from gkmonitor.cli.worker import make_office
    from gkmonitor.logs import set_up_logging
    from gkmonitor.settings import get_settings
    from gkmonitor.supervising import sole_service
    from gkmonitor.web.serving import address_of, listen

    settings = get_settings()
    set_up_logging(settings, "serve")
    with (
        closing(open_service_database(settings)) as database,
        sole_service(database.file),
        listen(host, port) as listening,
    ):
        office = make_office(database)
        _stop_on_signals(office)
        greet_first_administrator(database, settings)
        console.complain(f"服务已启动：数据库 {database.address}，网页 {address_of(listening)}，按 Ctrl-C 停止")
        _run(office, listening)
    console.complain("服务已停止")


def _stop_on_signals(office: Office) -> None:
    def stop(_number: int, _frame: FrameType | None) -> None:
        office.stopping.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)


def _run(office: Office, listening: socket.socket) -> None:
    """Scheduler and web in threads, workers as child processes; the first fault of the web ends it all."""
    from gkmonitor.scheduling import Scheduler
    from gkmonitor.storage import jobs
    from gkmonitor.supervising import Supervisor, worker_commands
    from gkmonitor.web.serving import answer_at

    if office.database.is_sqlite:  # one machine, one group: whoever worked before us is dead
        with office.database.writing() as session:
            jobs.take_back_all_of(session, "")
    faults: list[Exception] = []

    def serve_web() -> None:
        try:
            answer_at(listening, office.database, office.settings, office.stopping, office.queue)
        except Exception as error:  # the thread's boundary: told by the main thread
            faults.append(error)
            office.stopping.set()

    web = threading.Thread(target=serve_web, name="web")
    web.start()
    scheduler = Scheduler(office)
    try:
        scheduler.start()
        Supervisor(worker_commands(office.settings.workers), office.stopping).run()
    finally:
        office.stopping.set()
        scheduler.stop()
        web.join()
    if faults:
        raise faults[0]
