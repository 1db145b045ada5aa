"""Cases, events and tasks as JSON; the keys of a case are a contract with scripts (``interfaces.md``). Pure."""

from __future__ import annotations

from typing import Any

from gkmonitor.ledger.policy import get_policy
from gkmonitor.ledger.records import Case, CaseSite, Event, Task
from gkmonitor.verdicts import instant_text, subject_object


def case_object(case: Case) -> dict[str, Any]:
    """One entry of ``violations list --json``."""
    return {
        "id": case.id,
        "site": _site(case.site),
        "rule": case.rule,
        "check": case.check,
        "subject": subject_object(case.subject),
        "state": case.state,
        "severity": case.severity,
        "found_by": case.found_by,
        "first_seen": instant_text(case.first_seen),
        "last_seen": instant_text(case.last_seen),
        "observations": case.observations,
        "deadline": case.deadline.isoformat() if case.deadline else None,
        "message": case.message,
    }


def case_details_object(case: Case) -> dict[str, Any]:
    """What ``violations show --json`` adds to the list's keys from the case itself."""
    reason = case.state_reason
    return {
        **case_object(case),
        "portal": case.portal_id,
        "state_reason": reason,
        "state_reason_words": get_policy().words_of(reason) if reason else None,
        "repeats": case.repeats,
        "clean_observations": case.cleans,
        "last_clean": instant_text(case.last_clean) if case.last_clean else None,
        "overdue": case.is_overdue,
        "exempt_until": case.exempt_until.isoformat() if case.exempt_until else None,
        "version": case.version,
        "verdict": dict(case.verdict),
    }


def event_object(event: Event) -> dict[str, Any]:
    """One event of a case's life."""
    return {
        "id": event.id,
        "at": instant_text(event.at),
        "actor": event.actor,
        "event": event.kind,
        "before": event.before,
        "after": event.after,
        "reason": event.reason,
        "details": dict(event.details),
        "digest": event.digest,
    }


def task_object(task: Task) -> dict[str, Any]:
    """One entry of ``tasks list --json``."""
    return {
        "id": task.id,
        "site": _site(task.site),
        "month": task.month,
        "rule": task.rule,
        "question": task.question,
        "state": task.state,
        "outcome": task.outcome,
        "note": task.note,
        "done_by": task.done_by,
        "done_at": instant_text(task.done_at) if task.done_at else None,
        "violation": task.case_id,
    }


def _site(site: CaseSite | None) -> dict[str, Any] | None:
    return None if site is None else {"url": site.url, "name": site.name, "site_id_code": site.site_id_code}
