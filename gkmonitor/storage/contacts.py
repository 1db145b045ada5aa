"""Whom to tell about a portal or a unit. Addresses never enter the history."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from gkmonitor.errors import RegistryError
from gkmonitor.registry.records import ChangeKind, Channel, Contact
from gkmonitor.storage.models import ContactRow, PortalRow
from gkmonitor.storage.registry_changes import By, record_change
from gkmonitor.storage.units import ancestors_of


def _contact(row: ContactRow) -> Contact:
    return Contact(row.id, row.portal_id, row.unit_id, row.name, Channel(row.channel), row.address, row.preferences)


def contacts_of(session: Session, portal_id: int) -> list[Contact]:
    """The portal's own contacts, then those of its unit and of the units above, nearest first."""
    own = session.scalars(select(ContactRow).where(ContactRow.portal_id == portal_id).order_by(ContactRow.id))
    found = [_contact(row) for row in own]
    unit_id = session.scalar(select(PortalRow.unit_id).where(PortalRow.id == portal_id))
    for one in ancestors_of(session, unit_id):
        found += contacts_of_unit(session, one)
    return found


def contacts_of_unit(session: Session, unit_id: int) -> list[Contact]:
    """The unit's own contacts."""
    rows = session.scalars(select(ContactRow).where(ContactRow.unit_id == unit_id).order_by(ContactRow.id))
    return [_contact(row) for row in rows]


def office_contact(session: Session, channel: Channel) -> Contact:
    """The office itself on that channel: a contact of no portal and no unit; its address is a setting."""
    query = select(ContactRow).where(
        ContactRow.portal_id.is_(None), ContactRow.unit_id.is_(None), ContactRow.channel == channel.value
    )
    row = session.scalars(query.order_by(ContactRow.id).limit(1)).first()
    if row is None:
        row = ContactRow(channel=channel.value, address="", preferences={})
        session.add(row)
        session.flush()
    return _contact(row)


def contacts_by_portal(session: Session) -> dict[int, list[Contact]]:
    """The contacts that portals have of their own."""
    found: dict[int, list[Contact]] = {}
    for row in session.scalars(select(ContactRow).where(ContactRow.portal_id.is_not(None)).order_by(ContactRow.id)):
        found.setdefault(int(row.portal_id or 0), []).append(_contact(row))
    return found


def add_contact(
    session: Session,
    *,
    name: str | None,
    channel: Channel,
    address: str,
    by: By,
    portal_id: int | None = None,
    unit_id: int | None = None,
    preferences: Mapping[str, Any] | None = None,
) -> int:
    """Adds a contact to a portal or to a unit; gives the id. Raises RegistryError for one that is there already."""
    same = select(ContactRow.id).where(
        ContactRow.portal_id == portal_id if portal_id is not None else ContactRow.portal_id.is_(None),
        ContactRow.unit_id == unit_id if unit_id is not None else ContactRow.unit_id.is_(None),
        ContactRow.channel == channel.value,
        ContactRow.address == address,
    )
    if (known := session.scalar(same)) is not None:
        raise RegistryError(f"已有同样的联系方式（编号 {known}）")
    row = ContactRow(
        portal_id=portal_id,
        unit_id=unit_id,
        name=name,
        channel=channel.value,
        address=address,
        preferences=dict(preferences or {}),
    )
    session.add(row)
    session.flush()
    after = {"id": row.id, "channel": channel.value}
    record_change(session, ChangeKind.CONTACT_ADDED, by, portal_id=portal_id, unit_id=unit_id, after=after)
    return row.id


def remove_contact(session: Session, contact_id: int, by: By) -> None:
    """Raises RegistryError when there is no such contact."""
    row = session.get(ContactRow, contact_id)
    if row is None:
        raise RegistryError(f"没有编号为 {contact_id} 的联系人，用 gkmonitor sites contact list 查看")
    before = {"id": row.id, "channel": row.channel}
    record_change(session, ChangeKind.CONTACT_REMOVED, by, portal_id=row.portal_id, unit_id=row.unit_id, before=before)
    session.delete(row)
    session.flush()
