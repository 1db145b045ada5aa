"""Cycles and inspections: what was asked, when, what was seen and what was answered. Rows are never changed later,
apart from the state of an inspection that is still running."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from gkmonitor.storage.base import JSON_TYPE, Base, Json, Key, Word


class CycleRow(Base):
    """One round of inspections: a night's run, a recheck, a run asked for by hand."""

    __tablename__ = "cycles"

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(String(80), unique=True)  # 2026-11-22/night
    kind: Mapped[str] = mapped_column(Word)  # regular, manual, recheck
    as_of: Mapped[date]
    state: Mapped[str] = mapped_column(Word, default="running")  # running, done, stopped
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    counts: Mapped[Json]


class InspectionRow(Base):
    """One portal in one cycle; the pair is unique, so a retried job finds its own row and never a second."""

    __tablename__ = "inspections"
    __table_args__ = (
        UniqueConstraint("cycle_id", "portal_id"),
        Index(None, "cycle_id", "state", "failure"),  # what a cycle has still to do; its portals by result
        Index(None, "portal_id", "observed_at"),  # a portal's history, newest first
    )

    id: Mapped[Key]
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycles.id"))
    portal_id: Mapped[int] = mapped_column(ForeignKey("portals.id"))
    state: Mapped[str] = mapped_column(Word, default="waiting")  # waiting, running, done, failed, held
    attempts: Mapped[int] = mapped_column(default=0)
    as_of: Mapped[date]
    observed_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    failure: Mapped[str | None] = mapped_column(Word)  # permanent, transient, blocked
    failure_detail: Mapped[str | None] = mapped_column(Text)
    held_reason: Mapped[str | None] = mapped_column(Word)  # revamped
    released_at: Mapped[datetime | None]  # when a person looked at what was held
    server_address: Mapped[str | None] = mapped_column(String(100))
    facts_id: Mapped[int | None] = mapped_column(ForeignKey("facts.id"))
    packs: Mapped[Json]  # pack id -> version
    program_version: Mapped[str | None] = mapped_column(String(40))
    summary: Mapped[Json]  # counts of verdicts by outcome, pages fetched, seconds
    verdicts: Mapped[bytes | None] = mapped_column(LargeBinary)  # every verdict, as compressed JSON
    digest: Mapped[bytes | None] = mapped_column(LargeBinary)  # what a month needs of them (``monthly.digests``)


class FactsRow(Base):
    """The facts of one inspection, compressed; deleted when the retention setting says so, never changed."""

    __tablename__ = "facts"

    id: Mapped[Key]
    # facts of one portal on past days, for explain and replay
    portal_id: Mapped[int] = mapped_column(ForeignKey("portals.id"), index=True)
    # what the retention of facts deletes
    observed_at: Mapped[datetime] = mapped_column(index=True)
    schema: Mapped[str] = mapped_column(String(40))
    codec: Mapped[str] = mapped_column(Word)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    sha256: Mapped[str] = mapped_column(String(64))


class FindingRow(Base):
    """One accusation (or advice) of one inspection: what one look saw. Immutable; written once whatever is retried."""

    __tablename__ = "findings"
    __table_args__ = (
        UniqueConstraint("cycle_id", "portal_id", "rule", "subject_key"),
        Index(None, "portal_id", "rule", "subject_key"),  # the observations behind one case
    )

    id: Mapped[Key]
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycles.id"))
    inspection_id: Mapped[int] = mapped_column(ForeignKey("inspections.id"), index=True)  # one inspection's findings
    portal_id: Mapped[int] = mapped_column(ForeignKey("portals.id"))
    rule: Mapped[str] = mapped_column(String(160))
    subject_key: Mapped[str] = mapped_column(String(64))
    severity: Mapped[str] = mapped_column(Word)
    observed_at: Mapped[datetime]
    verdict: Mapped[dict[str, Any]] = mapped_column(JSON_TYPE)  # as in gkmonitor.check/1
