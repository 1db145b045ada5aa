from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gkmonitor import workdays
from gkmonitor.errors import CalendarIncomplete, SettingError

KNOWN_DAYS = st.dates(date(2004, 1, 1), date(2025, 12, 31))


@pytest.fixture(autouse=True)
def shipped_calendar() -> Iterator[None]:
    yield
    workdays.use_calendar(None)


@pytest.mark.parametrize(
    ("start", "count", "last"),
    [
        ("2026-02-12", 7, "2026-02-28"),  # across the Spring Festival, ends on a worked Saturday
        ("2026-02-12", 20, "2026-03-18"),
        ("2017-05-27", 30, "2017-07-11"),
        ("2026-02-12", 1, "2026-02-13"),
        ("2026-02-13", 1, "2026-02-14"),  # a worked Saturday counts
        ("2026-02-14", 0, "2026-02-14"),
        ("2025-12-31", 1, "2026-01-04"),  # New Year's holiday, then a worked Sunday
        ("2026-12-28", 3, "2026-12-31"),
    ],
)
def test_limit_counts_from_the_day_after(start: str, count: int, last: str) -> None:
    assert workdays.add_workdays(date.fromisoformat(start), count) == date.fromisoformat(last)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2026-10-01", False),
        ("2026-10-08", True),
        ("2026-10-10", True),  # 调休
        ("2026-10-11", False),
        ("2020-01-31", False),  # the prolonged Spring Festival of 2020
        ("2004-01-17", True),
    ],
)
def test_day_follows_the_published_notice(day: str, expected: bool) -> None:
    assert workdays.is_workday(date.fromisoformat(day)) is expected


@pytest.mark.parametrize(
    ("start", "count", "year"), [("2026-12-28", 7, 2027), ("2026-12-31", 1, 2027), ("2003-12-30", 1, 2003)]
)
def test_year_without_calendar_is_incomplete_not_guessed(start: str, count: int, year: int) -> None:
    with pytest.raises(CalendarIncomplete, match=str(year)) as caught:
        workdays.add_workdays(date.fromisoformat(start), count)
    assert caught.value.year == year


def test_counting_into_an_unknown_year_is_incomplete() -> None:
    with pytest.raises(CalendarIncomplete):
        workdays.workdays_between(date(2026, 12, 1), date(2027, 1, 4))


def test_negative_limit_is_refused() -> None:
    with pytest.raises(ValueError, match="-1"):
        workdays.add_workdays(date(2026, 1, 5), -1)


@given(KNOWN_DAYS, st.integers(0, 60))
def test_between_undoes_add(start: date, count: int) -> None:
    end = workdays.add_workdays(start, count)
    assert workdays.workdays_between(start, end) == count
    assert workdays.workdays_between(end, start) == -count
    assert count == 0 or workdays.is_workday(end)


def test_every_shipped_year_has_a_plausible_number_of_working_days() -> None:
    calendar = workdays.load_calendar()
    assert sorted(calendar.years) == list(range(2004, 2027))
    for year, table in calendar.years.items():
        days = calendar.workdays_between(date(year, 1, 1), date(year, 12, 31)) + calendar.is_workday(date(year, 1, 1))
        assert 244 <= days <= 254, year
        assert all(day.weekday() < 5 for day in table.holidays)
        assert all(day.weekday() >= 5 for day in table.workdays)


def test_office_file_adds_a_year_and_corrects_one(tmp_path: Path) -> None:
    extra = tmp_path / "calendar.yaml"
    extra.write_text(
        "2027: {holidays: [01-01, 2027-02-08], workdays: [02-07]}\n2026: {holidays: [10-08], workdays: []}\n"
    )
    workdays.use_calendar(workdays.load_calendar(extra))
    assert workdays.add_workdays(date(2026, 12, 31), 1) == date(2027, 1, 4)
    assert workdays.is_workday(date(2027, 2, 7))
    assert not workdays.is_workday(date(2027, 2, 8))
    assert workdays.is_workday(date(2026, 10, 1))
    assert not workdays.is_workday(date(2026, 10, 8))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2027: {holidays: [13-01], workdays: []}", "13-01"),
        ("2027: {holidays: [2026-01-01], workdays: []}", "不在 2027 年内"),
        ("2027: {holidays: [01-01], workdays: [01-01]}", "同时列为"),
        ("2027: {holidays: [], workdays: []}", "空的"),
        ("2027: {holidays: [01-01]}", "workdays"),
        ("2027: {holidays: 01-01, workdays: []}", "日期列表"),
        ("next: {holidays: [01-01], workdays: []}", "不是年份"),
        ("[2027]", "按年份"),
        ("2027: {holidays: [", "第 1 行"),
    ],
)
def test_wrong_office_file_says_where_and_what(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "calendar.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SettingError, match=said) as caught:
        workdays.load_calendar(path)
    assert "\n" not in str(caught.value)


def test_missing_office_file_is_a_setting_error(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="无法读取"):
        workdays.load_calendar(tmp_path / "none.yaml")
