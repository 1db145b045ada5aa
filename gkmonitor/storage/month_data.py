"""Gathering a month from the database: everything that ``count_month`` looks at, in one snapshot."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from gkmonitor import __version__
from gkmonitor.errors import UnfinishedError, UsageError
from gkmonitor.ledger.tasks import first_of
from gkmonitor.monthly.inputs import (
    CaseMonth,
    MonthData,
    OfficeChoices,
    RuleWords,
    TypedFigure,
    month_before,
    window_of,
)
from gkmonitor.monthly.lives import Window
from gkmonitor.office import load_choices
from gkmonitor.rulebook import RulePack
from gkmonitor.rules import available_packs
from gkmonitor.storage.engine import Database
from gkmonitor.storage.issued import past_months
from gkmonitor.storage.models import PortalRow, TypedFigureRow
from gkmonitor.storage.month_cases import month_cases, waiting_cases, words_of_rules
from gkmonitor.storage.month_portals import Days, Progress, month_portals, task_counts, was_inspected
from gkmonitor.storage.samples import month_samples

if TYPE_CHECKING:
    from gkmonitor.settings import Settings

MONTHS_BACK: Final = 12
EARLIEST_YEAR: Final = 2000


def require_month(month: str, now: datetime, zone: str) -> str:
    """The month as 2026-11. Raises LedgerError for a malformed one, UsageError for one far off or to come."""
    chosen = first_of(month).isoformat()[:7]
    if first_of(chosen).year < EARLIEST_YEAR:
        raise UsageError(f"{chosen} 太早，请写 {EARLIEST_YEAR} 年以后的月份")
    today = now.astimezone(ZoneInfo(zone)).date()
    if first_of(chosen) > today:
        raise UsageError(f"{chosen} 还没有到（今天是 {today}），不能统计将来的月份")
    return chosen


def gather_month(
    database: Database, settings: Settings, month: str, now: datetime, *, progress: Progress | None = None
) -> MonthData:
    """What the ledger knows of a month (2026-11), at one snapshot; ``now`` is when it is counted.

    Raises LedgerError for a malformed month, UsageError for a future one, UnfinishedError when no portal is registered.
    """
    chosen = require_month(month, now, settings.timezone)
    window, before = window_of(chosen, settings.timezone), window_of(month_before(chosen), settings.timezone)
    choices = load_choices(settings)
    with database.reading() as session:
        if session.scalar(select(PortalRow.id).where(PortalRow.state == "active").limit(1)) is None:
            raise UnfinishedError("登记簿中没有在运行的网站，没有可以统计的内容；请先用 gkmonitor sites import 导入")
        portals = month_portals(session, chosen, window, _days(window), progress)
        cases = tuple(month_cases(session, before.begin))
        months = [month_before(chosen, back) for back in range(1, MONTHS_BACK + 1)]
        issued = past_months(session, months, {case.id for case in cases if _was_cleared(case)})
        by_month = {one.month: one for one in issued}
        return MonthData(
            month=chosen,
            zone=settings.timezone,
            as_of=now,
            version=__version__,
            portals=tuple(portals),
            cases=cases,
            rules=_rules(session, choices.cadence, cases),
            office=_office(settings),
            previous=by_month.get(months[0]),
            year_ago=by_month.get(months[-1]),
            issued=issued,
            typed=typed_figures(session, chosen),
            tasks=task_counts(session, chosen),
            samples=month_samples(session, chosen),
            points=choices.points,
            waiting=waiting_cases(session),
            has_month_before=was_inspected(session, before),
        )


def _was_cleared(case: CaseMonth) -> bool:
    return any(span.how == "void" for span in case.spans)


def _days(window: Window) -> Days:
    return Days(window.begin.date(), (window.end - timedelta(days=1)).date())


def _office(settings: Settings) -> OfficeChoices:
    return OfficeChoices(
        settings.office_name,
        settings.region_name,
        settings.addressee,
        settings.name_unconfirmed,
        settings.accuracy_in_annex,
        settings.ranking,
        settings.notice_mark.strip(),
        settings.notice_copies.strip(),
        settings.notice_printer.strip(),
    )


def _rules(session: Session, cadence: RulePack | None, cases: tuple[CaseMonth, ...]) -> dict[str, RuleWords]:
    """How every rule is cited: by the packs, else by what its cases quote."""
    packs = [*available_packs().values(), *([cadence] if cadence is not None else [])]
    found = {
        rule.id: RuleWords(rule.title, rule.document, rule.clause, rule.words) for pack in packs for rule in pack.rules
    }
    for pack in packs:
        document = pack.documents[0] if pack.documents else pack.title
        found |= {task.id: RuleWords(task.title, document, task.clause, task.words) for task in pack.tasks}
    unknown = sorted({case.rule for case in cases} - set(found))
    return found | words_of_rules(session, unknown)


def typed_figures(session: Session, month: str) -> tuple[TypedFigure, ...]:
    """The figures that people typed in for a month."""
    columns = select(TypedFigureRow.slug, TypedFigureRow.value, TypedFigureRow.signed_by)
    rows = session.execute(columns.where(TypedFigureRow.month == month).order_by(TypedFigureRow.slug))
    return tuple(TypedFigure(slug, value, signed_by) for slug, value, signed_by in rows)
