"""The survey of one portal: what to fetch next, and what each answer says. No network, no clock, no Scrapy.

A survey hands out tasks (``next_task``) and takes the answers (``take``); any number of fetches may be under way at
once. It seeks columns instead of everything: the home page, the columns of its menus and blocks, the pages that lead
to further columns, one list page of each column, and more only where a column could not be dated otherwise.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Final

from gkmonitor.records import Marks, PageFacts, PageKind, PageRecord, Reason
from spiders.addresses import page_key
from spiders.blocking import classify_response
from spiders.columns import MAX_PAGE_HOPS, Columns
from spiders.fetching import Failure, Fetched
from spiders.frontier import Budget, Frontier, Purpose, Task
from spiders.home import MAX_ITEMS_OPENED, Home
from spiders.identity import is_delegated_host
from spiders.jobs import CrawlJob, CrawlLimits, Progress
from spiders.marking import merge_marks
from spiders.readers import read_page
from spiders.visits import without_noise

MAX_PAGE_RECORDS: Final = 300
MAX_HOME_FRAMES: Final = 6
MAX_FRAME_DEPTH: Final = 6  # hops of the home page itself count in it
WALL_AFTER: Final = 3  # challenge pages in a row
DEAD_AFTER: Final = 4  # unanswered fetches in a row
HOME_ITEM_PRIORITY: Final = 45
RETRY_PRIORITY: Final = 90
_FAILURE_STATES: Final = {Failure.ROBOTS: Reason.ROBOTS, Failure.PRIVATE_ADDRESS: Reason.NOT_OBSERVED}
_UNANSWERED: Final = (Failure.TIMEOUT, Failure.REFUSED, Failure.BROKEN, Failure.PROXY, Failure.UNKNOWN_HOST)
_DETAIL: Final = (Purpose.SAMPLE, Purpose.SHEET)  # a column can be judged without
_Taker = Callable[[Task, Fetched, PageFacts | None, Reason | None], None]


class Survey:
    """Everything known of one portal while it is crawled."""

    def __init__(self, job: CrawlJob, limits: CrawlLimits, today: date) -> None:
        self.job = job
        self.today = today
        self.frontier = Frontier()
        self.budget = Budget(limits.max_pages, limits.max_portal_bytes)
        self.traps: Counter[str] = Counter()
        self.home = Home(job.url)
        self.columns = Columns(self.frontier, self.home, self.traps, today, limits.max_depth)
        self.marks = Marks()
        self.pages: list[PageRecord] = []
        self.fetched = self.blocked = self.failed = self.robots_refused = self.rendered = 0
        self._may_render = limits.max_rendered if limits.browser else 0
        self.is_out_of_time = False
        self.stopped_because: Reason | None = None
        self._blocked_in_a_row = self._failed_in_a_row = 0
        self._addresses = list(job.alternatives)
        self._retries = limits.retries
        self._under_way = 0  # tasks handed out and not come back
        self._cut: list[Task] = []  # under way when the time was over
        self.frontier.push(Task(Purpose.HOME, job.url, 0))

    def next_task(self) -> Task | None:
        """The most telling fetch that is left, or None when nothing is left or nothing more may be spent."""
        if self.budget.is_spent_with(self._under_way) or self.is_out_of_time or self.stopped_because:
            return None
        task = self.frontier.pop(self._is_worthwhile)
        if task is None and not self._under_way and self._ask_rendering():
            task = self.frontier.pop(self._is_worthwhile)
        self._under_way += task is not None
        return task

    @property
    def is_budget_spent(self) -> bool:
        """Whether the budget or the time cut the survey short."""
        is_over = self.budget.is_spent or self.is_out_of_time
        left = (task for task in (*self._cut, *self.frontier.waiting()) if task.purpose not in _DETAIL)
        return is_over and any(self._is_worthwhile(task) for task in left)

    def progress(self, task: Task) -> Progress:
        """How far the survey is, as it goes for ``task``."""
        visit = self.columns.visits.get(task.column) if task.column else None
        name = visit.name if visit else None
        return Progress(self.job.url, self.fetched, len(self.frontier), len(self.columns.visits), task.url, name)

    def _is_worthwhile(self, task: Task) -> bool:
        if task.purpose is not Purpose.HOME_ITEM:
            return self.columns.is_worthwhile(task)
        self.home.resolve_items(self.columns.visits.values())
        return self.home.items_opened < MAX_ITEMS_OPENED and not self.home.is_recent(self.today)

    # ------------------------------------------------------------ taking in

    def take(self, task: Task, fetched: Fetched, read: PageFacts | None = None) -> None:
        """Take in the answer to ``task``; ``read`` is what it says, where it was read already.

        Never raises on what a portal sends.
        """
        self._under_way -= 1
        self.budget.spend(1 + len(fetched.redirects), len(fetched.body))
        self.fetched += fetched.status is not None
        if task.purpose is Purpose.DATA:
            reason = _classify(fetched, None)
            self._count(fetched, reason)
            self.columns.take_data(task, fetched, reason)
            return
        page = None
        if fetched.status is not None:
            read = read or read_page(fetched.body, fetched.final_url, fetched.headers)
            page = without_noise(read, self.home.keys, self.columns.keys_of)
        reason = _classify(fetched, page)
        self.rendered += fetched.is_rendered
        if task.purpose is not Purpose.RENDER:  # the browser's failures say nothing of the portal
            self._count(fetched, reason)
        if page is not None and task.purpose is not Purpose.SHEET and len(self.pages) < MAX_PAGE_RECORDS:
            self.pages.append(PageRecord(page.kind, page.marks, fetched.observation, page.title))
        if page is not None and reason is None and not is_delegated_host(page.url, self.home.final_url):
            self.marks = merge_marks(self.marks, page.marks)
        self._takers()[task.purpose](task, fetched, page if reason is None else None, reason)
        if fetched.failure is Failure.TIMEOUT:
            self._ask_again(task)

    def _takers(self) -> dict[Purpose, _Taker]:
        """What takes in which answer. Kept nowhere: a survey that points to itself outlives its portal for long."""
        return {
            Purpose.HOME: self._take_home,
            Purpose.HOME_FRAME: self._take_home_frame,
            Purpose.HOME_ITEM: self._take_home_item,
            Purpose.COLUMN: self.columns.take_column,
            Purpose.FRAME: self.columns.take_frame,
            Purpose.LIST_PAGE: self.columns.take_list_page,
            Purpose.ARTICLE: self.columns.take_article,
            Purpose.CONFIRM: self.columns.take_confirmation,
            Purpose.RENDER: self._take_rendered,
            Purpose.SAMPLE: self.columns.take_sample,
            Purpose.SHEET: self.columns.take_sheet,
        }

    def _ask_again(self, task: Task) -> None:
        """A home page that timed out is asked at once, a column after everything else; what adds detail is not."""
        if task.purpose is Purpose.HOME and task.attempt <= self._retries:
            self.frontier.push(replace(task, attempt=task.attempt + 1))
        elif task.purpose is Purpose.COLUMN and task.attempt <= min(1, self._retries):
            self.frontier.push(replace(task, attempt=task.attempt + 1, priority=RETRY_PRIORITY))

    def _count(self, fetched: Fetched, reason: Reason | None) -> None:
        if fetched.failure is Failure.ROBOTS:
            self.robots_refused += 1
            return
        if fetched.failure is Failure.REDIRECT_LOOP:
            self.traps["redirect-loop"] += 1
        self.blocked += reason is Reason.BLOCKED
        self.failed += reason in (Reason.UNREACHABLE, Reason.WRONG_PAGE)
        self._blocked_in_a_row = self._blocked_in_a_row + 1 if reason is Reason.BLOCKED else 0
        self._failed_in_a_row = self._failed_in_a_row + 1 if fetched.failure in _UNANSWERED else 0
        if self._blocked_in_a_row >= WALL_AFTER:
            self.stopped_because = Reason.BLOCKED
        elif self._failed_in_a_row >= DEAD_AFTER:
            self.stopped_because = Reason.UNREACHABLE

    @staticmethod
    def is_page(task: Task, fetched: Fetched) -> bool:
        """Whether the answer to ``task`` is a page that readers must read before it is taken in."""
        return task.purpose is not Purpose.DATA and fetched.status is not None

    def take_unread(self, task: Task, fetched: Fetched) -> None:
        """Take in that ``task`` was answered, but that its page could not be read."""
        self._under_way -= 1
        self.budget.spend(1 + len(fetched.redirects), len(fetched.body))
        self.fetched += fetched.status is not None
        self.note_crash(task)

    def note_crash(self, task: Task) -> None:
        """Reading an answer failed by our own fault: what it was fetched for cannot be judged."""
        if task.purpose in (Purpose.HOME, Purpose.HOME_FRAME) and self.home.page is None:
            self.home.state, self.home.detail = Reason.CRASHED, "读取首页时程序出错"
        visit = self.columns.visits.get(task.column) if task.column else None
        if visit is not None and task.purpose not in _DETAIL:
            visit.is_read, visit.state, visit.detail = True, Reason.CRASHED, "读取栏目时程序出错"

    def run_out_of_time(self, task: Task) -> None:
        """The time is over while ``task`` was being fetched."""
        self._under_way -= 1
        self.is_out_of_time = True
        self._cut.append(task)
        if task.purpose is Purpose.HOME and self.home.page is None:
            self.home.state, self.home.detail = (
                Reason.UNREACHABLE,
                "在规定时间内未能读取首页，请检查网络，或调大 GKMONITOR_CHECK_SECONDS",
            )

    # ------------------------------------------------------------ home page

    def _take_home(self, task: Task, fetched: Fetched, page: PageFacts | None, reason: Reason | None) -> None:
        if self.home.refuse(fetched, reason, page) or page is None:
            is_final = fetched.failure is not Failure.TIMEOUT or task.attempt > self._retries
            if self._addresses and reason is Reason.UNREACHABLE and is_final:
                self.frontier.push(Task(Purpose.HOME, self._addresses.pop(0), 0))
            return
        self.home.keys |= {page_key(task.url), page_key(fetched.final_url)}
        if page.redirect is not None and task.hops < MAX_PAGE_HOPS:
            follow = Task(Purpose.HOME, page.redirect.url, 0, hops=task.hops + 1)
            if self.frontier.push(follow):
                self.home.state = Reason.NOT_OBSERVED
                return
        self.home.adopt(page)
        self.marks = merge_marks(page.marks, self.marks)
        self._adopt_from_home(page)
        if len(page.columns) < 2:
            self._ask_home_frames(task, page)

    def _take_home_frame(self, task: Task, fetched: Fetched, page: PageFacts | None, reason: Reason | None) -> None:
        if page is not None:
            self.home.add_frame(page)
            self._adopt_from_home(page)
            if len(page.columns) < 2 and task.hops < MAX_FRAME_DEPTH:  # a frameset in a frame
                self._ask_home_frames(task, page)

    def _ask_home_frames(self, task: Task, page: PageFacts) -> None:
        for url in page.frames[:MAX_HOME_FRAMES]:
            if not is_delegated_host(url, self.home.final_url):
                self.frontier.push(Task(Purpose.HOME_FRAME, url, 1, hops=task.hops + 1))

    def _adopt_from_home(self, page: PageFacts) -> None:
        self.columns.adopt(page.columns, (), depth=1)
        for item in self.home.items_to_open():
            self.frontier.push(Task(Purpose.HOME_ITEM, item.url, HOME_ITEM_PRIORITY, item_url=item.url))

    # ------------------------------------------------------------ pages that a script writes

    def _ask_rendering(self) -> bool:
        """Queue what only a browser can show, once everything else was tried; the home page first."""
        if self._may_render <= 0:
            return False
        asked = 0
        if self.home.state is Reason.SCRIPT_RENDERED:
            asked = int(self.frontier.push(Task(Purpose.RENDER, self.home.final_url, 0)))
        if not asked:
            asked = self.columns.ask_rendering(self._may_render)
        self._may_render -= asked
        return asked > 0

    def _take_rendered(self, task: Task, fetched: Fetched, page: PageFacts | None, reason: Reason | None) -> None:
        if task.column is not None:
            self.columns.take_rendered(task, fetched, page, reason)
        elif page is not None and self.home.adopt_rendered(fetched, page):
            self.marks = merge_marks(page.marks, self.marks)
            self._adopt_from_home(page)

    def _take_home_item(self, task: Task, fetched: Fetched, page: PageFacts | None, reason: Reason | None) -> None:
        self.home.items_opened += 1
        if page is not None and page.article is not None and page.kind is PageKind.ARTICLE:
            self.home.date_item(task.item_url or task.url, page.article)
            self.columns.date_items(task.item_url or task.url, page.article)
            self.columns.note_text(task.item_url or task.url, page)


def _classify(fetched: Fetched, page: PageFacts | None) -> Reason | None:
    """Why this answer says nothing, or None where it is a page to read."""
    if fetched.failure is not None:
        return _FAILURE_STATES.get(fetched.failure, Reason.UNREACHABLE)
    if page is not None and page.kind is PageKind.BLOCKED:
        return Reason.BLOCKED
    needs_words = (fetched.status or 0) >= 400 or page is None or page.text_length < 600
    text = fetched.body[:65536].decode("utf-8", "replace") if needs_words else ""
    return classify_response(fetched.status, fetched.headers, text, page)
