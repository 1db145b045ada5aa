"""What counts as agreeing: nothing missed, nothing unplanted, every trap quiet."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gkmonitor.demo.agreement import compare
from gkmonitor.demo.plan import OK_ONLY, UNDECIDED_ONLY, Planted, PortalPlan, Trap
from gkmonitor.records import Basis, Outcome, Profile, Reason, Severity, Subject, Verdict

STALE = Planted("column-stale", "通知公告", Severity.DEDUCTION, "旧")
PLAN = PortalPlan("x", "青禾县人民政府", "青禾县", Profile.COUNTY_PORTAL, "plain", "自建", "9901210001", (), (STALE,))


def verdict(
    check: str = "column-stale",
    column: str | None = "通知公告",
    outcome: Outcome = Outcome.VIOLATION,
    severity: Severity = Severity.DEDUCTION,
    reason: Reason | None = None,
    members: tuple[Subject, ...] | None = None,
) -> Verdict:
    basis = Basis("文件", "第一条", "原文")
    subject = Subject(column=column)
    return Verdict(f"pack/{check}", check, outcome, severity, basis, "说明", subject, members=members, reason=reason)


def test_what_was_planted_and_found_agrees() -> None:
    assert compare(PLAN, [verdict(), verdict(column="本地要闻", outcome=Outcome.OK)]).is_agreed


def test_a_planted_fault_that_is_not_found_differs() -> None:
    agreement = compare(PLAN, [verdict(outcome=Outcome.OK)])
    assert agreement.missed == (STALE,)
    assert not agreement.is_agreed


def test_a_fault_of_another_weight_is_both_missed_and_unplanted() -> None:
    agreement = compare(PLAN, [verdict(severity=Severity.VETO)])
    assert agreement.missed == (STALE,)
    assert len(agreement.unplanted) == 1


def test_the_same_fault_accused_twice_by_one_rule_is_once_too_often() -> None:
    agreement = compare(PLAN, [verdict(), verdict()])
    assert len(agreement.found) == len(agreement.unplanted) == 1


def test_two_rules_may_accuse_the_same_fault() -> None:
    assert compare(PLAN, [verdict(), replace(verdict(), rule="local/column-stale")]).is_agreed


def test_advice_is_no_accusation() -> None:
    assert compare(PLAN, [verdict(), verdict("column-missing", None, severity=Severity.ADVICE)]).is_agreed


def test_a_veto_count_must_take_the_planted_number_together() -> None:
    planted = Planted("blank-count", None, Severity.VETO, "五个", members=5)
    plan = replace(PLAN, planted=(planted,))
    veto = Severity.VETO
    assert compare(plan, [verdict("blank-count", None, severity=veto, members=(Subject(),) * 5)]).is_agreed
    assert not compare(plan, [verdict("blank-count", None, severity=veto, members=(Subject(),) * 6)]).is_agreed


def test_what_was_measured_must_agree_where_the_plan_says_how_much() -> None:
    plan = replace(PLAN, planted=(replace(STALE, measured="1 条超期"),))
    assert compare(plan, [replace(verdict(), measured="1 条超期，最长 9 个工作日")]).is_agreed
    assert not compare(plan, [replace(verdict(), measured="2 条超期，最长 9 个工作日")]).is_agreed
    assert not compare(plan, [verdict()]).is_agreed


def test_a_fault_of_a_local_plan_must_be_found_by_it() -> None:
    plan = replace(PLAN, planted=(replace(STALE, pack="local"),))
    assert compare(plan, [replace(verdict(), rule="local/stale")]).is_agreed
    agreement = compare(plan, [verdict()])
    assert agreement.missed
    assert agreement.unplanted


def test_a_trap_of_one_pack_leaves_the_others_alone() -> None:
    planted = replace(STALE, pack="local")
    plan = replace(PLAN, planted=(planted,), traps=(Trap("milder", "通知公告", "国家规则宽", pack="pack"),))
    late = replace(verdict(), rule="local/stale")
    assert compare(plan, [late, verdict(outcome=Outcome.OK)]).is_agreed
    assert not compare(plan, [late, verdict(severity=Severity.ADVICE)]).is_agreed
    assert not compare(plan, [late]).is_agreed


def test_an_entry_may_be_what_a_fault_is_about() -> None:
    plan = replace(PLAN, planted=(replace(STALE, subject="某草案"),))
    about = Subject(column="征集调查", path=("互动交流", "征集调查", "某草案"))
    assert compare(plan, [replace(verdict(), subject=about)]).is_agreed


def test_a_trap_that_is_accused_differs_even_by_advice() -> None:
    plan = replace(PLAN, planted=(), traps=(Trap("pinned", "通知公告", "置顶"),))
    assert not compare(plan, [verdict(severity=Severity.ADVICE)]).is_agreed
    assert compare(plan, [verdict(outcome=Outcome.OK)]).is_agreed


def test_a_trap_that_nothing_was_said_about_differs_when_words_are_due() -> None:
    plan = replace(PLAN, planted=(), traps=(Trap("mega", "通知公告", "下拉菜单", outcomes=OK_ONLY),))
    agreement = compare(plan, [])
    assert agreement.traps[0].is_silent
    assert not agreement.is_agreed


@pytest.mark.parametrize(("reason", "agreed"), [(Reason.ROBOTS, True), (Reason.UNREACHABLE, False)])
def test_a_trap_may_ask_for_the_reason(reason: Reason, agreed: bool) -> None:
    trap = Trap("robots", "通知公告", "不许访问", outcomes=UNDECIDED_ONLY, reasons=frozenset({"robots"}))
    plan = replace(PLAN, planted=(), traps=(trap,))
    assert compare(plan, [verdict(outcome=Outcome.UNDECIDED, reason=reason)]).is_agreed is agreed


@pytest.mark.parametrize(
    ("outcome", "reason", "agreed"),
    [
        (Outcome.UNDECIDED, Reason.BLOCKED, True),
        (Outcome.UNDECIDED, Reason.NOT_OBSERVED, True),
        (Outcome.NOT_APPLICABLE, None, True),
        (Outcome.OK, None, False),
        (Outcome.UNDECIDED, Reason.UNREACHABLE, False),
    ],
)
def test_of_a_walled_portal_nothing_may_be_claimed(outcome: Outcome, reason: Reason | None, agreed: bool) -> None:
    plan = replace(PLAN, planted=(), all_undecided=Reason.BLOCKED)
    assert compare(plan, [verdict(outcome=outcome, reason=reason)]).is_agreed is agreed
