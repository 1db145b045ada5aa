"""Every route names who may use it; each role is let in where its permissions say and nowhere else."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from databases import opened
from desk_client import NOW, DeskClient, anonymous, cheap_settings, client_as, ensure_account, token_of

from gkmonitor.accounts.permissions import PERMISSION_NAMES, PERMISSIONS, Permission, permissions_of, scopes_of
from gkmonitor.accounts.records import ROLE_NAMES, Role
from gkmonitor.storage import Database, open_database
from gkmonitor.storage.portals import add_portal
from gkmonitor.storage.registry_changes import By
from gkmonitor.storage.units import get_unit
from gkmonitor.web.app import PUBLIC, create_app
from gkmonitor.web.headers import PAGE_HEADERS, SECURITY_HEADERS
from gkmonitor.web.navigation import ENTRIES
from gkmonitor.web.routes import Route, every_route
from gkmonitor.web.security import check_csrf
from gkmonitor.web.visiting import ForbiddenError, NotLoggedInError, Require

APP = create_app(open_database("sqlite://"), cheap_settings())
ROUTES = sorted(every_route(APP), key=lambda route: (route.path, sorted(route.methods)))
KEPT = [route for route in ROUTES if route.path not in PUBLIC]
WORDS = {"{number}": "1", "{month}": "2026-10"}


@pytest.fixture
def database(sqlite_url: str) -> Iterator[Database]:
    with opened(sqlite_url) as here:
        yield here


def asked_of(route: Route) -> frozenset[Permission]:
    """Who has one of these is let in; none: whoever is logged in."""
    (asked,) = {call.permissions for call in route.calls if isinstance(call, Require)}
    return frozenset(asked)


def path_of(route: Route) -> str:
    return re.sub(r"\{[^}]+\}", lambda found: WORDS.get(found[0], "1"), route.path)


def named(route: Route) -> str:
    return f"{'/'.join(sorted(route.methods))} {route.path}"


def test_what_is_public_is_there() -> None:
    assert {route.path for route in ROUTES if route.path in PUBLIC} == PUBLIC - {"/static"}


@pytest.mark.parametrize("route", KEPT, ids=named)
def test_every_other_route_names_its_permission_once(route: Route) -> None:
    assert len({call.permissions for call in route.calls if isinstance(call, Require)}) == 1


@pytest.mark.parametrize(
    "route", [route for route in ROUTES if route.path not in PUBLIC or "POST" in route.methods], ids=named
)
def test_every_route_looks_at_the_mark_against_forged_requests(route: Route) -> None:
    assert check_csrf in route.calls


@pytest.mark.parametrize("role", Role)
def test_each_role_is_refused_wherever_it_has_no_permission_and_nowhere_else(database: Database, role: Role) -> None:
    """Asks of each route's own dependency, so that no view runs: the table of permissions against all routes."""
    may = permissions_of(role)
    with client_as(database, role) as client:
        for route in KEPT:
            asked = asked_of(route)
            if asked and not asked & may:
                for method in sorted(route.methods):
                    answer = client.request(method, path_of(route), headers={"x-csrf-token": client.csrf})
                    assert answer.status_code == 403, named(route)


def test_a_page_opens_for_whoever_has_its_permission(database: Database) -> None:
    """Pages without words in their address, for each role: 200, or a redirect to another page of ours."""
    for role in Role:
        with client_as(database, role) as client:
            for route in KEPT:
                asked = asked_of(route)
                if "GET" in route.methods and "{" not in route.path and (not asked or asked & permissions_of(role)):
                    answer = client.get(route.path)
                    assert answer.status_code in (200, 303), (named(route), role, answer.text[:300])
                    if answer.status_code == 303:
                        assert not answer.headers["location"].startswith("/login"), named(route)


def test_nobody_is_led_to_the_login_from_every_page_and_refused_by_the_api(database: Database) -> None:
    with anonymous(database) as client:
        for route in KEPT:
            for method in sorted(route.methods - {"HEAD"}):
                answer = client.request(method, path_of(route))
                if route.path.startswith("/api/"):
                    assert answer.status_code == 401, named(route)
                else:
                    assert answer.status_code == 303, named(route)
                    assert answer.headers["location"].startswith("/login"), named(route)


def test_every_page_carries_the_policy_that_lets_nothing_foreign_run(database: Database) -> None:
    with client_as(database, Role.ADMINISTRATOR) as client:
        for route in [*KEPT, Route("/nowhere", frozenset({"GET"}), ())]:
            if "GET" not in route.methods:
                continue
            answer = client.get(path_of(route))
            for name, value in SECURITY_HEADERS.items():
                allowed = {value, PAGE_HEADERS.get(name, value)}
                if route.path.startswith(("/evidence/", "/static")):
                    continue
                assert answer.headers[name] in allowed, (named(route), name)
            if answer.headers.get("content-type", "").startswith("text/html"):
                assert_plain(answer.text, named(route))


def assert_plain(page: str, where: str) -> None:
    """Nothing that the policy would refuse: no script or style in the page, no handler, no other host."""
    for script in re.findall(r"<script\b[^>]*>", page):
        assert 'src="/static/' in script or 'type="application/json"' in script, (where, script)
    assert not re.search(r"<style\b|\sstyle=|\son[a-z]+=", page), where
    assert not re.search(r'(?:src|href|action)="(?:https?:)?//(?!www\.|[a-z.]*example)', page), where
    assert page.count("<h1") <= 1, where


def test_the_navigation_shows_what_the_role_may_open_and_what_exists(database: Database) -> None:
    there = {route.path for route in ROUTES}
    for role in Role:
        with client_as(database, role) as client:
            page = client.get("/profile").text
        links = set(re.findall(r'<li><a href="([^"]+)"', page))
        assert links == {one.path for one in ENTRIES if one.path in there and one.permission in permissions_of(role)}


def test_roles_and_permissions_have_words_and_units_see_no_common_page() -> None:
    assert set(PERMISSIONS) == set(ROLE_NAMES) == set(Role)
    assert set(PERMISSION_NAMES) == set(Permission)
    assert permissions_of(Role.UNIT) == {Permission.ANSWER}
    assert permissions_of(Role.VIEWER) == {Permission.VIEW}
    assert Permission.ADMINISTER not in permissions_of(Role.INSPECTOR)
    assert Permission.ANSWER not in permissions_of(Role.ADMINISTRATOR)


def test_a_tokens_scopes_never_exceed_its_account() -> None:
    assert scopes_of(["view", "administer", "nonsense"], Role.INSPECTOR) == {Permission.VIEW}
    assert scopes_of([], Role.ADMINISTRATOR) == frozenset()


# ---------------------------------------------------------------- whoever asks


def ask_as(client: DeskClient, path: str, **headers: str) -> Require | object:
    """What the dependency says to a request of that path."""
    from starlette.requests import Request

    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": "GET", "path": path, "headers": raw, "query_string": b"", "app": client.app}
    request = Request({**scope, "scheme": "http", "server": ("desk.example", 80), "client": ("198.51.100.7", 1)})
    return Require(frozenset({Permission.VIEW}))(request)


def test_a_token_opens_the_api_with_its_scopes_and_nothing_else(database: Database) -> None:
    account = ensure_account(database, Role.INSPECTOR)
    able, unable = token_of(database, account, Permission.VIEW), token_of(database, account, Permission.REVIEW)
    with anonymous(database) as client:
        found = ask_as(client, "/api/v1/portals", authorization=f"Bearer {able}")
        assert (found.account.login, found.session, found.permissions) == ("inspector", None, {Permission.VIEW})  # type: ignore[attr-defined]
        with pytest.raises(ForbiddenError):
            ask_as(client, "/api/v1/portals", authorization=f"Bearer {unable}")
        for path, secret in (("/profile", able), ("/api/v1/portals", "wrong"), ("/api/v1/portals", "")):
            with pytest.raises(NotLoggedInError):
                ask_as(client, path, authorization=f"Bearer {secret}")
        assert client.get("/profile", headers={"authorization": f"Bearer {able}"}).status_code == 303


def test_a_unit_sees_the_portals_of_itself_and_below_and_no_other(database: Database) -> None:
    from gkmonitor.web.visiting import _portals

    with database.writing() as session:
        by = By("张三", NOW)
        own = add_portal(session, {"name": "财政局", "url": "http://cz.example/"}, ("青禾县", "财政局"), by)
        below = add_portal(session, {"name": "国库科", "url": "http://gk.example/"}, ("青禾县", "财政局", "国库科"), by)
        other = add_portal(session, {"name": "教育局", "url": "http://jy.example/"}, ("青禾县", "教育局"), by)
        above = add_portal(session, {"name": "青禾县", "url": "http://qh.example/"}, ("青禾县",), by)
        none = add_portal(session, {"name": "无主", "url": "http://wz.example/"}, (), by)
        unit = get_unit(session, "财政局").id
    with client_as(database, Role.UNIT, unit) as client:
        from gkmonitor.storage.accounts import find_account

        with database.reading() as session:
            found = find_account(session, "unit")
        assert found is not None
        seen = _portals(client.app.state.desk, found[0])
    assert seen == {own, below}
    assert not seen & {other, above, none}
