"""What a rule answered."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from gkmonitor.records.vocabulary import Excuse, Outcome, Reason, Severity


@dataclass(frozen=True, slots=True)
class Subject:
    """What a verdict is about. All None: the portal as a whole."""

    concept: str | None = None
    column: str | None = None
    url: str | None = None
    path: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Basis:
    """The rule's own ground: document, clause and quoted words."""

    document: str
    clause: str
    words: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was seen, where and when, with the deciding words as printed."""

    url: str
    fetched_at: datetime
    sha256: str | None
    quote: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """One rule's answer on one subject in one inspection; immutable."""

    rule: str  # pack/slug
    check: str
    outcome: Outcome
    severity: Severity
    basis: Basis
    message: str
    subject: Subject = field(default_factory=Subject)
    points: float | None = None
    members: tuple[Subject, ...] | None = None
    measured: str | None = None
    required: str | None = None
    latest: date | None = None
    days: int | None = None
    reason: Reason | Excuse | None = None
    evidence: tuple[Evidence, ...] = ()
