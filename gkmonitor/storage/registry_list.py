"""The registry as a list: searched, filtered, a page at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from gkmonitor.registry.records import PortalEntry
from gkmonitor.storage.models import PortalRow, UnitRow
from gkmonitor.storage.portals import as_entry
from gkmonitor.storage.units import unit_and_below


@dataclass(frozen=True, slots=True)
class RegistryFilter:
    """Which portals; empty words ask nothing."""

    words: str = ""  # in the name, address, site code or organizer
    state: str = ""
    level: str = ""
    profile: str = ""
    region: str = ""
    unit: int | None = None  # with the units below it


def registry_page(session: Session, chosen: RegistryFilter, *, after: int = 0, limit: int = 50) -> list[PortalEntry]:
    """Up to ``limit`` entries whose id lies beyond ``after``, in the order of their ids."""
    query = select(PortalRow, UnitRow.name).outerjoin(UnitRow, PortalRow.unit_id == UnitRow.id)
    query = query.where(PortalRow.id > after, *_conditions(session, chosen)).order_by(PortalRow.id)
    return [as_entry(row, unit) for row, unit in session.execute(query.limit(limit))]


def count_registry(session: Session, chosen: RegistryFilter) -> dict[str, int]:
    """Entries by state under the filter; the filter's own state does not count here."""
    conditions = _conditions(session, chosen, with_state=False)
    query = select(PortalRow.state, func.count()).where(*conditions).group_by(PortalRow.state)
    return {state: number for state, number in session.execute(query)}  # noqa: C416 - rows are no pairs to mypy


def regions(session: Session) -> list[str]:
    """Every region that is named, in order."""
    query = select(PortalRow.region).where(PortalRow.region.is_not(None)).distinct().order_by(PortalRow.region)
    return [region for region in session.scalars(query) if region]


def _conditions(session: Session, chosen: RegistryFilter, *, with_state: bool = True) -> list[ColumnElement[bool]]:
    return list(_each_condition(session, chosen, with_state))


def _each_condition(session: Session, chosen: RegistryFilter, with_state: bool) -> Iterator[ColumnElement[bool]]:
    if chosen.state and with_state:
        yield PortalRow.state == chosen.state
    if chosen.level:
        yield PortalRow.level == chosen.level
    if chosen.profile:
        yield PortalRow.profile == chosen.profile
    if chosen.region:
        yield PortalRow.region == chosen.region
    if chosen.unit is not None:
        yield PortalRow.unit_id.in_(unit_and_below(chosen.unit))
    if chosen.words:
        columns = (PortalRow.name, PortalRow.url, PortalRow.site_id_code, PortalRow.organizer)
        yield or_(*(column.icontains(chosen.words, autoescape=True) for column in columns))
