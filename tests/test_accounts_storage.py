"""What the database itself keeps of accounts and the audit, on SQLite and on PostgreSQL."""

from __future__ import annotations

from pathlib import Path

import pytest
from backup_builder import NewDatabase, back, rows_of
from desk_client import CHEAP, NOW, PASSWORD, ensure_account
from sqlalchemy import func, select, text

from gkmonitor.accounts.passwords import digest_of, hash_password
from gkmonitor.accounts.records import Role
from gkmonitor.backups.making import make_backup
from gkmonitor.errors import AccountError, StorageError
from gkmonitor.storage import Database, accounts, audit, web_sessions
from gkmonitor.storage.models import AccountRow, AuditRow, LoginAttemptRow, WebSessionRow


def begin(database: Database, account: int, secret: str = "secret") -> None:
    with database.writing() as session:
        web_sessions.add_session(session, digest_of(secret), account, "csrf", NOW, address="::1", agent="x" * 900)
        web_sessions.begin_attempt(session, "inspector", "::1", NOW)
        audit.note_as(session, NOW, "inspector", "login", account_id=account)


@pytest.mark.parametrize("statement", ["UPDATE audit SET actor = 'someone else'", "DELETE FROM audit"])
def test_the_database_refuses_to_change_or_remove_what_is_in_the_audit(database: Database, statement: str) -> None:
    begin(database, ensure_account(database, Role.INSPECTOR))
    with pytest.raises(StorageError), database.writing() as session:
        session.execute(text(statement))
    with database.reading() as session:
        assert [row.actor for row in session.scalars(select(AuditRow))] == ["inspector"]


def test_a_backup_holds_accounts_and_the_audit_but_nobody_who_is_logged_in(
    database: Database, new_database: NewDatabase, tmp_path: Path
) -> None:
    account = ensure_account(database, Role.INSPECTOR)
    begin(database, account)
    make_backup(database, tmp_path / "b.zip", evidence=None, now=NOW)
    assert {"web_sessions", "login_attempts"}.isdisjoint(rows_of(database))
    other = new_database("postgresql" if database.is_sqlite else "sqlite")
    back(other, tmp_path / "b.zip", tmp_path / "elsewhere")
    assert rows_of(other) == rows_of(database)
    with other.reading() as session:
        assert web_sessions.find_session(session, digest_of("secret"), NOW) is None
        assert session.scalar(select(func.count()).select_from(LoginAttemptRow)) == 0


def test_a_restore_over_a_service_in_use_logs_everybody_out_and_guards_the_audit_again(
    database: Database, tmp_path: Path
) -> None:
    account = ensure_account(database, Role.INSPECTOR)
    begin(database, account)
    make_backup(database, tmp_path / "b.zip", evidence=None, now=NOW)
    begin(database, account, "later")
    back(database, tmp_path / "b.zip", tmp_path / "elsewhere", force=True)
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(WebSessionRow)) == 0
        assert session.scalar(select(func.count()).select_from(AuditRow)) == 1
    with pytest.raises(StorageError), database.writing() as session:
        session.execute(text("DELETE FROM audit"))


def test_attempts_and_sessions_that_are_past_go_with_the_next_login(database: Database) -> None:
    account = ensure_account(database, Role.INSPECTOR)
    begin(database, account)
    later = NOW + web_sessions.LONGEST
    with database.writing() as session:
        web_sessions.add_session(session, digest_of("new"), account, "csrf", later, address="::1", agent="")
    with database.reading() as session:
        assert session.scalars(select(WebSessionRow.digest)).all() == [digest_of("new")]
        assert session.scalar(select(func.count()).select_from(LoginAttemptRow)) == 0


def test_an_attempt_counts_as_failed_until_its_password_was_right(database: Database) -> None:
    """So that many attempts at once, none of which has been answered yet, are limited too."""
    ensure_account(database, Role.INSPECTOR)
    with database.writing() as session:
        numbers = [web_sessions.begin_attempt(session, "inspector", "::1", NOW) for _ in range(6)]
        assert [number is not None for number in numbers] == [True] * 5 + [False]
        web_sessions.attempt_succeeded(session, numbers[4] or 0)
        assert web_sessions.begin_attempt(session, "inspector", "::1", NOW) is not None


def test_a_login_that_another_process_took_meanwhile_is_told(database: Database) -> None:
    hashed = hash_password(PASSWORD, CHEAP)
    new = accounts.NewAccount("lisi", "李四", Role.VIEWER, hashed)
    with database.writing() as session:
        accounts.add_account(session, new, NOW)
    with pytest.raises(AccountError, match="已经有了"), database.writing() as session:
        accounts.add_account(session, new, NOW)


def test_what_pages_cannot_hold_in_postgresql_is_cleaned_before_it_is_kept(database: Database) -> None:
    with database.writing() as session:
        assert web_sessions.begin_attempt(session, "\x00" + "长" * 300 + "\ud800", "x" * 300, NOW) is not None
        audit.note_as(session, NOW, "a\x00b" * 200, "login", "\ud800" * 400, {"name": "\x00"})
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(AccountRow)) == 0
        (row,) = session.scalars(select(AuditRow)).all()
        assert "\x00" not in row.actor + row.target
