"""The audit: who did what, when and from where."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query
from starlette.requests import Request
from starlette.responses import Response

from gkmonitor.accounts.acts import ACT_NAMES, act_name, detail_words
from gkmonitor.errors import UsageError
from gkmonitor.storage import audit
from gkmonitor.storage.audit import AuditFilter
from gkmonitor.web.desk import Desk, desk
from gkmonitor.web.exporting import export
from gkmonitor.web.pages import render
from gkmonitor.web.visiting import Administrator, Visitor

router = APIRouter()
PAGE: Final = "/audit"
ROWS: Final = 50
MOST: Final = 100_000  # rows of one file


@dataclass(frozen=True, slots=True)
class Asked:
    """The list's filters as they stand in the address."""

    person: str = ""
    action: str = ""
    q: str = ""
    since: str = ""
    until: str = ""

    @property
    def query(self) -> str:
        """As in an address, without what is empty."""
        named = {"person": self.person, "action": self.action, "q": self.q, "since": self.since, "until": self.until}
        return urlencode({name: value for name, value in named.items() if value})

    def wanted(self, here: Desk) -> AuditFilter:
        last = _day(self.until)
        return AuditFilter(
            actor=self.person.strip()[:200],
            action=self.action.strip()[:60],
            words=self.q.strip()[:200],
            since=_midnight(_day(self.since), here),
            until=_midnight(last + timedelta(days=1) if last is not None and last < date.max else None, here),
        )


def asked(person: str = "", action: str = "", q: str = "", since: str = "", until: str = "") -> Asked:
    return Asked(person, action, q, since, until)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _midnight(day: date | None, here: Desk) -> datetime | None:
    """The beginning of the day in the office's time zone."""
    return datetime.combine(day, time.min, here.zone) if day is not None and 1900 <= day.year <= 9000 else None


@dataclass(frozen=True, slots=True)
class Pages:
    """For the pager: addresses of the first and the next page."""

    first: str | None
    next: str | None
    words: str


@router.get(PAGE)
def show_audit(
    request: Request,
    who: Administrator,
    given: Annotated[Asked, Depends(asked)],
    after: Annotated[int | None, Query(ge=0, lt=2**63)] = None,
    format: str = "",  # noqa: A002 - a word of the address
) -> Response:
    here = desk(request)
    if format:
        return _export(here, who, given, format)
    with here.database.reading() as session:
        found = audit.list_audit(session, given.wanted(here), before=after, limit=ROWS + 1)
        actions = audit.actions_known(session)
    rows: list[Any] = [(one, act_name(one.action), detail_words(one.details)) for one in found[:ROWS]]
    following = urlencode({"after": found[ROWS - 1].id}) if len(found) > ROWS else None
    address = f"{PAGE}?{given.query}" if given.query else PAGE
    joined = "&" if given.query else "?"
    pages = Pages(address if after else None, f"{address}{joined}{following}" if following else None, f"{len(rows)} 条")
    choices = sorted(((one, act_name(one)) for one in {*actions, *ACT_NAMES}), key=lambda pair: pair[1])
    context: dict[str, Any] = {"rows": rows, "given": given, "page": pages, "actions": choices, "address": address}
    return render(request, "audit.html", **context)


def _export(here: Desk, who: Visitor, given: Asked, form: str) -> Response:
    """Every entry that the filters let through. Raises UsageError where there are too many for one file."""
    with here.database.reading() as session:
        found = list(islice(audit.every_audit(session, given.wanted(here)), MOST + 1))
    if len(found) > MOST:
        raise UsageError(f"符合条件的记录超过 {MOST} 条，请缩小日期范围后再导出")
    rows = [
        (
            one.at.astimezone(here.zone),
            one.actor,
            act_name(one.action),
            one.target,
            detail_words(one.details),
            one.address,
        )
        for one in found
    ]
    answer = export(rows, ("时间", "账号", "操作", "对象", "详情", "来自"), form, f"审计-{here.today}")
    with here.database.writing() as session:
        audit.note(session, who, "audit-exported", "", {"count": len(rows)})
    return answer
