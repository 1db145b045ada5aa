"""The desk of a supervised unit: its own confirmed violations, and nothing of anybody else's."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from desk_cases import BLANK, STALE, DeskCases
from desk_client import DeskClient, client_as

from gkmonitor.accounts.records import Role
from gkmonitor.ledger.records import EventKind, State
from gkmonitor.storage.cases import events_of
from gkmonitor.storage.rechecks import RequestState, requests_of, waiting_requests


@pytest.fixture
def unit(desk_cases: DeskCases) -> Iterator[DeskClient]:
    with client_as(desk_cases.database, Role.UNIT, desk_cases.unit, **desk_cases.words) as client:
        yield client


@pytest.fixture
def other(desk_cases: DeskCases) -> Iterator[DeskClient]:
    words: dict[str, Any] = {"login": "other", **desk_cases.words}
    with client_as(desk_cases.database, Role.UNIT, desk_cases.other_unit, **words) as client:
        yield client


def events(desk_cases: DeskCases, number: int) -> list[Any]:
    with desk_cases.database.reading() as session:
        return list(events_of(session, number))


def test_a_unit_is_shown_what_was_confirmed_and_nothing_else(desk_cases: DeskCases, unit: DeskClient) -> None:
    assert "这一栏没有问题" in unit.get("/my/violations").text
    case = desk_cases.notify(desk_cases.of_rule(BLANK).id)
    desk_cases.find_elsewhere()
    page = unit.get("/my/violations").text
    assert page.count('href="/my/violations/') == 1 + page.count('href="/my/violations/"')
    assert f'href="/my/violations/{case.id}"' in page
    assert "别处的问题" not in page
    assert f"限 {case.deadline}" in page


@pytest.mark.parametrize("where", ["", "/answer", "/appeal", "/recheck"])
@pytest.mark.parametrize("whose", ["suspected or open", "another unit's", "nobody's"])
def test_what_is_not_told_to_a_unit_is_not_there(
    desk_cases: DeskCases, unit: DeskClient, where: str, whose: str
) -> None:
    numbers = {
        "suspected or open": desk_cases.of_rule(STALE).id,
        "another unit's": desk_cases.find_elsewhere().id,
        "nobody's": 99_999,
    }
    path = f"/my/violations/{numbers[whose]}{where}"
    answer = unit.post(path, {"note": "x"}) if where else unit.get(path)
    assert answer.status_code == 404
    if whose != "nobody's":
        assert EventKind.ANSWERED not in {event.kind for event in events(desk_cases, numbers[whose])}


def test_the_inspectors_pages_are_closed_to_a_unit(desk_cases: DeskCases, unit: DeskClient) -> None:
    number = desk_cases.notify(desk_cases.of_rule(BLANK).id).id
    for path in ("", f"/{number}", f"/{number}/trail", f"/{number}/pack", "/new", "/rechecks"):
        assert unit.get(f"/violations{path}").status_code == 403, path
    for path in ("/decide", f"/{number}/decide", f"/{number}/pack", f"/{number}/recheck", "/new", "/views"):
        assert unit.post(f"/violations{path}", {"kind": "dismissed"}).status_code == 403, path
    assert desk_cases.case(number).state is State.NOTIFIED


def test_an_inspector_is_no_unit(desk_cases: DeskCases) -> None:
    with client_as(desk_cases.database, Role.INSPECTOR, **desk_cases.words) as inspector:
        assert inspector.get("/my/violations").status_code == 403


def test_an_answer_with_a_file_reaches_the_ledger_and_the_inspector(desk_cases: DeskCases, unit: DeskClient) -> None:
    number = desk_cases.notify(desk_cases.of_rule(BLANK).id).id
    files = {"files": ("答复函.pdf", b"%PDF-1.7", "application/pdf")}
    page = unit.shown(unit.post(f"/my/violations/{number}/answer", {"note": "已补发<b>"}, files=files))
    assert "答复已提交" in page
    assert "已补发&lt;b&gt;" in page
    assert "答复函.pdf" in page
    last = events(desk_cases, number)[-1]
    assert (last.kind, last.actor, last.after) == (EventKind.ANSWERED, "测试unit（unit）", State.NOTIFIED)
    (evidence,) = last.details["evidence"]
    assert unit.get(f"/evidence/uploads/{evidence}").content == b"%PDF-1.7"
    with client_as(desk_cases.database, Role.INSPECTOR, **desk_cases.words) as inspector:
        assert "答复函.pdf" in inspector.get(f"/violations/{number}").text
        assert inspector.get(f"/evidence/uploads/{evidence}").content == b"%PDF-1.7"


def test_another_unit_has_neither_the_answer_nor_its_file(
    desk_cases: DeskCases, unit: DeskClient, other: DeskClient
) -> None:
    number = desk_cases.notify(desk_cases.of_rule(BLANK).id).id
    unit.post(f"/my/violations/{number}/answer", files={"files": ("a.pdf", b"%PDF", "application/pdf")})
    (evidence,) = events(desk_cases, number)[-1].details["evidence"]
    assert other.get(f"/my/violations/{number}").status_code == 404
    assert other.get(f"/evidence/uploads/{evidence}").status_code == 404
    assert "这一栏没有问题" in other.get("/my/violations").text


def test_an_answer_after_the_deadline_is_taken_and_its_lateness_told(desk_cases: DeskCases) -> None:
    case = desk_cases.notify(desk_cases.of_rule(BLANK).id, days=3)
    desk_cases.clock.now += timedelta(days=5)
    with client_as(desk_cases.database, Role.UNIT, desk_cases.unit, **desk_cases.words) as unit:
        assert "已过" in unit.get(f"/my/violations/{case.id}").text
        unit.post(f"/my/violations/{case.id}/answer", {"note": "已补发"})
    assert events(desk_cases, case.id)[-1].kind == EventKind.ANSWERED


def test_an_empty_answer_is_told(desk_cases: DeskCases, unit: DeskClient) -> None:
    number = desk_cases.notify(desk_cases.of_rule(BLANK).id).id
    page = unit.shown(unit.post(f"/my/violations/{number}/answer", {"note": "  "}))
    assert "请写明情况，或上传附件" in page
    assert events(desk_cases, number)[-1].kind == EventKind.NOTIFIED


def test_an_appeal_stays_until_an_inspector_has_decided(desk_cases: DeskCases, unit: DeskClient) -> None:
    number = desk_cases.notify(desk_cases.of_rule(BLANK).id).id
    unit.post(f"/my/violations/{number}/appeal", {"note": "本单位没有此项事项"})
    assert desk_cases.case(number).state is State.APPEALED
    assert "提出申诉" not in unit.get(f"/my/violations/{number}").text
    with client_as(desk_cases.database, Role.INSPECTOR, **desk_cases.words) as inspector:
        version = str(desk_cases.case(number).version)
        fields = {"kind": "appeal_upheld", "version": version, "note": "经核实"}
        inspector.post(f"/violations/{number}/decide", fields)
    page = unit.get(f"/my/violations/{number}").text
    assert "申诉成立：经核实" in page
    assert f"/my/violations/{number}" in unit.get("/my/violations?tab=dropped").text


def test_notes_among_inspectors_are_not_told(desk_cases: DeskCases, unit: DeskClient) -> None:
    number = desk_cases.of_rule(BLANK).id
    desk_cases.decide(number, EventKind.CONFIRMED, note="内部研究意见")
    deadline = desk_cases.clock.now.date() + timedelta(days=9)
    desk_cases.decide(number, EventKind.NOTIFIED, deadline=deadline, note="请补发")
    page = unit.get(f"/my/violations/{number}").text
    assert "内部研究意见" not in page
    assert "张三" not in page
    assert f"（期限 {deadline}）：请补发" in page


# ---------------------------------------------------------------- rechecks


def test_a_recheck_is_asked_for_once_and_started_by_an_inspector(desk_cases: DeskCases, unit: DeskClient) -> None:
    number = desk_cases.notify(desk_cases.of_rule(BLANK).id).id
    path = f"/my/violations/{number}/recheck"
    assert "复查申请已提交" in unit.shown(unit.post(path, {"note": "已整改"}))
    assert "不必重复申请" in unit.shown(unit.post(path, {"note": "已整改"}))
    with client_as(desk_cases.database, Role.INSPECTOR, **desk_cases.words) as inspector:
        assert "已整改" in inspector.get("/violations/rechecks").text
        page = inspector.shown(inspector.post("/violations/rechecks/1", {"outcome": "start"}))
        assert "已安排复查" in page
        assert "已经处理过" in inspector.shown(inspector.post("/violations/rechecks/1", {"outcome": "start"}))
    assert [(name, one["portal"], one["request"]) for name, one in desk_cases.jobs.asked] == [
        ("desk_inspection", desk_cases.office.portal_id, 1)
    ]
    assert "已安排复查" in unit.get(f"/my/violations/{number}").text
    with desk_cases.database.reading() as session:
        assert waiting_requests(session) == []
        assert requests_of(session, [desk_cases.office.portal_id])[0].state is RequestState.DONE


def test_a_recheck_that_is_refused_starts_nothing(desk_cases: DeskCases, unit: DeskClient) -> None:
    unit.post(f"/my/portals/{desk_cases.office.portal_id}/recheck", {"note": ""})
    with client_as(desk_cases.database, Role.INSPECTOR, **desk_cases.words) as inspector:
        inspector.post("/violations/rechecks/1", {"outcome": "refuse"})
    assert desk_cases.jobs.asked == []
    assert "未予安排" in unit.get("/my/portals").text


def test_a_unit_asks_about_its_own_portals_only(desk_cases: DeskCases, unit: DeskClient) -> None:
    page = unit.get("/my/portals").text
    assert "青禾县人民政府" in page
    assert "云岭县人民政府" not in page
    assert unit.post(f"/my/portals/{desk_cases.other_portal}/recheck", {"note": "x"}).status_code == 404
    with desk_cases.database.reading() as session:
        assert waiting_requests(session) == []
