"""Tasks that rules leave to people, and cycles."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Request

from gkmonitor.cycles.records import Cycle
from gkmonitor.errors import LedgerError, StorageError
from gkmonitor.ledger.objects import task_object
from gkmonitor.storage import audit, inspections
from gkmonitor.storage.tasks import finish_task, get_task, list_tasks
from gkmonitor.web.api.portals import inspection_object
from gkmonitor.web.api.shapes import LARGEST, Limit, Listed, Number, TaskGiven, instant
from gkmonitor.web.desk import desk
from gkmonitor.web.visiting import Reviewer, Viewer

MONTH = r"^20\d\d-(?:0[1-9]|1[0-2])$"
router = APIRouter(tags=["work"])


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


@router.post("/tasks/{number}/done")
def done(request: Request, who: Reviewer, number: Number, given: TaskGiven) -> dict[str, Any]:
    """A task is done; ``violation`` makes a finding by a person."""
    here = desk(request)
    with here.database.writing() as session:
        try:
            get_task(session, number)
        except LedgerError as error:
            raise HTTPException(404) from error
        made = finish_task(session, number, outcome=given.outcome, note=given.note, actor=who.actor, now=here.now)
        audit.note(session, who, "task-done", str(number), {"outcome": given.outcome})
    return task_object(made)


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
