"""The portals at the desk: the list, and the page of each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from databases import opened
from desk_client import NOW, DeskClient, client_as
from facts_builder import column, item
from fake_queue import FakeQueue
from ledger_builder import OK, Ledger, add_portal, undecided, verdict
from portal_desk import BY, add_column, answer_newest, change, told_ledger

from gkmonitor.accounts.records import Role
from gkmonitor.records import Subject
from gkmonitor.registry.records import Channel
from gkmonitor.reports.column_tree import MARK_WORDS
from gkmonitor.storage import Database, contacts
from gkmonitor.storage.columns import observe
from gkmonitor.storage.models import ProbeDayRow
from gkmonitor.storage.units import ensure_unit
from gkmonitor.web import unit_choice
from gkmonitor.web.pages import STATIC


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
