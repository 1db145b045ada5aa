"""The desk's first page, and where its links and those of the portals lead, asked as people of every role."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape

import pytest
from databases import opened
from desk_client import NOW, DeskClient, client_as
from fake_queue import FakeQueue
from ledger_builder import Ledger, verdict
from portal_desk import BY, EVIL, add_column, change, told_ledger

from gkmonitor.accounts.records import Role
from gkmonitor.ledger.records import EventKind
from gkmonitor.records import Severity, Subject
from gkmonitor.storage import Database, inspections
from gkmonitor.storage.models import FindingRow, PortalRow
from gkmonitor.storage.units import ensure_unit
from gkmonitor.verdicts import verdict_object
from gkmonitor.web.views.overview import early_rules


@pytest.fixture
def database(sqlite_url: str) -> Iterator[Database]:
    with opened(sqlite_url) as found:
        yield found


@pytest.fixture
def ledger(database: Database) -> Ledger:
    return told_ledger(database)


@pytest.fixture
def inspector(database: Database) -> Iterator[DeskClient]:
    with client_as(database, Role.INSPECTOR, queue=FakeQueue()) as client:
        yield client


# ---------------------------------------------------------------- links


@pytest.mark.parametrize("path", ["/overview", "/portals", "/portals/{portal}"])
def test_every_link_leads_to_a_page(ledger: Ledger, inspector: DeskClient, path: str) -> None:
    page = inspector.get(path.format(portal=ledger.portal)).text
    links = {unescape(one) for one in re.findall(r'href="(/[^"]*)"', page) if not one.startswith("/static/")}
    assert any(one.startswith("/violations?") for one in links)
    assert {one: status for one in links if (status := inspector.get(one).status_code) not in (200, 303)} == {}


@pytest.mark.parametrize("path", ["/overview", "/portals"])
def test_what_is_counted_is_what_the_link_behind_it_lists(
    database: Database, ledger: Ledger, inspector: DeskClient, path: str
) -> None:
    """Also a case that was confirmed; not one that was dismissed."""
    other = Ledger(database)
    other.at = ledger.at
    other.inspect_times(2, [verdict(severity=Severity.VETO)])
    other.decide(EventKind.DISMISSED, reason="misread_page")
    ledger.decide(EventKind.CONFIRMED)
    page = inspector.get(path).text
    (link,) = {unescape(one) for one in re.findall(r'href="(/violations\?[^"]*)"[^>]*>(?:<span|1<)', page)}
    listed = inspector.get(link).text
    assert re.findall(r'data-case="(\d+)"', listed) == [str(case) for case in ledger.case_ids()[:1]]


# ---------------------------------------------------------------- the first page


def test_overview_of_an_empty_registry_says_that_nothing_was_checked(inspector: DeskClient) -> None:
    page = inspector.get("/overview")
    assert page.status_code == 200
    assert "还没有检查过" in page.text
    assert "没有待处理的单项否决" in page.text


def test_overview_shows_open_vetoes_changes_and_the_trend(ledger: Ledger, inspector: DeskClient) -> None:
    page = inspector.get("/overview").text
    assert f"/violations/{ledger.case.id}" in page
    option = json.loads(re.search(r'id="trend-option">(.*?)</script>', page, re.S).group(1))  # type: ignore[union-attr]
    found, rectified = (series["data"] for series in option["series"])
    assert (len(found), found[-3:], sum(found), sum(rectified)) == (30, [1, 0, 0], 1, 0)
    assert '<th scope="row">2026-11-18</th><td class="number">1</td>' in page


def test_nothing_that_a_portal_wrote_becomes_markup(ledger: Ledger, database: Database, inspector: DeskClient) -> None:
    change(database, ledger.portal, name=f"青禾{EVIL}", notes={"备注": EVIL})
    add_column(database, ledger.portal, Subject("news", EVIL, None, ("首页", EVIL)))
    for path in ("/overview", "/portals", f"/portals/{ledger.portal}"):
        page = inspector.get(path).text
        assert "alert(1)" in page
        assert EVIL not in page


def test_overview_tells_early_warnings_by_what_is_asked_and_not_as_faults(
    ledger: Ledger, database: Database, inspector: DeskClient
) -> None:
    rule = next(iter(sorted(one for one in early_rules() if one.endswith("/site-unreachable"))))
    with database.writing() as session:
        look = inspections.inspections_of_portal(session, ledger.portal, 1)[0]
        shown = verdict_object(verdict(rule=rule, check="site-unreachable", severity=Severity.ADVICE))
        session.add(
            FindingRow(
                cycle_id=look.cycle_id,
                inspection_id=look.id,
                portal_id=ledger.portal,
                rule=rule,
                subject_key="",
                severity="advice",
                observed_at=NOW,
                verdict={**shown, "message": "7 天内有 4.0% 的监测打不开"},
            )
        )
    page = inspector.get("/overview").text
    assert "其中可用率 1" in page
    assert "网站能否打开" in page
    assert "7 天内有 4.0% 的监测打不开" in page


def test_overview_is_read_once_in_a_few_seconds(ledger: Ledger, database: Database, inspector: DeskClient) -> None:
    before = inspector.get("/overview").text
    ledger.inspect([verdict(rule="p/new", severity=Severity.VETO)])
    ledger.inspect([verdict(rule="p/new", severity=Severity.VETO)], after=timedelta(hours=8))
    assert inspector.get("/overview").text.count("/violations/") == before.count("/violations/")


@pytest.mark.parametrize("path", ["/overview", "/portals", "/portals/1", "/spot"])
def test_units_and_strangers_are_kept_out(ledger: Ledger, database: Database, path: str) -> None:
    with database.writing() as session:
        number = ensure_unit(session, ["县财政局"], BY)
        session.get_one(PortalRow, ledger.portal).unit_id = number
    with client_as(database, Role.UNIT, number) as unit:
        assert unit.get(path).status_code == 403
        unit.cookies.clear()
        assert unit.get(path).headers["location"].startswith("/login")
