"""Notices as they were issued: the figures frozen as canonical JSON, so that a reissue prints the same ones."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from gkmonitor.errors import LedgerError, StorageError
from gkmonitor.monthly.following import past_of
from gkmonitor.monthly.inputs import PastMonth
from gkmonitor.monthly.plain import load_numbers, month_json
from gkmonitor.monthly.records import MonthNumbers
from gkmonitor.records import Severity
from gkmonitor.storage.models import IssuedReportRow

if TYPE_CHECKING:
    from gkmonitor.settings import Settings

_MAX_NUMBER: Final = 100


@dataclass(frozen=True, slots=True)
class Issued:
    """One issued notice, without its figures."""

    id: int
    month: str
    number: str
    title: str
    issued_on: date
    issued_at: datetime
    issued_by: str
    sha256: str
    replaces: int | None


def issue_month(
    session: Session,
    settings: Settings,
    numbers: MonthNumbers,
    *,
    actor: str,
    today: date,
    now: datetime,
    number: str | None = None,
) -> MonthNumbers:
    """Freezes a month's numbers under a number and today's date; gives them as they are frozen.

    ``number``: the 发文字号; without it the next one by the office's form, else none is printed. Raises LedgerError
    when the month is not over, nothing was inspected in it, it is issued already, or the number is taken.
    """
    if session.get_bind().dialect.name == "postgresql":  # of two who issue at once the second one waits and is told
        session.execute(text("LOCK TABLE issued_reports IN SHARE ROW EXCLUSIVE MODE"))
    if numbers.is_running:
        raise LedgerError(f"{numbers.month} 还没有结束，不能印发；可以先不带 --issue 查看到目前为止的数字")
    if not numbers.value("checked"):
        raise LedgerError(f"{numbers.month} 没有完成检查的网站，没有可以印发的内容")
    if (known := find_issued(session, numbers.month)) is not None:
        raise LedgerError(
            f"{numbers.month} 的通报已于 {known.issued_on} 印发（{known.number}），再次生成时按印发的数字"
        )
    chosen = (number or "").strip() or _next_number(session, settings, numbers.month, today)
    if len(chosen) > _MAX_NUMBER:
        raise LedgerError(f"发文字号最长 {_MAX_NUMBER} 个字符")
    taken = session.scalar(select(IssuedReportRow.month).where(IssuedReportRow.number == chosen).limit(1))
    if taken is not None:
        raise LedgerError(f"发文字号“{chosen}”已用于 {taken} 的通报，请换一个")
    shown = chosen if number or settings.notice_number_form else None  # without a form the notice bears no number
    frozen = replace(numbers, office=replace(numbers.office, number=shown, issued_on=today))
    body = month_json(frozen)
    session.add(
        IssuedReportRow(
            month=frozen.month,
            number=chosen,
            title=frozen.office.title[:300],
            issued_on=today,
            issued_at=now,
            issued_by=actor,
            body=zlib.compress(body, 6),
            sha256=hashlib.sha256(body).hexdigest(),
        )
    )
    session.flush()
    return frozen


def _next_number(session: Session, settings: Settings, month: str, today: date) -> str:
    if not settings.notice_number_form:
        return month
    of_year = (
        IssuedReportRow.issued_on >= date(today.year, 1, 1),
        IssuedReportRow.issued_on < date(today.year + 1, 1, 1),
    )
    count = session.scalar(select(func.count()).select_from(IssuedReportRow).where(*of_year)) or 0
    return settings.notice_number_form.format(year=today.year, number=count + 1)


# ---------------------------------------------------------------- reading


def find_issued(session: Session, month: str) -> Issued | None:
    """The notice of a month as it was issued last; None where none was."""
    query = select(IssuedReportRow).where(IssuedReportRow.month == month)
    row = session.scalar(query.order_by(IssuedReportRow.id.desc()).limit(1))
    return _issued(row) if row is not None else None


def list_issued(session: Session) -> list[Issued]:
    """Every issued notice, the newest month first."""
    columns = [getattr(IssuedReportRow, name) for name in Issued.__slots__]
    rows = session.execute(select(*columns).order_by(IssuedReportRow.month.desc(), IssuedReportRow.id.desc()))
    return [Issued(*row) for row in rows]


def _issued(row: IssuedReportRow) -> Issued:
    return Issued(*(getattr(row, name) for name in Issued.__slots__))


def issued_json(session: Session, month: str) -> bytes | None:
    """The frozen JSON of a month, byte for byte; None where none was issued.

    Raises StorageError when it is not what was frozen.
    """
    query = select(IssuedReportRow.body, IssuedReportRow.sha256).where(IssuedReportRow.month == month)
    found = session.execute(query.order_by(IssuedReportRow.id.desc()).limit(1)).first()
    if found is None:
        return None
    try:
        body = zlib.decompress(found[0])
    except zlib.error as error:
        raise StorageError(f"{month} 已印发通报的数据已损坏，请从备份恢复") from error
    if hashlib.sha256(body).hexdigest() != found[1]:
        raise StorageError(f"{month} 已印发通报的数据与印发时的摘要不符，请从备份恢复")
    return body


def issued_of(session: Session, month: str) -> MonthNumbers | None:
    """The numbers of a month as they were issued; None where none was."""
    body = issued_json(session, month)
    return load_numbers(body) if body is not None else None


def past_months(session: Session, months: Sequence[str], void: Collection[int]) -> tuple[PastMonth, ...]:
    """What is remembered of issued months, the newest first; ``months`` from the newest back.

    The month before and the one a year ago are always read. Of those between only the ones are that may need a
    correction: some case is void, or the trend of the newest does not know them.
    """
    issued = set(session.scalars(select(IssuedReportRow.month).where(IssuedReportRow.month.in_(list(months)))))
    found: list[PastMonth] = []
    known: set[str] = set()
    for month in months:
        if month not in issued:
            continue
        is_needed = month in (months[0], months[-1]) or bool(void) or month not in known
        if is_needed and (numbers := issued_of(session, month)) is not None:
            past = past_of(numbers)
            found.append(past if month == months[0] else _for_corrections(past, void))
            known |= {point.month for point in past.trend if point.problems is not None}
    return tuple(found)


def _for_corrections(past: PastMonth, void: Collection[int]) -> PastMonth:
    """Without the problems that no correction can concern: a dozen months of them are many."""
    kept = tuple(one for one in past.problems if one.severity == Severity.VETO or one.case_id in void)
    return replace(past, problems=kept, named={})
