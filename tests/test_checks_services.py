"""Letters and their answers, channels and guides: the limits, and what must not be accused."""

from __future__ import annotations

from datetime import date

import pytest
from event_cases import many_columns
from facts_builder import BASE, ago, answer, column, item, pack_of, portal

from gkmonitor.records import (
    Details,
    Excuse,
    GuideFacts,
    Letter,
    Outcome,
    PortalFacts,
    Reason,
)

OK, VIOLATION, UNDECIDED = Outcome.OK, Outcome.VIOLATION, Outcome.UNDECIDED


# ---------------------------------------------------------------- letters

UNANSWERED = pack_of(
    "reply-overdue",
    severity="veto",
    rest="concepts: [consultation]\nparams: {limit_age: P3M, lookback_age: P1Y, not_named: [信访, 访谈]}",
)


def letter(submitted: date, is_answered: bool | None, replied: date | None = None, title: str = "咨询落户") -> Letter:
    return Letter(title, f"{BASE}{title}.html", submitted, replied, is_answered)


def mailbox(*letters: Letter, name: str = "县长信箱", **details) -> PortalFacts:
    listed = [item(one.submitted, one.title) for one in letters]
    return portal(column(name, "consultation", listed, details=Details(letters=letters), **details))


@pytest.mark.parametrize(
    ("submitted", "as_of", "outcome"),
    [
        ("2026-08-23", "2026-11-22", OK),
        ("2026-08-22", "2026-11-22", OK),
        ("2026-08-21", "2026-11-22", VIOLATION),
        ("2025-11-30", "2026-02-28", OK),  # three months end with February
        ("2025-11-30", "2026-03-01", VIOLATION),
        ("2023-11-29", "2024-02-29", OK),
        ("2023-11-29", "2024-03-01", VIOLATION),
    ],
)
def test_letter_waits_for_three_calendar_months(submitted: str, as_of: str, outcome: Outcome) -> None:
    facts = mailbox(letter(date.fromisoformat(submitted), False))
    assert answer(UNANSWERED, facts, date.fromisoformat(as_of)).outcome is outcome


def test_letter_answered_late_is_no_unanswered_one() -> None:
    assert answer(UNANSWERED, mailbox(letter(ago(300), True, ago(10)))).outcome is OK


def test_letter_whose_answer_is_not_told_is_undecided() -> None:
    assert answer(UNANSWERED, mailbox(letter(ago(300), None))).reason is Reason.NOT_OBSERVED


def test_letter_older_than_a_year_is_left_alone() -> None:
    facts = mailbox(letter(ago(400), False), letter(ago(3), True, ago(1), "咨询医保"))
    assert answer(UNANSWERED, facts).outcome is OK


def test_petitions_and_interviews_are_left_out() -> None:
    assert answer(UNANSWERED, mailbox(letter(ago(300), False), name="网上信访")).outcome is Outcome.NOT_APPLICABLE
    facts = mailbox(letter(ago(300), False, title="信访事项"), letter(ago(3), True, ago(1)))
    assert answer(UNANSWERED, facts).outcome is OK


def test_mailbox_read_in_part_is_not_called_answered() -> None:
    found = answer(UNANSWERED, mailbox(letter(ago(30), True, ago(20)), is_complete=False))
    assert found.reason is Reason.NOT_OBSERVED


def test_mailbox_without_readable_letters_is_undecided() -> None:
    facts = portal(column("县长信箱", "consultation", [item()]))
    assert answer(UNANSWERED, facts).reason is Reason.NOT_OBSERVED


@pytest.mark.parametrize(("replied", "outcome"), [("2026-10-10", OK), ("2026-10-12", OK), ("2026-10-13", VIOLATION)])
def test_simple_letter_is_answered_in_five_working_days_over_national_day(replied: str, outcome: Outcome) -> None:
    rule = pack_of("reply-overdue", rest="concepts: [consultation]\nday_kind: working\nparams: {limit_days: 5}")
    facts = mailbox(letter(date(2026, 9, 29), True, date.fromisoformat(replied)))
    assert answer(rule, facts).outcome is outcome


CHANNEL = pack_of(
    "no-consultation-channel", severity="veto", rest="concepts: [consultation]\nparams: {least_columns: 20}"
)


def test_portal_without_any_channel_is_accused() -> None:
    assert answer(CHANNEL, many_columns(20)).outcome is VIOLATION


def test_few_columns_are_no_proof_that_there_is_no_channel() -> None:
    assert answer(CHANNEL, many_columns(19)).reason is Reason.NOT_OBSERVED


@pytest.mark.parametrize("name", ["互动交流", "12345热线", "部门信箱", "我要写信"])
def test_channel_by_another_name_is_undecided(name: str) -> None:
    assert answer(CHANNEL, many_columns(20, column(name, None, [item()]))).reason is Reason.AMBIGUOUS


# ---------------------------------------------------------------- guides

GUIDES = pack_of(
    "guide-incomplete",
    severity="advice",
    confidence="C",
    rest="concepts: [services]\nparams: {missing_at_least: 4, guides_at_least: 5, "
    "elements: [设定依据, 申请条件, 申请材料|所需材料, 办理地点, 联系电话, 办理流程]}",
)


def guides(*missing: int) -> PortalFacts:
    names = ("设定依据", "所需材料", "联系电话", "办理流程", "申请条件", "办理地点")
    found = tuple(GuideFacts(f"事项{n}", f"{BASE}g{n}", names[: 6 - lack]) for n, lack in enumerate(missing))
    return portal(column("办事服务", "services", [item()], details=Details(guides=found)))


@pytest.mark.parametrize(
    ("missing", "outcome"),
    [
        ((4, 4, 4, 4, 4), VIOLATION),
        ((4, 4, 4, 4, 3), UNDECIDED),
        ((3, 3, 3, 3, 3), OK),
        ((0,), OK),
    ],
)
def test_five_guides_that_lack_four_parts_are_a_fault(missing: tuple[int, ...], outcome: Outcome) -> None:
    assert answer(GUIDES, guides(*missing)).outcome is outcome


def every_guide(*missing: int, more: int = 0, **details) -> PortalFacts:
    """Guides that are the whole list, with ``more`` entries that were not read as guides."""
    found = guides(*missing).columns[0].details.guides
    listed = [item(None, one.title, url=one.url) for one in found]
    listed += [item(None, f"其他事项{n}") for n in range(more)]
    return portal(column("办事服务", "services", listed, details=Details(guides=found), **details))


@pytest.mark.parametrize(
    ("facts", "outcome"),
    [
        (every_guide(4, 4, 4, 4), VIOLATION),
        (every_guide(4), VIOLATION),
        (every_guide(4, 4, 4, 3), UNDECIDED),
        (every_guide(4, 4, more=1), UNDECIDED),
        (every_guide(4, 4, is_complete=False), UNDECIDED),
        (every_guide(3, 3), OK),
    ],
)
def test_fewer_guides_than_five_are_a_fault_when_they_are_all_and_all_lack_four_parts(
    facts: PortalFacts, outcome: Outcome
) -> None:
    assert answer(GUIDES, facts).outcome is outcome


def test_page_with_one_part_is_no_guide() -> None:
    assert answer(GUIDES, guides(5, 5, 5, 5, 5)).reason is Reason.NOT_OBSERVED


def test_guides_on_the_service_platform_are_excused() -> None:
    facts = portal(column("办事服务", "services", [], url="http://zwfw.example.org/", is_delegated=True))
    assert answer(GUIDES, facts).reason is Excuse.DELEGATED
