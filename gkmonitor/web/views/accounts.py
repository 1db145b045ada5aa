"""Accounts: who may use the desk, as what, and for which unit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form
from starlette.requests import Request
from starlette.responses import Response

from gkmonitor.accounts.permissions import PERMISSION_NAMES, Permission, permissions_of
from gkmonitor.accounts.records import ROLE_NAMES, STATE_NAMES, Account, AccountState, Role
from gkmonitor.errors import AccountError
from gkmonitor.storage import accounts
from gkmonitor.storage.units import list_units
from gkmonitor.web.acts import accounts as acts
from gkmonitor.web.acts.accounts import AccountFields
from gkmonitor.web.desk import Desk, desk
from gkmonitor.web.exporting import export
from gkmonitor.web.pages import back, render
from gkmonitor.web.visiting import Administrator

router = APIRouter()
PAGE = "/accounts"


def account_form(
    role: Annotated[Role, Form()],
    name: Annotated[str, Form(max_length=200)] = "",
    unit: Annotated[str, Form(max_length=20)] = "",
) -> AccountFields:
    return AccountFields(name, role, int(unit) if unit.isascii() and unit.isdigit() else None)


Filled = Annotated[AccountFields, Depends(account_form)]


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
    try:
        account, password = acts.add(desk(request), who, login, form)
    except AccountError as error:
        return _form(request, None, login=login, form=form, error=str(error))
    return _one_time(request, account, password, "账号已建立")


@router.get(PAGE + "/{number}")
def show_account(request: Request, who: Administrator, number: int) -> Response:
    account = _account(request, number)
    return _form(request, account, login=account.login, form=AccountFields(account.name, account.role, account.unit_id))


@router.post(PAGE + "/{number}")
def change_account(request: Request, who: Administrator, number: int, form: Filled) -> Response:
    before = _account(request, number)
    try:
        acts.change(desk(request), who, number, form)
    except AccountError as error:
        return _form(request, before, login=before.login, form=form, error=str(error))
    return back(request, PAGE, message=f"账号 {before.login} 已保存")


@router.post(PAGE + "/{number}/state")
def set_state(request: Request, who: Administrator, number: int, state: Annotated[AccountState, Form()]) -> Response:
    account = acts.set_state(desk(request), who, number, state)
    return back(request, PAGE, message=f"账号 {account.login} 已{STATE_NAMES[state]}")


@router.post(PAGE + "/{number}/password")
def reset_password(request: Request, who: Administrator, number: int) -> Response:
    """A one-time password, shown once; the account is unlocked and logged out everywhere."""
    account, password = acts.reset_password(desk(request), who, number)
    return _one_time(request, account, password, "密码已重置")


@router.post(PAGE + "/{number}/logout")
def log_out_everywhere(request: Request, who: Administrator, number: int) -> Response:
    account = acts.log_out(desk(request), who, number)
    return back(request, f"{PAGE}/{number}", message=f"账号 {account.login} 的登录已全部退出")


def _account(request: Request, number: int) -> Account:
    with desk(request).database.reading() as session:
        return accounts.get_account(session, number)


def _roles() -> list[tuple[str, str]]:
    return [(role.value, ROLE_NAMES[role]) for role in Role]


def _states() -> list[tuple[str, str]]:
    return [(state.value, STATE_NAMES[state]) for state in AccountState]


def _form(
    request: Request, account: Account | None, *, login: str, form: AccountFields | None, error: str | None = None
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
