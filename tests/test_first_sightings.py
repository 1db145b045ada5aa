"""The first-seen clock, on both databases."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from facts_builder import column, item, unread

from gkmonitor.records import ColumnFacts, Item, Reason
from gkmonitor.storage import Database
from gkmonitor.storage.columns import column_key, items_of, known_columns, observe, retire_unseen
from gkmonitor.storage.models import PortalRow

FIRST = datetime(2026, 11, 1, 20, 0, tzinfo=UTC)
NIGHT = timedelta(days=1)


@pytest.fixture
def portal_id(database: Database) -> int:
    with database.writing() as session:
        row = PortalRow(
            name="青禾县人民政府", url="http://qinghe/", address_key="qinghe", created_at=FIRST, updated_at=FIRST
        )
        session.add(row)
        session.flush()
        return row.id


def entry(number: int, day: str = "2026-10-30", title: str | None = None) -> Item:
    return item(day, title or f"第{number}号公告", url=f"http://qinghe/{number}.html")


def see(database: Database, portal_id: int, *columns: ColumnFacts, night: int = 0, normal: bool = True) -> None:
    with database.writing() as session:
        keys = {column_key(one) for one in columns} if normal else ()
        observe(session, portal_id, columns, normal=keys, now=FIRST + night * NIGHT)


def notices(*entries: Item, under: tuple[str, ...] = ("政务公开",), **details) -> ColumnFacts:
    return column("通知公告", "notices", entries, under=under, **details)


def sightings(database: Database, portal_id: int) -> dict[str, dict]:
    with database.reading() as session:
        return {one["title"]: dict(one) for one in items_of(session, portal_id, column_key(notices()))}


def test_an_items_first_sighting_stays_and_its_last_one_moves_with_the_readings(database, portal_id) -> None:
    for night in range(3):
        see(database, portal_id, notices(entry(1)), night=night)
    seen = sightings(database, portal_id)["第1号公告"]
    assert (seen["first_seen"], seen["last_seen"], seen["is_standing"]) == (FIRST, FIRST + 2 * NIGHT, True)


def test_an_item_that_leaves_the_list_was_last_seen_on_the_reading_before(database, portal_id) -> None:
    see(database, portal_id, notices(entry(1), entry(2)))
    see(database, portal_id, notices(entry(1), entry(2)), night=1)
    see(database, portal_id, notices(entry(2)), night=2)
    seen = sightings(database, portal_id)["第1号公告"]
    assert (seen["last_seen"], seen["is_standing"]) == (FIRST + NIGHT, False)


def test_an_item_that_comes_back_keeps_its_first_sighting(database, portal_id) -> None:
    see(database, portal_id, notices(entry(1)))
    see(database, portal_id, notices(entry(2)), night=1)
    see(database, portal_id, notices(entry(1)), night=2)
    seen = sightings(database, portal_id)["第1号公告"]
    assert (seen["first_seen"], seen["is_standing"]) == (FIRST, True)


def test_a_redated_item_keeps_what_it_printed_before(database, portal_id) -> None:
    see(database, portal_id, notices(entry(1, "2026-03-01")))
    see(database, portal_id, notices(entry(1, "2026-11-02")), night=1)
    seen = sightings(database, portal_id)["第1号公告"]
    assert seen["published"] == date(2026, 11, 2)
    assert [(one["published"], one["until"][:10]) for one in seen["earlier"]] == [("2026-03-01", "2026-11-02")]


def test_a_column_that_moves_to_another_address_is_the_same_column(database, portal_id) -> None:
    see(database, portal_id, notices(entry(1)))
    see(database, portal_id, notices(entry(1), url="http://new.qinghe/tzgg/"), night=1)
    with database.reading() as session:
        known = known_columns(session, portal_id)
    assert [(one.url, one.last_seen) for one in known.values()] == [("http://new.qinghe/tzgg/", FIRST + NIGHT)]


def test_a_column_that_could_not_be_read_keeps_what_was_last_read_and_normal(database, portal_id) -> None:
    see(database, portal_id, notices(entry(1)))
    see(database, portal_id, unread("通知公告", "notices", Reason.UNREACHABLE, under=("政务公开",)), night=1)
    with database.reading() as session:
        (known,) = known_columns(session, portal_id).values()
    assert (known.last_seen, known.last_normal, known.last_items) == (FIRST + NIGHT, FIRST, 1)
    assert sightings(database, portal_id)["第1号公告"]["is_standing"]


def test_a_column_found_wanting_is_not_noted_as_normal(database, portal_id) -> None:
    see(database, portal_id, notices(entry(1)))
    see(database, portal_id, notices(), night=1, normal=False)
    with database.reading() as session:
        (known,) = known_columns(session, portal_id).values()
    assert (known.last_normal, known.last_items) == (FIRST, 0)


def test_an_older_observation_changes_nothing(database, portal_id) -> None:
    see(database, portal_id, notices(entry(1)), night=2)
    see(database, portal_id, notices(entry(2)), night=1)
    assert list(sightings(database, portal_id)) == ["第1号公告"]


def test_the_same_observation_twice_changes_nothing(database, portal_id) -> None:
    for _ in range(2):
        see(database, portal_id, notices(entry(1), entry(2)))
    assert [one["is_standing"] for one in sightings(database, portal_id).values()] == [True, True]


def test_columns_given_up_by_a_person_are_no_longer_known(database, portal_id) -> None:
    see(database, portal_id, notices(entry(1)))
    see(database, portal_id, column("公示", "notices", (entry(2),)), night=1)
    with database.writing() as session:
        assert retire_unseen(session, portal_id, FIRST + NIGHT) == 1
    with database.reading() as session:
        assert [one.path[-1] for one in known_columns(session, portal_id).values()] == ["公示"]
