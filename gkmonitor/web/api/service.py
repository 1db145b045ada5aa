"""What the service does by itself and when, and spot checks of any address."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, HTTPException, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from gkmonitor.records import Profile
from gkmonitor.spotting import read_request
from gkmonitor.storage.schedules import Schedule
from gkmonitor.web.acts import schedules as schedule_acts
from gkmonitor.web.acts import spot as spot_acts
from gkmonitor.web.api.shapes import Done, Given, Key, Listed, Short, example, instant
from gkmonitor.web.desk import desk
from gkmonitor.web.views import spot as spot_view
from gkmonitor.web.visiting import Reviewer, Scheduler, Viewer

router = APIRouter()


class ScheduleGiven(Given):
    """A schedule as it is to be: ``cron`` or ``every_seconds``, and of a nightly crawl its hours."""

    cron: Annotated[str, Field(max_length=100, examples=["30 22 * * *"])] = ""
    every_seconds: Annotated[int | None, Field(ge=0, le=10**7)] = None
    jitter_seconds: Annotated[int, Field(ge=0, le=10**5, description="随机错开，最多多少秒")] = 0
    window: Annotated[
        tuple[int, int] | None, Field(examples=[[22, 6]], description="采集时段的起止钟点；不写为全天")
    ] = None
    enabled: bool = True


class SpotGiven(Given):
    """An address to be looked at once; nothing is written into the ledger."""

    url: Annotated[Short, Field(examples=["http://www.qinghe.gov.cn/"])]
    profile: Annotated[Profile | None, Field(description="网站类型；不写时由程序辨认")] = None


class SpotCheck(BaseModel):
    """How far a spot check is: waiting, running, done or failed (then ``detail`` says why)."""

    model_config = example(
        key="Zk3s9_0Qm1c7rT2vX5yA8bD4eF6gH0jL",
        url="http://www.qinghe.gov.cn/",
        state="done",
        detail="",
        name="青禾县人民政府",
        asked_by="wang（王某）",
        asked_at="2026-11-20T02:00:00Z",
    )

    key: str
    url: str
    state: str
    detail: str
    name: str
    asked_by: str
    asked_at: str


@router.get("/schedules", tags=["work"])
def every_schedule(request: Request, who: Viewer) -> Listed:
    """What the service does when."""
    return Listed(items=[_schedule(one) for one in schedule_acts.every_schedule(desk(request))])


@router.post("/schedules/{name}", tags=["work"])
def change_schedule(request: Request, who: Scheduler, name: str, given: ScheduleGiven) -> Done:
    """Sets a schedule anew; it holds within a minute."""
    every = str(given.every_seconds) if given.every_seconds else ""
    window = (str(given.window[0]), str(given.window[1])) if given.window else ("", "")
    fields = schedule_acts.ScheduleFields((given.cron, every, str(given.jitter_seconds)), window, given.enabled)
    return Done(changed=schedule_acts.change(desk(request), who, name, fields))


def _schedule(one: Schedule) -> dict[str, object]:
    return {
        "name": one.name,
        "job": one.job,
        "trigger": dict(one.trigger),
        "arguments": dict(one.arguments),
        "enabled": one.is_enabled,
        "last_enqueued_at": instant(one.last_enqueued_at),
    }


# ---------------------------------------------------------------- spot checks


@router.post("/spot-checks", status_code=202, tags=["spot checks"])
def ask(request: Request, who: Reviewer, given: SpotGiven) -> SpotCheck:
    """Has an address looked at and judged once; the answer's ``key`` asks for what came of it."""
    return spot_check(request, who, spot_acts.ask(desk(request), who, given.url, given.profile or ""))


@router.get("/spot-checks/{key}", tags=["spot checks"])
def spot_check(request: Request, who: Reviewer, key: Key) -> SpotCheck:
    """How far it is; it is kept for a week."""
    found = read_request(desk(request).settings, key)
    if found is None:
        raise HTTPException(404)
    return SpotCheck(
        key=found.key,
        url=found.url,
        state=found.state,
        detail=found.detail,
        name=found.name,
        asked_by=found.asked_by,
        asked_at=instant(found.asked_at) or "",
    )


@router.get(
    "/spot-checks/{key}/report",
    tags=["spot checks"],
    response_class=Response,
    responses={200: {"description": "结果网页", "content": {"text/html; charset=utf-8": {}}}},
)
def spot_report(request: Request, who: Reviewer, key: Key) -> Response:
    """The result as a page, once it is done."""
    return spot_view.page(request, who, key)
