"""What is still to be fetched from one portal, most telling first, and what may still be spent on it.

Addresses are compared before a Request is made of them: the seen set, the trap guard and the budget all live here.
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from gkmonitor.records import Endpoint
from spiders.addresses import page_key
from spiders.traps import TrapGuard


class Purpose(StrEnum):
    """Why a page is fetched."""

    HOME = "home"
    HOME_FRAME = "home_frame"
    COLUMN = "column"
    FRAME = "frame"
    DATA = "data"
    LIST_PAGE = "list_page"
    ARTICLE = "article"
    HOME_ITEM = "home_item"
    CONFIRM = "confirm"
    SAMPLE = "sample"  # an entry opened for what it says: decisions, letters, guides, drafts
    SHEET = "sheet"  # an attached sheet that holds a column's decisions
    RENDER = "render"


# An article that turns out to be a column, or a list that is confirmed, is worth a second fetch.
_FETCHED_APART = (Purpose.HOME, Purpose.HOME_ITEM, Purpose.ARTICLE, Purpose.CONFIRM, Purpose.RENDER)


@dataclass(slots=True)  # not frozen: a portal has hundreds, and freezing takes most of making one
class Task:
    """One fetch to make, which nobody changes. ``column`` is the key of the column visit that it serves; lower priority
    comes first."""

    purpose: Purpose
    url: str
    priority: int
    column: str | None = None
    item_url: str | None = None
    endpoint: Endpoint | None = None
    hops: int = 0  # redirects by the pages themselves that led here
    attempt: int = 1

    @property
    def key(self) -> tuple[str, ...]:
        """What makes this the same fetch as another one."""
        if self.endpoint is None and self.attempt == 1 and self.purpose not in _FETCHED_APART:
            return (page_key(self.url), "1")  # nearly all
        form = self.endpoint.form if self.endpoint else ()
        again = f"{self.purpose if self.purpose in _FETCHED_APART else ''}{self.attempt}"
        return (page_key(self.url), again, *[f"{name}={value}" for name, value in form])


@dataclass(slots=True)
class Budget:
    """What one portal may cost. Bytes are of bodies as decompressed."""

    max_pages: int
    max_bytes: int
    pages: int = 0
    bytes: int = 0

    def spend(self, pages: int, size: int) -> None:
        self.pages += pages
        self.bytes += size

    @property
    def is_spent(self) -> bool:
        return self.is_spent_with(0)

    def is_spent_with(self, pages: int) -> bool:
        """Whether nothing more may be asked while ``pages`` are still under way."""
        return self.pages + pages >= self.max_pages or self.bytes >= self.max_bytes


@dataclass(slots=True)
class Frontier:
    """A priority queue that takes each address once."""

    guard: TrapGuard = field(default_factory=TrapGuard)
    _heap: list[tuple[int, int, Task]] = field(default_factory=list)
    _seen: set[tuple[str, ...]] = field(default_factory=set)
    _order: itertools.count[int] = field(default_factory=itertools.count)

    def __len__(self) -> int:
        return len(self._heap)

    def push(self, task: Task) -> bool:
        """Queue the task; False when its address was queued before or leads into a trap."""
        key = task.key
        if key in self._seen:
            return False
        if task.purpose is not Purpose.HOME and self.guard.refuse(task.url, task.purpose is Purpose.COLUMN):
            return False
        self._seen.add(key)
        heapq.heappush(self._heap, (task.priority, next(self._order), task))
        return True

    def pop(self, is_worthwhile: Callable[[Task], bool]) -> Task | None:
        """The next task that is still worth its fetch; the others are dropped."""
        while self._heap:
            task = heapq.heappop(self._heap)[2]
            if is_worthwhile(task):
                return task
        return None

    def waiting(self) -> list[Task]:
        """The queued tasks, in no particular order."""
        return [task for _, _, task in self._heap]
