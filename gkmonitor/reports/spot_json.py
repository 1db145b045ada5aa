"""A spot check as one JSON object: schema gkmonitor.check/1. The keys are a contract with scripts."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from gkmonitor.records import Evidence, Subject, Verdict
from gkmonitor.reports.spot import SpotCheck

CHECK_SCHEMA = "gkmonitor.check/1"


def spot_object(spot: SpotCheck) -> dict[str, Any]:
    """The object that ``check --json`` prints."""
    return {
        "schema": CHECK_SCHEMA,
        "site": _site(spot),
        "as_of": spot.as_of.isoformat(),
        "observed_at": _instant(spot.facts.observed_at),
        "version": spot.version,
        "packs": [{"id": pack.id, "version": pack.version} for pack in spot.packs],
        "coverage": _coverage(spot),
        "verdicts": [verdict_object(verdict) for verdict in spot.verdicts],
        "summary": dict(spot.counts),
    }


def _site(spot: SpotCheck) -> dict[str, Any]:
    site = spot.facts.site
    return {
        "url": site.url,
        "final_url": site.final_url,
        "name": site.name,
        "site_id_code": site.site_id_code,
        "organizer": site.organizer,
        "profile": site.profile,
        "profile_source": site.profile_source,
        "cms": site.cms,
        "state": spot.facts.home.state,
        "detail": spot.facts.home.detail,
    }


def _coverage(spot: SpotCheck) -> dict[str, Any]:
    seen = spot.facts.coverage
    return {
        "pages_fetched": seen.pages_fetched,
        "pages_blocked": seen.pages_blocked,
        "pages_failed": seen.pages_failed,
        "columns_found": len(spot.facts.columns),
        "rules_judged": spot.rules_judged,
        "rules_undecided": spot.rules_undecided,
        "seconds": round(seen.seconds, 2),
        "budget_spent": seen.is_budget_spent,
        "interrupted": seen.is_interrupted,
        "robots_refused": seen.robots_refused,
        "traps": dict(seen.traps),
    }


def verdict_object(verdict: Verdict) -> dict[str, Any]:
    """One verdict as ``check --json`` and ``explain --json`` show it."""
    return {
        "rule": verdict.rule,
        "check": verdict.check,
        "verdict": verdict.outcome,
        "severity": verdict.severity,
        "points": verdict.points,
        "subject": _subject(verdict.subject),
        "members": None if verdict.members is None else [_subject(member) for member in verdict.members],
        "measured": verdict.measured,
        "required": verdict.required,
        "latest": verdict.latest.isoformat() if verdict.latest else None,
        "days": verdict.days,
        "reason": verdict.reason,
        "basis": asdict(verdict.basis),
        "message": verdict.message,
        "evidence": [_evidence(evidence) for evidence in verdict.evidence],
    }


def _subject(subject: Subject) -> dict[str, Any]:
    return {"concept": subject.concept, "column": subject.column, "url": subject.url, "path": list(subject.path)}


def _evidence(evidence: Evidence) -> dict[str, Any]:
    return {
        "url": evidence.url,
        "fetched_at": _instant(evidence.fetched_at),
        "sha256": evidence.sha256,
        "quote": evidence.quote,
    }


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
