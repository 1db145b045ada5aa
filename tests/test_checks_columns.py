from __future__ import annotations

import pytest
from facts_builder import BASE, answer, column, item, judge, observation, pack_of, portal, said, unread

from gkmonitor.records import (
    Article,
    CrawlCoverage,
    HomeFacts,
    Item,
    Listing,
    Match,
    Outcome,
    PageKind,
    Profile,
    Reason,
    Severity,
    StatementKind,
)

BLANK = pack_of("column-blank")
MISSING = pack_of("column-missing", rest="concepts: [budget]")
OTHER = column("工作动态", "news", [item()])


def test_empty_list_is_blank_and_says_that_it_is_no_veto() -> None:
    verdict = answer(BLANK, portal(column("规划计划", "plans", [], under=["政务公开"])))
    assert verdict.outcome is Outcome.VIOLATION
    assert "政务公开 > 规划计划" in verdict.message
    assert "不构成单项否决" in verdict.message
    assert verdict.subject.path == ("政务公开", "规划计划")
    assert verdict.evidence[0].url.startswith(BASE)
    assert verdict.evidence[0].quote


def test_one_item_is_enough() -> None:
    assert answer(BLANK, portal(column("规划计划", "plans", [item("2009-01-01")]))).outcome is Outcome.OK


@pytest.mark.parametrize(
    "details",
    [
        {"kind": PageKind.SECTION, "listing": None},
        {"kind": PageKind.OTHER, "listing": None},
        {"kind": PageKind.OTHER},
        {"kind": PageKind.SHELL},
        {"kind": None},
        {"listing": Listing((), next_url=BASE + "index_1.html")},
        {"listing": Listing((), total_items=12)},
        {"listing": Listing((), total_pages=3)},
        {"statements": said(StatementKind.LOGIN, "请登录后查看")},
    ],
    ids=str,
)
def test_page_that_may_hide_its_list_is_undecided_not_blank(details: dict[str, object]) -> None:
    assert answer(BLANK, portal(column("规划计划", "plans", [], **details))).outcome is Outcome.UNDECIDED


def test_pager_that_states_one_page_of_nothing_is_blank() -> None:
    listing = Listing((), total_items=0, total_pages=1)
    assert answer(BLANK, portal(column("规划计划", "plans", [], listing=listing))).outcome is Outcome.VIOLATION


@pytest.mark.parametrize("reason", [r for r in Reason if r is not Reason.CRASHED])
def test_unread_column_is_undecided_with_its_reason(reason: Reason) -> None:
    verdict = answer(BLANK, portal(unread("规划计划", "plans", reason)))
    assert (verdict.outcome, verdict.reason) == (Outcome.UNDECIDED, reason)


def test_parent_with_empty_list_of_its_own_is_not_blank() -> None:
    facts = portal(column("政务公开", None, [], is_parent=True), column("预算", "budget", [item()], under=["政务公开"]))
    assert {v.outcome for v in judge(BLANK, facts)} == {Outcome.OK}


def test_unmarked_parent_with_empty_list_is_undecided() -> None:
    facts = portal(column("政务公开", None, []), column("预算", "budget", [item()], under=["政务公开"]))
    assert [v.outcome for v in judge(BLANK, facts)] == [Outcome.UNDECIDED, Outcome.OK]


def test_column_of_one_article_is_not_blank() -> None:
    guide = column("公开指南", "guide", None, kind=PageKind.ARTICLE, article=Article("青禾县政府信息公开指南"))
    assert answer(BLANK, portal(guide)).outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (StatementKind.EXPLAINED_BLANK, "本栏目暂无应公开信息"),
        (StatementKind.NIL_STATEMENT, "本月无行政处罚"),
        (StatementKind.UPGRADE, "网站升级改版公告"),
        (StatementKind.MOVED, "本栏目已迁移至政务公开"),
        (StatementKind.ARCHIVE, "本专题已归档"),
    ],
)
def test_explained_blank_is_excused_with_its_words(kind: StatementKind, words: str) -> None:
    verdict = answer(BLANK, portal(column("行政处罚", "penalties", [], statements=said(kind, words))))
    assert verdict.outcome is Outcome.EXCUSED
    assert verdict.evidence[0].quote == words


def test_blank_column_on_another_host_is_excused_as_delegated_where_a_concept_is_asked() -> None:
    rule = pack_of("column-blank", rest="concepts: [permits]")
    there = column("行政许可", "permits", [], url="http://credit.qinghe-city.cn/xk/", is_delegated=True)
    assert answer(rule, portal(there)).outcome is Outcome.EXCUSED
    assert answer(BLANK, portal(there, OTHER)).outcome is Outcome.OK


def test_unsure_name_is_no_blank_column_of_the_concept() -> None:
    rule = pack_of("column-blank", rest="concepts: [budget]")
    verdict = answer(rule, portal(column("财务", "budget", [], match=Match.UNSURE)))
    assert (verdict.outcome, verdict.reason) == (Outcome.UNDECIDED, Reason.AMBIGUOUS)


def test_one_page_under_two_names_is_accused_once() -> None:
    url = BASE + "zwgk/ghjh/"
    facts = portal(column("规划计划", "plans", [], url=url), column("规划", "statistics", [], url=url + "index.html"))
    assert len(judge(BLANK, facts)) == 1


# ---------------------------------------------------------------- column-missing


def test_column_that_navigation_does_not_offer_is_missing() -> None:
    verdict = answer(MISSING, portal(OTHER))
    assert verdict.outcome is Outcome.VIOLATION
    assert verdict.subject.concept == "budget"
    assert verdict.subject.column is None
    assert "工作动态" in verdict.evidence[0].quote


@pytest.mark.parametrize(
    "there",
    [
        column("预算公开", "budget", [item()]),
        column("财政预决算", "fiscal", [item()]),
        unread("预算公开", "budget", Reason.BUDGET_SPENT),
        column("预算公开", "budget", None, is_delegated=True, state=Reason.NOT_OBSERVED),
    ],
    ids=["own", "joint", "not reached", "delegated"],
)
def test_column_that_is_offered_is_not_missing(there: object) -> None:
    assert answer(MISSING, portal(OTHER, there)).outcome is Outcome.OK  # type: ignore[arg-type]


def test_joint_name_answers_for_both_concepts_that_it_states() -> None:
    rule = pack_of("column-missing", rest="concepts: [budget, final-accounts]")
    facts = portal(OTHER, column("预决算公开", "budget", [item()]))
    assert {v.outcome for v in judge(rule, facts)} == {Outcome.OK}


@pytest.mark.parametrize(
    "reason", [Reason.WRONG_PAGE, Reason.UNREACHABLE, Reason.BLOCKED, Reason.LOGIN_REQUIRED, Reason.ROBOTS]
)
def test_entry_that_leads_nowhere_is_undecided(reason: Reason) -> None:
    assert answer(MISSING, portal(OTHER, unread("预算公开", "budget", reason))).reason is reason


def test_unsure_name_is_undecided_not_missing() -> None:
    facts = portal(OTHER, column("财务信息", "budget", [item()], match=Match.UNSURE))
    assert answer(MISSING, facts).reason is Reason.AMBIGUOUS


@pytest.mark.parametrize(
    ("coverage", "reason"),
    [
        (CrawlCoverage(is_budget_spent=True), Reason.BUDGET_SPENT),
        (CrawlCoverage(is_interrupted=True), Reason.BUDGET_SPENT),
    ],
)
def test_unfinished_crawl_never_says_missing(coverage: CrawlCoverage, reason: Reason) -> None:
    assert answer(MISSING, portal(OTHER, coverage=coverage)).reason is reason


@pytest.mark.parametrize(
    "place",
    [
        unread("政府信息公开", "disclosure-platform", Reason.SCRIPT_RENDERED, under=["首页"]),
        unread("政务公开", None, Reason.UNREACHABLE),
        unread("公开目录", "catalogue", Reason.BLOCKED, under=["政务公开"]),
        unread("重点工作", None, Reason.LOGIN_REQUIRED, under=["政务公开"], is_parent=True),
        column("政府信息公开", "disclosure-platform", None, is_delegated=True, state=Reason.NOT_OBSERVED),
    ],
)
def test_column_that_could_stand_in_an_unread_section_is_undecided(place: object) -> None:
    assert answer(MISSING, portal(OTHER, place)).outcome is Outcome.UNDECIDED  # type: ignore[arg-type]


def test_unread_list_that_cannot_hold_it_does_not_hide_the_absence() -> None:
    facts = portal(OTHER, unread("通知公告", "notices", Reason.UNREACHABLE, under=["新闻"]))
    assert answer(MISSING, facts).outcome is Outcome.VIOLATION


def test_portal_without_any_column_read_is_undecided() -> None:
    assert answer(MISSING, portal()).reason is Reason.NOT_OBSERVED


def test_script_rendered_home_page_is_undecided_not_missing() -> None:
    shell = HomeFacts(Reason.SCRIPT_RENDERED, observation())
    assert answer(MISSING, portal(OTHER, home=shell)).reason is Reason.SCRIPT_RENDERED


def test_missing_platform_block_is_a_violation_of_its_own() -> None:
    rule = pack_of("platform-block-missing", rest="concepts: [guide, annual-report]")
    facts = portal(
        column("政府信息公开", "disclosure-platform", None, is_parent=True, kind=PageKind.SECTION),
        column("公开指南", "guide", None, kind=PageKind.ARTICLE, under=["政府信息公开"]),
    )
    outcomes = {v.subject.concept: v.outcome for v in judge(rule, facts)}
    assert outcomes == {"guide": Outcome.OK, "annual-report": Outcome.VIOLATION}


def test_warning_keeps_severity_advice() -> None:
    rule = pack_of("column-missing", severity="advice", rest="concepts: [budget]")
    verdict = answer(rule, portal(OTHER, profile=Profile.DEPARTMENT))
    assert (verdict.outcome, verdict.severity) == (Outcome.VIOLATION, Severity.ADVICE)


def test_items_without_addresses_do_not_crash() -> None:
    odd = column("规划计划", "plans", [Item("", "")], url="http://[bad/")
    assert answer(BLANK, portal(odd)).outcome is Outcome.OK


def test_parts_of_a_platform_without_its_head_leave_it_undecided() -> None:
    rule = pack_of("column-missing", rest="concepts: [disclosure-platform]")
    assert answer(rule, portal(OTHER, column("公开指南", "guide", [item()]))).reason is Reason.AMBIGUOUS
    assert answer(rule, portal(OTHER)).outcome is Outcome.VIOLATION


def test_portal_of_which_most_columns_were_blocked_misses_nothing() -> None:
    hidden = [unread(f"动态{n}", "news", Reason.BLOCKED) for n in range(3)]
    assert answer(MISSING, portal(OTHER, column("公告", "notices", [item()]), *hidden)).reason is Reason.BLOCKED
