"""Our own clock: when each column and item was first and last seen, and whether portals answered."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from gkmonitor.storage.base import JSON_TYPE, Base, Key, Word

CHANGED: Final = "earlier <> '[]'"  # of an item; as the index has it, so that both databases walk along it


class ColumnRow(Base):
    """One column of one portal through time; ``column_key`` survives a move to another address."""

    __tablename__ = "columns"
    __table_args__ = (UniqueConstraint("portal_id", "column_key"),)

    id: Mapped[Key]
    portal_id: Mapped[int] = mapped_column(ForeignKey("portals.id"))
    column_key: Mapped[str] = mapped_column(String(64))
    concept: Mapped[str | None] = mapped_column(String(80))
    path: Mapped[list[str]] = mapped_column(JSON_TYPE)
    url: Mapped[str] = mapped_column(String(2000))
    first_seen: Mapped[datetime]
    last_seen: Mapped[datetime]  # offered by a menu
    last_read: Mapped[datetime | None]
    last_normal: Mapped[datetime | None]  # read and not found wanting: 最近一次监测正常
    last_items: Mapped[int | None]
    newest: Mapped[date | None]
    retired_at: Mapped[datetime | None]  # given up by a person: the portal was rebuilt without it


class ItemRow(Base):
    """One item of a column: first and last sighting of its title and of the date that it prints.

    ``last_seen`` is None while the item stands in the list: it was seen whenever its column was read. So an item costs
    a write when it comes, when it changes and when it goes, and none in all the nights between.
    """

    __tablename__ = "items"
    __table_args__ = (
        UniqueConstraint("column_id", "item_key"),
        Index(None, "first_seen", postgresql_using="brin"),  # what came in one month; the rows come in this order
        # the few that changed: what was dated anew on one portal
        Index("ix_items_changed", "column_id", sqlite_where=text(CHANGED), postgresql_where=text(CHANGED)),
    )

    id: Mapped[Key]
    column_id: Mapped[int] = mapped_column(ForeignKey("columns.id"))
    item_key: Mapped[str] = mapped_column(String(64))  # digest of the address, or of the title where there is none
    url: Mapped[str] = mapped_column(String(2000))
    title: Mapped[str] = mapped_column(Text)
    published: Mapped[date | None]
    first_seen: Mapped[datetime]
    last_seen: Mapped[datetime | None]
    earlier: Mapped[list[dict[str, Any]]] = mapped_column(JSON_TYPE, default=list, server_default="[]")
    listed_digest: Mapped[bytes | None] = mapped_column(LargeBinary(8))  # of what the list shows; None: not yet noted
    dated_by: Mapped[str | None] = mapped_column(Word)  # page, other; None: the list itself prints the day


class ItemTextRow(Base):
    """One text of an item's article: from when till when it was read there, text after text.

    Most items are never opened, so this is no part of ``items``; an opened one costs a small row for each text that it
    has had, and a change of ``last_seen`` for each time that it is opened again.
    """

    __tablename__ = "item_texts"
    __table_args__ = ({"sqlite_with_rowid": False},)

    item_id: Mapped[int] = mapped_column(ForeignKey("items.id"), primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # 1 for the first text, 2 after a change
    digest: Mapped[bytes] = mapped_column(LargeBinary(16))
    first_seen: Mapped[datetime]
    last_seen: Mapped[datetime]


class ProbeRow(Base):
    """One availability probe; kept for some days, then summed up in ``probe_days``."""

    __tablename__ = "probes"
    # the window of one portal, and what the retention of probes deletes
    __table_args__ = (Index(None, "portal_id", "at"), Index(None, "at"))

    id: Mapped[Key]
    portal_id: Mapped[int] = mapped_column(ForeignKey("portals.id"))
    at: Mapped[datetime]
    outcome: Mapped[str] = mapped_column(Word)  # up, down, blocked, void
    status: Mapped[int | None]
    milliseconds: Mapped[int | None]
    scheme: Mapped[str | None] = mapped_column(Word)
    detail: Mapped[str | None] = mapped_column(String(200))


class ProbeDayRow(Base):
    """One portal's probes of one day (in the portal's own calendar)."""

    __tablename__ = "probe_days"
    __table_args__ = (UniqueConstraint("portal_id", "day"),)

    id: Mapped[Key]
    portal_id: Mapped[int] = mapped_column(ForeignKey("portals.id"))
    day: Mapped[date]
    up: Mapped[int] = mapped_column(default=0)
    down: Mapped[int] = mapped_column(default=0)
    blocked: Mapped[int] = mapped_column(default=0)
    void: Mapped[int] = mapped_column(default=0)
    slowest_milliseconds: Mapped[int | None]
