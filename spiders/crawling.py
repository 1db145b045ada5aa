"""Run one crawl of many portals in this process, from its start to the last portal's facts."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import UTC, date, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any, Final, cast

from gkmonitor.concepts import match_name
from gkmonitor.errors import CrawlError
from gkmonitor.records import PortalFacts
from spiders.identity import registered_name
from spiders.jobs import CrawlJob, CrawlLimits, Progress
from spiders.readers.challenge import read_challenge
from spiders.reading import ReaderPool, reader_count
from spiders.settings import TWISTED_REACTOR, build_settings
from spiders.visits import crawl_words

if TYPE_CHECKING:
    from scrapy.crawler import AsyncCrawlerRunner
    from twisted.internet.base import ReactorBase
    from twisted.logger import ILogObserver

    from spiders.portal import PortalSpider

logger = logging.getLogger(__name__)

CLOSE_SECONDS: Final = 1.0
PARTIAL_SECONDS: Final = 5.0
PARTIAL_PORTALS: Final = 4  # with more portals under way, what is known so far is not sent in between
GARBAGE_THRESHOLDS: Final = (20_000, 20, 20)  # objects, then rounds: most of what a crawl makes it keeps
_PORTAL_ZONE: Final = timezone(timedelta(hours=8))


def crawl(
    jobs: Sequence[CrawlJob],
    limits: CrawlLimits,
    progress: Callable[[Progress], None],
    *,
    today: date | None = None,
    on_facts: Callable[[PortalFacts], None] | None = None,
    on_partial: Callable[[PortalFacts], None] | None = None,
    keep: bool = True,
) -> list[PortalFacts]:
    """Crawl the portals and give their facts, in the order of ``jobs``.

    Runs one reactor, so it can be called once a process. ``today`` is the portals' day, by which a list counts as
    recent. ``on_facts`` is called as soon as a portal is done, ``on_partial`` every few seconds with what is known so
    far. Without ``keep`` the facts only go to ``on_facts``, and the list is empty. SIGINT and SIGTERM end the crawl at
    once with the facts known by then. Raises CrawlError when Scrapy could not be started.
    """
    day = today or datetime.now(UTC).astimezone(_PORTAL_ZONE).date()
    # Before Scrapy is imported, so that the reader processes import what they need at the same time.
    with closing(ReaderPool(reader_count(limits, len(jobs)))) as readers:
        run = _Crawl(jobs, limits, day, progress, on_facts, on_partial, keep)
        with _signals(run.interrupt_from_signal):
            run.run(readers)
    known = {facts.site.url: facts for facts in run.facts}
    if run.error is not None and run.done < len({job.url for job in jobs}):
        raise CrawlError("采集程序未能运行，请查看日志") from run.error
    return [known[job.url] for job in jobs if job.url in known]


class _Crawl:
    """The reactor, the crawler and the facts of one crawl."""

    def __init__(
        self,
        jobs: Sequence[CrawlJob],
        limits: CrawlLimits,
        today: date,
        progress: Callable[[Progress], None],
        on_facts: Callable[[PortalFacts], None] | None,
        on_partial: Callable[[PortalFacts], None] | None,
        keep: bool,
    ) -> None:
        from scrapy.utils.reactor import install_reactor

        install_reactor(TWISTED_REACTOR)
        # It looks through the whole stack when it is imported, so better here than deep below other imports.
        import scrapy.core.downloader.contextfactory  # noqa: F401
        from twisted.internet import reactor
        from twisted.logger import STDLibLogObserver, globalLogBeginner

        # Twisted writes its tracebacks to stderr by itself until somebody asks for them.
        observer = cast("ILogObserver", STDLibLogObserver("twisted"))
        globalLogBeginner.beginLoggingTo([observer], redirectStandardIO=False)

        self.facts: list[PortalFacts] = []
        self.done = 0  # portals whose facts are in
        self._keep = keep
        self.error: BaseException | None = None
        self._reactor = cast("ReactorBase", reactor)
        self._limits = limits
        self._arguments: dict[str, Any] = {"jobs": jobs, "limits": limits, "today": today, "on_progress": progress}
        self._on_facts = on_facts
        self._on_partial = on_partial
        self._runner: AsyncCrawlerRunner | None = None

    def run(self, readers: ReaderPool) -> None:
        from spiders.resolving import CrawlResolver

        _load_words()
        gc.freeze()  # what is loaded stays: not looked through again and again
        gc.set_threshold(*GARBAGE_THRESHOLDS)
        gc.enable()
        settings = build_settings(self._limits)
        CrawlResolver(self._reactor, 10_000, float(settings["DNS_TIMEOUT"])).install_on_reactor()
        self._arguments["readers"] = readers
        self._reactor.callWhenRunning(lambda: asyncio.ensure_future(self._run(settings)))
        self._reactor.run(installSignalHandlers=False)

    def interrupt_from_signal(self) -> None:
        self._reactor.callFromThread(self._interrupt)

    def _interrupt(self) -> None:
        if spider := self._spider():
            spider.interrupt()
        self._reactor.stop()

    def _spider(self) -> PortalSpider | None:
        for crawler in self._runner.crawlers if self._runner else ():
            return cast("PortalSpider | None", crawler.spider)
        return None

    async def _run(self, settings: dict[str, Any]) -> None:
        partial = asyncio.ensure_future(self._send_partial())
        try:
            await self._crawl(settings)
        except Exception as error:  # stored, and told by crawl() where the reactor no longer runs
            logger.exception("the crawl failed")
            self.error = error
        finally:
            partial.cancel()
            with contextlib.suppress(Exception):
                self._reactor.stop()

    async def _crawl(self, settings: dict[str, Any]) -> None:
        from scrapy.crawler import AsyncCrawlerRunner

        from spiders.portal import PortalSpider

        self._runner = AsyncCrawlerRunner(settings)
        await self._wait(self._runner.crawl(PortalSpider, on_facts=self._take_facts, **self._arguments))

    async def _wait(self, crawling: asyncio.Task[None]) -> None:
        """Until every portal's facts are in; fetches that are too late are not waited for."""
        expected = len(self._arguments["jobs"])
        while not crawling.done() and self.done < expected:
            await asyncio.wait({crawling}, timeout=0.05)
        if crawling.done():
            await crawling
        elif self._runner is not None:
            await asyncio.wait({asyncio.ensure_future(self._runner.stop())}, timeout=CLOSE_SECONDS)

    async def _send_partial(self) -> None:
        if self._on_partial is None:
            return
        while True:
            await asyncio.sleep(PARTIAL_SECONDS)
            spider = self._spider()
            for one in spider.partial_facts(PARTIAL_PORTALS) if spider else ():
                self._on_partial(one)

    def _take_facts(self, facts: PortalFacts) -> None:
        self.done += 1
        if self._keep:
            self.facts.append(facts)
        if self._on_facts is not None:
            self._on_facts(facts)


def _load_words() -> None:
    """Load the word lists that the survey needs, so that the first answers do not wait for them."""
    crawl_words()
    registered_name("www.qinghe.gov.cn")
    read_challenge("", has_content=False)
    match_name("通知公告")


@contextlib.contextmanager
def _signals(interrupt: Callable[[], None]) -> Iterator[None]:
    """SIGINT and SIGTERM call ``interrupt`` meanwhile; the former handling comes back afterwards."""
    former = {one: signal.signal(one, lambda *_: interrupt()) for one in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for one, handling in former.items():
            signal.signal(one, handling)
