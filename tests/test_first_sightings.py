"""The first-seen clock, on both databases: columns, their items, and what the items' own pages say."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from facts_builder import column, item, unread
from sqlalchemy import select

from gkmonitor.records import ColumnFacts, Item, Reason
from gkmonitor.redating import DatedBy, TextChange
from gkmonitor.storage import Database
from gkmonitor.storage.columns import column_key, known_columns, observe, retire_unseen
from gkmonitor.storage.item_texts import MAX_TEXTS
from gkmonitor.storage.items import RedatedItem, items_of, redated_items
from gkmonitor.storage.models import ItemRow, PortalRow
from gkmonitor.storage.models.watching import CHANGED

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


def entry(number: int, day: str | None = "2026-10-30", title: str | None = None) -> Item:
    return item(day, title or f"第{number}号公告", url=f"http://qinghe/{number}.html")


def see(database: Database, portal_id: int, *columns: ColumnFacts, night: int = 0, normal: bool = True) -> None:
    with database.writing() as session:
        keys = {column_key(one) for one in columns} if normal else ()
        observe(session, portal_id, columns, normal=keys, now=FIRST + night * NIGHT)


def paged(number: int, day: str | None, source: str = "article:heading:发布时间") -> Item:
    """An item whose list prints no date; ``day``: what its page says, or None where nobody opened it."""
    if day is None:
        return entry(number, None)
    return replace(entry(number, day), date_source=source)


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


# ---------------------------------------------------------------- what the list shows


def test_the_digest_of_an_entry_stays_while_the_list_shows_the_same(database, portal_id) -> None:
    see(database, portal_id, notices(entry(1, title="第1号公告（2026）")))
    before = sightings(database, portal_id)["第1号公告（2026）"]
    see(database, portal_id, notices(entry(1, title="第1号 公告(2026)")), night=1)
    after = sightings(database, portal_id)["第1号公告（2026）"]
    assert len(before["listed_digest"]) == 16
    assert (after["listed_digest"], after["earlier"]) == (before["listed_digest"], [])


@pytest.mark.parametrize("changed", [entry(1, "2026-10-31"), entry(1, title="第1号公告（更正）"), entry(1, None)])
def test_the_digest_of_an_entry_changes_with_its_title_and_its_date(database, portal_id, changed: Item) -> None:
    see(database, portal_id, notices(entry(1)))
    before = sightings(database, portal_id)["第1号公告"]["listed_digest"]
    see(database, portal_id, notices(changed), night=1)
    (after,) = sightings(database, portal_id).values()
    assert after["listed_digest"] != before
    assert [one["title"] for one in after["earlier"]] == ["第1号公告"]


def test_an_undated_item_keeps_the_day_of_its_page_when_nobody_opens_it_again(database, portal_id) -> None:
    for night, day in enumerate((None, "2026-03-01", None)):
        see(database, portal_id, notices(paged(1, day)), night=night)
    seen = sightings(database, portal_id)["第1号公告"]
    assert (seen["published"], seen["by"], seen["earlier"]) == (date(2026, 3, 1), DatedBy.PAGE, [])


# ---------------------------------------------------------------- what the items' own pages say

OLD, NEW = "0a" * 16, "0b" * 16


def read(*entries: Item, **digests: str) -> ColumnFacts:
    """The column with the texts of the articles that were opened: ``_1=digest`` for the first item."""
    texts = {f"http://qinghe/{name[1:]}.html": digest for name, digest in digests.items()}
    return notices(*entries, text_digests=texts)


def test_a_text_that_stays_the_same_is_one_row_with_its_first_and_last_reading(database, portal_id) -> None:
    for night in range(3):
        see(database, portal_id, read(entry(1), entry(2), _1=OLD), night=night)
    (text,) = sightings(database, portal_id)["第1号公告"]["texts"]
    assert (text.digest, text.first_seen, text.last_seen, text.number) == (OLD, FIRST, FIRST + 2 * NIGHT, 1)
    assert sightings(database, portal_id)["第2号公告"]["texts"] == ()


def test_a_text_that_nobody_opened_again_was_last_seen_when_it_was_opened(database, portal_id) -> None:
    see(database, portal_id, read(entry(1), _1=OLD))
    see(database, portal_id, read(entry(1)), night=1)
    (text,) = sightings(database, portal_id)["第1号公告"]["texts"]
    assert text.last_seen == FIRST


def test_each_change_of_a_text_is_a_row_and_is_counted(database, portal_id) -> None:
    for night, digest in enumerate((OLD, NEW, NEW, OLD)):
        see(database, portal_id, read(entry(1), _1=digest), night=night)
    texts = sightings(database, portal_id)["第1号公告"]["texts"]
    assert [(one.digest, one.number) for one in texts] == [(OLD, 1), (NEW, 2), (OLD, 3)]
    assert (texts[1].first_seen, texts[1].last_seen) == (FIRST + NIGHT, FIRST + 2 * NIGHT)


def test_a_page_that_never_says_the_same_twice_keeps_its_count_and_few_rows(database, portal_id) -> None:
    for night in range(MAX_TEXTS + 4):
        see(database, portal_id, read(entry(1), _1=f"{night:032x}"), night=night)
    texts = sightings(database, portal_id)["第1号公告"]["texts"]
    assert [one.number for one in texts] == list(range(5, MAX_TEXTS + 5))


def test_an_older_reading_of_a_text_changes_nothing(database, portal_id) -> None:
    see(database, portal_id, read(entry(1), _1=NEW), night=1)
    see(database, portal_id, read(entry(1), _1=OLD), night=0)
    assert [one.digest for one in sightings(database, portal_id)["第1号公告"]["texts"]] == [NEW]


# ---------------------------------------------------------------- re-dated items


def redated(database: Database, portal_id: int) -> list[RedatedItem]:
    with database.reading() as session:
        return redated_items(session, portal_id, column_key(notices()))


def nights(database: Database, portal_id: int, *readings: ColumnFacts) -> list[RedatedItem]:
    for night, reading in enumerate(readings):
        see(database, portal_id, reading, night=night)
    return redated(database, portal_id)


def test_an_item_under_a_later_day_with_the_same_text_is_told_as_redated(database, portal_id) -> None:
    (found,) = nights(
        database,
        portal_id,
        read(entry(1, "2026-03-01"), entry(2), _1=OLD),
        read(entry(1, "2026-11-02"), entry(2), _1=OLD),
    )
    assert (found.title, found.url, found.first_seen) == ("第1号公告", "http://qinghe/1.html", FIRST)
    told = found.redating
    assert (told.before, told.after, told.noticed_at) == (date(2026, 3, 1), date(2026, 11, 2), FIRST + NIGHT)
    assert told.text is TextChange.UNCHANGED


def test_a_redated_item_of_an_undated_list_is_known_by_its_page(database, portal_id) -> None:
    (found,) = nights(
        database,
        portal_id,
        read(paged(1, "2026-03-01"), _1=OLD),
        read(paged(1, None)),
        read(paged(1, "2026-11-02"), _1=OLD),
    )
    assert (found.redating.before, found.redating.text) == (date(2026, 3, 1), TextChange.UNCHANGED)


def test_a_redated_item_with_another_text_is_told_as_changed(database, portal_id) -> None:
    readings = read(entry(1, "2026-03-01"), _1=OLD), read(entry(1, "2026-11-02"), _1=NEW)
    (found,) = nights(database, portal_id, *readings)
    assert found.redating.text is TextChange.CHANGED


@pytest.mark.parametrize(("before", "after"), [({}, {}), ({"_1": OLD}, {}), ({}, {"_1": OLD})])
def test_without_a_reading_before_and_after_nothing_is_said_of_the_text(database, portal_id, before, after) -> None:
    readings = read(entry(1, "2026-03-01"), **before), read(entry(1, "2026-11-02"), **after)
    (found,) = nights(database, portal_id, *readings)
    assert found.redating.text is TextChange.UNKNOWN


def test_a_text_read_long_before_and_long_after_tells_that_it_stayed(database, portal_id) -> None:
    old, new = entry(1, "2026-03-01"), entry(1, "2026-11-02")
    (found,) = nights(database, portal_id, read(old, _1=OLD), read(old), read(new), read(new, _1=OLD))
    assert (found.redating.noticed_at, found.redating.text) == (FIRST + 2 * NIGHT, TextChange.UNCHANGED)


@pytest.mark.parametrize(
    "readings",
    [
        (notices(entry(1, "2026-11-02")), notices(entry(1, "2026-03-01"))),
        (notices(entry(1, "2026-03-01")), notices(entry(1, None))),
        (notices(entry(1, "2026-03-01")), notices(entry(2, "2026-11-02"))),
        (notices(entry(1, "2026-03-01")), notices(entry(1, "2026-03-01", title="第1号公告（更正）"))),
        (notices(paged(1, "2026-03-01", "url")), notices(paged(1, "2026-03-03"))),
        (notices(paged(1, "2026-03-01", "article:label:PubDate")), notices(paged(1, "2026-11-02", "article:label"))),
        (notices(paged(1, "2026-03-01", "list:url-year")), notices(paged(1, "2027-03-01", "list:url-year"))),
        (notices(entry(1, "2026-03-01")), notices(paged(1, "2026-11-02"))),
        (notices(replace(entry(1, "2026-03-01"), url="")), notices(replace(entry(1, "2026-11-02"), url=""))),
    ],
    ids=[
        *("an earlier day", "no day any more", "another address", "another title alone", "an address and its page"),
        *("a label", "a year from elsewhere", "a list and a page", "no address"),
    ],
)
def test_what_is_no_later_day_of_the_same_place_is_not_told_as_redated(database, portal_id, readings) -> None:
    assert nights(database, portal_id, *readings) == []


def test_an_item_redated_twice_is_told_once_with_its_last_change(database, portal_id) -> None:
    days = ("2026-03-01", "2026-10-01", "2026-11-02")
    (found,) = nights(database, portal_id, *(notices(entry(1, day)) for day in days))
    assert (found.redating.before, found.redating.after) == (date(2026, 10, 1), date(2026, 11, 2))


def test_a_whole_portal_tells_its_redated_items_with_their_columns_the_newest_change_first(database, portal_id) -> None:
    budget = column("财政预决算", "fiscal", (entry(7, "2026-03-01"),), under=("政务公开",))
    later = column("财政预决算", "fiscal", (entry(7, "2026-10-01"),), under=("政务公开",))
    see(database, portal_id, notices(entry(1, "2026-03-01")), budget)
    see(database, portal_id, notices(entry(1, "2026-11-02")), budget, night=1)
    see(database, portal_id, notices(entry(2)), later, night=2)
    with database.reading() as session:
        found = redated_items(session, portal_id)
    assert [(one.title, one.path[-1], one.is_standing) for one in found] == [
        ("第7号公告", "财政预决算", True),
        ("第1号公告", "通知公告", False),
    ]


def test_the_items_that_changed_are_found_by_their_index(database, portal_id) -> None:
    query = f"SELECT 1 FROM items JOIN columns c ON c.id = column_id WHERE c.portal_id = {portal_id} AND {CHANGED}"
    with database.engine.begin() as connection:
        if not database.is_sqlite:
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        explain = "EXPLAIN QUERY PLAN " if database.is_sqlite else "EXPLAIN "
        plan = " ".join(str(row) for row in connection.exec_driver_sql(explain + query))
    assert "ix_items_changed" in plan


def test_what_an_earlier_release_noted_of_dates_accuses_nobody(database, portal_id) -> None:
    see(database, portal_id, notices(entry(1, "2026-11-02")))
    with database.writing() as session:
        (row,) = session.scalars(select(ItemRow))
        row.earlier = [{"title": row.title, "published": "2026-03-01", "until": FIRST.isoformat()}]
    assert redated(database, portal_id) == []


# ---------------------------------------------------------------- last normally monitored


def test_each_column_knows_when_it_was_last_monitored_as_normal(database, portal_id) -> None:
    budget = column("财政预决算", "fiscal", (entry(7),), under=("政务公开",))
    see(database, portal_id, notices(entry(1)), budget)
    see(database, portal_id, notices(entry(1)), night=1)
    see(database, portal_id, notices(entry(1)), budget, night=2, normal=False)
    see(database, portal_id, unread("通知公告", "notices", Reason.BLOCKED, under=("政务公开",)), budget, night=3)
    with database.reading() as session:
        known = {one.path[-1]: one.last_normal for one in known_columns(session, portal_id).values()}
    assert known == {"通知公告": FIRST + NIGHT, "财政预决算": FIRST + 3 * NIGHT}
