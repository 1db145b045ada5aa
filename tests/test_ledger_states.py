"""The machine of a case, by its table and by random lives: looks, decisions, exemptions and days in any order."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ledger_builder import BASIS, NEWS

from gkmonitor.errors import LedgerError
from gkmonitor.ledger import states
from gkmonitor.ledger.chain import FIRST_DIGEST, first_fault, make_event
from gkmonitor.ledger.decisions import deadline_after, decide
from gkmonitor.ledger.exempting import follow_registry
from gkmonitor.ledger.policy import get_policy
from gkmonitor.ledger.records import By, Case, Decision, EventKind, Look, NewEvent, Sighting, State
from gkmonitor.ledger.sightings import found, observe
from gkmonitor.ledger.states import LEFT_BY_PERSONS_ONLY, MOVES, after_exemption, allows, next_state
from gkmonitor.records import Outcome, Severity, Verdict
from gkmonitor.registry.records import Exemption

POLICY = get_policy()
START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
BAD = Verdict("p/r", "column-stale", Outcome.VIOLATION, Severity.DEDUCTION, BASIS, "栏目超过2周未更新", NEWS)


# ---------------------------------------------------------------- the table


def test_the_drawing_in_the_docstring_is_the_machine() -> None:
    """Every row of the table is a move with the sources that it names; every move has its row."""
    lines = (states.__doc__ or "").splitlines()
    start, first = next((n, line) for n, line in enumerate(lines) if line.strip().startswith("event "))
    columns = [first.index(head) for head in ("event", "by", "from", "to")]
    drawn: dict[tuple[str, str], set[str]] = {}
    key = ("", "")
    for line in lines[start + 2 :]:
        if not line.strip():
            break
        kind, by, sources = (line[a:b].strip() for a, b in itertools.pairwise(columns))
        key = (kind, by) if kind else key
        drawn.setdefault(key, set()).update(re.findall(r"\w+", re.sub(r"\((?!nothing).*?\)", "", sources)))
    for by, moves in MOVES.items():
        for kind, sources in moves.items():
            wanted = {state.value if state else "nothing" for state in sources}
            assert drawn[(kind.value, by.value)] == wanted, (kind, by)
    assert set(drawn) == {(kind.value, by.value) for by, moves in MOVES.items() for kind in moves}


@pytest.mark.parametrize("state", sorted(LEFT_BY_PERSONS_ONLY))
def test_no_event_of_the_machine_leaves_what_only_persons_leave(state: State) -> None:
    for kind, sources in MOVES[By.SYSTEM].items():
        assert sources.get(state, frozenset((state,))) == {state}, kind


@pytest.mark.parametrize("state", [State.CONFIRMED, State.NOTIFIED])
def test_the_machine_moves_what_a_person_confirmed_only_to_rectified(state: State) -> None:
    targets = set().union(*(sources.get(state, ()) for sources in MOVES[By.SYSTEM].values()))
    assert targets == {state, State.RECTIFIED}


def test_every_state_can_be_reached_and_every_state_can_be_left() -> None:
    sources = {state for moves in MOVES.values() for table in moves.values() for state in table}
    targets = {state for moves in MOVES.values() for table in moves.values() for to in table.values() for state in to}
    assert targets == set(State)
    assert sources == {None, *State}


def test_what_is_not_allowed_is_said_in_words_with_what_would_be() -> None:
    with pytest.raises(LedgerError, match=r"现为“待确认”.*“已整改”"):
        next_state(EventKind.CLOSED, By.PERSON, State.OPEN)
    with pytest.raises(LedgerError, match="只有一次独立观测"):
        next_state(EventKind.CONFIRMED, By.PERSON, State.SUSPECTED)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (State.SUSPECTED, State.SUSPECTED),
        (State.OPEN, State.SUSPECTED),
        (State.CONFIRMED, State.CONFIRMED),
        (State.NOTIFIED, State.CONFIRMED),
    ],
)
def test_after_an_exemption_nothing_is_taken_for_granted(before: State, after: State) -> None:
    assert after_exemption(before) is after


# ---------------------------------------------------------------- deadlines


def test_a_deadline_counts_the_working_days_of_the_published_calendar() -> None:
    assert deadline_after(date(2026, 2, 12), 7) == date(2026, 2, 28)


def test_a_deadline_in_a_year_without_a_calendar_asks_for_a_day() -> None:
    with pytest.raises(LedgerError, match=r"2027 年.*--deadline"):
        deadline_after(date(2026, 12, 28), 10)


# ---------------------------------------------------------------- random lives


def allowed(day: date) -> Exemption:
    return Exemption(1, 1, None, None, None, "青禾府函〔2026〕7号", day, None, "县政府办公室")


def decisions(day: date) -> list[Decision]:
    """One decision of every kind, with all that it may ask for."""
    given = {
        "note": "说明",
        "deadline": day + timedelta(days=20),
        "document": "函",
        "last_day": day + timedelta(days=9),
    }
    codes = {EventKind.DISMISSED: "misread_page"}
    return [Decision(kind, day, codes.get(kind), **given) for kind in MOVES[By.PERSON] if kind is not EventKind.FOUND]  # type: ignore[arg-type]


STEPS = st.one_of(
    st.tuples(st.just("look"), st.sampled_from(list(Look)), st.integers(1, 30)),
    st.tuples(st.just("decide"), st.sampled_from(range(len(decisions(START.date())))), st.integers(0, 30)),
    st.tuples(st.just("registry"), st.booleans(), st.integers(0, 30)),
)


def step(case: Case, what: tuple[str, object, int], number: int, at: datetime) -> tuple[Case, tuple[NewEvent, ...], By]:
    name, chosen, _ = what
    if name == "look":
        look = Look(str(chosen))
        verdict = BAD if look is Look.VIOLATION else None
        return *observe(case, Sighting(look, number, at, verdict), POLICY), By.SYSTEM
    if name == "registry":
        return *follow_registry(case, allowed(at.date()) if chosen else None, at.date()), By.REGISTRY
    assert isinstance(chosen, int)
    try:
        after, event = decide(case, decisions(at.date())[chosen], POLICY)
    except LedgerError:
        return case, (), By.PERSON
    return after, (event,), By.PERSON


@settings(max_examples=300, deadline=None)
@given(st.lists(STEPS, max_size=25))
def test_whatever_happens_a_life_is_a_path_of_the_machine_and_its_events_replay_to_its_state(
    steps: list[tuple[str, object, int]],
) -> None:
    at = START
    case, events = found(BAD, "k", portal_id=1, inspection_id=1, at=at)
    case = replace(case, id=1)
    life: list[tuple[NewEvent, By]] = [(event, By.SYSTEM) for event in events]
    for number, what in enumerate(steps, start=2):
        at += timedelta(hours=what[2])
        before = case
        case, new, by = step(case, what, number, at)
        reached = before.state
        for event in new:
            assert event.before is reached, "every event starts where the one before it ended"
            assert allows(event.kind, by, event.before)
            assert event.after in MOVES[by][event.kind][event.before]
            reached = event.after
        assert case.state is reached, "no state changes without an event"
        if by is By.SYSTEM and before.state in LEFT_BY_PERSONS_ONLY:
            assert case.state is before.state
        if by is By.SYSTEM and before.state in (State.CONFIRMED, State.NOTIFIED):
            assert case.state in (before.state, State.RECTIFIED)
        if what[0] == "look" and what[1] is Look.UNSEEN:
            assert case == before
        life += [(event, by) for event in new]
    chain, digest = [], FIRST_DIGEST
    for number, (event, by) in enumerate(life, start=1):
        kept = make_event(event, number=number, case_id=1, at=at, actor=by.value, previous_digest=digest)
        chain.append(kept)
        digest = kept.digest
    assert first_fault(chain, (len(chain), digest), {1: case.state}) is None


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.sampled_from([Look.VIOLATION, Look.CLEAN, Look.UNSEEN]), st.integers(1, 20)), max_size=20))
def test_no_case_opens_without_two_violations_six_hours_apart(looks: list[tuple[Look, int]]) -> None:
    at = START
    case, _ = found(BAD, "k", portal_id=1, inspection_id=1, at=at)
    seen = [at]
    for number, (look, hours) in enumerate(looks, start=2):
        at += timedelta(hours=hours)
        before = case
        case, events = observe(case, Sighting(look, number, at, BAD if look is Look.VIOLATION else None), POLICY)
        if before.state in (State.RECTIFIED, State.CLOSED) and look is Look.VIOLATION:
            seen = []  # it came back: two new ones are needed
        if look is Look.VIOLATION:
            seen.append(at)
        if any(event.kind is EventKind.OPENED for event in events):
            assert seen[-1] - seen[0] >= timedelta(hours=6)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.sampled_from([Look.VIOLATION, Look.CLEAN, Look.UNSEEN]), st.integers(1, 20)), max_size=20))
def test_no_case_is_mended_without_two_clean_looks_six_hours_apart_and_no_violation_between(
    looks: list[tuple[Look, int]],
) -> None:
    at = START
    case, _ = found(BAD, "k", portal_id=1, inspection_id=1, at=at)
    clean: list[datetime] = []
    for number, (look, hours) in enumerate(looks, start=2):
        at += timedelta(hours=hours)
        case, events = observe(case, Sighting(look, number, at, BAD if look is Look.VIOLATION else None), POLICY)
        clean = [] if look is Look.VIOLATION else [*clean, at] if look is Look.CLEAN else clean
        if any(event.kind in (EventKind.RECTIFIED, EventKind.NOT_REPEATED) for event in events):
            assert clean[-1] - clean[0] >= timedelta(hours=6)
