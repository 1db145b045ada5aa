"""The REST interface: everything that the desk shows and decides, for programs with a token. JSON, below /api/v1."""

from __future__ import annotations

from fastapi import APIRouter

from gkmonitor.web.api import (
    accounts,
    case_parts,
    describing,
    looking,
    month_issue,
    month_work,
    months,
    portal_changes,
    portal_parts,
    portals,
    registry,
    service,
    trials,
    violations,
    work,
)

router = APIRouter()
PARTS = (
    *(violations, case_parts, portals, portal_parts, portal_changes, work, service),
    *(months, month_work, month_issue, trials, registry, looking, accounts, describing),
)
for one in PARTS:
    router.include_router(one.router, prefix="/api/v1")
