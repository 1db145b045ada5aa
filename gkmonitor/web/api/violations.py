"""Violations: found by any filter, shown with their life, decided on. A unit sees and answers what it was told of."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import APIRouter, HTTPException, Query, Request

from gkmonitor.accounts.permissions import Permission
from gkmonitor.errors import LedgerError, RegistryError
from gkmonitor.ledger.decisions import deadline_after
from gkmonitor.ledger.objects import case_details_object, case_object, event_object
from gkmonitor.ledger.records import By, Case, Decision, EventKind, State
from gkmonitor.records import Severity, Subject
from gkmonitor.storage import Session, audit
from gkmonitor.storage.case_queue import find_cases
from gkmonitor.storage.case_scope import CaseFilter, Sort, may_be_told
from gkmonitor.storage.cases import NewFinding, add_finding, decide_all, events_of, get_case
from gkmonitor.storage.portals import get_portal
from gkmonitor.web.api.shapes import (
    LARGEST,
    After,
    AnswerGiven,
    DecisionGiven,
    FindingGiven,
    Limit,
    Listed,
    Number,
    Words,
)
from gkmonitor.web.desk import desk
from gkmonitor.web.visiting import Reviewer, UnitVisitor, ViewerOrUnit, Visitor

NOWHERE: Final = "没有这个问题，或不属于您可以查看的范围"
router = APIRouter(tags=["violations"])


@router.get("/violations")
def violations(
    request: Request,
    who: ViewerOrUnit,
    state: Annotated[list[State] | None, Query()] = None,
    severity: Severity | None = None,
    portal: Annotated[int | None, Query(ge=1, le=LARGEST)] = None,
    rule: Words = "",
    concept: Words = "",
    found_by: By | None = None,
    overdue: bool = False,
    repeats: bool = False,
    q: Words = "",
    sort: Sort = Sort.WEIGHT,
    after: After = "",
    limit: Limit = 50,
) -> Listed:
    """Violations of the ledger, a page at a time."""
    here = desk(request)
    wanted = CaseFilter(
        who.portals,
        tuple(state or ()),
        severity,
        portal=portal,
        rule=rule or None,
        concept=concept or None,
        overdue_on=here.today if overdue else None,
        is_repeat=repeats,
        found_by=found_by,
        text=q,
        is_told=not who.may(Permission.VIEW),
        sort=sort,
    )
    with here.database.reading() as session:
        page = find_cases(session, wanted, after or None, limit)
    return Listed(items=[case_object(case) for case in page.cases], next=page.after)


@router.get("/violations/{number}")
def violation(request: Request, who: ViewerOrUnit, number: Number) -> dict[str, Any]:
    """One violation: the rule's words, what was measured, its version and, for the office, its life so far."""
    with desk(request).database.reading() as session:
        found = case_for(session, who, number)
        events = events_of(session, number) if who.may(Permission.VIEW) else []
    return {**case_details_object(found), "events": [event_object(event) for event in events]}


@router.post("/violations/decisions")
def decide(request: Request, who: Reviewer, given: DecisionGiven) -> Listed:
    """One decision on several violations: all of them or none."""
    here = desk(request)
    deadline = given.deadline
    if deadline is None and given.days is not None:
        deadline = deadline_after(here.today, given.days)
    decision = Decision(
        given.decision.kind,
        here.today,
        reason=given.reason,
        note=given.note,
        deadline=deadline,
        version=given.version,
    )
    with here.database.writing() as session:
        done = decide_all(session, given.ids, decision, actor=who.actor, now=here.now)
        audit.note(session, who, f"violations-{given.decision}", "、".join(map(str, given.ids[:40])))
    return Listed(items=[case_details_object(case) for case in done])


@router.post("/violations", status_code=201)
def add(request: Request, who: Reviewer, given: FindingGiven) -> dict[str, Any]:
    """A finding made by a person."""
    here = desk(request)
    subject = Subject(column=given.column, path=(given.column,)) if given.column else Subject()
    finding = NewFinding(given.portal, "person/finding", "person", Severity(given.severity), given.text, subject)
    with here.database.writing() as session:
        try:
            get_portal(session, given.portal)
        except RegistryError as error:
            raise HTTPException(404) from error
        made = add_finding(session, finding, actor=who.actor, now=here.now)
        audit.note(session, who, "violation-added", str(made.id))
    return case_details_object(made)


@router.post("/violations/{number}/answers", status_code=201)
def answer(request: Request, who: UnitVisitor, number: Number, given: AnswerGiven) -> dict[str, Any]:
    """A supervised unit's answer to a notice, or its appeal."""
    here = desk(request)
    kind = EventKind.APPEALED if given.appeals else EventKind.ANSWERED
    with here.database.writing() as session:
        case_for(session, who, number)
        decision = Decision(kind, here.today, note=given.text)
        done = decide_all(session, [number], decision, actor=who.actor, now=here.now)[0]
        audit.note(session, who, f"violation-{kind}", str(number))
    return case_object(done)


def case_for(session: Session, who: Visitor, number: int) -> Case:
    """The case, where the visitor may know of it. Answers 404 as for one that does not exist."""
    try:
        found = get_case(session, number)
    except LedgerError as error:
        raise HTTPException(404, NOWHERE) from error
    if not who.sees(found.portal_id) or not (who.may(Permission.VIEW) or may_be_told(session, found)):
        raise HTTPException(404, NOWHERE)
    return found
