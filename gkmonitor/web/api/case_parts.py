"""What belongs to one violation: its decision trail, evidence and pack, one more look; and one's saved views."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from gkmonitor.evidence.reviewing import trail_of
from gkmonitor.office import load_choices
from gkmonitor.reports.explanation_json import explanation_object
from gkmonitor.storage import saved_views
from gkmonitor.storage.rechecks import RecheckRequest, requests_of, requests_of_case, waiting_requests
from gkmonitor.web.acts import cases as acts
from gkmonitor.web.acts import units
from gkmonitor.web.api.shapes import Done, Given, Limit, Number, Skipped, Some, Text, example, instant, some
from gkmonitor.web.api.violations import case_for
from gkmonitor.web.case_filters import read_given
from gkmonitor.web.desk import desk
from gkmonitor.web.views import evidence, violation
from gkmonitor.web.visiting import Reviewer, UnitVisitor, Viewer, ViewerOrUnit

router = APIRouter(tags=["violations"])
_ZIP: dict[int | str, dict[str, Any]] = {200: {"description": "证据包", "content": {"application/zip": {}}}}


def _file(kind: str) -> dict[int | str, dict[str, Any]]:
    return {200: {"description": "文件", "content": {kind: {}}}}


@router.get("/violations/{number}/trail")
def trail(request: Request, who: Viewer, number: Number) -> dict[str, Any]:
    """How the verdict came about, as ``gkmonitor explain --json``; ``reason`` alone: why that cannot be told."""
    here = desk(request)
    units_known = load_choices(here.settings).units
    with here.database.reading() as session:
        told = trail_of(session, case_for(session, who, number), units_known)
    return {"reason": told} if isinstance(told, str) else explanation_object(told)


@router.post("/violations/{number}/recheck", status_code=202)
def recheck(request: Request, who: Reviewer, number: Number) -> Done:
    """One more look at its portal now; ``changed`` false: one is under way already."""
    here = desk(request)
    with here.database.reading() as session:
        case = case_for(session, who, number)
    return Done(changed=acts.recheck(here, who, case))


@router.get("/violations/{number}/pack", response_class=Response, responses=_ZIP)
def pack(request: Request, who: Viewer, number: Number) -> Response:
    """The evidence to hand over, personal numbers masked; noted in the audit."""
    return violation.pack(request, who, number)


@router.post("/violations/{number}/pack", response_class=Response, responses=_ZIP)
def unmasked_pack(request: Request, who: Reviewer, number: Number) -> Response:
    """The evidence with personal numbers in it: an event of the violation before it is handed out."""
    return violation.unmasked_pack(request, who, number)


# ---------------------------------------------------------------- evidence


@router.get("/evidence/pages/{number}", response_class=Response, responses=_file("text/html; charset=utf-8"))
def stored_page(request: Request, who: ViewerOrUnit, number: Number) -> Response:
    """The copy for reading of a stored page: no scripts, personal numbers masked."""
    return evidence.stored_page(request, who, number)


@router.get("/evidence/screenshots/{number}", response_class=Response, responses=_file("image/png"))
def screenshot(request: Request, who: ViewerOrUnit, number: Number) -> Response:
    """A picture of a page."""
    return evidence.screenshot(request, who, number)


@router.get("/evidence/uploads/{number}", response_class=Response, responses=_file("application/octet-stream"))
def upload(request: Request, who: ViewerOrUnit, number: Number) -> Response:
    """An attachment; a unit gets its own and what was sent to it."""
    return evidence.upload(request, who, number)


# ---------------------------------------------------------------- rechecks that units ask for


class RecheckTold(BaseModel):
    """A unit's request for one more look; ``state``: waiting, done or refused."""

    model_config = example(
        id=3,
        portal=5,
        violation=12,
        asked_by="qinghe（青禾县政府办）",
        asked_at="2026-11-20T02:00:00Z",
        note="已补发",
        state="waiting",
        cycle=None,
        answered_at=None,
    )

    id: int
    portal: int
    violation: int | None
    asked_by: str
    asked_at: str
    note: str
    state: str
    cycle: int | None
    answered_at: str | None


class NoteGiven(Given):
    """What was mended."""

    note: Annotated[Text, Field(max_length=2000, examples=["已补发，请复查"])] = ""


class RecheckAnswer(Given):
    """Whether the inspection is made."""

    granted: Annotated[bool, Field(examples=[True])]


class Asked(BaseModel):
    """A new request."""

    model_config = example(id=3)

    id: int


@router.get("/rechecks")
def rechecks(request: Request, who: ViewerOrUnit, after: Skipped = 0, limit: Limit = 100) -> Some[RecheckTold]:
    """What waits for the office, the oldest first; a unit sees its own requests, the newest first."""
    with desk(request).database.reading() as session:
        found = waiting_requests(session) if who.portals is None else requests_of(session, who.portals)
    return some([_request(one) for one in found], after, limit)


@router.get("/violations/{number}/rechecks")
def rechecks_of(
    request: Request, who: ViewerOrUnit, number: Number, after: Skipped = 0, limit: Limit = 100
) -> Some[RecheckTold]:
    """Requests about one violation, the newest first."""
    with desk(request).database.reading() as session:
        found = requests_of_case(session, case_for(session, who, number).portal_id, number)
    return some([_request(one) for one in found], after, limit)


@router.post("/violations/{number}/rechecks", status_code=201)
def ask_about_violation(request: Request, who: UnitVisitor, number: Number, given: NoteGiven) -> Asked:
    """A unit has mended a violation and asks for one more look."""
    return Asked(id=units.ask_about_case(desk(request), who, number, given.note))


@router.post("/portals/{number}/rechecks", status_code=201)
def ask_about_portal(request: Request, who: UnitVisitor, number: Number, given: NoteGiven) -> Asked:
    """A unit asks for one more look at a portal of its own."""
    return Asked(id=units.ask_about_portal(desk(request), who, number, given.note))


@router.post("/rechecks/{number}")
def answer_recheck(request: Request, who: Reviewer, number: Number, given: RecheckAnswer) -> RecheckTold:
    """Starts the inspection that was asked for, or refuses it."""
    return _request(acts.answer_recheck(desk(request), who, number, is_granted=given.granted))


def _request(one: RecheckRequest) -> RecheckTold:
    return RecheckTold(
        id=one.id,
        portal=one.portal_id,
        violation=one.case_id,
        asked_by=one.asked_by,
        asked_at=instant(one.asked_at) or "",
        note=one.note,
        state=one.state.value,
        cycle=one.cycle_id,
        answered_at=instant(one.answered_at),
    )


# ---------------------------------------------------------------- saved views


class View(BaseModel):
    """A filter of the list of violations that somebody keeps; ``query`` as in the desk's address."""

    model_config = example(id=2, name="逾期的单项否决", query="severity=veto&overdue=1")

    id: int
    name: str
    query: str


class ViewGiven(Given):
    """One of that name is replaced; words that the list does not know are left out."""

    name: Annotated[str, Field(max_length=200, examples=["逾期的单项否决"])]
    query: Annotated[str, Field(max_length=2000, examples=["severity=veto&overdue=1"])] = ""


@router.get("/views")
def views(request: Request, who: Viewer, after: Skipped = 0, limit: Limit = 100) -> Some[View]:
    """One's own saved views, by name."""
    with desk(request).database.reading() as session:
        found = saved_views.list_views(session, who.account.id)
    return some([View(id=one.id, name=one.name, query=one.query) for one in found], after, limit)


@router.post("/views", status_code=201)
def save_view(request: Request, who: Viewer, given: ViewGiven) -> Done:
    """Keeps a view."""
    with desk(request).database.writing() as session:
        saved_views.save_view(session, who.account.id, given.name, read_given(given.query).query())
    return Done()


@router.post("/views/{number}/remove")
def remove_view(request: Request, who: Viewer, number: Number) -> Done:
    """Takes away a view of one's own."""
    with desk(request).database.writing() as session:
        if number not in {one.id for one in saved_views.list_views(session, who.account.id)}:
            raise HTTPException(404)
        saved_views.remove_view(session, who.account.id, number)
    return Done()
