"""``count_month``: a month's data in, everything that its notice prints out. Pure: no I/O and no clock."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from gkmonitor.monthly.estimating import estimate
from gkmonitor.monthly.following import corrections, trend
from gkmonitor.monthly.grouping import (
    coverage_lines,
    indicator_lines,
    not_monitored,
    ranking,
    region_lines,
    unit_lines,
)
from gkmonitor.monthly.inputs import MonthData
from gkmonitor.monthly.picturing import portal_columns, unit_years
from gkmonitor.monthly.records import (
    NUMBERS_SCHEMA,
    MonthNumbers,
    Office,
    UnqualifiedPortal,
    Verdictless,
)
from gkmonitor.monthly.regions import full_regions
from gkmonitor.monthly.statistics import count_statistics, without_items
from gkmonitor.monthly.tally import Tally, tally


def count_month(data: MonthData) -> MonthNumbers:
    """Everything that the month's notice prints; the same data give the same numbers."""
    counted = tally(data)
    zone, window = ZoneInfo(data.zone), data.window
    last = (min(window.end, data.as_of) - timedelta(microseconds=1)).astimezone(zone).date()
    statistics = count_statistics(counted)
    indicators = indicator_lines(counted)
    portals = {one.portal.id: one.portal for one in data.portals}
    passes = sum(answer.answer == "ok" for one in data.portals if one.inspected for answer in one.inspected.vetoes)
    return MonthNumbers(
        schema=NUMBERS_SCHEMA,
        month=data.month,
        first_day=window.begin.date(),
        last_day=last,
        as_of=data.as_of,
        zone=data.zone,
        version=data.version,
        is_running=data.as_of < window.end,
        office=_office(data),
        statistics=statistics,
        qualified=tuple(one.portal for one in counted.portals("qualified")),
        unqualified=_unqualified(counted),
        undecided=_verdictless(counted, "undecided"),
        not_checked=_verdictless(counted, "not_checked"),
        by_indicator=indicators,
        by_region=region_lines(counted),
        by_unit=unit_lines(counted),
        problems=counted.problems,
        rectification=counted.rectification,
        repeat_offenders=counted.repeat,
        ranking=ranking(counted) if data.office.has_ranking else (),
        coverage=coverage_lines(counted),
        sections_not_monitored=not_monitored(indicators),
        accuracy=estimate(data.samples, passes, is_public=data.office.accuracy_is_public),
        corrections=corrections(data),
        portal_columns=portal_columns(counted),
        unit_years=unit_years(counted),
        trend=trend(data, {one.slug: one.value for one in statistics}),
        named=tuple(one for one in counted.named if one.portal_id in portals),
        names_unconfirmed=data.office.names_unconfirmed,
        full_regions=full_regions(counted),
        without_items=tuple(one.portal for one in without_items(counted)),
    )


def _office(data: MonthData) -> Office:
    year, month = int(data.month[:4]), int(data.month[5:])
    title = f"{data.office.name}关于{year}年{month}月份{data.office.region}政府网站检查情况的通报"
    office = data.office
    return Office(
        *(office.name, office.region, office.addressee, None, None, title),
        *(office.mark, office.copies, office.printer),
    )


def _unqualified(counted: Tally) -> tuple[UnqualifiedPortal, ...]:
    found = []
    for one in counted.portals("unqualified"):
        problems = counted.of_portal[one.portal.id]
        vetoes = dict.fromkeys(problem.rule_title for problem in problems if problem.severity == "veto")
        found.append(UnqualifiedPortal(one.portal, tuple(vetoes), len(problems)))
    return tuple(found)


def _verdictless(counted: Tally, standing: str) -> tuple[Verdictless, ...]:
    return tuple(Verdictless(one.portal, counted.judged[one.portal.id].why) for one in counted.portals(standing))
