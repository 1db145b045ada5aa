"""What the web answers, and that it begins and ends cleanly. Loopback only."""

from __future__ import annotations

import asyncio
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from databases import opened
from fastapi import FastAPI
from test_cli_usage import run

from gkmonitor.errors import ListenError
from gkmonitor.registry.records import Channel
from gkmonitor.scheduling import default_schedules
from gkmonitor.settings import get_settings, load_settings
from gkmonitor.storage import Database, open_database, schedules
from gkmonitor.storage.contacts import add_contact
from gkmonitor.storage.portals import add_portal
from gkmonitor.storage.registry_changes import By
from gkmonitor.web.app import create_app
from gkmonitor.web.headers import SECURITY_HEADERS
from gkmonitor.web.serving import run_web

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
WAIT_SECONDS = 30.0
Health = Callable[..., tuple[int, str]]
SAMPLE = re.compile(r'^[a-z_]+(\{([a-z_]+="[^"]*",?)*\})? -?[0-9.e+]+$')


class Seconds:
    """A monotonic clock that stands still until told."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


class Client:
    """Asks the application without a network."""

    def __init__(self, app: FastAPI) -> None:
        self._transport = httpx.ASGITransport(app, raise_app_exceptions=False)

    def request(self, method: str, path: str) -> httpx.Response:
        async def ask() -> httpx.Response:
            async with httpx.AsyncClient(transport=self._transport, base_url="http://127.0.0.1") as client:
                return await client.request(method, path)

        return asyncio.run(ask())

    def get(self, path: str) -> httpx.Response:
        return self.request("GET", path)


def client_of(database: Database, seconds: Seconds) -> Client:
    return Client(create_app(database, load_settings(), clock=lambda: NOW, monotonic=seconds))


@pytest.fixture
def client(database: Database, seconds: Seconds) -> Client:
    return client_of(database, seconds)


@pytest.fixture
def away(tmp_path: Path) -> Iterator[Database]:
    (tmp_path / "taken").write_text("no database", encoding="utf-8")
    database = open_database(f"sqlite:///{tmp_path / 'taken'}")
    yield database
    database.close()


def samples(text: str) -> dict[str, float]:
    found = {}
    for line in text.splitlines():
        if not line.startswith("#"):
            assert SAMPLE.match(line), line
            name, value = line.rsplit(" ", 1)
            found[name] = float(value)
    return found


# ---------------------------------------------------------------- answers


def test_health_is_200_while_the_service_can_work_though_something_needs_a_look(client: Client) -> None:
    answer = client.get("/health")
    assert (answer.status_code, answer.json()["status"]) == (200, "degraded")
    assert [one["code"] for one in answer.json()["problems"]] == ["scheduler"]


def test_health_is_503_and_live_200_while_the_database_is_away(away: Database, seconds: Seconds) -> None:
    client = client_of(away, seconds)
    answer = client.get("/health")
    assert (answer.status_code, answer.json()["status"]) == (503, "down")
    assert answer.json()["queue"] is None
    assert client.get("/live").json() == {"status": "live"}


def test_metrics_are_answered_while_the_database_is_away(away: Database, seconds: Seconds) -> None:
    answer = client_of(away, seconds).get("/metrics")
    assert answer.status_code == 200
    found = samples(answer.text)
    assert found["gkmonitor_database_up"] == 0
    assert found['gkmonitor_status{status="down"}'] == 1
    assert not any(name.startswith("gkmonitor_portals") for name in found)


def test_metrics_count_by_state_and_name_nobody(database: Database, client: Client) -> None:
    with database.writing() as session:
        by = By("张三", NOW)
        portal = add_portal(session, {"name": "青禾县人民政府", "url": "http://www.qinghe.example/"}, (), by)
        add_contact(session, name="李四", channel=Channel.MAIL, address="lisi@qinghe.example", by=by, portal_id=portal)
        schedules.ensure_schedules(session, default_schedules(), NOW)
    answer = client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    found = samples(answer.text)
    assert found['gkmonitor_portals{state="active"}'] == 1
    assert found['gkmonitor_jobs{state="stalled"}'] == 0
    assert found['gkmonitor_alarms{kind="yield"}'] == 0
    assert found["gkmonitor_database_bytes"] > 0
    assert found["process_resident_memory_bytes"] > 0
    for private in ("张三", "李四", "lisi", "qinghe", "青禾"):
        assert private not in answer.text


def test_cases_are_counted_by_state_and_severity(database: Database, client: Client) -> None:
    from gkmonitor.records import Severity
    from gkmonitor.storage.cases import NewFinding, add_finding

    with database.writing() as session:
        by = By("张三", NOW)
        portal = add_portal(session, {"name": "青禾县人民政府", "url": "http://www.qinghe.example/"}, (), by)
        finding = NewFinding(portal, "person", "person", Severity.DEDUCTION, "领导信息未更新")
        add_finding(session, finding, actor="张三", now=NOW)
    assert [
        value for name, value in samples(client.get("/metrics").text).items() if name.startswith("gkmonitor_cases{")
    ] == [1]


def test_figures_are_read_at_most_every_fifteen_seconds(database: Database, client: Client, seconds: Seconds) -> None:
    name = 'gkmonitor_portals{state="active"}'
    assert name not in samples(client.get("/metrics").text)
    with database.writing() as session:
        add_portal(session, {"name": "青禾县", "url": "http://www.qinghe.example/"}, (), By("测试", NOW))
    seconds.now += 14.9
    assert name not in samples(client.get("/metrics").text)
    seconds.now += 0.2
    assert samples(client.get("/metrics").text)[name] == 1


@pytest.mark.parametrize("path", ["/", "/live", "/health", "/metrics", "/nowhere"])
def test_every_answer_carries_the_security_headers(client: Client, path: str) -> None:
    for answer in (client.get(path), client.request("HEAD", path)):
        assert {name: answer.headers.get(name) for name in SECURITY_HEADERS} == SECURITY_HEADERS
        assert "server" not in answer.headers


def test_a_defect_of_ours_answers_500_without_its_words(database: Database, seconds: Seconds) -> None:
    app: FastAPI = create_app(database, load_settings())

    @app.get("/defect")
    def defect() -> None:
        raise RuntimeError("secret words")

    answer = Client(app).get("/defect")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert {name: answer.headers.get(name) for name in SECURITY_HEADERS} == SECURITY_HEADERS


def test_the_start_page_leads_to_the_login(client: Client) -> None:
    answer = client.get("/")
    assert (answer.status_code, answer.headers["location"]) == (303, "/login?next=%2F")


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/openapi.json"])
def test_no_interactive_documentation_is_served(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_nothing_can_be_changed_over_the_web(client: Client) -> None:
    for path in ("/", "/live", "/health", "/metrics"):
        assert {client.request(method, path).status_code for method in ("POST", "PUT", "DELETE", "PATCH")} == {405}


def test_what_is_not_there_is_told_in_chinese(client: Client) -> None:
    assert client.get("/nowhere").json() == {"detail": "没有这个页面"}
    refused = client.request("POST", "/health")
    assert refused.json() == {"detail": "这里只能查看，不能改动"}
    assert "GET" in refused.headers["allow"]


# ---------------------------------------------------------------- beginning and ending


@contextmanager
def taken_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_port_in_use_is_told_in_one_line(sqlite_url: str) -> None:
    with (
        taken_port() as port,
        opened(sqlite_url) as database,
        pytest.raises(ListenError, match=rf"{port} 已被") as told,
    ):
        run_web(database, load_settings(), "127.0.0.1", port, threading.Event())
    assert "\n" not in str(told.value)


@pytest.mark.parametrize(("host", "words"), [("192.0.2.1", "本机没有"), ("no such host", "无法识别")])
def test_an_address_that_is_not_ours_is_told(sqlite_url: str, host: str, words: str) -> None:
    with opened(sqlite_url) as database, pytest.raises(ListenError, match=words):
        run_web(database, load_settings(), host, 0, threading.Event())


def test_the_web_runs_in_any_thread_until_it_is_told_to_stop(sqlite_url: str, caplog: Any) -> None:
    stopping = threading.Event()
    with opened(sqlite_url) as database, caplog.at_level("INFO"):
        thread = threading.Thread(target=run_web, args=(database, load_settings(), "127.0.0.1", 0, stopping))
        thread.start()
        try:
            assert answered(port_in(caplog), "/live") == {"status": "live"}
        finally:
            stopping.set()
            thread.join(WAIT_SECONDS)
    assert not thread.is_alive()


def port_in(caplog: Any) -> int:
    end = threading.Event()
    for _ in range(int(WAIT_SECONDS * 20)):
        if found := re.search(r"listening on http://127\.0\.0\.1:(\d+)/", caplog.text):
            return int(found[1])
        end.wait(0.05)
    raise AssertionError(caplog.text)


def answered(port: int, path: str) -> Any:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=WAIT_SECONDS)
    try:
        connection.request("GET", path)
        return json.loads(connection.getresponse().read())
    finally:
        connection.close()


def start(url: str, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "gkmonitor", *words],
        env={**os.environ, "GKMONITOR_DATABASE_URL": url},
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_command_answers_and_ends_cleanly_on_a_signal(sqlite_url: str, number: signal.Signals) -> None:
    process = start(sqlite_url, "web", "--port", "0")
    try:
        assert process.stderr is not None
        line = next(line for line in process.stderr if "listening" in line)
        port = int(line.rsplit(":", 1)[1].strip(" /\n"))
        assert answered(port, "/health")["database"]["current"] is True
        process.send_signal(number)
        assert process.wait(WAIT_SECONDS) == 0
    finally:
        process.kill()
        process.wait()
        assert process.stderr is not None
        process.stderr.close()


def test_the_command_ends_with_3_and_one_line_where_the_port_is_taken(sqlite_url: str) -> None:
    with taken_port() as port:
        process = start(sqlite_url, "web", "--port", str(port))
        _, told = process.communicate(timeout=WAIT_SECONDS)
    assert process.returncode == 3
    assert told.count("\n") == 1
    assert f"端口 {port} 已被其他程序占用" in told


# ---------------------------------------------------------------- on the terminal


@pytest.fixture
def health(monkeypatch: pytest.MonkeyPatch) -> Health:
    """Exit code and standard output of ``gkmonitor health`` over a database."""

    def ask(url: str, *words: str) -> tuple[int, str]:
        monkeypatch.setenv("GKMONITOR_DATABASE_URL", url)
        get_settings.cache_clear()
        return run("health", *words)[:2]

    return ask


def test_health_on_the_terminal_says_what_needs_a_look(health: Health, sqlite_url: str) -> None:
    code, shown = health(sqlite_url)
    assert code == 0
    assert "计划程序没有按时派发任务" in shown


def test_a_container_whose_scheduler_is_late_is_unhealthy_and_its_database_is_not(
    health: Health, sqlite_url: str
) -> None:
    assert health(sqlite_url, "--part", "scheduler")[0] == 3
    code, shown = health(sqlite_url, "--part", "database", "--json")
    assert code == 0
    assert json.loads(shown)["status"] == "degraded"


def test_health_without_tables_is_unfinished_and_names_the_command(health: Health, tmp_path: Path) -> None:
    code, shown = health(f"sqlite:///{tmp_path / 'empty.db'}")
    assert code == 3
    assert "gkmonitor db upgrade" in shown


def test_health_of_a_damaged_database_says_why_in_chinese_and_nothing_on_stderr(health: Health, tmp_path: Path) -> None:
    (tmp_path / "a.db").write_bytes(b"\x07" * 9000)
    run = subprocess.run(
        [sys.executable, "-P", "-m", "gkmonitor", "health"],
        env={**os.environ, "GKMONITOR_DATABASE_URL": f"sqlite:///{tmp_path / 'a.db'}"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=WAIT_SECONDS,
    )
    assert (run.returncode, run.stderr) == (3, "")
    assert "数据库文件已损坏" in run.stdout
