"""What one crawl saw on one portal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from gkmonitor.records.details import Details
from gkmonitor.records.page import Article, Item, Listing, Marks, Statement
from gkmonitor.records.vocabulary import Match, PageKind, Profile, Reason

FACTS_SCHEMA: Literal["gkmonitor.facts/1"] = "gkmonitor.facts/1"


@dataclass(frozen=True, slots=True)
class Observation:
    """One fetch: enough to quote it as evidence."""

    url: str
    final_url: str
    fetched_at: datetime
    status: int | None
    sha256: str | None = None
    is_rendered: bool = False  # what a browser showed once its scripts had run, not what the portal sent
    server_address: str | None = None  # IP address of the server that answered; None behind a proxy


@dataclass(frozen=True, slots=True)
class Site:
    """Who the portal is."""

    url: str
    final_url: str
    name: str | None = None
    site_id_code: str | None = None
    organizer: str | None = None
    profile: Profile | None = None
    profile_source: str | None = None  # given, name, organizer, domain, site_id_code
    cms: str | None = None


@dataclass(frozen=True, slots=True)
class HomeFacts:
    """The home page: whether it was read, and the entries it shows."""

    state: Reason | None  # None: read; else why not
    observation: Observation | None
    items: tuple[Item, ...] = ()  # article links of the home page, dated by themselves, their lists or their articles
    only_navigates: bool = False  # no article links at all: second-level pages stand for it
    statements: tuple[Statement, ...] = ()
    detail: str | None = None  # what went wrong, in Chinese, for people
    failure: str | None = None  # why no answer came: unknown_host, refused, timeout, certificate, broken, ...


@dataclass(frozen=True, slots=True)
class ColumnFacts:
    """One column: the way to it, whether it could be read, and its merged list."""

    name: str
    url: str
    path: tuple[str, ...]
    concept: str | None = None
    match: Match | None = None
    state: Reason | None = None  # None: read; else why not
    kind: PageKind | None = None
    listing: Listing | None = None  # all list pages read, merged in order
    article: Article | None = None  # a column that is one article
    is_delegated: bool = False  # lives on another host (credit portal, shared platform)
    is_archive: bool = False
    is_parent: bool = False  # only leads to sub-columns
    pages_read: int = 0
    is_complete: bool = False  # every list page was read
    articles_opened: int = 0  # to date undated items
    statements: tuple[Statement, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    observation: Observation | None = None
    detail: str | None = None
    details: Details = field(default_factory=Details)  # of its list pages and of the articles that were opened
    text_digests: Mapping[str, str] = field(default_factory=dict)  # of those articles (Article.digest), by item address

    @property
    def level(self) -> int:
        """1 for a first-level column (一级栏目)."""
        return max(1, len(self.path))

    @property
    def items(self) -> tuple[Item, ...]:
        return self.listing.items if self.listing else ()


@dataclass(frozen=True, slots=True)
class PageRecord:
    """One fetched page in short, for checks of marks and labels."""

    kind: PageKind
    marks: Marks
    observation: Observation
    title: str | None = None


@dataclass(frozen=True, slots=True)
class CrawlCoverage:
    """How much of the portal was seen, and what limited it."""

    pages_fetched: int = 0
    pages_blocked: int = 0
    pages_failed: int = 0
    bytes_fetched: int = 0
    seconds: float = 0.0
    is_budget_spent: bool = False
    is_interrupted: bool = False
    traps: Mapping[str, int] = field(default_factory=dict)  # calendar, session-id, endless-paging, ... -> cut off
    robots_refused: int = 0
    pages_rendered: int = 0  # shown in a browser, because a script writes what they say
    pages_not_kept: int = 0  # asked for as evidence and not kept: the disk was full, or the room for it used up


@dataclass(frozen=True, slots=True)
class PortalFacts:
    """What one crawl read from one portal: the only input of judging besides history, rules and a day."""

    site: Site
    observed_at: datetime
    home: HomeFacts
    marks: Marks = field(default_factory=Marks)
    columns: tuple[ColumnFacts, ...] = ()
    pages: tuple[PageRecord, ...] = ()
    coverage: CrawlCoverage = field(default_factory=CrawlCoverage)
    schema: str = FACTS_SCHEMA
