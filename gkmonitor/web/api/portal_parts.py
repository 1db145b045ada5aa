"""What one portal's page shows below its head: columns, re-dated items, history, exemptions, delegations, contacts."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel

from gkmonitor.reports.site_json import (
    change_object,
    column_object,
    contact_object,
    exemption_object,
    redated_object,
)
from gkmonitor.storage.contacts import contacts_of
from gkmonitor.storage.exemptions import all_exemptions_of, delegations_of
from gkmonitor.storage.inspections import newest_held
from gkmonitor.storage.items import redated_items
from gkmonitor.storage.portal_pages import portal_state
from gkmonitor.storage.registry_changes import history_of
from gkmonitor.web.acts.portals import visible
from gkmonitor.web.api.shapes import Limit, Number, Skipped, Some, example, some
from gkmonitor.web.desk import desk
from gkmonitor.web.visiting import Registrar, Viewer

router = APIRouter(tags=["portals"])


class Column(BaseModel):
    """A column as the newest inspections know it; ``last_normal``: 最近一次监测正常."""

    model_config = example(
        path=["政务公开", "财政信息"],
        concept="budget",
        url="http://www.qinghe.gov.cn/cz/",
        first_seen="2026-01-05T01:00:00Z",
        last_seen="2026-11-20T01:00:00Z",
        last_read="2026-11-20T01:00:00Z",
        last_normal="2026-10-02T01:00:00Z",
        items=12,
        newest="2026-08-31",
        seen=True,
    )

    path: list[str]
    concept: str | None
    url: str
    first_seen: str
    last_seen: str
    last_read: str | None
    last_normal: str | None
    items: int | None
    newest: str | None
    seen: bool


class Redated(BaseModel):
    """An item that came to stand under a later day; ``text``: unchanged, changed or unknown."""

    model_config = example(
        column=["政务动态"],
        title="青禾县召开常务会议",
        url="http://www.qinghe.gov.cn/dt/1.html",
        first_seen="2026-10-02T01:00:00Z",
        standing=True,
        before="2026-10-01",
        after="2026-11-18",
        noticed_at="2026-11-18T14:40:00Z",
        text="unchanged",
    )

    column: list[str]
    title: str
    url: str
    first_seen: str
    standing: bool
    before: str
    after: str
    noticed_at: str
    text: str


class HeldLook(BaseModel):
    """The inspection that waits until somebody has said whether the portal was rebuilt; nulls: none waits."""

    model_config = example(inspection=418, reason="栏目与以往差别过大")

    inspection: int | None
    reason: str | None


@router.get("/portals/{number}/columns")
def columns(request: Request, who: Viewer, number: Number, after: Skipped = 0, limit: Limit = 200) -> Some[Column]:
    """Its columns with newest day and the last time that each was found in order."""
    with desk(request).database.reading() as session:
        found = portal_state(session, visible(session, who, number).id).columns
    rows = sorted(found, key=lambda one: (one.path, one.key))
    return some([Column(**column_object(one)) for one in rows], after, limit)


@router.get("/portals/{number}/redated")
def redated(request: Request, who: Viewer, number: Number, after: Skipped = 0, limit: Limit = 100) -> Some[Redated]:
    """Items whose address came to stand under a later day, the newest change first."""
    with desk(request).database.reading() as session:
        found = redated_items(session, visible(session, who, number).id)
    return some([Redated(**redated_object(one)) for one in found], after, limit)


@router.get("/portals/{number}/history")
def history(
    request: Request, who: Viewer, number: Number, after: Skipped = 0, limit: Limit = 100
) -> Some[dict[str, Any]]:
    """Changes of the entry, the newest first."""
    with desk(request).database.reading() as session:
        found = history_of(session, portal_id=visible(session, who, number).id)
    return some([change_object(one) for one in reversed(found)], after, limit)


@router.get("/portals/{number}/exemptions")
def exemptions(
    request: Request, who: Viewer, number: Number, after: Skipped = 0, limit: Limit = 100
) -> Some[dict[str, Any]]:
    """Every exemption, withdrawn ones too."""
    with desk(request).database.reading() as session:
        found = all_exemptions_of(session, visible(session, who, number).id)
    return some([exemption_object(one) for one in found], after, limit)


@router.get("/portals/{number}/delegations")
def delegations(
    request: Request, who: Viewer, number: Number, after: Skipped = 0, limit: Limit = 100
) -> Some[dict[str, Any]]:
    """Kinds of columns that it publishes elsewhere."""
    with desk(request).database.reading() as session:
        found = delegations_of(session, visible(session, who, number).id)
    return some([{"concept": one.concept, "url": one.url, "note": one.note} for one in found], after, limit)


@router.get("/portals/{number}/contacts")
def contacts(
    request: Request, who: Registrar, number: Number, after: Skipped = 0, limit: Limit = 100
) -> Some[dict[str, Any]]:
    """Whom to tell, at the portal and at its unit; for whoever keeps the registry."""
    with desk(request).database.reading() as session:
        found = contacts_of(session, visible(session, who, number).id)
    return some([contact_object(one) for one in found], after, limit)


@router.get("/portals/{number}/held")
def held(request: Request, who: Viewer, number: Number) -> HeldLook:
    """Whether it waits for somebody to say that it was rebuilt."""
    with desk(request).database.reading() as session:
        found = newest_held(session, visible(session, who, number).id)
    if found is None:
        return HeldLook(inspection=None, reason=None)
    return HeldLook(inspection=found.id, reason=found.held_reason)
