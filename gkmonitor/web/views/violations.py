"""The queue of violations: filters, saved views, decisions on several; findings by people; rechecks asked for."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import Annotated, Any, Final

from fastapi import APIRouter, File, Form, HTTPException, UploadFile
from starlette.requests import Request
from starlette.responses import Response

from gkmonitor.accounts.permissions import Permission
from gkmonitor.errors import GkmonitorError, LedgerError, RegistryError, UsageError
from gkmonitor.finding import Given as GivenFinding
from gkmonitor.ledger.policy import get_policy
from gkmonitor.ledger.records import State
from gkmonitor.registry.records import PortalEntry
from gkmonitor.reports.case_wording import CASE_HEADS, case_cells, found_words, state_note, subject_words
from gkmonitor.rules import available_packs
from gkmonitor.storage import Session, saved_views
from gkmonitor.storage.case_queue import SEARCHED, every_case, page_and_counts
from gkmonitor.storage.portals import find_portal, get_portal
from gkmonitor.storage.rechecks import waiting_requests
from gkmonitor.web import case_filters
from gkmonitor.web.acts import cases
from gkmonitor.web.case_filters import Given, filter_of, read_given
from gkmonitor.web.decisions import ACTS, Fields, desk_words
from gkmonitor.web.desk import Desk, desk
from gkmonitor.web.exporting import export
from gkmonitor.web.pages import back, render
from gkmonitor.web.uploading import ACCEPT, read_files
from gkmonitor.web.visiting import Reviewer, Viewer, Visitor

router = APIRouter()
QUEUE: Final = "/violations"
MAX_AT_ONCE: Final = 200
MAX_EXPORTED: Final = 20_000


@router.get(QUEUE)
def queue(request: Request, who: Viewer, after: str | None = None, format: str = "") -> Response:  # noqa: A002
    """The cases that the address asks for; a word that means nothing is told above the whole queue."""
    here = desk(request)
    error = None
    try:
        given = read_given(request.url.query)
        if format:
            return _exported(here, who, given, format)
        context = _listed(here, who, given, after)
    except UsageError as wrong:
        given, error = Given({}), desk_words(wrong)
        context = _listed(here, who, given, None)
    status = 400 if error else 200
    return render(request, "violations.html", status=status, error=error, given=given, **context)


def _exported(here: Desk, who: Visitor, given: Given, form: str) -> Response:
    with here.database.reading() as session:
        wanted = filter_of(session, given, who.portals, here)
        cases = list(islice(every_case(session, wanted), MAX_EXPORTED + 1))
    if len(cases) > MAX_EXPORTED:
        raise LedgerError(f"符合条件的问题超过 {MAX_EXPORTED} 个，请先缩小范围再导出")
    rows = (case_cells(case, here.zone) for case in cases)
    return export(rows, CASE_HEADS, form, f"问题-{here.today}")


def _listed(here: Desk, who: Visitor, given: Given, after: str | None) -> dict[str, Any]:
    with here.database.reading() as session:
        wanted = filter_of(session, given, who.portals, here)
        page, counts = page_and_counts(session, wanted, after)
        portal = get_portal(session, wanted.portal) if wanted.portal is not None else None
        views = saved_views.list_views(session, who.account.id)
        rules = case_filters.rule_options(session)
        waiting = len(waiting_requests(session)) if who.may(Permission.REVIEW) else 0
    return {
        "cases": page.cases,
        "counts": counts,
        "tabs": _tabs(given, counts),
        "portal": portal,
        "views": views,
        "rules": rules,
        "waiting": waiting,
        "pager": _pager(given, page.cases, after, page.after),
        "options": case_filters,
        "dismissals": get_policy().dismissals,
        "can_review": who.may(Permission.REVIEW),
        "wanted": wanted,
        "subject_words": subject_words,
        "state_note": state_note,
        "found_words": found_words,
        "searched": SEARCHED,
    }


def _tabs(given: Given, counts: Any) -> list[dict[str, Any]]:
    """One tab a state, and all of them."""
    current = State.NOTIFIED.value if given.get("overdue") else given.get("state") or State.OPEN.value
    tabs = []
    for code, words in (*case_filters.STATES, (case_filters.ANY, "全部")):
        found = [counts[State(code)]] if code != case_filters.ANY else list(counts.values())
        number, is_more = sum(one.number for one in found), any(one.is_more for one in found)
        query = given.query(state=code, overdue=None)
        tabs.append({"words": words, "code": code, "number": number, "is_more": is_more, "url": f"{QUEUE}?{query}"})
        tabs[-1]["is_current"] = code == current
    return tabs


def _pager(given: Given, cases: Sequence[Any], after: str | None, following: str | None) -> dict[str, Any]:
    words = f"本页 {len(cases)} 个" + ("" if following else "，已到末尾")
    return {
        "first": f"{QUEUE}?{given.query()}" if after else None,
        "next": f"{QUEUE}?{given.query(after=following)}" if following else None,
        "words": words,
    }


# ---------------------------------------------------------------- several at once


@router.post(f"{QUEUE}/decide")
def decide_several(
    request: Request,
    who: Reviewer,
    act: Annotated[str, Form(max_length=40)] = "",
    case: Annotated[list[str] | None, Form()] = None,
    reason: Annotated[str, Form(max_length=60)] = "",
    note: Annotated[str, Form()] = "",
    days: Annotated[str, Form(max_length=10)] = "",
    deadline: Annotated[str, Form(max_length=10)] = "",
    queue: Annotated[str, Form(max_length=2000)] = "",
) -> Response:
    """One decision on all that are chosen, or on none of them."""
    here = desk(request)
    url = _queue_url(queue)
    try:
        versions = _chosen(case or [])
        fields = Fields(act, reason, note, days, deadline)
        decision, done = cases.decide_several(here, who, list(versions), fields, versions)
    except UsageError as error:
        return back(request, url, error=desk_words(error))
    return back(request, url, message=f"{ACTS[decision.kind]}：{len(done)} 个问题")


def _chosen(marks: Sequence[str]) -> dict[int, int]:
    """Ids and the versions that the person saw, from ``id:version``. Raises LedgerError."""
    if not marks:
        raise LedgerError("没有选中任何问题，请先在列表中勾选")
    if len(marks) > MAX_AT_ONCE:
        raise LedgerError(f"一次最多处理 {MAX_AT_ONCE} 个问题")
    found: dict[int, int] = {}
    for mark in marks:
        number, _, version = mark.partition(":")
        if not (_is_number(number) and _is_number(version)):
            raise LedgerError("勾选的问题无法识别，请刷新页面后重试")
        found[int(number)] = int(version)
    return found


def _is_number(word: str) -> bool:
    return word.isascii() and word.isdigit() and len(word) <= 15


def _queue_url(query: str) -> str:
    """Back to the list as it was; only words that we know go into the address."""
    try:
        kept = read_given(query).query()
    except GkmonitorError:
        kept = ""
    return f"{QUEUE}?{kept}" if kept else QUEUE


# ---------------------------------------------------------------- saved views


@router.post(f"{QUEUE}/views")
def save_view(
    request: Request,
    who: Viewer,
    name: Annotated[str, Form(max_length=200)] = "",
    queue: Annotated[str, Form(max_length=2000)] = "",
) -> Response:
    url = _queue_url(queue)
    try:
        with desk(request).database.writing() as session:
            saved_views.save_view(session, who.account.id, name, read_given(queue).query())
    except UsageError as error:
        return back(request, url, error=str(error))
    return back(request, url, message=f"已保存视图“{name.strip()}”")


@router.post(f"{QUEUE}/views/{{view}}/remove")
def remove_view(
    request: Request, who: Viewer, view: int, queue: Annotated[str, Form(max_length=2000)] = ""
) -> Response:
    with desk(request).database.writing() as session:
        saved_views.remove_view(session, who.account.id, view)
    return back(request, _queue_url(queue), message="已删除视图")


# ---------------------------------------------------------------- findings by people


@router.get(f"{QUEUE}/new")
def new_finding(
    request: Request, who: Reviewer, portal: str = "", rule: str = "", column: str = "", concept: str = ""
) -> Response:
    return _finding_form(request, {"site": portal, "rule": rule, "column": column, "concept": concept})


@router.post(f"{QUEUE}/new")
def add(
    request: Request,
    who: Reviewer,
    site: Annotated[str, Form(max_length=2000)] = "",
    rule: Annotated[str, Form(max_length=200)] = "",
    text: Annotated[str, Form()] = "",
    severity: Annotated[str, Form(max_length=20)] = "",
    concept: Annotated[str, Form(max_length=80)] = "",
    column: Annotated[str, Form(max_length=500)] = "",
    url: Annotated[str, Form(max_length=2000)] = "",
    files: Annotated[list[UploadFile] | None, File()] = None,
) -> Response:
    """A case of its own, to be confirmed like any other; or a person's look at one that exists."""
    here = desk(request)
    wrote = {"site": site, "rule": rule, "text": text, "severity": severity, "concept": concept, "column": column}
    try:
        given = GivenFinding(text, rule.strip(), severity, concept, column, url.strip())
        case = cases.add(here, who, lambda session: _seen(session, who, site), given, read_files(files or []))
    except UsageError as error:
        return _finding_form(request, {**wrote, "url": url}, error=desk_words(error), status=400)
    return back(request, f"{QUEUE}/{case.id}", message=f"已登记为问题 {case.id}")


def _seen(session: Session, who: Visitor, site: str) -> PortalEntry:
    found = find_portal(session, site)
    if not who.sees(found.id):
        raise RegistryError("没有登记这个网站")
    return found


def _finding_form(request: Request, wrote: dict[str, str], *, error: str | None = None, status: int = 200) -> Response:
    given = dict.fromkeys(("site", "rule", "text", "severity", "concept", "column", "url"), "") | wrote
    rules = [(rule.id, rule.title) for pack in available_packs().values() for rule in pack.rules if _may_accuse(rule)]
    return render(
        request,
        "finding.html",
        status=status,
        given=given,
        rules=rules,
        options=case_filters,
        accept=ACCEPT,
        error=error,
    )


def _may_accuse(rule: Any) -> bool:
    return bool(rule.verified) and rule.severity.value != "advice"


# ---------------------------------------------------------------- rechecks that units ask for


@router.get(f"{QUEUE}/rechecks")
def rechecks(request: Request, who: Viewer) -> Response:
    with desk(request).database.reading() as session:
        waiting = [one for one in waiting_requests(session) if who.sees(one.portal_id)]
    return render(request, "rechecks.html", waiting=waiting, can_review=who.may(Permission.REVIEW))


@router.post(f"{QUEUE}/rechecks/{{number}}")
def answer_recheck(
    request: Request, who: Reviewer, number: int, outcome: Annotated[str, Form(max_length=20)] = ""
) -> Response:
    """Starts the inspection that was asked for, or refuses it."""
    if outcome not in ("start", "refuse"):
        raise HTTPException(400)
    try:
        found = cases.answer_recheck(desk(request), who, number, is_granted=outcome == "start")
    except UsageError as error:
        return back(request, f"{QUEUE}/rechecks", error=str(error))
    words = "已安排复查，结果会记入台账" if outcome == "start" else "已登记为不予安排"
    return back(request, f"{QUEUE}/rechecks", message=f"{found.site.name}：{words}")
