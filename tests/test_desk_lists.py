"""The desk's lists: tasks, cycles, schedules, the registry and typed figures, by the page and counted."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from ledger_builder import START, add_portal

from gkmonitor.errors import SettingError
from gkmonitor.scheduling import default_schedules
from gkmonitor.storage import Database
from gkmonitor.storage.cycle_pages import cycle_line, cycle_lines, cycle_portals, portal_names, shared_causes_of
from gkmonitor.storage.models import CycleRow, InspectionRow, PortalRow, TaskRow, UnitRow
from gkmonitor.storage.registry_list import RegistryFilter, count_registry, regions, registry_page
from gkmonitor.storage.schedules import change_schedule, ensure_schedules, get_schedule, list_schedules
from gkmonitor.storage.task_pages import TaskFilter, all_tasks, count_tasks, months_of_tasks, task_page
from gkmonitor.storage.tasks import finish_task
from gkmonitor.storage.typed_figures import figures_of_month, sign_figures

NOW = datetime(2026, 11, 30, 2, 0, tzinfo=UTC)


# ---------------------------------------------------------------- typed figures


def test_a_figure_is_signed_changed_and_taken_away_and_each_change_is_told(database: Database) -> None:
    def sign(values: dict[str, str | None], who: str) -> list[tuple[str, str | None, str | None]]:
        with database.writing() as session:
            changes = sign_figures(session, "2026-11", values, signer=who, now=NOW)
        return [(one.slug, one.before, one.after) for one in changes]

    assert sign({"received": "12", "note": " "}, "zhang") == [("received", None, "12")]
    assert sign({"received": "12"}, "li") == []
    with database.reading() as session:
        assert figures_of_month(session, "2026-11")["received"].signed_by == "zhang"
        assert figures_of_month(session, "2026-10") == {}
    assert sign({"received": "13", "closed": "9"}, "li") == [("received", "12", "13"), ("closed", None, "9")]
    assert sign({"received": None}, "li") == [("received", "13", None)]
    with database.reading() as session:
        assert list(figures_of_month(session, "2026-11")) == ["closed"]


# ---------------------------------------------------------------- tasks


def add_tasks(
    database: Database, portal: int, count: int, month: str = "2026-11", question: str = "看领导信息"
) -> None:
    with database.writing() as session:
        for number in range(count):
            row = TaskRow(portal_id=portal, month=month, rule=f"p/t{number}", question=question, created_at=START)
            session.add(row)


def test_tasks_come_by_the_page_in_order_and_none_twice(database: Database) -> None:
    portal = add_portal(database)
    add_tasks(database, portal, 7)
    with database.reading() as session:
        first = task_page(session, TaskFilter("2026-11"), limit=3)
        second = task_page(session, TaskFilter("2026-11"), after=first[-1].id, limit=3)
        third = task_page(session, TaskFilter("2026-11"), after=second[-1].id, limit=3)
        assert [len(page) for page in (first, second, third)] == [3, 3, 1]
        assert len({one.id for one in (*first, *second, *third)}) == 7
        assert first[0].site is not None
        assert [one.id for one in all_tasks(session, TaskFilter(), limit=5)] == [one.id for one in (*first, *second)][
            :5
        ]


def test_tasks_are_filtered_and_counted_by_what_became_of_them(database: Database) -> None:
    mine, other = add_portal(database, "青禾县人民政府"), add_portal(database, "白石县_人民政府")
    add_tasks(database, mine, 3)
    add_tasks(database, other, 2, "2026-10", "看依申请公开")
    with database.writing() as session:
        task = task_page(session, TaskFilter(portal=mine), limit=1)[0]
        finish_task(session, task.id, outcome="ok", note=None, actor="zhang", now=NOW)
    with database.reading() as session:

        def number(**words: object) -> int:
            return len(task_page(session, TaskFilter(**words)))  # type: ignore[arg-type]

        assert months_of_tasks(session) == ["2026-11", "2026-10"]
        assert number(state="todo") == 4
        assert number(outcome="ok") == number(state="done") == 1
        assert number(words="依申请") == number(words="白石县_") == 2
        assert number(words="%") == 0  # a sign of the search language means itself
        assert number(portals=frozenset({other})) == 2
        assert number(portals=frozenset()) == 0
        assert number(rule="p/t0") == 2
        counts = count_tasks(session, TaskFilter("2026-11", state="todo"))
        assert (counts.todo, counts.ok, counts.violation, counts.total) == (2, 1, 0, 3)


# ---------------------------------------------------------------- cycles


RESULTS = [
    ("done", None),
    ("done", None),
    ("done", "blocked"),
    ("failed", "transient"),
    ("held", None),
    ("waiting", None),
]


@pytest.fixture
def cycle(database: Database) -> int:
    portals = [add_portal(database, f"站{number}") for number in range(len(RESULTS))]
    with database.writing() as session:
        causes = {"shared_causes": [{"server_address": "192.0.2.7", "portals": portals[2:4]}]}
        row = CycleRow(name="2026-11-29/night", kind="regular", as_of=date(2026, 11, 29), started_at=NOW, counts=causes)
        session.add_all([row, CycleRow(name="x", kind="manual", as_of=date(2026, 11, 30), started_at=NOW)])
        session.flush()
        for portal, (state, failure) in zip(portals, RESULTS, strict=True):
            look = InspectionRow(cycle_id=row.id, portal_id=portal, state=state, failure=failure, as_of=row.as_of)
            session.add(look)
        return row.id


def test_cycles_are_listed_newest_first_with_their_portals_by_result(database: Database, cycle: int) -> None:
    with database.reading() as session:
        newest, older = cycle_lines(session)
        assert (newest.cycle.name, newest.portals) == ("x", 0)
        assert older.results == {"ok": 2, "blocked": 1, "retry": 1, "held": 1, "waiting": 1}
        assert older.portals == 6
        assert [line.cycle.id for line in cycle_lines(session, before=newest.cycle.id)] == [cycle]
        assert [line.cycle.name for line in cycle_lines(session, kind="manual")] == ["x"]
        assert cycle_line(session, 999) is None


@pytest.mark.parametrize(
    ("result", "expected"),
    [("", 6), ("ok", 2), ("blocked", 1), ("retry", 1), ("held", 1), ("waiting", 1), ("permanent", 0)],
)
def test_portals_of_a_cycle_are_those_of_the_result_asked_for(database: Database, cycle: int, result, expected) -> None:
    with database.reading() as session:
        found = cycle_portals(session, cycle, result=result)
        assert len(found) == expected
        assert not result or {one.result for one in found} <= {result}
        assert (
            not found or len(cycle_portals(session, cycle, result=result, after=found[0].inspection_id)) == expected - 1
        )


def test_shared_causes_name_their_portals(database: Database, cycle: int) -> None:
    with database.reading() as session:
        line = cycle_line(session, cycle)
        assert line is not None
        (cause,) = shared_causes_of(line.cycle)
        assert cause.server_address == "192.0.2.7"
        assert sorted(portal_names(session, cause.portal_ids).values()) == ["站2", "站3"]


# ---------------------------------------------------------------- schedules


def test_a_changed_schedule_is_kept_and_seen_by_the_scheduler(database: Database) -> None:
    with database.writing() as session:
        ensure_schedules(session, default_schedules(), NOW)
    with database.writing() as session:
        night = get_schedule(session, "night")
        later = replace(night, trigger={"cron": "0 23 * * *"}, is_enabled=False)
        assert change_schedule(session, later, NOW + timedelta(hours=1))
        assert not change_schedule(session, later, NOW + timedelta(hours=2))
    with database.writing() as session:
        assert ensure_schedules(session, default_schedules(), NOW) == 0
        kept = get_schedule(session, "night")
        assert (kept.trigger, kept.is_enabled) == ({"cron": "0 23 * * *"}, False)
        assert kept.updated_at == NOW + timedelta(hours=1)
        assert len(list_schedules(session)) == len(default_schedules())
        with pytest.raises(SettingError, match="没有名为"):
            change_schedule(session, replace(night, name="unknown"), NOW)


# ---------------------------------------------------------------- the registry


def test_the_registry_is_searched_filtered_and_counted(database: Database) -> None:
    first, second = add_portal(database, "青禾县人民政府"), add_portal(database, "青禾县财政局")
    with database.writing() as session:
        above = UnitRow(name="县政府")
        session.add(above)
        session.flush()
        below = UnitRow(name="县财政局", parent_id=above.id)
        session.add(below)
        session.flush()
        row = session.get_one(PortalRow, second)
        row.unit_id, row.state, row.region = below.id, "paused", "青禾县"
        unit = above.id
    with database.reading() as session:

        def ids(**words: object) -> list[int]:
            return [one.id for one in registry_page(session, RegistryFilter(**words))]  # type: ignore[arg-type]

        assert ids() == [first, second]
        assert ids(words="财政") == ids(unit=unit) == ids(state="paused") == ids(region="青禾县") == [second]
        assert ids(words="4401230001") == [first, second]
        assert ids(words="%") == []
        assert [one.id for one in registry_page(session, RegistryFilter(), after=first, limit=1)] == [second]
        assert count_registry(session, RegistryFilter(state="paused")) == {"active": 1, "paused": 1}
        assert regions(session) == ["青禾县"]
