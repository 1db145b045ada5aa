"""The first-seen clock of items: when each entry of a column's list was seen, what it showed, what its page said."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, literal_column, select
from sqlalchemy.orm import Session

from gkmonitor.records import Item
from gkmonitor.redating import DatedBy, FormerDay, Redating, TextRun, dated_by, latest_redating
from gkmonitor.storage.base import clean_text
from gkmonitor.storage.item_texts import note_texts, texts_of
from gkmonitor.storage.models import ColumnRow, ItemRow

MAX_ITEMS: Final = 200  # of one column and reading; what stands further down was seen before
MAX_EARLIER: Final = 20  # changes of one item that are kept
MAX_ADDRESS: Final = 2000
LISTED_BYTES: Final = 8  # enough to see a change by; titles and dates are kept in full


# ---------------------------------------------------------------- writing


@dataclass(frozen=True, slots=True)
class Reading:
    """One column's list as it was read now.

    ``texts``: digests of the articles that were opened, by the items' addresses; ``before``: when the column was read
    the last time.
    """

    column: ColumnRow
    items: Sequence[Item]
    texts: Mapping[str, str]
    before: datetime | None


def observe_items(session: Session, readings: Sequence[Reading], now: datetime) -> None:
    standing = _standing(session, [one.column.id for one in readings])
    opened: list[tuple[ItemRow, bytes]] = []
    for one in readings:
        known = standing.get(one.column.id, {})
        current = {item_key(item): item for item in one.items[:MAX_ITEMS]}
        returned = _returned(session, one.column.id, [key for key in current if key not in known])
        for key, item in current.items():
            entry = known.get(key) or returned.get(key)
            if entry is None:
                entry = _new_item(one.column.id, key, item, now)
                session.add(entry)
            else:
                _update(entry, item, now)
            if item.url in one.texts:
                opened.append((entry, bytes.fromhex(one.texts[item.url])))
        for key, entry in known.items():
            if key not in current:
                entry.last_seen = one.before or now
    if opened:
        session.flush()  # new items have their ids from now on
        note_texts(session, {entry.id: digest for entry, digest in opened}, now)


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
        url=clean_text(item.url)[:MAX_ADDRESS],
        title=clean_text(item.title),
        published=item.published,
        first_seen=now,
        earlier=[],
        listed_digest=listed_digest(item),
        dated_by=_kept(dated_by(item)),
    )


def _update(entry: ItemRow, item: Item, now: datetime) -> None:
    """The item stands here again or still; a changed title or date is kept with the day on which it changed."""
    if entry.last_seen is not None:
        entry.last_seen = None
    listed = listed_digest(item)
    if entry.listed_digest == listed:
        _learn_day(entry, item, now)
        return
    title = clean_text(item.title)
    if entry.listed_digest is not None or entry.title != title or entry.published != item.published:
        _note_earlier(entry, now)
        entry.title, entry.published = title, item.published
    entry.listed_digest, entry.dated_by = listed, _kept(dated_by(item))


def _learn_day(entry: ItemRow, item: Item, now: datetime) -> None:
    """The list shows what it showed; but the item's page may have been opened this time, or have another date now.

    A day learned from the page is not taken back when nobody opened it, and gives way only to another such day.
    """
    by, known = dated_by(item), day_source(entry)
    if item.published in (None, entry.published) and by is not DatedBy.PAGE:
        return
    if known is DatedBy.PAGE and by is not DatedBy.PAGE:
        return
    if known is DatedBy.PAGE and entry.published != item.published:
        _note_earlier(entry, now)
    if entry.published != item.published or known is not by:
        entry.published, entry.dated_by = item.published, _kept(by)


def _note_earlier(entry: ItemRow, now: datetime) -> None:
    before: dict[str, Any] = {
        "title": entry.title,
        "published": entry.published.isoformat() if entry.published else None,
        "by": day_source(entry),
        "until": now.isoformat(),
    }
    entry.earlier = [*entry.earlier, before][-MAX_EARLIER:]


def item_key(item: Item) -> str:
    """What makes an item the same item: its address, or its title where it has none."""
    text = item.url or item.title
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]


def listed_digest(item: Item) -> bytes:
    """Eight bytes that change when the list's entry does: its title (NFKC, blanks), the day it shows, its address.

    A day that the list does not show (read on the article's page, or out of the address) is no part of it.
    """
    title = "".join(unicodedata.normalize("NFKC", item.title).split())
    is_shown = item.published is not None and not (item.date_source or "").startswith(("article", "url"))
    day = item.published.isoformat() if is_shown and item.published else ""
    text = f"{title}\n{day}\n{item.url}"
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=LISTED_BYTES).digest()


def _kept(by: DatedBy | None) -> DatedBy | None:
    """What the row says of it: nothing where the list prints the day, as nearly all do."""
    return None if by is DatedBy.LIST else by


def day_source(entry: ItemRow) -> DatedBy | None:
    """Who printed the day that the row holds; OTHER for one that an earlier release left."""
    if entry.published is None:
        return None
    if entry.listed_digest is None:
        return DatedBy.OTHER
    return DatedBy(entry.dated_by) if entry.dated_by else DatedBy.LIST


# ---------------------------------------------------------------- reading


def items_of(session: Session, portal_id: int, key: str) -> list[Mapping[str, Any]]:
    """The items of one column with their sightings, newest first sighting first.

    ``path``: the column's; ``by``: who prints the day (``DatedBy``); ``earlier``: what the list showed before (title,
    published, by, until); ``texts``: the texts of the article where it was opened, the oldest first (``TextRun``).
    """
    return _sightings(session, ColumnRow.portal_id == portal_id, ColumnRow.column_key == key)


def _sightings(session: Session, *which: ColumnElement[bool]) -> list[Mapping[str, Any]]:
    rows = session.execute(
        select(ItemRow, ColumnRow)
        .join(ColumnRow, ColumnRow.id == ItemRow.column_id)
        .where(*which)
        .order_by(ItemRow.first_seen.desc(), ItemRow.id)
    ).all()
    texts = texts_of(session, [item.id for item, _ in rows])
    return [
        {
            "title": item.title,
            "url": item.url,
            "path": tuple(column.path),
            "published": item.published,
            "by": day_source(item),
            "first_seen": item.first_seen,
            "last_seen": item.last_seen or column.last_read,
            "is_standing": item.last_seen is None,
            "earlier": list(item.earlier),
            "listed_digest": item.listed_digest.hex() if item.listed_digest else None,
            "texts": tuple(texts.get(item.id, ())),
        }
        for item, column in rows
    ]


@dataclass(frozen=True, slots=True)
class RedatedItem:
    """An item that came to stand under a later day; ``redating`` is the last time that this happened."""

    path: tuple[str, ...]  # of its column
    title: str
    url: str
    first_seen: datetime
    is_standing: bool
    redating: Redating


def redated_items(session: Session, portal_id: int, key: str | None = None) -> list[RedatedItem]:
    """The items of one column, or of all, whose address came to stand under a later day, the newest change first.

    Whether their text stayed the same is told where their pages were opened before and after; an item without an
    address of its own is known by its title only and never told. Index ``ix_items_changed``.
    """
    which = [ColumnRow.portal_id == portal_id, ItemRow.earlier != literal_column("'[]'")]
    if key is not None:
        which.append(ColumnRow.column_key == key)
    found = [
        RedatedItem(one["path"], one["title"], one["url"], one["first_seen"], one["is_standing"], redating)
        for one in _sightings(session, *which)
        if one["url"] and (redating := redating_of(one)) is not None
    ]
    return sorted(found, key=lambda one: one.redating.noticed_at, reverse=True)


def redating_of(sightings: Mapping[str, Any]) -> Redating | None:
    """The last re-dating of an item, from what ``items_of`` says of it."""
    return latest_redating(former_days(sightings), sightings["published"], sightings["by"], sightings["texts"])


def redating_now(sightings: Mapping[str, Any], item: Item, digest: str | None, now: datetime) -> Redating | None:
    """The same with what is seen of the item now and not stored yet; ``digest``: of its text where it was opened."""
    former, by, texts = former_days(sightings), dated_by(item), list(sightings["texts"])
    if (item.published, by) != (sightings["published"], sightings["by"]):
        former.append(FormerDay(sightings["published"], sightings["by"], now))
    if digest is not None:
        texts.append(TextRun(digest, now, now))
    return latest_redating(former, item.published, by, texts)


def former_days(sightings: Mapping[str, Any]) -> list[FormerDay]:
    """The days that the item had before, the oldest first."""
    return [
        FormerDay(
            date.fromisoformat(one["published"]) if one["published"] else None,
            DatedBy(one["by"]) if one.get("by") else None,  # nothing was noted by earlier releases
            datetime.fromisoformat(one["until"]),
        )
        for one in sightings["earlier"]
    ]
