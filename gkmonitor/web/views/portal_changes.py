"""What people do to one portal: inspect it now, pause, resume, release, exemptions, delegations."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from gkmonitor.cycles.records import InspectionState
from gkmonitor.cycles.releasing import release_held
from gkmonitor.errors import GkmonitorError, UsageError
from gkmonitor.jobs import SPOT
from gkmonitor.registry.cells import build_exemption, checked_concept
from gkmonitor.registry.records import PortalEntry, PortalState
from gkmonitor.registry.values import checked_place, checked_text
from gkmonitor.registry.words import suggestion
from gkmonitor.rules import available_packs
from gkmonitor.spotting import refuse_private
from gkmonitor.storage import Session, audit
from gkmonitor.storage.exemptions import add_exemption, set_delegation, withdraw_delegation, withdraw_exemption
from gkmonitor.storage.inspections import newest_held
from gkmonitor.storage.portal_pages import inspection_in_cycle
from gkmonitor.storage.portals import set_state
from gkmonitor.storage.registry_changes import By
from gkmonitor.web.desk import desk
from gkmonitor.web.pages import back, render
from gkmonitor.web.views.portals import LARGEST, ONE, RUN, look_words, visible
from gkmonitor.web.visiting import Registrar, Reviewer, Scheduler, Viewer, Visitor

router = APIRouter()
Text = Annotated[str, Form(max_length=2000)]


def change(
    request: Request, who: Visitor, portal_id: int, action: str, act: Callable[[Session, PortalEntry], Any], done: str
) -> Response:
    """One change in one transaction with its audit row, then back to the portal's page with what came of it."""
    url = f"/portals/{portal_id}"
    try:
        with desk(request).database.writing() as session:
            entry = visible(session, who, portal_id)
            details = act(session, entry) or {}
            audit.note(session, who, action, f"portal/{entry.id} {entry.name}", details)
    except UsageError as error:
        return back(request, url, error=str(error))
    return back(request, url, message=done)


def _by(request: Request, who: Visitor, reason: str) -> By:
    return By(who.actor, desk(request).now, checked_text(reason, "reason"))


# ---------------------------------------------------------------- inspect now


@router.post(f"{ONE}/inspect")
def inspect_now(request: Request, who: Reviewer, portal_id: int) -> Response:
    """A cycle of this one portal, before everything else that waits."""
    here, url = desk(request), f"/portals/{portal_id}"
    with here.database.reading() as session:
        entry = visible(session, who, portal_id)
    if entry.state is not PortalState.ACTIVE:
        return back(request, url, error="已暂停或停用的网站不检查，请先恢复")
    try:
        refuse_private(entry.url, here.settings)
        local = here.now.astimezone(here.zone)
        run = f"{local:%Y-%m-%d}/desk/{portal_id}-{local:%H%M%S}"
        is_new = here.queue.enqueue(
            "desk_inspection",
            {"portal": portal_id, "name": run},
            now=here.now,
            priority=SPOT,
            unique_key=f"desk_inspection:{portal_id}",
        )
    except GkmonitorError as error:
        return back(request, url, error=str(error))
    if not is_new:
        return back(request, url, error="这个网站的检查已在排队，请稍候")
    with here.database.writing() as session:
        audit.note(session, who, "portal.inspect", f"portal/{entry.id} {entry.name}", {"run": run})
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
    if not reason.strip():
        return back(request, f"/portals/{portal_id}", error="请写明暂停的事由")

    def act(session: Session, entry: PortalEntry) -> dict[str, str]:
        set_state(session, entry.id, PortalState.PAUSED, _by(request, who, reason))
        return {"reason": reason}

    return change(request, who, portal_id, "portal.pause", act, "已暂停检查，登记内容和历史保留")


@router.post(f"{ONE}/resume")
def resume(request: Request, who: Registrar, portal_id: int, reason: Text = "") -> Response:
    def act(session: Session, entry: PortalEntry) -> None:
        set_state(session, entry.id, PortalState.ACTIVE, _by(request, who, reason))

    return change(request, who, portal_id, "portal.resume", act, "已恢复检查")


@router.post(f"{ONE}/release")
def release(request: Request, who: Scheduler, portal_id: int, look: Annotated[int, Form(le=LARGEST)]) -> Response:
    """The portal was rebuilt, as somebody has seen; ``look``: the held inspection that the page showed."""

    def act(session: Session, entry: PortalEntry) -> dict[str, object]:
        held = newest_held(session, entry.id)
        if held is None or held.id != look:
            raise UsageError("这个网站的情况已经变化，请刷新后再确认")
        retired = release_held(session, entry.id, actor=who.actor, now=desk(request).now)
        return {"inspection": held.id, "columns given up": retired}

    return change(request, who, portal_id, "portal.release", act, "已确认改版，从下一次检查起按新栏目判定")


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
    def act(session: Session, entry: PortalEntry) -> dict[str, object]:
        chosen = {"rule": rule, "concept": concept, "path": path}
        if what != "everything" and not chosen.get(what, "").strip():
            raise UsageError("请写明免什么：规则、栏目类别或栏目路径")
        exemption = build_exemption(
            rule=rule if what == "rule" else "",
            concept=concept if what == "concept" else "",
            path=path if what == "path" else "",
            document=document,
            first_day=first,
            last_day=last,
            allowed_by=allowed_by,
            reason=reason,
        )
        _refuse_unknown_rule(exemption.rule)
        number = add_exemption(session, replace(exemption, portal_id=entry.id), _by(request, who, reason))
        return {"exemption": number, "document": document}

    return change(request, who, portal_id, "portal.exempt", act, "已登记豁免，从下一次检查起生效")


def _refuse_unknown_rule(rule: str | None) -> None:
    """An exemption from a rule that does not exist would silently exempt nothing."""
    if rule is None:
        return
    known = tuple(one.id for pack in available_packs().values() for one in pack.rules)
    if rule not in known:
        raise UsageError(f"没有“{rule[:80]}”这条规则，{suggestion(rule, known) or '请在“规则”页查看编号'}")


@router.post(f"{ONE}/exemptions/{{number:int}}/withdraw")
def withdraw(request: Request, who: Registrar, portal_id: int, number: int, reason: Text = "") -> Response:
    def act(session: Session, entry: PortalEntry) -> dict[str, object]:
        by = _by(request, who, reason)
        withdraw_exemption(session, entry.id, min(number, LARGEST), desk(request).today, by)
        return {"exemption": number}

    return change(request, who, portal_id, "portal.exemption-withdraw", act, "豁免已撤销，从今天起不再有效")


@router.post(f"{ONE}/delegations")
def delegate(
    request: Request,
    who: Registrar,
    portal_id: int,
    concept: Annotated[str, Form(max_length=80)],
    url: Text = "",
    note: Text = "",
) -> Response:
    def act(session: Session, entry: PortalEntry) -> dict[str, object]:
        slug, place = checked_concept(concept), checked_place(url) if url.strip() else None
        by = _by(request, who, "")
        if not set_delegation(session, entry.id, slug, place, by, note=checked_text(note, "reason")):
            raise UsageError("已有同样的登记，没有改动")
        return {"concept": slug, "url": place}

    return change(request, who, portal_id, "portal.delegate", act, "已登记委托公开")


@router.post(f"{ONE}/delegations/withdraw")
def withdraw_delegated(
    request: Request, who: Registrar, portal_id: int, concept: Annotated[str, Form(max_length=80)]
) -> Response:
    def act(session: Session, entry: PortalEntry) -> dict[str, object]:
        withdraw_delegation(session, entry.id, concept, _by(request, who, ""))
        return {"concept": concept}

    return change(request, who, portal_id, "portal.delegation-withdraw", act, "委托公开已撤销")
