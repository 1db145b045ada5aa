"""What the office does with violations: decides, adds findings, looks again, answers units that ask for a look."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Final

from gkmonitor.accounts.permissions import Permission
from gkmonitor.errors import LedgerError
from gkmonitor.finding import Given, finding_of
from gkmonitor.jobs import SPOT
from gkmonitor.ledger.records import Case, Decision, EventKind
from gkmonitor.registry.records import PortalEntry
from gkmonitor.storage import Session, audit
from gkmonitor.storage.case_scope import may_be_told
from gkmonitor.storage.cases import add_finding, decide, decide_all, get_case
from gkmonitor.storage.rechecks import RecheckRequest, RequestState, answer_request
from gkmonitor.web.decisions import ACTS, Fields, decision_of, desk_words
from gkmonitor.web.desk import Desk
from gkmonitor.web.uploading import attach
from gkmonitor.web.visiting import Visitor

Files = Sequence[tuple[str, bytes]]  # (name, content)
AT_ONCE: Final = (EventKind.CONFIRMED, EventKind.DISMISSED, EventKind.NOTIFIED, EventKind.RECTIFIED, EventKind.CLOSED)


@contextmanager
def in_desk_words() -> Iterator[None]:
    """Faults of the ledger without what is only typed on a command line."""
    try:
        yield
    except LedgerError as error:
        raise LedgerError(desk_words(error)) from error


def visible_case(session: Session, who: Visitor, number: int) -> Case | None:
    """The case, where the visitor may know of it: the office of all, a unit of its own that a person has confirmed."""
    try:
        found = get_case(session, number)
    except LedgerError:
        return None
    is_told = who.may(Permission.VIEW) or may_be_told(session, found)
    return found if who.sees(found.portal_id) and is_told else None


def decide_one(here: Desk, who: Visitor, case: Case, fields: Fields, version: int | None, files: Files) -> Decision:
    """Carries out a decision on one case, with what was attached. Raises LedgerError, DateError, OutputError."""
    decision_of(fields, here)  # nothing is kept for a decision that cannot be
    with here.database.writing() as session:
        evidence = attach(here, session, case.portal_id, files)
        decision = decision_of(fields, here, evidence=evidence, version=version)
        decide(session, case.id, decision, actor=who.actor, now=here.now)
        details = {"reason": decision.reason} if decision.reason else {}
        audit.note(session, who, f"violation-{decision.kind.value}", f"问题 {case.id}", details)
    return decision


def decide_several(
    here: Desk, who: Visitor, ids: Sequence[int], fields: Fields, versions: Mapping[int, int]
) -> tuple[Decision, list[Case]]:
    """One decision on all of them, or on none. ``versions``: those that the person saw.

    Raises LedgerError, DateError.
    """
    decision = decision_of(fields, here)
    if decision.kind not in AT_ONCE:
        raise LedgerError(f"“{ACTS[decision.kind]}”须逐个处理")
    with here.database.writing() as session:
        done = decide_all(session, list(ids), decision, actor=who.actor, now=here.now, versions=versions)
        details = {"cases": [one.id for one in done], "reason": decision.reason}
        audit.note(session, who, f"violation-{decision.kind.value}", f"{len(done)} 个问题", details)
    return decision, done


def add(here: Desk, who: Visitor, find: Callable[[Session], PortalEntry], given: Given, files: Files) -> Case:
    """A finding by a person: a case of its own, or their look at one that exists. ``find``: the portal.

    Raises UsageError, OutputError.
    """
    if not given.rule and not (given.text or "").strip():
        raise LedgerError("请写明发现的情况，或选择所违反的规则")
    if not given.rule and not given.severity:
        raise LedgerError("没有选择规则时，请选择程度")
    finding = finding_of(given)
    with here.database.writing() as session:
        portal = find(session)
        evidence = attach(here, session, portal.id, files)
        whole = replace(finding, portal_id=portal.id, evidence=evidence)
        case = add_finding(session, whole, actor=who.actor, now=here.now)
        audit.note(session, who, "violation-found", f"问题 {case.id}", {"rule": case.rule, "portal": portal.id})
    return case


# ---------------------------------------------------------------- looking again


def start_recheck(here: Desk, portal_id: int, key: str, *, request_id: int | None = None) -> bool:
    """One more inspection of a portal, before anything that waits; False where one is under way already."""
    arguments: dict[str, Any] = {"portal": portal_id, "name": f"{here.today}/recheck/{key}"}
    if request_id is not None:
        arguments["request"] = request_id
    return here.queue.enqueue(
        "desk_inspection", arguments, now=here.now, priority=SPOT, unique_key=f"desk-recheck:{portal_id}"
    )


def recheck(here: Desk, who: Visitor, case: Case) -> bool:
    """One more look at the portal of a case; False where one is under way already."""
    is_new = start_recheck(here, case.portal_id, f"case-{case.id}-{here.now:%H%M%S}")
    with here.database.writing() as session:
        audit.note(session, who, "recheck-start", f"问题 {case.id}", {"portal": case.portal_id})
    return is_new


def answer_recheck(here: Desk, who: Visitor, number: int, *, is_granted: bool) -> RecheckRequest:
    """Starts the inspection that a unit asked for, or refuses it. Raises LedgerError."""
    state = RequestState.DONE if is_granted else RequestState.REFUSED
    with here.database.writing() as session:
        found = answer_request(session, number, state, now=here.now)
        act = "recheck-start" if is_granted else "recheck-refused"
        audit.note(session, who, act, f"复查申请 {number}", {"portal": found.portal_id})
    if is_granted:
        start_recheck(here, found.portal_id, f"request-{number}", request_id=number)
    return found
