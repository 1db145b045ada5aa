"""Connections to servers that answer, close, stay silent or say more than they were asked."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from spiders.connections import STOPPED, Arrived, Connection, IdleConnections, TooBig, Unanswered, Wish
from spiders.wire import DATA_LOSS, PARTIAL, AnswerParser

SIZED = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
Script = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def any_answer(parser: AnswerParser) -> bool:
    return True


def no_answer(parser: AnswerParser) -> bool:
    return False


def wish(max_size: int = 0, is_wanted: Callable[[AnswerParser], bool] = any_answer) -> Wish:
    return Wish(b"GET / HTTP/1.1\r\nHost: www.qinghe.example\r\n\r\n", max_size, is_wanted)


def talk(script: Script, work: Callable[[Connection], Awaitable[object]]) -> object:
    """What ``work`` makes of one connection to a server that follows the script."""

    async def main() -> object:
        server = await asyncio.start_server(script, "127.0.0.1", 0)
        host, port = server.sockets[0].getsockname()
        async with asyncio.timeout(10):
            _, connection = await asyncio.get_running_loop().create_connection(Connection, host, port)
            try:
                return await work(connection)
            finally:
                connection.abort()
                server.close()

    return asyncio.run(main())


def answering(*answers: bytes) -> Script:
    """Answer one request after the other, then end the connection."""

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for answer in answers:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(answer)
            await writer.drain()
        writer.close()

    return script


async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read()
    writer.close()


def test_one_connection_answers_one_request_after_the_other() -> None:
    async def work(connection: Connection) -> list[bytes]:
        return [(await connection.ask(wish())).body for _ in range(2)]

    answers = (SIZED, b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nbye", SIZED)
    assert talk(answering(*answers), work) == [b"hello", b"bye"]


@pytest.mark.parametrize(
    ("answer", "flags", "body"),
    [
        (b"HTTP/1.1 200 OK\r\n\r\nhel", (PARTIAL,), b"hel"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel", (DATA_LOSS,), b"hel"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\nnonsense\r\n", (DATA_LOSS,), b"hel"),
    ],
)
def test_a_body_that_is_cut_off_is_given_with_a_flag(answer: bytes, flags: tuple[str, ...], body: bytes) -> None:
    async def work(connection: Connection) -> tuple[Arrived, bool]:
        return await connection.ask(wish()), connection.is_lost

    arrived, is_lost = talk(answering(answer), work)  # type: ignore[misc]
    assert (arrived.flags, arrived.body, is_lost) == (flags, body, True)


@pytest.mark.parametrize(("answer", "is_silent"), [(b"", True), (b"HTTP/1.1 200", False), (b"nonsense\n\n", False)])
def test_a_connection_that_ends_without_an_answer_says_whether_anything_came(answer: bytes, is_silent: bool) -> None:
    async def work(connection: Connection) -> bool:
        with pytest.raises(Unanswered) as caught:
            await connection.ask(wish())
        return caught.value.is_silent

    assert talk(answering(answer), work) is is_silent


def test_a_connection_that_had_ended_is_not_asked() -> None:
    async def work(connection: Connection) -> bool:
        await connection.ask(wish())
        while not connection.is_lost:
            await asyncio.sleep(0)
        with pytest.raises(Unanswered) as caught:
            await connection.ask(wish())
        return caught.value.is_silent

    assert talk(answering(SIZED), work) is True


def test_what_comes_unasked_ends_the_connection() -> None:
    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(SIZED)
        await writer.drain()
        await reader.read(1)  # the sign that the answer was taken
        writer.write(SIZED)

    async def work(connection: Connection) -> bool:
        arrived = await connection.ask(wish())
        assert connection._line is not None
        connection._line.write(b"x")
        while not connection.is_lost:
            await asyncio.sleep(0)
        return arrived.body == b"hello"

    assert talk(script, work) is True


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 101,
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n65\r\n" + b"x" * 101,
    ],
)
def test_a_body_beyond_the_limit_is_refused_as_soon_as_it_is_known(answer: bytes) -> None:
    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        await reader.read()  # the answer has no end: only the other side can end this
        writer.close()

    async def work(connection: Connection) -> bool:
        with pytest.raises(TooBig):
            await connection.ask(wish(max_size=100))
        return connection.is_lost

    assert talk(script, work) is True


def test_a_body_that_is_not_wanted_is_not_waited_for() -> None:
    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nContent-Length: 5000\r\n\r\nPNG")
        await reader.read()
        writer.close()

    async def work(connection: Connection) -> tuple[Arrived, bool]:
        return await connection.ask(wish(is_wanted=no_answer)), connection.is_lost

    arrived, is_lost = talk(script, work)  # type: ignore[misc]
    assert (arrived.flags, arrived.body, is_lost) == ((STOPPED,), b"", True)


def test_whoever_does_not_wait_any_longer_ends_the_connection() -> None:
    async def work(connection: Connection) -> bool:
        asking = asyncio.ensure_future(connection.ask(wish()))
        await asyncio.sleep(0)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        return connection.is_lost

    assert talk(silent, work) is True


def test_kept_connections_are_given_out_once_and_ended_with_the_store() -> None:
    async def work(connection: Connection) -> list[object]:
        store = IdleConnections()
        store.keep("a", connection)
        given = [store.take("b"), store.take("a"), store.take("a")]
        store.keep("a", connection)
        store.close()
        return [*given, connection.is_lost, store.take("a")]

    found = talk(silent, work)
    assert isinstance(found, list)
    assert [type(one) for one in found] == [type(None), Connection, type(None), bool, type(None)]
    assert found[3] is True


def test_a_connection_that_nobody_takes_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("spiders.connections.IDLE_SECONDS", 0.01)

    async def work(connection: Connection) -> object:
        store = IdleConnections()
        store.keep("a", connection)
        while not connection.is_lost:
            await asyncio.sleep(0.001)
        return store.take("a")

    assert talk(silent, work) is None
