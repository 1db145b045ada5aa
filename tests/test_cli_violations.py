"""The commands of the ledger: violations, tasks; what they print is a contract with scripts and people."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import facts_builder
import pytest
from databases import opened
from ledger_builder import OK, Ledger, verdict
from openpyxl import load_workbook
from typer.testing import CliRunner

from gkmonitor.cli.main import app
from gkmonitor.cycles.records import CycleKind, InspectionState
from gkmonitor.ledger.policy import get_policy
from gkmonitor.ledger.subjects import accusations, subject_key
from gkmonitor.ledger.tasks import first_of, questions_for
from gkmonitor.records import PortalFacts, Profile, Verdict
from gkmonitor.registry.records import PortalEntry
from gkmonitor.rules import available_packs
from gkmonitor.settings import get_settings
from gkmonitor.storage import inspections
from gkmonitor.storage.case_details import evidence_of
from gkmonitor.storage.cases import verify_chain
from gkmonitor.storage.models import PortalRow
from gkmonitor.storage.sightings import record_sightings
from gkmonitor.storage.tasks import ensure_tasks, list_tasks, ticked_rules
from gkmonitor.verdicts import verdict_object

Run = Callable[..., Any]


@pytest.fixture
def run(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """Runs a command; the office's day is 2026-11-22 or whatever the clock says, so that deadlines are written out."""
    monkeypatch.setenv("GKMONITOR_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("GKMONITOR_EVIDENCE_DIR", str(tmp_path / "evidence"))
    monkeypatch.setenv("COLUMNS", "200")
    get_settings.cache_clear()
    yield lambda *words: CliRunner().invoke(app, [str(word) for word in words])
    get_settings.cache_clear()


@pytest.fixture
def ledger(sqlite_url: str) -> Iterator[Ledger]:
    """An open case, told by two inspections."""
    with opened(sqlite_url) as database:
        told = Ledger(database)
        told.inspect_times(2, [verdict()])
        yield told


def parsed(result: Any) -> Any:
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def test_the_list_has_the_keys_of_the_contract(run: Run, ledger: Ledger) -> None:
    (case,) = parsed(run("violations", "list", "--json"))
    assert list(case) == [
        *("id", "site", "rule", "check", "subject", "state", "severity", "found_by"),
        *("first_seen", "last_seen", "observations", "deadline", "message"),
    ]
    assert set(case["site"]) == {"url", "name", "site_id_code"}
    assert case["subject"]["path"] == ["首页", "要闻"]
    assert (case["state"], case["severity"], case["found_by"]) == ("open", "deduction", "system")
    assert (case["observations"], case["deadline"], case["first_seen"]) == (2, None, "2026-11-03T01:00:00Z")


@pytest.mark.parametrize(
    ("words", "count"),
    [
        (["--state", "open"], 1),
        (["--state", "待确认", "--state", "closed"], 1),
        (["--state", "confirmed"], 0),
        (["--site", "青禾县人民政府"], 1),
        (["--rule", "column-stale"], 1),
        (["--severity", "单项否决"], 0),
        (["--month", "2026-11"], 1),
        (["--month", "2026-12"], 0),
    ],
)
def test_the_list_is_narrowed_by_each_option(run: Run, ledger: Ledger, words: list[str], count: int) -> None:
    assert len(parsed(run("violations", "list", "--json", *words))) == count


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["list", "--state", "opened"], "没有“opened”这种状态"),
        (["list", "--month", "2026-13"], "请写成 2026-11"),
        (["list", "--severity", "bad"], "没有“bad”这种程度"),
        (["list", "--site", "不存在"], "没有登记"),
        (["show", "77"], "没有编号为 77 的问题"),
        (["close", "1"], "办结只适用于“已整改”"),
        (["notify", "1"], "两者写一个"),
        (["notify", "1", "--days", "0"], "至少为 1 个工作日"),
        (["notify", "1", "--deadline", "2999-13-01"], "没有 13 月"),
        (["dismiss", "1"], "缺少"),
        (["dismiss", "1", "--reason", "因为"], "代码表"),
        (["confirm", "1", "--actor", " "], "姓名是空的"),
        (["appeal", "1", "--outcome", "maybe"], "upheld"),
        (["answer", "1", "--text", "x", "--file", "/nowhere/x.pdf"], "无法读取"),
        (["add", "--site", "青禾县人民政府", "--text", "x"], "--severity"),
        (["add", "--site", "青禾县人民政府"], "--rule"),
    ],
)
def test_what_is_wrong_is_told_in_one_line_and_exits_2(run: Run, ledger: Ledger, words: list[str], told: str) -> None:
    result = run("violations", *words)
    assert result.exit_code == 2
    assert told in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1
    assert ledger.case.version == 2, "nothing was changed"


def test_a_case_goes_from_open_to_closed_by_commands(run: Run, ledger: Ledger, tmp_path: Path) -> None:
    letter = tmp_path / "答复函.pdf"
    letter.write_bytes(b"%PDF-1.7 made up")
    case = ledger.case.id
    assert parsed(run("violations", "confirm", case, "--actor", "张三", "--json"))[0]["state"] == "confirmed"
    notified = parsed(run("violations", "notify", case, "--deadline", "2999-01-31", "--actor", "张三", "--json"))
    assert (notified[0]["state"], notified[0]["deadline"]) == ("notified", "2999-01-31")
    assert run("violations", "answer", case, "--text", "已补发", "--file", letter, "--actor", "财政局").exit_code == 0
    ledger.inspect_times(2, [verdict(OK)])
    assert "已办结" in run("violations", "close", case, "--actor", "张三").stdout
    with ledger.database.reading() as session:
        (kept,) = evidence_of(session, case)
        assert verify_chain(session) is None
    assert (tmp_path / "evidence" / kept.path).read_bytes() == letter.read_bytes()
    assert kept.details["name"] == "答复函.pdf"
    shown = run("violations", "show", case).stdout
    for words in ("财政局：单位答复：已补发", "认定已整改", "答复函.pdf", "国办秘函〔2019〕19号", "待确认 → 已确认"):
        assert words in shown


def test_show_has_the_rule_the_observations_and_the_life(run: Run, ledger: Ledger) -> None:
    shown = parsed(run("violations", "show", ledger.case.id, "--json"))
    assert shown["basis"] == {"document": "国办秘函〔2019〕19号", "clause": "一", "words": "超过2周未更新"}
    assert [event["event"] for event in shown["events"]] == ["found", "opened"]
    assert (shown["items"], shown["evidence"], shown["repeats"], shown["version"]) == (None, [], 0, 2)


def test_show_has_the_items_that_the_column_showed_when_its_facts_are_kept(run: Run, ledger: Ledger) -> None:
    """The whole way: two cycles judged and stored as the inspection stores them, then shown."""
    pack = facts_builder.pack_of("column-stale", rest="concepts: [news]\nparams: {max_age: P14D}")
    stale = facts_builder.column("要闻", "news", facts_builder.items("2026-01-02", "2025-12-30"), under=("首页",))
    for number in (1, 2):
        seen_at = facts_builder.SEEN_AT + number * timedelta(days=1)
        facts = replace(facts_builder.portal(stale), observed_at=seen_at)
        store(ledger, f"n{number}", facts, facts_builder.judge(pack, facts))
    (case,) = parsed(run("violations", "list", "--rule", pack.rules[0].id, "--json"))
    shown = parsed(run("violations", "show", case["id"], "--json"))
    assert (shown["state"], len(shown["observed"])) == ("open", 2)
    assert [item["date"] for item in shown["items"]] == ["2026-01-02", "2025-12-30"]
    assert "2026-01-02 " in run("violations", "show", case["id"]).stdout


def store(ledger: Ledger, name: str, facts: PortalFacts, verdicts: list[Verdict]) -> None:
    with ledger.database.writing() as session:
        day = facts.observed_at.date()
        portals = [ledger.portal]
        cycle = inspections.ensure_cycle(
            session, name=name, kind=CycleKind.MANUAL, as_of=day, portal_ids=portals, now=facts.observed_at
        )
        (look,) = inspections.inspections_of(session, cycle)
        state, found = InspectionState.DONE, accusations(verdicts)
        inspections.store_result(
            session, look, state=state, facts=facts, verdicts=[], details={}, now=facts.observed_at
        )
        rows = [(one.rule, subject_key(one), verdict_object(one)) for one in found]
        inspections.store_findings(session, look, rows, facts.observed_at)
        record_sightings(
            session,
            portal_id=ledger.portal,
            inspection_id=look.id,
            cycle_id=cycle,
            observed_at=facts.observed_at,
            verdicts=verdicts,
            judged_rules={one.rule for one in verdicts},
            now=facts.observed_at,
            is_whole=True,
        )


def test_the_codes_of_dismissal_are_listed_on_request_and_change_nothing(run: Run, ledger: Ledger) -> None:
    listed = parsed(run("violations", "dismiss", "--reason", "help", "--json"))
    assert {one["code"]: one["words"] for one in listed} == get_policy().dismissals
    assert "misread_page" in run("violations", "dismiss", "--reason", "help").stdout
    assert ledger.case.state == "open"


def test_an_appeal_and_its_outcome_by_either_command(run: Run, ledger: Ledger) -> None:
    case = ledger.case.id
    run("violations", "confirm", case)
    assert parsed(run("violations", "appeal", case, "--text", "不属实", "--json"))[0]["state"] == "appealed"
    assert parsed(run("violations", "appeal", case, "--outcome", "rejected", "--json"))[0]["state"] == "confirmed"
    run("violations", "appeal", case, "--text", "仍不属实")
    assert parsed(run("violations", "appeal-outcome", case, "upheld", "--json"))[0]["state"] == "dismissed"


def test_a_person_who_looked_at_an_earlier_version_is_told(run: Run, ledger: Ledger) -> None:
    case = ledger.case
    assert run("violations", "confirm", case.id, "--seen-version", case.version, "--actor", "张三").exit_code == 0
    late = run("violations", "confirm", case.id, "--seen-version", case.version, "--actor", "李四")
    assert (late.exit_code, "张三" in late.stderr) == (2, True)


def test_a_finding_by_a_person_is_marked_and_keeps_its_evidence(run: Run, ledger: Ledger, tmp_path: Path) -> None:
    shot = tmp_path / "截图.png"
    shot.write_bytes(b"\x89PNG made up")
    given = ("--site", ledger.portal, "--text", "领导信息未更新", "--severity", "veto", "--file", shot)
    added = parsed(run("violations", "add", *given, "--actor", "李四", "--json"))
    assert (added["found_by"], added["state"], added["severity"]) == ("person", "open", "veto")
    assert "【人工】领导信息未更新" in run("violations", "list", "--state", "open").stdout.replace("\n", "")
    assert "截图.png" in run("violations", "show", added["id"]).stdout
    by_rule = parsed(
        run("violations", "add", "--site", ledger.portal, "--rule", "national-2019-19/home-not-updated", "--json")
    )
    assert (by_rule["check"], by_rule["severity"], by_rule["subject"]["path"]) == ("home-not-updated", "veto", [])


def test_the_list_is_exported_in_three_formats_and_a_portals_words_never_become_a_formula(
    run: Run, ledger: Ledger, tmp_path: Path
) -> None:
    text = '=HYPERLINK("http://x")'
    run("violations", "add", "--site", ledger.portal, "--text", text, "--severity", "deduction")
    rows = list(csv.DictReader(io.StringIO(run("violations", "export").stdout.removeprefix("\ufeff"))))
    assert [row["状态"] for row in rows] == ["待确认", "待确认"]
    assert {row["来源"] for row in rows} == {"人工", "系统"}
    assert all(not row["问题"].startswith("=") for row in rows)
    out = tmp_path / "问题清单.xlsx"
    assert run("violations", "export", "--out", out).exit_code == 0
    sheet = load_workbook(out).active
    assert sheet is not None
    assert sheet.max_row == 3
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    assert len(json.loads(run("violations", "export", "--format", "json").stdout)) == 2
    (chosen,) = json.loads(run("violations", "export", 2, "--format", "json").stdout)
    assert (chosen["id"], chosen["found_by"]) == (2, "person")
    assert "问题 9" in run("violations", "export", 9).stderr


def test_an_empty_ledger_says_so_and_prints_an_empty_list(run: Run) -> None:
    assert parsed(run("violations", "list", "--json")) == []
    assert "没有符合条件的问题" in run("violations", "list").stdout


# ---------------------------------------------------------------- tasks


def portal_of(ledger: Ledger, profile: Profile | None, code: str = "5306230001") -> PortalEntry:
    with ledger.database.writing() as session:
        row = session.get(PortalRow, ledger.portal)
        assert row is not None
        row.profile, row.site_id_code = profile, code
    return PortalEntry(ledger.portal, code, "云岭县人民政府", row.url, profile=profile)


def test_tasks_are_those_of_the_packs_that_bind_the_portal(ledger: Ledger) -> None:
    packs = list(available_packs().values())
    day = first_of("2017-11")
    county = questions_for(portal_of(ledger, Profile.COUNTY_PORTAL), packs, day)
    elsewhere = questions_for(portal_of(ledger, Profile.COUNTY_PORTAL, "4401230001"), packs, day)
    national = {pack.id for pack in packs if pack.region is None}
    asking = [{question.rule.split("/")[0] for question in each} for each in (county, elsewhere)]
    assert [packs_asking - national for packs_asking in asking] == [{"zhaotong-2017"}, set()]
    assert asking[1] >= {"guideline-2017-47", "budget-law", "double-publicity"}
    assert not asking[1] & {"national-2019-19", "national-2015-15"}  # not yet in force; cited by a local plan only
    assert "national-2015-15" in asking[0]
    unknown = {question.rule for question in questions_for(portal_of(ledger, None), packs, day)}
    assert not unknown & {question.rule for question in county if "look-zt-1-1-02" in question.rule}
    assert all(word in county[0].text for word in ("看什么：", "在哪里看：", "怎样算："))


def test_a_veto_that_no_inspection_could_settle_is_asked_of_a_person(ledger: Ledger) -> None:
    packs = list(available_packs().values())
    vetoes = ["national-2019-19/home-not-updated", "national-2019-19/column-stale-14"]
    asked = questions_for(portal_of(ledger, Profile.COUNTY_PORTAL), packs, first_of("2026-11"), vetoes)
    assert [question.rule for question in asked if question.rule in vetoes] == vetoes[:1]


def test_the_tasks_of_a_month_are_made_once(database: Any) -> None:
    ledger = Ledger(database)
    portal, packs = portal_of(ledger, Profile.COUNTY_PORTAL), list(available_packs().values())
    with database.writing() as session:
        made = ensure_tasks(session, [portal], "2017-11", packs, ledger.at)
    with database.writing() as session:
        assert ensure_tasks(session, [portal], "2017-11", packs, ledger.at) == 0
        assert ensure_tasks(session, [portal], "2017-12", packs, ledger.at) == made > 0
        assert len(list_tasks(session, month="2017-11")) == made


def test_tasks_are_prepared_listed_and_done_by_commands(run: Run, ledger: Ledger, tmp_path: Path) -> None:
    portal_of(ledger, Profile.COUNTY_PORTAL)
    prepared = parsed(run("tasks", "prepare", "--month", "2017-11", "--json"))
    assert (prepared["portals"], prepared["made"] > 0) == (1, True)
    first, second, *_ = parsed(run("tasks", "list", "--month", "2017-11", "--json"))
    assert (first["state"], first["outcome"], first["violation"]) == ("todo", None, None)
    good = parsed(run("tasks", "done", first["id"], "--outcome", "ok", "--actor", "李四", "--json"))
    assert (good["state"], good["done_by"]) == ("done", "李四")
    silent = run("tasks", "done", second["id"], "--outcome", "violation")
    assert (silent.exit_code, "--note" in silent.stderr) == (2, True)
    shot = tmp_path / "截图.png"
    shot.write_bytes(b"\x89PNG made up")
    words = ("--outcome", "violation", "--note", "没有召开过发布会", "--file", shot, "--actor", "李四", "--json")
    bad = parsed(run("tasks", "done", second["id"], *words))
    shown = parsed(run("violations", "show", bad["violation"], "--json"))
    assert (shown["found_by"], shown["rule"], shown["state"]) == ("person", second["rule"], "open")
    assert [piece["name"] for piece in shown["evidence"]] == ["截图.png"]
    again = run("tasks", "done", second["id"], "--outcome", "ok", "--actor", "王五")
    assert (again.exit_code, "李四" in again.stderr) == (2, True)
    assert len(parsed(run("tasks", "list", "--todo", "--json"))) == prepared["made"] - 2
    with ledger.database.reading() as session:
        assert ticked_rules(session, ledger.portal, "2017-11") == [first["rule"]]
