"""What people decide on a case. Pure; what is not allowed raises LedgerError before anything is changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final

from gkmonitor.errors import CalendarIncomplete, LedgerError
from gkmonitor.ledger.exempting import DECIDED, ended
from gkmonitor.ledger.policy import Policy
from gkmonitor.ledger.records import By, Case, Decision, EventKind, NewEvent, State
from gkmonitor.ledger.sightings import NEVER_MENDED
from gkmonitor.ledger.states import next_state
from gkmonitor.workdays import add_workdays

Decided = tuple[Case, NewEvent]


def decide(case: Case, decision: Decision, policy: Policy) -> Decided:
    """The case after a person's decision, and its event."""
    if decision.version is not None and decision.version != case.version:
        raise LedgerError("在您查看之后，这个问题已有新的变化，请重新查看后再决定")
    act = _ACTS.get(decision.kind)
    if act is None:
        raise LedgerError(f"“{decision.kind}”不是可以由人作出的决定")
    after, event = act(case, decision, policy)
    return after, replace(event, details={**_given(decision), **event.details})


def deadline_after(day: date, workdays: int) -> date:
    """The last day of ``workdays`` working days counted from the day after ``day``.

    Raises LedgerError where the working calendar of a year is missing: a deadline is never guessed.
    """
    if workdays < 1:
        raise LedgerError("整改期限至少为 1 个工作日")
    try:
        return add_workdays(day, workdays)
    except CalendarIncomplete as error:
        words = f"缺少 {error.year} 年的工作日历，不能推算 {workdays} 个工作日的期限；请用 --deadline 写明截止日期"
        raise LedgerError(words) from error


def seen_by_person(case: Case) -> Case:
    """An existing case when a person found the same fault: it is open, or stays where a person had put it."""
    state = next_state(EventKind.FOUND, By.PERSON, case.state)
    is_back = case.state in (State.RECTIFIED, State.CLOSED, State.DISMISSED)
    is_repeat = case.state is State.RECTIFIED or (case.state is State.CLOSED and case.state_reason not in NEVER_MENDED)
    return replace(
        case,
        state=state,
        state_reason=None if is_back else case.state_reason,
        repeats=case.repeats + is_repeat,
        observations=1 if is_back else case.observations + 1,
        cleans=0,
        deadline=None if is_back else case.deadline,
        is_overdue=False if is_back else case.is_overdue,
    )


# ---------------------------------------------------------------- one function a decision


def _simple(case: Case, decision: Decision, policy: Policy) -> Decided:
    return _moved(case, decision)


def _dismiss(case: Case, decision: Decision, policy: Policy) -> Decided:
    after, event = _moved(case, decision)
    code = policy.require_dismissal(decision.reason, decision.note)
    return replace(after, state_reason=code, cleans=0, deadline=None, is_overdue=False), replace(event, reason=code)


def _notify(case: Case, decision: Decision, policy: Policy) -> Decided:
    after, event = _moved(case, decision)
    if decision.deadline is None:
        raise LedgerError("通知整改须写明期限：--days 工作日数，或 --deadline 截止日期")
    if decision.deadline < decision.today:
        raise LedgerError(f"整改期限 {decision.deadline} 已经过去，请写今天或以后的日期")
    details = {"deadline": decision.deadline, "earlier_deadline": case.deadline}
    return replace(after, deadline=decision.deadline, is_overdue=False), replace(event, details=details)


def _answer(case: Case, decision: Decision, policy: Policy) -> Decided:
    if not (decision.note or "").strip() and not decision.evidence:
        raise LedgerError("单位答复须有文字（--text）或附件（--file）")
    return _moved(case, decision)


def _rectify(case: Case, decision: Decision, policy: Policy) -> Decided:
    after, event = _moved(case, decision)
    is_machines = case.inspection_id is not None
    if is_machines and case.cleans < policy.to_mend_with_person:
        raise LedgerError("最近一次检查仍未观测到恢复正常，不能认定已整改；请在重新检查后再认定")
    return after, replace(event, details={"cleans": case.cleans})


def _close(case: Case, decision: Decision, policy: Policy) -> Decided:
    after, event = _moved(case, decision)
    return replace(after, state_reason="mended", deadline=None, is_overdue=False), replace(event, reason="mended")


def _exempt(case: Case, decision: Decision, policy: Policy) -> Decided:
    after, event = _moved(case, decision)
    if not (decision.document or "").strip():
        raise LedgerError("豁免须写明依据的文件（--document）")
    if decision.last_day is not None and decision.last_day < decision.today:
        raise LedgerError(f"豁免的最后一天 {decision.last_day} 已经过去")
    details = {"document": decision.document, "first_day": decision.today, "last_day": decision.last_day}
    after = replace(after, state_before=case.state, state_reason=DECIDED, exempt_until=decision.last_day)
    return after, replace(event, details=details)


def _end_exemption(case: Case, decision: Decision, policy: Policy) -> Decided:
    after, events = ended(case, By.PERSON, decision.note)
    return after, events[0]


def _appeal(case: Case, decision: Decision, policy: Policy) -> Decided:
    after, event = _moved(case, decision)
    if not (decision.note or "").strip() and not decision.evidence:
        raise LedgerError("申诉须有文字（--text）或附件（--file）")
    return replace(after, state_before=case.state), event


def _uphold(case: Case, decision: Decision, policy: Policy) -> Decided:
    after, event = _moved(case, decision)
    code = "appeal_upheld"
    after = replace(after, state_reason=code, state_before=None, cleans=0, deadline=None, is_overdue=False)
    return after, replace(event, reason=code)


def _reject(case: Case, decision: Decision, policy: Policy) -> Decided:
    """Back to where the appeal came from. A deadline that ran out meanwhile is not held against the unit."""
    came_from = case.state_before or State.CONFIRMED
    is_over = case.deadline is not None and case.deadline < decision.today
    if came_from is State.NOTIFIED and is_over and not case.is_overdue:
        came_from = State.CONFIRMED
    after, event = _moved(case, decision, came_from)
    after = replace(after, state_before=None)
    if came_from is State.CONFIRMED:
        after = replace(after, deadline=None, is_overdue=False)
    return after, event


def _reopen(case: Case, decision: Decision, policy: Policy) -> Decided:
    after, event = _moved(case, decision)
    if not (decision.note or "").strip():
        raise LedgerError("重新打开须用 --note 说明原因")
    after = replace(after, state_reason=None, cleans=0, deadline=None, is_overdue=False)
    return after, replace(event, details={"earlier_reason": case.state_reason})


_ACTS: Final[Mapping[EventKind, Callable[[Case, Decision, Policy], Decided]]] = {
    EventKind.CONFIRMED: _simple,
    EventKind.DISMISSED: _dismiss,
    EventKind.NOTIFIED: _notify,
    EventKind.ANSWERED: _answer,
    EventKind.RECTIFIED: _rectify,
    EventKind.CLOSED: _close,
    EventKind.EXEMPTED: _exempt,
    EventKind.EXEMPTION_ENDED: _end_exemption,
    EventKind.APPEALED: _appeal,
    EventKind.APPEAL_UPHELD: _uphold,
    EventKind.APPEAL_REJECTED: _reject,
    EventKind.REOPENED: _reopen,
    EventKind.EXPORTED: _simple,
}


def _moved(case: Case, decision: Decision, back_to: State | None = None) -> Decided:
    state = next_state(decision.kind, By.PERSON, case.state, back_to)
    return replace(case, state=state), NewEvent(decision.kind, case.state, state)


def _given(decision: Decision) -> dict[str, Any]:
    given: dict[str, Any] = {}
    if decision.note and decision.note.strip():
        given["note"] = decision.note.strip()
    if decision.evidence:
        given["evidence"] = list(decision.evidence)
    return given
