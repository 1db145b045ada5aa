"""The REST interface: what programs with a token can see and do, and what they cannot."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from api_client import ALL, Program, unit_of
from desk_client import NOW, Clock, anonymous, client_as, ensure_account, token_of
from ledger_builder import Ledger, verdict

from gkmonitor.accounts.permissions import Permission
from gkmonitor.accounts.records import Role
from gkmonitor.queueing import EmbeddedQueue
from gkmonitor.storage import Database, audit, jobs
from gkmonitor.storage.models import TaskRow
from gkmonitor.web.api.describing import describe_api


@pytest.fixture
def ledger(database: Database) -> Ledger:
    """One open case."""
    made = Ledger(database)
    made.inspect([verdict()])
    made.inspect([verdict()])
    return made


@pytest.fixture
def program(database: Database) -> Iterator[Program]:
    """With every scope that an inspector can give."""
    account = ensure_account(database, Role.INSPECTOR)
    with anonymous(database, queue=EmbeddedQueue(database)) as client:
        yield Program(client, token_of(database, account, *ALL))


def only_case(program: Program) -> dict[str, Any]:
    (case,) = program.get("/violations").json()["items"]
    assert isinstance(case, dict)
    return case


def test_nobody_is_answered_without_a_valid_token(database: Database) -> None:
    with anonymous(database) as client:
        for headers in ({}, {"authorization": "Bearer wrong"}):
            answer = client.request("GET", "/api/v1/violations", headers=headers)
            assert answer.status_code == 401
            assert "令牌" in answer.json()["detail"]


def test_a_violation_has_the_keys_of_the_command_line(ledger: Ledger, program: Program) -> None:
    case = only_case(program)
    assert {"id", "site", "rule", "check", "subject", "state", "severity", "found_by", "first_seen"} <= set(case)
    whole = program.get(f"/violations/{case['id']}").json()
    assert [event["event"] for event in whole["events"]] == ["found", "opened"]
    assert whole["verdict"]["basis"]["document"] == "国办秘函〔2019〕19号"


def test_lists_are_cut_into_pages_that_leave_nothing_out(database: Database, program: Program) -> None:
    for _ in range(5):
        one = Ledger(database)
        one.inspect([verdict()])
        one.inspect([verdict()])
    seen: list[int] = []
    after = ""
    for _ in range(10):
        page = program.get("/violations", params={"limit": 2, "after": after}).json()
        seen += [case["id"] for case in page["items"]]
        after = page["next"] or ""
        if not after:
            break
    assert len(seen) == len(set(seen)) == 5


def test_a_decision_is_the_ledgers_and_bears_the_accounts_name(ledger: Ledger, program: Program) -> None:
    case = only_case(program)
    answer = program.post("/violations/decisions", {"ids": [case["id"]], "decision": "confirm", "version": 2})
    assert answer.status_code == 200
    assert answer.json()["items"][0]["state"] == "confirmed"
    event = program.get(f"/violations/{case['id']}").json()["events"][-1]
    assert event["event"] == "confirmed"
    assert "inspector" in event["actor"]
    with ledger.database.reading() as session:
        assert [one.action for one in audit.list_audit(session, audit.AuditFilter())] == ["violation-confirmed"]


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"ids": [1], "decision": "close"}, 400),  # not from open
        ({"ids": [1], "decision": "confirm", "version": 1}, 400),  # somebody else was quicker
        ({"ids": [1, 999], "decision": "confirm"}, 400),
        ({"ids": [1], "decision": "dismiss"}, 400),  # without a reason
        ({"ids": [1], "decision": "forget"}, 422),
        ({"ids": [], "decision": "confirm"}, 422),
        ({"ids": [1], "decision": "confirm", "typing": "error"}, 422),
        ({"ids": [2**70], "decision": "confirm"}, 422),
    ],
)
def test_what_is_not_allowed_changes_nothing(
    ledger: Ledger, program: Program, given: dict[str, Any], status: int
) -> None:
    case = only_case(program)
    given = {**given, "ids": [case["id"] if one == 1 else one for one in given["ids"]]}
    answer = program.post("/violations/decisions", given)
    assert (answer.status_code, bool(answer.json()["detail"])) == (status, True)
    assert only_case(program)["state"] == "open"


def test_a_token_does_no_more_than_its_scopes(database: Database, ledger: Ledger) -> None:
    account = ensure_account(database, Role.INSPECTOR)
    with anonymous(database) as client:
        reader = Program(client, token_of(database, account, Permission.VIEW))
        case = only_case(reader)
        answer = reader.post("/violations/decisions", {"ids": [case["id"]], "decision": "confirm"})
        assert answer.status_code == 403
        assert reader.get("/audit").status_code == 403


def test_a_cookie_without_the_mark_decides_nothing(database: Database, ledger: Ledger) -> None:
    with client_as(database, Role.INSPECTOR) as client:
        case = client.get("/api/v1/violations").json()["items"][0]
        given = {"ids": [case["id"]], "decision": "confirm"}
        assert client.request("POST", "/api/v1/violations/decisions", json=given).status_code == 403
        mark = {"x-csrf-token": client.csrf}
        assert client.request("POST", "/api/v1/violations/decisions", json=given, headers=mark).status_code == 200


def test_a_unit_knows_only_of_its_own_confirmed_violations(database: Database, ledger: Ledger) -> None:
    other = Ledger(database)
    other.inspect([verdict()])
    other.inspect([verdict()])
    own, foreign = ledger.case.id, other.case.id
    office, account = ensure_account(database, Role.INSPECTOR), unit_of(database, ledger.portal)
    unit = ensure_account(database, Role.UNIT, account)
    with anonymous(database) as client:
        inspector = Program(client, token_of(database, office, *ALL))
        mine = Program(client, token_of(database, unit, *ALL))
        assert mine.get("/violations").json()["items"] == []
        assert mine.get(f"/violations/{own}").status_code == 404
        inspector.post("/violations/decisions", {"ids": [own, foreign], "decision": "confirm"})
        assert [case["id"] for case in mine.get("/violations").json()["items"]] == [own]
        assert mine.get(f"/violations/{foreign}").status_code == 404
        assert mine.get(f"/violations/{own}").json()["events"] == []
        assert mine.get(f"/portals/{other.portal}").status_code == 404
        assert mine.get(f"/portals/{ledger.portal}/verdicts").status_code == 404
        answer = mine.post(f"/violations/{own}/answers", {"text": "已补发"})
        assert answer.status_code == 201
        assert mine.post(f"/violations/{foreign}/answers", {"text": "已补发"}).status_code == 404
        assert mine.post("/violations/decisions", {"ids": [own], "decision": "close"}).status_code == 403


def test_a_finding_by_a_person_is_a_case_of_its_own(ledger: Ledger, program: Program) -> None:
    given = {"portal": ledger.portal, "text": "领导信息未更新", "severity": "deduction", "column": "领导之窗"}
    made = program.post("/violations", given)
    assert (made.status_code, made.json()["found_by"], made.json()["state"]) == (201, "person", "open")
    assert program.post("/violations", {**given, "portal": 10**9}).status_code == 404
    assert program.post("/violations", {**given, "severity": "advice"}).status_code == 422


def test_tasks_are_listed_and_done_once(database: Database, ledger: Ledger, program: Program) -> None:
    with database.writing() as session:
        row = TaskRow(portal_id=ledger.portal, month="2026-11", rule="a/b", question="看", created_at=NOW)
        session.add(row)
        session.flush()
        number = row.id
    assert [one["id"] for one in program.get("/tasks", params={"month": "2026-11"}).json()["items"]] == [number]
    assert program.post(f"/tasks/{number}/done", {"outcome": "ok"}).json()["state"] == "done"
    assert program.post(f"/tasks/{number}/done", {"outcome": "ok"}).status_code == 400
    assert program.get("/tasks", params={"month": "2026-13"}).status_code == 422


def test_an_inspection_that_is_asked_for_is_enqueued(database: Database, ledger: Ledger, program: Program) -> None:
    answer = program.post("/inspections", {"portals": [ledger.portal]})
    assert (answer.status_code, answer.json()["items"][0]["portal"]) == (202, ledger.portal)
    with database.reading() as session:
        (job,) = jobs.live_arguments(session, "desk_inspection")
    assert job["portal"] == ledger.portal
    assert program.post("/inspections", {"portals": [10**9]}).status_code == 400


def test_rules_coverage_portals_and_the_chain_are_told(ledger: Ledger, program: Program) -> None:
    assert any(pack["id"] == "national-2019-19" for pack in program.get("/packs").json()["items"])
    rule = program.get("/rules/national-2019-19/home-not-updated").json()
    assert rule["basis"]["document"]
    assert program.get("/rules/national-2019-19/nothing").status_code == 404
    assert len(program.get("/coverage").json()["duties"]) == 905
    assert program.get(f"/portals/{ledger.portal}").json()["name"] == "青禾县人民政府"
    assert len(program.get("/cycles").json()["items"]) == 2
    assert program.get("/ledger").json()["event"] == 2


def test_the_description_names_every_call_and_its_faults(database: Database, program: Program) -> None:
    found = program.get("/openapi.json").json()
    calls = [(path, method) for path, methods in found["paths"].items() for method in methods]
    assert ("/api/v1/violations/decisions", "post") in calls
    assert len(calls) >= 17
    assert all({"401", "403"} <= set(found["paths"][path][method]["responses"]) for path, method in calls)


def test_the_codes_of_faults_are_described_and_none_is_ever_lost(program: Program) -> None:
    """Programs rely on them: codes may come, none may go."""
    words = (
        "stale address setting pack registry ledger account notice-template date usage storage output calendar "
        "unfinished not-logged-in password-is-old forbidden invalid not-found method too-large crashed"
    )
    promised = set(words.split())
    schemas = program.get("/openapi.json").json()["components"]["schemas"]
    assert promised <= set(schemas["Fault"]["properties"]["code"]["enum"])
    told = {
        program.get("/violations/999999").json()["code"],
        program.get("/accounts").json()["code"],
        program.post("/violations/decisions", {}).json()["code"],
        program.post("/overview").json()["code"],
    }
    assert told == {"not-found", "forbidden", "invalid", "method"}


def test_what_is_given_is_described_with_an_example(program: Program) -> None:
    schemas = program.get("/openapi.json").json()["components"]["schemas"]
    given = {name: one for name, one in schemas.items() if name.endswith("Given")}
    bare = [name for name, one in given.items() if "examples" not in json.dumps(one)]
    assert len(given) > 20
    assert bare == []


def modes(operation: Any) -> tuple[Any, ...]:
    """As described; and against the description, where there is something to get wrong."""
    from schemathesis import GenerationMode

    can_be_wrong = bool(operation.body) or bool(operation.query) or bool(operation.path_parameters)
    return (GenerationMode.POSITIVE, GenerationMode.NEGATIVE) if can_be_wrong else (GenerationMode.POSITIVE,)


def test_no_call_that_the_description_allows_crashes(
    database: Database, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Calls made up from the description, also junk ones: answered, never with a 5xx; a PDF is what the programs make
    of it, which is looked at elsewhere."""
    monkeypatch.setattr("gkmonitor.reports.notice.pdf.write_pdf", lambda *_given, **_words: b"%PDF-1.7")
    import schemathesis
    from hypothesis import HealthCheck, Phase, given, settings

    account = ensure_account(database, Role.ADMINISTRATOR)
    with anonymous(database, clock=Clock(), queue=EmbeddedQueue(database)) as client:
        headers = {"authorization": f"Bearer {token_of(database, account, *ALL)}"}
        schema = schemathesis.openapi.from_dict(describe_api())
        calls = [one.ok() for one in schema.get_all_operations()]
        tried: set[str] = set()

        def ask(case: Any) -> None:
            sent = case.as_transport_kwargs(base_url="http://desk.example")
            words = {name: sent[name] for name in ("params", "json", "data", "files") if sent.get(name) is not None}
            path = sent["url"].removeprefix("http://desk.example")
            answer = client.request(sent["method"], path, headers=headers, **words)
            tried.add(case.operation.label)
            assert answer.status_code < 500, (sent["method"], path, words, answer.text)

        # Some of every call, rather than many of whichever comes up; more where there is more to get wrong.
        for call in calls:
            for mode in modes(call):
                few = settings(
                    max_examples=2 if call.body else 1,
                    deadline=None,
                    derandomize=True,
                    database=None,
                    phases=[Phase.generate],
                    suppress_health_check=list(HealthCheck),
                )
                few(given(call.as_strategy(mode))(ask))()
        assert len(tried) == len(calls) > 60
