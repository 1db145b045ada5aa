"""A spot check of any address: asked for here, done by a job, shown in a sandbox; the ledger is not touched."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Form
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from gkmonitor.errors import GkmonitorError
from gkmonitor.judging import PROFILE_NAMES
from gkmonitor.records import Profile
from gkmonitor.reports.spot_html import style_source
from gkmonitor.spotting import SpotRequest, read_page, read_request
from gkmonitor.web.acts import spot as acts
from gkmonitor.web.desk import Desk, desk
from gkmonitor.web.pages import back, render
from gkmonitor.web.visiting import Reviewer

router = APIRouter()
FORM: Final = "/spot"


@router.get(FORM)
def form(request: Request, _who: Reviewer, url: str = "") -> Response:
    profiles = [(one.value, PROFILE_NAMES[one]) for one in Profile]
    return render(request, "spot.html", profiles=profiles, given={"url": url[:2000], "profile": ""})


@router.post(FORM)
def ask(
    request: Request,
    who: Reviewer,
    url: Annotated[str, Form(max_length=2000)] = "",
    profile: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    try:
        key = acts.ask(desk(request), who, url, profile)
    except GkmonitorError as error:
        return back(request, FORM, error=str(error))
    return back(request, f"{FORM}/{key}", message="已安排检查；结果只是单次观测，不写入台账")


@router.get(f"{FORM}/{{key}}")
def result(request: Request, _who: Reviewer, key: str) -> Response:
    return render(request, "spot_result.html", spot=_request(desk(request), key), profile_names=PROFILE_NAMES)


@router.get(f"{FORM}/{{key}}/progress")
def progress(request: Request, _who: Reviewer, key: str) -> Response:
    """A part of the result's page, which asks again by itself until the check is over."""
    return render(request, "spot_progress.html", spot=_request(desk(request), key))


def _request(here: Desk, key: str) -> SpotRequest:
    found = read_request(here.settings, key)
    if found is None:
        raise HTTPException(404)
    return found


@router.get("/evidence/spot/{key}")
def page(request: Request, _who: Reviewer, key: str) -> Response:
    """The report itself, without scripts, forms and an origin of its own."""
    body = read_page(desk(request).settings, key)
    if body is None:
        raise HTTPException(404)
    policy = f"sandbox; default-src 'none'; style-src {style_source()}; frame-ancestors 'self'"
    headers = {"Content-Security-Policy": policy, "X-Frame-Options": "SAMEORIGIN"}
    return Response(body, media_type="text/html; charset=utf-8", headers=headers)
