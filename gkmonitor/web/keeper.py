"""Several web processes at one address: one of them, the keeper, holds what waits between two requests.

What waits are the counts of months and the files between a preview and its confirmation. The other processes pass
requests for those on to the keeper, by a socket in a folder that only this user may enter; everything else that
requests share stands in the database.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import httpx
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

KEPT_PATHS: Final = ("/month", "/my/notices", "/registry/import", "/api/v1/months", "/api/v1/registry/imports")
_CLIENT: Final = b"x-gkmonitor-client"  # who asked the process that passes on: address, port
_OF_ONE_CONNECTION: Final = frozenset(
    (b"connection", b"keep-alive", b"te", b"trailer", b"transfer-encoding", b"upgrade")
)
_AWAY: Final = "处理这项请求的网页进程正在重新启动，请稍后重试"


def is_kept(path: str) -> bool:
    """Whether only the keeper can answer this path."""
    return any(path == one or path.startswith(f"{one}/") for one in KEPT_PATHS)


def require_keeper(request: Request) -> None:
    """Raises RuntimeError in a process that passes on: what it held, nobody would find again."""
    if request.app.state.passes_on:
        raise RuntimeError(f"{request.url.path} is to be passed on to the keeper")


class PassOn:
    """Passes what only the keeper can answer on to the socket where it listens."""

    def __init__(self, app: ASGIApp, keeper: Path) -> None:
        self._app = app
        self._transport = httpx.AsyncHTTPTransport(uds=str(keeper))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not is_kept(scope["path"]):
            await self._app(scope, receive, send)
            return
        try:
            answer = await self._transport.handle_async_request(_request(scope, receive))
        except httpx.TransportError:
            await PlainTextResponse(_AWAY, 503)(scope, receive, send)
            return
        try:
            headers = [(name, value) for name, value in answer.headers.raw if name.lower() not in _OF_ONE_CONNECTION]
            await send({"type": "http.response.start", "status": answer.status_code, "headers": headers})
            assert isinstance(answer.stream, httpx.AsyncByteStream)
            async for chunk in answer.stream:
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            await answer.aclose()


def _request(scope: Scope, receive: Receive) -> httpx.Request:
    path = scope["raw_path"] + (b"?" + scope["query_string"] if scope["query_string"] else b"")
    known = [(name, value) for name, value in scope["headers"] if name not in (*_OF_ONE_CONNECTION, _CLIENT)]
    host, port = scope["client"] or ("", 0)
    headers = [*known, (_CLIENT, f"{host} {port}".encode())]
    names = {name for name, _ in scope["headers"]}
    has_body = bool(names & {b"content-length", b"transfer-encoding"})
    url = httpx.URL("http://keeper").copy_with(raw_path=path)
    wait = {"timeout": httpx.Timeout(None, connect=5.0).as_dict()}  # the keeper ends what takes too long
    content = _body(receive) if has_body else None
    return httpx.Request(scope["method"], url, headers=headers, content=content, extensions=wait)


async def _body(receive: Receive) -> AsyncIterator[bytes]:
    while True:
        message: Message = await receive()
        yield message.get("body", b"")
        if message["type"] == "http.disconnect" or not message.get("more_body", False):
            return


class FromPeers:
    """In the keeper: what comes by its own socket comes from whoever asked the process that passed it on."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and (scope["server"] is None or scope["server"][1] is None):  # no port: our socket
            host, _, port = dict(scope["headers"]).get(_CLIENT, b"").decode("latin-1").rpartition(" ")
            scope = {**scope, "client": (host, int(port)) if host else None}
        await self._app(scope, receive, send)
