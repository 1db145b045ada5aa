"""The desk's first page and the list of portals, counted from a small ledger on both databases."""

from __future__ import annotations

import json
import zlib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from ledger_builder import DAY, OK, Ledger, add_portal, undecided, verdict

from gkmonitor.cycles.summing import add_outcomes
from gkmonitor.ledger.records import EventKind
from gkmonitor.records import Reason, Severity, Subject
from gkmonitor.storage import Database
from gkmonitor.storage.models import CycleRow, FindingRow, InspectionRow, PortalRow, ProbeDayRow, UnitRow
from gkmonitor.storage.overview import coverage_of, newest_cycle, read_overview, trend
from gkmonitor.storage.portal_pages import PortalFilter, PortalPage, list_portals, portal_state
from gkmonitor.verdicts import verdict_object

ZONE = ZoneInfo("Asia/Shanghai")
VETO = Severity.VETO
EARLY = "national-2019-19/home-not-updated"


def overview_of(ledger: Ledger, after: timedelta = timedelta()) -> Any:
    with ledger.database.reading() as session:
        return read_overview(session, now=ledger.at + after, zone=ZONE, early_rules=[EARLY])


# ---------------------------------------------------------------- cases and events


def test_trend_counts_found_and_rectified_on_their_local_days(database: Database) -> None:
    ledger = Ledger(database)  # 2026-11-02 09:00 in the office's zone
    ledger.inspect([verdict()])
    ledger.inspect([verdict()])
    ledger.inspect([verdict(OK)], after=timedelta(hours=16))  # 2026-11-05 01:00 there, still the 4th in UTC
    ledger.inspect([verdict(OK)])
    with database.reading() as session:
        days = trend(session, date(2026, 11, 6), ZONE, days=5)
    assert [(one.day.day, one.found, one.rectified) for one in days] == [
        (2, 0, 0),
        (3, 1, 0),
        (4, 0, 0),
        (5, 0, 0),
        (6, 0, 1),
    ]


def test_a_case_that_reappears_counts_as_found_again(database: Database) -> None:
    ledger = Ledger(database)
    ledger.inspect_times(2, [verdict()])
    ledger.inspect_times(2, [verdict(OK)])
    ledger.inspect([verdict()])
    assert sum(one.found for one in overview_of(ledger).trend) == 2


def test_changes_begin_with_yesterday_and_count_each_kind(database: Database) -> None:
    ledger = Ledger(database)
    ledger.inspect([verdict()])
    ledger.inspect([verdict()], after=3 * DAY)
    ledger.decide(EventKind.DISMISSED, reason="misread_page")
    changes = overview_of(ledger).changes
    assert {kind.value: number for kind, number in changes.counts.items()} == {
        "found": 0,
        "opened": 1,
        "rectified": 0,
        "reappeared": 0,
        "dismissed": 1,
    }
    assert [(one.kind, one.actor, one.portal) for one in changes.newest] == [
        (EventKind.DISMISSED, "张三", "青禾县人民政府"),
        (EventKind.OPENED, "system", "青禾县人民政府"),
    ]


def test_open_vetoes_are_those_that_two_looks_saw_and_nobody_ended(database: Database) -> None:
    suspected, opened, dismissed, lighter = (Ledger(database) for _ in range(4))
    suspected.inspect([verdict(severity=VETO)])
    for ledger in (opened, dismissed):
        ledger.inspect_times(2, [verdict(severity=VETO)])
    lighter.inspect_times(2, [verdict()])
    dismissed.decide(EventKind.DISMISSED, reason="misread_page")
    found = overview_of(opened)
    assert found.open_veto_count == 1
    assert [case.portal_id for case in found.open_vetoes] == [opened.portal]


# ---------------------------------------------------------------- the newest cycle


def add_look(database: Database, portal_id: int, cycle_id: int, verdicts: list[Any], **row: Any) -> int:
    body = zlib.compress(json.dumps([verdict_object(one) for one in verdicts]).encode())
    with database.writing() as session:
        given = {
            "observed_at": datetime(2026, 11, 20, 1, tzinfo=UTC),
            "as_of": date(2026, 11, 20),
            "summary": {},
            **row,
        }
        look = InspectionRow(cycle_id=cycle_id, portal_id=portal_id, verdicts=body, **{"state": "done", **given})
        session.add(look)
        session.flush()
        return look.id


def add_cycle(database: Database, name: str, **row: Any) -> int:
    with database.writing() as session:
        begun = datetime(2026, 11, 20, tzinfo=UTC)
        given = {
            "kind": "regular",
            "as_of": begun.date(),
            "started_at": begun,
            "finished_at": begun,
            "counts": {},
            **row,
        }
        cycle = CycleRow(name=name, **given)
        session.add(cycle)
        session.flush()
        return cycle.id


def test_coverage_says_why_verdicts_are_undecided_from_the_verdicts_themselves(database: Database) -> None:
    cycle = add_cycle(database, "night")
    seen = [verdict(), verdict(OK), undecided(), undecided(Reason.UNDATED), verdict(severity=Severity.ADVICE)]
    for number in range(2):
        add_look(database, add_portal(database, f"网站{number}"), cycle, seen)
    with database.reading() as session:
        newest = newest_cycle(session)
        assert newest is not None
        found = coverage_of(session, newest)
    assert (found.portals, found.judged) == (2, 4)
    assert found.outcomes == {"violation": 2, "ok": 2, "undecided": 4, "advice": 2}
    assert found.undecided == {"blocked": 2, "undated": 2}


def test_a_running_cycle_and_one_asked_for_by_hand_do_not_replace_the_last_night(database: Database) -> None:
    night = add_cycle(database, "night")
    add_cycle(database, "by hand", kind="desk")
    add_cycle(database, "running", finished_at=None)
    with database.reading() as session:
        newest = newest_cycle(session)
    assert newest is not None
    assert newest.id == night


def test_reasons_that_were_not_kept_are_counted_apart() -> None:
    kept = {"ok": 3, "undecided": 2, "undecided_by": {"blocked": 2}}
    assert add_outcomes([kept, {"undecided": 4, "advice": 1}]) == (
        {"ok": 3, "undecided": 6, "advice": 1},
        {"blocked": 2, "": 4},
    )


def test_held_portals_wait_until_they_are_released(database: Database) -> None:
    cycle, now = add_cycle(database, "night"), datetime(2026, 11, 20, 2, tzinfo=UTC)
    held, released = add_portal(database, "改版网站"), add_portal(database, "已看网站")
    add_look(database, held, cycle, [], state="held", summary={"held": "栏目少了一半"})
    add_look(database, released, cycle, [], state="held", released_at=now)
    with database.reading() as session:
        found = read_overview(session, now=now, zone=ZONE, early_rules=[]).held
    assert [(one.portal_id, one.name, one.words) for one in found] == [(held, "改版网站", "栏目少了一半")]


@pytest.mark.parametrize(
    ("rule", "severity", "is_told"),
    [(EARLY, "advice", True), (EARLY, "veto", False), ("national-2019-19/marks", "advice", False)],
)
def test_early_warnings_are_advice_of_rules_with_an_early_line(
    database: Database, rule: str, severity: str, is_told: bool
) -> None:
    cycle, portal = add_cycle(database, "night"), add_portal(database)
    look = add_look(database, portal, cycle, [])
    seen = verdict_object(verdict(message="首页最新一条信息为 2026-11-08"))
    with database.writing() as session:
        keys = {"cycle_id": cycle, "inspection_id": look, "portal_id": portal, "rule": rule, "subject_key": ""}
        at = datetime(2026, 11, 20, 1, tzinfo=UTC)
        session.add(FindingRow(**keys, severity=severity, observed_at=at, verdict={**seen, "severity": severity}))
    with database.reading() as session:
        early = read_overview(session, now=at, zone=ZONE, early_rules=[EARLY]).early
    assert early.counts == ({rule: 1} if is_told else {})
    assert [one.message for one in early.shown] == (["首页最新一条信息为 2026-11-08"] if is_told else [])


@pytest.mark.parametrize("is_over", [True, False])
def test_a_cycle_that_is_over_is_counted_once_and_a_running_one_again(database: Database, is_over: bool) -> None:
    now = datetime(2026, 11, 20, 2, tzinfo=UTC)
    cycle = add_cycle(database, "night", **({} if is_over else {"finished_at": None}))
    add_look(database, add_portal(database), cycle, [verdict(OK)])

    def read(previous: Any = None) -> Any:
        with database.reading() as session:
            return read_overview(session, now=now, zone=ZONE, early_rules=[EARLY], previous=previous)

    first = read()
    add_look(database, add_portal(database), cycle, [verdict(OK)])
    again = read(first)
    assert (first.coverage.portals, again.coverage.portals) == (1, 1 if is_over else 2)
    assert read().coverage.portals == 2
    add_cycle(database, "next")
    assert read(first).coverage.portals == 0


@pytest.mark.parametrize("other", ["same", "day", "ledger"])
def test_a_trend_that_goes_on_is_the_one_that_is_counted_anew(database: Database, other: str) -> None:
    """Events are added to what was counted today; on another day, or over another ledger, all are counted."""
    ledger = Ledger(database)
    ledger.inspect_times(2, [verdict()])

    def read(now: datetime, previous: Any = None) -> Any:
        with database.reading() as session:
            return read_overview(session, now=now, zone=ZONE, early_rules=[], previous=previous)

    now = ledger.at + timedelta(hours=1)
    first = read(now)
    assert first == read(now, first)
    ledger.inspect([verdict(OK)])
    ledger.inspect([verdict(OK), verdict(rule="other/column-stale", subject=Subject("budget", "财政预算"))])
    later = now + (3 * DAY if other == "day" else timedelta())
    if other == "ledger":  # whose event of that number was another, and whose days were
        first = replace(
            first, head=(first.head[0], "f" * 64), trend=tuple(replace(one, found=9) for one in first.trend)
        )
    again = read(later, first)
    assert again.trend == read(later).trend
    assert again.head > first.head
    if other == "day":
        assert [(one.found, one.rectified) for one in again.trend if one.found or one.rectified] == [(1, 0), (1, 1)]


def test_events_beyond_the_head_are_left_to_the_next_reading(database: Database) -> None:
    ledger = Ledger(database)
    ledger.inspect_times(1, [verdict()])
    ledger.inspect_times(1, [verdict(OK), verdict(rule="other/column-stale")])
    with database.reading() as session:
        counted = [trend(session, ledger.today, ZONE, last) for last in (0, 1, None)]
        rest = trend(session, ledger.today, ZONE, after=1)
    assert [sum(one.found for one in days) for days in (*counted, rest)] == [0, 1, 2, 1]


# ---------------------------------------------------------------- the list of portals


def listed(database: Database, after: str | None = None, limit: int = 50, **wanted: Any) -> PortalPage:
    with database.reading() as session:
        return list_portals(session, PortalFilter(**wanted), today=date(2026, 11, 20), after=after, limit=limit)


def names(page: PortalPage) -> list[str]:
    return [line.entry.name for line in page.lines]


def change(database: Database, portal_id: int, **values: Any) -> None:
    with database.writing() as session:
        row = session.get_one(PortalRow, portal_id)
        for name, value in values.items():
            setattr(row, name, value)


@pytest.fixture
def registry(database: Database) -> dict[str, int]:
    ids = {name: add_portal(database, name) for name in ("丙县政府", "甲县政府", "乙市财政局")}
    with database.writing() as session:
        city = UnitRow(name="乙市政府")
        session.add(city)
        session.flush()
        office = UnitRow(name="乙市财政局", parent_id=city.id)
        session.add(office)
        session.flush()
        ids |= {"city": city.id, "office": office.id}
    change(database, ids["乙市财政局"], unit_id=ids["office"], region="乙市", profile="department", state="paused")
    change(database, ids["甲县政府"], unit_id=ids["city"], site_id_code="abc123", url="http://www.jia.example/100%/")
    return ids


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({}, ["丙县政府", "甲县政府", "乙市财政局"]),
        ({"sort": "name"}, ["丙县政府", "乙市财政局", "甲县政府"]),
        ({"q": "县政府"}, ["丙县政府", "甲县政府"]),
        ({"q": "JIA.example"}, ["甲县政府"]),
        ({"q": "ABC"}, ["甲县政府"]),
        ({"q": "100%"}, ["甲县政府"]),
        ({"q": "1_0"}, []),
        ({"region": "乙市"}, ["乙市财政局"]),
        ({"profile": "department"}, ["乙市财政局"]),
        ({"state": "active"}, ["丙县政府", "甲县政府"]),
    ],
)
def test_portals_are_found_by_words_and_attributes(
    database: Database, registry: dict[str, int], wanted: dict[str, Any], expected: list[str]
) -> None:
    page = listed(database, **wanted)
    assert sorted(names(page)) == sorted(expected)
    assert page.total == len(expected)
    if wanted.get("sort") != "name":  # the order of names is the database's own
        assert names(page) == expected


def test_a_unit_stands_for_the_units_below_it(database: Database, registry: dict[str, int]) -> None:
    assert names(listed(database, unit_id=registry["city"])) == ["甲县政府", "乙市财政局"]
    assert names(listed(database, unit_id=registry["office"])) == ["乙市财政局"]


def test_nothing_outside_what_a_visitor_may_see_is_listed_or_counted(
    database: Database, registry: dict[str, int]
) -> None:
    page = listed(database, within=frozenset([registry["甲县政府"]]))
    assert (names(page), page.total) == (["甲县政府"], 1)
    assert listed(database, within=frozenset()).total == 0


@pytest.mark.parametrize("sort", ["id", "name"])
def test_parts_of_the_list_give_every_portal_once(database: Database, registry: dict[str, int], sort: str) -> None:
    whole, after, seen = names(listed(database, sort=sort)), None, []
    for _ in range(3):
        page = listed(database, sort=sort, after=after, limit=1)
        seen += names(page)
        after = page.after
    assert seen == whole
    assert after is None


def test_a_line_shows_the_newest_look_open_cases_and_the_week_s_availability(database: Database) -> None:
    ledger = Ledger(database)
    lighter = verdict(subject=Subject("notices", "公告", None, ("首页", "公告")))
    ledger.inspect_times(2, [verdict(severity=VETO), lighter])
    ledger.inspect([verdict(severity=VETO), lighter, verdict(rule="p/other")])
    with database.writing() as session:
        for day, up, down in ((13, 0, 9), (14, 18, 0), (20, 0, 2)):
            session.add(ProbeDayRow(portal_id=ledger.portal, day=date(2026, 11, day), up=up, down=down))
    (line,) = listed(database).lines
    assert line.newest is not None
    assert line.newest.observed_at == ledger.at
    assert (line.opened, line.suspected) == ({"veto": 1, "deduction": 1}, 1)
    assert line.up_share == pytest.approx(0.9)


def test_a_portal_that_was_never_inspected_or_probed_has_no_figures(database: Database) -> None:
    add_portal(database)
    (line,) = listed(database).lines
    assert (line.newest, line.up_share, line.suspected) == (None, None, 0)


def test_the_state_of_a_portal_is_that_of_its_newest_look(database: Database) -> None:
    portal, early = add_portal(database), datetime(2026, 11, 19, tzinfo=UTC)
    add_look(database, portal, add_cycle(database, "one"), [verdict()], observed_at=early)
    add_look(database, portal, add_cycle(database, "two"), [verdict(OK), undecided()])
    with database.reading() as session:
        state = portal_state(session, portal)
    assert [one["verdict"] for one in state.verdicts] == ["ok", "undecided"]
