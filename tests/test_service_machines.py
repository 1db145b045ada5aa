"""Two nights on PostgreSQL with three workers, of which one is killed in the middle of the second."""

from __future__ import annotations

import signal
import threading
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import psycopg
import pytest
from databases import Postgres, opened
from office_portals import OfficePortal, always, register, running
from service_processes import Processes, processes, wait_for

from gkmonitor.cycles.records import InspectionState
from gkmonitor.jobs import Office
from gkmonitor.ledger.records import State
from gkmonitor.procrastinating import conninfo, open_queue, prepare_schema
from gkmonitor.settings import load_settings
from gkmonitor.storage import inspections
from gkmonitor.storage.cases import events_of, list_cases, verify_chain
from gkmonitor.storage.models import FactsRow, FindingRow

NIGHTS = (date(2035, 6, 5), date(2035, 6, 6))
WORKERS = ("worker-1", "worker-2", "worker-3")
NIGHT_SECONDS = 90.0  # a bound, not an aim


@pytest.fixture
def portals() -> Iterator[list[OfficePortal]]:
    """Six portals, two on each of three servers: from the second night on there are three shards."""
    names = ("水务", "燃气", "公交", "热力", "供电", "环卫")
    made = [
        OfficePortal(f"青禾县{name}集团", {"通知公告": always}, NIGHTS[0], f"127.0.3.{91 + number % 3}")
        for number, name in enumerate(names)
    ]
    with running(made):
        yield made


@pytest.fixture
def address(postgres: Postgres) -> Iterator[str]:
    with postgres.database() as url:
        prepare_schema(url)
        yield url


def begin_night(office: Office, portals: list[OfficePortal], day: date) -> None:
    for portal in portals:
        portal.day = day
    office.queue.enqueue("cycle", {"as_of": day.isoformat()}, now=office.clock())


def is_over(office: Office, nights: int) -> bool:
    with office.database.reading() as session:
        return sum(one.finished_at is not None for one in inspections.latest_cycles(session)) == nights


def jobs_left(address: str) -> int:
    with psycopg.connect(conninfo(address)) as connection:
        query = "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'gkmonitor.run' AND status <> 'succeeded'"
        row = connection.execute(query).fetchone()
    assert row is not None
    return int(row[0])


def kill_a_worker_that_crawls(service: Processes) -> None:
    assert wait_for(lambda: len(set(service.crawls().values())) >= 2, NIGHT_SECONDS), service.words()
    service.kill(next(iter(service.crawls().values())))


def test_a_worker_killed_in_the_night_costs_nothing(address: str, portals: list[OfficePortal], tmp_path: Path) -> None:
    with opened(address) as database, processes(address, tmp_path, GKMONITOR_STALLED_SECONDS="5") as service:
        register(database, portals)
        office = Office(
            database, load_settings(), open_queue(address), lambda: datetime.now(UTC), stopping=threading.Event()
        )
        for name in WORKERS:
            service.start(name)
        begin_night(office, portals, NIGHTS[0])
        assert wait_for(lambda: is_over(office, 1), NIGHT_SECONDS), service.words()
        begin_night(office, portals, NIGHTS[1])
        kill_a_worker_that_crawls(service)
        assert wait_for(lambda: is_over(office, 2), NIGHT_SECONDS), service.words()
        assert wait_for(lambda: jobs_left(address) == 0, NIGHT_SECONDS), service.words()

        living = [process for process in service.running.values() if process.poll() is None]
        for process in living:
            process.send_signal(signal.SIGTERM)
        assert [process.wait(timeout=40) for process in living] == [0, 0]
        check(office, portals)


def check(office: Office, portals: list[OfficePortal]) -> None:
    with office.database.reading() as session:
        cycles = inspections.latest_cycles(session)
        results = [row for cycle in cycles for row in inspections.inspections_of(session, cycle.id)]
        findings = Counter((row.cycle_id, row.portal_id) for row in session.query(FindingRow))
        facts = session.query(FactsRow).count()
        for one in results:
            assert inspections.load_stored_facts(session, one.facts_id or 0).columns
        cases = list_cases(session)
        lives = [[event.kind for event in events_of(session, case.id)] for case in cases]
        assert verify_chain(session) is None
    expected = Counter({(cycle.id, portal.id): 1 for cycle in cycles for portal in portals})
    assert Counter((one.cycle_id, one.portal_id) for one in results) == expected
    assert {(one.state, one.failure) for one in results} == {(InspectionState.DONE, None)}
    assert findings == expected
    assert facts == 12
    assert sorted(case.portal_id for case in cases) == [portal.id for portal in portals]
    assert {case.state for case in cases} == {State.OPEN}
    assert lives == [["found", "opened"]] * 6
    tries = [one.attempts for one in results]
    assert tries.count(1) >= 8  # what the killed worker had was begun again, the rest was not
    assert max(tries) <= 3
