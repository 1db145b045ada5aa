"""Cycles as lists: each with its portals by result, and the portals of one cycle a page at a time."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from gkmonitor.cycles.records import Cycle, InspectionState, SharedCause
from gkmonitor.storage.figures import result_of
from gkmonitor.storage.inspections import as_cycle
from gkmonitor.storage.models import CycleRow, InspectionRow, PortalRow

RESULTS: Final = ("ok", "permanent", "transient", "blocked", "held", "retry", "running", "waiting")


@dataclass(frozen=True, slots=True)
class CycleLine:
    """A cycle with its portals by result (``RESULTS``)."""

    cycle: Cycle
    results: Mapping[str, int]

    @property
    def portals(self) -> int:
        return sum(self.results.values())


@dataclass(frozen=True, slots=True)
class CyclePortal:
    """One portal in a cycle."""

    portal_id: int
    name: str
    url: str
    inspection_id: int
    result: str
    attempts: int
    observed_at: datetime | None
    failure_detail: str | None
    server_address: str | None
    is_released: bool  # a person has looked at what was held
    summary: Mapping[str, object] = field(default_factory=dict)


def cycle_lines(session: Session, *, before: int | None = None, kind: str = "", limit: int = 30) -> list[CycleLine]:
    """The newest cycles first, those with an id below ``before`` where one is given."""
    query = select(CycleRow).order_by(CycleRow.id.desc()).limit(limit)
    if before is not None:
        query = query.where(CycleRow.id < before)
    if kind:
        query = query.where(CycleRow.kind == kind)
    cycles = [as_cycle(row) for row in session.scalars(query)]
    results = _results(session, [one.id for one in cycles])
    return [CycleLine(one, results.get(one.id, {})) for one in cycles]


def cycle_line(session: Session, cycle_id: int) -> CycleLine | None:
    """One cycle; None when there is none of that id."""
    row = session.get(CycleRow, cycle_id)
    return CycleLine(as_cycle(row), _results(session, [cycle_id]).get(cycle_id, {})) if row is not None else None


def _results(session: Session, cycles: Collection[int]) -> dict[int, dict[str, int]]:
    query = (
        select(InspectionRow.cycle_id, InspectionRow.state, InspectionRow.failure, func.count())
        .where(InspectionRow.cycle_id.in_(list(cycles)))
        .group_by(InspectionRow.cycle_id, InspectionRow.state, InspectionRow.failure)
    )
    found: dict[int, dict[str, int]] = {}
    for cycle_id, state, failure, number in session.execute(query):
        counts = found.setdefault(cycle_id, {})
        name = result_of(InspectionState(state), failure)
        counts[name] = counts.get(name, 0) + number
    return found


def cycle_portals(
    session: Session, cycle_id: int, *, result: str = "", words: str = "", after: int = 0, limit: int = 50
) -> list[CyclePortal]:
    """Up to ``limit`` portals of a cycle whose inspection's id lies beyond ``after``."""
    query = (
        select(InspectionRow, PortalRow.name, PortalRow.url)
        .join(PortalRow, PortalRow.id == InspectionRow.portal_id)
        .where(InspectionRow.cycle_id == cycle_id, InspectionRow.id > after, *_conditions(result, words))
        .order_by(InspectionRow.id)
        .limit(limit)
    )
    return [_portal(row, name, url) for row, name, url in session.execute(query)]


def _conditions(result: str, words: str) -> Iterator[ColumnElement[bool]]:
    states = {"held": "held", "retry": "failed", "running": "running", "waiting": "waiting"}
    if result in states:
        yield InspectionRow.state == states[result]
    elif result == "ok":
        yield InspectionRow.state == "done"
        yield InspectionRow.failure.is_(None)
    elif result:
        yield InspectionRow.state == "done"
        yield InspectionRow.failure == result
    if words:
        yield or_(*(column.icontains(words, autoescape=True) for column in (PortalRow.name, PortalRow.url)))


def _portal(row: InspectionRow, name: str, url: str) -> CyclePortal:
    return CyclePortal(
        row.portal_id,
        name,
        url,
        row.id,
        result_of(InspectionState(row.state), row.failure),
        row.attempts,
        row.observed_at,
        row.failure_detail,
        row.server_address,
        row.released_at is not None,
        dict(row.summary),
    )


def shared_causes_of(cycle: Cycle) -> tuple[SharedCause, ...]:
    """Those that were counted when the cycle was closed; none of one that still runs."""
    kept = cycle.counts.get("shared_causes")
    rows = kept if isinstance(kept, list) else []
    return tuple(SharedCause(str(one["server_address"]), tuple(one["portals"])) for one in rows)


def portal_names(session: Session, ids: Collection[int]) -> dict[int, str]:
    """Names by id, for a few portals."""
    query = select(PortalRow.id, PortalRow.name).where(PortalRow.id.in_(list(ids)))
    return {portal_id: name for portal_id, name in session.execute(query)}  # noqa: C416 - rows are no pairs to mypy
