"""The registry of portals: searched, taken out as a file, and taken over from one after a preview."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import APIRouter, File, Form, UploadFile
from starlette.requests import Request
from starlette.responses import Response

from gkmonitor.errors import RegistryError, StaleError, UsageError
from gkmonitor.records import Profile
from gkmonitor.registry.importing import PlannedRow, RowStatus
from gkmonitor.registry.records import Level, PortalState
from gkmonitor.registry.words import field_words, in_chinese
from gkmonitor.storage.registry_list import count_registry, regions, registry_page
from gkmonitor.web.acts import registry as acts
from gkmonitor.web.desk import desk
from gkmonitor.web.exporting import table_file
from gkmonitor.web.pages import back, render
from gkmonitor.web.paging import PAGE_ROWS, address, cut, whole_number
from gkmonitor.web.unit_choice import choose_unit
from gkmonitor.web.uploads import Held, holding, is_given, plain_name, read_upload
from gkmonitor.web.visiting import Registrar, Viewer, Visitor

router = APIRouter()
MAX_SHOWN: Final = 300  # rows of a preview; those with faults and changes come first
MAX_PROBLEMS: Final = 200
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
        chosen = acts.registry_filter(q, state, level, profile, region, units.unit_id)
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
    here, given = desk(request), acts.RegistryWords(q, state, level, profile, region, unit)
    table = acts.export_table(here, who, given, with_contacts=contacts == "1", in_words=words == "1")
    return table_file(table, format, f"网站登记簿-{here.today}")


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
        held = acts.take(here, who, holding(request), plain_name(file.filename), body)
        return _show_plan(request, who, held)
    except UsageError as error:
        return render(request, "registry_import.html", error=str(error), status=400)


def _show_plan(request: Request, who: Visitor, held: Held, notice: str = "", status: int = 200) -> Response:
    plan = acts.plan(desk(request), holding(request), held)
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


@router.post("/registry/import/confirm")
def confirm(
    request: Request,
    who: Registrar,
    token: Annotated[str, Form(max_length=100)],
    update: Annotated[str, Form(max_length=5)] = "",
    reason: Annotated[str, Form(max_length=500)] = "",
) -> Response:
    here, held_by = desk(request), holding(request)
    try:
        held = acts.held_file(here, who, held_by, token)
    except StaleError as error:
        return back(request, "/registry/import", error=str(error))
    name = held.files[0].name
    try:
        plan = acts.confirm(here, who, held_by, held, may_update=update == "yes", reason=reason)
    except StaleError as error:
        return _show_plan(request, who, held, str(error), status=409)
    except RegistryError as error:
        return _show_plan(request, who, held, str(error), status=422)
    new, changed = plan.counts[RowStatus.NEW], plan.counts[RowStatus.CHANGED]
    return back(request, "/registry", message=f"已导入 {name}：新增 {new} 个网站，修改 {changed} 个")


@router.post("/registry/import/cancel")
def cancel(request: Request, who: Registrar, token: Annotated[str, Form(max_length=100)]) -> Response:
    held = holding(request).find(who.account.id, acts.PURPOSE, token, desk(request).now)
    if held is not None:
        holding(request).drop(held)
    return back(request, "/registry/import", message="已放弃，没有导入任何内容；上传的文件已删除")
