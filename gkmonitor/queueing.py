"""Where work waits: in our own table (one machine, SQLite), or in Procrastinate's (several machines, PostgreSQL).

Both take a name and plain JSON arguments; what a job does is the same function (``gkmonitor.jobs``). A job may be run
twice after a fault, so every job function may be repeated.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, Protocol, cast

from gkmonitor.errors import StorageError
from gkmonitor.storage import Database, jobs

if TYPE_CHECKING:
    from procrastinate import App

QUEUE: Final = "gkmonitor"
QUICK_QUEUE: Final = "gkmonitor-quick"  # jobs of a priority above 0: some workers take only these
TASK: Final = "gkmonitor.run"


class Queue(Protocol):
    """Puts work where workers find it."""

    def enqueue(
        self,
        name: str,
        arguments: Mapping[str, Any],
        *,
        now: datetime,
        priority: int = 0,
        lock: str | None = None,
        unique_key: str | None = None,
        run_after: datetime | None = None,
    ) -> bool:
        """Adds a job; False where the same piece of work waits already. Jobs with one lock never run side by side."""
        ...

    def live_arguments(self, name: str) -> Sequence[Mapping[str, Any]]:
        """The arguments of the jobs of that name that wait or run."""
        ...

    def take_back_stalled(self, now: datetime) -> tuple[int, int]:
        """Jobs of dead workers wait again or are given up: (taken back, given up)."""
        ...


def queue_of(database: Database, stalled_seconds: float) -> Queue:
    """The queue that fits the database, for whoever only enqueues. Raises StorageError where it is away."""
    if database.is_sqlite:
        return EmbeddedQueue(database, timedelta(seconds=stalled_seconds))
    from gkmonitor.procrastinating import open_queue

    return open_queue(database.private_address)


class EmbeddedQueue:
    """The table ``jobs`` of our own database."""

    def __init__(self, database: Database, stalled_after: timedelta = jobs.STALLED_AFTER) -> None:
        self._database = database
        self._stalled_after = stalled_after

    def enqueue(
        self,
        name: str,
        arguments: Mapping[str, Any],
        *,
        now: datetime,
        priority: int = 0,
        lock: str | None = None,
        unique_key: str | None = None,
        run_after: datetime | None = None,
    ) -> bool:
        with self._database.writing() as session:
            return jobs.enqueue(
                session,
                name,
                arguments,
                now=now,
                priority=priority,
                lock=lock,
                unique_key=unique_key,
                run_after=run_after,
            )

    def live_arguments(self, name: str) -> Sequence[Mapping[str, Any]]:
        with self._database.reading() as session:
            return jobs.live_arguments(session, name)

    def take_back_stalled(self, now: datetime) -> tuple[int, int]:
        with self._database.writing() as session:
            return jobs.take_back_stalled(session, now, self._stalled_after)


class ProcrastinateQueue:
    """Procrastinate over PostgreSQL: one task that names our job function."""

    def __init__(self, app: App) -> None:
        self._app = app

    def enqueue(
        self,
        name: str,
        arguments: Mapping[str, Any],
        *,
        now: datetime,
        priority: int = 0,
        lock: str | None = None,
        unique_key: str | None = None,
        run_after: datetime | None = None,
    ) -> bool:
        from procrastinate.exceptions import AlreadyEnqueued

        if unique_key is not None and self._is_running(unique_key):
            return False
        deferrer = self._app.configure_task(
            TASK,
            queue=QUICK_QUEUE if priority > 0 else QUEUE,
            lock=lock,
            queueing_lock=unique_key,
            priority=priority,
            schedule_at=run_after if run_after is not None and run_after > now else None,
        )
        try:
            deferrer.defer(name=name, arguments=dict(arguments))
        except AlreadyEnqueued:
            return False
        return True

    def _is_running(self, unique_key: str) -> bool:
        """Procrastinate itself looks at waiting jobs only. A running one that fails has to wait again under its key:
        a second one that waits there by then would keep it from doing so, and its lock would never be free.
        """
        return any(self._app.job_manager.list_jobs(queueing_lock=unique_key, status="doing"))

    def live_arguments(self, name: str) -> Sequence[Mapping[str, Any]]:
        listed = self._app.job_manager.list_jobs
        live = [one.task_kwargs for status in ("todo", "doing") for one in listed(task=TASK, status=status)]
        return [cast("Mapping[str, Any]", one["arguments"]) for one in live if one["name"] == name]

    def take_back_stalled(self, now: datetime) -> tuple[int, int]:
        """Nothing here: a periodic task of the workers does it (``gkmonitor.procrastinating``)."""
        return 0, 0


def prepare_queue(database: Database) -> bool:
    """The tables of the queue that works on several machines, where they are missing; whether they were made.

    SQLite needs none. Two processes at once do not collide. Raises StorageError.
    """
    if database.is_sqlite:
        return False
    from procrastinate.exceptions import ConnectorException

    from gkmonitor.procrastinating import prepare_schema
    from gkmonitor.storage.migrating import sole_upgrade

    try:
        with sole_upgrade(database):
            return prepare_schema(database.private_address)
    except ConnectorException as error:
        raise StorageError("无法建立任务队列的表，请检查数据库服务和登录角色的权限（需要能建表）") from error
