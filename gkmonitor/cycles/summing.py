"""The figures of a cycle. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from gkmonitor.cycles.records import Cycle, CycleSummary, Failure, Inspection, InspectionState, SharedCause
from gkmonitor.records import Outcome


def summarise(cycle: Cycle, rows: Sequence[Inspection], *, findings: int) -> CycleSummary:
    """The figures of a cycle. Portals at one server that all failed in passing share one cause."""
    states = Counter(row.state for row in rows)
    outcomes, undecided = add_outcomes(row.summary for row in rows)
    failed = Counter(row.failure.value for row in rows if row.failure is not None)
    return CycleSummary(
        cycle,
        inspected=states[InspectionState.DONE] + states[InspectionState.HELD],
        failed=dict(failed),
        held=states[InspectionState.HELD],
        findings=findings,
        shared_causes=find_shared_causes(rows),
        unfinished=states[InspectionState.WAITING] + states[InspectionState.RUNNING] + states[InspectionState.FAILED],
        outcomes=outcomes,
        undecided=undecided,
    )


def add_outcomes(summaries: Iterable[Mapping[str, Any]]) -> tuple[dict[str, int], dict[str, int]]:
    """Verdicts of several inspections: by outcome (advice apart), and the undecided ones by reason.

    Undecided ones whose reason was not kept stand under "".
    """
    outcomes: Counter[str] = Counter()
    undecided: Counter[str] = Counter()
    for one in summaries:
        outcomes.update({name: int(one[name]) for name in (*Outcome, "advice") if one.get(name)})
        reasons = one.get("undecided_by") or {}
        undecided.update(reasons)
        undecided[""] += int(one.get(Outcome.UNDECIDED, 0)) - sum(reasons.values())
    return dict(outcomes), {reason: number for reason, number in undecided.items() if number > 0}


def find_shared_causes(rows: Iterable[Inspection]) -> tuple[SharedCause, ...]:
    """Server addresses at which two portals or more were asked and none answered."""
    by_address: dict[str, list[Inspection]] = {}
    for row in rows:
        if row.server_address:
            by_address.setdefault(row.server_address, []).append(row)
    return tuple(
        SharedCause(address, tuple(sorted(row.portal_id for row in alike)))
        for address, alike in sorted(by_address.items())
        if len(alike) > 1 and all(row.failure in (Failure.TRANSIENT, Failure.BLOCKED) for row in alike)
    )


def counts_of(summary: CycleSummary) -> dict[str, object]:
    """The figures as JSON, for the cycle's row."""
    return {
        "inspected": summary.inspected,
        "failed": dict(summary.failed),
        "held": summary.held,
        "findings": summary.findings,
        "verdicts": {"outcomes": dict(summary.outcomes), "undecided": dict(summary.undecided)},
        "shared_causes": [
            {"server_address": one.server_address, "portals": list(one.portal_ids)} for one in summary.shared_causes
        ],
    }
