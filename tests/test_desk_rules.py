"""Rules at the desk: packs, coverage, one rule, and a changed pack tried on what is stored."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from databases import opened
from desk_client import DeskClient, client_as
from desk_pages import whole
from facts_builder import AS_OF, ago, column, item, portal

from gkmonitor.accounts.records import Role
from gkmonitor.cycles.recalling import keep_spot_check
from gkmonitor.errors import PackError
from gkmonitor.packfields import MAX_DEPTH, refuse_traps
from gkmonitor.rules import available_packs, load_pack
from gkmonitor.settings import load_settings
from gkmonitor.storage import Database, audit
from gkmonitor.storage.audit import AuditFilter
from gkmonitor.storage.models import CaseRow, FindingRow
from gkmonitor.storage.portals import add_portal, get_portal
from gkmonitor.storage.registry_changes import By
from gkmonitor.web.views.whatif import PORTALS
from gkmonitor.whatif import read_pack_files

PACK = """id: office-news
version: "2"
title: 本办要闻更新要求
documents: [本办〔2026〕1号]
valid_from: 2027-01-01
rules:
  - slug: news
    title: 要闻按期更新
    clause: 一
    words: 要闻栏目应当及时更新
    confidence: A
    check: column-stale
    severity: veto
    concepts: [news]
    params: {max_age: P5D}
"""
MONTH = f"{AS_OF:%Y-%m}"


@pytest.fixture
def database(sqlite_url: str) -> Iterator[Database]:
    with opened(sqlite_url) as found:
        yield found


def store(database: Database, count: int, title: str = "要闻") -> None:
    facts = portal(column(title, "news", [item(ago(8))]))
    for number in range(count):
        with database.writing() as session:
            values = {"name": f"青禾县第{number}站", "url": f"http://q{number}.example/", "profile": "county-portal"}
            portal_id = add_portal(session, values, (), By("测试", facts.observed_at))
        with database.reading() as session:
            entry = get_portal(session, portal_id)
        keep_spot_check(database, load_settings(), entry, facts, AS_OF, now=facts.observed_at)


def test_every_pack_every_rule_and_every_task_has_a_page(database: Database) -> None:
    with client_as(database, Role.VIEWER) as client:
        listed = whole(client.get("/rules"))
        for pack in available_packs().values():
            assert f'href="/rules/packs/{pack.id}"' in listed
            page = whole(client.get(f"/rules/packs/{pack.id}"))
            assert all(f"/rules/packs/{pack.id}/{one.slug}" in page for one in (*pack.rules, *pack.tasks))
        for pack in [pack for pack in available_packs().values() if pack.id.startswith("national")][:2]:
            for one in (*pack.rules[:12], *pack.tasks[:4]):
                assert one.clause in whole(client.get(f"/rules/packs/{pack.id}/{one.slug}"))


def test_a_rule_says_document_clause_words_and_what_a_person_does(database: Database) -> None:
    with client_as(database, Role.VIEWER) as client:
        page = whole(client.get("/rules/packs/national-2019-19/home-not-updated"))
        rule = next(one for one in load_pack("national-2019-19").rules if one.slug == "home-not-updated")
        for words in (
            rule.document,
            rule.clause,
            rule.words,
            "人要做什么",
            "/violations?state=all&amp;rule=national-2019-19%2Fhome",
        ):
            assert words in page
        assert client.get("/rules/packs/national-2019-19/unknown").status_code == 400
        assert client.get("/rules/packs/..%2f..%2fetc").status_code in (400, 404)


def test_rules_are_searched_and_taken_out_as_a_file(database: Database) -> None:
    with client_as(database, Role.VIEWER) as client:
        assert "home-not-updated" in whole(client.get("/rules?q=home-not-updated"))
        text = client.get("/rules?q=home-not-updated&format=csv").content.decode("utf-8-sig")
        assert 2 <= len(text.splitlines()) < 9


def test_coverage_counts_lead_to_the_duties_that_they_count(database: Database) -> None:
    with client_as(database, Role.VIEWER) as client:
        page = whole(client.get("/rules/coverage"))
        assert "chengdu-2013" in page
        page = whole(client.get("/rules/coverage?document=chengdu-2013&how=manual"))
        assert "人工查看 7 项" in page
        text = client.get("/rules/coverage?document=chengdu-2013&how=manual&format=csv").content.decode("utf-8-sig")
        assert len(text.splitlines()) >= 8


# ---------------------------------------------------------------- what a changed pack would do


def try_out(client: DeskClient, text: str | bytes = PACK, **fields: str) -> str:
    body = text.encode() if isinstance(text, str) else text
    words = {"month": MONTH, "in_force": "yes", **fields}
    answer = client.post("/rules/whatif", words, files=[("files", ("要求.yaml", body, "text/yaml"))])
    return client.shown(answer) if answer.status_code == 303 else answer.text


def test_an_uploaded_pack_is_tried_on_the_months_newest_inspections_and_writes_nothing(database: Database) -> None:
    store(database, 2, "要闻<img src=x>")
    with database.reading() as session:
        before = session.query(CaseRow).count(), session.query(FindingRow).count()
    with client_as(database, Role.INSPECTOR) as client:
        page = try_out(client)
        assert page.count("新增问题") == 3  # the count and one on each portal
        assert "现在没有这个规则包" in page
        assert "要闻&lt;img src=x&gt;" in page
        assert "结论不变" in try_out(client, in_force="")  # its day has not come
        assert "没有保存的检查" in try_out(client, month="2020-01")
    with database.reading() as session:
        assert before == (session.query(CaseRow).count(), session.query(FindingRow).count())
        assert len(audit.list_audit(session, AuditFilter(action="pack-replayed"))) == 3
    assert "office-news" not in available_packs()


def test_a_built_in_pack_tried_on_itself_changes_nothing(database: Database) -> None:
    store(database, 1)
    with client_as(database, Role.INSPECTOR) as client:
        answer = client.post("/rules/whatif", {"pack": "national-2019-19", "month": MONTH})
        assert "结论不变" in client.shown(answer)


def test_many_portals_are_judged_a_page_at_a_time(database: Database) -> None:
    store(database, PORTALS + 1)
    with client_as(database, Role.INSPECTOR) as client:
        page = try_out(client)
        assert f"本页 {PORTALS} 个网站，当月有保存的检查的共 {PORTALS + 1} 个" in page
        following = page.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
        page = whole(client.get(following))
        assert "本页 1 个网站" in page
        assert f"青禾县第{PORTALS}站" in page


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (PACK.replace("severity: veto", "severity: deadly"), "要求.yaml:13: "),
        (PACK.replace("P5D", "soon"), "要求.yaml:15: "),
        (PACK.replace("rules:", "rules"), "要求.yaml:"),
        ("a: [b", "要求.yaml:"),
        ("[" * 200_000, "要求.yaml:1: 嵌套超过"),
        ("a: &x [1]\nb: *x", "要求.yaml:2: 规则包不能用 *"),
        (b"\xff\xfe\x00", "不是 UTF-8"),
        (b"x" * (2 * 1024 * 1024 + 1), "超过 2 MB"),
        (b"", "空文件"),
    ],
)
def test_a_pack_that_is_wrong_is_told_by_line_and_not_tried(database: Database, text: str | bytes, told: str) -> None:
    with client_as(database, Role.INSPECTOR) as client:
        assert told in try_out(client, text)


def test_neither_file_nor_pack_and_a_wrong_month_are_told(database: Database) -> None:
    with client_as(database, Role.INSPECTOR) as client:
        assert "请选择规则包文件" in client.post("/rules/whatif", {"month": MONTH}).text
        assert "月份" in try_out(client, month="nov")
        assert client.get(f"/rules/whatif/result?month={MONTH}&token=x").status_code == 303
        assert client.get(f"/rules/whatif/result?month={MONTH}&pack=..%2Fx").status_code == 400


def test_a_viewer_tries_no_pack(database: Database) -> None:
    with client_as(database, Role.VIEWER) as client:
        assert client.get("/rules/whatif").status_code == 403
        assert client.get(f"/rules/whatif/result?pack=national-2019-19&month={MONTH}").status_code == 403
        assert client.post("/rules/whatif", {"pack": "national-2019-19", "month": MONTH}).status_code == 403


def test_a_pack_in_several_files_is_read_with_its_head() -> None:
    head, rules = PACK.split("rules:")
    parts = [("more.yaml", f"rules:{rules}".encode()), ("pack.yaml", head.encode())]
    assert [one.slug for one in read_pack_files(parts).rules] == ["news"]
    with pytest.raises(PackError, match=r"正好有一个 pack\.yaml"):
        read_pack_files(parts[:1] * 2)


def test_nesting_is_refused_just_beyond_what_is_allowed() -> None:
    refuse_traps("[" * MAX_DEPTH + "]" * MAX_DEPTH, "x")
    with pytest.raises(PackError, match="嵌套"):
        refuse_traps("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1), "x")


def test_no_built_in_pack_has_what_is_refused() -> None:
    from importlib.resources import files

    for file in (path for path in files("checks").joinpath("packs").iterdir() if path.name.endswith(".yaml")):
        refuse_traps(file.read_text(encoding="utf-8"), file.name)
