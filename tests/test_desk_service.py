"""Cycles, held portals and schedules at the desk."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from databases import opened
from desk_client import NOW, client_as
from desk_pages import whole
from ledger_builder import add_portal

from gkmonitor.accounts.records import Role
from gkmonitor.cycles.records import CycleKind
from gkmonitor.errors import SettingError
from gkmonitor.scheduling import default_schedules
from gkmonitor.storage import Database, audit
from gkmonitor.storage.audit import AuditFilter
from gkmonitor.storage.cycle_pages import RESULTS
from gkmonitor.storage.models import CycleRow, InspectionRow
from gkmonitor.storage.schedules import get_schedule
from gkmonitor.web.acts.schedules import changed_schedule
from gkmonitor.web.views.cycles import KIND_WORDS, RESULT_KINDS, RESULT_WORDS, job_words
from gkmonitor.web.views.schedules import every_words


@pytest.fixture
def database(sqlite_url: str) -> Iterator[Database]:
    with opened(sqlite_url) as found:
        yield found


@pytest.fixture
def cycle(database: Database) -> int:
    names = ["好站", "坏站", "改版站", "共用一", "共用二"]
    portals = [add_portal(database, name) for name in names]
    results = [("done", None), ("done", "permanent"), ("held", None), ("done", "transient"), ("done", "transient")]
    with database.writing() as session:
        counts = {"findings": 4, "shared_causes": [{"server_address": "192.0.2.7", "portals": portals[3:]}]}
        row = CycleRow(
            name="2026-11-19/night",
            kind="regular",
            as_of=date(2026, 11, 19),
            started_at=NOW,
            finished_at=NOW,
            counts=counts,
        )
        session.add(row)
        session.flush()
        for portal, (state, failure) in zip(portals, results, strict=True):
            session.add(
                InspectionRow(
                    cycle_id=row.id,
                    portal_id=portal,
                    state=state,
                    failure=failure,
                    failure_detail="<i>连接超时</i>" if failure else None,
                    as_of=row.as_of,
                    observed_at=NOW,
                    attempts=1,
                    summary={"pages": 9, "columns": 3},
                )
            )
        return row.id


def test_a_cycle_shows_its_portals_by_result_and_what_they_share(database: Database, cycle: int) -> None:
    with client_as(database, Role.VIEWER) as client:
        page = whole(client.get("/cycles"))
        assert "2026-11-19/night" in page
        assert "待核实 1" in page
        page = whole(client.get(f"/cycles/{cycle}"))
        assert "192.0.2.7：2 个网站" in page
        assert "&lt;i&gt;连接超时" in page
        assert "已核实改版</button>" not in page  # a viewer releases nothing
        failed = whole(client.get(f"/cycles/{cycle}?result=permanent"))
        assert "坏站" in failed
        assert "好站" not in failed
        assert "没有符合条件的网站" in whole(client.get(f"/cycles/{cycle}?q=无此站"))
        assert client.get("/cycles/999").status_code == 400
        text = client.get(f"/cycles/{cycle}?format=csv&result=held").content.decode("utf-8-sig")
        assert "改版站" in text
        assert "好站" not in text


def test_a_held_portal_is_released_once_by_whoever_keeps_the_schedule(database: Database, cycle: int) -> None:
    with client_as(database, Role.VIEWER) as client:
        assert client.post(f"/cycles/{cycle}/release", {"portal": "3"}).status_code == 403
    with client_as(database, Role.INSPECTOR) as client:
        assert "已核实为改版" in client.shown(client.post(f"/cycles/{cycle}/release", {"portal": "3"}))
        assert "没有待核实的检查" in client.shown(client.post(f"/cycles/{cycle}/release", {"portal": "3"}))
        assert client.post(f"/cycles/{cycle}/release", {"portal": "x"}).status_code == 422
    with database.reading() as session:
        assert len(audit.list_audit(session, AuditFilter(action="held-released"))) == 1


def test_a_schedule_is_changed_and_the_change_is_audited(database: Database) -> None:
    with client_as(database, Role.INSPECTOR) as client:
        assert "每 10 分钟" in whole(client.get("/cycles/schedules"))
        whole(client.get("/cycles/schedules/night"))
        fields = {"cron": "0  21 * * *", "enabled": "yes", "window_from": "21", "window_to": "6", "jitter": "60"}
        assert "已改" in client.shown(client.post("/cycles/schedules/night", fields))
        assert "没有改动" in client.shown(client.post("/cycles/schedules/night", fields))
        assert "21 时至 6 时" in whole(client.get("/cycles/schedules"))
        assert "没有名为" in client.get("/cycles/schedules/unknown").text
    with database.reading() as session:
        kept = get_schedule(session, "night")
        assert kept.trigger == {"cron": "0 21 * * *", "jitter_seconds": 60}
        assert kept.arguments == {"window": [21, 6]}
        (entry,) = audit.list_audit(session, AuditFilter(action="schedule-changed"))
        assert entry.details["before"]["trigger"]["cron"] == "30 22 * * *"


def test_a_viewer_sees_schedules_and_changes_none(database: Database) -> None:
    with client_as(database, Role.VIEWER) as client:
        assert "修改" not in whole(client.get("/cycles/schedules"))
        assert client.post("/cycles/schedules/night", {"cron": "0 1 * * *"}).status_code == 403


NIGHT = replace(default_schedules()[0])


@pytest.mark.parametrize(
    ("times", "window", "told"),
    [
        (("", "", ""), ("", ""), "填写一项"),
        (("0 1 * * *", "60", ""), ("", ""), "填写一项"),
        (("61 1 * * *", "", ""), ("", ""), "时间写得不对"),
        (("gibberish", "", ""), ("", ""), "时间写得不对"),
        (("", "29", ""), ("", ""), "30 到 604800"),
        (("", "-60", ""), ("", ""), "30 到 604800"),
        (("", "６０", ""), ("", ""), "30 到 604800"),
        (("0 1 * * *", "", "9999"), ("", ""), "1 到 3600"),
        (("0 1 * * *", "", ""), ("22", ""), "都留空"),
        (("0 1 * * *", "", ""), ("22", "24"), "0 到 23"),
    ],
)
def test_a_schedule_that_the_scheduler_could_not_keep_is_refused(times, window, told: str) -> None:
    with pytest.raises(SettingError, match=told):
        changed_schedule(NIGHT, timezone="Asia/Shanghai", times=times, window=window, is_enabled=True)


def test_hours_left_blank_mean_the_whole_day(database: Database) -> None:
    wanted = changed_schedule(NIGHT, timezone="Asia/Shanghai", times=("", "30", "0"), window=("", ""), is_enabled=False)
    assert (dict(wanted.trigger), dict(wanted.arguments), wanted.is_enabled) == ({"every_seconds": 30}, {}, False)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(600, "每 10 分钟"), (7200, "每 2 小时"), (45, "每 45 秒"), (None, "写法不明"), (0, "写法不明")],
)
def test_intervals_are_told_in_words(seconds: object, words: str) -> None:
    assert every_words(seconds) == words


def test_every_result_and_every_kind_of_cycle_has_words() -> None:
    assert set(RESULT_WORDS) == set(RESULT_KINDS) == set(RESULTS)
    assert set(KIND_WORDS) == set(CycleKind)


def test_every_job_of_the_shipped_schedules_has_words() -> None:
    words = job_words()
    assert all(words[one.job] != one.job for one in default_schedules())
