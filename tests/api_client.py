"""Programs that call the REST interface with a token."""

from __future__ import annotations

from typing import Any

from desk_client import DeskClient, ensure_account, token_of

from gkmonitor.accounts.permissions import Permission
from gkmonitor.accounts.records import Role
from gkmonitor.storage import Database
from gkmonitor.storage.models import PortalRow, UnitRow

ALL = tuple(Permission)


class Program:
    """A program that calls the interface with a token."""

    def __init__(self, client: DeskClient, token: str) -> None:
        self._client = client
        self._headers = {"authorization": f"Bearer {token}", "accept": "application/json"}

    def get(self, path: str, **words: Any) -> Any:
        return self._client.request("GET", f"/api/v1{path}", headers=self._headers, **words)

    def post(self, path: str, given: object = None, **words: Any) -> Any:
        if "files" not in words:
            words["json"] = {} if given is None else given
        return self._client.request("POST", f"/api/v1{path}", headers=self._headers, **words)


def program_as(client: DeskClient, database: Database, role: Role, unit_id: int | None = None) -> Program:
    """With every scope that an account of the role can give."""
    return Program(client, token_of(database, ensure_account(database, role, unit_id), *ALL))


def unit_of(database: Database, portal: int) -> int:
    """A unit of its own for a portal."""
    with database.writing() as session:
        unit = UnitRow(name=f"青禾县第{portal}局")
        session.add(unit)
        session.flush()
        row = session.get(PortalRow, portal)
        assert row is not None
        row.unit_id = unit.id
        return unit.id
