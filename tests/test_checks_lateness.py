"""Decisions published too late: the limit, a day less, a day more, and rows that must not be accused."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from event_cases import row
from facts_builder import AS_OF, BASE, ago, answer, column, item, pack_of, portal, unread

from gkmonitor.records import (
    Details,
    Excuse,
    Match,
    Outcome,
    PortalFacts,
    Reason,
)
from gkmonitor.rules import RulePack
from gkmonitor.workdays import add_workdays, is_workday

OK, VIOLATION, UNDECIDED = Outcome.OK, Outcome.VIOLATION, Outcome.UNDECIDED


def rows_rule(days: int, day_kind: str = "working", more: str = "") -> RulePack:
    params = f"params: {{what: rows, limit_days: {days}{more}}}"
    return pack_of("published-late", rest=f"concepts: [double-publicity]\nday_kind: {day_kind}\n{params}")


def permits(*rows, **details) -> PortalFacts:
    return portal(column("行政许可公示", "permits", [item()], details=Details(rows=tuple(rows)), **details))


# ---------------------------------------------------------------- decisions and their publication


@pytest.mark.parametrize(
    ("limit", "decided", "last"),
    [
        (7, "2026-02-12", "2026-02-28"),  # across the Spring Festival; 28 February is a worked Saturday
        (20, "2026-02-12", "2026-03-18"),
        (30, "2017-05-27", "2017-07-11"),  # the Dragon Boat festival; 27 May was itself a worked Saturday
        (7, "2025-12-29", "2026-01-08"),  # across New Year; 4 January is a worked Sunday
        (7, "2026-09-28", "2026-10-13"),  # across National Day; 10 October is a worked Saturday
        (5, "2024-02-29", "2024-03-07"),  # from a leap day
        (5, "2024-02-23", "2024-03-01"),  # over a leap day
    ],
)
@pytest.mark.parametrize(("more", "outcome"), [(-1, OK), (0, OK), (1, VIOLATION)])
def test_working_days_are_counted_from_the_day_after(
    limit: int, decided: str, last: str, more: int, outcome: Outcome
) -> None:
    event, day = date.fromisoformat(decided), date.fromisoformat(last) + timedelta(days=more)
    while not is_workday(day):
        day += timedelta(days=more or 1)
    assert answer(rows_rule(limit), permits(row("permit", event, day))).outcome is outcome


def test_sunday_after_the_last_day_adds_no_working_day() -> None:
    assert answer(rows_rule(7), permits(row("permit", date(2026, 2, 12), date(2026, 3, 1)))).outcome is OK
    assert answer(rows_rule(7), permits(row("permit", date(2026, 2, 12), date(2026, 3, 2)))).outcome is VIOLATION


def test_rule_without_kinds_judges_every_row() -> None:
    rows = (row("permit", ago(90), ago(2)), row("penalty", ago(90), ago(2), "青罚〔2026〕1号"))
    assert answer(rows_rule(7), permits(*rows)).measured == "2 条超期，最长 60 个工作日"


@pytest.mark.parametrize(("lag", "outcome"), [(19, OK), (20, OK), (21, VIOLATION)])
@pytest.mark.parametrize("decided", ["2025-12-20", "2026-09-20", "2024-02-15"])
def test_natural_days_count_every_day(decided: str, lag: int, outcome: Outcome) -> None:
    event = date.fromisoformat(decided)
    facts = permits(row("permit", event, event + timedelta(days=lag)))
    assert answer(rows_rule(20, "natural"), facts).outcome is outcome


def test_same_rows_are_right_in_one_place_and_late_in_the_other() -> None:
    facts = permits(row("permit", date(2026, 11, 2), date(2026, 11, 10)))  # six working days
    assert answer(rows_rule(7), facts).outcome is OK
    assert answer(rows_rule(5), facts).outcome is VIOLATION


def test_limit_into_a_year_without_calendar_is_undecided() -> None:
    facts = permits(row("permit", date(2026, 12, 28), date(2027, 1, 20)))
    assert answer(rows_rule(7), facts, date(2027, 2, 1)).reason is Reason.CALENDAR_INCOMPLETE


def test_limit_that_no_calendar_could_miss_needs_none() -> None:
    facts = permits(row("permit", date(2026, 12, 28), date(2027, 1, 4)))
    assert answer(rows_rule(7), facts, date(2027, 2, 1)).outcome is OK


@pytest.mark.parametrize(("decided", "published"), [(None, AS_OF), (ago(40), None), (None, None)])
def test_row_without_both_days_is_undecided_not_late(decided: date | None, published: date | None) -> None:
    assert answer(rows_rule(7), permits(row("permit", decided, published))).reason is Reason.EVENT_DATE_UNKNOWN


def test_list_without_rows_is_undecided_not_in_time() -> None:
    assert answer(rows_rule(7), permits()).reason is Reason.EVENT_DATE_UNKNOWN


def test_rows_in_a_table_to_download_are_undecided() -> None:
    facts = portal(column("双公示", "permits", [item()], details=Details(attachments=(BASE + "sgs.xls",))))
    found = answer(rows_rule(7), facts)
    assert (found.reason, "附件" in found.message) == (Reason.EVENT_DATE_UNKNOWN, True)


def test_blank_column_is_not_asked_for_lateness() -> None:
    assert answer(rows_rule(7), portal(column("行政许可", "permits", []))).outcome is Outcome.NOT_APPLICABLE


def test_worst_row_is_quoted_with_both_printed_days() -> None:
    rows = (
        row("permit", date(2026, 10, 12), date(2026, 11, 2), "青许〔2026〕8号", decided_printed="2026年10月12日"),
        row("permit", date(2026, 10, 12), date(2026, 10, 29), "青许〔2026〕9号"),
        row("permit", date(2026, 10, 12), date(2026, 10, 13), "青许〔2026〕10号"),
    )
    found = answer(rows_rule(7), permits(*rows))
    assert (found.days, found.measured) == (15, "2 条超期，最长 15 个工作日")
    assert found.evidence[0].quote == "青许〔2026〕8号 2026年10月12日 → 2026-11-02"
    assert found.evidence[0].url == BASE + "row/青许〔2026〕8号.html"


def test_corrected_decision_is_not_late() -> None:
    facts = permits(row("permit", ago(90), ago(2), "青许〔2026〕8号（更正）"))
    assert answer(rows_rule(7), facts).outcome is UNDECIDED


def test_rows_older_than_is_looked_at_are_left_alone() -> None:
    facts = permits(row("permit", date(2019, 3, 1), date(2026, 11, 1)))
    assert answer(rows_rule(7, more=", lookback_age: P1Y"), facts).outcome is UNDECIDED


def test_publication_before_the_decision_is_no_lateness() -> None:
    assert answer(rows_rule(7), permits(row("permit", ago(3), ago(30)))).outcome is UNDECIDED


def test_site_that_was_moved_is_undecided() -> None:
    rows = [row("permit", ago(60 + 60 * n), ago(2), f"青许〔2026〕{n}号") for n in range(5)]
    assert answer(rows_rule(7), permits(*rows)).reason is Reason.AMBIGUOUS


def test_column_of_uncertain_name_is_not_accused_of_lateness() -> None:
    facts = permits(row("permit", ago(90), ago(2)), match=Match.UNSURE)
    assert answer(rows_rule(7), facts).reason is Reason.AMBIGUOUS


def test_credit_portal_elsewhere_is_excused() -> None:
    facts = portal(column("信用信息", "permits", [], url="http://credit.example.org/", is_delegated=True))
    assert answer(rows_rule(7), facts).reason is Excuse.DELEGATED


def test_column_that_was_not_read_is_undecided() -> None:
    assert answer(rows_rule(7), portal(unread("行政许可", "permits", Reason.BLOCKED))).reason is Reason.BLOCKED


PENALTIES = rows_rule(7, more=", kinds: [penalty], longer_units: [市场监管局], longer_days: 20")


@pytest.mark.parametrize(
    ("organ", "number", "working_days", "expected"),
    [
        ("青禾县市场监督管理局", None, 7, OK),
        ("青禾县市场监督管理局", None, 8, UNDECIDED),
        ("青禾县市场监督管理局", None, 20, UNDECIDED),
        ("青禾县市场监督管理局", None, 21, VIOLATION),
        ("青禾县水务局", None, 8, VIOLATION),
        ("青禾县水务局", "青市监处罚〔2026〕3号", 8, UNDECIDED),
        (None, None, 8, UNDECIDED),
    ],
)
def test_penalties_of_market_regulators_are_open_until_day_twenty(
    organ: str | None, number: str | None, working_days: int, expected: Outcome
) -> None:
    decided = date(2026, 3, 2)
    late = row("penalty", decided, add_workdays(decided, working_days), organ=organ, document_number=number)
    facts = portal(column("行政处罚公示", "penalties", [item()], details=Details(rows=(late,))))
    assert answer(PENALTIES, facts).outcome is expected
