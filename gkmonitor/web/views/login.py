"""Logging in and out."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from gkmonitor.accounts.passwords import digest_of, hash_password, is_outdated, is_password, new_secret
from gkmonitor.accounts.records import Account
from gkmonitor.storage import accounts, audit, web_sessions
from gkmonitor.web.cookies import LOGIN_COOKIE, SESSION_COOKIE, drop_cookie, read_cookie, set_cookie
from gkmonitor.web.desk import desk
from gkmonitor.web.pages import render
from gkmonitor.web.security import local_path
from gkmonitor.web.visiting import Anyone, address_of, find_session

router = APIRouter()
# One text for a wrong login, a wrong password, a disabled account and too many attempts: it tells nobody which.
REFUSED: Final = "账号或密码不正确。连续输错 5 次后，须等 15 分钟再试；忘记密码请联系管理员重置。"


@router.get("/login")
def login_page(request: Request, next: str = "", out: str = "") -> Response:  # noqa: A002 - a word of the address
    if find_session(request) is not None:
        return RedirectResponse(local_path(next), 303)
    return _form(request, next, message="您已退出登录。" if out else None)


@router.post("/login")
def log_in(
    request: Request,
    login: Annotated[str, Form(max_length=200)] = "",
    password: Annotated[str, Form(max_length=1000)] = "",
    next: Annotated[str, Form(max_length=2000)] = "",  # noqa: A002
) -> Response:
    here, now, address = desk(request), desk(request).now, address_of(request)
    with here.database.writing() as session:
        attempt = web_sessions.begin_attempt(session, login, address, now)
    if attempt is None:
        return _form(request, next, login=login, error=REFUSED, status=429)
    with here.database.reading() as session:
        found = accounts.find_account(session, login)
    account, kept = found if found is not None else (None, None)
    is_right = is_password(kept, password, here.settings.hash_cost)
    if account is None or not is_right or not account.is_active:
        _note_failure(request, account)
        return _form(request, next, login=login, error=REFUSED, status=401)
    assert kept is not None
    secret = _begin_session(request, account, attempt, kept, password)
    response = RedirectResponse(local_path(next), 303)
    set_cookie(request, response, SESSION_COOKIE, secret)
    drop_cookie(request, response, LOGIN_COOKIE)
    return response


def _note_failure(request: Request, account: Account | None) -> None:
    """What was typed for an unknown account is not kept in the audit: it may be a password."""
    here, now = desk(request), desk(request).now
    with here.database.writing() as session:
        if account is not None:
            web_sessions.attempt_failed(session, account.id, now)
        audit.note_as(
            session,
            now,
            account.login if account is not None else "（未知账号）",
            "login-failed",
            account_id=account.id if account is not None else None,
            address=address_of(request),
        )


def _begin_session(request: Request, account: Account, attempt: int, kept: str, password: str) -> str:
    """Always a session of its own, never one whose cookie was there before; the secret of its cookie."""
    here, now, address = desk(request), desk(request).now, address_of(request)
    secret, cost = new_secret(), here.settings.hash_cost
    renewed = hash_password(password, cost) if is_outdated(kept, cost) else None
    earlier = read_cookie(request, SESSION_COOKIE)
    agent = request.headers.get("user-agent", "")
    with here.database.writing() as session:
        web_sessions.attempt_succeeded(session, attempt)
        if earlier:
            web_sessions.end_session(session, digest_of(earlier))
        if renewed is not None:
            accounts.renew_hash(session, account.id, renewed)
        web_sessions.add_session(
            session, digest_of(secret), account.id, new_secret(), now, address=address, agent=agent
        )
        audit.note_as(session, now, account.login, "login", account_id=account.id, address=address)
    return secret


@router.post("/logout")
def log_out(request: Request, who: Anyone) -> Response:
    with desk(request).database.writing() as session:
        if who.session is not None:
            web_sessions.end_session(session, who.session)
        audit.note(session, who, "logout")
    response = RedirectResponse("/login?out=1", 303)
    drop_cookie(request, response, SESSION_COOKIE)
    return response


def _form(
    request: Request,
    next_page: str,
    *,
    login: str = "",
    message: str | None = None,
    error: str | None = None,
    status: int = 200,
) -> Response:
    mark = read_cookie(request, LOGIN_COOKIE) or new_secret()
    with desk(request).database.reading() as session:
        has_accounts = accounts.has_accounts(session)
    context = {"login": login[:60], "next": local_path(next_page), "has_accounts": has_accounts}
    page = render(request, "login.html", status=status, **context, mark=mark, message=message, error=error)
    set_cookie(request, page, LOGIN_COOKIE, mark, same_site="strict")
    return page
