"""The queue of cases: orders, filters, pages, counts, and what a visitor may see."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from ledger_builder import DAY, START, Ledger, verdict
from sqlalchemy import select, update

from gkmonitor.errors import LedgerError
from gkmonitor.ledger.records import By, EventKind, State
from gkmonitor.records import Severity, Subject
from gkmonitor.storage import Database, case_queue, case_scope
from gkmonitor.storage.case_queue import count_by_state, find_cases, neighbours, page_and_counts
from gkmonitor.storage.case_scope import CaseFilter, Sort, may_be_told, rules_of_cases
from gkmonitor.storage.cases import NewFinding, add_finding, get_case, list_cases
from gkmonitor.storage.models import CaseRow, PortalRow, UnitRow

ALL = CaseFilter(portals=None)
BLANK = "national-2019-19/column-blank"
OTHER = "longjiang-2017/budget-missing"
BUDGET = Subject("budget", "财政预算", "http://qinghe.example/cz/", ("首页", "财政预算"))
PEOPLE = Subject("personnel", "人事信息", "http://qinghe.example/rs/", ("首页", "人事信息"))


@pytest.fixture
def ledgers(database: Database) -> tuple[Ledger, Ledger]:
    """Two portals of a region each; the first one's news is confirmed, the second has a veto and a person's finding."""
    first, second = Ledger(database), Ledger(database)
    first.inspect_times(2, [verdict()])
    first.decide(EventKind.CONFIRMED)
    second.inspect_times(
        2,
        [
            verdict(rule=OTHER, check="column-missing", subject=BUDGET, severity=Severity.VETO, message="没有预算栏目"),
            verdict(rule=BLANK, check="column-blank", subject=PEOPLE, message="栏目“人事信息”没有内容 100%_"),
        ],
    )
    with database.writing() as session:
        root, below = UnitRow(name="青禾市政府"), UnitRow(name="青禾市财政局")
        session.add_all([root, below])
        session.flush()
        below.parent_id = root.id
        session.execute(update(PortalRow).where(PortalRow.id == first.portal).values(unit_id=below.id, region="东区"))
        values = {"name": "云岭县人民政府", "region": "西区", "profile": "county-portal", "site_id_code": "4401230002"}
        session.execute(update(PortalRow).where(PortalRow.id == second.portal).values(**values))
        finding = NewFinding(second.portal, "person/finding", "person", Severity.DEDUCTION, "领导信息未更新")
        add_finding(session, finding, actor="李四", now=START + 3 * DAY)
    return first, second


def rules(database: Database, wanted: CaseFilter) -> list[str]:
    with database.reading() as session:
        return [case.rule.rpartition("/")[2] for case in find_cases(session, wanted).cases]


NEWS, MISSING, EMPTY, PERSON = "column-stale", "budget-missing", "column-blank", "finding"


def test_the_queue_of_all_is_in_the_order_of_the_ledgers_list(
    database: Database, ledgers: tuple[Ledger, Ledger]
) -> None:
    with database.reading() as session:
        listed = [case.id for case in list_cases(session)]
        page = find_cases(session, ALL)
    assert page.cases[0].id == listed[0]
    assert {case.id for case in page.cases} == set(listed)
    assert page.after is None


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"states": (State.OPEN,)}, {MISSING, EMPTY, PERSON}),
        ({"states": (State.OPEN, State.CONFIRMED)}, {NEWS, MISSING, EMPTY, PERSON}),
        ({"severity": Severity.VETO}, {MISSING}),
        ({"region": "东区"}, {NEWS}),
        ({"profile": "county-portal"}, {MISSING, EMPTY, PERSON}),
        ({"rule": OTHER}, {MISSING}),
        ({"rule": "national-2019-19"}, {NEWS, EMPTY}),
        ({"rule": "column-blank"}, {EMPTY}),
        ({"rule": "column-b"}, set()),
        ({"concept": "budget"}, {MISSING}),
        ({"found_by": By.PERSON}, {PERSON}),
        ({"is_repeat": True}, set()),
        ({"text": "预算"}, {MISSING}),
        ({"text": "云岭"}, {MISSING, EMPTY, PERSON}),
        ({"text": "4401230002"}, {MISSING, EMPTY, PERSON}),
        ({"text": "100%_"}, {EMPTY}),
        ({"text": "_%"}, set()),
        ({"text": "没有这些字"}, set()),
        ({"seen_since": START + 3 * DAY}, {PERSON}),
        ({"overdue_on": date(2030, 1, 1)}, set()),
        ({"region": "西区", "severity": Severity.DEDUCTION, "found_by": By.SYSTEM}, {EMPTY}),
    ],
)
def test_each_filter_holds_what_it_says(
    database: Database, ledgers: tuple[Ledger, Ledger], given: dict[str, Any], found: set[str]
) -> None:
    wanted = replace(ALL, **given)
    assert set(rules(database, wanted)) == found
    with database.reading() as session:
        counts = count_by_state(session, wanted)
        cases = find_cases(session, replace(wanted, states=())).cases
    assert {state: one.number for state, one in counts.items() if one.number} == Counter(case.state for case in cases)


def test_a_number_is_looked_for_in_no_message(database: Database, ledgers: tuple[Ledger, Ledger]) -> None:
    assert rules(database, replace(ALL, text="100")) == []  # the message of the blank column holds it


def test_a_number_finds_that_case(database: Database, ledgers: tuple[Ledger, Ledger]) -> None:
    number = ledgers[0].case.id
    assert NEWS in rules(database, replace(ALL, text=str(number)))


def test_a_unit_is_its_whole_tree(database: Database, ledgers: tuple[Ledger, Ledger]) -> None:
    with database.reading() as session:
        root = session.query(UnitRow).filter_by(name="青禾市政府").one().id
    assert rules(database, replace(ALL, unit=root)) == [NEWS]


def test_vetoes_come_first_and_the_newest_before_older_ones(database: Database, ledgers: tuple[Ledger, Ledger]) -> None:
    assert rules(database, ALL)[:2] == [MISSING, PERSON]
    assert rules(database, replace(ALL, sort=Sort.NEWEST))[0] == PERSON


def test_the_words_of_severity_sort_backwards_by_weight() -> None:
    assert sorted(Severity, reverse=True) == [Severity.VETO, Severity.DEDUCTION, Severity.ADVICE]


def test_the_order_of_deadlines_holds_only_cases_that_have_one(
    database: Database, ledgers: tuple[Ledger, Ledger]
) -> None:
    first = ledgers[0]
    first.decide(EventKind.NOTIFIED, deadline=first.today + timedelta(days=3))
    assert rules(database, replace(ALL, sort=Sort.DEADLINE)) == [NEWS]
    overdue = replace(ALL, overdue_on=first.today + timedelta(days=3))
    assert rules(database, overdue) == []
    assert rules(database, replace(overdue, overdue_on=first.today + timedelta(days=4))) == [NEWS]


@pytest.mark.parametrize("sort", [Sort.WEIGHT, Sort.NEWEST])
@pytest.mark.parametrize("text", ["", "4401230002", "栏目"])
def test_pages_of_one_give_every_case_once_in_the_same_order(
    database: Database, ledgers: tuple[Ledger, Ledger], sort: Sort, text: str
) -> None:
    wanted = replace(ALL, sort=sort, text=text)
    assert_paged(database, wanted, 3 if not text else 2)


def test_pages_of_a_few_portals_give_every_case_once(database: Database, ledgers: tuple[Ledger, Ledger]) -> None:
    second = ledgers[1].portal
    assert_paged(database, replace(ALL, portal=second), 3)
    assert_paged(database, CaseFilter(portals=frozenset([second])), 3)


@pytest.mark.parametrize("filter_of", ["region", "unit", "visitor"])
@pytest.mark.parametrize("text", ["", "没有"])
def test_many_portals_give_the_cases_that_few_give(
    database: Database, ledgers: tuple[Ledger, Ledger], monkeypatch: pytest.MonkeyPatch, filter_of: str, text: str
) -> None:
    """The cases of few portals are read and sorted, those of many met on the way through an order."""
    with database.reading() as session:
        unit = session.scalars(select(UnitRow.id).where(UnitRow.parent_id.is_(None))).one()
    portals = frozenset(one.portal for one in ledgers)
    wanted = {
        "region": CaseFilter(portals=None, region="西区", text=text),
        "unit": CaseFilter(portals=portals, unit=unit, text=text),
        "visitor": CaseFilter(portals=portals, text=text),
    }[filter_of]
    found = []
    for few in (250, 0):
        monkeypatch.setattr(case_scope, "FEW_PORTALS", few)
        with database.reading() as session:
            page, counts = page_and_counts(session, wanted)
        found.append(([case.id for case in page.cases], counts))
        assert_paged(database, wanted, len(page.cases))
    assert found[0] == found[1]
    assert bool(found[0][0]) is not (filter_of == "unit" and text != "")


def assert_paged(database: Database, wanted: CaseFilter, at_least: int) -> None:
    with database.reading() as session:
        whole = [case.id for case in find_cases(session, wanted).cases]
        paged, after = [], None
        for _ in range(10):
            page = find_cases(session, wanted, after, 1)
            paged += [case.id for case in page.cases]
            after = page.after
            if after is None:
                break
    assert paged == whole
    assert len(whole) >= at_least


def test_neighbours_are_those_of_the_order(database: Database, ledgers: tuple[Ledger, Ledger]) -> None:
    with database.reading() as session:
        whole = find_cases(session, ALL).cases
        ids = [case.id for case in whole]
        found = [neighbours(session, ALL, case) for case in whole]
        decided = neighbours(session, replace(ALL, states=(State.OPEN,)), get_case(session, ledgers[0].case.id))
    assert found == list(zip([None, *ids[:-1]], [*ids[1:], None], strict=True))
    assert decided[0] in ids


@pytest.mark.parametrize("place", ["x", "veto~x~1", "2026-01-01~1", "veto~2026-01-01T00:00:00~1", "a~b~c~d", "~~"])
def test_a_page_that_is_none_of_ours_is_refused(database: Database, place: str) -> None:
    with database.reading() as session, pytest.raises(LedgerError, match="页码"):
        find_cases(session, ALL, place)


def test_whoever_may_see_no_portal_sees_and_counts_nothing(database: Database, ledgers: tuple[Ledger, Ledger]) -> None:
    nobody = CaseFilter(portals=frozenset())
    only = CaseFilter(portals=frozenset([ledgers[0].portal]))
    assert rules(database, nobody) == []
    assert rules(database, only) == [NEWS]
    assert rules(database, replace(only, portal=ledgers[1].portal)) == []
    assert rules(database, replace(only, text="云岭")) == []
    with database.reading() as session:
        assert sum(one.number for one in count_by_state(session, nobody).values()) == 0
        assert sum(one.number for one in count_by_state(session, only).values()) == 1


def test_a_unit_is_told_of_nothing_that_nobody_confirmed(database: Database, ledgers: tuple[Ledger, Ledger]) -> None:
    first, _ = ledgers
    told = replace(ALL, is_told=True)
    assert rules(database, told) == [NEWS]
    with database.reading() as session:
        assert [case.rule for case in find_cases(session, ALL).cases if may_be_told(session, case)] == [first.case.rule]
        assert sum(one.number for one in count_by_state(session, told).values()) == 1
    first.decide(EventKind.DISMISSED, reason="not_a_fault")
    assert rules(database, told) == [NEWS]


def test_what_was_mended_before_anybody_confirmed_it_is_never_told(database: Database) -> None:
    ledger = Ledger(database)
    ledger.inspect_times(2, [verdict()])
    ledger.inspect_times(2, [verdict(outcome=_ok())])
    assert ledger.case.state is State.RECTIFIED
    assert rules(database, replace(ALL, is_told=True)) == []
    with database.reading() as session:
        assert not may_be_told(session, ledger.case)


def _ok() -> Any:
    from gkmonitor.records import Outcome

    return Outcome.OK


def test_counts_end_at_their_bound_and_say_so(
    database: Database, ledgers: tuple[Ledger, Ledger], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(case_queue, "COUNTED", 2)
    with database.reading() as session:
        found = count_by_state(session, ALL)
    assert found[State.OPEN] == case_queue.Count(2, is_more=True)
    assert found[State.CONFIRMED] == case_queue.Count(1)


def test_the_rules_of_all_cases_are_listed_once(database: Database, ledgers: tuple[Ledger, Ledger]) -> None:
    with database.reading() as session:
        rows = {case.rule for case in list_cases(session)}
        assert rules_of_cases(session) == sorted(rows)
        assert session.query(CaseRow).count() == 4
