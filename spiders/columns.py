"""The columns of one portal while they are found and read: adopt links, take pages, ask for what is still needed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Final

from gkmonitor.records import Article, ColumnLink, PageFacts, PageKind, Reason
from spiders.addresses import page_key
from spiders.adopting import absolute_path, is_no_column, link_priority
from spiders.fetching import Fetched
from spiders.frontier import Frontier, Purpose, Task
from spiders.home import Home, words_for
from spiders.identity import is_delegated_host, is_soft_404, is_wrong_site
from spiders.readers.scripts import read_data
from spiders.traps import has_session_id
from spiders.visits import (
    MAX_ENDPOINTS,
    MAX_FRAMES,
    Visit,
    is_document,
    is_navigation_list,
    keys_of,
    take_listing,
    take_page,
)

MAX_COLUMNS: Final = 600
MAX_PAGE_HOPS: Final = 4
MAX_CONFIRMATIONS: Final = 10
DATING_PRIORITY: Final = 40
LATE_DATING_PRIORITY: Final = 60
CONFIRM_PRIORITY: Final = 65
RENDER_PRIORITY: Final = 80
SAMPLE_PRIORITY: Final = 95  # after everything that a column's own questions need
MAX_SAMPLES: Final = 18
SHEET_PRIORITY: Final = 96
MAX_SHEETS: Final = 6  # of one portal
_LIST_KINDS: Final = (PageKind.LISTING, PageKind.SECTION, PageKind.CATALOGUE)


class Columns:
    """All columns of a portal by canonical address."""

    def __init__(self, frontier: Frontier, home: Home, traps: Counter[str], today: date, max_depth: int) -> None:
        self.visits: dict[str, Visit] = {}
        self.text_digests: dict[str, str] = {}  # of the articles that were opened, by the item's address
        self.confirmations = 0
        self.samples = self.sheets = 0
        self._frontier = frontier
        self._home = home
        self._traps = traps
        self._today = today
        self._max_depth = max_depth
        self._menu: tuple[ColumnLink, ...] = ()  # the one that was looked at last
        self._menu_keys: frozenset[str] = frozenset()

    def keys_of(self, links: tuple[ColumnLink, ...]) -> frozenset[str]:
        """The pages that links lead to. Most pages of a portal carry one menu, which is looked through once."""
        if links is not self._menu:
            self._menu, self._menu_keys = links, keys_of(links)
        return self._menu_keys

    def is_worthwhile(self, task: Task) -> bool:
        """Whether the fetch would still tell something: a column that moved lately needs no second look."""
        visit = self.visits.get(task.column) if task.column else None
        if visit is None:
            return True
        if task.purpose in (Purpose.ARTICLE, Purpose.LIST_PAGE):
            return not visit.is_recent(self._today) and not visit.is_parent
        if task.purpose is Purpose.SAMPLE:
            return self.samples < MAX_SAMPLES and not visit.is_parent
        if task.purpose is Purpose.SHEET:
            return self.sheets < MAX_SHEETS
        if task.purpose is Purpose.CONFIRM:
            return visit.is_blank and self.confirmations < MAX_CONFIRMATIONS
        return True

    # ------------------------------------------------------------ finding

    def adopt(self, links: Iterable[ColumnLink], base: tuple[str, ...], depth: int) -> None:
        """Take in the columns that a page offers; ``base`` is that page's path, ``depth`` the clicks to reach them."""
        for link in links:
            key = page_key(link.url)
            if key in self._home.keys or is_no_column(link):
                continue
            full = absolute_path(link, base)
            known = self.visits.get(key)
            if known is not None:
                known.add_link(full)
                continue
            is_delegated = is_delegated_host(link.url, self._home.final_url)
            if len(self.visits) >= MAX_COLUMNS or (is_delegated and full.concept is None):
                continue
            address = key if key != link.url and has_session_id(link.url) else link.url
            visit = Visit(key, address, depth, [full], is_delegated)
            self.visits[key] = visit
            self._ask_column(visit)

    def _ask_column(self, visit: Visit) -> None:
        if visit.is_delegated:
            visit.detail = "栏目位于其他网站，未读取"
        elif is_document(visit.url):
            visit.state, visit.kind, visit.is_read = None, PageKind.OTHER, True
            visit.detail = "栏目链接直接指向文件"
        elif visit.depth > self._max_depth:
            visit.detail = "栏目层级过深，未读取"
        elif not self._frontier.push(Task(Purpose.COLUMN, visit.url, link_priority(visit), visit.key)):
            visit.detail = "栏目地址重复或无穷变化，未读取"

    def _adopt_below(self, visit: Visit, page: PageFacts) -> None:
        """The columns that a column's page offers: below it, or beside it where it is one of several lists."""
        if visit.is_delegated or visit.depth >= self._max_depth:
            return
        if self.keys_of(page.columns) <= self.visits.keys():
            return
        is_head = visit.is_parent or len(visit.path) == 1
        links: Iterable[ColumnLink] = page.columns
        if not is_head:
            links = [link for link in links if link.concept or page_key(link.url) in self.visits]
        fresh = [link for link in links if page_key(link.url) not in self.visits]
        self.adopt(fresh, visit.path if is_head else visit.path[:-1], visit.depth + 1)

    # ------------------------------------------------------------ reading

    def take_column(self, task: Task, fetched: Fetched, page: PageFacts | None, reason: Reason | None) -> None:
        visit = self.visits[task.column or ""]
        visit.observation = fetched.observation
        if page is None:
            visit.state, visit.detail = reason, words_for(reason, fetched)
            visit.kind = PageKind.BLOCKED if reason is Reason.BLOCKED else None
            visit.is_read = True
            return
        if self._follows_redirect(task, visit, page) or self._is_wrong(visit, fetched, page):
            return
        take_page(visit, page, fetched.observation)
        if is_navigation_list(page, self.visits, visit.key):
            self._turn_into_parent(visit)
        self._adopt_below(visit, page)
        self._ask_sources(visit, page, task)
        self._ask_dates(visit)

    def _follows_redirect(self, task: Task, visit: Visit, page: PageFacts) -> bool:
        if page.redirect is None or task.hops >= MAX_PAGE_HOPS:
            return False
        target = page_key(page.redirect.url)
        if target == visit.key:
            return False
        if target in self._home.keys:
            visit.is_read, visit.state, visit.detail = True, Reason.WRONG_PAGE, "栏目跳转到网站首页"
        elif is_delegated_host(page.redirect.url, visit.url):
            visit.is_read, visit.is_delegated, visit.state = True, True, Reason.NOT_OBSERVED
            visit.detail = "栏目转向其他网站，未读取"
        elif not self._frontier.push(replace(task, url=page.redirect.url, hops=task.hops + 1)):
            # Its target is read as a column of its own: this one only leads there.
            visit.is_read, visit.is_parent, visit.state = True, True, None
            visit.kind, visit.final_key = PageKind.SECTION, target
        return True

    def _is_wrong(self, visit: Visit, fetched: Fetched, page: PageFacts) -> bool:
        if is_delegated_host(fetched.final_url, self._home.final_url):
            visit.is_delegated = True
        home = self._home.page
        if page_key(fetched.final_url) in self._home.keys:
            words = "栏目跳转到网站首页"
        elif is_soft_404(page, home):
            words = "页面提示内容不存在，或与首页相同"
        elif home is not None and not visit.is_delegated and is_wrong_site(page, home):
            words = "页面属于其他网站"
        else:
            return False
        visit.is_read, visit.kind = True, page.kind
        visit.state, visit.detail = Reason.WRONG_PAGE, words
        return True

    def _turn_into_parent(self, visit: Visit) -> None:
        """What looked like a list leads to columns: its entries become columns below it."""
        links = [ColumnLink(item.title, item.url, (item.title,), place="block") for item in visit.items.values()]
        visit.is_parent, visit.has_list = True, False
        visit.turn_to(None)
        visit.items.clear()
        self.adopt(links, visit.path, visit.depth + 1)

    # ------------------------------------------------------------ lists that stand elsewhere

    def _ask_sources(self, visit: Visit, page: PageFacts, task: Task) -> None:
        """Ask the frames and data addresses of a page that shows no list by itself."""
        if visit.items or visit.article is not None or visit.is_delegated:
            return
        own = [url for url in page.frames if not is_delegated_host(url, self._home.final_url)]
        endpoints = [e for e in page.endpoints if not is_delegated_host(e.url, self._home.final_url)]
        tasks = [Task(Purpose.FRAME, url, task.priority, visit.key, hops=task.hops + 1) for url in own[:MAX_FRAMES]]
        tasks += [
            Task(Purpose.DATA, endpoint.url, task.priority, visit.key, endpoint=endpoint)
            for endpoint in endpoints[:MAX_ENDPOINTS]
        ]
        asked = sum(self._frontier.push(one) for one in tasks)
        visit.sources_waiting += asked
        if (page.frames or page.endpoints) and not asked:
            visit.sources_failed += 1

    def take_frame(self, task: Task, fetched: Fetched, page: PageFacts | None, reason: Reason | None) -> None:
        visit = self.visits[task.column or ""]
        visit.sources_waiting -= 1
        if page is None:
            visit.note_source_failure(reason)
            return
        if page.listing is not None and (page.listing.items or not visit.has_list):
            take_listing(visit, page.listing)
        elif page.kind is PageKind.ARTICLE and page.article is not None and not visit.items:
            visit.kind, visit.article = PageKind.ARTICLE, page.article
        visit.statements = (*visit.statements, *page.statements)
        self._adopt_below(visit, page)
        if task.hops < 2:
            self._ask_sources(visit, page, task)
        self._ask_dates(visit)

    def take_data(self, task: Task, fetched: Fetched, reason: Reason | None) -> None:
        visit = self.visits[task.column or ""]
        visit.sources_waiting -= 1
        listing = None
        if reason is None and task.endpoint is not None:
            listing = read_data(fetched.body, fetched.final_url, task.endpoint)
        if listing is None:
            visit.note_source_failure(reason)
            return
        seemed = visit.kind
        take_listing(visit, listing)
        if seemed is PageKind.SECTION and listing.items:
            visit.is_parent = False  # its menu looked like a section's; what it shows is this list
        self._ask_dates(visit)

    # ------------------------------------------------------------ pages that a script writes

    def ask_rendering(self, limit: int) -> int:
        """Queue the pages that only a browser can show; how many, at most ``limit``."""
        count = 0
        for visit in list(self.visits.values()):
            if count < limit and visit.needs_script and not visit.is_rendered:
                visit.is_rendered = True
                address = visit.observation.final_url if visit.observation else visit.url
                count += self._frontier.push(Task(Purpose.RENDER, address, RENDER_PRIORITY, visit.key))
        return count

    def take_rendered(self, task: Task, fetched: Fetched, page: PageFacts | None, reason: Reason | None) -> None:
        """What the browser showed. Only what it shows counts: a list that stays empty may be one that did not load."""
        visit = self.visits[task.column or ""]
        if page is None or self._is_wrong(visit, fetched, page) or not self._shows_something(page):
            return
        visit.sources_failed = 0
        take_page(visit, page, fetched.observation)
        if is_navigation_list(page, self.visits, visit.key):
            self._turn_into_parent(visit)
        self._adopt_below(visit, page)
        self._ask_dates(visit)

    def _shows_something(self, page: PageFacts) -> bool:
        """Whether the page shows more than the menu of every page."""
        if page.kind not in (*_LIST_KINDS, PageKind.ARTICLE):
            return False
        has_items = any(block.items for block in page.blocks) or bool(page.listing and page.listing.items)
        return (
            has_items or page.article is not None or any(page_key(one.url) not in self.visits for one in page.columns)
        )

    # ------------------------------------------------------------ dating

    def _ask_dates(self, visit: Visit) -> None:
        """Queue the fetches that a column still needs before it can be judged."""
        if visit.is_delegated or visit.is_parent:
            return
        priority = DATING_PRIORITY if visit.concept else LATE_DATING_PRIORITY
        if visit.wants_next_page(self._today):
            request = visit.next_request if not visit.next_url else None
            address = request.url if request else visit.next_url or ""
            self._frontier.push(Task(Purpose.LIST_PAGE, address, priority + 1, visit.key, endpoint=request))
        for item in visit.items_to_open(self._today):
            visit.opened.add(item.url)
            self._frontier.push(Task(Purpose.ARTICLE, item.url, priority, visit.key, item_url=item.url))
        if visit.is_blank and not visit.sources_waiting and not visit.is_confirmed:
            address = visit.observation.final_url if visit.observation else visit.url
            self._frontier.push(Task(Purpose.CONFIRM, address, CONFIRM_PRIORITY, visit.key))
        for item in visit.items_to_sample():
            visit.opened.add(item.url)
            self._frontier.push(Task(Purpose.SAMPLE, item.url, SAMPLE_PRIORITY, visit.key, item_url=item.url))
        self._ask_sheets(visit)

    def _ask_sheets(self, visit: Visit, item_url: str | None = None) -> None:
        """Queue the sheets that a page of the column offers; ``item_url`` is the list entry that led to that page."""
        for url in visit.sheets_to_read():
            visit.sheets_asked.add(url)
            self._frontier.push(Task(Purpose.SHEET, url, SHEET_PRIORITY, visit.key, item_url=item_url or url))

    def take_sheet(self, task: Task, fetched: Fetched, page: PageFacts | None, reason: Reason | None) -> None:
        """What an attached sheet lists; it changes nothing else of its column."""
        self.sheets += 1
        if page is not None:
            self.visits[task.column or ""].add_sheet(task.url, page.details, task.item_url)

    def take_sample(self, task: Task, fetched: Fetched, page: PageFacts | None, reason: Reason | None) -> None:
        """What one entry says; it dates nothing and changes nothing else of its column."""
        self.samples += 1
        if page is not None and page.kind not in _LIST_KINDS:
            visit = self.visits[task.column or ""]
            visit.add_details(page.details, task.item_url)
            self.note_text(task.item_url, page)
            self._ask_sheets(visit, task.item_url)

    def take_list_page(self, task: Task, fetched: Fetched, page: PageFacts | None, reason: Reason | None) -> None:
        visit = self.visits[task.column or ""]
        if page is None or page.listing is None:
            return
        visit.pages_read += 1
        visit.add_details(page.details)
        found = visit.add_items(page.listing)
        visit.turn_to(page.listing)
        if not found and (visit.next_url or visit.next_request):
            self._traps["endless-paging"] += 1
            visit.turn_to(None)
        self._ask_dates(visit)

    def take_article(self, task: Task, fetched: Fetched, page: PageFacts | None, reason: Reason | None) -> None:
        visit = self.visits[task.column or ""]
        if page is None or task.item_url is None:
            return
        visit.articles_opened += 1
        if page.kind in _LIST_KINDS:
            visit.lists_behind_items += 1
            if visit.leads_on():
                self._turn_into_parent(visit)
            return
        visit.add_details(page.details, task.item_url)
        self.note_text(task.item_url, page)
        if page.article is not None and page.article.published is not None:
            self.date_items(task.item_url, page.article)

    def date_items(self, url: str, article: Article) -> None:
        """Date an undated item in every list that shows it."""
        for visit in self.visits.values():
            visit.date_item(url, article)

    def note_text(self, url: str | None, page: PageFacts) -> None:
        """What an item's own page says, in short, so that a later inspection sees whether it still says so."""
        if url is None or page.kind is not PageKind.ARTICLE or page.article is None or page.article.digest is None:
            return
        self.text_digests[url] = page.article.digest

    def take_confirmation(self, task: Task, fetched: Fetched, page: PageFacts | None, reason: Reason | None) -> None:
        """A blank list is fetched twice: a second answer with items, or none at all, takes the first one back."""
        visit = self.visits[task.column or ""]
        self.confirmations += 1
        visit.is_confirmed = True
        if page is None:
            visit.state, visit.detail = reason, "栏目列表为空，但复核时未能读取"
        elif page.listing is not None and page.listing.items:
            take_listing(visit, page.listing)
            self._ask_dates(visit)
