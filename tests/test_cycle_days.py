"""For which day an inspection is judged, and what a past one is explained with."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from databases import opened
from office_portals import OfficePortal, always, register, running

from gkmonitor.cycles.knowing import as_known_before
from gkmonitor.cycles.records import Cycle, CycleKind
from gkmonitor.cycles.running import day_to_judge, inspect_shard, start_cycle
from gkmonitor.records import History, KnownColumn
from gkmonitor.settings import load_settings
from gkmonitor.storage import inspections
from gkmonitor.storage.cases import list_cases

ZONE = ZoneInfo("Asia/Shanghai")


def local(day: int, hour: int) -> datetime:
    return datetime(2035, 6, day, hour, 30, tzinfo=ZONE)


def cycle(as_of: int, begun: datetime) -> Cycle:
    return Cycle(1, "night", CycleKind.REGULAR, date(2035, 6, as_of), begun)


@pytest.mark.parametrize(
    ("as_of", "now", "judged"),
    [
        (5, local(5, 23), 5),
        (5, local(6, 2), 6),  # after midnight
        (5, local(6, 23), 6),  # what was left for the next night
        (5, local(5, 22).replace(hour=21), 5),
        (5, local(4, 23), 5),  # the clock was moved back
        (1, local(6, 2), 1),  # a replayed day
        (9, local(6, 2), 9),
    ],
)
def test_a_cycle_of_today_goes_with_the_calendar_and_a_replayed_one_keeps_its_day(as_of, now, judged) -> None:
    assert day_to_judge(cycle(as_of, local(5, 22)), now, ZONE) == date(2035, 6, judged)


def test_what_is_crawled_the_next_evening_is_judged_stored_and_told_for_that_day(sqlite_url: str) -> None:
    portal = OfficePortal("青禾县水务集团", {"通知公告": always}, date(2035, 6, 6))
    settings = load_settings(request_delay_seconds=0, max_pages=8)
    with running([portal]), opened(sqlite_url) as database:
        register(database, [portal])
        begun = start_cycle(
            database, name="2035-06-05/night", kind=CycleKind.REGULAR, as_of=date(2035, 6, 5),
            portal_ids=[portal.id], now=local(5, 22),
        )  # fmt: skip
        inspect_shard(database, settings, begun, clock=lambda: local(6, 22))
        with database.reading() as session:
            (row,) = inspections.inspections_of(session, begun)
            (case,) = list_cases(session)
    assert row.as_of == date(2035, 6, 6)
    assert row.observed_at is not None
    assert row.observed_at.astimezone(ZONE).date() == date(2035, 6, 6)
    assert case.first_seen.astimezone(ZONE).date() == date(2035, 6, 6)


def test_a_past_inspection_is_not_explained_with_what_was_seen_afterwards() -> None:
    moment = datetime(2035, 6, 5, tzinfo=UTC)
    before, after = moment.replace(day=1), moment.replace(day=20)
    old = KnownColumn("news", ("工作动态",), "http://a.example/", before, before, 5, date(2035, 6, 1))
    new = replace(old, last_seen=after, last_normal=after, last_items=9)
    known = as_known_before(History(columns={"old": old, "new": new}), moment).columns
    assert known["old"] == old
    assert (known["new"].last_seen, known["new"].last_normal, known["new"].last_items) == (moment, None, None)
