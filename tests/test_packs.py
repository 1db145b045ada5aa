"""The built-in packs: what they may claim, and that every rule can accuse and can acquit."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from importlib.resources import files
from typing import Any

import pytest
import yaml
from event_cases import EVENT_CASES
from facts_builder import AS_OF, BASE, ago, column, home, item, observation, portal

from gkmonitor.checking import load_checks, registered_checks
from gkmonitor.judging import Judge
from gkmonitor.records import (
    ColumnFacts,
    History,
    Marks,
    Outcome,
    PageKind,
    PageRecord,
    PortalFacts,
    ProbeWindow,
    Profile,
    Severity,
)
from gkmonitor.rules import Rule, available_packs

PACKS = available_packs()
RULES = {rule.id: rule for pack in PACKS.values() for rule in pack.rules}
NATIONAL = [rule for rule in RULES.values() if PACKS[rule.pack].region is None]  # the others: test_local_packs.py
SITE_LABELS = ("SiteName", "SiteDomain", "SiteIDCode")
COLUMN_LABELS = ("ColumnName", "ColumnDescription", "ColumnKeywords", "ColumnType")
ALL_LABELS = (*SITE_LABELS, *COLUMN_LABELS, "ArticleTitle", "PubDate", "ContentSource")
FULL_MARKS = Marks(
    site_id_code="9901020001",
    icp="云ICP备00000001号",
    psb="云公网安备 99010202000001号",
    organizer="青禾县人民政府办公室",
    contact="000-0000000",
    labels=dict.fromkeys(ALL_LABELS, "青禾县"),
    has_party_government_mark=True,
    has_error_report_entry=True,
)
NAMES = {concept: f"栏目{concept}" for rule in RULES.values() for concept in rule.concepts}


def test_first_packs_are_there() -> None:
    assert {
        "national-2019-19",
        "platform-2019-61",
        "guideline-2017-47",
        "regulation-2019",
        "budget-law",
        "double-publicity",
        "key-areas",
    } <= set(PACKS)


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda r: r.id)
def test_unverified_rule_only_warns(rule: Rule) -> None:
    assert rule.verified or rule.severity is Severity.ADVICE


@pytest.mark.parametrize("rule", [r for r in RULES.values() if r.check == "column-missing"], ids=lambda r: r.id)
def test_missing_column_is_above_advice_only_where_words_demand_one(rule: Rule) -> None:
    demands = re.search("专栏|栏目|专区|平台", rule.words)
    assert rule.severity is Severity.ADVICE or demands


def test_blank_and_stale_columns_are_judged_for_every_profile() -> None:
    for slug in ("news-column-stale", "notices-column-stale", "column-blank"):
        rule = RULES[f"national-2019-19/{slug}"]
        assert all(rule.binds(profile) for profile in (*Profile, None))
        assert rule.severity is Severity.DEDUCTION


def test_thresholds_of_the_national_table() -> None:
    params = {slug: RULES[f"national-2019-19/{slug}"].params for slug in ("home-not-updated", "blank-count")}
    assert params["home-not-updated"]["max_age"].days == 14
    assert params["blank-count"]["threshold"] == 5
    assert RULES["national-2019-19/news-stale-count"].params["threshold"] == 5
    assert RULES["national-2019-19/other-stale-count"].params["threshold"] == 10
    assert RULES["national-2019-19/notices-column-stale"].params["max_age"].months == 6


@pytest.mark.parametrize(
    ("profile", "department", "government"),
    [
        (Profile.DEPARTMENT, True, False),
        (Profile.COUNTY_PORTAL, False, True),
        (Profile.CITY_PORTAL, False, True),
        (Profile.PROVINCE_PORTAL, False, True),
        (Profile.TOWNSHIP_PAGE, False, False),
        (Profile.ENTERPRISE, False, False),
        (None, None, None),
    ],
)
def test_annual_report_binds_departments_and_governments(
    profile: Profile | None, department: bool | None, government: bool | None
) -> None:
    assert RULES["regulation-2019/annual-report-department"].binds(profile) is department
    assert RULES["regulation-2019/annual-report-government"].binds(profile) is government


def test_every_rule_names_a_document_a_clause_and_a_title() -> None:
    for rule in RULES.values():
        assert rule.document
        assert rule.clause
        assert rule.title
        assert rule.points is None


def test_every_check_has_a_first_line_that_says_what_it_finds() -> None:
    load_checks()
    for code, check in registered_checks().items():
        assert re.fullmatch(r"[a-z]+(-[a-z]+)+", code)
        assert check.__doc__
        assert check.__doc__.splitlines()[0].endswith(".")


# ---------------------------------------------------------------- the published schema


def schema_faults(value: Any, schema: dict[str, Any], root: dict[str, Any]) -> list[str]:
    """The part of JSON Schema that ours uses."""
    if "$ref" in schema:
        return schema_faults(value, root["$defs"][schema["$ref"].rsplit("/", 1)[-1]], root)
    kinds: dict[str, type | tuple[type, ...]] = {
        "object": dict,
        "array": list,
        "string": str,
        "boolean": bool,
        "number": (int, float),
        "null": type(None),
    }
    wanted = schema.get("type")
    if wanted and not any(isinstance(value, kinds[w]) for w in ([wanted] if isinstance(wanted, str) else wanted)):
        return [f"{value!r} is no {wanted}"]
    faults = []
    if "enum" in schema and value not in schema["enum"]:
        faults.append(f"{value!r} is not in {schema['enum']}")
    if "pattern" in schema and not re.search(schema["pattern"], value):
        faults.append(f"{value!r} does not match {schema['pattern']}")
    if isinstance(value, dict) and "properties" in schema:
        faults += [f"{key} is missing" for key in schema.get("required", ()) if key not in value]
        for key, child in value.items():
            if key not in schema["properties"]:
                faults.append(f"{key} is unknown")
            else:
                faults += schema_faults(child, schema["properties"][key], root)
    if isinstance(value, list):
        faults += [fault for child in value for fault in schema_faults(child, schema.get("items", {}), root)]
    return faults


def whole_pack(folder: Any, name: str) -> dict[str, Any]:
    """A pack's YAML; the lists of one in a folder joined."""
    if not folder.joinpath(name).is_dir():
        return dict(yaml.safe_load(folder.joinpath(f"{name}.yaml").read_text(encoding="utf-8")))
    pack: dict[str, Any] = {}
    for file in folder.joinpath(name).iterdir():
        for key, value in yaml.safe_load(file.read_text(encoding="utf-8")).items():
            pack[key] = [*pack.get(key, []), *value] if key in ("rules", "tasks", "not_web") else value
    return pack


@pytest.mark.parametrize("name", PACKS)
def test_pack_fits_the_published_schema(name: str) -> None:
    folder = files("checks").joinpath("packs")
    schema = json.loads(folder.joinpath("schema.json").read_text(encoding="utf-8"))
    pack = whole_pack(folder, name)
    assert schema_faults(pack, schema, schema) == []
    assert schema_faults({**pack, "titel": "x"}, schema, schema) == ["titel is unknown"]


# ---------------------------------------------------------------- every rule accuses and acquits


def profile_for(rule: Rule) -> Profile:
    usual = (Profile.COUNTY_PORTAL, Profile.DEPARTMENT, Profile.TOWNSHIP_PAGE, Profile.PROVINCE_PORTAL)
    return next(profile for profile in usual if rule.binds(profile))


def blank(rule: Rule) -> tuple[ColumnFacts, ...]:
    return (column(NAMES.get("x", "专题"), rule.concepts[0] if rule.concepts else "plans", []),)


def stale(rule: Rule, count: int = 1, under: tuple[str, ...] = ()) -> tuple[ColumnFacts, ...]:
    concept = rule.concepts[0] if rule.concepts else "news"
    return tuple(column(f"栏目{n}", concept, [item(ago(800))], under=under) for n in range(count))


def fresh(rule: Rule) -> tuple[ColumnFacts, ...]:
    return tuple(column(f"新{c}", c, [item(ago(1))]) for c in (rule.concepts or ("news",)))


def found(rule: Rule) -> PortalFacts:
    titles = [item(ago(1), f"关于{entry.split('|')[0]}的公告") for entry in rule.params.get("names", ())]
    return portal(*fresh(rule), column("公告", None, titles))


def due(year: int, day: date | None) -> tuple[ColumnFacts, ...]:
    def entries(kind: str) -> list[Any]:
        old = item(date(2024, 1, 15), f"青禾县{year - 1}年{kind}")
        return [item(day, f"青禾县{year}年{kind}"), old] if day else [old]

    return (
        column("年报", "annual-report", entries("政府信息公开工作年度报告")),
        column("预算", "budget", entries("部门预算")),
        column("决算", "final-accounts", entries("部门决算")),
        column("网站年报", "site-annual-report", [*entries("政府网站工作年度报表"), *entries("政府网站监管年度报表")]),
    )


def bare_pages(labels: dict[str, str]) -> PortalFacts:
    pages = tuple(
        PageRecord(kind, Marks(labels=labels), observation(BASE + str(n)))
        for n, kind in enumerate((PageKind.HOME, PageKind.ARTICLE, PageKind.ARTICLE))
    )
    listed = column("要闻", "news", [item()], labels=labels)
    return portal(listed, pages=pages, marks=replace(FULL_MARKS, labels=labels))


def marks_without(rule: Rule) -> PortalFacts:
    field = str(rule.params["mark"])
    return portal(marks=replace(FULL_MARKS, **{field: False if field.startswith("has_") else None}))


def other(rule: Rule) -> tuple[ColumnFacts, ...]:
    return (column("人防工程", None, [item()]),)


Case = Callable[[Rule], PortalFacts]
ACCUSING: dict[str, Case] = {
    "home-not-updated": lambda r: portal(home=home(item(ago(15)))),
    "column-stale": lambda r: portal(*stale(r)),
    "column-blank": lambda r: portal(*blank(r)),
    "news-stale-count": lambda r: portal(*stale(r, 5)),
    "other-stale-count": lambda r: portal(*stale(r, 10, ("新闻",))),
    "blank-count": lambda r: portal(*(column(f"专题{n}", "education", []) for n in range(5))),
    "column-missing": lambda r: portal(*other(r)),
    "platform-block-missing": lambda r: portal(*other(r)),
    "mark-missing": marks_without,
    "label-missing": lambda r: bare_pages({}),
    "due-date-missed": lambda r: portal(*due(2026 + int(r.params["year_offset"]), None)),
    "future-dated": lambda r: portal(column("专题", None, [item(ago(-1))])),
}
ACQUITTING: dict[str, Case] = {
    "home-not-updated": lambda r: portal(home=home(item(ago(10)))),
    "column-stale": lambda r: portal(*fresh(r)),
    "column-blank": lambda r: portal(*fresh(r)),
    "news-stale-count": lambda r: portal(*stale(r, 4)),
    "other-stale-count": lambda r: portal(*stale(r, 9, ("新闻",))),
    "blank-count": lambda r: portal(*(column(f"专题{n}", "education", []) for n in range(4))),
    "column-missing": found,
    "platform-block-missing": lambda r: portal(*fresh(r)),
    "mark-missing": lambda r: portal(marks=FULL_MARKS),
    "label-missing": lambda r: bare_pages(dict.fromkeys(ALL_LABELS, "青禾县")),
    "due-date-missed": lambda r: portal(*due(2026 + int(r.params["year_offset"]), date(2026, 1, 10))),
    "future-dated": lambda r: portal(column("专题", None, [item(AS_OF)])),
}
ACCUSING |= {check: lambda r, build=build: build(r)[0] for check, build in EVENT_CASES.items()}  # type: ignore[misc]
ACQUITTING |= {check: lambda r, build=build: build(r)[1] for check, build in EVENT_CASES.items()}  # type: ignore[misc]


def probed(down: int) -> History:
    """A week of 20 probes a day, ``down`` of them without an answer."""
    return History(probes=ProbeWindow(AS_OF - timedelta(days=6), AS_OF, up=140 - down, down=down, days=7))


ACCUSING["site-unreachable"] = ACQUITTING["site-unreachable"] = lambda r: portal()
PROBES = {Outcome.VIOLATION: probed(7), Outcome.OK: probed(4)}  # 5 % of 140 are 7; 3 % warn from 5 on


def outcomes(rule: Rule, case: Case, history: History | None = None) -> set[Outcome]:
    facts = case(rule)
    facts = replace(facts, site=replace(facts.site, profile=profile_for(rule)))
    verdicts = Judge([PACKS[rule.pack]], AS_OF).judge(facts, history)
    return {verdict.outcome for verdict in verdicts if verdict.rule == rule.id}


@pytest.mark.parametrize("rule", NATIONAL, ids=lambda r: r.id)
def test_every_rule_accuses_in_one_case_and_acquits_in_another(rule: Rule) -> None:
    assert Outcome.VIOLATION in outcomes(rule, ACCUSING[rule.check], PROBES[Outcome.VIOLATION])
    assert outcomes(rule, ACQUITTING[rule.check], PROBES[Outcome.OK]) <= {Outcome.OK, Outcome.EXCUSED}


# regulations.md: SEMI, or AUTO and confirm
FOR_A_PERSON = {"other-stale-count", "blank-count", "consultation-missing"}


def test_vetoes_that_need_a_person_say_so_in_every_accusation() -> None:
    vetoes = {rule.slug: rule for rule in PACKS["national-2019-19"].rules if rule.severity is Severity.VETO}
    assert {slug for slug, rule in vetoes.items() if rule.needs_person} == FOR_A_PERSON
    for slug in ("consultation-missing", "home-not-updated"):
        facts = ACCUSING[vetoes[slug].check](vetoes[slug])
        facts = replace(facts, site=replace(facts.site, profile=Profile.COUNTY_PORTAL))
        found = [v for v in Judge([PACKS["national-2019-19"]], AS_OF).judge(facts) if v.rule == vetoes[slug].id]
        accused = [v for v in found if v.outcome is Outcome.VIOLATION]
        assert accused
        assert all(("须由人核实" in v.message) is (slug in FOR_A_PERSON) for v in accused)


def test_no_rule_is_left_out_of_the_cases() -> None:
    local = {rule.id for rule in RULES.values() if PACKS[rule.pack].region is not None}
    assert {rule.id for rule in NATIONAL} | local == set(RULES)
    assert {rule.check for rule in RULES.values()} <= set(ACCUSING) & set(ACQUITTING)
