"""``python -m spiders.reader_process``: reads pages for a crawl, one after the other, over the socket on stdin.

It ends when the crawl closes its end, so it never outlives it; a page that takes too long is ended by the system's own
alarm, whatever code it hangs in.
"""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import socket
from typing import Final

from spiders.readers import read_page
from spiders.transfer import LENGTH, PageDumper, load_request

ALARM_SECONDS: Final = 20  # the crawl gives up a page before; this is for a crawl that is gone
NICENESS: Final = 10  # reading gives way to the crawl, which has little to do for a page and keeps readers busy
GARBAGE_THRESHOLD: Final = 3_000  # objects, those of a few pages: their parsed trees hang on them
_WARM_UP: Final = (
    '<html><head><title>通知公告</title></head><body><ul><li><a href="/a/1.html">关于某事项的公告</a>2026-01-05</li>'
    '<li><a href="/a/2.html">关于某事项的通知</a>2026-01-04</li></ul></body></html>'
)


def main() -> None:
    """Answer page after page until the other end closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal's Ctrl-C is the crawl's to answer
    os.nice(NICENESS)
    connection = socket.socket(fileno=0)
    read_page(_WARM_UP.encode(), "http://localhost/")  # word lists are loaded before the first page arrives
    gc.freeze()  # what is loaded stays: not looked through again for every few pages
    gc.set_threshold(GARBAGE_THRESHOLD)
    dumper = PageDumper()
    with connection, contextlib.suppress(ConnectionError):
        connection.sendall(LENGTH.pack(0))  # ready
        while (head := _receive(connection, LENGTH.size)) is not None:
            payload = _receive(connection, LENGTH.unpack(head)[0])
            if payload is None:
                return
            signal.alarm(ALARM_SECONDS)
            answer = dumper.dump(read_page(*load_request(payload)))
            signal.alarm(0)
            connection.sendall(answer)


def _receive(connection: socket.socket, size: int) -> bytes | None:
    """Exactly ``size`` bytes, or None when the other end closed."""
    data = bytearray(size)
    view = memoryview(data)
    got = 0
    while got < size:
        count = connection.recv_into(view[got:])
        if not count:
            return None
        got += count
    return bytes(data)


if __name__ == "__main__":
    main()
