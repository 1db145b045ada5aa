"""What each unit is to mend, from the desk: the papers of the command line, for the office and for the unit itself."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import quote

import pytest
from desk_client import Clock, DeskClient, anonymous, client_as, ensure_account, token_of
from desk_pages import whole
from docx import Document
from month_builder import HOME, Town
from test_api import Program
from test_month_issuing import issue

from gkmonitor.accounts.permissions import Permission
from gkmonitor.accounts.records import Role
from gkmonitor.issuing import prepare_month
from gkmonitor.ledger.records import EventKind
from gkmonitor.storage import audit
from gkmonitor.storage.audit import AuditFilter
from gkmonitor.storage.units import get_unit
from gkmonitor.unitpapers import mending_deadline, paper_file, unit_papers

NOW = datetime(2026, 12, 1, 1, tzinfo=UTC)
LATER = datetime(2027, 3, 1, 1, tzinfo=UTC)
UNITS = "/month/2026-11/units"
A_UNIT, B_UNIT = "青禾县人民政府", "白沙县人民政府"
USUAL = date(2026, 12, 15)  # ten working days from Tuesday, 1 December


@pytest.fixture
def desk(town: Town) -> Iterator[DeskClient]:
    words = {"office_name": town.settings.office_name, "region_name": town.settings.region_name}
    with client_as(town.database, Role.INSPECTOR, clock=Clock(NOW), **words) as client:
        yield client


def unit_of(town: Town, name: str) -> int:
    with town.database.reading() as session:
        return get_unit(session, name).id


@pytest.fixture
def unit(town: Town) -> Iterator[DeskClient]:
    with client_as(town.database, Role.UNIT, unit_of(town, A_UNIT), clock=Clock(NOW)) as client:
        yield client


def table(body: bytes) -> list[dict[str, str]]:
    """问题清单 of a paper, as rows by their heads."""
    heads, *rows = [[cell.text for cell in row.cells] for row in Document(io.BytesIO(body)).tables[0].rows]
    return [dict(zip(heads, row, strict=True)) for row in rows]


def text(body: bytes) -> str:
    return "\n".join(one.text for one in Document(io.BytesIO(body)).paragraphs)


# ---------------------------------------------------------------- the office


def test_the_desk_sends_the_bytes_that_the_command_line_writes(desk: DeskClient, town: Town) -> None:
    page = whole(desk.get(UNITS))
    assert A_UNIT in page
    assert "清水县人民政府" not in page
    numbers = prepare_month(town.database, town.settings, "2026-11", NOW)
    papers = unit_papers(town.database, numbers, mending_deadline(town.settings, NOW.date(), None))
    mine = next(one for one in papers if one.unit == A_UNIT)
    for form in ("docx", "xlsx"):
        answer = desk.get(f"{UNITS}/notice.{form}", params={"unit": A_UNIT})
        name, body = paper_file(papers, mine, form)
        assert quote(name) in answer.headers["content-disposition"]
        assert answer.content == body


def test_the_deadline_is_ten_working_days_or_the_day_that_is_written(desk: DeskClient) -> None:
    usual = desk.get(f"{UNITS}/notice.docx", params={"unit": A_UNIT}).content
    assert [row["整改期限"] for row in table(usual)] == [USUAL.isoformat()]
    written = desk.get(f"{UNITS}/notice.docx", params={"unit": A_UNIT, "deadline": "2026-12-31"}).content
    assert [row["整改期限"] for row in table(written)] == ["2026-12-31"]
    assert "请于2026年12月31日前完成整改。" in text(written)
    assert desk.get(f"{UNITS}/notice.docx", params={"unit": A_UNIT, "deadline": "2026-11-30"}).status_code == 400
    assert "已经过去" in whole(desk.get(f"{UNITS}?deadline=2026-11-30"))
    assert "青禾县" not in whole(desk.get(f"{UNITS}?deadline=20261340"))


def test_each_download_is_noted_with_unit_and_form(desk: DeskClient, town: Town) -> None:
    desk.get(f"{UNITS}/notice.xlsx", params={"unit": A_UNIT})
    with town.database.reading() as session:
        (entry,) = audit.list_audit(session, AuditFilter(action="unit-notice-downloaded"))
    assert entry.target == "2026-11"
    assert entry.details == {"unit": A_UNIT, "format": "xlsx", "problems": 1, "deadline": USUAL.isoformat()}


def test_what_is_not_there_is_told(desk: DeskClient) -> None:
    assert desk.get(f"{UNITS}/notice.docx", params={"unit": "没有这个单位"}).status_code == 404
    assert desk.get(f"{UNITS}/notice.docx").status_code == 404
    assert desk.get(f"{UNITS}/notice.pdf", params={"unit": A_UNIT}).status_code == 400
    assert desk.get("/month/2026-13/units").status_code == 400
    assert "没有需要整改的问题" in whole(desk.get(f"{UNITS}?q=没有这个单位"))


def test_the_list_of_units_is_a_table_for_spreadsheets(desk: DeskClient) -> None:
    lines = desk.get(f"{UNITS}?format=csv").content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("单位,网站数,问题数,单项否决数")
    assert [line.split(",")[:4] for line in lines[1:]] == [[B_UNIT, "1", "1", "1"], [A_UNIT, "1", "1", "0"]]


def test_no_unit_is_asked_to_mend_what_was_withdrawn_or_appealed_after_the_month_was_issued(town: Town) -> None:
    issue(town)
    with client_as(town.database, Role.INSPECTOR, clock=Clock(NOW)) as client:
        assert A_UNIT in whole(client.get(UNITS))
        town.decide("12-01", EventKind.DISMISSED, town.case_id("A"), reason="misread_page")
        page = whole(client.get(UNITS))
        assert A_UNIT not in page
        assert B_UNIT in page
        assert client.get(f"{UNITS}/notice.docx", params={"unit": A_UNIT}).status_code == 404
        town.decide("12-01", EventKind.APPEALED, town.case_id("B", HOME), note="当日已更新")
        assert "没有需要整改的问题" in whole(client.get(UNITS))


def test_the_deadline_of_the_ledger_goes_before_every_other(desk: DeskClient, town: Town) -> None:
    town.decide("12-01", EventKind.NOTIFIED, town.case_id("A"), deadline=date(2026, 12, 9))
    answer = desk.get(f"{UNITS}/notice.docx", params={"unit": A_UNIT, "deadline": "2026-12-31"})
    assert [row["整改期限"] for row in table(answer.content)] == ["2026-12-09"]


@pytest.mark.parametrize("role", [Role.VIEWER, Role.UNIT])
def test_only_who_reviews_has_the_offices_page(town: Town, role: Role) -> None:
    account = unit_of(town, A_UNIT) if role is Role.UNIT else None
    with client_as(town.database, role, account, clock=Clock(NOW)) as client:
        assert client.get(UNITS).status_code == 403
        assert client.get(f"{UNITS}/notice.docx", params={"unit": A_UNIT}).status_code == 403
        if role is Role.VIEWER:
            assert "整改通知" not in whole(client.get("/month?month=2026-11"))


# ---------------------------------------------------------------- the unit itself


def test_a_unit_has_its_own_paper_and_no_others(unit: DeskClient) -> None:
    page = whole(unit.get("/my/notices?month=2026-11"))
    assert A_UNIT in page
    assert B_UNIT not in page
    mine = unit.get("/my/notices/2026-11/notice.docx", params={"unit": A_UNIT})
    assert [row["网站名称"] for row in table(mine.content)] == [A_UNIT]
    for form in ("docx", "xlsx"):
        assert unit.get(f"/my/notices/2026-11/notice.{form}", params={"unit": B_UNIT}).status_code == 404


def test_a_deadline_that_the_office_has_not_set_is_still_to_be_told(unit: DeskClient, town: Town) -> None:
    """A unit that loads its paper a week later must not have a week more for it."""
    body = unit.get("/my/notices/2026-11/notice.docx", params={"unit": A_UNIT, "deadline": "2027-12-31"}).content
    assert [row["整改期限"] for row in table(body)] == ["另行通知"]
    assert "整改期限由我办另行通知" in text(body)
    town.decide("12-01", EventKind.NOTIFIED, town.case_id("A"), deadline=date(2026, 12, 9))
    body = unit.get("/my/notices/2026-11/notice.docx", params={"unit": A_UNIT}).content
    assert [row["整改期限"] for row in table(body)] == ["2026-12-09"]


def test_a_unit_has_this_month_the_last_one_and_what_was_issued(town: Town) -> None:
    with client_as(town.database, Role.UNIT, unit_of(town, A_UNIT), clock=Clock(LATER)) as client:
        assert "只提供本月、上月和已印发月份" in whole(client.get("/my/notices?month=2026-11"))
        assert client.get("/my/notices/2026-11/notice.docx", params={"unit": A_UNIT}).status_code == 400
        issue(town)
        assert A_UNIT in whole(client.get("/my/notices?month=2026-11"))
        assert client.get("/my/notices/2026-11/notice.docx", params={"unit": A_UNIT}).status_code == 200


def test_a_unit_without_portals_is_shown_an_empty_page(town: Town) -> None:
    with client_as(town.database, Role.UNIT, login="empty", clock=Clock(NOW)) as client:
        assert "没有需要整改的问题" in whole(client.get("/my/notices?month=2026-11"))


# ---------------------------------------------------------------- programs


@pytest.fixture
def programs(town: Town) -> Iterator[dict[str, Program]]:
    with anonymous(town.database, clock=Clock(NOW)) as client:
        made: dict[str, Program] = {}
        for role in (Role.INSPECTOR, Role.VIEWER, Role.UNIT):
            account = ensure_account(town.database, role, unit_of(town, A_UNIT) if role is Role.UNIT else None)
            made[role.value] = Program(client, token_of(town.database, account, *Permission))
        yield made


def names(answer: Any) -> list[str]:
    return [one["unit"] for one in answer.json()["items"]]


def test_the_api_gives_what_the_desk_gives(programs: dict[str, Program], town: Town) -> None:
    inspector, unit = programs["inspector"], programs["unit"]
    assert names(inspector.get("/months/2026-11/units")) == [B_UNIT, A_UNIT]
    assert names(unit.get("/months/2026-11/units")) == [A_UNIT]
    path = "/months/2026-11/units/notice.docx"
    assert table(inspector.get(path, params={"unit": A_UNIT}).content)[0]["整改期限"] == USUAL.isoformat()
    assert table(unit.get(path, params={"unit": A_UNIT}).content)[0]["整改期限"] == "另行通知"
    assert unit.get(path, params={"unit": B_UNIT}).status_code == 404
    assert unit.get(path, params={"unit": A_UNIT, "deadline": "2027-12-31"}).status_code == 400
    with town.database.reading() as session:
        assert len(audit.list_audit(session, AuditFilter(action="unit-notice-downloaded"))) == 2


def test_the_api_refuses_whoever_only_looks(programs: dict[str, Program]) -> None:
    assert programs["viewer"].get("/months/2026-11/units").status_code == 403
    assert programs["viewer"].get("/months/2026-11/units/notice.docx", params={"unit": A_UNIT}).status_code == 403
    for path in ("/months", "/months/2026-11", "/months/2026-11/notice.json"):
        assert programs["viewer"].get(path).status_code == 200, path
        assert programs["unit"].get(path).status_code == 403, path


def test_the_api_tells_the_figures_of_a_month_and_which_were_issued(programs: dict[str, Program], town: Town) -> None:
    inspector = programs["inspector"]
    told = inspector.get("/months/2026-11").json()
    figures = {one["slug"]: one["value"] for one in told["statistics"]}
    assert (figures["checked"], figures["problems"], figures["vetoes"], told["issued_on"]) == (3, 2, 1, None)
    assert inspector.get("/months").json()["items"] == []
    issue(town, number="青府办〔2026〕58号")
    (issued,) = inspector.get("/months").json()["items"]
    assert (issued["month"], issued["number"]) == ("2026-11", "青府办〔2026〕58号")
    assert inspector.get("/months/2026-11").json()["issued_on"] == issued["issued_on"]
    assert inspector.get("/months/2026-13").status_code == 422
    assert inspector.get("/months/2027-01").status_code == 400
