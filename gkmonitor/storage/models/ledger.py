"""Cases, their events, and what rules leave to people."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from gkmonitor.storage.base import JSON_TYPE, Base, Json, Key, Word

_QUEUE: Final = ("state", "severity", "last_seen", "id")
_BY_PERSON: Final = text("found_by = 'person'")
_TOLD: Final = text("kind IN ('confirmed', 'notified')")


class CaseRow(Base):
    """A violation: the case behind repeated findings. Its identity is portal, rule and subject."""

    __tablename__ = "cases"
    __table_args__ = (
        UniqueConstraint("portal_id", "rule", "subject_key"),
        Index(None, "state", "severity", "last_seen", "id"),  # the queue of a state, vetoes first; counts by state
        Index(None, "state", "last_seen", "id"),  # the queue of a state, the newest first
        Index(None, "state", "deadline", "id"),  # what falls due, and what is overdue
        Index(None, "last_seen"),  # the newest first, and what was not seen of late
        Index(None, "portal_id", "state"),  # what stands open at one portal, or at those of one unit
        Index(None, "rule", "state", "severity", "last_seen", "id"),  # the queue of one rule or pack
        Index(None, "check", "state", "severity", "last_seen", "id"),  # the queue of one check
        # the queues of what came back and of what people found: few among many
        Index("ix_cases_repeats", *_QUEUE, postgresql_where=text("repeats > 0"), sqlite_where=text("repeats > 0")),
        Index("ix_cases_person", *_QUEUE, postgresql_where=_BY_PERSON, sqlite_where=_BY_PERSON),
        # the queue of one concept
        Index("ix_cases_concept", text("(subject ->> 'concept')"), *_QUEUE).ddl_if(dialect="postgresql"),
    )

    id: Mapped[Key]
    portal_id: Mapped[int] = mapped_column(ForeignKey("portals.id"))
    rule: Mapped[str] = mapped_column(String(160))
    check: Mapped[str] = mapped_column(String(60))
    subject_key: Mapped[str] = mapped_column(String(64))
    subject: Mapped[dict[str, Any]] = mapped_column(JSON_TYPE)  # concept, column, url, path as last seen
    severity: Mapped[str] = mapped_column(Word)
    state: Mapped[str] = mapped_column(Word)
    state_reason: Mapped[str | None] = mapped_column(Word)  # code: why dismissed, closed or exempt
    state_before: Mapped[str | None] = mapped_column(Word)  # while exempt or appealed: where it came from
    found_by: Mapped[str] = mapped_column(Word, default="system")  # system, person
    message: Mapped[str] = mapped_column(Text)
    first_seen: Mapped[datetime]
    last_seen: Mapped[datetime]
    observations: Mapped[int] = mapped_column(default=1)  # independent ones, at least six hours apart
    last_counted: Mapped[datetime | None]  # the newest look that counted as an observation
    cleans: Mapped[int] = mapped_column(default=0)  # independent clean observations since the last violation
    last_clean: Mapped[datetime | None]
    repeats: Mapped[int] = mapped_column(default=0)  # how often it came back
    deadline: Mapped[date | None]
    is_overdue: Mapped[bool] = mapped_column(default=False)  # the passing of this deadline is an event already
    exempt_until: Mapped[date | None]
    verdict: Mapped[Json]  # the newest finding's
    inspection_id: Mapped[int | None] = mapped_column(ForeignKey("inspections.id"))  # of the newest finding
    clean_inspection_id: Mapped[int | None] = mapped_column(ForeignKey("inspections.id"))  # of the newest clean look
    version: Mapped[int] = mapped_column(default=1)  # two people who decide at once: the second is told

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class EventRow(Base):
    """One change in the life of a case. Append-only; ``digest`` chains it to the event before it."""

    __tablename__ = "events"
    __table_args__ = (
        Index(None, "case_id", "id"),  # the life of one case, in order
        Index(None, "at"),  # what changed since yesterday, or in a month
        Index("ix_events_told", "case_id", postgresql_where=_TOLD, sqlite_where=_TOLD),  # was a unit told of a case?
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # 1, 2, 3 ... without gaps
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(200))  # a person's name, or "system"
    kind: Mapped[str] = mapped_column(Word)
    state_before: Mapped[str | None] = mapped_column(Word)
    state_after: Mapped[str] = mapped_column(Word)
    reason: Mapped[str | None] = mapped_column(Text)
    details: Mapped[Json]
    previous_digest: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64), unique=True)


class ChainHeadRow(Base):
    """The last event of the chain; locked while one is added, so that the chain never forks."""

    __tablename__ = "chain_heads"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    event_id: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))


class TaskRow(Base):
    """What a rule leaves to a person, for one portal and month."""

    __tablename__ = "tasks"
    __table_args__ = (
        UniqueConstraint("portal_id", "month", "rule", "subject_key"),
        Index(None, "month", "state"),  # what is still to do this month
    )

    id: Mapped[Key]
    portal_id: Mapped[int] = mapped_column(ForeignKey("portals.id"))
    month: Mapped[str] = mapped_column(String(7))  # 2026-11
    rule: Mapped[str] = mapped_column(String(160))
    subject_key: Mapped[str] = mapped_column(String(64), default="")  # of the case that it is about, where it is
    question: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Word, default="todo")  # todo, done
    outcome: Mapped[str | None] = mapped_column(Word)  # ok, violation, not_applicable
    note: Mapped[str | None] = mapped_column(Text)
    done_by: Mapped[str | None] = mapped_column(String(200))
    done_at: Mapped[datetime | None]
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"))
    created_at: Mapped[datetime]
