"""Violations: found by any filter, shown with their life, decided on. A unit sees and answers what it was told of."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import APIRouter, HTTPException, Query, Request

from gkmonitor.accounts.permissions import Permission
from gkmonitor.errors import LedgerError
from gkmonitor.finding import Given as Finding
from gkmonitor.ledger.objects import case_details_object, case_object, event_object
from gkmonitor.ledger.records import By, Case, EventKind, State
from gkmonitor.records import Severity
from gkmonitor.storage import Session
from gkmonitor.storage.case_queue import find_cases
from gkmonitor.storage.case_scope import CaseFilter, Sort
from gkmonitor.storage.cases import events_of, get_case
from gkmonitor.web.acts import cases as acts
from gkmonitor.web.acts import units
from gkmonitor.web.acts.portals import visible
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
    instant,
    named,
)
from gkmonitor.web.decisions import Fields
from gkmonitor.web.desk import desk
from gkmonitor.web.telling import told_event
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
    """One violation: the rule's words, what was measured, its version, what the unit is told of its
    life (``told``) and, for the office, all of it (``events``)."""
    with desk(request).database.reading() as session:
        found = case_for(session, who, number)
        events = events_of(session, number)
    told = [line for event in events if (line := told_event(event)) is not None]
    life = [{**line, "at": instant(line["at"])} for line in told]
    whole = [event_object(event) for event in events] if who.may(Permission.VIEW) else []
    return {**case_details_object(found), "events": whole, "told": life}


@router.post("/violations/decisions")
def decide(request: Request, who: Reviewer, given: DecisionGiven) -> Listed:
    """One decision on one violation, or on several: all of them or none."""
    here = desk(request)
    fields = Fields(
        given.decision.kind.value,
        reason=given.reason or "",
        note=given.note or "",
        days=str(given.days or ""),
        deadline=given.deadline.isoformat() if given.deadline else "",
        document=given.document or "",
        last_day=given.last_day.isoformat() if given.last_day else "",
    )
    ids = list(dict.fromkeys(given.ids))
    with acts.in_desk_words():
        if len(ids) == 1:
            with here.database.reading() as session:
                case = get_case(session, ids[0])
            acts.decide_one(here, who, case, fields, given.version, named(given.attachments))
        elif given.attachments:
            raise LedgerError("附件只能随一个问题的处理提交")
        else:
            versions = dict.fromkeys(ids, given.version) if given.version is not None else {}
            acts.decide_several(here, who, ids, fields, versions)
    with here.database.reading() as session:
        return Listed(items=[case_details_object(get_case(session, one)) for one in ids])


@router.post("/violations", status_code=201)
def add(request: Request, who: Reviewer, given: FindingGiven) -> dict[str, Any]:
    """A finding made by a person: a violation of its own, or their look at one that exists."""
    wrote = Finding(given.text, given.rule or "", given.severity or "", given.concept, given.column, given.url)
    with acts.in_desk_words():
        made = acts.add(
            desk(request),
            who,
            lambda session: visible(session, who, given.portal),
            wrote,
            named(given.attachments),
        )
    return case_details_object(made)


@router.post("/violations/{number}/answers", status_code=201)
def answer(request: Request, who: UnitVisitor, number: Number, given: AnswerGiven) -> dict[str, Any]:
    """A supervised unit's answer to a notice, or its appeal: words, files, or both."""
    kind = EventKind.APPEALED if given.appeals else EventKind.ANSWERED
    with acts.in_desk_words():
        return case_object(units.say(desk(request), who, number, kind, given.text, named(given.attachments)))


def case_for(session: Session, who: Visitor, number: int) -> Case:
    """The case, where the visitor may know of it. Answers 404 as for one that does not exist."""
    found = acts.visible_case(session, who, number)
    if found is None:
        raise HTTPException(404, NOWHERE)
    return found
