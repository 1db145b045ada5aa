"""The web application: the desk for people, the API for programs, how the service is for machines."""

from __future__ import annotations

import pkgutil
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fastapi import APIRouter, Depends, FastAPI, Response
from fastapi.responses import JSONResponse
from starlette.routing import BaseRoute
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from gkmonitor import __version__
from gkmonitor.condition import Status
from gkmonitor.reports.health_json import health_object
from gkmonitor.storage import Database
from gkmonitor.web import views
from gkmonitor.web.asking import ConditionCache
from gkmonitor.web.desk import Desk
from gkmonitor.web.faults import add_fault_pages
from gkmonitor.web.files import Files
from gkmonitor.web.headers import SecurityHeaders
from gkmonitor.web.keeper import PassOn
from gkmonitor.web.limiting import BodyLimit
from gkmonitor.web.metrics import CONTENT_TYPE, make_registry, metrics_text
from gkmonitor.web.pages import STATIC
from gkmonitor.web.security import check_csrf

if TYPE_CHECKING:
    from gkmonitor.queueing import Queue
    from gkmonitor.settings import Settings

READING: Final = ["GET", "HEAD"]
API_PACKAGE: Final = "gkmonitor.web.api"
# Routes that nobody needs to be logged in for; every other one names its permission.
PUBLIC: Final = frozenset({"/", "/live", "/health", "/metrics", "/login", "/static"})


def create_app(
    database: Database,
    settings: Settings,
    *,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    monotonic: Callable[[], float] = time.monotonic,
    queue: Queue | None = None,
    keeper: Path | None = None,
) -> FastAPI:
    """The application over one database. ``clock`` and ``monotonic`` are for tests; ``queue``: opened when needed.
    ``keeper``: the socket of the process that keeps what waits; None: this one does.

    No interactive documentation: its pages would load scripts from elsewhere.
    """
    app = FastAPI(
        title="gkmonitor",
        version=__version__,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        dependencies=[Depends(check_csrf)],
    )
    app.state.database, app.state.settings = database, settings
    app.state.desk = Desk(database, settings, clock, queue)
    app.add_middleware(BodyLimit, most_bytes=settings.web_max_body_bytes)
    app.add_middleware(SecurityHeaders)
    if settings.trusted_proxies:
        app.add_middleware(ProxyHeadersMiddleware, trusted_hosts=list(settings.trusted_proxies))
    app.state.passes_on = keeper is not None
    if keeper is not None:
        app.add_middleware(PassOn, keeper=keeper)
    add_fault_pages(app)
    app.state.condition = ConditionCache(database, clock, monotonic)
    _add_health(app, app.state.condition)
    app.mount("/static", Files(directory=STATIC), name="static")
    app.router.routes.extend(_view_routes())
    return app


@cache
def _view_routes() -> tuple[BaseRoute, ...]:
    """The routes of all views, which hold nothing of an application: what each asks for takes long to work out, and
    is worked out at its first request, for every application of this process.
    """
    router = APIRouter(dependencies=[Depends(check_csrf)])
    for name in view_modules():
        router.include_router(import_module(name).router)
    return tuple(router.routes)


def view_modules() -> tuple[str, ...]:
    """Every module of views, and the API: each has a ``router``."""
    found = [f"{views.__name__}.{one.name}" for one in pkgutil.iter_modules(views.__path__)]
    return (*found, API_PACKAGE) if find_spec(API_PACKAGE) is not None else tuple(found)


def _add_health(app: FastAPI, cache: ConditionCache) -> None:
    registry = make_registry(cache.read)

    @app.api_route("/live", methods=READING)
    async def live() -> dict[str, str]:
        """Whether this process answers; nothing else is asked."""
        return {"status": "live"}

    @app.api_route("/health", methods=READING)
    def health() -> JSONResponse:
        condition = cache.read()
        return JSONResponse(health_object(condition), 503 if condition.status is Status.DOWN else 200)

    @app.api_route("/metrics", methods=READING)
    def metrics() -> Response:
        """Answers 200 while the database is away too: that is what its gauges say then."""
        return Response(metrics_text(registry), media_type=CONTENT_TYPE)
