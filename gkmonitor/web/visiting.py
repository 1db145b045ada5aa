"""Who asks, and what they may do. Every route names its permission with ``require`` or is on the public list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any, Final

from fastapi import Depends
from starlette.requests import Request

from gkmonitor.accounts.passwords import digest_of
from gkmonitor.accounts.permissions import Permission, permissions_of, scopes_of
from gkmonitor.accounts.records import Account, Role, WebSession
from gkmonitor.storage import api_tokens, web_sessions
from gkmonitor.storage.accounts import portals_of_unit
from gkmonitor.web.cookies import SESSION_COOKIE, read_cookie
from gkmonitor.web.desk import Desk, desk

API: Final = "/api/"
# Pages that an account with a one-time password may open.
_WHILE_PASSWORD_IS_OLD: Final = frozenset({"/profile/password", "/logout"})


class NotLoggedInError(Exception):
    """Nobody is logged in, or the token is not valid: a page leads to the login, the API answers 401."""


class ForbiddenError(Exception):
    """The account may not do this; ``str()`` is what its person is told."""


class PasswordIsOldError(Exception):
    """The account has a one-time password, which is to be changed first."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who is logged in, or a program with a token of theirs."""

    account: Account
    permissions: frozenset[Permission]
    csrf: str  # "" for a token
    portals: frozenset[int] | None  # None: all; for a unit those of itself and of the units below
    address: str
    now: datetime
    session: str | None = None  # digest of the session; None for a token
    flash: Mapping[str, Any] = field(default_factory=dict)

    def may(self, permission: Permission) -> bool:
        return permission in self.permissions

    def sees(self, portal_id: int) -> bool:
        """Whether this portal is among those that the visitor may look at."""
        return self.portals is None or portal_id in self.portals

    @property
    def actor(self) -> str:
        """The name in the ledger and in the history of the registry: unique, and a person's name too."""
        name, login = self.account.name, self.account.login
        return login if name == login else f"{name}（{login}）"


def address_of(request: Request) -> str:
    """The address of whoever asks; behind a proxy that is trusted, what the proxy says."""
    return request.client.host if request.client is not None else ""


def bearer_of(request: Request) -> str | None:
    """The token of a call to the API. Elsewhere tokens are not looked at."""
    kind, _, secret = request.headers.get("authorization", "").partition(" ")
    return secret.strip() if kind.lower() == "bearer" and request.url.path.startswith(API) else None


def find_session(request: Request) -> WebSession | None:
    """The session of this request's cookie, asked of the database once a request."""
    if not hasattr(request.state, "session"):
        request.state.session = _look_up(request)
    found: WebSession | None = request.state.session
    return found


def _look_up(request: Request) -> WebSession | None:
    here, secret = desk(request), read_cookie(request, SESSION_COOKIE)
    if not secret:
        return None
    with here.database.reading() as session:
        found = web_sessions.find_session(session, digest_of(secret), here.now)
    if found is not None and web_sessions.needs_touch(found, here.now):
        with here.database.writing() as session:
            web_sessions.touch_session(session, found.digest, here.now)
    return found


def visitor(request: Request) -> Visitor:
    """Whoever is logged in. Raises NotLoggedInError, PasswordIsOldError."""
    if not hasattr(request.state, "visitor"):
        secret = bearer_of(request)
        request.state.visitor = _by_session(request) if secret is None else _by_token(request, secret)
    found: Visitor = request.state.visitor
    if found.account.must_change_password and request.url.path not in _WHILE_PASSWORD_IS_OLD:
        raise PasswordIsOldError
    return found


def _by_session(request: Request) -> Visitor:
    found = find_session(request)
    if found is None:
        raise NotLoggedInError
    here, account = desk(request), found.account
    return Visitor(
        account=account,
        permissions=permissions_of(account.role),
        csrf=found.csrf,
        portals=_portals(here, account),
        address=address_of(request),
        now=here.now,
        session=found.digest,
        flash=found.flash,
    )


def _by_token(request: Request, secret: str) -> Visitor:
    here = desk(request)
    now = here.now
    with here.database.reading() as session:
        found = api_tokens.find_token(session, digest_of(secret), now)
    if found is None:
        raise NotLoggedInError
    token, account = found
    if api_tokens.needs_touch(token, now):
        with here.database.writing() as session:
            api_tokens.touch_token(session, token.id, now)
    permissions = scopes_of(token.scopes, account.role)
    return Visitor(account, permissions, "", _portals(here, account), address_of(request), now)


def _portals(here: Desk, account: Account) -> frozenset[int] | None:
    if account.role is not Role.UNIT:
        return None
    if account.unit_id is None:
        return frozenset()
    with here.database.reading() as session:
        return portals_of_unit(session, account.unit_id)


@dataclass(frozen=True, slots=True)
class Require:
    """A dependency that gives the visitor who has one of the permissions; none named: whoever is logged in."""

    permissions: frozenset[Permission]

    def __call__(self, request: Request) -> Visitor:
        found = visitor(request)
        if self.permissions and not self.permissions & found.permissions:
            raise ForbiddenError("您的账号没有这项权限；需要时请联系管理员")
        return found


def require(*permissions: Permission) -> Require:
    """``Annotated[Visitor, Depends(require(Permission.REVIEW))]``: 403 for whoever has none of them."""
    return Require(frozenset(permissions))


Anyone = Annotated[Visitor, Depends(require())]
Viewer = Annotated[Visitor, Depends(require(Permission.VIEW))]
Reviewer = Annotated[Visitor, Depends(require(Permission.REVIEW))]
UnitVisitor = Annotated[Visitor, Depends(require(Permission.ANSWER))]
ViewerOrUnit = Annotated[Visitor, Depends(require(Permission.VIEW, Permission.ANSWER))]
Registrar = Annotated[Visitor, Depends(require(Permission.MANAGE_REGISTRY))]
Scheduler = Annotated[Visitor, Depends(require(Permission.MANAGE_SCHEDULE))]
Signer = Annotated[Visitor, Depends(require(Permission.SIGN_FIGURES))]
Issuer = Annotated[Visitor, Depends(require(Permission.ISSUE))]
Administrator = Annotated[Visitor, Depends(require(Permission.ADMINISTER))]
