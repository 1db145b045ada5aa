"""What an office chooses for itself: cadence, points, units, working days; and what it is told of a wrong file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from facts_builder import AS_OF, ago, column, home, item, items, portal
from test_cli_usage import assert_one_chinese_line, run

from gkmonitor.cadences import available_cadences, load_cadence, with_cadence
from gkmonitor.errors import PackError, PointsError, SettingError, UnitsError, UsageError
from gkmonitor.facts import dump_facts
from gkmonitor.judging import Judge
from gkmonitor.office import OfficeChoices, load_choices
from gkmonitor.pointstable import parse_points_csv, with_points
from gkmonitor.records import ColumnFacts, Outcome, PortalFacts, Profile, Severity, Verdict
from gkmonitor.rules import Rule, available_packs
from gkmonitor.settings import load_settings
from gkmonitor.unitlists import load_units, parse_units
from gkmonitor.workdays import is_workday, use_calendar

RULES: dict[str, Rule] = {rule.id: rule for pack in available_packs().values() for rule in pack.rules}
BLANK, STALE = "national-2019-19/column-blank", "national-2019-19/news-column-stale"


@pytest.fixture(autouse=True)
def shipped_calendar() -> Iterator[None]:
    yield
    use_calendar(None)


# ---------------------------------------------------------------- cadence


def under(name: str, *columns: ColumnFacts, as_of: date = AS_OF) -> list[Verdict]:
    packs = with_cadence(available_packs().values(), load_cadence(name))
    verdicts = Judge(packs, as_of).judge(portal(*columns))
    return [v for v in verdicts if v.rule.startswith(f"cadence-{name}/") and v.outcome is not Outcome.NOT_APPLICABLE]


def answers(name: str, concept: str, days: int, as_of: date = AS_OF) -> set[tuple[Outcome, Severity]]:
    listed = column("栏目", concept, items(ago(days, as_of)))
    return {(v.outcome, v.severity) for v in under(name, listed, as_of=as_of)}


@pytest.mark.parametrize(
    ("concept", "days", "monthly", "pingchang"),
    [
        ("environment", 20, (Outcome.OK, Severity.DEDUCTION), (Outcome.OK, Severity.DEDUCTION)),
        ("environment", 45, (Outcome.VIOLATION, Severity.DEDUCTION), (Outcome.OK, Severity.DEDUCTION)),
        ("environment", 90, (Outcome.VIOLATION, Severity.DEDUCTION), (Outcome.OK, Severity.DEDUCTION)),
        ("environment", 91, (Outcome.VIOLATION, Severity.DEDUCTION), (Outcome.VIOLATION, Severity.DEDUCTION)),
        ("education", 61, (Outcome.VIOLATION, Severity.DEDUCTION), (Outcome.OK, Severity.DEDUCTION)),
        ("education", 91, (Outcome.VIOLATION, Severity.DEDUCTION), (Outcome.VIOLATION, Severity.DEDUCTION)),
    ],
)
def test_same_column_gets_two_right_answers_under_two_cadences(
    concept: str, days: int, monthly: tuple[Outcome, Severity], pingchang: tuple[Outcome, Severity]
) -> None:
    assert monthly in answers("yangling", concept, days)
    assert pingchang in answers("pingchang", concept, days)


@pytest.mark.parametrize(
    ("newest", "day", "outcome"),
    [
        ("2026-09-30", "2026-10-07", Outcome.OK),
        ("2026-09-30", "2026-10-08", Outcome.OK),
        ("2026-09-29", "2026-10-08", Outcome.VIOLATION),
        ("2026-09-30", "2026-10-09", Outcome.VIOLATION),
        ("2026-10-08", "2026-10-09", Outcome.OK),
    ],
)
def test_daily_news_are_counted_in_working_days_over_national_day(newest: str, day: str, outcome: Outcome) -> None:
    found = under("xinglongtai", column("要闻", "news", items(newest)), as_of=date.fromisoformat(day))
    (verdict,) = (one for one in found if one.rule.endswith("/news"))
    assert verdict.outcome is outcome


def test_year_without_calendar_leaves_a_daily_cadence_undecided() -> None:
    found = under("xinglongtai", column("要闻", "news", items("2027-03-01")), as_of=date(2027, 3, 3))
    (verdict,) = (one for one in found if one.rule.endswith("/news"))
    assert (verdict.outcome, verdict.reason) == (Outcome.UNDECIDED, "calendar_incomplete")


def test_cadence_replaces_unverified_hints_and_keeps_what_is_law() -> None:
    before = {rule.id for pack in available_packs().values() for rule in pack.rules}
    packs = with_cadence(available_packs().values(), load_cadence("national-2019"))
    left_out = before - {rule.id for pack in packs for rule in pack.rules}
    assert {"budget-law/column-stale", "double-publicity/column-stale", "key-areas/column-stale"} <= left_out
    assert all(not RULES[one].verified and RULES[one].check == "column-stale" for one in left_out)
    assert not any(available_packs()[one.split("/")[0]].region for one in left_out)


@pytest.mark.parametrize("name", available_cadences())
def test_every_cadence_accuses_and_acquits_by_each_rule(name: str) -> None:
    pack = available_cadences()[name]
    assert pack.id == f"cadence-{name}"
    for rule in pack.rules:
        assert rule.severity is Severity.ADVICE or rule.verified
        if rule.check == "home-not-updated":
            continue
        assert rule.check == "column-stale"
        old = under(name, column("栏目", rule.concepts[0], items(ago(900))))
        new = under(name, column("栏目", rule.concepts[0], items(AS_OF)))
        assert {v.outcome for v in old if v.rule == rule.id} == {Outcome.VIOLATION}
        assert {v.outcome for v in new if v.rule == rule.id} == {Outcome.OK}


@pytest.mark.parametrize(
    ("days", "outcome"), [(5, Outcome.OK), (7, Outcome.OK), (8, Outcome.VIOLATION), (14, Outcome.VIOLATION)]
)
def test_weekly_home_page_of_one_cadence_is_no_veto(days: int, outcome: Outcome) -> None:
    packs = with_cadence(available_packs().values(), load_cadence("xinglongtai"))
    found = {v.rule: v for v in reversed(Judge(packs, AS_OF).judge(portal(home=home(item(ago(days))))))}
    weekly, national = found["cadence-xinglongtai/home"], found["national-2019-19/home-not-updated"]
    assert (weekly.outcome, weekly.severity) == (outcome, Severity.DEDUCTION)
    assert national.outcome is Outcome.OK


@pytest.mark.parametrize(("days", "outcome"), [(60, Outcome.OK), (61, Outcome.VIOLATION)])
def test_social_insurance_has_sixty_days_in_one_county(days: int, outcome: Outcome) -> None:
    assert outcome in {given for given, _ in answers("pingchang", "social-insurance", days)}
    assert (Outcome.VIOLATION, Severity.DEDUCTION) in answers("pingchang", "social-insurance", 61)


def test_unknown_cadence_is_told_the_names() -> None:
    with pytest.raises(PackError, match=r"没有更新周期“pinchang”，是不是“pingchang”.*national-2019"):
        load_cadence("pinchang")


def test_own_cadence_file_may_only_ask_for_age(tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    head = 'id: cadence-own\nversion: "1"\ntitle: 本单位\ndocuments: [本单位规定]\nrules:\n'
    rule = "  - {slug: a, title: 甲, clause: 一, confidence: A, severity: deduction, check: "
    own.write_text(f"{head}{rule}column-stale, concepts: [news], params: {{max_age: P5D}}}}\n", encoding="utf-8")
    assert load_cadence(str(own)).id == "cadence-own"
    own.write_text(f"{head}{rule}column-blank}}\n", encoding="utf-8")
    with pytest.raises(PackError, match=r"own.yaml:6: .*column-stale"):
        load_cadence(str(own))


# ---------------------------------------------------------------- points

HEAD = "规则,扣分,指标,指标分值\n"


def test_rows_of_one_indicator_share_its_limit() -> None:
    table = parse_points_csv(f"{HEAD}{BLANK},5,发布,8\n\n{STALE},3,发布,8\n", "p.csv", RULES)
    (one,) = table.indicators
    assert (one.name, one.points, [d.points for d in one.deductions]) == ("发布", 8, [5, 3])


def test_rule_without_indicator_stands_for_itself() -> None:
    table = parse_points_csv(f"rule,points\n{BLANK},5\n", "p.csv", RULES)
    assert table.costs == {BLANK: 5}
    blank = with_points([available_packs()["national-2019-19"]], table)[0]
    assert {rule.slug: rule.points for rule in blank.rules if rule.points is not None} == {"column-blank": 5}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", r"p.csv:1: 分值表是空的"),
        (HEAD, r"p.csv:1: 分值表是空的"),
        (f"{HEAD}{BLANK[:-1]},5,甲,9\n", rf"p.csv:2: 没有规则.*{BLANK}"),
        (f"{HEAD}{BLANK},五,甲,9\n", r"p.csv:2: “扣分”.*“五”"),
        (f"{HEAD}{BLANK},-5,甲,9\n", r"p.csv:2: “扣分”"),
        (f"{HEAD}{BLANK},5,甲,\n", r"p.csv:2: “指标分值”"),
        (f"{HEAD}{BLANK},5,甲,120\n", r"p.csv: 各指标分值合计 120，超过总分 100"),
        (f"{HEAD}{BLANK},5,甲,9\n{STALE},5,甲,8\n", r"p.csv:3: .*第 2 行不一致"),
        (f"{HEAD}{BLANK},5,甲,9\n{BLANK},5,甲,9\n", r"p.csv:3: .*第 2 行"),
        (f"{HEAD}national-2019-19/home-not-updated,5,甲,9\n", r"p.csv:2: .*单项否决，不计分"),
        (f"{HEAD}key-areas/column-stale,5,甲,9\n", r"p.csv:2: .*只作提醒，不扣分"),
        (f"规则,分数\n{BLANK},5\n", r"p.csv:1: 表头缺少“扣分”"),
        (f'{HEAD}"{BLANK},5,甲,9\n', r"p.csv:2: 不是正确的 CSV"),
    ],
)
def test_wrong_points_are_refused_with_line_and_advice(text: str, told: str) -> None:
    with pytest.raises(PointsError, match=told):
        parse_points_csv(text, "p.csv", RULES)


# ---------------------------------------------------------------- units


def test_units_stand_in_a_list_a_table_or_a_registry() -> None:
    names = ("青禾县教育局", "青禾县民政局")
    assert parse_units("青禾县教育局\n青禾县民政局\n青禾县教育局\n", "u.csv") == names
    assert parse_units("序号,单位名称\n1,青禾县教育局\n\n2,青禾县民政局\n", "u.csv") == names
    assert parse_units("网站标识码;网站名称;主办单位\n1;甲网;青禾县教育局\n2;乙网;青禾县民政局\n", "u.csv") == names


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", r"u.csv:1: 单位名单是空的"),
        ("单位名称\n", r"u.csv:1: 单位名单只有表头"),
        ("序号,名单\n1,教育局\n", r"u.csv:1: 表头中没有单位名称一列"),
        ("序号,单位名称\n1,教育局\n2,\n", r"u.csv:3: 这一行没有单位名称"),
        ('单位名称\n"教育局\n', r"u.csv:\d: 不是正确的 CSV"),
        ("单位名称\n" + "长" * 61 + "\n", r"u.csv:2: .*太长"),
    ],
)
def test_wrong_unit_list_is_refused_with_line_and_advice(text: str, told: str) -> None:
    with pytest.raises(UnitsError, match=told):
        parse_units(text, "u.csv")


def test_unit_list_of_another_kind_of_file_is_refused(tmp_path: Path) -> None:
    sheet = tmp_path / "units.xlsx"
    sheet.write_bytes(b"PK\x03\x04\xff\xfe\x00")
    with pytest.raises(UnitsError, match="另存为 UTF-8 编码的 CSV"):
        load_units(sheet)
    with pytest.raises(UnitsError, match="没有这个单位名单文件"):
        load_units(tmp_path / "none.csv")


def budgets(*units: str) -> PortalFacts:
    return portal(column("部门预算", "budget", [item("2026-03-01", f"{unit}2026年部门预算") for unit in units]))


def matrix(facts: PortalFacts, units: tuple[str, ...]) -> Verdict:
    verdicts = Judge([available_packs()["budget-law"]], AS_OF, units).judge(facts)
    return next(v for v in verdicts if v.rule == "budget-law/budget-units")


def test_listed_unit_without_a_budget_is_named_and_only_as_advice() -> None:
    found = matrix(budgets("青禾县教育局", "青禾县人力资源和社会保障局"), ("教育局", "人社局", "民政局"))
    assert (found.outcome, found.severity) == (Outcome.VIOLATION, Severity.ADVICE)
    assert [member.column for member in found.members or ()] == ["民政局"]
    assert "名单上 3 个单位" in found.message


def test_complete_matrix_is_ok_and_without_a_list_nothing_is_known() -> None:
    assert matrix(budgets("青禾县教育局", "青禾县民政局"), ("教育局", "民政局")).outcome is Outcome.OK
    assert matrix(budgets("青禾县教育局"), ()).reason == "not_observed"


# ---------------------------------------------------------------- settings


def test_option_outranks_the_setting(tmp_path: Path) -> None:
    units = tmp_path / "units.csv"
    units.write_text("单位名称\n教育局\n", encoding="utf-8")
    settings = load_settings(cadence="pingchang", units_list=str(units))
    assert load_choices(settings).cadence == load_cadence("pingchang")
    chosen = load_choices(settings, cadence="yangling")
    assert (chosen.cadence, chosen.units) == (load_cadence("yangling"), ("教育局",))
    assert load_choices(load_settings()) == OfficeChoices()


@pytest.mark.parametrize(
    ("values", "variable"),
    [
        ({"cadence": "pinchang"}, "GKMONITOR_CADENCE"),
        ({"points_table": "/nowhere/p.yaml"}, "GKMONITOR_POINTS_TABLE"),
        ({"units_list": "/nowhere/u.csv"}, "GKMONITOR_UNITS_LIST"),
    ],
)
def test_wrong_setting_is_named(values: dict[str, Any], variable: str) -> None:
    with pytest.raises(SettingError, match=variable):
        load_choices(load_settings(**values))


def test_office_adds_a_year_of_working_days(tmp_path: Path) -> None:
    table = tmp_path / "workdays.yaml"
    table.write_text("2027: {holidays: [01-01], workdays: [01-03]}\n", encoding="utf-8")
    load_choices(load_settings(workday_table=str(table)))
    assert not is_workday(date(2027, 1, 1))
    assert is_workday(date(2027, 1, 3))
    table.write_text("2027: {}\n", encoding="utf-8")
    with pytest.raises(SettingError, match="2027"):
        load_choices(load_settings(workday_table=str(table)))


# ---------------------------------------------------------------- the commands


class Desk:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        facts = portal(
            column("要闻", "news", items(ago(20))),
            column("专题", "plans", []),
            column("教育", "education", items(ago(50))),
        )
        self.keep(facts)

    def keep(self, facts: PortalFacts) -> None:
        self.write("facts.json", json.dumps(dump_facts(facts)))

    def write(self, name: str, text: str) -> str:
        (self.folder / name).write_text(text, encoding="utf-8")
        return str(self.folder / name)

    def check(self, *words: str) -> tuple[int, dict[str, Any]]:
        code, out, err = run("check", "--facts", str(self.folder / "facts.json"), "--json", *words)
        assert out.count("\n") == 1, err
        return code, json.loads(out)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_check_tells_the_points_by_the_offices_table(desk: Desk) -> None:
    points = desk.write("points.csv", f"{HEAD}{BLANK},5,发布,30\n{STALE},3,发布,30\n")
    code, answer = desk.check("--points", points)
    score = answer["score"]
    assert (code, score["points"], score["pass_line"], score["bonus_line"]) == (1, 92, 60, 80)
    assert (score["qualified"], answer["summary"]["qualified"]) == (None, None)
    (indicator,) = score["indicators"]
    assert (indicator["lost"], indicator["faults"], indicator["points"]) == (8, 2, 30)
    assert {v["points"] for v in answer["verdicts"] if v["rule"] == BLANK and v["verdict"] == "violation"} == {5}


def test_check_without_a_table_has_no_score(desk: Desk) -> None:
    answer = desk.check()[1]
    assert answer["score"] is None
    assert {verdict["points"] for verdict in answer["verdicts"]} == {None}


def test_department_gets_no_points_unless_the_table_says_so(desk: Desk) -> None:
    facts = portal(column("要闻", "news", items(ago(20))))
    desk.keep(replace(facts, site=replace(facts.site, profile=Profile.DEPARTMENT)))
    table = (
        f"title: 表\nindicators:\n  - name: 甲\n    points: 9\n    deductions:\n      - {{rule: {STALE}, points: 4}}\n"
    )
    plain = desk.check("--points", desk.write("p.yaml", table))[1]["score"]
    scored = desk.check("--points", desk.write("p.yaml", f"score_departments: true\n{table}"))[1]["score"]
    assert (plain["points"], scored["points"]) == (None, 96)


def test_terminal_and_page_show_the_points(desk: Desk) -> None:
    points = desk.write("points.csv", f"{HEAD}{BLANK},5,发布<b>解读,30\n")
    page = desk.folder / "page.html"
    words = ("--points", points, "--html", str(page))
    out = run("check", "--facts", str(desk.folder / "facts.json"), *words)[1]
    assert "得 95 分" in out.replace("\n", "")
    assert "合格线 60 分" in out.replace("\n", "")
    assert "发布&lt;b&gt;解读" in page.read_text(encoding="utf-8")


def test_check_judges_by_the_chosen_cadence_and_names_it(desk: Desk) -> None:
    def told(name: str) -> set[str]:
        answer = desk.check("--cadence", name)[1]
        assert {pack["id"] for pack in answer["packs"]} >= {f"cadence-{name}", "national-2019-19"}
        found = [v for v in answer["verdicts"] if v["rule"].startswith("cadence-") and v["subject"]["column"] == "教育"]
        return {v["verdict"] for v in found}

    assert told("yangling") == {"violation"}
    assert told("pingchang") == {"ok"}


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--cadence", "pinchang"), "pingchang"),
        (("--cadence", ""), "--cadence"),
        (("--points", "nowhere.csv"), "nowhere.csv"),
        (("--points", ""), "--points"),
        (("--units", "nowhere.csv"), "nowhere.csv"),
        (("--units", " "), "--units"),
    ],
)
def test_wrong_choice_gets_one_line_and_exit_2(desk: Desk, words: tuple[str, ...], told: str) -> None:
    code, out, err = run("check", "--facts", str(desk.folder / "facts.json"), *words)
    assert (code, out) == (2, "")
    assert_one_chinese_line(err)
    assert told in err


def test_list_names_cadence_and_points_in_use(desk: Desk) -> None:
    points = desk.write("points.csv", f"{HEAD}{BLANK},5,发布,30\n")
    listed = json.loads(run("rules", "list", "--json", "--cadence", "pingchang", "--points", points)[1])
    assert (listed["cadence"], listed["points"]["rules"]) == ("cadence-pingchang", {BLANK: 5})
    assert {one["name"] for one in listed["cadences"]} == set(available_cadences())
    assert "cadence-pingchang" in {pack["id"] for pack in listed["packs"]}
    plain = json.loads(run("rules", "list", "--json")[1])
    assert (plain["cadence"], plain["points"]) == (None, None)
    assert "更新周期：未选用" in run("rules", "list")[1]


def test_show_tells_the_points_and_where_they_come_from(desk: Desk) -> None:
    points = desk.write("points.csv", f"{HEAD}{BLANK},5,发布,30\n")
    out = run("rules", "show", BLANK, "--points", points)[1].replace("\n", "").replace(" ", "")
    assert f"5（{points}）" in out
    assert json.loads(run("rules", "show", BLANK, "--points", points, "--json")[1])["points"] == 5
    assert json.loads(run("rules", "show", "cadence-pingchang/year", "--json")[1])["check"] == "column-stale"


def test_rule_of_a_cadence_can_be_explained(desk: Desk) -> None:
    facts = str(desk.folder / "facts.json")
    code, out, _ = run("explain", "--facts", facts, "--rule", "cadence-pingchang/quarter", "--json")
    assert code == 0
    assert [v["verdict"] for v in json.loads(out)["verdicts"]] == ["ok"]


def test_every_wrong_choice_is_a_usage_error() -> None:
    assert issubclass(PointsError, UsageError)
    assert issubclass(UnitsError, UsageError)


def test_rule_of_an_own_pack_can_be_explained(desk: Desk) -> None:
    text = 'id: own\nversion: "1"\ntitle: 本单位\ndocuments: [本单位规定]\nrules:\n'
    rule = "  - {slug: a, title: 甲, clause: 一, confidence: A, severity: deduction, check: column-blank}\n"
    words = ("--facts", str(desk.folder / "facts.json"), "--rule", "own/a", "--json", "--as-of", "2099-01-01")
    code, out, err = run("explain", *words, "--pack", desk.write("own.yaml", text + rule))
    assert (code, json.loads(out)["rule"]["id"]) == (0, "own/a")
    assert "晚于今天" in err
    assert run("explain", *words)[0] == 2


def test_pack_without_a_name_is_told_the_names(desk: Desk) -> None:
    code, out, err = run("check", "--facts", str(desk.folder / "facts.json"), "--pack", "")
    assert (code, out) == (2, "")
    assert_one_chinese_line(err)
    assert "national-2019-19" in err
