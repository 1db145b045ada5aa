"""The local packs: whom and when they bind, that every rule accuses and acquits, and where they differ on purpose."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from event_cases import row
from facts_builder import AS_OF, BASE, ago, column, item, portal, unread
from local_cases import cases, due_day, facts, outcomes, severities, site_for, unrelated, verdicts, words_of

from gkmonitor.dates import Period
from gkmonitor.judging import Judge
from gkmonitor.records import Details, Outcome, Profile, Reason, Severity, Site
from gkmonitor.rules import Rule, available_packs, select_packs

LOCAL = {name: pack for name, pack in available_packs().items() if pack.region is not None}
RULES = [rule for pack in LOCAL.values() for rule in pack.rules]
BY_ID = {rule.id: rule for rule in RULES}
NATIONAL_PERMITS = next(rule for rule in available_packs()["double-publicity"].rules if rule.slug == "permits-late")
NAMED = [rule for rule in RULES if "names" in rule.params]


def rule_for(duty: str) -> Rule:
    return next(rule for rule in RULES if duty in rule.covers)


# ---------------------------------------------------------------- region and time


@pytest.mark.parametrize(
    ("name", "code", "inside", "outside"),
    [
        ("chengdu-2013", "5101000001", "2013-12-10", "2013-12-09"),
        ("chengdu-2013", "5101080001", "2026-11-22", "2013-12-09"),
        ("longjiang-2017", "2302210001", "2017-07-25", "2017-07-24"),
        ("longjiang-2017", "2302210001", "2026-11-22", "2017-07-24"),
        ("jiangmen-2016", "4407000001", "2017-12-31", "2018-01-01"),
        ("zhaotong-2017", "5306000001", "2017-12-31", "2018-01-01"),
        ("zhaotong-2017", "5306210001", "2017-05-27", "2017-05-26"),
        ("zhaoqing-2010", "4412000001", "2010-12-31", "2011-01-01"),
    ],
)
def test_pack_is_chosen_by_itself_only_in_its_region_and_time(name: str, code: str, inside: str, outside: str) -> None:
    def chosen(site_code: str | None, day: str) -> set[str]:
        site = Site(BASE, BASE, site_id_code=site_code, profile=Profile.CITY_PORTAL)
        return {pack.id for pack in select_packs(None, site, date.fromisoformat(day))}

    assert name in chosen(code, inside)
    assert name not in chosen(code, outside)
    assert not chosen("9901020001", inside) & set(LOCAL)
    assert not chosen(None, inside) & set(LOCAL)


def test_county_document_does_not_bind_its_prefecture() -> None:
    site = Site(BASE, BASE, site_id_code="2302000001", profile=Profile.CITY_PORTAL)
    assert "longjiang-2017" not in {pack.id for pack in select_packs(None, site, AS_OF)}


def test_plan_that_cites_the_census_of_2015_brings_it_along() -> None:
    site = Site(BASE, BASE, site_id_code="5306000001", profile=Profile.CITY_PORTAL)
    in_2017 = {pack.id for pack in select_packs(None, site, date(2017, 9, 1))}
    assert {"zhaotong-2017", "national-2015-15"} <= in_2017
    assert "national-2015-15" not in {pack.id for pack in select_packs(None, site, AS_OF)}
    elsewhere = replace(site, site_id_code="9901000001")
    assert "national-2015-15" not in {pack.id for pack in select_packs(None, elsewhere, date(2017, 9, 1))}


def test_named_pack_judges_after_its_time() -> None:
    site = Site(BASE, BASE, site_id_code="5306000001", profile=Profile.CITY_PORTAL)
    assert [pack.id for pack in select_packs(["zhaotong-2017"], site, AS_OF)] == ["zhaotong-2017"]


# ---------------------------------------------------------------- what the rules may claim


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_rule_quotes_and_states_its_ground(rule: Rule) -> None:
    assert 2 <= len(rule.words) <= 60
    assert rule.clause
    assert rule.points is None
    assert rule.covers
    assert rule.profiles
    assert not rule.profiles & rule.hosts


def test_words_without_a_period_only_warn() -> None:
    for rule in RULES:
        if rule.check == "column-stale" and not re.search("[日周月季年]|普查", rule.words):
            assert rule.severity is Severity.ADVICE, rule.id
        if rule.check == "column-stale" and rule.params["max_age"] == Period(days=90):
            assert not rule.verified


def test_missing_column_is_above_advice_only_where_words_demand_one_of_the_body_bound() -> None:
    for rule in RULES:
        if rule.check == "column-missing" and rule.severity is not Severity.ADVICE:
            assert re.search("专栏|栏目|专区|平台", rule.words), rule.id
            assert "names" not in rule.params, rule.id


def test_department_rules_name_bodies_that_exist() -> None:
    assert all(2 <= len(unit) <= 10 for rule in RULES for unit in rule.units)
    for rule in RULES:
        if Profile.DEPARTMENT in rule.profiles and rule.units:
            other = replace(facts(rule), site=replace(site_for(rule), name="青禾县地方志编纂办公室"))
            assert outcomes(rule, replace(other, site=replace(other.site, profile=Profile.DEPARTMENT))) == {
                Outcome.NOT_APPLICABLE
            }


def test_department_without_a_name_is_undecided() -> None:
    rule = rule_for("zt-3-3-22")
    nameless = replace(facts(rule, unrelated()), site=Site(BASE, BASE, profile=Profile.DEPARTMENT))
    assert [v.reason for v in verdicts(rule, nameless)] == [Reason.AMBIGUOUS]


def test_task_tells_what_to_look_at_where_and_what_counts() -> None:
    tasks = [task for pack in LOCAL.values() for task in pack.tasks]
    assert tasks
    for task in tasks:
        assert min(len(task.look), len(task.where), len(task.counts)) >= 6, task.id
        assert task.how in ("assisted", "manual")
        assert task.words


# ---------------------------------------------------------------- every rule accuses and acquits


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_rule_turns_from_ok_to_violation_and_back(rule: Rule) -> None:
    bad, good, as_of = cases(rule)
    assert outcomes(rule, good, as_of) == {Outcome.OK}
    assert outcomes(rule, bad, as_of) == {Outcome.VIOLATION}
    assert severities(rule, bad, as_of) <= {rule.severity, Severity.ADVICE}
    assert outcomes(rule, good, as_of) == {Outcome.OK}


@pytest.mark.parametrize("rule", [r for r in NAMED if len(r.params["names"]) > 1], ids=lambda rule: rule.id)
def test_each_thing_asked_for_gets_its_own_answer(rule: Rule) -> None:
    first, *others = rule.params["names"]
    day = AS_OF if "max_age" not in rule.params else ago(1)
    titled = [item(day, f"关于{words_of(entry)}的公告") for entry in others]
    answers = verdicts(rule, facts(rule, column("信息", rule.concepts[0], titled)))
    assert len(answers) == len(rule.params["names"])
    missing = [v for v in answers if v.outcome is Outcome.VIOLATION]
    assert {v.subject.column for v in missing} <= {words_of(first)}


@pytest.mark.parametrize("rule", NAMED, ids=lambda rule: rule.id)
def test_what_is_not_found_by_name_never_accuses_above_advice(rule: Rule) -> None:
    as_of = due_day(rule) + timedelta(days=30) if rule.check == "due-date-missed" else AS_OF
    assert severities(rule, facts(rule, unrelated()), as_of) <= {Severity.ADVICE}


@pytest.mark.parametrize("rule", NAMED, ids=lambda rule: rule.id)
def test_what_was_not_read_to_its_end_is_undecided(rule: Rule) -> None:
    as_of = due_day(rule) + timedelta(days=30) if rule.check == "due-date-missed" else AS_OF
    half = column("信息", rule.concepts[0], [item(date(2009, 1, 5), "青禾县旧闻")], is_complete=False)
    closed = unread("信息", rule.concepts[0], Reason.SCRIPT_RENDERED)
    for concealed in (half, closed):
        assert outcomes(rule, facts(rule, unrelated(), unrelated(), concealed), as_of) == {Outcome.UNDECIDED}


@pytest.mark.parametrize("rule", [r for r in NAMED if r.hosts], ids=lambda rule: rule.id)
def test_portal_that_only_carries_others_columns_lacks_nothing(rule: Rule) -> None:
    as_of = due_day(rule) + timedelta(days=30) if rule.check == "due-date-missed" else AS_OF
    for profile in rule.hosts:
        bare = facts(rule, unrelated())
        carried = replace(bare, site=site_for(rule, profile))
        assert Outcome.VIOLATION not in outcomes(rule, carried, as_of)


# ---------------------------------------------------------------- where jurisdictions differ on purpose


def tourism(days: int, name: str) -> set[Outcome]:
    facts_ = portal(
        column("旅游投诉公示", "tourism", [item(ago(days), "旅游投诉受理情况")]), profile=Profile.DEPARTMENT
    )
    rule = rule_for(name)
    return outcomes(rule, replace(facts_, site=replace(facts_.site, name="青禾县旅游局", organizer="青禾县旅游局")))


@pytest.mark.parametrize(
    ("days", "monthly", "quarterly"),
    [(20, Outcome.OK, Outcome.OK), (45, Outcome.VIOLATION, Outcome.OK), (80, Outcome.VIOLATION, Outcome.OK)],
)
def test_tourism_complaints_are_monthly_in_zhaotong_and_quarterly_in_jiangmen(
    days: int, monthly: Outcome, quarterly: Outcome
) -> None:
    assert tourism(days, "zt-3-3-22") == {monthly}
    assert tourism(days, "jm-10-01") == {quarterly}


def test_month_without_publication_is_sure_only_after_two_months() -> None:
    rule = rule_for("zt-3-3-22")

    def severity(days: int) -> set[Severity]:
        complaints = column("旅游投诉公示", "tourism", [item(ago(days), "旅游投诉受理情况")])
        return severities(rule, replace(facts(rule, complaints), site=site_for(rule)))

    assert severity(32) == {Severity.ADVICE}  # late in this month may still follow early in the last
    assert severity(61) == {Severity.ADVICE}
    assert severity(62) == {Severity.DEDUCTION}


def plan(rule_id: str, published: str, as_of: str = "2017-10-09") -> set[Outcome]:
    rule = rule_for(rule_id)
    notice = item(published, "关于印发2017年政务公开工作实施方案的通知")
    return outcomes(rule, facts(rule, column("通知公告", "notices", [notice])), date.fromisoformat(as_of))


def test_work_plan_is_due_in_30_days_in_longjiang_and_in_30_working_days_in_zhaotong() -> None:
    assert due_day(rule_for("lj-5-3-02")) == date(2017, 8, 27)
    assert due_day(rule_for("zt-n3-01")) == date(2017, 7, 11)
    assert plan("lj-5-3-02", "2017-08-27") == {Outcome.OK}
    assert plan("lj-5-3-02", "2017-08-28") == {Outcome.VIOLATION}
    assert plan("zt-n3-01", "2017-07-11") == {Outcome.OK}
    assert plan("zt-n3-01", "2017-07-12") == {Outcome.VIOLATION}
    assert plan("lj-5-3-02", "2017-08-10") == {Outcome.OK}
    assert plan("zt-n3-01", "2017-08-10") == {Outcome.VIOLATION}


def rows(duty: str, published: str, decided: str = "2026-06-01") -> set[Outcome]:
    """A permit of Monday, 1 June 2026 by the national rule or by the county's own."""
    entry = row("permit", date.fromisoformat(decided), date.fromisoformat(published))
    facts_ = portal(column("行政许可和行政处罚", "double-publicity", [item()], details=Details(rows=(entry,))))
    return outcomes(NATIONAL_PERMITS if duty == "national" else rule_for(duty), facts_)


@pytest.mark.parametrize(
    ("published", "in_longjiang", "nationally"),
    [
        ("2026-06-08", Outcome.OK, Outcome.OK),  # the fifth working day
        ("2026-06-09", Outcome.VIOLATION, Outcome.OK),
        ("2026-06-10", Outcome.VIOLATION, Outcome.OK),  # the seventh
        ("2026-06-11", Outcome.VIOLATION, Outcome.VIOLATION),
    ],
)
def test_permits_have_5_working_days_in_longjiang_and_7_in_the_country(
    published: str, in_longjiang: Outcome, nationally: Outcome
) -> None:
    assert rows("lj-3-1-05-10", published) == {in_longjiang}
    assert rows("national", published) == {nationally}


def explained(duty: str, day: str) -> set[Outcome]:
    document = item("2026-06-01", "青禾县人民政府办公室关于印发青禾县粮食储备管理办法的通知")
    explanation = item(day, "《青禾县粮食储备管理办法》政策解读")
    columns = (
        column("政策文件", "policy-documents", [document]),
        column("政策解读", "policy-interpretation", [explanation]),
    )
    return outcomes(rule_for(duty), facts(rule_for(duty), *columns))


@pytest.mark.parametrize(
    ("day", "three", "five"),
    [
        ("2026-06-04", Outcome.OK, Outcome.OK),  # the third working day
        ("2026-06-05", Outcome.VIOLATION, Outcome.OK),
        ("2026-06-08", Outcome.VIOLATION, Outcome.OK),  # the fifth
        ("2026-06-09", Outcome.VIOLATION, Outcome.VIOLATION),
    ],
)
def test_interpretations_have_3_working_days_in_zhaotong_and_jiangmen_and_5_in_longjiang(
    day: str, three: Outcome, five: Outcome
) -> None:
    assert explained("zt-6-2-16", day) == {three}
    assert explained("jm-76-02", day) == {three}
    assert explained("lj-3-3-01-03", day) == {five}


def test_work_plan_is_not_missed_before_its_day() -> None:
    rule = rule_for("zt-n3-01")
    assert outcomes(rule, facts(rule, unrelated()), date(2017, 6, 30)) == {Outcome.NOT_APPLICABLE}
    assert severities(rule, facts(rule, unrelated()), date(2017, 7, 11)) == {Severity.ADVICE}
    assert outcomes(rule, facts(rule, unrelated()), date(2017, 7, 12)) == {Outcome.VIOLATION}


def test_plan_of_another_year_is_no_late_plan() -> None:
    rule = rule_for("zt-n3-01")
    later = item("2019-05-06", "关于印发2019年政务公开工作实施方案的通知")
    answers = verdicts(rule, facts(rule, column("通知公告", "notices", [later])), AS_OF)
    assert [v.severity for v in answers] == [Severity.ADVICE]


def test_undated_list_counts_as_not_updated_only_where_the_census_of_2015_applies() -> None:
    undated = portal(column("要闻", "news", [item(None, f"青禾县要闻{n}") for n in range(3)]))
    judged = Judge([LOCAL["zhaotong-2017"], LOCAL["longjiang-2017"]], AS_OF).judge(undated)
    by_rule = {v.rule: v for v in judged}
    assert by_rule["zhaotong-2017/census-news"].outcome is Outcome.VIOLATION
    assert by_rule["longjiang-2017/news-4-5-01"].reason is Reason.UNDATED
