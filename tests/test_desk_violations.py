"""The queue of violations and one violation at the desk."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from desk_cases import BLANK, STALE, TRAP, DeskCases
from desk_client import DeskClient, client_as
from evidence_cases import DAY

from gkmonitor.accounts.records import Role
from gkmonitor.ledger.records import By, EventKind, State
from gkmonitor.records import Severity
from gkmonitor.storage import audit
from gkmonitor.storage.cases import NewFinding, add_finding, events_of

STATIC = Path(__file__).resolve().parent.parent / "gkmonitor" / "web" / "static"


@pytest.fixture
def inspector(desk_cases: DeskCases) -> Iterator[DeskClient]:
    with client_as(desk_cases.database, Role.INSPECTOR, **desk_cases.words) as client:
        yield client


def marks(text: str) -> list[str]:
    return re.findall(r'name="case" value="(\d+:\d+)"', text)


# ---------------------------------------------------------------- the queue


def test_the_counts_of_the_queue_are_those_of_the_ledger(desk_cases: DeskCases, inspector: DeskClient) -> None:
    desk_cases.decide(desk_cases.of_rule(BLANK).id, EventKind.CONFIRMED)
    page = inspector.get("/violations").text
    tabs = {words: int(number) for words, number in re.findall(r">([^<>]+)<span class=\"count\">(\d+)</span>", page)}
    assert tabs["待确认"] == len(desk_cases.cases(State.OPEN)) > 1
    assert tabs["已确认"] == 1
    assert tabs["全部"] == len(desk_cases.cases())
    assert len(marks(page)) == tabs["待确认"]


def test_a_filter_narrows_the_rows_and_the_counts(desk_cases: DeskCases, inspector: DeskClient) -> None:
    page = inspector.get(f"/violations?rule={BLANK}").text
    assert marks(page) == [f"{desk_cases.of_rule(BLANK).id}:{desk_cases.of_rule(BLANK).version}"]
    assert '全部<span class="count">1</span>' in page
    assert marks(inspector.get("/violations?q=没有这些字").text) == []


@pytest.mark.parametrize("query", ["unit=没有的单位", "state=nonsense", "portal=x", "sort=x", "since=x", "severity=x"])
def test_a_word_that_means_nothing_is_told_and_the_queue_is_still_there(inspector: DeskClient, query: str) -> None:
    answer = inspector.get(f"/violations?{query}")
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text
    assert marks(answer.text)


def test_a_bad_page_mark_is_told(inspector: DeskClient) -> None:
    assert inspector.get("/violations?after=veto~x~1").status_code == 400


def test_the_filtered_queue_is_exported_with_its_formulas_defused(desk_cases: DeskCases, inspector: DeskClient) -> None:
    with desk_cases.database.writing() as session:
        finding = NewFinding(desk_cases.other_portal, "person/finding", "person", Severity.VETO, '=HYPERLINK("x")')
        add_finding(session, finding, actor="李四", now=desk_cases.clock.now)
    lines = inspector.get("/violations?found_by=person&format=csv").content.decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert lines[0].startswith("编号,网站名称")
    assert ",=" not in lines[1]
    assert "HYPERLINK" in lines[1]
    assert inspector.get("/violations?format=xlsx").content[:2] == b"PK"
    assert inspector.get("/violations?format=pdf").status_code == 400


def test_several_are_confirmed_at_once_and_noted_in_the_audit(desk_cases: DeskCases, inspector: DeskClient) -> None:
    chosen = marks(inspector.get("/violations").text)[:2]
    page = inspector.shown(inspector.post("/violations/decide", {"act": "confirmed", "case": chosen}))
    assert "确认：2 个问题" in page
    ids = {int(mark.partition(":")[0]) for mark in chosen}
    assert {case.id for case in desk_cases.cases(State.CONFIRMED)} == ids
    with desk_cases.database.reading() as session:
        (entry,) = audit.list_audit(session, audit.AuditFilter(action="violation-confirmed"))
        assert set(entry.details["cases"]) == ids
        assert events_of(session, min(ids))[-1].actor == "测试inspector（inspector）"


def test_one_that_does_not_allow_it_leaves_all_as_they_are(desk_cases: DeskCases, inspector: DeskClient) -> None:
    first, second = (case.id for case in desk_cases.cases(State.OPEN)[:2])
    desk_cases.decide(second, EventKind.CONFIRMED)
    chosen = [f"{number}:{desk_cases.case(number).version}" for number in (first, second)]
    page = inspector.shown(inspector.post("/violations/decide", {"act": "confirmed", "case": chosen}))
    assert f"问题 {second}：现为“已确认”，不能确认" in page
    assert "全部未作改动" in page
    assert desk_cases.case(first).state is State.OPEN


def test_one_that_changed_meanwhile_leaves_all_as_they_are(desk_cases: DeskCases, inspector: DeskClient) -> None:
    first, second = desk_cases.cases(State.OPEN)[:2]
    seen = [f"{case.id}:{case.version}" for case in (first, second)]
    desk_cases.decide(second.id, EventKind.CONFIRMED)
    fields = {"act": "dismissed", "case": seen, "reason": "not_a_fault"}
    page = inspector.shown(inspector.post("/violations/decide", fields))
    assert "已有新的变化" in page
    assert "最近由张三处理" in page
    assert [desk_cases.case(one.id).state for one in (first, second)] == [State.OPEN, State.CONFIRMED]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"act": "dismissed"}, "请选择排除的理由"),
        ({"act": "dismissed", "reason": "other"}, "填写说明"),
        ({"act": "notified"}, "请写明整改期限"),
        ({"act": "notified", "deadline": "2020-01-01"}, "已经过去"),
        ({"act": "reopened", "note": "x"}, "须逐个处理"),
        ({"act": "nonsense"}, "没有“nonsense”这种操作"),
    ],
)
def test_what_is_missing_is_told_without_words_of_the_command_line(
    desk_cases: DeskCases, inspector: DeskClient, fields: dict[str, str], words: str
) -> None:
    case = desk_cases.of_rule(BLANK)
    if fields["act"] == "notified":
        case = desk_cases.decide(case.id, EventKind.CONFIRMED)
    page = inspector.shown(inspector.post("/violations/decide", {**fields, "case": f"{case.id}:{case.version}"}))
    told = re.search(r'<p class="flash bad" role="alert">([^<]+)</p>', page)
    assert told is not None
    assert words in told.group(1)
    assert "--" not in told.group(1)


def test_nothing_chosen_is_told(inspector: DeskClient) -> None:
    assert "没有选中任何问题" in inspector.shown(inspector.post("/violations/decide", {"act": "confirmed"}))
    broken = {"act": "confirmed", "case": "1:x"}
    assert "无法识别" in inspector.shown(inspector.post("/violations/decide", broken))


def test_a_view_is_kept_for_its_owner_only(desk_cases: DeskCases, inspector: DeskClient) -> None:
    fields = {"name": "空白栏目", "queue": f"rule={BLANK}&next=//evil.example"}
    page = inspector.shown(inspector.post("/violations/views", fields))
    assert "空白栏目" in page
    assert "evil.example" not in page
    with client_as(desk_cases.database, Role.ADMINISTRATOR, **desk_cases.words) as other:
        assert "空白栏目" not in other.get("/violations").text
        other.post("/violations/views/1/remove")
    assert "空白栏目" in inspector.get("/violations").text
    inspector.post("/violations/views/1/remove")
    assert "空白栏目" not in inspector.shown(inspector.post("/violations/views/1/remove"))


def test_the_keys_are_told_on_the_page_and_known_to_the_script(inspector: DeskClient) -> None:
    page = inspector.get("/violations").text
    assert 'data-keys aria-labelledby="keys-title"' in page
    script = (STATIC / "queue.js").read_text(encoding="utf-8")
    for key in ("j", "k", "x", "o", "y", "n", "t"):
        assert f"<kbd>{key}</kbd>" in page
        assert re.search(rf"^    {key}: ", script, re.MULTILINE)
    assert "<kbd>?</kbd>" in page
    assert '"?":' in script


def test_whoever_only_looks_has_no_buttons_and_may_not_decide(desk_cases: DeskCases) -> None:
    case = desk_cases.of_rule(BLANK)
    with client_as(desk_cases.database, Role.VIEWER, **desk_cases.words) as viewer:
        assert marks(viewer.get("/violations").text) == []
        assert "/decide" not in viewer.get(f"/violations/{case.id}").text
        for path in (f"/violations/{case.id}/decide", "/violations/decide", "/violations/new"):
            assert viewer.post(path, {"kind": "confirmed", "version": "1"}).status_code == 403
        assert viewer.post(f"/violations/{case.id}/pack").status_code == 403
        assert viewer.get(f"/violations/{case.id}/pack").status_code == 200
    assert desk_cases.case(case.id).state is State.OPEN


# ---------------------------------------------------------------- one violation


def test_one_violation_shows_what_a_decision_rests_on(desk_cases: DeskCases, inspector: DeskClient) -> None:
    case = desk_cases.of_rule(STALE)
    page = inspector.get(f"/violations/{case.id}").text
    assert "国办秘函" in page
    assert case.rule in page
    assert page.count("检查 1") >= 1
    assert page.count("检查 2") >= 1
    marked = re.search(r'<tr class="marked">(.+?)</tr>', page, re.DOTALL)
    assert marked is not None
    assert "第1号工作方案" in marked.group(1)
    assert case.verdict["latest"] in marked.group(1)
    assert page.count("◀ 据此判定") == 1
    assert page.count(f"此前的日期是 {DAY - timedelta(days=600)}，正文未能比对") == 1
    assert 'sandbox=""' in page
    assert "/evidence/pages/" in page
    assert "再次观测到，列为待确认" in page


def test_what_a_portal_writes_is_never_markup(desk_cases: DeskCases, inspector: DeskClient) -> None:
    number = desk_cases.of_rule(STALE).id
    for path in (
        f"/violations/{number}",
        f"/violations/{number}/trail",
        "/violations?q=政策文件",
        "/violations?state=all",
    ):
        page = inspector.get(path).text
        assert TRAP not in page, path
        assert "&lt;img src=x onerror=alert(1)&gt;" in page, path


def test_the_trail_is_a_part_for_the_script_and_a_page_without_it(desk_cases: DeskCases, inspector: DeskClient) -> None:
    path = f"/violations/{desk_cases.of_rule(STALE).id}/trail"
    part, page = inspector.get(path, headers={"hx-request": "true"}).text, inspector.get(path).text
    assert "四、结论" in part
    assert "<html" not in part
    assert "四、结论" in page
    assert "<html" in page


def test_a_finding_of_a_person_has_no_trail(desk_cases: DeskCases, inspector: DeskClient) -> None:
    assert "人工登记" in inspector.get(f"/violations/{desk_cases.find_elsewhere().id}/trail").text


def test_after_a_decision_the_next_of_the_queue_is_shown(desk_cases: DeskCases, inspector: DeskClient) -> None:
    order = [int(mark.partition(":")[0]) for mark in marks(inspector.get("/violations").text)]
    fields = {"kind": "confirmed", "version": str(desk_cases.case(order[0]).version), "queue": ""}
    answer = inspector.post(f"/violations/{order[0]}/decide", fields)
    assert answer.headers["location"] == f"/violations/{order[1]}"
    assert desk_cases.case(order[0]).state is State.CONFIRMED
    last = {**fields, "version": str(desk_cases.case(order[-1]).version)}
    assert inspector.post(f"/violations/{order[-1]}/decide", last).headers["location"] == "/violations"


def test_a_queue_that_means_nothing_any_more_keeps_nobody_from_deciding(
    desk_cases: DeskCases, inspector: DeskClient
) -> None:
    case = desk_cases.of_rule(BLANK)
    assert inspector.get(f"/violations/{case.id}?unit=已撤销的单位").status_code == 200
    fields = {"kind": "confirmed", "version": str(case.version), "queue": "unit=已撤销的单位&portal=x"}
    inspector.post(f"/violations/{case.id}/decide", fields)
    assert desk_cases.case(case.id).state is State.CONFIRMED


def test_the_second_of_two_who_decide_at_once_is_told(desk_cases: DeskCases, inspector: DeskClient) -> None:
    case = desk_cases.of_rule(BLANK)
    fields = {"kind": "confirmed", "version": str(case.version)}
    inspector.post(f"/violations/{case.id}/decide", fields)
    with client_as(desk_cases.database, Role.ADMINISTRATOR, **desk_cases.words) as other:
        late = {"kind": "dismissed", "reason": "not_a_fault", "version": str(case.version)}
        page = other.shown(other.post(f"/violations/{case.id}/decide", late))
    assert "已有新的变化" in page
    assert "最近由测试inspector（inspector）处理" in page
    assert desk_cases.case(case.id).state is State.CONFIRMED


def test_a_whole_life_is_led_at_the_desk(desk_cases: DeskCases, inspector: DeskClient) -> None:
    number = desk_cases.of_rule(BLANK).id

    def act(kind: str, **fields: str) -> State:
        given = {"kind": kind, "version": str(desk_cases.case(number).version), **fields}
        inspector.shown(inspector.post(f"/violations/{number}/decide", given))
        return desk_cases.case(number).state

    assert act("confirmed") is State.CONFIRMED
    assert act("notified", days="10") is State.NOTIFIED
    assert str(desk_cases.case(number).deadline) == "2026-12-04"
    assert act("answered", note="已补发") is State.NOTIFIED
    assert act("appealed", note="不属实") is State.APPEALED
    assert act("appeal_rejected", note="网页仍为空白") is State.NOTIFIED
    assert act("rectified") is State.NOTIFIED  # nothing clean was seen yet
    assert act("exempted", document="青政办〔2026〕9号") is State.EXEMPT
    assert act("exemption_ended") is State.CONFIRMED
    assert act("dismissed", reason="no_such_matter") is State.DISMISSED
    assert act("reopened", note="重新核实") is State.OPEN
    page = inspector.get(f"/violations/{number}").text
    assert "青政办〔2026〕9号" in page
    assert "没有发生应公开的事项" in page


def test_a_decision_that_the_state_does_not_allow_is_not_offered(desk_cases: DeskCases, inspector: DeskClient) -> None:
    number = desk_cases.of_rule(BLANK).id
    path, offer = f"/violations/{number}", 'name="kind" value="confirmed"'
    assert offer in inspector.get(path).text
    desk_cases.decide(number, EventKind.DISMISSED, reason="not_a_fault")
    assert offer not in inspector.get(path).text


def test_what_is_not_there_is_404(inspector: DeskClient) -> None:
    for path in ("/violations/9999", "/violations/9999/trail", "/violations/9999/pack", "/violations/0"):
        assert inspector.get(path).status_code == 404
    assert inspector.post("/violations/9999/decide", {"kind": "confirmed", "version": "1"}).status_code == 404


def test_a_pack_is_handed_out_and_an_unmasked_one_is_an_event(desk_cases: DeskCases, inspector: DeskClient) -> None:
    number = desk_cases.of_rule(BLANK).id
    masked = inspector.get(f"/violations/{number}/pack")
    assert masked.content[:2] == b"PK"
    assert masked.headers["content-disposition"].startswith("attachment")
    with desk_cases.database.reading() as session:
        assert EventKind.EXPORTED not in {event.kind for event in events_of(session, number)}
    assert inspector.post(f"/violations/{number}/pack").content[:2] == b"PK"
    with desk_cases.database.reading() as session:
        last = events_of(session, number)[-1]
    assert (last.kind, last.actor) == (EventKind.EXPORTED, "测试inspector（inspector）")


def test_a_recheck_from_the_desk_goes_to_the_queue_that_keeps_out_of_private_networks(
    desk_cases: DeskCases, inspector: DeskClient
) -> None:
    inspector.post(f"/violations/{desk_cases.of_rule(BLANK).id}/recheck")
    ((name, arguments),) = desk_cases.jobs.asked
    assert name == "desk_inspection"
    assert arguments["portal"] == desk_cases.office.portal_id


# ---------------------------------------------------------------- findings by people


def test_the_form_of_a_suspected_case_names_its_rule_and_column(inspector: DeskClient) -> None:
    page = inspector.get(f"/violations/new?portal=1&rule={BLANK}&column=政务公开>财政&concept=budget").text
    assert f'value="{BLANK}"' in page
    assert 'value="政务公开&gt;财政"' in page
    assert '<option value="budget" selected>' in page


def test_a_person_adds_a_finding_with_a_file(desk_cases: DeskCases, inspector: DeskClient) -> None:
    fields = {
        "site": "云岭县人民政府",
        "text": "领导信息未更新",
        "severity": "veto",
        "url": "http://www.yunling.example/ld/",
    }
    files = {"files": ("截图.png", b"\x89PNG\r\n", "image/png")}
    page = inspector.shown(inspector.post("/violations/new", fields, files=files))
    assert "【人工】领导信息未更新" in page
    assert "截图.png" in page
    (case,) = (one for one in desk_cases.cases() if one.found_by is By.PERSON)
    assert (case.state, case.portal_id) == (State.OPEN, desk_cases.other_portal)


def test_a_person_who_sees_the_same_fault_adds_to_its_case(desk_cases: DeskCases, inspector: DeskClient) -> None:
    before = desk_cases.of_rule(BLANK)
    fields = {"site": "青禾县人民政府", "rule": BLANK, "concept": before.subject.concept or ""}
    answer = inspector.post("/violations/new", {**fields, "column": ">".join(before.subject.path)})
    assert answer.headers["location"] == f"/violations/{before.id}"
    assert desk_cases.case(before.id).observations == before.observations + 1


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"site": "云岭县人民政府"}, "请写明发现的情况"),
        ({"site": "云岭县人民政府", "text": "x"}, "请选择程度"),
        ({"site": "没有的网站", "text": "x", "severity": "veto"}, "没有登记"),
        ({"site": "云岭县人民政府", "rule": "no/such"}, "没有规则"),
    ],
)
def test_what_a_finding_lacks_is_told_and_what_was_written_stays(
    desk_cases: DeskCases, inspector: DeskClient, fields: dict[str, str], words: str
) -> None:
    answer = inspector.post("/violations/new", fields)
    assert answer.status_code == 400
    assert words in answer.text
    assert f'value="{fields["site"]}"' in answer.text
    assert not [one for one in desk_cases.cases() if one.found_by is By.PERSON]


def test_a_file_of_a_kind_that_is_not_taken_leaves_no_finding(desk_cases: DeskCases, inspector: DeskClient) -> None:
    fields = {"site": "云岭县人民政府", "text": "x", "severity": "veto"}
    answer = inspector.post("/violations/new", fields, files={"files": ("a.exe", b"MZ", "application/pdf")})
    assert answer.status_code == 400
    assert "类型不能上传" in answer.text
    assert not [one for one in desk_cases.cases() if one.found_by is By.PERSON]
