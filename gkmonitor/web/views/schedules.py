"""What the service does by itself, and when: read by everybody, changed by whoever keeps the schedule."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from gkmonitor.errors import SettingError
from gkmonitor.scheduling import make_trigger
from gkmonitor.storage.figures import queue_figures
from gkmonitor.storage.schedules import Schedule, get_schedule
from gkmonitor.web.acts import schedules as acts
from gkmonitor.web.desk import desk
from gkmonitor.web.pages import back, render
from gkmonitor.web.paging import words_of
from gkmonitor.web.views.cycles import job_words
from gkmonitor.web.visiting import Scheduler, Viewer

router = APIRouter()
PAGE: Final = "/cycles/schedules"


@router.get(PAGE)
def schedules(request: Request, who: Viewer) -> Response:
    here = desk(request)
    kept = acts.every_schedule(here)
    with here.database.reading() as session:
        queue = queue_figures(session, here.now)
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
    given = acts.ScheduleFields((cron, every, jitter), (window_from, window_to), enabled == "yes")
    try:
        is_changed = acts.change(here, who, name, given)
    except SettingError as error:
        return back(request, f"{PAGE}/{name}", error=str(error))
    return back(request, PAGE, message=f"计划“{name}”已改，一分钟内生效" if is_changed else "没有改动")
