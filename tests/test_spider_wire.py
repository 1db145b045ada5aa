"""Answers over HTTP/1.1 as servers really send them, in one piece and in many."""

from __future__ import annotations

import pytest

from spiders.wire import DATA_LOSS, MAX_HEAD_BYTES, PARTIAL, AnswerParser, BadAnswer

CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
SIZED = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"


def fed(data: bytes, size: int) -> AnswerParser:
    parser = AnswerParser()
    for at in range(0, len(data), size):
        parser.feed(data[at : at + size])
    return parser


@pytest.mark.parametrize("size", [1, 3, 10_000])
@pytest.mark.parametrize(
    ("sent", "status", "body", "is_reusable"),
    [
        (SIZED + b"hello", 200, b"hello", True),
        (b"HTTP/1.1 404 Not Found\nContent-Length: 2\n\nno", 404, b"no", True),
        (b"HTTP/1.1 200\r\nContent-Length: 5, 5\r\n\r\nhello", 200, b"hello", True),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\ncontent-length: 05\r\n\r\nhello", 200, b"hello", True),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: Close\r\n\r\nhello", 200, b"hello", False),
        (b"HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello", 200, b"hello", False),
        (b"HTTP/1.1 302 Found\r\nLocation: /a\r\nContent-Length: 0\r\n\r\n", 302, b"", True),
        (b"HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", 304, b"", True),
        (b"HTTP/1.1 100 Continue\r\nX-Early: 1\r\n\r\n" + SIZED + b"hello", 200, b"hello", True),
        (CHUNKED + b"5\r\nhello\r\n6;name=x\r\n world\r\n0\r\n\r\n", 200, b"hello world", True),
        (CHUNKED + b"A\r\n0123456789\r\n0\r\nX-Sum: 1\r\nX-More: 2\r\n\r\n", 200, b"0123456789", True),
        (CHUNKED + b"5\nhello\n0\n\n", 200, b"hello", True),
        (CHUNKED + b"0\r\n\r\n", 200, b"", True),
    ],
)
def test_an_answer_is_the_same_however_it_is_cut(
    sent: bytes, status: int, body: bytes, is_reusable: bool, size: int
) -> None:
    parser = fed(sent, size)
    assert (parser.is_complete, parser.status, parser.body) == (True, status, body)
    assert (parser.is_reusable, parser.size) == (is_reusable, len(body))


@pytest.mark.parametrize("size", [1, 10_000])
def test_headers_are_kept_without_those_of_the_connection(size: int) -> None:
    parser = fed(
        b"HTTP/1.1 200 OK\r\nServer:  x \r\nno colon here\r\nSet-Cookie: a=1\r\nset-cookie: b=2\r\n"
        b"X-Long: one\r\n two\r\n\tthree\r\nKeep-Alive: timeout=5\r\nContent-Length: 5\r\n\r\nhello",
        size,
    )
    assert parser.headers == {b"server": [b"x"], b"set-cookie": [b"a=1", b"b=2"], b"x-long": [b"one two\tthree"]}
    assert parser.length == 5


@pytest.mark.parametrize(
    ("sent", "body"),
    [(SIZED + b"hello, and more", b"hello"), (CHUNKED + b"5\r\nhello\r\n0\r\n\r\nHTTP/1.1 200 OK\r\n", b"hello")],
)
def test_what_comes_beyond_the_answer_is_no_part_of_it_and_spoils_the_connection(sent: bytes, body: bytes) -> None:
    parser = fed(sent, 10_000)
    assert (parser.is_complete, parser.body, parser.is_reusable) == (True, body, False)


@pytest.mark.parametrize(
    "sent",
    [
        b"<html>no HTTP at all</html>\r\n\r\n",
        b"HTTP/1.1 OK\r\n\r\n",
        b"HTTP/1.1 20 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * MAX_HEAD_BYTES,
        CHUNKED + b"five\r\nhello\r\n",
        CHUNKED + b"-5\r\nhello\r\n",
        CHUNKED + b"5;" + b"x" * (MAX_HEAD_BYTES + 1),
    ],
)
def test_what_is_no_answer_is_refused(sent: bytes) -> None:
    with pytest.raises(BadAnswer):
        fed(sent, 100_000)


@pytest.mark.parametrize(
    ("sent", "flag", "body"),
    [
        (b"HTTP/1.1 200 OK\r\n\r\nhel", PARTIAL, b"hel"),
        (b"HTTP/1.1 200 OK\r\n\r\n", PARTIAL, b""),
        (SIZED + b"hel", DATA_LOSS, b"hel"),
        (CHUNKED + b"5\r\nhel", DATA_LOSS, b"hel"),
        (CHUNKED + b"5\r\nhello\r\n", DATA_LOSS, b"hello"),
    ],
)
def test_an_answer_that_is_cut_off_keeps_what_came_and_says_so(sent: bytes, flag: str, body: bytes) -> None:
    parser = fed(sent, 10_000)
    assert (parser.is_complete, parser.end(), parser.body) == (False, flag, body)


def test_a_head_that_is_cut_off_is_no_answer() -> None:
    parser = fed(b"HTTP/1.1 200 OK\r\nServer: x\r\n", 10_000)
    assert (parser.has_begun, AnswerParser().has_begun) == (True, False)
    with pytest.raises(BadAnswer):
        parser.end()
