"""The service's processes as a test runs them: started by the test, in sessions of their own, and killed by it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

STEP_SECONDS = 0.05


def wait_for(condition: Callable[[], bool], seconds: float) -> bool:
    """Whether the condition came true within the time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(STEP_SECONDS)
    return False


def children_of(pid: int) -> list[int]:
    """Process ids of the direct children (Linux)."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with suppress(OSError, ValueError, IndexError):
                after_name = (folder / "stat").read_text().rpartition(")")[2].split()
                if int(after_name[1]) == pid and after_name[0] != "Z":
                    found.append(int(folder.name))
    return found


def is_alive(pid: int) -> bool:
    """Whether the process is there and no zombie."""
    try:
        return (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def kill(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


class Processes:
    """Named processes of the service over one database. Only these and their own children are ever killed."""

    def __init__(self, address: str, folder: Path, **settings: str) -> None:
        self._environment = {
            **os.environ,
            "GKMONITOR_DATABASE_URL": address,
            "GKMONITOR_PROBE_CANARIES": "none",
            "GKMONITOR_REQUEST_DELAY_SECONDS": "0",
            "GKMONITOR_MAX_PAGES": "8",
            "GKMONITOR_EVIDENCE_DIR": str(folder / "evidence"),
            **settings,
        }
        self._folder = folder
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str) -> None:
        """``name``: a command of gkmonitor, and a number where there are several: worker-1."""
        command = [sys.executable, "-P", "-m", "gkmonitor", name.partition("-")[0]]
        command += ["--port", "0"] if name == "serve" else []
        with (self._folder / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                command, env=self._environment, stdout=log, stderr=log, cwd=self._folder, start_new_session=True
            )

    def start_what_is_dead(self) -> None:
        for name, process in list(self.running.items()):
            if process.poll() is not None:
                self.start(name)

    def kill(self, name: str) -> None:
        self.running[name].kill()
        self.running[name].wait()

    def crawls(self) -> dict[int, str]:
        """Crawl processes by id, with the name of the process that they work for."""
        workers = [(one.pid, name) for name, one in self.running.items() if name.startswith("worker")]
        if "serve" in self.running:
            workers += [(pid, "serve") for pid in children_of(self.running["serve"].pid)]
        return {child: name for pid, name in workers for child in children_of(pid)}

    def kill_everything(self) -> None:
        """The whole group at one moment, crawls too, as when the machine goes."""
        below = [*self.crawls()]
        if "serve" in self.running:
            below += children_of(self.running["serve"].pid)
        for process in self.running.values():
            process.kill()
        for pid in below:
            kill(pid)
        for process in self.running.values():
            process.wait()

    def words(self) -> str:
        """The last lines of every log, for a test that fails."""
        logs = self._folder.glob("*.log")
        return "\n".join(f"--- {one.name}\n{one.read_text(errors='replace')[-1500:]}" for one in logs)


@contextmanager
def processes(address: str, folder: Path, **settings: str) -> Iterator[Processes]:
    made = Processes(address, folder, **settings)
    try:
        yield made
    finally:
        made.kill_everything()
