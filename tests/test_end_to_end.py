"""The main job on the simulated portals: what was planted is found, traps are quiet, visits are polite."""

from __future__ import annotations

from pathlib import Path

import pytest

from gkmonitor.demo.plan import PortalPlan
from gkmonitor.demo.portals import PORTALS
from gkmonitor.demo.running import DEMO_SETTINGS, DemoResult, PortalResult, run_demo, write_reports
from gkmonitor.demo.showing import demo_object, detail_lines
from gkmonitor.records import Outcome, Reason

ANSWERING = [plan for plan in PORTALS if "refuses" not in plan.quirks]
READABLE = [plan for plan in PORTALS if plan.all_undecided is None]
MOST_SECONDS = 120  # about 20 alone on two cores; other tests run beside


@pytest.fixture(scope="module")
def result() -> DemoResult:
    return run_demo()


def of(result: DemoResult, plan: PortalPlan) -> PortalResult:
    return next(each for each in result.portals if each.plan is plan)


def key(plan: PortalPlan) -> str:
    return plan.key


@pytest.mark.parametrize("plan", PORTALS, ids=key)
def test_what_was_planted_is_found_and_nothing_else_is_accused(result: DemoResult, plan: PortalPlan) -> None:
    agreement = of(result, plan).agreement
    assert not agreement.missed, agreement.missed
    assert not agreement.unplanted, [each.message for each in agreement.unplanted]
    assert not agreement.decided, [each.message for each in agreement.decided]


@pytest.mark.parametrize("plan", PORTALS, ids=key)
def test_traps_are_not_accused(result: DemoResult, plan: PortalPlan) -> None:
    agreement = of(result, plan).agreement
    assert all(each.is_agreed for each in agreement.traps), list(detail_lines(agreement))


@pytest.mark.parametrize("plan", READABLE, ids=key)
def test_the_portal_is_recognised_by_itself(result: DemoResult, plan: PortalPlan) -> None:
    site = of(result, plan).spot.facts.site
    assert site.profile is plan.profile
    assert site.name


@pytest.mark.parametrize("plan", PORTALS, ids=key)
def test_no_rule_crashes(result: DemoResult, plan: PortalPlan) -> None:
    crashed = [each for each in of(result, plan).spot.verdicts if each.reason is Reason.CRASHED]
    assert not crashed


@pytest.mark.parametrize("plan", [each for each in PORTALS if each.all_undecided is not None], ids=key)
def test_an_unseen_portal_is_neither_right_nor_wrong(result: DemoResult, plan: PortalPlan) -> None:
    spot = of(result, plan).spot
    assert not spot.is_finished
    assert {each.outcome for each in spot.verdicts} <= {Outcome.UNDECIDED, Outcome.NOT_APPLICABLE}
    assert any(each.reason == plan.all_undecided for each in spot.verdicts)


@pytest.mark.parametrize("plan", ANSWERING, ids=key)
def test_one_connection_at_a_time(result: DemoResult, plan: PortalPlan) -> None:
    log = of(result, plan).log
    assert log is not None
    assert log.paths
    assert log.most_at_once == 1
    assert log.most_connections == 1


@pytest.mark.parametrize("plan", ANSWERING, ids=key)
def test_every_visit_says_who_comes(result: DemoResult, plan: PortalPlan) -> None:
    log = of(result, plan).log
    assert log is not None
    assert {each.user_agent.partition("/")[0] for each in log.noted} == {"gkmonitor"}


@pytest.mark.parametrize("plan", ANSWERING, ids=key)
def test_robots_txt_is_read_first_and_kept(result: DemoResult, plan: PortalPlan) -> None:
    log = of(result, plan).log
    assert log is not None
    assert log.paths[0] == "/robots.txt"
    assert not [path for path in log.paths if path.startswith(plan.disallow or ("never",))]


@pytest.mark.parametrize("plan", ANSWERING, ids=key)
def test_no_page_is_asked_for_twice(result: DemoResult, plan: PortalPlan) -> None:
    log = of(result, plan).log
    assert log is not None
    asked = [each.path.partition(";")[0] for each in log.noted if each.method == "GET" and each.status == 200]
    repeated = {path for path in asked if asked.count(path) > 1}
    blank = {column.name for column in plan.walk() if not column.entries}
    assert len(repeated) <= len(blank), repeated  # only what looks blank is asked for once more


@pytest.mark.parametrize("plan", ANSWERING, ids=key)
def test_the_page_budget_is_kept(result: DemoResult, plan: PortalPlan) -> None:
    log = of(result, plan).log
    assert log is not None
    assert len(log.paths) <= DEMO_SETTINGS["max_pages"] + 1  # robots.txt is not a page


def test_walls_are_left_alone_after_a_few_tries(result: DemoResult) -> None:
    for each in result.portals:
        if each.plan.all_undecided is Reason.BLOCKED:
            assert each.log is not None
            assert len(each.log.paths) <= 10


def test_a_calendar_without_end_is_cut_off(result: DemoResult) -> None:
    maze = next(each for each in result.portals if each.plan.family == "maze")
    assert maze.log is not None
    assert sum(path.startswith("/calendar") for path in maze.log.paths) <= 5
    assert sum(path.startswith("/tzgg/more") for path in maze.log.paths) <= 5


def test_the_credit_portal_that_others_point_to_is_not_crawled(result: DemoResult) -> None:
    yunling = next(each for each in result.portals if each.plan.key == "yunling")
    assert not any("xzcf" in page.observation.final_url for page in yunling.spot.facts.pages)


def test_the_model_portal_gets_no_advice_but_on_its_one_future_day(result: DemoResult) -> None:
    model = next(each for each in result.portals if each.plan.key == "dongli")
    assert [each.check for each in model.spot.advice] == ["future-dated"]


def test_the_whole_demonstration_is_quick(result: DemoResult) -> None:
    assert result.seconds < MOST_SECONDS


def test_no_portal_behind_a_numeric_address_is_told_that_its_domain_is_wrong(result: DemoResult) -> None:
    asked = [v for each in result.portals for v in each.spot.verdicts if v.check == "domain-nonconforming"]
    assert {verdict.outcome for verdict in asked if "域名" in verdict.message} == {Outcome.UNDECIDED}


def test_the_same_rows_are_in_time_for_the_country_and_late_for_the_county(result: DemoResult) -> None:
    local = next(each for each in result.portals if each.plan.key == "heting")
    answers = {
        verdict.rule.partition("/")[0]: (verdict.outcome, verdict.measured)
        for verdict in local.spot.verdicts
        if verdict.check == "published-late" and verdict.subject.column == "行政许可公示"
    }
    assert answers == {
        "double-publicity": (Outcome.OK, "3 条均未超期"),
        "longjiang-2017": (Outcome.VIOLATION, "2 条超期，最长 7 个工作日"),
    }


@pytest.mark.parametrize(
    "check",
    [
        *("published-late", "reply-overdue", "no-consultation-channel", "guide-incomplete", "unit-missing"),
        *("due-date-missed", "column-missing", "column-blank", "column-stale", "home-not-updated", "blank-count"),
        *("news-stale-count", "platform-block-missing", "mark-missing", "label-missing"),
    ],
)
def test_each_check_has_a_planted_fault_that_is_found(result: DemoResult, check: str) -> None:
    found = {planted.check for each in result.portals for planted, _ in each.agreement.found}
    assert check in found


def test_reports_and_index_are_written_without_scripts(result: DemoResult, tmp_path: Path) -> None:
    paths = write_reports(result, tmp_path / "reports")
    assert len(paths) == len(PORTALS) + 1
    index = paths[0].read_text(encoding="utf-8")
    for path, plan in zip(paths[1:], PORTALS, strict=True):
        assert path.name in index
        assert plan.name in index
        assert "<script" not in path.read_text(encoding="utf-8").lower()


def test_the_json_object_names_every_portal_and_agrees(result: DemoResult) -> None:
    told = demo_object(result)
    assert told["schema"] == "gkmonitor.demo/1"
    assert [each["key"] for each in told["portals"]] == [plan.key for plan in PORTALS]
    assert told["agreed"] is result.is_agreed is True
