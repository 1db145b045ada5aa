"""The desk of a supervised unit: its own portals and violations, answers, appeals, requests for a recheck.

A unit is told of what a person has confirmed, and of nothing else. What belongs to others is not there: 404.
"""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import APIRouter, File, Form, HTTPException, UploadFile
from starlette.requests import Request
from starlette.responses import Response

from gkmonitor.errors import LedgerError, UsageError
from gkmonitor.evidence.reviewing import review
from gkmonitor.ledger.records import By, Case, Decision, EventKind, State
from gkmonitor.ledger.states import allows
from gkmonitor.registry.records import PortalState
from gkmonitor.reports.case_wording import state_note, subject_words
from gkmonitor.reports.wording import safe_link
from gkmonitor.storage import Session, audit
from gkmonitor.storage.case_queue import count_by_state, find_cases
from gkmonitor.storage.case_scope import CaseFilter, Sort, may_be_told
from gkmonitor.storage.cases import decide, get_case
from gkmonitor.storage.portals import find_portals
from gkmonitor.storage.rechecks import ask_for_recheck, requests_of, requests_of_case
from gkmonitor.web.decisions import MAX_NOTE, desk_words
from gkmonitor.web.desk import Desk, desk
from gkmonitor.web.pages import back, render
from gkmonitor.web.telling import told_event, told_uploads
from gkmonitor.web.uploading import ACCEPT, attach
from gkmonitor.web.visiting import UnitVisitor, Visitor

router = APIRouter()
MINE: Final = "/my/violations"
ONE: Final = f"{MINE}/{{number:int}}"
_LIVE: Final = (State.CONFIRMED, State.NOTIFIED, State.APPEALED)
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
    wanted = CaseFilter(portals=_portals(who), states=states, is_told=True, sort=Sort.NEWEST)
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


def _portals(who: Visitor) -> frozenset[int]:
    """A unit's portals. Whoever is no unit has none here, whatever else they may see."""
    return who.portals if who.portals is not None else frozenset()


@router.get("/my/portals")
def my_portals(request: Request, who: UnitVisitor) -> Response:
    here = desk(request)
    mine = _portals(who)
    with here.database.reading() as session:
        portals = [one for one in find_portals(session, states=list(PortalState)) if one.id in mine] if mine else []
        requests = requests_of(session, mine)
        wanted = CaseFilter(portals=mine, states=_LIVE, is_told=True)
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
    _require(here, who, number)
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
        may_ask=case.state in _LIVE,
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
    here, url = desk(request), f"{MINE}/{number}"
    case = _require(here, who, number)
    try:
        if len(note) > MAX_NOTE:
            raise LedgerError(f"文字最长 {MAX_NOTE} 个字")
        if not note.strip() and not any(file.filename for file in files):
            raise LedgerError("请写明情况，或上传附件")
        with here.database.writing() as session:
            evidence = attach(here, session, case.portal_id, files)
            decision = Decision(kind, here.today, note=note.strip() or None, evidence=evidence)
            decide(session, number, decision, actor=who.actor, now=here.now)
            audit.note(session, who, f"violation-{kind.value}", f"问题 {number}")
    except UsageError as error:
        return back(request, url, error=desk_words(error))
    return back(request, url, message=words)


@router.post(f"{ONE}/recheck")
def ask_about_violation(request: Request, who: UnitVisitor, number: int, note: Annotated[str, Form()] = "") -> Response:
    here = desk(request)
    case = _require(here, who, number)
    if case.state not in _LIVE:
        return back(request, f"{MINE}/{number}", error="这个问题已不需要复查")
    return _ask(request, who, case.portal_id, number, note, f"{MINE}/{number}")


@router.post("/my/portals/{number:int}/recheck")
def ask_about_portal(request: Request, who: UnitVisitor, number: int, note: Annotated[str, Form()] = "") -> Response:
    if number not in _portals(who):
        raise HTTPException(404)
    return _ask(request, who, number, None, note, "/my/portals")


def _ask(request: Request, who: Visitor, portal_id: int, case_id: int | None, note: str, url: str) -> Response:
    here = desk(request)
    try:
        with here.database.writing() as session:
            _ask_once(session, here, who, portal_id, case_id, note)
    except UsageError as error:
        return back(request, url, error=str(error))
    return back(request, url, message="复查申请已提交，请等待检查机关安排")


def _ask_once(session: Session, here: Desk, who: Visitor, portal_id: int, case_id: int | None, note: str) -> None:
    number = ask_for_recheck(session, portal_id, case_id, note, asked_by=who.actor, now=here.now)
    audit.note(session, who, "recheck-asked", f"复查申请 {number}", {"portal": portal_id, "case": case_id})


def _require(here: Desk, who: Visitor, number: int) -> Case:
    """The case, where it is the unit's and a person has confirmed it; else 404, as for one that is not there."""
    with here.database.reading() as session:
        try:
            case = get_case(session, number)
        except LedgerError as error:
            raise HTTPException(404) from error
        if case.portal_id not in _portals(who) or not may_be_told(session, case):
            raise HTTPException(404)
        return case
