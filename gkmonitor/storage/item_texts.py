"""The texts of items' articles through time, by their digests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from gkmonitor.redating import TextRun
from gkmonitor.storage.models import ItemTextRow

MAX_TEXTS: Final = 20  # of one item: a page that never says the same twice must not fill the database

IDS_AT_ONCE: Final = 1000  # in one question


def note_texts(session: Session, digests: Mapping[int, bytes], now: datetime) -> None:
    """What the articles of these items (by id) say now. The count of changes goes on where old texts are dropped."""
    if not digests:
        return
    newest: dict[int, ItemTextRow] = {}
    query = select(ItemTextRow).where(ItemTextRow.item_id.in_(list(digests)))
    for row in session.scalars(query.order_by(ItemTextRow.item_id, ItemTextRow.number)):
        newest[row.item_id] = row
    for item_id, digest in digests.items():
        last = newest.get(item_id)
        if last is not None and last.digest == digest:
            last.last_seen = now
            continue
        number = last.number + 1 if last is not None else 1
        session.add(ItemTextRow(item_id=item_id, number=number, digest=digest, first_seen=now, last_seen=now))
        if number > MAX_TEXTS:
            _drop_oldest(session, item_id, number - MAX_TEXTS)


def _drop_oldest(session: Session, item_id: int, number: int) -> None:
    session.execute(delete(ItemTextRow).where(ItemTextRow.item_id == item_id, ItemTextRow.number <= number))


def texts_of(session: Session, item_ids: Sequence[int]) -> dict[int, list[TextRun]]:
    """The texts of each of these items that was ever opened, the oldest first, by its id."""
    found: dict[int, list[TextRun]] = {}
    for begin in range(0, len(item_ids), IDS_AT_ONCE):
        query = select(ItemTextRow).where(ItemTextRow.item_id.in_(item_ids[begin : begin + IDS_AT_ONCE]))
        for row in session.scalars(query.order_by(ItemTextRow.item_id, ItemTextRow.number)):
            text = TextRun(row.digest.hex(), row.first_seen, row.last_seen, row.number)
            found.setdefault(row.item_id, []).append(text)
    return found
