"""One table for every check that knows a day: the limit, a day less, a day more, at the turns of the calendar.

The last days are written out and not computed: across 1 January, across National Day, over and from a leap day.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from event_cases import DOCUMENT, EXPLANATION, row
from facts_builder import BASE, column, home, item, judge, pack_of, portal

from gkmonitor.checking import load_checks, registered_checks
from gkmonitor.records import Consultation, Details, History, Letter, Outcome, PortalFacts, ProbeWindow, Severity
from gkmonitor.rules import RulePack, parse_pack
from gkmonitor.workdays import is_workday

OK, VIOLATION = Outcome.OK, Outcome.VIOLATION
ONE_DAY = timedelta(days=1)
LATER = date(2026, 12, 30)

# ---------------------------------------------------------------- from an event to its publication

# event, last day
FIVE_WORKDAYS = (("2025-12-29", "2026-01-06"), ("2026-09-28", "2026-10-10"), ("2024-02-23", "2024-03-01"))
TWENTY_DAYS = (("2025-12-20", "2026-01-09"), ("2026-09-20", "2026-10-10"), ("2024-02-15", "2024-03-06"))
THIRTY_DAYS = (("2025-12-10", "2026-01-09"), ("2026-09-10", "2026-10-10"), ("2024-02-05", "2024-03-06"))


def late_rule(what: str, days: int, concept: str, kind: str) -> RulePack:
    return pack_of(
        "published-late", rest=f"concepts: [{concept}]\nday_kind: {kind}\nparams: {{what: {what}, limit_days: {days}}}"
    )


def rows(event: date, done: date) -> tuple[RulePack, PortalFacts]:
    found = Details(rows=(row("permit", event, done),))
    return late_rule("rows", 5, "permits", "working"), portal(column("许可", "permits", [item(done)], details=found))


def explained(event: date, done: date) -> tuple[RulePack, PortalFacts]:
    papers = column("政策文件", "policy-documents", [item(event, DOCUMENT)])
    explaining = column("政策解读", "policy-interpretation", [item(done, EXPLANATION)])
    return late_rule("interpretations", 5, "policy-documents", "working"), portal(papers, explaining)


def answered(event: date, done: date) -> tuple[RulePack, PortalFacts]:
    rule = pack_of("reply-overdue", rest="concepts: [consultation]\nday_kind: working\nparams: {limit_days: 5}")
    letter = Letter("咨询落户", BASE + "l", event, done, True)
    return rule, portal(column("县长信箱", "consultation", [item(event)], details=Details(letters=(letter,))))


def budget(event: date, done: date) -> tuple[RulePack, PortalFacts]:
    rule = pack_of(
        "due-date-missed",
        rest=f"concepts: [budget]\nparams: {{approved_on: {event}, limit_days: 20, title_any: [部门预算]}}",
    )
    papers = [item(done, f"青禾县{event.year}年部门预算"), item(date(2009, 1, 5), "青禾县2008年部门预算")]
    return rule, portal(column("预算", "budget", papers))


def units(event: date, done: date) -> tuple[RulePack, PortalFacts]:
    params = f"approved_on: {event}, limit_days: 20, title_has: [预算], units_asked: [教育局]"
    rule = pack_of("unit-missing", rest=f"concepts: [budget]\nparams: {{{params}}}")
    return rule, portal(column("预算", "budget", [item(done, f"青禾县教育局{event.year}年部门预算")]))


def plan(event: date, done: date) -> tuple[RulePack, PortalFacts]:
    params = f"names: [政务公开 工作方案], trigger: {event}, limit_days: 30"
    rule = pack_of("due-date-missed", rest=f"concepts: [notices]\nparams: {{{params}}}")
    return rule, portal(column("通知公告", "notices", [item(done, "关于印发政务公开工作方案的通知")]))


Build = Callable[[date, date], tuple[RulePack, PortalFacts]]
EVENTS: list[tuple[Build, tuple[tuple[str, str], ...], bool]] = [
    (rows, FIVE_WORKDAYS, True),
    (explained, FIVE_WORKDAYS, True),
    (answered, FIVE_WORKDAYS, True),
    (budget, TWENTY_DAYS, False),
    (units, TWENTY_DAYS, False),
    (plan, THIRTY_DAYS, False),
]


def next_day(day: date, step: int, is_working: bool) -> date:
    """The day before or after; the next day of work where these are counted."""
    day += step * ONE_DAY
    while is_working and not is_workday(day):
        day += step * ONE_DAY
    return day


@pytest.mark.parametrize(
    ("build", "event", "last", "is_working"),
    [(build, *days, is_working) for build, table, is_working in EVENTS for days in table],
)
def test_limit_after_an_event_is_kept_on_its_last_day_and_missed_on_the_next(
    build: Build, event: str, last: str, is_working: bool
) -> None:
    day = date.fromisoformat(last)
    for done, outcome in (
        (next_day(day, -1, is_working), OK),
        (day, OK),
        (next_day(day, 1, is_working), VIOLATION),
    ):
        rule, facts = build(date.fromisoformat(event), done)
        (found,) = judge(rule, facts, LATER)
        assert found.outcome is outcome, (done, found.message)
        assert found.severity is Severity.DEDUCTION


@pytest.mark.parametrize(("opens", "thirtieth"), [(o, str(date.fromisoformat(d) - ONE_DAY)) for o, d in THIRTY_DAYS])
def test_opinions_are_taken_for_thirty_days_both_ends_counted(opens: str, thirtieth: str) -> None:
    rule = late_rule("consultation-windows", 30, "survey", "natural")
    first, last = date.fromisoformat(opens), date.fromisoformat(thirtieth)
    for closes, outcome in ((last - ONE_DAY, VIOLATION), (last, OK), (last + ONE_DAY, OK)):
        draft = Consultation("供水价格方案", BASE + "d", first, first, closes)
        facts = portal(column("意见征集", "survey", [item(first)], details=Details(consultations=(draft,))))
        assert [v.outcome for v in judge(rule, facts, LATER)] == [outcome]


@pytest.mark.parametrize(("closed", "last"), TWENTY_DAYS)
def test_result_of_a_draft_is_asked_for_only_after_its_last_day(closed: str, last: str) -> None:
    rule = late_rule("consultation-feedback", 20, "survey", "natural")
    ended = date.fromisoformat(closed)
    draft = Consultation("供水价格方案公开征求意见", BASE + "d", ended - 30 * ONE_DAY, None, ended)
    facts = portal(column("意见征集", "survey", [item(ended)], details=Details(consultations=(draft,))))
    day = date.fromisoformat(last)
    for today, outcome in ((day - ONE_DAY, Outcome.NOT_APPLICABLE), (day, Outcome.NOT_APPLICABLE)):
        assert [v.outcome for v in judge(rule, facts, today)] == [outcome]
    (found,) = judge(rule, facts, day + ONE_DAY)
    assert (found.outcome, found.severity) == (VIOLATION, Severity.ADVICE)


# ---------------------------------------------------------------- back from the day judged for

# day judged for, oldest day that is still new enough
FOURTEEN_DAYS = (("2026-01-08", "2025-12-25"), ("2026-10-05", "2026-09-21"), ("2028-03-05", "2028-02-20"))
THREE_MONTHS = (("2026-01-31", "2025-10-31"), ("2026-10-05", "2026-07-05"), ("2028-05-29", "2028-02-29"))

STALE = pack_of("column-stale", rest="concepts: [news]\nparams: {max_age: P14D}")
HOME = pack_of("home-not-updated", rest="params: {max_age: P14D}")
LETTERS = pack_of("reply-overdue", rest="concepts: [consultation]\nparams: {limit_age: P3M}")
SURVEYS = pack_of("no-consultation-channel", rest="concepts: [survey]\nparams: {at_least: 2, within_age: P3M}")
COUNTS = {
    code: parse_pack(
        f"""id: trial
version: "1"
title: 试用
documents: [试用办法]
rules:
  - {{slug: one, title: 陈旧, clause: 一, confidence: A, check: column-stale, severity: advice, concepts: [news],
     params: {{max_age: P14D}}}}
  - {{slug: stale, title: 陈旧, clause: 一, confidence: A, check: column-stale, severity: deduction, concepts: [news],
     params: {{max_age: P14D}}}}
  - {{slug: many, title: 多, clause: 二, confidence: A, check: {code}, severity: veto,
     params: {{of: [stale], threshold: 2}}}}
""",
        "trial.yaml",
    )
    for code in ("news-stale-count", "other-stale-count")
}


def stale_list(day: date) -> PortalFacts:
    return portal(column("要闻", "news", [item(day)]))


def two_lists(day: date) -> PortalFacts:
    return portal(column("要闻", "news", [item(day)]), column("动态", "news", [item(day)]))


def waiting_letter(day: date) -> PortalFacts:
    letter = Letter("咨询落户", BASE + "l", day, None, False)
    return portal(column("县长信箱", "consultation", [item(day)], details=Details(letters=(letter,))))


def two_surveys(day: date) -> PortalFacts:
    return portal(column("民意征集", "survey", [item(day, "第一次征集"), item(day, "第二次征集")]))


AGES: list[tuple[RulePack, Callable[[date], PortalFacts], tuple[tuple[str, str], ...]]] = [
    (STALE, stale_list, FOURTEEN_DAYS),
    (HOME, lambda day: portal(home=home(item(day))), FOURTEEN_DAYS),
    (COUNTS["news-stale-count"], two_lists, FOURTEEN_DAYS),
    (COUNTS["other-stale-count"], two_lists, FOURTEEN_DAYS),
    (LETTERS, waiting_letter, THREE_MONTHS),
    (SURVEYS, two_surveys, THREE_MONTHS),
]


@pytest.mark.parametrize(
    ("rule", "facts_of", "as_of", "oldest"), [(rule, make, *days) for rule, make, table in AGES for days in table]
)
def test_age_is_kept_up_to_its_oldest_day_and_missed_a_day_before(
    rule: RulePack, facts_of: Callable[[date], PortalFacts], as_of: str, oldest: str
) -> None:
    last = date.fromisoformat(oldest)
    for day, outcome in ((last + ONE_DAY, OK), (last, OK), (last - ONE_DAY, VIOLATION)):
        found = judge(rule, facts_of(day), date.fromisoformat(as_of))[-1]
        assert found.outcome is outcome, (day, found.message)


@pytest.mark.parametrize("today", ["2025-12-31", "2026-01-01", "2026-10-01", "2028-02-28", "2028-02-29"])
def test_tomorrow_is_the_future_and_today_is_not(today: str) -> None:
    rule, day = pack_of("future-dated", severity="advice"), date.fromisoformat(today)
    for shown, outcome in ((day - ONE_DAY, OK), (day, OK)):
        assert judge(rule, stale_list(shown), day)[0].outcome is outcome
    # What was read later than the day judged for may be dated until then: a replay accuses nobody.
    assert judge(rule, stale_list(day + ONE_DAY), day)[0].outcome is (OK if day < date(2026, 11, 22) else VIOLATION)


@pytest.mark.parametrize(("due", "year"), [("01-01", 2026), ("10-01", 2026), ("02-28", 2028), ("12-31", 2026)])
def test_yearly_paper_is_in_time_on_its_day_and_late_on_the_next(due: str, year: int) -> None:
    params = f'due: "{due}", title_any: [部门预算]'
    rule = pack_of("due-date-missed", rest=f"concepts: [budget]\nparams: {{{params}}}")
    day, old = date.fromisoformat(f"{year}-{due}"), item(date(2009, 1, 5), "青禾县2008年部门预算")
    for published, outcome in ((day - ONE_DAY, OK), (day, OK), (day + ONE_DAY, VIOLATION)):
        if published.year != year and outcome is VIOLATION:
            continue  # the next year asks for its own paper
        facts = portal(column("预算", "budget", [item(published, f"青禾县{year}年部门预算"), old]))
        assert judge(rule, facts, date(year, 12, 31))[0].outcome is outcome
    for today, outcome in ((day - ONE_DAY, Outcome.NOT_APPLICABLE), (day, Outcome.NOT_APPLICABLE)):
        if today.year == year:
            assert judge(rule, portal(column("预算", "budget", [old])), today)[0].outcome is outcome


@pytest.mark.parametrize(("down", "outcome"), [(6, OK), (7, VIOLATION), (8, VIOLATION)])
@pytest.mark.parametrize("last", ["2026-01-03", "2026-10-03", "2028-03-02"])
def test_five_percent_of_a_week_of_probes_is_a_veto(down: int, outcome: Outcome, last: str) -> None:
    from gkmonitor.judging import Judge

    rule = pack_of("site-unreachable", severity="veto", rest="params: {share_percent: 5}")
    day = date.fromisoformat(last)
    window = ProbeWindow(day - timedelta(days=6), day, up=140 - down, down=down, days=7)
    assert Judge([rule], day).judge(portal(), History(probes=window))[0].outcome is outcome


# ---------------------------------------------------------------- no check is forgotten

# Questions without a day; their limits are counts, held in their own files.
WITHOUT_DAY = {
    *("column-missing", "column-blank", "blank-count", "guide-incomplete", "row-incomplete", "mark-missing"),
    *("label-missing", "domain-nonconforming", "platform-block-missing"),
}
WITH_DAY = {
    *("published-late", "reply-overdue", "due-date-missed", "unit-missing", "column-stale", "home-not-updated"),
    *("news-stale-count", "other-stale-count", "no-consultation-channel", "future-dated", "site-unreachable"),
}


def test_every_check_that_knows_a_day_stands_in_this_table() -> None:
    load_checks()
    ours = {code for code, check in registered_checks().items() if check.__module__.startswith("checks.")}
    assert ours - WITHOUT_DAY == WITH_DAY
