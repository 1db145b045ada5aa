"""How a verdict came about, as JSON: for ``gkmonitor explain --json`` and the API."""

from __future__ import annotations

from typing import Any

from gkmonitor.explaining import Explanation, column_object
from gkmonitor.reports.spot_json import verdict_object


def explanation_object(found: Explanation) -> dict[str, Any]:
    """``gkmonitor.explain/1``."""
    rule, site = found.rule, found.facts.site
    return {
        "schema": "gkmonitor.explain/1",
        "site": {"url": site.url, "final_url": site.final_url, "name": site.name, "profile": site.profile},
        "as_of": found.as_of.isoformat(),
        "rule": {
            "id": rule.id,
            "title": rule.title,
            "check": rule.check,
            "question": found.question,
            "severity": rule.severity,
            "confidence": rule.confidence,
            "basis": {"document": rule.document, "clause": rule.clause, "words": rule.words},
            "concepts": list(rule.concepts),
            "day_kind": rule.day_kind,
        },
        "steps": [{"question": s.question, "holds": s.holds, "because": s.because} for s in found.steps],
        "thresholds": [{"name": t.name, "value": t.value, "means": t.means} for t in found.thresholds],
        "columns": [column_object(one) for one in found.columns],
        "weighed": [{"what": one.what, "because": one.because, "url": one.url} for one in found.weighed],
        "counted": [verdict_object(verdict) for verdict in found.counted],
        "verdicts": [verdict_object(verdict) for verdict in found.verdicts],
    }
