"""The cookies: who is logged in, and the mark of a login form. Never readable by scripts, never sent by other sites."""

from __future__ import annotations

from typing import Final, Literal

from starlette.requests import Request
from starlette.responses import Response

from gkmonitor.web.desk import desk

SESSION_COOKIE: Final = "gkmonitor"
LOGIN_COOKIE: Final = "gkmonitor-login"


def is_secure(request: Request) -> bool:
    """Whether cookies are to travel by HTTPS only."""
    wanted = desk(request).settings.web_secure_cookies
    return wanted == "true" or (wanted == "auto" and request.url.scheme == "https")


def cookie_name(request: Request, name: str) -> str:
    """By HTTPS with the prefix that makes browsers refuse a cookie that another host or plain HTTP has set."""
    return f"__Host-{name}" if is_secure(request) else name


def read_cookie(request: Request, name: str) -> str | None:
    return request.cookies.get(cookie_name(request, name))


def set_cookie(
    request: Request, response: Response, name: str, value: str, same_site: Literal["lax", "strict"] = "lax"
) -> None:
    """Until the browser is closed."""
    response.set_cookie(
        cookie_name(request, name), value, path="/", secure=is_secure(request), httponly=True, samesite=same_site
    )


def drop_cookie(request: Request, response: Response, name: str) -> None:
    response.delete_cookie(
        cookie_name(request, name), path="/", secure=is_secure(request), httponly=True, samesite="lax"
    )
