"""The audit: every act of a person, only ever added to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from gkmonitor.accounts.records import Account, AuditEntry
from gkmonitor.storage.base import clean_text
from gkmonitor.storage.models import AuditRow


class Who(Protocol):
    """Whoever acts: a visitor of the desk."""

    @property
    def account(self) -> Account: ...

    @property
    def address(self) -> str: ...

    @property
    def now(self) -> datetime: ...


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """What of the audit is asked for; instants: from (included) and until (not included)."""

    actor: str = ""
    action: str = ""
    words: str = ""  # part of the target
    since: datetime | None = None
    until: datetime | None = None


def note(session: Session, who: Who, action: str, target: str = "", details: Mapping[str, Any] | None = None) -> None:
    """One act of somebody who is logged in, in the transaction of what it changes. No secrets in ``details``."""
    account = who.account
    note_as(session, who.now, account.login, action, target, details, account_id=account.id, address=who.address)


def note_as(
    session: Session,
    at: datetime,
    actor: str,
    action: str,
    target: str = "",
    details: Mapping[str, Any] | None = None,
    *,
    account_id: int | None = None,
    address: str = "",
) -> None:
    """The same for the command line, the service itself and whoever is not logged in."""
    session.add(
        AuditRow(
            at=at,
            account_id=account_id,
            actor=clean_text(actor)[:200],
            action=action,
            target=clean_text(target)[:300],
            details=dict(details or {}),
            address=clean_text(address)[:64],
        )
    )


def list_audit(
    session: Session, wanted: AuditFilter, *, before: int | None = None, limit: int = 50
) -> list[AuditEntry]:
    """The newest first; ``before``: only entries of smaller numbers, for the next page."""
    query = _query(wanted).limit(limit)
    if before is not None:
        query = query.where(AuditRow.id < before)
    return [_entry(row) for row in session.scalars(query)]


def every_audit(session: Session, wanted: AuditFilter) -> Iterator[AuditEntry]:
    """All of them, the newest first, read as they are taken."""
    for row in session.scalars(_query(wanted), execution_options={"yield_per": 500}):
        yield _entry(row)


def actions_known(session: Session) -> list[str]:
    """Every action that is in the audit."""
    return sorted(session.scalars(select(AuditRow.action).distinct()))


def _query(wanted: AuditFilter) -> Select[AuditRow]:
    query = select(AuditRow).order_by(AuditRow.id.desc())
    if wanted.actor:
        query = query.where(AuditRow.actor == wanted.actor)
    if wanted.action:
        query = query.where(AuditRow.action == wanted.action)
    if wanted.words:
        query = query.where(AuditRow.target.contains(wanted.words, autoescape=True))
    if wanted.since is not None:
        query = query.where(AuditRow.at >= wanted.since)
    if wanted.until is not None:
        query = query.where(AuditRow.at < wanted.until)
    return query


def _entry(row: AuditRow) -> AuditEntry:
    return AuditEntry(row.id, row.at, row.account_id, row.actor, row.action, row.target, row.details, row.address)
