"""Everything on one machine: a parent that schedules, answers health questions and keeps its workers running."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from gkmonitor.errors import StorageError

if sys.platform != "win32":
    import fcntl

_log = logging.getLogger(__name__)

LOOK_SECONDS: Final = 0.5
STOP_SECONDS: Final = 25.0  # for children to end cleanly before they are killed
QUICK_DEATH_SECONDS: Final = 10.0  # a child that lives shorter than this is not started again at once
_WAITS: Final = (1.0, 5.0, 15.0, 60.0)


@contextmanager
def sole_service(database: Path | None) -> Iterator[None]:
    """No second ``serve`` on one SQLite file meanwhile: it would take the first one's running jobs for lost ones, and
    ask portals twice. Raises StorageError where there is one.

    The lock ends with its process, however that dies; the file beside the database may stay.
    """
    if database is None or sys.platform == "win32":
        yield
        return
    file = database.with_name(f"{database.name}.serve")
    try:
        number = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise StorageError(f"无法在数据库所在的文件夹 {file.parent} 里建立文件，请检查权限和磁盘空间") from error
    try:
        try:
            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise StorageError(
                f"已有一个 gkmonitor serve 在使用数据库 {database}，同一个数据库只能运行一个；要重新启动，请先停止它"
            ) from error
        yield
    finally:
        os.close(number)


@dataclass
class Child:
    """One child process and how it has fared."""

    name: str
    command: Sequence[str]
    descriptors: Sequence[int] = ()  # open files that it goes on with
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    quick_deaths: int = 0
    start_after: float = 0.0
    ends: list[int] = field(default_factory=list)

    def start(self, now: float) -> None:
        # Its own session: a terminal's Ctrl-C reaches only the parent, who tells the children in good order.
        self.process = subprocess.Popen(self.command, start_new_session=True, pass_fds=self.descriptors)
        self.started_at = now


class Supervisor:
    """Starts children, starts those again that die, and ends them all when told to."""

    def __init__(
        self,
        commands: Sequence[tuple[str, Sequence[str]]],
        stopping: threading.Event,
        descriptors: Sequence[int] = (),
    ) -> None:
        self.children = [Child(name, command, descriptors) for name, command in commands]
        self.stopping = stopping

    def run(self, until: Callable[[], bool] = lambda: False) -> None:
        """Until :attr:`stopping` is set (or ``until`` says so); then every child has ended."""
        try:
            while not self.stopping.is_set() and not until():
                self.look(time.monotonic())
                self.stopping.wait(LOOK_SECONDS)
        finally:
            self.end()

    def look(self, now: float) -> None:
        """Start what is not running, unless it has just died again and again."""
        for child in self.children:
            if child.process is not None and child.process.poll() is not None:
                self._note_end(child, now)
            if child.process is None and now >= child.start_after:
                child.start(now)

    def _note_end(self, child: Child, now: float) -> None:
        assert child.process is not None
        code = child.process.returncode
        child.ends.append(code)
        child.process = None
        if now - child.started_at >= QUICK_DEATH_SECONDS:
            child.quick_deaths = 0
        wait = _WAITS[min(child.quick_deaths, len(_WAITS) - 1)]
        child.quick_deaths += 1
        child.start_after = now + wait
        _log.error("%s has ended (%d) and is started again in %g s", child.name, code, wait)

    def end(self) -> None:
        """Tell every child to stop, wait for them together, kill what is left."""
        running = [child for child in self.children if child.process is not None]
        for child in running:
            assert child.process is not None
            child.process.terminate()
        end = time.monotonic() + STOP_SECONDS
        for child in running:
            assert child.process is not None
            try:
                child.process.wait(timeout=max(0.1, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                _log.error("%s did not stop and is killed; its job will be taken back", child.name)
                child.process.kill()
                child.process.wait()
            child.process = None


def worker_commands(count: int) -> list[tuple[str, Sequence[str]]]:
    """The command lines of ``count`` workers and one for short jobs, run by this very Python; they end with it."""
    command = [sys.executable, "-P", "-m", "gkmonitor", "worker", "--parent", str(os.getpid())]
    workers: list[tuple[str, Sequence[str]]] = [(f"worker-{number}", command) for number in range(1, count + 1)]
    return [*workers, ("worker-quick", [*command, "--quick"])]


def web_commands(count: int, listening: int, keeper: Path) -> list[tuple[str, Sequence[str]]]:
    """The command lines of ``count`` web processes at one socket that listens; the first keeps what waits."""
    command = [sys.executable, "-P", "-m", "gkmonitor", "web", "--parent", str(os.getpid())]
    command += ["--listening", str(listening), "--keeper", str(keeper)]
    return [("web-1", [*command, "--keeps"]), *((f"web-{number}", command) for number in range(2, count + 1))]
