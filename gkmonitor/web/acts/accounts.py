"""Accounts: made, changed, switched off, given a new password; tokens revoked."""

from __future__ import annotations

from dataclasses import dataclass

from gkmonitor.accounts.passwords import hash_password, one_time_password
from gkmonitor.accounts.records import Account, AccountState, ApiToken, Role
from gkmonitor.errors import AccountError
from gkmonitor.storage import accounts, api_tokens, audit, web_sessions
from gkmonitor.web.desk import Desk
from gkmonitor.web.visiting import Visitor


@dataclass(frozen=True, slots=True)
class AccountFields:
    """What an account is to be; its login never changes."""

    name: str
    role: Role
    unit_id: int | None


def add(here: Desk, who: Visitor, login: str, given: AccountFields) -> tuple[Account, str]:
    """A new account and its one-time password, which nothing shows again. Raises AccountError."""
    password = one_time_password()
    hashed = hash_password(password, here.settings.hash_cost)
    with here.database.writing() as session:
        new = accounts.NewAccount(login, given.name, given.role, hashed, given.unit_id)
        account = accounts.get_account(session, accounts.add_account(session, new, who.now))
        audit.note(session, who, "account-added", account.login, _told(account))
    return account, password


def change(here: Desk, who: Visitor, number: int, given: AccountFields) -> Account:
    """Raises AccountError; one's own role is for another administrator to change."""
    with here.database.writing() as session:
        before = accounts.get_account(session, number)
        if number == who.account.id and given.role is not who.account.role:
            raise AccountError("不能改变自己的角色，请由另一位管理员修改")
        accounts.change_account(session, number, name=given.name, role=given.role, unit_id=given.unit_id)
        after = accounts.get_account(session, number)
        audit.note(session, who, "account-changed", after.login, {"before": _told(before), "after": _told(after)})
    return after


def set_state(here: Desk, who: Visitor, number: int, state: AccountState) -> Account:
    """Raises AccountError; nobody switches off the account that they are using."""
    with here.database.writing() as session:
        account = accounts.get_account(session, number)
        if number == who.account.id:
            raise AccountError("不能停用自己正在使用的账号")
        accounts.set_account_state(session, number, state)
        audit.note(session, who, f"account-{state.value}", account.login)
    return account


def reset_password(here: Desk, who: Visitor, number: int) -> tuple[Account, str]:
    """A one-time password, told once; the account is unlocked and logged out everywhere. Raises AccountError."""
    password = one_time_password()
    hashed = hash_password(password, here.settings.hash_cost)
    with here.database.writing() as session:
        account = accounts.get_account(session, number)
        if number == who.account.id:
            raise AccountError("自己的密码请在“我的账号”里修改")
        accounts.set_password(session, account.id, hashed, must_change=True)
        web_sessions.forget_failures(session, account.login)
        audit.note(session, who, "password-reset", account.login)
    return account, password


def log_out(here: Desk, who: Visitor, number: int) -> Account:
    """Ends every session of the account but the one that asks. Raises AccountError."""
    with here.database.writing() as session:
        account = accounts.get_account(session, number)
        accounts.end_sessions(session, number, keep=who.session)
        audit.note(session, who, "account-logged-out", account.login)
    return account


def log_out_elsewhere(here: Desk, who: Visitor) -> None:
    """Ends every other session of one's own account."""
    with here.database.writing() as session:
        accounts.end_sessions(session, who.account.id, keep=who.session)
        audit.note(session, who, "logout-elsewhere", who.account.login)


def revoke_token(here: Desk, who: Visitor, account_id: int, number: int) -> ApiToken:
    """A token of that account ends. Raises AccountError where it has no such token."""
    with here.database.writing() as session:
        token = api_tokens.revoke_token(session, account_id, number, who.now)
        details: dict[str, object] = {"name": token.name}
        if account_id != who.account.id:
            details["account"] = accounts.get_account(session, account_id).login
        audit.note(session, who, "token-revoked", f"令牌 {number}", details)
    return token


def _told(account: Account) -> dict[str, str | None]:
    """What the audit keeps of an account."""
    return {"name": account.name, "role": account.role.value, "unit": account.unit}
