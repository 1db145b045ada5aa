"""Opening the database: SQLite as the embedded default, PostgreSQL for more; sessions for reading and for writing."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError
from sqlalchemy.orm import Session

from gkmonitor.errors import SettingError, StorageError, system_words
from gkmonitor.storage.base import json_text, json_value

BUSY_TIMEOUT_SECONDS: Final = 30.0  # how long one SQLite writer waits for another
CONNECT_TIMEOUT_SECONDS: Final = 10
WRITES: Final = "gkmonitor_writes"  # an execution option: False for a transaction that only looks


class Database:
    """One database of the service. Make it with :func:`open_database`; close it when the process ends."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    @property
    def file(self) -> Path | None:
        """The file of an SQLite database; None for one in memory and for a server."""
        name = self.engine.url.database
        return Path(name) if self.is_sqlite and name and name != ":memory:" else None

    @property
    def address(self) -> str:
        """The address as it may be shown: without the password."""
        return self.engine.url.render_as_string(hide_password=True)

    @property
    def private_address(self) -> str:
        """The address with its password, for the library that runs the queue; never shown."""
        return self.engine.url.render_as_string(hide_password=False)

    @contextlib.contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that only looks, at one snapshot; what it gave may be looked at afterwards. Raises StorageError."""
        with self._session(writes=False) as session:
            yield session

    @contextlib.contextmanager
    def writing(self) -> Iterator[Session]:
        """A session in one transaction, committed at the end, rolled back on any error. Raises StorageError."""
        with self._session(writes=True) as session:
            yield session
            session.commit()

    @contextlib.contextmanager
    def _session(self, *, writes: bool) -> Iterator[Session]:
        with Session(self.engine, expire_on_commit=False) as session:
            try:
                session.connection(execution_options={WRITES: writes})
                yield session
            except DBAPIError as error:
                raise storage_error(error) from error

    def close(self) -> None:
        self.engine.dispose()


def open_database(url: str, **options: Any) -> Database:
    """The database at an SQLAlchemy address (``sqlite:///file``, ``postgresql://user@host/name``).

    The folder of an SQLite file is made. Raises SettingError for what is no such address. Opens no connection yet.
    """
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise SettingError(
            "GKMONITOR_DATABASE_URL 的值不是数据库地址，请填写 sqlite:///文件 或 postgresql://用户@主机/库名"
        ) from error
    if parsed.drivername in ("postgresql", "postgres"):
        parsed = parsed.set(drivername="postgresql+psycopg")
    options.setdefault("json_serializer", json_text)
    options.setdefault("json_deserializer", json_value)
    if parsed.get_backend_name() == "sqlite":
        return Database(_open_sqlite(parsed.database, parsed, options))
    if parsed.drivername != "postgresql+psycopg":
        raise SettingError(f"不支持数据库类型“{parsed.drivername}”，请使用 SQLite 或 PostgreSQL（postgresql://...）")
    options.setdefault("connect_args", {"connect_timeout": CONNECT_TIMEOUT_SECONDS})
    return Database(create_engine(parsed, pool_pre_ping=True, **options))


def _open_sqlite(path: str | None, url: Any, options: dict[str, Any]) -> Engine:
    if path and path != ":memory:":
        try:
            Path(path).expanduser().parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StorageError(f"无法建立数据库所在的文件夹 {Path(path).parent}：{system_words(error)}") from error
        url = url.set(database=str(Path(path).expanduser()))
    options.setdefault("connect_args", {"timeout": BUSY_TIMEOUT_SECONDS})
    engine = create_engine(url, **options)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    """WAL, so that readers never wait; FULL, so that what was acknowledged survives a power cut."""
    connection.isolation_level = None  # transactions are begun by _begin_sqlite
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    """A writer takes the lock at once: one that upgrades later would fail instead of waiting."""
    writes = connection.get_execution_options().get(WRITES, True)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def conninfo(address: str) -> str:
    """An address of ours as PostgreSQL's own libraries read it."""
    return make_url(address).set(drivername="postgresql").render_as_string(hide_password=False)


def _connection_words(words: str) -> str:
    """Why PostgreSQL could not be asked, in Chinese where its library's words are known."""
    lines = words.strip().splitlines()
    known = {
        "Connection refused": "连接被拒绝",
        "password authentication failed": "用户名或密码不对",
        "does not exist": "用户或数据库不存在",
        "could not translate host name": "主机名无法解析",
        "failed to resolve host": "主机名无法解析",
        "timeout": "连接超时",
        "server closed the connection": "连接中断",
        "terminating connection": "连接被服务器中断",
        "starting up": "数据库服务正在启动",
        "shutting down": "数据库服务正在停止",
    }
    found = next((told for pattern, told in known.items() if pattern in words), None)
    return found or (lines[0][:200] if lines else "连接中断")


def storage_error(error: DBAPIError) -> StorageError:
    """What a driver's error means, in words that say what to do."""
    words = str(error.orig)
    if "database is locked" in words:
        return StorageError("数据库被其他程序占用，请稍后重试；如长时间如此，请检查是否有程序锁住了数据库文件")
    if "full" in words or "No space left" in words:
        return StorageError("磁盘空间不足，未能写入数据库；已写入的内容不受影响，请清理磁盘后重试")
    if "no such table" in words or "UndefinedTable" in type(error.orig).__name__:
        return StorageError("数据库中还没有所需的表，请先运行 gkmonitor db upgrade")
    if "readonly" in words or "unable to open" in words:
        return StorageError("无法打开或写入数据库文件，请检查路径和权限")
    if "is not a database" in words or "malformed" in words:
        return StorageError(
            "数据库文件已损坏或不是数据库，请把它（连同 -wal、-shm 文件）移到别处，再用 gkmonitor restore 恢复备份"
        )
    if isinstance(error, OperationalError):
        first = _connection_words(words)
        return StorageError(f"无法连接数据库（{first}），请检查 GKMONITOR_DATABASE_URL 和数据库服务是否在运行")
    return StorageError(f"数据库出错：{words.strip().splitlines()[0][:200] if words.strip() else type(error).__name__}")
