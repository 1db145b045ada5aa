"""What a supervised unit says and asks for."""

from __future__ import annotations

from typing import Final

from starlette.exceptions import HTTPException

from gkmonitor.errors import LedgerError
from gkmonitor.ledger.records import Case, Decision, EventKind, State
from gkmonitor.storage import audit
from gkmonitor.storage.cases import decide
from gkmonitor.storage.rechecks import ask_for_recheck
from gkmonitor.web.acts.cases import Files, visible_case
from gkmonitor.web.decisions import MAX_NOTE
from gkmonitor.web.desk import Desk
from gkmonitor.web.uploading import attach
from gkmonitor.web.visiting import Visitor

LIVE: Final = (State.CONFIRMED, State.NOTIFIED, State.APPEALED)


def own_portals(who: Visitor) -> frozenset[int]:
    """A unit's portals. Whoever is no unit has none here, whatever else they may see."""
    return who.portals if who.portals is not None else frozenset()


def own_case(here: Desk, who: Visitor, number: int) -> Case:
    """The case, where it is the unit's and a person has confirmed it; else 404, as for one that is not there."""
    with here.database.reading() as session:
        case = visible_case(session, who, number)
    if case is None or case.portal_id not in own_portals(who):
        raise HTTPException(404)
    return case


def say(here: Desk, who: Visitor, number: int, kind: EventKind, note: str, files: Files) -> Case:
    """An answer or an appeal, in words, files, or both; the ledger says when it came.

    Raises LedgerError, OutputError.
    """
    case = own_case(here, who, number)
    if len(note) > MAX_NOTE:
        raise LedgerError(f"文字最长 {MAX_NOTE} 个字")
    if not note.strip() and not files:
        raise LedgerError("请写明情况，或上传附件")
    with here.database.writing() as session:
        evidence = attach(here, session, case.portal_id, files)
        decision = Decision(kind, here.today, note=note.strip() or None, evidence=evidence)
        done = decide(session, number, decision, actor=who.actor, now=here.now)
        audit.note(session, who, f"violation-{kind.value}", f"问题 {number}")
    return done


def ask_about_case(here: Desk, who: Visitor, number: int, note: str) -> int:
    """The number of a request for one more look. Raises LedgerError."""
    case = own_case(here, who, number)
    if case.state not in LIVE:
        raise LedgerError("这个问题已不需要复查")
    return _ask(here, who, case.portal_id, number, note)


def ask_about_portal(here: Desk, who: Visitor, number: int, note: str) -> int:
    """The same for a portal as a whole."""
    if number not in own_portals(who):
        raise HTTPException(404)
    return _ask(here, who, number, None, note)


def _ask(here: Desk, who: Visitor, portal_id: int, case_id: int | None, note: str) -> int:
    with here.database.writing() as session:
        number = ask_for_recheck(session, portal_id, case_id, note, asked_by=who.actor, now=here.now)
        audit.note(session, who, "recheck-asked", f"复查申请 {number}", {"portal": portal_id, "case": case_id})
    return number
