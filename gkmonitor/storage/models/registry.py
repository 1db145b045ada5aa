"""Portals, the units that they belong to, and what an office has noted about them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from gkmonitor.storage.base import JSON_TYPE, Base, Json, Key, Word


class UnitRow(Base):
    """A unit (单位) in the tree of supervision; ``parent_id`` None: the root of a tree."""

    __tablename__ = "units"
    __table_args__ = (UniqueConstraint("name"),)

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(String(200))
    # children of one unit, for the tree
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"), index=True)


class PortalRow(Base):
    """A portal under inspection. The site code is an attribute: several portals may carry one, some carry none."""

    __tablename__ = "portals"

    id: Mapped[Key]
    # import: does this code stand in the registry already?
    site_id_code: Mapped[str | None] = mapped_column(String(40), index=True)
    name: Mapped[str] = mapped_column(String(300))
    url: Mapped[str] = mapped_column(String(2000))
    # normalised address without scheme, what makes two entries the same portal; import and `inspect --site`
    address_key: Mapped[str] = mapped_column(String(700), unique=True)
    organizer: Mapped[str | None] = mapped_column(String(300))
    # portals of one unit, for the tree and for notices
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"), index=True)
    level: Mapped[str | None] = mapped_column(String(40))
    profile: Mapped[str | None] = mapped_column(Word)
    region: Mapped[str | None] = mapped_column(String(100))
    # what a cycle inspects: portals that are active
    state: Mapped[str] = mapped_column(Word, default="active", index=True)  # active, paused, retired
    state_reason: Mapped[str | None] = mapped_column(Text)
    notes: Mapped[Json]  # further columns of the registry file, heads as written
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class PortalChangeRow(Base):
    """One change of a registry entry (imported, renamed, moved, paused, resumed, retired, edited) or of a unit."""

    __tablename__ = "portal_changes"
    __table_args__ = (
        Index(None, "portal_id", "at"),  # the history of one portal, in order
        Index(None, "unit_id", "at"),  # the history of one unit, in order
    )

    id: Mapped[Key]
    portal_id: Mapped[int | None] = mapped_column(ForeignKey("portals.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))  # a change of a unit, not of a portal
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(Word)
    before: Mapped[Json]
    after: Mapped[Json]
    reason: Mapped[str | None] = mapped_column(Text)


class DelegationRow(Base):
    """A concept that is published elsewhere: on a credit portal, a shared platform, the finance department's site."""

    __tablename__ = "delegations"
    __table_args__ = (UniqueConstraint("portal_id", "concept"),)

    id: Mapped[Key]
    portal_id: Mapped[int] = mapped_column(ForeignKey("portals.id"))
    concept: Mapped[str] = mapped_column(String(80))
    url: Mapped[str | None] = mapped_column(String(2000))
    note: Mapped[str | None] = mapped_column(Text)


class ExemptionRow(Base):
    """What an office has allowed, with document and days. None in ``rule``, ``concept`` or ``path``: whatever it is."""

    __tablename__ = "exemptions"

    id: Mapped[Key]
    # exemptions of one portal, read at each judging
    portal_id: Mapped[int] = mapped_column(ForeignKey("portals.id"), index=True)
    rule: Mapped[str | None] = mapped_column(String(160))
    concept: Mapped[str | None] = mapped_column(String(80))
    path: Mapped[list[str] | None] = mapped_column(JSON_TYPE)
    document: Mapped[str] = mapped_column(Text)
    first_day: Mapped[date]
    last_day: Mapped[date | None]  # None: until it is withdrawn
    allowed_by: Mapped[str] = mapped_column(String(200))
    reason: Mapped[str | None] = mapped_column(Text)
    withdrawn_day: Mapped[date | None]  # in the office's time zone; from this day on it holds no more
    created_at: Mapped[datetime]


class ContactRow(Base):
    """Whom to tell about a portal or a unit. Kept out of exports unless asked for."""

    __tablename__ = "contacts"

    id: Mapped[Key]
    # whom a notice on this portal goes to
    portal_id: Mapped[int | None] = mapped_column(ForeignKey("portals.id"), index=True)
    # whom a notice on this unit goes to
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"), index=True)
    name: Mapped[str | None] = mapped_column(String(100))
    channel: Mapped[str] = mapped_column(Word, default="mail")  # mail, wecom, dingtalk, feishu, phone
    address: Mapped[str] = mapped_column(String(1000))
    preferences: Mapped[dict[str, Any]] = mapped_column(JSON_TYPE, default=dict, server_default="{}")
