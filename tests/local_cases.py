"""Small portals built from a rule of a local pack: one that it accuses and one that it acquits."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from event_cases import EVENT_CASES
from facts_builder import AS_OF, BASE, column, home, item, portal

from checks.oneoff import last_day
from gkmonitor.checking import PortalView
from gkmonitor.dates import Period
from gkmonitor.judging import Judge
from gkmonitor.records import ColumnFacts, HomeFacts, Outcome, PortalFacts, Profile, Severity, Site, Verdict
from gkmonitor.rules import Rule, available_packs

ONE_DAY = timedelta(days=1)
ORDER = (Profile.DEPARTMENT, Profile.ENTERPRISE, Profile.COUNTY_PORTAL, Profile.CITY_PORTAL, Profile.TOWNSHIP_PAGE)


def site_for(rule: Rule, profile: Profile | None = None) -> Site:
    """A body that the rule binds: the first of its units, or any of the profile."""
    profile = profile or next(p for p in ORDER if not rule.profiles or p in rule.profiles)
    name = f"青禾县{rule.units[0]}" if rule.units else "青禾县某某局"
    if rule.units and profile is Profile.ENTERPRISE:
        name = next(f"青禾县{unit}" for unit in rule.units if not unit.endswith(("局", "委", "办")))
    elif rule.units and profile is Profile.DEPARTMENT:
        name = next((f"青禾县{unit}" for unit in rule.units if unit.endswith(("局", "委", "办"))), name)
    return Site(BASE, BASE, name, None, None, profile)


def facts(rule: Rule, *columns: ColumnFacts, front: HomeFacts | None = None, **details: Any) -> PortalFacts:
    return replace(portal(*columns, home=front, **details), site=site_for(rule))


def unrelated() -> ColumnFacts:
    return column("人防工程", None, [item(AS_OF, "青禾县人防宣传")])


def words_of(entry: str) -> str:
    """A title that holds the first alternative of an entry of ``names``."""
    return entry.split("|")[0].replace(" ", "")


def verdicts(rule: Rule, portal_facts: PortalFacts, as_of: date = AS_OF) -> list[Verdict]:
    pack = replace(available_packs()[rule.pack], rules=(rule,))
    return Judge([pack], as_of).judge(portal_facts)


def outcomes(rule: Rule, portal_facts: PortalFacts, as_of: date = AS_OF) -> set[Outcome]:
    return {verdict.outcome for verdict in verdicts(rule, portal_facts, as_of)}


def severities(rule: Rule, portal_facts: PortalFacts, as_of: date = AS_OF) -> set[Severity]:
    return {v.severity for v in verdicts(rule, portal_facts, as_of) if v.outcome is Outcome.VIOLATION}


# ---------------------------------------------------------------- column-missing, column-stale, column-blank


def missing(rule: Rule) -> tuple[PortalFacts, PortalFacts]:
    if "names" in rule.params:
        titled = [item(AS_OF, f"关于{words_of(entry)}的公告") for entry in rule.params["names"]]
        return facts(rule, unrelated()), facts(rule, column("信息", rule.concepts[0], titled))
    there = (column(f"栏目{concept}", concept, [item()]) for concept in rule.concepts)
    return facts(rule, unrelated()), facts(rule, *there)


def stale(rule: Rule) -> tuple[PortalFacts, PortalFacts]:
    limit = rule.params["max_age"]
    assert isinstance(limit, Period)
    last = limit.before(AS_OF)
    early = rule.params.get("cadence_age") or rule.params.get("early_age")
    good = early.before(AS_OF) if isinstance(early, Period) else last

    def columns(day: date) -> list[ColumnFacts]:
        if "names" in rule.params:
            return [
                column(words_of(entry), rule.concepts[0], [item(day, f"信息第{n}期")])
                for n, entry in enumerate(rule.params["names"])
            ]
        return [column(f"栏目{concept}", concept, [item(day)]) for concept in rule.concepts]

    return facts(rule, *columns(last - ONE_DAY)), facts(rule, *columns(good))


def blank(rule: Rule) -> tuple[PortalFacts, PortalFacts]:
    return facts(rule, column("专题", "plans", [])), facts(rule, column("专题", "plans", [item()]))


def home_not_updated(rule: Rule) -> tuple[PortalFacts, PortalFacts]:
    last = rule.params["max_age"].before(AS_OF)
    good = rule.params.get("early_age", rule.params["max_age"]).before(AS_OF)
    return facts(rule, front=home(item(last - ONE_DAY))), facts(rule, front=home(item(good)))


# ---------------------------------------------------------------- due-date-missed


def due(rule: Rule) -> tuple[PortalFacts, PortalFacts]:
    year = AS_OF.year + int(rule.params.get("year_offset", 0))
    word = " ".join(rule.params.get("title_any", rule.params.get("title_has", ("",)))[:1]).replace(" ", "")
    old = item(date(2024, 1, 15), f"青禾县{year - 1}年{word}")
    done = item(date(2026, 1, 10), f"青禾县{year}年{word}")
    concept = rule.concepts[0]
    return facts(rule, column("专栏", concept, [old])), facts(rule, column("专栏", concept, [done, old]))


def due_day(rule: Rule) -> date:
    from checks.duedates import DueDateMissed

    return last_day(DueDateMissed(rule, PortalView(portal(), AS_OF)))


def once(rule: Rule) -> tuple[PortalFacts, PortalFacts]:
    day = due_day(rule)

    def on(published: date) -> PortalFacts:
        title = f"关于{words_of(rule.params['names'][0])}的通知"
        return facts(rule, column("信息", rule.concepts[0], [item(published, title)]))

    return on(day + ONE_DAY), on(day)


def cases(rule: Rule) -> tuple[PortalFacts, PortalFacts, date]:
    """(facts that it accuses, facts that it acquits, the day judged for)."""
    if rule.check == "due-date-missed" and "names" in rule.params:
        return (*once(rule), due_day(rule) + timedelta(days=30))
    if rule.check in EVENT_CASES:
        bad, good = (replace(given, site=site_for(rule)) for given in EVENT_CASES[rule.check](rule))
        return bad, good, AS_OF
    build = {
        "column-missing": missing,
        "column-stale": stale,
        "column-blank": blank,
        "home-not-updated": home_not_updated,
        "due-date-missed": due,
    }[rule.check]
    month, day = map(int, str(rule.params.get("due", "01-01")).split("-"))
    return (*build(rule), max(AS_OF, date(AS_OF.year, month, day) + ONE_DAY))
