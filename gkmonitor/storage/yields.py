"""What inspections brought home, portal by portal: whether one yields far less than usual."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gkmonitor.cycles.health import CycleOutcome, Limits, Yield, YieldDrop, find_yield_drop
from gkmonitor.cycles.records import CycleKind, InspectionState
from gkmonitor.storage.models import CycleRow, InspectionRow, PortalRow

LOOK_BACK: Final = timedelta(days=90)  # inspections older than this say nothing about what is usual
PART: Final = 500  # portals of one query
_NOTE: Final = "yield_drops"  # in a cycle's counts


def finished_cycles(session: Session, limit: int) -> list[CycleOutcome]:
    """The newest finished cycles over the registry, the newest first, with what became of their portals."""
    return [
        CycleOutcome(
            row.id,
            row.name,
            int(row.counts.get("inspected", 0)),
            sum(row.counts.get("failed", {}).values()),
            tuple((one["server_address"], len(one["portals"])) for one in row.counts.get("shared_causes", ())),
        )
        for row in session.scalars(_FINISHED.limit(limit))
    ]


def last_finished_at(session: Session) -> datetime | None:
    """When the newest cycle over the registry was finished."""
    row = session.scalars(_FINISHED.limit(1)).first()
    return row.finished_at if row is not None else None


_FINISHED: Final = (
    select(CycleRow)
    .where(CycleRow.kind == CycleKind.REGULAR.value, CycleRow.finished_at.is_not(None))
    .order_by(CycleRow.finished_at.desc(), CycleRow.id.desc())
)


def find_yield_drops(session: Session, cycle_id: int, limits: Limits) -> list[YieldDrop]:
    """The portals of a cycle that were inspected with success and brought far less than usual.

    Held and failed ones are told as such already.
    """
    query = select(InspectionRow.portal_id, InspectionRow.observed_at, InspectionRow.summary).where(
        InspectionRow.cycle_id == cycle_id, *_SUCCESSFUL
    )
    newest = {portal_id: (at, summary) for portal_id, at, summary in session.execute(query) if at is not None}
    if not newest:
        return []
    since = min(at for at, _ in newest.values()) - LOOK_BACK
    drops = []
    for portal_ids in _parts(sorted(newest)):
        earlier = _earlier_yields(session, cycle_id, portal_ids, since, limits.yield_history)
        for portal_id in portal_ids:
            known = earlier.get(portal_id, [])
            drop = find_yield_drop(portal_id, _yield_of(newest[portal_id][1]), known, limits)
            drops += [drop] if drop is not None else []
    return drops


_SUCCESSFUL: Final = (
    InspectionRow.state == InspectionState.DONE.value,
    InspectionRow.failure.is_(None),
    InspectionRow.observed_at.is_not(None),
)


def _earlier_yields(
    session: Session, cycle_id: int, portal_ids: Sequence[int], since: datetime, number: int
) -> dict[int, list[Yield]]:
    """The last ``number`` successful inspections of each portal before that cycle's, the newest first."""
    rank = func.row_number().over(
        partition_by=InspectionRow.portal_id, order_by=(InspectionRow.observed_at.desc(), InspectionRow.id.desc())
    )
    ranked = (
        select(InspectionRow.id, rank.label("rank"))
        .where(
            InspectionRow.portal_id.in_(portal_ids),
            InspectionRow.observed_at >= since,
            InspectionRow.cycle_id < cycle_id,
            *_SUCCESSFUL,
        )
        .subquery()
    )
    query = (
        select(InspectionRow.portal_id, InspectionRow.summary)
        .join(ranked, ranked.c.id == InspectionRow.id)
        .where(ranked.c.rank <= number)
        .order_by(InspectionRow.portal_id, ranked.c.rank)
    )
    found: dict[int, list[Yield]] = {}
    for portal_id, summary in session.execute(query):
        found.setdefault(portal_id, []).append(_yield_of(summary))
    return found


def _yield_of(summary: Mapping[str, Any]) -> Yield:
    return Yield(int(summary.get("pages", 0)), int(summary.get("columns_read", summary.get("columns", 0))))


def _parts(portal_ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(portal_ids), PART):
        yield portal_ids[start : start + PART]


# ---------------------------------------------------------------- kept with the cycle, so that they are found once


def note_yield_drops(session: Session, cycle_id: int, drops: Sequence[YieldDrop]) -> None:
    """Keeps them with the figures of the cycle."""
    row = session.scalars(select(CycleRow).where(CycleRow.id == cycle_id).with_for_update()).one()
    noted = [
        {
            "portal": one.portal_id,
            "pages": one.now.pages,
            "usual_pages": one.usual.pages,
            "columns": one.now.columns,
            "usual_columns": one.usual.columns,
        }
        for one in drops
    ]
    row.counts = {**row.counts, _NOTE: noted}


def noted_yield_drops(session: Session, cycle_id: int) -> list[tuple[str, YieldDrop]] | None:
    """(Name of the portal, its drop); None when nobody has looked for them yet."""
    counts = session.scalar(select(CycleRow.counts).where(CycleRow.id == cycle_id)) or {}
    if _NOTE not in counts:
        return None
    drops = [
        YieldDrop(one["portal"], Yield(one["pages"], one["columns"]), Yield(one["usual_pages"], one["usual_columns"]))
        for one in counts[_NOTE]
    ]
    wanted = [drop.portal_id for drop in drops[:PART]]
    query = select(PortalRow.id, PortalRow.name).where(PortalRow.id.in_(wanted))
    names = {portal_id: name for portal_id, name in session.execute(query)}  # noqa: C416 - rows are no pairs to mypy
    return [(names.get(drop.portal_id, f"网站 {drop.portal_id}"), drop) for drop in drops]
