"""The address without a path: to the first page that the visitor may open, else to the login."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse

from gkmonitor.web.navigation import navigation
from gkmonitor.web.visiting import visitor

router = APIRouter()


@router.api_route("/", methods=["GET", "HEAD"])
def start(request: Request) -> RedirectResponse:
    entries = navigation(request.app, visitor(request))
    return RedirectResponse(entries[0].path if entries else "/profile", 303)
