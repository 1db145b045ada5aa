"""Which cases a month counts: boundaries of confirmation, mending, appeals and exemptions."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from gkmonitor.monthly.lives import Turn, Window, counted_span, spans_of

NOVEMBER = Window(datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC))
AFTER = {
    "confirmed": "confirmed",
    "rectified": "rectified",
    "dismissed": "dismissed",
    "exempted": "exempt",
    "exemption_ended": "confirmed",
    "appealed": "appealed",
    "appeal_upheld": "dismissed",
    "appeal_rejected": "confirmed",
    "reopened": "open",
}


def told(*words: str) -> tuple[Turn, ...]:
    """``confirmed 11-05``: turns in order, each from the state that the one before led to."""
    found, state = [], "open"
    for word in words:
        kind, day = word.split()
        month, number = (int(part) for part in day.split("-"))
        found.append(Turn(datetime(2026, month, number, tzinfo=UTC), kind, state, AFTER[kind]))
        state = AFTER[kind]
    return tuple(found)


@pytest.mark.parametrize(
    ("turns", "how"),
    [
        (told("confirmed 11-05"), None),
        (told("confirmed 11-05", "rectified 11-20"), "mended"),
        (told("confirmed 11-05", "rectified 12-02"), "mended"),
        (told("confirmed 10-05"), None),
        (told("confirmed 10-05", "rectified 12-02"), "mended"),
        (told("confirmed 11-01"), None),
        (told("confirmed 11-05", "dismissed 12-02"), "void"),
        (told("confirmed 11-05", "appealed 11-07", "appeal_upheld 12-02"), "void"),
        (told("confirmed 11-05", "exempted 11-07"), "void"),
        (told("confirmed 11-05", "rectified 11-20", "dismissed 12-02"), "void"),
        (told("confirmed 11-05", "appealed 11-07", "appeal_rejected 11-09"), None),
    ],
)
def test_counted_and_how_it_stands(turns: tuple[Turn, ...], how: str | None) -> None:
    span = counted_span(spans_of(turns), NOVEMBER)
    assert span is not None
    assert span.how == how


@pytest.mark.parametrize(
    "turns",
    [
        told("confirmed 12-01"),
        told("confirmed 10-05", "rectified 11-20"),
        told("confirmed 10-05", "dismissed 10-06"),
        told("confirmed 11-05", "rectified 11-20", "reopened 11-21"),
        told("dismissed 11-05"),
        told("rectified 11-05"),
        (),
    ],
)
def test_not_counted(turns: tuple[Turn, ...]) -> None:
    assert counted_span(spans_of(turns), NOVEMBER) is None


def test_what_came_back_and_was_dismissed_leaves_the_mended_problem_counted() -> None:
    turns = told("confirmed 11-05", "rectified 11-10")
    again = Turn(datetime(2026, 11, 20, tzinfo=UTC), "dismissed", "open", "dismissed")
    span = counted_span(spans_of((*turns, again)), NOVEMBER)
    assert span is not None
    assert span.how == "mended"


def test_a_pending_appeal_is_marked_until_it_is_decided() -> None:
    assert spans_of(told("confirmed 11-05", "appealed 11-07"))[-1].is_appealed
    assert not spans_of(told("confirmed 11-05", "appealed 11-07", "appeal_rejected 11-09"))[-1].is_appealed
    mended = spans_of(told("confirmed 11-05", "rectified 11-10", "appealed 11-12"))[-1]
    assert (mended.how, mended.is_appealed) == ("mended", True)


def test_an_accusation_that_was_void_hides_no_earlier_one_that_was_mended() -> None:
    turns = told("confirmed 11-02", "rectified 11-05")
    again = told("confirmed 11-20", "dismissed 11-25")
    span = counted_span(spans_of((*turns, *again)), NOVEMBER)
    assert span is not None
    assert (span.how, span.begin.day) == ("mended", 2)
