"""A month's numbers at the desk: counted once in the background, kept for a while, and shown as they were counted."""

from __future__ import annotations

import hashlib
import logging
import threading
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

from starlette.requests import Request

from gkmonitor.errors import GkmonitorError
from gkmonitor.issuing import prepare_month
from gkmonitor.monthly.plain import month_json
from gkmonitor.monthly.records import MonthNumbers
from gkmonitor.storage.issued import issued_of
from gkmonitor.web.desk import Desk, desk
from gkmonitor.web.keeper import require_keeper

_log = logging.getLogger(__name__)
PATIENCE_SECONDS: Final = 5.0  # a page waits for so long before it says that the month is being counted
KEPT: Final = timedelta(hours=1)
MAX_KEPT: Final = 6  # months


def last_month(today: date) -> date:
    """The first day of the month before: what is worked on when it is over."""
    return date(today.year - (today.month == 1), (today.month - 2) % 12 + 1, 1)


@dataclass
class Count:
    """One count of a month: under way, done, or failed with ``error``, in words for people."""

    month: str
    begun_at: datetime
    done: threading.Event = field(default_factory=threading.Event)
    numbers: MonthNumbers | None = None
    error: str = ""

    @property
    def digest(self) -> str:
        """Tells this count from every other one: what is issued is what was looked at."""
        return hashlib.sha256(month_json(self.numbers)).hexdigest() if self.numbers is not None else ""


class Months:
    """The counts of one application. Whoever asks for a month that is being counted waits for that one count."""

    def __init__(self) -> None:
        self._counts: dict[str, Count] = {}
        self._lock = threading.Lock()

    def count(self, here: Desk, month: str, *, anew: bool = False, patience: float = PATIENCE_SECONDS) -> Count:
        """The count of a month that is fresh, else a new one; it may still be under way when patience ends."""
        with self._lock:
            known = self._counts.get(month)
            if known is None or self._is_stale(known, here.now, anew=anew):
                known = Count(month, here.now)
                self._counts[month] = known
                self._forget_old()
                threading.Thread(target=_run, args=(known, here), name=f"month {month}", daemon=True).start()
        known.done.wait(patience)
        return known

    def forget(self, month: str) -> None:
        """Something that the count rests on has changed."""
        with self._lock:
            known = self._counts.get(month)
            if known is not None and known.done.is_set():
                del self._counts[month]

    def _is_stale(self, known: Count, now: datetime, *, anew: bool) -> bool:
        return known.done.is_set() and (anew or bool(known.error) or now - known.begun_at >= KEPT)

    def _forget_old(self) -> None:
        ended = [one for one in self._counts.values() if one.done.is_set()]
        for one in sorted(ended, key=lambda one: one.begun_at)[: max(0, len(self._counts) - MAX_KEPT)]:
            del self._counts[one.month]


def _run(count: Count, here: Desk) -> None:
    try:
        count.numbers = prepare_month(here.database, here.settings, count.month, here.now)
    except GkmonitorError as error:
        count.error = str(error)
    except Exception:  # a thread of its own: the failure is kept for whoever waits
        _log.exception("the month %s could not be counted", count.month)
        count.error = "统计时程序出错，请查看服务日志"
    finally:
        count.done.set()


_making = threading.Lock()


def months(request: Request) -> Months:
    """The one of this application."""
    require_keeper(request)
    with _making:
        if not hasattr(request.app.state, "months"):
            request.app.state.months = Months()
        found: Months = request.app.state.months
        return found


def shown_month(
    request: Request, month: str, *, anew: bool = False, patience: float = PATIENCE_SECONDS
) -> tuple[MonthNumbers | None, Count | None]:
    """(the frozen numbers, None) of an issued month; else (the numbers or None, the count)."""
    here = desk(request)
    with here.database.reading() as session:
        frozen = issued_of(session, month)
    if frozen is not None:
        return frozen, None
    count = months(request).count(here, month, anew=anew, patience=patience)
    return count.numbers, count
