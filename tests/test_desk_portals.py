"""The desk's first page, the portals and spot checks, asked as people of every role."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from databases import opened
from desk_client import NOW, Clock, DeskClient, client_as
from facts_builder import column, item
from ledger_builder import OK, Ledger, add_portal, undecided, verdict
from sqlalchemy import select

from gkmonitor.accounts.records import Role
from gkmonitor.cycles.records import CycleKind
from gkmonitor.ledger.records import EventKind
from gkmonitor.ledger.subjects import key_of
from gkmonitor.records import Severity, Subject
from gkmonitor.registry.records import ChangeKind, Channel
from gkmonitor.reports.column_tree import MARK_WORDS
from gkmonitor.spotting import look_once, read_request
from gkmonitor.storage import Database, contacts, inspections
from gkmonitor.storage.columns import observe
from gkmonitor.storage.exemptions import all_exemptions_of, delegations_of
from gkmonitor.storage.models import AuditRow, ColumnRow, FindingRow, InspectionRow, PortalRow, ProbeDayRow, TaskRow
from gkmonitor.storage.portals import get_portal
from gkmonitor.storage.registry_changes import By, history_of
from gkmonitor.storage.units import ensure_unit
from gkmonitor.verdicts import verdict_object
from gkmonitor.web import unit_choice
from gkmonitor.web.pages import STATIC
from gkmonitor.web.views.overview import early_rules

EVIL = "<script>alert(1)</script>"
BY = By("测试", NOW)


class Queue:
    """Keeps what is put into it; one key waits once."""

    def __init__(self) -> None:
        self.jobs: list[tuple[str, dict[str, Any], int, str | None]] = []

    def enqueue(
        self,
        name: str,
        arguments: Mapping[str, Any],
        *,
        now: datetime,
        priority: int = 0,
        lock: str | None = None,
        unique_key: str | None = None,
        run_after: datetime | None = None,
    ) -> bool:
        if unique_key is not None and any(job[3] == unique_key for job in self.jobs):
            return False
        self.jobs.append((name, dict(arguments), priority, unique_key))
        return True

    def live_arguments(self, name: str) -> list[Mapping[str, Any]]:
        return [job[1] for job in self.jobs if job[0] == name]

    def take_back_stalled(self, now: datetime) -> tuple[int, int]:
        return 0, 0


@pytest.fixture
def database(sqlite_url: str) -> Iterator[Database]:
    with opened(sqlite_url) as found:
        yield found


@pytest.fixture
def ledger(database: Database) -> Ledger:
    """A portal with an open veto, a suspected deduction and a title that wants to be a script."""
    told = Ledger(database)
    told.at = datetime(2026, 11, 17, 1, tzinfo=UTC)
    veto = verdict(severity=Severity.VETO, message=f"栏目“{EVIL}”最新一条信息为 2026-01-02")
    told.inspect_times(2, [veto])
    return told


@pytest.fixture
def inspector(database: Database) -> Iterator[DeskClient]:
    with client_as(database, Role.INSPECTOR, queue=Queue()) as client:
        yield client


def change(database: Database, portal_id: int, **values: Any) -> None:
    with database.writing() as session:
        row = session.get_one(PortalRow, portal_id)
        for name, value in values.items():
            setattr(row, name, value)


def actions(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(select(AuditRow.action).order_by(AuditRow.id)))


# ---------------------------------------------------------------- links


@pytest.mark.parametrize("path", ["/overview", "/portals", "/portals/{portal}"])
def test_every_link_leads_to_a_page(ledger: Ledger, inspector: DeskClient, path: str) -> None:
    page = inspector.get(path.format(portal=ledger.portal)).text
    links = {unescape(one) for one in re.findall(r'href="(/[^"]*)"', page) if not one.startswith("/static/")}
    assert any(one.startswith("/violations?") for one in links)
    assert {one: status for one in links if (status := inspector.get(one).status_code) not in (200, 303)} == {}


@pytest.mark.parametrize("path", ["/overview", "/portals"])
def test_what_is_counted_is_what_the_link_behind_it_lists(
    database: Database, ledger: Ledger, inspector: DeskClient, path: str
) -> None:
    """Also a case that was confirmed; not one that was dismissed."""
    other = Ledger(database)
    other.at = ledger.at
    other.inspect_times(2, [verdict(severity=Severity.VETO)])
    other.decide(EventKind.DISMISSED, reason="misread_page")
    ledger.decide(EventKind.CONFIRMED)
    page = inspector.get(path).text
    (link,) = {unescape(one) for one in re.findall(r'href="(/violations\?[^"]*)"[^>]*>(?:<span|1<)', page)}
    listed = inspector.get(link).text
    assert re.findall(r'data-case="(\d+)"', listed) == [str(case) for case in ledger.case_ids()[:1]]


# ---------------------------------------------------------------- the first page


def test_overview_of_an_empty_registry_says_that_nothing_was_checked(inspector: DeskClient) -> None:
    page = inspector.get("/overview")
    assert page.status_code == 200
    assert "还没有检查过" in page.text
    assert "没有待处理的单项否决" in page.text


def test_overview_shows_open_vetoes_changes_and_the_trend(ledger: Ledger, inspector: DeskClient) -> None:
    page = inspector.get("/overview").text
    assert f"/violations/{ledger.case.id}" in page
    option = json.loads(re.search(r'id="trend-option">(.*?)</script>', page, re.S).group(1))  # type: ignore[union-attr]
    found, rectified = (series["data"] for series in option["series"])
    assert (len(found), found[-3:], sum(found), sum(rectified)) == (30, [1, 0, 0], 1, 0)
    assert '<th scope="row">2026-11-18</th><td class="number">1</td>' in page


def test_nothing_that_a_portal_wrote_becomes_markup(ledger: Ledger, database: Database, inspector: DeskClient) -> None:
    change(database, ledger.portal, name=f"青禾{EVIL}", notes={"备注": EVIL})
    add_column(database, ledger.portal, Subject("news", EVIL, None, ("首页", EVIL)))
    for path in ("/overview", "/portals", f"/portals/{ledger.portal}"):
        page = inspector.get(path).text
        assert "alert(1)" in page
        assert EVIL not in page


def test_overview_tells_early_warnings_by_what_is_asked_and_not_as_faults(
    ledger: Ledger, database: Database, inspector: DeskClient
) -> None:
    rule = next(iter(sorted(one for one in early_rules() if one.endswith("/site-unreachable"))))
    with database.writing() as session:
        look = inspections.inspections_of_portal(session, ledger.portal, 1)[0]
        shown = verdict_object(verdict(rule=rule, check="site-unreachable", severity=Severity.ADVICE))
        session.add(
            FindingRow(
                cycle_id=look.cycle_id,
                inspection_id=look.id,
                portal_id=ledger.portal,
                rule=rule,
                subject_key="",
                severity="advice",
                observed_at=NOW,
                verdict={**shown, "message": "7 天内有 4.0% 的监测打不开"},
            )
        )
    page = inspector.get("/overview").text
    assert "其中可用率 1" in page
    assert "网站能否打开" in page
    assert "7 天内有 4.0% 的监测打不开" in page


def test_overview_is_read_once_in_a_few_seconds(ledger: Ledger, database: Database, inspector: DeskClient) -> None:
    before = inspector.get("/overview").text
    ledger.inspect([verdict(rule="p/new", severity=Severity.VETO)])
    ledger.inspect([verdict(rule="p/new", severity=Severity.VETO)], after=timedelta(hours=8))
    assert inspector.get("/overview").text.count("/violations/") == before.count("/violations/")


@pytest.mark.parametrize("path", ["/overview", "/portals", "/portals/1", "/spot"])
def test_units_and_strangers_are_kept_out(ledger: Ledger, database: Database, path: str) -> None:
    with database.writing() as session:
        number = ensure_unit(session, ["县财政局"], BY)
        session.get_one(PortalRow, ledger.portal).unit_id = number
    with client_as(database, Role.UNIT, number) as unit:
        assert unit.get(path).status_code == 403
        unit.cookies.clear()
        assert unit.get(path).headers["location"].startswith("/login")


# ---------------------------------------------------------------- the list


def test_the_list_filters_and_leads_on(database: Database, inspector: DeskClient) -> None:
    for number in range(51):
        add_portal(database, f"第{number:02d}号网站")
    page = inspector.get("/portals?q=号网站").text
    assert "共 51 个，本页 50 个" in page
    following = re.search(r'rel="next" href="([^"]+)"', page)
    assert following is not None
    rest = inspector.get(following.group(1).replace("&amp;", "&")).text
    assert "第50号网站" in rest
    assert "本页 1 个" in rest
    assert "没有符合条件的网站" in inspector.get("/portals?q=没有这个").text


@pytest.mark.parametrize("most", [2, 3])
@pytest.mark.parametrize("path", ["/portals", "/registry"])
def test_a_unit_is_chosen_from_a_list_of_few_and_by_name_among_many(
    database: Database, inspector: DeskClient, monkeypatch: pytest.MonkeyPatch, path: str, most: int
) -> None:
    """Three units; both the number and the name of one stand for it and those below."""
    monkeypatch.setattr(unit_choice, "MOST_LISTED", most)
    names = ("甲网站", "乙网站", "丙网站")
    with database.writing() as session:
        units = [ensure_unit(session, way, BY) for way in (["县政府"], ["县政府", "财政局"], ["邻县政府"])]
    for name, unit in zip(names, units, strict=True):
        change(database, add_portal(database, name), unit_id=unit)
    for given in (str(units[0]), "县政府"):
        page = inspector.get(path, params={"unit": given}).text
        assert [name in page for name in names] == [True, True, False]
        if most == 3:
            assert f'<option value="{units[0]}" selected>县政府</option>' in page
            assert "　财政局</option>" in page
        else:
            assert 'name="unit" value="县政府"' in page
            assert re.findall(r'<option value="([^"]+)"></option>', page) == ["县政府"]
    page = inspector.get(path, params={"unit": "没有这个单位"}).text
    assert not any(name in page for name in names)
    assert "没有符合条件的网站" in page
    if path == "/registry":
        rows = inspector.get("/registry/export", params={"unit": "县政府", "format": "csv"}).content.decode("utf-8-sig")
        assert [name in rows for name in names] == [True, True, False]


@pytest.mark.parametrize("query", ["unit=x", "unit=99999999999999", "after=zz", "profile=nope", "state=%00", "sort=x"])
def test_junk_in_the_address_is_no_fault_of_the_program(ledger: Ledger, inspector: DeskClient, query: str) -> None:
    assert inspector.get(f"/portals?{query}").status_code == 200


def test_the_list_as_a_file_holds_every_portal_and_no_formula(database: Database, inspector: DeskClient) -> None:
    add_portal(database, "=1+1")
    for number in range(60):
        add_portal(database, f"第{number:02d}号网站")
    answer = inspector.get("/portals?format=csv")
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert len(lines) == 62
    assert not any(cell.startswith("=") for cell in lines[1].split(","))


# ---------------------------------------------------------------- one portal


def add_column(database: Database, portal_id: int, subject: Subject, **values: Any) -> None:
    with database.writing() as session:
        given = {"newest": date(2026, 11, 1), "last_items": 12, "last_read": NOW, "last_seen": NOW, **values}
        row = ColumnRow(
            portal_id=portal_id,
            column_key=key_of(subject),
            concept=subject.concept,
            path=list(subject.path),
            url="http://qinghe.example/yw/",
            first_seen=NOW,
            **given,
        )
        session.add(row)


def answer_newest(database: Database, portal_id: int, *verdicts: Any) -> None:
    """The newest inspection of a portal brought these verdicts."""
    with database.writing() as session:
        look = inspections.inspections_of_portal(session, portal_id, 1)[0]
        row = session.get_one(InspectionRow, look.id)
        row.verdicts = zlib.compress(json.dumps([verdict_object(one) for one in verdicts]).encode())
        row.state = "done"


def test_a_portal_s_page_tells_each_column_in_words(ledger: Ledger, database: Database, inspector: DeskClient) -> None:
    news = Subject("news", "要闻", "http://qinghe.example/yw/", ("首页", "要闻"))
    notices = Subject("notices", "公告", "http://qinghe.example/gg/", ("首页", "公告"))
    add_column(database, ledger.portal, news)
    add_column(database, ledger.portal, notices, newest=None, last_read=None, last_items=None)
    answer_newest(database, ledger.portal, verdict(OK, subject=news), undecided(subject=notices))
    page = inspector.get(f"/portals/{ledger.portal}").text
    assert '<span class="mark ok">正常</span>' in page
    assert '<span class="mark undecided">未能判定</span>' in page
    assert "被验证页或防火墙拦截" in page
    assert re.search(r"最新 2026-11-01，距今 \d+ 天", page)


def test_a_column_in_trouble_tells_when_it_was_last_monitored_as_normal(
    ledger: Ledger, database: Database, inspector: DeskClient
) -> None:
    news = Subject("news", "要闻", "http://qinghe.example/yw/", ("首页", "要闻"))
    notices = Subject("notices", "公告", "http://qinghe.example/gg/", ("首页", "公告"))
    for subject in (news, notices):
        add_column(database, ledger.portal, subject, last_normal=datetime(2026, 11, 2, 18, tzinfo=UTC))
    answer_newest(database, ledger.portal, verdict(OK, subject=news), undecided(subject=notices))
    page = inspector.get(f"/portals/{ledger.portal}").text
    assert page.count("最近一次监测正常 2026-11-03 02:00") == 1


def test_what_was_dated_anew_stands_on_the_page_with_both_days_and_is_no_problem(
    ledger: Ledger, database: Database, inspector: DeskClient
) -> None:
    for night, day in enumerate((date(2026, 3, 1), date(2026, 10, 30))):
        entry = item(day, "<b>第1号公告</b>", url="http://qinghe.example/1.html")
        notices = column("公告", "notices", (entry,), text_digests={entry.url: "0a" * 16})
        with database.writing() as session:
            observe(session, ledger.portal, [notices], normal=(), now=NOW + timedelta(days=night))
    page = inspector.get(f"/portals/{ledger.portal}").text
    card = page[page.index("换了更晚日期的信息") :].partition("</section>")[0]
    for told in ("&lt;b&gt;第1号公告", "2026-03-01", "2026-10-30", "正文未变"):
        assert told in card, told
    assert inspector.get("/violations?state=any&q=第1号公告").text.count("第1号公告") <= 1  # in the search box


def test_a_portal_where_nothing_was_dated_anew_has_no_word_of_it(
    ledger: Ledger, database: Database, inspector: DeskClient
) -> None:
    with database.writing() as session:
        observe(session, ledger.portal, [column("公告", "notices", (item(),))], normal=(), now=NOW)
    assert "换了更晚日期" not in inspector.get(f"/portals/{ledger.portal}").text


def test_a_column_that_was_not_met_stands_on_the_page_for_all_to_see(
    ledger: Ledger, database: Database, inspector: DeskClient
) -> None:
    subject = Subject("letters", "县长信箱", "http://qinghe.example/xx/", ("互动交流", "县长信箱"))
    add_column(database, ledger.portal, subject, last_seen=datetime(2026, 11, 1, tzinfo=UTC))
    page = inspector.get(f"/portals/{ledger.portal}").text
    assert '<div class="leaf absent">' in page
    hidden = set(re.findall(r"\.([a-z]+) \{ position: absolute", (STATIC / "desk.css").read_text(encoding="utf-8")))
    assert hidden >= {"unseen"}
    assert hidden.isdisjoint(MARK_WORDS)


def test_days_without_probes_are_told_as_not_watched(ledger: Ledger, database: Database, inspector: DeskClient) -> None:
    with database.writing() as session:
        session.add(ProbeDayRow(portal_id=ledger.portal, day=date(2026, 11, 19), up=19, down=1))
    page = inspector.get(f"/portals/{ledger.portal}").text
    assert page.count('<li class="none"') == 89
    assert page.count('<li class="down"') == 1
    assert '<td class="number">95.0%</td>' in page


@pytest.mark.parametrize("number", ["999", "99999999999999999999", "0"])
def test_a_portal_that_does_not_exist_is_not_found(inspector: DeskClient, number: str) -> None:
    assert inspector.get(f"/portals/{number}").status_code == 404


def test_contacts_are_shown_to_those_who_keep_the_registry_only(ledger: Ledger, database: Database) -> None:
    with database.writing() as session:
        contacts.add_contact(
            session, name="李四", channel=Channel.PHONE, address="0763-1234567", by=BY, portal_id=ledger.portal
        )
        contacts.add_contact(
            session, name=None, channel=Channel.WECOM, address="https://q.example/?key=SECRET", by=BY,
            portal_id=ledger.portal,
        )  # fmt: skip
    pages = {}
    for role in (Role.VIEWER, Role.INSPECTOR):
        with client_as(database, role) as client:
            pages[role] = client.get(f"/portals/{ledger.portal}").text
    assert "0763-1234567" in pages[Role.INSPECTOR]
    assert "0763-1234567" not in pages[Role.VIEWER]
    assert "SECRET" not in pages[Role.INSPECTOR]


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
    with client_as(database, Role.VIEWER, queue=Queue()) as viewer:
        assert viewer.post(f"/portals/{ledger.portal}/{path}", fields).status_code == 403
    with client_as(database, Role.INSPECTOR, queue=Queue()) as client:
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


# ---------------------------------------------------------------- spot checks


@pytest.fixture
def spotter(database: Database, tmp_path: Any) -> Iterator[DeskClient]:
    words = {"evidence_dir": str(tmp_path / "evidence"), "request_delay_seconds": 0, "check_seconds": 5}
    with client_as(database, Role.INSPECTOR, queue=Queue(), clock=Clock(), **words) as client:
        yield client


def test_a_spot_check_waits_for_its_job_and_shows_the_report_in_a_sandbox(spotter: DeskClient) -> None:
    answer = spotter.post("/spot", {"url": "www.qinghe.invalid", "profile": "county-portal"})
    key = answer.headers["location"].removeprefix("/spot/")
    here = spotter.app.state.desk
    assert [job[:3] for job in here.queue.jobs] == [("spot", {"key": key}, 100)]
    assert "正在排队" in spotter.get(f"/spot/{key}/progress").text
    assert spotter.get(f"/evidence/spot/{key}").status_code == 404
    look_once(here.settings, key)
    assert read_request(here.settings, key).state == "done"  # type: ignore[union-attr]
    page = spotter.get(f"/spot/{key}").text
    assert f'<iframe class="stored" sandbox="" src="/evidence/spot/{key}"' in page
    report = spotter.get(f"/evidence/spot/{key}")
    assert report.headers["content-security-policy"].startswith("sandbox; default-src 'none'; style-src 'sha256-")
    assert "script-src" not in report.headers["content-security-policy"]
    assert report.headers["x-frame-options"] == "SAMEORIGIN"
    assert "单次观测" in report.text


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"url": "http://127.0.0.1/"}, "是内网地址"),
        ({"url": "http://[::1]/"}, "是内网地址"),
        ({"url": ""}, "网址"),
        ({"url": "ftp://www.qinghe.example/"}, "网址"),
        ({"url": "www.qinghe.example", "profile": "castle"}, "没有这种网站类型"),
    ],
)
def test_a_spot_check_that_cannot_be_made_says_why(spotter: DeskClient, fields: dict[str, str], words: str) -> None:
    assert words in spotter.shown(spotter.post("/spot", fields))
    assert spotter.app.state.desk.queue.jobs == []


def test_spot_checks_are_bounded(spotter: DeskClient) -> None:
    for _ in range(10):
        spotter.post("/spot", {"url": "www.qinghe.example"})
    assert "请稍后再试" in spotter.shown(spotter.post("/spot", {"url": "www.qinghe.example"}))
    assert len(spotter.app.state.desk.queue.jobs) == 10


@pytest.mark.parametrize("key", ["x", "a" * 32, "..%2f..%2fetc", "%00"])
def test_no_key_leads_out_of_the_folder(spotter: DeskClient, key: str) -> None:
    for path in (f"/spot/{key}", f"/spot/{key}/progress", f"/evidence/spot/{key}"):
        assert spotter.get(path).status_code == 404


def test_viewers_start_no_checks(database: Database) -> None:
    with client_as(database, Role.VIEWER, queue=Queue()) as viewer:
        assert viewer.post("/spot", {"url": "www.qinghe.example"}).status_code == 403
