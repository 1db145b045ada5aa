"""Work on several machines: Procrastinate over PostgreSQL runs the same job functions as the embedded queue.

Procrastinate is spoken to in two ways: what enqueues does so through a plain connection; a worker has an event loop of
its own and runs each job function in a thread.
"""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final

from procrastinate import App, JobContext, PsycopgConnector, RetryStrategy, SyncPsycopgConnector
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job as StoredJob
from procrastinate.jobs import Status
from procrastinate.manager import JobManager

from gkmonitor.errors import StorageError, UsageError
from gkmonitor.jobs import UPKEEP, Office
from gkmonitor.queueing import QUEUE, QUICK_QUEUE, TASK, ProcrastinateQueue
from gkmonitor.storage.engine import conninfo
from gkmonitor.storage.jobs import Job
from gkmonitor.working import run_job

_log = logging.getLogger(__name__)

BEAT_SECONDS: Final = 10.0  # between two words of a worker that it lives; at least four before it counts as dead
TAKE_BACK: Final = "gkmonitor.take_back"
ATTEMPTS: Final = 5
STOP_SECONDS: Final = 20.0  # for a job to end after SIGTERM


def open_queue(address: str) -> ProcrastinateQueue:
    """For whoever only enqueues: scheduler, web, commands. Raises StorageError."""
    app = App(connector=SyncPsycopgConnector(conninfo=conninfo(address)))
    _declare(app, None)
    try:
        app.open()
    except ConnectorException as error:
        raise StorageError("无法连接任务队列，请检查 GKMONITOR_DATABASE_URL 和 PostgreSQL 是否在运行") from error
    return ProcrastinateQueue(app)


def prepare_schema(address: str) -> bool:
    """Procrastinate's own tables, where they are missing; whether they were made."""
    app = App(connector=SyncPsycopgConnector(conninfo=conninfo(address)))
    with app.open():
        if app.check_connection():
            return False
        app.schema_manager.apply_schema()
    return True


def run_worker(office: Office, *, concurrency: int = 1, quick_only: bool = False) -> None:
    """Runs jobs until SIGTERM or SIGINT: no new one is begun then, a crawl in progress ends early and is retried."""
    asyncio.run(_work(office, concurrency, [QUICK_QUEUE] if quick_only else [QUEUE, QUICK_QUEUE]))


async def _work(office: Office, concurrency: int, queues: list[str]) -> None:
    app = App(connector=PsycopgConnector(conninfo=conninfo(office.database.private_address)))
    _declare(app, office)
    async with app.open_async():
        worker = asyncio.create_task(
            app.run_worker_async(
                queues=queues,
                update_heartbeat_interval=min(BEAT_SECONDS, office.settings.stalled_seconds / 4),
                stalled_worker_timeout=office.settings.stalled_seconds,
                concurrency=concurrency,
                install_signal_handlers=False,
                shutdown_graceful_timeout=STOP_SECONDS,
                delete_jobs="successful",
            )
        )
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, _stop, office, worker)
        try:
            await worker
        except asyncio.CancelledError:
            _log.info("the worker has stopped")


def _stop(office: Office, worker: asyncio.Task[None]) -> None:
    office.stopping.set()
    worker.cancel()


def _declare(app: App, office: Office | None) -> None:
    """The one task that names our job function, and the one that takes back the jobs of dead workers."""

    @app.task(
        name=TASK,
        queue=QUEUE,
        pass_context=True,
        retry=RetryStrategy(max_attempts=ATTEMPTS, linear_wait=60, retry_exceptions={Exception}),
    )
    def run(context: JobContext, name: str, arguments: Mapping[str, Any]) -> None:
        assert office is not None
        job = context.job
        try:
            run_job(office, Job(job.id or 0, name, arguments, job.attempts + 1))
        except UsageError as error:  # what is wrongly configured will not mend by itself
            _log.error("job %s %s was given up: %s", name, job.id, error)

    if office is not None:
        _declare_taking_back(app, office.settings.stalled_seconds)


def _declare_taking_back(app: App, stalled_seconds: float) -> None:
    @app.periodic(cron=take_back_times(stalled_seconds))
    @app.task(name=TAKE_BACK, queue=QUICK_QUEUE, queueing_lock=TAKE_BACK, priority=UPKEEP, pass_context=True)
    async def take_back(context: JobContext, timestamp: int) -> None:
        manager = context.app.job_manager
        for job in await manager.get_stalled_jobs(seconds_since_heartbeat=stalled_seconds):
            try:
                await manager.retry_job(job)
            except ConnectorException as error:
                # The same work waits already; or another worker was quicker. Either way the dead one must not keep
                # its lock, nor the other dead jobs from being taken back.
                _log.warning("job %s of a dead worker is dropped: %s", job.id, error)
                with suppress(ConnectorException):
                    await _drop(manager, job)
            else:
                _log.warning("job %s of a dead worker is tried again", job.id)


async def _drop(manager: JobManager, job: StoredJob) -> None:
    assert job.id is not None
    waiting = await manager.list_jobs_async(queueing_lock=job.queueing_lock, status="todo")
    if job.queueing_lock and any(waiting):
        await manager.finish_job_by_id_async(job.id, status=Status.FAILED, delete_job=True)


def take_back_times(stalled_seconds: float) -> str:
    """When dead workers are looked for, as cron: every minute; more often where a worker counts as dead earlier."""
    return "* * * * *" if stalled_seconds >= 60 else f"* * * * * */{max(1, int(stalled_seconds / 2))}"
