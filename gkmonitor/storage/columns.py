"""The first-seen clock: columns and items of each portal, with their first and last sightings."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from gkmonitor.ledger.subjects import key_of
from gkmonitor.records import ColumnFacts, Item, KnownColumn, Subject
from gkmonitor.storage.base import clean_text
from gkmonitor.storage.models import ColumnRow, ItemRow

MAX_ITEMS: Final = 200  # of one column and reading; what stands further down was seen before
MAX_EARLIER: Final = 20  # changes of one item that are kept
_MAX_ADDRESS: Final = 2000


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
    lists: list[tuple[ColumnRow, Sequence[Item], datetime | None]] = []
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
            clean_text(column.url)[:_MAX_ADDRESS],
            now,
            None,
        )
        if column.state is None:
            before = row.last_read
            row.last_read, row.last_items = now, len(column.items)
            row.newest = column.listing.newest if column.listing else None
            if key in normal:
                row.last_normal = now
            lists.append((row, column.items[:MAX_ITEMS], before))
    session.flush()
    _observe_items(session, lists, now)


def _observe_items(
    session: Session, lists: Sequence[tuple[ColumnRow, Sequence[Item], datetime | None]], now: datetime
) -> None:
    standing = _standing(session, [row.id for row, _, _ in lists])
    for row, items, before in lists:
        known = standing.get(row.id, {})
        current = {item_key(item): item for item in items}
        returned = _returned(session, row.id, [key for key in current if key not in known])
        for key, item in current.items():
            entry = known.get(key) or returned.get(key)
            if entry is None:
                session.add(_new_item(row.id, key, item, now))
            else:
                _update(entry, item, now)
        for key, entry in known.items():
            if key not in current:
                entry.last_seen = before or now


def _standing(session: Session, column_ids: Sequence[int]) -> dict[int, dict[str, ItemRow]]:
    """The items that stood in these columns when they were last read."""
    found: dict[int, dict[str, ItemRow]] = {}
    query = select(ItemRow).where(ItemRow.column_id.in_(list(column_ids)), ItemRow.last_seen.is_(None))
    for item in session.scalars(query):
        found.setdefault(item.column_id, {})[item.item_key] = item
    return found


def _returned(session: Session, column_id: int, keys: Sequence[str]) -> dict[str, ItemRow]:
    if not keys:
        return {}
    query = select(ItemRow).where(ItemRow.column_id == column_id, ItemRow.item_key.in_(list(keys)))
    return {item.item_key: item for item in session.scalars(query)}


def _new_item(column_id: int, key: str, item: Item, now: datetime) -> ItemRow:
    return ItemRow(
        column_id=column_id,
        item_key=key,
        url=clean_text(item.url)[:_MAX_ADDRESS],
        title=clean_text(item.title),
        published=item.published,
        first_seen=now,
        earlier=[],
    )


def _update(entry: ItemRow, item: Item, now: datetime) -> None:
    """The item stands here again or still; a changed title or date is kept with the day on which it changed."""
    if entry.last_seen is not None:
        entry.last_seen = None
    title = clean_text(item.title)
    if entry.title != title or entry.published != item.published:
        before: dict[str, Any] = {
            "title": entry.title,
            "published": entry.published.isoformat() if entry.published else None,
            "until": now.isoformat(),
        }
        entry.earlier = [*entry.earlier, before][-MAX_EARLIER:]
        entry.title, entry.published = title, item.published


def item_key(item: Item) -> str:
    """What makes an item the same item: its address, or its title where it has none."""
    text = item.url or item.title
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]


def items_of(session: Session, portal_id: int, key: str) -> list[Mapping[str, Any]]:
    """The items of one column with their sightings, newest first sighting first."""
    query = (
        select(ItemRow, ColumnRow.last_read)
        .join(ColumnRow, ColumnRow.id == ItemRow.column_id)
        .where(ColumnRow.portal_id == portal_id, ColumnRow.column_key == key)
        .order_by(ItemRow.first_seen.desc(), ItemRow.id)
    )
    return [
        {
            "title": item.title,
            "url": item.url,
            "published": item.published,
            "first_seen": item.first_seen,
            "last_seen": item.last_seen or last_read,
            "is_standing": item.last_seen is None,
            "earlier": list(item.earlier),
        }
        for item, last_read in session.execute(query)
    ]
