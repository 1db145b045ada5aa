"""``gkmonitor web``: the pages and the figures of the service, on their own."""

from __future__ import annotations

import signal
import threading
from contextlib import closing
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer

from gkmonitor.cli.help import Command

if TYPE_CHECKING:
    from gkmonitor.settings import Settings
    from gkmonitor.storage import Database

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 8765
app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command(cls=Command, options_metavar="[选项]")
def web(
    host: Annotated[str, typer.Option(metavar="地址", help="监听的地址；默认只有本机能访问")] = DEFAULT_HOST,
    port: Annotated[
        int, typer.Option(metavar="端口", min=0, max=65535, help="监听的端口，0 表示任选一个")
    ] = DEFAULT_PORT,
) -> None:
    """运行网页服务：工作台、运行状况（/health）和 Prometheus 指标（/metrics）。单机请用 gkmonitor serve，它已包含网页。

    工作台须登录；运行状况和指标不须登录，只有数字，不含网站名称。对外开放前请放在提供 HTTPS 的反向代理之后。
    """
    from gkmonitor.cli.accounts import greet_first_administrator
    from gkmonitor.logs import set_up_logging
    from gkmonitor.settings import get_settings
    from gkmonitor.web.serving import answer_at, listen

    settings = get_settings()
    set_up_logging(settings, "web")
    stopping = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        stopping.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    with closing(_open(settings)) as database, listen(host, port) as listening:
        greet_first_administrator(database, settings)
        answer_at(listening, database, settings, stopping)


def _open(settings: Settings) -> Database:
    """A server's database is not asked for here: whether it is away is what the health page is to say."""
    from gkmonitor.cli.opening import open_service_database
    from gkmonitor.storage import open_database

    database = open_database(settings.database_address)
    if not database.is_sqlite:
        return database
    database.close()
    return open_service_database(settings)
