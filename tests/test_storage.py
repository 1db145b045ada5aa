"""The database itself: sessions, instants, migrations; every test with `database` runs on SQLite and on PostgreSQL."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from databases import Postgres, opened
from sqlalchemy import inspect, select, text, update
from sqlalchemy.exc import OperationalError, StatementError

from gkmonitor.errors import SettingError, StorageError
from gkmonitor.records import Item
from gkmonitor.storage import Database, open_database
from gkmonitor.storage.base import Base, json_value
from gkmonitor.storage.cycle_pages import cycle_lines
from gkmonitor.storage.engine import storage_error
from gkmonitor.storage.items import Reading, item_key, items_of, listed_digest, observe_items
from gkmonitor.storage.migrating import (
    _config,
    current_revision,
    find_scripts,
    head_revision,
    is_current,
    knows_revision,
    upgrade,
)
from gkmonitor.storage.models import ColumnRow, InspectionRow, ItemRow, PortalRow, UnitRow

NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)


def portal(name: str = "青禾县人民政府", key: str = "qinghe.example") -> PortalRow:
    return PortalRow(name=name, url=f"http://{key}/", address_key=key, created_at=NOON, updated_at=NOON)


def test_what_was_written_is_read_back_with_its_instant_in_utc(database: Database) -> None:
    with database.writing() as session:
        session.add(portal())
    with database.reading() as session:
        found = session.scalars(select(PortalRow)).one()
    assert (found.created_at, found.created_at.tzinfo, found.notes, found.state) == (NOON, UTC, {}, "active")


@pytest.mark.parametrize(
    ("stored", "read"),
    [
        ('{"a":[1,2.5,null,true,"青禾"]}', {"a": [1, 2.5, None, True, "青禾"]}),
        ("[0.1,1e300,123456789012345678901234567890]", [0.1, 1e300, 123456789012345678901234567890]),
        (r'"\ud800 \u0041"', "\ud800 A"),
    ],
)
def test_json_is_read_as_the_standard_library_reads_it(stored: str, read: object) -> None:
    assert json_value(stored) == read == json.loads(stored)


def test_an_error_in_a_writing_session_leaves_nothing_behind(database: Database) -> None:
    def write_half() -> None:
        with database.writing() as session:
            session.add(UnitRow(name="青禾县财政局"))
            session.flush()
            raise RuntimeError("in the middle of it")

    with pytest.raises(RuntimeError):
        write_half()
    with database.reading() as session:
        assert session.scalars(select(UnitRow)).all() == []


def test_a_breach_of_a_constraint_is_told_as_a_storage_error(database: Database) -> None:
    with pytest.raises(StorageError), database.writing() as session:
        session.add_all([portal(), portal("又一个")])


def test_an_instant_without_a_time_zone_is_refused(database: Database) -> None:
    naive = portal()
    naive.created_at = datetime(2026, 11, 20)  # noqa: DTZ001 - what is refused
    with pytest.raises(StatementError, match="time zone"), database.writing() as session:
        session.add(naive)


def test_migrations_from_empty_make_exactly_the_tables_of_the_models(database: Database) -> None:
    command.check(_config(database))
    assert set(Base.metadata.tables) <= set(inspect(database.engine).get_table_names())


def test_rows_of_the_first_revision_live_on_after_the_upgrade(tmp_path: Path) -> None:
    old = open_database(f"sqlite:///{tmp_path / 'old.db'}")
    assert upgrade(old, "0001") == (None, "0001")
    with old.writing() as session:
        session.add(portal())
    assert not is_current(old)
    assert upgrade(old) == ("0001", head_revision())
    with old.reading() as session:
        assert session.scalars(select(PortalRow.name)).all() == ["青禾县人民政府"]
    old.close()


def test_rows_of_the_first_revision_live_on_in_postgresql_too(postgres: Postgres) -> None:
    with postgres.database(is_empty=True) as url:
        old = open_database(url)
        upgrade(old, "0001")
        with old.writing() as session:
            session.add(portal())
        upgrade(old)
        with old.reading() as session:
            assert session.scalars(select(PortalRow.name)).all() == ["青禾县人民政府"]
        old.close()


# A row of each table that a release after it changed, as the release itself wrote it.
OF_0003 = (
    "INSERT INTO portals (id, name, url, address_key, state, notes, created_at, updated_at) "
    "VALUES (1, '青禾县人民政府', 'http://qinghe.example/', 'qinghe.example', 'active', '{}', :noon, :noon)",
    "INSERT INTO columns (id, portal_id, column_key, path, url, first_seen, last_seen) "
    """VALUES (1, 1, 'k', '["通知公告"]', 'http://qinghe.example/tzgg/', :noon, :noon)""",
    "INSERT INTO items (column_id, item_key, url, title, published, first_seen, earlier) "
    "VALUES (1, 'x', 'http://qinghe.example/1.html', '第1号公告', '2026-11-19', :noon, '[]')",
    "INSERT INTO cycles (id, name, kind, as_of, state, started_at, counts) "
    "VALUES (1, '2026-11-20/night', 'regular', '2026-11-20', 'done', :noon, '{}')",
    "INSERT INTO inspections (id, cycle_id, portal_id, state, attempts, as_of, failure, packs, summary) "
    "VALUES (1, 1, 1, 'done', 1, '2026-11-20', 'blocked', '{}', '{}')",
)


@pytest.fixture(params=["sqlite", "postgresql"])
def of_0003(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database of the release before this one, with rows, on either kind."""
    with ExitStack() as stack:
        url = f"sqlite:///{tmp_path / 'old.db'}"
        if request.param == "postgresql":
            url = stack.enter_context(request.getfixturevalue("postgres").database(is_empty=True))
        old = stack.enter_context(opened(url))
        upgrade(old, "0003")
        with old.engine.begin() as connection:
            for statement in OF_0003:
                connection.execute(text(statement), {"noon": NOON.isoformat(" ")} if old.is_sqlite else {"noon": NOON})
        yield old


def test_items_of_the_release_before_live_on_without_a_digest(of_0003: Database) -> None:
    assert upgrade(of_0003) == ("0003", head_revision())
    command.check(_config(of_0003))
    with of_0003.reading() as session:
        (one,) = items_of(session, 1, "k")
    assert (one["title"], one["published"], one["first_seen"]) == ("第1号公告", date(2026, 11, 19), NOON)
    assert (one["listed_digest"], one["texts"], one["is_standing"]) == (None, (), True)


def test_an_item_of_the_release_before_gets_its_digest_when_it_is_seen_again(of_0003: Database) -> None:
    upgrade(of_0003)
    item = Item("第1号公告", "http://qinghe.example/1.html", date(2026, 11, 19), "2026-11-19", "list")
    with of_0003.writing() as session:
        column = session.scalars(select(ColumnRow)).one()
        session.execute(update(ItemRow).values(item_key=item_key(item)))
        observe_items(session, [Reading(column, (item,), {item.url: "0a" * 16}, NOON)], NOON)
    with of_0003.reading() as session:
        (one,) = items_of(session, 1, "k")
    assert (one["listed_digest"], one["earlier"], one["first_seen"]) == (listed_digest(item).hex(), [], NOON)
    assert [(text.digest, text.number) for text in one["texts"]] == [("0a" * 16, 1)]


def test_inspections_of_the_release_before_live_on_without_a_digest(of_0003: Database) -> None:
    upgrade(of_0003)
    with of_0003.reading() as session:
        (row,) = session.scalars(select(InspectionRow))
        (line,) = cycle_lines(session)
    assert (row.digest, row.verdicts, row.failure) == (None, None, "blocked")
    assert line.results == {"blocked": 1}


def test_the_tables_of_digests_are_given_back_by_a_downgrade(of_0003: Database) -> None:
    upgrade(of_0003)
    command.downgrade(_config(of_0003), "0003")
    tables = inspect(of_0003.engine)
    assert "item_texts" not in tables.get_table_names()
    assert "listed_digest" not in {column["name"] for column in tables.get_columns("items")}
    assert "digest" not in {column["name"] for column in tables.get_columns("inspections")}
    assert upgrade(of_0003) == ("0003", head_revision())


@pytest.mark.durable
def test_sqlite_keeps_what_was_acknowledged_through_a_power_cut(sqlite_url: str) -> None:
    with opened(sqlite_url) as database, database.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2  # FULL
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"


def test_the_revisions_are_those_that_alembic_reads_from_the_scripts() -> None:
    scripts = ScriptDirectory(str(find_scripts()))
    assert head_revision() == scripts.get_current_head()
    assert all(knows_revision(script.revision) for script in scripts.walk_revisions())
    assert not knows_revision("9999")


def test_commands_that_find_the_tables_current_do_not_load_alembic(sqlite_url: str) -> None:
    code = (
        "import sys; from gkmonitor.storage import open_database; from gkmonitor.storage.migrating import is_current; "
        "print(is_current(open_database(sys.argv[1])), 'alembic' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code, sqlite_url], capture_output=True, text=True, timeout=60)
    assert done.stdout == "True False\n", done.stderr


def test_an_upgrade_of_a_current_database_does_nothing(database: Database) -> None:
    assert upgrade(database) == (head_revision(), head_revision())


def test_a_database_of_a_later_release_is_refused_with_words(database: Database) -> None:
    with database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StorageError, match="比本程序新"):
        upgrade(database)


@pytest.mark.parametrize("address", ["", "no address", "mysql://host/name", "file.db"])
def test_what_is_no_address_of_a_database_is_refused(address: str) -> None:
    with pytest.raises(SettingError, match=r"sqlite:///|PostgreSQL"):
        open_database(address)


def test_a_server_that_is_away_is_told_with_what_to_check() -> None:
    away = open_database("postgresql://nobody@127.0.0.1:1/none")
    with pytest.raises(StorageError, match="GKMONITOR_DATABASE_URL"):
        current_revision(away)


def test_a_database_without_tables_says_which_command_makes_them(tmp_path: Path) -> None:
    empty = open_database(f"sqlite:///{tmp_path / 'empty.db'}")
    with pytest.raises(StorageError, match="db upgrade"), empty.reading() as session:
        session.scalars(select(UnitRow)).all()
    empty.close()


def test_a_password_is_never_shown() -> None:
    assert "geheim" not in open_database("postgresql://user:geheim@127.0.0.1/name").address


def names_of(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(select(PortalRow.name)))


@pytest.mark.parametrize("damage", ["no database", "broken pages"])
def test_a_damaged_file_is_told_with_what_to_do(sqlite_url: str, tmp_path: Path, damage: str) -> None:
    path = tmp_path / "gkmonitor.db"
    whole = path.read_bytes()
    path.write_bytes(b"\x07" * len(whole) if damage == "no database" else whole[:4096] + b"\xaa" * (len(whole) - 4096))
    with opened(sqlite_url) as database, pytest.raises(StorageError, match=r"已损坏.*gkmonitor restore"):
        names_of(database)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ('connection to server at "127.0.0.1", port 1 failed: Connection refused', "连接被拒绝"),
        ('FATAL:  password authentication failed for user "x"', "用户名或密码不对"),
        ('FATAL:  database "y" does not exist', "用户或数据库不存在"),
        ("FATAL:  the database system is shutting down", "数据库服务正在停止"),
        ("", "连接中断"),
    ],
)
def test_why_a_server_cannot_be_asked_is_told_in_chinese(words: str, told: str) -> None:
    error = OperationalError("SELECT 1", {}, Exception(words))
    assert f"（{told}）" in str(storage_error(error))
