"""Answering the network until the process is told to stop."""

from __future__ import annotations

import errno
import gc
import logging
import socket
import threading
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import uvicorn

from gkmonitor.concepts import all_concepts
from gkmonitor.errors import ListenError, system_words
from gkmonitor.rules import available_packs
from gkmonitor.web.app import create_app
from gkmonitor.web.keeper import FromPeers
from gkmonitor.web.pages import environment

if TYPE_CHECKING:
    from gkmonitor.queueing import Queue
    from gkmonitor.settings import Settings
    from gkmonitor.storage import Database

_log = logging.getLogger(__name__)

LOOK_SECONDS: Final = 0.2
STOP_SECONDS: Final = 10  # for answers in progress
_BACKLOG: Final = 128


def run_web(database: Database, settings: Settings, host: str, port: int, stopping: threading.Event) -> None:
    """Serves until ``stopping`` is set, then ends cleanly. Blocks; may run in any thread.

    Port 0 takes any free one; the log says which. Raises ListenError when the address cannot be used or the server
    dies.
    """
    answer_at(listen(host, port), database, settings, stopping)


def address_of(listening: socket.socket) -> str:
    """Where a browser finds it."""
    host, port = listening.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/"


def answer_at(
    listening: socket.socket,
    database: Database,
    settings: Settings,
    stopping: threading.Event,
    queue: Queue | None = None,
    *,
    keeper: Path | None = None,
    is_keeper: bool = False,
) -> None:
    """As ``run_web`` at a socket that listens already; closes it at the end.

    ``keeper``: where one of several processes at this socket keeps what waits; ``is_keeper``: it is this one.
    """
    with ExitStack() as open_sockets:
        sockets = [open_sockets.enter_context(listening)]
        app: Any = create_app(database, settings, queue=queue, keeper=None if is_keeper else keeper)
        if is_keeper and keeper is not None:
            app = FromPeers(app)
            sockets.append(open_sockets.enter_context(_listen_to_peers(keeper)))
        config = uvicorn.Config(
            app,
            log_config=None,
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=False,
            lifespan="off",
            ws="none",
            timeout_graceful_shutdown=STOP_SECONDS,
        )
        server = uvicorn.Server(config)
        # A thread of its own: there uvicorn leaves the signals to us.
        thread = threading.Thread(target=server.run, kwargs={"sockets": sockets}, name="uvicorn", daemon=True)
        thread.start()
        threading.Thread(target=_warm_up, name="warm up", daemon=True).start()
        _log.info("listening on %s", address_of(listening))
        while thread.is_alive() and not stopping.wait(LOOK_SECONDS):
            pass
        server.should_exit = True
        thread.join(STOP_SECONDS + 5)
    if not stopping.is_set():
        raise ListenError("网页服务意外终止，请查看服务日志")


def _warm_up() -> None:
    """Reads what the first pages would wait for, and takes it out of the sight of the garbage collector.

    It is some hundred thousand objects that never go: looking through them again took a fifth of the time of a page.
    """
    available_packs()
    all_concepts()
    environment()
    gc.collect()
    gc.freeze()


def _listen_to_peers(place: Path) -> socket.socket:
    place.unlink(missing_ok=True)  # of a keeper that has died
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listening.bind(str(place))
    listening.listen(_BACKLOG)
    return listening


def listen(host: str, port: int) -> socket.socket:
    """A listening socket. Raises ListenError with what to do."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except OSError as error:
        raise ListenError(f"无法识别监听地址“{host}”，请填写本机的地址，例如 127.0.0.1") from error
    listening = socket.socket(family, kind, protocol)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(_BACKLOG)
    except OSError as error:
        listening.close()
        raise ListenError(_why_not(error, host, port)) from error
    return listening


def _why_not(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"端口 {port} 已被其他程序占用，请先停止那个程序，或用 --port 换一个端口"
    if error.errno in (errno.EACCES, errno.EPERM):
        return f"没有权限使用端口 {port}，请用 --port 换一个 1024 以上的端口"
    if error.errno == errno.EADDRNOTAVAIL:
        return f"本机没有 {host} 这个地址，请用 --host 填写本机的地址，例如 127.0.0.1"
    return f"无法在 {host} 的端口 {port} 上监听：{system_words(error)}"
