"""The questions asked once a portal: home page, counts, marks, labels, due dates."""

from __future__ import annotations

from datetime import date

import pytest
from facts_builder import (
    AS_OF,
    BASE,
    SEEN_AT,
    ago,
    answer,
    column,
    home,
    item,
    items,
    judge,
    observation,
    pack_of,
    portal,
    said,
    unread,
)

from gkmonitor.records import (
    Article,
    ColumnFacts,
    CrawlCoverage,
    DateReading,
    HomeFacts,
    Item,
    Marks,
    Match,
    Observation,
    Outcome,
    PageKind,
    PageRecord,
    PortalFacts,
    Profile,
    Reason,
    StatementKind,
    Verdict,
)
from gkmonitor.rules import RulePack, parse_pack

HOME = pack_of("home-not-updated", severity="veto", rest="params: {max_age: P14D}")

# ---------------------------------------------------------------- home page


@pytest.mark.parametrize(
    ("days", "outcome"), [(0, Outcome.OK), (13, Outcome.OK), (14, Outcome.OK), (15, Outcome.VIOLATION)]
)
def test_home_page_of_fourteen_days_is_still_alive(days: int, outcome: Outcome) -> None:
    assert answer(HOME, portal(home=home(*items(ago(days), ago(40))))).outcome is outcome


@pytest.mark.parametrize(
    ("as_of", "newest", "outcome"),
    [
        ("2026-01-01", "2025-12-18", Outcome.OK),
        ("2026-01-01", "2025-12-17", Outcome.VIOLATION),
        ("2028-03-14", "2028-02-29", Outcome.OK),
        ("2028-03-14", "2028-02-28", Outcome.VIOLATION),
    ],
)
def test_home_window_crosses_new_year_and_leap_day(as_of: str, newest: str, outcome: Outcome) -> None:
    assert answer(HOME, portal(home=home(item(newest))), date.fromisoformat(as_of)).outcome is outcome


def test_home_page_with_an_undated_entry_is_undecided_not_dead() -> None:
    assert answer(HOME, portal(home=home(*items(ago(40), None)))).reason is Reason.UNDATED


def test_undated_home_entry_takes_the_day_that_its_list_prints() -> None:
    entry = item(None, "青禾县春耕", url=BASE + "info/1.html")
    listed = item(ago(2), "青禾县春耕", url=BASE + "info/1.html")
    facts = portal(column("工作动态", "news", [listed]), home=home(item(ago(40)), entry))
    assert answer(HOME, facts).outcome is Outcome.OK


def test_home_page_dated_by_addresses_alone_is_undecided_not_dead() -> None:
    entry = Item("青禾县召开工作会议", f"{BASE}t20250101_1.html", ago(400), "t20250101", "url")
    verdict = answer(HOME, portal(home=home(entry)))
    assert (verdict.outcome, verdict.reason) == (Outcome.UNDECIDED, Reason.UNDATED)


def test_future_entry_does_not_keep_a_home_page_alive() -> None:
    assert answer(HOME, portal(home=home(*items(ago(-9), ago(40))))).outcome is Outcome.VIOLATION


def test_home_page_without_entries_is_undecided() -> None:
    assert answer(HOME, portal(home=home())).reason is Reason.NOT_OBSERVED


def test_announced_upgrade_excuses_the_home_page() -> None:
    words = "网站升级改版公告"
    verdict = answer(HOME, portal(home=home(item(ago(40)), statements=said(StatementKind.UPGRADE, words))))
    assert verdict.outcome is Outcome.EXCUSED
    assert verdict.evidence[0].quote == words


@pytest.mark.parametrize(
    ("second_level", "outcome"),
    [
        (column("工作动态", "news", [item(ago(3))]), Outcome.OK),
        (column("工作动态", "news", [item(ago(30))]), Outcome.VIOLATION),
        (column("工作动态", "news", [item(None)]), Outcome.UNDECIDED),
        (unread("工作动态", "news", Reason.UNREACHABLE), Outcome.UNDECIDED),
    ],
)
def test_second_level_pages_stand_for_a_home_page_that_only_navigates(
    second_level: ColumnFacts, outcome: Outcome
) -> None:
    facts = portal(second_level, column("通知公告", "notices", [item(ago(60))]), home=home(only_navigates=True))
    assert answer(HOME, facts).outcome is outcome


def test_site_is_never_called_unreachable_after_one_visit() -> None:
    rule = pack_of("site-unreachable", severity="veto")
    away = portal(home=HomeFacts(Reason.UNREACHABLE, None))
    assert answer(rule, portal()).reason is Reason.NOT_OBSERVED
    assert answer(rule, away).reason is Reason.NOT_OBSERVED


# ---------------------------------------------------------------- veto counts

COUNTED = parse_pack(
    """
id: trial
version: "1"
title: 试用
documents: [试用办法]
rules:
  - {slug: blank, title: 空白, clause: 一, confidence: A, check: column-blank, severity: deduction}
  - {slug: many, title: 多, clause: 二, confidence: A, check: blank-count, severity: veto,
     params: {of: [blank], threshold: 5}}
""",
    "trial.yaml",
)
NEWS = parse_pack(
    """
id: trial
version: "1"
title: 试用
documents: [试用办法]
rules:
  - {slug: first, title: 一级, clause: 二, confidence: A, check: news-stale-count, severity: veto,
     params: {of: [stale], threshold: 5, max_level: 1}}
  - {slug: stale, title: 陈旧, clause: 一, confidence: A, check: column-stale, severity: deduction, concepts: [news],
     params: {max_age: P14D}}
  - {slug: rest, title: 其他, clause: 三, confidence: A, check: other-stale-count, severity: veto,
     params: {of: [stale], threshold: 10, min_level: 2}}
""",
    "trial.yaml",
)


def blanks(count: int) -> list[ColumnFacts]:
    return [column(f"专题{number}", "education", []) for number in range(count)]


def count_of(pack: RulePack, facts: PortalFacts, slug: str) -> Verdict:
    return next(v for v in judge(pack, facts) if v.rule == f"trial/{slug}")


@pytest.mark.parametrize(("count", "outcome"), [(4, Outcome.OK), (5, Outcome.VIOLATION), (6, Outcome.VIOLATION)])
def test_five_blank_columns_veto_inclusive(count: int, outcome: Outcome) -> None:
    verdict = count_of(COUNTED, portal(*blanks(count), column("要闻", "news", [item()])), "many")
    assert verdict.outcome is outcome
    assert verdict.subject.column is None
    assert len(verdict.members or ()) == count


@pytest.mark.parametrize(
    ("unseen", "outcome"),
    [(1, Outcome.OK), (2, Outcome.UNDECIDED)],
)
def test_columns_that_were_not_read_leave_the_count_open(unseen: int, outcome: Outcome) -> None:
    hidden = [unread(f"未读{number}", "education", Reason.BLOCKED) for number in range(unseen)]
    verdict = count_of(COUNTED, portal(*blanks(3), *hidden), "many")
    assert verdict.outcome is outcome
    if unseen == 2:
        assert verdict.reason is Reason.BLOCKED


def test_unfinished_crawl_never_says_that_the_count_is_below() -> None:
    facts = portal(*blanks(2), coverage=CrawlCoverage(is_budget_spent=True))
    assert count_of(COUNTED, facts, "many").reason is Reason.BUDGET_SPENT


def test_unfinished_crawl_still_vetoes_when_enough_was_seen() -> None:
    facts = portal(*blanks(5), coverage=CrawlCoverage(is_interrupted=True))
    assert count_of(COUNTED, facts, "many").outcome is Outcome.VIOLATION


def test_excused_blanks_do_not_count() -> None:
    excused = column("处罚", "penalties", [], statements=said(StatementKind.NIL_STATEMENT, "本月无行政处罚"))
    assert count_of(COUNTED, portal(*blanks(4), excused), "many").outcome is Outcome.OK


def test_one_blank_page_under_several_names_counts_once() -> None:
    same = [column(f"名{n}", c, [], url=BASE + "x/") for n, c in enumerate(["education", "health", "budget"])]
    assert count_of(COUNTED, portal(*blanks(3), *same), "many").outcome is Outcome.OK


def test_only_first_level_columns_count_for_news_and_deeper_ones_apart() -> None:
    stale = [item(ago(30))]
    first = [column(f"动态{n}", "news", stale) for n in range(4)]
    deeper = [column(f"动态{n}", "news", stale, under=["新闻"]) for n in range(10)]
    facts = portal(*first, *deeper)
    assert count_of(NEWS, facts, "first").outcome is Outcome.OK
    assert count_of(NEWS, facts, "rest").outcome is Outcome.VIOLATION
    facts = portal(*first, column("要闻", "news", stale), *deeper[:9])
    assert count_of(NEWS, facts, "first").outcome is Outcome.VIOLATION
    assert count_of(NEWS, facts, "rest").outcome is Outcome.OK


# ---------------------------------------------------------------- marks and labels

CODE = pack_of("mark-missing", rest="params: {mark: site_id_code}")


def test_absent_mark_is_accused_only_beside_another_mark_of_the_footer() -> None:
    assert answer(CODE, portal(marks=Marks(icp="云ICP备00000001号"))).outcome is Outcome.VIOLATION
    assert answer(CODE, portal(marks=Marks())).reason is Reason.NOT_OBSERVED
    assert answer(CODE, portal(marks=Marks(site_id_code="9901020001"))).outcome is Outcome.OK


def test_site_code_of_the_wrong_form_is_malformed_and_not_absent() -> None:
    shown = portal(marks=Marks(odd_site_id_code="991921001", icp="云ICP备00000001号"), site_id_code=None)
    form = pack_of("domain-nonconforming", rest="params: {what: site-code}")
    assert answer(CODE, shown).outcome is Outcome.OK
    assert answer(form, shown).outcome is Outcome.VIOLATION


def test_mark_on_any_page_that_was_read_is_enough() -> None:
    page = PageRecord(PageKind.LISTING, Marks(site_id_code="9901020001"), observation(BASE + "a/"))
    assert answer(CODE, portal(marks=Marks(icp="云ICP备1号"), pages=(page,))).outcome is Outcome.OK


LABELS = pack_of("label-missing", rest="params: {page: home, labels: [SiteName, SiteIDCode]}")


@pytest.mark.parametrize(
    ("labels", "outcome"),
    [
        ({"SiteName": "青禾县人民政府", "SiteIDCode": "9901020001"}, Outcome.OK),
        ({"sitename": "青禾县人民政府", "SITEIDCODE": "9901020001"}, Outcome.OK),
        ({"SiteName": "青禾县人民政府"}, Outcome.VIOLATION),
        ({"SiteName": "青禾县人民政府", "SiteIDCode": " "}, Outcome.VIOLATION),
    ],
)
def test_labels_are_compared_without_case_and_an_empty_one_is_missing(labels: dict[str, str], outcome: Outcome) -> None:
    assert answer(LABELS, portal(marks=Marks(labels=labels))).outcome is outcome


def test_column_labels_name_the_pages_that_lack_them() -> None:
    rule = pack_of("label-missing", rest="params: {page: column, labels: [ColumnName]}")
    facts = portal(
        column("要闻", "news", [item()], labels={"ColumnName": "要闻"}),
        column("公告", "notices", [item()]),
        profile=None,
    )
    verdict = answer(rule, facts)
    assert verdict.outcome is Outcome.VIOLATION
    assert [subject.column for subject in verdict.members or ()] == ["公告"]
    assert answer(rule, portal()).reason is Reason.NOT_OBSERVED


def test_article_labels_need_articles() -> None:
    rule = pack_of("label-missing", rest="params: {page: article, labels: [PubDate]}")
    page = PageRecord(PageKind.ARTICLE, Marks(), Observation(BASE + "1", BASE + "1", SEEN_AT, 200))
    assert answer(rule, portal(pages=(page,))).reason is Reason.NOT_OBSERVED
    assert answer(rule, portal(pages=(page, page))).outcome is Outcome.VIOLATION


def test_column_that_is_one_text_owes_no_article_labels() -> None:
    rule = pack_of("label-missing", rest="params: {page: article, labels: [PubDate]}")
    page = PageRecord(PageKind.ARTICLE, Marks(), observation(BASE + "guide.html"))
    guide = column("政府信息公开指南", "guide", [], url=BASE + "guide.html", kind=PageKind.ARTICLE)
    assert answer(rule, portal(guide, pages=(page, page))).reason is Reason.NOT_OBSERVED


# ---------------------------------------------------------------- due dates

_NAMED = "title_any: [信息公开 年度报告, 信息公开 年报], title_none: [政府网站]"
REPORT = pack_of(
    "due-date-missed", rest=f'concepts: [annual-report]\nparams: {{due: "01-31", year_offset: -1, {_NAMED}}}'
)
GOVERNMENT = pack_of(
    "due-date-missed",
    rest=f'concepts: [annual-report]\nparams: {{due: "03-31", year_offset: -1, own_body: true, {_NAMED}}}',
)
OLD = item("2025-01-20", "青禾县农业局2024年政府信息公开工作年度报告")


def reports(*entries: Item, **details: object) -> PortalFacts:
    return portal(column("政府信息公开年报", "annual-report", [*entries, OLD], **details), profile=Profile.DEPARTMENT)


def report(day: str | None, title: str = "2025年政府信息公开工作年度报告", **details: object) -> Item:
    return item(day, title, **details)


@pytest.mark.parametrize(
    ("published", "outcome"),
    [("2026-01-30", Outcome.OK), ("2026-01-31", Outcome.OK), ("2026-02-01", Outcome.VIOLATION)],
)
def test_report_is_in_time_up_to_the_day_itself(published: str, outcome: Outcome) -> None:
    verdict = answer(REPORT, reports(report(published)))
    assert verdict.outcome is outcome
    assert verdict.latest == date.fromisoformat(published)


@pytest.mark.parametrize(
    ("as_of", "outcome"),
    [
        ("2026-01-01", Outcome.NOT_APPLICABLE),
        ("2026-01-31", Outcome.NOT_APPLICABLE),
        ("2026-02-01", Outcome.VIOLATION),
        ("2026-12-31", Outcome.VIOLATION),
    ],
)
def test_missing_report_is_accused_only_after_its_day(as_of: str, outcome: Outcome) -> None:
    assert answer(REPORT, reports(), date.fromisoformat(as_of)).outcome is outcome


def test_report_published_later_was_missing_before() -> None:
    facts = reports(report("2026-03-02"))
    verdict = answer(REPORT, facts, date(2026, 2, 15))
    assert verdict.outcome is Outcome.VIOLATION
    assert verdict.measured == "未公布"


@pytest.mark.parametrize(
    "title",
    [
        "二〇二五年政府信息公开工作年度报告",
        "二○二五年度政府信息公開工作年度報告",
        "青禾县农业局2025年度报告",
        "２０２５年政府信息公开年报",
        "2025年",
    ],
)
def test_year_is_read_in_every_writing(title: str) -> None:
    assert answer(REPORT, reports(report("2026-01-20", title))).outcome is Outcome.OK


def test_yearly_paper_of_another_kind_is_not_taken_for_the_report() -> None:
    facts = reports(report("2026-01-20", "2025年政府网站工作年度报表"))
    assert answer(REPORT, facts).outcome is Outcome.VIOLATION


def test_report_in_another_column_is_found_by_its_full_name() -> None:
    facts = portal(
        column("年报", "annual-report", [OLD]),
        column("通知公告", "notices", [report("2026-01-20"), report("2026-01-21", "2025年春节放假通知")]),
    )
    assert answer(REPORT, facts).outcome is Outcome.OK


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        (reports(report(None)), Reason.UNDATED),
        (reports(report("2026-01-20", "农业局政府信息公开工作年度报告")), Reason.AMBIGUOUS),
        (reports(match=Match.UNSURE), Reason.AMBIGUOUS),
        (reports(is_delegated=True), Reason.NOT_OBSERVED),
        (reports(state=Reason.BLOCKED), Reason.BLOCKED),
        (portal(column("年报", "annual-report", [])), Reason.AMBIGUOUS),
        (portal(column("年报", "annual-report", [item(ago(900), "关于印发办法的通知")])), Reason.AMBIGUOUS),
        (portal(column("要闻", "news", [item()])), Reason.NOT_OBSERVED),
        (
            reports(report("2026-02-03", other_dates=(DateReading(date(2026, 1, 20), "2026-01-20", "label:PubDate"),))),
            Reason.AMBIGUOUS,
        ),
    ],
    ids=["undated", "no year", "unsure", "delegated", "blocked", "blank", "other papers", "no column", "two dates"],
)
def test_report_that_could_be_there_unseen_is_undecided(facts: PortalFacts, reason: Reason) -> None:
    verdict = answer(REPORT, facts)
    assert (verdict.outcome, verdict.reason) == (Outcome.UNDECIDED, reason)


@pytest.mark.parametrize(
    ("entries", "outcome"),
    [
        ([report("2025-12-30", "2025年工作要点"), report("2025-01-10", "2024年度报告")], Outcome.VIOLATION),
        ([report("2026-06-01", "2024年度报告补充")], Outcome.UNDECIDED),
    ],
)
def test_list_read_in_part_accuses_only_when_it_reaches_back_before_the_year(
    entries: list[Item], outcome: Outcome
) -> None:
    facts = portal(column("年报", "annual-report", entries, is_complete=False))
    rule = pack_of(
        "due-date-missed", rest='concepts: [annual-report]\nparams: {due: "01-31", year_offset: -1, title_has: [报告]}'
    )
    assert answer(rule, facts).outcome is outcome


def test_reports_below_a_column_that_only_leads_on_are_found() -> None:
    facts = portal(
        column("年报", "annual-report", None, is_parent=True, kind=PageKind.SECTION),
        column("部门年报", "annual-report", [report("2026-01-09")], under=["年报"]),
    )
    assert answer(REPORT, facts).outcome is Outcome.OK


def test_column_that_is_one_article_is_read_as_one_report() -> None:
    def single(title: str) -> PortalFacts:
        page = Article(title, date(2026, 1, 9), "2026-01-09", "heading")
        return portal(column("年报", "annual-report", None, kind=PageKind.ARTICLE, article=page))

    assert answer(REPORT, single("2025年政府信息公开工作年度报告")).outcome is Outcome.OK
    assert answer(REPORT, single("2024年政府信息公开工作年度报告")).outcome is Outcome.UNDECIDED


@pytest.mark.parametrize(
    ("title", "outcome"),
    [
        ("青禾县人民政府2025年政府信息公开工作年度报告", Outcome.OK),
        ("青禾县2025年政府信息公开工作年度报告", Outcome.OK),
        ("2025年青禾县政府信息公开工作年度报告", Outcome.OK),
        ("青禾县人民政府办公室2025年政府信息公开工作年度报告", Outcome.OK),
        ("2025年政府信息公开工作年度报告", Outcome.OK),
        ("青禾县教育局2025年政府信息公开工作年度报告", Outcome.UNDECIDED),
        ("2025年柳溪镇政府信息公开工作年度报告", Outcome.UNDECIDED),
        ("西关街道办事处2025年政府信息公开工作年度报告", Outcome.UNDECIDED),
    ],
)
def test_departments_reports_do_not_stand_for_the_governments_own(title: str, outcome: Outcome) -> None:
    facts = portal(column("年报", "annual-report", [report("2026-03-20", title), OLD]))
    assert answer(GOVERNMENT, facts).outcome is outcome


def test_as_of_of_the_fixture_is_the_day_of_the_observation() -> None:
    assert SEEN_AT.date() == AS_OF


@pytest.mark.parametrize("published", ["2025-01-20", "2025-11-30"])
def test_report_dated_before_its_year_ended_is_undecided_neither_ok_nor_missing(published: str) -> None:
    verdict = answer(REPORT, reports(report(published)))
    assert (verdict.outcome, verdict.reason) == (Outcome.UNDECIDED, Reason.AMBIGUOUS)
