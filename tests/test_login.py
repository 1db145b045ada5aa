"""Logging in: the mark of forms, limits on guessing, sessions of one's own, cookies, first administrators."""

from __future__ import annotations

import re
from typing import Any

import pytest
from desk_client import PASSWORD, DeskClient, anonymous, ensure_account

from gkmonitor.accounts.records import AccountState, Role
from gkmonitor.storage import Database, accounts
from gkmonitor.web.views.login import REFUSED

MARK = re.compile(r'name="csrf" value="([^"]+)"')


def log_in(client: DeskClient, login: str = "inspector", password: str = PASSWORD, **fields: Any) -> Any:
    """Opens the form and sends it."""
    mark = MARK.search(client.get("/login").text)
    assert mark is not None
    client.csrf = mark[1]
    return client.post("/login", {"login": login, "password": password, **fields})


@pytest.fixture
def inspector(database: Database) -> int:
    return ensure_account(database, Role.INSPECTOR)


def test_the_right_password_leads_to_the_page_that_was_wanted(database: Database, inspector: int) -> None:
    with anonymous(database) as client:
        asked = client.get("/profile?tab=tokens")
        assert (asked.status_code, asked.headers["location"]) == (303, "/login?next=%2Fprofile%3Ftab%3Dtokens")
        answer = log_in(client, next="/profile?tab=tokens")
        assert (answer.status_code, answer.headers["location"]) == (303, "/profile?tab=tokens")
        assert client.get("/").status_code == 303
        assert client.get("/login").status_code == 303


@pytest.mark.parametrize(
    "elsewhere", ["//evil.example/", "/\\evil.example", "https://evil.example/", "/a\nb", "/login"]
)
def test_after_the_login_nobody_is_led_to_another_host(database: Database, inspector: int, elsewhere: str) -> None:
    with anonymous(database) as client:
        assert log_in(client, next=elsewhere).headers["location"] == "/"


def test_wrong_login_wrong_password_and_disabled_account_are_told_alike(database: Database, inspector: int) -> None:
    disabled = ensure_account(database, Role.VIEWER)
    with database.writing() as session:
        accounts.set_account_state(session, disabled, AccountState.DISABLED)
    pages = []
    with anonymous(database) as client:
        for login, password in (("inspector", "wrong"), ("nobody-here", PASSWORD), ("viewer", PASSWORD)):
            answer = log_in(client, login, password)
            assert answer.status_code == 401
            assert "set-cookie" not in answer.headers or "gkmonitor=" not in answer.headers["set-cookie"]
            pages.append(answer.text.replace(login, "?"))
    assert REFUSED in pages[0]
    assert pages[0] == pages[1] == pages[2]
