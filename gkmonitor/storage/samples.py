"""What is drawn each month for a person to look at, so that the monitor's own accuracy can be stated."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from gkmonitor.errors import LedgerError
from gkmonitor.ledger.records import EventKind, State
from gkmonitor.monthly.estimating import draw_samples
from gkmonitor.monthly.inputs import PortalMonth, Sample
from gkmonitor.monthly.words import month_words
from gkmonitor.storage.models import CaseRow, EventRow, PortalRow, ReviewSampleRow
from gkmonitor.storage.upserting import insert_missing

OUTCOMES: Final = ("right", "wrong", "unclear")
_KEY: Final = ("month", "portal_id", "rule", "subject_key")


@dataclass(frozen=True, slots=True)
class ReviewSample:
    """One answer that waits for a person, or has been looked at."""

    id: int
    month: str
    portal_id: int
    portal_name: str
    rule: str
    subject_key: str
    verdict: str  # ok, violation
    inspection_id: int
    outcome: str | None  # right, wrong, unclear
    note: str | None
    decided_by: str | None
    decided_at: datetime | None


def draw_month(session: Session, month: str, portals: Iterable[PortalMonth], now: datetime) -> int:
    """Draws the month's samples: all vetoes, and passes at random; how many were added.

    A second call adds vetoes that came since and no passes.
    """
    drawn = draw_samples(month, portals, month_words().sampled_passes)
    has_passes = ReviewSampleRow.month == month, ReviewSampleRow.verdict == "ok"
    if session.scalar(select(ReviewSampleRow.id).where(*has_passes).limit(1)) is not None:
        drawn = [one for one in drawn if one.verdict == "violation"]
    rows = [
        {
            "month": month,
            "portal_id": one.portal_id,
            "rule": one.rule,
            "subject_key": one.subject_key,
            "verdict": one.verdict,
            "inspection_id": one.inspection_id,
            "drawn_at": now,
        }
        for one in drawn
    ]
    return insert_missing(session, ReviewSampleRow, rows, _KEY)


def month_samples(session: Session, month: str) -> tuple[Sample, ...]:
    """The month's samples with their outcomes; what people decided on a veto's case is its review."""
    columns = (ReviewSampleRow.portal_id, ReviewSampleRow.rule, ReviewSampleRow.subject_key)
    query = select(*columns, ReviewSampleRow.verdict, ReviewSampleRow.inspection_id, ReviewSampleRow.outcome)
    rows = session.execute(query.where(ReviewSampleRow.month == month).order_by(ReviewSampleRow.id))
    samples = [_record(row) for row in rows]
    open_vetoes = [(s.portal_id, s.rule, s.subject_key) for s in samples if s.verdict == "violation" and not s.outcome]
    decided = _decided(session, open_vetoes)
    return tuple(
        replace(one, outcome=decided.get((one.portal_id, one.rule, one.subject_key), one.outcome)) for one in samples
    )


def _record(row: Sequence[Any]) -> Sample:
    return Sample(*row)


def _decided(session: Session, keys: Sequence[tuple[int, str, str]]) -> dict[tuple[int, str, str], Any]:
    """Whether people found these accusations right or wrong; those that nobody has decided on are left out."""
    found: dict[tuple[int, str, str], Any] = {}
    identity = (CaseRow.portal_id, CaseRow.rule, CaseRow.subject_key)
    ever = select(EventRow.id).where(EventRow.case_id == CaseRow.id, EventRow.kind == EventKind.CONFIRMED.value)
    for start in range(0, len(keys), 300):
        chosen = tuple_(*identity).in_(list(keys[start : start + 300]))
        query = select(*identity, CaseRow.state, ever.exists()).where(chosen)
        for portal_id, rule, key, state, was_confirmed in session.execute(query):
            if state == State.DISMISSED:
                found[(portal_id, rule, key)] = "wrong"
            elif was_confirmed:
                found[(portal_id, rule, key)] = "right"
    return found


def list_samples(session: Session, month: str, *, only_open: bool = False) -> list[ReviewSample]:
    """The month's samples, vetoes first."""
    query = select(ReviewSampleRow, PortalRow.name).join(PortalRow, PortalRow.id == ReviewSampleRow.portal_id)
    query = query.where(ReviewSampleRow.month == month)
    if only_open:
        query = query.where(ReviewSampleRow.outcome.is_(None))
    rows = session.execute(query.order_by(ReviewSampleRow.verdict.desc(), ReviewSampleRow.id))
    return [_sample(row, name) for row, name in rows]


def review(
    session: Session, sample_id: int, *, outcome: str, note: str | None, actor: str, now: datetime
) -> ReviewSample:
    """What a person found on looking: whether the program's answer was right. May be changed later.

    Raises LedgerError for an unknown sample or outcome.
    """
    if outcome not in OUTCOMES:
        raise LedgerError(f"复核结果“{outcome}”不对，可以写：{'、'.join(OUTCOMES)}")
    row = session.get(ReviewSampleRow, sample_id)
    if row is None:
        raise LedgerError(f"没有编号为 {sample_id} 的复核样本")
    row.outcome, row.note, row.decided_by, row.decided_at = outcome, note, actor.strip(), now
    session.flush()
    return _sample(row, session.get_one(PortalRow, row.portal_id).name)


def _sample(row: ReviewSampleRow, name: str) -> ReviewSample:
    return ReviewSample(
        row.id,
        row.month,
        row.portal_id,
        name,
        row.rule,
        row.subject_key,
        row.verdict,
        row.inspection_id,
        row.outcome,
        row.note,
        row.decided_by,
        row.decided_at,
    )
