"""Reader processes: what they read, and what happens to pages when one dies, hangs or cannot be started."""

from __future__ import annotations

import asyncio
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from fake_portal import Answer, serve
from machine import wall_slowness

from gkmonitor.records import PageFacts
from spiders import reader_process, reading, transfer
from spiders.jobs import CrawlLimits
from spiders.readers import read_page
from spiders.reading import ReaderPool, ReadingFailed, reader_count
from spiders.transfer import LENGTH, Frames, Menus, PageDumper, PageLoader

URL = "http://www.qinghe.gov.cn/tzgg/index.html"
LIST = """<html><head><meta charset="utf-8"><title>通知公告_青禾县人民政府</title>
<meta name="SiteName" content="青禾县"></head><body>
<div class="nav"><ul><li><a href="/zwgk/">政务公开</a></li><li><a href="/tzgg/">通知公告</a></li>
<li><a href="/zcwj/">政策文件</a></li><li><a href="/hdjl/">互动交流</a></li></ul></div><ul class="list">
<li><a href="1.html">关于冬季供暖的通知</a><span>2026-11-20</span></li>
<li><a href="2.html">关于征求意见的公告</a><span>2026-11-18</span></li>
<li><a href="3.html">关于春节放假的通知</a><span>2026-11-11</span></li></ul></body></html>""".encode()
# A reader that dies over one page, hangs over another, and reads all others.
MOODY = """
import os, time
from spiders import reader_process
read = reader_process.read_page
def moody(body, url, headers={}):
    if url.endswith("/die"):
        os._exit(9)
    if url.endswith("/hang"):
        time.sleep(60)
    return read(body, url, headers)
reader_process.read_page = moody
reader_process.main()
"""


def run(size: int, work: Callable[[ReaderPool], Awaitable[Sequence[object]]]) -> Sequence[object]:
    with closing(ReaderPool(size)) as pool:

        async def main() -> Sequence[object]:
            return await work(pool)

        return asyncio.run(main())


def read_all(*urls: str) -> Callable[[ReaderPool], Awaitable[Sequence[object]]]:
    async def work(pool: ReaderPool) -> Sequence[object]:
        return await asyncio.gather(*(pool.read(LIST, url, {}) for url in urls), return_exceptions=True)

    return work


@pytest.fixture
def moody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_COMMAND", (sys.executable, "-P", "-c", MOODY))


def test_reading_gives_way_to_the_crawl() -> None:
    async def work(pool: ReaderPool) -> Sequence[object]:
        await pool.read(LIST, URL, {})
        return [os.getpriority(os.PRIO_PROCESS, reader._process.pid) for reader in pool._readers]

    mine = os.getpriority(os.PRIO_PROCESS, 0)
    assert run(1, work) == [min(19, mine + reader_process.NICENESS)]


def test_a_reader_process_says_what_the_readers_say() -> None:
    urls = [f"{URL}?{number}" for number in range(20)]
    assert list(run(2, read_all(*urls))) == [read_page(LIST, url) for url in urls]


def arrive(frames: Frames, piece: bytes) -> list[bytes]:
    frames.room()[: len(piece)] = piece
    return frames.filled(len(piece))


def test_frames_are_put_together_however_they_arrive_and_however_large_they_are() -> None:
    sizes = (0, 5, 300_000, 1, 131_068, 0)
    sent = b"".join(LENGTH.pack(size) + bytes([number]) * size for number, size in enumerate(sizes))
    for step in (1_000, 100_001, len(sent)):
        frames, found, at = Frames(), [], 0
        while at < len(sent):
            piece = sent[at : at + min(step, len(frames.room()))]
            found += arrive(frames, piece)
            at += len(piece)
        assert [(len(one), set(one)) for one in found] == [
            (size, {n} if size else set()) for n, size in enumerate(sizes)
        ]


def test_a_page_survives_the_way_between_processes_whole() -> None:
    page = read_page(LIST, URL)
    assert page.columns
    assert page.listing
    frame = PageDumper().dump(page)
    found = [one for cut in range(0, len(frame), 100) for one in [frame[cut : cut + 100]]]
    frames, loader = Frames(), PageLoader()
    whole = [one for piece in found for one in arrive(frames, piece)]
    assert [loader.load(one) for one in whole] == [page]


def test_a_menu_travels_once_and_is_one_object_however_many_readers_send_it() -> None:
    pages = [read_page(LIST, f"{URL}?{number}") for number in range(3)]
    menus = Menus()
    first, second = PageDumper(), PageDumper()
    loaders = {first: PageLoader(menus), second: PageLoader(menus)}
    sent = [(dumper, dumper.dump(page)) for dumper in (first, second) for page in pages]
    came = [loaders[dumper].load(frame[LENGTH.size :]) for dumper, frame in sent]
    assert came == pages * 2
    assert len({id(page.columns) for page in came}) == 1
    assert [len(frame) < len(sent[0][1]) - 100 for _, frame in sent] == [False, True, True] * 2


def test_menus_that_one_end_forgets_are_forgotten_by_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transfer, "KNOWN_MENUS", 2)
    page = read_page(LIST, URL)
    menus = [page.columns[number:] for number in range(4)]
    pages = [replace(page, columns=menus[number]) for number in (0, 1, 0, 2, 0, 3, 3, 1, 0, 2, 1, 3)]
    dumper, loader = PageDumper(), PageLoader()
    assert [loader.load(dumper.dump(page)[LENGTH.size :]) for page in pages] == pages


def test_a_page_whose_menu_has_other_links_than_the_last_gets_its_own() -> None:
    dumper, loader = PageDumper(), PageLoader()
    for number in range(200):  # built anew each time: an address of memory may come again
        page = read_page(LIST, URL)
        links = tuple(replace(link, name=f"{link.name}{number}") for link in page.columns)
        page = replace(page, columns=links)
        assert loader.load(dumper.dump(page)[LENGTH.size :]) == page


@pytest.mark.usefixtures("moody")
def test_a_page_that_kills_its_reader_costs_only_itself() -> None:
    urls = [f"{URL}?{number}" for number in range(4)]
    found = run(1, read_all(urls[0], f"{URL}/die", *urls[1:], f"{URL}/die", URL))
    assert [type(one) for one in found] == [PageFacts, ReadingFailed, *[PageFacts] * 3, ReadingFailed, PageFacts]


@pytest.mark.usefixtures("moody")
def test_a_page_that_hangs_its_reader_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "PAGE_SECONDS", 0.3)
    began = time.monotonic()
    found = run(1, read_all(URL, f"{URL}/hang", f"{URL}?1"))
    assert [type(one) for one in found] == [PageFacts, ReadingFailed, PageFacts]
    assert time.monotonic() - began < 15 * wall_slowness()


@pytest.mark.parametrize("command", [("/nowhere/python",), (sys.executable, "-c", "raise SystemExit(5)")])
def test_pages_are_read_here_where_no_reader_can_be_started(
    monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    monkeypatch.setattr(reading, "_COMMAND", command)
    assert list(run(2, read_all(URL, f"{URL}?1"))) == [read_page(LIST, URL), read_page(LIST, f"{URL}?1")]


def test_no_page_is_fetched_ahead_of_readers_that_lag_behind() -> None:
    async def work(pool: ReaderPool) -> Sequence[object]:
        pages = [asyncio.ensure_future(pool.read(LIST, URL, {})) for _ in range(40)]
        await asyncio.sleep(0)
        room = asyncio.ensure_future(pool.wait_for_room())
        await asyncio.sleep(0)
        waited = not room.done()
        await asyncio.gather(room, *pages)
        return [waited]

    assert run(1, work) == [True]


def test_a_spare_connection_waits_for_the_readers_before_the_only_one_does() -> None:
    async def work(pool: ReaderPool) -> Sequence[object]:
        pages = [pool.read(LIST, URL, {}) for _ in range(6)]
        first, spare = asyncio.ensure_future(pool.wait_for_room()), asyncio.ensure_future(pool.wait_for_room(True))
        await asyncio.sleep(0)
        waited = (not first.done(), not spare.done())
        await asyncio.gather(first, spare, *pages)
        return waited

    assert run(1, work) == (False, True)


def test_nobody_waits_for_room_once_the_readers_have_nothing_left() -> None:
    async def work(pool: ReaderPool) -> Sequence[object]:
        pages = [pool.read(LIST, URL, {}) for _ in range(12)]
        waiting = [asyncio.ensure_future(pool.wait_for_room(is_spare)) for is_spare in (False, True) for _ in range(50)]
        await asyncio.sleep(0)
        assert not any(one.done() for one in waiting)
        await asyncio.gather(*pages)
        _, left = await asyncio.wait(waiting, timeout=5)
        return [len(left)]

    assert run(1, work) == [0]


def test_slow_crawls_have_one_reader_and_wide_ones_no_more_than_two() -> None:
    assert reader_count(CrawlLimits(), 1) == 1
    assert reader_count(CrawlLimits(connections_per_host=8), 1) <= 2
    assert reader_count(CrawlLimits(), 200) <= 2


def children_of(pid: int) -> Iterator[int]:
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text("utf-8", "replace").rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == pid and fields[0] != "Z":
            yield int(stat.parent.name)


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="looks at the processes of Linux")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_readers_end_with_their_crawl(how: signal.Signals) -> None:
    with serve({"/": Answer(b"late", hold_seconds=30)}) as portal:
        job = f'{{"portals": [{{"url": "{portal.url}/"}}], "limits": {{"obey_robots": false}}, "today": "2026-11-22"}}'
        with subprocess.Popen(
            [sys.executable, "-P", "-m", "spiders"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as crawl:
            assert crawl.stdin
            assert crawl.stdout
            crawl.stdin.write(job)
            crawl.stdin.close()
            crawl.stdout.readline()  # on its way
            readers = [os.pidfd_open(pid) for pid in children_of(crawl.pid)]
            crawl.send_signal(how)
            crawl.wait(10)
    assert len(readers) == 1
    ended, _, _ = select.select(readers, [], [], 5)
    os.close(readers[0])
    assert ended == readers
