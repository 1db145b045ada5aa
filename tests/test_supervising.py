"""The parent that keeps workers running."""

from __future__ import annotations

import signal
import sys
import threading
import time
from collections.abc import Sequence

from gkmonitor.supervising import Supervisor, worker_commands

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
