"""Connections that stay open between the requests to one server, each asked one thing at a time.

Plain ones are asyncio's own, which cost least; those over TLS are Twisted's, with Scrapy's rules for certificates.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any, Final, Protocol, cast

from twisted.internet import protocol, ssl
from twisted.python.failure import Failure

from spiders.wire import AnswerParser, BadAnswer

IDLE_SECONDS: Final = 60.0  # longer than any pause between two requests to a host
STOPPED: Final = "download_stopped"  # as Scrapy calls a body that was not wanted
_BUFFER: Final = memoryview(bytearray(131_072))  # emptied as soon as it is filled, so one serves all connections


class TooBig(Exception):  # noqa: N818  # says what came, like the refusals of the middlewares
    """The body is larger than it may be."""


class Unanswered(Exception):  # noqa: N818
    """The connection ended before an answer began; ``is_silent`` says that nothing at all had come."""

    def __init__(self, cause: BaseException | None, is_silent: bool) -> None:
        super().__init__(str(cause or "the connection ended"))
        self.__cause__ = cause
        self.is_silent = is_silent


@dataclass(frozen=True, slots=True)
class Wish:
    """One request: the bytes to send, and what of the answer is wanted."""

    head: bytes
    max_size: int  # of the body as sent; 0: any
    is_wanted: Callable[[AnswerParser], bool]  # asked once the headers are there


@dataclass(frozen=True, slots=True)
class Arrived:
    """An answer. ``latency`` is the time to its headers, in seconds."""

    parser: AnswerParser
    flags: tuple[str, ...]
    latency: float

    @property
    def body(self) -> bytes:
        return b"" if STOPPED in self.flags else self.parser.body


class Line(Protocol):
    """What a connection is sent over."""

    def write(self, data: bytes) -> None: ...

    def abort(self) -> None: ...


class Connection(asyncio.BufferedProtocol):
    """One connection to a server."""

    def __init__(self) -> None:
        self.is_lost = False
        self.address: IPv4Address | IPv6Address | None = None
        self.certificate: ssl.Certificate | None = None
        self._line: Line | None = None
        self._cause: BaseException | None = None  # of its end
        self._wish: Wish | None = None
        self._answer: asyncio.Future[Arrived] | None = None
        self._parser = AnswerParser()
        self._asked_at = self._latency = 0.0

    async def ask(self, wish: Wish) -> Arrived:
        """The answer. Raises Unanswered and TooBig; whoever does not wait for it ends the connection."""
        if self._line is None or self.is_lost:
            raise Unanswered(self._cause, is_silent=True)
        answer: asyncio.Future[Arrived] = asyncio.get_running_loop().create_future()
        self._answer = answer
        self._wish, self._parser, self._asked_at = wish, AnswerParser(), time.monotonic()
        self._line.write(wish.head)
        try:
            return await answer
        finally:
            if answer.cancelled():
                self.abort()

    def abort(self) -> None:
        """End the connection at once."""
        self.is_lost = True
        if self._line is not None:
            self._line.abort()

    def attach(self, line: Line, host: str) -> None:
        """The connection is there; ``host`` is the numeric address of the other end."""
        self._line, self.address = line, ip_address(host.partition("%")[0])

    def take(self, data: bytes) -> None:
        """What arrived; what nobody asked for ends the connection."""
        wish = self._wish
        if wish is None:
            self.abort()
            return
        parser = self._parser
        had_head = parser.status > 0
        try:
            is_complete = parser.feed(data)
        except BadAnswer as error:
            self._break(error)
            return
        if parser.status and not had_head:
            self._latency = time.monotonic() - self._asked_at
            if not wish.is_wanted(parser):
                self._give((STOPPED,))
                return
        if wish.max_size and max(parser.size, parser.length or 0) > wish.max_size:
            self._refuse(TooBig(f"the body is larger than {wish.max_size} bytes"))
        elif is_complete:
            self._give(())

    def lose(self, cause: BaseException | None) -> None:
        """The connection ended. A body of unknown length is complete by that."""
        self.is_lost, self._cause = True, cause
        if self._wish is not None:
            self._break(cause)

    def _break(self, cause: BaseException | None) -> None:
        """No more comes. What there is of a body is the answer; without a head there is none."""
        if self._parser.status:
            self._give((self._parser.end(),))
        else:
            self._refuse(Unanswered(cause, is_silent=not self._parser.has_begun and not isinstance(cause, BadAnswer)))

    def _give(self, flags: tuple[str, ...]) -> None:
        self._wish = None
        if flags or not self._parser.is_reusable:
            self.abort()
        if self._answer is not None and not self._answer.done():
            self._answer.set_result(Arrived(self._parser, flags, self._latency))

    def _refuse(self, error: Exception) -> None:
        self._wish = None
        self.abort()
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(error)

    # ------------------------------------------------------------ asyncio's side

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.attach(cast("asyncio.Transport", transport), transport.get_extra_info("peername")[0])

    def get_buffer(self, sizehint: int) -> memoryview:
        return _BUFFER

    def buffer_updated(self, nbytes: int) -> None:
        self.take(bytes(_BUFFER[:nbytes]))

    def connection_lost(self, exc: Exception | None) -> None:
        self.lose(exc)


class TlsSide(protocol.Protocol):
    """Twisted's side of a connection over TLS."""

    def __init__(self) -> None:
        self.connection = Connection()

    def connectionMade(self) -> None:  # noqa: N802  # Twisted's name
        self.connection.attach(self, cast("Any", self.transport).getPeer().host)

    def dataReceived(self, data: bytes) -> None:  # noqa: N802
        if self.connection.certificate is None:  # which comes with the handshake
            peer = cast("Any", self.transport).getPeerCertificate()
            self.connection.certificate = cast("Any", ssl.Certificate)(peer)
        self.connection.take(data)

    def connectionLost(self, reason: Failure = protocol.connectionDone) -> None:  # noqa: N802
        self.connection.lose(reason.value)

    def write(self, data: bytes) -> None:
        cast("Any", self.transport).write(data)

    def abort(self) -> None:
        cast("Any", self.transport).abortConnection()


class IdleConnections:
    """Connections that wait for the next request to their server."""

    def __init__(self) -> None:
        self._waiting: dict[Hashable, list[tuple[Connection, asyncio.TimerHandle]]] = {}

    def take(self, server: Hashable) -> Connection | None:
        """The one that was used last, or None."""
        waiting = self._waiting.get(server)
        while waiting:
            connection, timer = waiting.pop()
            timer.cancel()
            if not connection.is_lost:
                return connection
        return None

    def keep(self, server: Hashable, connection: Connection) -> None:
        """Keep a connection that has answered; it is ended when nobody takes it for a while."""
        if not connection.is_lost:
            timer = asyncio.get_running_loop().call_later(IDLE_SECONDS, self._drop, server, connection)
            self._waiting.setdefault(server, []).append((connection, timer))

    def close(self) -> None:
        """End all of them."""
        for waiting in self._waiting.values():
            for connection, timer in waiting:
                timer.cancel()
                connection.abort()
        self._waiting.clear()

    def _drop(self, server: Hashable, connection: Connection) -> None:
        connection.abort()
        left = [one for one in self._waiting.pop(server, ()) if one[0] is not connection]
        if left:
            self._waiting[server] = left
