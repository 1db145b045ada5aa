"""A worker says that it lives while it works."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from databases import opened

from gkmonitor.jobs import Office
from gkmonitor.queueing import EmbeddedQueue
from gkmonitor.settings import load_settings
from gkmonitor.storage.jobs import Job
from gkmonitor.working import _beating

NOW = datetime(2026, 11, 20, 14, 30, tzinfo=UTC)


def test_a_worker_whose_beats_had_to_wait_is_not_taken_for_dead(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A busy database lets a beat wait; counted by their number, beats would fall ever further behind."""
    beaten, moments = threading.Event(), []
    passed = iter([0.0])

    def beat(_session: object, _job: int, _worker: str, moment: datetime) -> None:
        moments.append(moment)
        beaten.set()

    monkeypatch.setattr("gkmonitor.working.time.monotonic", lambda: next(passed, 600.0))
    monkeypatch.setattr("gkmonitor.working.jobs.beat", beat)
    with opened(sqlite_url) as database:
        office = Office(database, load_settings(stalled_seconds=1), EmbeddedQueue(database), lambda: NOW)
        with _beating(office, Job(1, "try", {}, 1), "worker"):
            assert beaten.wait(30)
    assert moments[0] == NOW + timedelta(seconds=600)
