"""Cases of the ledger: finding them, deciding on them, adding what people found. Every change is an event."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, case, or_, select
from sqlalchemy.orm import Session

from gkmonitor.errors import LedgerError
from gkmonitor.ledger.decisions import decide as decided
from gkmonitor.ledger.decisions import seen_by_person
from gkmonitor.ledger.policy import get_policy
from gkmonitor.ledger.records import By, Case, Decision, EventKind, NewEvent
from gkmonitor.ledger.states import STATE_WORDS, next_state
from gkmonitor.ledger.subjects import key_of
from gkmonitor.records import Severity, Subject
from gkmonitor.storage.case_rows import CASES_WITH_SITE, add_case, case_of, cases_from, lock_cases, write_case
from gkmonitor.storage.events import append_events, chain_head, events_of, verify_chain
from gkmonitor.storage.models import CaseRow, EventRow, EvidenceRow, PortalRow
from gkmonitor.storage.sightings import record_sightings

__all__ = [
    "NewFinding",
    "add_finding",
    "chain_head",
    "decide",
    "decide_all",
    "events_of",
    "get_case",
    "list_cases",
    "record_sightings",
    "verify_chain",
]

_WEIGHT: Final = case((CaseRow.severity == Severity.VETO, 0), (CaseRow.severity == Severity.DEDUCTION, 1), else_=2)


# ---------------------------------------------------------------- finding


def get_case(session: Session, case_id: int) -> Case:
    """Raises LedgerError when there is no case of that id."""
    found = cases_from(session, CASES_WITH_SITE.where(CaseRow.id == case_id))
    if not found:
        raise LedgerError(f"没有编号为 {case_id} 的问题，可用 gkmonitor violations list 查看")
    return found[0]


def list_cases(
    session: Session,
    *,
    states: Collection[str] = (),
    portals: Collection[int] | None = None,
    rule: str | None = None,
    severities: Collection[str] = (),
    seen_from: datetime | None = None,
    seen_before: datetime | None = None,
    limit: int | None = None,
    offset: int = 0,
) -> list[Case]:
    """Cases, vetoes first, then the newest sighting first.

    Empty ``states`` or ``severities``: every one; ``portals``: ids, None: every portal; ``rule``: a rule's id, a pack's
    id or a check's code; ``seen_from`` and ``seen_before``: seen at any time in between (first before the end, last not
    before the beginning).
    """
    query = CASES_WITH_SITE.where(*_conditions(states, portals, rule, severities))
    if seen_from is not None:
        query = query.where(CaseRow.last_seen >= seen_from)
    if seen_before is not None:
        query = query.where(CaseRow.first_seen < seen_before)
    query = query.order_by(_WEIGHT, CaseRow.last_seen.desc(), CaseRow.id)
    return cases_from(session, _slice(query, limit, offset))


def cases_of_inspections(session: Session, inspection_ids: Sequence[int]) -> list[Case]:
    """The cases whose newest finding comes from one of these inspections, vetoes first."""
    found: list[Case] = []
    for start in range(0, len(inspection_ids), 500):
        query = CASES_WITH_SITE.where(CaseRow.inspection_id.in_(list(inspection_ids[start : start + 500])))
        found += cases_from(session, query.order_by(_WEIGHT, CaseRow.id))
    return found


def _conditions(
    states: Collection[str], portals: Collection[int] | None, rule: str | None, severities: Collection[str]
) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if states:
        conditions.append(CaseRow.state.in_([str(state) for state in states]))
    if portals is not None:
        conditions.append(CaseRow.portal_id.in_(list(portals)))
    if severities:
        conditions.append(CaseRow.severity.in_([str(severity) for severity in severities]))
    if rule is not None:
        of_pack = CaseRow.rule.startswith(f"{rule}/", autoescape=True)
        conditions.append(or_(CaseRow.rule == rule, CaseRow.check == rule, of_pack))
    return conditions


def _slice(query: Select[Any, Any, Any, Any], limit: int | None, offset: int) -> Select[Any, Any, Any, Any]:
    return query if limit is None and not offset else query.limit(limit).offset(offset)


# ---------------------------------------------------------------- deciding


def decide(session: Session, case_id: int, decision: Decision, *, actor: str, now: datetime) -> Case:
    """Carries out a person's decision on one case; gives the case afterwards.

    Raises LedgerError for an unknown case, for what its state does not allow, and when somebody else has changed it
    since the person looked (``decision.version``): nothing is changed then.
    """
    return decide_all(session, [case_id], decision, actor=actor, now=now)[0]


def decide_all(
    session: Session,
    case_ids: Sequence[int],
    decision: Decision,
    *,
    actor: str,
    now: datetime,
    versions: Mapping[int, int] | None = None,
) -> list[Case]:
    """One decision on several cases, all or nothing; LedgerError names every case that does not allow it.

    ``versions``: by id, the versions that the person looked at; a case that has changed since does not allow it.
    """
    ids = list(dict.fromkeys(case_ids))
    by = _actor(actor)
    rows = {row.id: row for row in lock_cases(session, CaseRow.id.in_(ids))}
    done: list[tuple[CaseRow, Case, NewEvent]] = []
    faults: list[str] = []
    for case_id in ids:
        try:
            row = rows.get(case_id)
            if row is None:
                raise LedgerError("没有这个问题，可用 gkmonitor violations list 查看")
            before = case_of(row)
            _require_evidence(session, before, decision.evidence)
            own = decision if versions is None else replace(decision, version=versions.get(case_id))
            done.append((row, *decided(before, own, get_policy())))
        except LedgerError as error:
            is_watched = decision.version is not None or versions is not None
            faults.append(f"问题 {case_id}：{error}{_last_change(session, rows.get(case_id), is_watched=is_watched)}")
    if faults:
        nothing = "，全部未作改动" if len(ids) > 1 else ""
        raise LedgerError("；".join(faults) + nothing)
    for row, after, _ in done:
        write_case(row, after)
    append_events(session, [(row.id, event) for row, _, event in done], actor=by, now=now)
    _attach(session, decision.evidence, ids)
    return [get_case(session, case_id) for case_id in ids]


def _actor(actor: str) -> str:
    name = actor.strip()
    if not name or name == "system":
        raise LedgerError("须写明是谁作出的决定（--actor 姓名）")
    return name[:200]


def _last_change(session: Session, row: CaseRow | None, *, is_watched: bool) -> str:
    """Who changed the case last, for the second of two people who decide at once."""
    if row is None or (not is_watched and row.version == 1):
        return ""
    last = session.scalar(select(EventRow).where(EventRow.case_id == row.id).order_by(EventRow.id.desc()).limit(1))
    if last is None or last.actor == "system":
        return ""
    state = next((words for state, words in STATE_WORDS.items() if state == row.state), row.state)
    return f"（最近由{last.actor}处理，现为{state}）"


def _require_evidence(session: Session, before: Case, evidence: Iterable[int]) -> None:
    for evidence_id in evidence:
        row = session.get(EvidenceRow, evidence_id)
        if row is None or row.portal_id != before.portal_id:
            raise LedgerError(f"没有编号为 {evidence_id} 的附件，或附件不属于这个网站")


def _attach(session: Session, evidence: Iterable[int], case_ids: Sequence[int]) -> None:
    for evidence_id in evidence:
        row = session.get(EvidenceRow, evidence_id)
        if row is not None and row.case_id is None and len(case_ids) == 1:
            row.case_id = case_ids[0]
    session.flush()


# ---------------------------------------------------------------- findings by people


@dataclass(frozen=True, slots=True)
class NewFinding:
    """What a person found; ``check`` is "person" where no rule asks the question."""

    portal_id: int
    rule: str
    check: str
    severity: Severity
    message: str
    subject: Subject = field(default_factory=Subject)
    verdict: Mapping[str, Any] | None = None  # as in gkmonitor.check/1: basis, evidence
    evidence: tuple[int, ...] = ()  # ids of evidence rows


def add_finding(session: Session, finding: NewFinding, *, actor: str, now: datetime) -> Case:
    """A finding made by a person: a case of its own, open until somebody confirms it, or news of one that exists.

    A suspected case that a person saw as well is open; a dismissed, mended or closed one is open again. Raises
    LedgerError for an unknown portal, an empty text, or a case that is exempt or under appeal.
    """
    by = _actor(actor)
    if not finding.message.strip():
        raise LedgerError("须写明发现的情况（--text）")
    if finding.severity is Severity.ADVICE:
        raise LedgerError("提醒不列为问题，程度请写 veto（单项否决）或 deduction（扣分）")
    lock = select(PortalRow.id).where(PortalRow.id == finding.portal_id).with_for_update(key_share=True)
    if session.scalar(lock) is None:
        raise LedgerError(f"没有编号为 {finding.portal_id} 的网站")
    key = key_of(finding.subject)
    same = (CaseRow.portal_id == finding.portal_id) & (CaseRow.rule == finding.rule) & (CaseRow.subject_key == key)
    rows = lock_cases(session, same)
    if rows:
        after, before = _again(rows[0], finding, now), case_of(rows[0]).state
        write_case(rows[0], after)
    else:
        after, before = add_case(session, _new_case(finding, key, now)), None
    _require_evidence(session, after, finding.evidence)
    details = _finding_details(finding, key)
    event = NewEvent(EventKind.FOUND, before, after.state, None, details)
    append_events(session, [(after.id, event)], actor=by, now=now)
    _attach(session, finding.evidence, [after.id])
    return get_case(session, after.id)


def _again(row: CaseRow, finding: NewFinding, now: datetime) -> Case:
    try:
        after = seen_by_person(case_of(row))
    except LedgerError as error:
        raise LedgerError(f"问题 {row.id} 与此相同：{error}") from error
    return replace(after, message=finding.message, last_seen=max(row.last_seen, now))


def _new_case(finding: NewFinding, key: str, now: datetime) -> Case:
    return Case(
        portal_id=finding.portal_id,
        rule=finding.rule,
        check=finding.check,
        subject_key=key,
        subject=finding.subject,
        severity=finding.severity,
        message=finding.message,
        first_seen=now,
        last_seen=now,
        state=next_state(EventKind.FOUND, By.PERSON, None),
        found_by=By.PERSON,
        verdict=finding.verdict or {},
    )


def _finding_details(finding: NewFinding, key: str) -> dict[str, Any]:
    details: dict[str, Any] = {
        "portal": finding.portal_id,
        "rule": finding.rule,
        "subject": key,
        "severity": finding.severity,
        "message": finding.message,
    }
    if finding.evidence:
        details["evidence"] = list(finding.evidence)
    return details
