"""Logging in and out: what is told, sessions of one's own, limits on guessing, cookies, forged requests."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest
from databases import opened
from desk_client import CHEAP, PASSWORD, Clock, DeskClient, anonymous, client_as, ensure_account
from sqlalchemy import select

from gkmonitor.accounts.passwords import hash_password, is_outdated
from gkmonitor.accounts.records import AccountState, HashCost, Role
from gkmonitor.storage import Database, accounts
from gkmonitor.storage.models import AuditRow, WebSessionRow
from gkmonitor.web.security import local_path
from gkmonitor.web.views.login import REFUSED

MARK = re.compile(r'name="csrf" value="([^"]+)"')


@pytest.fixture
def database(sqlite_url: str) -> Iterator[Database]:
    with opened(sqlite_url) as here:
        yield here


@pytest.fixture
def inspector(database: Database) -> int:
    return ensure_account(database, Role.INSPECTOR)


def log_in(client: DeskClient, login: str = "inspector", password: str = PASSWORD, **fields: Any) -> httpx.Response:
    """Opens the form and sends it."""
    mark = MARK.search(client.get("/login").text)
    assert mark is not None
    client.csrf = mark[1]
    return client.post("/login", {"login": login, "password": password, **fields})


def audited(database: Database) -> list[tuple[str, str]]:
    with database.reading() as session:
        return [(row.actor, row.action) for row in session.scalars(select(AuditRow).order_by(AuditRow.id))]


# ---------------------------------------------------------------- what is told


def test_the_right_password_leads_to_the_page_that_was_wanted(database: Database, inspector: int) -> None:
    with anonymous(database) as client:
        asked = client.get("/profile?tab=tokens")
        assert (asked.status_code, asked.headers["location"]) == (303, "/login?next=%2Fprofile%3Ftab%3Dtokens")
        answer = log_in(client, next="/profile?tab=tokens")
        assert (answer.status_code, answer.headers["location"]) == (303, "/profile?tab=tokens")
        assert "测试inspector" in client.get("/profile").text
        assert client.get("/login").status_code == 303
    assert audited(database) == [("inspector", "login")]


@pytest.mark.parametrize(
    "elsewhere", ["//evil.example/", "/\\evil.example", "https://evil.example/", "/a\nb", "/login", "evil", ""]
)
def test_after_the_login_nobody_is_led_to_another_host(elsewhere: str) -> None:
    assert local_path(elsewhere) == "/"


def test_wrong_login_wrong_password_and_disabled_account_are_told_alike(database: Database, inspector: int) -> None:
    disabled = ensure_account(database, Role.VIEWER)
    with database.writing() as session:
        accounts.set_account_state(session, disabled, AccountState.DISABLED)
    pages = []
    with anonymous(database) as client:
        for login, password in (("inspector", "wrong"), ("nobody-here", PASSWORD), ("viewer", PASSWORD)):
            answer = log_in(client, login, password)
            assert answer.status_code == 401
            assert client.cookie is None
            pages.append(answer.text.replace(login, "?"))
    assert REFUSED in pages[0]
    assert pages[0] == pages[1] == pages[2]


def test_what_was_typed_for_an_unknown_account_is_not_kept(database: Database, inspector: int) -> None:
    with anonymous(database) as client:
        log_in(client, "my secret password")
        log_in(client, "inspector", "wrong")
    assert audited(database) == [("（未知账号）", "login-failed"), ("inspector", "login-failed")]


def test_a_login_is_written_in_any_case_and_a_too_long_password_is_only_wrong(
    database: Database, inspector: int
) -> None:
    with anonymous(database) as client:
        assert log_in(client, " Inspector ", "x" * 900).status_code == 401
        assert log_in(client, " Inspector ").status_code == 303


def test_a_hash_of_an_earlier_cost_is_renewed_at_the_next_login(database: Database, inspector: int) -> None:
    earlier = HashCost(memory_kib=16, passes=1, lanes=1)
    with database.writing() as session:
        accounts.set_password(session, inspector, hash_password(PASSWORD, earlier), must_change=False)
    with anonymous(database) as client:
        assert log_in(client).status_code == 303
    with database.reading() as session:
        assert not is_outdated(accounts.password_hash_of(session, inspector), CHEAP)


# ---------------------------------------------------------------- sessions


def test_every_login_begins_a_session_of_its_own_and_ends_the_one_before(database: Database, inspector: int) -> None:
    with anonymous(database) as client:
        client.hold("chosen-by-somebody-else")
        log_in(client)
        first = client.cookie
        assert first not in (None, "chosen-by-somebody-else")
        client.hold(None)
        mark = MARK.search(client.get("/login").text)
        client.hold(first)
        client.csrf = mark[1] if mark else ""
        client.post("/login", {"login": "inspector", "password": PASSWORD})
        assert client.cookie not in (None, first)
        client.hold(first)
        assert client.get("/profile").status_code == 303
    with database.reading() as session:
        assert len(session.scalars(select(WebSessionRow)).all()) == 1


def test_the_database_keeps_no_cookie(database: Database, inspector: int) -> None:
    with anonymous(database) as client:
        log_in(client)
        with database.reading() as session:
            assert client.cookie not in {row.digest for row in session.scalars(select(WebSessionRow))}


def test_logging_out_ends_the_session_also_for_whoever_kept_the_cookie(database: Database, inspector: int) -> None:
    with client_as(database, Role.INSPECTOR) as client:
        kept = client.cookie
        assert "您已退出登录" in client.shown(client.post("/logout"))
        assert client.cookie is None
        client.hold(kept)
        assert client.get("/profile").status_code == 303


def test_a_session_ends_after_twelve_hours_of_rest_and_after_a_week_of_use(database: Database) -> None:
    clock = Clock()
    with client_as(database, Role.INSPECTOR, clock=clock) as client:
        clock.pass_by(hours=11, minutes=59)
        assert client.get("/profile").status_code == 200
        clock.pass_by(hours=12)
        assert client.get("/profile").status_code == 303
    with client_as(database, Role.INSPECTOR, clock=clock) as client:
        for _ in range(14):
            clock.pass_by(hours=11, minutes=58)
            assert client.get("/profile").status_code == 200
        clock.pass_by(hours=1)
        assert client.get("/profile").status_code == 303


def test_a_disabled_account_is_out_at_once(database: Database, inspector: int) -> None:
    with client_as(database, Role.INSPECTOR) as client:
        with database.writing() as session:
            accounts.set_account_state(session, inspector, AccountState.DISABLED)
        assert client.get("/profile").status_code == 303


# ---------------------------------------------------------------- guessing


def test_after_five_failures_even_the_right_password_waits_a_quarter_of_an_hour(
    database: Database, inspector: int
) -> None:
    clock = Clock()
    with anonymous(database, clock=clock) as client:
        assert [log_in(client, password="wrong").status_code for _ in range(6)] == [401] * 5 + [429]
        refused = log_in(client)
        assert (refused.status_code, REFUSED in refused.text) == (429, True)
        assert log_in(client, "viewer").status_code == 401  # another login may try
        clock.pass_by(minutes=15, seconds=1)
        assert log_in(client).status_code == 303


def test_a_login_that_does_not_exist_is_limited_alike(database: Database, inspector: int) -> None:
    with anonymous(database) as client:
        assert [log_in(client, "nobody", "wrong").status_code for _ in range(6)] == [401] * 5 + [429]


def test_a_success_begins_the_count_anew(database: Database, inspector: int) -> None:
    clock = Clock()
    with anonymous(database, clock=clock) as client:
        for password in ("wrong", "wrong", "wrong", "wrong", PASSWORD, "wrong"):
            clock.pass_by(seconds=1)
            client.cookies.clear()
            answer = log_in(client, password=password)
            assert answer.status_code == (303 if password == PASSWORD else 401)


def test_twenty_failures_from_one_address_stop_it_and_nobody_else(database: Database, inspector: int) -> None:
    with anonymous(database, address="203.0.113.9") as client:
        codes = [log_in(client, f"guess-{number}", "wrong").status_code for number in range(21)]
        assert codes == [401] * 20 + [429]
        assert log_in(client).status_code == 429
    with anonymous(database, address="203.0.113.10") as client:
        assert log_in(client).status_code == 303


def test_only_a_trusted_proxy_says_from_where_somebody_comes(database: Database, inspector: int) -> None:
    def addresses(seen_from: str) -> set[str]:
        with anonymous(database, address=seen_from, web_trusted_proxies="10.0.0.0/8") as client:
            client.get("/login", headers={"x-forwarded-for": "203.0.113.50"})
            mark = MARK.search(client.get("/login").text)
            fields = {"csrf": mark[1] if mark else "", "login": "nobody", "password": "wrong"}
            client.request("POST", "/login", data=fields, headers={"x-forwarded-for": "203.0.113.50"})
        with database.reading() as session:
            return {row.address for row in session.scalars(select(AuditRow))}

    assert addresses("198.51.100.3") == {"198.51.100.3"}
    assert addresses("10.1.2.3") == {"198.51.100.3", "203.0.113.50"}


# ---------------------------------------------------------------- cookies


def cookies_of(answer: httpx.Response) -> str:
    return "\n".join(answer.headers.get_list("set-cookie"))


def test_by_http_the_cookie_is_hidden_from_scripts_and_other_sites(database: Database, inspector: int) -> None:
    with anonymous(database) as client:
        made = cookies_of(log_in(client))
    session = next(line for line in made.splitlines() if line.startswith("gkmonitor="))
    assert "HttpOnly" in session
    assert "SameSite=lax" in session
    assert "Path=/" in session
    assert "Secure" not in session
    assert "Max-Age" not in session  # ends with the browser


@pytest.mark.parametrize(("base_url", "setting"), [("https://desk.example", "auto"), ("http://desk.example", "true")])
def test_by_https_it_is_secure_and_bound_to_its_host(
    database: Database, inspector: int, base_url: str, setting: str
) -> None:
    with anonymous(database, base_url=base_url, web_secure_cookies=setting) as client:
        form = client.get("/login")
        name, _, value = cookies_of(form).partition(";")[0].partition("=")
        assert name == "__Host-gkmonitor-login"
        mark = MARK.search(form.text)
        assert mark is not None
        fields = {"csrf": mark[1], "login": "inspector", "password": PASSWORD}
        answer = client.request("POST", "/login", data=fields, headers={"cookie": f"{name}={value}"})
        assert answer.status_code == 303
        session = next(line for line in cookies_of(answer).splitlines() if line.startswith("__Host-gkmonitor="))
        assert "Secure" in session
        assert "HttpOnly" in session


def test_behind_a_trusted_proxy_with_https_it_is_secure_too(database: Database) -> None:
    with anonymous(database, address="127.0.0.1") as client:
        answer = client.get("/login", headers={"x-forwarded-proto": "https"})
    assert "Secure" in cookies_of(answer)


# ---------------------------------------------------------------- forged requests


@pytest.mark.parametrize("csrf", ["", "wrong", "中文"])
def test_a_form_without_the_mark_of_its_session_is_refused_and_changes_nothing(database: Database, csrf: str) -> None:
    with client_as(database, Role.INSPECTOR) as client:
        client.csrf = csrf
        answer = client.post("/logout")
        assert answer.status_code == 403
        assert "没有执行" in answer.text
        assert client.get("/profile").status_code == 200


def test_the_mark_of_another_session_is_refused(database: Database) -> None:
    with client_as(database, Role.VIEWER) as other, client_as(database, Role.INSPECTOR) as client:
        client.csrf = other.csrf
        assert client.post("/logout").status_code == 403


def test_the_mark_may_come_in_the_header_as_htmx_sends_it(database: Database) -> None:
    with client_as(database, Role.INSPECTOR) as client:
        assert client.request("POST", "/logout", headers={"x-csrf-token": client.csrf}).status_code == 303


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "http://desk.example"}, 303),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"sec-fetch-site": "same-origin", "origin": "http://desk.example"}, 303),
    ],
)
def test_a_form_that_stands_on_another_site_is_refused_even_with_the_mark(
    database: Database, headers: dict[str, str], status: int
) -> None:
    with client_as(database, Role.INSPECTOR) as client:
        assert client.post("/logout", headers=headers).status_code == status


def test_a_login_form_of_another_browser_is_refused(database: Database, inspector: int) -> None:
    with anonymous(database) as other, anonymous(database) as client:
        mark = MARK.search(other.get("/login").text)
        client.get("/login")
        client.csrf = mark[1] if mark else ""
        assert client.post("/login", {"login": "inspector", "password": PASSWORD}).status_code == 403


def test_a_change_by_nobody_leads_to_the_login(database: Database) -> None:
    with anonymous(database) as client:
        answer = client.post("/profile/sessions")
        assert (answer.status_code, answer.headers["location"]) == (303, "/login")


def test_an_upload_beyond_the_limit_is_refused_before_anybody_is_asked(database: Database) -> None:
    async def in_pieces() -> AsyncIterator[bytes]:
        for _ in range(70):
            yield b"x" * 1000

    with anonymous(database, web_max_body_bytes=65_536) as client:
        form = {"content-type": "application/x-www-form-urlencoded"}
        for content in (b"x" * 70_000, in_pieces()):
            answer = client.request("POST", "/login", content=content, headers=form)
            assert (answer.status_code, "最多 64 KiB" in answer.text) == (413, True)
            assert answer.headers["x-frame-options"] == "DENY"


def test_without_any_account_the_login_says_how_to_make_one(database: Database) -> None:
    with anonymous(database) as client:
        assert "gkmonitor accounts add" in client.get("/login").text
        assert log_in(client, "admin", "admin").status_code == 401
