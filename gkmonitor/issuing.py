"""A month from the ledger to the signature: counted, inspected again where something is to be named, frozen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from gkmonitor.cycles.records import CycleKind, CycleSummary
from gkmonitor.monthly.counting import count_month
from gkmonitor.monthly.inputs import MonthData
from gkmonitor.monthly.records import MonthNumbers
from gkmonitor.monthly.selecting import select_problems
from gkmonitor.storage import Database
from gkmonitor.storage.issued import issue_month, issued_of
from gkmonitor.storage.month_data import gather_month
from gkmonitor.storage.samples import draw_month, month_samples

if TYPE_CHECKING:
    from gkmonitor.settings import Settings


def prepare_month(
    database: Database,
    settings: Settings,
    month: str,
    now: datetime,
    *,
    progress: Callable[[int], None] | None = None,
) -> MonthNumbers:
    """The numbers of a month as they are now, issued or not; once it is over, what people are to review is drawn.

    Raises what ``gather_month`` raises.
    """
    return count_month(_with_samples(database, gather_month(database, settings, month, now, progress=progress)))


def _with_samples(database: Database, data: MonthData) -> MonthData:
    """A month that is over has its samples drawn when it is counted for the first time."""
    if data.as_of < data.window.end:
        return data
    with database.writing() as session:
        if not draw_month(session, data.month, data.portals, data.as_of):
            return data
        return replace(data, samples=month_samples(session, data.month))


def month_to_print(
    database: Database,
    settings: Settings,
    month: str,
    now: datetime,
    *,
    progress: Callable[[int], None] | None = None,
) -> MonthNumbers:
    """What a document of the month is made of: the frozen numbers where it was issued, else those of now."""
    with database.reading() as session:
        frozen = issued_of(session, month)
    return frozen or prepare_month(database, settings, month, now, progress=progress)


def freeze_month(
    database: Database, settings: Settings, numbers: MonthNumbers, *, actor: str, now: datetime, number: str | None
) -> MonthNumbers:
    """Issues the numbers; gives them with number and date. Raises LedgerError, see ``storage.issued.issue_month``."""
    today = now.astimezone(ZoneInfo(settings.timezone)).date()
    with database.writing() as session:
        return issue_month(session, settings, numbers, actor=actor, today=today, now=now, number=number)


# ---------------------------------------------------------------- inspecting again


def portals_to_recheck(data: MonthData) -> list[int]:
    """The portals with a problem that is about to be named, or that would be if it were seen again."""
    selection = select_problems(data, data.window)
    standing = {one.portal.id for one in selection.problems if one.state == "standing"}
    return sorted(standing | {one.portal_id for one in selection.unseen})


def recheck_month(
    database: Database,
    settings: Settings,
    month: str,
    clock: Callable[[], datetime],
    *,
    progress: Callable[[Any], None] | None = None,
    begun: Callable[[int], None] | None = None,
) -> CycleSummary | None:
    """Inspects those portals now and writes the ledger; None where nothing is to be named.

    ``begun`` is told how many there are. Raises what ``gather_month`` and ``run_cycle`` raise.
    """
    from gkmonitor.cycles.whole import run_cycle

    now = clock()
    portals = portals_to_recheck(gather_month(database, settings, month, now))
    if not portals:
        return None
    if begun is not None:
        begun(len(portals))
    day = now.astimezone(ZoneInfo(settings.timezone)).date()
    return run_cycle(
        database,
        settings,
        portals,
        name=f"{day.isoformat()}/recheck/{month}/{now:%Y%m%dT%H%M%S%f}",
        kind=CycleKind.RECHECK,
        as_of=day,
        clock=clock,
        progress=progress,
    )
