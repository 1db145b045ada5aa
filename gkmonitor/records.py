"""Frozen records that pass between the layers: what was read, what was crawled, what was judged.

Nothing here fetches, parses or decides; the only behaviour is derived properties. Days are ``datetime.date`` in the
portal's own calendar, instants are aware ``datetime`` in UTC, URLs are absolute strings. Collections are tuples.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Literal

FACTS_SCHEMA: Literal["gkmonitor.facts/1"] = "gkmonitor.facts/1"


class Outcome(StrEnum):
    """The five answers a rule can give. Undecided counts on neither side."""

    OK = "ok"
    VIOLATION = "violation"
    EXCUSED = "excused"
    UNDECIDED = "undecided"
    NOT_APPLICABLE = "not_applicable"


class Severity(StrEnum):
    """How heavy a violation is; advice is a warning and never enters a notice."""

    VETO = "veto"
    DEDUCTION = "deduction"
    ADVICE = "advice"


class Reason(StrEnum):
    """Why a rule could not be judged: the closed list."""

    BLOCKED = "blocked"
    LOGIN_REQUIRED = "login_required"
    UNREACHABLE = "unreachable"
    SCRIPT_RENDERED = "script_rendered"
    UNDATED = "undated"
    AMBIGUOUS = "ambiguous"
    CALENDAR_INCOMPLETE = "calendar_incomplete"
    NOT_OBSERVED = "not_observed"
    ROBOTS = "robots"
    BUDGET_SPENT = "budget_spent"
    WRONG_PAGE = "wrong_page"
    EVENT_DATE_UNKNOWN = "event_date_unknown"
    CRASHED = "crashed"


class Excuse(StrEnum):
    """Why a fault that was seen is no violation: the closed list."""

    EXPLAINED_BLANK = "explained_blank"
    NIL_STATEMENT = "nil_statement"
    EXEMPTION = "exemption"
    DELEGATED = "delegated"
    ARCHIVE = "archive"


class Profile(StrEnum):
    """What kind of body a portal belongs to; rules bind profiles."""

    PROVINCE_PORTAL = "province-portal"
    CITY_PORTAL = "city-portal"
    COUNTY_PORTAL = "county-portal"
    TOWNSHIP_PAGE = "township-page"
    DEPARTMENT = "department"
    ENTERPRISE = "enterprise"


class PageKind(StrEnum):
    """What a page is, as read from the page alone."""

    HOME = "home"
    SECTION = "section"
    LISTING = "listing"
    ARTICLE = "article"
    CATALOGUE = "catalogue"
    BLOCKED = "blocked"
    SHELL = "shell"
    ERROR = "error"
    OTHER = "other"


class Match(StrEnum):
    """How surely a column's name states its concept; an unsure match never makes a violation."""

    EXACT = "exact"
    ALTERNATIVE = "alternative"
    UNSURE = "unsure"


class StatementKind(StrEnum):
    """What a sentence on a page explains."""

    EXPLAINED_BLANK = "explained_blank"  # 暂无相关信息, 本栏目无应公开内容 with a reason
    NIL_STATEMENT = "nil_statement"  # 本月无行政处罚
    UPGRADE = "upgrade"  # 网站改版升级公告, 建设中
    ARCHIVE = "archive"  # 历史专题, 本专题已归档
    MOVED = "moved"  # 本栏目已迁移至
    LOGIN = "login"  # 请登录后查看


# ---------------------------------------------------------------- what one page says


@dataclass(frozen=True, slots=True)
class DateReading:
    """One date as read: the day, the text it was read from, and where (label, list, heading, script, url, article)."""

    day: date
    printed: str
    source: str  # "list", or with a detail: "list:cell", "label:PubDate"


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of a list. ``published`` None means that no date is printed for it, never a guess."""

    title: str
    url: str
    published: date | None = None
    printed: str | None = None
    date_source: str | None = None
    other_dates: tuple[DateReading, ...] = ()  # what disagreed and lost
    pinned: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """A list as one page shows it, items in page order. No items means a list that is there and empty."""

    items: tuple[Item, ...] = ()
    next_url: str | None = None
    total_items: int | None = None  # as a pager states it
    total_pages: int | None = None

    @property
    def newest(self) -> date | None:
        return max((item.published for item in self.items if item.published), default=None)

    @property
    def oldest(self) -> date | None:
        return min((item.published for item in self.items if item.published), default=None)


@dataclass(frozen=True, slots=True)
class Article:
    """An article page's own title, publication date and source (来源)."""

    title: str | None = None
    published: date | None = None
    printed: str | None = None
    date_source: str | None = None
    source: str | None = None
    other_dates: tuple[DateReading, ...] = ()


@dataclass(frozen=True, slots=True)
class Marks:
    """Footer marks and page labels. 国办发〔2017〕47号, annex 网页设计规范."""

    site_name: str | None = None
    site_id_code: str | None = None
    odd_site_id_code: str | None = None  # shown as the site code, but not of its form
    icp: str | None = None
    psb: str | None = None
    organizer: str | None = None
    contact: str | None = None
    labels: Mapping[str, str] = field(default_factory=dict)  # SiteName, ColumnName, PubDate ... as written
    has_party_government_mark: bool = False  # 党政机关网站标识 (conac)
    has_error_report_entry: bool = False  # 我为政府网站找错


@dataclass(frozen=True, slots=True)
class ColumnLink:
    """A column as a page's navigation or section block offers it; ``path`` ends with the column's own name."""

    name: str
    url: str
    path: tuple[str, ...]
    concept: str | None = None
    match: Match | None = None
    place: str = "menu"  # menu, block, catalogue, sitemap, image, frame, script


@dataclass(frozen=True, slots=True)
class Block:
    """A headed list on a home or section page (heading, 更多 link, entries)."""

    name: str | None
    url: str | None  # the 更多 link, or the heading's own
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Redirect:
    """Where a page sends its reader on by itself."""

    url: str
    how: str  # meta, script, frame


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A JSON or XML address that feeds a list which the HTML itself does not hold."""

    url: str
    method: str = "GET"
    form: tuple[tuple[str, str], ...] = ()
    how: str = "json"  # json, xml, datastore, build-unit, gkmlpt, search-list


@dataclass(frozen=True, slots=True)
class Statement:
    """Words on the page that explain a blank, report nil, announce an upgrade, ask for a login."""

    kind: StatementKind
    words: str


@dataclass(frozen=True, slots=True)
class PublicityRow:
    """One decision or document with the dates that a table prints for it: a permit, a penalty, an index card.

    ``published`` None: the table names no publication date of its own. ``holder`` is never a natural person's name.
    """

    kind: str  # permit, penalty, document (成文日期 and 发布日期 of an index card), other
    subject: str  # what identifies it: its name or its document number
    url: str  # the page that shows it
    decided: date | None = None
    published: date | None = None
    decided_printed: str | None = None
    published_printed: str | None = None
    document_number: str | None = None
    organ: str | None = None  # 许可机关, 处罚机关
    fields: tuple[str, ...] = ()  # heads whose cells hold something, as printed


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter or question that the portal shows, and what it shows of its answer."""

    title: str
    url: str
    submitted: date | None = None
    replied: date | None = None
    is_answered: bool | None = None  # None: the page does not say
    kind: str | None = None  # 咨询, 建议, 投诉 ... as printed
    printed: str | None = None  # the state or the dates as printed


@dataclass(frozen=True, slots=True)
class GuideFacts:
    """One guide to a service (办事指南) and the heads of the elements that it fills in, as printed."""

    title: str
    url: str
    elements: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Consultation:
    """A draft put up for opinions: the days between which they are taken."""

    title: str
    url: str
    published: date | None = None
    opens: date | None = None
    closes: date | None = None
    printed: str | None = None  # the words that name the days
    is_major: bool = False  # calls itself 重大行政决策
    shortened: str | None = None  # the words that give a reason for a shorter time


@dataclass(frozen=True, slots=True)
class Details:
    """What tables, letters, guides and drafts of one page, or of all pages of one column, say."""

    rows: tuple[PublicityRow, ...] = ()
    letters: tuple[Letter, ...] = ()
    guides: tuple[GuideFacts, ...] = ()
    consultations: tuple[Consultation, ...] = ()
    attachments: tuple[str, ...] = ()  # addresses of tables to download (.xls); what they hold was not read

    def __bool__(self) -> bool:
        return bool(self.rows or self.letters or self.guides or self.consultations or self.attachments)

    def __add__(self, other: Details) -> Details:
        """Both together, nothing twice."""
        if not other:
            return self
        return Details(
            tuple(dict.fromkeys((*self.rows, *other.rows))),
            tuple(dict.fromkeys((*self.letters, *other.letters))),
            tuple(dict.fromkeys((*self.guides, *other.guides))),
            tuple(dict.fromkeys((*self.consultations, *other.consultations))),
            tuple(dict.fromkeys((*self.attachments, *other.attachments))),
        )


@dataclass(frozen=True, slots=True)
class PageFacts:
    """Everything the readers saw on one page."""

    url: str
    encoding: str
    language: str  # zh-Hans, zh-Hant, other
    kind: PageKind
    title: str | None = None
    heading: str | None = None
    cms: str | None = None
    marks: Marks = field(default_factory=Marks)
    columns: tuple[ColumnLink, ...] = ()
    listing: Listing | None = None
    article: Article | None = None
    blocks: tuple[Block, ...] = ()
    breadcrumb: tuple[str, ...] = ()
    redirect: Redirect | None = None
    frames: tuple[str, ...] = ()
    endpoints: tuple[Endpoint, ...] = ()
    statements: tuple[Statement, ...] = ()
    challenge: str | None = None  # the family of the challenge page, when kind is blocked
    signature: int | None = None  # 64-bit similarity hash of the visible text
    text_length: int = 0  # characters of visible text
    details: Details = field(default_factory=Details)


# ---------------------------------------------------------------- what one crawl saw


@dataclass(frozen=True, slots=True)
class Observation:
    """One fetch: enough to quote it as evidence."""

    url: str
    final_url: str
    fetched_at: datetime
    status: int | None
    sha256: str | None = None
    is_rendered: bool = False  # what a browser showed once its scripts had run, not what the portal sent


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


# ---------------------------------------------------------------- what a rule answered


@dataclass(frozen=True, slots=True)
class Subject:
    """What a verdict is about. All None: the portal as a whole."""

    concept: str | None = None
    column: str | None = None
    url: str | None = None
    path: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Basis:
    """The rule's own ground: document, clause and quoted words."""

    document: str
    clause: str
    words: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was seen, where and when, with the deciding words as printed."""

    url: str
    fetched_at: datetime
    sha256: str | None
    quote: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """One rule's answer on one subject in one inspection; immutable."""

    rule: str  # pack/slug
    check: str
    outcome: Outcome
    severity: Severity
    basis: Basis
    message: str
    subject: Subject = field(default_factory=Subject)
    points: float | None = None
    members: tuple[Subject, ...] | None = None
    measured: str | None = None
    required: str | None = None
    latest: date | None = None
    days: int | None = None
    reason: Reason | Excuse | None = None
    evidence: tuple[Evidence, ...] = ()
