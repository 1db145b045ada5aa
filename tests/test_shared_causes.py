"""Portals at one server that do not open together are one cause for a person, not a veto each. On both databases."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from facts_builder import home, item, portal
from sqlalchemy import update
from test_cycles import DAY, SETTINGS, night

from gkmonitor.cycles.records import CycleKind
from gkmonitor.cycles.running import settle, start_cycle
from gkmonitor.cycles.sharing import UNREACHABLE
from gkmonitor.ledger.records import State
from gkmonitor.probing import Probe, ProbeOutcome
from gkmonitor.records import PortalFacts
from gkmonitor.storage import Database, inspections
from gkmonitor.storage.cases import list_cases
from gkmonitor.storage.models import InspectionRow
from gkmonitor.storage.portals import add_portal, get_portal
from gkmonitor.storage.probes import store_probes
from gkmonitor.storage.registry_changes import By

SERVER = "203.0.113.7"


@pytest.fixture
def portals(database: Database) -> list[int]:
    """Two portals that were answered from one server the night before."""
    with database.writing() as session:
        values = [
            {"name": f"青禾县第{n}局", "url": f"http://www.ju{n}.gov.cn/", "profile": "county-portal"} for n in (1, 2)
        ]
        ids = [add_portal(session, one, (), By("测试", night(0))) for one in values]
    cycle = start_cycle(
        database, name="before", kind=CycleKind.REGULAR, as_of=DAY - timedelta(days=1), portal_ids=ids, now=night(-1)
    )
    with database.writing() as session:
        where = InspectionRow.cycle_id == cycle
        session.execute(update(InspectionRow).where(where).values(server_address=SERVER, observed_at=night(-1)))
    return ids


def probe(database: Database, portal_id: int, down: int) -> None:
    """A week in which so many of each day's 24 probes did not open."""
    made = [
        Probe(portal_id, night(-day) + timedelta(minutes=n), ProbeOutcome.DOWN if n < down else ProbeOutcome.UP)
        for day in range(8)
        for n in range(24)
    ]
    with database.writing() as session:
        from zoneinfo import ZoneInfo

        store_probes(session, made, ZoneInfo("Asia/Shanghai"))


def seen(url: str) -> PortalFacts:
    from dataclasses import replace

    facts = portal(home=home(item(DAY), item(DAY - timedelta(days=1), "昨日要闻")))
    return replace(facts, site=replace(facts.site, url=url, final_url=url), observed_at=night(0))


def inspect(database: Database, portal_id: int, day: date = DAY) -> list[tuple[str, str]]:
    """One night's inspection of one portal: (outcome, message) of the rules about opening."""
    cycle = start_cycle(database, name="now", kind=CycleKind.REGULAR, as_of=day, portal_ids=[portal_id], now=night(0))
    with database.reading() as session:
        (waiting,) = inspections.unfinished(session, cycle, [portal_id])
        entry = get_portal(session, portal_id)
    settle(database, SETTINGS, waiting, entry, seen(entry.url), now=night(0))
    with database.reading() as session:
        verdicts = inspections.stored_verdicts(session, waiting.id)
    return [(one["verdict"], one["message"]) for one in verdicts if one["check"] == UNREACHABLE]


def accused(database: Database) -> list[int]:
    with database.reading() as session:
        cases = [case for case in list_cases(session) if case.check == UNREACHABLE]
    assert {case.state for case in cases} <= {State.SUSPECTED}
    return sorted(case.portal_id for case in cases)


def test_portals_at_one_server_that_all_fail_to_open_are_left_to_a_person(database: Database, portals: list) -> None:
    for one in portals:
        probe(database, one, 4)
    outcomes = [verdict for one in portals for verdict in inspect(database, one)]
    assert {outcome for outcome, _ in outcomes} == {"undecided"}
    assert all(f"同一服务器 {SERVER} 上登记的 2 个网站同时打不开" in words for _, words in outcomes)
    assert accused(database) == []


def test_a_portal_that_alone_fails_at_its_server_is_accused(database: Database, portals: list) -> None:
    first, second = portals
    probe(database, first, 4)
    probe(database, second, 0)
    assert [outcome for outcome, _ in inspect(database, first)] == ["violation"]
    assert accused(database) == [first]


def test_a_portal_whose_neighbour_was_never_probed_is_accused(database: Database, portals: list) -> None:
    probe(database, portals[0], 4)
    inspect(database, portals[0])
    assert accused(database) == [portals[0]]


def test_portals_at_servers_of_their_own_are_each_accused(database: Database, portals: list) -> None:
    with database.writing() as session:
        where = InspectionRow.portal_id == portals[1]
        session.execute(update(InspectionRow).where(where).values(server_address="203.0.113.8"))
    for one in portals:
        probe(database, one, 4)
        inspect(database, one)
    assert accused(database) == portals
