"""Portals as the desk lists them, and what one portal's page shows. Each query names its index."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final, Literal

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from gkmonitor.cycles.records import Failure, Inspection, InspectionState
from gkmonitor.ledger.records import State
from gkmonitor.registry.records import PortalEntry
from gkmonitor.registry.words import storable
from gkmonitor.storage.inspections import get_inspection, inspections_of_portal, stored_verdicts
from gkmonitor.storage.models import (
    CaseRow,
    ColumnRow,
    CycleRow,
    InspectionRow,
    PortalRow,
    ProbeDayRow,
    UnitRow,
)
from gkmonitor.storage.overview import LIVE
from gkmonitor.storage.portals import as_entry
from gkmonitor.storage.units import unit_and_below

PAGE: Final = 50
WEEK: Final = 7  # days of the availability in the list
Sort = Literal["id", "name"]


@dataclass(frozen=True, slots=True)
class PortalFilter:
    """What somebody looks for; empty: whatever it is. ``within``: the ids that the visitor may see, None: all."""

    q: str = ""
    unit_id: int | None = None  # with the units below it
    region: str = ""
    profile: str = ""
    state: str = ""
    sort: Sort = "id"
    within: Collection[int] | None = None


@dataclass(frozen=True, slots=True)
class NewestLook:
    """The newest inspection of a portal that brought a result."""

    id: int
    observed_at: datetime
    state: InspectionState
    failure: Failure | None
    is_released: bool = False

    @property
    def is_held(self) -> bool:
        return self.state is InspectionState.HELD and not self.is_released


@dataclass(frozen=True, slots=True)
class PortalLine:
    """One row of the list. ``opened``: open cases by severity; ``up_share``: of the valid probes of the last 7 days."""

    entry: PortalEntry
    newest: NewestLook | None = None
    opened: Mapping[str, int] = field(default_factory=dict)
    suspected: int = 0
    up_share: float | None = None


@dataclass(frozen=True, slots=True)
class PortalPage:
    """A part of the list; ``after`` is what the next part begins behind, None at the end."""

    lines: tuple[PortalLine, ...]
    total: int
    after: str | None


# ---------------------------------------------------------------- the list


def list_portals(
    session: Session, wanted: PortalFilter, *, today: date, after: str | None = None, limit: int | None = PAGE
) -> PortalPage:
    """Portals in the order asked for, ``limit`` of them (None: all) behind ``after``.

    The registry has thousands of rows, so that words are looked for in all of them; everything else is asked for the
    rows of one part only.
    """
    conditions = _conditions(session, wanted)
    total = session.scalar(select(func.count()).select_from(PortalRow).where(*conditions)) or 0
    query = select(PortalRow, UnitRow.name).outerjoin(UnitRow, PortalRow.unit_id == UnitRow.id).where(*conditions)
    query = query.order_by(*((PortalRow.name, PortalRow.id) if wanted.sort == "name" else (PortalRow.id,)))
    if (behind := _behind(session, wanted.sort, after)) is not None:
        query = query.where(behind)
    if limit is not None:
        query = query.limit(limit + 1)
    entries = [as_entry(row, unit) for row, unit in session.execute(query)]
    has_more = limit is not None and len(entries) > limit
    entries = entries[:limit] if limit is not None else entries
    lines = tuple(_lines(session, entries, today))
    return PortalPage(lines, total, str(entries[-1].id) if has_more else None)


def _conditions(session: Session, wanted: PortalFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if word := storable(wanted.q):
        conditions.append(
            or_(
                PortalRow.name.contains(word, autoescape=True),
                PortalRow.url.contains(word.lower(), autoescape=True),
                PortalRow.site_id_code.startswith(word.lower(), autoescape=True),
            )
        )
    if wanted.unit_id is not None:  # index unit_id
        conditions.append(PortalRow.unit_id.in_(unit_and_below(wanted.unit_id)))
    if wanted.region:
        conditions.append(PortalRow.region == wanted.region)
    if wanted.profile:
        conditions.append(PortalRow.profile == wanted.profile)
    if wanted.state:
        conditions.append(PortalRow.state == wanted.state)
    if wanted.within is not None:
        conditions.append(PortalRow.id.in_(sorted(wanted.within)))
    return conditions


def _behind(session: Session, sort: Sort, after: str | None) -> ColumnElement[bool] | None:
    if not after or not (after.isascii() and after.isdigit() and len(after) <= 12):
        return None
    last = int(after)
    if sort == "id":
        return PortalRow.id > last
    name = session.scalar(select(PortalRow.name).where(PortalRow.id == last))
    if name is None:
        return None
    return or_(PortalRow.name > name, and_(PortalRow.name == name, PortalRow.id > last))


def _lines(session: Session, entries: Sequence[PortalEntry], today: date) -> Iterable[PortalLine]:
    for start in range(0, len(entries), 500):
        part = entries[start : start + 500]
        ids = [entry.id for entry in part]
        looks, cases, shares = newest_looks(session, ids), _cases(session, ids), _shares(session, ids, today)
        for entry in part:
            counted = cases.get(entry.id, {})
            opened = {severity: counted.get(("open", severity), 0) for severity in ("veto", "deduction")}
            suspected = sum(number for (state, _), number in counted.items() if state == "suspected")
            yield PortalLine(entry, looks.get(entry.id), opened, suspected, shares.get(entry.id))


def newest_looks(session: Session, ids: Sequence[int]) -> dict[int, NewestLook]:
    """Index portal_id, observed_at: one step back from its end for each portal."""
    newest = (
        select(InspectionRow.id)
        .where(InspectionRow.portal_id == PortalRow.id, InspectionRow.observed_at.is_not(None))
        .order_by(InspectionRow.observed_at.desc(), InspectionRow.id.desc())
        .limit(1)
        .correlate(PortalRow)
        .scalar_subquery()
    )
    chosen = select(PortalRow.id.label("portal"), newest.label("newest")).where(PortalRow.id.in_(ids)).subquery()
    query = select(
        chosen.c.portal,
        InspectionRow.id,
        InspectionRow.observed_at,
        InspectionRow.state,
        InspectionRow.failure,
        InspectionRow.released_at,
    ).join(InspectionRow, InspectionRow.id == chosen.c.newest)
    return {
        portal: NewestLook(
            look, at, InspectionState(state), Failure(failure) if failure else None, released is not None
        )
        for portal, look, at, state, failure, released in session.execute(query)
        if at is not None
    }


def _cases(session: Session, ids: Sequence[int]) -> dict[int, dict[tuple[str, str], int]]:
    """Cases that stand, by (open or suspected, severity). Index portal_id, state."""
    query = (
        select(CaseRow.portal_id, CaseRow.state, CaseRow.severity, func.count())
        .where(CaseRow.portal_id.in_(ids), CaseRow.state.in_([state.value for state in (*LIVE, State.SUSPECTED)]))
        .group_by(CaseRow.portal_id, CaseRow.state, CaseRow.severity)
    )
    found: dict[int, dict[tuple[str, str], int]] = {}
    for portal_id, state, severity, number in session.execute(query):
        word = "suspected" if state == State.SUSPECTED else "open"
        counted = found.setdefault(portal_id, {})
        counted[word, severity] = counted.get((word, severity), 0) + number
    return found


def _shares(session: Session, ids: Sequence[int], today: date) -> dict[int, float]:
    """Share of valid probes that were answered, of the last days. Unique index portal_id, day."""
    query = (
        select(
            ProbeDayRow.portal_id,
            func.sum(ProbeDayRow.up + ProbeDayRow.blocked),
            func.sum(ProbeDayRow.up + ProbeDayRow.blocked + ProbeDayRow.down),
        )
        .where(ProbeDayRow.portal_id.in_(ids), ProbeDayRow.day > today - timedelta(days=WEEK), ProbeDayRow.day <= today)
        .group_by(ProbeDayRow.portal_id)
    )
    return {portal_id: int(up) / int(valid) for portal_id, up, valid in session.execute(query) if valid}


def regions(session: Session) -> list[str]:
    """The regions that portals of the registry name."""
    query = select(PortalRow.region).where(PortalRow.region.is_not(None)).distinct().order_by(PortalRow.region)
    return [region for region in session.scalars(query) if region]


# ---------------------------------------------------------------- one portal


@dataclass(frozen=True, slots=True)
class ColumnState:
    """A column as the newest look knows it; ``is_seen``: that look met it."""

    key: str
    concept: str | None
    path: tuple[str, ...]
    url: str
    first_seen: datetime
    last_seen: datetime
    last_read: datetime | None
    last_normal: datetime | None
    items: int | None
    newest: date | None
    is_seen: bool


@dataclass(frozen=True, slots=True)
class PortalState:
    """What the newest look at a portal says: its columns and every verdict (``gkmonitor.check/1``)."""

    look: Inspection | None
    columns: tuple[ColumnState, ...] = ()
    verdicts: tuple[Mapping[str, Any], ...] = ()


def portal_state(session: Session, portal_id: int) -> PortalState:
    """Indexes portal_id, observed_at of the inspections and portal_id, column_key of the columns."""
    newest = inspections_of_portal(session, portal_id, 1)
    look = newest[0] if newest else None
    query = select(ColumnRow).where(ColumnRow.portal_id == portal_id, ColumnRow.retired_at.is_(None))
    seen_at = look.observed_at if look is not None else None
    columns = tuple(
        ColumnState(
            row.column_key,
            row.concept,
            tuple(row.path),
            row.url,
            row.first_seen,
            row.last_seen,
            row.last_read,
            row.last_normal,
            row.last_items,
            row.newest,
            seen_at is not None and row.last_seen >= seen_at,
        )
        for row in session.scalars(query)
    )
    return PortalState(look, columns, tuple(stored_verdicts(session, look.id)) if look is not None else ())


def inspection_in_cycle(session: Session, portal_id: int, cycle_name: str) -> Inspection | None:
    """A portal's inspection in the cycle of that name; None while there is none. Unique indexes of both tables."""
    query: Select[int] = (
        select(InspectionRow.id)
        .join(CycleRow, CycleRow.id == InspectionRow.cycle_id)
        .where(CycleRow.name == cycle_name, InspectionRow.portal_id == portal_id)
    )
    found = session.scalar(query)
    return get_inspection(session, found) if found is not None else None
