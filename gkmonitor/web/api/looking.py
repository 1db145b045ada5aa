"""Rules, their coverage of the duties, the ledger's chain and the audit."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Request

from gkmonitor.coverage import cover
from gkmonitor.ledger.objects import case_object
from gkmonitor.reports.pack_json import pack_object, rule_object
from gkmonitor.rules import available_packs
from gkmonitor.storage import audit
from gkmonitor.storage.events import chain_head
from gkmonitor.web.api.shapes import LARGEST, Limit, Listed, Words, instant
from gkmonitor.web.api.work import cycle_object
from gkmonitor.web.desk import desk
from gkmonitor.web.views.audit import Asked
from gkmonitor.web.views.overview import kept_overview
from gkmonitor.web.visiting import Administrator, Viewer

router = APIRouter()
Day = Annotated[str, Query(pattern=r"^(?:\d{4}-\d\d-\d\d)?$", description="日期（含），如 2026-11-01")]


@router.get("/overview", tags=["ledger"])
def overview(request: Request, who: Viewer) -> dict[str, Any]:
    """What stands open, what was judged, what changed since yesterday, what is about to go wrong."""
    found = kept_overview(request.app, desk(request)).get()
    coverage = found.coverage
    return {
        "coverage": {
            "cycle": cycle_object(coverage.cycle),
            "portals": coverage.portals,
            "judged": coverage.judged,
            "outcomes": {str(name): number for name, number in coverage.outcomes.items()},
            "undecided": dict(coverage.undecided),
        }
        if coverage is not None
        else None,
        "open_vetoes": {"count": found.open_veto_count, "items": [case_object(one) for one in found.open_vetoes]},
        "trend": [{"day": one.day.isoformat(), "found": one.found, "rectified": one.rectified} for one in found.trend],
        "changes": {
            "since": instant(found.changes.since),
            "counts": {kind.value: number for kind, number in found.changes.counts.items()},
            "newest": [
                {"at": instant(one.at), "kind": one.kind.value, "violation": one.case_id, "portal": one.portal_id}
                for one in found.changes.newest
            ],
        },
        "held": [
            {"portal": one.portal_id, "name": one.name, "since": instant(one.since), "reason": one.words}
            for one in found.held
        ],
        "early": {
            "counts": dict(found.early.counts),
            "items": [
                {"portal": one.portal_id, "rule": one.rule, "column": one.column, "message": one.message}
                for one in found.early.shown
            ],
        },
    }


@router.get("/packs", tags=["rules"])
def packs(who: Viewer) -> Listed:
    """The rule packs with their rules."""
    return Listed(items=[pack_object(one) for one in available_packs().values()])


@router.get("/rules/{pack}/{slug}", tags=["rules"])
def rule(who: Viewer, pack: str, slug: str) -> dict[str, Any]:
    """One rule: document, clause, words, check and parameters."""
    rules = available_packs()[pack].rules if pack in available_packs() else ()
    found = next((one for one in rules if one.slug == slug), None)
    if found is None:
        raise HTTPException(404)
    return rule_object(found)


@router.get("/coverage", tags=["rules"])
def coverage(who: Viewer) -> dict[str, Any]:
    """Who answers each duty of the local plans."""
    return cover(available_packs().values()).as_object()


@router.get("/ledger", tags=["ledger"])
def ledger(request: Request, who: Viewer) -> dict[str, Any]:
    """Number and digest of the last event of the chain: to be noted outside from time to time."""
    with desk(request).database.reading() as session:
        head = chain_head(session)
    return {"event": head[0] if head else 0, "digest": head[1] if head else None}


@router.get("/audit", tags=["audit"])
def every_act(
    request: Request,
    who: Administrator,
    actor: Words = "",
    action: Words = "",
    q: Words = "",
    since: Day = "",
    until: Day = "",
    after: Annotated[int | None, Query(ge=1, le=LARGEST)] = None,
    limit: Limit = 50,
) -> Listed:
    """What people did at the desk, the newest first; ``after``: only entries before that number."""
    here = desk(request)
    wanted = Asked(actor, action, q, since, until).wanted(here)
    with here.database.reading() as session:
        found = audit.list_audit(session, wanted, before=after, limit=limit)
    items = [
        {
            "id": one.id,
            "at": instant(one.at),
            "actor": one.actor,
            "action": one.action,
            "target": one.target,
            "details": dict(one.details),
            "address": one.address,
        }
        for one in found
    ]
    return Listed(items=items, next=str(found[-1].id) if len(found) == limit else None)
