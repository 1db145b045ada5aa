"""Accounts as they pass between storage and the web."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final


class Role(StrEnum):
    """What somebody is at the desk."""

    ADMINISTRATOR = "administrator"
    INSPECTOR = "inspector"
    VIEWER = "viewer"
    UNIT = "unit"  # a supervised unit: sees its own portals only


class AccountState(StrEnum):
    """Accounts are never deleted: the audit names them."""

    ACTIVE = "active"
    DISABLED = "disabled"


ROLE_NAMES: Final = {
    Role.ADMINISTRATOR: "管理员",
    Role.INSPECTOR: "巡查员",
    Role.VIEWER: "查看人员",
    Role.UNIT: "被检查单位",
}
STATE_NAMES: Final = {AccountState.ACTIVE: "启用", AccountState.DISABLED: "停用"}


@dataclass(frozen=True, slots=True)
class HashCost:
    """What one argon2id hash of a password costs. The default is the low-memory profile of RFC 9106."""

    memory_kib: int = 65_536
    passes: int = 3
    lanes: int = 4


@dataclass(frozen=True, slots=True)
class Account:
    """One account, without its password. ``login`` is lower-case; it is the actor's name in the ledger."""

    id: int
    login: str
    name: str
    role: Role
    state: AccountState
    must_change_password: bool
    created_at: datetime
    unit_id: int | None = None
    unit: str | None = None  # its name
    last_login_at: datetime | None = None
    locked_until: datetime | None = None

    @property
    def is_active(self) -> bool:
        return self.state is AccountState.ACTIVE


@dataclass(frozen=True, slots=True)
class WebSession:
    """One browser that is logged in; ``flash``: what its next page is to say."""

    digest: str
    account: Account
    csrf: str
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    flash: dict[str, Any]


@dataclass(frozen=True, slots=True)
class ApiToken:
    """A token for the API, without the secret."""

    id: int
    account_id: int
    name: str
    scopes: tuple[str, ...]  # values of Permission
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    revoked_at: datetime | None

    def is_valid(self, now: datetime) -> bool:
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One act of a person."""

    id: int
    at: datetime
    account_id: int | None
    actor: str
    action: str
    target: str
    details: dict[str, Any]
    address: str
