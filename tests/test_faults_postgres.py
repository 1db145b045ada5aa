"""PostgreSQL is stopped for a while: what is tried meanwhile says so, and the next call works, with the same pool."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from databases import Postgres, opened, own_postgres
from ledger_builder import Ledger, add_portal, verdict
from sqlalchemy import select, text

from gkmonitor.errors import StorageError
from gkmonitor.ledger.records import State
from gkmonitor.queueing import prepare_queue
from gkmonitor.storage import Database
from gkmonitor.storage.cases import verify_chain
from gkmonitor.storage.migrating import upgrade
from gkmonitor.storage.models import PortalRow


def test_a_server_stopped_for_a_while_is_told_and_nothing_is_lost_or_written_twice() -> None:
    with own_postgres() as server, opened(server.get_uri()) as database:
        upgrade(database)
        ledger = Ledger(database)
        ledger.inspect([verdict()])
        with pytest.raises(StorageError, match="数据库"):
            write_while_it_stops(database, server, ledger)
        for _ in range(2):
            with pytest.raises(StorageError, match="GKMONITOR_DATABASE_URL"):
                ledger.inspect([verdict()])
        server.start()
        ledger.inspect([verdict()])
        assert (ledger.case.state, ledger.case.observations) == (State.OPEN, 2)
        add_portal(database, "之后登记的")
        with database.reading() as session:
            names = session.scalars(select(PortalRow.name).order_by(PortalRow.id)).all()
            assert verify_chain(session) is None
        assert names == ["青禾县人民政府", "之后登记的"]


def write_while_it_stops(database: Database, server: Any, ledger: Ledger) -> None:
    with database.writing() as session:
        half = {"name": "半途", "url": "http://a.example/", "address_key": "a"}
        session.add(PortalRow(**half, created_at=ledger.at, updated_at=ledger.at))
        session.flush()
        server.stop()
        session.execute(text("SELECT 1"))


def test_two_upgrades_at_once_make_the_queues_tables_once(postgres: Postgres) -> None:
    with postgres.database() as url, ThreadPoolExecutor(2) as pool, opened(url) as one, opened(url) as other:
        assert sorted(pool.map(prepare_queue, (one, other))) == [False, True]
        assert prepare_queue(one) is False


def test_sqlite_needs_no_tables_for_the_queue(sqlite_url: str) -> None:
    with opened(sqlite_url) as database:
        assert prepare_queue(database) is False
