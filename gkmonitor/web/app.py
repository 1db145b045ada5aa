"""The web application: how the service is, for people and for machines."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.resources import files
from typing import TYPE_CHECKING

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse

from gkmonitor import __version__
from gkmonitor.condition import Status
from gkmonitor.reports.health_json import health_object
from gkmonitor.storage import Database
from gkmonitor.web.asking import ConditionCache
from gkmonitor.web.headers import SECURITY_HEADERS, SecurityHeaders
from gkmonitor.web.metrics import CONTENT_TYPE, make_registry, metrics_text

if TYPE_CHECKING:
    from gkmonitor.settings import Settings

_READING = ["GET", "HEAD"]


def create_app(
    database: Database,
    settings: Settings,
    *,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    monotonic: Callable[[], float] = time.monotonic,
) -> FastAPI:
    """The application over one database. ``clock`` and ``monotonic`` are for tests.

    No interactive documentation: its pages would load scripts from elsewhere.
    """
    app = FastAPI(title="gkmonitor", version=__version__, docs_url=None, redoc_url=None, openapi_url=None)
    app.state.database, app.state.settings = database, settings
    app.add_middleware(SecurityHeaders)
    app.add_exception_handler(Exception, _answer_crash)
    app.add_exception_handler(404, _answer_nothing_there)
    app.add_exception_handler(405, _answer_nothing_there)
    _add_health(app, ConditionCache(database, clock, monotonic))

    @app.api_route("/", methods=_READING, response_class=HTMLResponse)
    def start() -> str:
        return files("gkmonitor.web").joinpath("start.html").read_text(encoding="utf-8")

    return app


def _add_health(app: FastAPI, cache: ConditionCache) -> None:
    registry = make_registry(cache.read)

    @app.api_route("/live", methods=_READING)
    async def live() -> dict[str, str]:
        """Whether this process answers; nothing else is asked."""
        return {"status": "live"}

    @app.api_route("/health", methods=_READING)
    def health() -> JSONResponse:
        condition = cache.read()
        return JSONResponse(health_object(condition), 503 if condition.status is Status.DOWN else 200)

    @app.api_route("/metrics", methods=_READING)
    def metrics() -> Response:
        """Answers 200 while the database is away too: that is what its gauges say then."""
        return Response(metrics_text(registry), media_type=CONTENT_TYPE)


async def _answer_nothing_there(_request: Request, error: Exception) -> Response:
    status = getattr(error, "status_code", 404)
    words = "没有这个页面" if status == 404 else "这里只能查看，不能改动"
    return JSONResponse({"detail": words}, status, headers=getattr(error, "headers", None))


async def _answer_crash(_request: Request, _error: Exception) -> Response:
    """A defect of ours: the log has the traceback, the visitor only this."""
    return JSONResponse({"detail": "程序出错，请查看服务日志"}, 500, headers=SECURITY_HEADERS)
