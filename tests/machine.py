"""How busy the machine is: limits given for an idle one hold on a busy one too, and stay sharp on an idle one."""

from __future__ import annotations

import time
from collections.abc import Callable

IDLE_SECONDS = 0.011  # what the fixed piece of work takes on an idle core


def _seconds(clock: Callable[[], float]) -> float:
    start = clock()
    sum(number * number for number in range(200_000))
    return clock() - start


def cpu_slowness() -> float:
    """How many times longer than on an idle core a fixed piece of work takes just now, in CPU time; never below 1."""
    return max(1.0, min(_seconds(time.process_time) for _ in range(5)) / IDLE_SECONDS)


def patience() -> float:
    """The same for the bound of one page's reading, at most half as much again: what takes longer is too slow."""
    return min(1.5, cpu_slowness())


def wall_slowness() -> float:
    """The same by the clock on the wall: waiting for a core counts."""
    return max(1.0, sorted(_seconds(time.perf_counter) for _ in range(5))[2] / IDLE_SECONDS)
