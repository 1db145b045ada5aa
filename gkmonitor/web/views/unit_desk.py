"""The desk of a supervised unit: its own portals and violations, answers, appeals, requests for a recheck.

A unit is told of what a person has confirmed, and of nothing else. What belongs to others is not there: 404.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Final

from fastapi import APIRouter, File, Form, UploadFile
from starlette.requests import Request
from starlette.responses import Response

from gkmonitor.errors import UsageError
from gkmonitor.evidence.reviewing import review
from gkmonitor.ledger.records import By, EventKind, State
from gkmonitor.ledger.states import allows
from gkmonitor.registry.records import PortalState
from gkmonitor.reports.case_wording import state_note, subject_words
from gkmonitor.reports.wording import safe_link
from gkmonitor.storage.case_queue import count_by_state, find_cases
from gkmonitor.storage.case_scope import CaseFilter, Sort
from gkmonitor.storage.portals import find_portals
from gkmonitor.storage.rechecks import requests_of, requests_of_case
from gkmonitor.web.acts import units
from gkmonitor.web.decisions import desk_words
from gkmonitor.web.desk import desk
from gkmonitor.web.pages import back, render
from gkmonitor.web.telling import told_event, told_uploads
from gkmonitor.web.uploading import ACCEPT, read_files
from gkmonitor.web.visiting import UnitVisitor, Visitor

router = APIRouter()
MINE: Final = "/my/violations"
ONE: Final = f"{MINE}/{{number:int}}"
_TABS: Final = (
    ("", "待整改", (State.CONFIRMED, State.NOTIFIED)),
    ("appealed", "申诉中", (State.APPEALED,)),
    ("done", "已整改和已办结", (State.RECTIFIED, State.CLOSED)),
    ("dropped", "不再作为问题", (State.DISMISSED, State.EXEMPT)),
)


@router.get(MINE)
def mine(request: Request, who: UnitVisitor, tab: str = "", after: str | None = None) -> Response:
    here = desk(request)
    states = next((states for code, _, states in _TABS if code == tab), _TABS[0][2])
    wanted = CaseFilter(portals=units.own_portals(who), states=states, is_told=True, sort=Sort.NEWEST)
    with here.database.reading() as session:
        page = find_cases(session, wanted, after)
        counts = count_by_state(session, wanted)
    query = f"tab={tab}&" if tab else ""
    return render(
        request,
        "my_violations.html",
        cases=page.cases,
        tabs=[_tab(code, words, of, counts, code == tab) for code, words, of in _TABS],
        next=f"{MINE}?{query}after={page.after}" if page.after else None,
        today=here.today,
        state_note=state_note,
        subject_words=subject_words,
    )


def _tab(code: str, words: str, states: Any, counts: Any, is_current: bool) -> dict[str, Any]:
    found = [counts[state] for state in states]
    return {
        "url": f"{MINE}?tab={code}" if code else MINE,
        "words": words,
        "number": sum(one.number for one in found),
        "is_more": any(one.is_more for one in found),
        "is_current": is_current,
    }


@router.get("/my/portals")
def my_portals(request: Request, who: UnitVisitor) -> Response:
    here = desk(request)
    mine = units.own_portals(who)
    with here.database.reading() as session:
        portals = [one for one in find_portals(session, states=list(PortalState)) if one.id in mine] if mine else []
        requests = requests_of(session, mine)
        wanted = CaseFilter(portals=mine, states=units.LIVE, is_told=True)
        live = find_cases(session, wanted, limit=500).cases
    return render(
        request,
        "my_portals.html",
        portals=portals,
        requests=requests,
        open_cases={one.id: sum(case.portal_id == one.id for case in live) for one in portals},
        safe_link=safe_link,
    )


@router.get(ONE)
def my_violation(request: Request, who: UnitVisitor, number: int) -> Response:
    here = desk(request)
    units.own_case(here, who, number)
    found = review(here.database, here.evidence, number)
    case = found.case
    with here.database.reading() as session:
        requests = requests_of_case(session, case.portal_id, number)
    return render(
        request,
        "my_violation.html",
        case=case,
        basis=case.verdict.get("basis") or {},
        looks=found.looks[:2],
        shown=found.shown,
        picture=found.pictures[0] if found.pictures else None,
        life=[line for event in found.events if (line := told_event(event)) is not None],
        uploads={one.id: one for one in found.uploads},
        told_uploads=told_uploads(found.events),
        may_answer=allows(EventKind.ANSWERED, By.PERSON, case.state),
        may_appeal=allows(EventKind.APPEALED, By.PERSON, case.state),
        may_ask=case.state in units.LIVE,
        is_late=case.deadline is not None and case.deadline < here.today and case.state is State.NOTIFIED,
        requests=requests,
        accept=ACCEPT,
        state_note=state_note,
        subject_words=subject_words,
        safe_link=safe_link,
    )


# ---------------------------------------------------------------- what a unit says


@router.post(f"{ONE}/answer")
def answer(
    request: Request,
    who: UnitVisitor,
    number: int,
    note: Annotated[str, Form()] = "",
    files: Annotated[list[UploadFile] | None, File()] = None,
) -> Response:
    """Text, files, or both. An answer after the deadline is taken too; the ledger says when it came."""
    return _say(request, who, number, EventKind.ANSWERED, note, files or [], "答复已提交，是否整改到位由复查认定")


@router.post(f"{ONE}/appeal")
def appeal(
    request: Request,
    who: UnitVisitor,
    number: int,
    note: Annotated[str, Form()] = "",
    files: Annotated[list[UploadFile] | None, File()] = None,
) -> Response:
    return _say(request, who, number, EventKind.APPEALED, note, files or [], "申诉已提交，处理结果会显示在本页")


def _say(
    request: Request, who: Visitor, number: int, kind: EventKind, note: str, files: list[UploadFile], words: str
) -> Response:
    url = f"{MINE}/{number}"
    try:
        units.say(desk(request), who, number, kind, note, read_files(files))
    except UsageError as error:
        return back(request, url, error=desk_words(error))
    return back(request, url, message=words)


@router.post(f"{ONE}/recheck")
def ask_about_violation(request: Request, who: UnitVisitor, number: int, note: Annotated[str, Form()] = "") -> Response:
    return _asked(request, lambda: units.ask_about_case(desk(request), who, number, note), f"{MINE}/{number}")


@router.post("/my/portals/{number:int}/recheck")
def ask_about_portal(request: Request, who: UnitVisitor, number: int, note: Annotated[str, Form()] = "") -> Response:
    return _asked(request, lambda: units.ask_about_portal(desk(request), who, number, note), "/my/portals")


def _asked(request: Request, ask: Callable[[], int], url: str) -> Response:
    try:
        ask()
    except UsageError as error:
        return back(request, url, error=str(error))
    return back(request, url, message="复查申请已提交，请等待检查机关安排")
