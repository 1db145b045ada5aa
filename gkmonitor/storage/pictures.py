"""Which pages are to be pictured."""

from __future__ import annotations

from typing import Final

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, aliased

from gkmonitor.evidence.records import Kind, Piece
from gkmonitor.ledger.records import State
from gkmonitor.records import Severity
from gkmonitor.storage.evidence import piece_of
from gkmonitor.storage.models import CaseRow, EvidenceRow

_CONFIRMED: Final = (State.CONFIRMED.value, State.NOTIFIED.value, State.APPEALED.value)
_ENDED: Final = (State.RECTIFIED.value, State.CLOSED.value, State.DISMISSED.value)


def pages_to_picture(session: Session, *, is_all: bool, limit: int) -> list[tuple[int, Piece]]:
    """Case id and page for each case that is to have a picture of its newest evidence and has none, newest first.

    ``is_all``: every living case; else vetoes, and what a person has confirmed. The page is the one that the newest
    finding cites first, else the first that was kept.
    """
    weighty = or_(CaseRow.severity == Severity.VETO, CaseRow.state.in_(_CONFIRMED))
    picture = aliased(EvidenceRow)
    pictured = and_(
        picture.case_id == EvidenceRow.case_id,
        picture.inspection_id == EvidenceRow.inspection_id,
        picture.kind == Kind.SCREENSHOT,
    )
    query = (
        select(EvidenceRow, CaseRow)
        .join(CaseRow, CaseRow.id == EvidenceRow.case_id)
        .where(
            EvidenceRow.kind == Kind.PAGE, CaseRow.state.not_in(_ENDED), ~select(picture.id).where(pictured).exists()
        )
        .order_by(EvidenceRow.case_id.desc(), EvidenceRow.inspection_id.desc(), EvidenceRow.id)
    )
    if not is_all:
        query = query.where(weighty)
    found: dict[int, tuple[EvidenceRow, CaseRow]] = {}
    for row, case in session.execute(query.execution_options(yield_per=200)):
        if case.id not in found and len(found) >= limit:
            break
        known = found.get(case.id)
        if known is None or (known[0].inspection_id == row.inspection_id and _cited(case) == row.sha256):
            found[case.id] = (row, case)
    return [(case.id, piece_of(row)) for row, case in found.values() if _is_newest(session, row)]


def _cited(case: CaseRow) -> str | None:
    evidence = (case.verdict or {}).get("evidence") or []
    return evidence[0].get("sha256") if evidence else None


def _is_newest(session: Session, row: EvidenceRow) -> bool:
    """Whether no later look at the case has pages of its own: only the newest one is pictured."""
    later = select(EvidenceRow.id).where(
        EvidenceRow.case_id == row.case_id,
        EvidenceRow.kind == Kind.PAGE,
        EvidenceRow.inspection_id > row.inspection_id,
    )
    return session.scalar(later.limit(1)) is None
