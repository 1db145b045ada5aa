"""The first-seen clock: the columns of each portal, with their first and last sightings."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from gkmonitor.ledger.subjects import key_of
from gkmonitor.records import ColumnFacts, KnownColumn, Subject
from gkmonitor.storage.base import clean_text
from gkmonitor.storage.items import MAX_ADDRESS, Reading, observe_items
from gkmonitor.storage.models import ColumnRow


def known_columns(session: Session, portal_id: int) -> dict[str, KnownColumn]:
    """Every column that earlier inspections saw and nobody has given up, by its key."""
    query = select(ColumnRow).where(ColumnRow.portal_id == portal_id, ColumnRow.retired_at.is_(None))
    return {
        row.column_key: KnownColumn(
            row.concept, tuple(row.path), row.url, row.last_seen, row.last_normal, row.last_items, row.newest
        )
        for row in session.scalars(query)
    }


def column_key(column: ColumnFacts) -> str:
    """The key that a column has in the ledger too: it keeps it when it moves to another address."""
    return key_of(Subject(column.concept, column.name, column.url, column.path or (column.name,)))


def columns_by_key(columns: Iterable[ColumnFacts]) -> dict[str, list[ColumnFacts]]:
    """The columns of one inspection by key; the one that was read best comes first."""
    found: dict[str, list[ColumnFacts]] = {}
    for column in columns:
        found.setdefault(column_key(column), []).append(column)
    for alike in found.values():
        alike.sort(key=lambda one: (one.state is not None, -len(one.items)))
    return found


def retire_unseen(session: Session, portal_id: int, since: datetime) -> int:
    """Gives up every column that was not seen since: a person has said that the portal was rebuilt; how many."""
    query = update(ColumnRow).where(
        ColumnRow.portal_id == portal_id, ColumnRow.last_seen < since, ColumnRow.retired_at.is_(None)
    )
    return session.connection().execute(query.values(retired_at=since)).rowcount


def observe(
    session: Session,
    portal_id: int,
    columns: Iterable[ColumnFacts],
    *,
    normal: Collection[str],
    now: datetime,
) -> None:
    """Records what one inspection saw. ``normal``: keys of the columns that were read and not found wanting.

    An observation older than what is recorded already (a retried job, a day judged again) changes nothing.
    """
    seen = columns_by_key(columns)
    rows = {row.column_key: row for row in session.scalars(select(ColumnRow).where(ColumnRow.portal_id == portal_id))}
    readings: list[Reading] = []
    for key, alike in seen.items():
        column = alike[0]
        row = rows.get(key)
        if row is None:
            row = ColumnRow(portal_id=portal_id, column_key=key, concept=column.concept, first_seen=now, last_seen=now)
            session.add(row)
        elif row.last_seen > now:
            continue
        row.path, row.url, row.last_seen, row.retired_at = (
            list(column.path),
            clean_text(column.url)[:MAX_ADDRESS],
            now,
            None,
        )
        if column.state is None:
            before = row.last_read
            row.last_read, row.last_items = now, len(column.items)
            row.newest = column.listing.newest if column.listing else None
            if key in normal:
                row.last_normal = now
            readings.append(Reading(row, column.items, column.text_digests, before))
    session.flush()
    observe_items(session, readings, now)
