"""Rows of evidence: which looks deserve some, storing it in the transaction of its inspection, finding it again."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session

from gkmonitor.evidence.records import Kind, NewPiece, Piece
from gkmonitor.ledger.records import State
from gkmonitor.ledger.subjects import key_of
from gkmonitor.storage.models import CaseRow, DayRootRow, EventRow, EvidenceRow
from gkmonitor.verdicts import load_subject

CaseKey = tuple[str, str]  # rule, subject key

OBSERVATIONS_KEPT: Final = 2  # of each time that a fault comes up: what opens a case
REFRESH_DAYS: Final = 28  # a fault that stays is kept once more for each month's notice
_AGAIN: Final = frozenset((State.RECTIFIED, State.CLOSED))  # a fault seen now begins anew
_ENDED: Final = (State.RECTIFIED, State.CLOSED, State.DISMISSED)
_AT_ONCE: Final = 500  # values in one statement


def captures_wanted(
    session: Session, portal_id: int, keys: Collection[CaseKey], observed_at: datetime
) -> frozenset[CaseKey]:
    """Which accusations of this look are worth their pages: the first looks at a fault, and one look a month after."""
    rows = session.scalars(select(CaseRow).where(CaseRow.portal_id == portal_id)).all()
    last = _last_captures(session, portal_id)
    settled = {
        key
        for row in rows
        for key in _keys_of(row)
        if not _is_wanted(row, last.get(row.id), observed_at - timedelta(days=REFRESH_DAYS))
    }
    return frozenset(keys) - settled


def _is_wanted(row: CaseRow, last: datetime | None, limit: datetime) -> bool:
    if last is None or last <= limit or row.state in _AGAIN:
        return True
    return row.state == State.SUSPECTED and row.observations < OBSERVATIONS_KEPT


def _last_captures(session: Session, portal_id: int) -> dict[int, datetime]:
    query = (
        select(EvidenceRow.case_id, func.max(EvidenceRow.captured_at))
        .where(
            EvidenceRow.case_id.in_(select(CaseRow.id).where(CaseRow.portal_id == portal_id)),
            EvidenceRow.kind == Kind.ITEMS,
        )
        .group_by(EvidenceRow.case_id)
    )
    return {case_id: at for case_id, at in session.execute(query) if case_id is not None}


def _keys_of(row: CaseRow) -> set[CaseKey]:
    """The key of a case, and the key under which its newest finding saw it: another way of the menu may lead there."""
    subject = (row.verdict or {}).get("subject") or {}
    return {(row.rule, row.subject_key), (row.rule, key_of(load_subject(subject)))}


def store_pieces(
    session: Session,
    pieces: Sequence[NewPiece],
    *,
    inspection_id: int,
    portal_id: int,
    case_ids: Collection[int],
    captured_at: datetime,
    day: date,
) -> int:
    """A row for each piece and each case that it is about; how many.

    ``case_ids``: the cases that the inspection saw violated. Evidence of a day whose root is made already stands under
    the first later day that has none.
    """
    if not pieces or not case_ids:
        return 0
    cases: dict[CaseKey, set[int]] = {}
    for row in _cases(session, case_ids):
        for key in _keys_of(row):
            cases.setdefault(key, set()).add(row.id)
    open_day = first_open_day(session, day)
    rows = [
        _row(piece, case_id, inspection_id, portal_id, captured_at, open_day)
        for piece in pieces
        for case_id in sorted({case_id for key in piece.about for case_id in cases.get(key, ())})
    ]
    session.add_all(rows)
    session.flush()
    return len(rows)


def add_piece(
    session: Session,
    piece: NewPiece,
    *,
    case_id: int,
    portal_id: int,
    inspection_id: int | None,
    captured_at: datetime,
    day: date,
) -> int:
    """One more piece for one case; its id."""
    row = _row(piece, case_id, inspection_id, portal_id, captured_at, first_open_day(session, day))
    session.add(row)
    session.flush()
    return row.id


def first_open_day(session: Session, day: date) -> date:
    """The first day from ``day`` on that has no root yet."""
    closed = set(session.scalars(select(DayRootRow.day).where(DayRootRow.day >= day)))
    while day in closed:
        day += timedelta(days=1)
    return day


def _row(
    piece: NewPiece, case_id: int, inspection_id: int | None, portal_id: int, captured_at: datetime, day: date
) -> EvidenceRow:
    return EvidenceRow(
        case_id=case_id,
        inspection_id=inspection_id,
        portal_id=portal_id,
        kind=piece.kind.value,
        path=piece.path,
        byte_offset=piece.byte_offset,
        byte_length=piece.byte_length,
        sha256=piece.sha256,
        url=piece.url,
        captured_at=captured_at,
        day=day,
        details=dict(piece.details),
    )


def _cases(session: Session, case_ids: Collection[int]) -> list[CaseRow]:
    found: list[CaseRow] = []
    ids = sorted(case_ids)
    for start in range(0, len(ids), _AT_ONCE):
        found += session.scalars(select(CaseRow).where(CaseRow.id.in_(ids[start : start + _AT_ONCE])))
    return found


# ---------------------------------------------------------------- finding


def pieces_of(session: Session, case_id: int) -> list[Piece]:
    """The evidence of a case in order of its capture, uploads included."""
    query = select(EvidenceRow).where(EvidenceRow.case_id == case_id)
    return [piece_of(row) for row in session.scalars(query.order_by(EvidenceRow.captured_at, EvidenceRow.id))]


def get_piece(session: Session, evidence_id: int) -> Piece | None:
    """One piece; None where there is none of that id."""
    row = session.get(EvidenceRow, evidence_id)
    return piece_of(row) if row is not None else None


def known_paths(session: Session, paths: Iterable[str]) -> set[str]:
    """Those of the paths that a row of evidence names."""
    wanted, found = sorted(set(paths)), set[str]()
    for start in range(0, len(wanted), _AT_ONCE):
        part = wanted[start : start + _AT_ONCE]
        found |= set(session.scalars(select(EvidenceRow.path).where(EvidenceRow.path.in_(part)).distinct()))
    return found


def piece_of(row: EvidenceRow) -> Piece:
    """The record of a row."""
    return Piece(
        id=row.id,
        case_id=row.case_id,
        inspection_id=row.inspection_id,
        portal_id=row.portal_id,
        kind=row.kind,
        path=row.path,
        sha256=row.sha256,
        captured_at=row.captured_at,
        day=row.day,
        url=row.url,
        byte_offset=row.byte_offset,
        byte_length=row.byte_length,
        details=dict(row.details),
    )


# ---------------------------------------------------------------- retention


def forget_old(session: Session, before: datetime, limit: int = _AT_ONCE) -> tuple[int, set[str]]:
    """Deletes rows captured before an instant, of cases that ended before it, and of no case: (rows, their paths).

    At most ``limit`` rows, so that transactions stay short. Cases that live, are exempt or under appeal keep all.
    """
    last = select(EventRow.case_id, func.max(EventRow.at).label("at")).group_by(EventRow.case_id).subquery()
    ended = (
        select(CaseRow.id)
        .join(last, last.c.case_id == CaseRow.id)
        .where(CaseRow.state.in_([state.value for state in _ENDED]), last.c.at < before)
    )
    old = (
        select(EvidenceRow.id, EvidenceRow.path)
        .where(EvidenceRow.captured_at < before, or_(EvidenceRow.case_id.in_(ended), EvidenceRow.case_id.is_(None)))
        .order_by(EvidenceRow.id)
        .limit(limit)
    )
    rows = session.execute(old).all()
    session.execute(delete(EvidenceRow).where(EvidenceRow.id.in_([row_id for row_id, _ in rows])))
    return len(rows), {path for _, path in rows}
