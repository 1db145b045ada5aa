"""Every row of the database as lines of JSON and back, alike on SQLite and PostgreSQL.

The first line of a table names its columns, every further line is one row: instants in UTC and days as ISO 8601, bytes
as Base64, JSON columns as the text that the database keeps. Tables are read as the database has them, not as the
models say, so that rows of an earlier release can be put back too.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from itertools import islice
from typing import Any, Final

from sqlalchemy import (
    JSON,
    Column,
    Connection,
    Date,
    DateTime,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    bindparam,
    cast,
    func,
    insert,
    inspect,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB

from gkmonitor.errors import BackupError
from gkmonitor.storage.base import Base

ROWS_AT_ONCE: Final = 200  # facts are tens of kilobytes each
_REVISION_TABLE: Final = "alembic_version"
# Who is logged in, and who tried: a restored service begins with nobody logged in.
_OF_THE_MOMENT: Final = frozenset({"login_attempts", "web_sessions"})


def table_names() -> tuple[str, ...]:
    """The tables that a backup holds, those that others refer to first. Procrastinate's are not among them."""
    return tuple(table.name for table in Base.metadata.sorted_tables if table.name not in _OF_THE_MOMENT)


def find_tables(connection: Connection, names: Iterable[str]) -> list[Table]:
    """The tables of these names as the database has them, those that others refer to first. Raises BackupError."""
    wanted = set(names)
    if missing := wanted - set(inspect(connection).get_table_names()):
        raise BackupError(f"备份中的表与数据库不符：数据库里没有 {'、'.join(sorted(missing))}")
    metadata = MetaData()
    metadata.reflect(connection, only=sorted(wanted))
    return [table for table in metadata.sorted_tables if table.name in wanted]


def has_tables(connection: Connection) -> bool:
    """Whether the database holds anything of this program, be it only the number of a revision."""
    return bool(set(inspect(connection).get_table_names()) & {_REVISION_TABLE, *table_names()})


def filled_tables(connection: Connection, tables: Iterable[Table]) -> list[str]:
    """Names of the tables that have rows."""
    return [table.name for table in tables if connection.scalar(select(text("1")).select_from(table).limit(1))]


# ---------------------------------------------------------------- out


def lines_of(connection: Connection, table: Table) -> Iterator[bytes]:
    """The table's head line, then a line for each row, in the order of its key."""
    columns = list(table.columns)
    yield _line({"table": table.name, "columns": [column.name for column in columns]})
    writers = [(index, write) for index, column in enumerate(columns) if (write := _writer(column)) is not None]
    shown = [cast(column, Text) if isinstance(column.type, JSON) else column for column in columns]
    query = select(*shown).order_by(*table.primary_key.columns)
    for row in connection.execute(query, execution_options={"yield_per": ROWS_AT_ONCE}):
        values = list(row)
        for index, write in writers:
            if values[index] is not None:
                values[index] = write(values[index])
        yield _line(values)


def _line(values: Any) -> bytes:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _writer(column: Column[Any]) -> Callable[[Any], str] | None:
    if isinstance(column.type, DateTime):
        return _instant_text
    if isinstance(column.type, Date):
        return _day_text
    if isinstance(column.type, LargeBinary):
        return _bytes_text
    return None


def _instant_text(value: datetime) -> str:
    """SQLite keeps instants in UTC without saying so."""
    return (value if value.tzinfo is not None else value.replace(tzinfo=UTC)).astimezone(UTC).isoformat()


def _day_text(value: date) -> str:
    return value.isoformat()


def _bytes_text(value: bytes) -> str:
    return base64.b64encode(value).decode("ascii")


# ---------------------------------------------------------------- in


def load_lines(connection: Connection, table: Table, lines: Iterable[bytes]) -> int:
    """Adds the rows of ``lines_of`` to an empty table; how many. Raises BackupError for lines that do not fit."""
    rest = iter(lines)
    columns = _columns_of(table, next(rest, b""))
    looped = _own_references(table)
    statement = insert(table).values({column.name: _bound(column, connection) for column in columns})
    readers = [_reader(column) for column in columns]
    later: list[dict[str, Any]] = []
    count = 0
    while chunk := list(islice(rest, ROWS_AT_ONCE)):
        rows = [_row(table, columns, readers, line) for line in chunk]
        later += _held_back(rows, looped, table)
        connection.execute(statement, rows)
        count += len(rows)
    if later:
        keys = [column == bindparam(f"key_{column.name}") for column in table.primary_key.columns]
        change = update(table).where(*keys).values({name: bindparam(f"new_{name}") for name in looped})
        connection.execute(change, later)
    return count


def _columns_of(table: Table, head: bytes) -> list[Column[Any]]:
    try:
        names = json.loads(head)["columns"]
    except (ValueError, KeyError, TypeError) as error:
        raise BackupError(f"备份中的表 {table.name} 没有表头，文件已损坏") from error
    if not isinstance(names, list) or sorted(map(str, names)) != sorted(table.columns.keys()):
        raise BackupError(f"备份中的表 {table.name} 与数据库的列不符，不能恢复")
    return [table.columns[name] for name in names]


def _bound(column: Column[Any], connection: Connection) -> Any:
    """JSON goes in as the text that came out, so that nothing of it is written anew."""
    if not isinstance(column.type, JSON):
        return bindparam(f"new_{column.name}", type_=column.type)
    given = bindparam(f"new_{column.name}", type_=Text())
    return given if connection.dialect.name == "sqlite" else cast(given, JSONB)


def _reader(column: Column[Any]) -> Callable[[str], Any] | None:
    if isinstance(column.type, DateTime):
        return datetime.fromisoformat
    if isinstance(column.type, Date):
        return date.fromisoformat
    if isinstance(column.type, LargeBinary):
        return _bytes_of
    return None


def _bytes_of(value: str) -> bytes:
    return base64.b64decode(value, validate=True)


def _row(
    table: Table, columns: Sequence[Column[Any]], readers: Sequence[Callable[[str], Any] | None], line: bytes
) -> dict[str, Any]:
    try:
        values = json.loads(line)
        if not isinstance(values, list):
            raise TypeError("a row is a list")
        return {
            f"new_{column.name}": value if value is None or read is None else read(value)
            for column, read, value in zip(columns, readers, values, strict=True)
        }
    except (ValueError, TypeError, binascii.Error) as error:
        raise BackupError(f"备份中的表 {table.name} 有读不懂的行，文件已损坏") from error


def _own_references(table: Table) -> tuple[str, ...]:
    """Columns that refer to rows of the same table, as units to the unit above."""
    return tuple(
        key.parent.name for key in table.foreign_keys if key.column.table is table and key.parent.nullable is not False
    )


def _held_back(rows: Sequence[dict[str, Any]], looped: Sequence[str], table: Table) -> list[dict[str, Any]]:
    """Takes the references within the table out of the rows: the row referred to may come later."""
    changes = []
    for row in rows:
        named = {f"new_{name}": row[f"new_{name}"] for name in looped}
        if any(value is not None for value in named.values()):
            changes.append(named | {f"key_{c.name}": row[f"new_{c.name}"] for c in table.primary_key.columns})
            row.update(dict.fromkeys(named))
    return changes


def empty_tables(connection: Connection, tables: Sequence[Table]) -> None:
    """Removes every row. Readers go on with what they saw; other writers wait until the transaction ends."""
    for table in reversed(tables):
        with _without_triggers(connection, table):
            for name in _own_references(table):
                connection.execute(update(table).values({name: None}))
            connection.execute(table.delete())


@contextmanager
def _without_triggers(connection: Connection, table: Table) -> Iterator[None]:
    """The table without what guards it (events are append-only), put back before the transaction ends."""
    if connection.dialect.name != "sqlite":
        connection.execute(text(f'ALTER TABLE "{table.name}" DISABLE TRIGGER USER'))
        yield
        connection.execute(text(f'ALTER TABLE "{table.name}" ENABLE TRIGGER USER'))
        return
    query = text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table")
    found: Mapping[str, str] = {name: sql for name, sql in connection.execute(query, {"table": table.name})}  # noqa: C416
    for name in found:
        connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
    yield
    for sql in found.values():
        connection.exec_driver_sql(sql)


def lock_tables(connection: Connection, tables: Sequence[Table]) -> None:
    """Keeps other writers out until the transaction ends; on SQLite the transaction has done so already."""
    if connection.dialect.name != "sqlite":
        names = ", ".join(f'"{table.name}"' for table in tables)
        connection.execute(text(f"LOCK TABLE {names} IN EXCLUSIVE MODE"))


def count_on(connection: Connection, tables: Iterable[Table]) -> None:
    """New rows get numbers after the largest; PostgreSQL's counters never go back, for work under way knows numbers."""
    if connection.dialect.name == "sqlite":
        return
    for table in tables:
        keys = list(table.primary_key.columns)
        if len(keys) != 1 or not isinstance(keys[0].type, Integer):
            continue
        counter = connection.scalar(select(func.pg_get_serial_sequence(table.name, keys[0].name)))
        largest = connection.scalar(select(func.max(keys[0])))
        if counter is not None and largest is not None:
            now_at = connection.scalar(text(f"SELECT last_value FROM {counter}"))
            connection.execute(select(func.setval(counter, max(largest, now_at or 0))))
