"""What a server sends over HTTP/1.1: status, headers and body out of the pieces that arrive. No network.

As lenient as browsers are: bare line feeds, header lines without a colon, bodies cut short. Nothing is kept twice, and
most answers are taken apart with a dozen calls, which matters where a portal has a hundred pages.
"""

from __future__ import annotations

import re
from typing import Final

MAX_HEAD_BYTES: Final = 262_144
PARTIAL: Final = "partial"  # nobody said how long the body is, and the connection ended
DATA_LOSS: Final = "dataloss"  # less came than was promised
# They speak of the connection, not of the page.
CONNECTION_HEADERS: Final = frozenset(
    (
        b"content-length", b"connection", b"keep-alive", b"te", b"trailers", b"transfer-encoding", b"upgrade",
        b"proxy-connection",
    )
)  # fmt: skip
_HEAD_END: Final = re.compile(rb"\n\r?\n")
_STATUS_LINE: Final = re.compile(rb"(HTTP/\d+\.\d+) +([1-9]\d\d)(?: .*)?$")
_FOLD: Final = re.compile(rb"\r?\n(?=[ \t])")
_CHUNK_SIZE: Final = re.compile(rb"[0-9A-Fa-f]{1,15}$")
_NO_BODY: Final = (204, 304)


class BadAnswer(ValueError):  # noqa: N818  # says what came, like the refusals of the middlewares
    """What came is no answer in HTTP/1."""


class AnswerParser:
    """One answer to a GET while it arrives.

    ``headers`` have names in lower case, in order of their first appearance, without those of the connection;
    ``length`` is the body's as announced, None when it is not. Once ``feed`` says that the answer is complete,
    ``is_reusable`` says whether the connection may be asked again.
    """

    __slots__ = (
        "_begun", "_chunks", "_pieces", "headers", "is_complete", "is_reusable", "length", "size", "status", "version",
    )  # fmt: skip

    def __init__(self) -> None:
        self.status = 0  # none yet
        self.version = b""
        self.headers: dict[bytes, list[bytes]] = {}
        self.length: int | None = None
        self.size = 0  # bytes of the body so far
        self.is_complete = False
        self.is_reusable = False
        self._begun = b""  # of a head that goes on
        self._pieces: list[bytes] = []
        self._chunks: _Chunks | None = None

    @property
    def has_begun(self) -> bool:
        """Whether anything came at all."""
        return bool(self.status or self._begun)

    @property
    def body(self) -> bytes:
        """The body as far as it came."""
        return self._pieces[0] if len(self._pieces) == 1 else b"".join(self._pieces)

    def feed(self, data: bytes) -> bool:
        """Take what arrived; whether the answer is complete. Raises BadAnswer."""
        if not self.status:
            rest = self._feed_head(data)
            if rest is None:
                return False
            data = rest
        if data and not self.is_complete:
            self._feed_body(data)
        return self.is_complete

    def end(self) -> str:
        """The connection ended: what is to be said of a body that was not complete. Raises BadAnswer without a head."""
        if not self.status:
            raise BadAnswer("the connection ended before the headers did")
        is_short = self.length is not None or self._chunks is not None
        return DATA_LOSS if is_short else PARTIAL

    # ------------------------------------------------------------ head

    def _feed_head(self, data: bytes) -> bytes | None:
        """What follows the head, None while it goes on. Interim answers (1xx) are passed over."""
        data = self._begun + data if self._begun else data
        while (end := _HEAD_END.search(data)) is not None:
            self._read_head(data[: end.start()])
            data = data[end.end() :]
            if self.status >= 200:
                self._begun = b""
                return data
            self.status, self.headers = 0, {}
        if len(data) > MAX_HEAD_BYTES:
            raise BadAnswer("headers without an end")
        self._begun = data
        return None

    def _read_head(self, head: bytes) -> None:
        status_line, _, lines = head.partition(b"\n")
        found = _STATUS_LINE.match(status_line.rstrip(b"\r"))
        if found is None:
            raise BadAnswer(f"no status line: {status_line[:100]!r}")
        self.version, status = found[1], int(found[2])
        own: dict[bytes, list[bytes]] = {}  # of the connection
        for line in (_FOLD.sub(b"", lines) if b"\n " in lines or b"\n\t" in lines else lines).split(b"\n"):
            name, colon, value = line.partition(b":")
            if colon:
                name = name.lower()
                kept = own if name in CONNECTION_HEADERS else self.headers
                kept.setdefault(name, []).append(value.strip())
        if status >= 200:
            self._expect_body(status, own)
        self.status = status

    def _expect_body(self, status: int, own: dict[bytes, list[bytes]]) -> None:
        closes = any(b"close" in value.lower() for value in own.get(b"connection", ()))
        self.is_reusable = self.version == b"HTTP/1.1" and not closes
        if status in _NO_BODY:
            self.length = 0
        elif coding := own.get(b"transfer-encoding"):
            if coding[0].lower() != b"chunked":
                raise BadAnswer(f"unknown transfer encoding: {coding[0][:100]!r}")
            self._chunks = _Chunks()
        elif sizes := own.get(b"content-length"):
            self.length = _length_of(sizes)
        else:
            self.is_reusable = False
        self.is_complete = self.length == 0

    # ------------------------------------------------------------ body

    def _feed_body(self, data: bytes) -> None:
        if self._chunks is not None:
            self._chunks.feed(data, self._pieces)
            self.size = self._chunks.size
            if self._chunks.is_over:
                self.is_complete = True
                self.is_reusable = self.is_reusable and not self._chunks.rest
            return
        if self.length is not None and self.size + len(data) >= self.length:
            left = self.length - self.size
            self.is_complete = True
            if len(data) > left:  # nobody asked for more
                data, self.is_reusable = data[:left], False
        self._pieces.append(data)
        self.size += len(data)


def _length_of(sizes: list[bytes]) -> int:
    """The announced length; said several times it must be the same. Raises BadAnswer."""
    said = {size.strip() for size in b",".join(sizes).split(b",")}
    if not all(size.isdigit() for size in said) or len(lengths := {int(size) for size in said}) != 1:
        raise BadAnswer(f"no length: {b','.join(sizes)[:100]!r}")
    return lengths.pop()


class _Chunks:
    """A body in chunks. ``rest`` is what came beyond what could be taken apart, and at the end beyond the body."""

    __slots__ = ("_in_trailer", "_left", "is_over", "rest", "size")

    def __init__(self) -> None:
        self.rest = b""
        self.size = 0  # bytes of the body so far
        self.is_over = False
        self._left = 0  # bytes of the chunk that is arriving, with its line end
        self._in_trailer = False

    def feed(self, data: bytes, pieces: list[bytes]) -> None:
        """Add the pieces of the body that are in it. Raises BadAnswer."""
        data = self.rest + data if self.rest else data
        at = 0
        while not self.is_over:
            if self._left:
                taken = data[at : at + self._left]
                at += len(taken)
                self._left -= len(taken)
                self.size += len(taken)
                pieces.append(taken)
                if self._left:
                    break
            line_end = data.find(b"\n", at)
            if line_end < 0:
                if len(data) - at > MAX_HEAD_BYTES:
                    raise BadAnswer("a chunk without a size")
                break
            self._read_line(data[at:line_end].strip())
            at = line_end + 1
        self.rest = data[at:]

    def _read_line(self, line: bytes) -> None:
        """A line between chunks: the end of the last one, a size, or the trailer up to an empty line."""
        if self._in_trailer:
            self.is_over = not line
        elif line:
            size = line.partition(b";")[0].strip()
            if not _CHUNK_SIZE.match(size):
                raise BadAnswer(f"no size of a chunk: {size[:100]!r}")
            self._left = int(size, 16)
            self._in_trailer = not self._left
