"""A worker of the embedded queue: takes one job after the other, says that it lives, stops cleanly when asked."""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from typing import Final
from uuid import uuid4

from gkmonitor.errors import GkmonitorError, StorageError, UsageError
from gkmonitor.jobs import JOBS, Office
from gkmonitor.storage import jobs
from gkmonitor.storage.jobs import Job

_log = logging.getLogger(__name__)

IDLE_SECONDS: Final = 1.0  # between two looks at an empty queue
BEAT_SECONDS: Final = 20.0
_BEATS: Final = 4  # at least, before a worker counts as dead
_RETRY_MINUTES: Final = (1, 5, 15, 60)


def worker_name() -> str:
    """Where and which: host, process and a number of its own, so that a reused process id is not taken for us."""
    return f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:8]}"


class Worker:
    """Runs jobs until the office's ``stopping`` is set: a crawl in progress ends early and its job is handed back."""

    def __init__(self, office: Office, name: str | None = None, *, quick_only: bool = False) -> None:
        self.office = office
        self.quick_only = quick_only  # no crawl of a night, so that probes and notices never wait for one
        self.name = name or worker_name()
        self.stopping = office.stopping
        self._take_back_after = 0.0  # on the monotonic clock

    def run(self) -> None:
        """Take and run jobs until :attr:`stopping` is set."""
        while not self.stopping.is_set():
            try:
                self._take_back()
                is_done = self.run_one()
            except StorageError as error:  # the database is away for a while: what was begun is taken back later
                _log.error("the queue cannot be reached: %s", error)
                is_done = False
            if not is_done:
                self.stopping.wait(IDLE_SECONDS)

    def _take_back(self) -> None:
        """The jobs of dead workers, whatever they were: if only a job did this, nobody would take back that job."""
        if time.monotonic() < self._take_back_after:
            return
        self._take_back_after = time.monotonic() + self.office.settings.stalled_seconds / _BEATS
        back, given_up = self.office.queue.take_back_stalled(self.office.clock())
        if back or given_up:
            _log.warning("took back %d jobs of dead workers, gave up %d", back, given_up)

    def run_until_empty(self) -> int:
        """Run what can be run now; how many jobs. For tests and replayed calendars."""
        count = 0
        while not self.stopping.is_set() and self.run_one():
            count += 1
        return count

    def run_one(self) -> bool:
        """Take one job and run it; False when there is none."""
        with self.office.database.writing() as session:
            job = jobs.take(session, self.name, self.office.clock(), quick_only=self.quick_only)
        if job is None:
            return False
        try:
            with _beating(self.office, job, self.name):
                run_job(self.office, job)
        except KeyboardInterrupt:
            self.stopping.set()
            self._hand_back(job)
        except Exception as error:  # the worker's boundary: the failure is stored and tried again
            if self.stopping.is_set():
                self._hand_back(job)
            else:
                self._note_failure(job, error)
        else:
            with self.office.database.writing() as session:
                jobs.finish(session, job.id, self.name, self.office.clock())
        return True

    def _hand_back(self, job: Job) -> None:
        """Somebody else goes on where this worker was told to stop."""
        with self.office.database.writing() as session:
            jobs.hand_back(session, job.id, self.name)

    def _note_failure(self, job: Job, error: Exception) -> None:
        now = self.office.clock()
        again = retry_at(job.attempts, now, error)
        words = f"{type(error).__name__}: {error}"
        _log.error(
            "job %s %d failed (attempt %d): %s", job.name, job.id, job.attempts, words, exc_info=_traceback_of(error)
        )
        with self.office.database.writing() as session:
            jobs.fail(session, job.id, self.name, words, now=now, again=again)


def run_job(office: Office, job: Job) -> None:
    """The function of that name. Raises UsageError for a name that this release does not know."""
    function = JOBS.get(job.name)
    if function is None:
        raise UsageError(f"不认识的任务“{job.name}”，可能由其他版本写入")
    function(office, job.arguments)


def retry_at(attempts: int, now: datetime, error: Exception) -> datetime | None:
    """When a failed job is tried again; None: no more. What is wrongly configured will not mend by itself."""
    if isinstance(error, UsageError) or attempts > len(_RETRY_MINUTES):
        return None
    return now + timedelta(minutes=_RETRY_MINUTES[attempts - 1])


def _traceback_of(error: Exception) -> Exception | None:
    """Our own errors say in words what is wrong; of others the place is needed."""
    return None if isinstance(error, GkmonitorError) else error


@contextmanager
def _beating(office: Office, job: Job, worker: str) -> Iterator[None]:
    """Says again and again that the worker lives, from a thread beside the job.

    By the time that has really passed: a clock that is moved must not make it look dead, nor beats that had to wait.
    """
    over, begun, started = threading.Event(), office.clock(), time.monotonic()
    pause = min(BEAT_SECONDS, office.settings.stalled_seconds / _BEATS)

    def beat() -> None:
        while not over.wait(pause):
            moment = begun + timedelta(seconds=time.monotonic() - started)
            with suppress(StorageError), office.database.writing() as session:
                jobs.beat(session, job.id, worker, moment)

    thread = threading.Thread(target=beat, name=f"beat-{job.id}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(timeout=5)
