"""Documents and what explains them, drafts and their time: the limits, and pairs that nobody is accused for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from event_cases import DOCUMENT, EXPLANATION
from facts_builder import BASE, answer, column, item, judge, pack_of, portal

from checks.pairing import core_names
from gkmonitor.records import (
    Consultation,
    DateReading,
    Details,
    Outcome,
    PortalFacts,
    Reason,
    RelatedPaper,
)
from gkmonitor.rules import RulePack, load_pack

OK, VIOLATION = Outcome.OK, Outcome.VIOLATION


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


# ---------------------------------------------------------------- papers whose pages link to each other

GUIDE_TITLE = "一图读懂粮食储备新规"  # names no document
PAPER, PICTURE, OTHER = f"{BASE}zcwj/1.html", f"{BASE}zcjd/1.html", f"{BASE}zcjd/2.html"


def linked(
    *related: RelatedPaper, day: date = date(2026, 11, 20), oldest: date = date(2026, 10, 9), **details
) -> PortalFacts:
    """A document of 2 November and an interpretation that only links tell to be its own."""
    documents = [item(date(2026, 11, 2), DOCUMENT, url=PAPER)]
    explanations = [item(day, GUIDE_TITLE, url=PICTURE), item(oldest, "负责人谈秋粮收购", url=OTHER)]
    said_by = {
        name: Details(related=tuple(one for one in related if f"/{name}/" in one.url)) for name in ("zcwj", "zcjd")
    }
    return portal(
        column("政策文件", "policy-documents", documents, details=said_by["zcwj"]),
        column("政策解读", "policy-interpretation", explanations, details=said_by["zcjd"], **details),
    )


ITS_READING = RelatedPaper(PAPER, "相关解读", PICTURE)
ITS_PAPER = RelatedPaper(PICTURE, "政策原文", PAPER)
VAGUE = replace(ITS_READING, label="政策解读", is_explicit=False)


@pytest.mark.parametrize(
    ("related", "outcome"),
    [
        ((ITS_READING,), VIOLATION),
        ((ITS_READING, ITS_PAPER), VIOLATION),
        ((VAGUE, ITS_PAPER), VIOLATION),  # both pages say so
        ((ITS_PAPER,), Outcome.NOT_APPLICABLE),  # an earlier one may be elsewhere
        ((VAGUE,), Outcome.NOT_APPLICABLE),  # a box of the newest
        ((ITS_READING, RelatedPaper(PAPER, "相关解读", OTHER)), Outcome.NOT_APPLICABLE),  # two under one label
        ((ITS_READING, RelatedPaper(PAPER, "图解", OTHER)), Outcome.NOT_APPLICABLE),  # two under two labels
        ((ITS_READING, RelatedPaper(PAPER, "相关解读", f"{BASE}tzgg/1.html")), Outcome.NOT_APPLICABLE),
        ((RelatedPaper(PAPER, "相关解读", f"{BASE}zcjd/9.html"),), Outcome.NOT_APPLICABLE),  # not in the list
        ((), Outcome.NOT_APPLICABLE),
    ],
)
def test_only_links_that_leave_no_doubt_accuse(related: tuple[RelatedPaper, ...], outcome: Outcome) -> None:
    assert answer(pairs_rule(5), linked(*related)).outcome is outcome


@pytest.mark.parametrize(
    ("limit", "day", "outcome"),
    [
        (3, date(2026, 11, 5), OK),
        (3, date(2026, 11, 6), VIOLATION),
        (5, date(2026, 11, 9), OK),
        (5, date(2026, 11, 10), VIOLATION),
    ],
)
def test_linked_interpretation_follows_its_document_in_working_days(limit: int, day: date, outcome: Outcome) -> None:
    assert answer(pairs_rule(limit), linked(ITS_READING, day=day)).outcome is outcome


def test_interpretation_that_names_its_document_acquits_when_in_time() -> None:
    assert answer(pairs_rule(5), linked(ITS_PAPER, day=date(2026, 11, 4))).outcome is OK


def test_earlier_interpretation_by_title_goes_before_a_later_linked_one() -> None:
    facts = linked(ITS_READING)
    early = column("图解", None, [item(date(2026, 11, 3), f"图解：{EXPLANATION}")])
    assert answer(pairs_rule(3), replace(facts, columns=(*facts.columns, early))).outcome is OK


def test_late_linked_interpretation_is_quoted_with_both_titles_and_days() -> None:
    found = answer(pairs_rule(5), linked(ITS_READING))
    assert (found.days, found.latest) == (14, date(2026, 11, 20))
    assert found.evidence[0].quote == f"{DOCUMENT} 2026-11-02 → {GUIDE_TITLE} 2026-11-20"


def test_addresses_that_differ_in_scheme_www_or_fragment_are_one_page() -> None:
    related = RelatedPaper(PAPER.replace("http://", "https://"), "相关解读", PICTURE.replace("www.", "") + "#top")
    assert answer(pairs_rule(5), linked(related)).outcome is VIOLATION


def test_linked_interpretation_in_a_list_not_read_to_its_end_is_undecided() -> None:
    assert (
        answer(pairs_rule(3), linked(ITS_READING, oldest=date(2026, 11, 18), is_complete=False)).reason
        is Reason.NOT_OBSERVED
    )


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


@pytest.mark.parametrize("title", ["重大行政决策事项目录（征求意见稿）", "重大行政决策程序规定（征求意见稿）"])
def test_list_of_major_decisions_and_rules_on_them_are_no_major_decision(title: str) -> None:
    facts = drafted(7, is_major=False)
    (old,) = facts.columns[0].details.consultations
    draft = replace(old, title=f"关于青禾县{title}公开征求意见的公告")
    columns = (replace(facts.columns[0], details=Details(consultations=(draft,))),)
    for rules in (WINDOWS, load_pack("decision-procedure-2019")):
        found = judge(rules, replace(facts, columns=columns))
        assert {verdict.outcome for verdict in found} == {Outcome.NOT_APPLICABLE}


def test_country_asks_thirty_days_for_major_decisions_unless_a_reason_is_stated() -> None:
    rules = load_pack("decision-procedure-2019")
    assert answer(rules, drafted(29)).outcome is VIOLATION
    assert answer(rules, drafted(30)).outcome is OK
    assert answer(rules, drafted(7, shortened="因情况紧急，期限缩短为7日")).outcome is Outcome.EXCUSED


def test_shorter_time_with_a_reason_is_excused_in_its_own_words() -> None:
    found = answer(WINDOWS, drafted(7, shortened="因情况紧急，期限缩短为7日"))
    assert (found.outcome, "因情况紧急" in found.message) == (Outcome.EXCUSED, True)
    assert found.evidence[0].quote == "因情况紧急，期限缩短为7日"


def test_draft_without_a_last_day_is_undecided() -> None:
    assert answer(WINDOWS, drafted(None)).reason is Reason.EVENT_DATE_UNKNOWN


def test_drafts_that_were_not_opened_are_undecided() -> None:
    assert answer(WINDOWS, portal(column("意见征集", "survey", [item()]))).reason is Reason.NOT_OBSERVED
