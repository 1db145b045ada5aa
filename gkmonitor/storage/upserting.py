"""Writing rows that may be there already: one place for what the two databases spell alike but import apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from gkmonitor.storage.base import Base

MAX_ROWS = 500  # a statement; SQLite takes 32,766 values at most


def insert_missing(session: Session, table: type[Base], rows: Sequence[Mapping[str, Any]], key: Sequence[str]) -> int:
    """Adds the rows whose ``key`` columns are not there yet; how many were added. Nothing is changed."""
    return _insert(session, table, rows, key, ())


def upsert(
    session: Session, table: type[Base], rows: Sequence[Mapping[str, Any]], key: Sequence[str], change: Sequence[str]
) -> int:
    """Adds the rows, or sets the columns ``change`` of those that are there; how many were written."""
    return _insert(session, table, rows, key, change)


def _insert(
    session: Session, table: type[Base], rows: Sequence[Mapping[str, Any]], key: Sequence[str], change: Sequence[str]
) -> int:
    written = 0
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    for start in range(0, len(rows), MAX_ROWS):
        statement = dialect.insert(table).values(list(rows[start : start + MAX_ROWS]))
        if change:
            new = {name: statement.excluded[name] for name in change}
            statement = statement.on_conflict_do_update(index_elements=list(key), set_=new)
        else:
            statement = statement.on_conflict_do_nothing(index_elements=list(key))
        written += session.connection().execute(statement, execution_options={"preserve_rowcount": True}).rowcount
    return written
