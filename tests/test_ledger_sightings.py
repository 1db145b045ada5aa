"""What inspections do to the ledger, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from databases import opened
from ledger_builder import DAY, NEWS, OK, STALE, Ledger, undecided, verdict

from gkmonitor.ledger.records import EventKind, State
from gkmonitor.records import Excuse, Outcome, Reason, Severity, Subject
from gkmonitor.registry.records import Exemption
from gkmonitor.storage import Database
from gkmonitor.storage.cases import events_of, verify_chain

HOURS = timedelta(hours=1)
BAD = verdict()
GOOD = verdict(OK)


@pytest.fixture
def ledger(sqlite_url: str) -> Iterator[Ledger]:
    """Pure rules need one database only; what storage itself must get right is told to ``both``."""
    with opened(sqlite_url) as database:
        yield Ledger(database)


@pytest.fixture
def both(database: Database) -> Ledger:
    return Ledger(database)


def kinds(ledger: Ledger) -> list[str]:
    with ledger.database.reading() as session:
        return [event.kind for event in events_of(session, ledger.case.id)]


def test_one_observation_is_suspected_and_two_a_day_apart_are_open(both: Ledger) -> None:
    assert both.inspect([BAD]).found == 1
    assert both.case.state is State.SUSPECTED
    assert both.inspect([BAD]).opened == 1
    assert (both.case.state, both.case.observations) == (State.OPEN, 2)


@pytest.mark.parametrize(
    ("apart", "state"),
    [(timedelta(hours=5, minutes=59), State.SUSPECTED), (6 * HOURS, State.OPEN), (7 * HOURS, State.OPEN)],
)
def test_two_looks_are_independent_from_six_hours_on(ledger: Ledger, apart: timedelta, state: State) -> None:
    ledger.inspect([BAD])
    ledger.inspect([BAD], after=apart)
    assert ledger.case.state is state


def test_looks_four_hours_apart_open_once_six_hours_have_passed_since_the_first(ledger: Ledger) -> None:
    for _ in range(3):
        ledger.inspect([BAD], after=4 * HOURS)
    assert (ledger.case.state, ledger.case.observations) == (State.OPEN, 2)


def test_undecided_neither_opens_nor_mends(ledger: Ledger) -> None:
    ledger.inspect([BAD])
    ledger.inspect_times(3, [undecided()])
    assert (ledger.case.state, ledger.case.cleans) == (State.SUSPECTED, 0)
    ledger.inspect([BAD])
    ledger.inspect_times(3, [undecided(Reason.BUDGET_SPENT)])
    assert (ledger.case.state, ledger.case.cleans) == (State.OPEN, 0)


def test_a_suspicion_that_is_clean_twice_is_closed_as_not_repeated_and_never_rectified(ledger: Ledger) -> None:
    ledger.inspect([BAD])
    ledger.inspect_times(2, [GOOD])
    assert (ledger.case.state, ledger.case.state_reason) == (State.CLOSED, "not_repeated")
    assert EventKind.RECTIFIED not in kinds(ledger)


def test_two_clean_looks_rectify_an_open_case_and_one_does_not(ledger: Ledger) -> None:
    ledger.inspect_times(2, [BAD])
    ledger.inspect([GOOD])
    assert ledger.case.state is State.OPEN
    ledger.inspect([GOOD], after=HOURS)
    assert ledger.case.state is State.OPEN, "an hour later is no independent look"
    ledger.inspect([GOOD])
    assert ledger.case.state is State.RECTIFIED


def test_a_violation_between_two_clean_looks_starts_the_count_again(ledger: Ledger) -> None:
    ledger.inspect_times(2, [BAD])
    for seen in (GOOD, BAD, GOOD):
        ledger.inspect([seen])
    assert (ledger.case.state, ledger.case.cleans) == (State.OPEN, 1)


def test_an_excuse_is_clean_and_the_event_names_it(ledger: Ledger) -> None:
    ledger.inspect_times(2, [BAD])
    ledger.inspect_times(2, [verdict(Outcome.EXCUSED, reason=Excuse.NIL_STATEMENT, message="作了零报告")])
    with ledger.database.reading() as session:
        last = events_of(session, ledger.case.id)[-1]
    assert (last.kind, last.reason, last.details["look"]) == ("rectified", "nil_statement", "excused")


def test_a_rule_that_no_longer_applies_ends_a_case_without_calling_it_rectified(ledger: Ledger) -> None:
    ledger.inspect_times(2, [BAD])
    ledger.inspect_times(2, [verdict(Outcome.NOT_APPLICABLE, subject=Subject())])
    assert (ledger.case.state, ledger.case.state_reason) == (State.CLOSED, "lapsed")


def test_a_confirmed_case_does_not_end_because_a_rule_no_longer_applies(ledger: Ledger) -> None:
    ledger.inspect_times(2, [BAD])
    ledger.decide(EventKind.CONFIRMED)
    ledger.inspect_times(3, [verdict(Outcome.NOT_APPLICABLE, subject=Subject())])
    assert (ledger.case.state, ledger.case.cleans) == (State.CONFIRMED, 0)


def test_advice_never_makes_a_case_and_never_clears_one(ledger: Ledger) -> None:
    warned = replace(BAD, severity=Severity.ADVICE)
    ledger.inspect_times(3, [warned])
    assert ledger.case_ids() == []
    ledger.inspect_times(2, [BAD])
    ledger.inspect_times(3, [warned])
    assert (ledger.case.state, ledger.case.cleans) == (State.OPEN, 0)


def test_a_rule_that_was_not_judged_changes_nothing(ledger: Ledger) -> None:
    ledger.inspect_times(2, [BAD])
    ledger.inspect([], judged=())
    ledger.inspect([GOOD], judged=())
    assert (ledger.case.state, ledger.case.cleans) == (State.OPEN, 0)
    ledger.inspect([verdict(rule="local/other")], judged=())
    assert len(ledger.case_ids()) == 1


OTHER = Subject("notices", "公告", "http://qinghe.example/gg/", ("首页", "公告"))


def test_a_column_that_is_gone_is_clean_only_when_the_whole_portal_was_seen(ledger: Ledger) -> None:
    ledger.inspect_times(2, [BAD])
    elsewhere = verdict(OK, subject=OTHER)
    for _ in range(3):
        ledger.inspect([elsewhere], is_whole=False)
    assert ledger.case.cleans == 0
    ledger.inspect_times(2, [elsewhere])
    assert ledger.case.state is State.RECTIFIED


@pytest.mark.parametrize(
    "about",
    [
        Subject(),
        Subject("news", "新闻", None, ("首页", "新闻")),
        Subject(None, "要 闻", None, ("首页", "新版", "要 闻")),
    ],
    ids=["the whole portal", "a column of the same concept", "a column of the same name elsewhere"],
)
def test_a_column_that_may_have_moved_to_where_nothing_could_be_read_is_not_clean(
    ledger: Ledger, about: Subject
) -> None:
    ledger.inspect_times(2, [BAD])
    ledger.inspect_times(3, [undecided(Reason.SCRIPT_RENDERED, about), verdict(OK, subject=OTHER)])
    assert (ledger.case.state, ledger.case.cleans) == (State.OPEN, 0)


def test_a_column_that_moves_to_another_host_keeps_its_case(ledger: Ledger) -> None:
    ledger.inspect([BAD])
    moved = replace(NEWS, url="http://new.qinghe.example/yw/;jsessionid=77", column="要聞", path=("首页", " 要聞 "))
    ledger.inspect([replace(BAD, subject=moved)])
    assert (ledger.case.state, ledger.case.subject.url) == (State.OPEN, moved.url)


def test_a_column_that_another_way_of_the_menu_leads_to_keeps_its_case_by_its_address(ledger: Ledger) -> None:
    ledger.inspect([BAD])
    elsewhere = replace(NEWS, path=("首页", "新闻中心", "要闻动态"), column="要闻动态")
    ledger.inspect([replace(BAD, subject=elsewhere)])
    assert (ledger.case.state, ledger.case.subject.path) == (State.OPEN, elsewhere.path)
    ledger.inspect([BAD])
    assert ledger.case.state is State.OPEN
    ledger.inspect_times(2, [replace(GOOD, subject=elsewhere)])
    assert ledger.case.state is State.RECTIFIED


def test_a_fault_that_two_places_of_the_menu_already_have_cases_for_is_seen_by_one_of_them(ledger: Ledger) -> None:
    elsewhere = replace(NEWS, path=("首页", "新闻中心", "要闻动态"), column="要闻动态")
    ledger.inspect([BAD, replace(BAD, subject=elsewhere)])
    first, second = ledger.case_ids()
    assert ledger.inspect([replace(BAD, subject=elsewhere)]).cases == (second,)
    assert ledger.inspect([BAD, replace(GOOD, subject=elsewhere)]).cases == (first,)


def test_a_missing_column_is_clean_when_the_answer_names_the_column_that_was_found(ledger: Ledger) -> None:
    missing = verdict(rule="national/missing", check="column-missing", subject=Subject("budget"))
    there = Subject("budget", "预决算", "http://qinghe.example/yjs/", ("公开", "预决算"))
    ledger.inspect_times(2, [missing])
    ledger.inspect_times(2, [replace(missing, outcome=OK, subject=there)])
    assert ledger.case.state is State.RECTIFIED


def test_a_paper_that_came_out_in_another_column_mends_the_case_though_the_crawl_was_cut(ledger: Ledger) -> None:
    late = verdict(rule="national/due", check="due-date-missed", subject=Subject("budget", "甲", None, ("公开", "甲")))
    out = replace(late, outcome=OK, subject=Subject("budget", "乙", None, ("公开", "乙")))
    ledger.inspect_times(2, [late])
    for _ in range(2):
        ledger.inspect([out], is_whole=False)
    assert ledger.case.state is State.RECTIFIED


def test_the_counts_of_vetoes_are_one_case_of_the_whole_portal(ledger: Ledger) -> None:
    count = verdict(rule="national/blank", check="blank-count", subject=Subject(), members=(NEWS,))
    ledger.inspect([count])
    ledger.inspect([replace(count, members=(OTHER,))])
    assert (ledger.case.subject_key, ledger.case.state) == ("", State.OPEN)


# ---------------------------------------------------------------- units of a matrix


def matrix(*units: str) -> object:
    column = Subject("budget", "部门预算", "http://qinghe.example/bm/", ("公开", "部门预算"))
    members = tuple(Subject("budget", unit, column.url, (*column.path, unit)) for unit in units)
    rule, check = "national/units", "unit-missing"
    if not members:
        return verdict(OK, rule=rule, check=check, subject=column)
    return verdict(rule=rule, check=check, subject=column, members=members, message=f"{len(units)} 个单位没有部门预算")


def test_units_that_are_missing_in_turn_are_never_open_by_each_others_looks(both: Ledger) -> None:
    both.inspect([matrix("民政局")])  # type: ignore[list-item]
    both.inspect([matrix("教育局")])  # type: ignore[list-item]
    with both.database.reading() as session:
        from gkmonitor.storage.cases import list_cases

        states = {one.subject.column: one.state for one in list_cases(session)}
    assert states == {"民政局": State.SUSPECTED, "教育局": State.SUSPECTED}


def test_a_unit_that_the_matrix_no_longer_misses_is_clean(ledger: Ledger) -> None:
    ledger.inspect_times(2, [matrix("民政局")])  # type: ignore[list-item]
    assert ledger.case.state is State.OPEN
    ledger.inspect([matrix()])  # type: ignore[list-item]
    ledger.inspect([matrix("教育局")])  # type: ignore[list-item]
    with ledger.database.reading() as session:
        from gkmonitor.storage.cases import list_cases

        states = {one.subject.column: one.state for one in list_cases(session)}
    assert states == {"民政局": State.RECTIFIED, "教育局": State.SUSPECTED}


# ---------------------------------------------------------------- coming back


def test_what_comes_back_after_it_was_rectified_is_suspected_first_and_counts_a_repeat(both: Ledger) -> None:
    both.inspect_times(2, [BAD])
    both.inspect_times(2, [GOOD])
    assert both.inspect([BAD]).reappeared == 1
    assert (both.case.state, both.case.repeats, both.case.observations) == (State.SUSPECTED, 1, 1)
    both.inspect([BAD])
    assert (both.case.state, both.case.repeats) == (State.OPEN, 1)


def test_what_was_never_repeated_comes_back_without_a_repeat(ledger: Ledger) -> None:
    ledger.inspect([BAD])
    ledger.inspect_times(2, [GOOD])
    ledger.inspect([BAD])
    assert (ledger.case.state, ledger.case.repeats) == (State.SUSPECTED, 0)


def test_a_dismissed_case_that_is_seen_again_stays_dismissed_and_its_sighting_is_kept(ledger: Ledger) -> None:
    ledger.inspect_times(2, [BAD])
    ledger.decide(EventKind.DISMISSED, reason="misread_page")
    ledger.inspect_times(4, [BAD])
    assert (ledger.case.state, ledger.case.last_seen) == (State.DISMISSED, ledger.at)


def test_a_dismissed_case_that_was_clean_and_comes_back_is_a_task_and_no_accusation(both: Ledger) -> None:
    from gkmonitor.storage.tasks import list_tasks

    both.inspect_times(2, [BAD])
    both.decide(EventKind.DISMISSED, reason="misread_page")
    both.inspect_times(2, [GOOD])
    assert both.inspect([BAD]).returned == 1
    assert both.case.state is State.DISMISSED
    with both.database.reading() as session:
        tasks = list_tasks(session)
    assert [(task.case_id, task.month, task.state) for task in tasks] == [(both.case.id, "2026-11", "todo")]


# ---------------------------------------------------------------- telling twice, telling late


def test_the_same_inspection_told_twice_changes_nothing(both: Ledger) -> None:
    from sqlalchemy import select

    from gkmonitor.storage.cases import record_sightings
    from gkmonitor.storage.models import InspectionRow

    both.inspect_times(2, [BAD])
    both.inspect([GOOD])
    before = both.case
    with both.database.writing() as session:
        looks = session.scalars(select(InspectionRow).order_by(InspectionRow.id)).all()
        for look, seen in zip(looks, (BAD, BAD, GOOD), strict=True):
            assert look.observed_at is not None
            again = record_sightings(
                session,
                portal_id=both.portal,
                inspection_id=look.id,
                cycle_id=look.cycle_id,
                observed_at=look.observed_at,
                verdicts=[seen],
                judged_rules={STALE},
                now=both.at,
                is_whole=True,
            )
            assert (again.events, again.found) == ((), 0)
    assert both.case == before


def test_a_look_that_is_older_than_what_is_known_opens_nothing(ledger: Ledger) -> None:
    ledger.inspect([BAD])
    ledger.inspect([BAD], after=-2 * DAY)
    assert (ledger.case.state, ledger.case.observations) == (State.SUSPECTED, 1)


# ---------------------------------------------------------------- exemptions


def exemption(first: date, last: date | None, **given: object) -> Exemption:
    return Exemption(1, 0, None, None, None, "青禾府函〔2026〕7号", first, last, "县政府办公室", **given)  # type: ignore[arg-type]


def test_a_registered_exemption_takes_a_case_out_and_gives_it_back_as_a_suspicion(both: Ledger) -> None:
    both.inspect_times(2, [BAD])
    allowed = exemption(both.today, both.today + 3 * DAY)
    excused = verdict(Outcome.EXCUSED, reason=Excuse.EXEMPTION)
    assert both.inspect([excused], exemptions=[allowed]).exempted == 1
    assert (both.case.state, both.case.exempt_until) == (State.EXEMPT, allowed.last_day)
    with both.database.reading() as session:
        last = events_of(session, both.case.id)[-1]
    assert last.details["document"] == "青禾府函〔2026〕7号"
    both.inspect([excused], exemptions=[allowed])
    assert both.case.state is State.EXEMPT, "an excuse by exemption mends nothing"
    both.inspect([BAD], after=5 * DAY, exemptions=[allowed])
    assert (both.case.state, both.case.observations) == (State.SUSPECTED, 1)
    both.inspect([BAD])
    assert both.case.state is State.OPEN


def test_what_a_person_confirmed_is_confirmed_again_when_the_exemption_is_withdrawn(ledger: Ledger) -> None:
    ledger.inspect_times(2, [BAD])
    ledger.decide(EventKind.CONFIRMED)
    ledger.decide(EventKind.NOTIFIED, deadline=ledger.today + 5 * DAY)
    allowed = exemption(ledger.today, None)
    ledger.inspect([undecided()], exemptions=[allowed])
    assert ledger.case.state is State.EXEMPT
    ledger.inspect([undecided()], exemptions=[replace(allowed, withdrawn_day=ledger.today)])
    assert (ledger.case.state, ledger.case.deadline) == (State.CONFIRMED, None)


def test_a_fault_that_an_exemption_covers_makes_no_case(ledger: Ledger) -> None:
    ledger.inspect_times(2, [BAD])
    other = replace(BAD, subject=OTHER)
    ledger.inspect([other], exemptions=[replace(exemption(ledger.today, None), concept="notices")])
    assert ledger.case.subject == NEWS


def test_every_life_in_these_looks_leaves_a_chain_that_holds(both: Ledger) -> None:
    for seen in (BAD, BAD, GOOD, GOOD, BAD, undecided(), BAD, GOOD):
        both.inspect([seen])
    with both.database.reading() as session:
        assert verify_chain(session) is None
    assert kinds(both)[:4] == ["found", "opened", "clean_seen", "rectified"]


def test_another_severity_is_taken_over_with_an_event_until_a_person_has_decided(ledger: Ledger) -> None:
    ledger.inspect([BAD])
    ledger.inspect([replace(BAD, severity=Severity.VETO)])
    assert (ledger.case.severity, "severity_changed" in kinds(ledger)) == (Severity.VETO, True)
    ledger.decide(EventKind.CONFIRMED)
    ledger.inspect([BAD])
    assert ledger.case.severity is Severity.VETO
