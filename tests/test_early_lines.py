"""The lines before the legal ones: they warn, beside the answer that the limit is kept, and never accuse."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import pytest
from facts_builder import AS_OF, ago, column, home, item, items, judge, pack_of, portal, unread

from gkmonitor.dates import Period
from gkmonitor.judging import Judge
from gkmonitor.records import Details, Letter, Outcome, PortalFacts, Reason, Severity, Verdict
from gkmonitor.rules import Rule, RulePack, available_packs
from gkmonitor.scoring import passes_vetoes, summary

OK, VIOLATION = Outcome.OK, Outcome.VIOLATION
ADVICE, DEDUCTION, VETO = Severity.ADVICE, Severity.DEDUCTION, Severity.VETO
IN_DAYS = ("column-stale", "home-not-updated", "due-date-missed")
RULES = [rule for pack in available_packs().values() for rule in pack.rules]


def told(verdicts: Iterable[Verdict]) -> list[tuple[Outcome, Severity | None]]:
    return [(v.outcome, v.severity if v.outcome is VIOLATION else None) for v in verdicts]


WARNED = [(OK, None), (VIOLATION, ADVICE)]


# ---------------------------------------------------------------- the packs


def has_legal_limit(rule: Rule) -> bool:
    limits = {"column-stale": "max_age", "home-not-updated": "max_age", "reply-overdue": "limit_age"}
    counted = rule.check == "due-date-missed" or limits.get(rule.check, "") in rule.params
    return counted and rule.severity is not ADVICE


@pytest.mark.parametrize("rule", [rule for rule in RULES if has_legal_limit(rule)], ids=lambda rule: rule.id)
def test_every_rule_with_a_legal_limit_warns_before_it(rule: Rule) -> None:
    early = rule.params.get("early_age") or rule.params.get("cadence_age")
    limit = rule.params.get("max_age") or rule.params.get("limit_age")
    assert isinstance(early, Period)
    assert limit is None or limit.before(AS_OF) < early.before(AS_OF)


# ---------------------------------------------------------------- boundaries

LIST = pack_of("column-stale", rest="concepts: [news]\nparams: {max_age: P14D, early_age: P10D}")
HOME = pack_of("home-not-updated", severity="veto", rest="params: {max_age: P14D, early_age: P10D}")


@pytest.mark.parametrize(
    ("days", "answers"),
    [(10, [(OK, None)]), (11, WARNED), (14, WARNED), (15, [(VIOLATION, DEDUCTION)])],
)
def test_list_near_its_limit_is_in_time_and_warns(days: int, answers: list[object]) -> None:
    assert told(judge(LIST, portal(column("要闻", "news", items(ago(days)))))) == answers


@pytest.mark.parametrize(
    ("days", "answers"),
    [(10, [(OK, None)]), (11, WARNED), (14, WARNED), (15, [(VIOLATION, VETO)])],
)
def test_home_page_near_its_limit_is_in_time_and_warns(days: int, answers: list[object]) -> None:
    assert told(judge(HOME, portal(home=home(item(ago(days)))))) == answers


def test_undated_entry_that_may_be_newer_leaves_the_warning_out() -> None:
    assert told(judge(HOME, portal(home=home(item(ago(12)), item(None))))) == [(OK, None)]
    assert told(judge(LIST, portal(column("要闻", "news", items(None, ago(12)))))) == [(OK, None)]


@pytest.mark.parametrize(
    ("published", "answers"),
    [
        ("2026-10-22", [(OK, None)]),
        ("2026-10-21", WARNED),
        ("2026-09-22", WARNED),
        ("2026-09-21", [(VIOLATION, DEDUCTION)]),
    ],
)
def test_months_of_the_early_line_are_calendar_months(published: str, answers: list[object]) -> None:
    rule = pack_of("column-stale", rest="concepts: [news]\nparams: {names: [水质月报], max_age: P2M, early_age: P1M}")
    assert told(judge(rule, portal(column("水质月报", "news", items(published))))) == answers


@pytest.mark.parametrize(
    ("days", "answers"),
    [(31, [(OK, None)]), (32, [(VIOLATION, ADVICE)]), (61, [(VIOLATION, ADVICE)]), (62, [(VIOLATION, DEDUCTION)])],
)
def test_cadence_that_has_passed_warns_until_a_fault_is_sure(days: int, answers: list[object]) -> None:
    rule = pack_of("column-stale", rest="concepts: [news]\nparams: {max_age: P2M, cadence_age: P1M}")
    assert told(judge(rule, portal(column("要闻", "news", items(ago(days)))))) == answers


# ---------------------------------------------------------------- letters

LETTERS = pack_of(
    "reply-overdue",
    severity="veto",
    rest="concepts: [consultation]\nparams: {limit_age: P3M, early_age: P2M, lookback_age: P1Y}",
)


def mailbox(submitted: str, **details: Any) -> PortalFacts:
    letter = Letter("咨询落户手续", "http://www.qinghe.gov.cn/l/1.html", date.fromisoformat(submitted), None, False)
    return portal(column("县长信箱", "consultation", [item()], details=Details(letters=(letter,)), **details))


@pytest.mark.parametrize(
    ("submitted", "answers"),
    [
        ("2026-09-22", [(OK, None)]),
        ("2026-09-21", [(VIOLATION, ADVICE), (OK, None)]),
        ("2026-08-22", [(VIOLATION, ADVICE), (OK, None)]),
        ("2026-08-21", [(VIOLATION, VETO)]),
    ],
)
def test_letter_waiting_for_two_months_warns_before_three(submitted: str, answers: list[object]) -> None:
    assert told(judge(LETTERS, mailbox(submitted))) == answers


def test_waiting_letter_warns_also_where_the_mailbox_was_read_in_part() -> None:
    found = judge(LETTERS, mailbox("2026-09-01", is_complete=False))
    assert told(found) == [(VIOLATION, ADVICE), (Outcome.UNDECIDED, None)]
    assert found[1].reason is Reason.NOT_OBSERVED


# ---------------------------------------------------------------- days of the year, days that come once

YEARLY = pack_of(
    "due-date-missed",
    rest='concepts: [annual-report]\nparams: {due: "01-31", early_age: P15D, year_offset: -1, title_any: [年度报告]}',
)
NOT_YET = (Outcome.NOT_APPLICABLE, None)
LAST_YEARS = column("年报", "annual-report", [item("2025-01-10", "2024年政府信息公开工作年度报告")])


@pytest.mark.parametrize(
    ("day", "answers"),
    [
        ("2026-01-15", [NOT_YET]),
        ("2026-01-16", [NOT_YET, (VIOLATION, ADVICE)]),
        ("2026-01-31", [NOT_YET, (VIOLATION, ADVICE)]),
        ("2026-02-01", [(VIOLATION, DEDUCTION)]),
    ],
)
def test_missing_report_warns_from_fifteen_days_before_its_day(day: str, answers: list[object]) -> None:
    assert told(judge(YEARLY, portal(LAST_YEARS), date.fromisoformat(day))) == answers


def test_report_that_is_out_or_may_be_unseen_warns_nobody() -> None:
    day = date(2026, 1, 20)
    out = column("年报", "annual-report", [item("2026-01-18", "2025年政府信息公开工作年度报告"), *LAST_YEARS.items])
    assert told(judge(YEARLY, portal(out), day)) == [(OK, None)]
    assert told(judge(YEARLY, portal(unread("年报", "annual-report", Reason.BLOCKED)), day)) == [NOT_YET]


@pytest.mark.parametrize(("day", "warns"), [("2016-06-19", False), ("2016-06-20", True), ("2016-06-30", True)])
def test_paper_that_is_due_once_warns_ten_days_before(day: str, warns: bool) -> None:
    rule = pack_of(
        "due-date-missed",
        rest="concepts: [double-publicity]\nparams: {names: [双公示目录], due_on: 2016-06-30, early_age: P10D}",
    )
    found = judge(
        rule, portal(column("双公示", "double-publicity", [item("2016-05-01", "工作信息")])), date.fromisoformat(day)
    )
    assert told(found) == [NOT_YET, *[(VIOLATION, ADVICE)] * warns]


# ---------------------------------------------------------------- what a warning never is


def national(slug: str) -> RulePack:
    return available_packs()[slug]


def test_warning_is_advice_in_the_count_and_fails_no_veto() -> None:
    facts = portal(column("要闻", "news", items(ago(12))), home=home(item(ago(12))))
    verdicts = Judge([national("national-2019-19")], AS_OF).judge(facts)
    warned = [v for v in verdicts if v.outcome is VIOLATION]
    assert {v.rule for v in warned} >= {"national-2019-19/home-not-updated", "national-2019-19/news-column-stale"}
    assert all(v.severity is ADVICE and v.points is None for v in warned)
    counts = summary(verdicts)
    assert (counts["violation"], counts["qualified"]) == (0, None)
    assert passes_vetoes(verdicts) is not False


def test_five_warned_columns_are_no_five_stale_ones() -> None:
    names = ("动态要闻", "政务要闻", "工作动态", "部门动态", "乡镇动态", "今日要闻")
    facts = portal(*(column(name, "news", items(ago(12))) for name in names))
    verdicts = Judge([national("national-2019-19")], AS_OF).judge(facts)
    count = next(v for v in verdicts if v.rule == "national-2019-19/news-stale-count")
    assert (count.outcome, count.members) == (OK, ())
