"""November 2026 of a made-up city, told through the ledger's own functions; every number here was counted by hand.

=====  ================  ======  ============================================================================
short  portal            region  what happens
=====  ================  ======  ============================================================================
A      青禾县人民政府    青禾县  column 要闻 stale on 2 and 3 Nov, confirmed on 4 Nov, still stale on 30 Nov
B      青禾县教育局      青禾县  veto on 5 and 6 Nov, confirmed on 7 Nov, clean on 10 and 11 Nov: mended
C      白沙县人民政府    白沙县  a veto undecided and ticked by a person; 动态 stale and waiting for a person;
                                 通知 confirmed in October and mended on 11 Nov
D      白沙县财政局      白沙县  blocked all month
E      白沙县水务局      白沙县  confirmed in October, stale on 20 Nov, could not be seen on 30 Nov; a veto undecided
F      白沙县旅游局      白沙县  confirmed, and paused since: counts nowhere
G      青禾县统计局      青禾县  数据 confirmed in October, still stale on 30 Nov;
                                 公报 confirmed on 4 Nov, an appeal upheld on 6 Nov
=====  ================  ======  ============================================================================
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from databases import Postgres, opened, sqlite_database
from facts_builder import column as column_facts
from facts_builder import item
from month_builder import HOME, OK, UNREACHABLE, VIOLATION, Town, in_order, stale, veto
from sqlalchemy import select, update

from gkmonitor.cycles.records import Failure
from gkmonitor.ledger.records import EventKind
from gkmonitor.monthly.counting import count_month
from gkmonitor.monthly.inputs import MonthData
from gkmonitor.monthly.plain import month_json
from gkmonitor.monthly.records import MonthNumbers
from gkmonitor.records import Outcome, Profile, Reason
from gkmonitor.storage import Database
from gkmonitor.storage.models import InspectionRow, ProbeDayRow
from gkmonitor.storage.month_data import gather_month

NOW = datetime(2026, 12, 1, 1, tzinfo=UTC)  # nine o'clock on 1 December
SHARED = item("2026-11-12", "青禾县召开会议", url="http://qinghe.example/1.html")


def build(database: Database) -> Town:
    town = Town(database)
    town.add("A", "青禾县人民政府", "青禾县", Profile.COUNTY_PORTAL)
    town.add("B", "青禾县教育局", "青禾县")
    town.add("C", "白沙县人民政府", "白沙县", Profile.COUNTY_PORTAL)
    for short, name in (("D", "白沙县财政局"), ("E", "白沙县水务局"), ("F", "白沙县旅游局")):
        town.add(short, name, "白沙县")
    town.add("G", "青禾县统计局", "青禾县")
    _october(town)
    _november(town)
    return town


def _october(town: Town) -> None:
    seen = {
        "C": in_order(stale("通知")),
        "E": in_order(stale("水情")),
        "F": in_order(stale("景点")),
        "G": in_order(stale("数据")),
    }
    town.night("10-10", seen)
    town.night("10-11", seen)
    for short in "CEFG":
        town.confirm("10-12", short)


def _november(town: Town) -> None:
    news = column_facts("要闻", "news", [SHARED, item("2026-11-20"), item("2026-10-20")])
    notices = column_facts("公告", "notices", [SHARED, item("2026-11-21", "公告一")])
    a, g = in_order(stale("要闻"), stale("公告", OK, "notices")), in_order(stale("数据"), stale("公报"))
    town.night("11-02", {"A": a, "G": g}, columns={"A": [news, notices]})
    town.night("11-03", {"A": a, "G": g, "C": in_order(stale("动态"), stale("通知"))})
    town.confirm("11-04", "A")
    bulletin = town.confirm("11-04", "G", name="公报")
    b = [veto(HOME, VIOLATION), veto(UNREACHABLE)]
    town.night("11-05", {"B": b})
    town.night("11-06", {"B": b, "C": in_order(stale("动态"), stale("通知", OK))})
    town.decide("11-05", EventKind.APPEALED, bulletin, note="已更新")
    town.decide("11-06", EventKind.APPEAL_UPHELD, bulletin, note="情况属实")
    town.confirm("11-07", "B", HOME)
    town.night("11-10", {"B": in_order()})
    town.night("11-11", {"B": in_order(), "C": in_order(stale("动态"), stale("通知", OK))})
    town.night("11-20", {"E": in_order(stale("水情"))}, failures={"D": Failure.BLOCKED})
    open_veto = [veto(HOME), veto(UNREACHABLE, Outcome.UNDECIDED, Reason.NOT_OBSERVED)]
    town.night(
        "11-30",
        {
            "A": a,
            "C": [*open_veto, stale("动态"), stale("通知", OK)],
            "E": [*open_veto, stale("水情", Outcome.UNDECIDED, "news", Reason.UNDATED)],
            "F": in_order(stale("景点")),
            "G": in_order(stale("数据"), stale("公报", OK)),
        },
    )
    town.tick("11-30", "C", UNREACHABLE, "2026-11")
    town.pause("F")
    with town.database.writing() as session:
        session.add(ProbeDayRow(portal_id=town.portals["A"], day=date(2026, 11, 2), up=95, down=4, blocked=1, void=3))
        session.add(ProbeDayRow(portal_id=town.portals["B"], day=date(2026, 11, 2), up=100, down=0, blocked=0, void=0))


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Town]:
    """Shared by the tests that only look."""
    folder = tmp_path_factory.mktemp("month")
    with sqlite_database(folder, sqlite_template) as url, opened(url) as database:
        yield build(database)


def data_of(town: Town, month: str = "2026-11", now: datetime = NOW) -> MonthData:
    return gather_month(town.database, town.settings, month, now)


def count(town: Town, month: str = "2026-11", now: datetime = NOW) -> MonthNumbers:
    return count_month(data_of(town, month, now))


COUNTED = {
    "running": 6,
    "running-county-portal": 2,
    "running-department": 4,
    "checked": 5,
    "checked-share": 83.33,
    "not-checked": 1,
    "qualified": 3,
    "unqualified": 1,
    "undecided": 1,
    "qualified-rate": 75.0,
    "unqualified-rate": 25.0,
    "decided-share": 66.67,
    "regions-full": 1,
    "regions-full-running": None,
    "regions-full-longest": None,
    "regions-low": 1,
    "problems": 3,
    "vetoes": 1,
    "deductions": 2,
    "problem-portals": 3,
    "veto-portals": 1,
    "deduction-portals": 2,
    "mended": 1,
    "person-problems": 0,
    "left-unseen": 1,
    "left-appealed": 0,
    "left-void": 1,
    "waiting": 1,
    "hits-home": 1,
    "hits-stale": 2,
    "hits-blank": 0,
    "columns-due": 6,
    "items": 3,
    "items-news": 2,
    "items-disclosure": 1,
    "without-items": 4,
    "units-without-items": 1,
    "probes": 200,
    "down-share": 2.0,
    "down-portals": 1,
    "tasks-done": 1,
    "last-problems": 3,
    "last-mended": 1,
    "last-unmended": 1,
    "last-unclear": 1,
    "rectification-rate": 50.0,
    "repeat-offenders": 1,
    "repeat-longest": 2,
    "site-letters": None,
    "qualified-rate-change": None,
    "qualified-rate-year": None,
}


def test_every_number_is_the_one_counted_by_hand(town: Town) -> None:
    numbers = count(town)
    assert {slug: numbers.value(slug) for slug in COUNTED} == COUNTED
    assert all(one.why_none for one in numbers.statistics if one.value is None)
    assert all(one.definition for one in numbers.statistics)


def test_who_is_named_and_who_is_not(town: Town) -> None:
    numbers = count(town)
    named = [(one.portal.name, one.column, one.state, one.is_old) for one in numbers.problems]
    assert named == [
        ("青禾县教育局", None, "mended", False),
        ("青禾县人民政府", "要闻", "standing", False),
        ("青禾县统计局", "数据", "standing", True),
    ]
    shown = numbers.problems[1]
    assert (shown.measured, shown.required, shown.latest, shown.days) == ("2026-01-02", "2周", date(2026, 1, 2), 300)
    assert (shown.path, shown.first_seen, shown.confirmed_on) == (
        ("首页", "要闻"),
        date(2026, 11, 2),
        date(2026, 11, 4),
    )
    assert shown.document.startswith("国办秘函〔2019〕19号")
    assert [one.portal.name for one in numbers.unqualified] == ["青禾县教育局"]
    assert [one.name for one in numbers.qualified] == ["青禾县人民政府", "白沙县人民政府", "青禾县统计局"]
    assert [(one.portal.name, one.why) for one in numbers.not_checked] == [
        ("白沙县财政局", "被防护页面、登录或 robots.txt 挡住")
    ]
    (undecided,) = numbers.undecided
    assert undecided.portal.name == "白沙县水务局"
    assert "未能判定" in undecided.why


def test_last_months_problems_and_repeat_offenders(town: Town) -> None:
    numbers = count(town)
    assert [one.column for one in numbers.rectification.unmended] == ["数据"]
    assert numbers.rectification.source == "counted"
    (repeat,) = numbers.repeat_offenders
    assert (repeat.portal.name, repeat.months, repeat.columns) == ("青禾县统计局", 2, ("数据",))


def test_regions_indicators_and_ranking(town: Town) -> None:
    numbers = count(town)
    regions = [
        (one.name, one.running, one.checked, one.qualified, one.unqualified, one.rate) for one in numbers.by_region
    ]
    assert regions == [("白沙县", 3, 2, 1, 0, 100.0), ("青禾县", 3, 3, 2, 1, 66.67)]
    lines = {one.slug: one for one in numbers.by_indicator}
    assert (lines["home"].text, lines["stale"].text) == ("1个", "2个")
    unreachable = lines["unreachable"]
    assert (unreachable.finding, unreachable.decided, unreachable.undecided) == ("clean", 3, 2)
    assert lines["interaction"].text == "本月未监测（没有适用的检查规则）"
    assert [(one.rank, one.portal.name) for one in numbers.ranking] == [
        (1, "白沙县人民政府"),
        (1, "白沙县水务局"),
        (3, "青禾县人民政府"),
        (3, "青禾县统计局"),
        (5, "青禾县教育局"),
    ]


def test_the_matrix_accuses_only_where_a_problem_is_confirmed(town: Town) -> None:
    matrix = count(town).portal_columns
    assert matrix.heads == ("动态要闻", "通知公告")
    rows = {row.name: row.cells for row in matrix.rows}
    assert rows["青禾县人民政府"] == ("violation", "ok")
    assert rows["白沙县人民政府"] == ("undecided", "none")
    assert rows["白沙县水务局"] == ("undecided", "none")


def test_the_same_month_gives_the_same_bytes(town: Town) -> None:
    data = data_of(town)
    assert month_json(count_month(data)) == month_json(count_month(data_of(town)))


@pytest.mark.parametrize("digest", [None, zlib.compress(b"[0]")])
def test_inspections_without_a_digest_of_this_reading_give_the_same_bytes(town: Town, digest: bytes | None) -> None:
    """Those of an earlier release: their verdicts are read instead."""
    body = month_json(count(town))
    with town.database.writing() as session:
        kept = dict(session.execute(select(InspectionRow.id, InspectionRow.digest)).all())
        session.execute(update(InspectionRow).values(digest=digest))
    try:
        assert sum(one is not None for one in kept.values()) > 10
        assert month_json(count(town)) == body
    finally:
        with town.database.writing() as session:
            for number, one in kept.items():
                session.execute(update(InspectionRow).where(InspectionRow.id == number).values(digest=one))


def test_both_databases_give_the_same_numbers(town: Town, postgres: Postgres) -> None:
    here = count(town)
    with postgres.database() as url, opened(url) as database:
        other = count(build(database))
    assert other.statistics == here.statistics
    assert [one.message for one in other.problems] == [one.message for one in here.problems]
    assert (other.by_region, other.by_indicator, other.coverage) == (here.by_region, here.by_indicator, here.coverage)
    assert [row.cells for row in other.portal_columns.rows] == [row.cells for row in here.portal_columns.rows]
