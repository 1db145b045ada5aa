"""Portals of the registry, their inspections and availability."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any, Final

from fastapi import APIRouter, HTTPException, Query, Request

from gkmonitor.cycles.records import Inspection
from gkmonitor.errors import RegistryError
from gkmonitor.registry.records import PortalEntry, PortalState
from gkmonitor.storage import inspections
from gkmonitor.storage.portals import find_portals, get_portal
from gkmonitor.storage.probes import probe_days
from gkmonitor.web.acts import portals as acts
from gkmonitor.web.api.shapes import MOST, InspectionsGiven, Limit, Listed, Number, Words, instant
from gkmonitor.web.desk import desk
from gkmonitor.web.visiting import Reviewer, ViewerOrUnit, Visitor

DAYS: Final = 90
SHOWN: Final = 100  # inspections of one portal
router = APIRouter(tags=["portals"])


@router.get("/portals")
def portals(
    request: Request,
    who: ViewerOrUnit,
    group: Words = "",
    state: PortalState = PortalState.ACTIVE,
    after: Annotated[str, Query(max_length=20, pattern=r"^\d*$")] = "",
    limit: Limit = 100,
) -> Listed:
    """Registered portals by their number; ``group``: a unit with those below it, a region or a level."""
    first = int(after or 0)
    with desk(request).database.reading() as session:
        found = find_portals(session, group=group or None, states=(state,))
    left = [one for one in found if who.sees(one.id) and one.id > first]
    page = left[:limit]
    return Listed(items=[portal_object(one) for one in page], next=str(page[-1].id) if len(left) > limit else None)


@router.get("/portals/{number}")
def portal(request: Request, who: ViewerOrUnit, number: Number) -> dict[str, Any]:
    """One portal with its newest inspections and the sums of its probes by day."""
    here = desk(request)
    with here.database.reading() as session:
        try:
            found = get_portal(session, number)
        except RegistryError as error:
            raise HTTPException(404) from error
        _require_seen(who, number)
        looks = inspections.inspections_of_portal(session, number, SHOWN)
        days = probe_days(session, number, here.today - timedelta(days=DAYS), here.today)
    return {
        **portal_object(found),
        "inspections": [inspection_object(one) for one in looks],
        "availability": [{**one, "day": one["day"].isoformat()} for one in days],
    }


@router.get("/portals/{number}/verdicts")
def verdicts(request: Request, who: ViewerOrUnit, number: Number) -> Listed:
    """Every verdict of the newest inspection with a result, as in ``gkmonitor check --json``; the office's only."""
    _require_seen(who, number)
    if who.portals is not None:  # what nobody has confirmed is not told to a unit
        raise HTTPException(404)
    with desk(request).database.reading() as session:
        looks = inspections.inspections_of_portal(session, number, SHOWN)
        found = next((got for one in looks if (got := inspections.stored_verdicts(session, one.id))), [])
    return Listed(items=found[: MOST * 10])


@router.post("/inspections", status_code=202)
def inspect(request: Request, who: Reviewer, given: InspectionsGiven) -> Listed:
    """Has portals inspected at once, all or none; ``cycle``: its name, null where an inspection waits already."""
    here = desk(request)
    ids = list(dict.fromkeys(given.portals))
    with here.database.reading() as session:
        active = {one.id for one in find_portals(session)}
    if missing := [str(one) for one in ids if one not in active]:
        raise RegistryError(f"没有编号为 {'、'.join(missing[:20])} 的在用网站")
    entries = [acts.check_inspection(here, who, one) for one in ids]
    return Listed(items=[{"portal": one.id, "cycle": acts.inspect_or_wait(here, who, one)} for one in entries])


def _require_seen(who: Visitor, number: int) -> None:
    if not who.sees(number):
        raise HTTPException(404)


def portal_object(one: PortalEntry) -> dict[str, Any]:
    """A portal as the registry has it, without contacts."""
    return {
        "id": one.id,
        "site_id_code": one.site_id_code,
        "name": one.name,
        "url": one.url,
        "organizer": one.organizer,
        "unit": one.unit,
        "level": one.level,
        "profile": one.profile,
        "region": one.region,
        "state": one.state,
        "state_reason": one.state_reason,
    }


def inspection_object(one: Inspection) -> dict[str, Any]:
    """One look at a portal."""
    return {
        "id": one.id,
        "cycle": one.cycle_id,
        "portal": one.portal_id,
        "state": one.state,
        "as_of": one.as_of.isoformat(),
        "observed_at": instant(one.observed_at),
        "attempts": one.attempts,
        "failure": one.failure,
        "failure_detail": one.failure_detail,
        "held": one.held_reason,
        "packs": dict(one.packs),
        "summary": dict(one.summary),
    }
