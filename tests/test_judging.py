from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from facts_builder import AS_OF, ago, answer, column, home, item, items, judge, only, pack_of, portal, unread
from machine import cpu_slowness

from gkmonitor import checking
from gkmonitor.checking import Check, Undecided, register
from gkmonitor.judging import Judge
from gkmonitor.records import (
    ColumnFacts,
    HomeFacts,
    Outcome,
    PortalFacts,
    Profile,
    Reason,
    Severity,
    Subject,
    Verdict,
)
from gkmonitor.rules import RulePack, available_packs
from gkmonitor.scoring import summary

BLANK = pack_of("column-blank")
GATED = [
    Reason.BLOCKED,
    Reason.UNREACHABLE,
    Reason.ROBOTS,
    Reason.LOGIN_REQUIRED,
    Reason.WRONG_PAGE,
    Reason.BUDGET_SPENT,
    Reason.CRASHED,
    Reason.NOT_OBSERVED,
]


@pytest.fixture
def all_packs() -> list[RulePack]:
    return list(available_packs().values())


@pytest.fixture
def trial_check(monkeypatch: pytest.MonkeyPatch) -> type[Check]:
    """A check that answers by the column's name."""
    monkeypatch.setattr(checking, "_CHECKS", dict(checking.registered_checks()))

    @register
    class Trial(Check):
        """Answers as the column's name says."""

        code = "trial-check"

        def judge(self, column: ColumnFacts) -> Iterator[Verdict]:
            if column.name == "坏":
                raise RuntimeError("boom")
            if column.name == "难":
                raise Undecided("undated", "没有日期")
            yield self.violation(column, "有错", quote=column.name)

    return Trial


@pytest.mark.parametrize("reason", GATED)
def test_home_page_that_was_not_read_leaves_every_rule_undecided(reason: Reason, all_packs: list[RulePack]) -> None:
    facts = portal(column("要闻", "news", []), home=HomeFacts(reason, None))
    verdicts = Judge(all_packs, AS_OF).judge(facts)
    assert {v.rule for v in verdicts} == {rule.id for pack in all_packs for rule in pack.rules}
    assert {v.outcome for v in verdicts} == {Outcome.UNDECIDED}
    assert {v.reason for v in verdicts if v.check != "site-unreachable"} == {reason}


@pytest.mark.parametrize("profile", [*Profile, None])
def test_every_rule_answers_at_least_once_for_every_profile(profile: Profile | None, all_packs: list[RulePack]) -> None:
    verdicts = Judge(all_packs, AS_OF).judge(portal(column("要闻", "news", [item()]), profile=profile))
    assert {v.rule for v in verdicts} == {rule.id for pack in all_packs for rule in pack.rules}


def test_portal_of_which_nothing_was_seen_is_accused_of_nothing(all_packs: list[RulePack]) -> None:
    empty = portal(home=home())
    hidden = portal(*(unread(f"栏目{r}", "budget", r) for r in Reason if r is not Reason.CRASHED))
    for facts in (empty, hidden):
        verdicts = Judge(all_packs, AS_OF).judge(facts)
        accusing = [v for v in verdicts if v.outcome is Outcome.VIOLATION and v.check != "label-missing"]
        assert accusing == []


@pytest.mark.parametrize(
    ("profile", "outcome"),
    [
        (Profile.DEPARTMENT, Outcome.VIOLATION),
        (Profile.TOWNSHIP_PAGE, Outcome.NOT_APPLICABLE),
        (Profile.ENTERPRISE, Outcome.NOT_APPLICABLE),
        (None, Outcome.UNDECIDED),
    ],
)
def test_rule_binds_its_profiles_only(profile: Profile | None, outcome: Outcome) -> None:
    rule = pack_of("column-blank", rest="profiles: [department]")
    assert answer(rule, portal(column("要闻", "news", []), profile=profile)).outcome is outcome


def test_rule_with_an_exception_binds_an_unknown_profile() -> None:
    rule = pack_of("column-blank", rest="not_profiles: [enterprise]")
    facts = portal(column("要闻", "news", []), profile=None)
    assert answer(rule, facts).outcome is Outcome.VIOLATION
    assert answer(rule, replace(facts, site=replace(facts.site, profile=Profile.ENTERPRISE))).outcome is (
        Outcome.NOT_APPLICABLE
    )


@pytest.mark.parametrize(
    ("as_of", "outcome"),
    [
        ("2019-05-14", Outcome.NOT_APPLICABLE),
        ("2019-05-15", Outcome.VIOLATION),
        ("2020-02-29", Outcome.VIOLATION),
        ("2020-03-01", Outcome.NOT_APPLICABLE),
    ],
)
def test_rule_holds_from_its_first_day_to_its_last(as_of: str, outcome: Outcome) -> None:
    rule = pack_of("column-blank", rest='valid_from: "2019-05-15"\nvalid_to: "2020-02-29"')
    assert answer(rule, portal(column("要闻", "news", [])), date.fromisoformat(as_of)).outcome is outcome


def test_crash_of_a_check_is_undecided_for_that_column_and_the_run_goes_on(
    trial_check: type[Check], caplog: pytest.LogCaptureFixture
) -> None:
    facts = portal(column("坏", None, [item()]), column("难", None, [item()]), column("好", None, [item()]))
    with caplog.at_level(logging.CRITICAL):
        verdicts = judge(pack_of("trial-check"), facts)
    assert [(v.subject.column, v.outcome, v.reason) for v in verdicts] == [
        ("坏", Outcome.UNDECIDED, Reason.CRASHED),
        ("难", Outcome.UNDECIDED, Reason.UNDATED),
        ("好", Outcome.VIOLATION, None),
    ]
    assert "boom" not in verdicts[0].message


def test_two_checks_cannot_share_a_code(trial_check: type[Check]) -> None:
    with pytest.raises(ValueError, match="trial-check"):

        @register
        class Other(Check):
            """Another."""

            code = "trial-check"


def test_undecided_refuses_a_reason_outside_the_closed_list() -> None:
    with pytest.raises(ValueError):
        Undecided("because")


def test_judging_is_pure(all_packs: list[RulePack]) -> None:
    facts = portal(column("要闻", "news", [item(ago(20))]), column("预算", "budget", []))
    judge_once = Judge(all_packs, AS_OF)
    assert judge_once.judge(facts) == judge_once.judge(facts) == Judge(all_packs, AS_OF).judge(facts)


def test_verdict_quotes_the_rules_ground() -> None:
    verdict = answer(BLANK, portal(column("要闻", "news", [])))
    assert (verdict.basis.document, verdict.basis.clause, verdict.basis.words) == ("试用办法", "第一条", "试用")


def test_violation_carries_points_and_an_ok_does_not() -> None:
    rule = pack_of("column-blank", rest="points: 0.5")
    assert answer(rule, portal(column("要闻", "news", []))).points == 0.5
    assert answer(rule, portal(column("要闻", "news", [item()]))).points is None


def test_same_facts_give_each_jurisdiction_its_own_answer() -> None:
    strict = pack_of("column-stale", rest="concepts: [permits]\nparams: {max_age: P5D}")
    mild = pack_of("column-stale", rest="concepts: [permits]\nparams: {max_age: P7D}")
    facts = portal(column("行政许可", "permits", [item(ago(6))]))
    assert (answer(strict, facts).outcome, answer(mild, facts).outcome) == (Outcome.VIOLATION, Outcome.OK)


# ---------------------------------------------------------------- summary


def verdict(outcome: Outcome, severity: Severity = Severity.DEDUCTION) -> Verdict:
    template = only(judge(BLANK, portal(column("要闻", "news", []))))
    return replace(template, outcome=outcome, severity=severity, subject=Subject())


def test_summary_counts_advice_apart_and_never_says_qualified() -> None:
    counts = summary(
        [
            verdict(Outcome.OK),
            verdict(Outcome.VIOLATION),
            verdict(Outcome.VIOLATION, Severity.ADVICE),
            verdict(Outcome.EXCUSED),
            verdict(Outcome.UNDECIDED, Severity.VETO),
            verdict(Outcome.NOT_APPLICABLE),
        ]
    )
    assert counts == {
        "ok": 1,
        "violation": 1,
        "advice": 1,
        "excused": 1,
        "undecided": 1,
        "not_applicable": 1,
        "qualified": None,
    }
    assert summary([])["qualified"] is None
    assert summary([verdict(Outcome.OK, Severity.VETO)])["qualified"] is None


def test_one_veto_disqualifies() -> None:
    assert summary([verdict(Outcome.VIOLATION, Severity.VETO), verdict(Outcome.OK)])["qualified"] is False


# ---------------------------------------------------------------- speed


def large_portal() -> PortalFacts:
    concepts = ["news", "notices", "policy-documents", "budget", "permits", "plans", "education", None]
    columns = [
        column(f"栏目{n}", concepts[n % len(concepts)], items(*(ago(n + k) for k in range(40))), under=["政务公开"])
        for n in range(120)
    ]
    return portal(*columns, home=home(*items(*(ago(k) for k in range(80)))))


def test_all_rules_judge_a_large_portal_within_fifty_milliseconds(all_packs: list[RulePack]) -> None:
    judging, facts = Judge(all_packs, AS_OF), large_portal()
    judging.judge(facts)
    best = min(_seconds(judging, facts) for _ in range(25))
    assert best <= 0.05 * cpu_slowness()


def _seconds(judging: Judge, facts: PortalFacts) -> float:
    start = time.process_time()
    judging.judge(facts)
    return time.process_time() - start


def test_column_of_several_ways_is_named_by_the_way_found_first() -> None:
    deep = column("部门动态", "news", [], under=["新闻中心"], url="http://www.qinghe.gov.cn/bmdt/")
    block = column("部门动态", "news", [], url="http://qinghe.gov.cn/bmdt/index.html")
    assert only(judge(BLANK, portal(deep, block))).subject.path == ("新闻中心", "部门动态")
