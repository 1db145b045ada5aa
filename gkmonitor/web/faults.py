"""What is answered when something is wrong: a page for people, one object for programs."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from gkmonitor import errors
from gkmonitor.errors import GkmonitorError, UsageError
from gkmonitor.web.headers import SECURITY_HEADERS
from gkmonitor.web.pages import render
from gkmonitor.web.visiting import API, ForbiddenError, NotLoggedInError, PasswordIsOldError

PASSWORD_PAGE: Final = "/profile/password"
_TITLES: Final = {
    400: "请求不对",
    403: "没有权限",
    404: "没有这个页面",
    405: "没有执行",
    409: "情况已经变化",
    413: "内容太大",
    422: "填写有误",
    500: "程序出错",
    503: "暂时不能办理",
}
# What programs tell faults by. The first class that fits counts; whoever adds one adds it above its parent.
CODES: Final[tuple[tuple[type[Exception], str], ...]] = (
    (errors.StaleError, "stale"),
    (errors.AddressError, "address"),
    (errors.SettingError, "setting"),
    (errors.PackError, "pack"),
    (errors.RegistryError, "registry"),
    (errors.LedgerError, "ledger"),
    (errors.AccountError, "account"),
    (errors.NoticeTemplateError, "notice-template"),
    (errors.DateError, "date"),
    (errors.UsageError, "usage"),
    (errors.StorageError, "storage"),
    (errors.OutputError, "output"),
    (errors.CalendarIncomplete, "calendar"),
    (GkmonitorError, "unfinished"),
    (NotLoggedInError, "not-logged-in"),
    (PasswordIsOldError, "password-is-old"),
    (ForbiddenError, "forbidden"),
    (RequestValidationError, "invalid"),
)
_STATUS_CODES: Final = {404: "not-found", 405: "method", 413: "too-large", 500: "crashed"}


EVERY_CODE: Final = tuple(dict.fromkeys((*(code for _, code in CODES), *_STATUS_CODES.values())))


def code_of(error: Exception, status: int) -> str:
    """The code of a fault; it is never changed."""
    return next((code for kind, code in CODES if isinstance(error, kind)), _STATUS_CODES.get(status, str(status)))


def _object(request: Request, error: Exception, status: int, words: str) -> dict[str, str]:
    """What a program gets; pages' own scripts need no code."""
    told = {"detail": words}
    return told | {"code": code_of(error, status)} if request.url.path.startswith(API) else told


def add_fault_pages(app: FastAPI) -> None:
    """Handlers for whatever views raise."""
    app.add_exception_handler(Exception, _answer_crash)
    app.add_exception_handler(404, _answer_nothing_there)
    app.add_exception_handler(405, _answer_nothing_there)
    app.add_exception_handler(413, _answer_too_long)
    app.add_exception_handler(NotLoggedInError, _answer_not_logged_in)
    app.add_exception_handler(PasswordIsOldError, _answer_password_is_old)
    app.add_exception_handler(ForbiddenError, _answer_forbidden)
    app.add_exception_handler(GkmonitorError, _answer_known_error)
    app.add_exception_handler(RequestValidationError, _answer_invalid)


def is_for_people(request: Request) -> bool:
    """Whether a page is wanted; else one object of JSON."""
    accepts = request.headers.get("accept", "")
    return not request.url.path.startswith(API) and "text/html" in accepts


async def answer_fault(
    request: Request, error: Exception, status: int, words: str, headers: dict[str, str] | None = None
) -> Response:
    """A page or ``{"detail": words}``, with the fault's ``code`` for programs."""
    if request.headers.get("hx-request") == "true":  # shown by the page's own script
        headers = {**(headers or {}), "HX-Reswap": "none"}
        return JSONResponse({"detail": words}, status, headers=headers)
    if not is_for_people(request):
        return JSONResponse(_object(request, error, status, words), status, headers=headers)
    title = _TITLES.get(status, "出错了")
    page = await run_in_threadpool(render, request, "fault.html", status=status, title=title, words=words)
    page.headers.update(headers or {})
    return page


async def _answer_nothing_there(request: Request, error: Exception) -> Response:
    status = getattr(error, "status_code", 404)
    own, nothing = str(getattr(error, "detail", "")), "没有，或不在您可以查看的范围"
    if not own.isascii():  # words of ours
        words = own
    elif request.url.path.startswith(API):
        words = nothing if status == 404 else "这个地址不接受这种请求"
    else:
        words = "没有这个页面" if status == 404 else "这里只能查看，不能改动"
    return await answer_fault(request, error, status, words, getattr(error, "headers", None))


async def _answer_too_long(request: Request, error: Exception) -> Response:
    return await answer_fault(request, error, 413, getattr(error, "detail", "上传的内容太大"))


async def _answer_not_logged_in(request: Request, error: Exception) -> Response:
    if request.url.path.startswith(API):
        words = "请先登录，或在请求头 Authorization 中提供有效的令牌"
        return JSONResponse(_object(request, error, 401, words), 401, headers={"WWW-Authenticate": "Bearer"})
    target = f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path
    login = "/login?" + urlencode({"next": target}) if request.method == "GET" else "/login"
    if request.headers.get("hx-request") == "true":
        return JSONResponse({"detail": "登录已过期"}, 401, headers={"HX-Redirect": "/login"})
    return RedirectResponse(login, 303)


async def _answer_password_is_old(request: Request, error: Exception) -> Response:
    if not is_for_people(request) and request.url.path.startswith(API):
        return JSONResponse(_object(request, error, 403, "请先登录网页修改一次性密码"), 403)
    return RedirectResponse(PASSWORD_PAGE, 303)


async def _answer_forbidden(request: Request, error: Exception) -> Response:
    return await answer_fault(request, error, 403, str(error))


async def _answer_known_error(request: Request, error: Exception) -> Response:
    """What was given is wrong (400), what was looked at has changed (409), or the work cannot be done now (503); their
    words are made for people."""
    status = 409 if isinstance(error, errors.StaleError) else 400 if isinstance(error, UsageError) else 503
    return await answer_fault(request, error, status, str(error))


async def _answer_invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    names = {str(one["loc"][-1]) for one in error.errors() if one.get("loc")}
    return await answer_fault(request, error, 422, f"填写的内容不对或不完整（{'、'.join(sorted(names))}），请返回修改")


async def _answer_crash(request: Request, error: Exception) -> Response:
    """A defect of ours: the log has the traceback, the visitor only this."""
    answer = await answer_fault(request, error, 500, "程序出错，没有完成；请稍后重试，并请管理员查看服务日志")
    for name, value in SECURITY_HEADERS.items():  # this handler stands outside of what adds them
        answer.headers.setdefault(name, value)
    return answer
