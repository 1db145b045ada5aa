"""A small portal on loopback for the tests of the crawl: pages from a dict, in threads, with a log of requests."""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Answer:
    """What the portal answers; ``hold_seconds`` is waited before the first byte unless the portal closes earlier."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    hold_seconds: float = 0.0


Page = str | bytes | Answer | Callable[[str], "Page"]


@dataclass
class FakePortal:
    """A running portal. ``requests`` holds (path with query, start, user agent), in order of arrival."""

    url: str
    pages: dict[str, Page]
    requests: list[tuple[str, float, str]] = field(default_factory=list)
    under_way: int = 0
    most_under_way: int = 0
    closing: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def paths(self) -> list[str]:
        return [path for path, _, _ in self.requests]

    def find(self, path: str) -> Answer:
        page = self.pages.get(path)
        if page is None:
            page = next(
                (one for key, one in self.pages.items() if key.endswith("*") and path.startswith(key[:-1])), None
            )
        while callable(page):
            page = page(path)
        if page is None:
            return Answer("<html><head><title>404</title></head><body>您访问的页面不存在</body></html>".encode(), 404)
        if isinstance(page, Answer):
            return page
        return Answer(page.encode() if isinstance(page, str) else page)


@contextmanager
def serve(pages: dict[str, Page], host: str = "127.0.0.1", tls: ssl.SSLContext | None = None) -> Iterator[FakePortal]:
    """Serve ``pages`` (path -> page; a key that ends in ``*`` answers all paths that begin so) until the block ends.

    Asked as a proxy, the whole address is the path.
    """

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = 65536  # head and body in one packet

        def do_GET(self) -> None:
            with portal.lock:
                portal.requests.append((self.path, time.monotonic(), self.headers.get("User-Agent", "")))
                portal.under_way += 1
                portal.most_under_way = max(portal.most_under_way, portal.under_way)
            try:
                self._answer(portal.find(self.path))
            finally:
                with portal.lock:
                    portal.under_way -= 1

        def _answer(self, answer: Answer) -> None:
            if answer.hold_seconds:
                portal.closing.wait(answer.hold_seconds)
            self.send_response(answer.status)
            for name, value in {"Content-Type": "text/html; charset=utf-8", **answer.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.do_GET()

        def log_message(self, *args: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: Any, client_address: Any) -> None:
            pass  # the crawler went away in the middle of an answer

    server = Server((host, 0), Handler)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    portal = FakePortal(f"http{'s' if tls else ''}://{host}:{server.server_address[1]}", pages)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield portal
    finally:
        portal.closing.set()
        server.shutdown()
        server.server_close()
        thread.join(5)
