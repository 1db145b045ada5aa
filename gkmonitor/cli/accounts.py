"""``gkmonitor accounts``: who may use the web desk."""

from __future__ import annotations

import json
from contextlib import closing
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gkmonitor.cli import console
from gkmonitor.cli.help import Command, Group
from gkmonitor.errors import AccountError, StorageError

if TYPE_CHECKING:
    from gkmonitor.accounts.records import Account, AccountState, Role
    from gkmonitor.settings import Settings
    from gkmonitor.storage import Database, Session

FIRST_LOGIN = "admin"
app = typer.Typer(
    cls=Group,
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    subcommand_metavar="命令 [参数]...",
    help="网页工作台的账号：新建、查看、重置密码、停用和启用。",
)
Login = Annotated[str, typer.Argument(metavar="账号", help="登录用的账号")]
AsJson = Annotated[bool, typer.Option("--json", help="向标准输出打印 JSON")]


@app.command("add", cls=Command, options_metavar="[选项]")
def add(
    login: Login,
    role: Annotated[str, typer.Option(metavar="角色", help="administrator、inspector、viewer 或 unit")] = "inspector",
    name: Annotated[str | None, typer.Option(metavar="姓名", help="姓名；不写时同账号")] = None,
    unit: Annotated[str | None, typer.Option(metavar="单位", help="角色为 unit 时所属的单位")] = None,
) -> None:
    """新建账号，打印一次性密码：首次登录后必须修改。"""
    from gkmonitor.accounts.passwords import hash_password, one_time_password
    from gkmonitor.settings import get_settings
    from gkmonitor.storage import accounts
    from gkmonitor.storage.units import get_unit

    password, settings = one_time_password(), get_settings()
    hashed = hash_password(password, settings.hash_cost)
    with closing(_open(settings)) as database, database.writing() as session:
        unit_id = get_unit(session, unit).id if unit is not None else None
        new = accounts.NewAccount(login, name or login, _role(role), hashed, unit_id)
        _note(session, "account-added", accounts.normal_login(login), {"role": role, "unit": unit})
        accounts.add_account(session, new, _now())
    _tell_password(login, password)


@app.command("list", cls=Command, options_metavar="[选项]")
def list_all(as_json: AsJson = False) -> None:
    """列出账号。"""
    from gkmonitor.settings import get_settings
    from gkmonitor.storage import accounts

    settings = get_settings()
    with closing(_open(settings)) as database, database.reading() as session:
        found = accounts.list_accounts(session)
    if as_json:
        console.print_json(json.dumps({"accounts": [_object(one) for one in found]}, ensure_ascii=False))
        return
    _print_table(found, settings)


@app.command("reset", cls=Command, options_metavar="[选项]")
def reset(login: Login) -> None:
    """重置密码并解除锁定，打印一次性密码；已登录的网页全部退出。"""
    from gkmonitor.accounts.passwords import hash_password, one_time_password
    from gkmonitor.settings import get_settings
    from gkmonitor.storage import accounts, web_sessions

    password, settings = one_time_password(), get_settings()
    hashed = hash_password(password, settings.hash_cost)
    with closing(_open(settings)) as database, database.writing() as session:
        account = _find(session, login)
        accounts.set_password(session, account.id, hashed, must_change=True)
        web_sessions.forget_failures(session, account.login)
        _note(session, "password-reset", account.login)
    _tell_password(account.login, password)


@app.command("disable", cls=Command, options_metavar="[选项]")
def disable(login: Login) -> None:
    """停用账号：立即退出登录，令牌失效；记录都保留。"""
    from gkmonitor.accounts.records import AccountState

    _set_state(login, AccountState.DISABLED, "已停用")


@app.command("enable", cls=Command, options_metavar="[选项]")
def enable(login: Login) -> None:
    """重新启用停用的账号。"""
    from gkmonitor.accounts.records import AccountState

    _set_state(login, AccountState.ACTIVE, "已启用")


def greet_first_administrator(database: Database, settings: Settings) -> None:
    """Where there is no account at all: makes the administrator, and says the one-time password once, on stderr.

    Nothing where the database is away: its pages say how to make an account.
    """
    from gkmonitor.accounts.passwords import hash_password, one_time_password
    from gkmonitor.accounts.records import Role
    from gkmonitor.storage import accounts, audit

    try:
        with database.reading() as session:
            if accounts.has_accounts(session):
                return
        password = one_time_password()
        new = accounts.NewAccount(
            FIRST_LOGIN, "管理员", Role.ADMINISTRATOR, hash_password(password, settings.hash_cost)
        )
        with database.writing() as session:
            if accounts.has_accounts(session):
                return
            accounts.add_account(session, new, _now())
            audit.note_as(session, _now(), "system", "account-added", FIRST_LOGIN, {"role": "administrator"})
    except (StorageError, AccountError):  # away, without tables, or another process was quicker
        return
    console.complain(f"首次启动：已建立管理员账号 {FIRST_LOGIN}，一次性密码 {password} （只显示这一次，登录后须修改）")


def _set_state(login: str, state: AccountState, words: str) -> None:
    from gkmonitor.settings import get_settings
    from gkmonitor.storage import accounts

    with closing(_open(get_settings())) as database, database.writing() as session:
        account = _find(session, login)
        accounts.set_account_state(session, account.id, state)
        _note(session, f"account-{state.value}", account.login)
    typer.echo(f"{words}账号 {account.login}")


def _open(settings: Settings) -> Database:
    from gkmonitor.cli.opening import open_service_database

    return open_service_database(settings)


def _find(session: Session, login: str) -> Account:
    from gkmonitor.storage import accounts

    found = accounts.find_account(session, login)
    if found is None:
        raise AccountError(f"没有“{login[:60]}”这个账号，用 gkmonitor accounts list 查看")
    return found[0]


def _role(word: str) -> Role:
    from gkmonitor.accounts.records import ROLE_NAMES, Role

    for role, chinese in ROLE_NAMES.items():
        if word.strip().casefold() in (role.value, chinese):
            return role
    listed = "、".join(f"{role.value}（{ROLE_NAMES[role]}）" for role in Role)
    raise AccountError(f"没有“{word[:60]}”这种角色，可用的有：{listed}")


def _note(session: Session, action: str, target: str, details: dict[str, Any] | None = None) -> None:
    from gkmonitor.settings import login_name
    from gkmonitor.storage import audit

    audit.note_as(session, _now(), login_name(), action, target, {**(details or {}), "by": "command line"})


def _now() -> datetime:
    from datetime import UTC

    return datetime.now(UTC)


def _tell_password(login: str, password: str) -> None:
    typer.echo(f"账号 {login} 的一次性密码：{password}")
    console.complain("一次性密码只显示这一次，首次登录后须修改")


def _object(one: Account) -> dict[str, Any]:
    return {
        "login": one.login,
        "name": one.name,
        "role": one.role.value,
        "unit": one.unit,
        "state": one.state.value,
        "must_change_password": one.must_change_password,
        "created_at": one.created_at.isoformat(),
        "last_login_at": one.last_login_at.isoformat() if one.last_login_at is not None else None,
    }


def _print_table(found: list[Account], settings: Settings) -> None:
    from zoneinfo import ZoneInfo

    from rich.table import Table

    from gkmonitor.accounts.records import ROLE_NAMES, STATE_NAMES
    from gkmonitor.reports.wording import printable

    zone = ZoneInfo(settings.timezone)
    table = Table("账号", "姓名", "角色", "单位", "状态", "最近登录")
    for one in found:
        seen = f"{one.last_login_at.astimezone(zone):%Y-%m-%d %H:%M}" if one.last_login_at is not None else "从未"
        words = (one.login, one.name, ROLE_NAMES[one.role], one.unit or "", STATE_NAMES[one.state], seen)
        table.add_row(*map(printable, words))
    console.table_console().print(table)
