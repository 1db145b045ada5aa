"""Papers of every unit, papers due after an approval, domains and site codes: the limits and the traps."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from facts_builder import BASE, answer, column, item, judge, pack_of, portal, said

from gkmonitor.records import (
    ColumnFacts,
    DateReading,
    Outcome,
    PortalFacts,
    Profile,
    Reason,
    Severity,
    Site,
    StatementKind,
)
from gkmonitor.rules import RulePack, load_pack

OK, VIOLATION, UNDECIDED = Outcome.OK, Outcome.VIOLATION, Outcome.UNDECIDED


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


def test_matrix_tells_of_each_unit_the_day_and_title_of_two_years() -> None:
    listed = [
        item(date(2026, 2, 10), "青禾县教育局2026年部门预算", url=f"{BASE}f/1.pdf"),
        item(date(2025, 2, 11), "青禾县教育局2025年部门预算"),
        item(None, "青禾县民政局2026年部门预算"),
    ]
    found = answer(MATRIX, portal(column("部门预算", "budget", listed)))
    assert [evidence.quote for evidence in found.evidence[1:]] == [
        "教育局：2026年 2026-02-10《青禾县教育局2026年部门预算》（附件）；"
        "2025年 2025-02-11《青禾县教育局2025年部门预算》",
        "民政局：2026年 未标日期《青禾县民政局2026年部门预算》；2025年 未见",
        "卫健局：2026年 未见；2025年 未见",
    ]
    assert found.evidence[1].url == f"{BASE}f/1.pdf"


def test_matrix_is_shown_where_nothing_is_missing_and_where_a_blank_is_explained() -> None:
    titles = [f"青禾县{unit}2026年部门预算" for unit in ("教育局", "民政局")]
    blank = column(
        "县卫健局", "budget", [], under=["部门预算"], statements=said(StatementKind.EXPLAINED_BLANK, "由上级公开")
    )
    explained = answer(MATRIX, budgets(*titles, more=(blank,)))
    assert explained.evidence[-1].quote == "卫健局：2026年 已说明“由上级公开”；2025年 未见"
    whole = answer(MATRIX, budgets(*titles, "青禾县卫健局2026年部门预算"))
    assert (whole.outcome, len(whole.evidence)) == (OK, 3)


def approved(days: int, kind: str = "natural") -> RulePack:
    """Units asked for so many days after an approval of 10 February."""
    units = f"title_has: [预算], units_asked: [教育局, 民政局], approved_on: 2026-02-10, limit_days: {days}"
    return pack_of("unit-missing", rest=f"concepts: [budget]\nday_kind: {kind}\nparams: {{{units}}}")


@pytest.mark.parametrize("days", [20, 40, 55])
@pytest.mark.parametrize(("more", "outcome"), [(-1, OK), (0, OK), (1, VIOLATION)])
def test_every_unit_is_out_within_the_days_after_the_approval(days: int, more: int, outcome: Outcome) -> None:
    last = date(2026, 2, 10) + timedelta(days=days + more)
    listed = [item(date(2026, 2, 12), "青禾县教育局2026年部门预算"), item(last, "青禾县民政局2026年部门预算")]
    found = answer(approved(days), portal(column("预算", "budget", listed)))
    assert found.outcome is outcome
    assert [member.column for member in found.members or ()] == (["民政局"] if outcome is VIOLATION else [])


def test_unit_with_an_undated_or_an_earlier_paper_is_not_late() -> None:
    late = date(2026, 5, 20)
    listed = [
        item(late, "青禾县教育局2026年部门预算"),
        item(None, "青禾县教育局2026年部门预算公开"),
        item(late, "青禾县民政局2026年部门预算", other_dates=(DateReading(date(2026, 2, 20), "2026-02-20", "url"),)),
    ]
    assert answer(approved(20), portal(column("预算", "budget", listed))).outcome is OK


def test_no_unit_is_asked_for_before_the_last_day_after_the_approval() -> None:
    facts = portal(column("预算", "budget", [item(date(2026, 1, 5), "青禾县教育局2026年部门预算")]))
    assert answer(approved(20), facts, date(2026, 3, 2)).outcome is Outcome.NOT_APPLICABLE
    assert answer(approved(20), facts, date(2026, 3, 3)).outcome is VIOLATION


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


CHAIN = load_pack(Path(__file__).parent.parent / "docs" / "examples" / "budget-approved.yaml")


@pytest.mark.parametrize(
    ("slug", "last", "titles"),
    [
        ("government", date(2026, 3, 2), ["青禾县2026年政府预算"]),
        ("departments", date(2026, 3, 22), ["青禾县教育局2026年部门预算"]),
        ("units", date(2026, 4, 6), ["青禾县第一中学2026年单位预算", "青禾县人民医院2026年单位预算"]),
    ],
)
def test_example_for_an_office_counts_20_40_and_55_days_from_the_approval(
    slug: str, last: date, titles: list[str]
) -> None:
    def found(day: date) -> Outcome:
        listed = [item(day, title) for title in titles]
        listed += [item(date(2025, 2, 1), title.replace("2026", "2025")) for title in titles]
        facts = portal(column("预算", "budget", listed))
        return next(one.outcome for one in judge(CHAIN, facts) if one.rule == f"budget-approved/{slug}")

    assert (found(last), found(last + timedelta(days=1))) == (OK, VIOLATION)


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


def test_county_departments_without_a_site_are_looked_for_on_the_county_portal() -> None:
    def listed(*titles: str) -> PortalFacts:
        old = [item(date(2025, 1, 20), f"青禾县{unit}2024年政府信息公开工作年度报告") for unit in ("教育局", "民政局")]
        new = [item(date(2026, 1, 20), title) for title in titles]
        return portal(column("政府信息公开年报", "annual-report", [*new, *old]))

    def found(facts: PortalFacts) -> tuple[Outcome, Severity, list[str | None]]:
        slug = "annual-report-county-departments"
        verdict = next(v for v in judge(load_pack("regulation-2019"), facts) if v.rule.endswith(slug))
        return verdict.outcome, verdict.severity, [member.column for member in verdict.members or ()]

    both = [f"青禾县{unit}2025年政府信息公开工作年度报告" for unit in ("教育局", "民政局")]
    assert found(listed(*both))[0] is OK
    assert found(listed(both[0])) == (VIOLATION, Severity.ADVICE, ["青禾县民政局"])


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
