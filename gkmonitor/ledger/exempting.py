"""Registered exemptions and the cases that they cover. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from gkmonitor.allowing import find_allowance
from gkmonitor.ledger.records import By, Case, EventKind, NewEvent, State
from gkmonitor.ledger.sightings import Changed
from gkmonitor.ledger.states import after_exemption, allows, next_state
from gkmonitor.records import Allowance, Basis, Outcome, Severity, Subject, Verdict
from gkmonitor.registry.records import Exemption

REGISTERED = "registered"
DECIDED = "decided"


def covering(exemptions: Iterable[Exemption], rule: str, check: str, subject: Subject, day: date) -> Exemption | None:
    """The first exemption in force on that day that covers a rule's fault on a subject; as the judge reads them."""
    asked = Verdict(rule, check, Outcome.VIOLATION, Severity.ADVICE, Basis("", "", ""), "", subject)
    for one in exemptions:
        allowance = Allowance(one.document, one.first_day, one.last_day, one.rule, one.concept, one.path, one.id)
        if one.holds_on(day) and find_allowance(asked, (allowance,), day) is not None:
            return one
    return None


def follow_registry(case: Case, exemption: Exemption | None, day: date) -> Changed:
    """The case as the registry wants it on that day: exempt while ``exemption`` covers it, back when it has ended."""
    if exemption is not None and case.state is State.EXEMPT:
        until = exemption.last_day if case.state_reason == REGISTERED else case.exempt_until
        return replace(case, exempt_until=until), ()
    if exemption is not None and allows(EventKind.EXEMPTED, By.REGISTRY, case.state):
        return _exempted(case, exemption)
    if exemption is None and case.state is State.EXEMPT and _has_ended(case, day):
        return ended(case, By.REGISTRY)
    return case, ()


def has_run_out(case: Case, day: date) -> bool:
    """Whether the last day of an exemption lies before ``day``."""
    return case.exempt_until is not None and case.exempt_until < day


def ended(case: Case, by: By, note: str | None = None) -> Changed:
    """The case when its exemption ends: nobody knows how it stands, so it needs new looks or a new notice."""
    state = next_state(EventKind.EXEMPTION_ENDED, by, case.state, after_exemption(case.state_before))
    event = NewEvent(EventKind.EXEMPTION_ENDED, case.state, state, note, {"last_day": case.exempt_until})
    after = replace(
        case,
        state=state,
        state_before=None,
        state_reason=None,
        exempt_until=None,
        deadline=None,
        is_overdue=False,
        cleans=0,
        observations=0 if state is State.SUSPECTED else case.observations,
        last_counted=None if state is State.SUSPECTED else case.last_counted,
    )
    return after, (event,)


def _has_ended(case: Case, day: date) -> bool:
    return case.state_reason == REGISTERED or has_run_out(case, day)


def _exempted(case: Case, exemption: Exemption) -> Changed:
    state = next_state(EventKind.EXEMPTED, By.REGISTRY, case.state)
    details = {
        "document": exemption.document,
        "first_day": exemption.first_day,
        "last_day": exemption.last_day,
        "allowed_by": exemption.allowed_by,
        "exemption": exemption.id,
    }
    event = NewEvent(EventKind.EXEMPTED, case.state, state, exemption.reason, details)
    after = replace(
        case, state=state, state_before=case.state, state_reason=REGISTERED, exempt_until=exemption.last_day
    )
    return after, (event,)
