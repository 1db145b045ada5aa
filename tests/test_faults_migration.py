"""Migrations under faults: killed in the middle, started twice at once, overtaken by a later release."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from databases import opened
from ledger_builder import add_portal
from sqlalchemy import event, inspect, select
from typer.testing import CliRunner

from gkmonitor.cli.main import app
from gkmonitor.errors import StorageError
from gkmonitor.settings import get_settings
from gkmonitor.storage.migrating import _config, current_revision, head_revision, upgrade
from gkmonitor.storage.models import PortalRow

# Upgrades, and dies at the statement of that number that makes something.
DYING = """
import os, sys
from sqlalchemy import event
from gkmonitor.storage import open_database
from gkmonitor.storage.migrating import upgrade
database, left = open_database(sys.argv[1]), [int(sys.argv[2])]
def watch(_connection, _cursor, statement, *_):
    left[0] -= "CREATE" in statement
    if left[0] == 0:
        os.kill(os.getpid(), 9)
event.listen(database.engine, "before_cursor_execute", watch)
upgrade(database)
"""
UPGRADE = """
import sys
from gkmonitor.storage import open_database
from gkmonitor.storage.migrating import upgrade
print(upgrade(open_database(sys.argv[1]))[1])
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without tables."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'new.db'}"
    else:
        with request.getfixturevalue("postgres").database(is_empty=True) as url:
            yield url


def start(code: str, *words: str) -> subprocess.Popen[str]:
    pipe = subprocess.PIPE
    return subprocess.Popen([sys.executable, "-c", code, *words], stdout=pipe, stderr=pipe, text=True)


def test_an_upgrade_killed_in_the_middle_keeps_the_rows_and_is_completed_by_the_next(empty_url: str) -> None:
    with opened(empty_url) as database:
        upgrade(database, "0001")
        add_portal(database, "青禾县人民政府")
    child = start(DYING, empty_url, "9")
    child.communicate(timeout=60)
    assert child.returncode == -signal.SIGKILL
    with opened(empty_url) as database:
        assert current_revision(database) == "0001"
        assert upgrade(database) == ("0001", head_revision())
        command.check(_config(database))
        with database.reading() as session:
            assert session.scalars(select(PortalRow.name)).all() == ["青禾县人民政府"]


def test_two_upgrades_at_once_of_an_empty_database_both_end_well(empty_url: str) -> None:
    children = [start(UPGRADE, empty_url) for _ in range(2)]
    told = [child.communicate(timeout=60) for child in children]
    assert [child.returncode for child in children] == [0, 0], told
    assert [out.strip() for out, _ in told] == [head_revision()] * 2


def test_no_process_can_come_in_between_two_migrations_of_sqlite(tmp_path: Path) -> None:
    path, seen = tmp_path / "new.db", []

    def look(_connection: object) -> None:
        with closing(sqlite3.connect(path)) as outsider:
            seen.append(outsider.execute("SELECT name FROM sqlite_master").fetchall())

    with opened(f"sqlite:///{path}") as database:
        event.listen(database.engine, "commit", look)
        upgrade(database)
    assert seen == [[]]  # one commit, before which nothing was to be seen


@pytest.mark.parametrize("words", [("db", "upgrade"), ("sites", "list"), ("backup", "b.zip")])
def test_a_database_of_a_later_release_is_left_alone_by_every_command(
    database_url: str, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with opened(database_url) as database, database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    monkeypatch.setenv("GKMONITOR_DATABASE_URL", database_url)
    monkeypatch.chdir(tmp_path)
    get_settings.cache_clear()
    result = CliRunner().invoke(app, list(words))
    get_settings.cache_clear()
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (3, "", 1)
    assert "比本程序新" in result.stderr or "不符" in result.stderr
    with opened(database_url) as database:
        assert current_revision(database) == "9999"
    assert not os.path.exists("b.zip")  # noqa: PTH110


def test_tables_without_a_revision_are_never_built_over(tmp_path: Path) -> None:
    with opened(f"sqlite:///{tmp_path / 'other.db'}") as database:
        with database.engine.begin() as connection:
            connection.exec_driver_sql("CREATE TABLE units (note TEXT)")
            connection.exec_driver_sql("INSERT INTO units VALUES ('of another program')")
        with pytest.raises(StorageError):
            upgrade(database)
        with database.engine.connect() as connection:
            assert connection.exec_driver_sql("SELECT note FROM units").scalar() == "of another program"
        assert inspect(database.engine).get_table_names() == ["units"]
