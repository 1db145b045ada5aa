"""The newest inspections of a span of time whose facts are kept: what can be judged again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gkmonitor.storage.models import InspectionRow, PortalRow


@dataclass(frozen=True, slots=True)
class NewestLook:
    """A portal's newest inspection of the span."""

    portal_id: int
    inspection_id: int
    facts_id: int
    as_of: date
    observed_at: datetime


def newest_looks(session: Session, since: datetime, until: datetime, *, after: int = 0, limit: int) -> list[NewestLook]:
    """Of up to ``limit`` portals beyond the id ``after``, in the order of their ids: since <= observed < until."""
    is_meant = (InspectionRow.observed_at >= since, InspectionRow.observed_at < until)
    newest = (
        select(InspectionRow.id)
        .where(InspectionRow.portal_id == PortalRow.id, *is_meant, InspectionRow.facts_id.is_not(None))
        .order_by(InspectionRow.observed_at.desc(), InspectionRow.id.desc())
        .limit(1)
        .correlate(PortalRow)
        .scalar_subquery()
    )
    query = (
        select(PortalRow.id, InspectionRow.id, InspectionRow.facts_id, InspectionRow.as_of, InspectionRow.observed_at)
        .join(InspectionRow, InspectionRow.id == newest)
        .where(PortalRow.id > after)
        .order_by(PortalRow.id)
        .limit(limit)
    )
    return [
        NewestLook(portal, look, facts_id, as_of, at)
        for portal, look, facts_id, as_of, at in session.execute(query)
        if facts_id is not None and at is not None
    ]


def count_looked_at(session: Session, since: datetime, until: datetime) -> int:
    """Portals that have such an inspection."""
    query = select(func.count(InspectionRow.portal_id.distinct())).where(
        InspectionRow.observed_at >= since, InspectionRow.observed_at < until, InspectionRow.facts_id.is_not(None)
    )
    return session.scalar(query) or 0


def count_inspected(session: Session, since: datetime, until: datetime) -> int:
    """Portals that were inspected then, whether or not what was seen is still kept."""
    query = select(func.count(InspectionRow.portal_id.distinct())).where(
        InspectionRow.observed_at >= since, InspectionRow.observed_at < until
    )
    return session.scalar(query) or 0
