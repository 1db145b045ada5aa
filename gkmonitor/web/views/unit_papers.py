"""整改通知 and 问题清单 of each unit: the office's page of a month, and the unit's own."""

from __future__ import annotations

from typing import Any, Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from gkmonitor.errors import DateError, UsageError
from gkmonitor.reports.notice.units import UnitNotice
from gkmonitor.web.desk import desk
from gkmonitor.web.exporting import export
from gkmonitor.web.months import last_month, shown_month
from gkmonitor.web.pages import render
from gkmonitor.web.paging import PAGE_ROWS, Page, address, whole_number
from gkmonitor.web.papers import chosen_month, months_for_units, papers_for, send_paper
from gkmonitor.web.views.month import month_frame, not_yet
from gkmonitor.web.visiting import Reviewer, UnitVisitor

router = APIRouter()
_HEADS: Final = ("单位", "网站数", "问题数", "单项否决数", "最早期限", "最迟期限", "没有期限的问题数")


@router.get("/month/{month}/units")
def units(
    request: Request,
    who: Reviewer,
    month: str,
    deadline: str = "",
    q: str = "",
    after: str = "",
    format: str = "",  # noqa: A002 - a word of the address
) -> Response:
    chosen, words = chosen_month(request, month), q.strip()[:100]
    numbers, count = shown_month(request, chosen)
    context = month_frame(request, chosen, count)
    if numbers is None:
        return not_yet(request, chosen, count, context)
    given, error = deadline.strip()[:10], ""
    try:
        papers = papers_for(request, who, chosen, given)
    except (DateError, UsageError) as fault:
        papers, error = (), str(fault)
    papers = tuple(one for one in papers if words.casefold() in one.unit.casefold())
    if format:
        return export((_cells(one) for one in papers), _HEADS, format, f"整改通知-{chosen}")
    path, start = f"/month/{chosen}/units", whole_number(after)
    query = {"deadline": given, "q": words}
    shown = papers[start : start + PAGE_ROWS]
    following = address(path, {**query, "after": start + PAGE_ROWS}) if len(papers) > start + PAGE_ROWS else None
    page = Page(address(path, query) if start else None, following, f"共 {len(papers)} 个单位")
    context |= {"page": page, "this": path, "exporting": address(path, query), "q": words, "given": given}
    rows = [_row(one, f"{path}/notice", {"deadline": given}) for one in shown]
    usual = papers[0].deadline if papers else None
    return render(request, "month_units.html", rows=rows, usual=usual, error=error, **context)


@router.get("/month/{month}/units/notice.{form}")
def unit_notice(request: Request, who: Reviewer, month: str, form: str, unit: str = "", deadline: str = "") -> Response:
    return send_paper(request, who, papers_for(request, who, month, deadline), unit, form)


@router.get("/my/notices")
def my_notices(request: Request, who: UnitVisitor, month: str = "") -> Response:
    """What a unit is asked to mend, as it may print it: its own paper and those of the units below."""
    offered = months_for_units(request)
    chosen = chosen_month(request, month) if month else f"{last_month(desk(request).today):%Y-%m}"
    papers: tuple[UnitNotice, ...] = ()
    waiting, error = False, ""
    try:
        numbers, count = shown_month(request, chosen) if chosen in offered else (None, None)
        waiting = numbers is None and count is not None and not count.error
        papers = () if waiting else papers_for(request, who, chosen)
    except UsageError as fault:
        error = str(fault)
    rows = [_row(one, f"/my/notices/{chosen}/notice", {}) for one in papers]
    months = [(one, one) for one in offered]
    return render(request, "my_notices.html", month=chosen, months=months, rows=rows, waiting=waiting, error=error)


@router.get("/my/notices/{month}/notice.{form}")
def my_notice(request: Request, who: UnitVisitor, month: str, form: str, unit: str = "") -> Response:
    return send_paper(request, who, papers_for(request, who, month), unit, form)


def _row(paper: UnitNotice, path: str, query: dict[str, str]) -> dict[str, Any]:
    words = {**query, "unit": paper.unit}
    return {
        "unit": paper.unit,
        "sites": len({one.portal.id for one in paper.problems}),
        "problems": len(paper.problems),
        "vetoes": sum(one.severity == "veto" for one in paper.problems),
        "deadlines": _deadlines(paper),
        "docx": address(f"{path}.docx", words),
        "xlsx": address(f"{path}.xlsx", words),
    }


def _deadlines(paper: UnitNotice) -> str:
    """When the problems are to be mended, as one line."""
    days = sorted({day for one in paper.problems if (day := one.deadline or paper.deadline) is not None})
    told = " 至 ".join(day.isoformat() for day in dict.fromkeys((days[0], days[-1]))) if days else ""
    if all(one.deadline or paper.deadline for one in paper.problems):
        return told
    return f"{told}，其余另行通知" if told else "另行通知"


def _cells(paper: UnitNotice) -> tuple[object, ...]:
    days = [one.deadline for one in paper.problems if one.deadline is not None]
    sites = len({one.portal.id for one in paper.problems})
    vetoes = sum(one.severity == "veto" for one in paper.problems)
    span = (min(days), max(days)) if days else (None, None)
    return (paper.unit, sites, len(paper.problems), vetoes, *span, len(paper.problems) - len(days))
