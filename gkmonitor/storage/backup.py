"""The database's side of a backup: one snapshot to read from, one transaction to put everything back in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from sqlalchemy import Connection, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from gkmonitor.errors import BackupError, StorageError
from gkmonitor.ledger.records import ChainFault
from gkmonitor.storage.engine import WRITES, Database, storage_error
from gkmonitor.storage.events import chain_head, verify_chain
from gkmonitor.storage.migrating import LOCK_NUMBER, current_revision, head_revision, knows_revision, upgrade
from gkmonitor.storage.models import EvidenceRow
from gkmonitor.storage.table_lines import (
    count_on,
    empty_tables,
    filled_tables,
    find_tables,
    has_tables,
    lines_of,
    load_lines,
    lock_tables,
    table_names,
)

_SHOWN: Final = 3


class Snapshot:
    """The database as it stood at one instant; others go on writing."""

    def __init__(self, session: Session) -> None:
        self._session = session

    @property
    def head(self) -> tuple[int, str] | None:
        """Number and digest of the ledger's last event."""
        return chain_head(self._session)

    def fault(self) -> ChainFault | None:
        """What is wrong with the ledger."""
        return verify_chain(self._session)

    def evidence_paths(self) -> set[str]:
        """Every evidence file that the database names."""
        return set(self._session.scalars(select(EvidenceRow.path).distinct()))

    def tables(self) -> Iterator[tuple[str, Iterator[bytes]]]:
        """Name and lines of every table."""
        connection = self._session.connection()
        for table in find_tables(connection, table_names()):
            yield table.name, lines_of(connection, table)


@contextmanager
def snapshot(database: Database) -> Iterator[Snapshot]:
    """One snapshot of a current database, whatever is written meanwhile. Raises StorageError."""
    options: dict[str, object] = {WRITES: False}
    if not database.is_sqlite:
        options["isolation_level"] = "REPEATABLE READ"
    with Session(database.engine) as session:
        try:
            session.connection(execution_options=options)
            yield Snapshot(session)
        except DBAPIError as error:
            raise storage_error(error) from error


def put_back(
    database: Database,
    revision: str,
    parts: Mapping[str, Callable[[], Iterable[bytes]]],
    *,
    may_replace: bool,
    before_commit: Callable[[ChainFault | None], None],
) -> ChainFault | None:
    """Fills the database with the rows of a backup, in one transaction; what is wrong with the ledger afterwards.

    ``parts``: what gives the lines of each table; ``before_commit`` is called when every row is in, and may still
    raise: then nothing has changed. Rows of an earlier revision go into a database without tables, which is upgraded
    afterwards. Raises BackupError where the database is not empty and ``may_replace`` is False, StorageError.
    """
    if check_revision(database, revision):
        upgrade(database, revision)
    is_current = revision == head_revision()
    try:
        with Session(database.engine) as session:
            _fill(session.connection(execution_options={WRITES: True}), parts, may_replace=may_replace)
            fault = verify_chain(session) if is_current else None
            before_commit(fault)
            session.commit()
    except DBAPIError as error:
        raise storage_error(error) from error
    if not is_current:
        upgrade(database)
        with snapshot(database) as after:
            fault = after.fault()
    return fault


def check_revision(database: Database, revision: str) -> bool:
    """Whether the database still lacks tables for rows of that revision. Raises BackupError, StorageError where its
    tables are others."""
    if not knows_revision(revision):
        raise BackupError(f"备份来自较新的版本（数据库版本 {revision}），请升级 gkmonitor 后再恢复")
    here = current_revision(database)
    if here == revision:
        return False
    if here is None and _is_bare(database):
        return True
    if here is not None and not knows_revision(here):
        raise StorageError(f"数据库的版本（{here}）比本程序新，请升级 gkmonitor 后再试")
    if revision != head_revision():
        raise BackupError(
            f"备份来自较早的版本（数据库版本 {revision}），只能恢复到一个新的空数据库，程序随后会把它升级"
        )
    raise StorageError("数据库的表是较早版本的，请先运行 gkmonitor db upgrade，再恢复")


def _is_bare(database: Database) -> bool:
    try:
        with database.engine.connect().execution_options(**{WRITES: False}) as connection:
            return not has_tables(connection)
    except DBAPIError as error:
        raise storage_error(error) from error


def _fill(connection: Connection, parts: Mapping[str, Callable[[], Iterable[bytes]]], *, may_replace: bool) -> None:
    tables = find_tables(connection, parts)
    if connection.dialect.name != "sqlite":
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": LOCK_NUMBER})
        lock_tables(connection, tables)
    if filled := filled_tables(connection, tables):
        if not may_replace:
            shown = "、".join(filled[:_SHOWN])
            raise BackupError(f"数据库里已有数据（{shown} 等），没有恢复；确认要用备份替换全部数据请加 --force")
        empty_tables(connection, tables)
    for table in tables:
        load_lines(connection, table, parts[table.name]())
    count_on(connection, tables)
