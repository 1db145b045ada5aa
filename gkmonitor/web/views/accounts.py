"""Accounts: who may use the desk, as what, and for which unit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form
from starlette.requests import Request
from starlette.responses import Response

from gkmonitor.accounts.passwords import hash_password, one_time_password
from gkmonitor.accounts.permissions import PERMISSION_NAMES, Permission, permissions_of
from gkmonitor.accounts.records import ROLE_NAMES, STATE_NAMES, Account, AccountState, Role
from gkmonitor.errors import AccountError
from gkmonitor.storage import Session, accounts, audit, web_sessions
from gkmonitor.storage.units import list_units
from gkmonitor.web.desk import Desk, desk
from gkmonitor.web.exporting import export
from gkmonitor.web.pages import back, render
from gkmonitor.web.visiting import Administrator, Visitor

router = APIRouter()
PAGE = "/accounts"


@dataclass(frozen=True, slots=True)
class AccountForm:
    """What the form of an account holds."""

    name: str
    role: Role
    unit_id: int | None


def account_form(
    role: Annotated[Role, Form()],
    name: Annotated[str, Form(max_length=200)] = "",
    unit: Annotated[str, Form(max_length=20)] = "",
) -> AccountForm:
    return AccountForm(name, role, int(unit) if unit.isascii() and unit.isdigit() else None)


Filled = Annotated[AccountForm, Depends(account_form)]


@router.get(PAGE)
def list_accounts(
    request: Request,
    who: Administrator,
    q: str = "",
    role: str = "",
    state: str = "",
    format: str = "",  # noqa: A002 - a word of the address
) -> Response:
    here = desk(request)
    with here.database.reading() as session:
        found = accounts.list_accounts(
            session,
            words=q.strip()[:100],
            role=Role(role) if role in set(Role) else None,
            state=AccountState(state) if state in set(AccountState) else None,
        )
    if format:
        return _export(here, found, format)
    given = {name: value for name, value in (("q", q), ("role", role), ("state", state)) if value}
    address = f"{PAGE}?{urlencode(given)}" if given else PAGE
    context: dict[str, Any] = {
        "accounts": found,
        "address": address,
        "q": q,
        "role": role,
        "state": state,
        "now": who.now,
    }
    return render(request, "accounts.html", **context, roles=_roles(), states=_states())


@router.get(f"{PAGE}/new")
def new_account(request: Request, who: Administrator) -> Response:
    return _form(request, None, login="", form=None)


@router.post(PAGE)
def add_account(
    request: Request, who: Administrator, form: Filled, login: Annotated[str, Form(max_length=200)] = ""
) -> Response:
    """Shows the one-time password, once and never again."""
    here, password = desk(request), one_time_password()
    hashed = hash_password(password, here.settings.hash_cost)
    try:
        with here.database.writing() as session:
            new = accounts.NewAccount(login, form.name, form.role, hashed, form.unit_id)
            number = accounts.add_account(session, new, who.now)
            account = accounts.get_account(session, number)
            audit.note(session, who, "account-added", account.login, _told(account))
    except AccountError as error:
        return _form(request, None, login=login, form=form, error=str(error))
    return _one_time(request, account, password, "账号已建立")


@router.get(PAGE + "/{number}")
def show_account(request: Request, who: Administrator, number: int) -> Response:
    account = _account(request, number)
    return _form(request, account, login=account.login, form=AccountForm(account.name, account.role, account.unit_id))


@router.post(PAGE + "/{number}")
def change_account(request: Request, who: Administrator, number: int, form: Filled) -> Response:
    before = _account(request, number)
    try:
        with desk(request).database.writing() as session:
            _no_own_demotion(who, number, form.role)
            accounts.change_account(session, number, name=form.name, role=form.role, unit_id=form.unit_id)
            after = accounts.get_account(session, number)
            audit.note(session, who, "account-changed", after.login, {"before": _told(before), "after": _told(after)})
    except AccountError as error:
        return _form(request, before, login=before.login, form=form, error=str(error))
    return back(request, PAGE, message=f"账号 {before.login} 已保存")


@router.post(PAGE + "/{number}/state")
def set_state(request: Request, who: Administrator, number: int, state: Annotated[AccountState, Form()]) -> Response:
    with desk(request).database.writing() as session:
        account = accounts.get_account(session, number)
        if number == who.account.id:
            raise AccountError("不能停用自己正在使用的账号")
        accounts.set_account_state(session, number, state)
        audit.note(session, who, f"account-{state.value}", account.login)
    return back(request, PAGE, message=f"账号 {account.login} 已{STATE_NAMES[state]}")


@router.post(PAGE + "/{number}/password")
def reset_password(request: Request, who: Administrator, number: int) -> Response:
    """A one-time password, shown once; the account is unlocked and logged out everywhere."""
    here, password = desk(request), one_time_password()
    hashed = hash_password(password, here.settings.hash_cost)
    with here.database.writing() as session:
        account = accounts.get_account(session, number)
        if number == who.account.id:
            raise AccountError("自己的密码请在“我的账号”里修改")
        _set_one_time(session, account, hashed)
        audit.note(session, who, "password-reset", account.login)
    return _one_time(request, account, password, "密码已重置")


@router.post(PAGE + "/{number}/logout")
def log_out_everywhere(request: Request, who: Administrator, number: int) -> Response:
    with desk(request).database.writing() as session:
        account = accounts.get_account(session, number)
        accounts.end_sessions(session, number, keep=who.session)
        audit.note(session, who, "account-logged-out", account.login)
    return back(request, f"{PAGE}/{number}", message=f"账号 {account.login} 的登录已全部退出")


def _set_one_time(session: Session, account: Account, hashed: str) -> None:
    accounts.set_password(session, account.id, hashed, must_change=True)
    web_sessions.forget_failures(session, account.login)


def _account(request: Request, number: int) -> Account:
    with desk(request).database.reading() as session:
        return accounts.get_account(session, number)


def _no_own_demotion(who: Visitor, number: int, role: Role) -> None:
    if number == who.account.id and role is not who.account.role:
        raise AccountError("不能改变自己的角色，请由另一位管理员修改")


def _told(account: Account) -> dict[str, str | None]:
    """What the audit keeps of an account."""
    return {"name": account.name, "role": account.role.value, "unit": account.unit}


def _roles() -> list[tuple[str, str]]:
    return [(role.value, ROLE_NAMES[role]) for role in Role]


def _states() -> list[tuple[str, str]]:
    return [(state.value, STATE_NAMES[state]) for state in AccountState]


def _form(
    request: Request, account: Account | None, *, login: str, form: AccountForm | None, error: str | None = None
) -> Response:
    with desk(request).database.reading() as session:
        units = [(unit.id, "　" * (len(unit.path) - 1) + unit.name) for unit in list_units(session)]
    may = [
        (ROLE_NAMES[role], [PERMISSION_NAMES[one] for one in Permission if one in permissions_of(role)])
        for role in Role
    ]
    context: dict[str, Any] = {
        "account": account,
        "login": login,
        "form": form,
        "error": error,
        "units": units,
        "may": may,
    }
    return render(request, "account.html", status=400 if error else 200, **context, roles=_roles())


def _one_time(request: Request, account: Account, password: str, title: str) -> Response:
    return render(request, "one_time_password.html", account=account, password=password, title=title)


def _export(here: Desk, found: Sequence[Account], form: str) -> Response:
    rows = [
        (
            one.login,
            one.name,
            ROLE_NAMES[one.role],
            one.unit,
            STATE_NAMES[one.state],
            one.last_login_at.astimezone(here.zone) if one.last_login_at is not None else None,
        )
        for one in found
    ]
    return export(rows, ("账号", "姓名", "角色", "单位", "状态", "最近登录"), form, f"账号-{here.today}")
