"""The month: its numbers with what is behind each, the notice as it would be printed, downloads, issuing."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from gkmonitor.errors import GkmonitorError, UsageError
from gkmonitor.monthly.words import month_words
from gkmonitor.reports.monthly.files import FORMATS
from gkmonitor.storage.issued import list_issued
from gkmonitor.storage.samples import list_samples
from gkmonitor.web.acts import months as acts
from gkmonitor.web.desk import desk
from gkmonitor.web.exporting import export
from gkmonitor.web.month_lists import LISTS, figure_link, list_heads, list_rows, sizes
from gkmonitor.web.months import Count, last_month, months, shown_month
from gkmonitor.web.pages import back, render
from gkmonitor.web.paging import PAGE_ROWS, Page, address, whole_number
from gkmonitor.web.papers import MEDIA, chosen_month, notice_of, send_notice
from gkmonitor.web.visiting import Issuer, Scheduler, Viewer

router = APIRouter()
PREVIEW_HEADERS: Final = {
    "Content-Security-Policy": (
        "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'self'"
    ),
    "X-Frame-Options": "SAMEORIGIN",
}
FIRST_FIGURES: Final = (
    "running",
    "checked",
    "qualified",
    "unqualified",
    "undecided",
    "qualified-rate",
    "problems",
    "vetoes",
)


@router.get("/month")
def month_page(request: Request, who: Viewer, month: str = "") -> Response:
    here = desk(request)
    chosen = chosen_month(request, month or f"{last_month(here.today):%Y-%m}")
    numbers, count = shown_month(request, chosen)
    context = month_frame(request, chosen, count)
    if numbers is None:
        return not_yet(request, chosen, count, context)
    figures = [(one, figure_link(one.slug, chosen)) for one in numbers.statistics]
    first = [(numbers.find(slug), figure_link(slug, chosen)) for slug in FIRST_FIGURES if numbers.find(slug)]
    typed = {one.slug for one in month_words().typed}
    blank = len(typed - {one.slug for one in numbers.statistics})
    context |= {"figures": figures, "first": first, "lists": sizes(numbers), "blank": blank, "typed": len(typed)}
    return render(request, "month.html", numbers=numbers, **context)


def month_frame(request: Request, month: str, count: Count | None) -> dict[str, Any]:
    """What every page of a month has: which months there are, and how this one stands."""
    here = desk(request)
    with here.database.reading() as session:
        issued = list_issued(session)
    every, day = {month, *(one.month for one in issued)}, here.today.replace(day=1)
    for _ in range(13):
        every.add(f"{day:%Y-%m}")
        day = last_month(day)
    known = next((one for one in issued if one.month == month), None)
    months_shown = [(one, one) for one in sorted(every, reverse=True)]
    return {"month": month, "months": months_shown, "issued": known, "counted": count, "formats": FORMATS}


def not_yet(request: Request, month: str, count: Count | None, context: dict[str, Any]) -> Response:
    assert count is not None
    is_running = not count.done.is_set()
    return render(request, "month_wait.html", error=count.error, is_running=is_running, **context)


@router.post("/month/{month}/count")
def count_again(request: Request, who: Viewer, month: str) -> Response:
    chosen = chosen_month(request, month)
    months(request).count(desk(request), chosen, anew=True)
    return back(request, address("/month", {"month": chosen}))


@router.get("/month/{month}/lists/{name}")
def month_list(
    request: Request,
    who: Viewer,
    month: str,
    name: str,
    indicator: str = "",
    q: str = "",
    after: str = "",
    format: str = "",  # noqa: A002 - a word of the address
) -> Response:
    chosen, words = chosen_month(request, month), q.strip()[:100]
    if name not in LISTS:
        raise UsageError(f"没有“{name[:40]}”这个清单")
    numbers, count = shown_month(request, chosen)
    context = month_frame(request, chosen, count)
    if numbers is None:
        return not_yet(request, chosen, count, context)
    rows, heads = list_rows(name, numbers, indicator, words), list_heads(name, numbers)
    if format:
        return export(rows, heads, format, f"{LISTS[name].title}-{chosen}")
    path, query = f"/month/{chosen}/lists/{name}", {"indicator": indicator, "q": words}
    start = whole_number(after)
    following = address(path, {**query, "after": start + PAGE_ROWS}) if len(rows) > start + PAGE_ROWS else None
    told = f"第 {start + 1}–{min(start + PAGE_ROWS, len(rows))} 条，共 {len(rows)} 条"
    page = Page(address(path, query) if start else None, following, told)
    title = LISTS[name].title
    if indicator:
        title += "：" + next((one.title for one in numbers.by_indicator if one.slug == indicator), indicator)
    context |= {"title": title, "heads": heads, "rows": rows[start : start + PAGE_ROWS], "page": page, "q": words}
    return render(request, "month_list.html", this=path, exporting=address(path, query), name=name, **context)


# ---------------------------------------------------------------- the notice


@router.get("/month/{month}/preview")
def preview(request: Request, who: Viewer, month: str) -> Response:
    chosen = chosen_month(request, month)
    numbers, count = shown_month(request, chosen)
    context = month_frame(request, chosen, count)
    if numbers is None:
        return not_yet(request, chosen, count, context)
    return render(request, "month_preview.html", **context)


@router.get("/month/{month}/notice.{form}")
def notice(request: Request, who: Viewer, month: str, form: str, show: str = "") -> Response:
    """The notice as a file; ``show``: its page, to stand in a frame of ours with scripts off."""
    numbers, body = notice_of(request, month, form)
    if form == "html" and show:
        return Response(body, media_type=MEDIA["html"], headers=PREVIEW_HEADERS)
    return send_notice(request, who, numbers, form, body)


@router.post("/month/{month}/recheck")
def recheck(request: Request, who: Scheduler, month: str) -> Response:
    """Everything that is about to be named is inspected again, by the service."""
    here, chosen = desk(request), chosen_month(request, month)
    target = address("/month", {"month": chosen})
    try:
        is_new = acts.recheck(here, who, chosen)
    except UsageError as error:
        return back(request, target, error=str(error))
    told = "已安排复查将要点名的网站，完成后请重新统计" if is_new else "复查已在进行"
    return back(request, target, message=told)


# ---------------------------------------------------------------- issuing


@router.get("/month/{month}/issue")
def issue_form(request: Request, who: Issuer, month: str) -> Response:
    return _issue_form(request, chosen_month(request, month))


def _issue_form(request: Request, month: str, error: str = "", status: int = 200) -> Response:
    numbers, count = shown_month(request, month)
    context = month_frame(request, month, count)
    if numbers is None:
        return not_yet(request, month, count, context)
    if count is None:
        return back(request, address("/month", {"month": month}), error=f"{month} 的通报已经印发")
    with desk(request).database.reading() as session:
        waiting = len(list_samples(session, month, only_open=True))
    first = [numbers.find(slug) for slug in FIRST_FIGURES if numbers.find(slug)]
    context |= {
        "numbers": numbers,
        "first": first,
        "waiting": waiting,
        "warnings": acts.warnings(numbers),
        "error": error,
    }
    return render(request, "month_issue.html", status=status, digest=count.digest, **context)


@router.post("/month/{month}/issue")
def issue(
    request: Request,
    who: Issuer,
    month: str,
    digest: Annotated[str, Form(max_length=64)] = "",
    number: Annotated[str, Form(max_length=100)] = "",
    sure: Annotated[str, Form(max_length=5)] = "",
) -> Response:
    """Freezes exactly the numbers that the person was shown."""
    here, chosen = desk(request), chosen_month(request, month)
    shown = shown_month(request, chosen)
    if shown[1] is None:
        return back(request, address("/month", {"month": chosen}), error=f"{chosen} 的通报已经印发")
    is_sure = sure == "yes"
    try:
        frozen = acts.issue(
            here, who, months(request), shown, month=chosen, digest=digest, number=number, is_sure=is_sure
        )
    except GkmonitorError as error:
        return _issue_form(request, chosen, str(error), 409 if is_sure else 422)
    numbered = f"，文号 {frozen.office.number}" if frozen.office.number else ""
    return back(request, address("/month", {"month": chosen}), message=f"{chosen} 的通报已印发{numbered}，数字不再改变")
