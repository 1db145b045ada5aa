"""Asking the database how the service is, at most every fifteen seconds however often others ask."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from gkmonitor.condition import Condition, read_condition
from gkmonitor.storage import Database

CACHE_SECONDS: Final = 15.0


class ConditionCache:
    """The newest condition; whoever asks while it is being read waits for that one answer."""

    def __init__(
        self,
        database: Database,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._clock = clock
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._known: tuple[float, Condition] | None = None

    def read(self) -> Condition:
        """Blocks while the database is asked; call it from a thread, never from the event loop."""
        with self._lock:
            if self._known is None or self._monotonic() - self._known[0] >= CACHE_SECONDS:
                found = read_condition(self._database, self._clock())
                self._known = (self._monotonic(), found)
            return self._known[1]
