"""Cycles on both databases: results are written once, faults wait for a second look, rebuilt portals for a person."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from facts_builder import BASE, column, home, item, items, observation, portal

from gkmonitor.cycles.knowing import read_history
from gkmonitor.cycles.records import CycleKind, Failure, InspectionState
from gkmonitor.cycles.releasing import release_held
from gkmonitor.cycles.running import finish_cycle, settle, start_cycle
from gkmonitor.cycles.whole import inspect_surely, remaining
from gkmonitor.errors import CrawlError, StorageError
from gkmonitor.ledger.records import Case, State
from gkmonitor.records import ColumnFacts, HomeFacts, PortalFacts, Reason
from gkmonitor.settings import load_settings
from gkmonitor.storage import Database, inspections
from gkmonitor.storage.cases import list_cases
from gkmonitor.storage.held import HELD_RULE
from gkmonitor.storage.models import FactsRow, FindingRow
from gkmonitor.storage.portals import add_portal, get_portal
from gkmonitor.storage.registry_changes import By
from gkmonitor.storage.tasks import list_tasks

DAY = date(2026, 11, 18)
SETTINGS = load_settings()


def night(number: int) -> datetime:
    """Two in the morning in Shanghai, ``number`` nights on."""
    return datetime(2026, 11, 17, 18, 0, tzinfo=UTC) + timedelta(days=number)


@pytest.fixture
def portal_id(database: Database) -> int:
    with database.writing() as session:
        values = {"name": "青禾县人民政府", "url": BASE, "profile": "county-portal"}
        return add_portal(session, values, (), By("测试", night(0)))


def living(number: int, *columns: ColumnFacts) -> PortalFacts:
    """The portal on one night: a fresh home page, these columns, and a news column that lives."""
    day = DAY + timedelta(days=number)
    news = column("工作动态", "news", items(day))
    shown = home(item(day), item(day - timedelta(days=1), "昨日要闻"))
    return replace(portal(news, *columns, home=shown), observed_at=night(number))


def budget(*entries: Any) -> ColumnFacts:
    return column("财政预决算", "fiscal", entries, under=("政务公开",))


def inspect(database: Database, portal_id: int, number: int, facts: PortalFacts, **options: Any) -> int:
    """One cycle of one night over one portal; the cycle's id."""
    day, now = DAY + timedelta(days=number), night(number) + timedelta(minutes=5)
    cycle = start_cycle(
        database, name=f"{day}/night", kind=CycleKind.REGULAR, as_of=day, portal_ids=[portal_id], now=now
    )
    with database.reading() as session:
        waiting = inspections.unfinished(session, cycle)
        entry = get_portal(session, portal_id)
    for one in waiting:
        settle(database, SETTINGS, one, entry, facts, now=now, **options)
    return cycle


def blank_cases(database: Database) -> list[Case]:
    with database.reading() as session:
        return [case for case in list_cases(session, rule="national-2019-19") if case.check == "column-blank"]


def state_of(database: Database) -> list[State]:
    return [case.state for case in blank_cases(database)]


def count(database: Database, table: type) -> int:
    from sqlalchemy import func, select

    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_a_blank_column_is_suspected_then_open_then_rectified(database: Database, portal_id: int) -> None:
    states = []
    for number, column_seen in enumerate([budget(), budget(), budget(item(DAY)), budget(item(DAY))]):
        inspect(database, portal_id, number, living(number, column_seen))
        states += state_of(database)
    assert states == [State.SUSPECTED, State.OPEN, State.OPEN, State.RECTIFIED]


def test_a_result_told_twice_is_written_once(database: Database, portal_id: int) -> None:
    facts = living(0, budget())
    first = inspect(database, portal_id, 0, facts)
    before = count(database, FindingRow), count(database, FactsRow)
    assert inspect(database, portal_id, 0, facts) == first
    assert (count(database, FindingRow), count(database, FactsRow)) == before
    assert state_of(database) == [State.SUSPECTED]


def test_an_inspection_settled_by_two_workers_at_once_counts_once(database: Database, portal_id: int) -> None:
    cycle = start_cycle(database, name="x", kind=CycleKind.REGULAR, as_of=DAY, portal_ids=[portal_id], now=night(0))
    with database.reading() as session:
        (waiting,) = inspections.unfinished(session, cycle)
        entry = get_portal(session, portal_id)
    for _ in range(2):  # both have read the same waiting row
        settle(database, SETTINGS, waiting, entry, living(0, budget()), now=night(0))
    assert count(database, FactsRow) == 1
    assert [case.observations for case in blank_cases(database)] == [1]


def test_an_error_while_storing_leaves_nothing_of_the_result(
    database: Database, portal_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise StorageError("磁盘空间不足")

    monkeypatch.setattr("gkmonitor.cycles.running.record_sightings", fails)
    with pytest.raises(StorageError):
        inspect(database, portal_id, 0, living(0, budget()))
    assert (count(database, FindingRow), count(database, FactsRow)) == (0, 0)
    monkeypatch.undo()
    inspect(database, portal_id, 0, living(0, budget()))
    assert state_of(database) == [State.SUSPECTED]


def test_facts_are_read_back_as_they_were_observed(database: Database, portal_id: int) -> None:
    facts = living(0, budget(item(DAY)))
    inspect(database, portal_id, 0, facts)
    with database.reading() as session:
        found = inspections.facts_on(session, portal_id, night(1))
        assert found is not None
        assert inspections.load_stored_facts(session, found[0]) == facts
        assert inspections.facts_on(session, portal_id, night(-1)) is None


def test_damaged_facts_are_refused_and_never_judged(database: Database, portal_id: int) -> None:
    inspect(database, portal_id, 0, living(0))
    with database.writing() as session:
        row = session.query(FactsRow).one()
        row.sha256 = "0" * 64
    with database.reading() as session, pytest.raises(StorageError, match="损坏"):
        inspections.load_stored_facts(session, row.id)


def test_old_facts_are_deleted_but_not_those_behind_a_living_case(database: Database, portal_id: int) -> None:
    for number, seen in enumerate([budget(item(DAY)), budget(), budget(item(DAY))]):
        inspect(database, portal_id, number, living(number, seen))
    behind = {case.inspection_id for case in blank_cases(database)}
    with database.writing() as session:
        inspections.delete_facts_before(session, night(9))
        kept = {one.id for one in inspections.inspections_of_portal(session, portal_id) if one.facts_id is not None}
        gone = inspections.facts_on(session, portal_id, night(0))
    assert behind <= kept
    assert gone is None


# ---------------------------------------------------------------- failures


def away(number: int, failure: str = "timeout") -> PortalFacts:
    gone = HomeFacts(Reason.UNREACHABLE, None, detail="连接或响应超时", failure=failure)
    return replace(portal(home=gone), observed_at=night(number))


def test_a_portal_that_failed_in_passing_waits_for_the_second_pass(database: Database, portal_id: int) -> None:
    cycle = inspect(database, portal_id, 0, away(0), is_last_try=False)
    assert remaining(database, cycle, is_second_pass=False) == []
    assert remaining(database, cycle, is_second_pass=True) == [portal_id]
    inspect(database, portal_id, 0, living(0))
    summary = finish_cycle(database, cycle, now=night(0))
    assert (summary.inspected, dict(summary.failed), summary.unfinished) == (1, {}, 0)


def test_a_portal_that_stays_away_is_a_stored_result_and_no_violation(database: Database, portal_id: int) -> None:
    cycle = inspect(database, portal_id, 0, away(0))
    summary = finish_cycle(database, cycle, now=night(0))
    assert dict(summary.failed) == {Failure.TRANSIENT: 1}
    assert count(database, FindingRow) == 0
    with database.reading() as session:
        (row,) = inspections.inspections_of(session, cycle)
        assert {one["verdict"] for one in inspections.stored_verdicts(session, row.id)} <= {
            "undecided",
            "not_applicable",
        }


def test_a_cycle_with_waiting_portals_stays_open(database: Database, portal_id: int) -> None:
    cycle = start_cycle(database, name="x", kind=CycleKind.REGULAR, as_of=DAY, portal_ids=[portal_id], now=night(0))
    summary = finish_cycle(database, cycle, now=night(0))
    assert (summary.unfinished, summary.cycle.finished_at) == (1, None)


def test_a_portal_whose_pages_kill_the_crawl_takes_no_other_along(
    database: Database, portal_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.writing() as session:
        others = [
            add_portal(
                session, {"name": f"青禾县第{n}局", "url": f"http://www.ju{n}.gov.cn/"}, (), By("测试", night(0))
            )
            for n in (1, 2)
        ]
    asked: list[int] = []

    def crawl(urls: list[str], *, finished: Any, **_options: Any) -> None:
        asked.append(len(urls))
        if BASE in urls:
            raise CrawlError("采集进程意外结束")
        for url in urls:
            facts = living(0)
            finished(replace(facts, site=replace(facts.site, url=url, final_url=url)))

    monkeypatch.setattr("gkmonitor.inspection.inspect_portals", crawl)
    portals = [portal_id, *others]
    cycle = start_cycle(database, name="x", kind=CycleKind.REGULAR, as_of=DAY, portal_ids=portals, now=night(0))
    for _ in range(2):
        with pytest.raises(CrawlError):
            inspect_surely(database, SETTINGS, cycle, portals, clock=lambda: night(0))
    inspect_surely(database, SETTINGS, cycle, portals, clock=lambda: night(0))  # gives the one up
    with database.reading() as session:
        rows = {one.portal_id: one for one in inspections.inspections_of(session, cycle)}
    assert {rows[one].failure for one in others} == {None}
    assert rows[portal_id].failure is Failure.PERMANENT
    assert asked == [3, 3, 1, 1, 1, 1, 1, 1]
    assert finish_cycle(database, cycle, now=night(0)).unfinished == 0


# ---------------------------------------------------------------- rebuilt portals


def full(number: int, names: str = "甲乙丙丁戊己") -> list[ColumnFacts]:
    day = DAY + timedelta(days=number)
    return [column(f"{name}类公示", "notices", items(day), under=("政务公开",)) for name in names]


def test_a_rebuilt_portal_is_held_and_nobody_is_accused(database: Database, portal_id: int) -> None:
    inspect(database, portal_id, 0, living(0, *full(0)))
    blank = [replace(one, listing=replace(one.listing, items=())) for one in full(1) if one.listing]
    facts = replace(living(1, *blank), columns=tuple(blank))
    cycle = inspect(database, portal_id, 1, facts)
    with database.reading() as session:
        (row,) = inspections.inspections_of(session, cycle)
    assert row.state is InspectionState.HELD
    assert "改版" in str(row.summary["held"])
    assert state_of(database) == []


def tasks_of(database: Database) -> list[tuple[str, str | None]]:
    with database.reading() as session:
        return [(one.state, one.done_by) for one in list_tasks(session) if one.rule == HELD_RULE]


def test_a_person_is_asked_about_a_held_portal_until_somebody_has_looked(database: Database, portal_id: int) -> None:
    inspect(database, portal_id, 0, living(0, *full(0)))
    for number in (1, 2):
        inspect(database, portal_id, number, living(number, column("新栏目", "new", items(DAY))))
    assert tasks_of(database) == [("todo", None)]
    with database.reading() as session:
        (task,) = [one for one in list_tasks(session) if one.rule == HELD_RULE]
    assert f"inspect --site {portal_id} --release" in task.question
    with database.writing() as session:
        release_held(session, portal_id, actor="李四", now=night(3))
    assert tasks_of(database) == [("done", "李四")]


def test_a_release_gives_up_the_old_columns_and_judges_the_new_ones(database: Database, portal_id: int) -> None:
    inspect(database, portal_id, 0, living(0, *full(0)))
    rebuilt = tuple(full(1, "庚辛壬癸子丑"))
    inspect(database, portal_id, 1, replace(living(1), columns=rebuilt))
    with database.writing() as session:
        assert release_held(session, portal_id, actor="李四", now=night(1)) == 7
        assert release_held(session, portal_id, actor="李四", now=night(1)) is None
    cycle = inspect(database, portal_id, 2, replace(living(2), columns=(*full(2, "庚辛壬癸子"), budget())))
    with database.reading() as session:
        (row,) = inspections.inspections_of(session, cycle)
    assert row.state is InspectionState.DONE
    assert state_of(database) == [State.SUSPECTED]


def test_the_history_of_the_next_judging_holds_what_was_seen(database: Database, portal_id: int) -> None:
    inspect(database, portal_id, 0, living(0, budget(item(DAY)), column("空栏目", "news", ())))
    with database.reading() as session:
        history = read_history(session, portal_id, DAY)
    known = {one.path[-1]: (one.last_items, one.last_normal) for one in history.columns.values()}
    assert known == {"工作动态": (1, night(0)), "财政预决算": (1, night(0)), "空栏目": (0, None)}


def test_what_a_portal_does_not_say_itself_comes_from_the_registry(database: Database, portal_id: int) -> None:
    facts = living(0)
    nameless = replace(facts, site=replace(facts.site, name=None, site_id_code=None))
    cycle = inspect(database, portal_id, 0, nameless)
    with database.reading() as session:
        (row,) = inspections.inspections_of(session, cycle)
    assert row.packs
    assert "national-2019-19" in row.packs


def test_observation_is_kept_with_the_server_it_came_from(database: Database, portal_id: int) -> None:
    seen = replace(observation(), server_address="203.0.113.7")
    facts = living(0)
    answered = replace(facts, home=replace(facts.home, observation=seen))
    inspect(database, portal_id, 0, answered)
    cycle = inspect(database, portal_id, 1, away(1))
    with database.reading() as session:
        (row,) = inspections.inspections_of(session, cycle)
    assert row.server_address == "203.0.113.7"


def test_a_page_with_characters_that_no_database_holds_costs_nobody_his_result(
    database: Database, portal_id: int
) -> None:
    odd = item(DAY, "坏\x00字\ud800符", url="http://qinghe/\x00\udfff.html")
    facts = living(0, budget(odd), column("空\x00栏\ud800目", "notices", (), under=("政务\x00公开",)))
    cycle = inspect(database, portal_id, 0, facts)
    with database.reading() as session:
        (row,) = inspections.inspections_of(session, cycle)
    assert row.state is InspectionState.DONE
    assert count(database, FindingRow) > 0
