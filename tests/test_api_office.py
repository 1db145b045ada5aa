"""Trials of a changed pack, the registry from a file, accounts and tokens, through the interface."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from api_client import Program, program_as
from databases import opened
from desk_client import Clock, anonymous
from facts_builder import AS_OF
from registry_files import FINANCE, HEADS, QINGHE
from test_desk_rules import PACK, store

from gkmonitor.accounts.records import Role
from gkmonitor.queueing import EmbeddedQueue
from gkmonitor.storage import Database, audit
from gkmonitor.storage.audit import AuditFilter
from gkmonitor.trials import work_on
from gkmonitor.web.acts.trials import AT_ONCE

MONTH = f"{AS_OF:%Y-%m}"


@pytest.fixture(autouse=True)
def evidence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GKMONITOR_EVIDENCE_DIR", str(tmp_path / "evidence"))


@pytest.fixture
def database(sqlite_url: str) -> Iterator[Database]:
    with opened(sqlite_url) as found:
        yield found


@pytest.fixture
def office(database: Database) -> Iterator[tuple[Program, Program, Any]]:
    """An inspector's program, an administrator's, and the application."""
    with anonymous(database, queue=EmbeddedQueue(database), clock=Clock()) as client:
        both = (program_as(client, database, one) for one in (Role.INSPECTOR, Role.ADMINISTRATOR))
        yield (*both, client.app)  # type: ignore[misc]


# ---------------------------------------------------------------- trials


def test_a_changed_pack_is_tried_and_tells_every_verdict_that_would_change(database: Database, office: Any) -> None:
    program, _, _ = office
    store(database, 2)
    given = {"month": MONTH, "files": [{"name": "要求.yaml", "text": PACK}], "in_force": True}
    made = program.post("/trials", given)
    assert (made.status_code, made.json()["state"]) == (202, "done")
    key = made.json()["key"]
    assert program.get(f"/trials/{key}").json()["changes"] == {"accused": 2}
    (rule,) = program.get(f"/trials/{key}/rules").json()["items"]
    assert (rule["title"], rule["portals"]) == ("要闻按期更新", 2)
    first = program.get(f"/trials/{key}/changes", params={"limit": 1}).json()
    second = program.get(f"/trials/{key}/changes", params={"limit": 1, "after": first["next"]}).json()
    assert second["next"] is None
    assert {one["items"][0]["name"] for one in (first, second)} == {"青禾县第0站", "青禾县第1站"}
    assert program.get(f"/trials/{key}/changes", params={"kind": "cleared"}).json()["items"] == []
    assert [one["key"] for one in program.get("/trials").json()["items"]] == [key]


def test_a_wrong_pack_is_refused_with_the_line(office: Any) -> None:
    program, _, _ = office
    wrong = {"month": MONTH, "files": [{"name": "要求.yaml", "text": PACK.replace("P5D", "five")}]}
    answer = program.post("/trials", wrong)
    assert (answer.status_code, answer.json()["code"]) == (400, "pack")
    assert "要求.yaml" in answer.json()["detail"]
    assert program.post("/trials", {"month": MONTH}).json()["code"] == "pack"
    assert program.get("/trials/" + "x" * 32).json()["code"] == "not-found"


def test_a_long_trial_is_stopped_and_gone_on_with(database: Database, office: Any) -> None:
    program, _, app = office
    store(database, AT_ONCE + 1)
    made = program.post("/trials", {"month": MONTH, "pack": "national-2019-19"}).json()
    assert (made["state"], made["portals"], made["worked_on"]) == ("waiting", AT_ONCE + 1, True)
    path = f"/trials/{made['key']}"
    assert program.post(f"{path}/stop").json()["state"] == "stopped"
    assert program.post(f"{path}/continue").json()["state"] == "waiting"
    work_on(database, app.state.desk.settings, made["key"])
    assert program.get(path).json()["done"] == AT_ONCE + 1
    assert "试算已经结束" in program.post(f"{path}/continue").json()["detail"]


# ---------------------------------------------------------------- the registry


def sent(*lines: str) -> Any:
    return [("file", ("网站.csv", "\r\n".join(lines).encode(), "text/csv"))]


def test_a_file_is_previewed_and_then_taken_over_once(office: Any) -> None:
    program, _, _ = office
    made = program.post("/registry/imports", files=sent(HEADS, QINGHE, FINANCE))
    assert (made.status_code, made.json()["counts"]["new"]) == (201, 2)
    assert program.get("/registry").json()["items"] == []
    path = f"/registry/imports/{made.json()['token']}/confirm"
    assert program.post(path).json()["counts"]["new"] == 2
    again = program.post(path)
    assert (again.status_code, again.json()["code"]) == (409, "stale")
    first = program.get("/registry", params={"limit": 1}).json()
    second = program.get("/registry", params={"limit": 1, "after": first["next"]}).json()
    assert [first["items"][0]["name"], second["items"][0]["name"]] == ["青禾县人民政府", "云岭市财政局"]
    assert [one["name"] for one in program.get("/registry", params={"q": "czj"}).json()["items"]] == ["云岭市财政局"]
    table = program.get("/registry/export", params={"format": "csv"}).content
    unchanged = program.post("/registry/imports", files=[("file", ("a.csv", table, "text/csv"))]).json()
    assert unchanged["counts"]["unchanged"] == 2


def test_rows_that_differ_are_taken_over_only_when_said_so(office: Any) -> None:
    program, _, _ = office
    token = program.post("/registry/imports", files=sent(HEADS, QINGHE)).json()["token"]
    program.post(f"/registry/imports/{token}/confirm")
    made = program.post("/registry/imports", files=sent(HEADS, QINGHE.replace("办公室", "政务办"))).json()
    assert made["rows"][0]["status"] == "changed"
    assert made["rows"][0]["changes"][0]["after"] == "青禾县人民政府政务办"
    path = f"/registry/imports/{made['token']}/confirm"
    assert program.post(path).json()["code"] == "registry"
    assert program.get("/registry").json()["items"][0]["organizer"] == "青禾县人民政府办公室"
    assert program.post(path, {"update": True}).status_code == 200
    assert program.get("/registry").json()["items"][0]["organizer"] == "青禾县人民政府政务办"


def test_a_preview_is_for_whoever_made_it_and_a_wrong_file_has_none(office: Any) -> None:
    program, other, _ = office
    token = program.post("/registry/imports", files=sent(HEADS, QINGHE)).json()["token"]
    assert other.post(f"/registry/imports/{token}/confirm").status_code == 409
    assert other.post(f"/registry/imports/{token}/cancel").status_code == 404
    assert program.post(f"/registry/imports/{token}/cancel").status_code == 200
    assert program.post(f"/registry/imports/{token}/confirm").status_code == 409
    wrong = program.post("/registry/imports", files=sent(HEADS, QINGHE.replace("http://", "ftp://"))).json()
    assert (wrong["token"], wrong["problems"][0]["line"], wrong["problems"][0]["error"]) == (None, 2, True)


# ---------------------------------------------------------------- accounts and tokens


def test_an_account_is_made_changed_and_switched_off(office: Any) -> None:
    inspector, program, _ = office
    made = program.post("/accounts", {"login": "li", "name": "李某", "role": "viewer"})
    assert made.status_code == 201
    assert len(made.json()["one_time_password"]) > 8
    number = made.json()["account"]["id"]
    assert program.post(f"/accounts/{number}", {"name": "李某", "role": "inspector"}).json()["role"] == "inspector"
    assert program.post(f"/accounts/{number}/state", {"state": "disabled"}).json()["state"] == "disabled"
    fresh = program.post(f"/accounts/{number}/password").json()["one_time_password"]
    assert fresh != made.json()["one_time_password"]
    assert program.post(f"/accounts/{number}/logout").status_code == 200
    assert [one["login"] for one in program.get("/accounts", params={"q": "li", "role": "inspector"}).json()["items"]]
    assert program.post("/accounts", {"login": "li", "name": "李某", "role": "viewer"}).json()["code"] == "account"
    assert program.get("/accounts/999").status_code == 404
    assert inspector.get("/accounts").status_code == 403


def test_nobody_locks_themselves_out(office: Any) -> None:
    _, program, _ = office
    own = program.get("/me").json()["account"]["id"]
    assert program.post(f"/accounts/{own}/state", {"state": "disabled"}).status_code == 400
    assert program.post(f"/accounts/{own}", {"name": "我", "role": "viewer"}).status_code == 400
    assert program.post(f"/accounts/{own}/password").status_code == 400


def test_tokens_are_listed_without_their_secret_and_revoked(database: Database, office: Any) -> None:
    inspector, administrator, _ = office
    me = inspector.get("/me").json()
    assert (me["account"]["role"], "view" in me["scopes"], "administer" in me["scopes"]) == ("inspector", True, False)
    (token,) = inspector.get("/me/tokens").json()["items"]
    assert token["valid"] is True
    assert not {"secret", "digest"} & set(token)
    (foreign,) = administrator.get("/me/tokens").json()["items"]
    assert inspector.post(f"/me/tokens/{foreign['id']}/revoke").json()["code"] == "account"
    path = f"/accounts/{me['account']['id']}/tokens"
    assert [one["id"] for one in administrator.get(path).json()["items"]] == [token["id"]]
    assert administrator.post(f"{path}/{token['id']}/revoke").json()["valid"] is False
    assert inspector.get("/me").status_code == 401
    with database.reading() as session:
        (entry,) = audit.list_audit(session, AuditFilter(action="token-revoked"))
    assert entry.details["account"] == "inspector"
