"""How the service is: figures from the database, what is wrong with them, and one word for it all.

The health page, the metrics, ``gkmonitor health`` and the job ``health`` all ask here, so they never disagree.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from gkmonitor.cycles.health import (
    Alarm,
    AlarmKind,
    Limits,
    default_limits,
    expected_since,
    failed_share_alarm,
    limits_of,
    overdue_alarm,
    shared_cause_alarm,
    yield_alarm,
)
from gkmonitor.errors import SettingError, StorageError
from gkmonitor.storage import Database, Session, figures, schedules, yields
from gkmonitor.storage.figures import Figures
from gkmonitor.storage.migrating import current_revision, head_revision
from gkmonitor.storage.schedules import Schedule

_log = logging.getLogger(__name__)

CYCLE_JOB: Final = "cycle"
PROBES_JOB: Final = "probes"
HEALTH_JOB: Final = "health"
TICKS_OF_GRACE: Final = 3  # of the shortest schedule, where that is longer than the limit
CALENDAR_GRACE: Final = timedelta(hours=26)  # where an office kept only schedules by the calendar


class Status(StrEnum):
    """One word: everything runs, something needs a look, or the service cannot work."""

    OK = "ok"
    DEGRADED = "degraded"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: a code for machines, words for people."""

    code: str
    words: str


@dataclass(frozen=True, slots=True)
class Condition:
    """The service at one moment; ``figures`` is None where the database could not be asked."""

    at: datetime
    status: Status
    problems: tuple[Problem, ...]
    is_reachable: bool
    revision: str | None
    head: str
    figures: Figures | None = None
    alarms: tuple[Alarm, ...] = ()
    last_tick: datetime | None = None
    is_scheduler_late: bool = False
    fault: str | None = None  # why the database cannot be used; it may name an address, so it is not for the web


def read_condition(database: Database, now: datetime) -> Condition:
    """Ask the database. Never raises for a database that is away: that is the answer."""
    head = head_revision()
    try:
        revision = current_revision(database)
        if revision != head:
            words = "数据库的表与本程序不符，请运行 gkmonitor db upgrade"
            return Condition(now, Status.DOWN, (Problem("database_revision", words),), True, revision, head)
        with database.reading() as session:
            return _read(session, now, revision, head)
    except StorageError as error:
        _log.error("the database cannot be asked how the service is: %s", error)
        words = "数据库无法使用，请查看服务日志"  # its address stays in the log
        return Condition(now, Status.DOWN, (Problem("database", words),), False, None, head, fault=str(error))


def _read(session: Session, now: datetime, revision: str, head: str) -> Condition:
    limits = _limits(schedules.list_schedules(session))
    found = figures.read_figures(session, now, notices_late_after=timedelta(minutes=limits.notice_minutes))
    alarms = find_alarms(session, found, limits, now)
    last_tick, is_late = _scheduler(found.schedules, limits, now)
    problems = [Problem(one.kind.value, one.words) for one in alarms]
    problems += _problems(found, is_scheduler_late=is_late)
    status = Status.DEGRADED if problems else Status.OK
    return Condition(now, status, tuple(problems), True, revision, head, found, tuple(alarms), last_tick, is_late)


def _limits(kept: Sequence[Schedule]) -> Limits:
    """What the office set in the arguments of its schedule; the shipped limits where these are junk."""
    for schedule in kept:
        if schedule.job == HEALTH_JOB:
            try:
                return limits_of(schedule.arguments)
            except SettingError as error:
                _log.error("%s", error)
    return default_limits()


# ---------------------------------------------------------------- alarms


def find_alarms(session: Session, found: Figures, limits: Limits, now: datetime) -> list[Alarm]:
    """Whether the crawler goes out, comes home, and brings what it usually does."""
    outcomes = yields.finished_cycles(session, limits.failed_history + 1)
    alarms = [
        overdue_alarm(
            AlarmKind.CYCLE_OVERDUE,
            expected_since(
                yields.last_finished_at(session), found.portals_since, _switched_on(found.schedules, CYCLE_JOB)
            ),
            now,
            timedelta(hours=limits.cycle_hours),
        ),
        overdue_alarm(
            AlarmKind.PROBES_OVERDUE,
            expected_since(found.last_probe_round, found.portals_since, _switched_on(found.schedules, PROBES_JOB)),
            now,
            timedelta(minutes=limits.probe_minutes),
        ),
        failed_share_alarm(outcomes, limits),
    ]
    if outcomes:
        drops = yields.noted_yield_drops(session, outcomes[0].cycle_id)
        alarms.append(shared_cause_alarm(outcomes[0]))
        alarms.append(yield_alarm(outcomes[0].cycle_id, outcomes[0].name, drops or ()))
    return [one for one in alarms if one is not None]


def _switched_on(kept: Iterable[Schedule], job: str) -> datetime | None:
    """Since when a schedule of that job has been as it is; None when none is enabled."""
    return min((one.updated_at for one in kept if one.job == job and one.is_enabled and one.updated_at), default=None)


def look_for_yield_drops(database: Database) -> None:
    """Compare the newest finished cycle with those before it, once."""
    with database.reading() as session:
        limits = _limits(schedules.list_schedules(session))
        newest = yields.finished_cycles(session, 1)
        if not newest or yields.noted_yield_drops(session, newest[0].cycle_id) is not None:
            return
        drops = yields.find_yield_drops(session, newest[0].cycle_id, limits)
    with database.writing() as session:
        yields.note_yield_drops(session, newest[0].cycle_id, drops)


# ---------------------------------------------------------------- the rest of the service


def _scheduler(kept: Sequence[Schedule], limits: Limits, now: datetime) -> tuple[datetime | None, bool]:
    """The scheduler's last tick, and whether the next one is late."""
    enabled = [one for one in kept if one.is_enabled]
    last = max((one.last_enqueued_at for one in kept if one.last_enqueued_at), default=None)
    if kept and not enabled:
        return last, False
    steps = [int(one.trigger["every_seconds"]) for one in enabled if one.trigger.get("every_seconds")]
    patience = timedelta(minutes=limits.scheduler_minutes)
    grace = max(patience, TICKS_OF_GRACE * timedelta(seconds=min(steps))) if steps else CALENDAR_GRACE
    begun = last or min((one.updated_at for one in enabled if one.updated_at), default=None)
    return last, begun is None or now - begun > grace


def _problems(found: Figures, *, is_scheduler_late: bool) -> list[Problem]:
    queue = found.queue
    wrong = [
        (is_scheduler_late, "scheduler", "计划程序没有按时派发任务，请确认 gkmonitor scheduler 或 serve 在运行"),
        (queue.stalled > 0, "jobs_stalled", f"{queue.stalled} 个任务的执行程序没有回应，稍后会重新执行"),
        (queue.failed_lately > 0, "jobs_failed", f"一天内有 {queue.failed_lately} 个任务失败，请查看服务日志"),
        (found.notices_late > 0, "notices_late", f"{found.notices_late} 条通知没有按时发出"),
        (
            found.notices_failed_lately > 0,
            "notices_failed",
            f"一天内有 {found.notices_failed_lately} 条通知未能送达，请检查联系方式和发送设置",
        ),
    ]
    return [Problem(code, words) for is_wrong, code, words in wrong if is_wrong]
