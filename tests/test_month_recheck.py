"""Before anything is named it is looked at again: real crawls of two small portals, four weeks after the first."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from databases import opened
from office_portals import OfficePortal, register, running

from gkmonitor.cycles.records import CycleKind
from gkmonitor.cycles.whole import run_cycle
from gkmonitor.issuing import prepare_month, recheck_month
from gkmonitor.ledger.records import Decision, EventKind
from gkmonitor.settings import Settings, load_settings
from gkmonitor.storage import Database
from gkmonitor.storage.cases import NewFinding, add_finding, decide_all, list_cases

BEGUN = datetime(2035, 6, 1, 2, tzinfo=UTC)


def look(database: Database, settings: Settings, portals: list[OfficePortal], at: datetime) -> None:
    for portal in portals:
        portal.day = at.date()
    ids = [portal.id for portal in portals]
    name = f"{at:%Y-%m-%d}/night"
    run_cycle(database, settings, ids, name=name, kind=CycleKind.REGULAR, as_of=at.date(), clock=lambda: at)


def confirm_all(database: Database) -> None:
    """A person sees what the first look suspected, and confirms it."""
    at = BEGUN + timedelta(days=1)
    with database.writing() as session:
        for case in list_cases(session, states=["suspected"]):
            seen = NewFinding(case.portal_id, case.rule, case.check, case.severity, "栏目空白", case.subject)
            add_finding(session, seen, actor="张禾", now=at)
        found = [case.id for case in list_cases(session, states=["open"])]
        decide_all(session, found, Decision(EventKind.CONFIRMED, at.date()), actor="张禾", now=at)


def test_what_is_still_there_is_named_and_what_was_mended_is_not(sqlite_url: str) -> None:
    mended = OfficePortal("青禾县水务集团", {"通知公告": lambda day: day.day < 20}, date(2035, 6, 1), "127.0.3.81")
    blank = OfficePortal("云岭市燃气集团", {"通知公告": lambda _: True}, date(2035, 6, 1), "127.0.3.82")
    settings = load_settings(request_delay_seconds=0, max_pages=8)
    with opened(sqlite_url) as database, running([mended, blank]):
        register(database, [mended, blank])
        look(database, settings, [mended, blank], BEGUN)
        confirm_all(database)
        later = datetime(2035, 7, 1, 2, tzinfo=UTC)
        before = prepare_month(database, settings, "2035-06", later)
        assert (before.value("problems"), before.value("left-unseen")) == (0, 2)
        for portal in (mended, blank):
            portal.day = date(2035, 6, 30)
        summary = recheck_month(database, settings, "2035-06", lambda: later)
        after = prepare_month(database, settings, "2035-06", later)
    assert summary is not None
    assert (summary.cycle.kind, summary.inspected, dict(summary.failed)) == (CycleKind.RECHECK, 2, {})
    assert [one.portal.name for one in after.problems] == ["云岭市燃气集团"]
    assert after.value("left-unseen") == 1
