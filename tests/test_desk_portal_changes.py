"""What is changed and asked for at a portal's page: pauses, exemptions, delegations, an inspection at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from databases import opened
from desk_client import NOW, DeskClient, client_as
from fake_queue import FakeQueue
from ledger_builder import Ledger, add_portal
from portal_desk import actions, change, told_ledger
from sqlalchemy import select

from gkmonitor.accounts.records import Role
from gkmonitor.cycles.records import CycleKind
from gkmonitor.registry.records import ChangeKind
from gkmonitor.storage import Database, inspections
from gkmonitor.storage.exemptions import all_exemptions_of, delegations_of
from gkmonitor.storage.models import InspectionRow, TaskRow
from gkmonitor.storage.portals import get_portal
from gkmonitor.storage.registry_changes import history_of


@pytest.fixture
def database(sqlite_url: str) -> Iterator[Database]:
    with opened(sqlite_url) as found:
        yield found


@pytest.fixture
def ledger(database: Database) -> Ledger:
    return told_ledger(database)


@pytest.fixture
def inspector(database: Database) -> Iterator[DeskClient]:
    with client_as(database, Role.INSPECTOR, queue=FakeQueue()) as client:
        yield client


# ---------------------------------------------------------------- changes


def test_pausing_needs_a_reason_and_leaves_a_trace(ledger: Ledger, database: Database, inspector: DeskClient) -> None:
    url = f"/portals/{ledger.portal}"
    assert "请写明暂停的事由" in inspector.shown(inspector.post(f"{url}/pause", {"reason": " "}))
    assert "已暂停检查" in inspector.shown(inspector.post(f"{url}/pause", {"reason": "机房搬迁"}))
    with database.reading() as session:
        assert get_portal(session, ledger.portal).state_reason == "机房搬迁"
        (entry,) = history_of(session, portal_id=ledger.portal)
    assert (entry.kind, entry.actor) == (ChangeKind.PAUSED, "测试inspector（inspector）")
    assert "已经是" in inspector.shown(inspector.post(f"{url}/pause", {"reason": "再来"}))
    assert "已恢复检查" in inspector.shown(inspector.post(f"{url}/resume"))
    assert actions(database) == ["portal.pause", "portal.resume"]


EXEMPTION = {
    "what": "concept",
    "concept": "news",
    "document": "青府办函〔2026〕8号",
    "allowed_by": "县政府办公室",
    "first": "2026-11-01",
    "last": "2026-12-31",
}


def test_an_exemption_is_registered_and_withdrawn(ledger: Ledger, database: Database, inspector: DeskClient) -> None:
    url = f"/portals/{ledger.portal}/exemptions"
    assert "已登记豁免" in inspector.shown(inspector.post(url, EXEMPTION))
    with database.reading() as session:
        (one,) = all_exemptions_of(session, ledger.portal)
    assert (one.concept, one.rule, one.path, one.last_day) == ("news", None, None, date(2026, 12, 31))
    assert "已撤销" in inspector.shown(inspector.post(f"{url}/{one.id}/withdraw"))
    with database.reading() as session:
        assert not all_exemptions_of(session, ledger.portal)[0].holds_on(NOW.date())


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"concept": ""}, "请写明免什么"),
        ({"document": ""}, "缺少依据文件"),
        ({"first": ""}, "缺少开始日期"),
        ({"first": "2026-02-30"}, "2026-02-30"),
        ({"last": "2026-01-01"}, "早于开始日期"),
        ({"what": "rule", "rule": "national-2019-19/nothing"}, "没有"),
        ({"what": "surprise"}, "请写明免什么"),
    ],
)
def test_an_exemption_that_is_not_whole_is_refused(
    ledger: Ledger, database: Database, inspector: DeskClient, fields: dict[str, str], words: str
) -> None:
    answer = inspector.post(f"/portals/{ledger.portal}/exemptions", {**EXEMPTION, **fields})
    assert words in inspector.shown(answer)
    with database.reading() as session:
        assert all_exemptions_of(session, ledger.portal) == []
    assert actions(database) == []


def test_an_exemption_of_another_portal_is_not_withdrawn(
    ledger: Ledger, database: Database, inspector: DeskClient
) -> None:
    other = add_portal(database, "别的网站")
    inspector.post(f"/portals/{ledger.portal}/exemptions", EXEMPTION)
    assert "没有编号" in inspector.shown(inspector.post(f"/portals/{other}/exemptions/1/withdraw"))
    with database.reading() as session:
        assert all_exemptions_of(session, ledger.portal)[0].holds_on(NOW.date())


def test_delegations_are_registered_and_withdrawn(ledger: Ledger, database: Database, inspector: DeskClient) -> None:
    url, fields = f"/portals/{ledger.portal}/delegations", {"concept": "news", "url": "https://credit.example/"}
    assert "已登记委托公开" in inspector.shown(inspector.post(url, fields))
    with database.reading() as session:
        assert [(one.concept, one.url) for one in delegations_of(session, ledger.portal)] == [
            ("news", "https://credit.example/")
        ]
    assert "没有改动" in inspector.shown(inspector.post(url, fields))
    inspector.post(f"{url}/withdraw", {"concept": "news"})
    with database.reading() as session:
        assert delegations_of(session, ledger.portal) == []


def test_a_held_portal_is_released_once_by_whoever_saw_it(
    ledger: Ledger, database: Database, inspector: DeskClient
) -> None:
    with database.writing() as session:
        look = inspections.inspections_of_portal(session, ledger.portal, 1)[0].id
        session.get_one(InspectionRow, look).state = "held"
    url = f"/portals/{ledger.portal}"
    page = inspector.get(url).text
    assert "疑似改版，等待人工确认" in page
    assert "在确认改版之前不作数" in page
    assert "请刷新" in inspector.shown(inspector.post(f"{url}/release", {"look": str(look + 7)}))
    assert "已确认改版" in inspector.shown(inspector.post(f"{url}/release", {"look": str(look)}))
    assert "请刷新" in inspector.shown(inspector.post(f"{url}/release", {"look": str(look)}))
    with database.reading() as session:
        assert inspections.newest_held(session, ledger.portal) is None
        assert session.scalars(select(TaskRow)).all() == []


@pytest.mark.parametrize(
    "path",
    ["pause", "resume", "release", "inspect", "exemptions", "exemptions/1/withdraw", "delegations"],
)
def test_viewers_and_forged_forms_change_nothing(ledger: Ledger, database: Database, path: str) -> None:
    fields = {"reason": "x", "look": "1", "concept": "news", **EXEMPTION}
    with client_as(database, Role.VIEWER, queue=FakeQueue()) as viewer:
        assert viewer.post(f"/portals/{ledger.portal}/{path}", fields).status_code == 403
    with client_as(database, Role.INSPECTOR, queue=FakeQueue()) as client:
        client.csrf = "forged"
        assert client.post(f"/portals/{ledger.portal}/{path}", fields).status_code == 403
    assert actions(database) == []


# ---------------------------------------------------------------- inspect now


def test_inspect_now_waits_before_everything_else_and_once(
    ledger: Ledger, database: Database, inspector: DeskClient
) -> None:
    url = f"/portals/{ledger.portal}"
    answer = inspector.post(f"{url}/inspect")
    run = f"2026-11-20/desk/{ledger.portal}-100000"
    assert answer.headers["location"] == f"{url}?run={run}#inspecting"
    jobs = inspector.app.state.desk.queue.jobs
    assert [(job[0], job[1], job[2]) for job in jobs] == [
        ("desk_inspection", {"portal": ledger.portal, "name": run}, 100)
    ]
    assert f'hx-get="{url}/inspecting?run=' in inspector.get(f"{url}?run={run}").text
    assert "已在排队" in inspector.shown(inspector.post(f"{url}/inspect"))
    assert actions(database) == ["portal.inspect"]


def test_progress_asks_again_until_the_check_is_over(ledger: Ledger, database: Database, inspector: DeskClient) -> None:
    run, url = f"2026-11-20/desk/{ledger.portal}-100000", f"/portals/{ledger.portal}/inspecting"
    waiting = inspector.get(f"{url}?run={run}").text
    assert "正在排队" in waiting
    assert 'hx-trigger="every 3s"' in waiting
    with database.writing() as session:
        inspections.ensure_cycle(
            session, name=run, kind=CycleKind.DESK, as_of=NOW.date(), portal_ids=[ledger.portal], now=NOW
        )
    assert "即将开始" in inspector.get(f"{url}?run={run}").text
    with database.writing() as session:
        row = session.scalars(select(InspectionRow).order_by(InspectionRow.id.desc())).first()
        assert row is not None
        row.state = "done"
    over = inspector.get(f"{url}?run={run}").text
    assert "检查结束：完成" in over
    assert "hx-trigger" not in over
    assert inspector.get(f"{url}?run=../x").status_code == 404


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/", "http://10.0.0.8/", "http://localhost/"])
def test_inspect_now_refuses_private_portals(
    ledger: Ledger, database: Database, inspector: DeskClient, url: str
) -> None:
    change(database, ledger.portal, url=url)
    assert "是内网地址" in inspector.shown(inspector.post(f"/portals/{ledger.portal}/inspect"))
    assert inspector.app.state.desk.queue.jobs == []


def test_a_paused_portal_is_not_inspected(ledger: Ledger, database: Database, inspector: DeskClient) -> None:
    change(database, ledger.portal, state="paused")
    assert "请先恢复" in inspector.shown(inspector.post(f"/portals/{ledger.portal}/inspect"))
    assert inspector.app.state.desk.queue.jobs == []
