"""What is known of a portal besides one crawl: earlier sightings, probes, and what an office has registered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class ProbeWindow:
    """Availability probes of one portal over a window that ends on the day judged for.

    ``void`` ones do not count (our own network was away), ``blocked`` ones were answered, by a wall: not down.
    """

    first_day: date
    last_day: date
    up: int = 0
    down: int = 0
    blocked: int = 0
    void: int = 0
    days: int = 0  # days of the window with enough valid probes

    @property
    def valid(self) -> int:
        return self.up + self.down + self.blocked

    @property
    def share_down_percent(self) -> float | None:
        """None without a valid probe."""
        return 100 * self.down / self.valid if self.valid else None


@dataclass(frozen=True, slots=True)
class KnownColumn:
    """One column as earlier inspections saw it."""

    concept: str | None
    path: tuple[str, ...]
    url: str
    last_seen: datetime
    last_normal: datetime | None = None  # the last time it was read and not found wanting
    last_items: int | None = None
    newest: date | None = None


@dataclass(frozen=True, slots=True)
class Allowance:
    """A registered exemption: what an office allowed, by which document, for which days.

    None in ``rule``, ``concept`` or ``path`` means whatever it is; ``last_day`` None: until it is withdrawn.
    """

    document: str
    first_day: date
    last_day: date | None = None
    rule: str | None = None
    concept: str | None = None
    path: tuple[str, ...] | None = None
    id: int | None = None

    def is_in_force(self, day: date) -> bool:
        return self.first_day <= day and (self.last_day is None or day <= self.last_day)


@dataclass(frozen=True, slots=True)
class History:
    """All of it for one portal; empty in a spot check."""

    probes: ProbeWindow | None = None
    columns: Mapping[str, KnownColumn] = field(default_factory=dict)  # by column key
    allowances: tuple[Allowance, ...] = ()
    delegated: Mapping[str, str | None] = field(default_factory=dict)  # concept -> where it is published
    units: tuple[str, ...] = ()  # the units that a coverage matrix asks for
