"""What is known of one column while it is read, and which fetch would say more about it. No network, no clock."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from typing import Final
from urllib.parse import urlsplit

from gkmonitor.records import (
    Article,
    ColumnLink,
    DateReading,
    Details,
    Endpoint,
    Item,
    Listing,
    Observation,
    PageFacts,
    PageKind,
    PublicityRow,
    Reason,
    Statement,
)
from spiders.addresses import page_key
from spiders.identity import is_delegated_host
from spiders.word_lists import read_word_lists

RECENT_DAYS: Final = 14  # a list that moved within this time needs no second look, whatever its column's own limit
MAX_LIST_PAGES: Final = 5
MAX_ARTICLES: Final = 3
MAX_FRAMES: Final = 3
MAX_ENDPOINTS: Final = 2
MAX_SHEETS: Final = 2  # attached sheets read for one column
DESCENDING_SHARE: Final = 0.7
_NO_DETAILS: Final = Details()


@dataclass(frozen=True, slots=True)
class CrawlWords:
    """The word lists of ``data/crawl.yaml``."""

    leading_concepts: frozenset[str]
    site_map_names: frozenset[str]
    archive_words: tuple[str, ...]
    home_names: frozenset[str]
    site_name_endings: tuple[str, ...]
    document_suffixes: tuple[str, ...]
    sampled_concepts: Mapping[str, int]
    sheet_concepts: frozenset[str]
    sheet_suffixes: tuple[str, ...]


@cache
def crawl_words() -> CrawlWords:
    raw = read_word_lists("crawl")
    return CrawlWords(
        frozenset(raw["leading_concepts"]),
        frozenset(raw["site_map_names"]),
        tuple(raw["archive_words"]),
        frozenset(raw["home_names"]),
        tuple(raw["site_name_endings"]),
        tuple(raw["document_suffixes"]),
        dict(raw["sampled_concepts"]),
        frozenset(raw["sheet_concepts"]),
        tuple(raw["sheet_suffixes"]),
    )


def is_document(url: str) -> bool:
    """Whether the address is a file to download, not a page."""
    suffixes = crawl_words().document_suffixes
    if not url.partition("#")[0].partition("?")[0].lower().endswith(suffixes):
        return False  # most of them, and sooner told than by taking the address apart
    return urlsplit(url).path.lower().endswith(suffixes)


def is_page(url: str) -> bool:
    """Whether the address can be opened as a page: there is one, on the web, and it is no document."""
    return url.startswith(("http://", "https://")) and not is_document(url)


def is_unprinted(item: Item) -> bool:
    """Whether no page prints the item's date: it has none, or only its address carries one."""
    return item.published is None or (item.date_source or "").startswith("url")


@dataclass(slots=True)
class Visit:
    """One column's address: the names under which it is offered, and what was read there."""

    key: str  # canonical address
    url: str
    depth: int  # clicks from the home page
    links: list[ColumnLink] = field(default_factory=list)  # paths from the home page on
    is_delegated: bool = False
    is_parent: bool = False
    is_unordered: bool = False  # a page of the list showed it not to be newest first
    state: Reason | None = Reason.NOT_OBSERVED
    detail: str | None = None
    kind: PageKind | None = None
    items: dict[str, Item] = field(default_factory=dict)  # by address and title, in page order
    has_list: bool = False
    listing: Listing | None = None  # the first page's own, for what its pager states
    next_url: str | None = None
    next_request: Endpoint | None = None  # the next page, where the pager posts a form
    has_more: bool = False  # a next page is offered that has no address
    article: Article | None = None
    statements: tuple[Statement, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    observation: Observation | None = None
    final_key: str | None = None  # where the column's address led
    pages_read: int = 0
    articles_opened: int = 0
    opened: set[str] = field(default_factory=set)  # items whose articles were asked for
    lists_behind_items: int = 0  # opened items that were lists themselves
    sources_waiting: int = 0  # frames and data addresses asked for and not answered
    sources_failed: int = 0
    source_failure: Reason | None = None
    is_rendered: bool = False  # was shown in a browser, or asked to be
    is_confirmed: bool = False  # a blank list was fetched a second time
    is_read: bool = False
    details: Details = _NO_DETAILS
    sheets_asked: set[str] = field(default_factory=set)
    sheets_read: set[str] = field(default_factory=set)  # those that gave decisions

    @property
    def path(self) -> tuple[str, ...]:
        """The shortest way to the column."""
        return min((link.path for link in self.links), key=len)

    @property
    def name(self) -> str:
        return self.path[-1]

    @property
    def concept(self) -> str | None:
        for link in self.links:
            if link.concept:
                return link.concept
        return None

    @property
    def newest(self) -> date | None:
        return max((item.published for item in self.items.values() if item.published), default=None)

    @property
    def is_undated(self) -> bool:
        return bool(self.items) and self.newest is None

    @property
    def is_blank(self) -> bool:
        return self.has_list and not self.items and self.state is None

    @property
    def needs_script(self) -> bool:
        """Whether the page holds nothing but what a script would write, and no data behind it could be had."""
        if not self.is_read or self.state is not None or self.is_parent or self.is_delegated:
            return False
        if self.items or self.article is not None or self.sources_waiting:
            return False
        has_lost_list = self.sources_failed > 0 and self.source_failure is None
        return self.kind is PageKind.SHELL or (has_lost_list and (self.kind is not PageKind.OTHER or self.has_list))

    def is_recent(self, today: date) -> bool:
        newest = self.newest
        return newest is not None and newest >= today - timedelta(days=RECENT_DAYS)

    def add_link(self, link: ColumnLink) -> None:
        """Another way to the same column; a nameless concept gives way.

        Of each concept the shortest menu path is kept: a block of the home page shows columns of every level, so its
        short way would make a second-level column a first-level one.
        """
        for index, known in enumerate(self.links):
            if known.concept == link.concept:
                if (link.place == "block", len(link.path)) < (known.place == "block", len(known.path)):
                    self.links[index] = link
                return
        self.links.append(link)
        if any(known.concept for known in self.links):
            self.links = [known for known in self.links if known.concept]

    def add_items(self, listing: Listing) -> int:
        """Take a list page's items in; the number of those that are new."""
        before = len(self.items)
        for item in listing.items:
            key = f"{page_key(item.url)} {item.title}"
            known = self.items.get(key)
            if known is None or (known.published is None and item.published is not None):
                self.items[key] = item
        self.has_list = True
        self.listing = self.listing or listing
        self.is_unordered = self.is_unordered or not is_descending(listing.items)
        return len(self.items) - before

    def date_item(self, url: str, article: Article) -> None:
        """Give an undated item the date that its own page prints."""
        for key, item in self.items.items():
            if item.url == url and is_unprinted(item) and (article.published or item.published is None):
                address_date = (
                    (DateReading(item.published, item.printed or "", "url"),) if item.published is not None else ()
                )
                self.items[key] = replace(
                    item,
                    published=article.published,
                    printed=article.printed,
                    date_source=f"article:{article.date_source}" if article.date_source else "article",
                    other_dates=(*article.other_dates, *address_date),
                )

    def note_source_failure(self, reason: Reason | None) -> None:
        """A frame or data address gave no list; one that is not there says no more than that the page is a shell."""
        self.sources_failed += 1
        if self.source_failure is None and reason is not Reason.WRONG_PAGE:
            self.source_failure = reason

    def undated_on_top(self) -> list[Item]:
        """Undated items that stand before the newest dated one, pinned ones left out; all items of an undated list."""
        newest, found = self.newest, []
        for item in self.items.values():
            if newest is not None and item.published == newest and not item.pinned:
                break
            if item.published is None and not item.pinned:
                found.append(item)
        return found

    def items_to_open(self, today: date, limit: int = MAX_ARTICLES) -> Iterator[Item]:
        """Items whose articles would date the list: the first ones, and of a wholly undated list the last one too."""
        if self.is_recent(today) or not self.items:
            return
        undated = self.undated_on_top()
        if not undated and all(is_unprinted(item) for item in self.items.values()):
            undated = list(self.items.values())
        openable = [item for item in undated if self._can_open(item)]
        wanted = openable[:limit]
        if self.is_undated and len(openable) > limit:
            wanted = [*openable[: limit - 1], openable[-1]]
        room = max(0, limit - len(self.opened))
        yield from [item for item in wanted if item.url not in self.opened][:room]

    def _can_open(self, item: Item) -> bool:
        return is_page(item.url) and not is_delegated_host(item.url, self.url)

    def items_to_sample(self) -> Iterator[Item]:
        """Entries whose pages say more than their titles: a few of the newest, for some concepts."""
        wanted = crawl_words().sampled_concepts.get(self.concept or "", 0)
        if self.is_delegated or self.is_parent or not wanted or self.details.rows or self.details.letters:
            return
        openable = [item for item in self.items.values() if self._can_open(item) and item.url not in self.opened]
        yield from openable[: max(0, wanted - len(self.opened))]

    def add_details(self, details: Details, url: str | None = None) -> None:
        """What a page of the column says; an entry was out no later than the day its list prints."""
        if details.rows and url is not None:
            listed = next((i.published for i in self.items.values() if i.url == url and i.published), None)
            details = replace(details, rows=tuple(out_by(row, listed) for row in details.rows))
        self.details += details

    def sheets_to_read(self) -> list[str]:
        """The attached sheets that may hold what the column's pages themselves do not say, the first ones."""
        if self.concept not in crawl_words().sheet_concepts or self.is_delegated or self.is_parent:
            return []
        if any(row.url not in self.sheets_read for row in self.details.rows):
            return []
        found = [
            url
            for url in self.details.attachments
            if urlsplit(url).path.lower().endswith(crawl_words().sheet_suffixes)
            and not is_delegated_host(url, self.url)
            and url not in self.sheets_asked
        ]
        return found[: max(0, MAX_SHEETS - len(self.sheets_asked))]

    def add_sheet(self, url: str, details: Details, item_url: str | None) -> None:
        """What a sheet lists; it is no attachment of unknown content any more."""
        if details.rows:
            self.sheets_read.add(url)
            self.add_details(details, item_url)
            left = tuple(one for one in self.details.attachments if one not in self.sheets_read)
            self.details = replace(self.details, attachments=left)

    def wants_next_page(self, today: date) -> bool:
        """Whether the next list page could change what is said of the column."""
        if not (self.next_url or self.next_request) or self.pages_read >= MAX_LIST_PAGES or self.is_recent(today):
            return False
        if not self.items:
            return self.pages_read < 2
        return self.newest is not None and self.is_unordered

    def turn_to(self, listing: Listing | None) -> None:
        """What follows the list page that was read last; None: nothing does."""
        self.next_url = listing.next_url if listing else None
        self.next_request = listing.next_request if listing else None
        self.has_more = listing.has_more if listing else False

    def leads_on(self) -> bool:
        """Whether the items turned out to be columns: at least two opened, and all of them lists."""
        return self.lists_behind_items >= 2 and self.lists_behind_items >= self.articles_opened


def is_descending(items: tuple[Item, ...]) -> bool:
    """Whether a list page shows newest first, pinned items and a few slips left out; too few dates count as such."""
    days = [item.published for item in items if item.published and not item.pinned]
    if len(days) < 3:
        return True
    falling = sum(earlier >= later for earlier, later in pairwise(days))
    return falling >= DESCENDING_SHARE * (len(days) - 1)


def out_by(row: PublicityRow, listed: date | None) -> PublicityRow:
    """The row, published at the latest when its list says; a day before its decision is another event's."""
    if listed is None or row.published is None or row.decided is None or not row.decided <= listed < row.published:
        return row
    return replace(row, published=listed, published_printed=listed.isoformat())


def take_page(visit: Visit, page: PageFacts, observation: Observation) -> None:
    """Take in the first page of a column; its list may be found out of the page later (frames, data)."""
    visit.state = visit.detail = None
    visit.is_read = True
    visit.kind = page.kind
    visit.article = page.article if page.kind is PageKind.ARTICLE else None
    visit.statements = page.statements
    visit.labels = page.marks.labels
    visit.add_details(page.details)
    visit.observation = observation
    visit.final_key = page_key(observation.final_url)
    visit.pages_read = 1
    visit.is_parent = page.kind in (PageKind.SECTION, PageKind.CATALOGUE)
    if page.listing is not None:
        visit.add_items(page.listing)
        visit.turn_to(page.listing)
    elif visit.is_parent and page.blocks:
        visit.add_items(Listing(tuple(item for block in page.blocks for item in block.items)))
        visit.is_unordered = False


def take_listing(visit: Visit, listing: Listing) -> None:
    """Take in a list that came out of a frame or a data address."""
    visit.add_items(listing)
    visit.kind = PageKind.LISTING
    if visit.next_url is None and visit.next_request is None:
        visit.turn_to(listing)


def keys_of(links: Iterable[ColumnLink]) -> frozenset[str]:
    """The pages that links lead to."""
    return frozenset([page_key(link.url) for link in links])


def without_noise(
    page: PageFacts, home_keys: Set[str], keys_of: Callable[[tuple[ColumnLink, ...]], Set[str]] = keys_of
) -> PageFacts:
    """The page as the crawl believes it: no list entries that lead back home, no columns that are dated entries.

    A header with today's date links to the home page or to the page itself and is no list; what a list shows with a
    date is an article, even where its short title looks like a menu entry.
    """
    listing = page.listing
    if listing is not None and listing.items:
        back = {*home_keys, page_key(page.url)}
        kept = tuple(item for item in listing.items if page_key(item.url) not in back)
        if len(kept) < len(listing.items):
            listing = replace(listing, items=kept) if kept else None
    entries = (*(listing.items if listing else ()), *(item for block in page.blocks for item in block.items))
    dated = {page_key(item.url) for item in entries if item.published is not None}
    columns = page.columns
    if not dated.isdisjoint(keys_of(columns)):
        columns = tuple(link for link in columns if page_key(link.url) not in dated)
    if listing is page.listing and columns is page.columns:
        return page
    return replace(page, listing=listing, columns=columns)


def is_navigation_list(page: PageFacts, column_keys: Mapping[str, Visit], own_key: str) -> bool:
    """Whether what looks like a list only leads to columns: undated, and half of its entries are known columns."""
    if page.listing is None or len(page.listing.items) < 2 or page.listing.newest is not None:
        return False
    offered = {page_key(link.url) for link in page.columns}
    hits = 0
    for item in page.listing.items:
        key = page_key(item.url)
        hits += key != own_key and (key in column_keys or key in offered)
    return hits * 2 >= len(page.listing.items)
