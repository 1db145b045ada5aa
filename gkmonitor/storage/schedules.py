"""Schedules that an office keeps, and which of their ticks were handed out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from gkmonitor.errors import SettingError
from gkmonitor.storage.models import ScheduleRow
from gkmonitor.storage.upserting import insert_missing


@dataclass(frozen=True, slots=True)
class Schedule:
    """One schedule: which job runs when. ``trigger``: {"cron": "30 22 * * *"} or {"every_seconds": 60}."""

    name: str
    job: str
    trigger: Mapping[str, Any]
    arguments: Mapping[str, Any] = field(default_factory=dict)
    is_enabled: bool = True
    last_enqueued_at: datetime | None = None
    id: int = 0
    updated_at: datetime | None = None  # added, changed, or switched on or off


def ensure_schedules(session: Session, schedules: Sequence[Schedule], now: datetime) -> int:
    """Adds the schedules that are not there; those that an office has changed stay as they are."""
    rows = [
        {
            "name": one.name,
            "job": one.job,
            "trigger": dict(one.trigger),
            "arguments": dict(one.arguments),
            "is_enabled": one.is_enabled,
            "updated_at": now,
        }
        for one in schedules
    ]
    return insert_missing(session, ScheduleRow, rows, ["name"])


def list_schedules(session: Session) -> list[Schedule]:
    return [_schedule(row) for row in session.scalars(select(ScheduleRow).order_by(ScheduleRow.id))]


def schedules_version(session: Session) -> tuple[int, datetime | None]:
    """Changes whenever a schedule does."""
    found = session.execute(select(func.count(), func.max(ScheduleRow.updated_at))).one()
    return found[0], found[1]


def set_enabled(session: Session, name: str, *, is_enabled: bool, now: datetime) -> None:
    """Raises SettingError when there is no such schedule."""
    change = update(ScheduleRow).where(ScheduleRow.name == name)
    if not session.connection().execute(change.values(is_enabled=is_enabled, updated_at=now)).rowcount:
        raise SettingError(f"没有名为“{name}”的计划")


def get_schedule(session: Session, name: str) -> Schedule:
    """Raises SettingError when there is no such schedule."""
    row = session.scalar(select(ScheduleRow).where(ScheduleRow.name == name))
    if row is None:
        raise SettingError(f"没有名为“{name}”的计划")
    return _schedule(row)


def change_schedule(session: Session, changed: Schedule, now: datetime) -> bool:
    """Sets trigger, arguments and whether it is on, of the schedule of that name; False where all of it is so already.

    Whether its trigger can be read is the caller's to see (``scheduling.make_trigger``). Raises SettingError.
    """
    row = session.scalar(select(ScheduleRow).where(ScheduleRow.name == changed.name).with_for_update())
    if row is None:
        raise SettingError(f"没有名为“{changed.name}”的计划")
    wanted = (dict(changed.trigger), dict(changed.arguments), changed.is_enabled)
    if wanted == (dict(row.trigger), dict(row.arguments), row.is_enabled):
        return False
    row.trigger, row.arguments, row.is_enabled = wanted
    row.updated_at = now
    session.flush()
    return True


def is_new_tick(session: Session, name: str, tick: datetime) -> bool:
    """Whether nobody has handed out this tick; False for an old one (the clock went back) and when switched off."""
    query = select(ScheduleRow.id).where(
        ScheduleRow.name == name,
        ScheduleRow.is_enabled.is_(True),
        or_(ScheduleRow.last_enqueued_at.is_(None), ScheduleRow.last_enqueued_at < tick),
    )
    return session.scalar(query) is not None


def note_tick(session: Session, name: str, tick: datetime) -> None:
    """The tick was handed out."""
    is_later = or_(ScheduleRow.last_enqueued_at.is_(None), ScheduleRow.last_enqueued_at < tick)
    session.execute(update(ScheduleRow).where(ScheduleRow.name == name, is_later).values(last_enqueued_at=tick))


def _schedule(row: ScheduleRow) -> Schedule:
    return Schedule(
        row.name,
        row.job,
        dict(row.trigger),
        dict(row.arguments),
        row.is_enabled,
        row.last_enqueued_at,
        row.id,
        row.updated_at,
    )
