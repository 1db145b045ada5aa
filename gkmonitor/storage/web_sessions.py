"""Browsers that are logged in, and attempts to log in with their limits."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from gkmonitor.accounts.records import WebSession
from gkmonitor.storage.accounts import account_of, normal_login
from gkmonitor.storage.base import clean_text
from gkmonitor.storage.models import AccountRow, LoginAttemptRow, UnitRow, WebSessionRow

IDLE: Final = timedelta(hours=12)
LONGEST: Final = timedelta(days=7)
SEEN_EVERY: Final = timedelta(minutes=5)  # so that most pages are shown without a write
FAILURES_WITHIN: Final = timedelta(minutes=15)
FAILURES_OF_A_LOGIN: Final = 5
FAILURES_OF_AN_ADDRESS: Final = 20
ATTEMPTS_KEPT: Final = timedelta(days=7)


def add_session(
    session: Session, digest: str, account_id: int, csrf: str, now: datetime, *, address: str, agent: str
) -> None:
    """A new session of the account; sessions and attempts that are past go at the same time."""
    sweep(session, now)
    session.add(
        WebSessionRow(
            digest=digest,
            account_id=account_id,
            csrf=csrf,
            created_at=now,
            last_seen_at=now,
            expires_at=now + LONGEST,
            address=clean_text(address)[:64],
            agent=clean_text(agent)[:300],
        )
    )
    session.execute(
        update(AccountRow)
        .where(AccountRow.id == account_id)
        .values(last_login_at=now, failed_logins=0, locked_until=None)
    )


def find_session(session: Session, digest: str, now: datetime) -> WebSession | None:
    """The session of an active account; None once it has lasted a week or rested for twelve hours."""
    query = (
        select(WebSessionRow, AccountRow, UnitRow.name)
        .join(AccountRow, WebSessionRow.account_id == AccountRow.id)
        .outerjoin(UnitRow, AccountRow.unit_id == UnitRow.id)
        .where(WebSessionRow.digest == digest)
    )
    found = session.execute(query).first()
    if found is None:
        return None
    row, account_row, unit = found
    account = account_of(account_row, unit)
    if now >= row.expires_at or now - row.last_seen_at >= IDLE or not account.is_active:
        return None
    return WebSession(row.digest, account, row.csrf, row.created_at, row.last_seen_at, row.expires_at, row.flash)


def needs_touch(found: WebSession, now: datetime) -> bool:
    return now - found.last_seen_at >= SEEN_EVERY


def touch_session(session: Session, digest: str, now: datetime) -> None:
    """The session was used just now."""
    session.execute(update(WebSessionRow).where(WebSessionRow.digest == digest).values(last_seen_at=now))


def set_flash(session: Session, digest: str, flash: Mapping[str, Any]) -> None:
    """What the session's next page is to say; {} for nothing."""
    session.execute(update(WebSessionRow).where(WebSessionRow.digest == digest).values(flash=dict(flash)))


def end_session(session: Session, digest: str) -> None:
    session.execute(delete(WebSessionRow).where(WebSessionRow.digest == digest))


def sweep(session: Session, now: datetime) -> None:
    """Removes sessions and attempts that are past."""
    session.execute(delete(WebSessionRow).where(WebSessionRow.expires_at <= now))
    session.execute(delete(WebSessionRow).where(WebSessionRow.last_seen_at <= now - IDLE))
    session.execute(delete(LoginAttemptRow).where(LoginAttemptRow.at <= now - ATTEMPTS_KEPT))


# ---------------------------------------------------------------- attempts


def begin_attempt(session: Session, login: str, address: str, now: datetime) -> int | None:
    """Notes an attempt as failed before its password is looked at, so that many at once find each other; its number.

    None where it must wait: five failures of the login (since it last succeeded) or twenty from the address within
    fifteen minutes. Counted by what was typed, so that it tells nobody which accounts there are.
    """
    name, address = normal_login(login), clean_text(address)[:64]
    session.execute(select(AccountRow.id).where(AccountRow.login == name).with_for_update())  # one at a time
    if _is_limited(session, name, address, now):
        return None
    row = LoginAttemptRow(login=name, address=address, at=now, succeeded=False)
    session.add(row)
    session.flush()
    return row.id


def _is_limited(session: Session, name: str, address: str, now: datetime) -> bool:
    since = now - FAILURES_WITHIN
    of_login = LoginAttemptRow.login == name
    succeeded = select(func.max(LoginAttemptRow.at)).where(of_login, LoginAttemptRow.succeeded.is_(True))
    last = session.scalar(succeeded.where(LoginAttemptRow.at > since)) or since
    failed = select(func.count()).select_from(LoginAttemptRow).where(LoginAttemptRow.succeeded.is_(False))
    if (session.scalar(failed.where(of_login, LoginAttemptRow.at > last)) or 0) >= FAILURES_OF_A_LOGIN:
        return True
    of_address = failed.where(LoginAttemptRow.address == address, LoginAttemptRow.at > since)
    return (session.scalar(of_address) or 0) >= FAILURES_OF_AN_ADDRESS


def attempt_succeeded(session: Session, attempt: int) -> None:
    session.execute(update(LoginAttemptRow).where(LoginAttemptRow.id == attempt).values(succeeded=True))


def attempt_failed(session: Session, account_id: int, now: datetime) -> None:
    """Counts the failure; every fifth in a row shows in the list of accounts as a lock."""
    row = session.get_one(AccountRow, account_id, with_for_update=True)
    row.failed_logins += 1
    if row.failed_logins % FAILURES_OF_A_LOGIN == 0:
        row.locked_until = now + FAILURES_WITHIN


def forget_failures(session: Session, login: str) -> None:
    """The login may try again at once: its password was set anew."""
    failed = LoginAttemptRow.succeeded.is_(False)
    session.execute(delete(LoginAttemptRow).where(LoginAttemptRow.login == normal_login(login), failed))
