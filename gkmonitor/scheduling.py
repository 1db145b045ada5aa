"""The daemon's clock: APScheduler decides when, and only enqueues. It never works itself.

Schedules live in our own table; APScheduler's job store is memory, rebuilt from that table at the start and whenever
it changes. A tick is handed out once, however many schedulers run by mistake.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from typing import Any, Final

import yaml
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from gkmonitor.errors import SettingError, StorageError
from gkmonitor.jobs import JOBS, NEWS, NIGHT, PROBES, UPKEEP, Office
from gkmonitor.storage import schedules
from gkmonitor.storage.schedules import Schedule

_log = logging.getLogger(__name__)

MISFIRE_SECONDS: Final = 3600  # a tick that is an hour late is still run; APScheduler's own default is one second
RELOAD_SECONDS: Final = 60
_PRIORITIES: Final[Mapping[str, int]] = {
    "cycle": NIGHT,
    "probes": PROBES,
    "news": NEWS,
    "health": NEWS,
    "advance": UPKEEP,
    "day": UPKEEP,
    "month": UPKEEP,
    "retention": NIGHT,
}


@cache
def default_schedules() -> tuple[Schedule, ...]:
    """What a new installation does by itself (``data/schedules.yaml``)."""
    rows: Sequence[Mapping[str, Any]] = yaml.safe_load(
        files("gkmonitor").joinpath("data/schedules.yaml").read_text(encoding="utf-8")
    )
    return tuple(Schedule(row["name"], row["job"], row["trigger"], row.get("arguments", {})) for row in rows)


def make_trigger(schedule: Schedule, timezone: str) -> CronTrigger | IntervalTrigger:
    """APScheduler's trigger for a schedule. Raises SettingError for one that cannot be read."""
    trigger = schedule.trigger
    jitter = int(trigger["jitter_seconds"]) if trigger.get("jitter_seconds") else None
    try:
        if "cron" in trigger:
            made = CronTrigger.from_crontab(str(trigger["cron"]), timezone=timezone)
            made.jitter = jitter
            return made
        return IntervalTrigger(seconds=int(trigger["every_seconds"]), timezone=timezone, jitter=jitter)
    except (KeyError, TypeError, ValueError) as error:
        raise SettingError(
            f"计划“{schedule.name}”的时间写得不对，请写 cron（分 时 日 月 周，例如 30 22 * * *）或 every_seconds"
        ) from error


class Scheduler:
    """Hands out the ticks of all schedules to the queue."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._version: object = None
        self._scheduler = BackgroundScheduler(
            timezone=office.settings.timezone,
            job_defaults={"misfire_grace_time": MISFIRE_SECONDS, "coalesce": True, "max_instances": 1},
        )

    def start(self) -> None:
        """Reads the schedules (adding the default ones to a new database) and begins. Raises StorageError."""
        with self._office.database.writing() as session:
            schedules.ensure_schedules(session, default_schedules(), self._office.clock())
        self.reload()
        self._scheduler.add_job(self._reload_quietly, "interval", seconds=RELOAD_SECONDS, id="reload schedules")
        self._scheduler.start()

    def stop(self) -> None:
        """Ends; a tick that is being handed out is finished first."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=True)

    def reload(self) -> None:
        """Rebuilds the triggers where the table has changed; a schedule that cannot be read is left out and told."""
        with self._office.database.reading() as session:
            version = schedules.schedules_version(session)
            if version == self._version:
                return
            wanted = schedules.list_schedules(session)
        for job in self._scheduler.get_jobs():
            if job.id.startswith("schedule:"):
                job.remove()
        for schedule in wanted:
            if not schedule.is_enabled:
                continue
            try:
                trigger = make_trigger(schedule, self._office.settings.timezone)
            except SettingError as error:
                _log.error("%s", error)
                continue
            self._scheduler.add_job(self._tick, trigger, args=(schedule,), id=f"schedule:{schedule.name}")
        self._version = version

    def _reload_quietly(self) -> None:
        try:
            self.reload()
        except StorageError as error:
            _log.error("the schedules cannot be read: %s", error)

    def _tick(self, schedule: Schedule) -> None:
        try:
            hand_out(self._office, schedule, self._office.clock())
        except StorageError as error:
            _log.error("%s was not handed out: %s", schedule.name, error)


def hand_out(office: Office, schedule: Schedule, tick: datetime) -> bool:
    """Put one tick of a schedule into the queue; False where another scheduler has done so.

    Ticks are told apart by the minute for calendars and by their own step for intervals. The tick is noted after the
    job is in the queue: a scheduler that dies in between hands it out twice, which every job bears, and never not.
    """
    if schedule.job not in JOBS:
        _log.error("schedule %s names the unknown job %s", schedule.name, schedule.job)
        return False
    step = int(schedule.trigger.get("every_seconds") or 60)
    number = int(tick.timestamp()) // step
    moment = datetime.fromtimestamp(number * step, UTC)
    with office.database.reading() as session:
        if not schedules.is_new_tick(session, schedule.name, moment):
            return False
    is_added = office.queue.enqueue(
        schedule.job,
        dict(schedule.arguments),
        now=tick,
        priority=_PRIORITIES.get(schedule.job, NIGHT),
        lock=f"schedule:{schedule.name}",
        unique_key=f"schedule:{schedule.name}",
    )
    with office.database.writing() as session:
        schedules.note_tick(session, schedule.name, moment)
    return is_added


def run_scheduler(office: Office, stopping: threading.Event) -> None:
    """Schedules until told to stop."""
    scheduler = Scheduler(office)
    scheduler.start()
    try:
        stopping.wait()
    finally:
        scheduler.stop()
