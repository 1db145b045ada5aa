"""The parent that keeps workers running."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from databases import opened

from gkmonitor.errors import StorageError
from gkmonitor.queueing import EmbeddedQueue
from gkmonitor.storage import jobs
from gkmonitor.supervising import Supervisor, sole_service, worker_commands

WAIT_SECONDS = 60.0

SLEEPER = [sys.executable, "-c", "import signal; signal.pause()"]
SHORT_LIVED = [sys.executable, "-c", "raise SystemExit(3)"]


def supervisor(*commands: Sequence[str]) -> Supervisor:
    return Supervisor([(f"child-{n}", command) for n, command in enumerate(commands)], threading.Event())


def wait_for(condition, seconds: float = 20.0) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return False


def test_a_child_that_is_killed_is_started_again() -> None:
    parent = supervisor(SLEEPER)
    try:
        parent.look(0.0)
        (child,) = parent.children
        assert child.process is not None
        first = child.process.pid
        child.process.kill()
        assert wait_for(lambda: child.process is not None and child.process.poll() is not None)
        parent.look(100.0)
        assert child.process is None
        parent.look(101.5)
        assert child.process is not None
        assert child.process.pid != first
        assert child.ends == [-signal.SIGKILL]
    finally:
        parent.end()


def test_a_child_that_dies_at_once_is_started_ever_more_rarely() -> None:
    parent = supervisor(SHORT_LIVED)
    (child,) = parent.children
    now, waits = 0.0, []
    for _ in range(5):
        parent.look(now)
        process = child.process
        assert process is not None
        process.wait(timeout=20)
        parent.look(now)
        waits.append(child.start_after - now)
        now = child.start_after
    assert waits == [1.0, 5.0, 15.0, 60.0, 60.0]
    parent.end()


def test_the_end_leaves_no_child_behind() -> None:
    parent = supervisor(SLEEPER, SLEEPER)
    parent.look(0.0)
    processes = [child.process for child in parent.children]
    parent.end()
    assert all(process is not None and process.poll() is not None for process in processes)


def test_run_ends_its_children_when_told_to_stop() -> None:
    parent = supervisor(SLEEPER)
    started: list[int] = []

    def until() -> bool:
        process = parent.children[0].process
        if process is not None:
            started.append(process.pid)
        return bool(started)

    parent.run(until)
    assert started
    assert parent.children[0].process is None


def test_workers_are_run_by_this_python_and_not_by_a_folder_of_that_name() -> None:
    (name, command), (_, quick) = worker_commands(1)
    assert name == "worker-1"
    assert command[:2] == quick[:2] == [sys.executable, "-P"]
    assert ("--quick" in command, "--quick" in quick) == (False, True)


# ---------------------------------------------------------------- one serve for one database


def serve(url: str, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "gkmonitor", "serve", *words],
        env={**os.environ, "GKMONITOR_DATABASE_URL": url, "GKMONITOR_PROBE_CANARIES": "none"},
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


def test_a_second_serve_on_one_database_is_refused_and_takes_no_job_of_the_first(sqlite_url: str) -> None:
    with opened(sqlite_url) as database, sole_service(database.file):
        EmbeddedQueue(database).enqueue("news", {}, now=datetime.now(UTC))
        with database.writing() as session:
            assert jobs.take(session, "worker of the first", datetime.now(UTC)) is not None
        second = serve(sqlite_url, "--port", "0")
        _, told = second.communicate(timeout=WAIT_SECONDS)
        assert (second.returncode, told.count("\n")) == (3, 1), told
        assert "已有一个 gkmonitor serve" in told
        with database.reading() as session:
            assert jobs.counts_by_state(session) == {"doing": 1}


def test_the_lock_of_a_serve_that_was_killed_is_free(tmp_path: Path) -> None:
    code = "import sys, pathlib, signal; from gkmonitor.supervising import sole_service\n"
    code += "with sole_service(pathlib.Path(sys.argv[1])): print('held', flush=True); signal.pause()"
    pipe = subprocess.PIPE
    first = subprocess.Popen([sys.executable, "-c", code, str(tmp_path / "a.db")], stdout=pipe, text=True)
    with first:
        assert first.stdout is not None
        assert first.stdout.readline() == "held\n"
        with pytest.raises(StorageError), sole_service(tmp_path / "a.db"):
            pass
        first.kill()
    with sole_service(tmp_path / "a.db"), sole_service(tmp_path / "b.db"), sole_service(None):
        pass


def test_a_serve_whose_port_is_taken_says_so_and_never_that_it_runs(sqlite_url: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        process = serve(sqlite_url, "--port", str(server.getsockname()[1]))
        _, told = process.communicate(timeout=WAIT_SECONDS)
    assert (process.returncode, told.count("\n")) == (3, 1), told
    assert "已被其他程序占用" in told
