"""Asking for things by name: how names are found, and how a pack says them, whom it binds and what people do."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from facts_builder import AS_OF, PACK_HEAD, ago, answer, column, home, item, judge, pack_of, portal, unread

from checks.naming import named
from gkmonitor.checking import PortalView
from gkmonitor.errors import PackError
from gkmonitor.records import Article, CrawlCoverage, Outcome, PageKind, Profile, Reason, Severity
from gkmonitor.rules import RulePack, available_packs, load_pack, parse_pack

OTHER = column("人防工程", None, [item()])


def asking(names: str, check: str = "column-missing", more: str = "", rest: str = "") -> RulePack:
    params = f"concepts: [social-assistance]\nparams: {{names: [{names}]{more}}}"
    return pack_of(check, severity="deduction", rest=params + (f"\n{rest}" if rest else ""))


# ---------------------------------------------------------------- how names are found


@pytest.mark.parametrize(
    ("entry", "title", "is_found"),
    [
        ("医疗救助", "青禾县医疗救助标准", True),
        ("医疗救助", "青禾县医疗保障", False),
        ("城乡低保|最低生活保障", "关于提高最低生活保障标准的通知", True),
        ("政务公开 方案", "关于印发政务公开工作实施方案的通知", True),
        ("政务公开 方案", "关于印发应急工作方案的通知", False),
        ("三公经费", "2026年度“三公”经费预算", True),
        ("医疗救助", "青禾縣醫療救助標準", True),
        ("PPP项目", "ppp 项目清单", True),
        ("医疗救助", "青禾县医疗\n救助标准", True),
        ("预算公开", "青禾县部门预算\n公开会议", True),
    ],
)
def test_name_is_found_in_a_title_whatever_its_characters(entry: str, title: str, is_found: bool) -> None:
    found = named(PortalView(portal(column("信息", "social-assistance", [item(title=title)])), AS_OF), entry)
    assert bool(found.items) is is_found


def test_name_never_spans_two_titles() -> None:
    listed = column("信息", "social-assistance", [item(title="青禾县医疗"), item(title="救助标准公布")])
    assert named(PortalView(portal(listed), AS_OF), "医疗救助").items == ()


def test_item_is_told_of_its_own_column_not_of_the_section_that_also_shows_it() -> None:
    shown = [item(title="青禾县医疗救助标准")]
    section = column("重点领域", "key-areas", shown, is_parent=True)
    own = column("社会救助", "social-assistance", shown)
    assert (
        answer(asking("医疗救助", "column-stale", ", max_age: P1Y"), portal(section, own)).subject.column == "社会救助"
    )


def test_column_of_that_name_and_those_below_it_answer() -> None:
    above = column("医疗救助", "social-assistance", [], is_parent=True)
    below = column("政策", None, [item()], under=["医疗救助"])
    found = named(PortalView(portal(above, below), AS_OF), "医疗救助")
    assert [c.name for c in found.columns] == ["医疗救助", "政策"]
    assert found.items == ()


def test_column_that_is_one_article_is_found_by_its_title() -> None:
    paper = column("标准", "social-assistance", None, kind=PageKind.ARTICLE, article=Article("医疗救助标准", ago(3)))
    assert answer(asking("医疗救助"), portal(paper)).outcome is Outcome.OK


# ---------------------------------------------------------------- what is said of what is not found


def test_absent_name_warns_however_heavy_the_rule() -> None:
    verdict = answer(asking("医疗救助"), portal(OTHER))
    assert (verdict.outcome, verdict.severity, verdict.points) == (Outcome.VIOLATION, Severity.ADVICE, None)
    assert verdict.subject.column == "医疗救助"
    assert "医疗救助" in verdict.message


def test_entry_that_leads_elsewhere_is_undecided() -> None:
    wrong = unread("医疗救助", "social-assistance", Reason.WRONG_PAGE)
    assert answer(asking("医疗救助"), portal(OTHER, OTHER, wrong)).reason is Reason.WRONG_PAGE


@pytest.mark.parametrize(
    "facts",
    [
        portal(OTHER, coverage=CrawlCoverage(is_budget_spent=True)),
        portal(OTHER, home=replace(home(), state=Reason.SCRIPT_RENDERED)),
        portal(),
        portal(OTHER, column("社会救助", "social-assistance", [item()], is_complete=False)),
        portal(OTHER, column("社会救助", "social-assistance", [], is_delegated=True)),
    ],
)
def test_absence_is_undecided_while_something_was_not_seen(facts: object) -> None:
    assert answer(asking("医疗救助"), facts).outcome is Outcome.UNDECIDED  # type: ignore[arg-type]


def test_stale_column_of_that_name_accuses_with_the_weight_of_the_rule() -> None:
    pack = asking("医疗救助", "column-stale", ", max_age: P90D")
    assert answer(pack, portal(column("医疗救助", None, [item(ago(91))]))).severity is Severity.DEDUCTION
    assert answer(pack, portal(column("医疗救助", None, [item(ago(90))]))).outcome is Outcome.OK


def test_newer_item_of_that_name_elsewhere_excuses_a_stale_column() -> None:
    pack = asking("医疗救助", "column-stale", ", max_age: P90D")
    old, new = column("医疗救助", None, [item(ago(400))]), column("公告", "notices", [item(ago(5), "医疗救助名单")])
    assert answer(pack, portal(old, new)).outcome is Outcome.OK


def test_old_item_alone_warns_only_when_all_was_read() -> None:
    pack = asking("医疗救助", "column-stale", ", max_age: P90D")
    old = [item(ago(400), "医疗救助名单")]
    assert answer(pack, portal(column("社会救助", "social-assistance", old))).severity is Severity.ADVICE
    half = column("社会救助", "social-assistance", old, is_complete=False)
    assert answer(pack, portal(half)).reason is Reason.NOT_OBSERVED


def test_undated_item_of_that_name_is_undecided() -> None:
    pack = asking("医疗救助", "column-stale", ", max_age: P90D")
    assert answer(pack, portal(column("信息", None, [item(None, "医疗救助名单")]))).reason is Reason.UNDATED


def test_future_date_is_no_sign_of_life() -> None:
    pack = asking("医疗救助", "column-stale", ", max_age: P90D")
    later = column(
        "信息", "social-assistance", [item(date(2026, 12, 1), "医疗救助名单"), item(ago(400), "医疗救助标准")]
    )
    assert answer(pack, portal(later)).outcome is Outcome.VIOLATION


# ---------------------------------------------------------------- whom a rule binds


def test_rule_of_a_unit_judges_what_a_hosting_portal_carries_and_misses_nothing_there() -> None:
    binds = "profiles: [department]\nunits: [民政局]\nhosts: [city-portal]"
    pack = asking("医疗救助", "column-stale", ", max_age: P90D", binds)
    city = Profile.CITY_PORTAL
    assert answer(pack, portal(OTHER, profile=city)).outcome is Outcome.NOT_APPLICABLE
    stale = portal(column("医疗救助", None, [item(ago(100))]), profile=city)
    assert answer(pack, stale).outcome is Outcome.VIOLATION
    assert answer(pack, portal(OTHER, profile=Profile.COUNTY_PORTAL)).outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("name", "outcome"),
    [
        ("青禾县民政局", Outcome.VIOLATION),
        ("云岭市民政局", Outcome.VIOLATION),
        ("青禾县教育局", Outcome.NOT_APPLICABLE),
        (None, Outcome.UNDECIDED),
    ],
)
def test_department_is_bound_by_its_name(name: str | None, outcome: Outcome) -> None:
    pack = asking("医疗救助", rest="profiles: [department]\nunits: [民政局]")
    facts = portal(OTHER, profile=Profile.DEPARTMENT)
    facts = replace(facts, site=replace(facts.site, name=name, organizer=name))
    assert answer(pack, facts).outcome is outcome


# ---------------------------------------------------------------- packs in folders, tasks, reasons

RULES = "rules:\n  - {slug: it, title: 试, clause: 一, confidence: A, check: column-blank, severity: advice}\n"
TASK = "{slug: look, title: 看, clause: 一, look: 看, where: 处, counts: 有, how: manual, covers: [x-1]}"


def folder(tmp_path: Path, **files: str) -> Path:
    for name, text in {"pack": PACK_HEAD.replace("rules:\n", ""), **files}.items():
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    return tmp_path


def test_pack_may_be_a_folder(tmp_path: Path) -> None:
    files = {"rules-1": RULES, "rules-2": RULES.replace("slug: it", "slug: that"), "tasks": f"tasks:\n  - {TASK}\n"}
    pack = load_pack(folder(tmp_path, **files, reasons="not_web:\n  - {why: 只在内部留痕, covers: [x-2]}\n"))
    assert [rule.id for rule in pack.rules] == ["trial/it", "trial/that"]
    assert [(task.id, task.covers) for task in pack.tasks] == [("trial/look", ("x-1",))]
    assert [(reason.why, reason.covers) for reason in pack.not_web] == [("只在内部留痕", ("x-2",))]


def test_fault_in_a_part_names_that_file_and_line(tmp_path: Path) -> None:
    with pytest.raises(PackError, match=r"rules-2\.yaml:2: .*重名"):
        load_pack(folder(tmp_path, **{"rules-1": RULES, "rules-2": RULES}))
    with pytest.raises(PackError, match=r"rules-2\.yaml:1: .*title"):
        load_pack(folder(tmp_path, **{"rules-2": "title: 试用\n"}))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (f"tasks:\n  - {TASK.replace('manual', 'robot')}\n", "assisted"),
        (f"tasks:\n  - {TASK.replace(', where: 处', '')}\n", "where"),
        (f"tasks:\n  - {TASK.replace('[x-1]', '[]')}\n", "covers"),
        (f"tasks:\n  - {TASK.replace('slug: look', 'slug: it')}\n", "重名"),
        ("tasks: 看一看\n", "- slug"),
        ("not_web:\n  - {why: '', covers: [x-1]}\n", "理由"),
        ("not_web:\n  - {covers: [x-1]}\n", "why"),
        ("not_web: []\n", "- why"),
    ],
)
def test_pack_error_says_what_to_write_instead(text: str, says: str) -> None:
    with pytest.raises(PackError, match=says):
        parse_pack(PACK_HEAD.replace("rules:\n", "") + RULES + text, "trial.yaml")


@pytest.mark.parametrize(
    "params",
    [
        "{}",
        "{limit_days: 30}",
        "{trigger: '2017-05-27', names: [方案]}",
        "{due: '01-31', due_on: '2017-01-31', names: [报告]}",
    ],
)
def test_due_date_needs_exactly_one_way_to_count(params: str) -> None:
    with pytest.raises(PackError, match="due"):
        pack_of("due-date-missed", rest=f"concepts: [notices]\nparams: {params}")


def test_one_answer_for_each_name() -> None:
    verdicts = judge(asking("医疗救助, 临时救助"), portal(column("临时救助", "social-assistance", [item()])))
    assert [(v.subject.column, v.outcome) for v in verdicts] == [
        ("医疗救助", Outcome.VIOLATION),
        ("临时救助", Outcome.OK),
    ]


# ---------------------------------------------------------------- words that are too wide for a title

WIDE = "网上办事大厅|栏目：政务服务"


def test_news_title_with_a_wide_word_discloses_nothing() -> None:
    news = column("要闻", "news", [item(ago(1), "我县召开政务服务工作会议")])
    found = answer(asking(WIDE), portal(column("救助", "social-assistance", [item()]), news))
    assert (found.outcome, found.severity) == (Outcome.VIOLATION, Severity.ADVICE)


def test_column_of_the_wide_name_is_what_is_asked_for() -> None:
    found = answer(asking(WIDE), portal(column("政务服务", "services", [item()])))
    assert (found.outcome, found.measured) == (Outcome.OK, "政务服务")


def test_wide_word_is_not_said_to_people() -> None:
    found = answer(asking("栏目：政务服务"), portal(column("救助", "social-assistance", [item()])))
    assert "“政务服务”" in found.message


@pytest.mark.parametrize(
    ("duty", "title"),
    [
        ("lj-2-4-01", "我县召开政务服务工作会议"),
        ("lj-2-3-06", "县领导调研旅游市场"),
        ("lj-2-3-06", "县领导检查安全生产"),
        ("lj-3-1-02-01", "重大项目集中开工"),
    ],
)
def test_local_rules_are_not_met_by_news(duty: str, title: str) -> None:
    rules = [r for pack in available_packs().values() for r in pack.rules if duty in r.covers and "names" in r.params]
    assert rules
    for rule in rules:
        view = PortalView(portal(column("要闻", "news", [item(ago(1), title)])), AS_OF)
        assert not any(named(view, entry).items for entry in rule.params["names"])


def test_major_construction_projects_are_known_by_their_own_name() -> None:
    rule = next(r for r in available_packs()["longjiang-2017"].rules if "lj-3-1-02-01" in r.covers)
    view = PortalView(portal(column("重大建设项目", "major-projects", [item()])), AS_OF)
    assert all(named(view, entry).columns for entry in rule.params["names"])


# ---------------------------------------------------------------- several things in one answer


def together(*titles: str, **details: Any) -> list[Any]:
    rule = asking("医疗救助, 临时救助, 城乡低保|最低生活保障", more=", together: true")
    listed = column("社会救助", "social-assistance", [item(AS_OF, title) for title in titles], **details)
    return judge(rule, portal(listed, OTHER))


def test_what_is_missing_of_several_is_one_warning_that_names_it() -> None:
    (found,) = together("关于医疗救助的公告")
    assert (found.outcome, found.severity, found.measured) == (
        Outcome.VIOLATION,
        Severity.ADVICE,
        "3 项中未见 2 项",
    )
    assert [member.column for member in found.members] == ["临时救助", "城乡低保"]
    assert "“临时救助”、“城乡低保”" in found.message
    assert found.evidence[0].quote.startswith("所查栏目：")


def test_all_of_several_that_are_there_are_one_ok() -> None:
    (found,) = together("医疗救助标准", "临时救助办法", "最低生活保障公示")
    assert (found.outcome, found.measured) == (Outcome.OK, "3 项齐全")
    assert "医疗救助标准" in found.evidence[0].quote


def test_doubt_about_one_of_several_leaves_all_of_them_open() -> None:
    (found,) = together("医疗救助标准", is_complete=False)
    assert (found.outcome, found.reason) == (Outcome.UNDECIDED, Reason.NOT_OBSERVED)


def test_county_portal_gets_at_most_one_hint_for_the_26_fields() -> None:
    facts = portal(column("基层政务公开", "grassroots-disclosure", [item(AS_OF, "安全生产检查情况")]))
    given = [v for v in judge(load_pack("grassroots-26"), facts) if v.rule == "grassroots-26/fields"]
    assert [(v.severity, v.measured) for v in given] == [(Severity.ADVICE, "26 项中未见 25 项")]
