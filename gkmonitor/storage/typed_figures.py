"""Figures of a month that the ledger cannot give: typed in and signed by a person. What they were before is audited."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from gkmonitor.storage.base import clean_text
from gkmonitor.storage.models import TypedFigureRow


@dataclass(frozen=True, slots=True)
class SignedFigure:
    """One figure as it stands; ``value`` as typed, never empty."""

    month: str  # 2026-11
    slug: str
    value: str
    signed_by: str
    signed_at: datetime


@dataclass(frozen=True, slots=True)
class FigureChange:
    """What signing changed: ``before`` None where it was blank, ``after`` None where it is blank now."""

    slug: str
    before: str | None
    after: str | None


def figures_of_month(session: Session, month: str) -> dict[str, SignedFigure]:
    """The figures of a month by slug; a blank one is not there."""
    rows = session.scalars(select(TypedFigureRow).where(TypedFigureRow.month == month).order_by(TypedFigureRow.slug))
    return {row.slug: SignedFigure(row.month, row.slug, row.value, row.signed_by, row.signed_at) for row in rows}


def sign_figures(
    session: Session, month: str, values: Mapping[str, str | None], *, signer: str, now: datetime
) -> list[FigureChange]:
    """Sets figures of a month, each signed by ``signer``; None or blank takes one away. What is the same stays.

    Gives what changed, for the audit, in the order of ``values``.
    """
    kept = {
        row.slug: row
        for row in session.scalars(select(TypedFigureRow).where(TypedFigureRow.month == month).with_for_update())
    }
    changes: list[FigureChange] = []
    for slug, given in values.items():
        value = clean_text(given or "").strip() or None
        row = kept.get(slug)
        before = row.value if row is not None else None
        if value == before:
            continue
        changes.append(FigureChange(slug, before, value))
        if value is None:
            session.execute(delete(TypedFigureRow).where(TypedFigureRow.month == month, TypedFigureRow.slug == slug))
        elif row is None:
            session.add(TypedFigureRow(month=month, slug=slug, value=value, signed_by=signer, signed_at=now))
        else:
            row.value, row.signed_by, row.signed_at = value, signer, now
    session.flush()
    return changes
