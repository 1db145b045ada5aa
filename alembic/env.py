"""Alembic's entry: migrations run on the database that the caller hands over, under a lock.

On PostgreSQL each is a transaction under an advisory lock. On SQLite all of them are one, which is the lock: between
two transactions another process could begin the very migration that comes next.
"""

from __future__ import annotations

from typing import Any

from alembic import context
from sqlalchemy import JSON, BigInteger, text

from gkmonitor.settings import get_settings
from gkmonitor.storage import Database, models, open_database
from gkmonitor.storage.base import Base, UtcDateTime, Word
from gkmonitor.storage.migrating import LOCK_NUMBER

assert models  # importing them fills Base.metadata


def find_database() -> Database:
    """The caller's database, or (for the alembic command line) the one that the settings name."""
    given = context.config.attributes.get("database")
    return given if given is not None else open_database(get_settings().database_url)


def render_item(kind: str, item: Any, _context: Any) -> str | bool:
    """Column types as plain SQL types, so that an old migration never depends on today's classes."""
    if kind != "type":
        return False
    if isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if isinstance(item, Word):
        return "sa.String(length=40)"
    if isinstance(item, JSON):
        return "sa.JSON().with_variant(postgresql.JSONB(), 'postgresql')"
    if isinstance(item, BigInteger):
        return "sa.BigInteger().with_variant(sa.Integer(), 'sqlite')"
    return False


def run() -> None:
    database = find_database()
    with database.engine.connect() as connection:
        if not database.is_sqlite:
            connection.execute(text("SELECT pg_advisory_lock(:number)"), {"number": LOCK_NUMBER})
            connection.commit()
        try:
            context.configure(
                connection=connection,
                target_metadata=Base.metadata,
                render_as_batch=database.is_sqlite,
                transaction_per_migration=not database.is_sqlite,
                transactional_ddl=True,  # on SQLite too, for sessions of ours begin their transactions themselves
                render_item=render_item,
            )
            with context.begin_transaction():
                context.run_migrations()
        finally:
            if not database.is_sqlite:
                connection.rollback()
                connection.execute(text("SELECT pg_advisory_unlock(:number)"), {"number": LOCK_NUMBER})
                connection.commit()


run()
