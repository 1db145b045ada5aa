"""Which role may make which call of the interface, and that a token's scopes narrow it."""

from __future__ import annotations

from typing import Any

import pytest
from api_client import Program, program_as, unit_of
from desk_client import anonymous, ensure_account, token_of
from ledger_builder import Ledger, verdict

from gkmonitor.accounts.permissions import Permission
from gkmonitor.accounts.records import Role
from gkmonitor.queueing import EmbeddedQueue
from gkmonitor.storage import Database
from gkmonitor.web.routes import Route, every_route
from gkmonitor.web.visiting import Require


@pytest.fixture
def ledger(database: Database) -> Ledger:
    made = Ledger(database)
    made.inspect([verdict()])
    made.inspect([verdict()])
    return made


OFFICE = frozenset({Role.ADMINISTRATOR, Role.INSPECTOR})
LOOKING = OFFICE | {Role.VIEWER}
ADMINISTRATORS = frozenset({Role.ADMINISTRATOR})
UNITS = frozenset({Role.UNIT})
EVERYBODY = frozenset(Role)
CALLS: tuple[tuple[str, str, frozenset[Role]], ...] = (
    ("GET", "/portals/{portal}/columns", LOOKING),
    ("GET", "/portals/{portal}/redated", LOOKING),
    ("GET", "/portals/{portal}/history", LOOKING),
    ("GET", "/portals/{portal}/exemptions", LOOKING),
    ("GET", "/portals/{portal}/delegations", LOOKING),
    ("GET", "/portals/{portal}/held", LOOKING),
    ("GET", "/portals/{portal}/contacts", OFFICE),
    ("POST", "/portals/{portal}/state", OFFICE),
    ("POST", "/portals/{portal}/name", OFFICE),
    ("POST", "/portals/{portal}/address", OFFICE),
    ("POST", "/portals/{portal}/release", OFFICE),
    ("POST", "/portals/{portal}/exemptions", OFFICE),
    ("POST", "/portals/{portal}/exemptions/1/withdraw", OFFICE),
    ("POST", "/portals/{portal}/delegations", OFFICE),
    ("POST", "/portals/{portal}/delegations/withdraw", OFFICE),
    ("GET", "/months/2026-10/figures", LOOKING),
    ("GET", "/months/2026-10/figures/history", LOOKING),
    ("POST", "/months/2026-10/figures", OFFICE),
    ("GET", "/months/2026-10/samples", LOOKING),
    ("POST", "/months/2026-10/samples/1", OFFICE),
    ("GET", "/schedules", LOOKING),
    ("POST", "/schedules/cycle", OFFICE),
    ("POST", "/spot-checks", OFFICE),
    ("GET", "/spot-checks/x", OFFICE),
    ("GET", "/spot-checks/x/report", OFFICE),
    ("GET", "/overview", LOOKING),
    ("GET", "/violations/999/trail", LOOKING),
    ("POST", "/violations/999/recheck", OFFICE),
    ("GET", "/violations/999/pack", LOOKING),
    ("POST", "/violations/999/pack", OFFICE),
    ("GET", "/evidence/pages/999", EVERYBODY),
    ("GET", "/evidence/screenshots/999", EVERYBODY),
    ("GET", "/evidence/uploads/999", EVERYBODY),
    ("GET", "/rechecks", EVERYBODY),
    ("POST", "/rechecks/999", OFFICE),
    ("GET", "/violations/999/rechecks", EVERYBODY),
    ("POST", "/violations/999/rechecks", UNITS),
    ("POST", "/portals/999/rechecks", UNITS),
    ("POST", "/violations/999/answers", UNITS),
    ("GET", "/views", LOOKING),
    ("POST", "/views", LOOKING),
    ("POST", "/views/999/remove", LOOKING),
    ("GET", "/tasks/999", LOOKING),
    ("POST", "/tasks/999/done", OFFICE),
    ("POST", "/tasks/prepare", OFFICE),
    ("POST", "/cycles/999/release", OFFICE),
    ("POST", "/months/2026-10/counts", LOOKING),
    ("GET", "/months/2026-10/issue", ADMINISTRATORS),
    ("POST", "/months/2026-10/issue", ADMINISTRATORS),
    ("POST", "/months/2026-10/rechecks", OFFICE),
    ("GET", "/months/2026-10/accuracy", LOOKING),
    ("GET", "/months/2026-10/lists", LOOKING),
    ("GET", "/months/2026-10/lists/nothing", LOOKING),
    ("GET", "/trials", OFFICE),
    ("POST", "/trials", OFFICE),
    ("GET", "/trials/x", OFFICE),
    ("GET", "/trials/x/rules", OFFICE),
    ("GET", "/trials/x/changes", OFFICE),
    ("POST", "/trials/x/stop", OFFICE),
    ("POST", "/trials/x/continue", OFFICE),
    ("GET", "/registry", LOOKING),
    ("GET", "/registry/export", LOOKING),
    ("GET", "/registry/export?contacts=true", OFFICE),
    ("POST", "/registry/imports", OFFICE),
    ("POST", "/registry/imports/x/confirm", OFFICE),
    ("POST", "/registry/imports/x/cancel", OFFICE),
    ("GET", "/accounts", ADMINISTRATORS),
    ("POST", "/accounts", ADMINISTRATORS),
    ("GET", "/accounts/1", ADMINISTRATORS),
    ("POST", "/accounts/1", ADMINISTRATORS),
    ("POST", "/accounts/1/state", ADMINISTRATORS),
    ("POST", "/accounts/999/password", ADMINISTRATORS),
    ("POST", "/accounts/999/logout", ADMINISTRATORS),
    ("GET", "/accounts/1/tokens", ADMINISTRATORS),
    ("POST", "/accounts/1/tokens/999/revoke", ADMINISTRATORS),
    ("GET", "/me", EVERYBODY),
    ("GET", "/me/tokens", EVERYBODY),
    ("POST", "/me/tokens/999/revoke", EVERYBODY),
    ("POST", "/me/logout", EVERYBODY),
)


def call(program: Program, method: str, path: str) -> Any:
    return program.get(path) if method == "GET" else program.post(path, {})


@pytest.mark.parametrize("role", list(Role))
def test_each_role_may_do_what_it_may_at_the_desk_and_no_more(database: Database, ledger: Ledger, role: Role) -> None:
    unit = unit_of(database, ledger.portal) if role is Role.UNIT else None
    with anonymous(database, queue=EmbeddedQueue(database)) as client:
        asker = program_as(client, database, role, unit)
        for method, path, roles in CALLS:
            answer = call(asker, method, path.format(portal=ledger.portal))
            assert (answer.status_code == 403) == (role not in roles), (method, path, answer.text)
            assert answer.status_code < 500, (method, path, answer.text)


def routes_of(client: Any) -> list[Route]:
    found = [one for one in every_route(client.app) if one.path.startswith("/api/v1/")]
    assert len(found) > 60
    return found


def wanted(route: Route) -> frozenset[Permission]:
    (needed,) = [one.permissions for one in route.calls if isinstance(one, Require)]
    return needed


PATHS = {"month": "2026-10", "form": "json", "name": "all", "pack": "a", "slug": "b"}


def filled(route: Route, portal: int) -> str:
    """The route's address with something in each place."""
    given = []
    for part in route.path.split("/"):
        name = part.strip("{}").partition(":")[0] if part.startswith("{") else None
        given.append(PATHS.get(name, str(portal)) if name else part)
    return "/".join(given).removeprefix("/api/v1").replace("{form}", "json").replace("{format}", "csv")


def test_a_token_without_the_scope_is_refused_by_every_call(database: Database, ledger: Ledger) -> None:
    """An administrator's token with every scope but those that a call asks for."""
    account = ensure_account(database, Role.ADMINISTRATOR)
    tokens: dict[frozenset[Permission], str] = {}
    with anonymous(database, queue=EmbeddedQueue(database)) as client:
        for route in routes_of(client):
            needed = wanted(route)
            if not needed:
                continue
            if needed not in tokens:
                tokens[needed] = token_of(database, account, *(set(Permission) - needed))
            program = Program(client, tokens[needed])
            for method in route.methods & {"GET", "POST"}:
                answer = call(program, method, filled(route, ledger.portal))
                assert (answer.status_code, answer.json()["code"]) == (403, "forbidden"), (method, route.path)
