"""The embedded queue: pieces of work in the database, taken by one worker at a time, taken back when it dies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from gkmonitor.storage.models import ChainHeadRow, JobRow
from gkmonitor.storage.upserting import insert_missing

STALLED_AFTER: Final = timedelta(seconds=90)  # a worker that has not been heard of is dead
MAX_ATTEMPTS: Final = 5
LEAST_PRIORITY: Final = -1_000_000
KEPT_AFTER_END: Final = timedelta(days=7)
_GATE: Final = "jobs"  # held while a job is added or taken, so that locks and keys are seen by all


@dataclass(frozen=True, slots=True)
class Job:
    """A piece of work that a worker has taken."""

    id: int
    name: str
    arguments: Mapping[str, Any]
    attempts: int


def enqueue(
    session: Session,
    name: str,
    arguments: Mapping[str, Any],
    *,
    now: datetime,
    priority: int = 0,
    lock: str | None = None,
    unique_key: str | None = None,
    run_after: datetime | None = None,
) -> bool:
    """Adds a job; False where one with the same ``unique_key`` waits or runs already."""
    _pass_gate(session)
    if unique_key is not None:
        live = select(JobRow.id).where(JobRow.unique_key == unique_key, JobRow.state.in_(("todo", "doing")))
        if session.scalar(live) is not None:
            return False
    session.add(
        JobRow(
            name=name,
            arguments=dict(arguments),
            priority=priority,
            lock=lock,
            unique_key=unique_key,
            state="todo",
            run_after=run_after or now,
            created_at=now,
        )
    )
    session.flush()
    return True


def take(session: Session, worker: str, now: datetime, *, quick_only: bool = False) -> Job | None:
    """The job whose turn it is, now this worker's; None when nothing can be done.

    Higher priorities first, then the oldest. A job whose lock is held by a running one waits. A job that was to run at
    once does so though the clock was moved back since. ``quick_only``: only jobs of a priority above 0, the short ones.
    """
    _pass_gate(session)
    running = aliased(JobRow)
    held = select(running.lock).where(running.state == "doing", running.lock.is_not(None))
    is_due = or_(JobRow.run_after <= now, JobRow.run_after <= JobRow.created_at)
    row = session.scalar(
        select(JobRow)
        .where(JobRow.state == "todo", is_due, or_(JobRow.lock.is_(None), JobRow.lock.not_in(held)))
        .where(JobRow.priority > (0 if quick_only else LEAST_PRIORITY))
        .order_by(JobRow.priority.desc(), JobRow.run_after, JobRow.id)
        .limit(1)
    )
    if row is None:
        return None
    row.state, row.worker, row.heartbeat_at, row.attempts = "doing", worker, now, row.attempts + 1
    session.flush()
    return Job(row.id, row.name, dict(row.arguments), row.attempts)


def beat(session: Session, job_id: int, worker: str, now: datetime) -> bool:
    """The worker lives; False when the job is no longer its own."""
    return _change(session, job_id, worker, heartbeat_at=now)


def finish(session: Session, job_id: int, worker: str, now: datetime) -> bool:
    """The job is done; False when it was taken back meanwhile (whoever has it now finds the work done)."""
    return _change(session, job_id, worker, state="done", finished_at=now, error=None)


def hand_back(session: Session, job_id: int, worker: str) -> bool:
    """The worker stops before the job was done: the attempt does not count."""
    return _change(session, job_id, worker, state="todo", worker=None, attempts=JobRow.attempts - 1)


def fail(session: Session, job_id: int, worker: str, error: str, *, now: datetime, again: datetime | None) -> bool:
    """The job failed: it is tried again at ``again``, or given up and kept with its error."""
    if again is not None:
        return _change(session, job_id, worker, state="todo", worker=None, run_after=again, error=error[:2000])
    return _change(session, job_id, worker, state="failed", finished_at=now, error=error[:2000])


def _change(session: Session, job_id: int, owner: str, **values: Any) -> bool:
    query = update(JobRow).where(JobRow.id == job_id, JobRow.state == "doing", JobRow.worker == owner)
    return bool(session.connection().execute(query.values(**values)).rowcount)


def take_back_stalled(session: Session, now: datetime, after: timedelta = STALLED_AFTER) -> tuple[int, int]:
    """Jobs of dead workers wait again, or are given up after five attempts: (taken back, given up)."""
    stalled = (JobRow.state == "doing") & (JobRow.heartbeat_at < now - after)
    connection = session.connection()
    given_up = connection.execute(
        update(JobRow)
        .where(stalled, JobRow.attempts >= MAX_ATTEMPTS)
        .values(state="failed", finished_at=now, error="执行进程多次中断，已放弃")
    ).rowcount
    back = connection.execute(update(JobRow).where(stalled).values(state="todo", worker=None)).rowcount
    return back, given_up


def take_back_all_of(session: Session, worker_prefix: str) -> int:
    """Jobs of workers that are known to be dead wait again at once; how many."""
    query = update(JobRow).where(JobRow.state == "doing", JobRow.worker.startswith(worker_prefix, autoescape=True))
    return session.connection().execute(query.values(state="todo", worker=None)).rowcount


def live_arguments(session: Session, name: str) -> list[dict[str, Any]]:
    """The arguments of the jobs of that name that wait or run."""
    query = select(JobRow.arguments).where(JobRow.state.in_(("todo", "doing")), JobRow.name == name)
    return [dict(arguments) for arguments in session.scalars(query)]


def next_due(session: Session) -> datetime | None:
    """When the next waiting job may run."""
    return session.scalar(select(func.min(JobRow.run_after)).where(JobRow.state == "todo"))


def counts_by_state(session: Session) -> dict[str, int]:
    query = select(JobRow.state, func.count()).group_by(JobRow.state)
    return {state: number for state, number in session.execute(query)}  # noqa: C416 - rows are no pairs to mypy


def delete_ended_before(session: Session, now: datetime) -> int:
    """Retention of jobs that ended a week ago."""
    query = delete(JobRow).where(JobRow.state.in_(("done", "failed")), JobRow.finished_at < now - KEPT_AFTER_END)
    return session.connection().execute(query).rowcount


def _pass_gate(session: Session) -> None:
    """One at a time on PostgreSQL; on SQLite every writer is alone already."""
    insert_missing(session, ChainHeadRow, [{"name": _GATE, "event_id": 0, "digest": ""}], ["name"])
    session.scalars(select(ChainHeadRow).where(ChainHeadRow.name == _GATE).with_for_update()).one()
