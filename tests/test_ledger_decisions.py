"""What people decide: on one case, on several, at once with others, and what the calendar brings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from databases import opened
from ledger_builder import DAY, OK, Ledger, add_portal, undecided, verdict

from gkmonitor.errors import LedgerError
from gkmonitor.ledger.records import By, Case, EventKind, State
from gkmonitor.records import Outcome, Severity, Subject
from gkmonitor.storage import Database
from gkmonitor.storage.case_calendar import DayCounts, pass_day
from gkmonitor.storage.cases import NewFinding, add_finding, decide, decide_all, events_of, list_cases, verify_chain

BAD = verdict()
GOOD = verdict(OK)


@pytest.fixture
def ledger(sqlite_url: str) -> Iterator[Ledger]:
    """An open case."""
    with opened(sqlite_url) as database:
        told = Ledger(database)
        told.inspect_times(2, [BAD])
        yield told


@pytest.fixture
def both(database: Database) -> Ledger:
    told = Ledger(database)
    told.inspect_times(2, [BAD])
    return told


def pass_to(ledger: Ledger, days: int, **given: int) -> DayCounts:
    ledger.at += days * DAY
    with ledger.database.writing() as session:
        return pass_day(session, day=ledger.today, now=ledger.at, **given)


def add(ledger: Ledger, text: str = "政策文件无法下载", **given: object) -> Case:
    finding = NewFinding(ledger.portal, "person/finding", "person", Severity.DEDUCTION, text, **given)  # type: ignore[arg-type]
    with ledger.database.writing() as session:
        return add_finding(session, finding, actor="李四", now=ledger.at)


def test_a_whole_life_from_open_to_closed_is_told_by_its_events(both: Ledger) -> None:
    both.decide(EventKind.CONFIRMED)
    both.decide(EventKind.NOTIFIED, deadline=both.today + 10 * DAY)
    both.decide(EventKind.ANSWERED, actor="青禾县财政局", note="已补发")
    both.inspect_times(2, [GOOD])
    both.decide(EventKind.CLOSED)
    assert (both.case.state, both.case.state_reason) == (State.CLOSED, "mended")
    with both.database.reading() as session:
        life = events_of(session, both.case.id)
        assert verify_chain(session) is None
    told = ["found", "opened", "confirmed", "notified", "answered", "clean_seen", "rectified", "closed"]
    assert [event.kind for event in life] == told
    assert [event.actor for event in life][2:5] == ["张三", "张三", "青禾县财政局"]


def test_a_suspected_case_cannot_be_confirmed_but_a_persons_own_look_opens_it(sqlite_url: str) -> None:
    with opened(sqlite_url) as database:
        ledger = Ledger(database)
        ledger.inspect([BAD])
        with pytest.raises(LedgerError, match="只有一次独立观测"):
            ledger.decide(EventKind.CONFIRMED)
        seen = NewFinding(ledger.portal, BAD.rule, BAD.check, BAD.severity, "打开核对，确未更新", BAD.subject)
        with database.writing() as session:
            add_finding(session, seen, actor="李四", now=ledger.at)
        assert (ledger.case.state, ledger.case.found_by) == (State.OPEN, By.SYSTEM)


def test_a_dismissal_needs_a_known_reason_and_other_needs_words(ledger: Ledger) -> None:
    with pytest.raises(LedgerError, match="misread_page（程序误读页面"):
        ledger.decide(EventKind.DISMISSED, reason="because")
    with pytest.raises(LedgerError, match="--note"):
        ledger.decide(EventKind.DISMISSED, reason="other")
    assert ledger.decide(EventKind.DISMISSED, reason="other", note="县政府会议确定").state_reason == "other"


def test_a_deadline_that_passes_is_an_event_once(both: Ledger) -> None:
    both.decide(EventKind.CONFIRMED)
    both.decide(EventKind.NOTIFIED, deadline=both.today + 3 * DAY)
    assert pass_to(both, 3).overdue == 0, "the last day still counts"
    assert pass_to(both, 1).overdue == 1
    assert pass_to(both, 1).overdue == 0
    assert both.case.is_overdue
    both.decide(EventKind.NOTIFIED, deadline=both.today + 1 * DAY)
    assert pass_to(both, 2).overdue == 1, "a new deadline may be missed anew"


def test_a_deadline_in_the_past_is_refused(ledger: Ledger) -> None:
    ledger.decide(EventKind.CONFIRMED)
    with pytest.raises(LedgerError, match="已经过去"):
        ledger.decide(EventKind.NOTIFIED, deadline=ledger.today - DAY)


def test_rectified_cases_are_closed_by_themselves_only_after_the_days_that_the_office_sets(ledger: Ledger) -> None:
    ledger.inspect_times(2, [GOOD])
    assert pass_to(ledger, 30).closed == 0
    assert pass_to(ledger, 0, close_after_days=31).closed == 0
    assert pass_to(ledger, 0, close_after_days=30).closed == 1
    assert ledger.case.state is State.CLOSED


def test_a_person_may_call_a_case_mended_after_one_clean_look_and_not_before(ledger: Ledger) -> None:
    with pytest.raises(LedgerError, match="仍未观测到恢复正常"):
        ledger.decide(EventKind.RECTIFIED)
    ledger.inspect([GOOD])
    assert ledger.decide(EventKind.RECTIFIED).state is State.RECTIFIED


# ---------------------------------------------------------------- appeals and exemptions


def test_an_appeal_that_is_upheld_dismisses_and_the_machine_never_accuses_again(ledger: Ledger) -> None:
    ledger.decide(EventKind.CONFIRMED)
    ledger.decide(EventKind.APPEALED, actor="青禾县财政局", note="栏目已并入预决算平台")
    ledger.inspect_times(2, [GOOD])
    assert ledger.case.state is State.APPEALED, "a contested case waits for people"
    ledger.decide(EventKind.APPEAL_UPHELD, note="属实")
    ledger.inspect_times(3, [BAD])
    assert (ledger.case.state, ledger.case.state_reason) == (State.DISMISSED, "appeal_upheld")


@pytest.mark.parametrize(("days", "state"), [(9, State.NOTIFIED), (11, State.CONFIRMED)])
def test_a_rejected_appeal_goes_back_and_does_not_blame_for_the_time_that_it_took(
    ledger: Ledger, days: int, state: State
) -> None:
    ledger.decide(EventKind.CONFIRMED)
    ledger.decide(EventKind.NOTIFIED, deadline=ledger.today + 10 * DAY)
    ledger.decide(EventKind.APPEALED, note="不属实")
    assert pass_to(ledger, days).overdue == 0
    ledger.decide(EventKind.APPEAL_REJECTED)
    assert ledger.case.state is state
    assert pass_to(ledger, 0).overdue == 0


def test_a_persons_exemption_ends_on_its_last_day_by_itself(ledger: Ledger) -> None:
    ledger.decide(EventKind.EXEMPTED, document="青禾府函〔2026〕9号", last_day=ledger.today + 2 * DAY)
    ledger.inspect_times(2, [BAD])
    assert ledger.case.state is State.EXEMPT
    assert pass_to(ledger, 1).exemptions_ended == 1
    assert ledger.case.state is State.SUSPECTED


def test_an_exemption_without_a_document_is_refused(ledger: Ledger) -> None:
    with pytest.raises(LedgerError, match="--document"):
        ledger.decide(EventKind.EXEMPTED)


# ---------------------------------------------------------------- several at once, several people at once


def test_a_decision_on_several_cases_is_all_or_nothing_and_names_each_that_does_not_fit(both: Ledger) -> None:
    other = replace(BAD, subject=Subject("notices", "公告", None, ("公告",)))
    both.inspect([BAD, other])
    first, second = both.case_ids()
    decision = both.decision(EventKind.CONFIRMED)
    with pytest.raises(LedgerError) as told, both.database.writing() as session:
        decide_all(session, [first, second, 99], decision, actor="张三", now=both.at)
    assert f"问题 {second}：" in str(told.value)
    assert "问题 99：没有这个问题" in str(told.value)
    assert f"问题 {first}：" not in str(told.value)
    with both.database.reading() as session:
        assert [case.state for case in list_cases(session, states=[State.CONFIRMED])] == []
    both.inspect([BAD, other])
    with both.database.writing() as session:
        done = decide_all(session, [first, second, first], decision, actor="张三", now=both.at)
    assert [case.state for case in done] == [State.CONFIRMED, State.CONFIRMED]


def test_the_second_of_two_people_who_decide_is_told_who_was_first(both: Ledger) -> None:
    seen = both.case
    both.decide(EventKind.CONFIRMED, actor="张三", version=seen.version)
    with pytest.raises(LedgerError, match=r"已有新的变化.*张三.*已确认"):
        both.decide(EventKind.DISMISSED, actor="李四", reason="misread_page", version=seen.version)
    with pytest.raises(LedgerError, match="张三"):
        both.decide(EventKind.CONFIRMED, actor="李四")


def test_of_two_people_who_decide_in_the_same_moment_one_is_told(database: Database) -> None:
    import threading

    ledger = Ledger(database)
    ledger.inspect_times(2, [BAD])
    case_id, told, start = ledger.case.id, list[str](), threading.Barrier(2)

    def confirm(actor: str) -> None:
        start.wait()
        try:
            with database.writing() as session:
                decide(session, case_id, ledger.decision(EventKind.CONFIRMED), actor=actor, now=ledger.at)
        except LedgerError as error:
            told.append(str(error))

    threads = [threading.Thread(target=confirm, args=(actor,)) for actor in ("张三", "李四")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(told) == 1
    assert "现为“已确认”" in told[0]


@pytest.mark.parametrize("actor", ["", "  ", "system"])
def test_nobody_decides_without_a_name_or_in_the_name_of_the_machine(ledger: Ledger, actor: str) -> None:
    with pytest.raises(LedgerError, match="--actor"):
        ledger.decide(EventKind.CONFIRMED, actor=actor)


# ---------------------------------------------------------------- findings by people


def test_a_persons_finding_is_open_and_lives_the_same_life(ledger: Ledger) -> None:
    case = add(ledger)
    assert (case.state, case.found_by) == (State.OPEN, By.PERSON)
    for kind, given in (
        (EventKind.CONFIRMED, {}),
        (EventKind.NOTIFIED, {"deadline": ledger.today}),
        (EventKind.RECTIFIED, {}),
    ):
        with ledger.database.writing() as session:
            case = decide(session, case.id, ledger.decision(kind, **given), actor="张三", now=ledger.at)
    assert case.state is State.RECTIFIED


def test_clean_looks_of_the_machine_never_mend_what_only_a_person_saw(ledger: Ledger) -> None:
    finding = NewFinding(ledger.portal, "p/r", "column-stale", Severity.DEDUCTION, "错误信息", BAD.subject)
    with ledger.database.writing() as session:
        added = add_finding(session, finding, actor="李四", now=ledger.at)
    for _ in range(3):
        ledger.inspect([replace(GOOD, rule="p/r")])
    with ledger.database.reading() as session:
        (found,) = [case for case in list_cases(session) if case.id == added.id]
    assert (found.state, found.cleans) == (State.OPEN, 0)


def test_two_findings_of_one_person_on_one_portal_are_two_cases_and_the_same_one_again_is_one(ledger: Ledger) -> None:
    first = add(ledger, "甲", subject=Subject(None, "甲", None, ("甲",)))
    second = add(ledger, "乙", subject=Subject(None, "乙", None, ("乙",)))
    again = add(ledger, "甲，仍在", subject=Subject(None, "甲", None, ("甲",)))
    assert first.id != second.id
    assert (again.id, again.observations) == (first.id, 2)


def test_a_persons_finding_on_a_dismissed_case_opens_it_again_by_that_person(ledger: Ledger) -> None:
    ledger.decide(EventKind.DISMISSED, reason="misread_page")
    seen = NewFinding(ledger.portal, BAD.rule, BAD.check, BAD.severity, "核对属实", BAD.subject)
    with ledger.database.writing() as session:
        case = add_finding(session, seen, actor="李四", now=ledger.at)
    assert (case.state, case.state_reason) == (State.OPEN, None)


def test_advice_is_never_a_finding(ledger: Ledger) -> None:
    finding = NewFinding(ledger.portal, "person/finding", "person", Severity.ADVICE, "提醒")
    with pytest.raises(LedgerError, match="提醒不列为问题"), ledger.database.writing() as session:
        add_finding(session, finding, actor="李四", now=ledger.at)


# ---------------------------------------------------------------- lists


def test_cases_are_listed_vetoes_first_and_chosen_by_every_filter(both: Ledger) -> None:
    veto = verdict(rule="national-2019-19/home", check="home-not-updated", subject=Subject(), severity=Severity.VETO)
    both.inspect([BAD, veto])
    add_portal(both.database, "云岭市人民政府")
    with both.database.reading() as session:

        def rules(**given: object) -> list[str]:
            return [case.check for case in list_cases(session, **given)]  # type: ignore[arg-type]

        assert rules() == ["home-not-updated", "column-stale"]
        assert rules(states=[State.OPEN]) == ["column-stale"]
        assert rules(severities=["veto"]) == ["home-not-updated"]
        assert rules(portals=[both.portal + 1]) == []
        assert rules(rule="column-stale") == rules(rule=BAD.rule) == ["column-stale"]
        assert len(rules(rule="national-2019-19")) == 2
        assert rules(rule="national-2019-1") == []
        assert rules(seen_before=both.at - timedelta(minutes=1)) == ["column-stale"]
        assert rules(seen_from=both.at + timedelta(minutes=1)) == []
        assert rules(limit=1, offset=1) == ["column-stale"]


def test_undecided_leaves_no_trace_in_the_life_of_a_case(ledger: Ledger) -> None:
    before = ledger.case
    ledger.inspect([undecided()])
    ledger.inspect([verdict(Outcome.UNDECIDED, subject=Subject())])
    assert ledger.case == before
