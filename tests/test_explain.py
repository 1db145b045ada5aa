"""The decision trail of one rule: what was looked at, what was set aside and why, the threshold, the answer."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from event_cases import DOCUMENT, EXPLANATION, row
from facts_builder import AS_OF, BASE, ago, column, home, item, portal, unread
from typer.testing import CliRunner

from gkmonitor.cli.explain import print_explanation
from gkmonitor.cli.main import app
from gkmonitor.errors import UsageError
from gkmonitor.explaining import explain, find_rule
from gkmonitor.facts import write_facts
from gkmonitor.records import Consultation, Details, GuideFacts, Letter, Match, Outcome, PortalFacts, Reason
from gkmonitor.reports.explanation_json import explanation_object

NEWS = "national-2019-19/news-column-stale"


def sample() -> PortalFacts:
    return portal(
        column("工作动态", "news", [item(ago(15))]),
        column("动态信息", "news", [item(ago(15))], match=Match.UNSURE),
        unread("部门动态", "news", Reason.BLOCKED),
        column("通知公告", "notices", [item(ago(1))]),
        column("人防工程", None, [item(ago(1))]),
        column("工作动态", "news", [item(ago(15))], under=["新闻中心"], url=BASE + "工作动态/"),
    )


def trail(rule: str, facts: PortalFacts):
    return explain(facts, *find_rule(rule), AS_OF)


def test_columns_are_told_with_the_reason_for_looking_or_not() -> None:
    why = {one.column.path: one.because for one in trail(NEWS, sample()).columns}
    assert "确切" in why[("工作动态",)]
    assert "不能确认" in why[("动态信息",)]
    assert "防护" in why[("部门动态",)]
    assert "不是本条所指" in why[("通知公告",)]
    assert "不表示任何已知的栏目用途" in why[("人防工程",)]
    assert "同一地址" in why[("新闻中心", "工作动态")]


def test_columns_that_were_looked_at_come_first() -> None:
    used = [one.is_used for one in trail(NEWS, sample()).columns]
    assert used == [True, True, True, False, False, False]


def test_threshold_names_the_day_that_it_comes_to() -> None:
    limit, early = trail(NEWS, sample()).thresholds
    assert (limit.name, limit.means) == ("max_age", "自 2026-11-08 起（含）")
    assert (early.name, early.means) == ("early_age", "自 2026-11-12 起（含），更早的即提醒")


def test_working_day_limit_is_shown_as_a_day() -> None:
    found = explain(sample(), *find_rule("double-publicity/permits-late"), AS_OF)
    assert any("7 个工作日" in one.means and "2026-12-01" in one.means for one in found.thresholds)


def test_answers_are_those_of_the_check_itself() -> None:
    outcomes = [verdict.outcome for verdict in trail(NEWS, sample()).verdicts]
    assert outcomes == [Outcome.VIOLATION, Outcome.UNDECIDED, Outcome.UNDECIDED]


def test_rule_that_did_not_accuse_is_explained_too() -> None:
    found = trail("national-2019-19/notices-column-stale", sample())
    assert [verdict.outcome for verdict in found.verdicts] == [Outcome.OK]


def test_count_shows_the_answers_that_it_counts() -> None:
    found = trail("national-2019-19/news-stale-count", sample())
    assert {verdict.rule for verdict in found.counted} == {NEWS, "national-2019-19/notices-column-stale"}
    assert len(found.verdicts) == 1


def test_rule_for_other_profiles_says_whom_it_binds() -> None:
    found = trail("regulation-2019/annual-report-department", sample())
    assert any(step.holds is False and "部门网站" in step.because for step in found.steps)
    assert found.verdicts[0].outcome is Outcome.NOT_APPLICABLE


# ---------------------------------------------------------------- the single facts that were weighed


def weighed(rule: str, facts: PortalFacts) -> dict[str, str]:
    return {one.what: one.because for one in trail(rule, facts).weighed}


def test_every_wording_that_was_tried_is_told_with_what_bears_it() -> None:
    rule = "longjiang-2017/law-enforcement-2-3-03"
    told = weighed(rule, portal(column("执法公示", "news", [item()]), column("要闻", "news", [item(ago(2), "春耕")])))
    assert told["名称“行政执法公示”"] == "栏目和信息的名称中都没有"
    assert told["名称“执法公示”"] == "栏目“执法公示”"
    in_title = weighed(rule, portal(column("要闻", "news", [item("2026-11-20", "青禾县推行行政执法公示")])))
    assert in_title["名称“行政执法公示”"] == "“要闻”的“青禾县推行行政执法公示”（2026-11-20）"


def test_columns_looked_through_by_name_are_not_called_set_aside() -> None:
    found = trail("longjiang-2017/law-enforcement-2-3-03", sample())
    assert [one.column.path for one in found.columns if not one.is_used] == [("新闻中心", "工作动态")]  # met twice
    assert any(one.because.startswith("按名称查找") for one in found.columns)


def test_each_row_tells_its_days_and_why_it_was_or_was_not_judged() -> None:
    rows = (
        row("permit", date(2026, 11, 2), date(2026, 11, 11), "甲许1号"),
        row("permit", date(2026, 11, 2), date(2026, 11, 12), "乙许2号"),
        row("permit", None, date(2026, 11, 12), "丙许3号"),
        row("permit", date(2026, 11, 2), date(2026, 11, 20), "丁许4号（更正）"),
        row("permit", date(2024, 1, 2), date(2026, 11, 20), "戊许5号"),
        row("penalty", date(2026, 11, 2), date(2026, 11, 20), "己罚6号"),
    )
    told = weighed("double-publicity/permits-late", portal(column("行政许可", "permits", details=Details(rows=rows))))
    assert [because.split("，")[0] for because in told.values()] == [
        "未超过 7个工作日",
        "用了 8 个工作日",
        "没有同时标明两个日期",
        "是更正、变更或重新公示",
        "早于所看的1年",
    ]
    assert "“乙许2号”2026-11-02 → 2026-11-12" in told


def test_each_letter_tells_why_it_counts_or_does_not() -> None:
    letters = (
        Letter("咨询落户", BASE + "1", date(2026, 8, 22), None, False),
        Letter("咨询医保", BASE + "2", date(2026, 8, 21), None, False),
        Letter("信访事项", BASE + "3", date(2026, 3, 1), None, False),
        Letter("旧事", BASE + "4", date(2025, 3, 1), None, False),
    )
    facts = portal(column("县长信箱", "consultation", [item()], details=Details(letters=letters)))
    because = list(weighed("national-2019-19/letters-unanswered", facts).values())
    assert because == [
        "未超过 3个月",
        "已用 93 天，超过 3个月",
        "属于本条除外的事项，不计",
        "早于所看的期间，不计",
    ]


def test_pairs_drafts_guides_and_yearly_papers_are_told_one_by_one() -> None:
    pairs = portal(
        column("政策文件", "policy-documents", [item("2026-11-02", DOCUMENT)]),
        column("政策解读", "policy-interpretation", [item("2026-11-04", EXPLANATION)]),
    )
    assert list(weighed("zhaotong-2017/policy-documents-6-2-16", pairs).values()) == ["未超过 3个工作日"]
    draft = Consultation("供水价格方案", BASE + "d", date(2026, 9, 1), date(2026, 9, 1), date(2026, 9, 10))
    drafts = portal(column("意见征集", "survey", [item()], details=Details(consultations=(draft,))))
    told = weighed("decision-procedure-2019/opinions-window", drafts)
    assert list(told) == ["“供水价格方案”2026-09-01 至 2026-09-10"]
    assert "没有自称" in next(iter(told.values()))
    guide = GuideFacts("取水许可", BASE + "g", ("事项名称", "设定依据"))
    services = portal(column("办事服务", "services", [item()], details=Details(guides=(guide,))))
    assert weighed("national-2019-19/guides-incomplete", services)["指南“取水许可”"].startswith("缺少 6 类：申请条件")
    reports = portal(
        column("年报", "annual-report", [item("2026-01-20", "青禾县教育局2025年政府信息公开工作年度报告")])
    )
    assert "像是其他单位的" in next(iter(weighed("regulation-2019/annual-report-government", reports).values()))


def test_home_page_tells_its_newest_entries_and_that_later_ones_do_not_count() -> None:
    facts = portal(home=home(item(ago(-3), "明天的事"), item(ago(40), "旧事"), item(None, "没有日期")))
    told = weighed("national-2019-19/home-not-updated", facts)
    assert next(iter(told.values())) == "晚于评判日，不计"
    assert list(told.values())[-1] == "没有印出日期"


def test_unknown_rule_names_the_near_miss() -> None:
    with pytest.raises(UsageError, match="national-2019-19/home-not-updated"):
        find_rule("national-2019-19/home-not-update")


def test_slug_alone_is_answered_with_its_full_name() -> None:
    with pytest.raises(UsageError, match="budget-law/budget-season"):
        find_rule("budget-season")


def test_every_rule_can_be_explained() -> None:
    from gkmonitor.rules import available_packs

    facts = sample()
    for pack in available_packs().values():
        for rule in pack.rules:
            found = explain(facts, pack, rule, AS_OF)
            assert found.verdicts
            assert not any(verdict.reason is Reason.CRASHED for verdict in found.verdicts), rule.id


# ---------------------------------------------------------------- command line


@pytest.fixture
def facts_file(tmp_path: Path) -> Path:
    path = tmp_path / "facts.json"
    write_facts(sample(), path)
    return path


def run(*words: str):
    return CliRunner().invoke(app, ["explain", *words])


def test_json_holds_the_whole_trail(facts_file: Path) -> None:
    done = run("--facts", str(facts_file), "--rule", NEWS, "--as-of", "2026-11-22", "--json")
    assert done.exit_code == 0
    told = json.loads(done.stdout)
    assert told["schema"] == "gkmonitor.explain/1"
    assert told["rule"]["id"] == NEWS
    assert [one["verdict"] for one in told["verdicts"]] == ["violation", "undecided", "undecided"]
    assert len(told["columns"]) == 6
    assert told["thresholds"][0]["means"] == "自 2026-11-08 起（含）"


def test_text_goes_from_conditions_to_the_answer(facts_file: Path) -> None:
    done = run("--facts", str(facts_file), "--site", BASE, "--rule", NEWS, "--as-of", "2026-11-22")
    assert done.exit_code == 0
    places = [done.stdout.index(words) for words in ("一、前提", "二、期限和参数", "三、看了哪些栏目", "四、结论")]
    assert places == sorted(places)
    assert "距 2026-11-22 已 15 天" in done.stdout


def test_unknown_rule_ends_with_two_and_one_line(facts_file: Path) -> None:
    done = run("--facts", str(facts_file), "--rule", "national-2019-19/home-not-update")
    assert done.exit_code == 2
    assert done.stdout == ""
    assert "national-2019-19/home-not-updated" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_neither_site_nor_facts_ends_with_two() -> None:
    assert run("--rule", NEWS).exit_code == 2


def test_portal_that_was_away_is_explained_and_ends_with_three(tmp_path: Path) -> None:
    facts = sample()
    away = replace(facts, home=replace(facts.home, state=Reason.UNREACHABLE, detail="连接超时"), columns=())
    write_facts(away, tmp_path / "away.json")
    done = run("--facts", str(tmp_path / "away.json"), "--rule", NEWS, "--json")
    assert done.exit_code == 3
    assert json.loads(done.stdout)["verdicts"][0]["reason"] == "unreachable"


def test_object_and_text_come_from_the_same_trail() -> None:
    from io import StringIO

    from rich.console import Console

    found = trail(NEWS, sample())
    out = StringIO()
    print_explanation(found, Console(file=out, width=200))
    for verdict in explanation_object(found)["verdicts"]:
        assert verdict["message"][:20] in out.getvalue()
