"""Opening the service's database for a command: one place, so that every command says the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gkmonitor.settings import Settings
    from gkmonitor.storage import Database


def open_service_database(settings: Settings) -> Database:
    """The database of the settings, at this program's tables; close it when the command is done.

    An SQLite file is made and migrated without being asked: it belongs to this program. A PostgreSQL database is not,
    for other machines may still run an earlier release on it. Raises SettingError, StorageError.
    """
    from gkmonitor.errors import StorageError
    from gkmonitor.storage import open_database
    from gkmonitor.storage.migrating import is_current, upgrade

    database = open_database(settings.database_address)
    try:
        if not is_current(database):
            if not database.is_sqlite:
                raise StorageError(f"数据库 {database.address} 的表与本程序不符，请先运行 gkmonitor db upgrade")
            upgrade(database)
    except BaseException:
        database.close()
        raise
    return database


def find_service_database(settings: Settings) -> Database | None:
    """The same where there is one already; None where nobody has begun to use the service on this machine."""
    from pathlib import Path

    from gkmonitor.storage import open_database

    database = open_database(settings.database_address)
    if database.is_sqlite:
        path = database.engine.url.database
        if path is None or not Path(path).is_file():
            database.close()
            return None
    database.close()
    return open_service_database(settings)
