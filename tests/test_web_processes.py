"""Several web processes at one address: what waits between two requests is found whichever of them answers."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from inspect import isfunction, unwrap
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

import httpx
import pytest
from databases import Postgres, opened
from desk_client import PASSWORD, DeskClient, cheap_settings, client_as, ensure_account
from service_processes import children_of, is_alive, kill, wait_for
from test_permissions import ROUTES, path_of

from gkmonitor.accounts.records import Role
from gkmonitor.storage import Database, audit
from gkmonitor.storage.audit import AuditFilter
from gkmonitor.web.app import create_app
from gkmonitor.web.keeper import KEPT_PATHS, is_kept
from gkmonitor.web.months import months
from gkmonitor.web.serving import answer_at, listen
from gkmonitor.web.uploads import holding

WAIT_SECONDS = 30.0
TOKEN = re.compile(r'name="token" value="([^"]+)"')
CSRF = re.compile(r'name="csrf" value="([^"]+)"')
FILE = "name,url\r\n青禾县人民政府,http://www.qinghe.example/"


# ---------------------------------------------------------------- which paths


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        *(("/month", True), ("/month/2026-11/issue", True), ("/registry/import/confirm", True), ("/my/notices", True)),
        *(("/monthly", False), ("/registry", False), ("/registry/importer", False), ("/violations", False)),
    ],
)
def test_only_what_waits_is_kept(path: str, kept: bool) -> None:
    assert is_kept(path) is kept


def reached(view: Callable[..., Any]) -> set[Any]:
    """The functions of the web that a view may come to call."""
    found: set[Any] = set()
    left = [view]
    while left:
        function = unwrap(left.pop())
        if function in found:
            continue
        found.add(function)
        codes = [function.__code__]
        for code in codes:
            codes += [one for one in code.co_consts if isinstance(one, CodeType)]
        names = {name for code in codes for name in code.co_names}
        values = [function.__globals__.get(name) for name in names]
        values += [getattr(one, name, None) for one in values if isinstance(one, ModuleType) for name in names]
        left += [one for one in values if isfunction(one) and one.__module__.startswith("gkmonitor.web")]
    return found


def test_every_view_that_needs_what_waits_is_kept() -> None:
    """Pages and calls of the API alike: one that is not named would fail in every process but one."""
    needing = [one for one in ROUTES if {months, holding} & reached(one.view)]
    assert [(one.path, one.view.__module__) for one in needing if not is_kept(one.path)] == []
    assert {kept for kept in KEPT_PATHS if any(one.path.startswith(kept) for one in needing)} == set(KEPT_PATHS)
    assert len(needing) > 20


def test_a_process_that_passes_on_reaches_for_nothing_that_is_kept(sqlite_url: str, tmp_path: Path) -> None:
    """A page that looks for a count or a file here would answer 500; with the keeper away the kept ones answer 503."""
    with opened(sqlite_url) as database, client_as(database, Role.ADMINISTRATOR) as client:
        clock = client.app.state.desk.clock
        other = DeskClient(create_app(database, cheap_settings(), clock=clock, keeper=tmp_path / "none"))
        other.hold(client.cookie)
        paths = {path_of(one) for one in ROUTES if "GET" in one.methods}
        answers = {path: other.get(path).status_code for path in paths}
    kept = {path for path in answers if is_kept(path)}
    assert {answers[path] for path in kept} == {503}
    assert len(kept) > 8
    assert {path for path, status in answers.items() if status >= 500} == kept


# ---------------------------------------------------------------- passing on


@contextmanager
def pair(database: Database, folder: Path) -> Iterator[tuple[str, str]]:
    """The addresses of a keeper and of a process that passes on to it."""
    stopping, addresses, threads = threading.Event(), [], []
    settings = cheap_settings(trusted_proxies=("127.0.0.1",))
    for is_keeper in (True, False):
        listening = listen("127.0.0.1", 0)
        addresses.append(f"http://127.0.0.1:{listening.getsockname()[1]}")
        words = {"keeper": folder / "keeper", "is_keeper": is_keeper}
        threads.append(threading.Thread(target=answer_at, args=(listening, database, settings, stopping), kwargs=words))
        threads[-1].start()
    try:
        assert wait_for((folder / "keeper").exists, WAIT_SECONDS)
        yield addresses[0], addresses[1]
    finally:
        stopping.set()
        for thread in threads:
            thread.join(WAIT_SECONDS)


def logged_in(address: str, **headers: str) -> tuple[httpx.Client, str]:
    """A browser of an inspector, with the mark of its forms."""
    browser = httpx.Client(base_url=address, headers={"accept": "text/html", **headers}, timeout=WAIT_SECONDS)
    mark = CSRF.search(browser.get("/login").text)
    assert mark is not None
    answer = browser.post("/login", data={"csrf": mark[1], "login": "inspector", "password": PASSWORD})
    assert answer.status_code == 303
    mark = CSRF.search(browser.get("/registry/import").text)
    assert mark is not None
    return browser, mark[1]


def preview(browser: httpx.Client, csrf: str) -> str:
    """The token of a file that waits for its confirmation."""
    page = browser.post(
        "/registry/import", data={"csrf": csrf}, files={"file": ("网站.csv", FILE.encode(), "text/csv")}
    )
    token = TOKEN.search(page.text)
    assert token is not None, page.text[:2000]
    return token[1]


def test_a_file_that_one_process_took_is_confirmed_through_another(sqlite_url: str, tmp_path: Path) -> None:
    with opened(sqlite_url) as database, pair(database, tmp_path) as (keeper, other):
        ensure_account(database, Role.INSPECTOR)
        browser, csrf = logged_in(keeper)
        with closing(browser):
            token = preview(browser, csrf)
            answer = browser.post(f"{other}/registry/import/confirm", data={"csrf": csrf, "token": token})
            assert answer.status_code == 303
            assert "已导入 网站.csv" in browser.get(answer.headers["location"]).text
        with database.reading() as session:
            (entry,) = audit.list_audit(session, AuditFilter(action="registry-imported"))
        assert entry.address == "127.0.0.1"


@pytest.mark.parametrize("at", [0, 1])
def test_what_is_passed_on_comes_from_whoever_asked(sqlite_url: str, tmp_path: Path, at: int) -> None:
    """Behind a proxy that is trusted, from the proxy's own client; nobody else is believed who it is."""
    with opened(sqlite_url) as database, pair(database, tmp_path) as addresses:
        ensure_account(database, Role.INSPECTOR)
        forged = {"x-forwarded-for": "198.51.100.9", "x-gkmonitor-client": "203.0.113.1 80"}
        browser, csrf = logged_in(addresses[at], **forged)
        with closing(browser):
            data = {"csrf": csrf, "token": preview(browser, csrf)}
            assert browser.post("/registry/import/confirm", data=data).status_code == 303
        with database.reading() as session:
            (entry,) = audit.list_audit(session, AuditFilter(action="registry-imported"))
        assert entry.address == "198.51.100.9"


def test_a_page_that_is_passed_on_is_the_keepers_own(sqlite_url: str, tmp_path: Path) -> None:
    with opened(sqlite_url) as database, pair(database, tmp_path) as (keeper, other):
        ensure_account(database, Role.INSPECTOR)
        browser, _ = logged_in(other)
        with closing(browser):
            for path in ("/month", "/month/2026-13/preview", "/registry/import"):
                answers = [browser.get(f"{address}{path}") for address in (keeper, other)]
                assert answers[0].status_code == answers[1].status_code
                assert answers[0].content == answers[1].content
                shown = [{name: value for name, value in one.headers.items() if name != "date"} for one in answers]
                assert shown[0] == shown[1]


def test_a_mark_is_asked_for_through_another_process_too(sqlite_url: str, tmp_path: Path) -> None:
    with opened(sqlite_url) as database, pair(database, tmp_path) as (_, other):
        ensure_account(database, Role.INSPECTOR)
        browser, _ = logged_in(other)
        with closing(browser):
            assert browser.post("/registry/import", files={"file": ("a.csv", b"x", "text/csv")}).status_code == 403


# ---------------------------------------------------------------- the command


@contextmanager
def started(url: str, *words: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "gkmonitor", "web", "--port", "0", *words],
        env={**os.environ, "GKMONITOR_DATABASE_URL": url},
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    try:
        yield process
    finally:
        for one in (process.pid, *children_of(process.pid)):
            kill(one)
        process.wait()
        assert process.stderr is not None
        process.stderr.close()


def is_answering(address: str) -> bool:
    try:
        return httpx.get(f"{address}/live", timeout=5).status_code == 200
    except httpx.TransportError:
        return False


def test_processes_that_die_are_started_again_and_all_end_with_the_command(postgres: Postgres) -> None:
    with postgres.database() as url, started(url, "--workers", "2") as process:
        assert process.stderr is not None
        line = next(line for line in process.stderr if "2 processes listen" in line)
        address = line.rsplit(" ", 1)[1].strip().rstrip("/")
        assert wait_for(lambda: is_answering(address), WAIT_SECONDS)
        first = children_of(process.pid)
        assert len(first) == 2
        kill(min(first))  # the keeper
        assert wait_for(lambda: len(set(children_of(process.pid)) - {min(first)}) == 2, WAIT_SECONDS)
        assert wait_for(lambda: is_answering(address), WAIT_SECONDS)
        assert wait_for(lambda: httpx.get(f"{address}/month", timeout=5).status_code == 303, WAIT_SECONDS)
        last = children_of(process.pid)
        process.send_signal(signal.SIGTERM)
        assert process.wait(WAIT_SECONDS) == 0
        assert not any(is_alive(one) for one in last)
        assert not is_answering(address)


def test_children_end_when_their_parent_was_killed(postgres: Postgres) -> None:
    with postgres.database() as url, started(url, "--workers", "2") as process:
        assert process.stderr is not None
        assert any("2 processes listen" in line for line in process.stderr)
        assert wait_for(lambda: len(children_of(process.pid)) == 2, WAIT_SECONDS)
        left = children_of(process.pid)
        kill(process.pid)
        assert wait_for(lambda: not any(is_alive(one) for one in left), WAIT_SECONDS)


def test_several_processes_are_refused_on_sqlite(sqlite_url: str) -> None:
    with started(sqlite_url, "--workers", "2") as process:
        _, told = process.communicate(timeout=WAIT_SECONDS)
    assert process.returncode == 2
    assert "多个网页进程须使用 PostgreSQL" in told
    assert told.count("\n") == 1
