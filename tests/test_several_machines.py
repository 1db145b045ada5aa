"""Work over PostgreSQL with Procrastinate: the same job functions, locks, priorities, dead workers."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import psycopg
import pytest
from databases import Postgres

from gkmonitor.procrastinating import open_queue, prepare_schema, take_back_times
from gkmonitor.queueing import ProcrastinateQueue
from gkmonitor.storage.engine import conninfo

NOW = datetime.now(UTC)
WAIT_SECONDS = 40.0


@pytest.fixture
def address(postgres: Postgres) -> Iterator[str]:
    with postgres.database() as url:
        prepare_schema(url)
        yield url


@pytest.fixture
def queue(address: str) -> ProcrastinateQueue:
    return open_queue(address)


def states(address: str) -> list[str]:
    with psycopg.connect(conninfo(address)) as connection:
        rows = connection.execute("SELECT status FROM procrastinate_jobs WHERE task_name = 'gkmonitor.run' ORDER BY id")
        return [row[0] for row in rows]


def until_over(address: str) -> bool:
    """Whether no job of ours waits or runs any more, within a bounded time."""
    end = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < end:
        if not {"todo", "doing"} & set(states(address)):
            return True
        time.sleep(0.05)
    return False


def start_worker(address: str) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "GKMONITOR_DATABASE_URL": address, "GKMONITOR_PROBE_CANARIES": "none"}
    return subprocess.Popen([sys.executable, "-P", "-m", "gkmonitor", "worker"], env=environment)


def test_the_schema_of_the_queue_is_made_once(address: str) -> None:
    assert prepare_schema(address) is False


def test_the_same_piece_of_work_waits_only_once(queue: ProcrastinateQueue, address: str) -> None:
    assert queue.enqueue("news", {}, now=NOW, unique_key="news")
    assert not queue.enqueue("news", {}, now=NOW, unique_key="news")
    assert states(address) == ["todo"]


def test_a_worker_runs_what_the_scheduler_enqueued_and_stops_on_sigterm(queue, address: str) -> None:
    for name in ("advance", "day", "retention"):
        queue.enqueue(name, {}, now=NOW)
    worker = start_worker(address)
    try:
        assert until_over(address)
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(timeout=30) == 0
    finally:
        worker.kill()
        worker.wait()
    assert set(states(address)) <= {"succeeded"}


def test_a_job_for_later_stays_waiting(queue: ProcrastinateQueue, address: str) -> None:
    from datetime import timedelta

    queue.enqueue("advance", {}, now=NOW, run_after=NOW + timedelta(days=1))
    with psycopg.connect(conninfo(address)) as connection:
        (when,) = connection.execute("SELECT scheduled_at FROM procrastinate_jobs").fetchone() or (None,)
    assert when == NOW + timedelta(days=1)


# ---------------------------------------------------------------- dead workers


def say_that_a_dead_worker_has(address: str, job_id: int) -> None:
    """The row as a worker leaves it that took the job an hour ago and was killed."""
    with psycopg.connect(conninfo(address)) as connection:
        worker = connection.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 hour') RETURNING id"
        ).fetchone()
        assert worker is not None
        connection.execute(
            "UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s WHERE id = %s", (worker[0], job_id)
        )


def test_a_piece_of_work_that_runs_is_not_put_in_a_second_time(queue: ProcrastinateQueue, address: str) -> None:
    assert queue.enqueue("advance", {}, now=NOW, unique_key="shard:1")
    say_that_a_dead_worker_has(address, 1)
    assert not queue.enqueue("advance", {}, now=NOW, unique_key="shard:1")


def test_the_arguments_of_waiting_and_running_jobs_are_known(queue: ProcrastinateQueue, address: str) -> None:
    for number in (1, 2):
        queue.enqueue("shard", {"cycle": number}, now=NOW)
    queue.enqueue("advance", {}, now=NOW)
    say_that_a_dead_worker_has(address, 1)
    assert sorted(one["cycle"] for one in queue.live_arguments("shard")) == [1, 2]


def test_a_dead_workers_job_is_done_by_another(
    queue: ProcrastinateQueue, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GKMONITOR_STALLED_SECONDS", "1")
    queue.enqueue("advance", {}, now=NOW, unique_key="shard:1", lock="platform:a")
    say_that_a_dead_worker_has(address, 1)
    worker = start_worker(address)
    try:
        assert until_over(address)
    finally:
        worker.kill()
        worker.wait()


def test_a_dead_job_whose_work_waits_again_gives_its_lock_free(
    queue: ProcrastinateQueue, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It cannot wait again itself: Procrastinate lets only one job wait under a key."""
    monkeypatch.setenv("GKMONITOR_STALLED_SECONDS", "1")
    for name in ("advance", "retention"):
        queue.enqueue(name, {}, now=NOW, unique_key=f"shard:{name}", lock="platform:a")
    say_that_a_dead_worker_has(address, 1)
    with psycopg.connect(conninfo(address)) as connection:  # as two who enqueue at one moment leave it
        connection.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, lock, queueing_lock, args, status)"
            " SELECT queue_name, task_name, lock, queueing_lock, args, 'todo' FROM procrastinate_jobs WHERE id = 1"
        )
    worker = start_worker(address)
    try:
        assert until_over(address)
    finally:
        worker.kill()
        worker.wait()
    assert set(states(address)) <= {"succeeded"}


@pytest.mark.parametrize(("seconds", "times"), [(90, "* * * * *"), (4, "* * * * * */2"), (1, "* * * * * */1")])
def test_dead_workers_are_looked_for_as_often_as_they_are_to_be_found(seconds: float, times: str) -> None:
    assert take_back_times(seconds) == times
