"""The REST interface: everything that the desk shows and decides, for programs with a token. JSON, below /api/v1."""

from __future__ import annotations

from fastapi import APIRouter

from gkmonitor.web.api import describing, looking, months, portals, violations, work

router = APIRouter()
for one in (violations, portals, work, months, looking, describing):
    router.include_router(one.router, prefix="/api/v1")
