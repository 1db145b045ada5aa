"""Exemptions (what an office has allowed) and delegations (what is published elsewhere)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from gkmonitor.errors import RegistryError
from gkmonitor.registry.records import ChangeKind, Delegation, Exemption
from gkmonitor.storage.models import DelegationRow, ExemptionRow
from gkmonitor.storage.registry_changes import By, record_change

# ---------------------------------------------------------------- exemptions


def _exemption(row: ExemptionRow) -> Exemption:
    return Exemption(
        row.id,
        row.portal_id,
        row.rule,
        row.concept,
        tuple(row.path) if row.path is not None else None,
        row.document,
        row.first_day,
        row.last_day,
        row.allowed_by,
        row.reason,
        row.withdrawn_day,
    )


def all_exemptions_of(session: Session, portal_id: int) -> list[Exemption]:
    """Every exemption of a portal, past and withdrawn ones too, in the order of their registration."""
    rows = session.scalars(select(ExemptionRow).where(ExemptionRow.portal_id == portal_id).order_by(ExemptionRow.id))
    return [_exemption(row) for row in rows]


def exemptions_of(session: Session, portal_id: int, as_of: date) -> list[Exemption]:
    """The exemptions of a portal in force on the day judged for; one withdrawn later was in force before."""
    return [one for one in all_exemptions_of(session, portal_id) if one.holds_on(as_of)]


def exemptions_by_portal(session: Session) -> dict[int, list[Exemption]]:
    """Every exemption that was not withdrawn, by portal."""
    found: dict[int, list[Exemption]] = {}
    for row in session.scalars(
        select(ExemptionRow).where(ExemptionRow.withdrawn_day.is_(None)).order_by(ExemptionRow.id)
    ):
        found.setdefault(row.portal_id, []).append(_exemption(row))
    return found


def add_exemption(session: Session, exemption: Exemption, by: By) -> int:
    """Registers an exemption (its own ``id`` is not used); gives the id."""
    row = ExemptionRow(
        portal_id=exemption.portal_id,
        rule=exemption.rule,
        concept=exemption.concept,
        path=list(exemption.path) if exemption.path is not None else None,
        document=exemption.document,
        first_day=exemption.first_day,
        last_day=exemption.last_day,
        allowed_by=exemption.allowed_by,
        reason=exemption.reason,
        created_at=by.at,
    )
    session.add(row)
    session.flush()
    after = {**_what_is_exempt(row), "document": row.document, "allowed_by": row.allowed_by}
    record_change(session, ChangeKind.EXEMPTED, by, portal_id=row.portal_id, after=after)
    return row.id


def withdraw_exemption(session: Session, portal_id: int, exemption_id: int, day: date, by: By) -> None:
    """From ``day`` on the exemption holds no more. Raises RegistryError for one that is not this portal's."""
    row = session.get(ExemptionRow, exemption_id)
    if row is None or row.portal_id != portal_id:
        raise RegistryError(f"这个网站没有编号为 {exemption_id} 的豁免，用 gkmonitor sites show 查看")
    if row.withdrawn_day is not None:
        raise RegistryError(f"编号为 {exemption_id} 的豁免已于 {row.withdrawn_day} 撤销")
    row.withdrawn_day = day
    after = {"id": row.id, "withdrawn_day": day.isoformat()}
    record_change(
        session, ChangeKind.EXEMPTION_WITHDRAWN, by, portal_id=portal_id, before=_what_is_exempt(row), after=after
    )


def _what_is_exempt(row: ExemptionRow) -> dict[str, object]:
    return {
        "id": row.id,
        "rule": row.rule,
        "concept": row.concept,
        "path": row.path,
        "first_day": row.first_day.isoformat(),
        "last_day": row.last_day.isoformat() if row.last_day else None,
    }


# ---------------------------------------------------------------- delegations


def _delegation(row: DelegationRow) -> Delegation:
    return Delegation(row.id, row.portal_id, row.concept, row.url, row.note)


def delegations_of(session: Session, portal_id: int) -> list[Delegation]:
    """The concepts that a portal publishes elsewhere, by concept."""
    rows = session.scalars(
        select(DelegationRow).where(DelegationRow.portal_id == portal_id).order_by(DelegationRow.concept)
    )
    return [_delegation(row) for row in rows]


def delegations_by_portal(session: Session) -> dict[int, list[Delegation]]:
    """Every delegation, by portal."""
    found: dict[int, list[Delegation]] = {}
    for row in session.scalars(select(DelegationRow).order_by(DelegationRow.concept)):
        found.setdefault(row.portal_id, []).append(_delegation(row))
    return found


def set_delegation(
    session: Session, portal_id: int, concept: str, url: str | None, by: By, *, note: str | None = None
) -> bool:
    """Registers where a concept is published; whether that changed anything. A note of None leaves the one there."""
    row = session.scalar(
        select(DelegationRow).where(DelegationRow.portal_id == portal_id, DelegationRow.concept == concept)
    )
    if row is not None and row.url == url and note in (None, row.note):
        return False
    before = {"concept": concept, "url": row.url} if row is not None else {}
    if row is None:
        row = DelegationRow(portal_id=portal_id, concept=concept)
        session.add(row)
    row.url = url
    row.note = note if note is not None else row.note
    after = {"concept": concept, "url": url}
    record_change(session, ChangeKind.DELEGATED, by, portal_id=portal_id, before=before, after=after)
    session.flush()
    return True


def withdraw_delegation(session: Session, portal_id: int, concept: str, by: By) -> None:
    """Raises RegistryError when the concept is not registered as published elsewhere."""
    row = session.scalar(
        select(DelegationRow).where(DelegationRow.portal_id == portal_id, DelegationRow.concept == concept)
    )
    if row is None:
        raise RegistryError(f"这个网站没有登记“{concept}”的委托公开，用 gkmonitor sites show 查看")
    before = {"concept": concept, "url": row.url}
    session.delete(row)
    record_change(session, ChangeKind.DELEGATION_WITHDRAWN, by, portal_id=portal_id, before=before)
    session.flush()
