"""Tokens for the API; of each only the digest is kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from gkmonitor.accounts.permissions import Permission
from gkmonitor.accounts.records import Account, ApiToken
from gkmonitor.errors import AccountError
from gkmonitor.storage.accounts import account_of
from gkmonitor.storage.base import clean_text
from gkmonitor.storage.models import AccountRow, ApiTokenRow, UnitRow

USED_EVERY: Final = timedelta(minutes=5)
MOST: Final = 50  # tokens of one account that are valid


@dataclass(frozen=True, slots=True)
class NewToken:
    """What a token is made from."""

    digest: str
    name: str
    scopes: Iterable[Permission]
    expires_at: datetime | None


def _token(row: ApiTokenRow) -> ApiToken:
    return ApiToken(
        row.id,
        row.account_id,
        row.name,
        tuple(row.scopes),
        row.created_at,
        row.expires_at,
        row.last_used_at,
        row.revoked_at,
    )


def add_token(session: Session, account_id: int, new: NewToken, now: datetime) -> int:
    """The id. Raises AccountError for a token without a name or scopes."""
    name, scopes = " ".join(clean_text(new.name).split())[:100], sorted(scope.value for scope in new.scopes)
    if not name:
        raise AccountError("请给令牌起个名字，说明用在哪里")
    if not scopes:
        raise AccountError("请至少选择一项权限")
    if sum(token.is_valid(now) for token in list_tokens(session, account_id)) >= MOST:
        raise AccountError(f"有效的令牌已有 {MOST} 个，请先撤销不用的")
    row = ApiTokenRow(
        digest=new.digest,
        account_id=account_id,
        name=name,
        scopes=scopes,
        created_at=now,
        expires_at=new.expires_at,
    )
    session.add(row)
    session.flush()
    return row.id


def list_tokens(session: Session, account_id: int) -> list[ApiToken]:
    """The newest first."""
    query = select(ApiTokenRow).where(ApiTokenRow.account_id == account_id).order_by(ApiTokenRow.id.desc())
    return [_token(row) for row in session.scalars(query)]


def find_token(session: Session, digest: str, now: datetime) -> tuple[ApiToken, Account] | None:
    """A valid token with its account, if that is active."""
    query = (
        select(ApiTokenRow, AccountRow, UnitRow.name)
        .join(AccountRow, ApiTokenRow.account_id == AccountRow.id)
        .outerjoin(UnitRow, AccountRow.unit_id == UnitRow.id)
        .where(ApiTokenRow.digest == digest)
    )
    found = session.execute(query).first()
    if found is None:
        return None
    token, account = _token(found[0]), account_of(found[1], found[2])
    return (token, account) if token.is_valid(now) and account.is_active else None


def needs_touch(token: ApiToken, now: datetime) -> bool:
    return token.last_used_at is None or now - token.last_used_at >= USED_EVERY


def touch_token(session: Session, token_id: int, now: datetime) -> None:
    """The token was used just now."""
    session.execute(update(ApiTokenRow).where(ApiTokenRow.id == token_id).values(last_used_at=now))


def revoke_token(session: Session, account_id: int, token_id: int, now: datetime) -> ApiToken:
    """Raises AccountError where this account has no such token."""
    row = session.get(ApiTokenRow, token_id)
    if row is None or row.account_id != account_id:
        raise AccountError("没有这个令牌")
    if row.revoked_at is None:
        row.revoked_at = now
    return _token(row)
