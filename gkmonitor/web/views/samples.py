"""Answers that the program drew for people to look at, so that its own accuracy can be stated."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from gkmonitor.errors import LedgerError
from gkmonitor.storage.month_data import require_month
from gkmonitor.storage.samples import ReviewSample, list_samples
from gkmonitor.web.acts import samples as acts
from gkmonitor.web.desk import desk
from gkmonitor.web.exporting import export
from gkmonitor.web.month_words import rule_titles
from gkmonitor.web.months import months, shown_month
from gkmonitor.web.pages import back, render
from gkmonitor.web.paging import PAGE_ROWS, Page, PathNumber, address, whole_number
from gkmonitor.web.visiting import Reviewer, Viewer

router = APIRouter()
OUTCOME_WORDS: Final = {"right": "判断正确", "wrong": "判断错误", "unclear": "看不清"}
VERDICT_WORDS: Final = {"ok": "判为正常", "violation": "判为问题"}
_HEADS: Final = ("编号", "网站", "规则", "程序的结论", "复核结果", "说明", "复核人", "复核时间", "检查编号")


@router.get("/month/{month}/samples")
def samples(
    request: Request,
    who: Viewer,
    month: str,
    verdict: str = "",
    open: str = "",  # noqa: A002 - a word of the address
    after: str = "",
    format: str = "",  # noqa: A002
) -> Response:
    here = desk(request)
    chosen = require_month(month, here.now, here.settings.timezone)
    verdict = verdict if verdict in VERDICT_WORDS else ""
    with here.database.reading() as session:
        every = list_samples(session, chosen)
    found = [one for one in every if acts.is_meant(one, verdict, is_open=open == "1")]
    if format:
        return export([_cells(one, here.zone) for one in found], _HEADS, format, f"复核样本-{chosen}")
    path, query = f"/month/{chosen}/samples", {"verdict": verdict, "open": open}
    start = whole_number(after)
    following = address(path, {**query, "after": start + PAGE_ROWS}) if len(found) > start + PAGE_ROWS else None
    page = Page(address(path, query) if start else None, following, f"共 {len(found)} 条")
    numbers, _ = shown_month(request, chosen, patience=1.0)
    done = sum(one.outcome is not None for one in every)
    context: dict[str, Any] = {"month": chosen, "page": page, "query": query, "total": len(every), "done": done}
    context |= {"rows": found[start : start + PAGE_ROWS], "outcomes": OUTCOME_WORDS, "verdicts": VERDICT_WORDS}
    context |= {"accuracy": numbers.accuracy if numbers is not None else None, "titles": rule_titles()}
    return render(request, "samples.html", this=path, exporting=address(path, query), **context)


def _cells(one: ReviewSample, zone: Any) -> list[object]:
    at = one.decided_at.astimezone(zone) if one.decided_at else None
    outcome = OUTCOME_WORDS.get(one.outcome or "", "未复核")
    said = [VERDICT_WORDS.get(one.verdict, one.verdict), outcome, one.note or "", one.decided_by or ""]
    return [one.id, one.portal_name, one.rule, *said, at, one.inspection_id]


@router.post("/month/{month}/samples/{sample}")
def decide(
    request: Request,
    who: Reviewer,
    month: str,
    sample: PathNumber,
    outcome: Annotated[str, Form(max_length=20)] = "",
    note: Annotated[str, Form(max_length=2000)] = "",
    query: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    here = desk(request)
    chosen = require_month(month, here.now, here.settings.timezone)
    target = f"/month/{chosen}/samples" + (f"?{query}" if query.replace("=", "").replace("&", "").isalnum() else "")
    try:
        acts.decide(here, who, months(request), chosen, sample, outcome, note)
    except LedgerError as error:
        return back(request, target, error=str(error))
    return back(request, target, message=f"样本 {sample} 已复核：{OUTCOME_WORDS[outcome]}")
