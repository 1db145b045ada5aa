"""What every view needs: the database, the settings, the clock, the queue."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from starlette.requests import Request

from gkmonitor.queueing import Queue, queue_of
from gkmonitor.storage import Database

if TYPE_CHECKING:
    from gkmonitor.settings import Settings


@dataclass(slots=True)
class Desk:
    """One for the whole application; views ask for it with ``desk(request)``."""

    database: Database
    settings: Settings
    clock: Callable[[], datetime]
    _queue: Queue | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def now(self) -> datetime:
        """The instant, in UTC."""
        return self.clock()

    @property
    def zone(self) -> ZoneInfo:
        """The office's time zone."""
        return ZoneInfo(self.settings.timezone)

    @property
    def today(self) -> date:
        """The day in the office's time zone."""
        return self.clock().astimezone(self.zone).date()

    @property
    def evidence(self) -> Path:
        """The folder of the evidence."""
        return self.settings.evidence_folder

    @property
    def queue(self) -> Queue:
        """Where work is put; opened when first asked for. Raises StorageError."""
        with self._lock:
            if self._queue is None:
                self._queue = queue_of(self.database, self.settings.stalled_seconds)
            return self._queue


def desk(request: Request) -> Desk:
    """The desk that answers this request."""
    found: Desk = request.app.state.desk
    return found
