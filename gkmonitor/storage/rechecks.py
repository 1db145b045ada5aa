"""Requests for another inspection: a unit says that it has mended something, a person decides."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from gkmonitor.errors import LedgerError
from gkmonitor.ledger.records import CaseSite
from gkmonitor.storage.base import clean_text
from gkmonitor.storage.models import PortalRow, RecheckRequestRow

MAX_NOTE: Final = 2000
MAX_WAITING: Final = 20  # of one portal


class RequestState(StrEnum):
    """What became of a request."""

    WAITING = "waiting"
    DONE = "done"  # an inspection was asked for
    REFUSED = "refused"


REQUEST_WORDS: Final = {
    RequestState.WAITING: "待处理",
    RequestState.DONE: "已安排复查",
    RequestState.REFUSED: "未予安排",
}


@dataclass(frozen=True, slots=True)
class RecheckRequest:
    """One request. ``case_id`` None: for the portal as a whole; ``cycle_id``: of the inspection, once it has begun."""

    id: int
    portal_id: int
    case_id: int | None
    asked_by: str
    asked_at: datetime
    note: str
    state: RequestState
    cycle_id: int | None
    answered_at: datetime | None
    site: CaseSite

    @property
    def state_words(self) -> str:
        return REQUEST_WORDS[self.state]


def ask_for_recheck(
    session: Session, portal_id: int, case_id: int | None, note: str, *, asked_by: str, now: datetime
) -> int:
    """A new request; its id. One that waits for the same case stays the only one. Raises LedgerError."""
    words = clean_text(note).strip()
    if len(words) > MAX_NOTE:
        raise LedgerError(f"说明最长 {MAX_NOTE} 个字")
    waiting = select(RecheckRequestRow).where(
        RecheckRequestRow.portal_id == portal_id, RecheckRequestRow.state == RequestState.WAITING.value
    )
    found = session.scalars(waiting.limit(MAX_WAITING)).all()
    if any(row.case_id == case_id for row in found):
        raise LedgerError("已有一次复查申请正在等待处理，不必重复申请")
    if len(found) >= MAX_WAITING:
        raise LedgerError(f"这个网站已有 {MAX_WAITING} 次复查申请等待处理，请稍后再申请")
    row = RecheckRequestRow(
        portal_id=portal_id,
        case_id=case_id,
        asked_by=asked_by,
        asked_at=now,
        note=words,
        state=RequestState.WAITING.value,
    )
    session.add(row)
    session.flush()
    return row.id


def waiting_requests(session: Session, limit: int = 100) -> list[RecheckRequest]:
    """What waits for a person, the oldest first."""
    query = _REQUESTS.where(RecheckRequestRow.state == RequestState.WAITING.value)
    return _read(session, query.order_by(RecheckRequestRow.asked_at, RecheckRequestRow.id).limit(limit))


def requests_of(session: Session, portal_ids: Collection[int], limit: int = 100) -> list[RecheckRequest]:
    """The requests for some portals, the newest first."""
    query = _REQUESTS.where(RecheckRequestRow.portal_id.in_(sorted(portal_ids)))
    return _read(session, query.order_by(RecheckRequestRow.asked_at.desc(), RecheckRequestRow.id.desc()).limit(limit))


def requests_of_case(session: Session, portal_id: int, case_id: int) -> list[RecheckRequest]:
    """The requests about one case, the newest first."""
    query = _REQUESTS.where(RecheckRequestRow.portal_id == portal_id, RecheckRequestRow.case_id == case_id)
    return _read(session, query.order_by(RecheckRequestRow.asked_at.desc(), RecheckRequestRow.id.desc()))


def answer_request(session: Session, request_id: int, state: RequestState, *, now: datetime) -> RecheckRequest:
    """What a person decided. Raises LedgerError where there is no such request or it was answered before."""
    row = session.scalar(select(RecheckRequestRow).where(RecheckRequestRow.id == request_id).with_for_update())
    if row is None:
        raise LedgerError(f"没有编号为 {request_id} 的复查申请")
    if row.state != RequestState.WAITING.value:
        raise LedgerError("这次复查申请已经处理过了")
    row.state, row.answered_at = state.value, now
    session.flush()
    return _read(session, _REQUESTS.where(RecheckRequestRow.id == request_id))[0]


def note_cycle(session: Session, request_id: int, cycle_id: int) -> None:
    """The cycle that a request led to; nothing happens where there is no such request."""
    row = session.get(RecheckRequestRow, request_id)
    if row is not None:
        row.cycle_id = cycle_id


_REQUESTS: Final[Select[RecheckRequestRow, str, str, str | None]] = select(
    RecheckRequestRow, PortalRow.url, PortalRow.name, PortalRow.site_id_code
).join(PortalRow, RecheckRequestRow.portal_id == PortalRow.id)


def _read(session: Session, query: Select[RecheckRequestRow, str, str, str | None]) -> list[RecheckRequest]:
    return [
        RecheckRequest(
            row.id,
            row.portal_id,
            row.case_id,
            row.asked_by,
            row.asked_at,
            row.note,
            RequestState(row.state),
            row.cycle_id,
            row.answered_at,
            CaseSite(url, name, code),
        )
        for row, url, name, code in session.execute(query)
    ]
