"""Tasks: what rules leave to people, a row for each portal, month and question."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from gkmonitor.errors import LedgerError
from gkmonitor.ledger.records import CaseSite, Task
from gkmonitor.ledger.tasks import first_of, questions_for
from gkmonitor.records import Severity, Subject
from gkmonitor.registry.records import PortalEntry
from gkmonitor.rulebook import RulePack
from gkmonitor.storage.cases import NewFinding, add_finding, get_case
from gkmonitor.storage.models import PortalRow, TaskRow
from gkmonitor.storage.upserting import insert_missing

TODO: Final = "todo"
DONE: Final = "done"
OUTCOMES: Final = ("ok", "violation", "not_applicable")


def ensure_tasks(
    session: Session,
    portals: Iterable[PortalEntry],
    month: str,
    packs: Sequence[RulePack],
    now: datetime,
    *,
    undecided: Mapping[int, Collection[str]] = MappingProxyType({}),
) -> int:
    """Makes the tasks of a month (2026-11) that are not there yet; how many were made. Safe to repeat.

    ``packs``: every pack that may apply; for each portal those are asked that bind its profile and region and are in
    force in that month. ``undecided``: by portal, ids of rules that its inspections of the month could not settle; the
    vetoes among them are asked too.
    """
    rows = [
        {
            "portal_id": portal.id,
            "month": month,
            "rule": question.rule,
            "subject_key": "",
            "question": question.text,
            "state": TODO,
            "created_at": now,
        }
        for portal in portals
        for question in questions_for(portal, packs, first_of(month), undecided.get(portal.id, ()))
    ]
    return insert_missing(session, TaskRow, rows, ["portal_id", "month", "rule", "subject_key"])


def list_tasks(
    session: Session,
    *,
    month: str | None = None,
    portals: Collection[int] | None = None,
    states: Collection[str] = (),
) -> list[Task]:
    """Tasks by portal, then in the order in which they were made."""
    query = select(TaskRow, PortalRow.url, PortalRow.name, PortalRow.site_id_code)
    query = query.join(PortalRow, TaskRow.portal_id == PortalRow.id)
    if month is not None:
        query = query.where(TaskRow.month == month)
    if portals is not None:
        query = query.where(TaskRow.portal_id.in_(list(portals)))
    if states:
        query = query.where(TaskRow.state.in_(list(states)))
    found = session.execute(query.order_by(TaskRow.month, TaskRow.portal_id, TaskRow.id))
    return [replace(as_task(row), site=CaseSite(url, name, code)) for row, url, name, code in found]


def get_task(session: Session, task_id: int) -> Task:
    """Raises LedgerError when there is no task of that id."""
    row = session.get(TaskRow, task_id)
    if row is None:
        raise LedgerError(f"没有编号为 {task_id} 的任务，可用 gkmonitor tasks list 查看")
    return as_task(row)


def finish_task(
    session: Session,
    task_id: int,
    *,
    outcome: str,
    note: str | None,
    actor: str,
    now: datetime,
    severity: Severity = Severity.DEDUCTION,
    evidence: tuple[int, ...] = (),
) -> Task:
    """What a person found; ``violation`` makes a finding by a person, in the same transaction.

    Raises LedgerError for an unknown task or outcome, one that is done already (it says by whom), or a violation
    without a note.
    """
    if outcome not in OUTCOMES:
        raise LedgerError(f"任务结果“{outcome}”不对，可以写：{'、'.join(OUTCOMES)}")
    query = select(TaskRow).where(TaskRow.id == task_id).with_for_update()
    row = session.scalar(query.execution_options(populate_existing=True))
    if row is None:
        raise LedgerError(f"没有编号为 {task_id} 的任务，可用 gkmonitor tasks list 查看")
    if row.state == DONE:
        raise LedgerError(f"任务 {task_id} 已由{row.done_by}完成（结果 {row.outcome}），没有再作改动")
    if not actor.strip():
        raise LedgerError("须写明是谁完成的（--actor 姓名）")
    if outcome == "violation":
        row.case_id = _accuse(session, row, note, actor, now, severity, evidence)
    row.state, row.outcome, row.note = DONE, outcome, note
    row.done_by, row.done_at = actor.strip(), now
    session.flush()
    return as_task(row)


def _accuse(
    session: Session,
    row: TaskRow,
    note: str | None,
    actor: str,
    now: datetime,
    severity: Severity,
    evidence: tuple[int, ...],
) -> int:
    if not (note or "").strip():
        raise LedgerError("任务结果为 violation 时须用 --note 写明发现的情况")
    assert note is not None
    if row.case_id is not None:  # a dismissed case that came back: the person opens it again
        return _accuse_again(session, row.case_id, note, actor, now, evidence)
    finding = NewFinding(row.portal_id, row.rule, "person", severity, note.strip(), Subject(), evidence=evidence)
    return add_finding(session, finding, actor=actor, now=now).id


def _accuse_again(
    session: Session, case_id: int, note: str, actor: str, now: datetime, evidence: tuple[int, ...]
) -> int:
    case = get_case(session, case_id)
    finding = NewFinding(
        case.portal_id, case.rule, case.check, case.severity, note.strip(), case.subject, None, evidence
    )
    return add_finding(session, finding, actor=actor, now=now).id


def ticked_rules(session: Session, portal_id: int, month: str) -> list[str]:
    """Ids of rules and tasks that a person found in order for this portal in this month."""
    done = (TaskRow.portal_id == portal_id, TaskRow.month == month, TaskRow.outcome == "ok")
    return list(session.scalars(select(TaskRow.rule).where(*done, TaskRow.subject_key == "").order_by(TaskRow.id)))


def as_task(row: TaskRow) -> Task:
    """The record of a row, without its portal's name."""
    return Task(
        id=row.id,
        portal_id=row.portal_id,
        month=row.month,
        rule=row.rule,
        question=row.question,
        state=row.state,
        outcome=row.outcome,
        note=row.note,
        done_by=row.done_by,
        done_at=row.done_at,
        case_id=row.case_id,
        created_at=row.created_at,
    )
