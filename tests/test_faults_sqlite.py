"""SQLite under faults: a long reader, a foreign writer, a full disk. What was written stays, what was not is told."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from backup_builder import rows_of
from databases import opened
from ledger_builder import Ledger, add_portal, verdict
from sqlalchemy import event, func, select

from gkmonitor.errors import StorageError
from gkmonitor.ledger.records import State
from gkmonitor.storage import Database, open_database
from gkmonitor.storage.cases import verify_chain
from gkmonitor.storage.models import PortalRow


@contextmanager
def impatient(url: str) -> Iterator[Database]:
    """The database, opened by a process that hardly waits for others."""
    database = open_database(url, connect_args={"timeout": 0.05})
    try:
        yield database
    finally:
        database.close()


def count_portals(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(PortalRow)) or 0


def test_writers_go_on_while_a_reader_holds_its_snapshot(sqlite_url: str) -> None:
    with impatient(sqlite_url) as database:
        ledger = Ledger(database)
        with database.reading() as session:
            assert session.scalar(select(func.count()).select_from(PortalRow)) == 1
            ledger.inspect_times(2, [verdict()])
            add_portal(database)
            assert session.scalar(select(func.count()).select_from(PortalRow)) == 1
        assert (count_portals(database), ledger.case.state) == (2, State.OPEN)


def test_a_foreign_writer_is_told_after_the_wait_and_readers_go_on(sqlite_url: str) -> None:
    path = sqlite_url.removeprefix("sqlite:///")
    with impatient(sqlite_url) as database, closing(sqlite3.connect(path, isolation_level=None)) as foreign:
        add_portal(database)
        foreign.execute("BEGIN IMMEDIATE")
        with pytest.raises(StorageError, match="被其他程序占用"):
            add_portal(database)
        assert count_portals(database) == 1
        foreign.execute("ROLLBACK")
        add_portal(database)
        assert count_portals(database) == 2


def test_a_database_that_is_locked_from_outside_is_told_and_not_damaged(sqlite_url: str) -> None:
    path = sqlite_url.removeprefix("sqlite:///")
    with impatient(sqlite_url) as database:
        add_portal(database)
    with impatient(sqlite_url) as database, closing(sqlite3.connect(path, isolation_level=None)) as foreign:
        foreign.execute("PRAGMA locking_mode=EXCLUSIVE")
        foreign.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StorageError, match="被其他程序占用"):
            count_portals(database)
    with impatient(sqlite_url) as database:
        assert count_portals(database) == 1


def test_a_full_disk_is_told_and_the_inspection_is_written_once_there_is_room(sqlite_url: str) -> None:
    room = {"pages": 0}

    def limit(raw: sqlite3.Connection, _record: object) -> None:
        raw.execute(f"PRAGMA max_page_count={room['pages'] or 1 << 30}")

    with opened(sqlite_url) as database:
        ledger = Ledger(database)
        ledger.inspect([verdict()])
        event.listen(database.engine, "connect", limit)
        with database.engine.connect() as connection:
            room["pages"] = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        before = rows_of(database)
        database.engine.dispose()
        much = [verdict(message="栏目“要闻”" * 200_000)]
        with pytest.raises(StorageError, match="磁盘空间不足"):
            ledger.inspect(much)
        assert rows_of(database) == before
        room["pages"] = 0
        database.engine.dispose()
        ledger.inspect(much)
        assert (ledger.case.state, ledger.case.observations) == (State.OPEN, 2)
        with database.reading() as session:
            assert verify_chain(session) is None


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    (tmp_path / "letter.db").write_text("并不是数据库" * 1000, encoding="utf-8")
    with impatient(f"sqlite:///{tmp_path / 'letter.db'}") as database, pytest.raises(StorageError):
        count_portals(database)
