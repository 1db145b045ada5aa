"""Spot checks kept in the ledger, and past inspections looked at again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from gkmonitor.cycles.knowing import as_known_before, read_history
from gkmonitor.cycles.records import CycleKind
from gkmonitor.cycles.running import finish_cycle, settle, start_cycle
from gkmonitor.records import History, PortalFacts
from gkmonitor.storage import Database, inspections
from gkmonitor.storage.portals import find_portal

if TYPE_CHECKING:
    from gkmonitor.registry.records import PortalEntry
    from gkmonitor.settings import Settings


def keep_spot_check(
    database: Database, settings: Settings, portal: PortalEntry, facts: PortalFacts, as_of: date, *, now: datetime
) -> int:
    """Stores what a spot check saw of a registered portal, as an inspection of its own; the cycle's id."""
    cycle_id = start_cycle(
        database,
        name=f"{as_of.isoformat()}/spot/{now:%Y%m%dT%H%M%S%f}",
        kind=CycleKind.MANUAL,
        as_of=as_of,
        portal_ids=[portal.id],
        now=now,
    )
    with database.reading() as session:
        waiting = inspections.unfinished(session, cycle_id)
    for inspection in waiting:
        settle(database, settings, inspection, portal, facts, now=now)
    finish_cycle(database, cycle_id, now=now)
    return cycle_id


def recall(database: Database, settings: Settings, site: str, day: date) -> tuple[PortalFacts, History] | None:
    """What the newest inspection up to that day saw of a registered portal, and what was known besides.

    None where nothing is kept. The registry completes what the portal does not say itself, as on the day. Raises
    RegistryError when the portal is not registered.
    """
    zone = ZoneInfo(settings.timezone)
    end = datetime.combine(day, time.max, zone).astimezone(UTC)
    with database.reading() as session:
        portal = find_portal(session, site)
        found = inspections.facts_on(session, portal.id, end)
        if found is None:
            return None
        facts = inspections.load_stored_facts(session, found[0])
        history = as_known_before(read_history(session, portal.id, day), facts.observed_at)
    known = facts.site
    site_facts = replace(
        known,
        name=known.name or portal.name,
        site_id_code=known.site_id_code or portal.site_id_code,
        organizer=known.organizer or portal.organizer,
    )
    return replace(facts, site=site_facts), history
