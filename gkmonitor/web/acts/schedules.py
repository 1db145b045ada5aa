"""Changing what the service does by itself, and when."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

from gkmonitor.errors import SettingError
from gkmonitor.scheduling import default_schedules, make_trigger
from gkmonitor.storage import audit
from gkmonitor.storage.schedules import Schedule, change_schedule, ensure_schedules, get_schedule, list_schedules
from gkmonitor.web.desk import Desk
from gkmonitor.web.paging import words_of
from gkmonitor.web.visiting import Visitor

LEAST_SECONDS: Final = 30
MOST_SECONDS: Final = 7 * 24 * 3600
MOST_JITTER: Final = 3600


def every_schedule(here: Desk) -> list[Schedule]:
    """What the office keeps; where the service has never run, what it would begin with."""
    with here.database.reading() as session:
        kept = list_schedules(session)
    if not kept:
        with here.database.writing() as session:
            ensure_schedules(session, default_schedules(), here.now)
            kept = list_schedules(session)
    return kept


@dataclass(frozen=True, slots=True)
class ScheduleFields:
    """A schedule as a form wants it; ``times``: cron, seconds and jitter, ``window``: the hours of a night's crawl."""

    times: tuple[str, str, str]
    window: tuple[str, str]
    is_enabled: bool


def change(here: Desk, who: Visitor, name: str, given: ScheduleFields) -> bool:
    """Whether anything changed. Raises SettingError."""
    with here.database.writing() as session:
        found = get_schedule(session, words_of(name))
        wanted = changed_schedule(
            found,
            timezone=here.settings.timezone,
            times=given.times,
            window=given.window,
            is_enabled=given.is_enabled,
        )
        is_changed = change_schedule(session, wanted, here.now)
        if is_changed:
            audit.note(session, who, "schedule-changed", name, {"before": _object(found), "after": _object(wanted)})
    return is_changed


def changed_schedule(
    schedule: Schedule, *, timezone: str, times: tuple[str, str, str], window: tuple[str, str], is_enabled: bool
) -> Schedule:
    """The schedule as a form wants it: ``times`` are cron, seconds and jitter, of which one of the first two is given.

    ``window``: the hours of a night's crawl. Raises SettingError with what to write; the scheduler itself reads the
    trigger.
    """
    cron, every, jitter = (one.strip() for one in times)
    if bool(cron) == bool(every):
        raise SettingError("请在“cron”和“每隔多少秒”中填写一项，另一项留空")
    trigger: dict[str, Any] = {"cron": " ".join(cron.split())} if cron else {}
    if every:
        trigger["every_seconds"] = _number(every, "每隔多少秒", LEAST_SECONDS, MOST_SECONDS)
    if jitter and jitter != "0":
        trigger["jitter_seconds"] = _number(jitter, "错开的秒数", 1, MOST_JITTER)
    arguments = dict(schedule.arguments)
    if schedule.job == "cycle":
        hours = [one.strip() for one in window]
        if any(hours) and not all(hours):
            raise SettingError("采集时段的起止钟点要么都填，要么都留空（全天）")
        arguments.pop("window", None)
        if all(hours):
            arguments["window"] = [_number(one, "采集时段的钟点", 0, 23) for one in hours]
    wanted = replace(schedule, trigger=trigger, arguments=arguments, is_enabled=is_enabled)
    make_trigger(wanted, timezone)
    return wanted


def _number(text: str, what: str, least: int, most: int) -> int:
    if not (text.isascii() and text.isdigit() and least <= int(text) <= most):
        raise SettingError(f"“{what}”应当是 {least} 到 {most} 之间的整数，现在是“{text}”")
    return int(text)


def _object(schedule: Schedule) -> dict[str, Any]:
    arguments = dict(schedule.arguments)
    return {"trigger": dict(schedule.trigger), "arguments": arguments, "is_enabled": schedule.is_enabled}
