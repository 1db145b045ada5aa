"""One's own account: password, sessions, tokens for the API."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from gkmonitor.accounts.passwords import (
    SHORTEST,
    check_password,
    digest_of,
    hash_password,
    is_password,
    new_secret,
)
from gkmonitor.accounts.permissions import PERMISSION_NAMES, Permission, permissions_of
from gkmonitor.errors import AccountError
from gkmonitor.storage import accounts, api_tokens, audit
from gkmonitor.web.acts import accounts as acts
from gkmonitor.web.desk import desk
from gkmonitor.web.pages import back, render
from gkmonitor.web.visiting import Anyone, ForbiddenError, Visitor

router = APIRouter()
LIFETIMES: Final = ((30, "30 天"), (90, "90 天"), (365, "一年"), (0, "不过期"))


@router.get("/profile")
def profile(request: Request, who: Anyone) -> Response:
    return _page(request, who)


def _page(request: Request, who: Visitor, *, secret: str | None = None, error: str | None = None) -> Response:
    with desk(request).database.reading() as session:
        tokens = api_tokens.list_tokens(session, who.account.id)
    scopes = [(one.value, PERMISSION_NAMES[one]) for one in Permission if one in permissions_of(who.account.role)]
    context = {"tokens": tokens, "scopes": scopes, "scope_names": dict(scopes), "lifetimes": LIFETIMES}
    status = 400 if error else 200
    return render(request, "profile.html", status=status, **context, secret=secret, error=error, now=who.now)


# ---------------------------------------------------------------- password


@router.get("/profile/password")
def password_page(request: Request, who: Anyone) -> Response:
    return render(request, "password.html", error=None, shortest=SHORTEST)


@router.post("/profile/password")
def change_password(
    request: Request,
    who: Anyone,
    current: Annotated[str, Form(max_length=1000)] = "",
    password: Annotated[str, Form(max_length=1000)] = "",
    again: Annotated[str, Form(max_length=1000)] = "",
) -> Response:
    """The session goes on; every other one of the account ends."""
    here = desk(request)
    try:
        hashed = _checked(request, who, current, password, again)
    except AccountError as error:
        return render(request, "password.html", status=400, error=str(error), shortest=SHORTEST)
    with here.database.writing() as session:
        accounts.set_password(session, who.account.id, hashed, must_change=False, keep_session=who.session)
        audit.note(session, who, "password-changed", who.account.login)
    return back(request, "/profile", message="密码已修改，其他地方的登录已全部退出")


def _checked(request: Request, who: Visitor, current: str, password: str, again: str) -> str:
    """The hash of the new password. Raises AccountError."""
    here = desk(request)
    with here.database.reading() as session:
        kept = accounts.password_hash_of(session, who.account.id)
    if not is_password(kept, current, here.settings.hash_cost):
        raise AccountError("当前密码不正确")
    if password != again:
        raise AccountError("两次输入的新密码不一致")
    if password == current:
        raise AccountError("新密码与当前密码相同，请换一个")
    check_password(password, who.account.login, who.account.name)
    return hash_password(password, here.settings.hash_cost)


@router.post("/profile/sessions")
def log_out_elsewhere(request: Request, who: Anyone) -> Response:
    """Ends every other session of the account."""
    acts.log_out_elsewhere(desk(request), who)
    return back(request, "/profile", message="其他地方的登录已全部退出")


# ---------------------------------------------------------------- tokens


@router.post("/profile/tokens")
def add_token(
    request: Request,
    who: Anyone,
    name: Annotated[str, Form(max_length=100)] = "",
    days: Annotated[int, Form(ge=0, le=3650)] = 90,
    scope: Annotated[list[str] | None, Form()] = None,
) -> Response:
    """Shows the token, once and never again."""
    if who.session is None:  # a token must not make tokens
        raise ForbiddenError("请登录网页后新建令牌")
    chosen = [one for one in permissions_of(who.account.role) if one.value in (scope or [])]
    secret, here = new_secret(), desk(request)
    expires_at = who.now + timedelta(days=days) if days else None
    try:
        with here.database.writing() as session:
            new = api_tokens.NewToken(digest_of(secret), name, chosen, expires_at)
            number = api_tokens.add_token(session, who.account.id, new, who.now)
            details = {"name": name, "scopes": sorted(chosen), "days": days}
            audit.note(session, who, "token-added", f"令牌 {number}", details)
    except AccountError as error:
        return _page(request, who, error=str(error))
    return _page(request, who, secret=secret)


@router.post("/profile/tokens/{number}/revoke")
def revoke_token(request: Request, who: Anyone, number: int) -> Response:
    token = acts.revoke_token(desk(request), who, who.account.id, number)
    return back(request, "/profile", message=f"令牌“{token.name}”已撤销")
