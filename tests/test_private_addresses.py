"""``inspect`` is never led from a public portal into a private network: real crawls, their child processes included.

Everything here is on loopback. In this process and its children 127.0.0.1 counts as public, and one name leads to each
of the two hosts; whatever else is private stays so.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from databases import opened
from fake_portal import Answer, FakePortal, serve

from gkmonitor.cycles.records import CycleKind, CycleSummary
from gkmonitor.cycles.whole import run_cycle
from gkmonitor.settings import load_settings
from gkmonitor.storage import Database, inspections
from gkmonitor.storage.portals import add_portal
from gkmonitor.storage.registry_changes import By

INSIDE = "127.0.9.9"
PUBLIC_BY_ORDER = """
import socket
from gkmonitor import networks
names = {"www.qinghe.example": "127.0.0.1", "inner.qinghe.example": "127.0.9.9"}
private, ask = networks.is_private_address, socket.getaddrinfo
networks.is_private_address = lambda address: address != "127.0.0.1" and private(address)
socket.getaddrinfo = lambda host, *words, **more: ask(names.get(host, host), *words, **more)
ask_for_one = socket.gethostbyname
socket.gethostbyname = lambda host: ask_for_one(names.get(host, host))
"""
NOW = datetime(2026, 11, 20, 14, tzinfo=UTC)
DAY = date(2026, 11, 20)


@pytest.fixture
def public(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Crawl processes begin with these words."""
    folder = tmp_path / "first"
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(PUBLIC_BY_ORDER, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(folder), os.environ.get("PYTHONPATH", "")]))


@pytest.fixture
def inside() -> Iterator[FakePortal]:
    with serve({"/*": "<html><title>内部系统</title><body>仅限内部使用</body></html>"}, INSIDE) as served:
        yield served


def page(body: str) -> str:
    return f"<html><head><meta charset='utf-8'><title>青禾县人民政府</title></head><body>{body}</body></html>"


def inspect(database: Database, url: str) -> CycleSummary:
    with database.writing() as session:
        values = {"name": "青禾县人民政府", "url": url, "profile": "county-portal"}
        portal_id = add_portal(session, values, (), By("测试", NOW))
    settings = load_settings(request_delay_seconds=0, max_pages=8)
    return run_cycle(database, settings, [portal_id], name="now", kind=CycleKind.MANUAL, as_of=DAY, clock=lambda: NOW)


def pages_fetched(database: Database) -> int:
    with database.reading() as session:
        (row,) = inspections.inspections_of(session, 1)
        return inspections.load_stored_facts(session, row.facts_id or 0).coverage.pages_fetched


@pytest.mark.usefixtures("public")
@pytest.mark.parametrize("host", [INSIDE, "inner.qinghe.example"], ids=["by-number", "by-name"])
def test_a_home_page_that_redirects_inside_is_not_followed(sqlite_url: str, inside: FakePortal, host: str) -> None:
    away = Answer(b"", 302, {"Location": inside.url.replace(INSIDE, host) + "/admin"})
    with serve({"/*": away, "/robots.txt": Answer(b"", 404)}) as portal, opened(sqlite_url) as database:
        summary = inspect(database, portal.url)
    assert sum(summary.failed.values()) == 1
    assert "/" in portal.paths
    assert inside.requests == []


@pytest.mark.usefixtures("public")
def test_columns_that_lead_inside_are_not_opened_and_the_others_are(sqlite_url: str, inside: FakePortal) -> None:
    links = {"政务公开": inside.url + "/zwgk/", "通知公告": "/tzgg/", "政策文件": "/zcwj/", "领导信息": "/ldxx/"}
    by_name = inside.url.replace(INSIDE, "inner.qinghe.example")
    menu = "".join(f"<li><a href='{url}'>{name}</a></li>" for name, url in links.items())
    rows = "".join(f"<li><a href='/n{n}.html'>第{n}号公告</a><span>2026-11-1{n}</span></li>" for n in range(1, 6))
    pages = {
        "/": page(f"<div class='nav'><ul>{menu}</ul></div><h3>要闻</h3><ul>{rows}</ul>"),
        "/tzgg/": page(f"<h2>通知公告</h2><ul class='list'>{rows}</ul>"),
        "/zcwj/": Answer(b"", 302, {"Location": by_name + "/files"}),
        "/ldxx/": Answer(b"", 301, {"Location": inside.url + "/people"}),
        "/robots.txt": Answer(b"", 404),
    }
    with serve(pages) as portal, opened(sqlite_url) as database:
        inspect(database, portal.url)
        assert pages_fetched(database) >= 2
    assert {"/", "/tzgg/", "/zcwj/", "/ldxx/"} <= set(portal.paths)
    assert inside.requests == []


@pytest.mark.usefixtures("public")
def test_the_name_of_a_public_portal_is_followed(sqlite_url: str, inside: FakePortal) -> None:
    """The other tests would pass with a crawl that resolves no name at all."""
    with serve({"/*": page("<p>您好</p>")}) as portal, opened(sqlite_url) as database:
        summary = inspect(database, portal.url.replace("127.0.0.1", "www.qinghe.example"))
    assert summary.failed == {}
    assert inside.requests == []
