"""The PostgreSQL databases that tests are given one after the other: each is as good as new."""

from __future__ import annotations

import pytest
from databases import Postgres, opened
from ledger_builder import Ledger, verdict
from sqlalchemy import text

from gkmonitor.errors import StorageError
from gkmonitor.storage import Database
from gkmonitor.storage.backup import snapshot


def rows_of(database: Database) -> int:
    with snapshot(database) as seen:
        return sum(1 for _, lines in seen.tables() for _ in list(lines)[1:])


def write_a_ledger(url: str) -> list[int]:
    """The numbers of its cases."""
    with opened(url) as database:
        told = Ledger(database)
        told.inspect_times(2, [verdict()])
        return told.case_ids()


def change(url: str, words: str) -> None:
    with opened(url) as database, database.engine.begin() as connection:
        connection.execute(text(words))


def test_a_database_is_given_out_again_empty_and_counts_from_one(postgres: Postgres) -> None:
    with postgres.database() as first:
        assert write_a_ledger(first) == [1]
    with postgres.database() as second:
        with opened(second) as database:
            assert rows_of(database) == 0
        assert write_a_ledger(second) == [1]
        with (
            opened(second) as database,
            pytest.raises(StorageError, match="append-only"),
            database.writing() as session,
        ):
            session.execute(text("DELETE FROM events"))


@pytest.mark.parametrize(
    "words",
    [
        "CREATE TABLE extra (id integer)",
        "ALTER TABLE portals ADD COLUMN extra text",
        "DROP INDEX ix_cases_concept",
        "ALTER TABLE events DISABLE TRIGGER USER",
        "CREATE OR REPLACE FUNCTION events_refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
        "UPDATE alembic_version SET version_num = '0001'",
    ],
)
def test_a_database_whose_tables_were_changed_is_not_given_out_again(postgres: Postgres, words: str) -> None:
    with postgres.database() as first:
        change(first, words)
    with postgres.database() as second:
        assert second != first


def test_who_is_still_connected_at_the_end_is_not_afterwards(postgres: Postgres) -> None:
    with postgres.database() as first:
        left = Ledger(opened(first).__enter__())
        session = left.database.engine.connect()
        session.execute(text("SELECT 1 FROM portals FOR UPDATE"))
    with postgres.database() as second:
        assert write_a_ledger(second) == [1]
    session.invalidate()
    left.database.close()
