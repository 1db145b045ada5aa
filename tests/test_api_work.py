"""Deciding, answering, asking for another look, tasks, evidence and the month's issue, through the interface."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from api_client import Program, program_as, unit_of
from desk_client import NOW, anonymous
from ledger_builder import Ledger, verdict
from portal_desk import actions

from gkmonitor.accounts.records import Role
from gkmonitor.queueing import EmbeddedQueue
from gkmonitor.storage import Database, inspections, jobs
from gkmonitor.storage.models import InspectionRow, TaskRow

PHOTO = {"name": "整改照片.txt", "content": base64.b64encode("已补发".encode()).decode()}


@pytest.fixture(autouse=True)
def evidence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GKMONITOR_EVIDENCE_DIR", str(tmp_path / "evidence"))


def filled(database: Database) -> Ledger:
    made = Ledger(database)
    made.inspect([verdict()])
    made.inspect([verdict()])
    return made


@pytest.fixture
def ledger(database: Database) -> Ledger:
    return filled(database)


@pytest.fixture
def other(database: Database, ledger: Ledger) -> Ledger:
    """Another unit's."""
    return filled(database)


@pytest.fixture
def programs(database: Database, ledger: Ledger, other: Ledger) -> Iterator[dict[Role, Program]]:
    """One of each role; the unit is the first ledger's."""
    own = unit_of(database, ledger.portal)
    unit_of(database, other.portal)
    with anonymous(database, queue=EmbeddedQueue(database)) as client:
        yield {role: program_as(client, database, role, own if role is Role.UNIT else None) for role in Role}


def confirm(programs: dict[Role, Program], *ledgers: Ledger) -> None:
    given = {"ids": [one.case.id for one in ledgers], "decision": "confirm"}
    assert programs[Role.INSPECTOR].post("/violations/decisions", given).status_code == 200


# ---------------------------------------------------------------- deciding


def test_a_decision_follows_the_rules_of_the_desk(ledger: Ledger, other: Ledger, programs: Any) -> None:
    """Some only one by one, files only with one, and a deadline in words of the desk."""
    inspector, both = programs[Role.INSPECTOR], [ledger.case.id, other.case.id]
    refused = inspector.post("/violations/decisions", {"ids": both, "decision": "exempt"})
    assert (refused.status_code, refused.json()["code"]) == (400, "ledger")
    assert "须逐个处理" in refused.json()["detail"]
    with_file = {"ids": both, "decision": "confirm", "attachments": [PHOTO]}
    assert "只能随一个问题" in inspector.post("/violations/decisions", with_file).json()["detail"]
    confirm(programs, ledger)
    without = inspector.post("/violations/decisions", {"ids": [ledger.case.id], "decision": "notify"}).json()
    assert "--" not in without["detail"]
    done = inspector.post("/violations/decisions", {"ids": [ledger.case.id], "decision": "notify", "days": 10})
    assert done.json()["items"][0]["deadline"] == "2026-12-04"


def test_a_finding_may_name_its_rule_and_bring_files(ledger: Ledger, programs: Any) -> None:
    given = {"portal": ledger.portal, "rule": "national-2019-19/home-not-updated", "attachments": [PHOTO]}
    made = programs[Role.INSPECTOR].post("/violations", given)
    assert (made.status_code, made.json()["rule"]) == (201, "national-2019-19/home-not-updated")
    neither = programs[Role.INSPECTOR].post("/violations", {"portal": ledger.portal})
    assert "请写明发现的情况" in neither.json()["detail"]
    wrong = {**given, "attachments": [{**PHOTO, "name": "a.exe"}]}
    assert "类型不能上传" in programs[Role.INSPECTOR].post("/violations", wrong).json()["detail"]


# ---------------------------------------------------------------- a unit


def test_a_unit_answers_with_files_and_reads_what_it_was_told(ledger: Ledger, other: Ledger, programs: Any) -> None:
    unit, own = programs[Role.UNIT], f"/violations/{ledger.case.id}"
    confirm(programs, ledger, other)
    assert "请写明情况" in unit.post(f"{own}/answers", {}).json()["detail"]
    notify = {"ids": [ledger.case.id], "decision": "notify", "days": 5, "note": "请于五日内整改"}
    programs[Role.INSPECTOR].post("/violations/decisions", notify)
    assert unit.post(f"{own}/answers", {"attachments": [PHOTO]}).status_code == 201
    found = unit.get(own).json()
    assert found["events"] == []
    assert [one["who"] for one in found["told"]][:2] == ["检查机关", "检查机关"]
    (number,) = found["told"][-1]["evidence"]
    assert unit.get(f"/evidence/uploads/{number}").content.decode() == "已补发"
    assert programs[Role.INSPECTOR].get(f"/evidence/uploads/{number}").status_code == 200
    assert unit.get(f"/violations/{other.case.id}").json()["code"] == "not-found"
    for path in ("answers", "rechecks"):
        assert (
            unit.post(f"/violations/{other.case.id}/{path}", {"text": "x"} if path == "answers" else {}).status_code
            == 404
        )


def test_another_units_evidence_is_not_there(database: Database, other: Ledger, programs: Any) -> None:
    given = {"portal": other.portal, "text": "领导信息未更新", "severity": "deduction", "attachments": [PHOTO]}
    case = programs[Role.INSPECTOR].post("/violations", given).json()["id"]
    programs[Role.INSPECTOR].post("/violations/decisions", {"ids": [case], "decision": "confirm"})
    found = programs[Role.INSPECTOR].get(f"/violations/{case}").json()
    number = found["events"][0]["details"]["evidence"][0]
    assert programs[Role.VIEWER].get(f"/evidence/uploads/{number}").status_code == 200
    assert programs[Role.UNIT].get(f"/evidence/uploads/{number}").status_code == 404


def test_a_unit_asks_for_another_look_and_the_office_grants_it(
    database: Database, ledger: Ledger, other: Ledger, programs: Any
) -> None:
    unit, inspector = programs[Role.UNIT], programs[Role.INSPECTOR]
    path = f"/violations/{ledger.case.id}/rechecks"
    assert unit.post(path, {"note": "已补发"}).status_code == 404  # nobody has confirmed it
    confirm(programs, ledger)
    made = unit.post(path, {"note": "已补发"})
    assert made.status_code == 201
    assert unit.post(path, {"note": "已补发"}).json()["code"] == "ledger"
    assert unit.post(f"/portals/{other.portal}/rechecks", {}).status_code == 404
    assert unit.post(f"/portals/{ledger.portal}/rechecks", {"note": "全站"}).status_code == 201
    assert [one["note"] for one in unit.get(path).json()["items"]] == ["已补发"]
    waiting = inspector.get("/rechecks").json()["items"]
    assert [one["note"] for one in waiting] == ["已补发", "全站"]
    assert inspector.post(f"/rechecks/{waiting[0]['id']}", {"granted": True}).json()["state"] == "done"
    assert inspector.post(f"/rechecks/{waiting[1]['id']}", {"granted": False}).json()["state"] == "refused"
    assert inspector.post(f"/rechecks/{waiting[1]['id']}", {"granted": True}).json()["code"] == "ledger"
    with database.reading() as session:
        (job,) = jobs.live_arguments(session, "desk_inspection")
    assert (job["portal"], job["request"]) == (ledger.portal, waiting[0]["id"])


def test_a_unit_is_shown_no_request_of_another(
    database: Database, ledger: Ledger, other: Ledger, programs: Any
) -> None:
    confirm(programs, other)
    with anonymous(database, queue=EmbeddedQueue(database)) as client:
        from desk_client import ensure_account, token_of

        from gkmonitor.accounts.permissions import Permission
        from gkmonitor.storage.models import PortalRow

        with database.reading() as session:
            unit_id = session.get_one(PortalRow, other.portal).unit_id
        account = ensure_account(database, Role.UNIT, unit_id, "other-unit")
        theirs = Program(client, token_of(database, account, *Permission))
        assert theirs.post(f"/violations/{other.case.id}/rechecks", {}).status_code == 201
    assert programs[Role.UNIT].get("/rechecks").json()["items"] == []
    assert programs[Role.UNIT].get(f"/violations/{other.case.id}/rechecks").status_code == 404


# ---------------------------------------------------------------- one violation


def test_a_violation_is_looked_at_again_once_and_tells_how_it_came_about(
    database: Database, ledger: Ledger, programs: Any
) -> None:
    inspector, path = programs[Role.INSPECTOR], f"/violations/{ledger.case.id}"
    assert inspector.post(f"{path}/recheck").json() == {"changed": True}
    assert inspector.post(f"{path}/recheck").json() == {"changed": False}
    assert set(inspector.get(f"{path}/trail").json()) & {"reason", "steps"}
    assert programs[Role.VIEWER].get(f"{path}/pack").content[:2] == b"PK"
    assert inspector.post(f"{path}/pack").content[:2] == b"PK"
    assert inspector.get(path).json()["events"][-1]["event"] == "exported"
    assert actions(database)[-2:] == ["pack-download", "pack-download-unmasked"]


def test_saved_views_are_ones_own(ledger: Ledger, programs: Any) -> None:
    inspector, viewer = programs[Role.INSPECTOR], programs[Role.VIEWER]
    given = {"name": "否决", "query": "severity=veto&nonsense=1"}
    assert inspector.post("/views", given).status_code == 201
    (kept,) = inspector.get("/views").json()["items"]
    assert (kept["name"], kept["query"]) == ("否决", "severity=veto")
    assert viewer.get("/views").json()["items"] == []
    assert viewer.post(f"/views/{kept['id']}/remove").status_code == 404
    assert inspector.post(f"/views/{kept['id']}/remove").status_code == 200
    assert inspector.get("/views").json()["items"] == []


# ---------------------------------------------------------------- tasks, cycles, the first page


def test_a_task_that_finds_something_needs_words_and_takes_files(
    database: Database, ledger: Ledger, programs: Any
) -> None:
    with database.writing() as session:
        row = TaskRow(portal_id=ledger.portal, month="2026-11", rule="a/b", question="看", created_at=NOW)
        session.add(row)
        session.flush()
        number = row.id
    inspector = programs[Role.INSPECTOR]
    assert inspector.get(f"/tasks/{number}").json()["state"] == "todo"
    done = f"/tasks/{number}/done"
    assert "须写明发现的情况" in inspector.post(done, {"outcome": "violation"}).json()["detail"]
    found = {"outcome": "violation", "note": "没有更新", "severity": "veto", "attachments": [PHOTO]}
    case = inspector.post(done, found).json()["violation"]
    assert inspector.get(f"/violations/{case}").json()["severity"] == "veto"
    assert inspector.post("/tasks/prepare", {"month": "2026-11"}).json() == {"changed": True}
    assert inspector.post("/tasks/prepare", {"month": "2026-11"}).json() == {"changed": False}
    assert inspector.get("/tasks/999").status_code == 404


def test_what_waits_for_nobody_is_not_released(ledger: Ledger, programs: Any) -> None:
    inspector = programs[Role.INSPECTOR]
    cycle = inspector.get("/cycles").json()["items"][0]["id"]
    answer = inspector.post(f"/cycles/{cycle}/release", {"portal": ledger.portal})
    assert (answer.status_code, "没有待核实的检查" in answer.json()["detail"]) == (400, True)
    assert inspector.post("/cycles/999/release", {"portal": ledger.portal}).status_code == 404


def test_a_held_portal_is_told_and_released_once(database: Database, ledger: Ledger, programs: Any) -> None:
    with database.writing() as session:
        look = inspections.inspections_of_portal(session, ledger.portal, 1)[0].id
        session.get_one(InspectionRow, look).state = "held"
    scheduler, path = programs[Role.INSPECTOR], f"/portals/{ledger.portal}"
    assert scheduler.get(f"{path}/held").json()["inspection"] == look
    assert scheduler.post(f"{path}/release", {"inspection": look + 1}).status_code == 400
    assert scheduler.post(f"{path}/release", {"inspection": look}).status_code == 200
    assert scheduler.post(f"{path}/release", {"inspection": look}).status_code == 400


def test_the_overview_tells_what_stands_open(ledger: Ledger, programs: Any) -> None:
    found = programs[Role.VIEWER].get("/overview").json()
    assert set(found) == {"coverage", "open_vetoes", "trend", "changes", "held", "early"}
    assert found["open_vetoes"]["count"] == len(found["open_vetoes"]["items"])


# ---------------------------------------------------------------- the month


def test_a_month_is_issued_only_as_it_was_looked_at(ledger: Ledger, programs: Any) -> None:
    administrator, path = programs[Role.ADMINISTRATOR], "/months/2026-10/issue"
    assert programs[Role.INSPECTOR].get(path).status_code == 403
    assert administrator.post("/months/2026-10/counts").status_code == 202
    state = administrator.get(path).json()
    assert (state["issued"], len(state["digest"])) == (False, 64)
    stale = administrator.post(path, {"digest": "0" * 64, "sure": True})
    assert (stale.status_code, stale.json()["code"]) == (409, "stale")
    unsure = administrator.post(path, {"digest": state["digest"]})
    assert (unsure.status_code, unsure.json()["code"]) == (400, "usage")
    assert administrator.get(path).json()["issued"] is False
    lists = administrator.get("/months/2026-10/lists").json()["items"]
    rows = administrator.get(f"/months/2026-10/lists/{lists[0]['name']}").json()
    assert rows["items"] == [] or isinstance(rows["items"][0], dict)
    assert administrator.get("/months/2026-10/lists/nothing").status_code == 404
    assert "precision" in administrator.get("/months/2026-10/accuracy").json()
    assert administrator.post("/months/2026-10/rechecks").json() == {"changed": True}
