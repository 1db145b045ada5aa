"""What one page says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from gkmonitor.records.details import Details
from gkmonitor.records.vocabulary import Match, PageKind, StatementKind


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
    next_request: Endpoint | None = None  # the next page, where the pager is a form to post; never kept with the facts
    has_more: bool = False  # a next page is offered that has no address

    @property
    def is_paged(self) -> bool:
        """Whether a pager belongs to the list."""
        return self.next_url is not None or self.total_items is not None

    @property
    def newest(self) -> date | None:
        return max((item.published for item in self.items if item.published), default=None)

    @property
    def oldest(self) -> date | None:
        return min((item.published for item in self.items if item.published), default=None)


@dataclass(frozen=True, slots=True)
class Article:
    """An article page's own title, publication date and source (来源).

    ``digest``: 32 hexadecimal digits that stay while the article's text does; None where there is too little text.
    """

    title: str | None = None
    published: date | None = None
    printed: str | None = None
    date_source: str | None = None
    source: str | None = None
    other_dates: tuple[DateReading, ...] = ()
    digest: str | None = None


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
