"""The decision trail of one rule: what was looked at, what was set aside and why, the threshold, the answer."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from facts_builder import AS_OF, BASE, ago, column, item, portal, unread
from typer.testing import CliRunner

from gkmonitor.cli.explain import explanation_object, print_explanation
from gkmonitor.cli.main import app
from gkmonitor.errors import UsageError
from gkmonitor.explaining import explain, find_rule
from gkmonitor.facts import write_facts
from gkmonitor.records import Match, Outcome, PortalFacts, Reason

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
