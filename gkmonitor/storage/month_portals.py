"""A month's portals, column by column: what was inspected, answered, ticked, probed and published.

Each function is a query over one month, grouped by portal or streamed: no row becomes an object of the mapper.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, case, distinct, func, select
from sqlalchemy.orm import Session

from gkmonitor.ledger.records import State
from gkmonitor.monthly.digests import Digest, digest_of, load_digest
from gkmonitor.monthly.inputs import Inspected, PortalMonth, ProbeSums, TaskCounts
from gkmonitor.monthly.lives import Window
from gkmonitor.monthly.reading import letters_of
from gkmonitor.monthly.records import Portal
from gkmonitor.monthly.words import month_words
from gkmonitor.records import Severity
from gkmonitor.storage.base import json_value
from gkmonitor.storage.models import (
    CaseRow,
    ColumnRow,
    CycleRow,
    FactsRow,
    InspectionRow,
    ItemRow,
    PortalRow,
    ProbeDayRow,
    TaskRow,
    UnitRow,
)

ROWS_AT_ONCE: Final = 100  # verdicts are tens of kilobytes each
_CYCLE_SPAN: Final = timedelta(days=7)  # how long a cycle may have run before its last inspection


@dataclass(frozen=True, slots=True)
class Days:
    """The days of a month in the office's calendar, both with it."""

    first: date
    last: date


Progress = Callable[[int], None]  # portals read so far


def month_portals(
    session: Session, month: str, window: Window, days: Days, progress: Progress | None = None
) -> list[PortalMonth]:
    """Every portal that runs, in the order of the registry, with all that the month knows of it."""
    found = {portal.id: PortalMonth(portal) for portal in _running(session)}
    _add_inspections(session, window, found)
    for done, (portal_id, inspected) in enumerate(_newest(session, window, days), start=1):
        if portal_id in found:
            found[portal_id] = replace(found[portal_id], inspected=inspected, failure=None)
        if progress is not None and done % ROWS_AT_ONCE == 0:
            progress(done)
    for portal_id, rule in session.execute(_ticked(month)):
        if (one := found.get(portal_id)) is not None:
            found[portal_id] = replace(one, ticked=one.ticked | {rule})
    for portal_id, rule, key in session.execute(_CLEARED):
        if (one := found.get(portal_id)) is not None:
            found[portal_id] = replace(one, cleared=one.cleared | {(rule, key)})
    _add_probes(session, days, found)
    _add_items(session, window, days, found)
    return list(found.values())


def _running(session: Session) -> Iterator[Portal]:
    columns = (PortalRow.name, PortalRow.url, PortalRow.site_id_code, PortalRow.organizer, UnitRow.name)
    query = (
        select(PortalRow.id, *columns, PortalRow.region, PortalRow.profile, PortalRow.level)
        .outerjoin(UnitRow, PortalRow.unit_id == UnitRow.id)
        .where(PortalRow.state == "active")
        .order_by(PortalRow.id)
    )
    kinds = month_words().kinds
    for portal_id, name, url, code, organizer, unit, region, profile, level in session.execute(query):
        kind = kinds.get(profile or "", "")
        yield Portal(portal_id, name, url, code, organizer, unit, region, profile, kind, "active", level)


# ---------------------------------------------------------------- inspections


def _of_month(window: Window) -> list[ColumnElement[bool]]:
    """Inspections observed in the month, found by way of its cycles: they are few and have an index."""
    cycles = select(CycleRow.id).where(
        CycleRow.started_at >= window.begin - _CYCLE_SPAN, CycleRow.started_at < window.end
    )
    seen = (InspectionRow.observed_at >= window.begin) & (InspectionRow.observed_at < window.end)
    begun = InspectionRow.observed_at.is_(None) & (InspectionRow.finished_at >= window.begin)
    begun &= InspectionRow.finished_at < window.end
    return [InspectionRow.cycle_id.in_(cycles), seen | begun]


_READ: Final = (InspectionRow.state == "done") & InspectionRow.failure.is_(None) & InspectionRow.verdicts.is_not(None)


def _add_inspections(session: Session, window: Window, found: dict[int, PortalMonth]) -> None:
    """How often each portal was visited and read; where it never was read, why not."""
    read = func.sum(case((_READ, 1), else_=0))
    query = select(InspectionRow.portal_id, func.count(), read).where(*_of_month(window))
    for portal_id, begun, finished in session.execute(query.group_by(InspectionRow.portal_id)):
        if (one := found.get(portal_id)) is not None:
            found[portal_id] = replace(one, inspections=begun, finished=int(finished))
    columns = select(InspectionRow.portal_id, InspectionRow.state, InspectionRow.failure)
    newest = _newest_ids(window, InspectionRow.state.in_(("done", "held", "failed")))
    for portal_id, state, failure in session.execute(columns.where(InspectionRow.id.in_(newest))):
        if (one := found.get(portal_id)) is not None and not one.finished:
            found[portal_id] = replace(one, failure="held" if state == "held" else failure or "unfinished")


def _newest(session: Session, window: Window, days: Days) -> Iterator[tuple[int, Inspected]]:
    """The newest inspection of the month that read the portal, as its digest says; without one, from its verdicts."""
    row = (InspectionRow.portal_id, InspectionRow.id, InspectionRow.observed_at, InspectionRow.facts_id)
    query = select(*row, InspectionRow.digest).where(InspectionRow.id.in_(_newest_ids(window, _READ)))
    left: list[int] = []
    for portal_id, row_id, observed_at, facts_id, body in _streamed(session, query):
        digest = load_digest(body, row_id, observed_at)
        if digest is None:
            left.append(row_id)
        else:
            yield portal_id, _with_letters(session, digest, facts_id, days)
    for start in range(0, len(left), ROWS_AT_ONCE):
        these = select(*row, InspectionRow.verdicts).where(InspectionRow.id.in_(left[start : start + ROWS_AT_ONCE]))
        for portal_id, row_id, observed_at, facts_id, body in _streamed(session, these):
            digest = digest_of(row_id, observed_at, json_value(zlib.decompress(body)))
            yield portal_id, _with_letters(session, digest, facts_id, days)


def _with_letters(session: Session, digest: Digest, facts_id: int | None, days: Days) -> Inspected:
    if not digest.has_letters or facts_id is None:
        return digest.inspected
    return replace(digest.inspected, letters=_letters(session, facts_id, days))


def _newest_ids(window: Window, condition: ColumnElement[bool]) -> Select[int]:
    """The id of each portal's newest inspection of the month by when it was observed, not by when it was planned."""
    seen = func.coalesce(InspectionRow.observed_at, InspectionRow.finished_at)  # what failed was not observed
    order = (seen.desc(), InspectionRow.id.desc())
    place = func.row_number().over(partition_by=InspectionRow.portal_id, order_by=order)
    ordered = select(InspectionRow.id, place.label("place")).where(*_of_month(window), condition).subquery()
    return select(ordered.c.id).where(ordered.c.place == 1)


def _letters(session: Session, facts_id: int, days: Days) -> Any:
    body = session.scalar(select(FactsRow.body).where(FactsRow.id == facts_id))
    if body is None:
        return None
    return letters_of(zlib.decompress(body).decode("utf-8", "replace"), days.first, days.last)


def _streamed(session: Session, query: Select[Any, Any, Any, Any, Any]) -> Iterator[Sequence[Any]]:
    yield from session.execute(query.execution_options(yield_per=ROWS_AT_ONCE))


def was_inspected(session: Session, window: Window) -> bool:
    """Whether any portal was read in the month."""
    query = select(InspectionRow.id).where(*_of_month(window), _READ).limit(1)
    return session.scalar(query) is not None


# ---------------------------------------------------------------- people, probes, items


def _ticked(month: str) -> Select[int, str]:
    """Rules that a person found in order, by portal."""
    done = (TaskRow.month == month, TaskRow.outcome == "ok", TaskRow.subject_key == "")
    return select(TaskRow.portal_id, TaskRow.rule).where(*done)


_CLEARED: Final = select(CaseRow.portal_id, CaseRow.rule, CaseRow.subject_key).where(
    CaseRow.state.in_((State.DISMISSED.value, State.EXEMPT.value)), CaseRow.severity == Severity.VETO.value
)


def task_counts(session: Session, month: str) -> TaskCounts:
    """What was asked of people in the month."""
    query = select(TaskRow.state, TaskRow.outcome, func.count()).where(TaskRow.month == month)
    rows = session.execute(query.group_by(TaskRow.state, TaskRow.outcome)).all()
    done = [(outcome, number) for state, outcome, number in rows if state == "done"]
    return TaskCounts(
        todo=sum(number for state, _, number in rows if state != "done"),
        done=sum(number for _, number in done),
        faults=sum(number for outcome, number in done if outcome == "violation"),
    )


def _add_probes(session: Session, days: Days, found: dict[int, PortalMonth]) -> None:
    sums = [func.sum(getattr(ProbeDayRow, name)) for name in ("up", "down", "blocked")]
    query = select(ProbeDayRow.portal_id, *sums, func.count()).where(
        ProbeDayRow.day >= days.first, ProbeDayRow.day <= days.last
    )
    for portal_id, up, down, blocked, number in session.execute(query.group_by(ProbeDayRow.portal_id)):
        if portal_id in found:
            sums_of = ProbeSums(int(up), int(down), int(blocked), number)
            found[portal_id] = replace(found[portal_id], probes=sums_of)


def _add_items(session: Session, window: Window, days: Days, found: dict[int, PortalMonth]) -> None:
    """Items first seen in the month whose date lies in it too; one address counts once on a portal."""
    for portal_id, one in found.items():
        if one.inspected is not None:
            found[portal_id] = replace(one, items=0, news=0)
    is_news = ColumnRow.concept.in_(month_words().news_concepts)
    query = (
        select(
            ColumnRow.portal_id,
            func.count(distinct(ItemRow.item_key)),
            func.count(distinct(case((is_news, ItemRow.item_key)))),
        )
        .join(ColumnRow, ColumnRow.id == ItemRow.column_id)
        .where(
            ItemRow.first_seen >= window.begin,
            ItemRow.first_seen < window.end,
            ItemRow.published >= days.first,
            ItemRow.published <= days.last,
        )
        .group_by(ColumnRow.portal_id)
    )
    for portal_id, items, news in session.execute(query):
        if portal_id in found:
            found[portal_id] = replace(found[portal_id], items=items, news=news)
