"""How pages are fetched: over HTTP/1.1 by a shorter way, which costs a quarter of what Scrapy's own handler takes.

What goes through a proxy or to an odd address is left to Scrapy's; both say the same of what comes and what fails.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from typing import Any, Final, cast

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.httpcompression import ACCEPTED_ENCODINGS
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
)
from scrapy.http import Headers, Response
from scrapy.utils.defer import maybe_deferred_to_future
from twisted.internet.endpoints import HostnameEndpoint, wrapClientTLS
from twisted.internet.error import ConnectionRefusedError as TwistedRefusedError
from twisted.internet.error import DNSLookupError
from twisted.internet.error import TimeoutError as TwistedTimeoutError
from twisted.internet.protocol import Factory

from spiders.addresses import numeric_host
from spiders.connections import Arrived, Connection, IdleConnections, TlsSide, TooBig, Unanswered, Wish
from spiders.middlewares import resolve
from spiders.wire import AnswerParser

SHEET: Final = "gkmonitor_sheet"  # request.meta: this file is asked for on purpose
_PORTS: Final = {"http": 80, "https": 443}
_PLAIN: Final = re.compile(r"(https?)://([A-Za-z0-9._-]+)(?::(\d{1,5}))?(/[!\"$-~]*|\?[!\"$-~]*)?(?:#.*)?")
_BINARY_TYPES: Final = (
    b"image/",
    b"audio/",
    b"video/",
    b"font/",
    b"application/pdf",
    b"application/zip",
    b"application/x-rar",
    b"application/msword",
    b"application/vnd.",
)
_METHODS: Final = ("GET", "POST")
_Server = tuple[str, str, int]  # scheme, host, port


def is_binary(content_type: bytes | None) -> bool:
    """Whether a body of this type says nothing to the readers."""
    return (content_type or b"").lower().lstrip().startswith(_BINARY_TYPES)


class PageHandler(HTTP11DownloadHandler):
    """Scrapy's handler with a shorter way for plain pages."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._idle = IdleConnections()
        self._headers = {
            b"User-Agent": str(crawler.settings["USER_AGENT"]).encode(),
            **{n.encode(): v.encode() for n, v in crawler.settings.getdict("DEFAULT_REQUEST_HEADERS").items()},
            b"Accept-Encoding": b", ".join(ACCEPTED_ENCODINGS),
        }
        self._header_lines = _lines(self._headers)
        self._timeout = crawler.settings.getfloat("DOWNLOAD_TIMEOUT")

    async def download_request(self, request: Request) -> Response:
        meta = request.meta
        timeout = meta.setdefault("download_timeout", self._timeout)
        plain = _PLAIN.fullmatch(request.url)
        if plain is None or request.method not in _METHODS or meta.get("proxy"):
            for name, value in self._headers.items():
                request.headers.setdefault(name, value)
            return await super().download_request(request)
        try:
            async with asyncio.timeout(timeout):
                return await self._get(request, plain)
        except TimeoutError as error:
            raise DownloadTimeoutError(f"{request.url} took longer than {timeout} seconds") from error

    async def close(self) -> None:
        self._idle.close()
        await super().close()

    async def _get(self, request: Request, plain: re.Match[str]) -> Response:
        scheme, host, port, target = plain.groups()
        target = target or "/"
        server = (scheme, host, int(port) if port else _PORTS[scheme])
        start = (
            f"{request.method} {target if target[0] == '/' else '/' + target} HTTP/1.1\r\n"
            f"Host: {host if server[2] == _PORTS[scheme] else f'{host}:{server[2]}'}\r\n"
        )
        lines = self._lines_of(request) if request.headers or request.body else self._header_lines
        wants = _wants_any if request.meta.get(SHEET) else _wants_page
        wish = Wish(b"%b%b\r\n%b" % (start.encode("ascii"), lines, request.body), self._default_maxsize, wants)
        try:
            arrived, connection = await self._ask(server, wish, request.method == "GET")
        except TooBig as error:
            raise DownloadCancelledError(str(error)) from error
        except Unanswered as error:
            raise DownloadFailedError(str(error)) from error
        request.meta["download_latency"] = arrived.latency
        parser = arrived.parser
        headers = Headers(cast("Any", parser.headers))
        if parser.length is not None:
            headers[b"Content-Length"] = str(parser.length)
        return Response(
            request.url.partition("#")[0],
            parser.status,
            headers,
            arrived.body,
            list(arrived.flags),
            None,
            connection.certificate,
            connection.address,
            parser.version.decode(),
        )

    def _lines_of(self, request: Request) -> bytes:
        """The headers of a request that has some of its own, or a body."""
        own = {name: b", ".join(values) for name, values in request.headers.items() if name != b"Host"}
        if request.body:
            own[b"Content-Length"] = b"%d" % len(request.body)
        return _lines({name: value for name, value in self._headers.items() if name not in own} | own)

    async def _ask(self, server: _Server, wish: Wish, may_repeat: bool) -> tuple[Arrived, Connection]:
        """The answer, over a connection that is open or a new one; one that had ended meanwhile is no failure."""
        while (kept := self._idle.take(server)) is not None:
            try:
                arrived = await kept.ask(wish)
            except Unanswered as error:
                if error.is_silent and may_repeat:
                    continue
                raise
            self._idle.keep(server, kept)
            return arrived, kept
        connection = await self._connect(server)
        arrived = await connection.ask(wish)
        self._idle.keep(server, connection)
        return arrived, connection

    async def _connect(self, server: _Server) -> Connection:
        scheme, host, port = server
        try:
            if scheme == "https":
                return await self._connect_tls(host, port)
            address = numeric_host(host) or await resolve(host)
            return (await asyncio.get_running_loop().create_connection(Connection, address, port))[1]
        except (ConnectionRefusedError, TwistedRefusedError) as error:
            raise DownloadConnectionRefusedError(str(error)) from error
        except DNSLookupError as error:
            raise CannotResolveHostError(str(error)) from error
        except TwistedTimeoutError as error:
            raise DownloadTimeoutError(str(error)) from error

    async def _connect_tls(self, host: str, port: int) -> Connection:
        from twisted.internet import reactor

        options = cast("Any", self._contextFactory).creatorForNetloc(host.encode(), port)
        endpoint = cast("Any", wrapClientTLS)(options, HostnameEndpoint(reactor, host, port))
        side: TlsSide = await maybe_deferred_to_future(endpoint.connect(Factory.forProtocol(TlsSide)))
        return side.connection


def _lines(headers: Mapping[bytes, bytes]) -> bytes:
    return b"".join([b"%b: %b\r\n" % (name, b" ".join(value.split())) for name, value in headers.items()])


def _wants_page(parser: AnswerParser) -> bool:
    """A picture or a document says nothing to the readers: its body is not fetched."""
    types = parser.headers.get(b"content-type")
    return not is_binary(types[-1] if types else None)


def _wants_any(parser: AnswerParser) -> bool:
    return True
