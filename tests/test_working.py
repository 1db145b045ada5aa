"""The embedded queue, its workers and the schedules: nothing twice at once, nothing lost. On both databases."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from ledger_builder import Ledger, verdict

from gkmonitor.cycles.records import CycleKind
from gkmonitor.cycles.running import start_cycle
from gkmonitor.cycles.sharding import group_by_platform, shards_of
from gkmonitor.errors import SettingError, StorageError, UsageError
from gkmonitor.jobs import JOBS, Office, next_window
from gkmonitor.queueing import EmbeddedQueue
from gkmonitor.records import Outcome
from gkmonitor.scheduling import default_schedules, hand_out, make_trigger
from gkmonitor.settings import load_settings
from gkmonitor.storage import Database, inspections, jobs, probes, schedules
from gkmonitor.storage.cases import list_cases
from gkmonitor.storage.portals import add_portal
from gkmonitor.storage.registry_changes import By
from gkmonitor.storage.schedules import Schedule
from gkmonitor.working import Worker, retry_at

NOW = datetime(2026, 11, 20, 14, 30, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Shanghai")
MINUTE = timedelta(minutes=1)


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def office(database: Database, clock: Clock) -> Office:
    return Office(database, load_settings(probe_canaries="none"), EmbeddedQueue(database), clock)


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[Mapping[str, Any]]:
    """What the job ``try`` was given, in order; with ``fails`` it raises that error."""
    seen: list[Mapping[str, Any]] = []

    def attempt(_office: Office, arguments: Mapping[str, Any]) -> None:
        seen.append(arguments)
        if "fails" in arguments:
            raise {"storage": StorageError, "usage": UsageError, "other": RuntimeError}[arguments["fails"]]("没有成功")

    monkeypatch.setitem(JOBS, "try", attempt)
    return seen


def put(office: Office, number: int, **options: Any) -> bool:
    arguments = {"number": number, **options.pop("arguments", {})}
    return office.queue.enqueue("try", arguments, now=office.clock(), **options)


def take(office: Office, worker: str) -> int | None:
    with office.database.writing() as session:
        found = jobs.take(session, worker, office.clock())
    return int(found.arguments["number"]) if found else None


def counts(office: Office) -> dict[str, int]:
    with office.database.reading() as session:
        return jobs.counts_by_state(session)


def test_jobs_run_by_priority_and_then_in_order(office: Office, ran: list) -> None:
    for number, priority in ((1, 0), (2, 0), (3, 100)):
        put(office, number, priority=priority)
    assert Worker(office).run_until_empty() == 3
    assert [one["number"] for one in ran] == [3, 1, 2]


def test_a_worker_for_short_jobs_leaves_the_night_to_the_others(office: Office, ran: list) -> None:
    for number, priority in ((1, 0), (2, 40)):
        put(office, number, priority=priority)
    assert Worker(office, quick_only=True).run_until_empty() == 1
    assert [one["number"] for one in ran] == [2]
    assert counts(office) == {"done": 1, "todo": 1}


def test_a_job_for_later_waits(office: Office, clock: Clock, ran: list) -> None:
    put(office, 1, run_after=NOW + MINUTE)
    assert Worker(office).run_until_empty() == 0
    clock.now += MINUTE
    assert Worker(office).run_until_empty() == 1


def test_the_same_piece_of_work_waits_only_once_and_may_come_again_when_done(office: Office, ran: list) -> None:
    assert [put(office, 1, unique_key="a"), put(office, 2, unique_key="a")] == [True, False]
    Worker(office).run_until_empty()
    assert put(office, 3, unique_key="a")


def test_jobs_with_one_lock_never_run_side_by_side(office: Office) -> None:
    for number, lock in ((1, "platform:a"), (2, "platform:a"), (3, None)):
        put(office, number, lock=lock)
    assert [take(office, "x"), take(office, "y"), take(office, "z")] == [1, 3, None]


def test_two_workers_never_take_the_same_job(office: Office) -> None:
    for number in range(12):
        put(office, number)
    taken: list[int | None] = []

    def work(name: str) -> None:
        while (number := take(office, name)) is not None:
            taken.append(number)

    threads = [threading.Thread(target=work, args=(f"w{n}",)) for n in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(one for one in taken if one is not None) == list(range(12))


def test_the_job_of_a_dead_worker_is_taken_back_and_done_by_another(office: Office, clock: Clock, ran: list) -> None:
    put(office, 1)
    assert take(office, "dead") == 1
    clock.now += jobs.STALLED_AFTER
    with office.database.writing() as session:
        assert jobs.take_back_stalled(session, clock.now) == (0, 0)
    clock.now += timedelta(seconds=1)
    with office.database.writing() as session:
        assert jobs.take_back_stalled(session, clock.now) == (1, 0)
    assert Worker(office).run_until_empty() == 1


def test_a_worker_that_says_it_lives_keeps_its_job(office: Office, clock: Clock) -> None:
    put(office, 1)
    take(office, "slow")
    clock.now += timedelta(hours=1)
    with office.database.writing() as session:
        assert jobs.beat(session, 1, "slow", clock.now)
        assert jobs.take_back_stalled(session, clock.now) == (0, 0)


def test_a_worker_that_comes_back_too_late_cannot_end_the_job_of_another(office: Office, clock: Clock) -> None:
    put(office, 1)
    take(office, "late")
    clock.now += timedelta(hours=1)
    with office.database.writing() as session:
        jobs.take_back_stalled(session, clock.now)
    take(office, "new")
    with office.database.writing() as session:
        assert not jobs.finish(session, 1, "late", clock.now)
        assert jobs.finish(session, 1, "new", clock.now)


def test_a_job_that_kills_its_workers_is_given_up(office: Office, clock: Clock) -> None:
    put(office, 1)
    for _ in range(jobs.MAX_ATTEMPTS):
        take(office, "victim")
        clock.now += timedelta(hours=1)
        with office.database.writing() as session:
            jobs.take_back_stalled(session, clock.now)
    assert counts(office) == {"failed": 1}


def test_a_worker_takes_back_the_jobs_of_dead_ones_by_itself(office: Office, clock: Clock, monkeypatch) -> None:
    """Were it left to the job ``advance``, a worker that dies in that very job would stop everything."""

    def stop(_office: Office, _arguments: Mapping[str, Any]) -> None:
        office.stopping.set()

    monkeypatch.setitem(JOBS, "try", stop)
    put(office, 1, unique_key="schedule:advance")
    assert take(office, "dead") == 1
    clock.now += jobs.STALLED_AFTER + timedelta(seconds=1)
    assert not put(office, 2, unique_key="schedule:advance")
    Worker(office).run()
    assert counts(office) == {"done": 1}


def test_a_failed_job_is_tried_again_after_a_while_and_then_kept_as_failed(office, clock, ran) -> None:
    put(office, 1, arguments={"fails": "other"})
    for _ in range(10):
        Worker(office).run_until_empty()
        clock.now += timedelta(hours=2)
    assert len(ran) == 5
    assert counts(office) == {"failed": 1}


def test_what_is_wrongly_configured_is_not_tried_again(office: Office, ran: list) -> None:
    put(office, 1, arguments={"fails": "usage"})
    Worker(office).run_until_empty()
    assert (len(ran), counts(office)) == (1, {"failed": 1})


def test_an_unknown_job_is_kept_as_failed_and_the_worker_goes_on(office: Office, ran: list) -> None:
    office.queue.enqueue("from another release", {}, now=NOW)
    put(office, 1)
    assert Worker(office).run_until_empty() == 2
    assert counts(office) == {"failed": 1, "done": 1}


def test_a_worker_told_to_stop_hands_its_job_back_uncounted(office, monkeypatch, ran) -> None:
    def interrupted(_office: Office, _arguments: Mapping[str, Any]) -> None:
        raise KeyboardInterrupt

    monkeypatch.setitem(JOBS, "try", interrupted)
    put(office, 1)
    worker = Worker(office)
    worker.run()
    assert worker.stopping.is_set()
    with office.database.writing() as session:
        again = jobs.take(session, "next", NOW)
    assert again is not None
    assert again.attempts == 1


def test_the_waits_between_attempts_grow() -> None:
    waits = [retry_at(attempt, NOW, RuntimeError()) for attempt in range(1, 6)]
    assert waits == [NOW + minutes * MINUTE for minutes in (1, 5, 15, 60)] + [None]


# ---------------------------------------------------------------- schedules


@pytest.fixture
def scheduled(office: Office) -> Schedule:
    with office.database.writing() as session:
        schedules.ensure_schedules(session, default_schedules(), NOW)
    return next(one for one in default_schedules() if one.name == "night")


def test_every_default_schedule_names_a_job_and_a_readable_time() -> None:
    for schedule in default_schedules():
        assert schedule.job in JOBS
        assert make_trigger(schedule, "Asia/Shanghai")


def test_the_night_begins_at_half_past_ten_in_the_offices_time() -> None:
    night = next(one for one in default_schedules() if one.name == "night")
    trigger = make_trigger(replace(night, trigger={"cron": night.trigger["cron"]}), "Asia/Shanghai")
    fires = trigger.get_next_fire_time(None, datetime(2026, 11, 20, 12, 0, tzinfo=ZONE))
    assert fires == datetime(2026, 11, 20, 22, 30, tzinfo=ZONE)


@pytest.mark.parametrize("trigger", [{}, {"cron": "late"}, {"cron": "1 2 3"}, {"every_seconds": "x"}])
def test_a_time_that_cannot_be_read_says_how_to_write_it(trigger: dict) -> None:
    with pytest.raises(SettingError, match="cron"):
        make_trigger(Schedule("夜间", "cycle", trigger), "Asia/Shanghai")


def test_two_schedulers_hand_out_a_tick_once(office: Office, scheduled: Schedule) -> None:
    assert [hand_out(office, scheduled, NOW), hand_out(office, scheduled, NOW + timedelta(seconds=20))] == [True, False]
    assert counts(office) == {"todo": 1}


def test_a_clock_that_is_moved_back_an_hour_hands_out_nothing_twice(office, scheduled, monkeypatch) -> None:
    monkeypatch.setitem(JOBS, "cycle", lambda *_: None)
    assert hand_out(office, scheduled, NOW)
    Worker(office).run_until_empty()
    assert not hand_out(office, scheduled, NOW - timedelta(hours=1))
    assert counts(office) == {"done": 1}


def test_a_schedule_that_is_switched_off_hands_out_nothing(office: Office, scheduled: Schedule) -> None:
    with office.database.writing() as session:
        schedules.set_enabled(session, "night", is_enabled=False, now=NOW)
    assert not hand_out(office, scheduled, NOW)


def test_what_an_office_has_changed_survives_the_next_start(office: Office, scheduled: Schedule) -> None:
    with office.database.writing() as session:
        schedules.set_enabled(session, "probes", is_enabled=False, now=NOW)
        assert schedules.ensure_schedules(session, default_schedules(), NOW) == 0
        assert [one.name for one in schedules.list_schedules(session) if not one.is_enabled] == ["probes"]


def test_a_round_of_probes_is_made_once_and_not_while_the_clock_stands_back(office: Office) -> None:
    with office.database.writing() as session:
        assert probes.take_round(session, NOW) == NOW - MINUTE
        assert probes.take_round(session, NOW) is None
        assert probes.take_round(session, NOW - timedelta(hours=1)) is None
        assert probes.take_round(session, NOW + MINUTE) == NOW


# ---------------------------------------------------------------- where and when


@pytest.mark.parametrize(
    ("hour", "window", "begins"),
    [
        (23, (22, 7), 23),
        (3, (22, 7), 3),
        (7, (22, 7), 22),
        (12, (22, 7), 22),
        (22, (22, 7), 22),
        (12, (9, 17), 12),
        (8, (9, 17), 9),
        (12, (), 12),
    ],
)
def test_the_window_of_the_night_holds_or_puts_off(hour: int, window: tuple[int, ...], begins: int) -> None:
    local = datetime(2026, 11, 20, hour, 0, tzinfo=ZONE)
    assert next_window(local, window) == datetime(2026, 11, 20, begins, 0, tzinfo=ZONE)


def test_after_the_windows_end_in_the_evening_the_next_day_is_meant() -> None:
    local = datetime(2026, 11, 20, 18, 0, tzinfo=ZONE)
    assert next_window(local, (9, 17)) == datetime(2026, 11, 21, 9, 0, tzinfo=ZONE)


def test_portals_of_one_platform_share_a_lock_and_the_others_are_cut_into_parts() -> None:
    groups = group_by_platform(list(range(1, 11)), {2: "203.0.113.7", 5: "203.0.113.7", 6: "203.0.113.8"})
    shards = list(shards_of(groups, size=3))
    assert [(one.portal_ids, one.lock) for one in shards] == [
        ((2, 5), "platform:203.0.113.7"),
        ((1, 3, 4), None),
        ((6, 7, 8), None),
        ((9, 10), None),
    ]


def test_the_tasks_of_a_month_are_made_by_its_job(office: Office) -> None:
    from gkmonitor.storage.portals import add_portal
    from gkmonitor.storage.registry_changes import By
    from gkmonitor.storage.tasks import list_tasks

    with office.database.writing() as session:
        values = {
            "name": "青禾县人民政府",
            "url": "http://qinghe.example/",
            "profile": "county-portal",
            "site_id_code": "2302210001",
        }
        add_portal(session, values, (), By("测试", NOW))
    for _ in range(2):
        office.queue.enqueue("month", {}, now=NOW)
        Worker(office).run_until_empty()
    with office.database.reading() as session:
        tasks = list_tasks(session, month="2026-11")
    assert tasks
    assert len({(task.portal_id, task.rule) for task in tasks}) == len(tasks)
    assert date(2026, 11, 1).isoformat()[:7] == tasks[0].month


@pytest.fixture
def cycle(office: Office) -> int:
    """A night's cycle over three portals, its shard in the queue."""
    with office.database.writing() as session:
        values = [{"name": f"第{n}局", "url": f"http://www.ju{n}.gov.cn/"} for n in (1, 2, 3)]
        ids = [add_portal(session, one, (), By("测试", NOW)) for one in values]
    cycle_id = start_cycle(
        office.database, name="2026-11-20/night", kind=CycleKind.REGULAR, as_of=NOW.date(), portal_ids=ids, now=NOW
    )
    JOBS["advance"](office, {})
    return cycle_id


def test_portals_of_a_running_job_are_not_given_to_a_second_one(office: Office, cycle: int) -> None:
    """When the first portal of a shard has its result, what is left looks like another shard."""
    with office.database.writing() as session:
        assert jobs.take(session, "worker", NOW) is not None
        first = inspections.unfinished(session, cycle)[0]
        inspections.give_up(session, [first.id], detail="已有结果", now=NOW)
    JOBS["advance"](office, {})
    assert counts(office) == {"doing": 1}


def test_what_was_lost_is_crawled_in_the_hours_of_its_schedule(office: Office, scheduled: Schedule, cycle: int) -> None:
    with office.database.reading() as session:
        (waiting,) = jobs.live_arguments(session, "shard")
    assert waiting["window"] == [22, 7]


def test_a_shard_outside_its_hours_waits_once_however_often_it_is_asked_for(office, scheduled, clock, cycle) -> None:
    clock.now = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)  # noon in Shanghai
    for _ in range(3):
        Worker(office).run_until_empty()
        JOBS["advance"](office, {})
    with office.database.reading() as session:
        assert len(jobs.live_arguments(session, "shard")) == 1
        assert jobs.next_due(session) == datetime(2026, 11, 21, 14, 0, tzinfo=UTC)


@pytest.mark.parametrize(("days", "states"), [(0, ["rectified"]), (8, ["rectified"]), (7, ["closed"])])
def test_a_new_day_closes_mended_cases_after_the_days_that_are_set(database, clock, days: int, states: list) -> None:
    ledger = Ledger(database)
    ledger.inspect_times(2, [verdict()])
    ledger.inspect_times(2, [verdict(Outcome.OK)])
    clock.now = ledger.at + timedelta(days=7)
    settings = load_settings(probe_canaries="none", close_rectified_days=days)
    JOBS["day"](Office(database, settings, EmbeddedQueue(database), clock), {})
    with database.reading() as session:
        assert [case.state.value for case in list_cases(session)] == states
