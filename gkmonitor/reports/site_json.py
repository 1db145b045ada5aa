"""Parts of a portal's entry and of what it shows, as JSON: for ``sites show --json`` and the API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gkmonitor.verdicts import instant_text

if TYPE_CHECKING:
    from gkmonitor.registry.records import Change, Contact, Exemption
    from gkmonitor.storage.items import RedatedItem
    from gkmonitor.storage.portal_pages import ColumnState


def exemption_object(one: Exemption) -> dict[str, Any]:
    """What is exempt, from when to when, by which document and whom."""
    return {
        "id": one.id,
        "rule": one.rule,
        "concept": one.concept,
        "path": list(one.path) if one.path is not None else None,
        "document": one.document,
        "from": one.first_day.isoformat(),
        "to": one.last_day.isoformat() if one.last_day else None,
        "by": one.allowed_by,
        "reason": one.reason,
        "withdrawn": one.withdrawn_day.isoformat() if one.withdrawn_day else None,
    }


def contact_object(one: Contact) -> dict[str, Any]:
    """Whom to tell; ``of``: whether the contact is the portal's own or its unit's."""
    return {
        "id": one.id,
        "of": "portal" if one.portal_id is not None else "unit",
        "name": one.name,
        "channel": one.channel.value,
        "address": one.address,
    }


def change_object(change: Change) -> dict[str, Any]:
    """One change of an entry: who, when, what it was and what it became."""
    return {
        "at": change.at.isoformat(),
        "actor": change.actor,
        "kind": change.kind.value,
        "before": dict(change.before),
        "after": dict(change.after),
        "reason": change.reason,
    }


def redated_object(one: RedatedItem) -> dict[str, Any]:
    """An item that came to stand under a later day; ``text``: unchanged, changed or unknown."""
    return {
        "column": list(one.path),
        "title": one.title,
        "url": one.url,
        "first_seen": instant_text(one.first_seen),
        "standing": one.is_standing,
        "before": one.redating.before.isoformat(),
        "after": one.redating.after.isoformat(),
        "noticed_at": instant_text(one.redating.noticed_at),
        "text": one.redating.text.value,
    }


def column_object(one: ColumnState) -> dict[str, Any]:
    """A column; ``last_normal``: when it was last read and not found wanting (最近一次监测正常)."""
    return {
        "path": list(one.path),
        "concept": one.concept,
        "url": one.url,
        "first_seen": instant_text(one.first_seen),
        "last_seen": instant_text(one.last_seen),
        "last_read": instant_text(one.last_read) if one.last_read else None,
        "last_normal": instant_text(one.last_normal) if one.last_normal else None,
        "items": one.items,
        "newest": one.newest.isoformat() if one.newest else None,
        "seen": one.is_seen,
    }
