"""Tasks for people as a list: filtered, a page at a time, and counted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from gkmonitor.ledger.records import CaseSite, Task
from gkmonitor.storage.models import PortalRow, TaskRow
from gkmonitor.storage.tasks import DONE, TODO, as_task

_OF_PORTAL: Final = TaskRow.portal_id == PortalRow.id


@dataclass(frozen=True, slots=True)
class TaskFilter:
    """Which tasks; empty words ask nothing. ``portals`` None: those of every portal."""

    month: str = ""  # 2026-11
    state: str = ""  # todo, done
    outcome: str = ""  # ok, violation, not_applicable
    words: str = ""  # in the portal's name or address, or in the question
    rule: str = ""
    portal: int | None = None
    portals: frozenset[int] | None = None


@dataclass(frozen=True, slots=True)
class TaskCounts:
    """Numbers of tasks under a filter, whatever their state."""

    todo: int
    ok: int
    violation: int
    not_applicable: int

    @property
    def total(self) -> int:
        return self.todo + self.ok + self.violation + self.not_applicable


def task_page(session: Session, chosen: TaskFilter, *, after: int = 0, limit: int = 50) -> list[Task]:
    """Up to ``limit`` tasks whose id lies beyond ``after``, in the order in which they were made."""
    query = select(TaskRow, PortalRow.url, PortalRow.name, PortalRow.site_id_code).join(PortalRow, _OF_PORTAL)
    query = query.where(TaskRow.id > after, *_conditions(chosen)).order_by(TaskRow.id).limit(limit)
    found = session.execute(query)
    return [replace(as_task(row), site=CaseSite(url, name, code)) for row, url, name, code in found]


def all_tasks(session: Session, chosen: TaskFilter, *, limit: int) -> Iterator[Task]:
    """Tasks under a filter for an export, read in pages; at most ``limit``."""
    after, left = 0, limit
    while left > 0:
        page = task_page(session, chosen, after=after, limit=min(left, 1000))
        yield from page
        if len(page) < min(left, 1000):
            return
        after, left = page[-1].id, left - len(page)


def count_tasks(session: Session, chosen: TaskFilter) -> TaskCounts:
    """How many there are by state and outcome; the filter's own state and outcome do not count here."""
    wide = replace(chosen, state="", outcome="")
    query = select(TaskRow.state, TaskRow.outcome, func.count()).join(PortalRow, _OF_PORTAL)
    query = query.where(*_conditions(wide)).group_by(TaskRow.state, TaskRow.outcome)
    counted = {(state, outcome): number for state, outcome, number in session.execute(query)}
    todo = sum(number for (state, _), number in counted.items() if state == TODO)
    return TaskCounts(todo, *(counted.get((DONE, name), 0) for name in ("ok", "violation", "not_applicable")))


def months_of_tasks(session: Session, limit: int = 24) -> list[str]:
    """Months that have tasks, the newest first."""
    query = select(TaskRow.month).group_by(TaskRow.month).order_by(TaskRow.month.desc()).limit(limit)
    return list(session.scalars(query))


def _conditions(chosen: TaskFilter) -> Iterator[ColumnElement[bool]]:
    if chosen.month:
        yield TaskRow.month == chosen.month
    if chosen.state:
        yield TaskRow.state == chosen.state
    if chosen.outcome:
        yield TaskRow.outcome == chosen.outcome
    if chosen.rule:
        yield TaskRow.rule == chosen.rule
    if chosen.portal is not None:
        yield TaskRow.portal_id == chosen.portal
    if chosen.portals is not None:
        yield TaskRow.portal_id.in_(sorted(chosen.portals))
    if chosen.words:
        columns = (PortalRow.name, PortalRow.url, TaskRow.question)
        yield or_(*(column.icontains(chosen.words, autoescape=True) for column in columns))
