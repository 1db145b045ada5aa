"""Forged requests are refused: one check for every method that changes something."""

from __future__ import annotations

import hmac
from typing import Final
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from gkmonitor.web.cookies import LOGIN_COOKIE, read_cookie
from gkmonitor.web.visiting import ForbiddenError, NotLoggedInError, bearer_of, find_session

SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
HEADER: Final = "x-csrf-token"
FIELD: Final = "csrf"
LOGIN: Final = "/login"
_FORMS: Final = ("application/x-www-form-urlencoded", "multipart/form-data")
_REFUSED: Final = "页面已过期或请求来自别的网站，没有执行；请返回上一页，刷新后重试"


async def check_csrf(request: Request) -> None:
    """For every route: a request that changes something carries the mark of its session (or of its login form).

    Calls with a token of the API carry no cookie that a browser would add by itself, and need none.
    Raises ForbiddenError, NotLoggedInError.
    """
    if request.method in SAFE or bearer_of(request) is not None:
        return
    expected = await _expected(request)
    given = request.headers.get(HEADER) or await _field(request)
    if not expected or not given or not hmac.compare_digest(given.encode(), expected.encode()):
        raise ForbiddenError(_REFUSED)
    if not _is_from_here(request):
        raise ForbiddenError(_REFUSED)


async def _expected(request: Request) -> str | None:
    if request.url.path == LOGIN:
        return read_cookie(request, LOGIN_COOKIE)
    found = await run_in_threadpool(find_session, request)
    if found is None:
        raise NotLoggedInError
    return found.csrf


async def _field(request: Request) -> str | None:
    if not request.headers.get("content-type", "").lower().startswith(_FORMS):
        return None
    value = (await request.form()).get(FIELD)
    return value if isinstance(value, str) else None


def _is_from_here(request: Request) -> bool:
    """Browsers say which page a form stands on; what says nothing is judged by its mark alone."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")


def local_path(given: str | None) -> str:
    """Where to go after the login: a page of ours, else the start page."""
    text = given or ""
    is_ours = text.startswith("/") and not text.startswith(("//", "/\\")) and text.isprintable() and "\\" not in text
    return text if is_ours and not text.startswith((LOGIN, "/logout")) else "/"
