"""Vetoes and points: inclusive lines, capped deductions, and nothing said while undecided rules could change it."""

from __future__ import annotations

import pytest

from gkmonitor.errors import PointsError
from gkmonitor.pointstable import parse_points
from gkmonitor.records import Basis, Outcome, Profile, Reason, Severity, Verdict
from gkmonitor.rules import Rule, parse_pack
from gkmonitor.scoring import Deduction, Indicator, PointsTable, passes_vetoes, score

COUNTY = Profile.COUNTY_PORTAL
PACK = """id: p
version: "1"
title: 试用
documents: [试用办法]
rules:
  - {slug: blank, title: 空白, clause: 一, confidence: A, check: column-blank, severity: deduction}
  - {slug: hint, title: 提醒, clause: 一, confidence: A, check: column-blank, severity: advice}
  - {slug: veto, title: 否决, clause: 一, confidence: A, check: column-blank, severity: veto}
"""
RULES: dict[str, Rule] = {rule.id: rule for rule in parse_pack(PACK, "p.yaml").rules}


def verdict(rule: str, outcome: Outcome, severity: Severity = Severity.DEDUCTION) -> Verdict:
    reason = Reason.BLOCKED if outcome is Outcome.UNDECIDED else None
    return Verdict(rule, "check", outcome, severity, Basis("", "", ""), "", reason=reason)


def veto(outcome: Outcome, rule: str = "p/veto") -> Verdict:
    return verdict(rule, outcome, Severity.VETO)


def faults(count: int, rule: str = "p/blank") -> list[Verdict]:
    return [verdict(rule, Outcome.VIOLATION)] * count


def doubts(count: int, rule: str = "p/blank") -> list[Verdict]:
    return [verdict(rule, Outcome.UNDECIDED)] * count


TABLE = PointsTable(
    "试用分值表",
    (
        Indicator("栏目", 50, (Deduction("p/blank", 5),)),
        Indicator("更新", 10, (Deduction("p/stale", 4),)),
    ),
)
PASSED = [veto(Outcome.OK)]


@pytest.mark.parametrize(
    ("verdicts", "ticked", "passes"),
    [
        ([veto(Outcome.OK), veto(Outcome.EXCUSED)], (), True),
        ([veto(Outcome.OK), veto(Outcome.UNDECIDED)], (), None),
        ([veto(Outcome.OK), veto(Outcome.UNDECIDED)], ("p/veto",), True),
        ([veto(Outcome.VIOLATION), veto(Outcome.UNDECIDED)], ("p/veto",), False),
        ([veto(Outcome.NOT_APPLICABLE), veto(Outcome.OK)], (), True),
        (faults(3), (), None),
        ([], (), None),
    ],
)
def test_one_veto_fails_and_an_open_one_leaves_it_open(
    verdicts: list[Verdict], ticked: tuple[str, ...], passes: bool | None
) -> None:
    assert passes_vetoes(verdicts, ticked) is passes


@pytest.mark.parametrize(("count", "lost"), [(0, 0), (1, 4), (2, 8), (3, 10), (9, 10)])
def test_an_indicator_loses_at_most_its_own_points(count: int, lost: float) -> None:
    found = score([*PASSED, *faults(count, "p/stale")], TABLE, COUNTY)
    assert found.points == 100 - lost


@pytest.mark.parametrize(("count", "points", "qualified"), [(7, 65, True), (8, 60, True), (9, 55, False)])
def test_sixty_points_pass_and_fewer_do_not(count: int, points: float, qualified: bool) -> None:
    found = score([*PASSED, *faults(count)], TABLE, COUNTY)
    assert (found.points, found.qualified) == (points, qualified)


@pytest.mark.parametrize(("count", "earns"), [(3, True), (4, False)])
def test_more_than_eighty_points_earn_a_bonus_and_eighty_do_not(count: int, earns: bool) -> None:
    assert score([*PASSED, *faults(count)], TABLE, COUNTY).earns_bonus is earns


def test_undecided_rules_that_could_miss_the_line_leave_it_open() -> None:
    found = score([*PASSED, *faults(8), *doubts(1)], TABLE, COUNTY)
    assert (found.points, found.lowest, found.qualified) == (60, 55, None)


def test_undecided_rules_that_cannot_miss_the_line_change_nothing() -> None:
    found = score([*PASSED, *faults(1), *doubts(1)], TABLE, COUNTY)
    assert (found.lowest, found.qualified, found.earns_bonus) == (90, True, True)


def test_undecided_rules_cannot_lift_what_is_below_the_line() -> None:
    assert score([*PASSED, *faults(9), *doubts(5)], TABLE, COUNTY).qualified is False


def test_undecided_rules_of_a_spent_indicator_cost_nothing_more() -> None:
    found = score([*PASSED, *faults(3, "p/stale"), *doubts(20, "p/stale")], TABLE, COUNTY)
    assert found.lowest == found.points == 90


def test_open_veto_leaves_a_good_portal_open_but_not_a_bad_one() -> None:
    assert score([veto(Outcome.UNDECIDED)], TABLE, COUNTY).qualified is None
    assert score([veto(Outcome.UNDECIDED), *faults(9)], TABLE, COUNTY).qualified is False


def test_vetoed_portal_is_not_scored() -> None:
    found = score([veto(Outcome.VIOLATION)], TABLE, COUNTY)
    assert (found.points, found.qualified) == (None, False)


def test_advice_costs_nothing() -> None:
    assert score([*PASSED, verdict("p/blank", Outcome.VIOLATION, Severity.ADVICE)], TABLE, COUNTY).points == 100


def test_department_has_points_only_where_the_office_says_so() -> None:
    verdicts = [*PASSED, *faults(9)]
    plain = score(verdicts, TABLE, Profile.DEPARTMENT)
    assert (plain.points, plain.qualified) == (None, True)
    asked = score(verdicts, TABLE, Profile.DEPARTMENT, score_departments=True)
    assert (asked.points, asked.qualified) == (55, False)


def test_portal_of_unknown_kind_is_not_scored() -> None:
    found = score(PASSED, TABLE, None)
    assert (found.points, found.earns_bonus) == (None, None)


# ---------------------------------------------------------------- the office's table


GOOD = """title: 某市分值表
pass_line: 80
indicators:
  - name: 空白栏目
    points: 20
    deductions:
      - {rule: p/blank, points: 2.5}
"""


def test_office_fills_in_its_own_table() -> None:
    table = parse_points(GOOD, "points.yaml", RULES)
    assert table.pass_line == 80
    assert table.indicators[0].deductions == (Deduction("p/blank", 2.5),)
    assert score([*PASSED, *faults(4)], table, COUNTY).points == 90


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (GOOD.replace("p/blank", "p/blnk"), r"points.yaml:7: .*p/blank"),
        (GOOD.replace("points: 20", "points: 多"), r"points.yaml:5: .*分数"),
        (GOOD.replace("points: 20", "points: 120"), r"points.yaml:4: .*超过总分 100"),
        (GOOD.replace("indicators:", "indicator:"), r"points.yaml:3: .*indicators"),
        (GOOD.replace("p/blank", "p/hint"), r"points.yaml:7: .*只作提醒"),
        (GOOD.replace("p/blank", "p/veto"), r"points.yaml:7: .*单项否决"),
        (GOOD.replace("points: 2.5", "points: null"), r"points.yaml:7: .*分数"),
        ("title: [", r"points.yaml:\d+: YAML"),
        ("", r"points.yaml:1: .*空"),
    ],
)
def test_wrong_table_is_refused_with_line_and_advice(wrong: str, told: str) -> None:
    with pytest.raises(PointsError, match=told):
        parse_points(wrong, "points.yaml", RULES)
