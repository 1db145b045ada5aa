"""Reading pages beside fetching them: reader processes on the other cores, each replaced when it dies or hangs.

A page that kills its reader, or keeps it longer than ``PAGE_SECONDS``, is given up as ReadingFailed; the pages that
waited behind it go to the next reader. Where no process can be started, pages are read in the crawl's own.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import socket
import subprocess
import sys
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

from gkmonitor.records import PageFacts
from spiders.jobs import CrawlLimits
from spiders.readers import read_page
from spiders.transfer import Frames, Menus, PageLoader, dump_request

logger = logging.getLogger(__name__)

PAGE_SECONDS: Final = 10.0
START_SECONDS: Final = 30.0  # for the first page of a process, which is still importing
PAGES_AT_READER: Final = 4  # one being read and some at hand, so that no reader waits for the crawl
FETCHED_AHEAD: Final = 2  # pages for each reader that a portal fetches while others of it are read
WAITING_PER_READER: Final = 8  # beyond these no further page is fetched
SPARE_PER_READER: Final = 2  # beyond these only one connection of each portal fetches
MAX_READERS: Final = 2  # they keep up with one crawl, and memory stays bounded
MAX_FALSE_STARTS: Final = 3  # in a row: readers cannot be started here
HAS_READERS: Final = sys.platform != "win32"  # a socket as standard input
_COMMAND: Final = (sys.executable, "-P", "-m", "spiders.reader_process")


class ReadingFailed(Exception):  # noqa: N818  # says what happened, like the refusals of the middlewares
    """The page could not be read: its reader died or took too long."""


@dataclass(slots=True, eq=False)
class _Page:
    body: bytes
    url: str
    headers: Mapping[str, str]
    done: asyncio.Future[PageFacts]

    @property
    def frame(self) -> bytes:
        return dump_request(self.body, self.url, self.headers)


def reader_count(limits: CrawlLimits, portals: int) -> int:
    """How many reader processes a crawl is worth: one where pages come one by one, else one for each core."""
    is_slow = portals <= 1 and limits.connections_per_host <= 1
    return 1 if is_slow else min(MAX_READERS, os.cpu_count() or 1)


class ReaderPool:
    """Reader processes. They are started at once, so that they are ready when the first page is there."""

    def __init__(self, size: int) -> None:
        self.menus = Menus()
        self._queue: deque[_Page] = deque()
        self._askers: dict[bool, deque[asyncio.Future[None]]] = {False: deque(), True: deque()}
        self._false_starts = 0
        self._readers: list[_Reader] = []
        self._most_waiting = {False: max(1, size) * WAITING_PER_READER, True: max(1, size) * SPARE_PER_READER}
        for _ in range(size if HAS_READERS else 0):
            self._start_reader()

    def __len__(self) -> int:
        return len(self._readers)

    def read(self, body: bytes, url: str, headers: Mapping[str, str]) -> asyncio.Future[PageFacts]:
        """What the page says, in time; ReadingFailed when its reader died or hung over it."""
        page = _Page(body, url, headers, asyncio.get_running_loop().create_future())
        self._queue.append(page)
        self._hand_out()
        return page.done

    async def wait_for_room(self, is_spare: bool = False) -> None:
        """Until the readers have caught up, so that fetched pages do not pile up.

        A spare connection, one of several to a portal, waits for them sooner: while they have enough to do, each
        portal goes on over one connection, which costs less than several.
        """
        while len(self._queue) >= self._most_waiting[is_spare]:
            asker = asyncio.get_running_loop().create_future()
            self._askers[is_spare].append(asker)
            await asker

    def close(self) -> None:
        """End all readers, whatever they are at."""
        readers, self._readers = self._readers, []
        for reader in readers:
            reader.kill()
        for reader in readers:
            reader.reap()

    def _start_reader(self) -> None:
        with contextlib.suppress(OSError):  # no process to be had: what there is must do
            self._readers.append(_Reader(self))

    def _hand_out(self) -> None:
        """Give waiting pages to the readers that have fewest; without any, read them here."""
        while self._queue:
            reader = min(self._readers, key=len, default=None)
            if reader is not None and len(reader) >= PAGES_AT_READER:
                break
            page = self._queue.popleft()
            if page.done.done():
                continue
            if reader is not None:
                reader.take(page)
            else:
                _read_here(page)
        self._let_in()

    def _let_in(self) -> None:
        """Wake those who wait for room: as many as there is room for, all when nothing is left that would wake them."""
        is_idle = not any(self._readers)
        for is_spare, askers in self._askers.items():
            room = len(askers) if is_idle else self._most_waiting[is_spare] - len(self._queue)
            while askers and room > 0:
                asker = askers.popleft()
                if not asker.done():
                    asker.set_result(None)
                    room -= 1

    def page_read(self, page: _Page, facts: PageFacts) -> None:
        """A reader's answer to one page."""
        if not page.done.done():
            page.done.set_result(facts)
        self._hand_out()

    def reader_gone(self, reader: _Reader, unread: list[_Page]) -> None:
        """A reader died: the page that it was at is given up, those behind it are read by another one."""
        if reader not in self._readers:
            return  # closed
        self._readers.remove(reader)
        code = reader.reap()
        self._false_starts = 0 if reader.was_ready else self._false_starts + 1
        logger.warning("a reader process ended with exit code %s", code)
        if reader.was_ready and unread:
            failed = unread.pop(0)
            if not failed.done.done():
                failed.done.set_exception(ReadingFailed(f"the reader of {failed.url} died or took too long"))
        self._queue.extendleft(reversed(unread))
        if self._false_starts < MAX_FALSE_STARTS:
            self._start_reader()
        self._hand_out()


def _read_here(page: _Page) -> None:
    try:
        page.done.set_result(read_page(page.body, page.url, page.headers))
    except Exception as error:  # the asker's to deal with, like that of a reader process
        page.done.set_exception(error)


class _Reader(asyncio.BufferedProtocol):
    """One reader process and the pages that it was given."""

    def __init__(self, pool: ReaderPool) -> None:
        self.was_ready = False
        self._pool = pool
        self._pages: deque[_Page] = deque()
        self._frames = Frames()
        self._loader = PageLoader(pool.menus)
        self._transport: asyncio.WriteTransport | None = None
        self._connecting: asyncio.Future[Any] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._deadline = 0.0
        self._own, theirs = socket.socketpair()
        try:
            self._process: subprocess.Popen[bytes] = subprocess.Popen(
                _COMMAND, stdin=theirs.fileno(), stdout=subprocess.DEVNULL
            )
        except OSError:
            self._own.close()
            raise
        finally:
            theirs.close()

    def __len__(self) -> int:
        return len(self._pages)

    def take(self, page: _Page) -> None:
        """One more page to read."""
        self._pages.append(page)
        if self._transport is not None:
            self._transport.write(page.frame)
        elif self._connecting is None:
            self._own.setblocking(False)
            loop = asyncio.get_running_loop()
            self._connecting = asyncio.ensure_future(loop.create_connection(lambda: self, sock=self._own))
        if len(self._pages) == 1:
            self._restart_timer()

    def kill(self) -> None:
        """End the process at once."""
        if self._timer is not None:
            self._timer.cancel()
        self._process.kill()  # its end of the socket closes, which ends the connection too

    def reap(self) -> int | None:
        """The exit code of the process, which is ending."""
        if self._transport is not None:
            with contextlib.suppress(RuntimeError):  # no loop is running any more
                self._transport.abort()
        elif self._connecting is None:
            self._own.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=1.0)
        return self._process.returncode

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.WriteTransport", transport)
        for page in self._pages:
            self._transport.write(page.frame)

    def get_buffer(self, sizehint: int) -> memoryview:
        return self._frames.room()

    def buffer_updated(self, nbytes: int) -> None:
        for frame in self._frames.filled(nbytes):
            if frame:
                self._pool.page_read(self._pages.popleft(), self._loader.load(frame))
            self.was_ready = True
            self._restart_timer()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._process.kill()
        self._pool.reader_gone(self, list(self._pages))

    def _restart_timer(self) -> None:
        """Give the page that is being read its time. The clock that runs already is left to run: pages are many."""
        loop = asyncio.get_running_loop()
        self._deadline = loop.time() + (PAGE_SECONDS if self.was_ready else START_SECONDS)
        if self._timer is not None and self._timer.when() > self._deadline:
            self._timer.cancel()
            self._timer = None
        if self._timer is None and self._pages:
            self._timer = loop.call_at(self._deadline, self._look_at_the_time)

    def _look_at_the_time(self) -> None:
        self._timer = None
        if not self._pages:
            return
        loop = asyncio.get_running_loop()
        if loop.time() >= self._deadline:
            self.kill()
        else:
            self._timer = loop.call_at(self._deadline, self._look_at_the_time)
