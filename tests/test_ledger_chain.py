"""The chain of events: whoever changes, removes, adds or swaps anything behind the program's back is found out."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from ledger_builder import OK, Ledger, verdict
from sqlalchemy import select, text
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from gkmonitor.cli.main import app
from gkmonitor.errors import StorageError
from gkmonitor.ledger.chain import digest_of
from gkmonitor.ledger.records import EventKind
from gkmonitor.storage import Database
from gkmonitor.storage.cases import verify_chain
from gkmonitor.storage.events import event_of
from gkmonitor.storage.models import ChainHeadRow, EventRow


@pytest.fixture
def ledger(database: Database) -> Ledger:
    """A life of six events: found, opened, confirmed, notified, clean_seen, rectified."""
    told = Ledger(database)
    told.inspect_times(2, [verdict()])
    told.decide(EventKind.CONFIRMED)
    told.decide(EventKind.NOTIFIED, deadline=told.today, note="已电话告知")
    told.inspect_times(2, [verdict(OK)])
    return told


def fault_of(ledger: Ledger) -> Any:
    with ledger.database.reading() as session:
        return verify_chain(session)


def fault_after(ledger: Ledger, act: Callable[[Session], object], *, is_kept: bool = False) -> Any:
    """What is found after a change by somebody who may drop the guards first; the change is undone unless kept."""
    with ledger.database.writing() as session:
        if ledger.database.is_sqlite:
            for word in ("update", "delete"):
                session.execute(text(f"DROP TRIGGER events_refuse_{word}"))
        else:
            session.execute(text("ALTER TABLE events DISABLE TRIGGER ALL"))
        act(session)
        session.flush()
        fault = verify_chain(session)
        if not is_kept:
            session.rollback()
    return fault


def run(statement: str) -> Callable[[Session], object]:
    return lambda session: session.execute(text(statement))


def test_an_untouched_chain_holds(ledger: Ledger) -> None:
    assert fault_of(ledger) is None


def test_an_empty_ledger_holds(database: Database) -> None:
    with database.reading() as session:
        assert verify_chain(session) is None


def test_the_database_refuses_to_change_or_remove_events(ledger: Ledger) -> None:
    for change in (
        "UPDATE events SET reason = 'x' WHERE id = 3",
        "DELETE FROM events WHERE id = 6",
        "DELETE FROM events",
    ):
        with pytest.raises(StorageError, match="append-only"), ledger.database.writing() as session:
            session.execute(text(change))
    assert fault_of(ledger) is None


def test_postgresql_refuses_to_empty_the_table_of_events(ledger: Ledger) -> None:
    if ledger.database.is_sqlite:
        return  # it has no TRUNCATE
    with pytest.raises(StorageError, match="append-only"), ledger.database.writing() as session:
        session.execute(text("TRUNCATE events CASCADE"))


CHANGES = {
    "who": "UPDATE events SET actor = '李四' WHERE id = 3",
    "when": "UPDATE events SET at = '2026-01-01 00:00:00+00:00' WHERE id = 3",
    "what": "UPDATE events SET kind = 'dismissed' WHERE id = 3",
    "before": "UPDATE events SET state_before = 'suspected' WHERE id = 3",
    "after": "UPDATE events SET state_after = 'dismissed' WHERE id = 3",
    "why": "UPDATE events SET reason = 'other' WHERE id = 3",
    "details": """UPDATE events SET details = '{"note": "没有告知"}' WHERE id = 4""",
    "digest": "UPDATE events SET digest = 'x' WHERE id = 3",
    "previous digest": "UPDATE events SET previous_digest = 'x' WHERE id = 3",
}


def test_a_changed_field_of_an_event_is_found_at_that_event(ledger: Ledger) -> None:
    found = {what: fault_after(ledger, run(statement)) for what, statement in CHANGES.items()}
    assert {what: fault.event_id for what, fault in found.items()} == {**dict.fromkeys(CHANGES, 3), "details": 4}


REMOVALS = {
    "in the middle": ("DELETE FROM events WHERE id = 3", 3),
    "the first": ("DELETE FROM events WHERE id = 1", 1),
    "the last": ("DELETE FROM events WHERE id = 6", 6),
    "the last two": ("DELETE FROM events WHERE id >= 5", 5),
    "all": ("DELETE FROM events", 1),
}


def test_a_removed_event_is_found_wherever_it_stood(ledger: Ledger) -> None:
    found = {where: fault_after(ledger, run(statement)) for where, (statement, _) in REMOVALS.items()}
    assert {where: fault.event_id for where, fault in found.items()} == {w: event for w, (_, event) in REMOVALS.items()}


def test_an_event_that_was_sealed_again_by_itself_no_longer_fits_the_next(ledger: Ledger) -> None:
    def forge(session: Session) -> None:
        row = session.scalars(select(EventRow).where(EventRow.id == 3)).one()
        row.actor = "李四"
        row.digest = digest_of(event_of(row))

    fault = fault_after(ledger, forge)
    assert fault is not None
    assert fault.event_id == 4


def test_a_forged_last_event_does_not_fit_the_head(ledger: Ledger) -> None:
    def forge(session: Session) -> None:
        row = session.scalars(select(EventRow).where(EventRow.id == 6)).one()
        row.reason = "x"
        row.digest = digest_of(event_of(row))

    fault = fault_after(ledger, forge)
    assert fault is not None
    assert fault.event_id == 6


def test_an_added_event_beyond_the_head_is_found(ledger: Ledger) -> None:
    def forge(session: Session) -> None:
        last = session.scalars(select(EventRow).where(EventRow.id == 6)).one()
        row = EventRow(
            id=7,
            case_id=last.case_id,
            at=last.at,
            actor="李四",
            kind="closed",
            state_before="rectified",
            state_after="closed",
            reason=None,
            details={},
            previous_digest=last.digest,
            digest="",
        )
        row.digest = digest_of(event_of(row))
        session.add(row)

    fault = fault_after(ledger, forge)
    assert fault is not None
    assert fault.event_id == 7


def test_a_changed_or_removed_head_is_found(ledger: Ledger) -> None:
    for change in (
        "UPDATE chain_heads SET event_id = 5",
        "UPDATE chain_heads SET digest = 'x'",
        "DELETE FROM chain_heads",
    ):
        assert fault_after(ledger, run(change)) is not None, change


def test_a_case_whose_row_was_changed_by_hand_is_found(ledger: Ledger) -> None:
    fault = fault_after(ledger, run("UPDATE cases SET state = 'dismissed'"))
    assert fault is not None
    assert (fault.event_id, fault.case_id) == (None, ledger.case.id)


def test_a_case_that_was_put_in_without_an_event_is_found(ledger: Ledger) -> None:
    columns = "portal_id, rule, severity, state, found_by, message, first_seen, last_seen, observations, cleans"
    more = 'repeats, verdict, version, is_overdue, subject, "check"'
    with ledger.database.writing() as session:
        session.execute(
            text(f"INSERT INTO cases (subject_key, {columns}, {more}) SELECT 'forged', {columns}, {more} FROM cases")
        )
    fault = fault_of(ledger)
    assert fault is not None
    assert fault.event_id is None


def test_the_chain_goes_on_after_what_cannot_be_stored_as_it_is(ledger: Ledger) -> None:
    """NUL and lone surrogates come from broken pages; the digest is of what the database keeps."""
    ledger.inspect([verdict(message="列表\x00为空\ud800")])
    assert fault_of(ledger) is None


# ---------------------------------------------------------------- the command


@pytest.fixture
def command(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    from gkmonitor.settings import get_settings

    monkeypatch.setenv("GKMONITOR_DATABASE_URL", database_url)
    get_settings.cache_clear()
    yield lambda *words: CliRunner().invoke(app, list(words))  # type: ignore[misc]
    get_settings.cache_clear()


def test_the_command_exits_0_for_a_whole_chain_and_1_naming_the_first_bad_event(
    ledger: Ledger, command: Callable[..., Any]
) -> None:
    whole = command("ledger", "verify", "--json")
    assert (whole.exit_code, json.loads(whole.stdout)["intact"], json.loads(whole.stdout)["events"]) == (0, True, 6)
    fault_after(ledger, run(CHANGES["who"]), is_kept=True)
    broken = command("ledger", "verify", "--json")
    assert (broken.exit_code, json.loads(broken.stdout)["fault"]["event"]) == (1, 3)
    assert "事件 3" in command("ledger", "verify").stdout


def test_two_transactions_that_write_at_once_make_one_chain(database: Database) -> None:
    """On PostgreSQL the second waits for the head; on SQLite for the database."""
    import threading

    ledgers = [Ledger(database) for _ in range(4)]
    threads = [threading.Thread(target=one.inspect_times, args=(3, [verdict()])) for one in ledgers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as session:
        assert verify_chain(session) is None
        head = session.scalars(select(ChainHeadRow)).one()
    assert head.event_id == 8  # found and opened, four times
