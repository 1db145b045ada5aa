"""Accounts of the desk: made, changed, disabled, and their passwords. Callers note each change in the audit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from gkmonitor.accounts.records import Account, AccountState, Role
from gkmonitor.errors import AccountError
from gkmonitor.storage.base import clean_text
from gkmonitor.storage.models import AccountRow, PortalRow, UnitRow, WebSessionRow
from gkmonitor.storage.units import unit_and_below

_LOGIN: Final = re.compile(r"[a-z0-9][a-z0-9._@-]{1,59}")
_LONGEST_NAME: Final = 100
_ACCOUNTS: Final = select(AccountRow, UnitRow.name).outerjoin(UnitRow, AccountRow.unit_id == UnitRow.id)


@dataclass(frozen=True, slots=True)
class NewAccount:
    """What an account is made from; ``login`` in any case."""

    login: str
    name: str
    role: Role
    password_hash: str
    unit_id: int | None = None
    must_change_password: bool = True


def account_of(row: AccountRow, unit: str | None) -> Account:
    return Account(
        id=row.id,
        login=row.login,
        name=row.name,
        role=Role(row.role),
        state=AccountState(row.state),
        must_change_password=row.must_change_password,
        created_at=row.created_at,
        unit_id=row.unit_id,
        unit=unit,
        last_login_at=row.last_login_at,
        locked_until=row.locked_until,
    )


def has_accounts(session: Session) -> bool:
    return session.scalar(select(AccountRow.id).limit(1)) is not None


def list_accounts(
    session: Session, *, words: str = "", role: Role | None = None, state: AccountState | None = None
) -> list[Account]:
    """By login. ``words``: part of the login, the name or the unit's name."""
    query = _ACCOUNTS.order_by(AccountRow.login)
    if words:
        pattern = f"%{words.casefold()}%"
        found = [func.lower(column).like(pattern) for column in (AccountRow.login, AccountRow.name, UnitRow.name)]
        query = query.where(found[0] | found[1] | found[2])
    if role is not None:
        query = query.where(AccountRow.role == role.value)
    if state is not None:
        query = query.where(AccountRow.state == state.value)
    return [account_of(row, unit) for row, unit in session.execute(query)]


def get_account(session: Session, account_id: int) -> Account:
    """Raises AccountError."""
    found = session.execute(_ACCOUNTS.where(AccountRow.id == account_id)).first()
    if found is None:
        raise AccountError(f"没有编号为 {account_id} 的账号")
    return account_of(*found)


def find_account(session: Session, login: str) -> tuple[Account, str] | None:
    """The account of that login with the hash of its password."""
    found = session.execute(_ACCOUNTS.where(AccountRow.login == normal_login(login))).first()
    return None if found is None else (account_of(*found), found[0].password_hash)


def password_hash_of(session: Session, account_id: int) -> str:
    return session.get_one(AccountRow, account_id).password_hash


def normal_login(text: str) -> str:
    """As it is kept and compared."""
    return clean_text(text).strip().casefold()[:60]


def add_account(session: Session, new: NewAccount, now: datetime) -> int:
    """The id. Raises AccountError: a login that is taken or malformed, a unit's account without a unit."""
    login = normal_login(new.login)
    if not _LOGIN.fullmatch(login):
        raise AccountError("账号只能用小写字母、数字和 . _ - @，2 至 60 个字符，以字母或数字开头")
    if session.scalar(select(AccountRow.id).where(AccountRow.login == login)) is not None:
        raise AccountError(f"账号“{login}”已经有了，请换一个")
    row = AccountRow(
        login=login,
        name=_checked_name(new.name),
        role=new.role.value,
        password_hash=new.password_hash,
        unit_id=_checked_unit(session, new.role, new.unit_id),
        state=AccountState.ACTIVE.value,
        must_change_password=new.must_change_password,
        created_at=now,
    )
    session.add(row)
    try:
        session.flush()
    except IntegrityError as error:  # another process was quicker
        raise AccountError(f"账号“{login}”已经有了，请换一个") from error
    return row.id


def change_account(session: Session, account_id: int, *, name: str, role: Role, unit_id: int | None) -> None:
    """Raises AccountError, also where no administrator would be left."""
    row = _row(session, account_id)
    if role is not Role.ADMINISTRATOR:
        _check_administrators(session, row)
    unit = _checked_unit(session, role, unit_id)
    if (role.value, unit) != (row.role, row.unit_id):
        end_sessions(session, account_id)  # pages that are open must not go on under the earlier role
    row.name, row.role, row.unit_id = _checked_name(name), role.value, unit


def set_account_state(session: Session, account_id: int, state: AccountState) -> None:
    """Disabling ends the account's sessions. Raises AccountError where no administrator would be left."""
    row = _row(session, account_id)
    if state is AccountState.DISABLED:
        _check_administrators(session, row)
        end_sessions(session, account_id)
    row.state = state.value


def set_password(
    session: Session, account_id: int, password_hash: str, *, must_change: bool, keep_session: str | None = None
) -> None:
    """A new password: the account is unlocked and its sessions end, apart from the one of that digest."""
    row = _row(session, account_id)
    row.password_hash, row.must_change_password = password_hash, must_change
    row.failed_logins, row.locked_until = 0, None
    end_sessions(session, account_id, keep=keep_session)


def renew_hash(session: Session, account_id: int, password_hash: str) -> None:
    """The same password at today's cost."""
    _row(session, account_id).password_hash = password_hash


def end_sessions(session: Session, account_id: int, *, keep: str | None = None) -> None:
    """Logs the account out everywhere, apart from the session of that digest."""
    query = delete(WebSessionRow).where(WebSessionRow.account_id == account_id)
    session.execute(query.where(WebSessionRow.digest != keep) if keep is not None else query)


def portals_of_unit(session: Session, unit_id: int) -> frozenset[int]:
    """Portals of the unit and of the units below it."""
    return frozenset(session.scalars(select(PortalRow.id).where(PortalRow.unit_id.in_(unit_and_below(unit_id)))))


def _row(session: Session, account_id: int) -> AccountRow:
    row = session.get(AccountRow, account_id, with_for_update=True)
    if row is None:
        raise AccountError(f"没有编号为 {account_id} 的账号")
    return row


def _checked_name(name: str) -> str:
    cleaned = " ".join(clean_text(name).split())
    if not cleaned or len(cleaned) > _LONGEST_NAME:
        raise AccountError(f"请填写姓名，最长 {_LONGEST_NAME} 个字")
    return cleaned


def _checked_unit(session: Session, role: Role, unit_id: int | None) -> int | None:
    if role is not Role.UNIT:
        return None
    if unit_id is None:
        raise AccountError("被检查单位的账号要选择所属单位")
    if session.get(UnitRow, unit_id) is None:
        raise AccountError("所选的单位不存在，请重新选择")
    return unit_id


def _check_administrators(session: Session, row: AccountRow) -> None:
    """Somebody must be able to manage accounts."""
    query = select(AccountRow.id).where(
        AccountRow.role == Role.ADMINISTRATOR.value, AccountRow.state == AccountState.ACTIVE.value
    )
    active: Sequence[int] = session.scalars(query.with_for_update()).all()
    if row.id in active and len(active) == 1:
        raise AccountError("这是最后一个启用的管理员账号，不能停用或改为其他角色")
