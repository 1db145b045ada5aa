"""A portal of pages given as read, handed to a survey as if they had been fetched (no network, no HTML)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from unittest.mock import patch

from gkmonitor.records import (
    ColumnFacts,
    ColumnLink,
    Endpoint,
    Item,
    Listing,
    PageFacts,
    PageKind,
    PortalFacts,
)
from spiders.fetching import Fetched
from spiders.frontier import Purpose, Task
from spiders.jobs import CrawlJob, CrawlLimits
from spiders.merging import build_facts
from spiders.survey import Survey

TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
HOME = "http://www.qinghe.example/"
OLD = date(2025, 3, 1)


def link(name: str, address: str, *above: str, concept: str | None = None) -> ColumnLink:
    return ColumnLink(name, HOME + address, (*above, name), concept)


def items(folder: str, days: list[date | None], pinned: int = 0) -> tuple[Item, ...]:
    return tuple(
        Item(
            f"{folder}第{n}篇", f"{HOME}{folder}/{n}.html", day, day and day.isoformat(), day and "list", (), n < pinned
        )
        for n, day in enumerate(days)
    )


def page(address: str, kind: PageKind, **parts: object) -> PageFacts:
    parts.setdefault("text_length", 1000)
    return PageFacts(HOME + address, "utf-8", "zh-Hans", kind, **parts)  # type: ignore[arg-type]


def listing(address: str, *days: date | None, pinned: int = 0, **parts: object) -> PageFacts:
    return page(address, PageKind.LISTING, listing=Listing(items(address.strip("/"), list(days), pinned)), **parts)


class Portal:
    """Pages by address, handed to a survey as if they had been fetched."""

    def __init__(self, *pages: PageFacts, **limits: int) -> None:
        self.pages: dict[str, PageFacts | Fetched] = {one.url: one for one in pages}
        self.data: dict[str, Listing | None] = {}
        self.survey = Survey(CrawlJob(HOME), CrawlLimits(**limits), TODAY)  # type: ignore[arg-type]
        self.asked: list[str] = []
        self.purposes: list[Purpose] = []

    def answer(self, task: Task) -> Fetched:
        known = self.pages.get(task.url)
        if isinstance(known, Fetched):
            return known
        if known is None and task.url not in self.data:
            return Fetched(task.url, task.url, NOW, 404, {}, b"<html>404</html>")
        final = known.url if known is not None else task.url
        return Fetched(task.url, final, NOW, 200, {"content-type": "text/html"}, b"<html>page</html>")

    def read(self, body: bytes, url: str, headers: object = None) -> PageFacts:
        known = next((p for p in self.pages.values() if isinstance(p, PageFacts) and p.url == url), None)
        return known or page(url.removeprefix(HOME), PageKind.ERROR)

    def crawl(self, most: int = 500) -> PortalFacts:
        with patch("spiders.survey.read_page", self.read), patch("spiders.columns.read_data", self.read_data):
            while most and (task := self.survey.next_task()) is not None:
                self.asked.append(task.url.removeprefix(HOME))
                self.purposes.append(task.purpose)
                self.survey.take(task, self.answer(task))
                most -= 1
            return build_facts(self.survey, NOW, 1.0)

    def read_data(self, body: bytes, url: str, endpoint: Endpoint) -> Listing | None:
        return self.data.get(url)


def home(*links: ColumnLink, **parts: object) -> PageFacts:
    parts.setdefault("listing", Listing(items("news", [TODAY])))
    return page("", PageKind.HOME, columns=links, **parts)


def only(facts: PortalFacts, name: str) -> ColumnFacts:
    found = [column for column in facts.columns if column.name == name]
    assert len(found) == 1, [column.name for column in facts.columns]
    return found[0]


def days_ago(*numbers: int) -> list[date]:
    return [TODAY - timedelta(days=number) for number in numbers]
