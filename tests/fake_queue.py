"""A queue (``gkmonitor.queueing.Queue``) that only keeps what is put into it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple


class QueuedJob(NamedTuple):
    name: str
    arguments: dict[str, Any]
    priority: int
    unique_key: str | None


class FakeQueue:
    """``jobs``: what waits, in order; of one key one waits."""

    def __init__(self) -> None:
        self.jobs: list[QueuedJob] = []

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
        if unique_key is not None and any(job.unique_key == unique_key for job in self.jobs):
            return False
        self.jobs.append(QueuedJob(name, dict(arguments), priority, unique_key))
        return True

    def live_arguments(self, name: str) -> list[Mapping[str, Any]]:
        return [job.arguments for job in self.jobs if job.name == name]

    def take_back_stalled(self, now: datetime) -> tuple[int, int]:
        return 0, 0
