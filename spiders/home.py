"""The home page of a portal: what was read of it, and the days of its entries. No network, no clock."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from gkmonitor.records import Article, ColumnLink, Item, PageFacts, PageKind, Reason, Statement
from spiders.addresses import page_key
from spiders.fetching import Fetched
from spiders.identity import is_delegated_host, is_moved_notice, is_parked
from spiders.visits import RECENT_DAYS, Visit, is_page, is_unprinted

MAX_ITEMS_OPENED: Final = 6
_TEXT_TYPES: Final = ("text/plain", "application/xml", "text/xml", "application/octet-stream")


class Home:
    """The home page as it is put together from its redirects and frames."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.fetched: Fetched | None = None
        self.page: PageFacts | None = None
        self.state: Reason | None = Reason.NOT_OBSERVED
        self.detail: str | None = None
        self.items: dict[str, Item] = {}  # by canonical address
        self.statements: tuple[Statement, ...] = ()
        self.keys: set[str] = set()  # canonical addresses that show the home page
        self.items_opened = 0

    @property
    def final_url(self) -> str:
        return self.fetched.final_url if self.fetched else self.url

    def refuse(self, fetched: Fetched, reason: Reason | None, page: PageFacts | None) -> bool:
        """Note why this answer is no home page; False when it is one."""
        self.fetched = fetched
        self.state, self.detail = reason, None
        if reason is not None:
            self.detail = words_for(reason, fetched)
        elif _is_not_html(fetched):
            words = f"首页不是网页（{fetched.content_type}），请填写网站首页的网址"
            self.state, self.detail = Reason.UNREACHABLE, words
        elif not fetched.body.strip():
            self.state, self.detail = Reason.UNREACHABLE, "首页返回空内容，请稍后再试或在浏览器中核对"
        elif page is not None and page.redirect is None and is_parked(page):
            self.state, self.detail = Reason.WRONG_PAGE, "域名已停放、过期或尚未部署网站，请核对网址"
        elif page is not None and page.redirect is None and is_moved_notice(page):
            self.state, self.detail = Reason.WRONG_PAGE, "首页只有网站迁移公告，请改用公告中的新网址"
        return self.state is not None

    def adopt(self, page: PageFacts) -> None:
        """Take this page for the home page."""
        self.page = page
        self.add_entries(page)
        if page.kind is PageKind.SHELL and not page.columns and not self.items:
            self.state, self.detail = Reason.SCRIPT_RENDERED, "首页内容由脚本生成，未能读取"

    def adopt_rendered(self, fetched: Fetched, page: PageFacts) -> bool:
        """Take what a browser showed for the home page; False when that is still nothing."""
        if page.kind is PageKind.SHELL or not (page.columns or page.listing or page.blocks):
            return False
        self.fetched, self.page = fetched, page
        self.state = self.detail = None
        self.add_entries(page)
        return True

    def add_frame(self, page: PageFacts) -> None:
        """Take in what a frame of the home page shows: the menu of a frameset is the menu of the home page."""
        if self.page is not None and page.columns:
            shown = {(link.name, link.url) for link in self.page.columns}
            more = tuple(link for link in page.columns if (link.name, link.url) not in shown)
            self.page = replace(self.page, columns=(*self.page.columns, *more))
        self.add_entries(page)
        if self.state is Reason.SCRIPT_RENDERED and (page.columns or self.items):
            self.state = self.detail = None

    def add_entries(self, page: PageFacts) -> None:
        listed = page.listing.items if page.listing else ()
        for item in (*listed, *(item for block in page.blocks for item in block.items)):
            key = page_key(item.url) or item.title  # entries that open by script have no address
            known = self.items.get(key)
            if known is None or (known.published is None and item.published is not None):
                self.items[key] = item
        self.statements = (*self.statements, *page.statements)
        self.drop_columns(page.columns)

    def drop_columns(self, links: Iterable[ColumnLink]) -> None:
        """An entry that is a column of the navigation is no news."""
        for link in links:
            self.items.pop(page_key(link.url), None)

    def is_recent(self, today: date) -> bool:
        """Whether an entry is dated within the last two weeks, so that nothing more need be opened."""
        newest = max((item.published for item in self.items.values() if item.published), default=None)
        return newest is not None and newest >= today - timedelta(days=RECENT_DAYS)

    def items_to_open(self) -> list[Item]:
        """Entries whose articles would date the home page: those whose day no page has printed yet, in page order."""
        undated = [item for item in self.items.values() if is_unprinted(item) and is_page(item.url)]
        return [item for item in undated if not is_delegated_host(item.url, self.final_url)][: MAX_ITEMS_OPENED * 2]

    def date_item(self, url: str, article: Article) -> None:
        key = page_key(url)
        item = self.items.get(key)
        if item is None or article.published is None:
            return
        source = f"article:{article.date_source}" if article.date_source else "article"
        self.items[key] = replace(
            item,
            published=article.published,
            printed=article.printed,
            date_source=source,
            other_dates=article.other_dates,
        )

    def resolve_items(self, visits: Iterable[Visit]) -> None:
        """Date entries whose day is not printed by the column lists that show the same articles."""
        undated = [key for key, item in self.items.items() if is_unprinted(item)]
        if not undated:
            return
        items = (item for visit in visits for item in visit.items.values())
        dated = {page_key(item.url): item for item in items if not is_unprinted(item)}
        for key in undated:
            if twin := dated.get(key):
                self.items[key] = replace(
                    self.items[key],
                    published=twin.published,
                    printed=twin.printed,
                    date_source=twin.date_source,
                    other_dates=twin.other_dates,
                )


def words_for(reason: Reason | None, fetched: Fetched) -> str | None:
    """What went wrong with a fetch, in Chinese, with what to do where there is something to do."""
    if reason is Reason.BLOCKED:
        return "网站返回验证或拦截页面，未能读取内容，请在浏览器中核对或联系网站放行"
    if reason is Reason.LOGIN_REQUIRED:
        return "网站要求登录后访问，未能读取内容"
    return fetched.detail


def _is_not_html(fetched: Fetched) -> bool:
    kind = fetched.content_type
    if not kind or "html" in kind or kind in _TEXT_TYPES:
        return False
    return b"<" not in fetched.body[:1024] or kind.startswith(("image/", "audio/", "video/"))
