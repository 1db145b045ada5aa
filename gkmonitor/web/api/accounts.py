"""Accounts and tokens: the administrators', and one's own."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, HTTPException, Request
from pydantic import BaseModel, Field

from gkmonitor.accounts.records import Account, AccountState, ApiToken, Role
from gkmonitor.errors import AccountError
from gkmonitor.storage import accounts, api_tokens
from gkmonitor.web.acts import accounts as acts
from gkmonitor.web.api.shapes import Done, Given, Id, Limit, Name, Number, Skipped, Some, Words, example, instant, some
from gkmonitor.web.desk import desk
from gkmonitor.web.visiting import Administrator, Anyone

router = APIRouter(tags=["accounts"])


class AccountTold(BaseModel):
    """An account, without anything of its password."""

    model_config = example(
        id=4,
        login="wang",
        name="王某",
        role="inspector",
        state="active",
        unit_id=None,
        unit=None,
        must_change_password=False,
        created_at="2026-11-01T01:00:00Z",
        last_login_at="2026-11-20T00:31:00Z",
    )

    id: int
    login: str
    name: str
    role: Role
    state: AccountState
    unit_id: int | None
    unit: str | None
    must_change_password: bool
    created_at: str
    last_login_at: str | None


class AccountMade(BaseModel):
    """An account with its one-time password, which nothing shows again."""

    account: AccountTold
    one_time_password: Annotated[str, Field(examples=["kf7m-2p9x-w3dq"])]


class AccountGiven(Given):
    """What an account is to be; ``unit`` is the number of a unit, for the role unit alone."""

    name: Annotated[Name, Field(max_length=200, examples=["王某"])]
    role: Annotated[Role, Field(examples=["inspector"])]
    unit: Id | None = None

    @property
    def fields(self) -> acts.AccountFields:
        return acts.AccountFields(self.name, self.role, self.unit)


class NewAccountGiven(AccountGiven):
    """The same with the login, which never changes."""

    login: Annotated[Name, Field(max_length=200, examples=["wang"])]


class AccountStateGiven(Given):
    """Whether the account may be used."""

    state: Annotated[AccountState, Field(examples=["disabled"])]


class TokenTold(BaseModel):
    """A token, without its secret."""

    model_config = example(
        id=9,
        name="月报汇总程序",
        scopes=["view"],
        valid=True,
        created_at="2026-11-01T01:00:00Z",
        expires_at="2027-01-30T01:00:00Z",
        last_used_at="2026-11-20T00:31:00Z",
        revoked_at=None,
    )

    id: int
    name: str
    scopes: list[str]
    valid: bool
    created_at: str
    expires_at: str | None
    last_used_at: str | None
    revoked_at: str | None


class Me(BaseModel):
    """Whose token this is, and what it may do."""

    account: AccountTold
    scopes: Annotated[list[str], Field(examples=[["view", "review"]])]


# ---------------------------------------------------------------- administrators


@router.get("/accounts")
def every_account(
    request: Request,
    who: Administrator,
    q: Words = "",
    role: Role | None = None,
    state: AccountState | None = None,
    after: Skipped = 0,
    limit: Limit = 100,
) -> Some[AccountTold]:
    """Accounts; ``q``: in login and name."""
    with desk(request).database.reading() as session:
        found = accounts.list_accounts(session, words=q.strip()[:100], role=role, state=state)
    return some([_told(one) for one in found], after, limit)


@router.post("/accounts", status_code=201)
def add(request: Request, who: Administrator, given: NewAccountGiven) -> AccountMade:
    """A new account, whose one-time password is to be changed at its first login."""
    account, password = acts.add(desk(request), who, given.login, given.fields)
    return AccountMade(account=_told(account), one_time_password=password)


@router.get("/accounts/{number}")
def one_account(request: Request, who: Administrator, number: Number) -> AccountTold:
    """One account."""
    return _told(_account(request, number))


@router.post("/accounts/{number}")
def change(request: Request, who: Administrator, number: Number, given: AccountGiven) -> AccountTold:
    """Its name, role and unit."""
    _account(request, number)
    return _told(acts.change(desk(request), who, number, given.fields))


@router.post("/accounts/{number}/state")
def set_state(request: Request, who: Administrator, number: Number, given: AccountStateGiven) -> AccountTold:
    """Switches an account on or off; accounts are never deleted, for the audit names them."""
    _account(request, number)
    acts.set_state(desk(request), who, number, given.state)
    return _told(_account(request, number))


@router.post("/accounts/{number}/password")
def reset_password(request: Request, who: Administrator, number: Number) -> AccountMade:
    """A one-time password; the account is unlocked and logged out everywhere."""
    _account(request, number)
    account, password = acts.reset_password(desk(request), who, number)
    return AccountMade(account=_told(account), one_time_password=password)


@router.post("/accounts/{number}/logout")
def log_out(request: Request, who: Administrator, number: Number) -> Done:
    """Ends every session of the account."""
    _account(request, number)
    acts.log_out(desk(request), who, number)
    return Done()


@router.get("/accounts/{number}/tokens")
def tokens_of(
    request: Request, who: Administrator, number: Number, after: Skipped = 0, limit: Limit = 100
) -> Some[TokenTold]:
    """Tokens of an account, the newest first."""
    return _tokens(request, _account(request, number).id, after, limit)


@router.post("/accounts/{number}/tokens/{token}/revoke")
def revoke(request: Request, who: Administrator, number: Number, token: Number) -> TokenTold:
    """Ends a token of an account."""
    return _token(request, acts.revoke_token(desk(request), who, _account(request, number).id, token))


# ---------------------------------------------------------------- one's own


@router.get("/me")
def me(request: Request, who: Anyone) -> Me:
    """Whose token this is, and what it may do."""
    return Me(account=_told(who.account), scopes=sorted(one.value for one in who.permissions))


@router.get("/me/tokens")
def my_tokens(request: Request, who: Anyone, after: Skipped = 0, limit: Limit = 100) -> Some[TokenTold]:
    """One's own tokens, the newest first. New ones are made on the page of the account: a token makes no tokens."""
    return _tokens(request, who.account.id, after, limit)


@router.post("/me/tokens/{token}/revoke")
def revoke_mine(request: Request, who: Anyone, token: Number) -> TokenTold:
    """Ends a token of one's own."""
    return _token(request, acts.revoke_token(desk(request), who, who.account.id, token))


@router.post("/me/logout")
def log_out_elsewhere(request: Request, who: Anyone) -> Done:
    """Ends every session of one's own account but the one that asks."""
    acts.log_out_elsewhere(desk(request), who)
    return Done()


# ---------------------------------------------------------------- shapes


def _account(request: Request, number: int) -> Account:
    """Answers 404 where there is none."""
    with desk(request).database.reading() as session:
        try:
            return accounts.get_account(session, number)
        except AccountError as error:
            raise HTTPException(404, str(error)) from error


def _tokens(request: Request, account_id: int, after: int, limit: int) -> Some[TokenTold]:
    with desk(request).database.reading() as session:
        found = api_tokens.list_tokens(session, account_id)
    return some([_token(request, one) for one in found], after, limit)


def _told(one: Account) -> AccountTold:
    return AccountTold(
        id=one.id,
        login=one.login,
        name=one.name,
        role=one.role,
        state=one.state,
        unit_id=one.unit_id,
        unit=one.unit,
        must_change_password=one.must_change_password,
        created_at=instant(one.created_at) or "",
        last_login_at=instant(one.last_login_at),
    )


def _token(request: Request, one: ApiToken) -> TokenTold:
    return TokenTold(
        id=one.id,
        name=one.name,
        scopes=list(one.scopes),
        valid=one.is_valid(desk(request).now),
        created_at=instant(one.created_at) or "",
        expires_at=instant(one.expires_at),
        last_used_at=instant(one.last_used_at),
        revoked_at=instant(one.revoked_at),
    )
