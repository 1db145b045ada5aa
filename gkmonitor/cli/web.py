"""``gkmonitor web``: the pages and the figures of the service, on their own."""

from __future__ import annotations

import logging
import signal
import socket
import tempfile
import threading
from contextlib import closing
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer

from gkmonitor.cli.help import Command
from gkmonitor.errors import SettingError

if TYPE_CHECKING:
    from gkmonitor.settings import Settings
    from gkmonitor.storage import Database

_log = logging.getLogger(__name__)
DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 8765
app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command(cls=Command, options_metavar="[选项]")
def web(
    host: Annotated[str, typer.Option(metavar="地址", help="监听的地址；默认只有本机能访问")] = DEFAULT_HOST,
    port: Annotated[
        int, typer.Option(metavar="端口", min=0, max=65535, help="监听的端口，0 表示任选一个")
    ] = DEFAULT_PORT,
    workers: Annotated[
        int, typer.Option(metavar="个数", min=1, max=32, help="网页进程的个数，一般不超过处理器核数（仅 PostgreSQL）")
    ] = 1,
    parent: Annotated[int | None, typer.Option(hidden=True, help="父进程的编号，它结束时随之结束")] = None,
    listening: Annotated[int | None, typer.Option(hidden=True, help="父进程已打开的监听套接字")] = None,
    keeper: Annotated[Path | None, typer.Option(hidden=True, help="保管待续内容的进程在哪里监听")] = None,
    keeps: Annotated[bool, typer.Option("--keeps", hidden=True, help="由本进程保管")] = False,
) -> None:
    """运行网页服务：工作台、运行状况（/health）和 Prometheus 指标（/metrics）。单机请用 gkmonitor serve，它已包含网页。

    工作台须登录；运行状况和指标不须登录，只有数字，不含网站名称。对外开放前请放在提供 HTTPS 的反向代理之后。
    """
    from gkmonitor.cli.accounts import greet_first_administrator
    from gkmonitor.cli.worker import end_with
    from gkmonitor.logs import set_up_logging
    from gkmonitor.settings import get_settings
    from gkmonitor.web.serving import answer_at, listen

    settings = get_settings()
    set_up_logging(settings, "web")
    stopping = _stop_on_signals()
    with closing(_open(settings)) as database:
        if parent is not None and listening is not None:
            end_with(parent)
            shared = socket.socket(fileno=listening)
            answer_at(shared, database, settings, stopping, keeper=keeper, is_keeper=keeps)
            return
        if workers > 1 and database.is_sqlite:
            raise SettingError("多个网页进程须使用 PostgreSQL；使用 SQLite 时请去掉 --workers")
        with listen(host, port) as opened:
            greet_first_administrator(database, settings)
            if workers > 1:
                _supervise(workers, opened, stopping)
            else:
                answer_at(opened, database, settings, stopping)


def _stop_on_signals() -> threading.Event:
    stopping = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        stopping.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    return stopping


def _supervise(workers: int, listening: socket.socket, stopping: threading.Event) -> None:
    """Child processes answer at the socket; one that dies is started again."""
    from gkmonitor.supervising import Supervisor, web_commands
    from gkmonitor.web.serving import address_of

    with tempfile.TemporaryDirectory(prefix="gkmonitor-web-") as folder:  # which only this user may enter
        commands = web_commands(workers, listening.fileno(), Path(folder) / "keeper")
        _log.info("%d processes listen on %s", workers, address_of(listening))
        Supervisor(commands, stopping, (listening.fileno(),)).run()


def _open(settings: Settings) -> Database:
    """A server's database is not asked for here: whether it is away is what the health page is to say."""
    from gkmonitor.cli.opening import open_service_database
    from gkmonitor.storage import open_database

    database = open_database(settings.database_address)
    if not database.is_sqlite:
        return database
    database.close()
    return open_service_database(settings)
