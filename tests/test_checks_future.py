"""Dates of the future: a sign to look at, never a judgement, and never one of a replay."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from facts_builder import AS_OF, ago, answer, column, item, items, observation, pack_of, portal

from gkmonitor.records import DateReading, Outcome, Reason

RULE = pack_of("future-dated", severity="advice", rest="params: {not_concepts: [survey]}")
OK, VIOLATION = Outcome.OK, Outcome.VIOLATION


@pytest.mark.parametrize(
    ("day", "outcome"),
    [("2026-11-21", OK), ("2026-11-22", OK), ("2026-11-23", VIOLATION), ("2027-01-01", VIOLATION)],
)
def test_date_after_the_day_is_named(day: str, outcome: Outcome) -> None:
    found = answer(RULE, portal(column("要闻", "news", items(day, ago(3)))))
    assert found.outcome is outcome
    if outcome is VIOLATION:
        assert (str(found.latest), found.evidence[0].quote.endswith(day)) == (day, True)
        assert [member.column for member in found.members or ()] == ["要闻"]


def test_replay_of_an_earlier_day_accuses_nobody() -> None:
    facts = portal(column("要闻", "news", items(ago(0), ago(5))))
    assert answer(RULE, facts, date(2026, 11, 10)).outcome is OK


def test_day_begins_in_china() -> None:
    late = datetime(2026, 11, 22, 16, 30, tzinfo=UTC)  # half past midnight on the 23rd
    listed = column("要闻", "news", items("2026-11-23"), observation=replace(observation(), fetched_at=late))
    assert answer(RULE, portal(listed)).outcome is OK


@pytest.mark.parametrize("source", ["url", "meta", None])
def test_date_that_nobody_reads_is_no_sign(source: str | None) -> None:
    hidden = replace(item("2026-12-30"), date_source=source)
    assert answer(RULE, portal(column("要闻", "news", [hidden, item(ago(2))]))).outcome is OK


def test_item_with_another_date_is_left_alone() -> None:
    other = DateReading(ago(1), ago(1).isoformat(), "article")
    assert answer(RULE, portal(column("要闻", "news", [item("2026-12-30", other_dates=(other,))]))).outcome is OK


def test_day_of_an_event_to_come_is_no_publication_date() -> None:
    survey = column("民意征集", "survey", items("2026-12-30"))
    assert answer(RULE, portal(survey, column("要闻", "news", items(AS_OF)))).outcome is OK


def test_portal_without_dates_is_undecided() -> None:
    assert answer(RULE, portal(column("要闻", "news", items(None, None)))).reason is Reason.UNDATED
