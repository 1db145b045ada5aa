"""What programs do through the interface that people do at the desk: the same acts, by the same permissions."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from api_client import Program, program_as
from desk_client import NOW, anonymous
from ledger_builder import Ledger, verdict
from portal_desk import actions, add_column, add_redated_item

from gkmonitor.accounts.records import Role
from gkmonitor.monthly.words import month_words
from gkmonitor.queueing import EmbeddedQueue
from gkmonitor.records import Subject
from gkmonitor.storage import Database, jobs
from gkmonitor.storage.models import ReviewSampleRow


@pytest.fixture
def ledger(database: Database) -> Ledger:
    made = Ledger(database)
    made.inspect([verdict()])
    made.inspect([verdict()])
    return made


@pytest.fixture
def program(database: Database) -> Iterator[Program]:
    """An inspector's."""
    with anonymous(database, queue=EmbeddedQueue(database)) as client:
        yield program_as(client, database, Role.INSPECTOR)


# ---------------------------------------------------------------- portals


def test_a_portal_is_paused_resumed_and_retired_for_a_reason(
    database: Database, ledger: Ledger, program: Program
) -> None:
    state = f"/portals/{ledger.portal}/state"
    refused = program.post(state, {"state": "paused"})
    assert (refused.status_code, refused.json()) == (400, {"detail": "请写明暂停的事由", "code": "usage"})
    assert program.post(state, {"state": "paused", "reason": "改版"}).status_code == 200
    assert program.get(f"/portals/{ledger.portal}").json()["state"] == "paused"
    again = program.post(state, {"state": "paused", "reason": "改版"})
    assert (again.status_code, again.json()["code"]) == (400, "registry")
    for wanted in ("active", "retired"):
        assert program.post(state, {"state": wanted, "reason": "已核实"}).status_code == 200
    assert actions(database) == ["portal.pause", "portal.resume", "portal.retire"]
    kinds = [one["kind"] for one in program.get(f"/portals/{ledger.portal}/history").json()["items"]]
    assert kinds[:3] == ["retired", "resumed", "paused"]


def test_a_portal_gets_a_new_name_and_address_and_keeps_its_life(ledger: Ledger, program: Program) -> None:
    one = f"/portals/{ledger.portal}"
    assert program.post(f"{one}/name", {"name": "青禾县政府网"}).status_code == 200
    assert program.post(f"{one}/address", {"url": "http://new.qinghe.example/"}).status_code == 200
    found = program.get(one).json()
    assert (found["name"], found["url"]) == ("青禾县政府网", "http://new.qinghe.example/")
    assert len(found["inspections"]) == 2
    assert program.post(f"{one}/name", {"name": " "}).json()["code"] == "registry"
    assert program.post(f"{one}/address", {"url": "javascript:1"}).json()["code"] == "address"


def test_exemptions_and_delegations_are_made_listed_and_ended(ledger: Ledger, program: Program) -> None:
    one = f"/portals/{ledger.portal}"
    given = {"what": "concept", "concept": "news", "document": "青政办函〔2026〕3号", "allowed_by": "县政府办"}
    made = program.post(f"{one}/exemptions", {**given, "first": "2026-11-01"})
    assert made.status_code == 201
    number = made.json()["exemption"]
    assert program.get(f"{one}/exemptions").json()["items"][0]["concept"] == "news"
    assert program.post(f"{one}/exemptions", {**given, "first": "2026-11-01", "document": ""}).status_code == 400
    unknown = {**given, "first": "2026-11-01", "what": "rule", "rule": "no/such"}
    assert "没有“no/such”这条规则" in program.post(f"{one}/exemptions", unknown).json()["detail"]
    assert program.post(f"{one}/exemptions/{number}/withdraw", {"reason": "已恢复"}).status_code == 200
    assert program.get(f"{one}/exemptions").json()["items"][0]["withdrawn"] == "2026-11-20"
    delegation = {"concept": "budget", "url": "http://czj.qinghe.example/"}
    assert program.post(f"{one}/delegations", delegation).status_code == 201
    assert program.post(f"{one}/delegations", delegation).status_code == 400
    assert [row["concept"] for row in program.get(f"{one}/delegations").json()["items"]] == ["budget"]
    assert program.post(f"{one}/delegations/withdraw", {"concept": "budget"}).status_code == 200
    assert program.get(f"{one}/delegations").json()["items"] == []


def test_a_portals_columns_tell_when_they_were_last_in_order(
    database: Database, ledger: Ledger, program: Program
) -> None:
    add_column(database, ledger.portal, Subject("news", "政务动态", None, ("政务动态",)), last_normal=NOW)
    column = next(
        one for one in program.get(f"/portals/{ledger.portal}/columns").json()["items"] if one["path"] == ["政务动态"]
    )
    assert column["last_normal"].startswith("2026-11-20T02:00:00")
    assert program.get(f"/portals/{ledger.portal}/held").json() == {"inspection": None, "reason": None}
    assert program.get("/portals/999999/columns").json()["code"] == "not-found"


def test_a_portals_redated_items_are_told_with_both_days(database: Database, ledger: Ledger, program: Program) -> None:
    path = f"/portals/{ledger.portal}/redated"
    assert program.get(path).json() == {"items": [], "next": None}
    add_redated_item(database, ledger.portal, Subject("news", "会议", None, ("会议",)))
    (found,) = program.get(path).json()["items"]
    assert (found["before"], found["after"], found["text"]) == ("2026-10-01", "2026-11-18", "unknown")
    assert (found["column"], found["standing"]) == (["会议"], True)


def test_a_second_inspection_of_the_same_portal_waits_for_the_first(
    database: Database, ledger: Ledger, program: Program
) -> None:
    given = {"portals": [ledger.portal]}
    assert program.post("/inspections", given).json()["items"][0]["cycle"].startswith("2026-11-20/desk/")
    assert program.post("/inspections", given).json()["items"] == [{"portal": ledger.portal, "cycle": None}]
    with database.reading() as session:
        assert len(jobs.live_arguments(session, "desk_inspection")) == 1


# ---------------------------------------------------------------- months


def test_figures_are_signed_all_or_none_and_bear_the_accounts_name(program: Program) -> None:
    whole = next(one.slug for one in month_words().typed if one.unit and one.unit != "%")
    share = next(one.slug for one in month_words().typed if one.unit == "%")
    path = "/months/2026-10/figures"
    wrong = program.post(path, {"figures": {whole: "12", share: "130"}})
    assert wrong.status_code == 400
    assert "百分数" in wrong.json()["detail"]
    assert all(one["value"] is None for one in program.get(path).json()["items"])
    done = program.post(path, {"figures": {whole: "12", share: "98.5"}}).json()["items"]
    assert [(one["before"], one["after"]) for one in done] == [(None, "12"), (None, "98.5")]
    kept = {one["slug"]: one for one in program.get(path).json()["items"]}
    assert kept[whole]["value"] == "12"
    assert "inspector" in kept[whole]["signed_by"]
    assert program.post(path, {"figures": {whole: ""}}).json()["items"][0]["after"] is None
    history = program.get(f"{path}/history", params={"limit": 2}).json()
    assert (history["items"][0]["before"], history["items"][0]["after"]) == ("12", None)
    assert program.get(f"{path}/history", params={"limit": 2, "after": history["next"]}).json()["items"]
    assert "没有“nothing”这项数据" in program.post(path, {"figures": {"nothing": "1"}}).json()["detail"]
    assert program.get("/months/2027-01/figures").status_code == 400


def test_a_drawn_sample_is_reviewed(database: Database, ledger: Ledger, program: Program) -> None:
    with database.writing() as session:
        row = ReviewSampleRow(
            month="2026-10",
            portal_id=ledger.portal,
            rule="national-2019-19/home-not-updated",
            subject_key="x",
            verdict="ok",
            inspection_id=1,
            drawn_at=NOW,
        )
        session.add(row)
        session.flush()
        number = row.id
    path = "/months/2026-10/samples"
    assert [one["id"] for one in program.get(path, params={"unreviewed": True}).json()["items"]] == [number]
    done = program.post(f"{path}/{number}", {"outcome": "wrong", "note": "首页没有更新"}).json()
    assert (done["outcome"], "inspector" in done["decided_by"]) == ("wrong", True)
    assert program.get(path, params={"unreviewed": True}).json()["items"] == []
    assert program.post(f"{path}/{number}", {"outcome": "perhaps"}).status_code == 422
    assert program.post(f"{path}/999", {"outcome": "right"}).json()["code"] == "ledger"


# ---------------------------------------------------------------- the service


def test_a_schedule_is_changed_and_a_wrong_one_is_not(program: Program) -> None:
    name = next(one["name"] for one in program.get("/schedules").json()["items"] if one["job"] == "cycle")
    assert program.post(f"/schedules/{name}", {"cron": "0 1 * * *", "window": [1, 5]}).json() == {"changed": True}
    kept = next(one for one in program.get("/schedules").json()["items"] if one["name"] == name)
    assert (kept["trigger"], kept["arguments"]["window"]) == ({"cron": "0 1 * * *"}, [1, 5])
    both = program.post(f"/schedules/{name}", {"cron": "0 1 * * *", "every_seconds": 60})
    assert (both.status_code, both.json()["code"]) == (400, "setting")
    assert program.post(f"/schedules/{name}", {"cron": "0 1 * * *", "window": [1, 24]}).status_code == 400
    assert program.post("/schedules/nothing", {"cron": "0 1 * * *"}).json()["code"] == "setting"


def test_a_spot_check_is_asked_for_and_told(database: Database, program: Program) -> None:
    asked = program.post("/spot-checks", {"url": "http://www.qinghe.example/"})
    assert (asked.status_code, asked.json()["state"]) == (202, "waiting")
    key = asked.json()["key"]
    assert program.get(f"/spot-checks/{key}").json()["url"] == "http://www.qinghe.example/"
    assert program.get(f"/spot-checks/{key}/report").status_code == 404
    refused = program.post("/spot-checks", {"url": "http://127.0.0.1/"})
    assert (refused.status_code, refused.json()["code"]) == (400, "address")
    with database.reading() as session:
        assert jobs.live_arguments(session, "spot") == [{"key": key}]
