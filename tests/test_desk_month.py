"""The month at the desk: numbers lead to what they count, what was seen is what is issued, samples are reviewed."""

from __future__ import annotations

import io
import json
import re
import threading
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from databases import opened
from desk_client import Clock, DeskClient, client_as
from desk_pages import whole
from month_builder import Town
from month_samples import sample_numbers
from test_notice_pdf import bin_folder, needs_office, program

from gkmonitor.accounts.records import Role
from gkmonitor.jobs import JOBS, Office
from gkmonitor.ledger.records import EventKind
from gkmonitor.queueing import EmbeddedQueue
from gkmonitor.storage import audit
from gkmonitor.storage.audit import AuditFilter
from gkmonitor.storage.issued import find_issued, issued_json
from gkmonitor.storage.models import UnitRow
from gkmonitor.storage.samples import list_samples
from gkmonitor.web import months as counting
from gkmonitor.web.month_lists import FIGURES, LISTS, figure_link, list_heads, list_rows
from gkmonitor.web.months import Months

__all__ = ["bin_folder"]  # a fixture
NOW = datetime(2026, 12, 1, 1, tzinfo=UTC)
DIGEST = re.compile(r'name="digest" value="([0-9a-f]{64})"')


@pytest.fixture
def desk(town: Town) -> Iterator[DeskClient]:
    with client_as(town.database, Role.ADMINISTRATOR, clock=Clock(NOW)) as client:
        yield client


def digest_of(client: DeskClient) -> str:
    found = DIGEST.search(whole(client.get("/month/2026-11/issue")))
    assert found is not None
    return found[1]


def test_the_month_before_is_shown_first_and_its_figures_lead_to_what_they_count(desk: DeskClient) -> None:
    page = whole(desk.get("/month"))
    assert "月报 2026-11" in page
    assert "尚未印发" in page
    assert 'href="/month/2026-11/lists/problems"' in page
    problems = whole(desk.get("/month/2026-11/lists/problems"))
    assert "白沙县人民政府" in problems
    assert "青禾县人民政府" in problems
    assert "清水县人民政府" not in problems
    assert "清水县人民政府" in whole(desk.get("/month/2026-11/lists/qualified"))
    assert "青禾县人民政府" not in whole(desk.get("/month/2026-11/lists/problems?indicator=home"))
    assert "白沙县人民政府" not in whole(desk.get("/month/2026-11/lists/problems?q=青禾"))
    text = desk.get("/month/2026-11/lists/problems?format=csv").content.decode("utf-8-sig")
    assert len(text.splitlines()) == 3


@pytest.mark.parametrize("name", sorted(LISTS))
def test_every_list_has_a_page_with_as_many_cells_as_heads(desk: DeskClient, name: str) -> None:
    whole(desk.get(f"/month/2026-11/lists/{name}"))
    numbers = sample_numbers()
    heads = list_heads(name, numbers)
    assert heads
    assert all(len(row) == len(heads) for row in list_rows(name, numbers))


def test_every_figure_that_leads_somewhere_leads_to_a_list() -> None:
    assert set(FIGURES.values()) <= set(LISTS)
    assert figure_link("hits-home", "2026-11") == "/month/2026-11/lists/problems?indicator=home"
    assert figure_link("probes", "2026-11") == ""


def test_months_that_are_wrong_or_to_come_are_told(desk: DeskClient) -> None:
    for path in ("/month?month=x", "/month?month=2027-01", "/month/2026-13/preview", "/month/2026-11/lists/secrets"):
        assert desk.get(path).status_code == 400, path
    assert desk.get("/month/2026-11/notice.exe").status_code == 400
    assert desk.get("/month/2026-11/notice..%2fx").status_code in (400, 404)


def test_an_office_without_portals_is_told_what_to_do(sqlite_url: str) -> None:
    with opened(sqlite_url) as database, client_as(database, Role.VIEWER, clock=Clock(NOW)) as client:
        assert "没有在运行的网站" in whole(client.get("/month"))
        assert client.get("/month/2026-11/notice.json").status_code == 400


# ---------------------------------------------------------------- the notice


def test_the_preview_stands_in_a_frame_that_runs_no_script(desk: DeskClient) -> None:
    page = whole(desk.get("/month/2026-11/preview"))
    assert 'sandbox=""' in page
    shown = desk.get("/month/2026-11/notice.html?show=1")
    policy = shown.headers["content-security-policy"]
    assert policy.startswith("sandbox; default-src 'none'")
    assert "script-src" not in policy
    assert "白沙县人民政府" in shown.text


def test_the_notice_is_downloaded_in_every_form_and_a_draft_says_so(desk: DeskClient, town: Town) -> None:
    for form in ("docx", "xlsx"):
        answer = desk.get(f"/month/2026-11/notice.{form}")
        assert zipfile.ZipFile(io.BytesIO(answer.content)).testzip() is None
        assert "%E6%9C%AA%E5%8D%B0%E5%8F%91" in answer.headers["content-disposition"]
    assert json.loads(desk.get("/month/2026-11/notice.json").content)["month"] == "2026-11"
    assert desk.get("/month/2026-11/notice.html").headers["content-disposition"].startswith("attachment")
    with town.database.reading() as session:
        assert len(audit.list_audit(session, AuditFilter(action="notice-downloaded"))) == 4


# ---------------------------------------------------------------- issuing


def test_what_was_looked_at_is_what_is_issued_and_printed_again(desk: DeskClient, town: Town) -> None:
    digest = digest_of(desk)
    assert desk.post("/month/2026-11/issue", {"digest": digest}).status_code == 422  # not sure
    answer = desk.post("/month/2026-11/issue", {"digest": digest, "number": "青府办〔2026〕58号", "sure": "yes"})
    assert "已印发，文号 青府办〔2026〕58号" in desk.shown(answer)
    with town.database.reading() as session:
        frozen = issued_json(session, "2026-11")
        known = find_issued(session, "2026-11")
        (entry,) = audit.list_audit(session, AuditFilter(action="month-issued"))
    assert known is not None
    assert known.issued_by == "测试administrator（administrator）"
    assert entry.details["counted"] == digest
    town.decide("12-01", EventKind.DISMISSED, town.case_id("A"), reason="misread_page")
    assert frozen is not None
    assert desk.get("/month/2026-11/notice.json").content == frozen + b"\n"
    assert "青禾县人民政府" in whole(desk.get("/month/2026-11/lists/problems"))
    again = desk.post("/month/2026-11/issue", {"digest": digest, "sure": "yes"})
    assert "已经印发" in desk.shown(again)
    assert "不再复查" in desk.shown(desk.post("/month/2026-11/recheck"))


def test_a_reissue_prints_the_frozen_figures_in_every_form(desk: DeskClient, town: Town) -> None:
    desk.post("/month/2026-11/issue", {"digest": digest_of(desk), "number": "青府办〔2026〕58号", "sure": "yes"})
    forms = ("docx", "xlsx", "html", "json")
    first = {form: desk.get(f"/month/2026-11/notice.{form}").content for form in forms}
    assert "青府办〔2026〕58号" in first["html"].decode()
    town.decide("12-01", EventKind.DISMISSED, town.case_id("A"), reason="misread_page")
    town.pause("B")
    desk.post("/month/2026-11/count")
    for form in forms:
        answer = desk.get(f"/month/2026-11/notice.{form}")
        assert answer.content == first[form], form
        assert "%E6%9C%AA%E5%8D%B0%E5%8F%91" not in answer.headers["content-disposition"]


def test_the_notice_is_downloaded_as_pdf_where_a_program_is_there(
    desk: DeskClient, town: Town, bin_folder: Path
) -> None:
    script = 'while [ "$1" != --outdir ]; do shift; done; echo %PDF-office > "$2/notice.pdf"'
    program(bin_folder, "soffice", script)
    desk.post("/month/2026-11/issue", {"digest": digest_of(desk), "sure": "yes"})
    answer = desk.get("/month/2026-11/notice.pdf")
    assert (answer.content, answer.headers["content-type"]) == (b"%PDF-office\n", "application/pdf")
    assert answer.headers["content-disposition"].endswith("-2026-11.pdf")
    with town.database.reading() as session:
        (entry,) = audit.list_audit(session, AuditFilter(action="notice-downloaded"))
    assert entry.details == {"format": "pdf", "issued": True}


@pytest.mark.parametrize(("script", "told"), [("", "需要 LibreOffice 或 Chromium"), ("exit 3", "没有生成 PDF")])
def test_a_pdf_that_cannot_be_made_is_told_with_what_to_do(
    desk: DeskClient, town: Town, bin_folder: Path, script: str, told: str
) -> None:
    if script:
        program(bin_folder, "soffice", script)
    answer = desk.get("/month/2026-11/notice.pdf")
    assert answer.status_code == 503
    assert "<h1>暂时不能办理</h1>" in answer.text
    assert told in answer.text
    with town.database.reading() as session:
        assert audit.list_audit(session, AuditFilter(action="notice-downloaded")) == []


@needs_office
def test_libreoffice_makes_the_pdf_of_the_desk(desk: DeskClient) -> None:
    assert desk.get("/month/2026-11/notice.pdf").content.startswith(b"%PDF-")


def test_numbers_that_changed_after_they_were_looked_at_are_not_issued(desk: DeskClient, town: Town) -> None:
    digest = digest_of(desk)
    town.decide("12-01", EventKind.DISMISSED, town.case_id("A"), reason="misread_page")
    desk.post("/month/2026-11/count")
    answer = desk.post("/month/2026-11/issue", {"digest": digest, "sure": "yes"})
    assert answer.status_code == 409
    assert "还没有印发" in answer.text
    with town.database.reading() as session:
        assert find_issued(session, "2026-11") is None


def test_a_month_that_is_not_over_is_not_issued(desk: DeskClient) -> None:
    page = whole(desk.get("/month/2026-12/issue"))
    assert "还没有结束，不能印发" in page
    digest = DIGEST.search(page)
    assert digest is not None
    answer = desk.post("/month/2026-12/issue", {"digest": digest[1], "sure": "yes"})
    assert (answer.status_code, "还没有结束" in answer.text) == (409, True)


@pytest.mark.parametrize("role", [Role.INSPECTOR, Role.VIEWER, Role.UNIT])
def test_only_who_may_issue_issues(town: Town, role: Role) -> None:
    with town.database.writing() as session:
        session.add(UnitRow(id=99, name="某单位"))
    with client_as(town.database, role, 99 if role is Role.UNIT else None, clock=Clock(NOW)) as client:
        assert client.get("/month/2026-11/issue").status_code == 403
        assert client.post("/month/2026-11/issue", {"sure": "yes"}).status_code == 403
        expected = 403 if role is Role.UNIT else 200
        for path in ("/month", "/month/2026-11/notice.json", "/month/2026-11/samples", "/month/2026-11/lists/problems"):
            assert client.get(path).status_code == expected, path
        if role is not Role.INSPECTOR:
            assert client.post("/month/2026-11/recheck").status_code == 403
            assert client.post("/month/2026-11/samples/1", {"outcome": "right"}).status_code == 403


def test_what_is_about_to_be_named_is_given_to_the_service_to_inspect_again(desk: DeskClient) -> None:
    assert "已安排复查" in desk.shown(desk.post("/month/2026-11/recheck"))
    assert "复查已在进行" in desk.shown(desk.post("/month/2026-11/recheck"))
    (arguments,) = desk.app.state.desk.queue.live_arguments("recheck")
    assert arguments["month"] == "2026-11"


def test_the_service_inspects_again_the_portals_that_the_month_is_about_to_name(town: Town) -> None:
    queue = EmbeddedQueue(town.database)
    office = Office(town.database, town.settings, queue, lambda: NOW)
    JOBS["recheck"](office, {"month": "2026-11", "key": "2026-11/090000"})
    (shard,) = queue.live_arguments("shard")
    assert sorted(shard["portals"]) == sorted([town.portals["A"], town.portals["B"]])
    JOBS["recheck"](office, {"month": "2026-09", "key": "2026-09/090000"})  # nothing to name: nothing is begun
    assert len(queue.live_arguments("shard")) == 1


# ---------------------------------------------------------------- samples


def test_samples_are_reviewed_and_change_the_accuracy(desk: DeskClient, town: Town) -> None:
    whole(desk.get("/month"))
    page = whole(desk.get("/month/2026-11/samples"))
    with town.database.reading() as session:
        every = list_samples(session, "2026-11")
    passes = [one for one in every if one.verdict == "ok"]
    assert f"复核 0 / {len(every)} 条" in page
    target = f"/month/2026-11/samples/{passes[0].id}"
    assert "请选择复核结果" in desk.shown(desk.post(target, {"outcome": "maybe"}))
    shown = desk.shown(desk.post(target, {"outcome": "wrong", "note": "<b>其实没有更新", "query": "open=1"}))
    assert "已复核：判断错误" in shown
    page = whole(desk.get("/month/2026-11/samples?verdict=ok"))
    assert "&lt;b&gt;其实没有更新" in page
    assert "1/1" in page  # the share of wrong passes among the reviewed ones
    assert "没有编号为" in desk.shown(desk.post("/month/2026-11/samples/99999", {"outcome": "right"}))
    with town.database.reading() as session:
        done = [one for one in list_samples(session, "2026-11") if one.outcome]
    assert [(one.outcome, one.decided_by) for one in done] == [("wrong", "测试administrator（administrator）")]


# ---------------------------------------------------------------- counting


def test_who_asks_while_a_month_is_counted_waits_for_that_count(
    monkeypatch: pytest.MonkeyPatch, desk: DeskClient
) -> None:
    go, counted = threading.Event(), []

    def count(*_: object) -> object:
        counted.append(1)
        go.wait(20)
        return sample_numbers()

    monkeypatch.setattr(counting, "prepare_month", count)
    here, months = desk.app.state.desk, Months()
    first = months.count(here, "2026-11", patience=0)
    assert months.count(here, "2026-11", anew=True, patience=0) is first
    assert first.numbers is None
    months.forget("2026-11")  # one under way stays
    go.set()
    assert months.count(here, "2026-11").numbers is not None
    assert len(counted) == 1
    assert months.count(here, "2026-11", anew=True) is not first
    assert len(counted) == 2


def test_a_count_that_failed_is_told_and_tried_again(monkeypatch: pytest.MonkeyPatch, desk: DeskClient) -> None:
    def fail(*_: object) -> object:
        raise ZeroDivisionError

    with monkeypatch.context() as patched:
        patched.setattr(counting, "prepare_month", fail)
        assert "统计时程序出错" in whole(desk.get("/month"))
    assert "全部数字和定义" in whole(desk.get("/month"))
