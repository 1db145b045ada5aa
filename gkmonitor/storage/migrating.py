"""Bringing a database to this program's tables, from empty or from an earlier release."""

from __future__ import annotations

import re
from ast import literal_eval
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError

from gkmonitor.errors import StorageError
from gkmonitor.storage.engine import WRITES, Database, storage_error

if TYPE_CHECKING:
    from alembic.config import Config

LOCK_NUMBER: Final = 0x676B6D6F  # PostgreSQL's advisory lock: one migration at a time
_REVISION: Final = re.compile(r"^revision = (.+)$", re.MULTILINE)
_BEFORE: Final = re.compile(r"^down_revision = (.+)$", re.MULTILINE)


def find_scripts() -> Path:
    """The folder of the migrations: beside the packages in a checkout, inside the package when installed."""
    inside = Path(__file__).resolve().parent.parent / "alembic"
    beside = Path(__file__).resolve().parents[2] / "alembic"
    for folder in (beside, inside):
        if (folder / "env.py").is_file():
            return folder
    raise StorageError("找不到数据库迁移脚本（alembic 文件夹），请重新安装 gkmonitor")


def _config(database: Database) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(find_scripts()).replace("%", "%%"))
    config.attributes["database"] = database
    return config


@cache
def _revisions(scripts: Path) -> Mapping[str, str | None]:
    """Every revision with the one before it, as the scripts say; none is run, for every command asks at its start."""
    found: dict[str, str | None] = {}
    for script in sorted((scripts / "versions").glob("*.py")):
        words = script.read_text(encoding="utf-8")
        own, before = (pattern.search(words) for pattern in (_REVISION, _BEFORE))
        assert own is not None, script
        assert before is not None, script
        found[literal_eval(own[1])] = literal_eval(before[1])
    return found


def head_revision() -> str:
    """The revision that this program works with."""
    revisions = _revisions(find_scripts())
    (head,) = revisions.keys() - revisions.values()
    return head


def knows_revision(revision: str) -> bool:
    """Whether this program has the migration of that name: False for a later release's."""
    return revision in _revisions(find_scripts())


def current_revision(database: Database) -> str | None:
    """The revision that the database stands at; None for an empty one. Raises StorageError."""
    try:
        with database.engine.connect().execution_options(**{WRITES: False}) as connection:
            if not inspect(connection).has_table("alembic_version"):
                return None
            revision: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
            return revision
    except DBAPIError as error:
        raise storage_error(error) from error


def upgrade(database: Database, revision: str = "head") -> tuple[str | None, str | None]:
    """Runs the migrations that are missing; (revision before, revision after). Raises StorageError.

    Two processes that start together do not collide: the second waits and finds nothing to do. Each migration is one
    transaction, so an interrupted one leaves the tables as they were.
    """
    from alembic import command  # takes a quarter of a second, and a database is seldom to be changed
    from alembic.util import CommandError

    before = current_revision(database)
    try:
        command.upgrade(_config(database), revision)
    except DBAPIError as error:
        raise storage_error(error) from error
    except CommandError as error:
        raise StorageError(f"数据库的版本（{before}）比本程序新，请升级 gkmonitor 后再试") from error
    return before, current_revision(database)


@contextmanager
def sole_upgrade(database: Database) -> Iterator[None]:
    """Nobody else changes tables of a PostgreSQL database meanwhile: a second process waits here. Raises StorageError.

    The lock ends with its connection, so a process that dies leaves none behind.
    """
    if database.is_sqlite:
        yield
        return
    number = {"number": LOCK_NUMBER}
    try:
        with database.engine.connect() as connection:
            connection.execute(text("SELECT pg_advisory_lock(:number)"), number)
            connection.commit()
            try:
                yield
            finally:
                connection.execute(text("SELECT pg_advisory_unlock(:number)"), number)
                connection.commit()
    except DBAPIError as error:
        raise storage_error(error) from error


def is_current(database: Database) -> bool:
    return current_revision(database) == head_revision()
