"""What the ledger knows, as frozen records that pass between layers. Instants are aware, UTC."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final

from gkmonitor.records import Outcome, Severity, Subject, Verdict

SYSTEM: Final = "system"  # the actor of what the machine does by itself


class State(StrEnum):
    """Where a case stands; the machine is drawn in ``gkmonitor.ledger.states``."""

    SUSPECTED = "suspected"
    OPEN = "open"
    CONFIRMED = "confirmed"
    NOTIFIED = "notified"
    RECTIFIED = "rectified"
    CLOSED = "closed"
    DISMISSED = "dismissed"
    EXEMPT = "exempt"
    APPEALED = "appealed"


class By(StrEnum):
    """Who does something: the machine by what it saw or by the calendar, a registered exemption, or a person."""

    SYSTEM = "system"
    REGISTRY = "registry"
    PERSON = "person"


class EventKind(StrEnum):
    """What happened to a case. Several kinds exist for both actors; ``Event.actor`` says who it was."""

    FOUND = "found"  # first seen
    OPENED = "opened"  # seen by two independent looks
    CLEAN_SEEN = "clean_seen"  # first clean look since the last violation
    RECTIFIED = "rectified"
    NOT_REPEATED = "not_repeated"  # suspected once, then twice clean: closed, never counted as rectified
    LAPSED = "lapsed"  # the rule no longer applies: closed, never counted as rectified
    REAPPEARED = "reappeared"  # seen again after it was rectified or closed
    RETURNED = "returned"  # dismissed, clean for a while, and seen again: a task for a person
    SEVERITY_CHANGED = "severity_changed"
    EXEMPTED = "exempted"
    EXEMPTION_ENDED = "exemption_ended"
    DEADLINE_PASSED = "deadline_passed"
    CLOSED = "closed"
    CONFIRMED = "confirmed"
    DISMISSED = "dismissed"
    NOTIFIED = "notified"
    ANSWERED = "answered"  # the unit's answer
    APPEALED = "appealed"
    APPEAL_UPHELD = "appeal_upheld"
    APPEAL_REJECTED = "appeal_rejected"
    REOPENED = "reopened"  # a person takes an earlier decision back
    EXPORTED = "exported"  # evidence was handed out with personal numbers in it


@dataclass(frozen=True, slots=True)
class CaseSite:
    """The portal of a case, as lists show it."""

    url: str
    name: str
    site_id_code: str | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """A violation with a life: the case behind repeated findings. ``id`` 0: not stored yet."""

    portal_id: int
    rule: str
    check: str
    subject_key: str
    subject: Subject
    severity: Severity
    message: str
    first_seen: datetime
    last_seen: datetime
    state: State = State.SUSPECTED
    state_reason: str | None = None  # code: why dismissed or closed
    state_before: State | None = None  # while exempt or appealed: where it came from
    found_by: By = By.SYSTEM
    observations: int = 1  # independent ones since it was found or came back
    last_counted: datetime | None = None  # the newest look that counted as an observation
    cleans: int = 0  # independent clean looks since the last violation
    last_clean: datetime | None = None
    repeats: int = 0  # how often it came back after it was mended
    deadline: date | None = None
    is_overdue: bool = False  # the passing of this deadline is an event already
    exempt_until: date | None = None  # the last day, with it
    verdict: Mapping[str, Any] = field(default_factory=dict)  # the newest finding's, as in gkmonitor.check/1
    inspection_id: int | None = None  # of the newest finding
    clean_inspection_id: int | None = None  # of the newest clean look that counted
    id: int = 0
    version: int = 1
    site: CaseSite | None = None


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event before it is in the chain. ``reason``: a code or a short text; ``details``: plain JSON, no floats."""

    kind: EventKind
    before: State | None
    after: State
    reason: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Event:
    """One change in the life of a case, as the chain keeps it."""

    id: int
    case_id: int
    at: datetime
    actor: str
    kind: EventKind
    before: State | None
    after: State
    reason: str | None
    details: Mapping[str, Any]
    previous_digest: str
    digest: str


class Look(StrEnum):
    """What one inspection says about one case."""

    VIOLATION = "violation"
    CLEAN = "clean"
    EXCUSED = "excused"  # clean for the machine, with an excuse
    GONE = "gone"  # clean: the whole portal was seen and no longer has the subject
    LAPSED = "lapsed"  # the rule no longer applies
    UNSEEN = "unseen"  # neither side


@dataclass(frozen=True, slots=True)
class Sighting:
    """One look at one case. ``verdict`` is None where the subject was not mentioned."""

    look: Look
    inspection_id: int
    at: datetime
    verdict: Verdict | None = None

    @property
    def outcome(self) -> Outcome | None:
        return self.verdict.outcome if self.verdict else None


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decides on a case.

    ``reason``: a code of ``data/dismissals.yaml`` for a dismissal; ``evidence``: ids of evidence rows (an answer's
    attachments); ``version``: the case's version that the person looked at, None when it does not matter; ``today``:
    the day in the office's time zone.
    """

    kind: EventKind
    today: date
    reason: str | None = None
    note: str | None = None
    deadline: date | None = None
    document: str | None = None
    last_day: date | None = None
    evidence: tuple[int, ...] = ()
    version: int | None = None


@dataclass(frozen=True, slots=True)
class SightingCounts:
    """What one inspection changed in the ledger; numbers of cases, apart from the two last."""

    found: int = 0
    opened: int = 0
    seen_again: int = 0
    reappeared: int = 0
    returned: int = 0
    clean: int = 0
    rectified: int = 0
    closed: int = 0
    exempted: int = 0
    unseen: int = 0
    cases: tuple[int, ...] = ()  # ids of the cases that this inspection saw violated, new ones included
    events: tuple[int, ...] = ()  # ids of the events that it wrote


@dataclass(frozen=True, slots=True)
class ChainFault:
    """The first thing that is wrong with the ledger; ``event_id`` None: the case's row, not an event."""

    event_id: int | None
    case_id: int | None
    message: str


@dataclass(frozen=True, slots=True)
class Task:
    """What a rule leaves to a person, for one portal and month."""

    id: int
    portal_id: int
    month: str  # 2026-11
    rule: str
    question: str
    state: str  # todo, done
    outcome: str | None
    note: str | None
    done_by: str | None
    done_at: datetime | None
    case_id: int | None
    created_at: datetime
    site: CaseSite | None = None
