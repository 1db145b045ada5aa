"""Figures that the ledger cannot give: typed in and signed, month by month. A blank one leaves its paragraph out."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from gkmonitor.monthly.typed import GROUP_TITLES
from gkmonitor.monthly.words import month_words
from gkmonitor.storage import audit
from gkmonitor.storage.audit import AuditFilter
from gkmonitor.storage.month_data import require_month
from gkmonitor.storage.typed_figures import figures_of_month
from gkmonitor.web.acts import figures as acts
from gkmonitor.web.acts.figures import ACTION
from gkmonitor.web.desk import desk
from gkmonitor.web.months import last_month
from gkmonitor.web.pages import back, render
from gkmonitor.web.visiting import Signer, Viewer, Visitor

router = APIRouter()
HISTORY_ROWS: Final = 200


@router.get("/figures")
def figures_page(request: Request, who: Viewer, month: str = "") -> Response:
    here = desk(request)
    month = require_month(month, here.now, here.settings.timezone) if month else f"{last_month(here.today):%Y-%m}"
    return _page(request, month, {}, {})


def _page(request: Request, month: str, typed: dict[str, str], faults: dict[str, str], status: int = 200) -> Response:
    here = desk(request)
    with here.database.reading() as session:
        kept = figures_of_month(session, month)
        history = audit.list_audit(session, AuditFilter(action=ACTION, words=f"{month}/"), limit=HISTORY_ROWS)
    kinds = month_words().typed
    groups = [(GROUP_TITLES.get(name, name), [one for one in kinds if one.group == name]) for name in _groups()]
    values = {one.slug: typed.get(one.slug, kept[one.slug].value if one.slug in kept else "") for one in kinds}
    titles = {one.slug: one.title for one in kinds}
    months = [(one, one) for one in _months(here.today, month)]
    context: dict[str, Any] = {
        "month": month,
        "months": months,
        "groups": groups,
        "values": values,
        "kept": kept,
        "faults": faults,
    }
    return render(request, "figures.html", status=status, **context, history=history, titles=titles)


def _groups() -> list[str]:
    return list(dict.fromkeys(one.group for one in month_words().typed))


def _months(today: date, shown: str) -> list[str]:
    found, day = {shown}, today.replace(day=1)
    for _ in range(13):
        found.add(f"{day:%Y-%m}")
        day = last_month(day)
    return sorted(found, reverse=True)


@router.post("/figures/{month}")
async def sign(request: Request, who: Signer, month: str) -> Response:
    form = await request.form(max_fields=500)
    slugs = {one.slug for one in month_words().typed}
    typed = {name: str(value)[:4000] for name, value in form.items() if name in slugs}
    return await run_in_threadpool(_sign, request, who, month, typed)


def _sign(request: Request, who: Visitor, month: str, typed: dict[str, str]) -> Response:
    here = desk(request)
    try:
        changes = acts.sign(here, who, month, typed)
    except acts.FiguresError as error:
        month = require_month(month, here.now, here.settings.timezone)
        return _page(request, month, typed, dict(error.faults), status=422)
    told = f"已签认 {len(changes)} 项数据" if changes else "没有改动"
    return back(request, f"/figures?month={month.strip()}", message=told)
