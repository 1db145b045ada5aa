"""Rules at the desk: packs, coverage, one rule, and a changed pack tried on what is stored."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from databases import opened
from desk_cases import Jobs
from desk_client import DeskClient, client_as
from desk_pages import whole
from facts_builder import AS_OF, ago, column, item, portal

from gkmonitor import trials
from gkmonitor.accounts.records import Role
from gkmonitor.cycles.recalling import keep_spot_check
from gkmonitor.errors import PackError
from gkmonitor.jobs import JOBS, Office
from gkmonitor.packfields import MAX_DEPTH, refuse_traps
from gkmonitor.queueing import EmbeddedQueue
from gkmonitor.rules import available_packs, load_pack
from gkmonitor.settings import load_settings
from gkmonitor.storage import Database, audit
from gkmonitor.storage.audit import AuditFilter
from gkmonitor.storage.models import CaseRow, FindingRow
from gkmonitor.storage.portals import add_portal, get_portal
from gkmonitor.storage.registry_changes import By
from gkmonitor.trials import work_on
from gkmonitor.web.acts.trials import AT_ONCE
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


@pytest.fixture(autouse=True)
def evidence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GKMONITOR_EVIDENCE_DIR", str(tmp_path / "evidence"))
    return tmp_path / "evidence"


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
        assert figures(page)["新增问题"] == "2"
        assert "现在没有这个规则包" in page
        page = whole(client.get(changes_link(page)))
        assert "要闻&lt;img src=x&gt;" in page
        assert page.count("要闻按期更新") > 2  # the rule's own title, which no built-in pack knows
        assert page.count("青禾县第") == 2
        assert "结论不变" in try_out(client, in_force="")  # its day has not come
        assert "没有保存的检查" in try_out(client, month="2020-01")
    with database.reading() as session:
        assert before == (session.query(CaseRow).count(), session.query(FindingRow).count())
        assert len(audit.list_audit(session, AuditFilter(action="pack-replayed"))) == 3
    assert "office-news" not in available_packs()


def figures(page: str) -> dict[str, str]:
    found = re.findall(r'figure-words">([^<]+)</div><div class="figure-value">(?:<a [^>]*>)?([^<]+)<', page)
    return dict(found)


def changes_link(page: str, words: str = "逐条列出全部变化") -> str:
    found = re.search(rf'href="([^"]+)">{words}', page)
    assert found is not None
    return found[1].replace("&amp;", "&")


def test_a_built_in_pack_tried_on_itself_changes_nothing(database: Database) -> None:
    store(database, 1)
    with client_as(database, Role.INSPECTOR) as client:
        answer = client.post("/rules/whatif", {"pack": "national-2019-19", "month": MONTH})
        assert "结论不变" in client.shown(answer)


def test_many_portals_are_tried_by_a_job_whose_progress_the_page_tells(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trials, "AT_A_TIME", 8)
    monkeypatch.setattr(trials, "SLICE_SECONDS", 0.0)
    store(database, AT_ONCE + 1)
    queue = EmbeddedQueue(database)
    with client_as(database, Role.INSPECTOR, queue=queue) as client:
        page = try_out(client)
        assert f"已算 0 / {AT_ONCE + 1} 个网站" in page
        assert 'hx-trigger="every 3s"' in page
        (asked,) = queue.live_arguments("trial")
        key = asked["key"]
        assert f'href="/rules/whatif/{key}"' in whole(client.get("/rules/whatif"))
        office = Office(database, client.app.state.desk.settings, queue, client.app.state.desk.clock)
        for done in (8, 16):  # what is left is the next job's
            JOBS["trial"](office, asked)
            assert f"已算 {done} / {AT_ONCE + 1} 个网站" in client.get(f"/rules/whatif/{key}/outcome").text
        JOBS["trial"](office, asked)
        assert sorted(one["done"] for one in queue.live_arguments("trial")) == [0, 8, 16]
        page = whole(client.get(f"/rules/whatif/{key}"))
        assert "hx-trigger" not in page
        assert figures(page)["新增问题"] == figures(page)["已试算的网站"] == str(AT_ONCE + 1)
        shown = whole(client.get(f"/rules/whatif/{key}/changes?rule=office-news/news&kind=accused"))
        assert f"第 1–{AT_ONCE + 1} 条，共 {AT_ONCE + 1} 条" in shown
        assert {f"青禾县第{number}站" for number in range(AT_ONCE + 1)} <= set(re.findall("青禾县第[0-9]+站", shown))
        lines = client.get(f"/rules/whatif/{key}/changes?format=csv").content.decode("utf-8-sig").splitlines()
        assert len(lines) == AT_ONCE + 2
        assert "没有这样的变化" in whole(client.get(f"/rules/whatif/{key}/changes?kind=cleared"))


def test_a_trial_is_stopped_and_gone_on_with(database: Database) -> None:
    store(database, AT_ONCE + 1)
    queue = EmbeddedQueue(database)
    with client_as(database, Role.INSPECTOR, queue=queue) as client:
        try_out(client)
        key = queue.live_arguments("trial")[0]["key"]
        assert "已停止" in client.shown(client.post(f"/rules/whatif/{key}/stop"))
        settings = client.app.state.desk.settings
        stopped = work_on(database, settings, key)
        assert stopped is not None
        assert (stopped.state, stopped.done) == ("stopped", 0)
        assert "继续试算" in whole(client.get(f"/rules/whatif/{key}"))
        client.post(f"/rules/whatif/{key}/continue")
        assert "已算 0 / " in client.get(f"/rules/whatif/{key}").text
        work_on(database, settings, key)
        assert "试算已经结束" in client.shown(client.post(f"/rules/whatif/{key}/continue"))


def test_a_trial_whose_job_was_lost_is_told_as_broken_off(database: Database) -> None:
    store(database, AT_ONCE + 1)
    with client_as(database, Role.INSPECTOR, queue=Jobs()) as client:
        assert "试算中断了" in try_out(client)


def test_no_more_than_three_trials_run_at_once(database: Database) -> None:
    store(database, AT_ONCE + 1)
    with client_as(database, Role.INSPECTOR, queue=EmbeddedQueue(database)) as client:
        for _ in range(3):
            assert "已算 0 / " in try_out(client)
        assert "已有 3 个试算在进行" in try_out(client)


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
        assert client.post("/rules/whatif", {"month": MONTH, "pack": "../x"}).status_code == 400
        assert client.get(f"/rules/whatif/{'x' * 32}").status_code == 404


def test_a_viewer_tries_no_pack(database: Database) -> None:
    with client_as(database, Role.VIEWER) as client:
        assert client.get("/rules/whatif").status_code == 403
        for path in ("", "/outcome", "/changes"):
            assert client.get(f"/rules/whatif/{'x' * 32}{path}").status_code == 403
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
