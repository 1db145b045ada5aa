"""The outbox: notices that wait, are being sent, were sent or could not be."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from gkmonitor.ledger.records import Event, EventKind
from gkmonitor.notifying.records import News, Waiting
from gkmonitor.registry.records import Channel, Contact
from gkmonitor.storage.events import event_of
from gkmonitor.storage.models import ChainHeadRow, ContactRow, EventRow, NoticeRow
from gkmonitor.storage.upserting import insert_missing

CURSOR: Final = "notices"  # up to which event news were written
MAX_EVENTS: Final = 2000  # in one transaction
LOST_AFTER: Final = timedelta(hours=1)  # a sender that has not come back is dead


def new_events(session: Session) -> list[Event]:
    """Events after the cursor, in order, at most 2,000. Holds the cursor until the end of the transaction."""
    insert_missing(session, ChainHeadRow, [{"name": CURSOR, "event_id": 0, "digest": ""}], ["name"])
    head = session.scalars(select(ChainHeadRow).where(ChainHeadRow.name == CURSOR).with_for_update()).one()
    query = select(EventRow).where(EventRow.id > head.event_id).order_by(EventRow.id).limit(MAX_EVENTS)
    return [event_of(row) for row in session.scalars(query)]


def remember(session: Session, events: Sequence[Event]) -> None:
    """Moves the cursor behind these events."""
    if events:
        session.execute(
            update(ChainHeadRow).where(ChainHeadRow.name == CURSOR).values(event_id=max(one.id for one in events))
        )


def was_notified(session: Session, case_id: int, *, before: int) -> bool:
    """Whether the portal's contacts were told of the case before this event."""
    query = select(func.count()).where(
        EventRow.case_id == case_id, EventRow.kind == EventKind.NOTIFIED.value, EventRow.id < before
    )
    return bool(session.scalar(query))


def add(session: Session, news: Sequence[News], *, now: datetime) -> int:
    """Puts news into the outbox; news that are there already are left alone. How many were new."""
    rows = [
        {
            "contact_id": one.contact_id,
            "event_id": one.event_id,
            "unique_key": one.key,
            "subject": one.subject[:300],
            "body": one.body,
            "state": "waiting",
            "attempts": 0,
            "send_after": one.send_after,
            "created_at": now,
        }
        for one in news
    ]
    return insert_missing(session, NoticeRow, rows, ["unique_key"])


def claim_due(session: Session, now: datetime) -> list[Waiting]:
    """Marks what is due as being sent, joined by contact: nobody else takes it. News for nobody are dropped."""
    is_lost = (NoticeRow.state == "sending") & (NoticeRow.claimed_at < now - LOST_AFTER)
    query = (
        select(NoticeRow)
        .where(or_(NoticeRow.state == "waiting", is_lost), NoticeRow.send_after <= now)
        .order_by(NoticeRow.id)
        .with_for_update(skip_locked=True)
    )
    by_contact: dict[int, list[NoticeRow]] = {}
    for row in session.scalars(query):
        if row.contact_id is None:
            row.state = "dropped"
            continue
        row.state, row.claimed_at = "sending", now
        by_contact.setdefault(row.contact_id, []).append(row)
    contacts = {one.id: one for one in session.scalars(select(ContactRow).where(ContactRow.id.in_(by_contact)))}
    return [_waiting(contacts[contact_id], rows) for contact_id, rows in by_contact.items()]


def _waiting(contact: ContactRow, rows: Sequence[NoticeRow]) -> Waiting:
    told = Contact(
        contact.id,
        contact.portal_id,
        contact.unit_id,
        contact.name,
        Channel(contact.channel),
        contact.address,
        contact.preferences,
    )
    return Waiting(
        told,
        tuple(row.id for row in rows),
        tuple(row.subject for row in rows),
        tuple(row.body for row in rows),
        max(row.attempts for row in rows),
    )


def mark_sent(session: Session, notice_ids: Sequence[int], now: datetime) -> None:
    session.execute(
        update(NoticeRow)
        .where(NoticeRow.id.in_(list(notice_ids)))
        .values(state="sent", sent_at=now, attempts=NoticeRow.attempts + 1, error=None)
    )


def mark_failed(session: Session, notice_ids: Sequence[int], error: str, *, again: datetime | None) -> None:
    """The message did not go out; ``again`` None: it is given up and shown to the office."""
    changes = {"state": "waiting", "send_after": again} if again is not None else {"state": "failed"}
    session.execute(
        update(NoticeRow)
        .where(NoticeRow.id.in_(list(notice_ids)))
        .values(error=error[:1000], attempts=NoticeRow.attempts + 1, **changes)
    )


def counts_by_state(session: Session) -> dict[str, int]:
    query = select(NoticeRow.state, func.count()).group_by(NoticeRow.state)
    return {state: number for state, number in session.execute(query)}  # noqa: C416 - rows are no pairs to mypy
