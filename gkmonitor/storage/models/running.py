"""What runs when, what waits to be done, and what waits to be told."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from gkmonitor.storage.base import Base, Json, Key, Word


class ScheduleRow(Base):
    """A schedule that an office keeps: which job, when, in which window of the day."""

    __tablename__ = "schedules"

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(String(80), unique=True)
    job: Mapped[str] = mapped_column(Word)  # cycle, probes, notices, retention, ...
    trigger: Mapped[Json]  # {"cron": "30 22 * * *"} or {"every_seconds": 4320}, "jitter_seconds", "window": [22, 6]
    arguments: Mapped[Json]
    is_enabled: Mapped[bool] = mapped_column(default=True)
    last_enqueued_at: Mapped[datetime | None]
    updated_at: Mapped[datetime]


class JobRow(Base):
    """A piece of work of the embedded queue. On several machines Procrastinate keeps its own tables instead."""

    __tablename__ = "jobs"
    __table_args__ = (
        Index(None, "state", "priority", "run_after"),  # the next job to take
        Index(None, "unique_key", "state"),  # is this piece of work waiting already?
    )

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(Word)
    arguments: Mapped[Json]
    priority: Mapped[int] = mapped_column(default=0)  # higher first: spot checks before the night's run
    lock: Mapped[str | None] = mapped_column(String(200))  # jobs with one lock never run side by side
    unique_key: Mapped[str | None] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(Word, default="todo")  # todo, doing, done, failed
    attempts: Mapped[int] = mapped_column(default=0)
    run_after: Mapped[datetime]
    worker: Mapped[str | None] = mapped_column(String(100))
    heartbeat_at: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class NoticeRow(Base):
    """A message to a contact: written in the same transaction as the event behind it, sent later."""

    __tablename__ = "notices"
    __table_args__ = (Index(None, "state", "send_after"),)  # what is to be sent now

    id: Mapped[Key]
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contacts.id", ondelete="SET NULL"))
    event_id: Mapped[int | None] = mapped_column(ForeignKey("events.id"))
    unique_key: Mapped[str] = mapped_column(String(200), unique=True)  # never the same news twice to one contact
    subject: Mapped[str] = mapped_column(String(300))
    body: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Word, default="waiting")  # waiting, sending, sent, failed, dropped
    attempts: Mapped[int] = mapped_column(default=0)
    claimed_at: Mapped[datetime | None]  # when its sender took it
    send_after: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime]
