"""Tasks that rules leave to people, and cycles."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Request
from pydantic import Field

from gkmonitor.cycles.records import Cycle
from gkmonitor.errors import LedgerError, StorageError
from gkmonitor.ledger.objects import task_object
from gkmonitor.ledger.records import Task
from gkmonitor.storage import inspections
from gkmonitor.storage.tasks import get_task, list_tasks
from gkmonitor.web.acts import tasks as acts
from gkmonitor.web.acts.portals import release_whatever_waits
from gkmonitor.web.api.portals import inspection_object
from gkmonitor.web.api.shapes import (
    LARGEST,
    Done,
    Given,
    Id,
    Limit,
    Listed,
    Month,
    Number,
    TaskGiven,
    instant,
    named,
)
from gkmonitor.web.desk import desk
from gkmonitor.web.visiting import Reviewer, Scheduler, Viewer

MONTH = r"^20\d\d-(?:0[1-9]|1[0-2])$"
router = APIRouter(tags=["work"])


class MonthGiven(Given):
    """A month."""

    month: Month


class PortalGiven(Given):
    """A portal."""

    portal: Annotated[Id, Field(examples=[5])]


@router.get("/tasks")
def tasks(
    request: Request,
    who: Viewer,
    month: Annotated[str | None, Query(pattern=MONTH, examples=["2026-11"])] = None,
    portal: Annotated[int | None, Query(ge=1, le=LARGEST)] = None,
    state: Annotated[str | None, Query(pattern="^(todo|done)$")] = None,
    after: Annotated[int, Query(ge=0, le=LARGEST)] = 0,
    limit: Limit = 200,
) -> Listed:
    """The tasks of a month, this one by default; ``after``: how many to pass over."""
    here = desk(request)
    with here.database.reading() as session:
        portals = None if portal is None else [portal]
        found = list_tasks(
            session, month=month or f"{here.today:%Y-%m}", portals=portals, states=(state,) if state else ()
        )
    page = found[after : after + limit]
    return Listed(items=[task_object(one) for one in page], next=str(after + limit) if found[after + limit :] else None)


@router.get("/tasks/{number}")
def task(request: Request, who: Viewer, number: Number) -> dict[str, Any]:
    """One task."""
    return task_object(_task(request, number))


def _task(request: Request, number: int) -> Task:
    with desk(request).database.reading() as session:
        try:
            return get_task(session, number)
        except LedgerError as error:
            raise HTTPException(404) from error


@router.post("/tasks/prepare", status_code=202)
def prepare(request: Request, who: Reviewer, given: MonthGiven) -> Done:
    """Has a month's tasks made, those that are not there; ``changed`` false: that waits already."""
    return Done(changed=acts.prepare(desk(request), who, given.month))


@router.post("/tasks/{number}/done")
def done(request: Request, who: Reviewer, number: Number, given: TaskGiven) -> dict[str, Any]:
    """A task is done; ``violation`` makes a finding by a person and needs a note."""
    _task(request, number)
    files = named(given.attachments)
    made = acts.finish(
        desk(request), who, number, given.outcome, given.note or "", severity=given.severity, files=files
    )
    return task_object(made)


@router.post("/cycles/{number}/release")
def release(request: Request, who: Scheduler, number: Number, given: PortalGiven) -> Done:
    """Somebody has looked at a portal that a cycle held: it was rebuilt, its new columns are judged from now on."""
    with desk(request).database.reading() as session:
        try:
            inspections.get_cycle(session, number)
        except StorageError as error:
            raise HTTPException(404) from error
    release_whatever_waits(desk(request), who, given.portal)
    return Done()


@router.get("/cycles")
def cycles(request: Request, who: Viewer, limit: Limit = 20) -> Listed:
    """The newest cycles."""
    with desk(request).database.reading() as session:
        return Listed(items=[cycle_object(one) for one in inspections.latest_cycles(session, limit)])


@router.get("/cycles/{number}")
def cycle(request: Request, who: Viewer, number: Number) -> dict[str, Any]:
    """One cycle with the inspection of each portal."""
    with desk(request).database.reading() as session:
        try:
            found = inspections.get_cycle(session, number)
        except StorageError as error:
            raise HTTPException(404) from error
        rows = inspections.inspections_of(session, number)
    return {**cycle_object(found), "inspections": [inspection_object(one) for one in rows]}


def cycle_object(one: Cycle) -> dict[str, Any]:
    """One round of inspections."""
    return {
        "id": one.id,
        "name": one.name,
        "kind": one.kind,
        "as_of": one.as_of.isoformat(),
        "started_at": instant(one.started_at),
        "finished_at": instant(one.finished_at),
        "counts": dict(one.counts),
    }
