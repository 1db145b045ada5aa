"""How the service is, asked of both databases; what the office is told of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from databases import Postgres, opened
from facts_builder import BASE, portal
from sqlalchemy import event, insert, select, text, update

from gkmonitor.condition import Condition, Status, read_condition
from gkmonitor.cycles.health import AlarmKind
from gkmonitor.cycles.records import CycleKind, Failure, InspectionState
from gkmonitor.errors import DeliveryError
from gkmonitor.jobs import JOBS, Office
from gkmonitor.notifying.channels import deliver
from gkmonitor.notifying.records import Message
from gkmonitor.notifying.sending import send_due
from gkmonitor.queueing import EmbeddedQueue
from gkmonitor.registry.records import Channel, Contact
from gkmonitor.reports.health_json import health_object
from gkmonitor.scheduling import default_schedules
from gkmonitor.settings import Settings, load_settings
from gkmonitor.storage import Database, inspections, jobs, notices, open_database, probes, schedules, yields
from gkmonitor.storage.models import ContactRow, CycleRow, InspectionRow, NoticeRow, ScheduleRow
from gkmonitor.storage.portals import add_portal
from gkmonitor.storage.registry_changes import By

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)  # ten in the morning in Shanghai
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


def register(database: Database, number: int = 1, at: datetime = NOW - 30 * DAY) -> list[int]:
    with database.writing() as session:
        return [
            add_portal(
                session, {"name": f"青禾县第{one}网站", "url": f"http://s{one}.qinghe.example/"}, (), By("测试", at)
            )
            for one in range(1, number + 1)
        ]


def schedule(database: Database, at: datetime = NOW - 30 * DAY, tick: datetime | None = NOW - MINUTE) -> None:
    with database.writing() as session:
        schedules.ensure_schedules(session, default_schedules(), at)
        if tick is not None:
            schedules.note_tick(session, "probes", tick)


def night(database: Database, portals: Sequence[int], day: int, pages: int | Sequence[int] = 60, **how: Any) -> int:
    """A finished cycle ``day`` days ago in which each portal brought so many pages and a third as many columns."""
    moment = NOW - day * DAY - timedelta(hours=6)
    brought = [pages] * len(portals) if isinstance(pages, int) else list(pages)
    failed = how.get("failed", 0)
    with database.writing() as session:
        cycle = inspections.ensure_cycle(
            session,
            name=f"{moment:%Y-%m-%d}/night",
            kind=how.get("kind", CycleKind.REGULAR),
            as_of=moment.date(),
            portal_ids=portals,
            now=moment,
        )
        for place, (portal_id, number) in enumerate(zip(portals, brought, strict=True)):
            session.execute(
                update(InspectionRow)
                .where(InspectionRow.cycle_id == cycle, InspectionRow.portal_id == portal_id)
                .values(
                    state=how.get("state", InspectionState.DONE).value,
                    failure=Failure.TRANSIENT.value if place < failed else None,
                    observed_at=moment,
                    summary={"pages": number, "columns": 99, "columns_read": number // 3},
                )
            )
        counts = {"inspected": len(portals), "failed": {"transient": failed} if failed else {}}
        inspections.close_cycle(session, cycle, counts=counts, now=moment + MINUTE)
    return cycle


def well(database: Database, portals: Sequence[int]) -> None:
    """Everything runs: ticks, probes, a cycle last night."""
    schedule(database)
    with database.writing() as session:
        probes.take_round(session, NOW - MINUTE)
    night(database, portals, 0)


def codes(found: Condition) -> set[str]:
    return {one.code for one in found.problems}


def office_of(database: Database, settings: Settings | None = None, now: datetime = NOW) -> Office:
    return Office(database, settings or load_settings(), EmbeddedQueue(database), lambda: now)


# ---------------------------------------------------------------- one word


def test_a_service_that_runs_is_ok(database: Database) -> None:
    well(database, register(database))
    found = read_condition(database, NOW)
    assert (found.status, found.problems) == (Status.OK, ())
    assert found.figures is not None
    assert found.figures.portals == {"active": 1}
    assert found.figures.cycle is not None
    assert found.figures.cycle.results == {"ok": 1}
    assert found.figures.database_bytes > 0


def test_a_database_that_is_away_is_down_and_its_address_is_not_told(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("no database", encoding="utf-8")
    lost = open_database(f"sqlite:///{tmp_path / 'taken'}")
    found = read_condition(lost, NOW)
    lost.close()
    assert (found.status, found.is_reachable, found.figures) == (Status.DOWN, False, None)
    assert "taken" not in json.dumps(health_object(found))


def test_tables_of_another_release_are_down_though_the_database_answers(postgres: Postgres, tmp_path: Path) -> None:
    with postgres.database(is_empty=True) as url:
        for address in (url, f"sqlite:///{tmp_path / 'empty.db'}"):
            with opened(address) as empty:
                found = read_condition(empty, NOW)
            assert (found.status, found.is_reachable, found.revision) == (Status.DOWN, True, None)
            assert "db upgrade" in found.problems[0].words


@pytest.mark.parametrize(("minutes", "is_late"), [(10, False), (11, True)])
def test_a_scheduler_that_has_not_ticked_for_ten_minutes_is_late(
    database: Database, minutes: int, is_late: bool
) -> None:
    schedule(database, tick=NOW - minutes * MINUTE)
    assert read_condition(database, NOW).is_scheduler_late is is_late


def test_a_scheduler_that_has_just_been_set_up_is_not_late_and_one_that_never_ran_is(database: Database) -> None:
    assert read_condition(database, NOW).is_scheduler_late
    schedule(database, at=NOW - MINUTE, tick=None)
    assert not read_condition(database, NOW).is_scheduler_late


def test_with_every_schedule_switched_off_nothing_is_late(database: Database) -> None:
    register(database)
    schedule(database, tick=NOW - 9 * DAY)
    with database.writing() as session:
        session.execute(update(ScheduleRow).values(is_enabled=False))
    assert read_condition(database, NOW).status is Status.OK


def test_stalled_and_failed_jobs_need_a_look_and_old_failures_no_more(database: Database) -> None:
    schedule(database)
    with database.writing() as session:
        for number in range(3):
            jobs.enqueue(session, "news", {}, now=NOW - 9 * DAY + number * MINUTE)
        jobs.take(session, "dead", NOW - MINUTE * 5)
        taken = jobs.take(session, "w", NOW)
        assert taken is not None
        jobs.fail(session, taken.id, "w", "no", now=NOW - DAY / 2, again=None)
    found = read_condition(database, NOW)
    assert found.figures is not None
    queue = found.figures.queue
    assert (queue.waiting, queue.running, queue.failed, queue.stalled) == (1, 1, 1, 1)
    assert codes(found) == {"jobs_stalled", "jobs_failed"}
    assert "jobs_failed" not in codes(read_condition(database, NOW + DAY))


def test_jobs_of_several_machines_are_counted_too(postgres: Postgres) -> None:
    from gkmonitor.procrastinating import open_queue, prepare_schema

    with postgres.database() as url, opened(url) as database:
        prepare_schema(url)
        queue = open_queue(url)
        now = datetime.now(UTC)
        for number in range(3):
            queue.enqueue("news", {"number": number}, now=now)
        with database.writing() as session:
            worker = session.scalar(
                text("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 h') RETURNING id")
            )
            session.execute(
                text("UPDATE procrastinate_jobs SET status = 'doing', worker_id = :worker WHERE id = 1"),
                {"worker": worker},
            )
            session.execute(text("UPDATE procrastinate_jobs SET status = 'doing' WHERE id = 2"))
            session.execute(text("SELECT procrastinate_finish_job_v1(2, 'failed', false)"))
        found = read_condition(database, now + MINUTE)
    assert found.figures is not None
    queue_figures = found.figures.queue
    assert (queue_figures.waiting, queue_figures.running, queue_figures.stalled) == (1, 1, 1)
    assert (queue_figures.failed, queue_figures.failed_lately) == (1, 1)


def test_notices_that_should_have_gone_out_need_a_look(database: Database) -> None:
    schedule(database)
    values = {"subject": "", "body": "", "attempts": 0, "created_at": NOW}
    with database.writing() as session:
        for key, state, hours in (("a", "waiting", 3), ("b", "waiting", 1), ("c", "failed", 3), ("d", "failed", 30)):
            row = {**values, "unique_key": key, "state": state, "send_after": NOW - timedelta(hours=hours)}
            session.execute(insert(NoticeRow).values(**row))
    found = read_condition(database, NOW)
    assert codes(found) == {"notices_late", "notices_failed"}
    assert health_object(found)["notices"] == {"waiting": 2, "late": 1, "failed": 2}


# ---------------------------------------------------------------- alarms


def test_a_day_and_a_half_without_a_finished_cycle_is_an_alarm(database: Database) -> None:
    portals = register(database)
    well(database, portals)
    night(database, portals, -1, kind=CycleKind.RECHECK)  # a recheck is no cycle over the registry
    finished = NOW - timedelta(hours=6) + MINUTE
    assert codes(read_condition(database, finished + timedelta(hours=36))) >= {"probes_overdue"}
    assert "cycle_overdue" not in codes(read_condition(database, finished + timedelta(hours=36)))
    assert "cycle_overdue" in codes(read_condition(database, finished + timedelta(hours=37)))


def test_an_office_without_portals_is_waited_for_in_vain(database: Database) -> None:
    schedule(database)
    assert read_condition(database, NOW).alarms == ()


@pytest.mark.parametrize(("minutes", "is_alarm"), [(15, False), (16, True)])
def test_a_quarter_of_an_hour_without_probes_is_an_alarm(database: Database, minutes: int, is_alarm: bool) -> None:
    portals = register(database)
    schedule(database)
    night(database, portals, 0)
    with database.writing() as session:
        probes.take_round(session, NOW - minutes * MINUTE)
    assert ("probes_overdue" in codes(read_condition(database, NOW))) is is_alarm


def test_a_jump_of_failures_is_an_alarm(database: Database) -> None:
    portals = register(database, 10)
    for day in (3, 2, 1):
        night(database, portals, day, failed=1)
    well(database, portals)
    assert "failed_share" not in codes(read_condition(database, NOW))
    night(database, portals, -1, failed=3)
    assert "failed_share" in codes(read_condition(database, NOW))


def test_portals_that_failed_together_at_one_server_are_told_to_the_office_once_as_one_cause(
    database: Database,
) -> None:
    portals = register(database, 3)
    well(database, portals)
    with database.writing() as session:
        cycle = inspections.latest_cycles(session, 1)[0]
        counts = {**cycle.counts, "shared_causes": [{"server_address": "203.0.113.7", "portals": portals}]}
        session.execute(update(CycleRow).where(CycleRow.id == cycle.id).values(counts=counts))
    (alarm,) = read_condition(database, NOW).alarms
    assert alarm.kind is AlarmKind.SHARED_CAUSE
    assert "203.0.113.7 上的 3 个网站" in alarm.words


def test_a_portal_that_brings_less_than_half_of_the_usual_is_named_once_a_cycle(database: Database) -> None:
    portals = register(database, 3)
    for day in range(1, 9):
        night(database, portals, day)
    schedule(database)
    with database.writing() as session:
        probes.take_round(session, NOW - MINUTE)
    cycle = night(database, portals, 0, [60, 29, 31])
    assert read_condition(database, NOW).alarms == ()  # nobody has looked yet
    JOBS["health"](office_of(database), {})
    JOBS["health"](office_of(database), {})
    found = read_condition(database, NOW)
    assert [one.kind for one in found.alarms] == [AlarmKind.YIELD]
    assert "青禾县第2网站读到 29 页（平时 60 页）、9 个栏目（平时 20 个）" in found.alarms[0].words
    assert "第1网站" not in found.alarms[0].words
    with database.reading() as session:
        noted = session.scalar(select(CycleRow.counts).where(CycleRow.id == cycle))
    assert noted is not None
    assert noted["inspected"] == 3
    assert [one["portal"] for one in noted["yield_drops"]] == [portals[1]]


@pytest.mark.parametrize("how", [{"failed": 1}, {"state": InspectionState.HELD}])
def test_failed_and_held_portals_are_told_as_such_and_not_as_a_drop(database: Database, how: dict[str, Any]) -> None:
    portals = register(database)
    for day in range(1, 9):
        night(database, portals, day)
    cycle = night(database, portals, 0, 0, **how)
    with database.reading() as session:
        assert yields.find_yield_drops(session, cycle, read_limits()) == []


def test_failed_inspections_do_not_make_a_poor_yield_usual(database: Database) -> None:
    portals = register(database)
    for day in range(1, 15):
        night(database, portals, day, 60 if day > 7 else 0, failed=0 if day > 7 else 1)
    cycle = night(database, portals, 0, 20)
    with database.reading() as session:
        assert [one.usual.pages for one in yields.find_yield_drops(session, cycle, read_limits())] == [60]


def read_limits() -> Any:
    from gkmonitor.cycles.health import default_limits

    return default_limits()


def test_the_limits_of_the_schedule_hold_and_junk_in_them_does_not_stop_the_service(database: Database) -> None:
    portals = register(database)
    well(database, portals)
    later = NOW + timedelta(hours=40)
    for arguments, is_alarm in (({}, True), ({"cycle_hours": 200}, False), ({"cycle_hours": "x"}, True)):
        with database.writing() as session:
            session.execute(update(ScheduleRow).where(ScheduleRow.name == "health").values(arguments=arguments))
        assert ("cycle_overdue" in codes(read_condition(database, later))) is is_alarm


def test_an_inspection_notes_how_many_columns_it_read() -> None:
    from facts_builder import column, items

    from gkmonitor.cycles.running import Answer, _row_details
    from gkmonitor.records import Reason

    facts = portal(
        column("工作动态", "news", items(date(2026, 11, 20))), column("预决算", "fiscal", state=Reason.UNREACHABLE)
    )
    details = _row_details(Answer(facts, (), ()), None, None)
    assert (details["summary"]["columns"], details["summary"]["columns_read"]) == (2, 1)


# ---------------------------------------------------------------- telling the office

TOLD = {"office_mail": "jiancha@qinghe.example", "office_webhook": "http://127.0.0.1:9/hook?key=verysecret"}


def unwell(database: Database) -> None:
    register(database)
    schedule(database)


def outbox(database: Database) -> list[NoticeRow]:
    with database.reading() as session:
        return list(session.scalars(select(NoticeRow).order_by(NoticeRow.id)))


def test_the_office_is_told_of_an_alarm_once_a_day_on_each_of_its_channels(database: Database) -> None:
    unwell(database)
    settings = load_settings(**TOLD)
    for _ in range(3):
        JOBS["health"](office_of(database, settings), {})
    told = outbox(database)
    assert len(told) == 4  # no cycle and no probes, by mail and by robot
    assert {one.state for one in told} == {"waiting"}
    JOBS["health"](office_of(database, settings, NOW + DAY), {})
    assert len(outbox(database)) == 8


def test_without_an_office_address_nothing_is_queued_and_the_log_says_it(database: Database, caplog) -> None:
    unwell(database)
    with caplog.at_level("WARNING"):
        JOBS["health"](office_of(database), {})
    assert outbox(database) == []
    assert "没有进行可用性探测" in caplog.text


def test_address_and_secret_of_the_office_stay_in_the_settings(database: Database) -> None:
    unwell(database)
    settings = load_settings(**TOLD, office_webhook_secret="hush")
    JOBS["health"](office_of(database, settings), {})
    with database.reading() as session:
        stored = [(row.address, dict(row.preferences)) for row in session.scalars(select(ContactRow))]
    assert stored == [("", {}), ("", {})]
    seen: list[tuple[Channel, str, Any]] = []

    def keep(contact: Contact, message: Message) -> None:
        from gkmonitor.notifying.office import with_office_address

        contact = with_office_address(contact, settings)
        seen.append((contact.channel, contact.address, contact.preferences.get("secret")))

    assert send_due(database, keep, now=NOW) == {"sent": 2, "failed": 0}
    assert sorted(seen) == [
        (Channel.MAIL, TOLD["office_mail"], None),
        (Channel.WECOM, TOLD["office_webhook"], "hush"),
    ]


def test_an_office_whose_address_was_taken_away_is_not_written_to(database: Database) -> None:
    contact = Contact(1, None, None, None, Channel.MAIL, "", {})
    with pytest.raises(DeliveryError, match="GKMONITOR_OFFICE_MAIL"):
        deliver(contact, Message("a", "b", "c"), load_settings(smtp_host="127.0.0.1", smtp_from="a@b"), {})


def test_alarms_wait_for_the_end_of_quiet_hours(database: Database) -> None:
    unwell(database)
    midnight = datetime(2026, 11, 19, 16, 30, tzinfo=UTC)
    JOBS["health"](office_of(database, load_settings(**TOLD), midnight), {})
    assert {one.send_after for one in outbox(database)} == {datetime(2026, 11, 20, 0, 0, tzinfo=UTC)}


def test_sent_alarms_say_what_to_look_at(database: Database) -> None:
    unwell(database)
    JOBS["health"](office_of(database, load_settings(office_mail="a@b")), {})
    messages: list[Message] = []
    send_due(database, lambda _contact, message: messages.append(message), now=NOW)
    assert len(messages) == 1
    assert "没有完成一轮检查" in messages[0].text
    assert "没有进行可用性探测" in messages[0].text
    with database.reading() as session:
        assert notices.counts_by_state(session) == {"sent": 2}


# ---------------------------------------------------------------- cost


def statements(database: Database) -> int:
    count = 0

    def note(*_words: Any) -> None:
        nonlocal count
        count += 1

    event.listen(database.engine, "before_cursor_execute", note)
    assert read_condition(database, NOW).status is Status.OK
    event.remove(database.engine, "before_cursor_execute", note)
    return count


def test_the_number_of_questions_does_not_grow_with_portals_and_nights(database: Database) -> None:
    portals = register(database, 12)
    well(database, portals[:1])
    JOBS["health"](office_of(database), {})
    few = statements(database)
    for day in range(12, 0, -1):
        night(database, portals, day)
    assert statements(database) == few < 30


def test_health_json_has_the_parts_of_its_contract(database: Database) -> None:
    well(database, register(database))
    shown = health_object(read_condition(database, NOW))
    assert shown["schema"] == "gkmonitor.health/1"
    assert shown["cycle"]["portals"] == {"ok": 1}
    assert shown["probes"]["last_round"] == "2026-11-20T01:59:00+00:00"
    assert shown["scheduler"] == {"last_tick": "2026-11-20T01:59:00+00:00", "late": False}
    assert shown["database"]["current"] is True
    assert BASE not in json.dumps(shown)
