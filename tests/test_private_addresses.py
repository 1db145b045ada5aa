"""``inspect`` is never led from a public portal into a private network: real crawls, their child processes included.

Everything here is on loopback. In this process and its children 127.0.0.1 counts as public, and one name leads to each
of the two hosts; whatever else is private stays so.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest
from databases import opened, sqlite_database
from fake_portal import Answer, FakePortal, Page, serve
from surroundings import leave_behind

from gkmonitor.cycles.records import CycleKind
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


LINKS = {"通知公告": "/tzgg/", "政策文件": "/zcwj/", "领导信息": "/ldxx/"}
ROWS = "".join(f"<li><a href='/n{n}.html'>第{n}号公告</a><span>2026-11-1{n}</span></li>" for n in range(1, 6))


@dataclass(frozen=True)
class Seen:
    """What one cycle over four public portals left: who was asked for what, and which portals failed."""

    portals: Mapping[str, FakePortal]
    inside: FakePortal
    failed: Mapping[str, bool]
    fetched: Mapping[str, int]

    def asked_inside(self, about: str) -> list[str]:
        return [path for path in self.inside.paths if path.startswith(f"/{about}/")]


def page(body: str) -> str:
    return f"<html><head><meta charset='utf-8'><title>青禾县人民政府</title></head><body>{body}</body></html>"


def pages_of(inside: str, inside_by_name: str) -> dict[str, dict[str, Page]]:
    """The pages of each portal; whatever is asked of the inside for one's sake begins with its key."""
    links = LINKS | {"政务公开": f"{inside}/columns/zwgk/"}
    menu = "".join(f"<li><a href='{url}'>{name}</a></li>" for name, url in links.items())
    nobody: dict[str, Page] = {"/robots.txt": Answer(b"", 404)}
    return {
        "by-number": nobody | {"/*": Answer(b"", 302, {"Location": f"{inside}/by-number/admin"})},
        "by-name": nobody | {"/*": Answer(b"", 302, {"Location": f"{inside_by_name}/by-name/admin"})},
        "columns": nobody
        | {
            "/": page(f"<div class='nav'><ul>{menu}</ul></div><h3>要闻</h3><ul>{ROWS}</ul>"),
            "/tzgg/": page(f"<h2>通知公告</h2><ul class='list'>{ROWS}</ul>"),
            "/zcwj/": Answer(b"", 302, {"Location": f"{inside_by_name}/columns/files"}),
            "/ldxx/": Answer(b"", 301, {"Location": f"{inside}/columns/people"}),
        },
        "named": {"/*": page("<p>您好</p>")},
    }


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seen]:
    folder = tmp_path_factory.mktemp("private")
    (folder / "sitecustomize.py").write_text(PUBLIC_BY_ORDER, encoding="utf-8")  # crawl processes begin with it
    with ExitStack() as stack:
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        leave_behind(patch, folder / "data")
        patch.setenv("PYTHONPATH", os.pathsep.join([str(folder), os.environ.get("PYTHONPATH", "")]))
        inside = stack.enter_context(
            serve({"/*": "<html><title>内部系统</title><body>仅限内部使用</body></html>"}, INSIDE)
        )
        pages = pages_of(inside.url, inside.url.replace(INSIDE, "inner.qinghe.example"))
        portals = {key: stack.enter_context(serve(one)) for key, one in pages.items()}
        database = stack.enter_context(opened(stack.enter_context(sqlite_database(folder, folder / "template.db"))))
        yield inspect(database, portals, inside)


def inspect(database: Database, portals: Mapping[str, FakePortal], inside: FakePortal) -> Seen:
    ids = {}
    with database.writing() as session:
        for key, portal in portals.items():
            url = portal.url.replace("127.0.0.1", "www.qinghe.example") if key == "named" else portal.url
            values = {"name": f"青禾县{key}", "url": url, "profile": "county-portal"}
            ids[key] = add_portal(session, values, (), By("测试", NOW))
    settings = load_settings(request_delay_seconds=0, max_pages=8)
    run_cycle(database, settings, list(ids.values()), name="now", kind=CycleKind.MANUAL, as_of=DAY, clock=lambda: NOW)
    with database.reading() as session:
        rows = {one.portal_id: one for one in inspections.inspections_of(session, 1)}
        facts = {key: inspections.load_stored_facts(session, rows[id_].facts_id or 0) for key, id_ in ids.items()}
    failed = {key: rows[id_].failure is not None for key, id_ in ids.items()}
    return Seen(portals, inside, failed, {key: one.coverage.pages_fetched for key, one in facts.items()})


@pytest.mark.parametrize("way", ["by-number", "by-name"])
def test_a_home_page_that_redirects_inside_is_not_followed(seen: Seen, way: str) -> None:
    assert seen.failed[way]
    assert "/" in seen.portals[way].paths
    assert seen.asked_inside(way) == []


def test_columns_that_lead_inside_are_not_opened_and_the_others_are(seen: Seen) -> None:
    assert seen.fetched["columns"] >= 2
    assert {"/", "/tzgg/", "/zcwj/", "/ldxx/"} <= set(seen.portals["columns"].paths)
    assert seen.asked_inside("columns") == []


def test_the_name_of_a_public_portal_is_followed(seen: Seen) -> None:
    """The other tests would pass with a crawl that resolves no name at all."""
    assert not seen.failed["named"]
    assert "/" in seen.portals["named"].paths


def test_nothing_at_all_was_asked_of_the_inside(seen: Seen) -> None:
    assert seen.inside.requests == []
