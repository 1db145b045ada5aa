"""Which cases stand now, confirmed and neither mended nor withdrawn."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from gkmonitor.ledger.records import State
from gkmonitor.storage.models import CaseRow

_STANDING: Final = (State.CONFIRMED.value, State.NOTIFIED.value)
_AT_ONCE: Final = 500


def standing_deadlines(session: Session, case_ids: Sequence[int]) -> dict[int, date | None]:
    """Those of the cases that stand, each with the deadline that it was given; None: none so far."""
    found: dict[int, date | None] = {}
    for start in range(0, len(case_ids), _AT_ONCE):
        asked = CaseRow.id.in_(list(case_ids[start : start + _AT_ONCE]))
        query = select(CaseRow.id, CaseRow.deadline).where(asked, CaseRow.state.in_(_STANDING))
        found.update((case_id, deadline) for case_id, deadline in session.execute(query))
    return found
