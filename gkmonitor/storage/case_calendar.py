"""What the calendar brings to cases: deadlines that pass, exemptions that end, old cases closed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from gkmonitor.ledger.exempting import ended, has_run_out
from gkmonitor.ledger.records import SYSTEM, By, Case, EventKind, NewEvent, State
from gkmonitor.ledger.sightings import Changed
from gkmonitor.ledger.states import next_state
from gkmonitor.storage.case_rows import case_of, lock_cases, write_case
from gkmonitor.storage.events import append_events
from gkmonitor.storage.models import CaseRow, EventRow


@dataclass(frozen=True, slots=True)
class DayCounts:
    """What one day brought; numbers of cases."""

    overdue: int
    exemptions_ended: int
    closed: int


def pass_day(session: Session, *, day: date, now: datetime, close_after_days: int | None = None) -> DayCounts:
    """Writes what ``day`` (in the office's time zone) brings; safe to repeat.

    A deadline that lies before ``day`` is an event once. An exemption whose last day lies before it ends. With
    ``close_after_days`` (a setting of the office) rectified cases are closed that many days after they were rectified.
    """
    counts: Counter[str] = Counter()
    events: list[tuple[int, NewEvent]] = []
    for row in lock_cases(session, _touched(day, now, close_after_days)):
        before = case_of(row)
        after, new = _brings(before, day)
        write_case(row, after)
        events += [(row.id, event) for event in new]
        counts.update(event.kind.value for event in new)
    append_events(session, events, actor=SYSTEM, now=now)
    kinds = (EventKind.DEADLINE_PASSED, EventKind.EXEMPTION_ENDED, EventKind.CLOSED)
    return DayCounts(*(counts[kind.value] for kind in kinds))


def _touched(day: date, now: datetime, close_after_days: int | None) -> ColumnElement[bool]:
    overdue = (CaseRow.state == State.NOTIFIED) & (CaseRow.deadline < day) & CaseRow.is_overdue.is_(False)
    run_out = (CaseRow.state == State.EXEMPT) & (CaseRow.exempt_until < day)
    touched: ColumnElement[bool] = overdue | run_out
    if close_after_days is not None:
        since = now - timedelta(days=close_after_days)
        lately = select(EventRow.case_id).where(EventRow.kind == EventKind.RECTIFIED, EventRow.at > since)
        touched = touched | ((CaseRow.state == State.RECTIFIED) & CaseRow.id.not_in(lately))
    return touched


def _brings(case: Case, day: date) -> Changed:
    if case.state is State.EXEMPT and has_run_out(case, day):
        return ended(case, By.REGISTRY)
    acts: dict[State, Callable[[Case], Changed]] = {State.NOTIFIED: _overdue, State.RECTIFIED: _settled}
    return acts[case.state](case)


def _overdue(case: Case) -> Changed:
    state = next_state(EventKind.DEADLINE_PASSED, By.SYSTEM, case.state)
    event = NewEvent(EventKind.DEADLINE_PASSED, case.state, state, None, {"deadline": case.deadline})
    return replace(case, is_overdue=True), (event,)


def _settled(case: Case) -> Changed:
    state = next_state(EventKind.CLOSED, By.SYSTEM, case.state)
    event = NewEvent(EventKind.CLOSED, case.state, state, "mended")
    return replace(case, state=state, state_reason="mended", deadline=None, is_overdue=False), (event,)
