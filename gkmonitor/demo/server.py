"""Answers for simulated portals: one small threaded server a portal, each on a loopback address of its own.

Plain HTTP/1.1 with kept-alive connections. Every request is noted with its begin, its end and how many connections
were open, so that tests can say how politely a portal was visited.
"""

from __future__ import annotations

import select
import socket
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, unquote, urlsplit


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as a route sees it."""

    path: str
    query: Mapping[str, str]
    form: Mapping[str, str]
    cookie: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer. Status 0 is none at all: the connection is closed after ``hold_seconds`` without a word."""

    body: bytes
    content_type: str | None = "text/html; charset=utf-8"
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    hold_seconds: float = 0.0


Route = Callable[[Asked], Reply]
Pages = dict[str, "Reply | Route"]

NOT_FOUND = Reply(
    "<html><head><title>404</title></head><body><h1>404 未找到页面</h1></body></html>".encode(), status=404
)


@dataclass(frozen=True, slots=True)
class Noted:
    """One request of the log; times are ``time.monotonic()`` seconds."""

    method: str
    path: str  # with its query
    user_agent: str
    begun: float
    ended: float
    connections: int  # open to this host while it was answered, this one counted
    running: int  # requests being answered at its begin, this one counted
    status: int


@dataclass(slots=True)
class RequestLog:
    """What one portal was asked; safe to read while it is being written."""

    noted: list[Noted] = field(default_factory=list)
    open_connections: int = 0
    running: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def paths(self) -> list[str]:
        with self.lock:
            return [each.path for each in self.noted]

    @property
    def most_at_once(self) -> int:
        """The most requests that were being answered at the same moment."""
        with self.lock:
            return max((each.running for each in self.noted), default=0)

    @property
    def most_connections(self) -> int:
        with self.lock:
            return max((each.connections for each in self.noted), default=0)


class PortalServer(ThreadingHTTPServer):
    """Serves one portal's pages from memory."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 32

    def __init__(self, address: tuple[str, int], delay_seconds: float = 0.0) -> None:
        super().__init__(address, PortalRequestHandler)
        self.pages: Pages = {}
        self.delay_seconds = delay_seconds
        self.log = RequestLog()
        self.closing = threading.Event()

    def server_bind(self) -> None:
        # The standard class looks its own name up in the DNS here, which can take seconds without a network.
        socket.socket.setsockopt(self.socket, socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = str(self.server_address[0]), int(self.server_address[1])

    def find(self, asked: Asked) -> Reply:
        page = self.pages.get(asked.path, NOT_FOUND)
        return page if isinstance(page, Reply) else page(asked)

    def handle_error(self, request: object, client_address: object) -> None:
        """A visitor that goes away in the middle of an answer is no error here."""


class PortalRequestHandler(BaseHTTPRequestHandler):
    """Looks the path up, answers in one write, notes it."""

    protocol_version = "HTTP/1.1"
    server_version = "demo"
    sys_version = ""
    disable_nagle_algorithm = True
    server: PortalServer

    def setup(self) -> None:
        super().setup()
        with self.server.log.lock:
            self.server.log.open_connections += 1

    def finish(self) -> None:
        with self.server.log.lock:
            self.server.log.open_connections -= 1
        super().finish()

    def do_GET(self) -> None:
        self._answer()

    do_POST = do_GET  # noqa: N815 - the name that the standard library calls
    do_HEAD = do_GET  # noqa: N815

    def _answer(self) -> None:
        log = self.server.log
        with log.lock:
            log.running += 1
            running, connections = log.running, log.open_connections
        begun = time.monotonic()
        reply = self.server.find(self._asked())
        is_wanted = self._wait(self.server.delay_seconds + reply.hold_seconds)
        with log.lock:  # before the answer goes out, so that a visitor's next request never counts as a second one
            log.running -= 1
            agent, ended = self.headers.get("User-Agent", ""), time.monotonic()
            log.noted.append(Noted(self.command, self.path, agent, begun, ended, connections, running, reply.status))
        if is_wanted and reply.status:
            self._send(reply)
        else:
            self.close_connection = True

    def _wait(self, seconds: float) -> bool:
        """Take the time that this portal takes; False when the visitor went away or the server closes meanwhile."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            if self.server.closing.is_set():
                return False
            readable, _, _ = select.select([self.connection], [], [], min(left, 0.2))
            if readable and self._is_gone():
                return False
            if readable:  # a further request is waiting already: no need to look again
                self.server.closing.wait(min(left, 0.2))
        return True

    def _is_gone(self) -> bool:
        try:
            return not self.connection.recv(1, socket.MSG_PEEK)
        except OSError:
            return True

    def _asked(self) -> Asked:
        parts = urlsplit(self.path)
        length = int(self.headers.get("Content-Length") or 0)
        form = self.rfile.read(min(length, 65536)).decode("utf-8", "replace") if length else ""
        return Asked(
            path=unquote(parts.path.partition(";")[0]),  # a session id after ";" is no part of the address
            query=dict(parse_qsl(parts.query, keep_blank_values=True)),
            form=dict(parse_qsl(form, keep_blank_values=True)),
            cookie=self.headers.get("Cookie", ""),
        )

    def _send(self, reply: Reply) -> None:
        self.send_response(reply.status)
        if reply.content_type is not None:
            self.send_header("Content-Type", reply.content_type)
        for name, value in reply.headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(reply.body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as the standard library names it
        """Nothing on stderr: the request log holds it."""
