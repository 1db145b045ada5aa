"""One violation: everything that a person needs to decide, and what they decide."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import APIRouter, File, Form, HTTPException, UploadFile
from starlette.requests import Request
from starlette.responses import Response

from gkmonitor.accounts.permissions import Permission
from gkmonitor.errors import LedgerError, UsageError
from gkmonitor.evidence.dossier import gather
from gkmonitor.evidence.packs import build_pack
from gkmonitor.evidence.records import Piece
from gkmonitor.evidence.reviewing import Review, fetched_at, review, trail_of
from gkmonitor.explaining import split
from gkmonitor.ledger.policy import get_policy
from gkmonitor.ledger.records import Case, Decision, EventKind
from gkmonitor.ledger.states import EVENT_WORDS
from gkmonitor.ledger.words import event_line
from gkmonitor.office import load_choices
from gkmonitor.reports.case_wording import found_words, state_note, subject_words
from gkmonitor.reports.wording import CHECKS, safe_link
from gkmonitor.storage import audit
from gkmonitor.storage.case_queue import neighbours
from gkmonitor.storage.cases import decide
from gkmonitor.storage.rechecks import requests_of_case
from gkmonitor.web.acts import cases
from gkmonitor.web.case_filters import Given, filter_or_all, read_given
from gkmonitor.web.decisions import ACTS, Fields, desk_words, possible
from gkmonitor.web.desk import Desk, desk
from gkmonitor.web.exporting import download
from gkmonitor.web.pages import back, render
from gkmonitor.web.uploading import ACCEPT, read_files
from gkmonitor.web.views.violations import QUEUE
from gkmonitor.web.visiting import Reviewer, Viewer, Visitor

router = APIRouter()
ONE: Final = f"{QUEUE}/{{number:int}}"  # so that words after the queue's address are none of ours


@router.get(ONE)
def violation(request: Request, who: Viewer, number: int, page: int | None = None) -> Response:
    here = desk(request)
    given = _given(request.url.query)
    _require(here, who, number)
    found = review(here.database, here.evidence, number)
    with here.database.reading() as session:
        before, after = neighbours(session, filter_or_all(session, given, who.portals, here), found.case)
        requests = requests_of_case(session, found.case.portal_id, number)
    return render(
        request,
        "violation.html",
        **_shown(found, page),
        acts=possible(found.case) if who.may(Permission.REVIEW) else [],
        can_review=who.may(Permission.REVIEW),
        given=given,
        before=before,
        after=after,
        requests=requests,
        accept=ACCEPT,
    )


def _given(query: str) -> Given:
    try:
        return read_given(query)
    except LedgerError:
        return Given({})


def _require(here: Desk, who: Visitor, number: int) -> Case:
    """The case, where the visitor may see it; else 404, as for one that is not there."""
    with here.database.reading() as session:
        case = cases.visible_case(session, who, number)
    if case is None:
        raise HTTPException(404)
    return case


def _shown(found: Review, page: int | None) -> dict[str, Any]:
    case = found.case
    pages = {one.id: one for one in found.pages}
    chosen = (pages.get(page) if page is not None else None) or deciding_page(found)
    return {
        "case": case,
        "review": found,
        "basis": case.verdict.get("basis") or {},
        "looks": found.looks,
        "page": chosen,
        "picture": _picture_of(found, chosen),
        "event_line": event_line,
        "events": found.events,
        "uploads": {one.id: one for one in found.uploads},
        "dismissals": get_policy().dismissals,
        "ACTS": {kind.value: words for kind, words in ACTS.items()},
        "check_words": CHECKS.get(case.check, "人工发现" if case.check == "person" else case.check),
        "subject_words": subject_words,
        "state_note": state_note,
        "found_words": found_words,
        "safe_link": safe_link,
        "fetched_at": fetched_at,
    }


def _picture_of(found: Review, page: Piece | None) -> Piece | None:
    """The picture of this very page, else the newest."""
    own = (one for one in found.pictures if page is not None and one.details.get("page") == page.sha256)
    return next(own, found.pictures[0] if found.pictures else None)


def deciding_page(found: Review) -> Piece | None:
    """The page that the newest verdict cites, else the newest that is kept."""
    for look in found.looks:
        cited = [one.get("sha256") for one in look.observation.verdict.get("evidence", ())]
        for digest in cited:
            named = next((one for one in look.pages if one.sha256 == digest), None)
            if named is not None:
                return named
        own = next((one for one in look.pages if one.url == found.case.subject.url), None)
        if own is not None:
            return own
        if look.pages:
            return look.pages[0]
    return found.pages[0] if found.pages else None


@router.get(f"{ONE}/trail")
def trail(request: Request, who: Viewer, number: int) -> Response:
    """The decision trail, as a part that the page asks for; without scripts a page of its own."""
    here = desk(request)
    case = _require(here, who, number)
    units = load_choices(here.settings).units
    with here.database.reading() as session:
        told = trail_of(session, case, units)
    is_part = request.headers.get("hx-request") == "true"
    template = "violation_trail.html" if is_part else "violation_trail_page.html"
    if isinstance(told, str):
        return render(request, template, case=case, words=told, told=None, used=[], aside=[])
    used, aside = split(told.columns)
    return render(request, template, case=case, words="", told=told, used=used, aside=aside)


# ---------------------------------------------------------------- deciding


@router.post(f"{ONE}/decide")
def decide_one(
    request: Request,
    who: Reviewer,
    number: int,
    kind: Annotated[str, Form(max_length=40)] = "",
    version: Annotated[int, Form()] = 0,
    reason: Annotated[str, Form(max_length=60)] = "",
    note: Annotated[str, Form()] = "",
    days: Annotated[str, Form(max_length=10)] = "",
    deadline: Annotated[str, Form(max_length=10)] = "",
    document: Annotated[str, Form(max_length=500)] = "",
    last_day: Annotated[str, Form(max_length=10)] = "",
    queue: Annotated[str, Form(max_length=2000)] = "",
    files: Annotated[list[UploadFile] | None, File()] = None,
) -> Response:
    """Carries out a decision and goes on to the next case of the queue."""
    here, given = desk(request), _given(queue)
    case = _require(here, who, number)
    fields = Fields(kind, reason, note, days, deadline, document, last_day)
    try:
        with here.database.reading() as session:
            _, following = neighbours(session, filter_or_all(session, given, who.portals, here), case)
        decision = cases.decide_one(here, who, case, fields, version, read_files(files or []))
    except UsageError as error:
        return back(request, _url(number, given), error=desk_words(error))
    words = EVENT_WORDS[decision.kind]
    return back(request, _after(decision, number, following, given), message=f"问题 {number}：已登记“{words}”")


_GO_ON: Final = frozenset((EventKind.CONFIRMED, EventKind.DISMISSED, EventKind.NOTIFIED, EventKind.CLOSED))


def _after(decision: Decision, number: int, following: int | None, given: Given) -> str:
    """Where the person works on: at the next of the queue after what ends a review, else at the same case."""
    if decision.kind not in _GO_ON:
        return _url(number, given)
    if following is not None:
        return _url(following, given)
    query = given.query()
    return f"{QUEUE}?{query}" if query else QUEUE


def _url(number: int, given: Given) -> str:
    query = given.query()
    return f"{QUEUE}/{number}?{query}" if query else f"{QUEUE}/{number}"


@router.post(f"{ONE}/recheck")
def recheck(
    request: Request, who: Reviewer, number: int, queue: Annotated[str, Form(max_length=2000)] = ""
) -> Response:
    """Asks for one more look at the portal now."""
    here = desk(request)
    case = _require(here, who, number)
    is_new = cases.recheck(here, who, case)
    words = "已安排复查，结果会记入台账" if is_new else "这个网站的复查正在进行，不必重复安排"
    return back(request, _url(number, _given(queue)), message=words)


# ---------------------------------------------------------------- the evidence pack


@router.get(f"{ONE}/pack")
def pack(request: Request, who: Viewer, number: int) -> Response:
    """The masked pack, to hand over."""
    here = desk(request)
    _require(here, who, number)
    with here.database.writing() as session:
        audit.note(session, who, "pack-download", f"问题 {number}")
    return _zip(here, number, is_unmasked=False)


@router.post(f"{ONE}/pack")
def unmasked_pack(request: Request, who: Reviewer, number: int) -> Response:
    """The pack with personal numbers in it: an event of the case before it is handed out."""
    here = desk(request)
    _require(here, who, number)
    with here.database.writing() as session:
        decide(session, number, Decision(EventKind.EXPORTED, here.today), actor=who.actor, now=here.now)
        audit.note(session, who, "pack-download-unmasked", f"问题 {number}")
    return _zip(here, number, is_unmasked=True)


def _zip(here: Desk, number: int, *, is_unmasked: bool) -> Response:
    made = build_pack(gather(here.database, here.evidence, number), here.zone, is_unmasked=is_unmasked)
    name = f"问题{number}证据包{'（未遮盖）' if is_unmasked else ''}.zip"
    return download(made.data, name, "application/zip")
