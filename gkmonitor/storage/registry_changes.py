"""The history of the registry: every change is a row with who and when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from gkmonitor.registry.records import Change, ChangeKind
from gkmonitor.storage.models import PortalChangeRow


@dataclass(frozen=True, slots=True)
class By:
    """Who changes something, when, and why."""

    actor: str
    at: datetime
    reason: str | None = None


def record_change(
    session: Session,
    kind: ChangeKind,
    by: By,
    *,
    portal_id: int | None = None,
    unit_id: int | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    session.add(
        PortalChangeRow(
            portal_id=portal_id,
            unit_id=unit_id,
            at=by.at,
            actor=by.actor,
            kind=kind.value,
            before=dict(before or {}),
            after=dict(after or {}),
            reason=by.reason,
        )
    )


def history_of(session: Session, *, portal_id: int | None = None, unit_id: int | None = None) -> list[Change]:
    """The changes of one portal or one unit, oldest first."""
    column, value = (PortalChangeRow.unit_id, unit_id) if portal_id is None else (PortalChangeRow.portal_id, portal_id)
    rows = session.scalars(
        select(PortalChangeRow).where(column == value).order_by(PortalChangeRow.at, PortalChangeRow.id)
    )
    return [
        Change(
            row.id,
            row.portal_id,
            row.unit_id,
            row.at,
            row.actor,
            ChangeKind(row.kind),
            row.before,
            row.after,
            row.reason,
        )
        for row in rows
    ]
