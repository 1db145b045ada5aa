"""Months: the figures, the notice in every form, and what each unit is to mend."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request
from starlette.responses import Response

from gkmonitor.accounts.permissions import Permission
from gkmonitor.reports.notice.units import UnitNotice
from gkmonitor.storage.issued import list_issued
from gkmonitor.web.api.shapes import Listed, instant
from gkmonitor.web.desk import desk
from gkmonitor.web.papers import MEDIA, chosen_month, month_numbers, notice_of, papers_for, send_notice, send_paper
from gkmonitor.web.visiting import Viewer, Visitor, require

router = APIRouter(tags=["months"])
ReviewerOrUnit = Annotated[Visitor, Depends(require(Permission.REVIEW, Permission.ANSWER))]
Month = Annotated[str, Path(pattern=r"^20\d\d-(?:0[1-9]|1[0-2])$", examples=["2026-11"])]
Form = Annotated[str, Path(pattern="^(?:docx|xlsx|html|json|pdf)$")]
PaperForm = Annotated[str, Path(pattern="^(?:docx|xlsx)$")]
Unit = Annotated[str, Query(min_length=1, max_length=300, description="单位名称，见同一月份的 units")]
Deadline = Annotated[
    str, Query(pattern=r"^(?:\d{4}-\d\d-\d\d)?$", description="台账没有期限的问题何时整改完；不写时 10 个工作日")
]
_FILE: dict[int | str, dict[str, Any]] = {200: {"description": "文件", "content": {one: {} for one in MEDIA.values()}}}


@router.get("/months")
def every_month(request: Request, who: Viewer) -> Listed:
    """Issued notices, the newest month first."""
    with desk(request).database.reading() as session:
        found = list_issued(session)
    return Listed(
        items=[
            {
                "month": one.month,
                "number": one.number,
                "title": one.title,
                "issued_on": one.issued_on.isoformat(),
                "issued_at": instant(one.issued_at),
                "issued_by": one.issued_by,
                "sha256": one.sha256,
            }
            for one in found
        ]
    )


@router.get("/months/{month}")
def one_month(request: Request, who: Viewer, month: Month) -> dict[str, Any]:
    """A month's figures with their definitions: the frozen ones of an issued month, else those of now."""
    numbers = month_numbers(request, chosen_month(request, month))
    issued_on = numbers.office.issued_on
    return {
        "month": numbers.month,
        "running": numbers.is_running,
        "counted_at": instant(numbers.as_of),
        "number": numbers.office.number,
        "issued_on": issued_on.isoformat() if issued_on else None,
        "statistics": [
            {"slug": one.slug, "title": one.title, "value": one.value, "unit": one.unit, "definition": one.definition}
            | {"why_none": one.why_none, "source": one.source}
            for one in numbers.statistics
        ],
    }


@router.get("/months/{month}/notice.{form}", response_class=Response, responses=_FILE)
def notice(request: Request, who: Viewer, month: Month, form: Form) -> Response:
    """The notice as a file; ``json``: every number, of an issued month the bytes that were frozen."""
    numbers, body = notice_of(request, month, form)
    return send_notice(request, who, numbers, form, body)


@router.get("/months/{month}/units")
def units(request: Request, who: ReviewerOrUnit, month: Month, deadline: Deadline = "") -> Listed:
    """Units with problems that stand, each with what its papers list; a unit sees itself and the units below."""
    return Listed(items=[_paper_object(one) for one in papers_for(request, who, month, deadline)])


@router.get("/months/{month}/units/notice.{form}", response_class=Response, responses=_FILE)
def unit_notice(
    request: Request, who: ReviewerOrUnit, month: Month, form: PaperForm, unit: Unit, deadline: Deadline = ""
) -> Response:
    """A unit's 整改通知书 (``docx``) or 问题清单 (``xlsx``)."""
    return send_paper(request, who, papers_for(request, who, month, deadline), unit, form)


def _paper_object(paper: UnitNotice) -> dict[str, Any]:
    return {
        "unit": paper.unit,
        "month": paper.month,
        "portals": sorted({one.portal.id for one in paper.problems}),
        "violations": [one.case_id for one in paper.problems],
        "vetoes": sum(one.severity == "veto" for one in paper.problems),
        "deadline": paper.deadline.isoformat() if paper.deadline else None,
    }
