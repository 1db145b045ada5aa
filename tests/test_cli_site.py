"""``gkmonitor check --site`` as people and scripts run it, against portals on loopback."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from machine import wall_slowness
from test_cli_usage import assert_one_chinese_line, run

Check = Callable[..., tuple[int, str, str]]

HOME_PAGE = """<!DOCTYPE html><html><head><meta charset="utf-8"><title>云岭市人民政府</title></head><body>
<div class="nav"><a href="/">首页</a><a href="/xw/">云岭要闻</a><a href="/tz/">通知公告</a></div>
<ul><li><a href="/xw/1.html">云岭市召开春季森林防火工作会议</a><span>2026-09-01</span></li>
<li><a href="/xw/2.html">云岭市部署年度重点项目建设工作</a><span>2026-08-21</span></li>
<li><a href="/xw/3.html">云岭市举行全民阅读主题宣传活动</a><span>2026-08-11</span></li></ul>
<div>主办单位：云岭市人民政府办公室</div></body></html>"""


class Portal(BaseHTTPRequestHandler):
    """A small portal; the server's ``mode`` says what is wrong with it."""

    def do_GET(self) -> None:
        mode = self.server.mode  # type: ignore[attr-defined]
        if self.path == "/robots.txt":
            self.answer(404, b"", "text/plain")
        elif mode == "hangs":
            self.server.asked.set()  # type: ignore[attr-defined]
            self.server.over.wait(30)  # type: ignore[attr-defined]
        elif mode == "pdf":
            self.answer(200, b"%PDF-1.7\n", "application/pdf")
        elif mode == "empty":
            self.answer(200, b"", "text/html")
        else:
            self.answer(200, HOME_PAGE.encode(), "text/html; charset=utf-8")

    def answer(self, status: int, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


class Server(ThreadingHTTPServer):
    """The portal's server, with what its requests wait for."""

    daemon_threads = True
    mode = ""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Portal)
        self.asked = threading.Event()
        self.over = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/"


@pytest.fixture
def portal() -> Iterator[Server]:
    server = Server()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.over.set()
    server.shutdown()
    thread.join()
    server.server_close()


def words_for(url: str, *words: str) -> tuple[str, ...]:
    return ("check", "--site", url, "--as-of", "2026-11-20", *words)


def start(url: str, *words: str) -> subprocess.Popen[bytes]:
    kept = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
    environment = {**kept, "GKMONITOR_REQUEST_DELAY_SECONDS": "0"}
    command = [sys.executable, "-m", "gkmonitor", *words_for(url, *words)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment)


@pytest.fixture
def check(monkeypatch: pytest.MonkeyPatch) -> Check:
    """Exit code, standard output and standard error of a spot check; its crawl is a process of its own."""
    monkeypatch.setenv("GKMONITOR_REQUEST_DELAY_SECONDS", "0")
    return lambda url, *words: run(*words_for(url, *words))


def test_stale_home_page_is_found_and_everything_is_told_once(portal: Server, tmp_path: Path) -> None:
    page = tmp_path / "a.html"
    process = start(portal.url, "--json", "--html", str(page), "--profile", "city-portal")
    out, err = process.communicate(timeout=90)
    answer = json.loads(out)
    assert (process.returncode, err) == (1, b"")
    assert out.count(b"\n") == 1
    [home] = [v for v in answer["verdicts"] if v["rule"] == "national-2019-19/home-not-updated"]
    assert (home["verdict"], home["severity"], home["latest"], home["days"]) == ("violation", "veto", "2026-09-01", 80)
    assert answer["summary"]["qualified"] is False
    assert "云岭市人民政府" in page.read_text(encoding="utf-8")


@pytest.mark.parametrize("mode", ["pdf", "empty"])
def test_home_that_is_no_page_accuses_nobody(check: Check, portal: Server, mode: str) -> None:
    portal.mode = mode
    code, out, err = check(portal.url, "--json")
    assert code == 3
    assert {v["verdict"] for v in json.loads(out)["verdicts"]} == {"undecided"}
    assert_one_chinese_line(err)


def test_refused_connection_is_undecided_and_exit_3(check: Check) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    code, out, err = check(f"http://127.0.0.1:{port}/", "--json")
    answer = json.loads(out)
    assert code == 3
    assert {v["reason"] for v in answer["verdicts"]} == {"unreachable", "not_observed"}  # one visit proves no outage
    assert answer["coverage"]["pages_fetched"] == 0
    assert_one_chinese_line(err)
    assert "拒绝连接" in err


@pytest.mark.parametrize("address", ["foo", "", "ftp://a.example/", "http://", "http://a b.example/", "http://a:b:c/"])
def test_what_is_no_address_exits_2_with_nothing_on_stdout(check: Check, address: str) -> None:
    code, out, err = check(address, "--json")
    assert (code, out) == (2, "")
    assert_one_chinese_line(err)


def test_ctrl_c_prints_what_is_known_within_two_seconds(portal: Server) -> None:
    portal.mode = "hangs"
    process = start(portal.url, "--json")
    assert portal.asked.wait(60)
    pressed = time.monotonic()
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert time.monotonic() - pressed < 2.0 * wall_slowness()
    answer = json.loads(out)
    assert process.returncode == 3
    assert answer["coverage"]["interrupted"] is True
    assert {v["verdict"] for v in answer["verdicts"]} == {"undecided"}
    assert "Traceback" not in err.decode()
