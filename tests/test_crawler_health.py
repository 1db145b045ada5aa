"""When the crawler is unwell: what portals yield, how many fail, what is overdue. No database, no clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from gkmonitor.cycles.health import (
    AlarmKind,
    CycleOutcome,
    Yield,
    YieldDrop,
    default_limits,
    expected_since,
    failed_share_alarm,
    find_yield_drop,
    limits_of,
    overdue_alarm,
    yield_alarm,
)
from gkmonitor.errors import SettingError

LIMITS = default_limits()
NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def drop(now: Yield, *earlier: Yield) -> YieldDrop | None:
    return find_yield_drop(1, now, earlier, LIMITS)


@pytest.mark.parametrize(("pages", "is_drop"), [(60, False), (31, False), (30, False), (29, True), (0, True)])
def test_fewer_than_half_of_the_usual_pages_is_a_drop(pages: int, is_drop: bool) -> None:
    assert (drop(Yield(pages, 20), *[Yield(60, 20)] * 7) is not None) is is_drop


@pytest.mark.parametrize(("columns", "is_drop"), [(20, False), (10, False), (9, True)])
def test_fewer_than_half_of_the_usual_columns_is_a_drop_too(columns: int, is_drop: bool) -> None:
    assert (drop(Yield(60, columns), *[Yield(60, 20)] * 7) is not None) is is_drop


def test_one_bad_or_splendid_night_among_the_earlier_ones_changes_nothing() -> None:
    assert drop(Yield(40, 20), *[Yield(60, 20)] * 5, Yield(1000, 400), Yield(0, 0)) is None


def test_only_the_last_seven_inspections_say_what_is_usual() -> None:
    assert drop(Yield(10, 5), *[Yield(12, 6)] * 7, *[Yield(90, 40)] * 20) is None


def test_a_portal_with_few_inspections_or_few_pages_is_never_called_dropped() -> None:
    assert drop(Yield(0, 0), Yield(60, 20), Yield(60, 20)) is None
    assert drop(Yield(1, 1), *[Yield(3, 3)] * 7) is None


def test_a_drop_says_what_is_usual() -> None:
    found = drop(Yield(12, 3), *[Yield(60, 40)] * 7)
    assert found is not None
    assert found.words == "读到 12 页（平时 60 页）、3 个栏目（平时 40 个）"


def test_the_drops_of_a_cycle_are_one_alarm_that_names_at_most_twenty_portals() -> None:
    one = YieldDrop(1, Yield(1, 1), Yield(9, 9))
    alarm = yield_alarm(5, "2026-11-20/night", [(f"网站{number}", one) for number in range(23)])
    assert alarm is not None
    assert alarm.about == "5"
    assert "23 个网站" in alarm.words
    assert "网站19读到" in alarm.words
    assert "网站20读到" not in alarm.words
    assert "另有 3 个" in alarm.words
    assert yield_alarm(5, "2026-11-20/night", []) is None


def outcomes(newest: int, *earlier: int, portals: int = 100) -> list[CycleOutcome]:
    return [CycleOutcome(99 - place, "night", portals, failed) for place, failed in enumerate((newest, *earlier))]


@pytest.mark.parametrize(
    ("cycles", "is_alarm"),
    [
        (outcomes(22, 3, 3, 3), False),
        (outcomes(23, 3, 3, 3), True),
        (outcomes(60, 58, 59, 60), False),  # always so bad: no jump
        (outcomes(49), False),
        (outcomes(50), True),
        (outcomes(2, 0, 0, portals=2), False),
        ([], False),
    ],
)
def test_far_more_failed_portals_than_usual_is_an_alarm(cycles: list[CycleOutcome], is_alarm: bool) -> None:
    found = failed_share_alarm(cycles, LIMITS)
    assert (found is not None and found.kind is AlarmKind.FAILED_SHARE) is is_alarm


def test_a_cycle_over_no_portal_is_no_alarm() -> None:
    assert failed_share_alarm(outcomes(0, portals=0), LIMITS) is None


@pytest.mark.parametrize(("hours", "is_alarm"), [(35, False), (36, False), (36.1, True), (-1, False)])
def test_what_is_overdue_is_told_after_the_limit_and_never_by_a_clock_moved_back(hours: float, is_alarm: bool) -> None:
    found = overdue_alarm(AlarmKind.CYCLE_OVERDUE, NOW - hours * HOUR, NOW, 36 * HOUR)
    assert (found is not None) is is_alarm


def test_a_service_is_waited_for_only_from_when_it_could_begin() -> None:
    assert expected_since(NOW, NOW - HOUR, None) is None  # switched off
    assert expected_since(None, None, NOW) is None  # no portal
    assert expected_since(None, NOW - HOUR, NOW - 3 * HOUR) == NOW - HOUR
    assert expected_since(NOW - 99 * HOUR, NOW - 200 * HOUR, NOW - HOUR) == NOW - HOUR  # switched on again
    assert expected_since(NOW - 2 * HOUR, NOW - 200 * HOUR, NOW - 99 * HOUR) == NOW - 2 * HOUR


def test_an_office_may_set_its_own_limits_and_junk_is_refused() -> None:
    assert limits_of({"cycle_hours": 200}).cycle_hours == 200
    assert limits_of({}) == LIMITS
    for junk in ({"cycle_hour": 3}, {"cycle_hours": "long"}, {"cycle_hours": 0}, {"cycle_hours": True}):
        with pytest.raises(SettingError, match="cycle_hour"):
            limits_of(junk)
