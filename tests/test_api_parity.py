"""Everything that a page of the desk offers, a program can do too; what it cannot is named here with the reason."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from databases import opened
from desk_client import cheap_settings

from gkmonitor.storage import Database
from gkmonitor.web.app import create_app
from gkmonitor.web.routes import every_route

API = "/api/v1"
# What a view answers -> the call of the interface that does the same.
COUNTERPARTS = {
    "GET /accounts": "GET /accounts",
    "POST /accounts": "POST /accounts",
    "GET /accounts/{number}": "GET /accounts/{number}",
    "POST /accounts/{number}": "POST /accounts/{number}",
    "POST /accounts/{number}/state": "POST /accounts/{number}/state",
    "POST /accounts/{number}/password": "POST /accounts/{number}/password",
    "POST /accounts/{number}/logout": "POST /accounts/{number}/logout",
    "GET /audit": "GET /audit",
    "GET /cycles": "GET /cycles",
    "GET /cycles/{cycle_id:int}": "GET /cycles/{number}",
    "POST /cycles/{cycle_id:int}/release": "POST /cycles/{number}/release",
    "GET /cycles/schedules": "GET /schedules",
    "GET /cycles/schedules/{name}": "GET /schedules",
    "POST /cycles/schedules/{name}": "POST /schedules/{name}",
    "GET /evidence/pages/{number:int}": "GET /evidence/pages/{number}",
    "GET /evidence/screenshots/{number:int}": "GET /evidence/screenshots/{number}",
    "GET /evidence/uploads/{number:int}": "GET /evidence/uploads/{number}",
    "GET /evidence/spot/{key}": "GET /spot-checks/{key}/report",
    "GET /figures": "GET /months/{month}/figures",
    "POST /figures/{month}": "POST /months/{month}/figures",
    "GET /month": "GET /months/{month}",
    "POST /month/{month}/count": "POST /months/{month}/counts",
    "GET /month/{month}/lists/{name}": "GET /months/{month}/lists/{name}",
    "GET /month/{month}/preview": "GET /months/{month}/notice.{form}",
    "GET /month/{month}/notice.{form}": "GET /months/{month}/notice.{form}",
    "POST /month/{month}/recheck": "POST /months/{month}/rechecks",
    "GET /month/{month}/issue": "GET /months/{month}/issue",
    "POST /month/{month}/issue": "POST /months/{month}/issue",
    "GET /month/{month}/samples": "GET /months/{month}/samples",
    "POST /month/{month}/samples/{sample}": "POST /months/{month}/samples/{sample}",
    "GET /month/{month}/units": "GET /months/{month}/units",
    "GET /month/{month}/units/notice.{form}": "GET /months/{month}/units/notice.{form}",
    "GET /my/notices": "GET /months/{month}/units",
    "GET /my/notices/{month}/notice.{form}": "GET /months/{month}/units/notice.{form}",
    "GET /my/portals": "GET /portals",
    "POST /my/portals/{number:int}/recheck": "POST /portals/{number}/rechecks",
    "GET /my/violations": "GET /violations",
    "GET /my/violations/{number:int}": "GET /violations/{number}",
    "POST /my/violations/{number:int}/answer": "POST /violations/{number}/answers",
    "POST /my/violations/{number:int}/appeal": "POST /violations/{number}/answers",
    "POST /my/violations/{number:int}/recheck": "POST /violations/{number}/rechecks",
    "GET /overview": "GET /overview",
    "GET /portals": "GET /portals",
    "GET /portals/{portal_id:int}": "GET /portals/{number}",
    "POST /portals/{portal_id:int}/inspect": "POST /inspections",
    "GET /portals/{portal_id:int}/inspecting": "GET /portals/{number}",
    "POST /portals/{portal_id:int}/pause": "POST /portals/{number}/state",
    "POST /portals/{portal_id:int}/resume": "POST /portals/{number}/state",
    "POST /portals/{portal_id:int}/release": "POST /portals/{number}/release",
    "POST /portals/{portal_id:int}/exemptions": "POST /portals/{number}/exemptions",
    "POST /portals/{portal_id:int}/exemptions/{number:int}/withdraw": (
        "POST /portals/{number}/exemptions/{exemption}/withdraw"
    ),
    "POST /portals/{portal_id:int}/delegations": "POST /portals/{number}/delegations",
    "POST /portals/{portal_id:int}/delegations/withdraw": "POST /portals/{number}/delegations/withdraw",
    "GET /profile": "GET /me",
    "POST /profile/sessions": "POST /me/logout",
    "POST /profile/tokens/{number}/revoke": "POST /me/tokens/{token}/revoke",
    "GET /registry": "GET /registry",
    "GET /registry/export": "GET /registry/export",
    "POST /registry/import": "POST /registry/imports",
    "POST /registry/import/confirm": "POST /registry/imports/{token}/confirm",
    "POST /registry/import/cancel": "POST /registry/imports/{token}/cancel",
    "GET /rules": "GET /packs",
    "GET /rules/coverage": "GET /coverage",
    "GET /rules/packs/{name}": "GET /packs",
    "GET /rules/packs/{name}/{slug}": "GET /rules/{pack}/{slug}",
    "GET /rules/whatif": "GET /trials",
    "POST /rules/whatif": "POST /trials",
    "GET /rules/whatif/{key}": "GET /trials/{key}/rules",
    "GET /rules/whatif/{key}/outcome": "GET /trials/{key}",
    "GET /rules/whatif/{key}/changes": "GET /trials/{key}/changes",
    "POST /rules/whatif/{key}/stop": "POST /trials/{key}/stop",
    "POST /rules/whatif/{key}/continue": "POST /trials/{key}/continue",
    "POST /spot": "POST /spot-checks",
    "GET /spot/{key}": "GET /spot-checks/{key}",
    "GET /spot/{key}/progress": "GET /spot-checks/{key}",
    "GET /tasks": "GET /tasks",
    "POST /tasks/prepare": "POST /tasks/prepare",
    "GET /tasks/{task_id}": "GET /tasks/{number}",
    "POST /tasks/{task_id}": "POST /tasks/{number}/done",
    "GET /violations": "GET /violations",
    "POST /violations/decide": "POST /violations/decisions",
    "POST /violations/views": "POST /views",
    "POST /violations/views/{view}/remove": "POST /views/{number}/remove",
    "POST /violations/new": "POST /violations",
    "GET /violations/rechecks": "GET /rechecks",
    "POST /violations/rechecks/{number}": "POST /rechecks/{number}",
    "GET /violations/{number:int}": "GET /violations/{number}",
    "GET /violations/{number:int}/trail": "GET /violations/{number}/trail",
    "POST /violations/{number:int}/decide": "POST /violations/decisions",
    "POST /violations/{number:int}/recheck": "POST /violations/{number}/recheck",
    "GET /violations/{number:int}/pack": "GET /violations/{number}/pack",
    "POST /violations/{number:int}/pack": "POST /violations/{number}/pack",
}
FORM = "an empty form: there is nothing to ask or to do"
SESSION = "of a browser's session, which a program with a token has none of"
# What a view answers -> why no program needs it.
EXCEPTIONS = {
    "GET /": "leads to the visitor's first page",
    "HEAD /": "leads to the visitor's first page",
    "GET /login": SESSION,
    "POST /login": SESSION,
    "POST /logout": SESSION,
    "GET /accounts/new": FORM,
    "GET /registry/import": FORM,
    "GET /spot": FORM,
    "GET /violations/new": FORM,
    "GET /profile/password": FORM,
    "POST /profile/password": "a token that is stolen must not take over its account",
    "POST /profile/tokens": "a token must not make tokens, or it could outlive its revocation",
}


@pytest.fixture
def database(sqlite_url: str) -> Iterator[Database]:
    with opened(sqlite_url) as found:
        yield found


def answered(database: Database) -> set[str]:
    app = create_app(database, cheap_settings())
    return {f"{method} {one.path}" for one in every_route(app) for method in one.methods}


def test_every_action_of_a_view_has_a_call_of_the_interface_or_a_reason(database: Database) -> None:
    ours = {one for one in answered(database) if f" {API}/" not in one}
    health = {f"{method} /{name}" for method in ("GET", "HEAD") for name in ("live", "health", "metrics")}
    views = ours - health
    assert len(views) > 90
    assert sorted(views - set(COUNTERPARTS) - set(EXCEPTIONS)) == [], "a view's action without a call of the API"
    assert sorted((set(COUNTERPARTS) | set(EXCEPTIONS)) - views) == [], "no view answers this any more"
    assert set(COUNTERPARTS) & set(EXCEPTIONS) == set()


def test_every_counterpart_is_a_call_that_exists(database: Database) -> None:
    calls = {one.replace(f" {API}/", " /") for one in answered(database) if f" {API}/" in one}
    assert sorted(set(COUNTERPARTS.values()) - calls) == []
    assert all(len(reason.split()) > 4 for reason in EXCEPTIONS.values())
