"""A spot check as one JSON object: schema gkmonitor.check/1. The keys are a contract with scripts."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from gkmonitor.reports.spot import SpotCheck
from gkmonitor.verdicts import instant_text, verdict_object

__all__ = ["CHECK_SCHEMA", "spot_object", "verdict_object"]

CHECK_SCHEMA = "gkmonitor.check/1"


def spot_object(spot: SpotCheck) -> dict[str, Any]:
    """The object that ``check --json`` prints."""
    return {
        "schema": CHECK_SCHEMA,
        "site": _site(spot),
        "as_of": spot.as_of.isoformat(),
        "observed_at": instant_text(spot.facts.observed_at),
        "version": spot.version,
        "packs": [{"id": pack.id, "version": pack.version} for pack in spot.packs],
        "coverage": _coverage(spot),
        "verdicts": [verdict_object(verdict) for verdict in spot.verdicts],
        "summary": dict(spot.counts),
        "score": _score(spot),
    }


def _score(spot: SpotCheck) -> dict[str, Any] | None:
    """The points by the office's own table; null without one."""
    table, score = spot.points, spot.score
    if table is None or score is None:
        return None
    return {
        "table": table.title,
        "source": table.source,
        "full": table.full,
        "pass_line": table.pass_line,
        "bonus_line": table.bonus_line,
        **asdict(score),
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
