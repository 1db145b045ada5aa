"""What the web desk keeps: accounts and their sessions, the audit, saved views, figures of a month, notices issued."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from gkmonitor.storage.base import JSON_TYPE, Base, Json, Key, Word

_DIGEST = String(64)  # SHA-256, hexadecimal
_MONTH = String(7)  # 2026-11
_LOGIN = String(60)


class AccountRow(Base):
    """Who may use the desk. Never deleted, only disabled: the audit names it."""

    __tablename__ = "accounts"
    __table_args__ = (UniqueConstraint("login"),)

    id: Mapped[Key]
    login: Mapped[str] = mapped_column(_LOGIN)  # lower case
    name: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(Word)  # administrator, inspector, viewer, unit
    password_hash: Mapped[str] = mapped_column(String(300))
    # a unit's account: whose portals it sees, with those of the units below; which accounts a unit has
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"), index=True)
    state: Mapped[str] = mapped_column(Word, default="active")  # active, disabled
    must_change_password: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    last_login_at: Mapped[datetime | None]
    failed_logins: Mapped[int] = mapped_column(default=0)  # since the last that succeeded
    locked_until: Mapped[datetime | None]


class WebSessionRow(Base):
    """One browser that is logged in. Only the digest of its cookie is kept; no backup holds these rows."""

    __tablename__ = "web_sessions"
    __table_args__ = (
        Index(None, "account_id"),  # logging an account out everywhere
        Index(None, "expires_at"),  # what the sweep removes
    )

    digest: Mapped[str] = mapped_column(_DIGEST, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    csrf: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    address: Mapped[str] = mapped_column(String(64))
    agent: Mapped[str] = mapped_column(String(300))
    flash: Mapped[Json]  # what the next page is to say: {"message": ...} or {"error": ...}


class ApiTokenRow(Base):
    """A token for the API; only its digest is kept."""

    __tablename__ = "api_tokens"
    __table_args__ = (UniqueConstraint("digest"),)

    id: Mapped[Key]
    digest: Mapped[str] = mapped_column(_DIGEST)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)  # the tokens of one account
    name: Mapped[str] = mapped_column(String(100))
    scopes: Mapped[list[str]] = mapped_column(JSON_TYPE, default=list, server_default="[]")
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class LoginAttemptRow(Base):
    """One attempt to log in, for the limits on guessing; kept for days, and in no backup."""

    __tablename__ = "login_attempts"
    __table_args__ = (
        Index(None, "login", "at"),  # failures of one login in the last minutes
        Index(None, "address", "at"),  # failures from one address in the last minutes
        Index(None, "at"),  # what the sweep removes
    )

    id: Mapped[Key]
    login: Mapped[str] = mapped_column(_LOGIN)
    address: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
    succeeded: Mapped[bool]


class AuditRow(Base):
    """One act of a person at the desk, the API or the command line. Append-only: the database refuses changes."""

    __tablename__ = "audit"
    __table_args__ = (
        Index(None, "at"),  # the newest first, and those of some days
        Index(None, "actor", "at"),  # what one person did
        Index(None, "action", "at"),  # who did one thing
    )

    id: Mapped[Key]
    at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    actor: Mapped[str] = mapped_column(String(200))  # as in the ledger; for a failed login what was typed
    action: Mapped[str] = mapped_column(String(60))
    target: Mapped[str] = mapped_column(String(300))
    details: Mapped[Json]
    address: Mapped[str] = mapped_column(String(64))


class SavedViewRow(Base):
    """A filter of the list of violations that somebody keeps under a name."""

    __tablename__ = "saved_views"
    __table_args__ = (UniqueConstraint("account_id", "name"),)

    id: Mapped[Key]
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    name: Mapped[str] = mapped_column(String(60))
    query: Mapped[str] = mapped_column(Text)  # as in the address


class TypedFigureRow(Base):
    """A figure of a month that the ledger cannot give: typed in and signed. Earlier values are in the audit."""

    __tablename__ = "typed_figures"
    __table_args__ = (UniqueConstraint("month", "slug"),)

    id: Mapped[Key]
    month: Mapped[str] = mapped_column(_MONTH)
    slug: Mapped[str] = mapped_column(String(60))
    value: Mapped[str] = mapped_column(Text)
    signed_by: Mapped[str] = mapped_column(String(200))
    signed_at: Mapped[datetime]


class IssuedReportRow(Base):
    """A month's notice as it was issued; a reissue prints these figures, whatever the ledger says by then."""

    __tablename__ = "issued_reports"
    __table_args__ = (UniqueConstraint("month", "number"),)

    id: Mapped[Key]
    month: Mapped[str] = mapped_column(_MONTH)
    number: Mapped[str] = mapped_column(String(100))
    title: Mapped[str] = mapped_column(String(300))
    issued_on: Mapped[date]
    issued_at: Mapped[datetime]
    issued_by: Mapped[str] = mapped_column(String(200))
    body: Mapped[bytes] = mapped_column(LargeBinary)  # the figures: canonical JSON, zlib
    sha256: Mapped[str] = mapped_column(_DIGEST)  # of the JSON
    replaces: Mapped[int | None] = mapped_column(ForeignKey("issued_reports.id"))


class ReviewSampleRow(Base):
    """A verdict that the program drew for a person to look at, to measure its own accuracy."""

    __tablename__ = "review_samples"
    __table_args__ = (
        UniqueConstraint("month", "portal_id", "rule", "subject_key"),
        Index(None, "month", "outcome"),  # what is still to look at in a month, and its counts
    )

    id: Mapped[Key]
    month: Mapped[str] = mapped_column(_MONTH)
    portal_id: Mapped[int] = mapped_column(ForeignKey("portals.id"))
    rule: Mapped[str] = mapped_column(String(160))
    subject_key: Mapped[str] = mapped_column(_DIGEST, default="")
    verdict: Mapped[str] = mapped_column(Word)  # ok, violation
    inspection_id: Mapped[int] = mapped_column(ForeignKey("inspections.id"))
    drawn_at: Mapped[datetime]
    outcome: Mapped[str | None] = mapped_column(Word)  # right, wrong, unclear
    note: Mapped[str | None] = mapped_column(Text)
    decided_by: Mapped[str | None] = mapped_column(String(200))
    decided_at: Mapped[datetime | None]


class RecheckRequestRow(Base):
    """A unit (or an inspector) asks that a portal be inspected again."""

    __tablename__ = "recheck_requests"
    __table_args__ = (
        Index(None, "state", "asked_at"),  # what waits, oldest first
        Index(None, "portal_id", "asked_at"),  # the requests for one portal
    )

    id: Mapped[Key]
    portal_id: Mapped[int] = mapped_column(ForeignKey("portals.id"))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"))
    asked_by: Mapped[str] = mapped_column(String(200))
    asked_at: Mapped[datetime]
    note: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Word, default="waiting")  # waiting, done, refused
    cycle_id: Mapped[int | None] = mapped_column(ForeignKey("cycles.id"))
    answered_at: Mapped[datetime | None]
