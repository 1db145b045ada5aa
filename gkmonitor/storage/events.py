"""Events: appended under the chain head's lock, read, and verified. Never changed; the database refuses it too."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from gkmonitor.ledger.chain import FIRST_DIGEST, first_fault, make_event
from gkmonitor.ledger.records import ChainFault, Event, NewEvent
from gkmonitor.storage.models import CaseRow, ChainHeadRow, EventRow
from gkmonitor.storage.upserting import insert_missing

CHAIN: Final = "events"
CHUNK: Final = 2000  # events read at once while the chain is verified


def append_events(
    session: Session, events: Sequence[tuple[int, NewEvent]], *, actor: str, now: datetime
) -> list[Event]:
    """Adds events (case id, event) to the chain, in order. The cases must be stored and locked already."""
    if not events:
        return []
    session.flush()
    head = _locked_head(session)
    added: list[Event] = []
    number, digest = head.event_id, head.digest
    for case_id, new in events:
        event = make_event(new, number=number + 1, case_id=case_id, at=now, actor=actor, previous_digest=digest)
        session.add(_row_of(event))
        added.append(event)
        number, digest = event.id, event.digest
    head.event_id, head.digest = number, digest
    session.flush()
    return added


def events_of(session: Session, case_id: int) -> list[Event]:
    """The life of one case, in order."""
    rows = session.scalars(select(EventRow).where(EventRow.case_id == case_id).order_by(EventRow.id))
    return [event_of(row) for row in rows]


def chain_head(session: Session) -> tuple[int, str] | None:
    """Number and digest of the last event as kept apart from the events; None before the first one."""
    head = session.get(ChainHeadRow, CHAIN)
    return (head.event_id, head.digest) if head is not None else None


def verify_chain(session: Session) -> ChainFault | None:
    """The first thing that is wrong with the ledger: a changed, removed or inserted event, or a changed case."""
    found = session.execute(select(CaseRow.id, CaseRow.state))
    states = {case_id: state for case_id, state in found}  # noqa: C416 - rows are no pairs to the type checker
    return first_fault(_every_event(session), chain_head(session), states)


def event_of(row: EventRow) -> Event:
    """The record of a row; words that are no known ones stay as they are, for the chain to judge."""
    before: Any = row.state_before
    kind: Any = row.kind
    after: Any = row.state_after
    return Event(
        id=row.id,
        case_id=row.case_id,
        at=row.at,
        actor=row.actor,
        kind=kind,
        before=before,
        after=after,
        reason=row.reason,
        details=row.details,
        previous_digest=row.previous_digest,
        digest=row.digest,
    )


def _row_of(event: Event) -> EventRow:
    return EventRow(
        id=event.id,
        case_id=event.case_id,
        at=event.at,
        actor=event.actor,
        kind=event.kind.value,
        state_before=event.before.value if event.before else None,
        state_after=event.after.value,
        reason=event.reason,
        details=dict(event.details),
        previous_digest=event.previous_digest,
        digest=event.digest,
    )


def _locked_head(session: Session) -> ChainHeadRow:
    """The head, locked until the transaction ends, so that the chain never forks; made when there is none."""
    insert_missing(session, ChainHeadRow, [{"name": CHAIN, "event_id": 0, "digest": FIRST_DIGEST}], ["name"])
    query = select(ChainHeadRow).where(ChainHeadRow.name == CHAIN).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).one()


def _every_event(session: Session) -> Iterator[Event]:
    last = -1
    while True:
        query = select(EventRow).where(EventRow.id > last).order_by(EventRow.id).limit(CHUNK)
        rows = session.scalars(query).all()
        if not rows:
            return
        yield from map(event_of, rows)
        last = rows[-1].id
        session.expunge_all()  # millions of events must not pile up in the session
