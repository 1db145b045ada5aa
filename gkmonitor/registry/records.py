"""What the registry knows, as frozen records that pass between layers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from gkmonitor.records import Profile


class PortalState(StrEnum):
    """Whether a portal is inspected."""

    ACTIVE = "active"
    PAUSED = "paused"
    RETIRED = "retired"


class Level(StrEnum):
    """The level of government that a portal belongs to."""

    CENTRAL = "central"
    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    TOWNSHIP = "township"


class Channel(StrEnum):
    """How somebody is told."""

    MAIL = "mail"
    PHONE = "phone"
    WECOM = "wecom"
    DINGTALK = "dingtalk"
    FEISHU = "feishu"


class ChangeKind(StrEnum):
    """What was changed in the registry."""

    IMPORTED = "imported"  # a new entry
    EDITED = "edited"
    RENAMED = "renamed"
    MOVED = "moved"
    PAUSED = "paused"
    RESUMED = "resumed"
    RETIRED = "retired"
    EXEMPTED = "exempted"
    EXEMPTION_WITHDRAWN = "exemption_withdrawn"
    DELEGATED = "delegated"
    DELEGATION_WITHDRAWN = "delegation_withdrawn"
    CONTACT_ADDED = "contact_added"
    CONTACT_REMOVED = "contact_removed"
    UNIT_PLACED = "unit_placed"  # another unit above it
    UNIT_RENAMED = "unit_renamed"


@dataclass(frozen=True, slots=True)
class PortalEntry:
    """One portal of the registry. ``id`` is ours and stays; ``notes``: further columns, head as written -> text."""

    id: int
    site_id_code: str | None
    name: str
    url: str
    organizer: str | None = None
    unit: str | None = None  # name of the supervising unit
    level: str | None = None  # a Level's word
    profile: Profile | None = None
    region: str | None = None
    state: PortalState = PortalState.ACTIVE
    notes: Mapping[str, str] = field(default_factory=dict)
    state_reason: str | None = None
    unit_id: int | None = None


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit in the tree of supervision; ``path``: names from the root down, its own last."""

    id: int
    name: str
    parent_id: int | None
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Exemption:
    """What an office has allowed. None in ``rule``, ``concept`` or ``path``: whatever it is; days are inclusive."""

    id: int
    portal_id: int
    rule: str | None
    concept: str | None
    path: tuple[str, ...] | None
    document: str
    first_day: date
    last_day: date | None  # None: until it is withdrawn
    allowed_by: str
    reason: str | None = None
    withdrawn_day: date | None = None  # from this day on it holds no more

    def holds_on(self, day: date) -> bool:
        """Whether it is in force on that day (a day in the office's time zone)."""
        if day < self.first_day or (self.last_day is not None and day > self.last_day):
            return False
        return self.withdrawn_day is None or day < self.withdrawn_day


@dataclass(frozen=True, slots=True)
class Delegation:
    """A concept that the portal publishes elsewhere; ``url`` None: nobody has said where."""

    id: int
    portal_id: int
    concept: str
    url: str | None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to tell; it belongs to a portal or to a unit, never to both."""

    id: int
    portal_id: int | None
    unit_id: int | None
    name: str | None
    channel: Channel
    address: str
    preferences: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Change:
    """One change of an entry or of a unit: who, when, what it was and what it became."""

    id: int
    portal_id: int | None
    unit_id: int | None
    at: datetime
    actor: str
    kind: ChangeKind
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    reason: str | None
