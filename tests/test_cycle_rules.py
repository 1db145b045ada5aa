"""When an inspection failed, and when a portal is held as probably rebuilt: pure rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from facts_builder import column, items, observation, portal, unread

from gkmonitor.cycles.failing import classify
from gkmonitor.cycles.holding import find_revamp
from gkmonitor.cycles.records import Failure, Inspection, InspectionState
from gkmonitor.cycles.summing import find_shared_causes
from gkmonitor.records import HomeFacts, KnownColumn, Reason
from gkmonitor.storage.columns import columns_by_key

SEEN = datetime(2026, 11, 20, tzinfo=UTC)


def away(state: Reason | None, failure: str | None = None, status: int | None = None) -> HomeFacts:
    seen = replace(observation(), status=status) if status else None
    return HomeFacts(state, seen, failure=failure)


@pytest.mark.parametrize(
    ("home", "expected"),
    [
        (away(None), None),
        (away(Reason.SCRIPT_RENDERED), None),
        (away(Reason.UNREACHABLE, "timeout"), Failure.TRANSIENT),
        (away(Reason.UNREACHABLE, "refused"), Failure.TRANSIENT),
        (away(Reason.UNREACHABLE, status=503), Failure.TRANSIENT),
        (away(Reason.UNREACHABLE, status=404), Failure.PERMANENT),
        (away(Reason.UNREACHABLE, status=410), Failure.PERMANENT),
        (away(Reason.UNREACHABLE, "unknown_host"), Failure.PERMANENT),
        (away(Reason.WRONG_PAGE), Failure.PERMANENT),
        (away(Reason.BLOCKED, status=412), Failure.BLOCKED),
        (away(Reason.LOGIN_REQUIRED), Failure.BLOCKED),
        (away(Reason.ROBOTS), Failure.BLOCKED),
        (away(Reason.NOT_OBSERVED), Failure.TRANSIENT),
    ],
)
def test_a_portal_that_was_not_read_failed_for_good_in_passing_or_at_a_wall(home, expected) -> None:
    assert classify(portal(home=home)) is expected


def test_a_name_that_does_not_resolve_is_asked_again_before_it_counts_as_gone() -> None:
    facts = portal(home=away(Reason.UNREACHABLE, "unknown_host"))
    assert classify(facts, is_last_try=False) is Failure.TRANSIENT


def known(count: int, *, items_read: int | None = 5) -> dict[str, KnownColumn]:
    columns = [column(f"栏目{number}", "news", under=("政务公开",)) for number in range(count)]
    return {
        key: KnownColumn("news", one[0].path, one[0].url, SEEN, SEEN, items_read)
        for key, one in columns_by_key(columns).items()
    }


def seen(sound: int, *, blank: int = 0) -> dict:
    full = [column(f"栏目{n}", "news", items(date(2026, 11, 1)), under=("政务公开",)) for n in range(sound)]
    empty = [column(f"栏目{n}", "news", (), under=("政务公开",)) for n in range(sound, sound + blank)]
    return columns_by_key([*full, *empty])


@pytest.mark.parametrize(
    ("known_count", "still_sound", "is_held"),
    [(10, 3, False), (10, 2, False), (10, 1, True), (10, 0, True), (5, 1, False), (5, 0, True), (4, 0, False)],
)
def test_a_portal_is_held_when_more_than_four_fifths_of_five_or_more_known_columns_fail(
    known_count, still_sound, is_held
) -> None:
    assert (find_revamp(known(known_count), seen(still_sound)) is not None) is is_held


def test_columns_that_went_blank_all_at_once_are_a_rebuilt_portal_not_ten_violations() -> None:
    revamp = find_revamp(known(10), seen(0, blank=10))
    assert revamp is not None
    assert "10" in revamp.words
    assert "改版" in revamp.words


def test_columns_that_were_blank_before_say_nothing_about_a_rebuilding() -> None:
    assert find_revamp(known(10, items_read=0), seen(0, blank=10)) is None


@pytest.mark.parametrize("reason", [Reason.BUDGET_SPENT, Reason.BLOCKED, Reason.ROBOTS, Reason.SCRIPT_RENDERED])
def test_columns_left_unread_for_our_own_reasons_have_not_failed(reason) -> None:
    now = columns_by_key([unread(f"栏目{n}", "news", reason, under=("政务公开",)) for n in range(10)])
    assert find_revamp(known(10), now) is None


def test_columns_that_no_longer_open_have_failed() -> None:
    now = columns_by_key([unread(f"栏目{n}", "news", Reason.UNREACHABLE, under=("政务公开",)) for n in range(10)])
    assert find_revamp(known(10), now) is not None


def inspection(portal_id: int, address: str | None, failure: Failure | None) -> Inspection:
    state = InspectionState.DONE
    return Inspection(portal_id, 1, portal_id, state, 2, date(2026, 11, 20), failure=failure, server_address=address)


def test_portals_at_one_server_that_all_failed_are_one_cause() -> None:
    rows = [inspection(n, "203.0.113.7", Failure.TRANSIENT) for n in (3, 1, 2)]
    (cause,) = find_shared_causes(rows)
    assert (cause.server_address, cause.portal_ids) == ("203.0.113.7", (1, 2, 3))


def test_a_server_of_which_one_portal_answered_is_no_shared_cause() -> None:
    rows = [inspection(1, "203.0.113.7", Failure.TRANSIENT), inspection(2, "203.0.113.7", None)]
    assert find_shared_causes(rows) == ()


def test_portals_without_a_known_server_share_no_cause() -> None:
    assert find_shared_causes([inspection(n, None, Failure.TRANSIENT) for n in (1, 2)]) == ()
