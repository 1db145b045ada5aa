"""A month's papers as files, for pages and programs alike: the notice in every form, and what each unit is to mend."""

from __future__ import annotations

from typing import Final

from fastapi import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from gkmonitor.accounts.permissions import Permission
from gkmonitor.errors import LedgerError, UnfinishedError, UsageError
from gkmonitor.monthly.records import MonthNumbers
from gkmonitor.reports.monthly.files import FORMATS, file_name, render
from gkmonitor.reports.notice.units import UnitNotice
from gkmonitor.storage import audit
from gkmonitor.storage.issued import issued_json, list_issued
from gkmonitor.storage.month_data import require_month
from gkmonitor.unitpapers import mending_deadline, paper_file, unit_papers
from gkmonitor.web.decisions import desk_words
from gkmonitor.web.desk import desk
from gkmonitor.web.exporting import download
from gkmonitor.web.months import last_month, shown_month
from gkmonitor.web.paging import words_of
from gkmonitor.web.visiting import Visitor

MEDIA: Final = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "html": "text/html; charset=utf-8",
    "json": "application/json",
    "pdf": "application/pdf",
}
PATIENCE_SECONDS: Final = 300.0  # a download waits for so long until a month is counted


def chosen_month(request: Request, month: str) -> str:
    """The month of an address. Raises UsageError for one that is none or still to come."""
    here = desk(request)
    return require_month(month, here.now, here.settings.timezone)


def month_numbers(request: Request, month: str) -> MonthNumbers:
    """The frozen numbers of an issued month, else those of now. Raises UsageError, UnfinishedError."""
    numbers, count = shown_month(request, month, patience=PATIENCE_SECONDS)
    if numbers is not None:
        return numbers
    if count is not None and count.error:
        raise UsageError(count.error)
    raise UnfinishedError(f"{month} 正在统计，请稍后再下载")


# ---------------------------------------------------------------- the notice


def notice_of(request: Request, month: str, form: str) -> tuple[MonthNumbers, bytes]:
    """A month's numbers and its notice in one form; an issued one's JSON as it was frozen, byte for byte.

    Raises UsageError for an unknown form, NoticeTemplateError, and OutputError where the program for a form is missing.
    """
    if form not in FORMATS:
        raise UsageError(f"没有“{form[:20]}”这种格式，可用 {'、'.join(FORMATS)}")
    here = desk(request)
    numbers = month_numbers(request, chosen_month(request, month))
    if form == "json":
        with here.database.reading() as session:
            frozen = issued_json(session, numbers.month)
        if frozen is not None:
            return numbers, frozen + b"\n"
    return numbers, render(numbers, form, here.settings)


def send_notice(request: Request, who: Visitor, numbers: MonthNumbers, form: str, body: bytes) -> Response:
    """The notice to be saved; noted in the audit."""
    is_issued = numbers.office.issued_on is not None
    with desk(request).database.writing() as session:
        audit.note(session, who, "notice-downloaded", numbers.month, {"format": form, "issued": is_issued})
    return download(body, file_name(numbers, form), MEDIA[form])


# ---------------------------------------------------------------- the units' papers


def months_for_units(request: Request) -> list[str]:
    """Months whose papers a unit may ask for, the newest first: this one, the last one, and what was issued.

    Others would have to be counted anew for it.
    """
    here = desk(request)
    with here.database.reading() as session:
        issued = {one.month for one in list_issued(session)}
    return sorted(issued | {f"{here.today:%Y-%m}", f"{last_month(here.today):%Y-%m}"}, reverse=True)


def papers_for(request: Request, who: Visitor, month: str, deadline: str = "") -> tuple[UnitNotice, ...]:
    """The papers that this visitor may have of a month: an inspector's all, a unit's own and those of units below it.

    ``deadline``: a day that an inspector gives to problems which the ledger gives none; ten working days without. A
    unit gives none: what the office has not set is still to be told. Raises UsageError, UnfinishedError.
    """
    here, chosen = desk(request), chosen_month(request, month)
    is_office = who.may(Permission.REVIEW)
    if not is_office:
        if deadline.strip():
            raise UsageError("整改期限由检查机关确定，请不要填写 deadline")
        if chosen not in months_for_units(request):
            raise UsageError(f"只提供本月、上月和已印发月份的整改通知，没有 {chosen} 的")
    try:
        day = mending_deadline(here.settings, here.today, deadline) if is_office else None
    except LedgerError as error:
        raise LedgerError(desk_words(error)) from error
    return unit_papers(here.database, month_numbers(request, chosen), day, sees=who.sees)


def send_paper(request: Request, who: Visitor, papers: tuple[UnitNotice, ...], unit: str, form: str) -> Response:
    """One unit's paper to be saved; noted in the audit. Answers 404 for a unit that has none among ``papers``."""
    found = next((one for one in papers if one.unit == unit), None)
    if found is None:
        raise HTTPException(404)
    name, body = paper_file(papers, found, form)
    details = {"unit": words_of(unit), "format": form, "problems": len(found.problems)}
    if found.deadline is not None:
        details["deadline"] = found.deadline.isoformat()
    with desk(request).database.writing() as session:
        audit.note(session, who, "unit-notice-downloaded", found.month, details)
    return download(body, name, MEDIA[form])
