"""Regions at 100 % and how long they stay there; figures that follow from others. Counted by hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from databases import opened, sqlite_database
from month_builder import HOME, UNREACHABLE, VIOLATION, Town, in_order, veto
from month_samples import sample_numbers

from gkmonitor.issuing import freeze_month, prepare_month
from gkmonitor.monthly.counting import count_month
from gkmonitor.monthly.derived import derived_statistics
from gkmonitor.monthly.following import past_of
from gkmonitor.monthly.inputs import MonthData, TypedFigure
from gkmonitor.monthly.records import FullRegion, MonthNumbers, Statistic
from gkmonitor.monthly.words import NO_REGION
from gkmonitor.pointstable import load_points
from gkmonitor.reports.monthly.annexes import annexes_of
from gkmonitor.reports.notice.text import notice_text
from gkmonitor.rules import available_packs
from gkmonitor.storage.models import PortalRow
from gkmonitor.storage.month_data import gather_month

TABLE = """title: 扣分表
score_departments: true
indicators:
  - name: 发布解读
    points: 30
    deductions:
      - {rule: national-2019-19/column-blank, points: 5}
"""
SEPTEMBER, OCTOBER, NOVEMBER = (datetime(2026, month, 1, 1, tzinfo=UTC) for month in (10, 11, 12))


@pytest.fixture
def town(tmp_path: Path, sqlite_template: Path) -> Iterator[Town]:
    """青禾县 and 清水县 in order in all three months; 白沙县 with a veto in October; one portal without a region."""
    with sqlite_database(tmp_path, sqlite_template) as url, opened(url) as database:
        town = Town(database)
        for short, name in (
            ("A", "青禾县人民政府"),
            ("B", "白沙县人民政府"),
            ("C", "清水县人民政府"),
            ("N", "某集团网"),
        ):
            town.add(short, name, name[:3])
        with database.writing() as session:
            session.get_one(PortalRow, town.portals["N"]).region = None
        bad = [veto(HOME, VIOLATION), veto(UNREACHABLE)]
        town.night("09-30", {short: in_order() for short in "ABCN"})
        for day in ("10-10", "10-11"):
            town.night(day, {"B": bad})
        town.confirm("10-12", "B", HOME)
        town.night("10-31", {"A": in_order(), "B": bad, "C": in_order(), "N": in_order()})
        for day in ("11-10", "11-11", "11-30"):
            town.night(day, {short: in_order() for short in "ABCN"})
        yield town


def issue(town: Town, month: str, now: datetime) -> MonthNumbers:
    numbers = prepare_month(town.database, town.settings, month, now)
    return freeze_month(town.database, town.settings, numbers, actor="张三", now=now, number=None)


def count(town: Town, month: str, now: datetime) -> MonthNumbers:
    return count_month(data_of(town, month, now))


def data_of(town: Town, month: str, now: datetime) -> MonthData:
    return gather_month(town.database, town.settings, month, now)


def test_regions_at_100_percent_are_counted_over_the_months_that_were_issued(town: Town) -> None:
    first = issue(town, "2026-09", SEPTEMBER)
    assert first.full_regions == (FullRegion("清水县", 1), FullRegion("白沙县", 1), FullRegion("青禾县", 1))
    assert (first.value("regions-full"), first.value("regions-full-running")) == (3, None)
    second = issue(town, "2026-10", OCTOBER)
    assert second.full_regions == (FullRegion("清水县", 2), FullRegion("青禾县", 2))
    assert (second.value("regions-full-running"), second.value("regions-full-longest")) == (2, 2)
    third = count(town, "2026-11", NOVEMBER)
    assert third.full_regions == (FullRegion("清水县", 3), FullRegion("青禾县", 3), FullRegion("白沙县", 1))
    assert (third.value("regions-full"), third.value("regions-full-running")) == (3, 2)
    assert third.value("regions-full-longest") == 3


def test_without_last_months_notice_nobody_knows_how_long(town: Town) -> None:
    numbers = count(town, "2026-11", NOVEMBER)
    found = numbers.find("regions-full-running")
    assert found is not None
    assert (found.value, found.why_none) == (None, "2026-10月没有印发通报")
    assert {one.months for one in numbers.full_regions} == {1}


def test_portals_without_a_region_are_no_region(town: Town) -> None:
    numbers = count(town, "2026-11", NOVEMBER)
    assert [one.name for one in numbers.by_region if one.rate == 100].count(NO_REGION) == 1
    assert numbers.value("regions-full") == 3
    assert NO_REGION not in {one.name for one in numbers.full_regions}


def test_a_notice_frozen_before_regions_were_followed_counts_as_one_month() -> None:
    numbers = replace(sample_numbers(), full_regions=())
    assert past_of(numbers).full_regions == {"青禾县": 1}
    followed = replace(numbers, full_regions=(FullRegion("青禾县", 5),))
    assert past_of(followed).full_regions == {"青禾县": 5}


def test_the_notice_tells_which_regions_stay_at_100_percent(town: Town) -> None:
    issue(town, "2026-09", SEPTEMBER)
    numbers = issue(town, "2026-10", OCTOBER)
    told = [part.text for _, parts in notice_text(numbers).sections for part in parts]
    words = "合格率100%的地区2个，其中连续两个月以上的2个：清水县（2个月）、青禾县（2个月）；合格率低于90%的地区1个。"
    assert words in told
    note = next(one.note for one in annexes_of(numbers) if one.slug == "by-region")
    assert note == "连续两个月以上合格率100%的地区：清水县（2个月）、青禾县（2个月）。"
    definitions = next(one for one in annexes_of(numbers) if one.slug == "definitions")
    assert any("上月通报的合格率也是100%" in row[3] for row in definitions.rows)


# ---------------------------------------------------------------- what follows from typed figures


def with_typed(town: Town, **figures: str) -> MonthNumbers:
    typed = tuple(TypedFigure(slug.replace("_", "-"), value, "李四") for slug, value in figures.items())
    return count_month(replace(data_of(town, "2026-11", NOVEMBER), typed=typed))


@pytest.mark.parametrize(
    ("typed", "slug", "value", "why"),
    [
        ({"letters_received": "12", "letters_closed": "9"}, "letters-closed-rate", 75.0, None),
        ({"finder_received": "3", "finder_closed": "3"}, "finder-closed-rate", 100.0, None),
        ({"letters_received": "0", "letters_closed": "0"}, "letters-closed-rate", None, "“网民留言收到数”为0"),
        ({"letters_received": "3", "letters_closed": "4"}, "letters-closed-rate", None, "请核对填报"),
        (
            {"talked_to": "116", "self_criticism": "17", "criticised": "52", "moved_away": "2"},
            "accountability-total",
            187,
            None,
        ),
    ],
)
def test_shares_and_sums_follow_from_what_was_typed(
    town: Town, typed: dict[str, str], slug: str, value: float | None, why: str | None
) -> None:
    found = with_typed(town, **typed).find(slug)
    assert found is not None
    assert (found.value, found.source) == (value, "typed")
    assert (why or "") in (found.why_none or "")
    assert "由人工填写的" in found.definition


def test_what_rests_on_a_blank_figure_is_left_out(town: Town) -> None:
    numbers = with_typed(town, letters_received="12", talked_to="3")
    assert numbers.find("letters-closed-rate") is None
    assert numbers.find("accountability-total") is None
    assert list(derived_statistics({"letters-received": Statistic("letters-received", "x", "many", "条", "y")})) == []


def test_a_derived_figure_stands_in_the_paragraph_of_those_it_rests_on(town: Town) -> None:
    text = notice_text(with_typed(town, letters_received="12", letters_closed="9"))
    (told,) = [part.text for _, parts in text.sections for part in parts if "网民留言办理" in part.head]
    assert told == "网民留言收到12条，网民留言办结9条，网民留言办结率75%。"


# ---------------------------------------------------------------- levels, points


def test_departments_are_counted_by_level_where_the_registry_has_it(town: Town) -> None:
    assert count(town, "2026-11", NOVEMBER).find("running-department-county") is None
    with town.database.writing() as session:
        for short, level in (("A", "city"), ("B", "county"), ("C", "county")):
            session.get_one(PortalRow, town.portals[short]).level = level
    numbers = count(town, "2026-11", NOVEMBER)
    split = {level: numbers.value(f"running-department-{level}") for level in ("city", "county", "unknown")}
    assert split == {"city": 1, "county": 2, "unknown": 1}
    assert numbers.value("running-department") == 4
    told = notice_text(numbers).sections[0][1][0].text
    assert "（其中市级部门网站1家、县级部门网站2家、层级未填的部门网站1家）" in told


def test_bands_of_points_have_their_share(town: Town, tmp_path: Path) -> None:
    table = tmp_path / "points.yaml"
    table.write_text(TABLE, encoding="utf-8")
    points = load_points(table, {rule.id: rule for pack in available_packs().values() for rule in pack.rules})
    numbers = count_month(replace(data_of(town, "2026-10", OCTOBER), points=points))
    assert (numbers.value("score-band-1"), numbers.value("score-band-veto")) == (3, 1)
    assert numbers.value("score-band-1-share") == 75.0
