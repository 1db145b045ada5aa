"""What each unit is to mend, as papers: one way for the command line, the desk and the API.

A paper asks for what stands now: a problem that was dismissed, exempted, appealed or mended since the month was counted
or issued is on none, and the deadline is the ledger's newest.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

from gkmonitor.dates import parse_day
from gkmonitor.errors import UsageError
from gkmonitor.ledger.decisions import deadline_after
from gkmonitor.monthly.records import MonthNumbers
from gkmonitor.reports.notice.units import UnitNotice, safe_names, unit_notice_docx, unit_notice_xlsx, unit_notices
from gkmonitor.storage import Database
from gkmonitor.storage.standing import standing_deadlines
from gkmonitor.workdays import load_calendar, use_calendar

if TYPE_CHECKING:
    from gkmonitor.settings import Settings

USUAL_WORKDAYS: Final = 10  # what offices give for a written report
PAPERS: Final[dict[str, tuple[str, Callable[[UnitNotice], bytes]]]] = {
    "docx": ("整改通知书", unit_notice_docx),
    "xlsx": ("问题清单", unit_notice_xlsx),
}


def unit_papers(
    database: Database,
    numbers: MonthNumbers,
    deadline: date | None,
    *,
    sees: Callable[[int], bool] = lambda _portal_id: True,
) -> tuple[UnitNotice, ...]:
    """One for each unit whose problems stand, in the order of their names.

    ``deadline``: of problems that the ledger gives none; None: the office has not set one, and the paper says so.
    ``sees``: whether whoever asks may know of a portal.
    """
    seen = [one for one in numbers.problems if sees(one.portal.id)]
    with database.reading() as session:
        standing = standing_deadlines(session, [one.case_id for one in seen])
    left = tuple(replace(one, deadline=standing[one.case_id]) for one in seen if one.case_id in standing)
    return unit_notices(replace(numbers, problems=left), deadline, awaits_deadline=deadline is None)


def paper_file(papers: Sequence[UnitNotice], paper: UnitNotice, form: str) -> tuple[str, bytes]:
    """Name and content of one paper among those of its month. Raises UsageError for another form than docx, xlsx."""
    if form not in PAPERS:
        raise UsageError(f"没有“{form[:20]}”这种格式，可用 {'、'.join(PAPERS)}")
    title, write = PAPERS[form]
    return f"{title}-{safe_names(papers)[paper.unit]}-{paper.month}.{form}", write(paper)


def mending_deadline(settings: Settings, today: date, text: str | None) -> date:
    """The day that is written, else ten working days from today. Raises DateError, LedgerError, UsageError."""
    if text is not None and text.strip():
        day = parse_day(text.strip())
        if day < today:
            raise UsageError(f"整改期限 {day} 已经过去，请写今天或以后的日期")
        return day
    if settings.workday_table:
        use_calendar(load_calendar(Path(settings.workday_table)))
    return deadline_after(today, USUAL_WORKDAYS)
