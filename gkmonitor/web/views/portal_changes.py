"""What people do to one portal: inspect it now, pause, resume, release, exemptions, delegations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from gkmonitor.cycles.records import InspectionState
from gkmonitor.errors import GkmonitorError, UsageError
from gkmonitor.registry.records import PortalState
from gkmonitor.storage.portal_pages import inspection_in_cycle
from gkmonitor.web.acts import portals as acts
from gkmonitor.web.acts.portals import LARGEST, ExemptionFields, visible
from gkmonitor.web.desk import desk
from gkmonitor.web.pages import back, render
from gkmonitor.web.views.portals import ONE, RUN, look_words
from gkmonitor.web.visiting import Registrar, Reviewer, Scheduler, Viewer

router = APIRouter()
Text = Annotated[str, Form(max_length=2000)]


def _done(request: Request, portal_id: int, act: Callable[[], object], done: str) -> Response:
    """Does it, then back to the portal's page with what came of it."""
    url = f"/portals/{portal_id}"
    try:
        act()
    except UsageError as error:
        return back(request, url, error=str(error))
    return back(request, url, message=done)


# ---------------------------------------------------------------- inspect now


@router.post(f"{ONE}/inspect")
def inspect_now(request: Request, who: Reviewer, portal_id: int) -> Response:
    """A cycle of this one portal, before everything else that waits."""
    url = f"/portals/{portal_id}"
    try:
        run = acts.inspect_now(desk(request), who, portal_id)
    except GkmonitorError as error:
        return back(request, url, error=str(error))
    return back(request, f"{url}?run={run}#inspecting", message="已安排检查，结果出来后本页会显示")


@router.get(f"{ONE}/inspecting")
def inspecting(
    request: Request, who: Viewer, portal_id: int, run: Annotated[str, Query(max_length=60)] = ""
) -> Response:
    """How far a check is: a part of the portal's page that asks again by itself until it is over."""
    if not RUN.fullmatch(run):
        raise HTTPException(404)
    here = desk(request)
    with here.database.reading() as session:
        entry = visible(session, who, portal_id)
        look = inspection_in_cycle(session, portal_id, run)
    is_over = look is not None and look.state in (InspectionState.DONE, InspectionState.HELD)
    words = _progress_words(look, is_over=is_over)
    return render(request, "inspecting.html", entry=entry, run=run, is_over=is_over, words=words, look=look)


def _progress_words(look: Any, *, is_over: bool) -> str:
    if look is None:
        return "正在排队，等待执行程序"
    if is_over:
        return f"检查结束：{look_words(look)}"
    if look.state is InspectionState.FAILED:
        return "第一次没有打开，稍后再试一次"
    return "正在检查，通常需要几分钟" if look.state is InspectionState.RUNNING else "即将开始检查"


# ---------------------------------------------------------------- states


@router.post(f"{ONE}/pause")
def pause(request: Request, who: Registrar, portal_id: int, reason: Text = "") -> Response:
    here = desk(request)
    return _done(
        request,
        portal_id,
        lambda: acts.change_state(here, who, portal_id, PortalState.PAUSED, reason),
        "已暂停检查，登记内容和历史保留",
    )


@router.post(f"{ONE}/resume")
def resume(request: Request, who: Registrar, portal_id: int, reason: Text = "") -> Response:
    here = desk(request)
    return _done(
        request,
        portal_id,
        lambda: acts.change_state(here, who, portal_id, PortalState.ACTIVE, reason),
        "已恢复检查",
    )


@router.post(f"{ONE}/release")
def release(request: Request, who: Scheduler, portal_id: int, look: Annotated[int, Form(le=LARGEST)]) -> Response:
    """The portal was rebuilt, as somebody has seen; ``look``: the held inspection that the page showed."""
    here = desk(request)
    done = "已确认改版，从下一次检查起按新栏目判定"
    return _done(request, portal_id, lambda: acts.release(here, who, portal_id, look), done)


# ---------------------------------------------------------------- exemptions and delegations


@router.post(f"{ONE}/exemptions")
def exempt(
    request: Request,
    who: Registrar,
    portal_id: int,
    what: Annotated[str, Form(max_length=20)],
    document: Text = "",
    allowed_by: Text = "",
    first: Text = "",
    last: Text = "",
    rule: Text = "",
    concept: Text = "",
    path: Text = "",
    reason: Text = "",
) -> Response:
    here = desk(request)
    given = ExemptionFields(what, document, allowed_by, first, last, rule, concept, path, reason)
    done = "已登记豁免，从下一次检查起生效"
    return _done(request, portal_id, lambda: acts.exempt(here, who, portal_id, given), done)


@router.post(f"{ONE}/exemptions/{{number:int}}/withdraw")
def withdraw(request: Request, who: Registrar, portal_id: int, number: int, reason: Text = "") -> Response:
    here = desk(request)
    done = "豁免已撤销，从今天起不再有效"
    return _done(request, portal_id, lambda: acts.end_exemption(here, who, portal_id, number, reason), done)


@router.post(f"{ONE}/delegations")
def delegate(
    request: Request,
    who: Registrar,
    portal_id: int,
    concept: Annotated[str, Form(max_length=80)],
    url: Text = "",
    note: Text = "",
) -> Response:
    here = desk(request)
    done = "已登记委托公开"
    return _done(request, portal_id, lambda: acts.delegate(here, who, portal_id, concept, url, note), done)


@router.post(f"{ONE}/delegations/withdraw")
def withdraw_delegated(
    request: Request, who: Registrar, portal_id: int, concept: Annotated[str, Form(max_length=80)]
) -> Response:
    here = desk(request)
    return _done(request, portal_id, lambda: acts.end_delegation(here, who, portal_id, concept), "委托公开已撤销")
