"""An answer that many people ask for, kept for a few seconds."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

ValueT = TypeVar("ValueT")


class Kept(Generic[ValueT]):
    """The newest answer; whoever asks while it is being read waits for that one."""

    def __init__(
        self, read: Callable[[], ValueT], seconds: float, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._read = read
        self._seconds = seconds
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._known: tuple[float, ValueT] | None = None

    def get(self) -> ValueT:
        """Blocks while it is read; call it from a thread, never from the event loop."""
        with self._lock:
            if self._known is None or self._monotonic() - self._known[0] >= self._seconds:
                found = self._read()
                self._known = (self._monotonic(), found)
            return self._known[1]
