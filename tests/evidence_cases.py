"""Kept pages and inspections for the tests of evidence, with made-up names."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from facts_builder import BASE, column, home, item, items, observation, portal

from gkmonitor.cycles.records import CycleKind
from gkmonitor.cycles.running import settle, start_cycle
from gkmonitor.evidence.records import KeptPage
from gkmonitor.records import ColumnFacts, PortalFacts
from gkmonitor.settings import Settings, load_settings
from gkmonitor.storage import Database, inspections
from gkmonitor.storage.portals import add_portal, get_portal
from gkmonitor.storage.registry_changes import By

DAY = date(2026, 11, 18)
BUDGET_URL = BASE + "zwgk/yjs/"
BLANK = "national-2019-19"
HOME_HTML = "<html><head><meta charset='utf-8'><title>青禾县人民政府</title></head><body><p>要闻</p></body></html>"
LIST_HTML = "<html><body><div class='list'><ul></ul></div><p>联系电话 13812345678</p></body></html>"
TLS = {
    "subject": "CN=www.qinghe.gov.cn",
    "issuer": "CN=青禾测试签发机构",
    "not_before": "2026-01-01T00:00:00+00:00",
    "not_after": "2027-01-01T00:00:00+00:00",
    "sha256": "1" * 64,
}


def night(number: int) -> datetime:
    """Two in the morning in Shanghai, ``number`` nights on."""
    return datetime(2026, 11, 17, 18, 0, tzinfo=UTC) + timedelta(days=number)


def page(url: str, html: str | bytes, *, at: datetime | None = None, **details: Any) -> KeptPage:
    body = html.encode() if isinstance(html, str) else html
    values: dict[str, Any] = {
        "headers": {"content-type": "text/html; charset=utf-8", "server": "nginx"},
        "purpose": "column",
        "column": url,
        "server_address": "203.0.113.7",
        "tls": TLS,
        "encoding": "utf-8",
    }
    digest = hashlib.sha256(body).hexdigest()
    return KeptPage(url, url, at or night(0), 200, body=body, sha256=digest, **(values | details))


def kept(number: int = 0) -> list[KeptPage]:
    """What a crawl of one night kept: the home page, the blank list, and one page that nobody is accused of."""
    at = night(number)
    return [
        page(BASE, HOME_HTML, at=at, purpose="home", column=None),
        page(BUDGET_URL, LIST_HTML, at=at),
        page(BASE + "gzdt/", "<html>工作动态</html>", at=at),
    ]


def blank_budget(pages: Sequence[KeptPage]) -> ColumnFacts:
    """The budget column as a blank list whose page is the second of ``pages``."""
    return replace(budget(), observation=replace(observation(BUDGET_URL), sha256=pages[1].sha256))


def budget(*entries: Any) -> ColumnFacts:
    return column("财政预决算", "fiscal", entries, under=("政务公开",), url=BUDGET_URL)


def seen(number: int, *columns: ColumnFacts, pages: Sequence[KeptPage] = ()) -> PortalFacts:
    """The portal on one night: a fresh home page, these columns, and a news column that lives."""
    day = DAY + timedelta(days=number)
    news = column("工作动态", "news", items(day))
    shown = home(item(day), item(day - timedelta(days=1), "昨日要闻"))
    if pages:
        shown = replace(shown, observation=replace(observation(), sha256=pages[0].sha256))
    return replace(portal(news, *columns, home=shown), observed_at=night(number))


class Office:
    """One portal inspected night after night, with evidence in a folder of its own."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.database = database
        self.folder = folder / "evidence"
        self.settings: Settings = load_settings(evidence_dir=str(self.folder))
        with database.writing() as session:
            values = {"name": "青禾县人民政府", "url": BASE, "profile": "county-portal"}
            self.portal_id = add_portal(session, values, (), By("测试", night(0)))

    def inspect(
        self,
        number: int,
        *columns: ColumnFacts,
        pages: Sequence[KeptPage] = (),
        facts: PortalFacts | None = None,
        name: str = "night",
    ) -> int:
        """One cycle of one night; the id of its inspection."""
        day, now = DAY + timedelta(days=number), night(number) + timedelta(minutes=5)
        cycle = start_cycle(
            self.database,
            name=f"{day}/{name}",
            kind=CycleKind.REGULAR,
            as_of=day,
            portal_ids=[self.portal_id],
            now=now,
        )
        with self.database.reading() as session:
            (one,) = inspections.inspections_of(session, cycle)
            entry = get_portal(session, self.portal_id)
        facts = facts or seen(number, *columns, pages=pages)
        settle(self.database, self.settings, one, entry, facts, now=now, pages=pages)
        return one.id

    def find_blank(self, number: int) -> int:
        """A night on which the budget column was blank."""
        pages = kept(number)
        return self.inspect(number, blank_budget(pages), pages=pages)

    def files(self, place: str = "") -> list[str]:
        root = self.folder / place
        return sorted(path.relative_to(self.folder).as_posix() for path in root.rglob("*") if path.is_file())

    def find_late(self, number: int) -> int:
        """Another cycle of the same night that saw the blank column, told of it when the day had its root."""
        pages = kept(number)
        return self.inspect(number, blank_budget(pages), pages=pages, name="late")
