"""The spider: fetches what the surveys of many portals ask for, politely, in one Scrapy process."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, Self
from urllib.parse import urlencode

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import StopDownload
from scrapy.http import Headers
from scrapy.http.request import NO_CALLBACK

from gkmonitor.records import PortalFacts
from spiders.answers import failure_of, read_answer
from spiders.fetching import Fetched, failed
from spiders.frontier import Purpose, Task
from spiders.jobs import CrawlJob, CrawlLimits, Progress
from spiders.keeping import keep_answer, open_keeper
from spiders.merging import build_facts
from spiders.middlewares import ASKED_URL, RENDER
from spiders.reading import FETCHED_AHEAD, ReaderPool, ReadingFailed
from spiders.survey import Survey

logger = logging.getLogger(__name__)

SHEET = "gkmonitor_sheet"  # this file is asked for on purpose
_BINARY_TYPES = (
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


class _Run:
    """One portal's survey under way."""

    def __init__(self, job: CrawlJob, limits: CrawlLimits, today: date) -> None:
        self.survey = Survey(job, limits, today)
        self.keeper = open_keeper(job, limits)
        self.started: float | None = None
        self.under_way = 0
        self._waiting: deque[asyncio.Future[None]] = deque()  # workers without a task
        self.turn: asyncio.Future[None] | None = None  # of the answer that came last
        self.is_emitted = False
        self.is_over = False  # its time is
        self._fetches: dict[asyncio.Future[Fetched | None], asyncio.Task[None]] = {}

    async def until_over(self, fetching: Coroutine[Any, Any, Fetched]) -> Fetched | None:
        """What a fetch gives, or None once the time is over: it is left to its own timeout then."""
        answer: asyncio.Future[Fetched | None] = asyncio.get_running_loop().create_future()
        self._fetches[answer] = asyncio.ensure_future(_fetch_for(answer, fetching))
        try:
            return await answer
        finally:
            del self._fetches[answer]

    def end(self) -> None:
        """The time is over."""
        self.is_over = True
        for answer in self._fetches:
            if not answer.done():
                answer.set_result(None)

    async def change(self, is_spare: bool) -> None:
        """Until there may be another task, or none will come any more; spare workers are woken last."""
        waiting = asyncio.get_running_loop().create_future()
        if is_spare:
            self._waiting.append(waiting)
        else:
            self._waiting.appendleft(waiting)
        await waiting

    def tell_waiting(self) -> None:
        """Wake as many workers as there are tasks, but all when nothing is under way that would wake them."""
        wanted = len(self.survey.frontier) if self.under_way else len(self._waiting)
        while self._waiting and wanted > 0:
            waiting = self._waiting.popleft()
            if not waiting.done():
                waiting.set_result(None)
                wanted -= 1

    def facts(self, is_interrupted: bool = False) -> PortalFacts:
        seconds = time.monotonic() - self.started if self.started is not None else 0.0
        facts = build_facts(self.survey, datetime.now(UTC), seconds, is_interrupted)
        if self.keeper is None or not self.keeper.lost:
            return facts
        return replace(facts, coverage=replace(facts.coverage, pages_not_kept=self.keeper.lost))


class PortalSpider(Spider):
    """Crawls portals, each by its own survey; the facts of a portal are handed over as soon as it is done."""

    name = "portal"

    def __init__(
        self,
        jobs: Sequence[CrawlJob],
        limits: CrawlLimits,
        today: date,
        on_progress: Callable[[Progress], None],
        on_facts: Callable[[PortalFacts], None],
        readers: ReaderPool,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.limits = limits
        self._on_progress = on_progress
        self._on_facts = on_facts
        self._readers = readers
        self._runs = [_Run(job, limits, today) for job in jobs]
        self._room = asyncio.Semaphore(limits.portals_at_once)

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider._stop_binary, signals.headers_received)
        return spider

    async def start(self) -> AsyncIterator[Any]:
        await asyncio.gather(*(self._crawl_portal(run) for run in self._runs))
        return
        yield  # what makes this the generator that Scrapy asks for

    def interrupt(self) -> None:
        """Hand over what is known of every portal that is not done."""
        for run in self._runs:
            self._emit(run, is_interrupted=True)

    def partial_facts(self, most: int) -> list[PortalFacts]:
        """What is known so far of the portals that are under way; nothing when these are more than ``most``."""
        under_way = [run for run in self._runs if run.started is not None and not run.is_emitted]
        return [run.facts(is_interrupted=True) for run in under_way] if len(under_way) <= most else []

    # ------------------------------------------------------------ one portal

    async def _crawl_portal(self, run: _Run) -> None:
        async with self._room:
            run.started = time.monotonic()
            clock = asyncio.get_running_loop().call_later(self.limits.check_seconds, run.end)
            count = self.limits.connections_per_host
            spare = FETCHED_AHEAD * len(self._readers) if count > 1 else 0  # while pages are read, others are fetched
            workers = [asyncio.ensure_future(self._work(run, rank > 0)) for rank in range(count + spare)]
            done, idle = await asyncio.wait(workers, return_when=asyncio.FIRST_COMPLETED)
            for worker in idle:  # waiting for room or for tasks, and there are none left
                worker.cancel()
            for worker in done:
                worker.result()
            clock.cancel()
            self._emit(run)
            self._runs.remove(run)  # a portal's pages are many: none is kept once its facts are handed over

    def _emit(self, run: _Run, is_interrupted: bool = False) -> None:
        if not run.is_emitted:
            run.is_emitted = True
            if run.keeper is not None:
                run.keeper.close()
            self._on_facts(run.facts(is_interrupted))

    async def _work(self, run: _Run, is_spare: bool) -> None:
        """Fetch what the survey asks for until nothing is left; one worker for each connection."""
        while (task := await self._next_task(run, is_spare)) is not None:
            try:
                fetched = await self._fetch_in_time(run, task)
                if fetched is not None:
                    await self._read(run, task, fetched)
            except ReadingFailed as error:
                logger.warning("%s", error)
                run.survey.note_crash(task)
            except Exception:  # one page that breaks a reader must cost neither the portal nor its neighbours
                logger.exception("reading %s failed", task.url)
                run.survey.note_crash(task)
            finally:
                run.under_way -= 1
                run.tell_waiting()

    async def _next_task(self, run: _Run, is_spare: bool) -> Task | None:
        """The next task; waits for room with the readers, and while a fetch under way may bring more."""
        await self._readers.wait_for_room(is_spare)
        while (task := run.survey.next_task()) is None:
            if not run.under_way:
                return None
            await run.change(is_spare)
            await self._readers.wait_for_room(is_spare)
        run.under_way += 1
        self._on_progress(run.survey.progress(task))
        return task

    async def _fetch_in_time(self, run: _Run, task: Task) -> Fetched | None:
        """The answer, or None when the portal's time is over; a fetch that is too late is left to its own timeout."""
        fetched = None if run.is_over else await run.until_over(self._fetch(run.survey.job, task))
        if fetched is None:
            run.survey.run_out_of_time(task)
        return fetched

    async def _fetch(self, job: CrawlJob, task: Task) -> Fetched:
        try:
            response = await self.crawler.engine.download_async(_request(job, task))
        except Exception as error:
            failure = failure_of(error, is_proxied=bool(self.limits.proxies))
            logger.info("%s: %s (%s)", task.url, failure, error)
            return failed(task.url, failure, str(error))
        return read_answer(task.url, response)

    async def _read(self, run: _Run, task: Task, fetched: Fetched) -> None:
        """Read the answer and take it in. Answers are taken in as they came, however long each is read."""
        before, run.turn = run.turn, asyncio.get_running_loop().create_future()
        mine, page, failure = run.turn, None, None
        try:
            if run.survey.is_page(task, fetched):
                try:
                    page = await self._readers.read(fetched.body, fetched.final_url, fetched.headers)
                except Exception as error:  # raised below, when it is this answer's turn
                    failure = error
            if run.keeper is not None and not run.is_emitted:
                keep_answer(run.keeper, task, fetched, page)
            if before is not None:
                await before
            if failure is not None:
                run.survey.take_unread(task, fetched)
                raise failure
            run.survey.take(task, fetched, page)
        finally:
            mine.set_result(None)

    def _stop_binary(self, headers: Headers, body_length: int, request: Request, spider: Spider) -> None:
        """A picture or a document says nothing to the readers: its body is not fetched."""
        if request.meta.get(SHEET):
            return
        if (headers.get(b"Content-Type") or b"").lower().lstrip().startswith(_BINARY_TYPES):
            raise StopDownload(fail=False)


async def _fetch_for(answer: asyncio.Future[Fetched | None], fetching: Coroutine[Any, Any, Fetched]) -> None:
    try:
        fetched = await fetching
    except Exception as error:  # told where the answer is waited for
        if not answer.done():
            answer.set_exception(error)
    else:
        if not answer.done():
            answer.set_result(fetched)


def _request(job: CrawlJob, task: Task) -> Request:
    meta: dict[str, Any] = {ASKED_URL: job.url}
    if task.purpose is Purpose.RENDER:
        meta |= {RENDER: True, "dont_retry": True}
    meta[SHEET] = task.purpose is Purpose.SHEET
    endpoint = task.endpoint
    if endpoint is None or (endpoint.method.upper() == "GET" and not endpoint.form):
        return Request(task.url, callback=NO_CALLBACK, meta=meta)
    form = urlencode(endpoint.form)
    if endpoint.method.upper() == "GET":
        joiner = "&" if "?" in task.url else "?"
        return Request(f"{task.url}{joiner}{form}", callback=NO_CALLBACK, meta=meta)
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    return Request(task.url, callback=NO_CALLBACK, method="POST", body=form, headers=headers, meta=meta)
