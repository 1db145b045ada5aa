"""Verdicts as JSON, one shape everywhere: ``check --json``, findings in the database, cases of the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from gkmonitor.records import Evidence, Subject, Verdict


def verdict_object(verdict: Verdict) -> dict[str, Any]:
    """One verdict as ``gkmonitor.check/1`` has it; the keys are a contract with scripts."""
    return {
        "rule": verdict.rule,
        "check": verdict.check,
        "verdict": verdict.outcome,
        "severity": verdict.severity,
        "points": verdict.points,
        "subject": subject_object(verdict.subject),
        "members": None if verdict.members is None else [subject_object(member) for member in verdict.members],
        "measured": verdict.measured,
        "required": verdict.required,
        "latest": verdict.latest.isoformat() if verdict.latest else None,
        "days": verdict.days,
        "reason": verdict.reason,
        "basis": asdict(verdict.basis),
        "message": verdict.message,
        "evidence": [_evidence(evidence) for evidence in verdict.evidence],
    }


def subject_object(subject: Subject) -> dict[str, Any]:
    """What a verdict is about: concept, column, url, path."""
    return {"concept": subject.concept, "column": subject.column, "url": subject.url, "path": list(subject.path)}


def load_subject(obj: Mapping[str, Any]) -> Subject:
    """The subject that ``subject_object`` wrote."""
    return Subject(obj.get("concept"), obj.get("column"), obj.get("url"), tuple(obj.get("path") or ()))


def instant_text(moment: datetime) -> str:
    """An aware instant as ISO 8601 in UTC with seconds: 2026-11-22T01:00:00Z."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _evidence(evidence: Evidence) -> dict[str, Any]:
    return {
        "url": evidence.url,
        "fetched_at": instant_text(evidence.fetched_at),
        "sha256": evidence.sha256,
        "quote": evidence.quote,
    }
