"""The clock is moved back an hour: nothing opens, nothing crashes, work goes on. On both databases."""

from __future__ import annotations

from datetime import timedelta

from facts_builder import column, items
from ledger_builder import DAY, OK, START, Ledger, verdict
from sqlalchemy import select

from gkmonitor.ledger.records import State
from gkmonitor.storage import Database, jobs
from gkmonitor.storage.cases import verify_chain
from gkmonitor.storage.columns import column_key, known_columns, observe
from gkmonitor.storage.models import ItemRow

BACK = timedelta(hours=-1)


def test_an_observation_from_before_the_last_one_opens_nothing(database: Database) -> None:
    ledger = Ledger(database)
    ledger.inspect([verdict()])
    seen = ledger.case
    ledger.inspect([verdict()], after=BACK)
    assert (ledger.case.state, ledger.case.observations) == (State.SUSPECTED, 1)
    assert ledger.case.last_seen == seen.last_seen
    ledger.inspect([verdict()], after=DAY)
    assert (ledger.case.state, ledger.case.observations) == (State.OPEN, 2)
    with database.reading() as session:
        assert verify_chain(session) is None


def test_two_clean_looks_an_hour_back_mend_nothing(database: Database) -> None:
    ledger = Ledger(database)
    ledger.inspect_times(2, [verdict()])
    for _ in range(2):
        ledger.inspect([verdict(OK)], after=BACK)
    assert (ledger.case.state, ledger.case.cleans) == (State.OPEN, 0)


def test_the_first_seen_clock_never_runs_backwards(database: Database) -> None:
    portal = Ledger(database).portal
    news = column("工作动态", "news", items(START.date()))

    def look(at_hour: int) -> None:
        with database.writing() as session:
            observe(session, portal, [news], normal={column_key(news)}, now=START + timedelta(hours=at_hour))

    look(2)
    look(1)
    with database.reading() as session:
        known = known_columns(session, portal)[column_key(news)]
        firsts = set(session.scalars(select(ItemRow.first_seen)))
    assert (known.last_seen, known.last_normal) == (START + timedelta(hours=2),) * 2
    assert firsts == {START + timedelta(hours=2)}


def test_what_was_to_run_at_once_does_not_wait_for_the_clock_to_come_back(database: Database) -> None:
    with database.writing() as session:
        jobs.enqueue(session, "day", {}, now=START)
        jobs.enqueue(session, "news", {}, now=START, run_after=START + timedelta(minutes=5))
        taken = jobs.take(session, "a", START + BACK)
        assert taken is not None
        assert taken.name == "day"
        assert jobs.beat(session, taken.id, "a", START + BACK)
        assert jobs.take_back_stalled(session, START + BACK) == (0, 0)
        assert jobs.finish(session, taken.id, "a", START + BACK)
        assert jobs.take(session, "a", START + BACK) is None
        later = jobs.take(session, "a", START + timedelta(minutes=5))
        assert later is not None
        assert later.name == "news"
