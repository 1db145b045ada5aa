"""What a cycle is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class CycleKind(StrEnum):
    """Why a cycle runs."""

    REGULAR = "regular"
    MANUAL = "manual"
    RECHECK = "recheck"
    DESK = "desk"  # asked for on the web: private addresses are refused unless a setting names them


class InspectionState(StrEnum):
    """How far one portal's inspection is."""

    WAITING = "waiting"
    RUNNING = "running"  # or was, when its process died: it is begun again
    FAILED = "failed"  # a passing failure: the second pass tries again
    DONE = "done"
    HELD = "held"  # kept from the ledger until a person has looked


class Failure(StrEnum):
    """Why a portal could not be inspected."""

    PERMANENT = "permanent"  # the name does not exist, the address is gone
    TRANSIENT = "transient"  # time-outs, refused connections, server errors
    BLOCKED = "blocked"  # a wall, a login, robots.txt: it is up, we are kept out


@dataclass(frozen=True, slots=True)
class Cycle:
    """One round of inspections."""

    id: int
    name: str
    kind: CycleKind
    as_of: date
    started_at: datetime
    finished_at: datetime | None = None
    counts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Inspection:
    """One portal in one cycle."""

    id: int
    cycle_id: int
    portal_id: int
    state: InspectionState
    attempts: int
    as_of: date
    observed_at: datetime | None = None
    failure: Failure | None = None
    failure_detail: str | None = None
    held_reason: str | None = None
    server_address: str | None = None
    facts_id: int | None = None
    packs: Mapping[str, str] = field(default_factory=dict)
    summary: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SharedCause:
    """Portals at one server address that failed together: one cause, told once."""

    server_address: str
    portal_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class CycleSummary:
    """How a cycle ended."""

    cycle: Cycle
    inspected: int
    failed: Mapping[str, int]  # failure -> portals
    held: int
    findings: int
    shared_causes: tuple[SharedCause, ...] = ()
    unfinished: int = 0  # portals that are still waiting
    outcomes: Mapping[str, int] = field(default_factory=dict)  # outcome (and advice) -> verdicts
    undecided: Mapping[str, int] = field(default_factory=dict)  # reason -> verdicts
