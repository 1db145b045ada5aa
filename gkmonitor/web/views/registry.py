"""The registry of portals: searched, taken out as a file, and taken over from one after a preview."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Annotated, Any, Final

from fastapi import APIRouter, File, Form, UploadFile
from starlette.requests import Request
from starlette.responses import Response

from gkmonitor.accounts.permissions import Permission
from gkmonitor.errors import RegistryError, UsageError
from gkmonitor.records import Profile
from gkmonitor.registry.exporting import registry_table
from gkmonitor.registry.importing import ImportPlan, PlannedRow, RowStatus, apply_import, plan_import
from gkmonitor.registry.reading import read_registry
from gkmonitor.registry.records import Level, PortalEntry, PortalState
from gkmonitor.registry.words import field_words, in_chinese
from gkmonitor.storage import Session, audit
from gkmonitor.storage.registry_changes import By
from gkmonitor.storage.registry_list import RegistryFilter, count_registry, regions, registry_page
from gkmonitor.web.desk import desk
from gkmonitor.web.exporting import table_file
from gkmonitor.web.pages import back, render
from gkmonitor.web.paging import PAGE_ROWS, address, cut, whole_number, words_of
from gkmonitor.web.unit_choice import choose_unit, unit_of
from gkmonitor.web.uploads import Held, holding, is_given, plain_name, read_upload
from gkmonitor.web.visiting import ForbiddenError, Registrar, Viewer, Visitor

router = APIRouter()
PURPOSE: Final = "registry-import"
MAX_SHOWN: Final = 300  # rows of a preview; those with faults and changes come first
MAX_PROBLEMS: Final = 200
MAX_EXPORTED: Final = 100_000
STATUS_WORDS: Final = {
    RowStatus.WRONG: "有错",
    RowStatus.CLASHING: "网址冲突",
    RowStatus.CHANGED: "有变化",
    RowStatus.NEW: "新增",
    RowStatus.UNCHANGED: "无变化",
}
_STATUS_KINDS: Final = {
    RowStatus.WRONG: "bad",
    RowStatus.CLASHING: "bad",
    RowStatus.CHANGED: "warn",
    RowStatus.NEW: "good",
    RowStatus.UNCHANGED: "mute",
}
_GONE: Final = "预览已过期或文件已导入，请重新选择文件"


@router.get("/registry")
def registry(
    request: Request,
    who: Viewer,
    q: str = "",
    state: str = "",
    level: str = "",
    profile: str = "",
    region: str = "",
    unit: str = "",
    after: str = "",
) -> Response:
    query = {"q": q, "state": state, "level": level, "profile": profile, "region": region, "unit": unit}
    with desk(request).database.reading() as session:
        units = choose_unit(session, unit)
        chosen = _filter(q, state, level, profile, region, units.unit_id)
        entries = registry_page(session, chosen, after=whole_number(after), limit=PAGE_ROWS + 1)
        counts, every_region = count_registry(session, chosen), regions(session)
    shown, page = cut(entries, "/registry", query, after, "id")
    context: dict[str, Any] = {
        "entries": shown,
        "page": page,
        "counts": counts,
        "query": query,
        "regions": every_region,
    }
    return render(
        request, "registry.html", **context, **_words(), units=units, export=address("/registry/export", query)
    )


def _filter(q: str, state: str, level: str, profile: str, region: str, unit: int | None) -> RegistryFilter:
    return RegistryFilter(
        words=words_of(q),
        state=state if state in list(PortalState) else "",
        level=level if level in list(Level) else "",
        profile=profile if profile in list(Profile) else "",
        region=words_of(region),
        unit=unit,
    )


def _words() -> dict[str, Any]:
    lists = {"states": PortalState, "levels": Level, "profiles": Profile}
    return {name: {str(one.value): in_chinese(name, one.value) for one in words} for name, words in lists.items()}


@router.get("/registry/export")
def export_registry(
    request: Request,
    who: Viewer,
    q: str = "",
    state: str = "",
    level: str = "",
    profile: str = "",
    region: str = "",
    unit: str = "",
    contacts: str = "",
    words: str = "",
    format: str = "xlsx",  # noqa: A002 - a word of the address
) -> Response:
    """What an import reads back without a change. Contacts only when asked for by whoever keeps the registry."""
    with_contacts = contacts == "1"
    if with_contacts and not who.may(Permission.MANAGE_REGISTRY):
        raise ForbiddenError("联系人只能由维护登记簿的人员导出")
    here = desk(request)
    with here.database.reading() as session:
        chosen = _filter(q, state, level, profile, region, unit_of(session, unit))
        entries = _every(session, chosen)
        table = registry_table(session, entries, with_contacts=with_contacts, in_words=words == "1")
    if with_contacts:
        with here.database.writing() as session:
            audit.note(session, who, "contacts-exported", details={"portals": len(entries)})
    return table_file(table, format, f"网站登记簿-{here.today}")


def _every(session: Session, chosen: RegistryFilter) -> list[PortalEntry]:
    found: list[PortalEntry] = []
    while len(found) < MAX_EXPORTED:
        page = registry_page(session, chosen, after=found[-1].id if found else 0, limit=2000)
        found += page
        if len(page) < 2000:
            break
    return found


# ---------------------------------------------------------------- import


@router.get("/registry/import")
def import_form(request: Request, who: Registrar) -> Response:
    return render(request, "registry_import.html")


@router.post("/registry/import")
def preview(request: Request, who: Registrar, file: Annotated[UploadFile | None, File()] = None) -> Response:
    here = desk(request)
    if file is None or not is_given(file):
        return render(request, "registry_import.html", error="请选择 CSV 或 XLSX 文件", status=400)
    try:
        body = read_upload(file, here.settings.web_max_body_bytes)
        held = holding(request).keep(who.account.id, PURPOSE, [(plain_name(file.filename), body)], here.now)
        return _show_plan(request, who, held)
    except UsageError as error:
        return render(request, "registry_import.html", error=str(error), status=400)


def _show_plan(request: Request, who: Visitor, held: Held, notice: str = "", status: int = 200) -> Response:
    try:
        found = read_registry(held.files[0])
    except RegistryError:
        holding(request).drop(held)
        raise
    with desk(request).database.reading() as session:
        plan = plan_import(session, found)
    holding(request).annotate(held, fingerprint(plan))
    if plan.errors:  # nothing of it can be taken over: the corrected file is chosen anew
        holding(request).drop(held)
    order = list(STATUS_WORDS)
    rows = sorted(plan.rows, key=lambda one: (order.index(one.status), one.row.line))
    context: dict[str, Any] = {
        "plan": plan,
        "held": held,
        "rows": [_shown(one) for one in rows[:MAX_SHOWN]],
        "left": len(rows) - MAX_SHOWN,
    }
    context |= {"problems": plan.problems[:MAX_PROBLEMS], "more_problems": len(plan.problems) - MAX_PROBLEMS}
    counts = {name: plan.counts[status] for status, name in STATUS_WORDS.items()}
    return render(request, "registry_preview.html", status=status, **context, counts=counts, notice=notice)


def _shown(planned: PlannedRow) -> dict[str, object]:
    changes = [(*field_words(name, old), field_words(name, new)[1]) for name, (old, new) in planned.changes.items()]
    values = planned.row.values
    return {
        "line": planned.row.line,
        "status": STATUS_WORDS[planned.status],
        "kind": _STATUS_KINDS[planned.status],
        "name": values.get("name") or "",
        "url": values.get("url") or "",
        "portal": planned.portal.id if planned.portal is not None else None,
        "changes": changes,
        "problems": list(planned.row.problems),
    }


def fingerprint(plan: ImportPlan) -> str:
    """Differs whenever the plan would do something else."""
    rows = [
        (one.row.line, one.status.value, one.portal.id if one.portal else None, sorted(map(repr, one.changes.items())))
        for one in plan.rows
    ]
    return hashlib.sha256(repr((rows, len(plan.errors))).encode("utf-8", "replace")).hexdigest()


@router.post("/registry/import/confirm")
def confirm(
    request: Request,
    who: Registrar,
    token: Annotated[str, Form(max_length=100)],
    update: Annotated[str, Form(max_length=5)] = "",
    reason: Annotated[str, Form(max_length=500)] = "",
) -> Response:
    here = desk(request)
    held = holding(request).find(who.account.id, PURPOSE, token, here.now)
    if held is None:
        return back(request, "/registry/import", error=_GONE)
    found = read_registry(held.files[0])
    with here.database.writing() as session:
        plan = plan_import(session, found)
        is_same = fingerprint(plan) == held.note and not plan.errors
        needs_update = plan.counts[RowStatus.CHANGED] > 0 and update != "yes"
        if is_same and not needs_update:
            apply_import(session, plan, By(who.actor, here.now, reason.strip() or f"从文件导入：{found.name}"))
            counts = {status.value: number for status, number in plan.counts.items()}
            audit.note(session, who, "registry-imported", found.name, counts | {"sha256": _digest(held.files[0])})
    if not is_same:
        return _show_plan(request, who, held, "预览之后登记簿有改动，请按新的预览重新核对；还没有导入", status=409)
    if needs_update:
        return _show_plan(
            request, who, held, "有与登记内容不同的行，请核对并勾选“修改已登记的网站”；还没有导入", status=422
        )
    holding(request).drop(held)
    new, changed = plan.counts[RowStatus.NEW], plan.counts[RowStatus.CHANGED]
    return back(request, "/registry", message=f"已导入 {found.name}：新增 {new} 个网站，修改 {changed} 个")


@router.post("/registry/import/cancel")
def cancel(request: Request, who: Registrar, token: Annotated[str, Form(max_length=100)]) -> Response:
    held = holding(request).find(who.account.id, PURPOSE, token, desk(request).now)
    if held is not None:
        holding(request).drop(held)
    return back(request, "/registry/import", message="已放弃，没有导入任何内容；上传的文件已删除")


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
