"""Figures on the service itself, for the health page and the metrics: counts only, nothing about people.

Every query is bounded by an index or by one cycle: it is asked every fifteen seconds of databases with years in them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, Select, case, func, select, text
from sqlalchemy.orm import Session

from gkmonitor.cycles.records import Cycle, InspectionState
from gkmonitor.storage import inspections, jobs, notices, probes, schedules
from gkmonitor.storage.models import (
    CaseRow,
    FactsRow,
    FindingRow,
    InspectionRow,
    JobRow,
    NoticeRow,
    PortalRow,
    ProbeRow,
)
from gkmonitor.storage.schedules import Schedule

RECENT: Final = timedelta(days=1)  # failures that are still news
PROBES_SPAN: Final = timedelta(hours=1)
SAMPLED_FACTS: Final = 200  # the newest, whose size says what all of them take

# Procrastinate's words for the states of jobs, and ours.
_STATES: Final = {"todo": "waiting", "doing": "running", "failed": "failed"}
_QUEUE_ON_SEVERAL_MACHINES: Final = """
    SELECT status::text, count(*),
           count(*) FILTER (WHERE job.status = 'doing'
                            AND (worker.id IS NULL OR worker.last_heartbeat < :silent)),
           count(*) FILTER (WHERE job.status = 'failed' AND EXISTS (
               SELECT 1 FROM procrastinate_events event
               WHERE event.job_id = job.id AND event.type = 'failed' AND event.at >= :recent))
    FROM procrastinate_jobs job LEFT JOIN procrastinate_workers worker ON worker.id = job.worker_id
    WHERE status IN ('todo', 'doing', 'failed') GROUP BY status"""


@dataclass(frozen=True, slots=True)
class QueueFigures:
    """Jobs of both queues. ``failed``: given up and kept; ``failed_lately``: within a day; ``stalled``: of workers that
    have not been heard of."""

    waiting: int = 0
    running: int = 0
    failed: int = 0
    failed_lately: int = 0
    stalled: int = 0


@dataclass(frozen=True, slots=True)
class CycleFigures:
    """A cycle and its portals by result: ok, permanent, transient, blocked, held, retry, waiting."""

    cycle: Cycle
    results: Mapping[str, int]
    findings: Mapping[str, int] = field(default_factory=dict)  # by severity


@dataclass(frozen=True, slots=True)
class Figures:
    """What the database says about the service at one moment."""

    portals: Mapping[str, int]  # by state
    portals_since: datetime | None  # when the oldest active portal was registered
    cases: Mapping[tuple[str, str], int]  # by (state, severity)
    queue: QueueFigures
    cycle: CycleFigures | None  # the newest, running or not
    probes: Mapping[str, int]  # of the last hour, by outcome
    last_probe_round: datetime | None
    notices: Mapping[str, int]  # by state
    notices_late: int  # that should have gone out
    notices_failed_lately: int
    schedules: tuple[Schedule, ...]
    facts_bytes: int  # estimated from the newest
    database_bytes: int


def read_figures(session: Session, now: datetime, *, notices_late_after: timedelta) -> Figures:
    """Everything at one snapshot."""
    return Figures(
        portals=_counts(session, select(PortalRow.state, func.count()).group_by(PortalRow.state)),
        portals_since=session.scalar(select(func.min(PortalRow.created_at)).where(PortalRow.state == "active")),
        cases=_cases(session),
        queue=queue_figures(session, now),
        cycle=_newest_cycle(session),
        probes=_probes(session, now),
        last_probe_round=probes.last_round(session),
        notices=notices.counts_by_state(session),
        notices_late=_notices_late(session, now - notices_late_after),
        notices_failed_lately=_notices_failed(session, now - RECENT),
        schedules=tuple(schedules.list_schedules(session)),
        facts_bytes=_facts_bytes(session),
        database_bytes=_database_bytes(session),
    )


def _counts(session: Session, query: Select[str, int]) -> dict[str, int]:
    return {name: number for name, number in session.execute(query)}  # noqa: C416 - rows are no pairs to mypy


def _cases(session: Session) -> dict[tuple[str, str], int]:
    query = select(CaseRow.state, CaseRow.severity, func.count()).group_by(CaseRow.state, CaseRow.severity)
    return {(state, severity): number for state, severity, number in session.execute(query)}


def _probes(session: Session, now: datetime) -> dict[str, int]:
    query = select(ProbeRow.outcome, func.count()).where(ProbeRow.at > now - PROBES_SPAN, ProbeRow.at <= now)
    return _counts(session, query.group_by(ProbeRow.outcome))


def _notices_late(session: Session, moment: datetime) -> int:
    query = select(func.count()).where(NoticeRow.state.in_(("waiting", "sending")), NoticeRow.send_after < moment)
    return session.scalar(query) or 0


def _notices_failed(session: Session, moment: datetime) -> int:
    query = select(func.count()).where(NoticeRow.state == "failed", NoticeRow.send_after >= moment)
    return session.scalar(query) or 0


# ---------------------------------------------------------------- cycles


def _newest_cycle(session: Session) -> CycleFigures | None:
    newest = inspections.latest_cycles(session, 1)
    if not newest:
        return None
    query = (
        select(InspectionRow.state, InspectionRow.failure, func.count())
        .where(InspectionRow.cycle_id == newest[0].id)
        .group_by(InspectionRow.state, InspectionRow.failure)
    )
    results: dict[str, int] = {}
    for state, failure, number in session.execute(query):
        name = result_of(InspectionState(state), failure)
        results[name] = results.get(name, 0) + number
    by_severity = select(FindingRow.severity, func.count()).where(FindingRow.cycle_id == newest[0].id)
    return CycleFigures(newest[0], results, _counts(session, by_severity.group_by(FindingRow.severity)))


def result_of(state: InspectionState, failure: str | None) -> str:
    """How an inspection ended, or how far it is: ok, permanent, transient, blocked, held, retry, running, waiting."""
    if state is InspectionState.DONE:
        return failure or "ok"
    names = {InspectionState.HELD: "held", InspectionState.FAILED: "retry", InspectionState.RUNNING: "running"}
    return names.get(state, "waiting")


# ---------------------------------------------------------------- the queue


def queue_figures(session: Session, now: datetime) -> QueueFigures:
    """Jobs of whichever queue this installation has."""
    is_stalled = (JobRow.state == "doing") & (JobRow.heartbeat_at < now - jobs.STALLED_AFTER)
    is_recent = (JobRow.state == "failed") & (JobRow.finished_at >= now - RECENT)
    query = (
        select(JobRow.state, func.count(), _number_where(is_stalled), _number_where(is_recent))
        .where(JobRow.state.in_(tuple(_STATES)))
        .group_by(JobRow.state)
    )
    rows = [(state, number, stalled, lately) for state, number, stalled, lately in session.execute(query)]
    rows += _rows_of_procrastinate(session, now)
    counts = {"waiting": 0, "running": 0, "failed": 0}
    for state, number, _stalled, _lately in rows:
        counts[_STATES[state]] += number
    return QueueFigures(**counts, stalled=sum(row[2] for row in rows), failed_lately=sum(row[3] for row in rows))


def _number_where(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def _rows_of_procrastinate(session: Session, now: datetime) -> list[tuple[str, int, int, int]]:
    """The same figures of Procrastinate's tables, where a database has them."""
    if session.get_bind().dialect.name == "sqlite" or not session.scalar(
        text("SELECT to_regclass('procrastinate_jobs')::text")
    ):
        return []
    moments = {"silent": now - jobs.STALLED_AFTER, "recent": now - RECENT}
    found = session.execute(text(_QUEUE_ON_SEVERAL_MACHINES), moments)
    return [(str(state), int(number), int(stalled), int(lately)) for state, number, stalled, lately in found]


# ---------------------------------------------------------------- sizes


def _facts_bytes(session: Session) -> int:
    """To add up every body would read the whole table: how many there are, times what the newest take."""
    newest = select(func.length(FactsRow.body).label("size")).order_by(FactsRow.id.desc()).limit(SAMPLED_FACTS)
    average = session.scalar(select(func.avg(newest.subquery().c.size)))
    number = session.scalar(select(func.count()).select_from(FactsRow)) or 0
    return round(float(average or 0) * number)


def _database_bytes(session: Session) -> int:
    if session.get_bind().dialect.name == "sqlite":
        pages = session.scalar(text("PRAGMA page_count"))
        return int(pages or 0) * int(session.scalar(text("PRAGMA page_size")) or 0)
    return int(session.scalar(text("SELECT pg_database_size(current_database())")) or 0)
