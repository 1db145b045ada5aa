"""The ledger that the browser looks at: a city with some of everything, and one portal whose pages were kept."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from evidence_cases import Office
from month_builder import HOME, VIOLATION, Town, in_order, stale, veto
from test_month_golden import NOW, build

from gkmonitor.ledger.records import EventKind
from gkmonitor.records import Profile
from gkmonitor.rules import available_packs
from gkmonitor.storage import Database
from gkmonitor.storage.models import ProbeDayRow
from gkmonitor.storage.portals import get_portal
from gkmonitor.storage.tasks import ensure_tasks

TODAY = date(2026, 12, 1)
OFFICES = ("云岭区人民政府", "云岭区教育局", "云岭区卫生健康局", "云岭区民政局", "云岭区交通运输局")
COLUMNS = ("要闻动态", "通知公告", "政策解读", "财政预决算", "重点领域信息公开")


def build_town(database: Database, folder: Path) -> Town:
    """Everything; ``folder`` is where evidence goes."""
    office = Office(database, folder)
    for number in range(2):
        office.find_blank(number)
    town = build(database)
    for number, name in enumerate(OFFICES):
        profile = Profile.COUNTY_PORTAL if number == 0 else Profile.DEPARTMENT
        town.add(name, name, "云岭区", profile)
    seen = {name: in_order(*(stale(one) for one in COLUMNS[: 5 - number])) for number, name in enumerate(OFFICES)}
    seen[OFFICES[4]] = [veto(HOME, VIOLATION), stale(COLUMNS[0])]
    for day in ("11-28", "11-29"):
        town.night(day, seen)
    told = town.confirm("11-30", OFFICES[3], name=COLUMNS[0])
    town.decide("11-30", EventKind.NOTIFIED, told, deadline=date(2026, 12, 15))
    with database.writing() as session:
        session.add_all(
            ProbeDayRow(portal_id=portal, day=TODAY - timedelta(days=back), up=20 - back % 3 // 2, down=back % 3 // 2)
            for portal in map(town.portals.__getitem__, OFFICES)
            for back in range(1, 40)
        )
        entry = get_portal(session, town.portals[OFFICES[0]])
        ensure_tasks(session, [entry], "2026-12", list(available_packs().values()), NOW, undecided={})
    return town
