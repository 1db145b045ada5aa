"""What the service does by itself, and when: read by everybody, changed by whoever keeps the schedule."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any, Final
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from gkmonitor.errors import SettingError
from gkmonitor.scheduling import default_schedules, make_trigger
from gkmonitor.storage import audit
from gkmonitor.storage.figures import queue_figures
from gkmonitor.storage.schedules import Schedule, change_schedule, ensure_schedules, get_schedule, list_schedules
from gkmonitor.web.desk import desk
from gkmonitor.web.pages import back, render
from gkmonitor.web.paging import words_of
from gkmonitor.web.views.cycles import job_words
from gkmonitor.web.visiting import Scheduler, Viewer

router = APIRouter()
PAGE: Final = "/cycles/schedules"
LEAST_SECONDS: Final = 30
MOST_SECONDS: Final = 7 * 24 * 3600
MOST_JITTER: Final = 3600


@router.get(PAGE)
def schedules(request: Request, who: Viewer) -> Response:
    here = desk(request)
    with here.database.reading() as session:
        kept = list_schedules(session)
        queue = queue_figures(session, here.now)
    if not kept:  # the service has never run: what it would begin with
        with here.database.writing() as session:
            ensure_schedules(session, default_schedules(), here.now)
            kept = list_schedules(session)
    rows = [_row(one, here.now, here.zone) for one in kept]
    return render(request, "schedules.html", rows=rows, queue=queue, jobs=job_words())


def _row(schedule: Schedule, now: datetime, zone: ZoneInfo) -> dict[str, Any]:
    try:
        following = make_trigger(schedule, str(zone)).get_next_fire_time(None, now) if schedule.is_enabled else None
        fault = ""
    except SettingError as error:
        following, fault = None, str(error)
    trigger = schedule.trigger
    window = schedule.arguments.get("window") or ()
    return {
        "schedule": schedule,
        "next": following,
        "fault": fault,
        "words": f"cron {trigger['cron']}" if "cron" in trigger else every_words(trigger.get("every_seconds")),
        "window": [int(one) for one in window] if len(window) == 2 else None,
    }


def every_words(seconds: object) -> str:
    """每 10 分钟."""
    if not isinstance(seconds, int) or seconds <= 0:
        return "写法不明"
    for step, unit in ((3600, "小时"), (60, "分钟")):
        if seconds % step == 0:
            return f"每 {seconds // step} {unit}"
    return f"每 {seconds} 秒"


@router.get(PAGE + "/{name}")
def one_schedule(request: Request, who: Scheduler, name: str) -> Response:
    here = desk(request)
    with here.database.reading() as session:
        found = get_schedule(session, words_of(name))
    return render(request, "schedule.html", row=_row(found, here.now, here.zone), jobs=job_words(), error="")


@router.post(PAGE + "/{name}")
def change(
    request: Request,
    who: Scheduler,
    name: str,
    cron: Annotated[str, Form(max_length=100)] = "",
    every: Annotated[str, Form(max_length=10)] = "",
    jitter: Annotated[str, Form(max_length=6)] = "",
    window_from: Annotated[str, Form(max_length=2)] = "",
    window_to: Annotated[str, Form(max_length=2)] = "",
    enabled: Annotated[str, Form(max_length=5)] = "",
) -> Response:
    here = desk(request)
    try:
        with here.database.writing() as session:
            found = get_schedule(session, words_of(name))
            wanted = changed_schedule(
                found,
                timezone=here.settings.timezone,
                times=(cron, every, jitter),
                window=(window_from, window_to),
                is_enabled=enabled == "yes",
            )
            is_changed = change_schedule(session, wanted, here.now)
            if is_changed:
                audit.note(session, who, "schedule-changed", name, {"before": _object(found), "after": _object(wanted)})
    except SettingError as error:
        return back(request, f"{PAGE}/{name}", error=str(error))
    return back(request, PAGE, message=f"计划“{name}”已改，一分钟内生效" if is_changed else "没有改动")


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
