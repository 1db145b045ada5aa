"""The desk asked without a network: clients that are logged in as a role, forms with their mark, a clock of one's own.

with client_as(database, Role.INSPECTOR) as client:
    page = client.get("/violations")
    client.post("/violations/7/confirm", {"note": "已核对"})     # the mark against forged requests is added
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from fastapi import FastAPI

from gkmonitor.accounts.passwords import digest_of, hash_password, new_secret
from gkmonitor.accounts.permissions import Permission
from gkmonitor.accounts.records import HashCost, Role
from gkmonitor.settings import Settings, load_settings
from gkmonitor.storage import Database, web_sessions
from gkmonitor.storage.accounts import NewAccount, add_account, find_account
from gkmonitor.storage.api_tokens import NewToken, add_token
from gkmonitor.storage.registry_changes import By
from gkmonitor.storage.units import ensure_unit
from gkmonitor.web.app import create_app

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
CHEAP = HashCost(memory_kib=8, passes=1, lanes=1)
PASSWORD = "correct horse battery"  # of every account made here
BROWSER = {"accept": "text/html,application/xhtml+xml"}


class Clock:
    """Stands still until told."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **words: float) -> None:
        self.now += timedelta(**words)


def cheap_settings(**values: Any) -> Settings:
    """Settings under which hashing a password costs nothing."""
    cheap = {"password_memory_kib": 8, "password_passes": 1, "password_lanes": 1}
    return load_settings(**(cheap | values))


class DeskClient:
    """A browser: keeps cookies, follows nothing by itself, adds the mark to forms."""

    def __init__(self, app: FastAPI, base_url: str = "http://desk.example", address: str = "198.51.100.7") -> None:
        self.app = app
        self.csrf = ""
        transport = httpx.ASGITransport(app, raise_app_exceptions=False, client=(address, 40000))
        self._http = httpx.AsyncClient(transport=transport, base_url=base_url, headers=BROWSER)

    @property
    def cookies(self) -> httpx.Cookies:
        return self._http.cookies

    @property
    def cookie(self) -> str | None:
        """The secret of the session."""
        return self._http.cookies.get("gkmonitor")

    def hold(self, secret: str | None) -> None:
        """The session of that secret from now on; None: none."""
        if self.cookie is not None:
            self._http.cookies.delete("gkmonitor")
        if secret is not None:
            self._http.cookies.set("gkmonitor", secret, domain=self._http.base_url.host, path="/")

    def request(self, method: str, path: str, **words: Any) -> httpx.Response:
        return asyncio.run(self._http.request(method, path, **words))

    def get(self, path: str, **words: Any) -> httpx.Response:
        return self.request("GET", path, **words)

    def post(self, path: str, fields: Mapping[str, Any] | None = None, **words: Any) -> httpx.Response:
        """A form with its mark; ``files=...`` for uploads."""
        return self.request("POST", path, data={"csrf": self.csrf, **(fields or {})}, **words)

    def shown(self, response: httpx.Response) -> str:
        """The page to which the answer leads, with its message."""
        assert response.status_code == 303, (response.status_code, response.text[:400])
        return self.get(response.headers["location"]).text


def ensure_account(database: Database, role: Role, unit_id: int | None = None, login: str | None = None) -> int:
    """The account of that login (the role's name by default); its password is ``PASSWORD``. A unit of its own where a
    unit's account is given none."""
    name = login or role.value
    with database.writing() as session:
        if (found := find_account(session, name)) is not None:
            return found[0].id
        if role is Role.UNIT and unit_id is None:
            unit_id = ensure_unit(session, ("没有网站的单位",), By("测试", NOW))
        new = NewAccount(name, f"测试{name}", role, hash_password(PASSWORD, CHEAP), unit_id, must_change_password=False)
        return add_account(session, new, NOW)


@contextmanager
def anonymous(
    database: Database,
    *,
    clock: Clock | None = None,
    base_url: str = "http://desk.example",
    address: str = "198.51.100.7",
    queue: Any = None,
    **settings: Any,
) -> Iterator[DeskClient]:
    """Nobody is logged in; ``address``: where the browser is."""
    app = create_app(database, cheap_settings(**settings), clock=clock or Clock(), queue=queue)
    yield DeskClient(app, base_url, address)


@contextmanager
def client_as(
    database: Database, role: Role, unit_id: int | None = None, *, login: str | None = None, **words: Any
) -> Iterator[DeskClient]:
    """Somebody of that role is logged in; ``words`` as for ``anonymous``."""
    account = ensure_account(database, role, unit_id, login)
    with anonymous(database, **words) as client:
        secret, client.csrf = new_secret(), new_secret()
        now = client.app.state.desk.now
        with database.writing() as session:
            web_sessions.add_session(
                session, digest_of(secret), account, client.csrf, now, address="testclient", agent="tests"
            )
        client.hold(secret)
        yield client


def token_of(database: Database, account: int, *scopes: Permission) -> str:
    """The secret of a new token of the account."""
    secret = new_secret()
    with database.writing() as session:
        add_token(session, account, NewToken(digest_of(secret), "测试", scopes, None), NOW)
    return secret
