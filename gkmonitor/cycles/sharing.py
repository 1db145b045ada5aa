"""Portals at one server that do not open together: one cause for a person to look at, not a veto for each of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Final

from gkmonitor.records import Outcome, ProbeWindow, Reason, Severity, Verdict
from gkmonitor.storage import Session, inspections
from gkmonitor.storage.probes import probe_window

if TYPE_CHECKING:
    from gkmonitor.rules import RulePack

UNREACHABLE: Final = "site-unreachable"  # the check that counts probes


def weigh_shared_cause(
    session: Session,
    verdicts: Sequence[Verdict],
    packs: Sequence[RulePack],
    *,
    portal_id: int,
    address: str | None,
    as_of: date,
) -> list[Verdict]:
    """The verdicts; that the portal does not open is undecided where every other portal at its server opens as rarely.

    ``address``: of the server that answered last; without one, or alone there, nothing changes.
    """
    accused = [one for one in verdicts if _is_accusation(one)]
    if not accused or address is None:
        return list(verdicts)
    others = [one for one in inspections.portals_at(session, address) if one != portal_id]
    windows = [probe_window(session, one, as_of) for one in others]
    limits = {rule.id: float(rule.params.get("share_percent", 100)) for pack in packs for rule in pack.rules}
    return [
        as_one_cause(one, address, len(others) + 1)
        if one in accused and fail_together(windows, limits.get(one.rule, 100.0))
        else one
        for one in verdicts
    ]


def fail_together(others: Sequence[ProbeWindow | None], limit_percent: float) -> bool:
    """Whether there are others and each of them failed as often as the rule's limit; one without probes did not."""
    shares = [window.share_down_percent if window is not None else None for window in others]
    return bool(shares) and all(share is not None and share >= limit_percent for share in shares)


def as_one_cause(verdict: Verdict, address: str, portals: int) -> Verdict:
    """The accusation left to a person; what was counted stays."""
    words = f"；同一服务器 {address} 上登记的 {portals} 个网站同时打不开，可能是一个共同的原因，由人核实后再认定"
    return replace(
        verdict, outcome=Outcome.UNDECIDED, reason=Reason.AMBIGUOUS, message=f"{verdict.message}{words}", points=None
    )


def _is_accusation(verdict: Verdict) -> bool:
    return (
        verdict.check == UNREACHABLE
        and verdict.outcome is Outcome.VIOLATION
        and verdict.severity is not Severity.ADVICE
    )
