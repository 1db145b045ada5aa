"""Rule packs as JSON: what ``rules list --json`` and ``rules show --json`` print and the API answers."""

from __future__ import annotations

from datetime import date
from typing import Any

from gkmonitor.rulebook import Rule, RulePack, Task


def pack_object(pack: RulePack) -> dict[str, Any]:
    """One pack with its rules, the tasks that it leaves to people, and what the web cannot show."""
    return {
        "id": pack.id,
        "version": pack.version,
        "title": pack.title,
        "documents": list(pack.documents),
        "region": pack.region,
        "profiles": sorted(pack.profiles),
        "not_profiles": sorted(pack.not_profiles),
        "valid_from": _day(pack.valid_from),
        "valid_to": _day(pack.valid_to),
        "supersedes": list(pack.supersedes),
        "cites": list(pack.cites),
        "default": pack.default,
        "rules": [rule_object(rule) for rule in pack.rules],
        "tasks": [task_object(task) for task in pack.tasks],
        "not_web": [{"why": reason.why, "covers": list(reason.covers)} for reason in pack.not_web],
    }


def task_object(task: Task) -> dict[str, Any]:
    """What a person is asked to look at."""
    return {
        "id": task.id,
        "title": task.title,
        "clause": task.clause,
        "words": task.words,
        "look": task.look,
        "where": task.where,
        "counts": task.counts,
        "how": task.how,
        "why": task.why,
        "profiles": sorted(task.profiles),
        "covers": list(task.covers),
    }


def rule_object(rule: Rule) -> dict[str, Any]:
    """One rule with its ground and its parameters."""
    return {
        "id": rule.id,
        "title": rule.title,
        "check": rule.check,
        "severity": rule.severity,
        "points": rule.points,
        "confidence": rule.confidence,
        "verified": rule.verified,
        "basis": {"document": rule.document, "clause": rule.clause, "words": rule.words},
        "concepts": list(rule.concepts),
        "profiles": sorted(rule.profiles),
        "not_profiles": sorted(rule.not_profiles),
        "hosts": sorted(rule.hosts),
        "units": list(rule.units),
        "params": {name: _param(value) for name, value in rule.params.items()},
        "covers": list(rule.covers),
        "valid_from": _day(rule.valid_from),
        "valid_to": _day(rule.valid_to),
        "day_kind": rule.day_kind,
        "needs_person": rule.needs_person,
    }


def _param(value: Any) -> Any:
    if isinstance(value, tuple | list):
        return [_param(part) for part in value]
    if isinstance(value, dict):
        return {str(name): _param(part) for name, part in value.items()}
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
