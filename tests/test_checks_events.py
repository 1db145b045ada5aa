"""Lateness, answers, guides, units and domains: the limit, a day less, a day more, and what must not be accused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from event_cases import DOCUMENT, EXPLANATION, many_columns, row
from facts_builder import AS_OF, BASE, ago, answer, column, item, judge, pack_of, portal, said, unread

from checks.pairing import core_names
from gkmonitor.records import (
    ColumnFacts,
    Consultation,
    DateReading,
    Details,
    Excuse,
    GuideFacts,
    Letter,
    Match,
    Outcome,
    PortalFacts,
    Profile,
    Reason,
    Severity,
    Site,
    StatementKind,
)
from gkmonitor.rules import RulePack, load_pack
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


# ---------------------------------------------------------------- documents and interpretations


def pairs_rule(days: int, kind: str = "working") -> RulePack:
    params = f"params: {{what: interpretations, limit_days: {days}, lookback_age: P1Y, not_titled: [国务院]}}"
    return pack_of("published-late", rest=f"concepts: [policy-documents]\nday_kind: {kind}\n{params}")


def explained(
    document_day: date, day: date, title: str = EXPLANATION, document: str = DOCUMENT, **details
) -> PortalFacts:
    return portal(
        column("政策文件", "policy-documents", [item(document_day, document)]),
        column("政策解读", "policy-interpretation", [item(day, title)], **details),
    )


@pytest.mark.parametrize(
    ("limit", "day", "outcome"),
    [
        (3, date(2026, 11, 5), OK),
        (3, date(2026, 11, 6), VIOLATION),
        (5, date(2026, 11, 9), OK),
        (5, date(2026, 11, 10), VIOLATION),
        (3, date(2026, 11, 1), OK),  # published before its document
    ],
)
def test_interpretation_follows_its_document_in_working_days(limit: int, day: date, outcome: Outcome) -> None:
    assert answer(pairs_rule(limit), explained(date(2026, 11, 2), day)).outcome is outcome


@pytest.mark.parametrize(
    ("document", "explanation"),
    [
        ("青禾县人民政府关于加强耕地保护工作的意见", "《青禾县人民政府关于加强耕地保护工作的意见》政策解读"),
        ("青禾县人民政府关于加强耕地保护工作的意见", "《关于加强耕地保护工作的意见》解读"),
        ("关于印发《青禾县粮食储备管理办法（试行）》的通知", "一图读懂：《青禾县粮食储备管理办法》解读"),
        ("青禾县人民政府办公室关于印发青禾县粮食储备管理办法的通知（青政办〔2026〕3号）", EXPLANATION),
    ],
)
def test_document_and_interpretation_are_paired_by_name(document: str, explanation: str) -> None:
    found = answer(pairs_rule(3), explained(date(2026, 11, 2), date(2026, 11, 20), explanation, document))
    assert found.outcome is VIOLATION


@pytest.mark.parametrize(
    ("document", "explanation"),
    [
        ("关于印发青禾县粮食储备管理办法实施细则的通知", EXPLANATION),
        ("关于废止《青禾县粮食储备管理办法》的决定", EXPLANATION),
        ("关于修改《青禾县粮食储备管理办法》的决定", EXPLANATION),
        ("转发省政府关于印发《青禾县粮食储备管理办法》的通知", EXPLANATION),
        ("关于《青禾县粮食储备管理办法（征求意见稿）》公开征求意见的公告", EXPLANATION),
        ("国务院关于印发《青禾县粮食储备管理办法》的通知", EXPLANATION),
        (DOCUMENT, "青禾县粮食工作政策解读"),
    ],
)
def test_what_has_no_pair_is_nobodys_fault(document: str, explanation: str) -> None:
    found = answer(pairs_rule(3), explained(date(2026, 11, 2), date(2026, 11, 20), explanation, document))
    assert found.outcome is Outcome.NOT_APPLICABLE


def test_earlier_document_of_the_same_name_is_no_pair() -> None:
    assert answer(pairs_rule(3), explained(date(2026, 3, 2), date(2026, 11, 20))).outcome is Outcome.NOT_APPLICABLE


def test_first_of_several_interpretations_counts() -> None:
    facts = explained(date(2026, 11, 2), date(2026, 11, 20))
    early = column("图解", None, [item(date(2026, 11, 3), f"图解：{EXPLANATION}")])
    assert answer(pairs_rule(3), replace(facts, columns=(*facts.columns, early))).outcome is OK


def test_interpretation_whose_page_shows_an_earlier_day_is_not_late() -> None:
    late = item(date(2026, 11, 20), EXPLANATION, other_dates=(DateReading(date(2026, 11, 3), "2026-11-03", "url"),))
    facts = portal(
        column("政策文件", "policy-documents", [item(date(2026, 11, 2), DOCUMENT)]),
        column("政策解读", "policy-interpretation", [late]),
    )
    assert answer(pairs_rule(3), facts).outcome is OK


def test_late_interpretation_is_told_of_its_own_column_not_of_the_section_that_also_shows_it() -> None:
    shown = [item(date(2026, 10, 30), EXPLANATION)]
    facts = portal(
        column("政策文件", "policy-documents", [item(date(2026, 10, 12), DOCUMENT)]),
        column("法定主动公开内容", "statutory-content", shown, is_parent=True),
        column("政策解读", "policy-interpretation", shown),
    )
    found = answer(pairs_rule(5), facts)
    assert (found.outcome, found.subject.column) == (VIOLATION, "政策解读")


def test_interpretations_not_read_to_the_end_are_undecided() -> None:
    facts = explained(date(2026, 11, 2), date(2026, 11, 20), is_complete=False)
    assert answer(pairs_rule(3), facts).reason is Reason.NOT_OBSERVED


def test_names_are_what_others_call_a_document_by() -> None:
    assert "青禾县粮食储备管理办法" in core_names(DOCUMENT)
    assert core_names("通知") == frozenset()


# ---------------------------------------------------------------- drafts

WINDOWS = pack_of(
    "published-late",
    rest="concepts: [survey]\nparams: {what: consultation-windows, limit_days: 30, only: [重大行政决策]}",
)


def drafted(days: int | None, **details) -> PortalFacts:
    opens = date(2026, 9, 20)
    closes = opens + timedelta(days=days - 1) if days else None
    fields = {"is_major": True} | details
    draft = Consultation("关于供水价格方案公开征求意见的公告", BASE + "d.html", opens, opens, closes, **fields)
    return portal(column("意见征集", "survey", [item()], details=Details(consultations=(draft,))))


@pytest.mark.parametrize(("days", "outcome"), [(29, VIOLATION), (30, OK), (31, OK)])
def test_major_decision_is_open_for_thirty_days_both_ends_counted(days: int, outcome: Outcome) -> None:
    assert answer(WINDOWS, drafted(days)).outcome is outcome


def test_draft_that_does_not_call_itself_major_is_left_alone() -> None:
    assert answer(WINDOWS, drafted(7, is_major=False)).outcome is Outcome.NOT_APPLICABLE


def test_shorter_time_with_a_reason_is_excused_in_its_own_words() -> None:
    found = answer(WINDOWS, drafted(7, shortened="因情况紧急，期限缩短为7日"))
    assert (found.outcome, "因情况紧急" in found.message) == (Outcome.EXCUSED, True)


def test_draft_without_a_last_day_is_undecided() -> None:
    assert answer(WINDOWS, drafted(None)).reason is Reason.EVENT_DATE_UNKNOWN


def test_drafts_that_were_not_opened_are_undecided() -> None:
    assert answer(WINDOWS, portal(column("意见征集", "survey", [item()]))).reason is Reason.NOT_OBSERVED


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


def test_page_with_one_part_is_no_guide() -> None:
    assert answer(GUIDES, guides(5, 5, 5, 5, 5)).reason is Reason.NOT_OBSERVED


def test_guides_on_the_service_platform_are_excused() -> None:
    facts = portal(column("办事服务", "services", [], url="http://zwfw.example.org/", is_delegated=True))
    assert answer(GUIDES, facts).reason is Excuse.DELEGATED


# ---------------------------------------------------------------- units

UNITS = "params: {due: '04-30', title_has: [预算], title_none: [决算], units_asked: [教育局, 民政局, 卫健局]}"
MATRIX = pack_of("unit-missing", rest=f"concepts: [budget]\n{UNITS}")


def budgets(*titles: str, more: tuple[ColumnFacts, ...] = (), **details) -> PortalFacts:
    entries = [item(date(2026, 2, 10), title) for title in titles]
    return portal(column("部门预算", "budget", entries, **details), *more)


def test_units_without_a_paper_of_the_year_are_named() -> None:
    found = answer(MATRIX, budgets("青禾县教育局2026年部门预算", "青禾县民政局2025年部门预算"))
    assert found.outcome is VIOLATION
    assert [member.column for member in found.members or ()] == ["民政局", "卫健局"]


def test_units_are_known_by_former_and_short_names() -> None:
    found = answer(
        MATRIX, budgets("2026年青禾县教育局部门预算公开", "民政局2026年度预算", "青禾县卫生和计划生育局2026年部门预算")
    )
    assert found.outcome is OK


def test_papers_in_a_column_of_the_units_name_count() -> None:
    own = tuple(
        column(name, "budget", [item(date(2026, 2, 10), "2026年部门预算公开")], under=["部门预算"])
        for name in ("县教育局", "县民政局", "县卫健局")
    )
    facts = portal(column("部门预算", "budget", None, is_parent=True), *own)
    assert answer(MATRIX, facts).outcome is OK


def test_unit_that_explains_its_blank_is_excused() -> None:
    blank = column(
        "县卫健局",
        "budget",
        [],
        under=["部门预算"],
        statements=said(StatementKind.EXPLAINED_BLANK, "本单位预算由上级公开"),
    )
    found = answer(MATRIX, budgets("青禾县教育局2026年部门预算", "青禾县民政局2026年部门预算", more=(blank,)))
    assert (found.outcome, found.evidence[0].quote) == (Outcome.EXCUSED, "本单位预算由上级公开")


def test_list_not_read_to_its_end_accuses_no_unit() -> None:
    assert answer(MATRIX, budgets("青禾县教育局2026年部门预算", is_complete=False)).reason is Reason.NOT_OBSERVED


@pytest.mark.parametrize(("as_of", "outcome"), [("2026-04-30", Outcome.NOT_APPLICABLE), ("2026-05-01", VIOLATION)])
def test_units_are_asked_for_after_the_day(as_of: str, outcome: Outcome) -> None:
    assert answer(MATRIX, budgets("青禾县教育局2026年部门预算"), date.fromisoformat(as_of)).outcome is outcome


def test_without_a_list_the_units_of_the_year_before_are_asked_for() -> None:
    rule = pack_of("unit-missing", rest="concepts: [budget]\nparams: {due: '04-30', title_has: [预算]}")
    found = answer(
        rule, budgets("青禾县教育局2026年部门预算", "青禾县教育局2025年部门预算", "青禾县民政局2025年部门预算")
    )
    assert [member.column for member in found.members or ()] == ["青禾县民政局"]
    assert answer(rule, budgets("青禾县教育局2026年部门预算")).reason is Reason.NOT_OBSERVED


def test_place_in_front_of_a_summary_is_no_unit_of_the_year_before() -> None:
    rule = pack_of("unit-missing", rest="concepts: [budget]\nparams: {due: '04-30', title_has: [预算]}")
    assert answer(rule, budgets("青禾县2025年部门预算汇总")).reason is Reason.NOT_OBSERVED
    found = answer(rule, budgets("青禾县2025年部门预算汇总", "石桥镇2025年部门预算"))
    assert [member.column for member in found.members or ()] == ["石桥镇"]


# ---------------------------------------------------------------- papers due after an approval


@pytest.mark.parametrize("days", [20, 40, 55])
@pytest.mark.parametrize(("more", "outcome"), [(-1, OK), (0, OK), (1, VIOLATION)])
def test_budget_is_out_within_natural_days_of_its_approval(days: int, more: int, outcome: Outcome) -> None:
    rule = pack_of(
        "due-date-missed",
        rest=f"concepts: [budget]\nparams: {{approved_on: 2026-02-10, limit_days: {days}, title_any: [部门预算]}}",
    )
    day = date(2026, 2, 10) + timedelta(days=days + more)
    listed = [item(day, "青禾县2026年部门预算"), item(date(2025, 2, 1), "青禾县2025年部门预算")]
    assert answer(rule, portal(column("预算", "budget", listed))).outcome is outcome


def test_budget_is_not_missed_before_its_last_day() -> None:
    rule = pack_of("due-date-missed", rest="concepts: [budget]\nparams: {approved_on: 2026-11-10, limit_days: 20}")
    facts = portal(column("预算", "budget", [item(date(2025, 2, 1), "青禾县2025年部门预算")]))
    assert answer(rule, facts).outcome is Outcome.NOT_APPLICABLE
    assert answer(rule, facts, date(2026, 12, 1)).outcome is VIOLATION


def test_yearly_paper_is_told_of_its_own_column_not_of_the_section_that_also_shows_it() -> None:
    rule = pack_of("due-date-missed", rest="concepts: [budget]\nparams: {due: '04-30', title_any: [部门预算]}")
    shown = [item(date(2026, 2, 10), "青禾县2026年部门预算"), item(date(2025, 2, 1), "青禾县2025年部门预算")]
    section = column("法定主动公开内容", "statutory-content", shown, is_parent=True)
    found = answer(rule, portal(section, column("预算", "budget", shown)))
    assert (found.outcome, found.subject.column) == (OK, "预算")


def test_season_only_warns() -> None:
    facts = portal(column("预算", "budget", [item(date(2025, 2, 1), "青禾县2025年部门预算")]))
    found = [v for v in judge(load_pack("budget-law"), facts) if v.outcome is VIOLATION]
    assert found
    assert all(verdict.severity is Severity.ADVICE for verdict in found)


# ---------------------------------------------------------------- domains

GUIDELINE = load_pack("guideline-2017-47")


def domain_of(url: str, profile: Profile, slug: str, code: str | None = None) -> Outcome:
    facts = replace(portal(), site=Site(url, url, "青禾县人民政府", code, None, profile))
    return next(v.outcome for v in judge(GUIDELINE, facts) if v.rule.endswith("/" + slug))


@pytest.mark.parametrize(
    ("url", "suffix", "form"),
    [
        ("http://www.qinghe.gov.cn/", OK, OK),
        ("http://qinghe.gov.cn/index.html", OK, OK),
        ("http://zwgk.qinghe.gov.cn/", OK, VIOLATION),
        ("http://www.qinghe.gov.cn:8080/", OK, OK),
        ("http://www.qinghe.org.cn/", VIOLATION, Outcome.NOT_APPLICABLE),
        ("http://www.qinghegov.cn/", VIOLATION, Outcome.NOT_APPLICABLE),
        ("http://www.青禾县.政务/", OK, Outcome.NOT_APPLICABLE),
        ("http://127.0.0.7:8000/", UNDECIDED, UNDECIDED),
        ("http://10.1.2.3/", UNDECIDED, UNDECIDED),
        ("http://localhost/", UNDECIDED, UNDECIDED),
        ("http://portal.example/", UNDECIDED, UNDECIDED),
    ],
)
def test_portals_live_under_gov_cn(url: str, suffix: Outcome, form: Outcome) -> None:
    assert domain_of(url, Profile.COUNTY_PORTAL, "domain-suffix") is suffix
    assert domain_of(url, Profile.COUNTY_PORTAL, "domain-form") is form


def test_department_may_have_a_name_below_its_governments() -> None:
    assert domain_of("http://jyj.qinghe.gov.cn/", Profile.DEPARTMENT, "domain-suffix") is OK
    assert domain_of("http://jyj.qinghe.gov.cn/", Profile.DEPARTMENT, "domain-form") is Outcome.NOT_APPLICABLE


def test_school_is_not_held_to_gov_cn() -> None:
    assert domain_of("http://www.qhyz.edu.cn/", Profile.ENTERPRISE, "domain-suffix") is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        ("9901020001", OK),
        ("bm01000001", OK),
        ("310000000044", VIOLATION),
        ("99010200", VIOLATION),
        (None, Outcome.NOT_APPLICABLE),
    ],
)
def test_site_code_has_ten_digits_or_bm_and_eight(code: str | None, outcome: Outcome) -> None:
    assert domain_of("http://www.qinghe.gov.cn/", Profile.COUNTY_PORTAL, "site-id-code-form", code) is outcome
