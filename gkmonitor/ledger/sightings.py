"""What looks do to a case: opened by two violations, mended by two clean ones, neither by what was not seen. Pure.

Looks are independent when they are at least six hours apart and in different inspections (``data/ledger.yaml``). A look
that is not newer than what the case already knows changes nothing: the same inspection told twice, or told late.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from gkmonitor.ledger.policy import Policy
from gkmonitor.ledger.records import By, Case, EventKind, Look, NewEvent, Sighting, State
from gkmonitor.ledger.states import next_state
from gkmonitor.records import Verdict
from gkmonitor.verdicts import verdict_object

Changed = tuple[Case, tuple[NewEvent, ...]]

# Closed for these reasons it was never a violation that was mended, and its return is no repeat.
NEVER_MENDED: Final = frozenset(("not_repeated", "lapsed"))
_WATCHED: Final = (State.SUSPECTED, State.OPEN, State.CONFIRMED, State.NOTIFIED)


def found(verdict: Verdict, subject_key: str, *, portal_id: int, inspection_id: int, at: datetime) -> Changed:
    """A new case by its first look: suspected."""
    case = Case(
        portal_id=portal_id,
        rule=verdict.rule,
        check=verdict.check,
        subject_key=subject_key,
        subject=verdict.subject,
        severity=verdict.severity,
        message=verdict.message,
        first_seen=at,
        last_seen=at,
        last_counted=at,
        verdict=verdict_object(verdict),
        inspection_id=inspection_id,
    )
    identity = {"portal": portal_id, "rule": verdict.rule, "subject": subject_key, "severity": verdict.severity}
    details = {**_look_details(Sighting(Look.VIOLATION, inspection_id, at, verdict)), **identity}
    return case, (NewEvent(EventKind.FOUND, None, next_state(EventKind.FOUND, By.SYSTEM, None), None, details),)


def observe(case: Case, sighting: Sighting, policy: Policy) -> Changed:
    """The case after one more look, and the events that this makes (often none)."""
    if sighting.look is Look.UNSEEN or _is_known(case, sighting):
        return case, ()
    if sighting.look is Look.VIOLATION:
        return _seen(case, sighting, policy)
    return _clean(case, sighting, policy)


def _is_known(case: Case, sighting: Sighting) -> bool:
    if sighting.inspection_id in (case.inspection_id, case.clean_inspection_id):
        return True
    return sighting.at <= max(case.last_seen, case.last_clean or case.last_seen)


# ---------------------------------------------------------------- a violation


def _seen(case: Case, sighting: Sighting, policy: Policy) -> Changed:
    assert sighting.verdict is not None
    is_counted = case.last_counted is None or sighting.at - case.last_counted >= policy.apart
    after = replace(
        case,
        last_seen=sighting.at,
        inspection_id=sighting.inspection_id,
        subject=sighting.verdict.subject,
        message=sighting.verdict.message,
        verdict=verdict_object(sighting.verdict),
    )
    match case.state:
        case State.RECTIFIED | State.CLOSED:
            return _reappeared(after, sighting)
        case State.DISMISSED:
            return _seen_though_dismissed(after, sighting, policy)
        case State.EXEMPT:
            return after, ()
    if is_counted:
        after = replace(after, observations=case.observations + 1, last_counted=sighting.at)
    after = replace(after, cleans=0)
    after, events = _with_severity(after, sighting)
    if after.state is State.SUSPECTED and after.observations >= policy.to_open:
        details = {"first_at": case.last_counted, "observations": after.observations}
        after, opened = _step(after, EventKind.OPENED, sighting, details)
        events = (*events, opened)
    return after, events


def _with_severity(case: Case, sighting: Sighting) -> Changed:
    """Another weight is taken over while no person has decided; afterwards the decision stands as it was made."""
    assert sighting.verdict is not None
    severity = sighting.verdict.severity
    if severity is case.severity or case.state not in (State.SUSPECTED, State.OPEN):
        return case, ()
    details = {"before": case.severity, "after": severity}
    after, event = _step(case, EventKind.SEVERITY_CHANGED, sighting, details)
    return replace(after, severity=severity), (event,)


def _reappeared(case: Case, sighting: Sighting) -> Changed:
    assert sighting.verdict is not None
    is_repeat = case.state is State.RECTIFIED or case.state_reason not in NEVER_MENDED
    after = replace(
        case,
        severity=sighting.verdict.severity,
        observations=1,
        last_counted=sighting.at,
        cleans=0,
        repeats=case.repeats + is_repeat,
        state_reason=None,
        deadline=None,
        is_overdue=False,
    )
    after, event = _step(after, EventKind.REAPPEARED, sighting, {"repeats": after.repeats})
    return after, (event,)


def _seen_though_dismissed(case: Case, sighting: Sighting, policy: Policy) -> Changed:
    """It stays dismissed. Clean for a while and back again is news, though: for a person, not an accusation."""
    was_clean = case.cleans >= policy.to_mend
    after = replace(case, cleans=0)
    if not was_clean:
        return after, ()
    after, event = _step(after, EventKind.RETURNED, sighting, {"last_clean": case.last_clean})
    return after, (event,)


# ---------------------------------------------------------------- a clean look


def _clean(case: Case, sighting: Sighting, policy: Policy) -> Changed:
    """A clean look, or one that says that the rule no longer applies."""
    is_lapsed = sighting.look is Look.LAPSED
    if not _is_heard(case, is_lapsed=is_lapsed):
        return case, ()
    if case.cleans and case.last_clean is not None and sighting.at - case.last_clean < policy.apart:
        return case, ()
    after = replace(case, cleans=case.cleans + 1, last_clean=sighting.at, clean_inspection_id=sighting.inspection_id)
    if case.state not in _WATCHED:
        return after, ()  # counted only: a dismissed or contested case moves by a person
    if after.cleans < policy.to_mend:
        after, event = _step(after, EventKind.CLEAN_SEEN, sighting, {"cleans": after.cleans})
        return after, (event,)
    kind = _ending(case.state, is_lapsed=is_lapsed)
    details = {"cleans": after.cleans, "first_clean": case.last_clean}
    after, event = _step(after, kind, sighting, details)
    return replace(after, state_reason=_REASONS.get(kind)), (event,)


_REASONS: Final = {EventKind.NOT_REPEATED: "not_repeated", EventKind.LAPSED: "lapsed"}


def _is_heard(case: Case, *, is_lapsed: bool) -> bool:
    """Whether clean looks mean anything to this case."""
    if case.found_by is By.PERSON and case.inspection_id is None:
        return False  # a person saw what the machine never did; that the machine sees nothing is no news
    if is_lapsed:  # what a person has confirmed does not end because a rule no longer applies
        return case.state in (State.SUSPECTED, State.OPEN)
    return case.state in (*_WATCHED, State.DISMISSED, State.APPEALED)


def _ending(state: State, *, is_lapsed: bool) -> EventKind:
    if is_lapsed:
        return EventKind.LAPSED
    return EventKind.NOT_REPEATED if state is State.SUSPECTED else EventKind.RECTIFIED


# ---------------------------------------------------------------- events


def _step(case: Case, kind: EventKind, sighting: Sighting, details: Mapping[str, Any]) -> tuple[Case, NewEvent]:
    state = next_state(kind, By.SYSTEM, case.state)
    event = NewEvent(kind, case.state, state, _excuse(sighting), {**_look_details(sighting), **details})
    return replace(case, state=state), event


def _excuse(sighting: Sighting) -> str | None:
    if sighting.look is Look.EXCUSED and sighting.verdict is not None and sighting.verdict.reason is not None:
        return str(sighting.verdict.reason)
    return None


def _look_details(sighting: Sighting) -> dict[str, Any]:
    details: dict[str, Any] = {
        "look": sighting.look,
        "inspection": sighting.inspection_id,
        "observed_at": sighting.at,
    }
    if sighting.verdict is not None:
        details["message"] = sighting.verdict.message
    return details
